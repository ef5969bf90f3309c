"""Scores of masks against the truth, gathered over a split, as the field's tables print them."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

import cv2
import numpy as np
import torch
from torch import nn

from meticulous_gui.core import metrics
from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.types import Alpha, Mask, Probability, RgbImage
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.networks import REFINERS, MosSegmenter, PlacedRefiner, make_refiner
from training.common.config import device_here
from training.common.large import LARGE_SET, LargeScenes
from training.common.networks import ROLES, network_of
from training.common.shards import Pair, open_set, require_some
from training.common.sheet import contact_sheet
from training.common.split import Split

_SHEET_PX: Final = 320  # height of a row: a photo of 400 px keeps nearly all of its edge


@dataclass(frozen=True)
class PictureScore:
    """What one mask got; ``mba`` is None where the truth has no edge.

    ``edge_length`` is that of the truth's edge, in sides of a square of its area: 4 for a square, far more
    where there are hair, spokes or holes.
    """

    key: str
    iou: float
    mae: float
    mba: float | None
    edge_length: float


@dataclass
class Scores:
    """Scores of one method over many pictures, all at the pictures' own size."""

    name: str
    pictures: list[PictureScore] = field(default_factory=list)
    _counts: list[tuple[int, int]] = field(default_factory=list)
    _curves: list[metrics.Curve] = field(default_factory=list)

    def add(self, key: str, probability: Probability, alpha: Alpha) -> PictureScore:
        """Score one picture.

        Args:
            key: of the picture.
            probability: (H, W) float32 0..1.
            alpha: (H, W) uint8 truth.
        """
        truth, predicted = alpha >= 128, probability >= 0.5
        counts = metrics.iou_counts(predicted, truth)
        self._counts.append(counts)
        score = PictureScore(
            key,
            metrics.mean_iou([counts]),
            float(np.abs(probability - alpha.astype(np.float32) / 255).mean(dtype=np.float64)),
            metrics.mba(predicted, truth),
            _edge_length(truth),
        )
        self.pictures.append(score)
        if truth.any():
            self._curves.append(metrics.f_measure(probability, truth))
        return score

    def add_alpha(self, key: str, predicted: Alpha, alpha: Alpha) -> PictureScore:
        """Score one picture's finished coverage, (H, W) 0..255; see `add`."""
        return self.add(key, predicted.astype(np.float32) / np.float32(255), alpha)

    def summary(self) -> dict[str, float]:
        """Return the figures of the table; the mBA is of the pictures that have an edge."""
        edges = [score.mba for score in self.pictures if score.mba is not None]
        return {
            "pictures": float(len(self.pictures)),
            "without_edge": float(len(self.pictures) - len(edges)),
            "mean_iou": metrics.mean_iou(self._counts),
            "dataset_iou": metrics.dataset_iou(self._counts),
            "mba": float(np.mean(edges)) if edges else 0.0,
            "mae": float(np.mean([score.mae for score in self.pictures])) if self.pictures else 0.0,
            "max_f": metrics.max_f_of_dataset(self._curves),
        }


def table(scores: Sequence[Scores]) -> str:
    """Return the table as text, one method a line."""
    names = ("mean_iou", "dataset_iou", "mba", "mae", "max_f")
    width = max([len(s.name) for s in scores] + [8])
    lines = [f"{'':{width}}  pictures  without edge  " + "  ".join(f"{name:>11}" for name in names)]
    for s in scores:
        found = s.summary()
        figures = "  ".join(f"{found[name]:11.4f}" for name in names)
        counts = f"{int(found['pictures']):8d}  {int(found['without_edge']):12d}"
        lines.append(f"{s.name:{width}}  {counts}  {figures}")
    return "\n".join(lines)


def _edge_length(truth: Mask) -> float:
    """Return the length of a mask's edge within the picture, in sides of a square of its area."""
    n_steps = int(np.count_nonzero(truth[1:] != truth[:-1]))
    n_steps += int(np.count_nonzero(truth[:, 1:] != truth[:, :-1]))
    return n_steps / math.sqrt(max(1, int(np.count_nonzero(truth))))


