"""Names that a file system allows and a program seldom expects: not UTF-8, very long, four bytes a letter."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from meticulous_gui.core.annotation import annotated
from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.annotation_file import read_annotations
from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.export import export_cutout
from meticulous_gui.core.files import write_bytes
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.json_style import JsonStyle
from meticulous_gui.core.label_map import read_legend, write_label_map
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import DecodeLimits, load_photo
from meticulous_gui.core.photo_states import PhotoState, note_states, read_states
from meticulous_gui.core.project import load_layers
from meticulous_gui.core.project_index import has_saved_layers
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.recovery import recoverable_works
from meticulous_gui.core.settings import load_state, save_state
from tests.core.autosaves import open_big, paint, take_and_write
from tests.core.documents import save_layers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")

STRAY = os.fsdecode(b"caf\xe9")
"""As programs of the last century wrote "café"."""
NAMES = {
    "not UTF-8": f"{STRAY}.png",
    "long": "a" * 240 + ".png",
    "long, three bytes a letter": "字" * 80 + ".png",
    "four bytes a letter": "😀" * 60 + ".png",
}


@pytest.fixture(params=list(NAMES.values()), ids=list(NAMES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def document_called(folder: Path, name: str) -> Document:
    first = open_big(folder).photo.path
    assert first is not None
    first.rename(folder / name)
    document = Document(load_photo(folder / name))
    paint(document, Box(3, 4, 290, 70), 255)
    return document


def test_layers_are_saved_and_found_again(tmp_path: Path, name: str) -> None:
    document = document_called(tmp_path, name)
    save_layers(document)
    found = load_layers(document.photo)
    assert found is not None
    assert not found.notes
    assert (found.layers[0].alpha == document.active.alpha).all()
    assert (found.layers[0].decided.to_mask() == document.active.decided.to_mask()).all()


def test_unsaved_work_is_found_again(tmp_path: Path, name: str) -> None:
    document = document_called(tmp_path, name)
    autosave = Autosave(document, folder=tmp_path / "autosave")
    paint(document, Box(0, 0, 20, 20), 255)
    take_and_write(autosave)
    autosave._writer._lock.release()  # type: ignore[union-attr]
    autosave._writer._file.close()  # type: ignore[union-attr]
    (work,) = recoverable_works(tmp_path / "autosave")
    assert work.photo_name == name
    assert (work.restore().layers[0].alpha == document.active.alpha).all()


def test_cut_outs_and_marks_are_written(tmp_path: Path, name: str) -> None:
    document = document_called(tmp_path, name)
    target = tmp_path / f"{name[:-6]}-c.png"
    export_cutout(document.photo, document.active.alpha, target)
    assert target.is_file()
    note_states(tmp_path, {name: PhotoState.DONE})
    assert read_states(tmp_path)[name] is PhotoState.DONE


@pytest.mark.parametrize("kind", ["coco", "labelme", "yolo", "voc"])
def test_annotations_are_written_and_read(tmp_path: Path, kind: str) -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[4:12, 5:21] = 255
    picture = annotated(f"{STRAY}.png", (20, 30), [Layer(1, "dog", mask, category="dog\x07")])
    exporter = ANNOTATION_EXPORTERS[kind]
    target = tmp_path / "out.json" if exporter.suffixes else tmp_path / "out"
    exporter.write([picture], target, Recipe(format=kind))
    files = {"coco": target, "labelme": target / f"{STRAY}.json", "yolo": target / "labels" / f"{STRAY}.txt"}
    path = files.get(kind, target / "Annotations" / f"{STRAY}.xml")
    found = read_annotations(path, f"{STRAY}.png", (20, 30), DecodeLimits())
    assert [one.box for one in found.objects] == [Box(5, 4, 21, 12)]


def test_two_long_names_that_begin_alike_share_no_mask(tmp_path: Path) -> None:
    first = document_called(tmp_path, "a" * 230 + "1.png")
    second = document_called(tmp_path, "a" * 230 + "2.png")
    save_layers(first)
    save_layers(second)
    paint(first, Box(0, 0, 9, 9), 255)
    save_layers(first)
    found = load_layers(second.photo)
    assert found is not None
    assert not found.notes
    assert len(found.layers) == 1


def test_a_name_that_leaves_no_room_for_more_is_said(tmp_path: Path) -> None:
    document = document_called(tmp_path, "a" * 249 + ".png")
    (tmp_path / ".meticulous").mkdir()
    assert not has_saved_layers(document.photo)
    with pytest.raises(ExportError, match="the name is too long"):
        save_layers(document)


def test_a_name_that_is_not_utf_8_goes_through_the_other_files_as_well(tmp_path: Path) -> None:
    save_state({"recent": [STRAY]}, tmp_path / "state.json")
    assert load_state(tmp_path / "state.json") == {"recent": [STRAY]}
    assert json.loads(JsonStyle().encode({"imagePath": STRAY})) == {"imagePath": STRAY}
    path, _ = write_label_map([Layer(1, STRAY, np.full((4, 5), 255, np.uint8))], tmp_path / "labels.png")
    assert [label.name for label in read_legend(path)] == [STRAY]


def test_the_longest_name_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / ("😀" * 63 + "abc")  # 255 bytes
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ExportError, match="not a file; choose another name"):
        write_bytes(tmp_path / "pipe.png", b"new")
    assert (tmp_path / "pipe.png").is_fifo()
