"""What the network for whole photos has found, as evidence of what a first click means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.engine.alpha import LOGIT_LIMIT, limited
from meticulous_gui.engine.clicks.crop import Crop
from meticulous_gui.engine.types import Logits

__all__ = ["Evidence", "joined", "mean_of"]

LEAST_AGREEMENT: Final = 0.5
"""IoU of two answers from which they mean the same thing; below, the network that was asked is right."""

_MOST_OF_PIECE: Final = 0.5
_NOT_MEANT: Final = -1.0


@dataclass(frozen=True)
class Evidence:
    """An answer to a whole photo that nobody has clicked on.

    Attributes:
        logits: float32 (h, w), all of the photo at any scale.
        size_hw: of the photo.
    """

    logits: Logits
    size_hw: tuple[int, int]

    @property
    def box(self) -> Box:
        """The pixels of the photo that hold all that was found."""
        found = bounding_box(self.logits >= 0)
        down, right = self._scale_yx
        edges = found.x0 / right, found.y0 / down, -(-found.x1 // right), -(-found.y1 // down)
        return Box(*(int(edge) for edge in edges)).clip(Box.whole(self.size_hw))

    def on(self, crop: Crop) -> Logits:
        """Return what a crop shows of it, float32 (S, S); sure of nothing beyond the photo."""
        return self._warped(limited(self.logits), crop, cv2.INTER_LINEAR, -LOGIT_LIMIT)

    def under(self, row: int, col: int) -> Evidence | None:
        """Return the piece that a pixel of the photo lies on, None where there is none."""
        _, labels = self._pieces()
        label = int(labels[self._place(row, col)])
        return self._only(labels == label) if label else None

    def of_clicks(self, include: Sequence[tuple[int, int]], answer: Logits, crop: Crop) -> Evidence | None:
        """Return as much of it as clicks and a network's own answer to them agree with.

        A piece is meant where a click lies on it, or where the answer holds most of it, too.

        Args:
            include: row, column of the including clicks.
            answer: float32 (S, S) logits of the click network, from nothing.
            crop: that the answer is about.

        Returns:
            None where the evidence is of something else: a click lies beside it, or the answers differ.
        """
        n_labels, labels = self._pieces()
        clicked = [int(labels[self._place(*click)]) for click in include]
        if not clicked or 0 in clicked:
            return None
        seen = self._warped(labels.astype(np.float32), crop, cv2.INTER_NEAREST, 0.0).astype(np.int64)
        ours = answer >= 0
        areas = np.bincount(seen.ravel(), minlength=n_labels)
        shared = np.bincount(seen[ours], minlength=n_labels)
        is_meant = shared >= _MOST_OF_PIECE * np.maximum(areas, 1)
        is_meant[clicked] = True
        is_meant[0] = False
        both = np.count_nonzero(is_meant[seen] & ours)
        either = int(np.count_nonzero(is_meant[seen] | ours))
        if both < LEAST_AGREEMENT * max(either, 1):
            return None
        return self._only(is_meant[labels])

    def _pieces(self) -> tuple[int, NDArray[np.int32]]:
        n_labels, labels = cv2.connectedComponents((self.logits >= 0).astype(np.uint8))
        return n_labels, labels

    def _only(self, is_meant: NDArray[np.bool_]) -> Evidence:
        """Return it without the pieces that are not meant."""
        others = (self.logits >= 0) & ~is_meant
        return replace(self, logits=np.where(others, np.float32(_NOT_MEANT), self.logits))

    @property
    def _scale_yx(self) -> tuple[float, float]:
        return self.logits.shape[0] / self.size_hw[0], self.logits.shape[1] / self.size_hw[1]

    def _place(self, row: int, col: int) -> tuple[int, int]:
        down, right = self._scale_yx
        return int((row + 0.5) * down), int((col + 0.5) * right)

    def _warped(self, values: NDArray[np.float32], crop: Crop, flags: int, outside: float) -> Logits:
        down, right = self._scale_yx
        step = 1.0 / crop.scale
        # Pixel centres are at +.5, OpenCV counts from the first one's centre.
        to_source = np.array(
            [
                [step * right, 0.0, (crop.x0 + 0.5 * step) * right - 0.5],
                [0.0, step * down, (crop.y0 + 0.5 * step) * down - 0.5],
            ]
        )
        size = crop.size_px, crop.size_px
        # Half a pixel around the photo is extrapolated, else its own edge would be half outside.
        padded = cv2.copyMakeBorder(values, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        to_source[:, 2] += 1.0
        return cv2.warpAffine(
            padded, to_source, size, flags=flags | cv2.WARP_INVERSE_MAP, borderValue=outside
        )


def mean_of(answer: Logits, evidence: Logits) -> Logits:
    """Return the mean of two networks' logits, each cut so that neither outvotes the other."""
    return (limited(answer) + limited(evidence)) * np.float32(0.5)


def joined(answer: Logits, evidence: Logits) -> Logits:
    """Return what two networks find together, (S, S): their mean, without holes that only one of them sees.

    Where only one of them counts a part as the object, the mean is in doubt all over it, and would be torn.
    """
    mean = mean_of(answer, evidence)
    n_labels, labels = cv2.connectedComponents((mean < 0).view(np.uint8), connectivity=4)
    is_hole = np.ones(n_labels, np.bool_)
    for rim in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        is_hole[rim] = False
    is_hole[0] = False  # the object itself
    either = np.maximum(limited(answer), limited(evidence))
    return np.where(is_hole[labels] & (either >= 0), either, mean)
