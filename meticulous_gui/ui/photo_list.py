"""The photos that were opened together, how far each is, which are shown, and which is open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class PhotoFilter:
    """Which photos are shown.

    Attributes:
        text: what people call it (English; `label` translates).
        passes: whether photos of a state are shown.
    """

    text: str
    passes: Callable[[PhotoState], bool]

    @property
    def label(self) -> str:
        """The text in the person's language."""
        return QCoreApplication.translate("PhotoList", self.text)


def _only(state: PhotoState) -> Callable[[PhotoState], bool]:
    return lambda other: other is state


ALL: Final = PhotoFilter(QT_TRANSLATE_NOOP("PhotoList", "All photos"), lambda _state: True)
NOT_DONE: Final = PhotoFilter(
    QT_TRANSLATE_NOOP("PhotoList", "Not done"),
    lambda state: state not in (PhotoState.DONE, PhotoState.EXPORTED),
)
FILTERS: Final = (
    ALL,
    NOT_DONE,
    PhotoFilter(QT_TRANSLATE_NOOP("PhotoList", "Untouched"), _only(PhotoState.UNTOUCHED)),
    PhotoFilter(QT_TRANSLATE_NOOP("PhotoList", "Masked"), _only(PhotoState.MASKED)),
    PhotoFilter(QT_TRANSLATE_NOOP("PhotoList", "Edited"), _only(PhotoState.EDITED)),
    PhotoFilter(QT_TRANSLATE_NOOP("PhotoList", "Done"), _only(PhotoState.DONE)),
    PhotoFilter(QT_TRANSLATE_NOOP("PhotoList", "Exported"), _only(PhotoState.EXPORTED)),
)


class PhotoList(QObject):
    """An ordered list of files; nothing is read.

    Signals:
        changed: the list, or the place in it, is another one.
        listed: the list is another one.
        rows_changed: `shown` is another one.
        state_changed: (Path) a photo is further, or back.
    """

    changed = Signal()
    listed = Signal()
    rows_changed = Signal()
    state_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[Path, ...] = ()
        self._positions: dict[Path, int] = {}
        self._index = 0
        self._states: dict[Path, PhotoState] = {}
        self._filter = ALL
        self._shown: Sequence[int] = ()
        self._is_stale = False
        self._is_folder = False

    @property
    def n_photos(self) -> int:
        return len(self._paths)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All photos, those that the filter hides included."""
        return self._paths

    @property
    def index(self) -> int:
        """Which photo is shown or being opened, from 0."""
        return self._index

    @property
    def current(self) -> Path | None:
        """The photo that is shown or being opened; None while the list is empty."""
        return self._paths[self._index] if self._paths else None

    @property
    def filter(self) -> PhotoFilter:
        return self._filter

    @property
    def shown(self) -> Sequence[int]:
        """The places of the photos that the filter lets pass, and of the open one, ascending."""
        return self._shown

    @property
    def row(self) -> int | None:
        """The place of the open photo among those shown, None while the list is empty."""
        row = bisect_left(self._shown, self._index)
        return row if row < len(self._shown) and self._shown[row] == self._index else None

    @property
    def is_folder(self) -> bool:
        """Whether a person asked for more than one photo."""
        return self._is_folder

    def show(self, paths: Sequence[Path], *, at: Path | None = None) -> None:
        """Take another list and begin at its first photo, or at the one that was opened alone."""
        self._is_folder = at is None and len(paths) > 1
        self._paths = tuple(paths)
        self._positions = {path: index for index, path in enumerate(self._paths)}
        self._index = self._positions.get(at, 0) if at is not None else 0
        self._states = {}
        self._update_shown()
        self.listed.emit()
        self.changed.emit()

    def neighbour(self, n_steps: int) -> Path | None:
        """Return the photo so many shown ones away, None beyond either end."""
        if n_steps > 0:
            row = bisect_right(self._shown, self._index) + n_steps - 1
        else:
            row = bisect_left(self._shown, self._index) + n_steps
        return self._paths[self._shown[row]] if 0 <= row < len(self._shown) else None

    def choose(self, path: Path) -> None:
        """Note that this photo of the list is shown."""
        self._index = self._positions[path]
        if self._is_stale or self.row is None:
            self._update_shown()
        self.changed.emit()

    def set_filter(self, chosen: PhotoFilter) -> None:
        """Show only some of the photos; the open one stays in the list until it is left."""
        self._filter = chosen
        self._update_shown()
        self.changed.emit()

    def holds(self, path: Path | None) -> bool:
        """Return whether a photo is in the list, shown or not."""
        return path in self._positions

    def place(self, path: Path) -> int | None:
        """Return the place of a photo in the whole list, None where it is not in it."""
        return self._positions.get(path)

    def state(self, path: Path) -> PhotoState:
        """Return how far a photo is."""
        return self._states.get(path, PhotoState.UNTOUCHED)

    def set_state(self, path: Path, state: PhotoState) -> None:
        """Note that a photo of the list is so far now."""
        if path in self._positions and self.state(path) is not state:
            self._states[path] = state
            self._is_stale = True
            self.state_changed.emit(path)

    def set_states(self, states: Mapping[Path, PhotoState]) -> None:
        """Take what files say of photos; what happened since they were asked is newer and stays.

        That a photo has a mask is the least that can be said, and gives way to anything else.
        """
        kept = {
            path: state
            for path, state in self._states.items()
            if state is not PhotoState.MASKED or path not in states
        }
        self._states = {path: state for path, state in states.items() if path in self._positions} | kept
        self._update_shown()
        self.changed.emit()

    def count(self, counted: PhotoFilter) -> int:
        """Return how many photos a filter lets pass."""
        n_untouched = len(self._paths) - len(self._states)
        n_others = sum(counted.passes(state) for state in self._states.values())
        return n_others + (n_untouched if counted.passes(PhotoState.UNTOUCHED) else 0)

    def _update_shown(self) -> None:
        self._is_stale = False
        if self._filter is ALL:
            self._shown = range(len(self._paths))
        else:
            passes, states = self._filter.passes, self._states
            self._shown = [
                index
                for index, path in enumerate(self._paths)
                if index == self._index or passes(states.get(path, PhotoState.UNTOUCHED))
            ]
        self.rows_changed.emit()
