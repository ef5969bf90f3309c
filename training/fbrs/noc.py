"""Figures of the clicks protocol: how many clicks a mask takes to be good enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

TARGETS: Final = (0.80, 0.85, 0.90)
MOST_CLICKS: Final = 20
_AT: Final = (1, 3, 5, 10)


@dataclass(frozen=True)
class Game:
    """One object, clicked until it was good enough or the clicks were used up.

    Attributes:
        key: of the picture, with the object's number where it has several.
        start: IoU before the first click.
        overlaps: IoU after each click.
        seconds: of each click, the robot's own time left out.
        obeyed: what obeyed each click, as it was when it was made.
        n_disobeyed: clicks whose pixel was on the wrong side after one of the clicks.
    """

    key: str
    start: float
    overlaps: tuple[float, ...]
    seconds: tuple[float, ...] = ()
    obeyed: tuple[str, ...] = ()
    n_disobeyed: int = 0


def clicks_to(game: Game, target: float, *, most_clicks: int = MOST_CLICKS) -> tuple[int, bool]:
    """Return the number of clicks to an IoU of at least ``target`` and whether it was reached.

    ``most_clicks`` stands for a failure; 0 means that the mask at the start was good enough.
    """
    if game.start >= target:
        return 0, True
    for n, overlap in enumerate(game.overlaps, start=1):
        if overlap >= target:
            return n, True
    return most_clicks, False


def iou_after(game: Game, n_clicks: int) -> float:
    """Return the IoU after so many clicks; a game that ended earlier keeps its last value."""
    return (game.start, *game.overlaps)[min(n_clicks, len(game.overlaps))]


@dataclass
class Table:
    """All games of one method.

    Attributes:
        name: of the method.
        games: in order.
    """

    name: str
    games: list[Game] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Return the figures of the protocol."""
        figures: dict[str, float] = {"objects": float(len(self.games))}
        for target in TARGETS:
            counts = [clicks_to(game, target) for game in self.games]
            percent = round(100 * target)
            figures[f"NoC@{percent}"] = float(np.mean([n for n, _ in counts]))
            figures[f"failed@{percent}"] = float(sum(not reached for _, reached in counts))
            figures[f"at the last click@{percent}"] = float(
                sum(reached and n == MOST_CLICKS for n, reached in counts)
            )
        for n in _AT:
            figures[f"IoU@{n}"] = float(np.mean([iou_after(game, n) for game in self.games]))
        seconds = [s for game in self.games for s in game.seconds]
        figures["s/click"] = float(np.mean(seconds)) if seconds else 0.0
        figures["s/click p95"] = float(np.percentile(seconds, 95)) if seconds else 0.0
        layers = Counter(layer for game in self.games for layer in game.obeyed)
        for layer in ("network", "brs", "kernel", "stamp"):
            figures[f"by {layer} %"] = 100.0 * layers[layer] / max(layers.total(), 1)
        figures["disobeyed"] = float(sum(game.n_disobeyed for game in self.games))
        return figures

    def curve(self) -> list[float]:
        """Return the mean IoU after 0, 1, 2, ... clicks."""
        return [float(np.mean([iou_after(game, n) for game in self.games])) for n in range(MOST_CLICKS + 1)]


def text_of(tables: Sequence[Table]) -> str:
    """Return the table as text, one method a line."""
    counts = ("NoC@80", "NoC@85", "NoC@90", "failed@90", "at the last click@90")
    layers = ("by brs %", "by kernel %", "by stamp %", "disobeyed")
    names = (*counts, *(f"IoU@{n}" for n in _AT), "s/click", "s/click p95", *layers)
    width = max([len(table.name) for table in tables] + [6])
    lines = [" " * width + "  objects  " + "  ".join(names)]
    for table in tables:
        found = table.summary()
        figures = "  ".join(f"{found[name]:{len(name)}.3f}" for name in names)
        lines.append(f"{table.name:{width}}  {int(found['objects']):7d}  {figures}")
    return "\n".join(lines)
