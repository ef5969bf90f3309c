"""The list of layers: which is active, what is seen, what is locked, what they are called."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QMouseEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.ui.icons import icon
from meticulous_gui.ui.views import next_overlay_colour

BUTTON_PX = 28
ICON_PX = 18


class LayerRow(QWidget):
    """One layer.

    Signals:
        chosen: the person wants to work on it.
        state_wanted: (dict) new values for `Document.set_layer_state`.
    """

    chosen = Signal()
    state_wanted = Signal(dict)

    def __init__(self, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer_id = layer.id
        self._colour, self._is_visible, self._is_locked = layer.colour, layer.visible, layer.locked
        self.setAutoFillBackground(True)
        self.eye, self.swatch, self.padlock = self._button(), self._button(), self._button()
        self.name = QLineEdit(self)
        self.name.setFrame(False)
        self.name.setAccessibleName(self.tr("Name of the layer"))
        self.name.setToolTip(self.tr("Click to rename the layer."))
        self.name.installEventFilter(self)
        self.name.editingFinished.connect(lambda: self.state_wanted.emit({"name": self.name.text().strip()}))
        self.eye.clicked.connect(lambda: self.state_wanted.emit({"visible": not self._is_visible}))
        self.padlock.clicked.connect(lambda: self.state_wanted.emit({"locked": not self._is_locked}))
        self.swatch.clicked.connect(self._on_swatch)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        layout.addWidget(self.eye)
        layout.addWidget(self.swatch)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.padlock)

    def show_layer(self, layer: Layer, *, is_active: bool) -> None:
        """Show what the layer is like now."""
        self._colour, self._is_visible, self._is_locked = layer.colour, layer.visible, layer.locked
        role = QPalette.ColorRole.Highlight if is_active else QPalette.ColorRole.Base
        text_role = QPalette.ColorRole.HighlightedText if is_active else QPalette.ColorRole.Text
        self.setBackgroundRole(role)
        palette = QPalette(QApplication.palette())
        text = palette.color(text_role)
        palette.setColor(QPalette.ColorRole.WindowText, text)
        palette.setColor(QPalette.ColorRole.Text, text)
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        self.name.setPalette(palette)
        if not self.name.hasFocus():
            with QSignalBlocker(self.name):
                self.name.setText(layer.name)
        self.eye.setIcon(icon("visible" if layer.visible else "hidden", palette))
        self.padlock.setIcon(icon("locked" if layer.locked else "unlocked", palette))
        pixmap = QPixmap(ICON_PX, ICON_PX)
        pixmap.fill(QColor(*layer.colour))
        self.swatch.setIcon(QIcon(pixmap))
        eye = self.tr("Hide the layer {name}") if layer.visible else self.tr("Show the layer {name}")
        padlock = self.tr("Unlock the layer {name}") if layer.locked else self.tr("Lock the layer {name}")
        self._name(self.eye, eye.format(name=layer.name))
        self._name(self.padlock, padlock.format(name=layer.name))
        self._name(self.swatch, self.tr("Another colour for the layer {name}").format(name=layer.name))
        state = self.tr("{name}, active") if is_active else self.tr("{name}")
        self.setAccessibleName(state.format(name=layer.name))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()
        super().mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Work on the layer as soon as its name is touched."""
        if watched is self.name and isinstance(event, QFocusEvent) and event.gotFocus():
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def _on_swatch(self) -> None:
        self.state_wanted.emit({"colour": next_overlay_colour(self._colour)})

    def _button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFixedSize(BUTTON_PX, BUTTON_PX)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        return button

    def _name(self, button: QToolButton, text: str) -> None:
        button.setAccessibleName(text)
        button.setToolTip(text)


class LayersPanel(QWidget):
    """All layers, the uppermost first, and buttons to add and remove.

    Signals:
        chosen: (int) work on this layer from now on.
        state_wanted: (int, dict) new values for `Document.set_layer_state`.
    """

    chosen = Signal(int)
    state_wanted = Signal(int, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Layers"))
        self._rows: list[LayerRow] = []
        self._list = QWidget(self)
        self._list.setBackgroundRole(QPalette.ColorRole.Base)
        self._list.setAutoFillBackground(True)
        self._list.setAccessibleName(self.tr("List of layers"))
        self._list_layout = QVBoxLayout(self._list)
        self._list_layout.setContentsMargins(0, 0, 0, 0)
        self._list_layout.setSpacing(1)
        self._list_layout.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._list)
        scroll.setAccessibleName(self.tr("List of layers"))
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(scroll, 1)
        layout.addLayout(self.buttons)

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """The rows as they are shown, the uppermost first."""
        return tuple(self._rows)

    def add_button(self, button: QToolButton) -> None:
        """Put a button under the list."""
        self.buttons.addWidget(button)

    def show_document(self, document: Document | None) -> None:
        """Show the layers of a document as they are now."""
        layers = list(reversed(document.layers)) if document is not None else []
        if [row.layer_id for row in self._rows] != [layer.id for layer in layers]:
            self._rebuild(layers)
        for row, layer in zip(self._rows, layers, strict=True):
            assert document is not None
            row.show_layer(layer, is_active=layer is document.active)

    def _rebuild(self, layers: list[Layer]) -> None:
        for row in self._rows:
            self._list_layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(layer) for layer in layers]
        for index, row in enumerate(self._rows):
            self._list_layout.insertWidget(index, row)

    def _make_row(self, layer: Layer) -> LayerRow:
        row = LayerRow(layer, self._list)
        layer_id = layer.id
        row.chosen.connect(lambda: self.chosen.emit(layer_id))
        row.state_wanted.connect(lambda values: self.state_wanted.emit(layer_id, values))
        return row
