"""Documents that are autosaved, and the death of the process that did it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.recovery import RecoveredWork, recoverable_works
from tests.core.test_photo import save_png, smooth

BIG_HW = (300, 530)
"""Two by three tiles, the last ones cut by the photo's edge."""


def open_big(folder: Path, layers: list[Layer] | None = None) -> Document:
    path = folder / "dog.png"
    if not path.exists():
        save_png(path, smooth(*BIG_HW))
    return Document(load_photo(path), layers=layers or [])


def autosaved(folder: Path) -> tuple[Document, Autosave]:
    """Return a document and what keeps it, in the folder ``works`` beside its photo."""
    document = open_big(folder)
    return document, Autosave(document, folder=folder / "works")


def left_behind(folder: Path) -> tuple[Document, Autosave]:
    """Return a painted document and what kept it, whose process has died since."""
    document, autosave = autosaved(folder)
    paint(document, Box(0, 0, 99, 99), 200)
    take_and_write(autosave)
    die(autosave)
    return document, autosave


def paint(document: Document, box: Box, value: int, *, is_decided: bool = True) -> None:
    alpha = np.full(box.size_hw, value, np.uint8)
    decided = np.ones(box.size_hw, np.bool_) if is_decided else None
    document.apply(Edit(document.active.id, box, alpha, decided, "Brush"))


def take_and_write(autosave: Autosave) -> bool:
    work = autosave.take()
    if work is not None:
        work()
        autosave.note_photo()
    return work is not None


def die(autosave: Autosave) -> None:
    """Leave the files exactly as they lie now, held by nobody: what the end of a process does."""
    as_they_lie = autosave.folder.with_name("as they lie")
    shutil.copytree(autosave.folder, as_they_lie)
    autosave._writer._remove()
    as_they_lie.rename(autosave.folder)


def recover(folder: Path) -> RecoveredWork:
    (work,) = recoverable_works(folder)
    recovered = work.restore()
    work.discard()
    assert recoverable_works(folder) == []
    return recovered


def assert_same_layers(found: tuple[Layer, ...], wanted: tuple[Layer, ...]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one.alpha, other.alpha)
        np.testing.assert_array_equal(one.decided.to_mask(), other.decided.to_mask())
        for name in ("id", "name", "colour", "category", "visible", "locked"):
            assert getattr(one, name) == getattr(other, name)
