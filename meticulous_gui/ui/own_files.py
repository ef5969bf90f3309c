"""Which files on disk are still the ones that a document wrote, so that it may write them again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from meticulous_gui.core.files import stamp_of


class OwnFiles:
    """The files that one document wrote, as they were when it wrote them."""

    def __init__(self) -> None:
        self._stamps: dict[Path, tuple[int, int]] = {}

    def note(self, path: Path) -> None:
        """Remember that this document has just written `path`."""
        self._stamps[path] = stamp_of(path)

    def are_ours(self, path: Path) -> bool:
        """Return whether `path` is still what this document wrote."""
        return path in self._stamps and path.exists() and stamp_of(path) == self._stamps[path]

    def first(self, candidates: Iterable[Path]) -> Path:
        """Return the first of some names that is free, or that of a file of our own."""
        return next(path for path in candidates if not os.path.lexists(path) or self.are_ours(path))

    def target(self, wanted: Path, companion: Callable[[Path], Path] | None = None) -> Path:
        """Return where to write: a file of our own again, else the next free name after `wanted`.

        Args:
            wanted: the name to begin with.
            companion: gives the file that is written with it and may hurt nobody's either.
        """
        candidate, number = wanted, 2
        while any(
            os.path.lexists(file) and not self.are_ours(file)
            for file in ([candidate] if companion is None else [candidate, companion(candidate)])
        ):
            candidate = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
            number += 1
        return candidate
