"""Samples of the click network: a crop, its object, the first prompts, perhaps a wrong mask to correct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Mask, RgbImage
from meticulous_gui.engine.clicks.crop import Crop, square_crop, whole_crop
from meticulous_gui.engine.clicks.maps import Planes, draw_box, draw_disk, draw_path
from meticulous_gui.engine.clicks.prior import soft_prior
from training.common.apart import ApartScenes
from training.common.augment import ColourChange, change_colours, generator
from training.common.instances import InstanceSet, Scene, open_instances
from training.common.mixture import Share
from training.common.pasted import KinScenes, PastedScenes
from training.common.shards import Pair, PairSet, open_set, require_some
from training.common.split import Split
from training.fbrs.corrupt import corrupted
from training.fbrs.robot import count_probabilities, depth_of, next_click

INSTANCE_SETS: Final = ("coco", "cats", "penn")
MOST_CLICKS: Final = 24
COUNT_GAMMA: Final = 0.8

_LEAST_OBJECT_PX: Final = 300  # of the stored picture: smaller outlines are mostly wrong
_LEAST_SHARE: Final = 0.12  # of the picture's long side, to be looked for in all of it
_EDGE_WEIGHT: Final = 2
_EDGE_PX: Final = 3


@dataclass(frozen=True)
class StartShares:
    """How often a sample starts with what; the rest starts with one click on the object."""

    correction: float = 0.4  # a wrong mask and a click where it is wrong
    many_clicks: float = 0.2
    box: float = 0.08
    scribble: float = 0.08
    nothing: float = 0.03  # only excluding clicks, and an empty answer


ObjectSet: TypeAlias = PairSet | InstanceSet | ApartScenes | PastedScenes | KinScenes

_MADE_SETS: Final[dict[str, tuple[str, Callable[[PairSet], ObjectSet]]]] = {
    "apart": ("duts", ApartScenes),
    "pasted": ("duts", PastedScenes),
    "kin": ("duts", KinScenes),
    "people": ("ccp", KinScenes),
}
"""Sets that are made of the photos of another one: of which, and how."""


class ObjectSource:
    """Pictures with objects out of mask sets, instance sets and pasted scenes alike.

    Within a set every picture comes at most once per pass, in a new order for each, as in ``Mixture``.

    Attributes:
        sets: by name.
    """

    def __init__(self, shares: Sequence[Share], sets: dict[str, ObjectSet], *, seed: int) -> None:
        self.shares, self.sets, self._seed = tuple(shares), sets, seed
        weights = np.array([share.share for share in shares])
        self._weights = weights / weights.sum()

    @staticmethod
    def open(
        folders: Sequence[Path],
        shares: Sequence[Share],
        *,
        seed: int,
        split: Split = "train",
        cache_bytes: int = 2 << 30,
    ) -> ObjectSource:
        """Open one split of every set.

        Raises:
            UsageError: a set is in none of the folders, or has nothing in this split.
        """
        sets: dict[str, ObjectSet] = {}
        photo_sets: dict[str, PairSet] = {}  # a set and the scenes made of it share what is decoded
        for name in (share.name for share in shares):
            if name in INSTANCE_SETS:
                sets[name] = open_instances(folders, name, split, cache_bytes=cache_bytes)
                continue
            photos, make = _MADE_SETS.get(name, (name, None))
            if photos not in photo_sets:
                photo_sets[photos] = open_set(folders, photos, split, cache_bytes=cache_bytes)
            pairs = photo_sets[photos]
            sets[name] = pairs if make is None else make(pairs)
        for name, found in sets.items():
            require_some(found, name, split)
        return ObjectSource(shares, sets, seed=seed)

    def draw(self, number: int, rng: np.random.Generator) -> tuple[RgbImage, Mask, Mask]:
        """Return picture (H, W, 3), object and the other objects (H, W) of sample ``number`` of the run."""
        which = int(rng.choice(len(self.shares), p=self._weights))
        chosen = self.sets[self.shares[which].name]
        epoch, place = divmod(number, len(chosen))
        order = np.random.Generator(np.random.PCG64(np.random.SeedSequence((self._seed, epoch, which))))
        index = int(order.permutation(len(chosen))[place])
        for step in range(len(chosen)):
            item = _item(chosen, (index + step) % len(chosen), rng)
            found = _of_pair(item, rng) if isinstance(item, Pair) else _of_scene(item, rng)
            if found is not None:
                return item.rgb, found[0], found[1]
        name = self.shares[which].name
        raise UsageError(
            f"No picture of the set {name!r} holds an object of {_LEAST_OBJECT_PX} pixels; leave it out."
        )


def _item(chosen: ObjectSet, index: int, rng: np.random.Generator) -> Pair | Scene:
    return chosen.scene(index, rng) if isinstance(chosen, PastedScenes | KinScenes) else chosen[index]


def _of_pair(pair: Pair, rng: np.random.Generator) -> tuple[Mask, Mask] | None:
    """Return the object of a mask set: all of it, sometimes one of several pieces."""
    truth = pair.alpha >= 128
    none = np.zeros_like(truth)
    if rng.random() < 0.1:
        n_labels, labels, stats, _ = cv2.connectedComponentsWithStats(truth.astype(np.uint8))
        large = [n for n in range(1, n_labels) if stats[n, cv2.CC_STAT_AREA] >= _LEAST_OBJECT_PX]
        if len(large) > 1:
            chosen = labels == int(rng.choice(large))
            return chosen, truth & ~chosen
    return (truth, none) if np.count_nonzero(truth) >= _LEAST_OBJECT_PX else None


def _of_scene(scene: Scene, rng: np.random.Generator) -> tuple[Mask, Mask] | None:
    """Return one object of a scene, sometimes two together, and the others."""
    size_hw = (scene.rgb.shape[0], scene.rgb.shape[1])
    usable = [n for n, thing in enumerate(scene.objects) if thing.area_px >= _LEAST_OBJECT_PX]
    if not usable:
        return None
    n_wanted = 2 if rng.random() < 0.15 and len(usable) > 1 else 1
    chosen = {int(n) for n in rng.choice(usable, size=n_wanted, replace=False)}
    truth, others = np.zeros(size_hw, np.bool_), np.zeros(size_hw, np.bool_)
    for n, thing in enumerate(scene.objects):
        target = truth if n in chosen else others
        target[thing.box.slices()] |= thing.mask
    return truth, others & ~truth


@dataclass(frozen=True)
class SampleSettings:
    """How samples are made."""

    seed: int
    batch: int
    pad_rgb: tuple[int, int, int]
    starts: StartShares = StartShares()
    colours: ColourChange = ColourChange(grey_chance=0.1, noise_chance=0.2)  # noqa: RUF009  (frozen)


class SampleMaker:
    """Makes the samples of a run: a function of (seed, step, index) alone."""

    def __init__(self, source: ObjectSource, settings: SampleSettings) -> None:
        self._source, self._settings = source, settings

    def sample(self, step: int, index: int, side_px: int) -> dict[str, NDArray[np.generic]]:
        """Return ``image`` (S, S, 3), ``target``, ``weight``, ``prior`` (S, S), ``planes`` and two numbers.

        All uint8, target and planes (2, S, S) 0 or 1; ``seed`` (of the simulated clicks) and ``step`` int64.
        """
        settings = self._settings
        rng = generator(settings.seed, step, index)
        rgb, truth, others = self._source.draw(step * settings.batch + index, rng)
        rgb, truth, others = _stretched(rgb, truth, others, rng)
        crop = random_crop(truth, rng, side_px=side_px)
        image = _sampled(rgb, crop, pad=tuple(float(code) for code in settings.pad_rgb))
        masks = [_sampled(mask.astype(np.uint8) * np.uint8(255), crop) >= 128 for mask in (truth, others)]
        if rng.random() < 0.5:
            image, masks = image[:, ::-1], [mask[:, ::-1] for mask in masks]
        truth, others = (np.ascontiguousarray(mask) for mask in masks)
        image = change_colours(np.ascontiguousarray(image), rng, settings.colours)
        planes, prior, truth = start(truth, others, rng, settings.starts)
        return {
            "image": image,
            "target": truth.astype(np.uint8),
            "weight": edge_weight(truth),
            "prior": prior,
            "planes": planes,
            "seed": np.array(rng.integers(1 << 62), np.int64),
            "step": np.array(step, np.int64),
        }


def _stretched(
    rgb: RgbImage, truth: Mask, others: Mask, rng: np.random.Generator
) -> tuple[RgbImage, Mask, Mask]:
    if rng.random() >= 0.25:
        return rgb, truth, others
    size_hw = (rgb.shape[0], max(1, round(rgb.shape[1] * float(np.exp(rng.uniform(-0.29, 0.29))))))
    masks = [resize(mask.astype(np.uint8) * np.uint8(255), size_hw) >= 128 for mask in (truth, others)]
    return resize(rgb, size_hw), masks[0], masks[1]


def _sampled(image: NDArray[np.uint8], crop: Crop, *, pad: tuple[float, ...] = (0.0,)) -> NDArray[np.uint8]:
    """Return what the crop shows, by way of a picture of half the size where that is still large enough."""
    level = 0
    while crop.scale * 2 ** (level + 1) <= 1.0:
        height, width = image.shape[0] + image.shape[0] % 2, image.shape[1] + image.shape[1] % 2
        even = cv2.copyMakeBorder(
            image, 0, height - image.shape[0], 0, width - image.shape[1], cv2.BORDER_REPLICATE
        )
        image = resize(even, (height // 2, width // 2))
        level += 1
    return np.ascontiguousarray(crop.sample(image, level=level, pad=pad))


def random_crop(truth: Mask, rng: np.random.Generator, *, side_px: int) -> Crop:
    """Return a crop as the program's policy makes them: on the object, the whole picture, or on a click."""
    size_hw = (truth.shape[0], truth.shape[1])
    box = bounding_box(truth)
    extent, longest = max(box.size_hw), max(size_hw)
    kind = rng.random()
    if kind < 0.2 and extent >= _LEAST_SHARE * longest:
        return whole_crop(size_hw, size_px=side_px)
    if kind < 0.3:
        row, col = divmod(int(rng.choice(np.flatnonzero(truth))), size_hw[1])
        around = (float(col), float(row), col + 1.0, row + 1.0)
        return square_crop(around, size_hw, size_px=side_px, least_px=float(rng.uniform(0.35, 0.8)) * longest)
    dx, dy = rng.uniform(-0.15, 0.15, size=2) * extent
    moved = (box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)
    return square_crop(moved, size_hw, size_px=side_px, expansion=float(rng.uniform(1.1, 2.2)))


