"""A data folder of toy shards, small enough to train on within a test."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.training.shapes import disc_or_star
from training.common.split import split_of


def write_toy_data(folder: Path, *, n_train: int = 8, n_val: int = 3, side_px: int = 96) -> Path:
    """Write the sets duts, ccp and emoji with pictures of shapes, some of each for every split."""
    for set_name in ("duts", "ccp", "emoji"):
        wanted = {"train": n_train, "val": n_val, "test": 1}
        with tarfile.open(folder / f"{set_name}-0000.tar", "w") as tar:
            for number in range(10_000):
                key = f"{set_name}_{number}"
                if wanted[split_of(key)] == 0:
                    continue
                wanted[split_of(key)] -= 1
                rgb, alpha = disc_or_star(number, side_px=side_px)
                add_member(tar, f"{key}.webp", rgb[: side_px - 16], "WEBP")
                add_member(tar, f"{key}.png", alpha[: side_px - 16], "PNG")
                if not any(wanted.values()):
                    break
    return folder


def add_member(tar: tarfile.TarFile, name: str, values: np.ndarray, kind: str) -> None:
    """Add a picture to a tar."""
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, kind)
    member = tarfile.TarInfo(name)
    member.size = stream.tell()
    stream.seek(0)
    tar.addfile(member, stream)
