"""``meticulous doctor``: what there is, how fast it is, and what is wrong with the way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meticulous_gui.cli import machine
from tests.cli.conftest import Program


def test_a_sound_installation_has_nothing_wrong_and_a_speed(program: Program) -> None:
    said = program("doctor", "--device", "cpu")
    assert said.code == 0, said.stdout
    assert said.stdout.endswith("Nothing is wrong.\n")
    speeds = ("CPU (", "ms in all its looks", "ms a patch")
    for words in ("Meticulous", "torch", *speeds, "settings.toml", "meticulous.log"):
        assert words in said.stdout, words


def test_json_holds_the_same_findings(program: Program) -> None:
    report = json.loads(program("doctor", "--quick", "--json").stdout)
    assert report["problems"] == []
    assert {"Program", "Libraries", "Machine", "Window", "Folders", "Networks"} == {
        finding["group"] for finding in report["findings"]
    }


def test_a_damaged_network_a_bad_setting_and_a_blocked_folder_are_problems(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("[decode]\nmax_side_px = -3\n")
    (tmp_path / "state").write_text("a file where a folder belongs")
    (tmp_path / "data" / "weights").mkdir(parents=True)
    (tmp_path / "data" / "weights" / "mine.safetensors").write_bytes(b"no card beside it")
    for name in ("config", "state", "data"):
        monkeypatch.setenv(f"METICULOUS_{name.upper()}_DIR", str(tmp_path / name))
    said = program("doctor", "--quick", "--json")
    assert said.code == 1
    problems = "\n".join(json.loads(said.stdout)["problems"])
    assert "max_side_px" in problems
    assert "state is a file where Meticulous needs a folder" in problems
    assert "mine.safetensors has no card" in problems


def test_networks_that_are_missing_are_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("meticulous_gui.engine.catalog.resource_dir", lambda: tmp_path)
    missing = [finding.name for finding in machine.networks() if finding.problem]
    assert missing == ["segmenter", "refiner", "click_segmenter"]


def test_a_device_that_is_not_there_is_a_problem(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    said = program("doctor", "--device", "cuda")
    assert said.code == 1
    assert "The device cuda is not available here; use auto or cpu." in said.stdout
    assert "Traceback" not in said.stderr


def test_a_device_that_nobody_knows_is_wrong_usage(program: Program) -> None:
    said = program("doctor", "--device", "abacus")
    assert said.code == 2
    assert "must be one of auto, cpu, cuda, mps, got 'abacus'" in said.stderr


def test_a_second_opencv_and_a_breaking_qt_are_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"opencv-python": "4.12.0", "PySide6-Essentials": "6.12.0"}
    monkeypatch.setattr(machine, "_version", lambda name: versions.get(name, "1.0"))
    problems = [finding.problem for finding in machine.libraries() if finding.problem]
    assert any("drops references to None" in problem for problem in problems)
    assert any("uninstall opencv-python, then reinstall opencv-python-headless" in each for each in problems)
