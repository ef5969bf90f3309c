"""Where the program keeps what is a person's own: settings and state; the environment may move them."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["config_dir", "state_dir"]


def config_dir() -> Path:
    """Return the folder of settings that a person may edit (METICULOUS_CONFIG_DIR moves it)."""
    return _folder("METICULOUS_CONFIG_DIR", "user_config_path")


def state_dir() -> Path:
    """Return the folder of window state, log and autosaved work (METICULOUS_STATE_DIR moves it)."""
    return _folder("METICULOUS_STATE_DIR", "user_state_path")


def _folder(variable: str, kind: str) -> Path:
    given = os.environ.get(variable)
    if given:
        return Path(given)
    import platformdirs  # not needed by a test or a container that says where

    return getattr(platformdirs, kind)("meticulous", appauthor=False)
