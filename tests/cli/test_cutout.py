"""``meticulous cutout``: names of files, what is in them, exit codes, going on after a failure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Program, disc_photo

Process = Callable[..., subprocess.Popen[str]]


def photos(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(disc_photo((40, 60))[0]).save(path)
    return folder


def test_one_photo_becomes_a_cutout_of_its_size(program: Program, photo_file: Path, tmp_path: Path) -> None:
    said = program("cutout", photo_file, "-o", tmp_path / "cut.png")
    assert said.code == 0, said.stderr
    assert said.stdout == f"{tmp_path / 'cut.png'}\n"
    with Image.open(tmp_path / "cut.png") as cut:
        assert (cut.mode, cut.size) == ("RGBA", (120, 90))


def test_a_mask_holds_only_0_and_255(program: Program, photo_file: Path, tmp_path: Path) -> None:
    assert program("cutout", photo_file, "-o", tmp_path / "m.png", "--mask").code == 0
    with Image.open(tmp_path / "m.png") as mask:
        assert (mask.mode, mask.size) == ("L", (120, 90))
        assert set(np.unique(np.asarray(mask))) <= {0, 255}


def test_alpha_is_what_the_python_function_gives(
    program: Program, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meticulous_gui import api

    assert program("cutout", photo_file, "-o", tmp_path / "a.png", "--alpha").code == 0
    api._started_runner.cache_clear()  # another test may have used networks of another folder
    with Image.open(tmp_path / "a.png") as alpha:
        assert np.array_equal(np.asarray(alpha), api.cutout(photo_file))


def test_the_suffix_of_the_output_chooses_the_format(
    program: Program, photo_file: Path, tmp_path: Path
) -> None:
    assert program("cutout", photo_file, "-o", tmp_path / "cut.webp", "--no-refine").code == 0
    with Image.open(tmp_path / "cut.webp") as cut:
        assert cut.format == "WEBP"


def test_sub_folders_are_kept_and_a_broken_photo_does_not_stop_the_rest(
    program: Program, tmp_path: Path
) -> None:
    folder = photos(tmp_path / "in", "a.png", "deep/er/b.png")
    (folder / "broken.png").write_bytes((folder / "a.png").read_bytes()[:60])
    said = program("cutout", folder, "-o", tmp_path / "out", "--no-refine")
    assert said.code == 1
    written = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*"))
    assert written == [Path("a.png"), Path("deep/er/b.png")]
    assert f"meticulous: failed: {folder / 'broken.png'}" in said.sentences
    assert "Traceback" not in said.stderr


def test_two_photos_with_one_target_are_refused_before_any_work(program: Program, tmp_path: Path) -> None:
    folder = photos(tmp_path / "in", "x.png", "x.bmp")
    said = program("cutout", folder, "-o", tmp_path / "out")
    assert said.code == 2
    assert len(said.sentences) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "cut.jpg"], "cannot be written as .jpg"),
        (["-o", "out", "--format", "gif"], "--format can be png, webp, tiff, psd"),
        (["-o", "cut.png", "--format", "webp"], "contradicts"),
        (["-o", "m.webp", "--mask"], "cannot be written as .webp"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(
    program: Program, photo_file: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    before = sorted(tmp_path.iterdir())
    arguments[1] = str(tmp_path / arguments[1])
    said = program("cutout", photo_file, *arguments)
    assert said.code == 2
    assert words in said.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_wrong_usage_exits_2(program: Program, photo_file: Path) -> None:
    assert program("cutout", photo_file).code == 2
    assert program("cutout", photo_file, "-o", "x.png", "--mask", "--alpha").code == 2
    for option, value in (("--jobs", "0"), ("--jobs", "many"), ("--device", "abacus")):
        said = program("cutout", photo_file, "-o", "x.png", option, value)
        assert said.code == 2
        assert repr(value) in said.stderr


def test_json_reports_every_photo_and_nothing_else_is_on_stdout(program: Program, tmp_path: Path) -> None:
    folder = photos(tmp_path / "in", "a.png")
    (folder / "b.png").write_bytes(b"")
    said = program("cutout", folder, "-o", tmp_path / "out", "--json", "--no-refine")
    report = json.loads(said.stdout)
    assert (report["exit_code"], report["done"], report["failed"]) == (1, 1, 1)
    items = {Path(item["input"]).name: item for item in report["items"]}
    assert items["a.png"]["status"] == "done"
    assert (items["a.png"]["width"], items["a.png"]["height"]) == (60, 40)
    assert items["a.png"]["output"] == str(tmp_path / "out" / "a.png")
    assert items["b.png"]["status"] == "failed"
    assert "0 bytes" in items["b.png"]["message"]


def test_resume_keeps_what_is_done_and_does_the_rest(program: Program, tmp_path: Path) -> None:
    folder = photos(tmp_path / "in", "a.png", "b.png", "c.png")
    out = tmp_path / "out"
    assert program("cutout", folder, "-o", out, "--no-refine").code == 0
    (out / "b.png").unlink()
    os.utime(folder / "c.png", (4e9, 4e9))  # changed since
    kept = (out / "a.png").stat().st_mtime_ns
    said = program("cutout", folder, "-o", out, "--no-refine", "--resume", "--json")
    assert said.code == 0
    statuses = {Path(item["input"]).name: item["status"] for item in json.loads(said.stdout)["items"]}
    assert statuses == {"a.png": "skipped", "b.png": "done", "c.png": "done"}
    assert (out / "a.png").stat().st_mtime_ns == kept


def test_results_among_their_photos_are_no_photos_of_the_next_run(program: Program, tmp_path: Path) -> None:
    folder = photos(tmp_path / "in", "a.bmp", "deep/b.bmp")
    command = ("cutout", folder, "-o", folder, "--no-refine", "--resume", "--json")
    assert program(*command).code == 0
    said = program(*command)
    assert said.code == 0, said.stderr
    items = json.loads(said.stdout)["items"]
    assert {Path(item["input"]).name: item["status"] for item in items} == {
        "a.bmp": "skipped",
        "b.bmp": "skipped",
    }


def test_a_photo_that_is_named_leaves_only_its_result(
    program: Program, photo_file: Path, tmp_path: Path
) -> None:
    assert program("cutout", photo_file, "-o", tmp_path / "cut.png", "--no-refine").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.png", photo_file.name]


def test_nothing_left_to_do_loads_no_network(program: Program, tmp_path: Path) -> None:
    folder = photos(tmp_path / "in", "a.png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.png").write_bytes(b"done before")
    said = program(
        "cutout", folder, "-o", tmp_path / "out", "--resume", "--weights", tmp_path / "no.safetensors"
    )
    assert said.code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_batch_exits_130_and_keeps_only_whole_results(
    process: Process, tmp_path: Path, number: signal.Signals
) -> None:
    photos(tmp_path / "in", *(f"{index:03}.png" for index in range(300)))
    running = process("cutout", "in", "-o", "out", "--jobs", "1", "--json")
    assert running.stderr is not None
    said = ""
    while "wrote" not in said:
        assert running.poll() is None, said
        said = running.stderr.readline()
    running.send_signal(number)
    stdout, stderr = running.communicate(timeout=120)
    assert running.returncode == 130, stderr
    assert "Traceback" not in stderr
    report = json.loads(stdout)
    assert report["exit_code"] == 130
    written = sorted((tmp_path / "out").iterdir())
    assert 0 < len(written) < 300
    assert len(written) == report["done"]
    assert report["done"] + report["interrupted"] == len(report["items"]) == 300
    for path in written:
        with Image.open(path) as cut:
            cut.load()


def test_a_word_that_is_neither_command_nor_file_is_named(process: Process) -> None:
    running = process("cutuot")
    _, stderr = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "cutuot is neither a file here nor a command" in stderr


def test_results_are_framed_coloured_and_named_as_wished(
    program: Program, photo_file: Path, tmp_path: Path
) -> None:
    wishes = (
        "--trim",
        "--padding",
        "4",
        "--size",
        "64x48",
        "--background",
        "#102030",
        "--name",
        "{counter}-{name}",
    )
    said = program("cutout", photo_file, "-o", tmp_path / "out", "--no-refine", *wishes)
    assert said.code == 0, said.stderr
    with Image.open(tmp_path / "out" / "1-disc.png") as cut:
        assert (cut.mode, cut.size) == ("RGB", (64, 48))
        assert cut.getpixel((0, 0)) == (0x10, 0x20, 0x30)


def test_deep_formats_can_be_chosen(program: Program, photo_file: Path, tmp_path: Path) -> None:
    for name, kind in (("a.tif", "TIFF"), ("a.psd", "PSD")):
        assert program("cutout", photo_file, "-o", tmp_path / name, "--no-refine").code == 0
        with Image.open(tmp_path / name) as cut:
            assert (cut.format, cut.size) == (kind, (120, 90))


def test_a_preset_of_the_window_is_used(
    program: Program, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(
        '[presets.Shop]\nformat = "webp"\nwidth_px = 60\nbackground = "white"\n'
    )
    assert program("cutout", photo_file, "-o", tmp_path / "out", "--preset", "Shop", "--no-refine").code == 0
    with Image.open(tmp_path / "out" / "disc.webp") as cut:
        assert (cut.mode, cut.size) == ("RGB", (60, 45))


@pytest.mark.parametrize(("values", "most"), [("grey", 255), ("binary", 2)])
def test_a_preset_of_masks_writes_masks(
    program: Program,
    photo_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    values: str,
    most: int,
) -> None:
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text(f'[presets.M]\nformat = "mask"\nmask_values = "{values}"\n')
    said = program("cutout", photo_file, "-o", tmp_path / "out", "--preset", "M", "--no-refine")
    assert said.code == 0, said.stderr
    with Image.open(tmp_path / "out" / "disc.png") as mask:
        assert mask.mode == "L"
        assert len(mask.getcolors() or []) <= most


def test_a_preset_of_annotations_is_refused(
    program: Program, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[presets.Team]\nformat = "coco"\n')
    said = program("cutout", photo_file, "-o", tmp_path / "out", "--preset", "Team")
    assert said.code == 2
    assert "the preset 'Team' writes annotations (coco)" in said.stderr


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (("--preset", "Nowhere"), "there is no preset 'Nowhere'; known: none is saved yet."),
        (("--background", "no-colour"), "The background cannot be used: no-colour does not exist"),
        (("--name", "{what}"), "only {name} and {counter} are known"),
    ],
)
def test_wishes_of_no_use_are_refused_before_any_work(
    program: Program, photo_file: Path, tmp_path: Path, wish: tuple[str, str], said: str
) -> None:
    answer = program("cutout", photo_file, "-o", tmp_path / "out", *wish)
    assert answer.code == 2
    assert said in answer.stderr
    assert not (tmp_path / "out").exists()


def test_a_result_does_not_replace_its_background(program: Program, photo_file: Path, tmp_path: Path) -> None:
    backdrop = tmp_path / "sea.png"
    Image.new("RGB", (9, 9), "blue").save(backdrop)
    before = backdrop.read_bytes()
    answer = program("cutout", photo_file, "-o", backdrop, "--background", backdrop, "--no-refine")
    assert answer.code == 2
    assert "sea.png, which is an input" in answer.stderr
    assert backdrop.read_bytes() == before


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (("--size", "50x60", "--padding", "25"), "leaves no room in 50 x 60 px"),
        (("--size", "99999x10"), "more than 30,000 px a side"),
        (("--padding", "15000"), "more than 30,000 px a side"),
    ],
)
def test_a_frame_that_no_photo_fits_is_refused_before_any_work(
    program: Program, photo_file: Path, tmp_path: Path, wishes: tuple[str, ...], words: str
) -> None:
    said = program("cutout", photo_file, "-o", tmp_path / "out", *wishes)
    assert said.code == 2
    assert len(said.sentences) == 1
    assert words in said.stderr


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--size", "big", "must be width x height"),
        ("--clean", "101", "must be from 0 to 100"),
        ("--padding", "-1", "must be a whole number, 0 or more"),
    ],
)
def test_wishes_out_of_range_are_wrong_usage(
    process: Process, photo_file: Path, option: str, value: str, words: str
) -> None:
    running = process("cutout", photo_file, "-o", "out", option, value)
    stderr = running.communicate(timeout=60)[1]
    assert running.returncode == 2
    assert f"argument {option}: {words}" in stderr
