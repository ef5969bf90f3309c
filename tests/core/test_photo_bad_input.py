"""Files opened by mistake: each gives one sentence with the file, the value and the way out."""

from __future__ import annotations

import os
import struct
import tempfile
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from meticulous_gui.core.errors import MaskError, PhotoError
from meticulous_gui.core.photo import (
    DecodeLimits,
    has_quick_preview,
    load_alpha,
    load_photo,
    load_preview,
    photo_from_array,
)
from tests.core.test_photo import deep, save_png, smooth
from tests.core.tiff_files import tiff_bytes

NOBODY = 65534


def refusal(path: Path, **details: Any) -> str:
    """Return the one sentence with which both readers refuse the file."""
    with pytest.raises(PhotoError) as error:
        load_photo(path, **details)
    message = str(error.value)
    with pytest.raises(PhotoError) as again:
        load_preview(path, max_side_px=64, **details)
    assert str(path) in message
    assert str(path) in str(again.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert "; " in message, "the sentence says what to do"
    return message


def claimed_png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """Return a PNG whose header claims a size that nothing backs."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_missing_file(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nothing.jpg")


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder, not a photo" in refusal(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    assert "is empty (0 bytes)" in refusal(tmp_path / "a.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_one_sentence_and_nothing_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    # Something lies in it, so that who reads it all the same does not wait.
    pipe = os.open(tmp_path / "a.jpg", os.O_RDWR | os.O_NONBLOCK)
    os.write(pipe, b"\xff\xd8\xff" + bytes(200))
    with pytest.raises(PhotoError, match="is a device or a pipe"):
        load_photo(tmp_path / "a.jpg")
    assert not has_quick_preview(tmp_path / "a.jpg")
    os.close(pipe)


def test_text_named_png(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("Dear reader, this is no picture. Grüße\n")
    assert 'is text ("Dear reader, this is no' in refusal(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04rest of a zip", "a ZIP archive"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "a video"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript file"),
        (bytes(range(128, 228)), "starts with the bytes 80 81 82"),
        (b"\x89PNG\r\n\x1a\n", "is damaged"),
        (b"\xff\xd8\xff", "is damaged"),
    ],
)
def test_foreign_content_named_jpg(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    message = refusal(tmp_path / "a.jpg")
    assert said in message


def test_a_camera_raw_file_is_not_taken_for_its_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "a.nef").write_bytes(tiff_bytes(smooth(4, 6)))
    assert "cannot be developed" in refusal(tmp_path / "a.nef")


@contextmanager
def without_root_rights() -> Iterator[None]:
    """Act as an ordinary person for the block, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_without_permission() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "a.png"
        save_png(path, smooth())
        path.chmod(0)
        with without_root_rights():
            message = refusal(path)
    assert "permission denied" in message


@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
@pytest.mark.parametrize(
    "suffix",
    [
        ".jpg",
        "p.jpg",
        ".png",
        "-16.png",
        ".webp",
        ".tif",
        "-16.tif",
        "c.tif",
        ".bmp",
        ".gif",
        ".avif",
        ".heic",
        ".jp2",
    ],
)
def test_a_truncated_file(tmp_path: Path, suffix: str, share: float) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    path = tmp_path / f"a{suffix}"
    picture = Image.fromarray(pixels)
    match suffix:
        case "-16.png":
            save_png(path, deep(96, 128))
        case "-16.tif":
            path.write_bytes(tiff_bytes(deep(96, 128)))
        case "c.tif":
            picture.save(path, compression="tiff_adobe_deflate")
        case "p.jpg":
            picture.save(path, progressive=True)
        case ".heic":
            pillow_heif.from_pillow(picture).save(path)
        case _:
            picture.save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    message = refusal(path)
    assert "is cut short" in message or "is damaged" in message


def test_a_flipped_bit_in_a_deep_png(tmp_path: Path) -> None:
    path = save_png(tmp_path / "a.png", deep(96, 128))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        (30_001, 20, "30001 x 20 px"),
        (20, 30_001, "20 x 30001 px"),
        (25_000, 20_000, "500 megapixels"),
        (2**31 - 1, 2**31 - 1, "2147483647 x 2147483647 px"),
    ],
)
def test_beyond_the_limit_is_refused_from_the_header(
    tmp_path: Path, width: int, height: int, said: str
) -> None:
    (tmp_path / "a.png").write_bytes(claimed_png(width, height))
    tracemalloc.start()
    message = refusal(tmp_path / "a.png")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said in message
    assert "30,000 px a side and 400 megapixels" in message
    assert "max_side_px" in message
    assert peak < 4_000_000


def test_a_decompression_bomb(tmp_path: Path) -> None:
    """A few kilobytes that unpack to 600 megapixels of black."""
    row = b"\0" * (30_000 * 3 + 1)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(200)) + packer.flush()
    (tmp_path / "a.png").write_bytes(claimed_png(30_000, 20_000, packed))
    assert (tmp_path / "a.png").stat().st_size < 100_000
    assert "600 megapixels" in refusal(tmp_path / "a.png")


def test_lower_limits_hold(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", smooth(24, 40))
    assert "40 x 24 px" in refusal(tmp_path / "a.png", limits=DecodeLimits(max_side_px=39))
    assert "40 x 24 px" in refusal(tmp_path / "a.png", limits=DecodeLimits(max_pixels=959))


def test_floating_point_values(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(tiff_bytes(np.ones((4, 5), np.float32)))
    assert "floating point" in refusal(tmp_path / "a.tif")


def test_whole_numbers_of_more_than_16_bits(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 5), 70_000, np.int32)).save(tmp_path / "a.tif")
    assert "more than 16 bits" in refusal(tmp_path / "a.tif")


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 5), np.uint8),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros((4, 5, 3)),
        np.zeros((0, 5, 3), np.uint8),
    ],
)
def test_an_array_that_is_no_photo(pixels: Any) -> None:
    with pytest.raises(PhotoError, match="uint8"):
        photo_from_array(pixels)


def test_a_failed_open_leaves_no_file_handle(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(claimed_png(9, 9, b"broken"))
    handles = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    for _ in range(3):
        refusal(tmp_path / "a.png")
    if handles:
        assert len(list(Path("/proc/self/fd").iterdir())) == handles


def test_a_mask_that_is_no_picture_is_a_mask_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no mask")
    with pytest.raises(MaskError, match="is text"):
        load_alpha(tmp_path / "a.png")


def test_a_coloured_picture_is_no_mask(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", smooth())
    with pytest.raises(MaskError, match="not clear what is inside"):
        load_alpha(tmp_path / "a.png")
