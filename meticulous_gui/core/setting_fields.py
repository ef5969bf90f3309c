"""Fields of settings that say themselves what a person may write there."""

from __future__ import annotations

from dataclasses import field
from typing import Any

__all__ = ["choice", "number", "text"]


def number(default: Any, low: float, high: float) -> Any:
    """Return a field for a number in a closed range; whole where the default is."""
    return field(default=default, metadata={"range": (low, high)})


def choice(default: str, *choices: str) -> Any:
    """Return a field for one of a few words."""
    return field(default=default, metadata={"choices": choices})


def text(default: str) -> Any:
    """Return a field for any text on one line."""
    return field(default=default, metadata={"is_text": True})
