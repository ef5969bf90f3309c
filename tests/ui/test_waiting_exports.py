"""Exports that wait for a network: every kind does, none is lost, and what is said of them goes in time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import DecodeLimits
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.ui.annotation_saving import AnnotationSaving
from meticulous_gui.ui.layer_exports import LayerExports
from meticulous_gui.ui.messages import MessageBar
from meticulous_gui.ui.opening import open_file
from tests.ui.fakes import Stage, make_photo

LIMITS = DecodeLimits()


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Stage:
    del qtbot  # a session needs an application
    stage = Stage(tmp_path)
    stage.open_with_mask()
    return stage


@pytest.fixture
def bar(qtbot: QtBot, stage: Stage) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    stage.session.posted.connect(bar.show_message)
    return bar


def refine_all(stage: Stage) -> None:
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 8, 8), 77)


def open_next(stage: Stage) -> None:
    """Open a photo that was read before, while slow work on the last one goes on."""
    stage.session.opener.open_at_once(open_file(make_photo(stage.folder / "next.png", (40, 60)), LIMITS))


def written(stage: Stage) -> set[str]:
    return {path.name for path in stage.folder.iterdir() if path.is_file()} - {"photo.png"}


@pytest.mark.parametrize("name", ["export_active", "export_each", "export_label_map"])
def test_layers_wait_for_the_edge_that_is_worked_on(stage: Stage, name: str) -> None:
    exports = LayerExports(stage.session, stage.saving)
    refine_all(stage)
    getattr(exports, name)()
    stage.settle()
    assert written(stage) == set()
    assert "still being worked on" in stage.texts[-1]
    stage.runner.job.finish()
    stage.settle()
    assert written(stage)
    assert stage.texts[-1].startswith("Written to")


def test_annotations_wait_for_the_edge_that_is_worked_on(stage: Stage) -> None:
    target = stage.folder / "photo-coco.json"
    refine_all(stage)
    AnnotationSaving(stage.session, stage.saving).export(target, Recipe(format="coco"))
    stage.settle()
    assert not target.exists()
    stage.runner.job.finish()
    stage.settle()
    assert stage.exported == [target]


def test_an_export_asked_for_thrice_is_written_once(stage: Stage) -> None:
    refine_all(stage)
    for _ in range(3):
        stage.saving.export_beside()
    stage.runner.job.finish()
    stage.settle()
    assert len(stage.exported) == 1


def test_an_export_asked_for_while_the_object_is_looked_for_waits_for_it(stage: Stage) -> None:
    stage.open("next.png")
    assert not stage.alpha.any()
    stage.saving.export_beside()
    stage.saving.copy()
    stage.runner.job.paint(Box(20, 10, 40, 30), 255)
    stage.runner.job.finish()
    stage.settle()
    assert len(stage.exported) == 1
    assert not any("nothing to cut out" in text for text in stage.texts)


def test_where_no_object_is_found_the_export_that_waited_says_so(stage: Stage, bar: MessageBar) -> None:
    stage.open("next.png")
    bar.clear()
    stage.saving.export_beside()
    stage.runner.job.finish(is_empty=True)
    stage.settle()
    assert stage.exported == []
    assert [message.text for message in bar.messages] == [
        "There is nothing to cut out yet: the mask is empty or hidden."
    ]


def test_what_is_said_of_waiting_goes_when_the_export_fails(stage: Stage, bar: MessageBar) -> None:
    exports = LayerExports(stage.session, stage.saving)
    for export in (stage.saving.export_beside, exports.export_active, exports.export_label_map):
        refine_all(stage)
        export()
        assert "still being worked on" in bar.messages[0].text
        shutil.move(stage.folder, stage.folder.with_name("elsewhere"))
        stage.runner.job.finish()
        stage.settle()
        shutil.move(stage.folder.with_name("elsewhere"), stage.folder)
        assert [message.kind for message in bar.messages if message.topic == "export"] == ["error"]
        bar.clear()


def test_a_failure_is_said_as_it_is_while_the_layer_is_locked(stage: Stage) -> None:
    stage.document.set_layer_state(stage.document.active.id, locked=True)
    stage.saving.export_to(stage.folder / "nowhere" / "x.png", Recipe())
    stage.settle()
    assert "nowhere" in stage.texts[-1]
    stage.session.opener.open_path(stage.folder / "gone.png")
    stage.settle()
    assert "gone.png" in stage.texts[-1], "the lock has nothing to do with it"


def test_layers_that_are_being_written_are_waited_for(stage: Stage) -> None:
    LayerExports(stage.session, stage.saving).export_active()
    assert written(stage) == set()
    stage.executor.run_all()
    stage.saving.wait_until_written()
    assert written(stage) == {"photo-Object 1.png"}


def test_layers_that_cannot_be_kept_are_never_those_of_the_next_photo(stage: Stage) -> None:
    wanted: list[str] = []
    stage.saving.folder_wanted.connect(lambda why, _then: wanted.append(why))
    (stage.folder / ".meticulous").write_bytes(b"a file in the way")
    stage.saving.save_layers()
    open_next(stage)
    stage.settle()
    assert wanted == [], "whatever folder is chosen now would get the layers of another document"
    assert any(message.kind == "error" for message in stage.messages)


def test_a_folder_chosen_for_one_photo_is_not_that_of_the_next(stage: Stage, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    stage.saving.save_layers(folder=kept)
    open_next(stage)
    stage.settle()
    assert (kept / "photo.png.json").exists()
    assert stage.saving.layers_folder == stage.folder / ".meticulous"
