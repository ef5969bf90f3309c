"""Small pictures of the photos that were opened last, kept in the state folder.

They are kept apart from the photos: showing them touches no card that was pulled out and no network folder
that sleeps.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from meticulous_gui.core.files import atomic_write, ensure_folder
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.resample import resize, scaled_hw
from meticulous_gui.core.types import RgbImage

__all__ = ["RECENT_PX", "keep_only", "keep_recent_picture", "picture_path", "small_picture"]

RECENT_PX: Final = 256
"""Longest side: twice what the window shows at 100 %."""


def small_picture(rgb: RgbImage) -> RgbImage:
    """Return (h, w, 3) uint8 of the photo, reduced to `RECENT_PX`; smaller photos as they are."""
    height, width = rgb.shape[:2]
    scale = RECENT_PX / max(height, width)
    return rgb if scale >= 1 else resize(rgb, scaled_hw((height, width), scale))


def picture_path(folder: Path, photo: Path) -> Path:
    """Return where in a folder the small picture of a photo is kept."""
    key = hashlib.sha256(str(photo.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return folder / f"{key}.png"


def keep_recent_picture(folder: Path, photo: Path, picture: RgbImage) -> None:
    """Write the small picture of a photo.

    Raises:
        ExportError: the folder cannot be written.
    """
    ensure_folder(folder)
    with atomic_write(picture_path(folder, photo)) as stream:
        write_png(stream, picture)


def keep_only(folder: Path, photos: Iterable[Path]) -> None:
    """Remove the pictures of all other photos."""
    kept = {picture_path(folder, photo).name for photo in photos}
    for path in folder.glob("*.png"):
        if path.name not in kept:
            with contextlib.suppress(OSError):  # only comfort; the next opening tries again
                path.unlink()
