"""Pictures with every object outlined: COCO files, their pictures in tar shards or in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask, RgbImage
from training.common.kept import Kept, decode, members_of, naming
from training.common.split import Split, split_of

_SUPERSAMPLING: Final = 4


@dataclass(frozen=True)
class Instance:
    """One object of a picture.

    Attributes:
        id: of the annotation.
        box: where the mask lies.
        mask: (box.height, box.width) bool.
    """

    id: int
    box: Box
    mask: Mask

    @property
    def area_px(self) -> int:
        return int(np.count_nonzero(self.mask))

    def on(self, size_hw: tuple[int, int]) -> Mask:
        """Return the mask on the whole picture, (H, W) bool."""
        whole = np.zeros(size_hw, np.bool_)
        whole[self.box.slices()] = self.mask
        return whole


@dataclass(frozen=True)
class Scene:
    """A picture with its objects; crowds are left out."""

    key: str
    rgb: RgbImage
    objects: tuple[Instance, ...]


@dataclass(frozen=True)
class _Source:
    key: str
    image: bytes | Path
    annotations: tuple[dict[str, Any], ...]


class InstanceSet:
    """A sequence of scenes; each is decoded when first asked for and kept while the budget lasts.

    Attributes:
        keys: in a fixed order (sorted).
    """

    def __init__(self, sources: Iterable[_Source], *, cache_bytes: int = 1 << 30) -> None:
        self._sources = sorted(sources, key=lambda source: source.key)
        self.keys = tuple(source.key for source in self._sources)
        self._kept = Kept[Scene](cache_bytes)

    def __len__(self) -> int:
        return len(self._sources)

    def __getitem__(self, index: int) -> Scene:
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        source = self._sources[index]
        with naming(f"picture {source.key}", source.image):
            rgb = decode(source.image, "RGB")
            size_hw = (rgb.shape[0], rgb.shape[1])
            found = [instance_of(annotation, size_hw) for annotation in source.annotations]
        scene = Scene(source.key, rgb, tuple(instance for instance in found if instance is not None))
        self._kept.keep(index, scene, rgb.nbytes + sum(instance.mask.nbytes for instance in scene.objects))
        return scene


def instance_of(annotation: dict[str, Any], size_hw: tuple[int, int]) -> Instance | None:
    """Return the object of a COCO annotation, None where no pixel of the picture belongs to it.

    Raises:
        ValueError: the segmentation is neither polygons nor uncompressed run lengths.
    """
    outline = annotation.get("segmentation")
    if isinstance(outline, dict) and isinstance(outline.get("counts"), list):
        mask = mask_of_runs(outline["counts"], tuple(outline["size"]))
        box = Box.whole(size_hw)
        if mask.shape != size_hw:
            msg = f"annotation {annotation.get('id')}: its mask is {mask.shape}, the picture {size_hw} (H, W)"
            raise ValueError(msg)
    elif isinstance(outline, list):
        polygons = [np.asarray(points, np.float64).reshape(-1, 2) for points in outline if len(points) >= 6]
        if not polygons:
            return None
        mask, box = mask_of_polygons(polygons, size_hw)
    else:
        msg = f"annotation {annotation.get('id')}: the mask must be polygons or a plain list of run lengths"
        raise ValueError(msg)
    return Instance(int(annotation["id"]), box, mask) if mask.any() else None


def mask_of_polygons(polygons: Sequence[NDArray[np.float64]], size_hw: tuple[int, int]) -> tuple[Mask, Box]:
    """Return the union of polygons (points x, y in pixels, the first pixel's corner is (0, 0)) and its box.

    A pixel belongs where the polygons cover half of it.
    """
    low = np.floor(np.min([points.min(axis=0) for points in polygons], axis=0)).astype(int)
    high = np.ceil(np.max([points.max(axis=0) for points in polygons], axis=0)).astype(int) + 1
    box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clip(Box.whole(size_hw))
    if box.is_empty:
        return np.zeros((0, 0), np.bool_), box
    fine = np.zeros((box.height * _SUPERSAMPLING, box.width * _SUPERSAMPLING), np.uint8)
    for points in polygons:
        corners = (points - (box.x0, box.y0)) * _SUPERSAMPLING - 0.5
        cv2.fillPoly(fine, [np.rint(corners).astype(np.int32)], 255)
    return cv2.resize(fine, (box.width, box.height), interpolation=cv2.INTER_AREA) >= 128, box


def mask_of_runs(counts: Sequence[int], size_hw: tuple[int, int]) -> Mask:
    """Return the mask, (H, W) bool, of COCO's run lengths: columns first, beginning with zeros."""
    values = np.arange(len(counts)) % 2 == 1
    return np.ascontiguousarray(np.repeat(values, counts).reshape(size_hw[::-1]).T)


def open_instances(
    folders: Sequence[Path], name: str, split: Split, *, cache_bytes: int = 1 << 30
) -> InstanceSet:
    """Return one split of an instance set: ``NAME.json`` beside its shards ``NAME-0000.tar``.

    Raises:
        UsageError: no folder holds the set, or it is damaged.
    """
    for folder in folders:
        path = folder / f"{name}.json"
        if path.is_file():
            sources = (source for source, part in _sources_of(path) if split in (part, "all"))
            return InstanceSet(sources, cache_bytes=cache_bytes)
    raise UsageError(f"There is no file {name}.json in {', '.join(str(folder) for folder in folders)}.")


def read_coco(path: Path) -> InstanceSet:
    """Return every picture of a COCO file; the pictures lie in tars of its name, or beside it.

    Raises:
        UsageError: the file or a tar is damaged, or a picture is in none of these places.
    """
    return InstanceSet(source for source, _ in _sources_of(path))


def _sources_of(path: Path) -> list[tuple[_Source, Split]]:
    packed: dict[str, bytes] = {}
    for shard in sorted(path.parent.glob(f"{path.stem}-[0-9][0-9][0-9][0-9].tar")):
        packed |= members_of(shard)
    by_image: dict[int, list[dict[str, Any]]] = {}
    sources = []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        for annotation in content["annotations"]:
            if not annotation.get("iscrowd"):
                by_image.setdefault(annotation["image_id"], []).append(annotation)
        for image in content["images"]:
            name = image["file_name"]
            key = Path(name).stem
            where = packed[name] if name in packed else _loose_image(path, name)
            source = _Source(key, where, tuple(by_image.get(image["id"], ())))
            sources.append((source, split_of(key, coco_split=image.get("coco_split"))))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"{path} is no COCO file ({reason}); copy it again.") from error
    return sources


def _loose_image(path: Path, name: str) -> Path:
    places = [path.parent / name, path.parent / "images" / name, path.parent / path.stem / name]
    for place in places:
        if place.is_file():
            return place
    raise UsageError(f"{path} names the picture {name}, which is neither beside it nor in a folder images.")
