"""``meticulous evaluate``: masks against the true ones, in the metrics that papers report."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meticulous_gui.cli.arguments import path_of
from meticulous_gui.cli.exits import EXIT_DONE, EXIT_SOME_FAILED
from meticulous_gui.core.files import is_folder, json_bytes
from meticulous_gui.core.plan import find_files, pair_folders, require_alike

if TYPE_CHECKING:
    from meticulous_gui.core.metrics import Curve
    from meticulous_gui.core.types import Alpha

Figures = dict[str, float | None]

EXPLANATION = """\
IoU is the mean over photos, 'dataset' the sum of intersections by the sum of unions. mBA is the
mean boundary accuracy, bIoU the boundary IoU at 2 % of the diagonal, 'edge' the mean distance
between the two contours in pixels. maxF is the largest mean F over thresholds, S and wF the
structure and the weighted F-measure, E the mean enhanced alignment. SAD, grad and conn are sums /
1000 and, like MSE, MAE and edge, better when smaller. SAD, MSE, grad and conn compare coverage;
for the others a truth is what is above one half.
A photo whose truth has no boundary counts in everything but mBA and edge."""


@dataclass(frozen=True, eq=False)
class Row:
    """Everything measured on one pair.

    Attributes:
        figures: by the heading of the column; None where a metric is not defined.
        counts: intersection and union in pixels.
        f_curve: F over thresholds, for the figure of the whole set.
    """

    figures: Figures
    counts: tuple[int, int]
    f_curve: Curve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.epilog = EXPLANATION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("predictions", metavar="PRED", type=path_of, help="a mask, or a folder of masks")
    parser.add_argument(
        "truths", metavar="GT", type=path_of, help="the true mask, or a folder of the same stems"
    )
    parser.add_argument("--each", action="store_true", help="print a line for each pair before the mean")
    parser.add_argument("--json", action="store_true", help="print everything as JSON instead")


def run(arguments: argparse.Namespace) -> int:
    """Print the table of metrics and return the exit code."""
    from meticulous_gui.core.errors import MeticulousError
    from meticulous_gui.core.photo import PHOTO_SUFFIXES

    pairs, failures = _pairs(arguments.predictions, arguments.truths, PHOTO_SUFFIXES)
    left_out = _left_out(arguments.predictions, arguments.truths, pairs, PHOTO_SUFFIXES)
    rows: dict[str, Row] = {}
    for name, prediction, truth in pairs:
        try:
            rows[name] = measure(*_load(prediction, truth))
        except MeticulousError as error:
            failures.append((prediction, str(error)))
    whole = summary(list(rows.values())) if rows else {}
    if arguments.json:
        _print_json(rows, whole, failures, left_out)
    elif rows:
        _print_table(rows if arguments.each else {}, whole, n_pairs=len(rows))
    sentences = [sentence for _, sentence in failures]
    if left_out:
        sentences.append(
            f"{len(left_out)} of {len(left_out) + len(pairs)} masks in {arguments.truths} have no partner in "
            f"{arguments.predictions} and are left out, such as {left_out[0]}."
        )
    for sentence in sentences:
        print(f"meticulous: {sentence}", file=sys.stderr)  # noqa: T201
    return EXIT_SOME_FAILED if failures or not rows else EXIT_DONE


def measure(alpha: Alpha, true_alpha: Alpha) -> Row:
    """Return every metric of one pair, both (H, W) uint8."""
    from meticulous_gui.core import metrics

    mask, truth = alpha >= 128, true_alpha >= 128
    f_curve = metrics.f_measure(alpha, truth)
    figures: Figures = {
        "IoU": metrics.iou(mask, truth),
        "mBA": metrics.mba(mask, truth),
        "bIoU": metrics.boundary_iou(mask, truth),
        "edge": metrics.boundary_error(mask, truth),
        "MAE": metrics.mae(alpha, truth),
        "maxF": f_curve.max,
        "wF": metrics.weighted_f(alpha, truth),
        "S": metrics.s_measure(alpha, truth),
        "E": metrics.e_measure(alpha, truth).mean,
        "SAD": metrics.sad(alpha, true_alpha),
        "MSE": metrics.mse(alpha, true_alpha),
        "grad": metrics.grad(alpha, true_alpha),
        "conn": metrics.conn(alpha, true_alpha),
    }
    return Row(figures, metrics.iou_counts(mask, truth), f_curve)


def summary(rows: list[Row]) -> Figures:
    """Return the figures of a whole set: means, max F of the mean curve, IoU over all pixels too."""
    from meticulous_gui.core import metrics

    whole: Figures = {}
    for name in rows[0].figures:
        values = [value for row in rows if (value := row.figures[name]) is not None]
        whole[name] = sum(values) / len(values) if values else None
    whole["maxF"] = metrics.max_f_of_dataset([row.f_curve for row in rows])
    whole["dataset"] = metrics.dataset_iou([row.counts for row in rows])
    return whole


def _pairs(
    predictions: Path, truths: Path, suffixes: tuple[str, ...]
) -> tuple[list[tuple[str, Path, Path]], list[tuple[Path, str]]]:
    require_alike(predictions, truths)
    if not is_folder(predictions):
        return [(predictions.name, predictions, truths)], []
    found, failures = pair_folders(predictions, truths, suffixes)
    return [(str(p.relative), p.path, t.path) for p, t in found], failures


def _left_out(
    predictions: Path, truths: Path, pairs: list[tuple[str, Path, Path]], suffixes: tuple[str, ...]
) -> list[Path]:
    """Return the true masks of a folder that nothing is compared with, which no mean shows."""
    if not is_folder(truths):
        return []
    compared = {truth for _, _, truth in pairs}
    found, _ = find_files([truths], suffixes, leave_out=[predictions])
    return [item.path for item in found if item.path not in compared]


def _load(prediction: Path, truth: Path) -> tuple[Alpha, Alpha]:
    from meticulous_gui.core.errors import MaskError
    from meticulous_gui.core.photo import load_alpha
    from meticulous_gui.core.settings import load_settings

    limits = load_settings().settings.decode.limits()
    alpha, true_alpha = load_alpha(prediction, limits), load_alpha(truth, limits)
    if alpha.shape != true_alpha.shape:
        raise MaskError(
            f"{prediction} is {alpha.shape[1]} x {alpha.shape[0]} pixels and {truth} is"
            f" {true_alpha.shape[1]} x {true_alpha.shape[0]}; they must have the same size."
        )
    return alpha, true_alpha


def _print_table(rows: dict[str, Row], whole: Figures, *, n_pairs: int) -> None:
    label = f"mean of {n_pairs}"
    width = max(len(label), *(len(name) for name in rows), 4)
    lines = [f"{'':{width}} " + " ".join(f"{name:>8}" for name in whole)]
    for name, figures in [*((name, row.figures) for name, row in rows.items()), (label, whole)]:
        cells = (_cell(figures[column]) if column in figures else "" for column in whole)
        lines.append(f"{name:{width}} " + " ".join(f"{cell:>8}" for cell in cells).rstrip())
    print("\n".join(lines))  # noqa: T201


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _print_json(
    rows: dict[str, Row], whole: Figures, failures: list[tuple[Path, str]], left_out: list[Path]
) -> None:
    report = {
        "n": len(rows),
        "whole": whole,
        "each": {name: row.figures for name, row in rows.items()},
        "failed": [{"input": str(path), "message": sentence} for path, sentence in failures],
        "left_out": [str(path) for path in left_out],
    }
    print(json_bytes(report, indent=2).decode())  # noqa: T201
