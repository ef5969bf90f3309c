"""Stories of the real program on a real display: mouse and keys in, files and pixels out."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.photo_states import PhotoState, read_states
from meticulous_gui.core.types import Alpha
from tests.x11.conftest import Start
from tests.x11.desk import MARKER_PX, PHOTO_WH_PX, Person, Screen, saved_mask, write_photo

pytestmark = pytest.mark.x11

CUP = (300, 150)
TABLE = (560, 350)
SAUCER = (130, 200)
EDGE_OF_SAUCER = (110, 230)
BESIDE_EDGE_OF_SAUCER = (119, 230)  # the mark does not reach so far


def square() -> Alpha:
    """A mask of the middle of the photo, as somebody has left it."""
    mask = np.zeros(PHOTO_WH_PX[::-1], np.uint8)
    mask[100:300, 200:400] = 255
    return mask


def is_overlaid(rgb: NDArray[np.int64]) -> bool:
    """Say whether a pixel of the brown cup or table is under the green of a mask."""
    return bool(rgb[1] > rgb[0] + 10)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo whose mask somebody has begun."""
    folder = tmp_path / "photos"
    folder.mkdir()
    return write_photo(folder / "cup.png", square())


@pytest.fixture
def person(start: Start, photo: Path) -> Person:
    """Somebody who has opened that photo."""
    person = start(photo)
    person.wait_for_photo(photo.name)
    person.wait_for_colour(CUP, is_overlaid, "the saved mask")
    return person


def test_a_photo_named_on_the_command_line_has_its_object_found(start: Start, tmp_path: Path) -> None:
    photo = write_photo(tmp_path / "cup.png")
    person = start(photo)
    person.wait_for_photo("cup.png")
    person.wait_for_colour(CUP, is_overlaid, "the first mask")
    person.wait_for_colour(TABLE, lambda rgb: not is_overlaid(rgb), "the table without a colour")
    person.key("ctrl+s")
    person.wait_until((tmp_path / ".meticulous" / "cup.png.json").exists, "saved layers")
    mask = saved_mask(photo) >= 128
    assert mask[CUP[1], CUP[0]]
    assert not mask[TABLE[1], TABLE[0]]
    assert 0.2 < mask.mean() < 0.7


def test_a_stroke_of_the_brush_is_there_and_goes_away_to_the_bit(person: Person, photo: Path) -> None:
    person.key("b")
    person.drag((60, 60), (150, 60))
    person.wait_for_colour((100, 60), is_overlaid, "the stroke")
    person.save()
    mask = saved_mask(photo)
    assert (mask[60, 60:150] == 255).all()
    changed = bounding_box(mask != square())
    assert changed.x1 < 200
    assert changed.y1 < 100
    person.key("ctrl+z")
    person.save()
    assert np.array_equal(saved_mask(photo), square())


def test_the_lasso_takes_what_lies_between_its_corners(person: Person, photo: Path) -> None:
    person.key("l")
    first = (430, 40)
    person.click(first, (570, 40), (570, 300), (430, 300), first)
    person.save()
    mask = saved_mask(photo)
    assert (mask[45:295, 435:565] == 255).all()
    assert np.array_equal(mask[:, :425], square()[:, :425])
    assert not mask[310:].any()


def test_the_networks_refine_the_edge_that_was_painted_over_and_nothing_else(
    person: Person, photo: Path
) -> None:
    person.key("r")
    person.drag((400, 120), (400, 200))
    person.save()
    changed = bounding_box(saved_mask(photo) != square())
    assert not changed.is_empty
    assert changed.x0 > 300
    assert changed.y1 < 300


def test_one_key_exports_the_cut_out_beside_the_photo(person: Person, photo: Path) -> None:
    person.key("ctrl+e")
    path = photo.with_name("cup-cutout.png")
    person.wait_until(path.exists, "the export")
    with Image.open(path) as cut, Image.open(photo) as original:
        assert cut.mode == "RGBA"
        pixels, rgb = np.asarray(cut), np.asarray(original)
    assert np.array_equal(pixels[:, :, 3], square())
    assert np.array_equal(pixels[:, :, :3][square() == 255], rgb[square() == 255])


