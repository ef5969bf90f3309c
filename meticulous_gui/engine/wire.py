"""What the window's process and the network process say to each other; pixels lie in shared memory."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import EngineStatus, Event, PhotoRef, Request
from meticulous_gui.engine.shared import Block, open_block

__all__ = [
    "ArrayPlace",
    "Cancel",
    "Choose",
    "Drop",
    "FreeSlot",
    "Happened",
    "Leave",
    "Pixels",
    "Put",
    "Started",
    "StatusIs",
    "Submit",
    "ToChild",
    "ToParent",
    "packed",
    "unpacked",
]

_ARRAY_FIELDS: Final = ("alpha_crop", "region_mask", "decided", "locked")


@dataclass(frozen=True)
class ArrayPlace:
    """Where an array lies in a block: stands in its field until it is unpacked."""

    start: int
    shape: tuple[int, ...]
    is_bool: bool


@dataclass(frozen=True)
class Put:
    """Here is a photo."""

    ref: PhotoRef
    path: Path


@dataclass(frozen=True)
class Drop:
    """Forget a photo."""

    ref: PhotoRef


@dataclass(frozen=True)
class Submit:
    """Do a job; its arrays lie in the block at ``path``."""

    job_id: int
    request: Any
    path: Path | None
    replaces: str | None


@dataclass(frozen=True)
class Cancel:
    """Stop a job."""

    job_id: int


@dataclass(frozen=True)
class Choose:
    """Use the networks of this catalog from now on."""

    catalog: Catalog


@dataclass(frozen=True)
class FreeSlot:
    """A slot of the ring was read."""

    slot: int


@dataclass(frozen=True)
class Leave:
    """End the process."""


ToChild: TypeAlias = Put | Drop | Submit | Cancel | Choose | FreeSlot | Leave


@dataclass(frozen=True)
class Started:
    """The first step of a job begins; if the process dies now, this job did it."""

    job_id: int


@dataclass(frozen=True)
class Happened:
    """An event without pixels."""

    job_id: int
    event: Event


@dataclass(frozen=True)
class Pixels:
    """A `Partial` whose alpha and confidence lie one after the other in a slot of the ring."""

    job_id: int
    box: Box
    slot: int


@dataclass(frozen=True)
class StatusIs:
    """The engine's status changed."""

    status: EngineStatus


ToParent: TypeAlias = Started | Happened | Pixels | StatusIs


def packed(request: Request) -> tuple[Any, Block | None]:
    """Return the request with its arrays moved into a new block (None where it has none)."""
    arrays: dict[str, NDArray[Any]] = {
        name: value for name in _ARRAY_FIELDS if isinstance(value := getattr(request, name, None), np.ndarray)
    }
    if not arrays:
        return request, None
    block = Block(sum(array.nbytes for array in arrays.values()))
    places: dict[str, Any] = {}
    start = 0
    for name, array in arrays.items():
        flat = np.ascontiguousarray(array).view(np.uint8).reshape(-1)
        block.data[start : start + flat.size] = flat
        places[name] = ArrayPlace(start, array.shape, array.dtype == np.bool_)
        start += flat.size
    return dataclasses.replace(request, **places), block


def unpacked(request: Any, path: Path | None) -> Request:
    """Return the request with its arrays as read-only views of the block at ``path``."""
    if path is None:
        whole: Request = request
        return whole
    data = open_block(path)
    arrays = {}
    for name in _ARRAY_FIELDS:
        place = getattr(request, name, None)
        if isinstance(place, ArrayPlace):
            count = int(np.prod(place.shape))
            flat = data[place.start : place.start + count].reshape(place.shape)
            arrays[name] = flat.view(np.bool_) if place.is_bool else flat
    filled: Request = dataclasses.replace(request, **arrays)
    return filled
