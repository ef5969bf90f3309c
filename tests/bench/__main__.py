"""``python -m tests.bench``: every figure to reach, its goal beside it, and the last one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from tests.bench import (
    autosaves,
    clicks,
    commands,
    folders,
    marathon,
    networks,
    painting,
    refining,
    windows,
)  # fmt: skip
from tests.bench.table import Row, load_last, print_heading, print_row, save

GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "commands": commands.measure,
    "networks": networks.measure,
    "clicks": clicks.measure,
    "refining": refining.measure,
    "windows": windows.measure,
    "painting": painting.measure,
    "autosave": autosaves.measure,
    "folders": folders.measure,
    "marathon": marathon.measure,
}


def main() -> int:
    """Measure the groups that are asked for, print and save. Nothing is asserted about time."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all by default")
    wanted = parser.parse_args().groups or list(GROUPS)
    unknown = [name for name in wanted if name not in GROUPS]
    if unknown:
        parser.error(f"there is no group {unknown[0]}; choose of {', '.join(GROUPS)}")
    last, rows = load_last(), []
    print_heading()
    for name in wanted:
        for row in GROUPS[name]():
            rows.append(row)
            print_row(row, last.get(row.name))
    print(f"saved in {save(rows)}; {sum(not row.is_reached for row in rows)} goals missed (marked !)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