def test_in_a_folder_keys_lead_on_and_back_and_mark_as_done(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    first, *_ = [write_photo(folder / f"{name}.png", square()) for name in "abc"]
    person = start(folder)
    person.wait_for_photo("a.png (1 of 3)")
    person.key("Next")
    person.wait_for_photo("b.png (2 of 3)")
    person.key("d")
    person.wait_until(lambda: read_states(folder).get("b.png") is PhotoState.DONE, "the mark")
    person.key("Prior")
    person.wait_for_photo("a.png (1 of 3)")
    person.key("b")
    person.drag((60, 60), (150, 60))
    person.wait_for_title("a.png*")
    person.key("Next")  # without a question
    person.wait_for_photo("b.png (2 of 3)")
    person.wait_until(lambda: bool(saved_mask(first)[60, 100]), "the stroke on the disk")
    assert read_states(folder)["b.png"] is PhotoState.DONE


def test_the_palette_finds_a_command_by_its_words(person: Person, photo: Path) -> None:
    person.key("ctrl+k")
    palette = person.wait_for_dialog("Find a command")
    person.write("invert mask")
    person.key("Return")
    person.wait_until_closed(palette)
    person.save()
    assert np.array_equal(saved_mask(photo), 255 - square())


def test_leaving_with_unsaved_work_asks_and_saving_is_the_default(person: Person, photo: Path) -> None:
    person.key("b")
    person.drag((60, 60), (150, 60))
    person.wait_for_title("cup.png*")
    person.key("ctrl+q")
    question = person.wait_for_dialog("Unsaved changes")
    person.key("Escape")
    person.wait_until_closed(question)
    assert "*" in person.title
    person.key("ctrl+q")
    person.wait_for_dialog("Unsaved changes")
    person.key("Return")
    assert person.wait_for_end() == 0
    assert (saved_mask(photo)[60, 60:150] == 255).all()


def test_a_picture_of_another_program_is_pasted_and_its_cut_out_copied_back(
    start: Start, screen: Screen, tmp_path: Path
) -> None:
    other = screen.offer_on_clipboard(write_photo(tmp_path / "other.png"))
    person = start()
    person.key("ctrl+v")
    person.wait_for_photo("")
    person.wait_for_colour(CUP, is_overlaid, "the first mask of the pasted picture")
    person.key("ctrl+c")
    assert other.wait(60) == 0  # xclip ends when somebody else has the clipboard
    environment = {**os.environ, "DISPLAY": screen.name}
    command = ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"]
    copied = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    with Image.open(io.BytesIO(copied.stdout)) as cut:
        assert (cut.mode, cut.size) == ("RGBA", PHOTO_WH_PX)
        alpha = np.asarray(cut)[:, :, 3]
    assert alpha[CUP[1], CUP[0]] == 255
    assert alpha[TABLE[1], TABLE[0]] == 0


def test_the_wheel_zooms_at_the_pointer_space_pans_and_0_shows_all_again(person: Person) -> None:
    person.key("v")  # the brush would draw its ring over the corner
    whole = person.marked_box()
    at = person.on_screen((MARKER_PX // 2, MARKER_PX // 2))
    near = whole
    while near.width > 100:  # the other corners are to be seen
        person.turn_wheel(at)
        person.wait_until(lambda before=near: person.marked_box() != before, "a step nearer")  # type: ignore[misc]
        near = person.marked_box()
        assert near.contains_xy(*at)
    assert near.width > MARKER_PX * whole.width / PHOTO_WH_PX[0]
    person.pan(60, 40)
    person.wait_until(
        lambda: person.marked_box() == near.translate(60, 40), "the picture where it was dragged"
    )
    person.key("0")
    person.wait_until(lambda: person.marked_box() == whole, "the whole photo")


def test_a_cup_is_pointed_at_corrected_taken_back_kept_and_exported(start: Start, tmp_path: Path) -> None:
    photo = write_photo(tmp_path / "cup.png", np.zeros(PHOTO_WH_PX[::-1], np.uint8))
    person = start(photo)
    person.wait_for_photo("cup.png")
    person.key("p")
    person.click(CUP)
    person.wait_for_colour(BESIDE_EDGE_OF_SAUCER, is_overlaid, "the cup with its saucer")
    person.click(SAUCER)
    person.click(EDGE_OF_SAUCER, button=3)
    person.wait_for_colour(
        BESIDE_EDGE_OF_SAUCER, lambda rgb: not is_overlaid(rgb), "the saucer without its edge"
    )
    person.key("ctrl+z")
    person.wait_for_colour(BESIDE_EDGE_OF_SAUCER, is_overlaid, "its edge again")
    person.key("Return")
    person.save()
    mask = saved_mask(photo) >= 128
    assert all(mask[y, x] for x, y in (CUP, SAUCER, EDGE_OF_SAUCER))
    assert not mask[TABLE[1], TABLE[0]]
    path = photo.with_name("cup-cutout.png")

    def is_exported() -> bool:
        person.key("ctrl+s", "ctrl+e")
        if not path.exists():
            return False
        with Image.open(path) as cut:
            return np.array_equal(np.asarray(cut)[:, :, 3], saved_mask(photo))

    # The edge of what was kept is sharpened meanwhile: the two are the same when that has ended.
    person.wait_until(is_exported, "the export of what is saved")
