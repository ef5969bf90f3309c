"""``meticulous evaluate``: masks against the true ones, in the metrics that papers report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from meticulous_gui.cli.arguments import path_of
from meticulous_gui.cli.exits import EXIT_DONE, EXIT_SOME_FAILED
from meticulous_gui.core.files import is_folder, json_bytes
from meticulous_gui.core.plan import Found, Pairing, pair_folders, require_alike

if TYPE_CHECKING:
    from meticulous_gui.core.metrics import Curve
    from meticulous_gui.core.types import Alpha

Figures = dict[str, float | None]

_MOST_LABELS: Final = 32
"""Coverage that is low everywhere, as of smoke, has more values."""

EXPLANATION = """\
IoU is the mean over photos, 'dataset' the sum of intersections by the sum of unions. mBA is the
mean boundary accuracy, bIoU the boundary IoU at 2 % of the diagonal, 'edge' the mean distance
between the two contours in pixels. maxF is the largest mean F over thresholds, S and wF the
structure and the weighted F-measure, E the mean enhanced alignment. SAD, grad and conn are sums /
1000 and, like MSE, MAE and edge, better when smaller. SAD, MSE, grad and conn compare coverage;
for the others a truth is what is above one half.
A photo whose truth has no boundary counts in everything but mBA and edge, one whose prediction has
none in everything but edge."""


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
    from tqdm import tqdm  # not for --help, which does without it

    from meticulous_gui.core.errors import MeticulousError
    from meticulous_gui.core.photo import PHOTO_SUFFIXES

    found = _pairing(arguments.predictions, arguments.truths, PHOTO_SUFFIXES)
    failures = list(found.failures)
    rows: dict[str, Row] = {}
    for prediction, truth in tqdm(found.pairs, unit="pair", leave=False, disable=not sys.stderr.isatty()):
        try:
            rows[str(prediction.relative)] = measure(*_load(prediction.path, truth.path))
        except MeticulousError as error:
            failures.append((prediction.path, str(error)))
    whole = summary(list(rows.values())) if rows else {}
    if arguments.json:
        _print_json(rows, whole, failures, found.left_out)
    elif rows:
        _print_table(rows if arguments.each else {}, whole, n_pairs=len(rows))
    notes = found.notes(arguments.predictions, arguments.truths)
    for sentence in (*(sentence for _, sentence in failures), *notes):
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


def _pairing(predictions: Path, truths: Path, suffixes: tuple[str, ...]) -> Pairing:
    require_alike(predictions, truths)
    if is_folder(predictions):
        return pair_folders(predictions, truths, suffixes)
    prediction, truth = (Found(path, Path(path.name)) for path in (predictions, truths))
    return Pairing([(prediction, truth)], [])


def _load(prediction: Path, truth: Path) -> tuple[Alpha, Alpha]:
    from meticulous_gui.core.errors import MaskError
    from meticulous_gui.core.photo import load_alpha
    from meticulous_gui.core.settings import load_settings

    limits = load_settings().settings.decode.limits()
    alpha, true_alpha = load_alpha(prediction, limits), load_alpha(truth, limits)
    if _is_label_map(true_alpha):
        raise MaskError(
            f"{truth} holds few values, up to {true_alpha.max()} of 255, as label maps do, so that nothing "
            "in it is above one half; save what is inside as 255."
        )
    if alpha.shape != true_alpha.shape:
        raise MaskError(
            f"{prediction} is {alpha.shape[1]} x {alpha.shape[0]} pixels and {truth} is"
            f" {true_alpha.shape[1]} x {true_alpha.shape[0]}; they must have the same size."
        )
    return alpha, true_alpha


def _is_label_map(truth: Alpha) -> bool:
    """Say whether a truth has no object because its few low values are numbers of objects or of classes."""
    import numpy as np  # not for --help, which does without it

    if not 0 < truth.max(initial=0) < 128:
        return False
    return int(np.count_nonzero(np.bincount(truth.ravel()))) <= _MOST_LABELS


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
    rows: dict[str, Row], whole: Figures, failures: list[tuple[Path, str]], left_out: Sequence[Path]
) -> None:
    report = {
        "n": len(rows),
        "whole": whole,
        "each": {name: row.figures for name, row in rows.items()},
        "failed": [{"input": str(path), "message": sentence} for path, sentence in failures],
        "left_out": [str(path) for path in left_out],
    }
    print(json_bytes(report, indent=2).decode())  # noqa: T201
