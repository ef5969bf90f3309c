"""Three hints for somebody who is new; each goes when its thing has been done, all at a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from meticulous_gui.ui.actions import action
from meticulous_gui.ui.bars.floating_bar import Sentence
from meticulous_gui.ui.close_button import close_button
from meticulous_gui.ui.dialogs.shortcuts import keys_for_people
from meticulous_gui.ui.icons import icon_pixmap
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from meticulous_gui.ui.action_set import ActionSet
    from meticulous_gui.ui.canvas import Canvas
    from meticulous_gui.ui.choices import Choices
    from meticulous_gui.ui.saving import Saving
    from meticulous_gui.ui.session import Session
    from meticulous_gui.ui.wish import Outcome

ICON_PX = 20
MARGIN_PX = 10
ALL_FROM_WH_PX: Final = 600, 440
"""On a smaller canvas the card would cover what it speaks of: one hint after the other is shown there."""
LOOK_BAR_PX: Final = 40  # what lies along the canvas's lower edge while doubtful places are looked at


@dataclass(frozen=True)
class Hint:
    """One thing to know.

    Attributes:
        id: stable name, for what is remembered.
        action_id: the action that it speaks of; its icon and its key are shown.
        text: one sentence (English; the panel translates).
    """

    id: str
    action_id: str
    text: str


HINTS: Final = (
    Hint("paint", "tool_brush", QT_TRANSLATE_NOOP("Hints", "Paint what is missing; right button erases.")),
    Hint("refine", "tool_refine", QT_TRANSLATE_NOOP("Hints", "Paint roughly over an edge to sharpen it.")),
    Hint("export", "export", QT_TRANSLATE_NOOP("Hints", "Write the cut-out beside the photo.")),
)


class HintPanel(QWidget):
    """A small card in the lower left of the canvas; the canvas below it stays visible and in reach.

    Signals:
        closed: the person wants no hints.
    """

    closed = Signal()

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._shown: list[Hint] = []
        self._is_in_the_way = False
        self._is_cramped = False
        self.setAccessibleName(self.tr("Hints"))
        self.setContentsMargins(0, 0, 0, 0)
        self._card = QFrame(self)
        self._card.setFrameShape(QFrame.Shape.StyledPanel)
        self._card.setAutoFillBackground(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX + LOOK_BAR_PX)
        outer.addWidget(self._card)
        self._grid = QGridLayout(self._card)
        self._grid.setHorizontalSpacing(MARGIN_PX)
        self._grid.setColumnStretch(1, 1)
        actions.keys_changed.connect(self._fill)
        self.hide()

    def show_hints(self, hints: list[Hint]) -> None:
        """Show these; none of them hides the card."""
        if hints == self._shown:
            return
        self._shown = list(hints)
        self._fill()
        self._show_or_hide()

    def fit(self, canvas: QSize) -> None:
        """Show one hint only where the canvas is small."""
        is_cramped = canvas.width() < ALL_FROM_WH_PX[0] or canvas.height() < ALL_FROM_WH_PX[1]
        if is_cramped != self._is_cramped:
            self._is_cramped = is_cramped
            self._fill()

    def give_way(self, is_in_the_way: bool) -> None:
        """Be gone: what lies under the card is seen while a hand paints, and no move draws it again."""
        if is_in_the_way != self._is_in_the_way:
            self._is_in_the_way = is_in_the_way
            self._show_or_hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._shown:
            self._fill()
        super().changeEvent(event)

    def _show_or_hide(self) -> None:
        self.setVisible(bool(self._shown) and not self._is_in_the_way)

    def _fill(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        close = close_button(self.tr("Close the hints for good"), self._card)
        close.clicked.connect(self.closed)
        self._grid.addWidget(close, 0, 3, Qt.AlignmentFlag.AlignRight)
        self._grid.setContentsMargins(MARGIN_PX, 4, 4, 4 if self._is_cramped else MARGIN_PX)
        if not self._is_cramped:
            title = QLabel(self.tr("Good to know"), self._card)
            font = title.font()
            font.setBold(True)
            title.setFont(font)
            self._grid.addWidget(title, 0, 0, 1, 3)
        first_row = 0 if self._is_cramped else 1
        for row, hint in enumerate(self._shown[:1] if self._is_cramped else self._shown, start=first_row):
            self._add(row, hint)
        for widget in self._card.findChildren(QWidget):
            widget.show()  # a layout of a card that is seen would do it later, and be small meanwhile
        self.updateGeometry()

    def _add(self, row: int, hint: Hint) -> None:
        known, text = action(hint.action_id), QCoreApplication.translate("Hints", hint.text)
        ratio, colour = self.devicePixelRatioF(), self.palette().color(QPalette.ColorRole.WindowText)
        picture = icon_pixmap(known.icon, size_px=round(ICON_PX * ratio), colour=colour)
        picture.setDevicePixelRatio(ratio)
        sign = QLabel(self._card)
        sign.setPixmap(picture)
        sign.setAccessibleName(known.label)
        key = QLabel(keys_for_people(self._actions.keys(known)[:1]), self._card)
        key.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        key.setContentsMargins(0, 0, 6, 0)
        for column, label in enumerate((sign, Sentence(self._card, text), key)):
            self._grid.addWidget(label, row, column)


class Hints(QObject):
    """Knows which hints a person still needs, and sees it when one does not any more.

    Args:
        choices: remembers what is known.
        panel: shows the others; it lies over the canvas.
        canvas: whose gestures it makes room for.
        is_covered: whether a panel is open over the canvas, which may cover the card.
    """

    def __init__(
        self,
        session: Session,
        saving: Saving,
        choices: Choices,
        panel: HintPanel,
        canvas: Canvas,
        *,
        is_covered: Callable[[], bool],
    ) -> None:
        super().__init__(panel)
        self._session = session
        self._choices = choices
        self._panel = panel
        panel.closed.connect(self._close)
        saving.exported.connect(lambda _path: self._learn("export"))
        session.work.ended.connect(self._on_work_ended)
        session.changed.connect(self._on_changed)
        canvas.hands_changed.connect(self.make_room)
        self._canvas = canvas
        self._is_covered = is_covered
        canvas.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the canvas."""
        if event.type() == QEvent.Type.Resize:
            self._panel.fit(self._canvas.size())
        return super().eventFilter(watched, event)

    def make_room(self) -> None:
        """Take the card away where it is in the way, or half of it under a panel, and bring it back."""
        self._panel.give_way(self._canvas.is_gesture_running or self._is_covered())

    @property
    def left(self) -> list[Hint]:
        """The hints that are still of use."""
        done = self._choices.hints_done
        return [] if done is None else [hint for hint in HINTS if hint.id not in done]

    def _on_changed(self) -> None:
        document = self._session.document
        top = document.history.top if document is not None else None
        if top is not None and top.by_hand and not top.is_open:
            self._learn("paint")
        self._show()

    def _on_work_ended(self, outcome: Outcome) -> None:
        if outcome.wish.kind == "refine" and not outcome.changed.is_empty:
            self._learn("refine")

    def _learn(self, hint_id: str) -> None:
        if any(hint.id == hint_id for hint in self.left):
            self._choices.note_hint(hint_id)
            self._show()

    def _close(self) -> None:
        for hint in self.left:
            self._choices.note_hint(hint.id)
        self._show()

    def _show(self) -> None:
        self._panel.show_hints(self.left if self._session.document is not None else [])
