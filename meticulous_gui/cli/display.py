"""Whether a window can open on this machine, found out without Qt, which aborts where it cannot."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from pathlib import Path

# What Qt's plugin for X11 links and what a minimal system lacks; README names the Debian packages.
_X11_LIBRARIES = (
    "libxcb.so.1",
    "libxkbcommon-x11.so.0",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
)


def display_name() -> str:
    """Return what a window would be shown on, such as "DISPLAY=:0"; "" where there is nothing."""
    if sys.platform in ("win32", "darwin"):
        return "the desktop"
    for variable in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return f"{variable}={os.environ[variable]}"
    return ""


def why_no_window() -> str:
    """Return why no window can open here, as the first half of a sentence; "" where one can."""
    name = display_name()
    if not name:
        return "there is no display to open a window on"
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM") or _wayland_answers():
        return ""
    if not os.environ.get("DISPLAY"):
        return f"the display {name} does not answer"
    missing = [library for library in _X11_LIBRARIES if not _is_there(library)]
    if missing:
        return f"the library {missing[0]} is missing (README names the Debian packages)"
    return "" if _x11_answers() else f"the display DISPLAY={os.environ['DISPLAY']} does not answer"


def _wayland_answers() -> bool:
    """Say whether something listens on the socket that WAYLAND_DISPLAY names."""
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / name  # an absolute name stays as it is
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x11_answers() -> bool:
    """Say whether the server behind DISPLAY takes a connection of ours: it is there and lets us in."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    has_failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_failed
