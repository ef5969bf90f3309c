"""The panel of layers: the list in its order, and what is said of the active one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.panels.layer_row import LayerRow

LINE_PX = 3
NEAR_EDGE_PX = 24
ALT = Qt.KeyboardModifier.AltModifier


class LayersPanel(QWidget):
    """All layers, the uppermost first; below them the category of the active one and what concerns all.

    Signals:
        chosen: (int) work on this layer from now on.
        state_wanted: (int, dict) new values for `Document.set_layer_state`.
        order_wanted: (int, int) put this layer at this place, 0 is the lowest.
        solo_wanted: (int) only this layer shall be seen, or all again.
        remove_wanted: take the active layer away.
        menu_wanted: (QPoint of the screen) the commands for the active layer.
        only_where_empty_wanted: (bool) whether layers leave each other's pixels alone.
        rows_changed: there are other rows, or in another order.
        finished: a name or category is typed, or a drag is over; the focus belongs to the canvas again.
    """

    chosen = Signal(int)
    state_wanted = Signal(int, dict)
    order_wanted = Signal(int, int)
    solo_wanted = Signal(int)
    remove_wanted = Signal()
    menu_wanted = Signal(QPoint)
    only_where_empty_wanted = Signal(bool)
    rows_changed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Layers"))
        self._rows: list[LayerRow] = []
        self._active: Layer | None = None
        self._list = QWidget(self)
        self._list.setBackgroundRole(QPalette.ColorRole.Window)  # quiet: no box beside the photo
        self._list.setAccessibleName(self.tr("List of layers"))
        self._list_layout = QVBoxLayout(self._list)
        self._list_layout.setContentsMargins(0, 0, 0, 0)
        self._list_layout.setSpacing(1)
        self._list_layout.addStretch(1)
        self._line = QFrame(self._list)
        self._line.setAutoFillBackground(True)
        self._line.setBackgroundRole(QPalette.ColorRole.Accent)
        self._line.hide()
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self._list)
        self._scroll.setAccessibleName(self.tr("List of layers"))
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.category = self._make_category()
        self.only_where_empty = self._make_switch()
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(4, 0, 4, 4)
        self.buttons.addStretch(1)
        self._lay_out()

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """The rows as they are shown, the uppermost first."""
        return tuple(self._rows)

    @property
    def whole_height(self) -> int:
        """How high the panel is with all rows in view."""
        rest = self.sizeHint().height() - self._scroll.sizeHint().height()
        # The layout of the list does not count rows that are to be shown in a moment.
        return rest + sum(row.sizeHint().height() + self._list_layout.spacing() for row in self._rows)

    def add_button(self, button: QToolButton) -> None:
        """Put a button under the list."""
        self.buttons.addWidget(button)

    def begin_rename(self, layer_id: int) -> None:
        """Let the person type another name for a layer."""
        for row in self._rows:
            if row.layer_id == layer_id:
                self._scroll.ensureWidgetVisible(row)
                row.begin_rename()

    def begin_category(self) -> None:
        """Let the person type the category of the active layer, or choose one where it has none."""
        self.category.setFocus(Qt.FocusReason.OtherFocusReason)
        self.category.selectAll()
        known = self.category.completer()
        if not self.category.text() and known is not None:
            known.setCompletionPrefix("")
            known.complete()

    def take_typed(self) -> None:
        """Take a name or category that is still being typed: what follows may save it, or leave the photo."""
        for row in self._rows:
            row.take_name()
        if self.category.isModified():
            self._take_category()

    def set_categories(self, names: Sequence[str]) -> None:
        """Offer these categories while one is typed."""
        completer = QCompleter(list(names), self.category)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = completer.popup()
        if popup is not None:
            popup.setAccessibleName(self.tr("Categories used before"))
        self.category.setCompleter(completer)

    def show_only_where_empty(self, is_on: bool) -> None:
        """Show the present state of the switch without telling anybody."""
        with QSignalBlocker(self.only_where_empty):
            self.only_where_empty.setChecked(is_on)

    def show_document(self, document: Document | None) -> None:
        """Show the layers of a document as they are now."""
        layers = list(reversed(document.layers)) if document is not None else []
        is_other = [row.layer_id for row in self._rows] != [layer.id for layer in layers]
        if is_other:
            self._arrange(layers)
        active = document.active if document is not None else None
        for row, layer in zip(self._rows, layers, strict=True):
            row.show_layer(layer, is_active=layer is active)
            if layer is active and layer is not self._active:
                self._scroll.ensureWidgetVisible(row, 0, 0)
        if is_other:
            self.rows_changed.emit()
        before, self._active = self._active, active
        typed = self.category.text().strip() if self.category.isModified() else None
        self.category.setEnabled(active is not None)
        if active is not before or typed is None:
            self.category.setText((active.category or "") if active is not None else "")
        if typed is not None and active is not before and any(layer is before for layer in layers):
            assert before is not None
            self.state_wanted.emit(before.id, {"category": typed})  # typed for the layer that was active

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the category gives up what is typed, and the keyboard to the canvas."""
        is_esc = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self.category and is_esc:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif event.type() == QEvent.Type.KeyPress:
                self.category.setText((self._active.category or "") if self._active is not None else "")
                self.finished.emit()
                return True
        return super().eventFilter(watched, event)

    # --- building -----------------------------------------------------------------------------------------

    def _make_category(self) -> QLineEdit:
        field = QLineEdit(self)
        name = self.tr("Category")
        help_text = self.tr(
            "What the active layer shows, such as person or dog; annotations are written with it."
        )
        field.setAccessibleName(name)
        field.setAccessibleDescription(help_text)
        field.setToolTip(help_text)
        field.setPlaceholderText(self.tr("none"))
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.editingFinished.connect(self._take_category)
        field.returnPressed.connect(self.finished)
        field.installEventFilter(self)
        return field

    def _make_switch(self) -> CheckBox:
        box = CheckBox(self.tr("Only where nothing else is"), self)
        help_text = self.tr("Brushes, the lasso and networks leave alone what shown or locked layers hold.")
        box.setAccessibleName(box.text())
        box.setAccessibleDescription(help_text)
        box.setToolTip(help_text)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.toggled.connect(self.only_where_empty_wanted)
        return box

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Category"), self)
        label.setBuddy(self.category)
        line = QHBoxLayout()
        line.setContentsMargins(8, 2, 8, 0)
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(self.category, 1)
        switch = QHBoxLayout()
        switch.setContentsMargins(8, 0, 8, 0)
        switch.addWidget(self.only_where_empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(line)
        layout.addLayout(switch)
        layout.addLayout(self.buttons)

    def _arrange(self, layers: list[Layer]) -> None:
        """Make the rows those of `layers`; a row that stays is the same widget, with its focus."""
        there = {row.layer_id: row for row in self._rows}
        for row in self._rows:
            self._list_layout.removeWidget(row)
        self._rows = [there.pop(layer.id) if layer.id in there else self._make_row(layer) for layer in layers]
        for row in there.values():
            row.hide()
            row.deleteLater()
        for index, row in enumerate(self._rows):
            self._list_layout.insertWidget(index, row)
            if index:
                QWidget.setTabOrder(self._rows[index - 1].padlock, row)

    def _make_row(self, layer: Layer) -> LayerRow:
        row = LayerRow(layer, self._list)
        layer_id = layer.id
        row.chosen.connect(lambda: self._choose(layer_id))
        row.state_wanted.connect(lambda values: self.state_wanted.emit(layer_id, values))
        row.solo_wanted.connect(lambda: self.solo_wanted.emit(layer_id))
        row.dragged.connect(self._on_dragged)
        row.dropped.connect(lambda place: self._on_dropped(row, place))
        row.key_pressed.connect(lambda event: self._on_key(row, event))
        row.menu_wanted.connect(self.menu_wanted)
        row.finished.connect(self.finished)
        return row

    # --- order and keys -----------------------------------------------------------------------------------

    def _gap_at(self, place: QPoint) -> int:
        """Return before which row a layer dropped at `place` (of the screen) would lie."""
        y = self._list.mapFromGlobal(place).y()
        return sum(y > row.geometry().center().y() for row in self._rows)

    def _on_dragged(self, place: QPoint) -> None:
        gap = self._gap_at(place)
        below = self._rows[gap].y() if gap < len(self._rows) else self._rows[-1].geometry().bottom() + 1
        top = min(max(below - LINE_PX // 2 - 1, 0), max(self._list.height() - LINE_PX, 0))
        self._line.setGeometry(0, top, self._list.width(), LINE_PX)
        self._line.raise_()
        self._line.show()
        inside = self._list.mapFromGlobal(place)
        self._scroll.ensureVisible(0, inside.y(), 0, NEAR_EDGE_PX)

    def _on_dropped(self, row: LayerRow, place: QPoint | None) -> None:
        self._line.hide()
        if place is None:
            return
        before = self._rows.index(row)
        gap = self._gap_at(place)
        after = gap - 1 if gap > before else gap
        self.order_wanted.emit(row.layer_id, len(self._rows) - 1 - after)

    def _on_key(self, row: LayerRow, event: QKeyEvent) -> None:
        """Do what a key means in the list; others go on to the window."""
        index = self._rows.index(row)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & ALT:
            self.order_wanted.emit(row.layer_id, len(self._rows) - 1 - (index + step))
        elif step and 0 <= index + step < len(self._rows):
            other = self._rows[index + step]
            self.chosen.emit(other.layer_id)
            other.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Space:
            row.eye.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row.begin_rename()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif not step:
            return
        event.accept()

    def _choose(self, layer_id: int) -> None:
        for row in self._rows:
            row.take_name()
        self.chosen.emit(layer_id)

    def _take_category(self) -> None:
        text = self.category.text().strip()
        self.category.setModified(False)
        if self._active is not None and text != (self._active.category or ""):
            self.state_wanted.emit(self._active.id, {"category": text})
