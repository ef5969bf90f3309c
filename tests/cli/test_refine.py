"""``meticulous refine``: any mask in, a mask of the same size out, pairs by stem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Program, disc_photo


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_coverage_of_the_photos_size_comes_out(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "better.png")
    assert said.code == 0, said.stderr
    better = read(tmp_path / "better.png")
    assert better.dtype == np.uint8
    assert better.shape == (90, 120)
    truth = disc_photo()[1]
    assert ((better >= 128) == (truth >= 128)).mean() > 0.9


def test_mask_and_cutout_can_be_asked_for(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    assert program("refine", photo_file, mask_file, "-o", tmp_path / "m.png", "--mask").code == 0
    assert set(np.unique(read(tmp_path / "m.png"))) <= {0, 255}
    assert program("refine", photo_file, mask_file, "-o", tmp_path / "c.png", "--cutout").code == 0
    assert read(tmp_path / "c.png").shape == (90, 120, 4)


def test_nothing_outside_the_box_changes(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "b.png", "--box", "40,20,80,60")
    assert said.code == 0, said.stderr
    changed = read(tmp_path / "b.png") != read(mask_file)
    changed[20:60, 40:80] = False
    assert not changed.any()


def test_a_box_beside_the_object_is_no_empty_result(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "b.png", "--box", "0,0,20,20")
    assert said.code == 0, said.stderr
    assert "empty" not in said.stderr
    np.testing.assert_array_equal(read(tmp_path / "b.png"), read(mask_file))


def test_a_mask_that_is_dark_on_light_is_turned_over_and_said(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    assert program("refine", photo_file, mask_file, "-o", tmp_path / "light.png").code == 0
    dark = tmp_path / "dark.png"
    Image.fromarray(255 - read(mask_file)).save(dark)
    said = program("refine", photo_file, dark, "-o", tmp_path / "turned.png")
    assert said.code == 0, said.stderr
    assert "dark on light and was turned over" in said.stderr
    np.testing.assert_array_equal(read(tmp_path / "turned.png"), read(tmp_path / "light.png"))


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "5,5,5,9", "9,9,1,1"])
def test_a_box_that_is_none_is_wrong_usage(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path, box: str
) -> None:
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "b.png", "--box", box)
    assert said.code == 2
    assert len(said.sentences) == 1


def test_a_box_outside_the_photo_is_one_sentence(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "b.png", "--box", "500,500,600,600")
    assert said.code == 1
    assert "500,500,600,600 holds no pixel of the photo, which is 120 x 90 pixels" in said.stderr
    assert not (tmp_path / "b.png").exists()


def test_objects_of_a_label_map_that_become_one_mask_are_said(
    program: Program, photo_file: Path, tmp_path: Path
) -> None:
    labels = disc_photo()[1] // 255
    labels[:, 60:] *= 2
    Image.fromarray(labels).save(tmp_path / "labels.png")
    said = program("refine", photo_file, tmp_path / "labels.png", "-o", tmp_path / "m.png")
    assert said.code == 0, said.stderr
    assert "labels.png is a label map of 2 objects, which are taken as one mask." in said.stderr


def test_folders_are_paired_by_stem_and_a_photo_without_a_mask_is_named(
    program: Program, tmp_path: Path
) -> None:
    rgb, alpha = disc_photo((40, 60))
    for name in ("photos/a.png", "photos/in/b.png", "photos/alone.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rgb).save(tmp_path / name)
    for name in ("masks/a.bmp", "masks/in/b.png", "masks/in/other.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(alpha).save(tmp_path / name)
    said = program("refine", tmp_path / "photos", tmp_path / "masks", "-o", tmp_path / "out")
    assert said.code == 1
    assert (tmp_path / "out" / "a.png").exists()
    assert (tmp_path / "out" / "in" / "b.png").exists()
    assert "alone.png has no partner" in said.stderr
    assert "1 of 3 masks in " in said.stderr
    assert "are left out, such as " in said.stderr
    assert "in/other.png." in said.stderr


def test_a_photo_with_a_folder_of_masks_is_wrong_usage(
    program: Program, photo_file: Path, tmp_path: Path
) -> None:
    assert program("refine", photo_file, tmp_path, "-o", tmp_path / "o.png").code == 2


def test_another_refiner_is_named(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    from meticulous_gui.engine.catalog import Card
    from meticulous_gui.engine.models import build
    from meticulous_gui.engine.weights import write_weights

    file = tmp_path / "crm.safetensors"
    write_weights(build("crm", {}), Card("crm", "refiner", "crm"), file)  # fresh, it leaves masks alone
    given = ("refine", photo_file, mask_file, "-o", tmp_path / "c.png", "--refiner", "crm")
    said = program(*given, "--weights", file)
    assert said.code == 0, said.stderr
    np.testing.assert_array_equal(read(tmp_path / "c.png"), read(mask_file))


def test_a_refiner_without_weights_is_said_before_any_work(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "c.png", "--refiner", "nobody")
    assert said.code != 0
    assert "no weights of a network named nobody" in said.stderr
    assert "meticulous models import" in said.stderr
    assert not (tmp_path / "c.png").exists()


def test_where_nobody_chooses_mos_h_perfects_the_edge(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    found = {}
    for name in ("", "crm", "mos_h"):
        out = tmp_path / f"refined-{name}.png"
        said = program("refine", photo_file, mask_file, "-o", out, *(("--refiner", name) if name else ()))
        assert said.code == 0, said.stderr
        found[name] = read(out)
    np.testing.assert_array_equal(found[""], found["mos_h"])
    assert not np.array_equal(found["crm"], found["mos_h"])