def edge_weight(truth: Mask) -> NDArray[np.uint8]:
    """Return 2 within three pixels of the edge, else 1: (S, S) uint8."""
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _EDGE_PX + 1, 2 * _EDGE_PX + 1))
    band = cv2.morphologyEx(truth.astype(np.uint8), cv2.MORPH_GRADIENT, element)
    return np.where(band > 0, np.uint8(_EDGE_WEIGHT), np.uint8(1))


def start(
    truth: Mask, others: Mask, rng: np.random.Generator, shares: StartShares
) -> tuple[Planes, NDArray[np.uint8], Mask]:
    """Return the first prompts, the mask before them (0..255, zeros: none) and the object they mean.

    In this order (2, S, S) uint8, (S, S) uint8 and (S, S) bool.
    """
    planes = np.zeros((2, *truth.shape), np.uint8)
    prior = np.zeros(truth.shape, np.uint8)
    kinds = np.array([shares.correction, shares.many_clicks, shares.box, shares.scribble, shares.nothing])
    kind = int(rng.choice(6, p=[*kinds, 1.0 - kinds.sum()]))
    if not truth.any() or kind == 4:
        for _ in range(int(rng.integers(1, 4))):
            _click_somewhere(planes[1], ~truth, rng)
        return planes, prior, np.zeros_like(truth)
    match kind:
        case 0:
            given = corrupted(truth, others, rng)
            prior = soft_prior(given)
            add_click(planes, truth, given, rng)
        case 1:
            _draw_many(planes, truth, others, rng)
        case 2:
            _draw_loose_box(planes, truth, rng)
        case 3:
            draw_path(planes[0], _inner_path(truth, rng))
        case _:
            add_click(planes, truth, np.zeros_like(truth), rng)
    return planes, prior, truth


