"""Another program's network beside ours, on the same pictures."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from meticulous_gui.core.types import Alpha, RgbImage
from tests.training.toy_data import write_toy_data
from training.common import peers


def field(number: int, value: int | str | bytes) -> bytes:
    """Return one field of a Protocol Buffers message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    low, high = value & 0x7F, value >> 7
    return bytes([low]) if high == 0 else bytes([low | 0x80]) + _varint(high)


def _tensor(name: str, shape: tuple[int, ...]) -> bytes:
    sides = b"".join(field(1, field(1, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, sides)))


def write_mean_of_channels(path: Path) -> Path:
    """Write an ONNX network whose answer is the mean of the three channels."""
    axes = field(1, "axes") + field(8, 1) + field(20, 7)
    keep = field(1, "keepdims") + field(3, 1) + field(20, 2)
    node = field(1, "x") + field(2, "y") + field(4, "ReduceMean") + field(5, axes) + field(5, keep)
    graph = field(1, node) + field(2, "mean")
    graph += field(11, _tensor("x", (1, 3, 320, 320))) + field(12, _tensor("y", (1, 1, 320, 320)))
    path.write_bytes(field(1, 7) + field(7, graph) + field(8, field(2, 11)))
    return path


def test_a_peer_s_first_map_is_stretched_and_enlarged_to_the_photo(tmp_path: Path) -> None:
    program = peers.U2Net(write_mean_of_channels(tmp_path / "mean.onnx"))
    rgb = np.full((240, 160, 3), 40, np.uint8)
    rgb[60:180, 40:120] = 200
    alpha = program(rgb)
    assert alpha.shape == (240, 160)
    assert alpha.min() == 0
    assert alpha.max() == 255
    assert np.array_equal(alpha >= 128, rgb[..., 0] == 200)


def test_the_time_of_every_thread_counts() -> None:
    def spend() -> None:
        end_s = time.thread_time() + 0.05
        while time.thread_time() < end_s:
            pass

    def program(rgb: RgbImage) -> Alpha:
        worker = threading.Thread(target=spend)
        worker.start()
        worker.join()
        return rgb[..., 0]

    alpha, seconds = peers.timed(program, np.zeros((4, 6, 3), np.uint8))
    assert alpha.shape == (4, 6)
    assert seconds >= 0.05


def test_the_table_has_a_column_for_every_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_toy_data(tmp_path, n_train=1, n_val=2)
    network = write_mean_of_channels(tmp_path / "mean.onnx")
    words = [
        "--data",
        str(data),
        "--onnx",
        str(network),
        "--kinds",
        "people",
        "--limit",
        "1",
        "--threads",
        "1",
    ]
    found = peers.main([*words, "--json", str(tmp_path / "found.json")])
    assert list(found["people"]) == ["mean", "MOS_L", "MOS_L, GrabCut", "MOS_L, MOS_H"]
    assert all(0 <= one["mean_iou"] <= 1 and one["pictures"] == 1 for one in found["people"].values())
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8")) == found
    assert "| people |" in capsys.readouterr().out
