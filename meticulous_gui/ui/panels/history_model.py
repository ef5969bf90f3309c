"""The steps of a document as the rows of a list; the first row is the photo as it was opened."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from meticulous_gui.core.document import Document
from meticulous_gui.core.step import Step
from meticulous_gui.ui.step_titles import step_title

AnyIndex = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Rows that follow a document: a day has thousands of steps, and only those that are seen are drawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._steps: tuple[Step, ...] = ()
        self._n_applied = 0

    @property
    def present_row(self) -> int:
        """The row of the state that is seen now."""
        return self._n_applied

    def follow(self, document: Document | None) -> bool:
        """Show the steps as they are now; return whether anything is another."""
        steps = document.history.listed if document is not None else ()
        n_applied = len(document.history.applied) if document is not None else 0
        if document is not self._document:
            self.beginResetModel()
            self._document, self._steps, self._n_applied = document, steps, n_applied
            self.endResetModel()
            return True
        is_other = steps != self._steps or n_applied != self._n_applied
        if steps != self._steps:
            self._become(steps)
        self._n_applied = n_applied
        if document is not None:  # a step may have ended, and then its row says something else
            self.dataChanged.emit(self.index(0), self.index(len(steps)))
        return is_other

    def step(self, index: AnyIndex) -> Step | None:
        """Return the step of a row, None for the photo as it was opened."""
        return self._steps[index.row() - 1] if index.row() else None

    def is_applied(self, index: AnyIndex) -> bool:
        """Return whether a row belongs to what is seen now."""
        return index.row() <= self._n_applied

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        is_inside = parent is not None and parent.isValid()
        return 0 if is_inside or self._document is None else len(self._steps) + 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            sentence = (
                QCoreApplication.translate("HistoryPanel", "{title}, {row} of {count}")
                if self.is_applied(index)
                else QCoreApplication.translate("HistoryPanel", "{title}, {row} of {count}, taken back")
            )
            return sentence.format(title=self._title(index), row=index.row(), count=len(self._steps))
        return None

    def _title(self, index: AnyIndex) -> str:
        step = self.step(index)
        if step is None:
            return QCoreApplication.translate("HistoryPanel", "As it was opened")
        title = step_title(step.title)
        if not step.is_open:
            return title
        open_title = (
            QCoreApplication.translate("HistoryPanel", "{title} (not kept yet)")
            if step.by_hand
            else QCoreApplication.translate("HistoryPanel", "{title} (running)")
        )
        return open_title.format(title=title)

    def _become(self, steps: tuple[Step, ...]) -> None:
        """Take and put only the rows that differ: what is seen stays where it is."""
        old, top = self._steps, QModelIndex()
        n_same = next(
            (k for k, (one, other) in enumerate(zip(old, steps, strict=False)) if one is not other),
            min(len(old), len(steps)),
        )
        if len(old) > n_same:
            self.beginRemoveRows(top, n_same + 1, len(old))
            self._steps = old[:n_same]
            self.endRemoveRows()
        if len(steps) > n_same:
            self.beginInsertRows(top, n_same + 1, len(steps))
            self._steps = steps
            self.endInsertRows()
