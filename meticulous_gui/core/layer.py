"""One object of a document: its alpha, which of its pixels a person has decided, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.packing import PackedImage
from meticulous_gui.core.tiles import (
    TILE_PX,
    Bits,
    Slices,
    TileKey,
    box_of,
    new_bits,
    pieces,
    read_bits,
    write_bits,
)
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["LAYER_COLOURS", "DecidedMap", "Layer", "Pixels", "Rgb"]

Rgb = tuple[int, int, int]

LAYER_COLOURS: Final[tuple[Rgb, ...]] = (
    (0, 158, 115),  # bluish green
    (204, 121, 167),  # reddish purple
    (230, 159, 0),  # orange
    (86, 180, 233),  # sky blue
    (213, 94, 0),  # vermilion
    (90, 75, 255),  # ultramarine
    (240, 228, 66),  # yellow
    (0, 114, 178),  # blue
)
"""In the order in which layers get them; colour-blind eyes tell them apart (Okabe and Ito; ultramarine)."""


_NONE_DECIDED: Final = new_bits()
_NONE_DECIDED.flags.writeable = False
_ALL_DECIDED: Final = ~_NONE_DECIDED
"""One tile for all that are decided wholly; never written to."""
_ALL_DECIDED.flags.writeable = False


class DecidedMap:
    """The pixels about which a person has spoken: one bit a pixel, only in the tiles where there are any."""

    def __init__(self, size_hw: tuple[int, int]) -> None:
        self._whole = Box.whole(size_hw)
        self._tiles: dict[TileKey, Bits] = {}

    @property
    def size_hw(self) -> tuple[int, int]:
        return self._whole.size_hw

    @property
    def n_bytes(self) -> int:
        return sum(bits.nbytes for bits in self._tiles.values())

    def is_empty(self) -> bool:
        """Return whether no pixel is decided."""
        return not self._tiles

    def get(self, box: Box) -> Mask:
        """Return the (h, w) bool pixels of ``box``, a new array.

        Raises:
            ValueError: ``box`` reaches outside the image.
        """
        self._check(box)
        mask = np.zeros(box.size_hw, np.bool_)
        for key, inner, own in pieces(box):
            if key in self._tiles:
                mask[own] = read_bits(self._tiles[key], inner)
        return mask

    def set(self, box: Box, mask: Mask) -> None:
        """Make the pixels of ``box`` exactly ``mask``, (h, w) bool: True is decided, False is not.

        Raises:
            ValueError: ``box`` reaches outside the image or ``mask`` has another size.
        """
        self._check(box)
        if mask.shape != box.size_hw:
            raise ValueError(f"mask must have the box's (h, w) = {box.size_hw}, got {mask.shape}")
        for key, inner, own in pieces(box):
            self.set_piece(key, inner, mask[own])

    def get_piece(self, key: TileKey, inner: Slices) -> Mask:
        """Return the (h, w) bool pixels of a part of one tile, a new array."""
        return read_bits(self._tiles.get(key, _NONE_DECIDED), inner)

    def set_piece(self, key: TileKey, inner: Slices, values: Mask) -> None:
        """Make the pixels of a part of one tile exactly the (h, w) bool ``values``."""
        bits = self._tiles.get(key)
        if values.size == TILE_PX * TILE_PX and values.all():
            self._tiles[key] = _ALL_DECIDED
            return
        if bits is None:
            if not values.any():
                return
            bits = self._tiles[key] = new_bits()
        elif bits is _ALL_DECIDED:
            bits = self._tiles[key] = bits.copy()
        write_bits(bits, inner, values)
        if not bits.any():
            del self._tiles[key]

    def tile_keys(self) -> tuple[TileKey, ...]:
        """Return the tiles that hold decided pixels."""
        return tuple(self._tiles)

    def tile(self, key: TileKey) -> Bits | None:
        """Return a copy of the bits of one whole tile, None where nothing in it is decided."""
        bits = self._tiles.get(key)
        return None if bits is None else bits.copy()

    def to_mask(self) -> Mask:
        """Return all pixels as one (H, W) bool array: large, for files and tests."""
        return self.get(self._whole)

    def boxes(self) -> Iterator[Box]:
        """Yield the parts of the image (whole tiles, clipped) that hold decided pixels."""
        for key in sorted(self._tiles):
            yield box_of(key, self._whole)

    def flip_tile(self, key: TileKey) -> None:
        """Turn over all pixels of one whole tile, as `xor_tile` does: a whole mask has 1,500 of them."""
        mine = self._tiles.get(key)
        if mine is None:
            self._tiles[key] = _ALL_DECIDED
        elif mine is _ALL_DECIDED:
            del self._tiles[key]
        else:
            self.xor_tile(key, _ALL_DECIDED)

    def xor_tile(self, key: TileKey, bits: Bits) -> None:
        """Turn over the pixels of ``bits`` in one whole tile (undo and redo)."""
        mine = self._tiles.get(key)
        result = bits.copy() if mine is None else mine ^ bits
        if result.any():
            self._tiles[key] = result
        else:
            self._tiles.pop(key, None)

    def _check(self, box: Box) -> None:
        if not self._whole.contains(box):
            raise ValueError(f"{box} reaches outside the image of (H, W) = {self.size_hw}")


class Pixels(NamedTuple):
    """The memory of a layer.

    Attributes:
        alpha: (H, W) uint8.
        shown: a view of it that nobody can write through.
    """

    alpha: NDArray[np.uint8]
    shown: Alpha

    @classmethod
    def of(cls, alpha: NDArray[np.uint8]) -> Pixels:
        """Return ``alpha`` itself with a view of it."""
        shown = alpha.view()
        shown.flags.writeable = False
        return cls(alpha, shown)


class Layer:
    """One object: its alpha and what belongs to it. Only a document changes a layer that it holds.

    Attributes:
        id: unique within its document, never used twice.
        name: what the person calls it.
        decided: the pixels that networks leave alone.
        colour: (red, green, blue) 0..255 of its overlay.
        category: class name for annotations, None without one.
        visible: whether it is shown.
        locked: whether it refuses edits.
    """

    def __init__(
        self,
        layer_id: int,
        name: str,
        alpha: Alpha,
        *,
        decided: DecidedMap | None = None,
        colour: Rgb = LAYER_COLOURS[0],
        category: str | None = None,
        visible: bool = True,
        locked: bool = False,
    ) -> None:
        if alpha.ndim != 2 or alpha.dtype != np.uint8:
            raise ValueError(f"alpha must be (H, W) uint8, got shape {alpha.shape}, type {alpha.dtype}")
        if decided is not None and decided.size_hw != alpha.shape:
            raise ValueError(f"decided must have the alpha's (H, W) = {alpha.shape}, got {decided.size_hw}")
        self.id = layer_id
        self.name = name
        self.decided = decided if decided is not None else DecidedMap((alpha.shape[0], alpha.shape[1]))
        self.colour = colour
        self.category = category
        self.visible = visible
        self.locked = locked
        self._size_hw = (alpha.shape[0], alpha.shape[1])
        self._packed: PackedImage | None = None
        self._is_asleep = self._is_aside = self._has_changed_aside = False
        self._pixels = Pixels.of(np.array(alpha, np.uint8, order="C", copy=True))

    @property
    def alpha(self) -> Alpha:
        """(H, W) uint8, read-only.

        It is other memory where the pixels changed while the layer was aside, and after a large edit, its
        undo and its redo (`core.shelf`).
        """
        self._wake()
        return self._pixels.shown

    @property
    def size_hw(self) -> tuple[int, int]:
        return self._size_hw

    @property
    def box(self) -> Box:
        """The box of the whole layer."""
        return Box.whole(self._size_hw)

    @property
    def is_aside(self) -> bool:
        """Whether it is no part of its document now, and the history can bring it back."""
        return self._is_aside

    @property
    def is_asleep(self) -> bool:
        """Whether there is only its packed alpha."""
        return self._is_asleep

    @property
    def n_aside_bytes(self) -> int:
        """Memory of the alpha of a layer that is aside, packed and not; else 0."""
        if not self._is_aside:
            return 0
        return self._pixels.alpha.nbytes + (self._packed.n_bytes if self._packed is not None else 0)

    def copy(self, layer_id: int | None = None) -> Layer:
        """Return a layer of its own memory with the same content and state.

        Args:
            layer_id: of the copy; the layer's own without one.
        """
        decided = DecidedMap(self.size_hw)
        for box in self.decided.boxes():
            decided.set(box, self.decided.get(box))
        return Layer(
            self.id if layer_id is None else layer_id,
            self.name,
            self.alpha,
            decided=decided,
            colour=self.colour,
            category=self.category,
            visible=self.visible,
            locked=self.locked,
        )

    def writable_alpha(self) -> NDArray[np.uint8]:
        """Return the alpha to write into: for the document alone, which records every change.

        Nobody is told of changes of a layer that is aside: the first gives it other memory, as waking does.
        """
        self._wake()
        self._packed = None
        if self._is_aside and not self._has_changed_aside:
            self._has_changed_aside = True
            self._pixels = Pixels.of(self._pixels.alpha.copy())
        return self._pixels.alpha

    def exchange(self, pixels: Pixels) -> Pixels:
        """Hold other memory and return what it held: for the document alone, of no layer aside."""
        self._wake()
        had, self._pixels = self._pixels, pixels
        return had

    def set_aside(self, is_aside: bool) -> None:
        """Note that it lives on in the history only, or is back; its pixels stay as they are."""
        self._is_aside, self._has_changed_aside = is_aside, False
        if not is_aside:
            self._wake()
            self._packed = None

    def packed(self) -> PackedImage:
        """Return the (H, W) alpha packed, or to be packed strip by strip; kept until it changes."""
        if self._packed is None:
            self._packed = PackedImage(self._pixels.alpha)
        return self._packed

    def sleep(self) -> None:
        """Keep only the packed alpha: slow once, unless `packed` has been; the next look at it wakes it."""
        if not self._is_asleep:
            self.packed().finish()
            self._pixels = Pixels.of(np.zeros((0, 0), np.uint8))
            self._is_asleep = True

    def _wake(self) -> None:
        if self._is_asleep:
            self._pixels = Pixels.of(self.packed().unpack())
            self._is_asleep = False
