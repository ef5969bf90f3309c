"""Meticulous: cut objects out of photographs. The Python face; names are loaded when first used.

import meticulous_gui as mg
alpha = mg.cutout("dog.jpg")          # uint8[H, W], 0 outside, 255 inside
better = mg.refine("dog.jpg", alpha)  # the same mask with a better edge
with mg.click_session("dog.jpg") as clicks:
    alpha = clicks.click(x, y)        # points at the object; include=False: not this
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from meticulous_gui.api import click_session, cutout, refine

__all__ = ["__version__", "click_session", "cutout", "refine"]

_LAZY_NAMES = ("click_session", "cutout", "refine")


def __getattr__(name: str) -> Any:
    """Load the Python API on first use, so that importing the package costs nothing."""
    if name in _LAZY_NAMES:
        from meticulous_gui import api

        return getattr(api, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """Return the public names, the lazy ones included."""
    return sorted(__all__)
