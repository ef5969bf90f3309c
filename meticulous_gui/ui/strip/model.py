"""The photos that a list shows, as rows for Qt's views."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.plain_text import plain_tip
from meticulous_gui.ui.strip.states import LOOKS
from meticulous_gui.ui.thumbnails import Thumbnails

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
Role = Qt.ItemDataRole


class StripModel(QAbstractListModel):
    """One row for each photo that the filter lets pass; nothing is decoded or looked at on disk here."""

    def __init__(self, photos: PhotoList, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.photos = photos
        self.thumbnails = thumbnails
        photos.rows_changed.connect(self._on_rows)
        photos.state_changed.connect(self._on_state)

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.photos.shown)

    def path(self, index: AnyIndex) -> Path:
        """Return the photo of a row."""
        return self.photos.paths[self.photos.shown[index.row()]]

    def index_of(self, path: Path) -> QModelIndex:
        """Return the row of a photo, an invalid one where it is not shown."""
        place, shown = self.photos.place(path), self.photos.shown
        row = bisect_left(shown, place) if place is not None else len(shown)
        return self.index(row) if row < len(shown) and shown[row] == place else NO_INDEX

    def data(self, index: AnyIndex, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.photos.shown):
            return None
        path = self.path(index)
        match role:
            case Role.DisplayRole:
                return path.name
            case Role.ToolTipRole:
                problem, look = self.thumbnails.problem(path), LOOKS[self.photos.state(path)]
                return plain_tip(problem or f"{path.name}: {look.label}")
            case Role.AccessibleTextRole:
                return self._spoken(path, index.row())
        return None

    def _spoken(self, path: Path, row: int) -> str:
        sentence = QCoreApplication.translate("Strip", "{name}, {state}, {number} of {count}")
        return sentence.format(
            name=path.name,
            state=LOOKS[self.photos.state(path)].label,
            number=row + 1,
            count=len(self.photos.shown),
        )

    def _on_rows(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _on_state(self, path: Path) -> None:
        index = self.index_of(path)
        if index.isValid():
            self.dataChanged.emit(index, index)
