"""Figures, their goals, and the last ones: printed side by side, kept in an ignored file."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / ".bench"
LAST = FOLDER / "last.json"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: what was measured.
        value: the figure.
        unit: such as "s", "ms", "MB"; "" for counts.
        goal: the figure should not be above this; None for what is printed only to understand the others.
        note: what else is worth saying (rounds, patches).
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def is_reached(self) -> bool:
        return self.goal is None or self.value <= self.goal


def print_heading() -> None:
    """Print what machine this is and what the columns are."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {load:.1f} when the benchmark began")
    print(f"{'':58} {'figure':>10} {'goal':>10} {'last':>10}")


def print_row(row: Row, last: Row | None) -> None:
    """Print one line; a goal that is missed is marked, nothing is asserted."""
    goal = "" if row.goal is None else f"<= {_number(row.goal)}"
    before = "" if last is None else _number(last.value)
    mark = " " if row.is_reached else "!"
    figure = f"{_number(row.value):>7} {row.unit:<3}"
    print(f"{mark} {row.name:<52} {figure} {goal:>9} {before:>10}  {row.note}".rstrip(), flush=True)


def load_last() -> dict[str, Row]:
    """Return the rows that were saved last, by name."""
    if not LAST.exists():
        return {}
    saved = json.loads(LAST.read_text(encoding="utf-8"))
    return {row["name"]: Row(**row) for row in saved["rows"]}


def save(rows: list[Row]) -> Path:
    """Save the rows as the last ones, keeping saved rows of groups that were not run now."""
    merged = {**load_last(), **{row.name: row for row in rows}}
    report = {
        "time": time.strftime("%Y-%m-%d %H:%M:%S"),
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "rows": [asdict(row) for row in merged.values()],
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    LAST.write_text(json.dumps(report, indent=2), encoding="utf-8")
    return LAST


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
