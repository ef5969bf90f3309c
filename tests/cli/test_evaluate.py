"""``meticulous evaluate``: the field's figures from files, pairs that do not fit named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Program


def square(size: int, top: int, bottom: int, left: int, right: int) -> Image.Image:
    mask = np.zeros((size, size), np.uint8)
    mask[top:bottom, left:right] = 255
    return Image.fromarray(mask)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two pairs: the reference's square shifted down by one, and a perfect one."""
    predictions, truths = tmp_path / "pred", tmp_path / "true"
    for folder in (predictions, truths):
        folder.mkdir()
    square(64, 17, 49, 16, 48).save(predictions / "shifted.png")
    square(64, 16, 48, 16, 48).save(truths / "shifted.bmp")
    square(64, 10, 30, 5, 55).save(predictions / "same.png")
    square(64, 10, 30, 5, 55).save(truths / "same.png")
    return predictions, truths


def test_figures_are_those_of_the_reference(program: Program, folders: tuple[Path, Path]) -> None:
    said = program("evaluate", *folders, "--json")
    assert said.code == 0, said.stderr
    report = json.loads(said.stdout)
    shifted, same = report["each"]["shifted.png"], report["each"]["same.png"]
    assert shifted["IoU"] == pytest.approx(992 / 1056)
    assert shifted["mBA"] == pytest.approx(188 / 252)
    assert shifted["bIoU"] == pytest.approx(0.6)
    assert 0 < shifted["edge"] < 1  # moved by one pixel: the sides along the move still coincide
    assert same["edge"] == 0
    assert shifted["MAE"] == pytest.approx(0.015625)
    assert (same["IoU"], same["mBA"], same["MAE"], same["SAD"]) == (1, 1, 0, 0)
    assert report["whole"]["IoU"] == pytest.approx((992 / 1056 + 1) / 2)
    assert report["whole"]["dataset"] == pytest.approx((992 + 1000) / (1056 + 1000))
    assert report["n"] == 2


def test_the_table_has_a_line_for_the_mean_and_on_demand_for_each(
    program: Program, folders: tuple[Path, Path]
) -> None:
    short = program("evaluate", *folders).stdout.splitlines()
    assert len(short) == 2
    assert short[1].startswith("mean of 2")
    long = program("evaluate", *folders, "--each").stdout.splitlines()
    assert [line.split()[0] for line in long[1:]] == ["same.png", "shifted.png", "mean"]


def test_a_truth_without_boundary_counts_in_everything_but_mba(program: Program, tmp_path: Path) -> None:
    Image.fromarray(np.zeros((8, 9), np.uint8)).save(tmp_path / "a.png")
    said = program("evaluate", tmp_path / "a.png", tmp_path / "a.png", "--json")
    assert said.code == 0, said.stderr
    figures = json.loads(said.stdout)["each"]["a.png"]
    assert figures["mBA"] is None
    assert figures["IoU"] == 1


def test_a_prediction_without_boundary_counts_in_everything_but_the_distance(
    program: Program, folders: tuple[Path, Path]
) -> None:
    predictions, truths = folders
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(predictions / "same.png")
    figures = json.loads(program("evaluate", predictions, truths, "--json").stdout)["each"]["same.png"]
    assert [name for name, value in figures.items() if value is None] == ["edge"]
    said = " ".join(program("evaluate", "--help").stdout.split())
    assert "one whose prediction has none in everything but edge." in said


def test_a_pair_of_two_sizes_and_a_mask_alone_are_named_and_the_rest_is_measured(
    program: Program, folders: tuple[Path, Path]
) -> None:
    predictions, truths = folders
    square(32, 1, 9, 1, 9).save(predictions / "small.png")
    square(64, 1, 9, 1, 9).save(truths / "small.png")
    square(64, 1, 9, 1, 9).save(predictions / "alone.png")
    said = program("evaluate", predictions, truths)
    assert said.code == 1
    assert "mean of 2" in said.stdout
    assert len(said.sentences) == 2
    assert "32 x 32" in said.stderr
    assert "alone.png has no partner" in said.stderr


def test_truths_without_a_prediction_are_said(program: Program, folders: tuple[Path, Path]) -> None:
    """A mean over what was predicted is not one over all that was to be found."""
    predictions, truths = folders
    square(64, 1, 9, 1, 9).save(truths / "missed.png")
    said = program("evaluate", predictions, truths, "--json")
    assert said.code == 0
    assert said.sentences == [
        f"meticulous: 1 of 3 masks in {truths} have no partner in {predictions} and are left out, such as "
        f"{truths / 'missed.png'}."
    ]
    assert json.loads(said.stdout)["left_out"] == [str(truths / "missed.png")]


def test_a_truth_that_is_a_label_map_is_named_instead_of_counted_as_empty(
    program: Program, folders: tuple[Path, Path]
) -> None:
    predictions, truths = folders
    square(64, 10, 30, 5, 55).point(lambda value: value and 15).save(truths / "same.png")
    said = program("evaluate", predictions, truths)
    assert said.code == 1
    assert "mean of 1" in said.stdout
    (sentence,) = said.sentences
    assert "same.png holds few values, up to 15 of 255, as label maps do" in sentence
    grey = np.tile(np.arange(64, dtype=np.uint8), (64, 1))  # coverage that is low everywhere
    Image.fromarray(grey).save(truths / "same.png")
    assert "mean of 2" in program("evaluate", predictions, truths).stdout


def test_max_f_of_a_set_is_that_of_the_mean_curve(program: Program, tmp_path: Path) -> None:
    """Each picture is perfect at some threshold, both at none."""
    for name, inside, outside in (("low.png", 100, 0), ("high.png", 200, 150)):
        grey = np.full((20, 20), outside, np.uint8)
        grey[5:15, 5:15] = inside
        truth = np.zeros((20, 20), np.uint8)
        truth[5:15, 5:15] = 255
        for folder, pixels in (("pred", grey), ("true", truth)):
            (tmp_path / folder).mkdir(exist_ok=True)
            Image.fromarray(pixels).save(tmp_path / folder / name)
    report = json.loads(program("evaluate", tmp_path / "pred", tmp_path / "true", "--json").stdout)
    assert [each["maxF"] for each in report["each"].values()] == [1, 1]
    assert 0.5 < report["whole"]["maxF"] < 0.7


def test_a_file_with_a_folder_is_wrong_usage(program: Program, folders: tuple[Path, Path]) -> None:
    assert program("evaluate", folders[0] / "same.png", folders[1]).code == 2


def test_the_limit_of_a_mask_is_the_one_in_the_settings(
    program: Program, folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text("[decode]\nmax_side_px = 63\n")
    said = program("evaluate", *folders)
    assert said.code == 1
    assert "raise max_side_px" in said.stderr
