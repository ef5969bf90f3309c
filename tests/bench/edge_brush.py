"""Does a brush that stops at edges save work? ``python -m tests.bench.edge_brush SHARD.tar [N]``.

A hand that knows the truth mends rough masks of real photos, dab by dab: it always takes the place, the sign
and the size that help most. What is counted is how many dabs it needs with each brush.
"""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image

from meticulous_gui.core.brush import StrokeCoverage
from meticulous_gui.core.edge_guide import EdgeGuide
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask, RgbImage

SIDE_PX = 200
COARSE = 16
"""The rough mask is the truth made so many times smaller and large again."""

DONE_SHARE = 0.05
"""Wrong pixels, of the object's, at which the hand is content."""

MAX_DABS = 60
SIZES = (1.0, 1.5, 2.5, 4.0)
"""Radii that are tried, as multiples of the largest that stays on the right side."""


def photos(shard: str) -> Iterator[tuple[RgbImage, Mask]]:
    """Yield photos with their true masks, made small, in an order that is the same every time."""
    with tarfile.open(shard) as archive:
        names = archive.getnames()
        keys = sorted({name.rsplit(".", 1)[0] for name in names})
        for index in np.random.default_rng(0).permutation(len(keys)):
            files = [name for name in names if name.rsplit(".", 1)[0] == keys[index]]
            pictures = {name: Image.open(io.BytesIO(archive.extractfile(name).read())) for name in files}  # type: ignore[union-attr]
            rgb = next(
                np.asarray(each.convert("RGB")) for name, each in pictures.items() if ".png" not in name
            )
            truth = next(np.asarray(each.convert("L")) for name, each in pictures.items() if ".png" in name)
            scale = SIDE_PX / max(truth.shape)
            small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            mask = cv2.resize(truth, small.shape[1::-1], interpolation=cv2.INTER_NEAREST) >= 128
            if 0.03 < mask.mean() < 0.5:
                yield np.asarray(small, np.uint8), mask


def n_dabs(truth: Mask, guide: EdgeGuide | None) -> int:
    """Return how many dabs mend the rough mask."""
    height, width = truth.shape
    coarse_wh = max(width // COARSE, 1), max(height // COARSE, 1)
    coarse = cv2.resize(truth.astype(np.float32), coarse_wh, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR) >= 0.5
    for n_done in range(MAX_DABS):
        if np.count_nonzero(mask != truth) <= DONE_SHARE * np.count_nonzero(truth):
            return n_done
        options = [option for adds in (True, False) for option in _options(mask, truth, guide, adds=adds)]
        gain, box, dab, adds = max(options, key=lambda option: option[0])
        if gain <= 0:
            break
        mask[box.slices()][dab] = adds
    return MAX_DABS


def _options(
    mask: Mask, truth: Mask, guide: EdgeGuide | None, *, adds: bool
) -> Iterator[tuple[int, Box, Mask, bool]]:
    """Yield dabs at the two widest errors of one kind: what each gains, where, which pixels, and the kind."""
    wide = _widths((mask != truth) & (truth == adds))
    right = _widths(truth == adds)
    for _ in range(2):
        y, x = (int(value) for value in np.unravel_index(wide.argmax(), wide.shape))
        if wide[y, x] <= 0:
            return
        for size in SIZES:
            stroke = StrokeCoverage(truth.shape, radius_px=max(right[y, x] * size, 1.0), guide=guide)
            box = stroke.extend([(x + 0.5, y + 0.5, 1.0)])
            dab = stroke.read(box) >= 128
            here, wanted = mask[box.slices()], truth[box.slices()]
            changed = dab & (here != adds)
            gain = int(
                np.count_nonzero(changed & (wanted == adds)) - np.count_nonzero(changed & (wanted != adds))
            )
            yield gain, box, dab, adds
        cv2.circle(wide, (x, y), round(max(wide[y, x] * 2, 3)), 0, -1)


def _widths(mask: Mask) -> np.ndarray:
    padded = np.pad(mask, 1).astype(np.uint8)
    return np.ascontiguousarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1])


def main() -> int:
    """Print each photo's dabs with the plain brush and with the one that stops at edges, then both sums."""
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    counts = []
    for (rgb, truth), _ in zip(photos(sys.argv[1]), range(wanted), strict=False):
        counts.append((n_dabs(truth, None), n_dabs(truth, EdgeGuide(rgb))))
        print(*counts[-1], flush=True)
    plain, guided = (sum(column) for column in zip(*counts, strict=True))
    fewer = sum(second < first for first, second in counts)
    more = sum(second > first for first, second in counts)
    print(f"plain {plain}, stops at edges {guided}; fewer in {fewer} of {len(counts)}, more in {more}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
