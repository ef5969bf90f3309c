"""Where traces go that no person should see: a file, whose place ``meticulous doctor`` names."""

from __future__ import annotations

import logging
from pathlib import Path

from meticulous_gui.core.folders import state_dir


def log_path() -> Path:
    """Return the log file, the same one that the window writes."""
    return state_dir() / "meticulous.log"


def log_to_file() -> None:
    """Send warnings and errors of this process to the log file, which appears with the first of them."""
    package = logging.getLogger("meticulous_gui")
    if package.handlers:
        return
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:  # no place for a log is no reason not to work; doctor says that the folder is bad
        package.addHandler(logging.NullHandler())
    else:
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        package.addHandler(handler)
    package.propagate = False
