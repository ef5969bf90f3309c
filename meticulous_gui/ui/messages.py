"""What the program has to say: a message as a value, and the bar above the canvas that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.ui.close_button import close_button
from meticulous_gui.ui.core_sentences import spoken
from meticulous_gui.ui.plain_text import plain_caption
from meticulous_gui.ui.theme import is_dark_palette
from meticulous_gui.ui.wrapping_label import WrappingLabel

if TYPE_CHECKING:
    from meticulous_gui.core.document import Document

MAX_ROWS = 3
MARGINS_PX = 12, 6, 6, 6
SPACING_PX = 10
MIN_TEXT_PX = 200
NOTE_MS = 8000

MessageKind = Literal["note", "warning", "error"]


@dataclass(frozen=True)
class Choice:
    """A button of a message: its label and what it does."""

    text: str
    run: Callable[[], None]


@dataclass(frozen=True)
class Message:
    """One sentence for the person.

    Attributes:
        text: complete sentence(s): what, which file, which value, what to do.
        kind: how bad it is; a mark and a colour say so.
        choices: buttons.
        is_brief: whether it goes by itself after a while; None: a note without choices does.
        topic: a newer message on the same topic takes the place of the older one; "" is no topic.
        about: the document it speaks of; it goes when another one is opened. None: it stays.
        is_of_opening: whether it says that a photo cannot be opened, or not yet; it goes when one is.
        is_true: whether it is still so; it goes after a change that makes it untrue.
    """

    text: str
    kind: MessageKind = "note"
    choices: tuple[Choice, ...] = ()
    topic: str = ""
    is_brief: bool | None = None
    about: Document | None = None
    is_of_opening: bool = False
    is_true: Callable[[], bool] = lambda: True

    @property
    def goes_by_itself(self) -> bool:
        """Whether time closes the message."""
        return self.is_brief if self.is_brief is not None else self.kind == "note" and not self.choices


class MessageRow(QFrame):
    """One message with its buttons.

    Signals:
        closed: the person (or time) has done with it.
    """

    closed = Signal()

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setAutoFillBackground(True)
        self.setAccessibleName(message.text)
        # Narrower than its buttons in a row would like: they go below the text then.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*MARGINS_PX)
        self._grid.setSpacing(SPACING_PX)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._mark(), 0, 0)
        text = self._text = WrappingLabel(message.text, self)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setAccessibleName(message.text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)  # or a wrapped text gets the room of a narrower one
        text.setSizePolicy(policy)
        self._grid.addWidget(text, 0, 1)
        self._buttons = [self._button(choice) for choice in message.choices]
        self._close = close_button(self.tr("Close this message"), self)
        self._close.clicked.connect(self.closed)
        self._grid.addWidget(self._close, 0, 3)
        self._choices = QWidget(self)
        self._columns = QGridLayout(self._choices)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(SPACING_PX)
        self._arranged = 0, False  # columns of buttons; whether they lie beside the text
        if message.goes_by_itself:
            QTimer.singleShot(NOTE_MS, self, self.closed.emit)
        self.tint(is_dark=is_dark_palette(self.palette()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the buttons beside the text where that takes the least height, else below it in columns."""
        if not self._buttons:
            return
        widths = [button.sizeHint().width() + SPACING_PX for button in self._buttons]
        room = self.width() - MARGINS_PX[0] - MARGINS_PX[2] - self._close.sizeHint().width() - 3 * SPACING_PX
        beside_px = room - sum(widths)
        below_height = self._text.heightForWidth(room) + SPACING_PX + self._buttons[0].sizeHint().height()
        is_beside = beside_px >= MIN_TEXT_PX and self._text.heightForWidth(beside_px) <= below_height
        n_columns = len(widths) if is_beside else min(max(room // max(widths), 1), len(widths))
        if (n_columns, is_beside) == self._arranged:
            return
        self._arranged = n_columns, is_beside
        for button in self._buttons:
            self._columns.removeWidget(button)
        for index, button in enumerate(self._buttons):
            self._columns.addWidget(button, index // n_columns, index % n_columns)
        self._grid.removeWidget(self._choices)
        if is_beside:
            self._grid.addWidget(self._choices, 0, 2)
        else:
            self._grid.addWidget(self._choices, 1, 1, 1, 3, Qt.AlignmentFlag.AlignLeft)

    def _mark(self) -> QLabel:
        words = {"note": self.tr("Note"), "warning": self.tr("Warning"), "error": self.tr("Error")}
        mark = QLabel({"note": "ℹ", "warning": "⚠", "error": "✖"}[self.message.kind], self)
        mark.setAccessibleName(words[self.message.kind])
        return mark

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(plain_caption(choice.text), self)
        button.setAccessibleName(choice.text)

        def take() -> None:
            self.closed.emit()
            choice.run()

        button.clicked.connect(take)
        return button

    def tint(self, *, is_dark: bool) -> None:
        """Colour the row by its kind; the mark says the same without colour."""
        palette = QPalette()  # all else follows the theme
        light = {"note": "#dbe9f6", "warning": "#fbeccb", "error": "#f8d9d5"}
        dark = {"note": "#22384d", "warning": "#4a3a15", "error": "#54241f"}
        palette.setColor(QPalette.ColorRole.Window, (dark if is_dark else light)[self.message.kind])
        self.setPalette(palette)


class MessageBar(QWidget):
    """The messages that wait for the person's eye, newest on top, at most three.

    Signals:
        emptied: the last message went away; the focus belongs to the canvas again.
    """

    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Messages"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self._rows: list[MessageRow] = []
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is shown, newest first."""
        return tuple(row.message for row in self._rows)

    def show_message(self, message: Message) -> None:
        """Show a message on top; one of the same topic or wording gives way to it."""
        message = replace(message, text=spoken(message.text))
        for row in list(self._rows):
            same_topic = bool(message.topic) and row.message.topic == message.topic
            if same_topic or row.message.text == message.text:
                self._remove(row)
        while len(self._rows) >= MAX_ROWS:
            # A question outlasts what is only told.
            told = [row for row in self._rows if not row.message.choices]
            self._remove((told or self._rows)[-1])
        row = MessageRow(message, self)
        row.closed.connect(lambda: self._on_closed(row))
        self._rows.insert(0, row)
        self._layout.insertWidget(0, row)
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            for row in self._rows:
                row.tint(is_dark=is_dark_palette(self.palette()))
        super().changeEvent(event)

    def clear(self) -> None:
        """Take all messages away."""
        for row in list(self._rows):
            self._remove(row)
        self.setVisible(bool(self._rows))

    def show_document(self, document: Document | None) -> None:
        """Take away what speaks of another document, or of one that was not opened before it."""
        for row in list(self._rows):
            if row.message.is_of_opening or row.message.about not in (None, document):
                self._on_closed(row)

    def drop_untrue(self) -> None:
        """Take away what is not so any more; the focus stays where the person works."""
        for row in list(self._rows):
            if not row.message.is_true():
                self._remove(row)
        self.setVisible(bool(self._rows))

    def choose(self, text: str) -> None:
        """Take the choice labelled `text` of the newest message that has it, as a click would.

        Raises:
            LookupError: no message shown has such a choice.
        """
        for row in self._rows:
            for choice in row.message.choices:
                if choice.text == text:
                    self._on_closed(row)
                    choice.run()
                    return
        raise LookupError(f"no message offers {text!r}")

    def _on_closed(self, row: MessageRow) -> None:
        self._remove(row)
        if not self._rows:
            self.hide()
            self.emptied.emit()

    def _remove(self, row: MessageRow) -> None:
        if row in self._rows:
            self._rows.remove(row)
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
