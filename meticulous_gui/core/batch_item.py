"""What became of the photos of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Status = Literal["done", "skipped", "failed", "interrupted"]


@dataclass(frozen=True)
class Item:
    """What became of one photo; the field names are those of the JSON report.

    Attributes:
        input, output: as they were named, or found below what was named; no output where none was written.
        status: done, skipped (a newer result is there), failed, or interrupted: stopped before it was done.
        message: one sentence where there is something to say.
        width, height: of the photo, 0 where it could not be read.
        seconds: from the start of its work on the networks to the written file.
        patches: patches the refiner ran.
        notes: what reading the photo had to say (a broken colour profile, several frames).
    """

    input: str
    status: Status
    output: str | None = None
    message: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    patches: int = 0
    notes: list[str] = field(default_factory=list)


def report_of(items: Sequence[Item], *, seconds: float, device: str) -> dict[str, Any]:
    """Return what is reported of a batch, as JSON values.

    Args:
        items: all of them, in the order in which they were finished.
        seconds: how long it took.
        device: what the networks ran on, "" where they did not run.
    """
    return {
        "seconds": round(seconds, 3),
        "device": device,
        **{status: sum(item.status == status for item in items) for status in get_args(Status)},
        "items": [asdict(item) for item in items],
    }
