"""One line of the list of layers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.layer import Layer
from meticulous_gui.ui.icons import blank_pixmap, icon
from meticulous_gui.ui.plain_text import plain_tip
from meticulous_gui.ui.views import next_overlay_colour

BUTTON_PX = 28
WORD_MARGIN_PX = 4
ICON_PX = 18
SWATCH_PX = 14
SMALL_FONT = 0.85
FOCUS_PX = 2
LEFT = Qt.MouseButton.LeftButton


class LayerRow(QWidget):
    """One layer: eye, colour, name, category, padlock. It is renamed in place and dragged to another place.

    Signals:
        chosen: the person wants to work on it.
        state_wanted: (dict) new values for `Document.set_layer_state`.
        solo_wanted: only this layer shall be seen, or all again.
        dragged: (QPoint of the screen) the row follows the mouse.
        dropped: (QPoint of the screen) it was let go there; None where the drag was given up.
        key_pressed: (QKeyEvent) a key for the list.
        menu_wanted: (QPoint of the screen) the commands for this layer.
        finished: a rename or a drag is over; the focus may go.
    """

    chosen = Signal()
    state_wanted = Signal(dict)
    solo_wanted = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(object)
    key_pressed = Signal(QKeyEvent)
    menu_wanted = Signal(QPoint)
    finished = Signal()

    def __init__(self, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer_id = layer.id
        self._layer_name, self._category = layer.name, layer.category or ""
        self._colour, self._is_visible, self._is_locked = layer.colour, layer.visible, layer.locked
        self._shown: tuple[object, ...] | None = None
        self._pressed_at: QPoint | None = None
        self._is_dragging = False
        self.setAutoFillBackground(True)
        self.eye, self.swatch, self.padlock = self._button(), self._button(), self._button()
        self.name = QLineEdit(self)
        self.name.setFrame(False)
        self.name.setAccessibleName(self.tr("Name of the layer"))
        self.name.installEventFilter(self)
        self.category = QLabel(self)
        self.category.setTextFormat(Qt.TextFormat.PlainText)  # a category may be called <b>
        self.category.setContentsMargins(2, 0, 0, 2)
        self.category.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self.category.font()
        font.setPointSizeF(font.pointSizeF() * SMALL_FONT)
        self.category.setFont(font)
        self.eye.clicked.connect(self._on_eye)
        self.padlock.clicked.connect(lambda: self.state_wanted.emit({"locked": not self._is_locked}))
        self.swatch.clicked.connect(self._on_swatch)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.category)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 3, 4, 3)
        layout.setSpacing(2)
        layout.addWidget(self.eye)
        layout.addWidget(self.swatch)
        layout.addLayout(words, 1)
        layout.addWidget(self.padlock)
        self._rest()

    # --- what is shown ------------------------------------------------------------------------------------

    def show_layer(self, layer: Layer, *, is_active: bool) -> None:
        """Show what the layer is like now."""
        looks = (layer.name, layer.colour, layer.category, layer.visible, layer.locked)
        shown = (*looks, is_active, self.name.isReadOnly(), QApplication.palette().cacheKey())
        if shown == self._shown:  # asked after every change of anything, for every layer
            return
        self._shown = shown
        self._layer_name = layer.name
        self._colour, self._is_visible, self._is_locked = layer.colour, layer.visible, layer.locked
        # Tab reaches the active layer and its buttons; arrow keys go to the others.
        policy = Qt.FocusPolicy.TabFocus if is_active else Qt.FocusPolicy.NoFocus
        for widget in (self, self.eye, self.swatch, self.padlock):
            widget.setFocusPolicy(policy)
        role = QPalette.ColorRole.Highlight if is_active else QPalette.ColorRole.Window
        text_role = QPalette.ColorRole.HighlightedText if is_active else QPalette.ColorRole.Text
        self.setBackgroundRole(role)
        palette = QPalette(QApplication.palette())
        text = palette.color(text_role if layer.visible or is_active else QPalette.ColorRole.PlaceholderText)
        palette.setColor(QPalette.ColorRole.WindowText, text)
        palette.setColor(QPalette.ColorRole.Text, text)
        if self.name.isReadOnly():
            palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
            self.name.setPalette(palette)
        self.category.setPalette(palette)
        self._category = layer.category or ""
        self.category.setVisible(bool(self._category))
        self._show_words()
        self.eye.setIcon(icon("visible" if layer.visible else "hidden", palette))
        self.padlock.setIcon(icon("locked" if layer.locked else "unlocked", palette))
        self.swatch.setIcon(_swatch(layer.colour, text, self.devicePixelRatioF()))
        self._name_everything(layer, is_active=is_active)

    def _name_everything(self, layer: Layer, *, is_active: bool) -> None:
        eye = self.tr("Hide the layer {name}") if layer.visible else self.tr("Show the layer {name}")
        alone = self.tr("With Alt: only this layer, or all again.")
        padlock = self.tr("Unlock the layer {name}") if layer.locked else self.tr("Lock the layer {name}")
        self._name(self.eye, eye.format(name=layer.name), alone)
        self._name(self.padlock, padlock.format(name=layer.name))
        self._name(self.swatch, self.tr("Another colour for the layer {name}").format(name=layer.name))
        parts = [layer.name, layer.category or ""]
        parts += [self.tr("active")] if is_active else []
        parts += [] if layer.visible else [self.tr("hidden")]
        parts += [self.tr("locked")] if layer.locked else []
        self.setAccessibleName(", ".join(part for part in parts if part))
        help_text = self.tr("A double-click renames it; drag it to change the order.")
        self.setToolTip(plain_tip("\n".join(filter(None, (layer.name, layer.category, help_text)))))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.HighlightedText), FOCUS_PX))
            painter.drawRect(self.rect().adjusted(FOCUS_PX, FOCUS_PX, -FOCUS_PX, -FOCUS_PX))
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_words()

    def _show_words(self) -> None:
        """Show as much of the name and the category as there is room for; the tip has all of it."""
        self.category.setText(_fitting(self._category, self.category, Qt.TextElideMode.ElideRight))
        if self.name.isReadOnly():  # else a person types there
            with QSignalBlocker(self.name):
                # Long names often differ at their end only, by a number.
                self.name.setText(_fitting(self._layer_name, self.name, Qt.TextElideMode.ElideMiddle))
                self.name.setCursorPosition(0)

    # --- renaming -----------------------------------------------------------------------------------------

    def begin_rename(self) -> None:
        """Let the person type another name; Enter takes it, Esc gives it up."""
        self.name.setReadOnly(False)
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self.name.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.name.setPalette(QApplication.palette())
        self.name.setText(self._layer_name)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def take_name(self) -> None:
        """Take the name that is being typed, if one is."""
        self._end_rename(is_taken=True)

    def _end_rename(self, *, is_taken: bool) -> None:
        if self.name.isReadOnly():
            return
        text = self.name.text().strip()
        self._rest()
        if is_taken and text and text != self._layer_name:
            self.state_wanted.emit({"name": text})
        else:
            self._show_words()
        self.finished.emit()

    def _rest(self) -> None:
        """Be a label until somebody renames: a press on the name is one on the row."""
        self.name.setReadOnly(True)
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        palette = QPalette(self.category.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        self.name.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the name gives it up; going elsewhere takes it."""
        if watched is self.name:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
                # Keys belong to the field while it is typed in.
                event.accept()
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._end_rename(is_taken=event.key() != Qt.Key.Key_Escape)
                    return True  # or the row takes the same key for the wish to rename
            elif isinstance(event, QFocusEvent) and _is_left(event):
                self._end_rename(is_taken=True)
        return super().eventFilter(watched, event)

    # --- mouse and keys -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == LEFT:
            self._pressed_at = event.position().toPoint()
        self.chosen.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        way = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if not self._is_dragging and way >= QApplication.startDragDistance():
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.setFocus(Qt.FocusReason.MouseFocusReason)  # for Esc, which gives the drag up
        if self._is_dragging:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragging = self._is_dragging
        self._forget_drag()
        if was_dragging:
            self.dropped.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == LEFT:
            self.begin_rename()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.chosen.emit()
        self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_dragging:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_dragging:
            self._forget_drag()
            self.dropped.emit(None)
            return
        event.ignore()
        self.key_pressed.emit(event)

    def _forget_drag(self) -> None:
        was_dragging = self._is_dragging
        self._pressed_at, self._is_dragging = None, False
        if was_dragging:
            self.unsetCursor()
            self.finished.emit()

    def _on_eye(self) -> None:
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
            self.solo_wanted.emit()
        else:
            self.state_wanted.emit({"visible": not self._is_visible})

    def _on_swatch(self) -> None:
        self.state_wanted.emit({"colour": next_overlay_colour(self._colour)})

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFixedSize(BUTTON_PX, BUTTON_PX)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        return button

    def _name(self, button: QToolButton, text: str, more: str = "") -> None:
        button.setAccessibleName(text)
        button.setToolTip(plain_tip(f"{text}\n{more}" if more else text))


def _is_left(event: QFocusEvent) -> bool:
    """Return whether the focus went elsewhere, other than to the field's own menu."""
    return event.lostFocus() and event.reason() != Qt.FocusReason.PopupFocusReason


def _swatch(colour: tuple[int, int, int], outline: QColor, ratio: float) -> QIcon:
    """Return a square of the colour with an outline that is seen on any ground."""
    pixmap = blank_pixmap(ICON_PX, ratio)
    painter = QPainter(pixmap)
    inset = (ICON_PX - SWATCH_PX) // 2
    painter.setPen(outline)
    painter.setBrush(QColor(*colour))
    painter.drawRect(inset, inset, SWATCH_PX - 1, SWATCH_PX - 1)
    painter.end()
    return QIcon(pixmap)


def _fitting(text: str, label: QWidget, mode: Qt.TextElideMode) -> str:
    """Return a text as it fits into a label, with an ellipsis for what does not."""
    room_px = label.width() - 2 * WORD_MARGIN_PX
    return label.fontMetrics().elidedText(text, mode, room_px)
