"""What the tests of the command line share: networks, a photo, and the program called as a shell calls it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.types import Alpha, RgbImage

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def sentences(self) -> list[str]:
        """The lines of stderr without those that every run has."""
        return [line for line in self.stderr.splitlines() if line.strip()]


Program = Callable[..., Said]


@pytest.fixture(scope="session")
def network_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with networks of random weights, empty where the program has trained ones."""
    folder = tmp_path_factory.mktemp("data")
    if not (resource_dir() / "weights" / "mos_h.safetensors").exists():
        write_random_networks(folder / "weights")
    return folder


@pytest.fixture(scope="session")
def random_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with whole weights that were never trained, as somebody hands them on."""
    folder = tmp_path_factory.mktemp("weights")
    write_random_networks(folder)
    return folder


def write_random_networks(folder: Path) -> None:
    """Write a whole MOS_L and MOS_H that were never trained."""
    import torch

    from meticulous_gui.engine.catalog import Card
    from meticulous_gui.engine.models import build
    from meticulous_gui.engine.weights import write_weights

    torch.manual_seed(0)
    write_weights(build("mos_l", {}), Card("mos_l", "segmenter", "mos_l"), folder / "mos_l.safetensors")
    write_weights(build("mos_h", {}), Card("mos_h", "refiner", "mos_h"), folder / "mos_h.safetensors")


@pytest.fixture
def program(
    network_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Program:
    """The program in this process: ``program("cutout", photo, "-o", out)``."""
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(network_folder))

    def call(*arguments: object) -> Said:
        from meticulous_gui.cli.main import main

        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def process(network_folder: Path, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """The program in a process of its own, started in ``tmp_path``: ``process("cutout", ...)``."""
    environment = {**os.environ, "METICULOUS_DATA_DIR": str(network_folder), "PYTHONPATH": str(ROOT)}

    def start(*arguments: object, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "meticulous_gui", *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell lets what it starts in the background ignore Ctrl+C (nohup: a closed terminal), and
            # children inherit that.
            preexec_fn=_hear_requests if sys.platform != "win32" else None,
        )

    return start


def _hear_requests() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def disc_photo(size_hw: tuple[int, int] = (90, 120)) -> tuple[RgbImage, Alpha]:
    """Return a bright disc before a dark ground and its exact mask."""
    rows, cols = np.mgrid[: size_hw[0], : size_hw[1]]
    inside = (rows - size_hw[0] / 2) ** 2 + (cols - size_hw[1] / 2) ** 2 < (min(size_hw) / 3) ** 2
    rgb = np.full((*size_hw, 3), (30, 60, 40), np.uint8)
    rgb[inside] = (230, 180, 60)
    return rgb, np.where(inside, 255, 0).astype(np.uint8)


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    """A small JPEG of a disc."""
    from PIL import Image

    path = tmp_path / "disc.jpg"
    Image.fromarray(disc_photo()[0]).save(path, quality=95)
    return path


@pytest.fixture
def mask_file(tmp_path: Path) -> Path:
    """Its mask as grey PNG."""
    from PIL import Image

    path = tmp_path / "disc-mask.png"
    Image.fromarray(disc_photo()[1]).save(path)
    return path


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's settings of this test alone, not there yet."""
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "settings.toml"
