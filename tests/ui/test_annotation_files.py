from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from meticulous_gui.core.annotation import annotated
from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.export import Recipe
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

H, W = 40, 60
BOX = [[10, 10], [30, 10], [30, 20], [10, 20]]


def drop(stage: WindowStage, *paths: Path) -> None:
    """Let files fall on the canvas as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    canvas = stage.window.canvas
    place = canvas.mapTo(stage.window, canvas.rect().center())
    target = stage.window.windowHandle()
    arguments = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(place), *arguments))
    QApplication.sendEvent(target, QDropEvent(QPointF(place), *arguments))
    stage.settle()


def open_photo(stage: WindowStage) -> Path:
    photo = make_photo(stage.folder / "dog.png", (H, W))
    stage.session.opener.open_path(photo)
    stage.settle()
    return photo


def labelme_beside(stage: WindowStage, **others: Any) -> Path:
    shapes = [{"label": "dog", "points": BOX, "description": "Rex"}, {"label": "ball", "points": BOX}]
    path = stage.folder / "dog.json"
    content = {"shapes": shapes, "imageHeight": H, "imageWidth": W, "imagePath": "dog.png"}
    path.write_text(json.dumps(content | others))
    return path


def layers_of(stage: WindowStage) -> list[tuple[str, str | None, int]]:
    document = stage.session.document
    assert document is not None
    return [(layer.name, layer.category, int((layer.alpha > 0).sum())) for layer in document.layers]


def test_annotations_dropped_on_their_photo_are_layers_and_one_undo_step(stage: WindowStage) -> None:
    open_photo(stage)
    drop(stage, labelme_beside(stage))
    assert layers_of(stage) == [("Rex", "dog", 200), ("ball", "ball", 200)]
    assert stage.texts[-1] == "dog.json holds 2 objects; each has a layer now."
    assert stage.session.has_unsaved_work
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [name for name, _, _ in layers_of(stage)] == ["Object 1"]


def test_layers_somebody_worked_on_stay_below(stage: WindowStage) -> None:
    open_photo(stage)
    paint_a_stroke(stage)
    drop(stage, labelme_beside(stage))
    assert [name for name, _, _ in layers_of(stage)] == ["Object 1", "Rex", "ball"]


@pytest.mark.parametrize("name", ["coco", "labelme", "yolo", "voc"])
def test_what_was_exported_is_taken_back_equal(stage: WindowStage, name: str) -> None:
    open_photo(stage)
    drop(stage, labelme_beside(stage))
    document = stage.session.document
    assert document is not None
    out = stage.folder / "out"
    target = out / "all.json" if name == "coco" else out
    out.mkdir()
    # One layer: of two on one place VOC keeps the upper.
    shown = annotated("dog.png", (H, W), document.layers, active_id=document.layers[0].id)
    ANNOTATION_EXPORTERS[name].write([shown], target, Recipe(has_rle=True))
    path = {
        "coco": target,
        "labelme": out / "dog.json",
        "yolo": out / "labels" / "dog.txt",
        "voc": out / "Annotations" / "dog.xml",
    }[name]
    before = document.layers[0].alpha.copy()
    drop(stage, path)
    found = document.layers[-1]
    np.testing.assert_array_equal(found.alpha, before)
    assert found.category == "dog"


def test_annotations_go_on_a_picture_without_a_file(stage: WindowStage) -> None:
    stage.session.opener.open_picture(np.zeros((H, W, 3), np.uint8))
    stage.settle()
    yolo = stage.folder / "picture.txt"
    yolo.write_text("0 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5\n")
    drop(stage, yolo)
    assert [n_px > 0 for _, _, n_px in layers_of(stage)] == [True]
    assert "holds one object" in stage.texts[-1]
    labelme = labelme_beside(stage, imagePath="elsewhere.png")
    drop(stage, labelme)
    assert len(layers_of(stage)) == 3
    assert stage.window.masks.link is None, "there is no photo that it could be written back for"


def test_a_photo_and_its_annotations_dropped_together_are_opened_together(stage: WindowStage) -> None:
    photo = make_photo(stage.folder / "dog.png", (H, W))
    drop(stage, labelme_beside(stage), photo)
    assert [name for name, _, _ in layers_of(stage)] == ["Rex", "ball"]


def test_labelme_alone_opens_the_photo_that_it_names(stage: WindowStage) -> None:
    make_photo(stage.folder / "dog.png", (H, W))
    drop(stage, labelme_beside(stage))
    assert [name for name, _, _ in layers_of(stage)] == ["Rex", "ball"]


def test_annotations_without_a_photo_ask_for_it(stage: WindowStage) -> None:
    drop(stage, labelme_beside(stage, imagePath="gone.png"))
    assert stage.texts[-1] == "Open the photo first, then drop dog.json on it."
    assert stage.session.document is None


def test_the_dialog_for_masks_takes_annotations(stage: WindowStage) -> None:
    open_photo(stage)
    stage.window.commands.files.use_mask(labelme_beside(stage))
    stage.settle()
    assert len(layers_of(stage)) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dog.json", "{"),
        ("dog.json", '{"shapes": [{"label": "a"}], "imageWidth": 60, "imageHeight": 40}'),
        ("dog.json", '{"shapes": [], "imageWidth": 61, "imageHeight": 40}'),
        ("dog.txt", "words"),
        ("dog.xml", "<html/>"),
    ],
)
def test_bad_annotations_cost_one_sentence_and_nothing_else(
    stage: WindowStage, name: str, content: str
) -> None:
    open_photo(stage)
    paint_a_stroke(stage)
    before = layers_of(stage)
    n_texts = len(stage.texts)
    path = stage.folder / name
    path.write_text(content)
    drop(stage, path)
    assert len(stage.texts) == n_texts + 1
    assert str(path) in stage.texts[-1]
    assert stage.messages[-1].kind == "error"
    assert layers_of(stage) == before


def test_what_could_not_be_used_is_said_beside_what_could(stage: WindowStage) -> None:
    open_photo(stage)
    path = labelme_beside(stage)
    content = json.loads(path.read_text())
    content["shapes"].append({"label": "way", "points": [[1, 1], [2, 2]], "shape_type": "line"})
    path.write_text(json.dumps(content))
    drop(stage, path)
    assert "1 of 3 objects in dog.json were left out" in stage.texts[-1]
    assert len(layers_of(stage)) == 2
