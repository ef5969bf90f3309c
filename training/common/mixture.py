"""Several sets in one run: which picture a sample shows, and how objects without a ground get one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.types import Alpha, RgbImage
from training.common.composite import composite, drawn_object, empty_background, far_ground
from training.common.pasted import cut_out
from training.common.shards import Pair, PairSet, open_splits, require_some
from training.common.split import Split

EMOJI, SHAPES, CUT_OUTS = "emoji", "shapes", "cut_outs"
EXACT_SETS = (EMOJI, SHAPES)  # objects whose coverage is right to the last pixel; shapes are drawn, not read
COMPOSITED = (*EXACT_SETS, CUT_OUTS)  # put over photographs; cut-outs are objects of the photos themselves

CACHE_BYTES: Final[dict[Split, int]] = {"train": 4 << 30, "val": 1 << 30}
"""Decoded bytes of a set that stay in memory."""


@dataclass(frozen=True)
class CompositeSettings:
    """How objects with exact coverage are put over photographs.

    Attributes:
        side_px: side of the square picture.
        scale: smallest and largest share of it that the object's longer side takes.
        has_empty_ground: whether the ground must hold no object of its own.
    """

    side_px: int
    scale: tuple[float, float]
    has_empty_ground: bool


@dataclass(frozen=True)
class Share:
    """One set and how often it is drawn, relative to the others."""

    name: str
    share: float


def parse_shares(text: str) -> tuple[Share, ...]:
    """Return the sets of ``duts:1,ccp:0.1``; without a number the share is 1.

    Raises:
        UsageError: a share that is not a positive number.
    """
    shares = []
    for part in text.split(","):
        name, _, number = part.strip().partition(":")
        try:
            share = float(number) if number else 1.0
        except ValueError:
            share = math.nan
        if not (name and 0 < share < math.inf):
            raise UsageError(f"sets must look like duts:1,ccp:0.1 with positive shares, got {text!r}")
        shares.append(Share(name, share))
    return tuple(shares)


@dataclass
class Mixture:
    """Sets with shares; the draw is a function of the sample's number and its generator.

    Within a set every picture comes at most once per pass, in an order of its own for each pass: for a sample
    that draws the set, the place in the pass is the sample's number modulo the set's size, so nothing has to
    be remembered and a resumed run sees what it would have seen.
    """

    shares: tuple[Share, ...]
    sets: dict[str, PairSet]
    seed: int
    photo_set: str  # what composites get their grounds from
    _orders: dict[tuple[str, int], NDArray[np.int64]] = field(default_factory=dict)

    @staticmethod
    def open(folders: Sequence[Path], shares: tuple[Share, ...], *, seed: int) -> tuple[Mixture, Mixture]:
        """Open all sets; return what is trained on and what is held out to score it while it trains.

        Raises:
            UsageError: the first set is none of photographs, a set is in none of the folders, or too small.
        """
        if shares[0].name in COMPOSITED:
            msg = f"the first set gives the photographs behind objects, which {shares[0].name} is not"
            raise UsageError(msg)
        names = [share.name for share in shares if share.name not in (SHAPES, CUT_OUTS)]
        sets = {name: open_splits(folders, name, CACHE_BYTES) for name in names}
        training, held_out = (
            Mixture(shares, {name: sets[name][split] for name in names}, seed, photo_set=shares[0].name)
            for split in CACHE_BYTES
        )
        for name, pairs in training.sets.items():
            require_some(pairs, name, "train")
        require_some(held_out.photos, held_out.photo_set, "val")
        return training, held_out

    @property
    def photos(self) -> PairSet:
        """What composites get their grounds from."""
        return self.sets[self.photo_set]

    def only(self, names: Sequence[str]) -> Mixture | None:
        """Return the mixture that draws only these sets, with the same photos behind, or None without any."""
        shares = tuple(share for share in self.shares if share.name in names)
        return Mixture(shares, self.sets, self.seed, photo_set=self.photo_set) if shares else None

    def scene(
        self, number: int, rng: np.random.Generator, *, composites: CompositeSettings
    ) -> tuple[RgbImage, Alpha, Pair | None]:
        """Return picture (H, W, 3) and coverage (H, W) of sample ``number``, and the photo if it is one.

        Objects of ``emoji``, drawn ``shapes`` and the photos' own objects (``cut_outs``) are composed over
        photographs.
        """
        name = self.choose(rng)
        if name not in COMPOSITED:
            pair = self.pair(name, number)
            return pair.rgb, pair.alpha, pair
        side_px = composites.side_px
        if name == SHAPES:
            thing = drawn_object(self.photos, rng, side_px=side_px)
        elif name == CUT_OUTS:
            thing = cut_out(self.pair(self.photo_set, number))
        else:
            thing = self.pair(name, number)
        if composites.has_empty_ground:
            ground = empty_background(self.photos, rng)
        else:
            ground = self.photos[int(rng.integers(len(self.photos)))].rgb
        if name == SHAPES:
            ground = far_ground(ground, rng)
        rgb, alpha = composite(thing, ground, rng, side_px=side_px, scale=composites.scale)
        return rgb, alpha, None

    def choose(self, rng: np.random.Generator) -> str:
        """Return the name of the set that a sample is drawn from."""
        weights = np.array([share.share for share in self.shares])
        return self.shares[int(rng.choice(len(weights), p=weights / weights.sum()))].name

    def pair(self, name: str, number: int) -> Pair:
        """Return the pair of one set that sample ``number`` (counted over the whole run) shows."""
        pairs = self.sets[name]
        epoch, place = divmod(number, len(pairs))
        return pairs[int(self._order(name, epoch)[place])]

    def _order(self, name: str, epoch: int) -> NDArray[np.int64]:
        order = self._orders.get((name, epoch))
        if order is None:
            rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((self.seed, epoch, len(name)))))
            order = rng.permutation(len(self.sets[name]))
            # Threads work at most a few steps ahead, so two passes of a set are in use at a time.
            self._orders.pop((name, epoch - 2), None)
            self._orders[(name, epoch)] = order
        return order
