"""The Python face of the program: what the window and the command line do, with the same settings."""

from __future__ import annotations

import atexit
import functools
import logging
import operator
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from meticulous_gui.core.errors import MaskError, PhotoError, UsageError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.mask_file import read_mask
from meticulous_gui.core.photo import Photo, load_photo, photo_from_array, stretched
from meticulous_gui.core.settings import load_settings
from meticulous_gui.core.types import Alpha, Mask, RgbImage
from meticulous_gui.engine.clicks.selection import ClickSelection
from meticulous_gui.engine.oneshot import FOREIGN_MASK_COARSEST, find_object, refine_alpha, start_runner

if TYPE_CHECKING:
    from meticulous_gui.engine.runner import Runner

__all__ = ["click_session", "cutout", "refine"]

# Whoever wants the log sets it up; without that Python would print traces of what is raised anyway.
logging.getLogger("meticulous_gui").addHandler(logging.NullHandler())
_starting = threading.Lock()

PhotoLike: TypeAlias = str | Path | Photo | RgbImage
"""A path, a decoded photo or (H, W, 3) uint8 sRGB."""

AlphaLike: TypeAlias = str | Path | Alpha | Mask
"""A path of a mask from any program, (H, W) uint8 coverage, or (H, W) yes and no: bool or uint8 0 and 1."""


def cutout(photo: PhotoLike, *, refine: bool = True, refiner: str = "") -> Alpha:
    """Return the alpha of the object in ``photo``.

    The networks are loaded at the first call and kept for the next ones.

    Args:
        photo: a path, a `Photo` or (H, W, 3) uint8 sRGB.
        refine: whether a second network perfects the edge down to the photo's last pixel.
        refiner: which one, "mos_h", "crm" or another that is installed; "": what the settings say.

    Returns:
        (H, W) uint8 of the upright photo: 0 outside, 255 inside, between: partial coverage.

    Raises:
        MeticulousError: one sentence; an unreadable photo, missing weights.
    """
    if refiner and not refine:
        raise UsageError(f"refine=False leaves the refiner {refiner!r} nothing to do; leave one of them out.")
    return find_object(_runner(), _rgb_of(photo), refine=refine, refiner=refiner).alpha


def refine(
    photo: PhotoLike,
    alpha: AlphaLike,
    box: Box | tuple[int, int, int, int] | None = None,
    *,
    coarsest: int = FOREIGN_MASK_COARSEST,
    refiner: str = "",
    fades: bool = True,
) -> Alpha:
    """Return ``alpha`` with a better edge.

    Args:
        photo: a path, a `Photo` or (H, W, 3) uint8 sRGB.
        alpha: (H, W) of the photo's size, uint8 coverage, or yes and no (bool, or uint8 of 0 and 1), or the
            path of a mask of any program (one that is dark on light is turned over); not modified.
        box: (x0, y0, x1, y1), half-open image pixels; nothing outside changes. None: everywhere.
        coarsest: 1 for an edge that is right to a few pixels, 2, 4 or 8 for a rougher one.
        refiner: as `cutout` takes it.
        fades: changes fade with the distance from the edge of ``alpha``; False lets a refiner that sees
            farther (CRM) also redraw what ``alpha`` is unsure of far from there, and is refused for another.

    Returns:
        (H, W) uint8, a new array.

    Raises:
        MeticulousError: one sentence; an unreadable file, a mask of another size, missing weights.
        ValueError: ``coarsest`` is none of 1, 2, 4 and 8.
    """
    answer = refine_alpha(
        _runner(),
        _rgb_of(photo),
        _alpha_of(alpha),
        box=None if box is None else _box_of(box),
        coarsest=coarsest,
        refiner=refiner,
        fades=fades,
    )
    return answer.alpha


def click_session(photo: PhotoLike, alpha: AlphaLike | None = None) -> ClickSelection:
    """Return the means to select one object of ``photo`` by clicks.

    ``click(x, y, include=True)``, ``undo()`` and ``reset()`` each return the mask, (H, W) uint8 of 0 and 255.
    Use it in a ``with`` statement, or ``close()`` it: it holds the photo.

    Args:
        photo: a path, a `Photo` or (H, W, 3) uint8 sRGB.
        alpha: a mask to correct, as `refine` takes it; each click then changes only what it is about. None:
            from nothing.

    Raises:
        MeticulousError: one sentence; an unreadable file, a mask of another size, missing weights.
    """
    return ClickSelection(_runner(), _rgb_of(photo), None if alpha is None else _alpha_of(alpha))


def _rgb_of(photo: PhotoLike) -> RgbImage:
    if isinstance(photo, str | Path):
        return load_photo(photo, load_settings().settings.decode.limits()).rgb
    if isinstance(photo, Photo):
        return photo.rgb
    if not isinstance(photo, np.ndarray):
        kind = type(photo).__name__
        raise PhotoError(f"A photo must be a path, a Photo or a uint8 array (H, W, 3), got {kind}.")
    return photo_from_array(photo).rgb


def _alpha_of(alpha: AlphaLike) -> Alpha:
    if isinstance(alpha, str | Path):
        if alpha == "":  # `Path` would make the folder here of it
            raise MaskError("The path of the mask is empty; name a file.")
        return read_mask(Path(alpha), load_settings().settings.decode.limits()).alpha
    if not isinstance(alpha, np.ndarray):
        kind = type(alpha).__name__
        raise MaskError(f"A mask must be a path or an array (H, W) of uint8 or bool, got {kind}.")
    if alpha.ndim != 2 or alpha.dtype not in (np.uint8, np.bool_):
        raise MaskError(f"A mask must be uint8 or bool (H, W), got {alpha.dtype} {alpha.shape}.")
    return stretched(alpha.astype(np.uint8))


def _box_of(box: Box | tuple[int, int, int, int]) -> Box:
    sides = (box.x0, box.y0, box.x1, box.y1) if isinstance(box, Box) else box
    try:
        return Box(*map(operator.index, sides))
    except TypeError:
        raise UsageError(f"A box must be four whole numbers (x0, y0, x1, y1), got {box!r}.") from None


def _runner() -> Runner:
    """Return the runner that all calls of all threads share, so that networks are loaded once."""
    with _starting:
        return _started_runner()


@functools.cache
def _started_runner() -> Runner:
    engine = load_settings().settings.engine
    runner = start_runner(device=engine.device, chosen=engine.networks, n_threads=engine.threads)
    atexit.register(runner.close)
    return runner
