"""Slow readers of annotation formats, by the letter of each; for tests only."""

from __future__ import annotations

import base64
import io
import json
import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pycocotools import mask as coco_mask

from meticulous_gui.core.types import Mask

Objects = list[tuple[str, Mask]]


def even_odd(corners: list[list[float]] | NDArray[Any], size_hw: tuple[int, int]) -> Mask:
    """Count for every pixel's centre how many edges a ray to the left crosses."""
    inside = np.zeros(size_hw, np.bool_)
    points = np.asarray(corners, np.float64)
    columns = np.arange(size_hw[1]) + 0.5
    for row in range(size_hw[0]):
        y = row + 0.5
        for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
            if (y0 > y) != (y1 > y):
                inside[row] ^= columns > x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    return inside


def decoded(run_lengths: Any) -> Mask:
    """Return the mask of compressed run lengths, as pycocotools reads them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)  # numpy 2 tells it
        return coco_mask.decode(run_lengths).astype(np.bool_)


def read_coco(path: Path) -> dict[str, Objects]:
    content = json.loads(path.read_text(encoding="utf-8"))
    labels = {entry["id"]: entry["name"] for entry in content["categories"]}
    images = {entry["id"]: entry for entry in content["images"]}
    found: dict[str, Objects] = {entry["file_name"]: [] for entry in content["images"]}
    for entry in content["annotations"]:
        image = images[entry["image_id"]]
        size_hw = image["height"], image["width"]
        if isinstance(entry["segmentation"], dict):
            mask = decoded(entry["segmentation"])
        else:
            mask = np.zeros(size_hw, np.bool_)
            for ring in entry["segmentation"]:
                mask |= even_odd(np.reshape(ring, (-1, 2)), size_hw)
        found[image["file_name"]].append((labels[entry["category_id"]], mask))
    return found


def read_yolo(folder: Path, stem: str, size_hw: tuple[int, int]) -> Objects:
    entries = (folder / "data.yaml").read_text(encoding="utf-8").partition("names:\n")[2].splitlines()
    labels = [json.loads(entry.partition(": ")[2]) for entry in entries]
    found: Objects = []
    for line in (folder / "labels" / f"{stem}.txt").read_text().splitlines():
        number, *values = line.split()
        corners = np.reshape([float(value) for value in values], (-1, 2)) * (size_hw[1], size_hw[0])
        found.append((labels[int(number)], even_odd(corners, size_hw)))
    return found


def read_voc(folder: Path, stem: str) -> Objects:
    with Image.open(folder / "SegmentationObject" / f"{stem}.png") as image:
        assert image.mode == "P"
        objects = np.asarray(image)
    with Image.open(folder / "SegmentationClass" / f"{stem}.png") as image:
        assert image.mode == "P"
        classes = np.asarray(image)
    lines = (folder / "labelmap.txt").read_text().splitlines()[1:]
    names = [line.rsplit(":", 3)[0] for line in lines]
    root = ElementTree.parse(folder / "Annotations" / f"{stem}.xml").getroot()
    found: Objects = []
    for index, entry in enumerate(root.findall("object"), start=1):
        mask = objects == index
        label = entry.findtext("name")
        assert label is not None
        assert {names[value] for value in np.unique(classes[mask])} <= {label}
        found.append((label, mask))
    return found


def read_labelme(path: Path) -> Objects:
    content = json.loads(path.read_text(encoding="utf-8"))
    size_hw = content["imageHeight"], content["imageWidth"]
    found: Objects = []
    groups: dict[int, int] = {}
    for shape in content["shapes"]:
        if shape["shape_type"] == "mask":
            (x1, y1), (x2, y2) = shape["points"]
            mask = np.zeros(size_hw, np.bool_)
            with Image.open(io.BytesIO(base64.b64decode(shape["mask"]))) as crop:
                assert crop.size == (x2 - x1 + 1, y2 - y1 + 1)
                mask[y1 : y2 + 1, x1 : x2 + 1] = np.asarray(crop)
        else:
            mask = even_odd(shape["points"], size_hw)
        group = shape["group_id"]
        if group is not None and group in groups:
            found[groups[group]][1][mask] = True
            continue
        if group is not None:
            groups[group] = len(found)
        found.append((shape["label"], mask))
    return found
