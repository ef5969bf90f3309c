"""What the answer should be at certain points, and how far it is from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from meticulous_gui.core.prompts import Click
from meticulous_gui.core.types import Logits
from meticulous_gui.engine.clicks.kernel import MARGIN

__all__ = [
    "BIAS_FACTOR",
    "LAMBDA",
    "Targets",
    "click_squares",
    "margin_objective",
    "published_objective",
    "scale_penalty",
]

LAMBDA: Final = 1e-3
BIAS_FACTOR: Final = 10.0
MOST_PRESSING: Final = 40
_SQUARE_RADIUS: Final = 1
_NEWEST_WEIGHT: Final = 2.0
_ANCHOR_WEIGHT: Final = 0.25
_N_ANCHORS: Final = 32
_ANCHOR_LOGIT: Final = 2.0
_ANCHOR_DISTANCE_PX: Final = 24.0


@dataclass(frozen=True)
class Targets:
    """Points in network pixels, the sign wanted there, and what each counts.

    Attributes:
        cols, rows: (n,) int64.
        signs: (n,) float32, +1 or -1.
        weights: (n,) float32.
        n_clicks: the first so many are clicks, the rest anchors.
    """

    cols: NDArray[np.int64]
    rows: NDArray[np.int64]
    signs: NDArray[np.float32]
    weights: NDArray[np.float32]
    n_clicks: int

    @staticmethod
    def of_clicks(clicks: Sequence[Click], size_px: int, *, newest: int | None = None) -> Targets:
        """Return the targets of clicks inside the network's picture; ``newest`` counts twice."""
        points = np.array([(click.x, click.y) for click in clicks], np.float64).reshape(-1, 2)
        places = np.clip(np.floor(points), 0, size_px - 1).astype(np.int64)
        signs = np.array([1.0 if click.is_positive else -1.0 for click in clicks], np.float32)
        weights = np.ones(len(clicks), np.float32)
        if newest is not None:
            weights[newest] = _NEWEST_WEIGHT
        return Targets(places[:, 0], places[:, 1], signs, weights, len(clicks))

    def pressing(self, logits: Logits) -> Targets:
        """Return the clicks that ``logits`` (S, S) come nearest to disobeying, in order and not all of many.

        What a step costs then no longer grows with the clicks; the others are obeyed by a wide margin, or
        mended by the kernel.
        """
        if self.n_clicks <= MOST_PRESSING:
            return self
        margins = self.signs * logits[self.rows, self.cols]
        margins[self.weights == _NEWEST_WEIGHT] = -np.inf
        kept = np.sort(np.argsort(margins, kind="stable")[:MOST_PRESSING])
        return Targets(self.cols[kept], self.rows[kept], self.signs[kept], self.weights[kept], MOST_PRESSING)

    def with_anchors(self, logits: Logits) -> Targets:
        """Return these and points where ``logits`` (S, S) are sure, far from clicks that are not obeyed.

        Anchors keep what a global change of scale and bias would break elsewhere.
        """
        at_clicks = self.signs * logits[self.rows, self.cols]
        is_free = np.abs(logits) > _ANCHOR_LOGIT
        rows, cols = np.nonzero(is_free)
        for n in np.flatnonzero(at_clicks < MARGIN):
            is_far = np.hypot(rows - self.rows[n], cols - self.cols[n]) > _ANCHOR_DISTANCE_PX
            rows, cols = rows[is_far], cols[is_far]
        chosen: list[int] = []
        for is_inside in (True, False):  # half of them on each side, evenly over the picture
            side = np.flatnonzero((logits[rows, cols] > 0) == is_inside)
            n_wanted = min(_N_ANCHORS // 2, len(side))
            chosen += side[np.linspace(0, len(side) - 1, n_wanted).astype(int)].tolist() if n_wanted else []
        rows, cols = rows[chosen], cols[chosen]
        return Targets(
            np.concatenate([self.cols, cols]),
            np.concatenate([self.rows, rows]),
            np.concatenate([self.signs, np.sign(logits[rows, cols]).astype(np.float32)]),
            np.concatenate([self.weights, np.full(len(rows), _ANCHOR_WEIGHT, np.float32)]),
            self.n_clicks,
        )

    def are_obeyed(self, logits: NDArray[np.float32], *, margin: float) -> bool:
        """Say whether the logits (n,) at the clicks are all at least ``margin`` on their side."""
        at_clicks = self.signs[: self.n_clicks] * logits[: self.n_clicks]
        return bool((at_clicks >= margin).all())


def click_squares(targets: Targets, size_hw: tuple[int, int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the 3 x 3 squares of including and of excluding clicks, (H, W) each, cut at the border."""
    squares = np.zeros((2, *size_hw), np.bool_)
    for n in range(targets.n_clicks):
        row, col, radius = int(targets.rows[n]), int(targets.cols[n]), _SQUARE_RADIUS
        which = 0 if targets.signs[n] > 0 else 1
        squares[which, max(row - radius, 0) : row + radius + 1, max(col - radius, 0) : col + radius + 1] = (
            True
        )
    return squares[0], squares[1]


def published_objective(logits: Tensor, include: Tensor, exclude: Tensor) -> Tensor:
    """Return f-BRS's corrective term: squared errors of the probability, averaged for each sign.

    Args:
        logits: [H, W].
        include, exclude: [H, W], 0 or 1.
    """
    probability = torch.sigmoid(logits)
    missing = (((1.0 - probability) * include) ** 2).sum() / (include.sum() + 1e-5)
    surplus = ((probability * exclude) ** 2).sum() / (exclude.sum() + 1e-5)
    return missing + surplus


def margin_objective(patches: Tensor, is_inside: Tensor, signs: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean over targets of the squared distance to the margin over their 3 x 3 pixels.

    Args:
        patches: [n, 9] logits around each target.
        is_inside: [n, 9], 0 where a pixel lies beyond the picture.
        signs, weights: [n].
    """
    short = torch.relu(MARGIN - signs[:, None] * patches) ** 2 * is_inside
    each = short.sum(dim=1) / is_inside.sum(dim=1)
    return (weights * each).sum() / weights.sum()


def scale_penalty(scale: Tensor, bias: Tensor) -> Tensor:
    """Return what leaving the network's own answer costs."""
    return LAMBDA * ((scale**2).sum() + BIAS_FACTOR * (bias**2).sum())
