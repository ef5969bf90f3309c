"""A text of several lines in which long names break where they must, and are copied as they are."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QStyledItemDelegate, QWidget

LONG_WORD: Final = re.compile(r"\S{24,}")
LONG_PART: Final = re.compile(r"[^\W_]{24,}")
SEPARATOR: Final = re.compile(r"(?<=[^\W_])[\W_]+")
BREAK: Final = "\u200b"  # has no width; a line may end there


def breakable(text: str) -> str:
    """Return a text whose long words may end a line after their parts, and long parts anywhere."""

    def broken(word: re.Match[str]) -> str:
        parts = SEPARATOR.sub(lambda between: between.group() + BREAK, word.group())
        return LONG_PART.sub(lambda part: BREAK.join(part.group()), parts)

    return LONG_WORD.sub(broken, text)


class WrappingDelegate(QStyledItemDelegate):
    """The same for the lines of a list that wraps its words."""

    def displayText(self, value: object, locale: QLocale | QLocale.Language) -> str:
        return breakable(str(value))


class WrappingLabel(QLabel):
    """Plain text: a file may be called <b>, and its name be wider than the window."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(breakable(text))

    def text(self) -> str:
        return super().text().replace(BREAK, "")

    def selectedText(self) -> str:
        return super().selectedText().replace(BREAK, "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.hasSelectedText():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(self.tr("Copy")).triggered.connect(self._copy)
            menu.popup(event.globalPos())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.selectedText())
