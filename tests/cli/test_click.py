"""``meticulous click``: points in, the object they show out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.weights import write_weights
from tests.cli.conftest import Program
from tests.engine.clicks.toy import OPTIONS, toy_network


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small click network that was never trained: clicks are obeyed by any."""
    path = tmp_path_factory.mktemp("clicker") / "toy.safetensors"
    write_weights(toy_network(), Card("toy", "click_segmenter", "fbrs", OPTIONS), path)
    return path


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_points_are_inside_and_outside_of_what_is_cut_out(
    program: Program, photo_file: Path, weights: Path, tmp_path: Path
) -> None:
    points = ["--include", "60,45", "--exclude", "10,10", "--include", "70.5,50"]
    out = tmp_path / "object.png"
    said = program("click", photo_file, *points, "-o", out, "--weights", weights)
    assert said.code == 0, said.stderr
    assert said.stdout.split() == [str(out)]
    cut = read(out)
    assert cut.shape == (90, 120, 4)
    assert [cut[45, 60, 3] >= 128, cut[10, 10, 3] >= 128, cut[50, 70, 3] >= 128] == [True, False, True]


def test_the_order_of_the_points_is_that_of_the_line(
    program: Program, photo_file: Path, weights: Path, tmp_path: Path
) -> None:
    for name, points in (
        ("in", ["--exclude", "60,45", "--include", "60,45"]),
        ("out", ["--include", "60,45", "--exclude", "60,45"]),
    ):
        out = tmp_path / f"{name}.png"
        said = program(
            "click", photo_file, *points, "-o", out, "--alpha", "--no-refine", "--weights", weights
        )
        assert said.code == 0, said.stderr
        assert (read(out)[45, 60] == 255) == (name == "in")
        assert "A later point contradicts the one at 60,45; the later one counts." in said.stderr


def test_a_mask_to_begin_with_changes_only_where_the_points_are_about(
    program: Program, photo_file: Path, mask_file: Path, weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "alpha"
    more = ["--mask", mask_file, "--alpha", "--no-refine", "--weights", weights]
    said = program("click", photo_file, "--exclude", "60,45", "-o", out, *more)
    assert said.code == 0, said.stderr
    alpha, start = read(out / "disc.png"), read(mask_file)
    assert alpha[45, 60] == 0
    assert not alpha[alpha != start].any()


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([], "point at the object with --include X,Y"),
        (["--exclude", "3,4"], "Without --mask something must be included"),
        (["--include", "12"], "takes two numbers such as 120,80, got '12'"),
        (["--include", "nan,3"], "takes two numbers"),
        (["--include", "1,2,3"], "takes two numbers"),
    ],
)
def test_points_that_cannot_be_meant_are_wrong_usage(
    program: Program, photo_file: Path, tmp_path: Path, points: list[str], sentence: str
) -> None:
    said = program("click", photo_file, *points, "-o", tmp_path / "x.png")
    assert said.code == 2
    assert sentence in said.stderr
    assert not (tmp_path / "x.png").exists()


def test_a_point_outside_the_photo_is_named(
    program: Program, photo_file: Path, weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.png"
    said = program("click", photo_file, "--include", "120,4", "-o", out, "--weights", weights)
    assert said.code == 1
    assert "disc.jpg: The click 120,4 lies outside the photo, which is 120 x 90 pixels" in said.stderr
    assert not out.exists()


def test_a_mask_of_another_size_is_named(
    program: Program, photo_file: Path, weights: Path, tmp_path: Path
) -> None:
    Image.new("L", (5, 4), 255).save(tmp_path / "small.png")
    more = ["--mask", tmp_path / "small.png", "-o", tmp_path / "x.png", "--weights", weights]
    said = program("click", photo_file, "--include", "60,45", *more)
    assert said.code == 1
    assert "5 x 4 pixels and the photo 120 x 90" in said.stderr


def test_a_folder_is_refused(program: Program, tmp_path: Path) -> None:
    said = program("click", tmp_path, "--include", "60,45", "-o", tmp_path / "x.png")
    assert said.code == 2
    assert "name a file" in said.stderr


def test_a_result_that_would_replace_the_photo_is_refused(program: Program, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    Image.new("RGB", (9, 9)).save(photo)
    said = program("click", photo, "--include", "3,3", "-o", photo)
    assert said.code == 2
