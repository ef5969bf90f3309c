"""Sparse storage in 256-pixel tiles: planes of bytes, sets of pixels, and XOR differences of both.

A photo has 100 million pixels and a stroke a few thousand: whatever a stroke leaves behind lives in the tiles
that it met and nowhere else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.packing import check, pack, plain_value, unpack_own
from meticulous_gui.core.types import Mask

__all__ = [
    "TILE_PX",
    "Bits",
    "SparsePlane",
    "TileDiff",
    "TileKey",
    "box_of",
    "pieces",
    "read_bits",
    "tile_of",
    "unpack_bits",
    "unpack_pixels",
    "write_bits",
]

TILE_PX: Final = 256
"""Side of a tile: 64 KB of alpha, large enough for little bookkeeping, small enough to copy in 10 us."""

_ROW_BYTES: Final = TILE_PX // 8

Bits: TypeAlias = NDArray[np.uint8]
"""(256, 32) uint8: one tile of yes/no, eight pixels a byte, the leftmost in the highest bit."""

TileKey: TypeAlias = tuple[int, int]
"""(tile row, tile column)."""

Slices: TypeAlias = tuple[slice, slice]
"""Rows and columns to index an array with."""


def pieces(box: Box) -> list[tuple[TileKey, Slices, Slices]]:
    """Return the parts of ``box`` by tiles, row by row: what `Box.tiles` yields, ready to index with.

    A move of the brush asks for them a dozen times, with few pixels in each: boxes would take longest.

    Returns:
        Of each part its tile, where it lies in the tile, and where in the box's own (h, w) array.
    """
    columns = _cuts(box.x0, box.x1)
    return [
        ((row, column), (inner_y, inner_x), (own_y, own_x))
        for row, inner_y, own_y in _cuts(box.y0, box.y1)
        for column, inner_x, own_x in columns
    ]


@lru_cache(maxsize=64)
def _cuts(start: int, stop: int) -> tuple[tuple[int, slice, slice], ...]:
    """Return the tiles along one side: index, slice in the tile, slice in start..stop."""
    cuts = []
    for index in range(start // TILE_PX, -(-stop // TILE_PX) if stop > start else 0):
        origin = index * TILE_PX
        first, last = max(start, origin), min(stop, origin + TILE_PX)
        cuts.append((index, slice(first - origin, last - origin), slice(first - start, last - start)))
    return tuple(cuts)


def tile_of(part: Box) -> TileKey:
    """Return the tile that holds the top left pixel of ``part``."""
    return part.y0 // TILE_PX, part.x0 // TILE_PX


def box_of(key: TileKey, whole: Box) -> Box:
    """Return the pixels of a tile, as far as the photo (``whole``) reaches."""
    y, x = key[0] * TILE_PX, key[1] * TILE_PX
    return Box(x, y, x + TILE_PX, y + TILE_PX).clip(whole)


def new_bits() -> Bits:
    """Return a tile of bits that are all no."""
    return np.zeros((TILE_PX, _ROW_BYTES), np.uint8)


def read_bits(bits: Bits, inner: Slices) -> Mask:
    """Return the (h, w) bool pixels of ``inner`` (in the tile's coordinates), a new array."""
    rows, columns = inner
    first = columns.start // 8
    unpacked = np.unpackbits(bits[rows, first : (columns.stop + 7) // 8], axis=1)
    return unpacked[:, columns.start - first * 8 : columns.stop - first * 8].view(np.bool_)


def _packed(inner: Slices, mask: Mask) -> tuple[Slices, Bits]:
    """Return where ``inner`` lies in a tile of bits, in whole bytes, and ``mask`` laid out in them."""
    rows, columns = inner
    first, last = columns.start // 8, (columns.stop + 7) // 8
    if columns.start % 8 or columns.stop % 8:
        wide = np.zeros((len(mask), (last - first) * 8), np.bool_)
        wide[:, columns.start - first * 8 : columns.stop - first * 8] = mask
    else:
        wide = mask
    return (rows, slice(first, last)), np.packbits(wide, axis=1)


def write_bits(bits: Bits, inner: Slices, mask: Mask) -> None:
    """Make the pixels of ``inner`` in ``bits`` exactly ``mask``."""
    where, packed = _packed(inner, mask)
    _, columns = inner
    if columns.start % 8 or columns.stop % 8:
        # The bytes at the rims belong in part to others.
        _, ours = _packed(inner, np.ones((1, columns.stop - columns.start), np.bool_))
        packed |= bits[where] & ~ours
    bits[where] = packed


def xor_bits(bits: Bits, inner: Slices, mask: Mask) -> None:
    """Turn over the pixels of ``inner`` in ``bits`` where ``mask`` is True."""
    where, packed = _packed(inner, mask)
    bits[where] ^= packed


def or_bits(bits: Bits, inner: Slices, mask: Mask) -> None:
    """Set the pixels of ``inner`` in ``bits`` where ``mask`` is True."""
    where, packed = _packed(inner, mask)
    bits[where] |= packed


class SparsePlane:
    """A (H, W) uint8 plane that is zero wherever nobody wrote; memory follows what was written."""

    def __init__(self) -> None:
        self._tiles: dict[TileKey, NDArray[np.uint8]] = {}

    @property
    def n_bytes(self) -> int:
        return len(self._tiles) * TILE_PX * TILE_PX

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Return the (h, w) values of ``box``, a new array."""
        values = np.zeros(box.size_hw, np.uint8)
        for key, inner, own in pieces(box):
            tile = self._tiles.get(key)
            if tile is not None:
                values[own] = tile[inner]
        return values

    def write(self, box: Box, values: NDArray[np.uint8]) -> None:
        """Store the (h, w) ``values`` of ``box``."""
        for key, inner, own in pieces(box):
            self._tile(key)[inner] = values[own]

    def raise_to(self, box: Box, values: NDArray[np.uint8]) -> None:
        """Store the larger of what is there and the (h, w) ``values`` of ``box``."""
        for key, inner, own in pieces(box):
            here = self._tile(key)[inner]
            np.maximum(here, values[own], out=here)

    def _tile(self, key: TileKey) -> NDArray[np.uint8]:
        tile = self._tiles.get(key)
        if tile is None:
            tile = self._tiles[key] = np.zeros((TILE_PX, TILE_PX), np.uint8)
        return tile


class TileDiff:
    """What one step changed in one tile, as XOR differences, open for change or compressed.

    XOR commutes: differences of several steps in the same pixel can be taken out in any order.

    Attributes (open):
        alpha: (256, 256) uint8, before ^ after.
        decided: bits, before ^ after.
        touched: bits, the pixels that the step speaks about, also where the value came out the same.

    Attributes (what is known of a compressed one without looking; undo asks 1,500 tiles at once):
        plain_alpha: the alpha difference where it is known to be the same in the whole tile, else None.
        decides: whether any decided bit may differ.
        decides_all: whether every decided bit is known to.
    """

    def __init__(self) -> None:
        self.alpha: NDArray[np.uint8] = np.zeros((TILE_PX, TILE_PX), np.uint8)
        self.decided: Bits = new_bits()
        self.touched: Bits = new_bits()
        self._frozen: tuple[bytes, bytes, bytes] | None = None
        self._copies: tuple[NDArray[np.uint8], Bits, Bits] | None = None
        self._differs = False
        self.plain_alpha: int | None = None
        self.decides, self.decides_all = True, False

    @classmethod
    def from_packed(cls, parts: tuple[bytes, bytes, bytes]) -> TileDiff:
        """Return the difference that `packed` had given; ``parts`` are packed.

        Raises:
            ValueError: they are damaged.
        """
        for part in parts:
            check(part)
        diff = cls()
        diff._differs = True
        diff._keep(parts)
        return diff

    def packed(self) -> tuple[bytes | NDArray[np.uint8], ...]:
        """Return alpha, decided and touched: compressed as they are, or copies of what is open.

        The copies are kept until the next change: autosave asks for a growing step again and again, and few
        of its tiles have changed meanwhile.
        """
        if self._frozen is not None:
            return self._frozen
        if self._copies is None:
            self._copies = self.alpha.copy(), self.decided.copy(), self.touched.copy()
        return self._copies

    @property
    def n_bytes(self) -> int:
        """Memory of the tile: of the compressed form when frozen, else of the open one."""
        if self._frozen is not None:
            return sum(len(part) for part in self._frozen)
        n_times = 1 if self._copies is None else 2
        return n_times * (self.alpha.nbytes + self.decided.nbytes + self.touched.nbytes)

    @property
    def differs(self) -> bool:
        """Whether taking the step back would change anything here."""
        return self._differs if self._frozen is not None else bool(self.alpha.any() or self.decided.any())

    def freeze(self) -> None:
        """Compress; nothing is lost."""
        if self._frozen is None:
            self._differs = self.differs
            self._keep((pack(self.alpha), pack(self.decided), pack(self.touched)))
            self._copies = None

    def thaw(self) -> TileDiff:
        """Decompress where needed, before a change; returns itself, open."""
        self._copies = None
        if self._frozen is not None:
            alpha, *bits = self._frozen
            self.alpha = unpack_pixels(alpha)
            self.decided, self.touched = (unpack_bits(part) for part in bits)
            self._frozen = None
            self.plain_alpha, self.decides, self.decides_all = None, True, False
        return self

    def read(self) -> tuple[NDArray[np.uint8], Bits]:
        """Return the alpha and decided differences without opening the tile; not to be written to."""
        if self._frozen is None:
            return self.alpha, self.decided
        return unpack_pixels(self._frozen[0]), unpack_bits(self._frozen[1])

    def read_alpha(self) -> NDArray[np.uint8]:
        """Return the alpha differences alone, as `read` does."""
        return self.alpha if self._frozen is None else unpack_pixels(self._frozen[0])

    def read_decided(self) -> Bits:
        """Return the decided differences alone, as `read` does."""
        return self.decided if self._frozen is None else unpack_bits(self._frozen[1])

    def touched_bits(self) -> Bits:
        """Return the touched bits without opening the tile; not to be written to."""
        return self.touched if self._frozen is None else unpack_bits(self._frozen[2])

    def packed_touched(self) -> bytes:
        """Return the touched bits packed."""
        return pack(self.touched) if self._frozen is None else self._frozen[2]

    def add(
        self, inner: Slices, change: NDArray[np.uint8], decided_change: Mask | None, touched: Mask
    ) -> None:
        """Join a further difference of ``inner`` (tile coordinates) to this one."""
        self.thaw()
        self.alpha[inner] ^= change
        if decided_change is not None and decided_change.any():
            xor_bits(self.decided, inner, decided_change)
        or_bits(self.touched, inner, touched)

    def absorb(
        self, inner: Slices, change: NDArray[np.uint8], decided_change: Mask, *, holds_decided: bool
    ) -> None:
        """Take in a difference made *below* this step: the pixels that this step touched keep their look.

        ``change`` and ``decided_change`` become what is left of them: zero where this step touched. Without
        ``holds_decided`` (a network's step, which decides nothing) decided bits pass.
        """
        self.thaw()
        mine = read_bits(self.touched, inner)
        taken = np.where(mine, change, np.uint8(0))
        self.alpha[inner] ^= taken
        change ^= taken
        if holds_decided:
            decided_taken = decided_change & mine
            xor_bits(self.decided, inner, decided_taken)
            decided_change ^= decided_taken

    def give_up(self, inner: Slices, mask: Mask) -> tuple[NDArray[np.uint8], Mask]:
        """Return the differences in the pixels of ``mask`` and forget them, as if they were never touched."""
        self.thaw()
        given = np.where(mask, self.alpha[inner], np.uint8(0))
        self.alpha[inner] ^= given
        decided_given = read_bits(self.decided, inner) & mask
        xor_bits(self.decided, inner, decided_given)
        write_bits(self.touched, inner, read_bits(self.touched, inner) & ~mask)
        return given, decided_given

    def _keep(self, parts: tuple[bytes, bytes, bytes]) -> None:
        """Be the compressed ``parts`` from now on."""
        self._frozen = parts
        self.alpha = self.decided = self.touched = np.zeros((0, 0), np.uint8)
        self.plain_alpha, bits = plain_value(parts[0]), plain_value(parts[1])
        self.decides, self.decides_all = bits != 0, bits == _ALL_BITS


_ALL_BITS: Final = 0xFF


def unpack_bits(packed: bytes) -> Bits:
    """Return a tile of bits, a new array; ``packed`` is known to be unharmed."""
    return unpack_own(packed, (TILE_PX, _ROW_BYTES))


def unpack_pixels(packed: bytes) -> NDArray[np.uint8]:
    """Return the (256, 256) pixels of a tile, a new array; ``packed`` is known to be unharmed."""
    return unpack_own(packed, (TILE_PX, TILE_PX))
