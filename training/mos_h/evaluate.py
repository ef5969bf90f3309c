"""What MOS_H does to masks of a held-out split, through the program's own cascade, and a sheet of cases.

Run as ``python -m training.mos_h.evaluate RUN --data FOLDER [--coarse RUN_OF_MOS_L]``. Inputs are the true
mask, the true mask shrunk by 4 and 8, the mask warped by up to .9 k and then shrunk by k, and MOS_L's masks.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.alpha import alpha_from_logits
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import refine_steps
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.networks import PlacedRefiner
from training.common.cases import KINDS, wrong_mask
from training.common.command import run_command
from training.common.evaluate import (
    Scores,
    add_evaluation_arguments,
    cases_to_look_at,
    held_out_pairs,
    refiner_from,
    reported,
    segmenter_from,
    use_threads,
    write_sheet,
)
from training.common.predict import coarse_cut_out, cut_out, finished
from training.common.shards import Pair
from training.common.sheet import error_picture, grey_picture
from training.common.split import generator_of

Result = tuple[Alpha, Alpha]  # before, after: (H, W) coverage each


def refined_mask(pair: Pair, kind: str, refiner: PlacedRefiner, *, coarsest: int) -> Result:
    """Return a wrong mask of a picture, the same at every run, and what the cascade makes of it."""
    alpha = alpha_from_logits(wrong_mask(pair.alpha, kind, generator_of(pair.key)), ramp=refiner.ramp)
    if kind == "true":
        alpha = np.where(pair.alpha >= 128, np.uint8(255), np.uint8(0))
    whole = Box.whole(alpha.shape)
    region = Region(whole, alpha.shape)
    photo = PhotoLevels(pair.rgb)
    steps = refine_steps(photo, refiner, alpha=alpha, alpha_box=whole, region=region, coarsest=coarsest)
    return alpha, finished(steps, alpha)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Print the table (before and after, per kind of input) and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.mos_h.evaluate", description=__doc__)
    parser.add_argument("network", type=Path, metavar="RUN", help="run, checkpoint or weight file of MOS_H")
    add_evaluation_arguments(parser)
    parser.add_argument("--coarse", type=Path, help="run, checkpoint or weight file of MOS_L")
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument(
        "--coarsest", type=int, default=1, help="first rung for masks from elsewhere (1, 4, ...)"
    )
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    refiner = refiner_from(options.network, device=options.device)
    segmenter = segmenter_from(options.coarse, device=options.device) if options.coarse else None
    pairs = held_out_pairs(options)
    kinds = [*options.kinds, *(["MOS_L"] if segmenter else [])]
    scores = {f"{kind} {when}": Scores(f"{kind} {when}") for kind in kinds for when in ("in", "out")}
    n_pictures = min(len(pairs), options.limit or len(pairs))
    places = {}

    def result_of(pair: Pair, kind: str) -> Result:
        if kind == "MOS_L":
            assert segmenter is not None
            return coarse_cut_out(pair.rgb, segmenter), cut_out(pair.rgb, segmenter, refiner)
        return refined_mask(pair, kind, refiner, coarsest=options.coarsest)

    for index in tqdm(range(n_pictures), mininterval=2.0):
        pair = pairs[index]
        places[pair.key] = index
        for kind in kinds:
            for when, alpha in zip(("in", "out"), result_of(pair, kind), strict=True):
                scores[f"{kind} {when}"].add_alpha(pair.key, alpha, pair.alpha)
    print(f"{options.set_name} {options.split}")
    summary = reported(list(scores.values()), options.json)
    if options.sheet is not None:
        rows = []
        for key, text in cases_to_look_at(scores[f"{kinds[-1]} out"]):
            pair = pairs[places[key]]
            before, after = result_of(pair, kinds[-1])
            wrong = error_picture(pair.rgb, after >= 128, pair.alpha >= 128)
            shown = [pair.rgb, grey_picture(before), grey_picture(after), grey_picture(pair.alpha), wrong]
            rows.append((text, shown))
        write_sheet(options.sheet, rows)
    return summary


if __name__ == "__main__":
    run_command(main)
