"""What ``doctor`` finds out, group by group; a finding with a problem says what to do in one sentence."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from meticulous_gui import __version__

_MIN_FREE_BYTES = 1 << 30
_SHARED_MEMORY = Path("/dev/shm")
_LIBRARIES = (
    "torch",
    "PySide6-Essentials",
    "numpy",
    "opencv-python-headless",
    "Pillow",
    "pillow-heif",
    "safetensors",
    "scipy",
    "platformdirs",
    "tqdm",
)
_SECOND_OPENCV = ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        group: heading, such as "Libraries".
        name, value: what was looked at and what it is.
        problem: one sentence with the way out; "" where nothing is wrong.
    """

    group: str
    name: str
    value: str
    problem: str = ""


def program() -> list[Finding]:
    """Return which Meticulous runs under which Python."""
    return [
        Finding("Program", "Meticulous", f"{__version__} ({Path(__file__).resolve().parent.parent})"),
        Finding("Program", "Python", f"{platform.python_version()} ({sys.executable})"),
    ]


def libraries() -> list[Finding]:
    """Return the versions that matter, and the combinations that are known to break."""
    findings = []
    for name in _LIBRARIES:
        version = _version(name)
        problem = f"{name} is missing; install Meticulous again." if version is None else ""
        if name == "PySide6-Essentials" and version is not None and _is_broken_qt(version):
            problem = (
                f"PySide6 {version} drops references to None and may abort Python at any moment; "
                "install PySide6-Essentials below 6.12."
            )
        findings.append(Finding("Libraries", name, version or "missing", problem))
    for name in _SECOND_OPENCV:
        version = _version(name)
        if version is not None:
            findings.append(
                Finding(
                    "Libraries",
                    name,
                    version,
                    f"{name} and opencv-python-headless write into one folder; "
                    f"uninstall {name}, then reinstall opencv-python-headless.",
                )
            )
    return findings


def computer() -> list[Finding]:
    """Return processor, memory and operating system."""
    return [
        Finding("Machine", "system", platform.platform()),
        Finding("Machine", "processor", f"{_processor()}, {os.cpu_count()} cores"),
        Finding("Machine", "memory", _memory()),
        *_shared_memory(),
    ]


def display() -> list[Finding]:
    """Return what a window would be shown on; none is no problem, the command line needs none."""
    from meticulous_gui.cli.display import display_name, why_no_window

    name = display_name()
    if not name:
        return [Finding("Window", "display", "none: the command line works, the window cannot open")]
    reason = why_no_window()
    problem = f"the window cannot open: {reason}; mend that, or use the command line." if reason else ""
    return [Finding("Window", "display", name, problem)]


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _is_broken_qt(version: str) -> bool:
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major, minor) >= (6, 12)


def _processor() -> str:
    """Return the processor's name; Linux tells it in a file only."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "unknown on this system"
    return f"{total / 2**30:.1f} GiB, {free / 2**30:.1f} GiB of it unused"


def _shared_memory() -> list[Finding]:
    """Return how much there is for photos shared with the networks' process (often little)."""
    if not _SHARED_MEMORY.is_dir():
        return []
    usage = shutil.disk_usage(_SHARED_MEMORY)
    return [
        Finding("Machine", "shared memory", f"{usage.total / 2**20:,.0f} MiB, {usage.free / 2**20:,.0f} free")
    ]


def folders() -> list[Finding]:
    """Return where the program keeps what, whether it can, and what it could not read there."""
    from meticulous_gui.cli.logs import log_path
    from meticulous_gui.core.files import is_file
    from meticulous_gui.core.folders import config_dir, state_dir
    from meticulous_gui.core.settings import load_settings, settings_path
    from meticulous_gui.engine.catalog import data_dir

    log = log_path()
    crashes = log.with_name("meticulous-crash.log")
    findings = [
        _folder("settings folder", config_dir()),
        _folder("state folder", state_dir()),
        _folder("networks' folder", data_dir()),
        Finding(
            "Folders",
            "settings",
            f"{settings_path()}{'' if is_file(settings_path()) else ' (not there yet)'}",
        ),
        Finding("Folders", "log", f"{log}{'' if is_file(log) else ' (empty)'}"),
    ]
    findings += [Finding("Folders", "a setting", "", note) for note in load_settings().notes]
    if is_file(crashes) and crashes.stat().st_size > 0:
        sentence = f"the window crashed at its last run; {crashes} says where, please report it."
        findings.append(Finding("Folders", "crash", str(crashes), sentence))
    return findings


