"""``meticulous evaluate``: masks against the true ones, in the metrics that papers report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from meticulous_gui.cli.exits import EXIT_DONE, EXIT_SOME_FAILED
from meticulous_gui.cli.plan import UsageError, pair_folders

if TYPE_CHECKING:
    from meticulous_gui.core.types import Alpha


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("predictions", metavar="PRED", type=Path, help="a mask, or a folder of masks")
    parser.add_argument(
        "truths", metavar="GT", type=Path, help="the true mask, or a folder of the same stems"
    )
    parser.add_argument("--each", action="store_true", help="print a line for each pair before the mean")
    parser.add_argument("--json", action="store_true", help="print the table as JSON instead")


def run(arguments: argparse.Namespace) -> int:
    """Print the table of metrics and return the exit code."""
    from meticulous_gui.core.errors import MeticulousError
    from meticulous_gui.core.photo import PHOTO_SUFFIXES

    pairs, failures = _pairs(arguments.predictions, arguments.truths, PHOTO_SUFFIXES)
    rows: dict[str, dict[str, float]] = {}
    for name, prediction, truth in pairs:
        try:
            rows[name] = _row(prediction, truth)
        except MeticulousError as error:
            failures.append((prediction, str(error)))
    means = {key: sum(row[key] for row in rows.values()) / len(rows) for key in next(iter(rows.values()), {})}
    if arguments.json:
        _print_json(rows, means, failures)
    elif rows:
        _print_table(rows if arguments.each else {}, means, n_pairs=len(rows))
    for _, sentence in failures:
        _say(sentence)
    return EXIT_SOME_FAILED if failures or not rows else EXIT_DONE


def metrics_by_name() -> dict[str, Callable[[Alpha, Alpha], float]]:
    """Return what the table shows: the heading and how to get its figure from (prediction, truth)."""
    from meticulous_gui.core import metrics

    return {
        "IoU": lambda p, t: metrics.iou(p >= 128, t >= 128),
        "mBA": lambda p, t: metrics.mba(p >= 128, t >= 128),
        "bIoU": lambda p, t: metrics.boundary_iou(p >= 128, t >= 128),
    }


def _pairs(
    predictions: Path, truths: Path, suffixes: tuple[str, ...]
) -> tuple[list[tuple[str, Path, Path]], list[tuple[Path, str]]]:
    if predictions.is_dir() != truths.is_dir():
        raise UsageError(f"{predictions} and {truths} must be two files or two folders.")
    if not predictions.is_dir():
        return [(predictions.name, predictions, truths)], []
    found, failures = pair_folders(predictions, truths, suffixes)
    return [(str(p.relative), p.path, t.path) for p, t in found], failures


def _row(prediction: Path, truth: Path) -> dict[str, float]:
    """Return every metric of one pair."""
    from meticulous_gui.core.errors import MaskError
    from meticulous_gui.core.photo import load_alpha

    alpha, true_alpha = load_alpha(prediction), load_alpha(truth)
    if alpha.shape != true_alpha.shape:
        raise MaskError(
            f"{prediction} is {alpha.shape[1]} x {alpha.shape[0]} pixels and {truth} is"
            f" {true_alpha.shape[1]} x {true_alpha.shape[0]}; they must have the same size."
        )
    return {name: float(metric(alpha, true_alpha)) for name, metric in metrics_by_name().items()}


def _print_table(rows: dict[str, dict[str, float]], means: dict[str, float], *, n_pairs: int) -> None:
    label = f"mean of {n_pairs}"
    width = max(len(label), *(len(name) for name in rows), 4)
    lines = [f"{'':{width}}  " + "  ".join(f"{name:>8}" for name in means)]
    for name, row in {**rows, label: means}.items():
        lines.append(f"{name:{width}}  " + "  ".join(f"{value:8.4f}" for value in row.values()))
    print("\n".join(lines))  # noqa: T201


def _print_json(
    rows: dict[str, dict[str, float]], means: dict[str, float], failures: list[tuple[Path, str]]
) -> None:
    report = {
        "mean": means,
        "each": rows,
        "failed": [{"input": str(path), "message": sentence} for path, sentence in failures],
    }
    print(json.dumps(report, indent=2, ensure_ascii=False))  # noqa: T201


def _say(sentence: str) -> None:
    import sys

    print(f"meticulous: {sentence}", file=sys.stderr)  # noqa: T201
