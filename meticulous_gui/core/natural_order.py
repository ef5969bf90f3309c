"""The order in which people count: img2 before img10, upper and lower case together."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NaturalKey", "natural_key"]

NaturalKey = tuple[tuple[str | int, ...], str]

_NUMBERS: Final = re.compile(r"([0-9]+)")


def natural_key(name: str) -> NaturalKey:
    """Return what to sort names by: runs of digits count as numbers, all else as text.

    Names that are equal but for case or leading zeros follow each other in the order of their letters, so
    that the order of a folder is always the same.
    """
    # Text and numbers take turns, beginning with text: two keys are compared like with like.
    parts = _NUMBERS.split(name.casefold())
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts)), name