def _folder(name: str, path: Path) -> Finding:
    """Return whether a folder of the program can be written and has room."""
    from meticulous_gui.core.files import is_folder

    place = next(folder for folder in (path, *path.parents) if os.path.lexists(folder))
    problem = ""
    if not is_folder(place):
        problem = f"{place} is a file where Meticulous needs a folder for {name}; move it away."
    elif not os.access(place, os.W_OK):
        problem = f"{place} cannot be written, so Meticulous cannot keep its {name} there; allow it."
    elif shutil.disk_usage(place).free < _MIN_FREE_BYTES:
        free_mb = shutil.disk_usage(place).free / 2**20
        problem = f"only {free_mb:,.0f} MiB are free at {place}; make room, or work may not be saved."
    return Finding("Folders", name, str(path), problem)


def networks() -> list[Finding]:
    """Return the installed networks and whether their files are the ones their cards describe."""
    from meticulous_gui.core.errors import WeightsError
    from meticulous_gui.engine.catalog import Catalog, sha256_of

    catalog = Catalog.default()
    findings = []
    for name, card in sorted(catalog.cards.items()):
        assert card.path is not None  # it was read from a file
        problem = ""
        try:
            if sha256_of(card.path) != card.sha256:
                problem = f"{card.path} is not the file its card describes; install or import it again."
        except OSError as error:
            problem = f"{card.path} cannot be read ({error.strerror or error}); allow it or import it again."
        findings.append(Finding("Networks", name, f"{card.role}, {card.path}", problem))
    findings += [Finding("Networks", "a broken card", "", problem) for problem in catalog.problems]
    for role in ("segmenter", "refiner", "click_segmenter"):
        try:
            catalog.preferred(role)
        except WeightsError as error:
            findings.append(Finding("Networks", role, "missing", str(error)))
    return findings


def speed(device: str | None) -> list[Finding]:
    """Return what the networks will run on and how long one step of each takes there."""
    from meticulous_gui.core.errors import MeticulousError
    from meticulous_gui.core.settings import load_settings

    wanted = device or load_settings().settings.engine.device
    try:
        return list(_speed(wanted))
    except MeticulousError as error:
        return [Finding("Speed", wanted, "not measured", str(error))]


def _speed(device: str) -> Iterator[Finding]:
    """Load the networks and time them; numpy arrays of noise are as slow as photographs."""
    import numpy as np

    from meticulous_gui.cli.models import installed
    from meticulous_gui.engine.looks import look_again
    from meticulous_gui.engine.networks import Networks

    used = Networks(installed(), None if device == "auto" else device)
    segmenter, refiner = used.segmenter(""), used.refiner("")
    yield Finding("Speed", "runs on", used.text)
    yield Finding("Speed", "networks", ", ".join(used.loaded))
    rng = np.random.default_rng(0)
    side_px = refiner.patch_px
    photo = rng.integers(0, 256, (600, 800, 3), dtype=np.uint8)
    patch = rng.random((1, 3, side_px, side_px), dtype=np.float32)
    mask = rng.standard_normal((1, 1, side_px, side_px), dtype=np.float32)

    def find() -> None:
        for _ in look_again(photo, segmenter, segmenter.segment(photo)):
            pass

    yield Finding("Speed", "finding an object", f"{_best_ms(find):.0f} ms in all its looks")
    yield Finding(
        "Speed", f"refining {side_px} px", f"{_best_ms(lambda: refiner.refine(patch, mask)):.0f} ms a patch"
    )


def _best_ms(work: Callable[[], object]) -> float:
    """Return the best of five times after one that warms up."""
    work()
    times = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times) * 1000
