"""Where traces go that no person should see: a file, whose place ``meticulous doctor`` names."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from meticulous_gui.core.folders import state_dir


class _LogFile(logging.FileHandler):
    """A log that cannot be written (it is root's, the disk is full) ends no work and shows no trace."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):  # the file is opened here
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Do not print a trace, as logging does."""


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
        handler = _LogFile(path, encoding="utf-8", errors="backslashreplace", delay=True)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        package.addHandler(handler)
    package.propagate = False
