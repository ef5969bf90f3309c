"""Work as a generator: between two of its steps whoever runs it may stop, or serve something shorter."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar, cast

from meticulous_gui.engine.jobs import Progress

__all__ = ["result_of", "stops_as_progress"]

_T = TypeVar("_T")


def result_of(steps: Generator[object, None, _T]) -> _T:
    """Do all steps at once and return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast(_T, stop.value)


def stops_as_progress(steps: Generator[None, None, _T], progress: Progress) -> Generator[Progress, None, _T]:
    """Say ``progress`` wherever ``steps`` stop, and return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast(_T, stop.value)
        yield progress
