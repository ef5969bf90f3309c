"""Small documents to try things on, and two boxes that meet and cross tiles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.blend import blend_coverage
from meticulous_gui.core.brush import StrokeCoverage
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.history import DEFAULT_BUDGET_BYTES
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.project import prepare_save
from meticulous_gui.core.prompts import Stroke

SIZE_HW = (300, 520)


def open_document(size_hw: tuple[int, int] = SIZE_HW, budget_bytes: int = DEFAULT_BUDGET_BYTES) -> Document:
    return Document(photo_from_array(np.zeros((*size_hw, 3), np.uint8)), budget_bytes=budget_bytes)


def flat(box: Box, value: int) -> NDArray[np.uint8]:
    return np.full(box.size_hw, value, np.uint8)


def paint(document: Document, box: Box, value: int, title: str = "Brush") -> Box:
    touched = np.ones(box.size_hw, np.bool_)
    return document.apply(Edit.by_hand(document.active, box, flat(box, value), touched=touched, title=title))


def noise(document: Document, seed: int) -> Box:
    """Paint something that does not compress."""
    values = np.random.default_rng(seed).integers(0, 256, document.box.size_hw, dtype=np.uint8)
    return document.apply(Edit(document.active.id, document.box, values))


A = Box(10, 10, 280, 30)
B = Box(200, 20, 300, 60)


def save_layers(document: Document, folder: Path | None = None) -> Path:
    """Save the layers at once and return the JSON file."""
    return prepare_save(document, folder)().index


def forget_history(document: Document) -> None:
    """Make the present content the beginning: no step is left, and none is open."""
    history = document.history
    assert not history.growing
    for steps in (history._applied, history._undone, history._lost):
        steps.clear()
    history._n_closed_bytes = 0
    document._history_observers.tell()


def stroke_edit(layer: Layer, stroke: Stroke, *, hardness: float = 1.0, opacity: float = 1.0) -> Edit | None:
    """Return a whole stroke as one edit; None where it meets no pixel of the photo."""
    coverage = StrokeCoverage(layer.size_hw, radius_px=stroke.radius_px, hardness=hardness, opacity=opacity)
    coverage.extend(stroke.points_xy)
    coverage.finish()
    box = coverage.box
    if box.is_empty:
        return None
    covered = coverage.read(box)
    alpha = blend_coverage(layer.alpha[box.slices()], covered, is_adding=stroke.is_adding)
    return Edit.by_hand(layer, box, alpha, touched=covered > 0, title="Brush")
