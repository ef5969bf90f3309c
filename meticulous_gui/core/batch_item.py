"""What became of one photo of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

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
