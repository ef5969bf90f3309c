"""The photos that were opened together, and which of them is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal


class PhotoList(QObject):
    """An ordered list of files; nothing is read.

    Signals:
        changed: the list, or the place in it, is another one.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[Path, ...] = ()
        self._index = 0

    @property
    def n_photos(self) -> int:
        return len(self._paths)

    @property
    def index(self) -> int:
        """Which photo is shown or being opened, from 0."""
        return self._index

    @property
    def current(self) -> Path | None:
        """The photo that is shown or being opened; None while the list is empty."""
        return self._paths[self._index] if self._paths else None

    def show(self, paths: Sequence[Path]) -> None:
        """Take another list and begin at its first photo."""
        self._paths, self._index = tuple(paths), 0
        self.changed.emit()

    def neighbour(self, n_steps: int) -> Path | None:
        """Return the photo so many steps away, None beyond either end."""
        index = self._index + n_steps
        return self._paths[index] if 0 <= index < len(self._paths) else None

    def choose(self, path: Path) -> None:
        """Note that this photo of the list is shown."""
        self._index = self._paths.index(path)
        self.changed.emit()
