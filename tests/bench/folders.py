"""Folders of photos: the next one at a key, and ten thousand; each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2

from tests.bench.photos import bench_jpeg
from tests.bench.table import FOLDER, Row
from tests.bench.windows import probe

N_MANY = 10_000
N_NEXT = 5
_MODULE = "tests.bench.folder_probe"


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    photo, contour_px = bench_jpeg(FOLDER, size_hw=(4000, 6000))
    step, _ = probe("next", _linked(photo, FOLDER / "next", N_NEXT), module=_MODULE)
    note = f"median of {N_NEXT - 2}, longest {step['longest']:.0f}, contour {contour_px:,} px"
    yield Row("next photo, prefetched, 24 MP: picture and mask", step["ready"], "ms", 100, note)
    yield Row("the same with a stroke to be saved", step["painted"], "ms", None, "it is saved meanwhile")
    yield Row("next photo, prefetched: ready after the one before", step["ahead"], "s")
    many, _ = probe("many", _linked(_small(photo), FOLDER / "many", N_MANY), module=_MODULE)
    yield Row("10,000 photos: strip and first photo on screen", many["open"], "s", 1.0)
    yield Row("10,000 photos: frame while the strip scrolls, p99", many["frame_p99"], "ms", 33)
    yield Row("10,000 photos: longest frame", many["frame_max"], "ms")
    yield Row("10,000 photos: memory above one photo", many["memory"], "MB", 300)


def _linked(photo: Path, folder: Path, count: int) -> Path:
    """Return a folder that holds a photo many times, made once; links, so that it takes no room."""
    folder.mkdir(parents=True, exist_ok=True)
    if sum(1 for _ in folder.iterdir()) < count:
        for number in range(count):
            link = folder / f"photo {number:05}.jpg"
            if not link.exists():
                link.hardlink_to(photo)
    return folder


def _small(photo: Path) -> Path:
    """Return the photo at 2 MP, made once: one of a phone's messenger."""
    small = photo.with_name("small.jpg")
    if not small.exists():
        pixels = cv2.imread(str(photo), cv2.IMREAD_REDUCED_COLOR_4)
        assert pixels is not None
        cv2.imwrite(str(small), pixels)
    return small
