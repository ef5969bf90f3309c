"""How well two hands agree: photos that a set holds twice, each time with a mask of its own.

Run as ``python -m training.common.hands --data FOLDER``, the folder with the set at its own size. Where both
masks mean the same object, each is scored against the other as an answer would be, and beside them what MOS_L
and the whole cut-out score against either. The photos are of the training split, so both networks have learnt
from them. An edge cannot be expected to agree with a hand better than another hand does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from tqdm import tqdm

from meticulous_gui.core.metrics import iou
from training.common.command import run_command
from training.common.evaluate import (
    Scores,
    add_threads_argument,
    refiner_from,
    reported,
    segmenter_from,
    use_threads,
)
from training.common.predict import coarse_cut_out, cut_out
from training.common.shards import Pair, open_set
from training.common.split import image_hash, is_near

_WEIGHTS: Final = Path("resources/weights")
_SAME_OBJECT: Final = 0.9  # IoU from which two masks mean the same thing
_MOST_DIFFERENCE: Final = 1.0  # mean, in codes: the same file, or the same photo compressed again


class Twice(NamedTuple):
    """One photo with the masks of two hands."""

    first: Pair
    second: Pair


def photos_twice(pairs: Sequence[Pair]) -> Iterator[Twice]:
    """Yield the photos that are there twice with masks that mean the same object.

    Args:
        pairs: of one set; each is read once, and again where it may be one of two.
    """
    hashes = np.array([image_hash(pair.rgb) for pair in tqdm(pairs, mininterval=2.0)], np.uint64)
    for place, value in enumerate(hashes):
        for other in place + 1 + np.flatnonzero(is_near(int(value), hashes[place + 1 :])):
            found = Twice(pairs[place], pairs[int(other)])
            if _is_same_photo(found) and _overlap(found) >= _SAME_OBJECT:
                yield found


def _is_same_photo(found: Twice) -> bool:
    first, second = (pair.rgb for pair in found)
    if first.shape != second.shape:
        return False
    return float(np.abs(first.astype(np.int16) - second).mean()) <= _MOST_DIFFERENCE


def _overlap(found: Twice) -> float:
    return iou(found.first.alpha >= 128, found.second.alpha >= 128)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.common.hands", description=__doc__)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER", help="data folders")
    parser.add_argument("--set", dest="set_name", default="duts", help="set of masks (default %(default)s)")
    parser.add_argument("--coarse", type=Path, default=_WEIGHTS / "mos_l.safetensors", help="MOS_L")
    parser.add_argument("--refiner", type=Path, default=_WEIGHTS / "mos_h.safetensors", help="MOS_H")
    parser.add_argument("--json", type=Path, help="write the figures here")
    add_threads_argument(parser)
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    segmenter, refiner = segmenter_from(options.coarse), refiner_from(options.refiner)
    photos = open_set(options.data, options.set_name, "train", cache_bytes=0)  # all of them would not fit
    scores = {name: Scores(name) for name in ("the other hand", "MOS_L", "cut-out")}
    for found in photos_twice(photos):
        rgb = found.first.rgb
        answers = {"MOS_L": coarse_cut_out(rgb, segmenter), "cut-out": cut_out(rgb, segmenter, refiner)}
        for truth, other in (found, found[::-1]):
            for name, alpha in {"the other hand": other.alpha, **answers}.items():
                scores[name].add_alpha(truth.key, alpha, truth.alpha)
    print(f"{options.set_name}: photos that are there twice: {len(scores['MOS_L'].pictures) // 2}")
    return reported(list(scores.values()), options.json)


if __name__ == "__main__":
    run_command(main)
