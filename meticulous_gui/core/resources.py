"""Where the program's own files (weights, samples, icons) lie, in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

from meticulous_gui.core.errors import MeticulousError

__all__ = ["resource_dir"]


def resource_dir() -> Path:
    """Return the folder of weights, samples and icons.

    Inside an installed wheel this is ``meticulous_gui/resources``; in a checkout it is
    ``resources`` beside the package, so that both are the same files under one name.

    Raises:
        MeticulousError: neither folder exists, the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    raise MeticulousError(f"The program's own files are missing beside {package}; install Meticulous again.")