def add_click(planes: Planes, truth: Mask, predicted: Mask, rng: np.random.Generator) -> None:
    """Draw a click where ``predicted`` is wrong: well inside the error, at its deepest, or anywhere in it."""
    kind = rng.random()
    if kind < 0.5:
        click = next_click(truth, predicted, rng=rng)
    elif kind < 0.8:
        click = next_click(truth, predicted)
    else:
        click = next_click(truth, predicted, rng=rng, inner=0.0)
    if click is not None:
        draw_disk(planes[0 if click.is_positive else 1], click.col + 0.5, click.row + 0.5)


def _draw_many(planes: Planes, truth: Mask, others: Mask, rng: np.random.Generator) -> None:
    """Draw clicks that do not depend on any answer: inside the object; near it, on others, anywhere else."""
    n_inside = 1 + int(
        rng.choice(MOST_CLICKS, p=count_probabilities(COUNT_GAMMA, MOST_CLICKS, with_zero=False))
    )
    n_outside = int(
        rng.choice(MOST_CLICKS + 1, p=count_probabilities(COUNT_GAMMA, MOST_CLICKS, with_zero=True))
    )
    depth = depth_of(truth)
    inside = depth > 3 if np.count_nonzero(depth > 3) > 10 and rng.random() < 0.9 else truth
    for _ in range(n_inside):
        _click_somewhere(planes[0], inside, rng)
    reach = int(np.ceil(0.1 * np.sqrt(np.count_nonzero(truth))))
    near = cv2.dilate(truth.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    kind = rng.random()
    if kind < 0.4 and others.any():
        outside = others
    else:
        outside = near & ~truth if kind < 0.9 else ~truth
    for _ in range(n_outside):
        _click_somewhere(planes[1], outside, rng)


def _click_somewhere(plane: NDArray[np.uint8], where: Mask, rng: np.random.Generator) -> None:
    places = np.flatnonzero(where)
    if len(places):
        row, col = divmod(int(rng.choice(places)), where.shape[1])
        draw_disk(plane, col + 0.5, row + 0.5)


def _draw_loose_box(planes: Planes, truth: Mask, rng: np.random.Generator) -> None:
    box = bounding_box(truth)
    extent = max(box.size_hw)
    x0, y0, x1, y1 = np.array([box.x0, box.y0, box.x1, box.y1]) + rng.normal(0, 0.03, size=4) * extent
    draw_box(planes, min(x0, x1 - 2), min(y0, y1 - 2), max(x1, x0 + 2), max(y1, y0 + 2))


def _inner_path(truth: Mask, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Return a smooth line through a few points deep inside the object."""
    depth = depth_of(truth)
    places = np.flatnonzero(depth > 0.4 * depth.max())
    rows, cols = np.divmod(rng.choice(places, size=int(rng.integers(2, 5))), truth.shape[1])
    order = np.argsort(cols if np.ptp(cols) >= np.ptp(rows) else rows)
    return [(float(cols[n]) + 0.5, float(rows[n]) + 0.5) for n in order]
