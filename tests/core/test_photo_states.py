from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.photo_states import (
    PhotoState,
    is_cutout_of,
    note_states,
    read_states,
    result_of,
    results_among,
)
from tests.core.documents import save_layers
from tests.ui.fakes import make_photo

NAMES = [f"photo {number}.jpg" for number in range(6)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_nobody_worked_in_has_no_states_and_gets_no_files(folder: Path) -> None:
    assert read_states(folder) == {}
    assert not (folder / ".meticulous").exists()


@given(
    steps=st.lists(
        st.dictionaries(st.sampled_from(NAMES), st.sampled_from(PhotoState), min_size=1), max_size=5
    )
)
def test_the_last_mark_of_each_photo_is_read_back(
    steps: list[dict[str, PhotoState]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("marks")
    for name in NAMES:
        (folder / name).touch()
    expected: dict[str, PhotoState] = {}
    for step in steps:
        note_states(folder, step)
        expected |= step
    assert read_states(folder) == expected


def test_saved_layers_mean_edited_and_a_cutout_beside_means_exported_until_somebody_marks(
    folder: Path,
) -> None:
    (folder / ".meticulous").mkdir()
    for name in NAMES[:3]:
        (folder / ".meticulous" / f"{name}.json").touch()
    (folder / "photo 1-cutout.png").touch()
    (folder / "photo 4-cutout-2.webp").touch()
    note_states(folder, {NAMES[2]: PhotoState.DONE})
    assert read_states(folder) == {
        NAMES[0]: PhotoState.EDITED,
        NAMES[1]: PhotoState.EXPORTED,
        NAMES[2]: PhotoState.DONE,
        NAMES[4]: PhotoState.EXPORTED,
    }


def test_a_cutout_is_that_of_the_photo_whatever_else_has_its_name(folder: Path) -> None:
    for name in NAMES:
        stem = Path(name).stem
        for other in (f"{stem}-cutout.png", f"{stem}.json", f"{stem}.txt", f"{stem}.aae", f"{stem}.xmp"):
            (folder / other).touch()
    states = read_states(folder)
    assert {name: states.get(name) for name in NAMES} == dict.fromkeys(NAMES, PhotoState.EXPORTED)


def test_marks_of_photos_that_are_gone_are_kept_in_the_file_but_not_told(folder: Path) -> None:
    note_states(folder, {NAMES[0]: PhotoState.DONE, NAMES[1]: PhotoState.DONE})
    (folder / NAMES[0]).unlink()
    assert read_states(folder) == {NAMES[1]: PhotoState.DONE}
    (folder / NAMES[0]).touch()
    assert read_states(folder)[NAMES[0]] is PhotoState.DONE


def test_two_windows_that_mark_at_once_lose_nothing(folder: Path) -> None:
    marks = [{f"photo {number}.jpg": PhotoState.DONE} for number in range(6)]
    threads = [threading.Thread(target=note_states, args=(folder, mark)) for mark in marks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_states(folder) == dict.fromkeys(NAMES, PhotoState.DONE)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "else"}', '{"format": 3, "photos": 1}'])
def test_marks_of_no_use_are_said_in_one_sentence_and_left_alone(folder: Path, content: str) -> None:
    path = folder / ".meticulous" / "states.json"
    path.parent.mkdir()
    path.write_text(content)
    for use in (read_states, lambda folder: note_states(folder, {NAMES[0]: PhotoState.DONE})):
        with pytest.raises(ExportError, match=r"states\.json"):
            use(folder)
    assert path.read_text() == content


def test_an_unknown_state_of_a_newer_program_is_passed_over(folder: Path) -> None:
    note_states(folder, {NAMES[0]: PhotoState.DONE})
    path = folder / ".meticulous" / "states.json"
    content = json.loads(path.read_text())
    content["photos"][NAMES[1]] = "checked twice"
    path.write_text(json.dumps(content))
    assert read_states(folder) == {NAMES[0]: PhotoState.DONE}


def test_a_folder_that_is_gone_is_said_and_does_not_come_back(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(ExportError, match="gone"):
        note_states(gone, {"a.jpg": PhotoState.DONE})
    assert not gone.exists()


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("dog-cutout.png", "dog"),
        ("dog-cutout-12.png", "dog"),
        ("dog-cutout.WEBP", "dog"),
        ("dog-cutout.tif", "dog"),
        ("dog-cutout-2.tiff", "dog"),
        ("dog-cutout.psd", "dog"),
        ("dog.png", None),
        ("dog-cutout.jpg", None),
        ("-cutout.png", None),
    ],
)
def test_names_of_cutouts(name: str, stem: str | None) -> None:
    assert is_cutout_of(name) == stem


def write_result(folder: Path, name: str, content: bytes = b"a result") -> None:
    with result_of(folder / NAMES[0], folder / name):
        (folder / name).write_bytes(content)


def results(folder: Path) -> set[str]:
    return results_among(folder, {path.name for path in folder.iterdir()})


def test_a_result_beside_its_photo_is_known_until_somebody_changes_it_or_the_photo_goes(folder: Path) -> None:
    names = {"photo 0-Object 1.png", "photo 0-labels.png", "photo 0-shop.png"}
    for name in sorted(names):
        write_result(folder, name, b"first")
        write_result(folder, name, b"and once more")
    note_states(folder, {NAMES[1]: PhotoState.DONE})
    assert results(folder) == names
    assert read_states(folder) == {NAMES[1]: PhotoState.DONE}
    (folder / "photo 0-labels.png").write_bytes(b"a photo of somebody, under the same name")
    assert results(folder) == names - {"photo 0-labels.png"}
    (folder / NAMES[0]).unlink()
    assert results(folder) == set()


def test_a_picture_that_a_result_replaces_stays_a_photo_of_the_folder(folder: Path) -> None:
    for name in (NAMES[0], NAMES[1]):
        write_result(folder, name)
    assert results(folder) == set()
    assert not (folder / ".meticulous").exists()


def test_results_elsewhere_and_those_whose_names_tell_leave_no_file(folder: Path) -> None:
    (folder / "out").mkdir()
    write_result(folder, "out/photo 0-Object 1.png")
    write_result(folder, "photo 0-cutout.png")
    assert not (folder / ".meticulous").exists()
    assert results(folder) == {"photo 0-cutout.png"}


def test_a_result_that_cannot_be_noted_is_written_all_the_same(folder: Path) -> None:
    (folder / ".meticulous").write_bytes(b"a file in the way")
    write_result(folder, "photo 0-Object 1.png")
    assert (folder / "photo 0-Object 1.png").exists()
    assert results(folder) == set()


@pytest.mark.parametrize("noted", [3, {"a.png": 3}, {"a.png": {"photo": [], "bytes": 0}}, {"../a.png": None}])
def test_notes_of_no_use_hide_no_photo(folder: Path, noted: object) -> None:
    note_states(folder, {NAMES[0]: PhotoState.DONE})
    path = folder / ".meticulous" / "states.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"results": noted}))
    (folder / "a.png").touch()
    assert results(folder) == set()
    write_result(folder, "photo 0-shop.png")
    assert results(folder) == {"photo 0-shop.png"}


def test_masks_of_layers_that_are_kept_among_photos_are_results(tmp_path: Path) -> None:
    folder, name = tmp_path / "photos", "IMG.20260101.0123456789.png"
    folder.mkdir()
    photo = load_photo(make_photo(tmp_path / "photo.png", (4, 6)))
    save_layers(Document(photo), folder)
    make_photo(folder / name, (4, 6))
    (mask,) = (path.name for path in folder.glob("photo.png.*.png"))
    assert results(folder) == {mask}, "a photo may be called nearly so"
