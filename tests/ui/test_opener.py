from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from meticulous_gui.core.errors import PhotoError
from tests.ui.fakes import Stage, make_photo


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.session.close()


@pytest.mark.parametrize("content", [b"", b"no photo at all", b"\xff\xd8\xff\xe0 cut off"])
def test_a_broken_file_is_said_and_the_open_document_stays(stage: Stage, content: bytes) -> None:
    stage.open_with_mask()
    document = stage.session.document
    broken = stage.folder / "broken.png"
    broken.write_bytes(content)
    stage.session.opener.open_path(broken)
    stage.settle()
    assert stage.session.document is document
    assert stage.session.opener.opening is None
    assert len(stage.messages) == 1
    assert "broken.png" in stage.texts[0]


def test_a_folder_and_a_missing_file_are_said_too(stage: Stage) -> None:
    stage.session.opener.open_path(stage.folder)
    stage.settle()
    stage.session.opener.open_path(stage.folder / "nowhere.jpg")
    stage.settle()
    assert len(stage.messages) == 2
    assert "nowhere.jpg does not exist" in stage.texts[1]


def test_only_the_last_of_two_photos_asked_for_is_opened(stage: Stage) -> None:
    first = make_photo(stage.folder / "first.png", (20, 30))
    second = make_photo(stage.folder / "second.png", (20, 40))
    stage.session.opener.open_path(first)
    stage.session.opener.open_path(second)
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == second


def test_a_large_jpeg_is_shown_reduced_first_and_cannot_be_edited_yet(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meticulous_gui.ui.opening.PREVIEW_FROM_BYTES", 0)
    sizes: list[tuple[int, int] | None] = []
    documents: list[bool] = []

    def note() -> None:
        sizes.append(stage.session.shown.image_size_hw)
        documents.append(stage.session.document is not None)

    stage.session.shown.scene_replaced.connect(note)
    path = stage.folder / "large.jpg"
    make_photo(stage.folder / "large.png", (300, 500))
    Image.open(stage.folder / "large.png").save(path)
    stage.session.opener.open_path(path)
    stage.settle()
    assert sizes == [(300, 500), (300, 500)]
    assert documents == [False, True]


def test_a_jpeg_that_is_cut_off_shows_its_first_picture_and_then_the_open_document_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meticulous_gui.ui.opening.PREVIEW_FROM_BYTES", 0)
    stage.open_with_mask()
    document, scene = stage.session.document, stage.session.shown.scene
    monkeypatch.setattr("meticulous_gui.ui.opener.open_file", _refuse)
    path = stage.folder / "cut.jpg"
    Image.new("RGB", (50, 30)).save(path)
    sizes: list[tuple[int, int] | None] = []
    stage.session.shown.scene_replaced.connect(lambda: sizes.append(stage.session.shown.image_size_hw))
    stage.session.opener.open_path(path)
    stage.settle()
    assert sizes == [(30, 50), (40, 60)]
    assert stage.session.document is document
    assert stage.session.shown.scene is scene
    assert "cut off" in stage.texts[-1]


def _refuse(*_args: object, **_options: object) -> NoReturn:
    raise PhotoError("cut.jpg is cut off; copy it again.")
