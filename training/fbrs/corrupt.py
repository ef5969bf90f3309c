"""Masks as they come from elsewhere: a true mask made wrong by much, for the network to correct."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask
from training.common.perturb import warp_smoothly

_LARGEST_RADIUS_PX: Final = 15
_LARGEST_SHIFT_PX: Final = 8
_N_HARMS: Final = (1, 3)
_TAKEN_TOO_CHANCE: Final = 0.6


def corrupted(truth: Mask, others: Mask, rng: np.random.Generator) -> Mask:
    """Return a mask that is wrong in one to three ways: edge, place, missing or surplus parts.

    Where there are other things, they are often in it too, or one of them is: a network that looks for what
    stands out finds the group, and the click that excludes one of them means all of that one.

    Args:
        truth: (S, S) bool at the network's scale.
        others: (S, S) bool, the other objects there.
        rng: the sample's own generator.
    """
    if others.any() and rng.random() < _TAKEN_TOO_CHANCE:
        taken = _with_others(truth.astype(np.uint8), others.astype(np.uint8), rng)
        return wandering_edge(taken, rng) > 0 if rng.random() < 0.5 else taken > 0
    mask = truth.astype(np.uint8)
    harms = (grown_or_shrunk, wandering_edge, shifted, with_blob, _without_side, _without_component)
    for place in rng.choice(len(harms), size=int(rng.integers(_N_HARMS[0], _N_HARMS[1] + 1)), replace=False):
        mask = harms[int(place)](mask, rng)
    return mask > 0


def grown_or_shrunk(mask: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a mask, (S, S) of 0 and 1, whose edge lies up to 15 px farther out or in everywhere."""
    size = 2 * int(rng.integers(1, _LARGEST_RADIUS_PX + 1)) + 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    changed = cv2.dilate(mask, element) if rng.random() < 0.5 else cv2.erode(mask, element)
    return changed if changed.any() else mask


def wandering_edge(mask: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a mask, (S, S) of 0 and 1, whose edge wanders by up to 10 px."""
    amount = float(rng.uniform(2.0, 10.0))
    warped = warp_smoothly(
        mask * np.uint8(255), rng, amount_px=amount, wavelength_px=amount * float(rng.uniform(3.0, 8.0))
    )
    return (warped >= 128).astype(np.uint8)


def shifted(mask: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a mask, (S, S) of 0 and 1, moved by up to 8 px."""
    dx, dy = (int(v) for v in rng.integers(-_LARGEST_SHIFT_PX, _LARGEST_SHIFT_PX + 1, size=2))
    return cv2.warpAffine(mask, np.array([[1.0, 0, dx], [0, 1.0, dy]]), mask.shape[::-1])


def with_blob(mask: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a mask, (S, S) of 0 and 1, with an ellipse on its edge added or taken away."""
    edge = np.flatnonzero(cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    if not len(edge):
        return mask
    row, col = divmod(int(rng.choice(edge)), mask.shape[1])
    extent = np.sqrt(float(mask.sum()))
    axes = tuple(max(2, int(v)) for v in rng.uniform(0.1, 0.45, size=2) * extent)
    changed = mask.copy()
    cv2.ellipse(changed, (col, row), axes, float(rng.uniform(0, 180)), 0, 360, int(rng.integers(2)), -1)
    return changed


def _without_side(mask: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Cut the object by a straight line and drop the smaller or the larger part."""
    rows, cols = np.nonzero(mask)
    if len(rows) < 2:
        return mask
    angle = rng.uniform(0, 2 * np.pi)
    along = cols * np.cos(angle) + rows * np.sin(angle)
    dropped = along > np.quantile(along, float(rng.uniform(0.3, 0.9)))
    changed = mask.copy()
    changed[rows[dropped], cols[dropped]] = 0
    return changed


def _without_component(mask: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    n_labels, labels = cv2.connectedComponents(mask)
    if n_labels < 3:
        return mask
    return np.where(labels == int(rng.integers(1, n_labels)), np.uint8(0), mask)


def _with_others(
    mask: NDArray[np.uint8], others: NDArray[np.uint8], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Add all of the other things, or a connected piece of them."""
    n_labels, labels = cv2.connectedComponents(others)
    if n_labels < 3 or rng.random() < 0.5:
        return mask | others
    return mask | (labels == int(rng.integers(1, n_labels))).astype(np.uint8)
