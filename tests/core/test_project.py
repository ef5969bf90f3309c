from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from meticulous_gui.core.decided_steps import release_decided
from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import DecidedMap, Layer
from meticulous_gui.core.photo import load_photo, photo_from_array
from meticulous_gui.core.photo_states import PhotoState, note_states
from meticulous_gui.core.project import (
    SavedLayers,
    copy_layers,
    load_layers,
    prepare_save,
    saved_photos,
)
from meticulous_gui.core.project_index import FOLDER_NAME
from tests.core.documents import save_layers
from tests.core.test_photo import save_png, smooth
from tests.core.test_photo_bad_input import claimed_png, without_root_rights


def two_layers() -> list[Layer]:
    rng = np.random.default_rng(0)
    decided = DecidedMap((24, 40))
    decided.set(Box(3, 2, 9, 8), rng.random((6, 6)) < 0.5)
    return [
        Layer(3, "Dog „Rex“", rng.integers(0, 256, (24, 40), np.uint8), decided=decided, category="dog"),
        Layer(7, "", np.zeros((24, 40), np.uint8), colour=(1, 2, 3), visible=False, locked=True),
    ]


def open_document(folder: Path) -> Document:
    photo = load_photo(save_png(folder / "dog.png", smooth()))
    return Document(photo, layers=two_layers())


def opened_from_disk(folder: Path) -> Document:
    """Open the photo as another window does."""
    photo = load_photo(folder / "dog.png")
    saved = load_layers(photo)
    assert saved is not None
    document = Document(photo, layers=saved.layers)
    document.on_disk.value = saved.version
    return document


def files_in(folder: Path) -> list[Path]:
    """Return what was saved for the photos of a folder; locks are left out."""
    return list((folder / FOLDER_NAME).glob("[!.]*"))


def assert_same(saved: SavedLayers | None, layers: list[Layer]) -> None:
    assert saved is not None
    assert saved.notes == ()
    assert len(saved.layers) == len(layers)
    for found, wanted in zip(saved.layers, layers, strict=True):
        np.testing.assert_array_equal(found.alpha, wanted.alpha)
        np.testing.assert_array_equal(found.decided.to_mask(), wanted.decided.to_mask())
        for name in ("id", "name", "colour", "category", "visible", "locked"):
            assert getattr(found, name) == getattr(wanted, name)


def test_what_was_saved_is_found_again(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    document.set_active(7)
    assert save_layers(document) == tmp_path / ".meticulous" / "dog.png.json"
    saved = load_layers(load_photo(tmp_path / "dog.png"))
    assert_same(saved, two_layers())
    assert saved is not None
    assert saved.active_id == 7


def test_the_faintest_coverage_comes_back_as_it_was(tmp_path: Path) -> None:
    alpha = np.zeros((24, 40), np.uint8)
    alpha[5:9, 3:30] = 1
    photo = load_photo(save_png(tmp_path / "dog.png", smooth()))
    save_layers(Document(photo, layers=[Layer(1, "faint", alpha)]))
    assert_same(load_layers(photo), [Layer(1, "faint", alpha)])


def test_the_files_are_readable_without_us(tmp_path: Path) -> None:
    save_layers(open_document(tmp_path))
    place = tmp_path / ".meticulous"
    index = json.loads((place / "dog.png.json").read_text(encoding="utf-8"))
    assert index["photo"]["name"] == "dog.png"
    first = index["layers"][0]
    with Image.open(place / first["mask"]) as mask, Image.open(place / first["decided"]) as decided:
        np.testing.assert_array_equal(np.asarray(mask), two_layers()[0].alpha)
        assert decided.mode == "1"
        np.testing.assert_array_equal(np.asarray(decided), two_layers()[0].decided.to_mask())


def test_a_photo_without_saved_layers_has_none(tmp_path: Path) -> None:
    assert load_layers(load_photo(save_png(tmp_path / "dog.png", smooth()))) is None
    assert load_layers(photo_from_array(smooth())) is None


def test_marks_of_a_folder_are_no_damaged_layers(tmp_path: Path) -> None:
    save_layers(open_document(tmp_path))
    note_states(tmp_path, {"dog.png": PhotoState.DONE})
    (found,) = saved_photos(tmp_path / FOLDER_NAME)
    assert found.name == "dog.png"
    assert_same(found.saved, two_layers())


def test_two_photos_of_one_stem_do_not_meet(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    save_layers(document)
    Image.fromarray(smooth()).save(tmp_path / "dog.jpg")
    assert load_layers(load_photo(tmp_path / "dog.jpg")) is None


def test_saving_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    save_layers(document)
    before = {path.name: path.stat().st_mtime_ns for path in files_in(tmp_path)}
    document.set_layer_state(7, locked=False)
    document.remove_layer(3)
    save_layers(document)
    after = {path.name: path.stat().st_mtime_ns for path in files_in(tmp_path)}
    assert len(before) == 4
    assert len(after) == 2
    unchanged = [name for name in after if name.startswith("dog.png.7")]
    assert [after[name] for name in unchanged] == [before[name] for name in unchanged]


def test_another_folder_can_be_chosen(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    chosen = tmp_path / "elsewhere" / "deep"
    save_layers(document, chosen)
    assert not (tmp_path / ".meticulous").exists()
    assert_same(load_layers(document.photo, chosen), two_layers())


def test_a_pasted_picture_needs_a_folder(tmp_path: Path) -> None:
    document = Document(photo_from_array(smooth()), layers=two_layers())
    with pytest.raises(ExportError, match="choose a folder"):
        save_layers(document)
    save_layers(document, tmp_path)
    assert_same(load_layers(document.photo, tmp_path), two_layers())


def test_a_folder_that_cannot_be_written_is_an_export_error() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        document = open_document(folder)
        with without_root_rights(), pytest.raises(ExportError, match="choose another folder"):
            save_layers(document)
        assert [path.name for path in folder.iterdir()] == ["dog.png"]


def test_a_failed_save_keeps_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = open_document(tmp_path)
    save_layers(document)

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("meticulous_gui.core.files.os.fsync", full_disk)
    document.set_layer_state(7, locked=False)
    document.remove_layer(3)
    with pytest.raises(ExportError, match="disk is full"):
        save_layers(document)
    monkeypatch.undo()
    assert_same(load_layers(document.photo), two_layers())


def test_a_changed_photo_gets_its_layers_and_a_note(tmp_path: Path) -> None:
    save_layers(open_document(tmp_path))
    save_png(tmp_path / "dog.png", smooth()[::-1])
    saved = load_layers(load_photo(tmp_path / "dog.png"))
    assert saved is not None
    assert len(saved.layers) == 2
    assert "was changed after its layers were saved" in saved.notes[0]


def test_layers_of_another_size_are_left_alone_also_by_the_next_save(tmp_path: Path) -> None:
    save_layers(open_document(tmp_path))
    save_png(tmp_path / "dog.png", smooth(30, 20))
    photo = load_photo(tmp_path / "dog.png")
    saved = load_layers(photo)
    assert saved is not None
    assert saved.layers == ()
    assert "40 x 24 px and dog.png is 20 x 30 px" in saved.notes[0]
    n_before = len(list((tmp_path / ".meticulous").iterdir()))
    save_layers(Document(photo))
    names = {path.name for path in (tmp_path / ".meticulous").iterdir()}
    assert "dog.png.json.old" in names
    assert len(names) == n_before + 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "not a file of Meticulous"),
        ('{"format": "meticulous-layers", "version": 99}', "version 99"),
        ('{"format": "meticulous-layers", "version": 1}', "missing"),
    ],
)
def test_a_broken_json_gives_a_note(tmp_path: Path, content: str, said: str) -> None:
    document = open_document(tmp_path)
    index = save_layers(document)
    index.write_text(content)
    saved = load_layers(document.photo)
    assert saved is not None
    assert saved.layers == ()
    assert said in saved.notes[0]
    assert index.read_text() == content


