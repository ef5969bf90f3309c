"""An annotator goes through a folder, with the real networks in their process; then a batch does the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from meticulous_gui.core.photo_states import PhotoState, read_states
from meticulous_gui.core.resources import resource_dir
from tests.stories.conftest import Person

NAMES = ["cat.png", "coffee.png"]


def test_the_next_photo_is_there_with_its_mask_and_a_batch_does_them_all(person: Person) -> None:
    photos = person.folder / "photos"
    photos.mkdir()
    for name in NAMES:
        shutil.copy(resource_dir() / "samples" / name, photos / name)
    person.window.open_paths([photos])
    person.wait_until(lambda: person.session.document is not None)
    person.wait_until(lambda: person.window.folder.work.ahead.is_ready)
    person.wait_for_networks()

    QTest.keyClick(person.canvas, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier)  # done and next
    assert open_path(person) == photos / "coffee.png"
    assert person.alpha.any(), "the mask must be there with the picture"
    person.wait_until(lambda: read_states(photos) == {"cat.png": PhotoState.DONE})

    QTest.keyClick(person.canvas, Qt.Key.Key_F7)
    queue, panel = person.window.folder.queue, person.window.folder.batch
    panel.refines.setChecked(False)
    QTest.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    person.wait_until(lambda: queue.n_total == 2 and not queue.is_running)
    assert not queue.failures
    for name in NAMES:
        written = cv2.imread(str(photos / "cutouts" / name), cv2.IMREAD_UNCHANGED)
        assert written is not None
        assert written.shape[2] == 4
        assert 0 < written[:, :, 3].mean() < 255


def open_path(person: Person) -> Path | None:
    document = person.session.document
    return document.photo.path if document is not None else None
