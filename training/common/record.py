"""What a run leaves behind besides its weights: configuration, commit, numbers per step, curves."""

from __future__ import annotations

import argparse
import csv
import json
import platform
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from meticulous_gui.core.files import atomic_write
from training.common.command import run_command

CSV_NAME = "metrics.csv"
_BASE_COLUMNS = (
    "step",
    "elapsed_s",
    "progress",
    "side_px",
    "rate",
    "pictures_per_s",
    "loss",
    "final",
    "coarse",
)


def commit_of_checkout() -> str:
    """Return the commit that the code runs from, ``+changes`` where files differ, ``unknown`` outside git."""
    here = Path(__file__).resolve().parent
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True
        ).stdout.strip()
        changes = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no", "--", "training", "meticulous_gui"],
            cwd=here.parents[1], capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("+changes" if changes else "")


def write_config(folder: Path, config: dict[str, Any], *, is_resuming: bool = False) -> None:
    """Write ``config.json``: the configuration, the command, the commit and the versions it ran with.

    A resumed run keeps the commands and commits of its earlier parts under ``earlier``.
    """
    path = folder / "config.json"
    earlier: list[dict[str, Any]] = []
    if is_resuming and path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        earlier = [*before.get("earlier", []), {name: before[name] for name in ("command", "commit")}]
    facts: dict[str, Any] = {
        "config": config,
        "command": "python -m " + shlex.join([_module_name(), *sys.argv[1:]]),
        "commit": commit_of_checkout(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "machine": platform.machine(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
    }
    if earlier:
        facts["earlier"] = earlier
    with atomic_write(path) as stream:  # a run that is resumed after a power cut reads it again
        stream.write((json.dumps(facts, indent=1, default=str) + "\n").encode())


def _module_name() -> str:
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec.name if spec is not None else Path(sys.argv[0]).name


class MetricsLog:
    """Rows of numbers in ``metrics.csv``; a resumed run drops the rows beyond its checkpoint and goes on.

    It also drops a row that a power cut has left without a number.

    Args:
        folder: of the run.
        score_names: names of the validation scores, in order.
        first_step: rows of later steps are dropped.
    """

    def __init__(self, folder: Path, score_names: tuple[str, ...], *, first_step: int) -> None:
        self.path = folder / CSV_NAME
        self._columns = (*_BASE_COLUMNS, *score_names)
        kept: list[dict[str, str]] = []
        if first_step and self.path.is_file():
            with self.path.open(newline="", encoding="utf-8") as stream:
                rows = [row for row in csv.DictReader(stream) if str(row.get("step")).isdecimal()]
            kept = [row for row in rows if int(row["step"]) <= first_step]
        with self.path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, self._columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(kept)

    def add(self, **values: float) -> None:
        """Append one row; columns without a value stay empty."""
        with self.path.open("a", newline="", encoding="utf-8") as stream:
            row = {name: f"{value:.6g}" for name, value in values.items()}
            csv.DictWriter(stream, self._columns).writerow(row)


def draw_curves(folder: Path) -> bool:
    """Draw ``curves.png`` from ``metrics.csv``: the loss and every validation score over the steps.

    Returns:
        False where matplotlib is not installed; the numbers are in the CSV either way.
    """
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("Agg")
    from matplotlib import pyplot

    with (folder / CSV_NAME).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    if not rows:
        return False
    names = [n for n in rows[0] if n not in _BASE_COLUMNS and any(row[n] for row in rows)]
    figure, axes = pyplot.subplots(1, 1 + len(names), figsize=(4.0 * (1 + len(names)), 3.2), squeeze=False)
    for axis, name in zip(axes[0], ["loss", *names], strict=True):
        points = [(int(row["step"]), float(row[name])) for row in rows if row[name]]
        axis.plot(*zip(*points, strict=True), marker="." if name != "loss" else "")
        axis.set_title(name)
        axis.set_xlabel("step")
        axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(folder / "curves.png", dpi=110)
    pyplot.close(figure)
    return True


def main(arguments: list[str] | None = None) -> None:
    """Draw the curves of a run."""
    parser = argparse.ArgumentParser(prog="python -m training.common.record", description=main.__doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of the run")
    is_drawn = draw_curves(parser.parse_args(arguments).run)
    print("drawn" if is_drawn else "nothing drawn: no rows, or matplotlib is not installed")


if __name__ == "__main__":
    run_command(main)
