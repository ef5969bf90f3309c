"""The pictures on which two refiners differ most, side by side, to be looked at.

Run as ``python -m training.common.differences A B --data FOLDER --sheet cases.png``; A and B are runs,
checkpoints or weight files. Each row of the sheet shows the photo, the truth, the mask that both were given,
what A and what B made of it, and where these two disagree: orange where only A has the object, blue where
only B has it. The masks are those of ``training.common.benchmark``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from meticulous_gui.core import metrics
from meticulous_gui.core.types import Alpha, RgbImage
from training.common.benchmark import Refine, as_refine, wrong_masks
from training.common.command import run_command
from training.common.evaluate import (
    add_evaluation_arguments,
    held_out_pairs,
    refiner_from,
    use_threads,
    write_sheet,
)
from training.common.shards import Pair
from training.common.sheet import error_picture, grey_picture


@dataclass(frozen=True)
class Difference:
    """What two refiners made of one mask.

    Attributes:
        index: of the picture.
        kind: of wrong mask, see ``wrong_masks``.
        given, first, second: (H, W) coverage.
        share: of the pixels near the mask's edge on which the two disagree, 0..1.
    """

    index: int
    kind: str
    given: Alpha
    first: Alpha
    second: Alpha
    share: float


def largest_differences(
    pairs: Sequence[Pair], first: Refine, second: Refine, *, n_most: int
) -> list[Difference]:
    """Return where two refiners differ most, the largest difference first, no picture twice."""
    found: list[Difference] = []
    for index in tqdm(range(len(pairs)), mininterval=2.0):
        pair = pairs[index]
        if not (pair.alpha >= 128).any():
            continue
        of_picture = []
        for kind, given in wrong_masks(pair).items():
            answers = first(pair.rgb, given), second(pair.rgb, given)
            of_picture.append(Difference(index, kind, given, *answers, _share(given, *answers)))
        found.append(max(of_picture, key=lambda each: each.share))
        found = sorted(found, key=lambda each: -each.share)[:n_most]
    return found


def _share(given: Alpha, first: Alpha, second: Alpha) -> float:
    """Return on how much of the band round the given mask's edge two answers disagree."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    mask = (given >= 128).astype(np.uint8)
    n_band = int(np.count_nonzero(cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, kernel)))
    return float(np.count_nonzero((first >= 128) != (second >= 128))) / max(n_band, 1)


def rows_of(pairs: Sequence[Pair], differences: Sequence[Difference]) -> list[tuple[str, list[RgbImage]]]:
    """Return the rows of a sheet, with the IoU of what was given and of both answers."""
    rows = []
    for each in differences:
        pair = pairs[each.index]
        truth = pair.alpha >= 128
        given, first, second = (alpha >= 128 for alpha in (each.given, each.first, each.second))
        scores = ", ".join(
            f"{name} {metrics.iou(mask, truth):.3f}"
            for name, mask in (("in", given), ("A", first), ("B", second))
        )
        text = f"{pair.key}, {each.kind}: {scores}, {each.share:.0%} of the band differ"
        shown = [grey_picture(alpha) for alpha in (pair.alpha, each.given, each.first, each.second)]
        rows.append((text, [pair.rgb, *shown, error_picture(pair.rgb, first, second)]))
    return rows


def main(arguments: list[str] | None = None) -> list[Difference]:
    """Draw the sheet and return the cases."""
    parser = argparse.ArgumentParser(prog="python -m training.common.differences", description=__doc__)
    parser.add_argument("first", type=Path, metavar="A", help="run, checkpoint or weight file of a refiner")
    parser.add_argument("second", type=Path, metavar="B", help="of another")
    add_evaluation_arguments(parser, further=())
    parser.add_argument("--sheet", type=Path, required=True, help="where the picture goes")
    parser.add_argument("--cases", type=int, default=10, help="how many are drawn (%(default)s)")
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    pairs = held_out_pairs(options)
    chosen = [pairs[index] for index in range(min(len(pairs), options.limit or len(pairs)))]
    first, second = (as_refine(refiner_from(path)) for path in (options.first, options.second))
    differences = largest_differences(chosen, first, second, n_most=options.cases)
    write_sheet(options.sheet, rows_of(chosen, differences))
    return differences


if __name__ == "__main__":
    run_command(main)
