"""Pairs of picture and mask out of tar shards or folders, decoded once into memory where they fit."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import UsageError
from training.common.kept import Kept, decode, members_of, naming
from training.common.split import Split, image_hash, near_held_out, split_of

IMAGE_SUFFIXES = (".webp", ".jpg", ".jpeg", ".png")
_MASK_SUFFIX = ".png"
# DUTS keeps pictures and masks in two folders; other sets follow the same habit with other words.
_FOLDER_PAIRS = (("DUTS-TR-Image", "DUTS-TR-Mask", "duts_"), ("images", "masks", ""), ("image", "mask", ""))


@dataclass(frozen=True)
class Pair:
    """One picture with its mask.

    Attributes:
        key: prefixed key, unique over all sets.
        rgb: (H, W, 3) uint8.
        alpha: (H, W) uint8, coverage 0..255.
    """

    key: str
    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8]


@dataclass(frozen=True)
class _Source:
    """Where one pair comes from: bytes out of a shard, or two files."""

    key: str
    image: bytes | Path
    mask: bytes | Path


_Reader = Callable[[], list[_Source]]


def _naming(source: _Source) -> AbstractContextManager[None]:
    """Name the pair whose picture or mask cannot be decoded."""
    return naming(f"pair {source.key}", source.image)


class PairSet(Sequence[Pair]):
    """A sequence of pairs that decodes each one when first asked for and keeps it while the budget lasts.

    The budget counts decoded bytes; beyond it a pair is decoded anew each time. Safe to read from
    several threads: at worst two of them decode the same pair once each.

    Attributes:
        keys: the keys in a fixed order (sorted), whatever order the files were found in.
    """

    def __init__(self, sources: Iterable[_Source], *, cache_bytes: int = 4 << 30) -> None:
        self._sources = sorted(sources, key=lambda source: source.key)
        self.keys = tuple(source.key for source in self._sources)
        self._kept = Kept[Pair](cache_bytes)

    def __len__(self) -> int:
        return len(self._sources)

    def __getitem__(self, index: int) -> Pair:  # type: ignore[override]  # slices are not asked for
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        source = self._sources[index]
        with _naming(source):
            pair = Pair(source.key, decode(source.image, "RGB"), decode(source.mask, "L"))
        if pair.alpha.shape != pair.rgb.shape[:2]:
            msg = f"{source.key}: the mask is {pair.alpha.shape}, its picture {pair.rgb.shape[:2]} (H, W)"
            raise UsageError(msg)
        self._kept.keep(index, pair, pair.rgb.nbytes + pair.alpha.nbytes)
        return pair

    def mask(self, index: int) -> NDArray[np.uint8]:
        """Return the mask of a pair, (H, W) coverage 0..255, without reading its picture."""
        with _naming(self._sources[index]):
            return decode(self._sources[index].mask, "L")


def require_some(pairs: Sized, name: str, split: Split) -> None:
    """Refuse a split of a set that is empty: the pictures of a small set may all be in the others.

    Raises:
        UsageError: nothing is in it.
    """
    if not len(pairs):
        raise UsageError(
            f"No picture of the set {name!r} is in its split {split!r} (names decide that); add pictures."
        )


def spread(n_all: int, n_wanted: int) -> list[int]:
    """Return indices spread evenly over a set, all of them where there are not as many.

    The first ones would not do: keys begin with where a picture comes from, and are sorted.
    """
    n_wanted = min(n_all, n_wanted)
    return [(2 * place + 1) * n_all // (2 * n_wanted) for place in range(n_wanted)]


def _from_shards(paths: Sequence[Path]) -> list[_Source]:
    sources = []
    for path in paths:
        members = members_of(path)
        for name, content in members.items():
            stem, dot, suffix = name.rpartition(".")
            mask = members.get(stem + _MASK_SUFFIX)
            # A set whose pictures are PNGs too keeps its masks apart; KEY.png beside KEY.webp is the mask.
            if dot and f".{suffix}" in IMAGE_SUFFIXES and suffix != "png" and mask is not None:
                sources.append(_Source(stem, content, mask))
    return sources


def _from_two_folders(images: Path, masks: Path, prefix: str) -> list[_Source]:
    by_stem = {path.stem: path for path in masks.iterdir() if path.suffix == _MASK_SUFFIX}
    return [
        _Source(prefix + path.stem, path, by_stem[path.stem])
        for path in images.iterdir()
        if path.suffix.lower() in IMAGE_SUFFIXES and path.stem in by_stem
    ]


def _from_one_folder(folder: Path) -> list[_Source]:
    sources = []
    for path in folder.iterdir():
        mask = path.with_suffix(_MASK_SUFFIX)
        if path.suffix.lower() in IMAGE_SUFFIXES and path != mask and mask.is_file():
            sources.append(_Source(path.stem, path, mask))
    return sources


def find_sets(folder: Path) -> dict[str, _Reader]:
    """Return every set in a data folder by name, as what reads its pairs: shards are not opened before.

    A folder may hold shards (``NAME-0000.tar``), DUTS's own two folders, ``images`` and ``masks``, or pairs
    ``KEY.jpg`` + ``KEY.png`` side by side. Sets without mask files (the instance sets) have no pairs.
    """
    found: dict[str, _Reader] = {}
    shards: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*-[0-9][0-9][0-9][0-9].tar")):
        shards.setdefault(path.name[: -len("-0000.tar")], []).append(path)
    for name, paths in shards.items():
        found[name] = partial(_from_shards, paths)
    for images, masks, prefix in _FOLDER_PAIRS:
        if (folder / images).is_dir() and (folder / masks).is_dir():
            name = prefix.rstrip("_") or folder.resolve().name
            found[name] = partial(_from_two_folders, folder / images, folder / masks, prefix)
    if not found and folder.is_dir() and _from_one_folder(folder):
        found[folder.resolve().name] = partial(_from_one_folder, folder)
    return found


def open_set(folders: Sequence[Path], name: str, split: Split, *, cache_bytes: int = 4 << 30) -> PairSet:
    """Return one split of one named set, gathered over all data folders; see ``open_splits``."""
    return open_splits(folders, name, {split: cache_bytes})[split]


def open_splits(folders: Sequence[Path], name: str, cache_bytes: Mapping[Split, int]) -> dict[Split, PairSet]:
    """Return splits of one named set, gathered over all data folders; every file is read once.

    A key that lies in several folders is taken from the first, so a native-size copy given before the
    shards replaces theirs. "train" leaves out near copies of held-out pictures.

    Args:
        folders: data folders, in order of preference.
        name: name of the set, such as ``duts``.
        cache_bytes: by split, decoded bytes that may stay in memory.

    Raises:
        UsageError: no folder holds such a set, or a shard is damaged.
    """
    by_key: dict[str, _Source] = {}
    names: set[str] = set()
    for folder in folders:
        sets = find_sets(folder)
        names |= set(sets)
        for source in sets[name]() if name in sets else ():
            by_key.setdefault(source.key, source)
    if not by_key:
        places = ", ".join(str(folder) for folder in folders)
        known = ", ".join(sorted(names)) or "none"
        raise UsageError(
            f"There are no pairs (KEY.jpg and its mask KEY.png) of the set {name!r} in {places}; sets found "
            f"there: {known}."
        )
    dropped = _near_copies(by_key) if "train" in cache_bytes else set()
    by_split: dict[Split, list[_Source]] = {split: [] for split in cache_bytes}
    for key, source in by_key.items():
        split = split_of(key)
        if split in by_split and not (split == "train" and key in dropped):
            by_split[split].append(source)
        if "all" in by_split:
            by_split["all"].append(source)
    return {split: PairSet(sources, cache_bytes=cache_bytes[split]) for split, sources in by_split.items()}


def _near_copies(by_key: dict[str, _Source]) -> set[str]:
    """Return training keys whose picture nearly equals a held-out one.

    Only where there are folders: the shards are known to hold no near-duplicates, a fetched larger copy of
    a set may hold some. JPEGs are decoded at an eighth of their size, which is plenty for a hash.
    """
    if not any(isinstance(s.image, Path) for s in by_key.values()):
        return set()
    hashes = {}
    for source in by_key.values():
        stream = io.BytesIO(source.image) if isinstance(source.image, bytes) else source.image
        with _naming(source), Image.open(stream) as picture:
            picture.draft("RGB", (32, 32))
            hashes[source.key] = image_hash(np.asarray(picture.convert("RGB"), np.uint8))
    return near_held_out(hashes)
