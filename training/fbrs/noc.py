"""Figures of the clicks protocol: how many clicks a mask takes to be good enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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


def clicks_to(game: Game, target: float) -> tuple[int, bool]:
    """Return the number of clicks to an IoU of at least ``target`` and whether it was reached.

    ``MOST_CLICKS`` stands for a failure; 0 means that the mask at the start was good enough.
    """
    if game.start >= target:
        return 0, True
    for n, overlap in enumerate(game.overlaps, start=1):
        if overlap >= target:
            return n, True
    return MOST_CLICKS, False


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


@dataclass(frozen=True)
class Correction:
    """What correcting wrong masks takes, beside beginning with nothing, on the same objects.

    Attributes:
        name: of the table of corrections.
        from_mask, from_nothing: clicks to the last of `TARGETS` for each object; `MOST_CLICKS` for failures.
        start: mean IoU of the wrong masks.
    """

    name: str
    from_mask: tuple[int, ...]
    from_nothing: tuple[int, ...]
    start: float

    @property
    def share(self) -> float:
        """Clicks from masks for each click from nothing."""
        return sum(self.from_mask) / max(sum(self.from_nothing), 1)

    def hard(self) -> Correction:
        """Return the objects for which one click from nothing is too few: others leave nothing to save."""
        pairs = [pair for pair in zip(self.from_mask, self.from_nothing, strict=True) if pair[1] > 1]
        masks, nothings = (tuple(pair[side] for pair in pairs) for side in (0, 1))
        return replace(self, from_mask=masks, from_nothing=nothings)

    def summary(self) -> dict[str, float]:
        """Return the figures beside those of the protocol."""
        return {"of nothing": self.share, "of nothing, hard": self.hard().share}

    def __str__(self) -> str:
        start = f"{self.name}: masks of IoU {self.start:.2f} to {100 * TARGETS[-1]:.0f} %"
        return (
            f"{start}: {self._counts()}; where one click from nothing is not enough: {self.hard()._counts()}"
        )

    def _counts(self) -> str:
        if not self.from_mask:
            return "no object"
        means = [float(np.mean(counts)) for counts in (self.from_mask, self.from_nothing)]
        failed = [sum(n >= MOST_CLICKS for n in counts) for counts in (self.from_mask, self.from_nothing)]
        return (
            f"{means[0]:.2f} clicks, from nothing {means[1]:.2f}, {100 * self.share:.0f} % "
            f"({len(self.from_mask)} objects, {failed[0]} and {failed[1]} used up all clicks)"
        )


def correction_of(nothing: Table, corrected: Table) -> Correction:
    """Compare the games of one table with those of another that began with nothing and has the same keys."""
    target = TARGETS[-1]
    before = {game.key: game for game in nothing.games}
    return Correction(
        corrected.name,
        tuple(clicks_to(game, target)[0] for game in corrected.games),
        tuple(clicks_to(before[game.key], target)[0] for game in corrected.games),
        float(np.mean([game.start for game in corrected.games])),
    )


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
