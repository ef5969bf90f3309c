"""Commands that concern whole layers: which there are, in which order, how they are called and shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.layer_steps import duplicate_layer, merge_down, move_layer
from meticulous_gui.ui.layer_exports import LayerExports
from meticulous_gui.ui.layer_guard import LayerGuard
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.views import next_overlay_colour


class LayerCommands:
    """Works on the open document of a session; without one nothing happens.

    Args:
        guard: the switch “only where nothing else is”.
        exports: writes single layers and label maps.
        drop_gesture: drops the stroke in hand; says whether there was one.
        begin_rename: lets the person type a name for the layer of this id.
        begin_category: lets the person type the category of the active layer.
        parent: what dialogs belong to.
    """

    def __init__(
        self,
        session: Session,
        *,
        guard: LayerGuard,
        exports: LayerExports,
        drop_gesture: Callable[[], bool],
        begin_rename: Callable[[int], None],
        begin_category: Callable[[], None],
        parent: QWidget,
    ) -> None:
        self._session = session
        self.guard: LayerGuard = guard
        self.exports: LayerExports = exports
        self._drop_gesture = drop_gesture
        self._begin_rename = begin_rename
        self._begin_category = begin_category
        self._parent = parent
        self._before_solo: dict[int, bool] = {}
        session.document_opened.connect(lambda: self._before_solo.clear())

    # --- which there are ----------------------------------------------------------------------------------

    def add(self) -> None:
        """Begin another, empty layer."""
        if self._session.document is not None:
            self._drop_gesture()
            self._session.document.add_layer()

    def remove(self) -> None:
        """Take the active layer away, unless it is locked."""
        document = self._session.document
        if document is not None and document.active.locked:
            self._session.changeable()  # says so
            return
        self._restructure(lambda document: document.remove_layer(document.active.id))

    def duplicate(self) -> None:
        """Put a copy of the active layer above it."""
        document = self._session.document
        if document is not None:
            self._drop_gesture()
            copied = QCoreApplication.translate("Commands", "{name} copy").format(name=document.active.name)
            duplicate_layer(document, document.active.id, copied)

    def merge_down(self) -> None:
        """Put the active layer on the one below."""
        self._restructure(lambda document: merge_down(document, document.active.id))

    def choose(self, layer_id: int) -> None:
        """Work on this layer from now on."""
        document = self._session.document
        if document is not None and document.has_layer(layer_id) and document.active.id != layer_id:
            self._drop_gesture()
            document.set_active(layer_id)

    def choose_neighbour(self, n_steps: int) -> None:
        """Work on the layer so many places above (positive) or below."""
        document = self._session.document
        if document is not None:
            index = document.layers.index(document.active) + n_steps
            if 0 <= index < len(document.layers):
                self.choose(document.layers[index].id)

    # --- order and looks ----------------------------------------------------------------------------------

    def move(self, n_steps: int) -> None:
        """Put the active layer so many places higher (positive) or lower."""
        document = self._session.document
        if document is not None:
            self.put(document.active.id, document.layers.index(document.active) + n_steps)

    def put(self, layer_id: int, index: int) -> None:
        """Put a layer at a place, 0 is the lowest."""
        document = self._session.document
        if document is not None and document.has_layer(layer_id):
            self._drop_gesture()
            move_layer(document, layer_id, index)

    def set_state(self, layer_id: int, values: dict[str, object]) -> None:
        """Show, hide, lock, rename or recolour a layer, or set its category; an empty name is no name."""
        document = self._session.document
        if document is None or not document.has_layer(layer_id) or values.get("name") == "":
            return
        if values.get("locked"):
            self._session.work.cancel_on_layer(layer_id)
        document.set_layer_state(layer_id, **values)  # type: ignore[arg-type]

    def rename(self) -> None:
        """Type another name for the active layer."""
        if self._session.document is not None:
            self._begin_rename(self._session.document.active.id)

    def categorise(self) -> None:
        """Type the category of the active layer."""
        if self._session.document is not None:
            self._begin_category()

    def toggle_visible(self) -> None:
        """Show or hide the active layer."""
        self._with_active(lambda layer: {"visible": not layer.visible})

    def toggle_locked(self) -> None:
        """Lock or unlock the active layer."""
        self._with_active(lambda layer: {"locked": not layer.locked})

    def cycle_colour(self) -> None:
        """Give the active layer the next colour."""
        self._with_active(lambda layer: {"colour": next_overlay_colour(layer.colour)})

    def choose_colour(self) -> None:
        """Let the person choose any colour for the active layer."""
        document = self._session.document
        if document is None:
            return
        layer_id = document.active.id
        title = QCoreApplication.translate("Commands", "Colour of the layer")
        dialog = QColorDialog(QColor(*document.active.colour), self._parent)
        dialog.setWindowTitle(title)
        dialog.setAccessibleName(title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def take(colour: QColor) -> None:
            if document is self._session.document:
                self.set_state(layer_id, {"colour": (colour.red(), colour.green(), colour.blue())})

        dialog.colorSelected.connect(take)
        dialog.open()

    def solo(self, layer_id: int | None = None) -> None:
        """Show one layer alone; once more, show the others as they were before.

        Args:
            layer_id: whose eye was pressed with Alt; the active one without it.
        """
        document = self._session.document
        if document is None:
            return
        chosen = document.active.id if layer_id is None else layer_id
        if is_solo(document, chosen):
            for layer in document.layers:
                document.set_layer_state(layer.id, visible=self._before_solo.get(layer.id, True))
            return
        self._before_solo = {layer.id: layer.visible for layer in document.layers} | {chosen: True}
        for layer in document.layers:
            document.set_layer_state(layer.id, visible=layer.id == chosen)

    # --- inner works --------------------------------------------------------------------------------------

    def _with_active(self, values: Callable[[Layer], dict[str, object]]) -> None:
        if self._session.document is not None:
            layer = self._session.document.active
            self.set_state(layer.id, values(layer))

    def _restructure(self, work: Callable[[Document], None]) -> None:
        """Do what takes the active layer away; a refusal is said in the bar."""
        document = self._session.document
        if document is None:
            return
        self._drop_gesture()
        self._session.work.cancel_on_layer(document.active.id)
        try:
            work(document)
        except MeticulousError as error:
            self._session.message(str(error), kind="error", topic="layers")


def is_solo(document: Document, layer_id: int) -> bool:
    """Return whether of several layers only this one is seen."""
    seen = [layer.id for layer in document.layers if layer.visible]
    return seen == [layer_id] and len(document.layers) > 1