def cases_to_look_at(scores: Scores, n_each: int = 10) -> list[tuple[str, str]]:
    """Return (key, text) of pictures for a sheet, none twice.

    The worst, middle and best by IoU; then, of the others, those whose truth has the longest edge for its
    area: hair, spokes, holes.
    """
    by_iou = sorted(scores.pictures, key=lambda score: score.iou)
    middle = max(0, len(by_iou) // 2 - n_each // 2)
    groups = {
        "worst": by_iou[:n_each],
        "median": by_iou[middle : middle + n_each],
        "best": by_iou[-n_each:],
    }
    shown = {score.key for group in groups.values() for score in group}
    others = [score for score in by_iou if score.key not in shown]
    groups["fine"] = sorted(others, key=lambda score: -score.edge_length)[:n_each]
    chosen: dict[str, str] = {}
    for name, group in groups.items():
        for score in group:
            edge = "" if score.mba is None else f"  mBA {score.mba:.3f}"
            chosen.setdefault(score.key, f"{name}  IoU {score.iou:.3f}{edge}  {score.key}")
    return list(chosen.items())


def write_sheet(path: Path, rows: Sequence[tuple[str, Sequence[RgbImage]]]) -> None:
    """Write a contact sheet.

    Raises:
        OSError: it could not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), contact_sheet(rows, height_px=_SHEET_PX)[..., ::-1]):
        msg = f"{path}: the contact sheet could not be written"
        raise OSError(msg)


_RESULTS: Final[dict[str, dict[str, Any]]] = {
    "device": {"default": "cpu", "type": device_here},
    "json": {"type": Path, "help": "write the table's figures there too"},
    "sheet": {"type": Path, "help": "contact sheet of the worst, median, best and finest cases"},
}


def add_evaluation_arguments(
    parser: argparse.ArgumentParser, *, further: Sequence[str] = tuple(_RESULTS), needs_data: bool = True
) -> None:
    """Add the options of every evaluation, and those of ``further``: device, json, sheet."""
    parser.add_argument(
        "--data", nargs="+", type=Path, required=needs_data, metavar="FOLDER", help="data folders"
    )
    parser.add_argument(
        "--set", dest="set_name", default="duts", help="which set, or composites (large and exact)"
    )
    parser.add_argument(
        "--split",
        choices=get_args(Split),
        default="val",
        help="test is looked at once, at the end; train says what is known by heart; all is for sets that "
        "nothing was trained on",
    )
    parser.add_argument("--limit", type=int, default=None, help="only the first so many pictures")
    add_threads_argument(parser)
    for name in further:
        parser.add_argument(f"--{name}", **_RESULTS[name])


def add_threads_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--threads``; ``use_threads`` takes what it says."""
    parser.add_argument("--threads", type=int, default=0, help="of torch and OpenCV; 0: their own choice")


def use_threads(n_threads: int) -> None:
    """Let torch and OpenCV work on so many threads; 0: as many as they choose."""
    if n_threads:
        torch.set_num_threads(n_threads)
        cv2.setNumThreads(n_threads)


def write_figures(path: Path | None, figures: Mapping[str, Any]) -> None:
    """Write figures as JSON, if there is a path to write them to."""
    if path is not None:
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def reported(scores: Sequence[Scores], path: Path | None) -> dict[str, dict[str, float]]:
    """Print the table of some methods; return their figures by name, written to ``path`` if there is one."""
    print(table(scores))
    figures = {found.name: found.summary() for found in scores}
    write_figures(path, figures)
    return figures


def held_out_pairs(options: argparse.Namespace) -> Sequence[Pair]:
    """Return the pictures that the options name; ``composites`` are drawn over the photos of ``duts``.

    Raises:
        UsageError: there are none.
    """
    if options.set_name == LARGE_SET:
        return LargeScenes(open_set(options.data, "duts", options.split))
    pairs = open_set(options.data, options.set_name, options.split)
    require_some(pairs, options.set_name, options.split)
    return pairs


def network_from(path: Path, *, architectures: Sequence[str], device: str) -> tuple[nn.Module, Card]:
    """Return a network in evaluation mode and its card, from a run, a checkpoint or a finished weight file.

    Args:
        path: folder of a run, one of its checkpoints, or NAME.safetensors with NAME.json beside it.
        architectures: what it may be.
        device: where to put it.

    Raises:
        UsageError: it is another architecture, or none that can be read.
    """
    network, facts = network_of(path)
    architecture = facts["architecture"]
    card = facts.get("card") or Card(path.name, ROLES[architecture], architecture, facts["options"])
    if card.architecture not in architectures:
        msg = f"{path} holds a {card.architecture}, but a {' or '.join(architectures)} is evaluated here"
        raise UsageError(msg)
    return network.to(torch.device(device)).eval(), card


def segmenter_from(path: Path, *, device: str = "cpu") -> MosSegmenter:
    """Return MOS_L as the program runs it; see ``network_from``."""
    network, card = network_from(path, architectures=("mos_l",), device=device)
    return MosSegmenter(card, network, torch.device(device))


def refiner_from(path: Path, *, device: str = "cpu") -> PlacedRefiner:
    """Return MOS_H or CRM as the program runs it; see ``network_from``."""
    network, card = network_from(path, architectures=tuple(REFINERS), device=device)
    return make_refiner(card, network, torch.device(device))
