"""Options that contradict each other, or would change nothing together: one sentence, no work."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Program, Said


def assert_refused(said: Said, *words: str) -> None:
    """Check exit code 2 and one sentence that holds all the words."""
    assert said.code == 2, said.stderr
    assert len(said.sentences) == 1, said.stderr
    assert [word for word in words if word not in said.stderr] == []
    assert said.stdout == ""


@pytest.mark.parametrize("kind", ["--mask", "--alpha"])
@pytest.mark.parametrize("wish", [("--background", "white"), ("--clean", "50"), ("--keep-location",)])
def test_a_mask_has_no_colours_to_wish_for(
    program: Program, photo_file: Path, tmp_path: Path, kind: str, wish: tuple[str, ...]
) -> None:
    said = program("cutout", photo_file, "-o", tmp_path / "out", kind, *wish)
    assert_refused(said, wish[0], "leave it out or write a cut-out")
    assert not (tmp_path / "out").exists()


def test_neither_has_one_that_a_preset_asks_for(
    program: Program, photo_file: Path, tmp_path: Path, settings_file: Path
) -> None:
    settings_file.write_text('[presets.M]\nformat = "mask"\n')
    asked = ("cutout", photo_file, "-o", tmp_path / "out", "--preset", "M", "--no-refine")
    assert_refused(program(*asked, "--background", "white"), "--background")
    assert program(*asked, "--trim").code == 0


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (("--keep-location", "--no-exif"), ("--keep-location", "--no-exif")),
        (("--size", "60x40", "--square"), ("--size 60x40", "--square")),
        (("--no-refine", "--refiner", "crm"), ("--no-refine", "--refiner crm")),
    ],
)
def test_wishes_that_contradict_each_other_are_refused(
    program: Program, photo_file: Path, tmp_path: Path, wishes: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_refused(program("cutout", photo_file, "-o", tmp_path / "out", *wishes), *words)


def test_a_size_counts_also_where_the_preset_is_square(
    program: Program, photo_file: Path, tmp_path: Path, settings_file: Path
) -> None:
    settings_file.write_text("[presets.Shop]\nis_square = true\n")
    asked = ("cutout", photo_file, "-o", tmp_path / "c.png", "--preset", "Shop", "--no-refine")
    assert program(*asked, "--size", "60x30").code == 0
    with Image.open(tmp_path / "c.png") as cut:
        assert cut.size == (60, 30)


def test_a_pattern_of_names_is_for_results_in_a_folder(
    program: Program, photo_file: Path, tmp_path: Path
) -> None:
    named = ("cutout", photo_file, "--name", "{name}-cut", "--no-refine")
    assert_refused(program(*named, "-o", tmp_path / "c.png"), "c.png", "--name", "give -o a folder")
    assert program(*named, "-o", tmp_path / "out").code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["disc-cut.png"]


def test_clicks_without_refining_name_no_refiner(program: Program, photo_file: Path, tmp_path: Path) -> None:
    asked = ("click", photo_file, "--include", "60,45", "-o", tmp_path / "c.png", "--no-refine")
    assert_refused(program(*asked, "--refiner", "crm"), "--no-refine", "--refiner crm")


@pytest.mark.parametrize(
    ("files", "more", "words"),
    [
        (["mos_l"], ["--mask"], "is a segmenter, which has nothing to do here"),
        (["mos_h", "mos_h"], [], "are both a refiner"),
        (["mos_h"], ["--refiner", "crm"], "--refiner crm is not mos_h of"),
    ],
)
def test_weights_that_would_not_be_asked_are_refused(
    program: Program,
    photo_file: Path,
    mask_file: Path,
    random_networks: Path,
    tmp_path: Path,
    files: list[str],
    more: list[str],
    words: str,
) -> None:
    weights = [part for name in files for part in ("--weights", random_networks / f"{name}.safetensors")]
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "m.png", *weights, *more)
    assert_refused(said, words)
    assert not (tmp_path / "m.png").exists()


def test_a_refiner_that_no_fade_changes_nothing_for_is_named(
    program: Program, photo_file: Path, mask_file: Path, tmp_path: Path
) -> None:
    asked = ("refine", photo_file, mask_file, "-o", tmp_path / "m.png", "--no-fade")
    assert_refused(program(*asked), "--no-fade changes nothing for mos_h", "--refiner crm")
    assert program(*asked, "--refiner", "crm").code == 0


def test_nothing_is_measured_on_a_device_where_nothing_is_measured(program: Program) -> None:
    assert_refused(program("doctor", "--quick", "--device", "cpu"), "--quick", "--device")


@pytest.mark.parametrize("action", [("verify",), ("import", "x.safetensors")])
def test_json_of_networks_is_that_of_their_list(program: Program, action: tuple[str, ...]) -> None:
    assert_refused(program("models", "--json", *action), "--json is for the list of networks")
