"""Several sets in one run: which picture a sample shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.common.shards import Pair, PairSet, open_set
from training.common.split import Split


@dataclass(frozen=True)
class Share:
    """One set and how often it is drawn, relative to the others."""

    name: str
    share: float


def parse_shares(text: str) -> tuple[Share, ...]:
    """Return the sets of ``duts:1,ccp:0.1``; without a number the share is 1.

    Raises:
        ValueError: a share that is not a positive number.
    """
    shares = []
    for part in text.split(","):
        name, _, number = part.strip().partition(":")
        share = float(number) if number else 1.0
        if not name or share <= 0:
            msg = f"sets must look like duts:1,ccp:0.1 with positive shares, got {text!r}"
            raise ValueError(msg)
        shares.append(Share(name, share))
    return tuple(shares)


@dataclass
class Mixture:
    """Sets with shares; the draw is a function of the sample's number and its generator.

    Within a set every picture comes once per pass, in an order of its own for each pass: for a sample that
    draws the set, the place in the pass is the sample's number modulo the set's size, so nothing has to be
    remembered and a resumed run sees what it would have seen.
    """

    shares: tuple[Share, ...]
    sets: dict[str, PairSet]
    seed: int
    _orders: dict[tuple[str, int], NDArray[np.int64]] = field(default_factory=dict)

    @staticmethod
    def open(
        folders: Sequence[Path],
        shares: tuple[Share, ...],
        *,
        seed: int,
        split: Split = "train",
        cache_bytes: int = 4 << 30,
    ) -> Mixture:
        """Open one split of every set."""
        sets = {s.name: open_set(folders, s.name, split, cache_bytes=cache_bytes) for s in shares}
        return Mixture(shares, sets, seed)

    def draw(self, number: int, rng: np.random.Generator) -> tuple[str, Pair]:
        """Return the set and the pair of sample ``number`` (counted over the whole run)."""
        weights = np.array([share.share for share in self.shares])
        chosen = self.shares[int(rng.choice(len(weights), p=weights / weights.sum()))].name
        pairs = self.sets[chosen]
        epoch, place = divmod(number, len(pairs))
        return chosen, pairs[int(self._order(chosen, epoch)[place])]

    def _order(self, name: str, epoch: int) -> NDArray[np.int64]:
        order = self._orders.get((name, epoch))
        if order is None:
            rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((self.seed, epoch, len(name)))))
            order = rng.permutation(len(self.sets[name]))
            # Threads work at most a few steps ahead, so two passes of a set are in use at a time.
            self._orders.pop((name, epoch - 2), None)
            self._orders[(name, epoch)] = order
        return order