def test_one_broken_mask_costs_one_layer(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    index = json.loads(save_layers(document).read_text(encoding="utf-8"))
    (tmp_path / ".meticulous" / index["layers"][0]["mask"]).write_bytes(b"")
    saved = load_layers(document.photo)
    assert saved is not None
    assert [layer.id for layer in saved.layers] == [7]
    assert "Rex" in saved.notes[0]
    save_layers(document)
    assert_same(load_layers(document.photo), two_layers())


def test_a_layer_that_could_not_be_read_is_not_lost_by_the_next_save(tmp_path: Path) -> None:
    index = json.loads(save_layers(open_document(tmp_path)).read_text(encoding="utf-8"))
    path = tmp_path / FOLDER_NAME / index["layers"][0]["mask"]
    path.rename(tmp_path / "away")  # as on a network disk that is slow to answer
    document = opened_from_disk(tmp_path)
    (tmp_path / "away").rename(path)
    saved = prepare_save(document)()
    assert "could not all be read; those are in" in saved.notes[0]
    (tmp_path / FOLDER_NAME / "dog.png.json.old").rename(saved.index)
    assert_same(load_layers(document.photo), two_layers())


def test_a_mask_of_another_size_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    index = json.loads(save_layers(document).read_text(encoding="utf-8"))
    (tmp_path / FOLDER_NAME / index["layers"][1]["mask"]).write_bytes(claimed_png(200_000, 200_000))
    saved = load_layers(document.photo)
    assert saved is not None
    assert "is 200000 x 200000 px, not 40 x 24" in saved.notes[0]
    assert len(saved.layers) == 1


def test_a_json_cannot_reach_outside_its_folder(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    path = save_layers(document)
    index = json.loads(path.read_text(encoding="utf-8"))
    index["layers"][0]["mask"] = "../dog.png"
    path.write_text(json.dumps(index))
    saved = load_layers(document.photo)
    assert saved is not None
    assert "leads elsewhere" in saved.notes[0]
    save_layers(document)
    assert (tmp_path / "dog.png").exists()


def test_copies_do_not_follow_the_document(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    copies = copy_layers(document)
    release_decided(document, 3)
    np.testing.assert_array_equal(copies[0].decided.to_mask(), two_layers()[0].decided.to_mask())


def test_saving_does_not_bring_a_lost_folder_back(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    document = open_document(tmp_path / "card")
    (tmp_path / "card" / "dog.png").unlink()
    (tmp_path / "card").rmdir()
    with pytest.raises(ExportError, match=r"The folder .*card is gone; dog.png was not saved"):
        save_layers(document)
    assert not (tmp_path / "card").exists()
    assert save_layers(document, tmp_path / "elsewhere").is_file()


@pytest.mark.parametrize("value", [float("inf"), float("nan"), None, [], "x"])
@pytest.mark.parametrize("key", ["id", "colour", "mask"])
def test_a_damaged_entry_costs_its_layer_alone(tmp_path: Path, key: str, value: object) -> None:
    document = open_document(tmp_path)
    path = save_layers(document)
    index = json.loads(path.read_text(encoding="utf-8"))
    index["layers"][0][key] = [value, 1, 2] if key == "colour" and isinstance(value, float) else value
    path.write_text(json.dumps(index))
    saved = load_layers(document.photo)
    assert saved is not None
    assert saved.layers[-1].id == document.layers[-1].id
