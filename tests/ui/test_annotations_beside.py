"""A folder whose photos have LabelMe files beside them: opened as layers, written back, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.choices import Choices
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

H, W = 40, 60
NAMES = ["a.png", "b.png", "c.png"]
CTRL = Qt.KeyboardModifier.ControlModifier
BOX = [[10, 10], [30, 10], [30, 20], [10, 20]]
FAR = [[50, 30], [58, 30], [58, 38], [50, 38]]


def labelme(folder: Path, name: str, **others: Any) -> Path:
    """Write a file as another version of LabelMe does, with fields that nobody here knows."""
    content = {
        "version": "5.1.1",
        "flags": {"night": True},
        "shapes": [
            {
                "label": "dog",
                "points": BOX,
                "group_id": None,
                "shape_type": "polygon",
                "flags": {},
                "score": 0.5,
            },
            {"label": "way", "points": [[0, 0], [9, 9]], "group_id": None, "shape_type": "line", "flags": {}},
            {
                "label": "ball",
                "points": FAR,
                "group_id": None,
                "shape_type": "polygon",
                "flags": {"old": True},
            },
        ],
        "imagePath": name,
        "imageData": None,
        "imageHeight": H,
        "imageWidth": W,
        "who": "Zoë",
    }
    path = folder / f"{Path(name).stem}.json"
    path.write_text(json.dumps(content | others, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    """A folder of three photos; two have annotations beside them."""
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"METICULOUS_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setattr("meticulous_gui.ui.ahead.QUIET_MS", 0)
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    for name in NAMES:
        make_photo(stage.folder / name, (H, W))
    for name in NAMES[:2]:
        labelme(stage.folder, name)
    yield stage
    stage.session.close()


def open_folder(stage: WindowStage) -> None:
    stage.window.open_paths([stage.folder])
    stage.settle()


def content_of(stage: WindowStage, name: str = "a") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((stage.folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def names_of(stage: WindowStage) -> list[str]:
    assert stage.session.document is not None
    return [layer.name for layer in stage.session.document.layers]


def choose(stage: WindowStage, text: str) -> None:
    """Answer the newest question that has this answer."""
    choices = (choice for message in reversed(stage.messages) for choice in message.choices)
    next(choice for choice in choices if choice.text == text).run()
    stage.settle()


def activate(stage: WindowStage, index: int) -> None:
    document = stage.session.document
    assert document is not None
    document.set_active(document.layers[index].id)
    stage.settle()


def saved_index(stage: WindowStage, name: str = "a.png") -> Path:
    return stage.folder / ".meticulous" / f"{name}.json"


def test_photos_with_annotations_are_masked_and_open_with_their_layers(stage: WindowStage) -> None:
    open_folder(stage)
    states = [stage.window.photos.state(path) for path in stage.window.photos.paths]
    assert states == [PhotoState.MASKED, PhotoState.MASKED, PhotoState.UNTOUCHED]
    assert names_of(stage) == ["dog", "ball"]
    assert not stage.runner.jobs, "what has objects is not looked at"
    assert not stage.session.has_unsaved_work
    assert stage.texts == ["Photos with LabelMe annotations beside them: 2. These are the layers."]
    stage.press(Qt.Key.Key_PageDown)
    assert names_of(stage) == ["dog", "ball"]
    stage.press(Qt.Key.Key_PageDown)
    assert names_of(stage) == ["Object 1"]
    assert not (stage.folder / ".meticulous").exists(), "looking writes nothing"


def test_a_photo_opened_alone_has_its_annotations_too(stage: WindowStage) -> None:
    stage.window.open_paths([stage.folder / "b.png"])
    stage.settle()
    assert names_of(stage) == ["dog", "ball"]
    assert not stage.texts


def test_ctrl_s_asks_once_and_changes_only_what_was_painted(stage: WindowStage) -> None:
    before = content_of(stage)
    open_folder(stage)
    activate(stage, 0)
    paint_a_stroke(stage, reach=-100)
    painted = stage.alpha >= 128
    stage.press(Qt.Key.Key_S, CTRL)
    assert content_of(stage) == before, "not without a word"
    choose(stage, "Replace a.json")
    after = content_of(stage)
    parts, others = after["shapes"][:2], after["shapes"][2:]
    assert parts[0]["points"] == BOX, "what was painted lies beside it"
    assert [(part["label"], part["score"], part["group_id"]) for part in parts] == [("dog", 0.5, 1)] * 2
    assert {**after, "shapes": others} == {**before, "shapes": before["shapes"][1:]}
    assert not stage.session.has_unsaved_work
    stage.window.open_paths([stage.folder / "c.png"])
    stage.settle()
    stage.window.open_paths([stage.folder / "a.png"])
    stage.settle()
    activate(stage, 0)
    np.testing.assert_array_equal(stage.alpha >= 128, painted)


def test_nothing_changes_on_disk_where_nothing_was_done(stage: WindowStage) -> None:
    before = (stage.folder / "a.json").stat().st_mtime_ns, content_of(stage)
    open_folder(stage)
    choose(stage, "Write changes back")
    stage.press(Qt.Key.Key_S, CTRL)
    assert ((stage.folder / "a.json").stat().st_mtime_ns, content_of(stage)) == before
    assert "a.json is saved" in stage.texts[-1]


def test_changes_are_written_when_the_photo_is_left_at_every_visit(stage: WindowStage) -> None:
    open_folder(stage)
    choose(stage, "Write changes back")
    seen = []
    for reach in (-100.0, 200.0, 120.0):
        activate(stage, 1)
        paint_a_stroke(stage, reach=reach)
        stage.press(Qt.Key.Key_PageDown)
        assert content_of(stage)["shapes"][0]["points"] == BOX
        seen.append(content_of(stage)["shapes"][2:])
        assert content_of(stage)["who"] == "Zoë"
        stage.press(Qt.Key.Key_PageUp)
        assert names_of(stage) == ["dog", "ball"]
    assert [len(shapes) for shapes in seen] == [2, 3, 4], "a part more each time"
    assert not any("differ" in text for text in stage.texts)


def test_a_photo_without_annotations_gets_some_where_they_are_written(stage: WindowStage) -> None:
    open_folder(stage)
    choose(stage, "Write changes back")
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageDown)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageUp)
    content = content_of(stage, "c")
    assert content["imagePath"] == "c.png"
    assert [shape["label"] for shape in content["shapes"]] == ["object"]
    stage.press(Qt.Key.Key_PageUp)
    assert not (stage.folder / "b.json").read_text().count("object"), "what was only looked at stays"


def test_nothing_is_written_where_nobody_asked_for_it(stage: WindowStage) -> None:
    before = content_of(stage)
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    assert content_of(stage) == before
    assert saved_index(stage).exists()
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(stage.alpha, painted)
    assert not any("differ" in text for text in stage.texts)


def test_what_another_program_changed_since_is_asked_about(stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    labelme(stage.folder, "a.png", shapes=[{"label": "cat", "points": FAR}])
    stage.press(Qt.Key.Key_PageUp)
    assert "a.json and the layers that were saved for this photo differ" in stage.texts[-1]
    assert names_of(stage) == ["dog", "ball"]
    choose(stage, "Use a.json")
    assert names_of(stage) == ["cat"]
    stage.press(Qt.Key.Key_Z, CTRL)
    assert names_of(stage) == ["dog", "ball"]


def test_a_file_that_changed_while_the_photo_is_open_is_not_replaced_quietly(stage: WindowStage) -> None:
    open_folder(stage)
    choose(stage, "Write changes back")
    paint_a_stroke(stage)
    labelme(stage.folder, "a.png", who="somebody else")
    theirs = content_of(stage)
    stage.press(Qt.Key.Key_S, CTRL)
    assert "was changed by another program" in stage.texts[-1]
    stage.press(Qt.Key.Key_PageDown)
    assert content_of(stage) == theirs


@pytest.mark.parametrize(
    ("others", "says"),
    [({"imageWidth": 61}, "61 x 40"), ({"shapes": 3}, ""), ({"imagePath": "b.png"}, "")],
)
def test_what_does_not_fit_is_left_alone(stage: WindowStage, others: dict[str, Any], says: str) -> None:
    path = labelme(stage.folder, "a.png", **others)
    before = path.read_bytes()
    open_folder(stage)
    assert names_of(stage) == ["Object 1"]
    assert any(says in text for text in stage.texts)
    choose(stage, "Write changes back")
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert path.read_bytes() == before


def test_a_broken_file_is_one_sentence_and_stays(stage: WindowStage) -> None:
    (stage.folder / "a.json").write_text("{")
    open_folder(stage)
    texts = [text for text in stage.texts if "a.json" in text]
    assert len(texts) == 1
    assert texts[0].startswith("The annotations of a.png are left alone")
    assert names_of(stage) == ["Object 1"]


def test_annotations_that_are_not_wanted_are_not_read_again(stage: WindowStage) -> None:
    open_folder(stage)
    choose(stage, "Leave them alone")
    stage.press(Qt.Key.Key_PageDown)
    assert names_of(stage) == ["Object 1"]


def test_a_write_under_way_does_not_tie_what_is_no_longer_wanted(stage: WindowStage) -> None:
    open_folder(stage)
    choose(stage, "Write changes back")
    paint_a_stroke(stage)
    before = content_of(stage)
    stage.window.actions_set.trigger("save")
    assert content_of(stage) == before, "not written yet"
    choose(stage, "Leave them alone")
    assert content_of(stage) != before
    assert stage.window.masks.link is None


def test_what_was_chosen_counts_at_the_next_start(stage: WindowStage, qtbot: QtBot) -> None:
    first = WindowStage(stage.folder, qtbot, Choices.load())
    open_folder(first)
    choose(first, "Write changes back")
    first.session.close()
    again = WindowStage(stage.folder, qtbot, Choices.load())
    open_folder(again)
    assert "as before" in again.texts[-1]
    paint_a_stroke(again)
    again.press(Qt.Key.Key_PageDown)
    assert len(content_of(again)["shapes"]) == 4
    again.session.close()


def test_a_read_only_file_is_one_sentence_and_the_layers_are_kept(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    (stage.folder / "a.json").chmod(0o444)
    monkeypatch.setattr("os.access", lambda *_args, **_options: False)
    stage.press(Qt.Key.Key_S, CTRL)
    choose(stage, "Replace a.json")
    assert "a.json" in stage.texts[-1]
    assert "write-protected" in stage.texts[-1]
    monkeypatch.undo()
    choose(stage, "Keep the layers beside the photo")
    assert saved_index(stage).exists()
    assert not stage.session.has_unsaved_work
