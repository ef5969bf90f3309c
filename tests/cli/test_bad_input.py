"""What goes wrong with files gives one sentence that names the file, an exit code, and no broken output."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from meticulous_gui.core.decode import DecodeLimits, read_header_size
from tests.cli.conftest import ROOT, Program, Said, disc_photo

GONE = "does not exist"


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds almost nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    pixels = zlib.compress(bytes(1 << 16))
    parts = ((b"IHDR", size + b"\x08\x02\0\0\0"), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def truncated_jpeg() -> bytes:
    ok, encoded = cv2.imencode(".jpg", np.random.default_rng(0).integers(0, 256, (80, 80, 3), np.uint8))
    assert ok
    return encoded.tobytes()[:2000]


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "truncated": ("short.jpg", truncated_jpeg(), "cut short"),
    "empty": ("empty.png", b"", "0 bytes"),
    "text": ("note.png", b"Dear diary, this is no picture.\n", "is text"),
    "noise": ("noise.jpg", bytes(range(128, 228)), "not a photo"),
    "pdf": ("paper.png", b"%PDF-1.7 whatever", "PDF"),
    "too wide": ("wide.png", png_header(30_001, 10), "30001 x 10"),
    "bomb": ("bomb.png", png_header(29_000, 29_000), "841 megapixels"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_photo_is_one_sentence_and_leaves_nothing(
    program: Program, tmp_path: Path, case: str
) -> None:
    name, content, words = BROKEN[case]
    (tmp_path / name).write_bytes(content)
    said = program("cutout", tmp_path / name, "-o", tmp_path / "out" / "cut.png", "--quiet")
    assert_one_sentence(said, str(tmp_path / name), words)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [name]


def test_a_photo_that_is_not_there_is_one_sentence(program: Program, tmp_path: Path) -> None:
    said = program("cutout", tmp_path / "gone.jpg", "-o", tmp_path / "out.png", "--quiet")
    assert_one_sentence(said, "gone.jpg", GONE)


def test_a_folder_named_as_a_mask_is_one_sentence(program: Program, photo_file: Path, tmp_path: Path) -> None:
    (tmp_path / "mask.png").mkdir()
    said = program("refine", photo_file, tmp_path / "mask.png", "-o", tmp_path / "out.png")
    assert said.code == 2
    assert len(said.sentences) == 1


def test_a_folder_with_a_name_of_a_photo_is_searched(program: Program, tmp_path: Path) -> None:
    (tmp_path / "x.jpg").mkdir()
    said = program("cutout", tmp_path / "x.jpg", "-o", tmp_path / "out", "--quiet")
    assert_one_sentence(said, "x.jpg", "holds no photo")


@pytest.mark.parametrize(("size_hw", "words"), [((45, 60), "60 x 45"), ((120, 90), "90 x 120")])
def test_a_mask_of_another_size_is_one_sentence_with_both_sizes(
    program: Program, photo_file: Path, tmp_path: Path, size_hw: tuple[int, int], words: str
) -> None:
    Image.fromarray(np.zeros(size_hw, np.uint8)).save(tmp_path / "mask.png")
    said = program("refine", photo_file, tmp_path / "mask.png", "-o", tmp_path / "out.png", "--quiet")
    assert_one_sentence(said, "disc.jpg", words)
    assert "120 x 90" in said.stderr
    assert not (tmp_path / "out.png").exists()


def test_a_coloured_picture_is_no_mask(program: Program, photo_file: Path, tmp_path: Path) -> None:
    said = program("refine", photo_file, photo_file, "-o", tmp_path / "out.png", "--quiet")
    assert_one_sentence(said, "disc.jpg", "holds colours")


@pytest.mark.parametrize("case", ["truncated", "empty", "text", "too wide"])
def test_a_broken_mask_is_one_sentence_and_leaves_nothing(
    program: Program, photo_file: Path, tmp_path: Path, case: str
) -> None:
    name, content, words = BROKEN[case]
    (tmp_path / name).write_bytes(content)
    said = program("refine", photo_file, tmp_path / name, "-o", tmp_path / "out" / "m.png", "--quiet")
    assert_one_sentence(said, str(tmp_path / name), words)
    assert not list(tmp_path.rglob("m.png*"))


def test_masks_to_compare_that_cannot_be_read_are_one_sentence(
    program: Program, mask_file: Path, tmp_path: Path
) -> None:
    assert_one_sentence(program("evaluate", tmp_path / "gone.png", mask_file), "gone.png", GONE)
    (tmp_path / "empty.png").write_bytes(b"")
    assert_one_sentence(program("evaluate", mask_file, tmp_path / "empty.png"), "empty.png", "0 bytes")


# What the person set.


def test_the_limit_of_a_photo_is_the_one_in_the_settings(
    program: Program, photo_file: Path, settings_file: Path, tmp_path: Path
) -> None:
    settings_file.write_text("[decode]\nmax_side_px = 100\n")
    said = program("cutout", photo_file, "-o", tmp_path / "cut.png", "--quiet")
    assert_one_sentence(said, "disc.jpg", "raise max_side_px and max_megapixels under [decode]")
    settings_file.write_text("[decode]\nmax_side_px = 120\n")
    assert program("cutout", photo_file, "-o", tmp_path / "cut.png", "--no-refine").code == 0


def test_a_setting_of_no_use_is_said_and_its_default_used(
    program: Program, photo_file: Path, settings_file: Path, tmp_path: Path
) -> None:
    settings_file.write_text('[engine]\nthreads = "many"\n')
    said = program("cutout", photo_file, "-o", tmp_path / "cut.png", "--no-refine", "--quiet")
    assert said.code == 0
    assert said.sentences == [
        f"meticulous: engine.threads in {settings_file} is 'many' and must be a whole number from 0 to 1024; "
        "0 is used."
    ]


def test_a_device_that_is_not_there_is_said_once_for_all_photos(
    program: Program, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    Image.open(photo_file).save(tmp_path / "second.png")
    photos = (photo_file, tmp_path / "second.png")
    said = program("cutout", *photos, "-o", tmp_path / "out", "--device", "cuda", "--quiet")
    assert said.code == 1
    assert "Traceback" not in said.stderr
    assert said.stderr.count("The device cuda is not available here; use auto or cpu.") == 1
    assert not (tmp_path / "out").exists()


# What a photo may be, besides 8-bit RGB.


def save_16_bit(path: Path) -> None:
    cv2.imwrite(str(path), disc_photo()[0].astype(np.uint16) * 257)


def save_animated(path: Path) -> None:
    first = Image.fromarray(disc_photo()[0])
    first.save(path, save_all=True, append_images=[first.rotate(90)], duration=100)


KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "deep.png": (save_16_bit, "RGBA"),
    "cmyk.jpg": (lambda path: Image.fromarray(disc_photo()[0]).convert("CMYK").save(path), "RGBA"),
    "palette.png": (lambda path: Image.fromarray(disc_photo()[0]).quantize(16).save(path), "RGBA"),
    "grey.png": (lambda path: Image.fromarray(disc_photo()[0]).convert("L").save(path), "LA"),
    "alpha.png": (lambda path: Image.fromarray(np.dstack(disc_photo())).save(path), "RGBA"),
    "moves.gif": (save_animated, "RGBA"),
}
"""How a photo is saved, and the mode of its cut-out."""


def test_every_kind_of_photo_is_cut_out(program: Program, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, (save, _) in KINDS.items():
        save(tmp_path / "in" / name)
    said = program("cutout", tmp_path / "in", "-o", tmp_path / "out", "--no-refine")
    assert said.code == 0, said.stderr
    for name, (_, mode) in KINDS.items():
        with Image.open((tmp_path / "out" / name).with_suffix(".png")) as cut:
            assert (name, cut.mode, cut.size) == (name, mode, (120, 90))
    deep = cv2.imread(str(tmp_path / "out" / "deep.png"), cv2.IMREAD_UNCHANGED)
    assert deep is not None
    assert deep.dtype == np.uint16
    assert "moves.gif" in said.stderr
    assert "first one is used" in said.stderr


def test_turned_photos_come_out_upright(program: Program, tmp_path: Path) -> None:
    stored = Image.fromarray(disc_photo((60, 90))[0])
    (tmp_path / "in").mkdir()
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored.save(tmp_path / "in" / f"{orientation}.jpg", exif=exif)
    said = program("cutout", tmp_path / "in", "-o", tmp_path / "out", "--no-refine")
    assert said.code == 0, said.stderr
    for orientation in range(1, 9):
        with Image.open(tmp_path / "out" / f"{orientation}.png") as cut:
            assert (orientation, cut.size) == (orientation, (90, 60) if orientation < 5 else (60, 90))
            assert cut.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize("size_wh", [(1, 1), (1, 400), (30_000, 20)])
def test_extreme_shapes_are_cut_out(program: Program, tmp_path: Path, size_wh: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "x.bmp")
    said = program("cutout", tmp_path / "x.bmp", "-o", tmp_path / "cut.png")
    assert said.code == 0, said.stderr
    with Image.open(tmp_path / "cut.png") as cut:
        assert cut.size == size_wh


WITH_ITS_PEAK = """
import resource, sys
from meticulous_gui.cli.main import main
code = main(sys.argv[1:])
print("peak MiB:", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
sys.exit(code)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_a_hundred_megapixels_are_cut_out_in_the_memory_of_a_laptop(
    tmp_path: Path, network_folder: Path
) -> None:
    pixels = np.full((8200, 12300, 3), (40, 60, 30), np.uint8)
    cv2.circle(pixels, (6150, 4100), 2500, (60, 180, 230), -1)
    cv2.imwrite(str(tmp_path / "x.jpg"), pixels)
    said = run_python(WITH_ITS_PEAK, network_folder, "cutout", tmp_path / "x.jpg", "-o", tmp_path / "c.png")
    assert said.code == 0, said.stderr
    assert int(said.stdout.split()[-1]) < 2500
    assert read_header_size(tmp_path / "c.png", DecodeLimits()) == (8200, 12300)


# The disk.


WITHOUT_ROOTS_RIGHTS = """
import ctypes, sys
# Root reads and writes everything by two capabilities; without them the permissions of files count again.
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc = ctypes.CDLL(None, use_errno=True)
assert libc.capget(header, data) == 0
data[0] &= ~0b110
assert libc.capset(header, data) == 0
from meticulous_gui.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_a_photo_without_permission_is_one_sentence(
    photo_file: Path, tmp_path: Path, network_folder: Path
) -> None:
    photo_file.chmod(0)
    said = run_python(WITHOUT_ROOTS_RIGHTS, network_folder, "cutout", photo_file, "-o", tmp_path / "c.png")
    assert said.code == 1
    assert "Traceback" not in said.stderr
    assert f"{photo_file} may not be read (permission denied)" in said.stderr
    assert not (tmp_path / "c.png").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_a_folder_without_permission_is_one_sentence(tmp_path: Path, network_folder: Path) -> None:
    masks, closed = tmp_path / "masks", tmp_path / "closed"
    masks.mkdir()
    (masks / "x.png").write_bytes(b"a mask")
    closed.mkdir(mode=0)
    said = run_python(WITHOUT_ROOTS_RIGHTS, network_folder, "evaluate", masks, closed)
    assert_one_sentence(said, str(closed), "may not be read (permission denied); allow it")
    assert len(said.sentences) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
@pytest.mark.parametrize("place", ["c.png", "new/c.png"])
def test_a_folder_that_may_not_be_written_is_one_sentence(
    photo_file: Path, tmp_path: Path, network_folder: Path, place: str
) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    out = tmp_path / "locked" / place
    said = run_python(WITHOUT_ROOTS_RIGHTS, network_folder, "cutout", photo_file, "-o", out, "--no-refine")
    assert said.code == 1
    assert "Traceback" not in said.stderr
    first_missing = tmp_path / "locked" / Path(place).parts[0]
    assert f"{first_missing} was not written: {tmp_path / 'locked'} may not be written; choose" in said.stderr
    assert list((tmp_path / "locked").iterdir()) == []


WITH_A_SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
from meticulous_gui.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_disk_without_room_leaves_no_broken_file_and_the_old_one(
    tmp_path: Path, network_folder: Path
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    Image.fromarray(pixels, "RGB").save(tmp_path / "x.bmp")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.png").write_bytes(b"the old one")
    arguments = ("refine", tmp_path / "x.bmp", noisy_mask(tmp_path), "-o", tmp_path / "out", "--cutout")
    said = run_python(WITH_A_SMALL_DISK, network_folder, *arguments)
    assert said.code == 1
    assert "Traceback" not in said.stderr
    assert "x.png was not written" in said.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x.png"]
    assert (tmp_path / "out" / "x.png").read_bytes() == b"the old one"


def noisy_mask(folder: Path) -> Path:
    Image.fromarray(np.full((120, 160), 255, np.uint8)).save(folder / "mask.png")
    return folder / "mask.png"


# Weights.


def copy_of(folder: Path, name: str, target: Path) -> Path:
    for suffix in (".safetensors", ".json"):
        (target / (name + suffix)).write_bytes((folder / (name + suffix)).read_bytes())
    return target / f"{name}.safetensors"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("a flipped byte", "sha256"),
        ("cut short", "sha256"),
        ("a pickle", "pickle"),
        ("another network's", "tensors of its network"),
        ("no card", "has no card"),
        ("gone", GONE),
        ("a folder", "is a folder or a device; name a file"),
    ],
)
def test_bad_weights_are_one_sentence_for_the_whole_batch(
    program: Program, photo_file: Path, tmp_path: Path, random_networks: Path, harm: str, words: str
) -> None:
    weights = copy_of(random_networks, "mos_l", tmp_path)
    match harm:
        case "a flipped byte":
            content = bytearray(weights.read_bytes())
            content[-1] ^= 1
            weights.write_bytes(content)
        case "cut short":
            weights.write_bytes(weights.read_bytes()[:5000])
        case "another network's":
            save_file({"alien": np.zeros(3, np.float32)}, weights)
            card = json.loads(weights.with_suffix(".json").read_text())
            card["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
            weights.with_suffix(".json").write_text(json.dumps(card))
        case "a pickle":
            weights.write_bytes(pickle.dumps({"a": 1}))
        case "no card":
            weights.with_suffix(".json").unlink()
        case "gone" | "a folder":
            weights.unlink()
    if harm == "a folder":
        weights.mkdir()
    Image.open(photo_file).save(tmp_path / "second.png")
    arguments = (photo_file, tmp_path / "second.png", "-o", tmp_path / "out", "--quiet")
    said = program("cutout", *arguments, "--weights", weights)
    assert said.code == 1
    assert "Traceback" not in said.stderr
    assert said.stderr.count(weights.name) == 1
    assert words in said.stderr
    assert not (tmp_path / "out").exists()


def assert_one_sentence(said: Said, name: str, words: str) -> None:
    """Check exit code 1, a sentence that names the file and the reason, and no trace."""
    assert said.code == 1
    assert "Traceback" not in said.stderr
    about = [line for line in said.sentences if name in line]
    assert len(about) == 1, said.stderr
    assert words in about[0]
    assert said.stdout == ""


def run_python(code: str, network_folder: Path, *arguments: object) -> Said:
    """Run ``code`` in a process of its own with the program's networks and folders."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "METICULOUS_DATA_DIR": str(network_folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
