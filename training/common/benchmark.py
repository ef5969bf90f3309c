"""The refiners side by side: the same wrong masks for each, what they make of them, and what it costs.

Run as ``python -m training.common.benchmark --data FOLDER --refiner mos_h=WEIGHTS_OR_RUN``. Masks of held-out
pictures are made wrong within bands of IoU, or lose detail by shrinking, the same at every run. Beside the
networks stand no refiner at all, the guided filter and GrabCut inside the uncertain band; beside a MOS_H and
a CRM also what the program chooses where nobody did.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from tqdm import tqdm

from meticulous_gui.core import metrics
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha, Mask, RgbImage
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import refine_steps
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Refiner
from training.common.baselines import grabcut_in_band, guided_filter
from training.common.command import run_command
from training.common.evaluate import (
    add_evaluation_arguments,
    held_out_pairs,
    refiner_from,
    use_threads,
    write_figures,
)
from training.common.memory import peak_mb_of
from training.common.perturb import perturb_mask, shrink_and_enlarge
from training.common.predict import finished
from training.common.shards import Pair
from training.common.split import generator_of

Refine = Callable[[RgbImage, Alpha], Alpha]

IOU_BANDS: Final = ((0.9, 1.0), (0.8, 0.9), (0.65, 0.8))
FACTORS: Final = (4, 8, 12)
NO_REFINER: Final = "none"


def wrong_masks(pair: Pair) -> dict[str, Alpha]:
    """Return the wrong masks of a picture by kind, the same at every run: coverage (H, W) uint8."""
    truth = pair.alpha >= 128
    found = {}
    for place, (low, high) in enumerate(IOU_BANDS):
        rng = generator_of(pair.key, place)
        wrong = perturb_mask(truth, rng, low=low, high=high, magnification=max(truth.shape) / 84.0)
        found[f"IoU {low:.2f}-{high:.2f}"] = wrong.astype(np.uint8) * 255
    for factor in FACTORS:
        shrunk = shrink_and_enlarge(truth.astype(np.float32), factor, phase_xy=(0, 0))
        found[f"shrunk x{factor}"] = np.round(255 * np.clip(shrunk, 0, 1)).astype(np.uint8)
    return found


def as_refine(refiner: Refiner) -> Refine:
    """Return a refiner as the program runs it, through the whole ladder."""

    def refine(rgb: RgbImage, alpha: Alpha) -> Alpha:
        whole, photo = Box.whole(alpha.shape), PhotoLevels(rgb)
        region = Region(whole, alpha.shape)
        steps = refine_steps(photo, refiner, alpha=alpha, alpha_box=whole, region=region, coarsest=1)
        return finished(steps, alpha)

    return refine


@dataclass
class _Figures:
    """What one refiner got on one kind of wrong mask."""

    ious: list[float] = field(default_factory=list)
    mbas: list[float] = field(default_factory=list)
    boundary_ious: list[float] = field(default_factory=list)
    harms: list[float] = field(default_factory=list)
    seconds: float = 0.0
    megapixels: float = 0.0
    edge_px: float = 0.0
    peak_mb: float = 0.0

    def add(self, before: Mask, after: Mask, truth: Mask, *, seconds: float, peak_mb: float) -> None:
        self.ious.append(metrics.iou(after, truth))
        edge = metrics.mba(after, truth)
        if edge is not None:
            self.mbas.append(edge)
        self.boundary_ious.append(metrics.boundary_iou(after, truth))
        self.harms.append(metrics.harm_rate(before, after, truth))
        self.seconds += seconds
        self.megapixels += truth.size / 1e6
        eroded = cv2.erode(truth.astype(np.uint8), np.ones((3, 3), np.uint8))
        self.edge_px += float(truth.sum() - eroded.sum())
        self.peak_mb = max(self.peak_mb, peak_mb)

    def summary(self) -> dict[str, float]:
        return {
            "iou": float(np.mean(self.ious)),
            "mba": float(np.mean(self.mbas)),
            "boundary_iou": float(np.mean(self.boundary_ious)),
            "harm": float(np.mean(self.harms)),
            "ms_per_megapixel": 1e3 * self.seconds / self.megapixels,
            "ms_per_1000_edge_px": 1e6 * self.seconds / max(self.edge_px, 1.0),
            "peak_mb": self.peak_mb,
        }


def run(
    pairs: Sequence[Pair], refiners: dict[str, Refine], *, limit: int = 0
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the figures by kind of wrong mask and refiner.

    Args:
        pairs: the pictures; each is decoded when its turn comes.
        refiners: by name.
        limit: look at no more than so many pictures; 0: at all.
    """
    figures: dict[str, dict[str, _Figures]] = {}
    for index in tqdm(range(min(len(pairs), limit or len(pairs))), mininterval=2.0):
        pair = pairs[index]
        truth = pair.alpha >= 128
        if not truth.any():
            continue
        for kind, alpha in wrong_masks(pair).items():
            for name, refine in refiners.items():
                with peak_mb_of() as peak:
                    began = time.perf_counter()
                    after = refine(pair.rgb, alpha)
                    seconds = time.perf_counter() - began
                found = figures.setdefault(kind, {}).setdefault(name, _Figures())
                found.add(alpha >= 128, after >= 128, truth, seconds=seconds, peak_mb=peak.mb)
    return {kind: {name: f.summary() for name, f in row.items()} for kind, row in figures.items()}


def as_text(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return the table in Markdown, one line for each refiner on each kind of mask."""
    lines = [
        "| masks | refiner | IoU | mBA | boundary IoU | harmed | ms / MP | ms / 1,000 edge px | peak MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for kind, row in results.items():
        for name, found in row.items():
            lines.append(
                f"| {kind} | {name} | {found['iou']:.4f} | {found['mba']:.4f} | {found['boundary_iou']:.4f} "
                f"| {found['harm']:.2%} | {found['ms_per_megapixel']:.0f} "
                f"| {found['ms_per_1000_edge_px']:.0f} | {found['peak_mb']:.0f} |"
            )
    return "\n".join(lines)


def _named_run(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    if not name or not path:
        raise argparse.ArgumentTypeError(f"a refiner looks like NAME=RUN, got {text!r}")
    return name, Path(path)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.common.benchmark", description=__doc__)
    add_evaluation_arguments(parser, further=("json",))
    parser.add_argument(
        "--refiner",
        type=_named_run,
        action="append",
        default=[],
        metavar="NAME=RUN",
        help="a network; may repeat",
    )
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    refiners: dict[str, Refine] = {
        NO_REFINER: lambda _rgb, alpha: alpha,
        "guided filter": guided_filter,
        "GrabCut": grabcut_in_band,
    }
    refiners |= {name: as_refine(refiner_from(path)) for name, path in options.refiner}
    results = run(held_out_pairs(options), refiners, limit=options.limit or 0)
    print(f"{options.set_name} {options.split}\n{as_text(results)}")
    write_figures(options.json, results)
    return results


if __name__ == "__main__":
    run_command(main)
