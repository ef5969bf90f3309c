"""What MOS_H does to masks of a held-out split, through the program's own cascade, and a sheet of cases.

Run as ``python -m training.mos_h.evaluate RUN --data FOLDER [--coarse RUN_OF_MOS_L]``. Inputs are the true
mask, the true mask shrunk by 4 and 8, the mask warped by up to .9 k and then shrunk by k, and MOS_L's masks.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.engine.alpha import alpha_from_logits
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import cutout_steps, refine_steps
from meticulous_gui.engine.jobs import Partial, Progress
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.networks import REFINERS, MosSegmenter, PlacedRefiner, make_refiner
from training.common.evaluate import (
    Scores,
    add_evaluation_arguments,
    held_out_pairs,
    network_from,
    table,
    worst_median_best,
    write_sheet,
)
from training.common.shards import Pair
from training.common.sheet import error_picture, grey_picture
from training.common.split import generator_of
from training.mos_h.cases import KINDS, wrong_mask

Result = tuple[Alpha, Alpha]  # before, after


def finished(steps: Iterable[Partial | Progress], alpha: Alpha) -> Alpha:
    """Return ``alpha`` with everything written into it that the steps deliver."""
    alpha = alpha.copy()
    for event in steps:
        if isinstance(event, Partial):
            alpha[event.box.slices()] = event.alpha
    return alpha


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


def coarse_cut_out(rgb: RgbImage, segmenter: MosSegmenter) -> Alpha:
    """Return the object of a photo by MOS_L alone, as the program does it without refining."""
    return finished(cutout_steps(PhotoLevels(rgb), segmenter, None), np.zeros(rgb.shape[:2], np.uint8))


def cut_out(rgb: RgbImage, segmenter: MosSegmenter, refiner: PlacedRefiner) -> Alpha:
    """Return the object of a photo by both networks, as the program does it."""
    return finished(cutout_steps(PhotoLevels(rgb), segmenter, refiner), np.zeros(rgb.shape[:2], np.uint8))


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
    if options.threads:
        torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    network, card = network_from(options.network, architectures=tuple(REFINERS), device=options.device)
    refiner = make_refiner(card, network, device)
    segmenter = None
    if options.coarse is not None:
        coarse, coarse_card = network_from(options.coarse, architectures=("mos_l",), device=options.device)
        segmenter = MosSegmenter(coarse_card, coarse, device)
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
                scores[f"{kind} {when}"].add(pair.key, alpha.astype(np.float32) / np.float32(255), pair.alpha)
    print(f"{options.set_name} {options.split}")
    print(table(list(scores.values())))
    summary = {name: found.summary() for name, found in scores.items()}
    if options.json is not None:
        options.json.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    if options.sheet is not None:
        rows = []
        for key, text in worst_median_best(scores[f"{kinds[-1]} out"]):
            pair = pairs[places[key]]
            before, after = result_of(pair, kinds[-1])
            wrong = error_picture(pair.rgb, after >= 128, pair.alpha >= 128)
            shown = [pair.rgb, grey_picture(before), grey_picture(after), grey_picture(pair.alpha), wrong]
            rows.append((text, shown))
        write_sheet(options.sheet, rows)
    return summary


if __name__ == "__main__":
    main()
