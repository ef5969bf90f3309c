"""The table of MOS_L on a held-out split, at the photos' own size, and a sheet of cases to look at.

Run as ``python -m training.mos_l.evaluate RUN --data FOLDER``; RUN may be a weight file with its card too.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from meticulous_gui.core.types import Logits, RgbImage
from meticulous_gui.engine.networks import COARSE_PX
from training.common.calibrate import band_pixels, calibration_error
from training.common.command import run_command
from training.common.evaluate import (
    Scores,
    add_evaluation_arguments,
    cases_to_look_at,
    held_out_pairs,
    network_from,
    reported,
    use_threads,
    write_sheet,
)
from training.common.predict import joined_logits, photo_logits, probability_of
from training.common.sheet import error_picture, grey_picture


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.mos_l.evaluate", description=__doc__)
    parser.add_argument("network", type=Path, metavar="RUN", help="run, checkpoint or weight file")
    add_evaluation_arguments(parser)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--size", type=int, default=COARSE_PX, help="long side of one look, px (%(default)s)")
    way.add_argument("--looks", action="store_true", help="all the looks that the program joins")
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    network, card = network_from(options.network, architectures=("mos_l",), device=options.device)
    pairs = held_out_pairs(options)
    scores = Scores("MOS_L, looks joined" if options.looks else f"MOS_L {options.size} px")

    def answer(rgb: RgbImage) -> Logits:
        return (
            joined_logits(network, rgb) if options.looks else photo_logits(network, rgb, side_px=options.size)
        )

    n_pictures = min(len(pairs), options.limit or len(pairs))
    places, bands = {}, []
    for index in tqdm(range(n_pictures), mininterval=2.0):
        pair = pairs[index]
        places[pair.key] = index
        logits = answer(pair.rgb)
        scores.add(pair.key, probability_of(logits), pair.alpha)
        bands.append(band_pixels([(logits, pair.alpha)]))
    print(f"{options.set_name} {options.split}")
    summary = reported([scores], options.json)[scores.name]
    in_band, truth = (np.concatenate(part) for part in zip(*bands, strict=True))
    summary["calibration error"] = calibration_error(in_band, truth, card.temperature)
    print(f"calibration error in the band {summary['calibration error']:.4f} (T {card.temperature:.3f})")
    if options.sheet is not None:
        rows = []
        for key, text in cases_to_look_at(scores):
            pair = pairs[places[key]]
            probability = probability_of(answer(pair.rgb))
            wrong = error_picture(pair.rgb, probability >= 0.5, pair.alpha >= 128)
            rows.append((text, [pair.rgb, grey_picture(probability), grey_picture(pair.alpha), wrong]))
        write_sheet(options.sheet, rows)
    return summary


if __name__ == "__main__":
    run_command(main)
