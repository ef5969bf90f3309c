"""What every test needs first: no screen, no traces in the person's folders, the same luck each run."""

import gc
import os
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

# Before the first import of Qt, torch or OpenCV: they read these once.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for name in ("QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME", "QT_SCALE_FACTOR", "QT_ENABLE_HIGHDPI_SCALING"):
    os.environ.pop(name, None)
os.environ["LC_ALL"] = "C.UTF-8"  # the tests read English
os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

_home = tempfile.TemporaryDirectory(prefix="meticulous-tests-", ignore_cleanup_errors=True)
for name in ("CONFIG", "STATE", "DATA", "CACHE"):
    _folder = Path(_home.name) / name.lower()
    _folder.mkdir()
    os.environ[f"METICULOUS_{name}_DIR"] = str(_folder)

import cv2  # noqa: E402
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

cv2.setNumThreads(1)

settings.register_profile(
    "meticulous",
    derandomize=True,  # the same examples on every machine: a red run is red again
    database=None,
    deadline=None,  # a busy machine is no failure
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("meticulous")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Free the windows of a test in this thread and before the next test, as the program does.

    Left to Python they die whenever any thread happens to make objects, also one of the networks: Qt crashes.
    """
    if not _shows_windows(item):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        # What outlives its test is freed before threads of other tests may look for it.
        gc.collect(1 if nextitem is not None and _shows_windows(nextitem) else 2)
        gc.enable()


def _shows_windows(item: pytest.Item) -> bool:
    return "qapp" in getattr(item, "fixturenames", ())


def pytest_sessionfinish() -> None:
    """Take back what was copied: without a screen Qt frees it after Python is gone, and crashes."""
    if "PySide6.QtGui" in sys.modules:
        from PySide6.QtGui import QGuiApplication

        if QGuiApplication.instance() is not None:
            QGuiApplication.clipboard().clear()
