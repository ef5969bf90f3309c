"""What CRM does to wrong masks on each rung of its own ladder, scored rung by rung as the original does.

Run as ``python -m training.crm.evaluate RUN --data FOLDER``. Through the program's own cascade, and beside
the other refiners: ``python -m training.common.benchmark``.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from meticulous_gui.core.types import Probability, RgbImage
from meticulous_gui.engine.cascade import CascadeOptions
from meticulous_gui.engine.ladder import ladder_factors
from meticulous_gui.engine.models.blocks import enlarge, shrink
from meticulous_gui.engine.models.crm import LOGIT_LIMIT, STRIDE, CrmNet, pixel_places
from meticulous_gui.engine.networks import COARSE_PX
from training.common.cases import KINDS, wrong_mask
from training.common.command import run_command
from training.common.evaluate import (
    Scores,
    add_evaluation_arguments,
    held_out_pairs,
    network_from,
    reported,
    use_threads,
)
from training.common.perturb import logits_of
from training.common.predict import probability_of
from training.common.split import generator_of

RUNGS: Final = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(1))
_PADDING_PX: Final = 32
_CHUNK: Final = 65_536  # queries at a time on a processor
_LEAST_SUM: Final = 2.0  # published: an input mask whose 2p sum up to less is empty, and so is the answer


@torch.no_grad()
def ladder(network: CrmNet, rgb: RgbImage, probability: Probability) -> dict[str, Probability]:
    """Return the mask after each rung, all at the photo's size (Shen et al. 2022).

    The photo and the mask so far are shrunk to the rung; every pixel of the photo is asked; the answer is the
    next rung's input. In exact mode the shrinking is bilinear with aligned corners and the first rung is 1/8,
    as published; in recommended mode it is the rung at which the program begins on a photo of this size, and
    after the rungs left out the mask is what it was.

    Args:
        network: in evaluation mode.
        rgb: (H, W, 3).
        probability: (H, W) of the wrong mask.

    Returns:
        (H, W) float32 probabilities by rung: "1/8", "1/4", "1/2", "1/1".
    """
    pads = (_PADDING_PX,) * 4
    padded_rgb = cv2.copyMakeBorder(rgb, *pads, cv2.BORDER_REFLECT)
    padded = cv2.copyMakeBorder(probability, *pads, cv2.BORDER_REFLECT)
    photo = torch.from_numpy(padded_rgb).permute(2, 0, 1).unsqueeze(0).float() / 255
    logits = torch.from_numpy(np.clip(logits_of(padded), -LOGIT_LIMIT, LOGIT_LIMIT))[None, None]
    inner = (slice(_PADDING_PX, -_PADDING_PX),) * 2
    first = Fraction(1, 8 if network.is_exact else first_factor((rgb.shape[0], rgb.shape[1])))
    found = {}
    for rung in RUNGS:
        if rung < first:
            pass
        elif float(torch.sigmoid(logits).sum()) * 2 < _LEAST_SUM:
            logits = torch.full_like(logits, -LOGIT_LIMIT)
        else:
            logits = _one_rung(network, photo, logits, float(rung))
        name = f"{rung.numerator}/{rung.denominator}"
        found[name] = torch.sigmoid(logits[0, 0]).numpy()[inner].copy()
    return found


def first_factor(size_hw: tuple[int, int]) -> int:
    """Return by how much the program shrinks a photo of this size on the first level of its own ladder."""
    max_step = CascadeOptions().max_step
    return min(8, ladder_factors(size_hw, coarse_px=COARSE_PX, max_step=max_step)[0])


def _one_rung(network: CrmNet, photo: Tensor, logits: Tensor, scale: float) -> Tensor:
    """Return the logits at the photo's size after one rung."""
    height, width = photo.shape[-2:]
    # Sides that the network's strides divide; the scale is then a little different on each axis.
    small_hw = (max(16, round(height * scale / 8) * 8), max(16, round(width * scale / 8) * 8))
    small_rgb, small_logits = (_resized(x, small_hw, is_exact=network.is_exact) for x in (photo, logits))
    projected = network.projected(network.features(small_rgb, small_logits))
    ratio_yx = torch.tensor([small_hw[0] / height, small_hw[1] / width])
    places = (pixel_places((height, width)) + 0.5) * ratio_yx - 0.5
    parts = [
        network.query(projected, part.unsqueeze(0), ratio_yx / STRIDE)[0] for part in places.split(_CHUNK)
    ]
    answer = torch.cat(parts).view(1, 1, height, width)
    if network.is_exact:
        return answer
    return (enlarge(small_logits, (height, width)) + answer).clamp(-LOGIT_LIMIT, LOGIT_LIMIT)


def _resized(x: Tensor, size_hw: tuple[int, int], *, is_exact: bool) -> Tensor:
    if is_exact:
        return F.interpolate(x, size=size_hw, mode="bilinear", align_corners=True)
    return shrink(x, size_hw) if size_hw[0] <= x.shape[-2] else enlarge(x, size_hw)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Print the table, one line for each rung, and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.crm.evaluate", description=__doc__)
    parser.add_argument("network", type=Path, metavar="RUN", help="run, checkpoint or weight file of CRM")
    add_evaluation_arguments(parser, further=("json",))
    parser.add_argument("--kind", default="warped8", choices=KINDS, help="of wrong mask (%(default)s)")
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    network, _ = network_from(options.network, architectures=("crm",), device="cpu")
    pairs = held_out_pairs(options)
    scores: dict[str, Scores] = {}
    for index in tqdm(range(min(len(pairs), options.limit or len(pairs))), mininterval=2.0):
        pair = pairs[index]
        wrong = probability_of(wrong_mask(pair.alpha, options.kind, generator_of(pair.key)))
        for name, probability in {"in": wrong, **ladder(cast(CrmNet, network), pair.rgb, wrong)}.items():
            scores.setdefault(name, Scores(name)).add(pair.key, probability, pair.alpha)
    print(f"{options.set_name} {options.split}, {options.kind}")
    return reported(list(scores.values()), options.json)


if __name__ == "__main__":
    run_command(main)
