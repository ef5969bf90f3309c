"""Joins the panel of layers, the commands for layers and the actions table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QToolButton

from meticulous_gui.core.project_index import FOLDER_NAME, categories_in
from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.commands.layers import LayerCommands
from meticulous_gui.ui.layer_exports import LayerExports
from meticulous_gui.ui.layer_guard import LayerGuard
from meticulous_gui.ui.panels.layers import LayersPanel
from meticulous_gui.ui.rows.layer import LAYER_BUTTONS, LAYER_MENU
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session


class Layering(QObject):
    """What a window knows of layers.

    Attributes:
        commands: what the actions call.

    Args:
        drop_gesture: drops the stroke in hand; says whether there was one.
        show_panel: brings the panel back where it is closed.
        parent: the window.
    """

    def __init__(
        self,
        session: Session,
        saving: Saving,
        choices: Choices,
        panel: LayersPanel,
        *,
        drop_gesture: Callable[[], bool],
        show_panel: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._panel = panel
        self._show_panel = show_panel
        self._folder: Path | None = None
        self._saved_categories: tuple[str, ...] = ()
        self._offered: tuple[str, ...] = ()
        guard = LayerGuard(session, choices, self)
        self.commands = LayerCommands(
            session,
            guard=guard,
            exports=LayerExports(session, saving),
            drop_gesture=drop_gesture,
            begin_rename=self._begin_rename,
            begin_category=self._begin_category,
            parent=panel,
        )
        panel.show_only_where_empty(guard.is_on)
        guard.changed.connect(panel.show_only_where_empty)
        panel.only_where_empty_wanted.connect(guard.set_on)
        panel.chosen.connect(self.commands.choose)
        panel.state_wanted.connect(self.commands.set_state)
        panel.order_wanted.connect(self.commands.put)
        panel.solo_wanted.connect(self.commands.solo)
        panel.remove_wanted.connect(self.commands.remove)
        session.document_opened.connect(self._on_opened)
        session.changed.connect(self._offer_categories)

    def attach(self, actions: ActionSet) -> None:
        """Give the panel its buttons and its menu."""
        for action_id in LAYER_BUTTONS:
            button = QToolButton(self._panel)
            button.setDefaultAction(actions[action_id])
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(actions[action_id].text())
            self._panel.add_button(button)

        def show_menu(place: QPoint) -> None:
            menu = actions.make_menu(LAYER_MENU, self._panel)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

        self._panel.menu_wanted.connect(show_menu)

    def _begin_rename(self, layer_id: int) -> None:
        self._show_panel()
        self._panel.begin_rename(layer_id)

    def _begin_category(self) -> None:
        self._show_panel()
        self._panel.begin_category()

    def _on_opened(self) -> None:
        """Look once into each folder for the categories that were used there."""
        document = self._session.document
        path = document.photo.path if document is not None else None
        folder = None
        if path is not None:
            folder = self._session.places.folder_of(path) or path.parent / FOLDER_NAME
        if folder == self._folder:
            return
        self._folder, self._saved_categories, self._offered = folder, (), ()
        self._panel.set_categories(())
        if folder is None:
            return

        def take(found: tuple[str, ...]) -> None:
            if folder == self._folder:
                self._saved_categories = found
                self._offer_categories()

        self._session.background.run(lambda: categories_in(folder), take)

    def _offer_categories(self) -> None:
        document = self._session.document
        used = (
            {layer.category for layer in document.layers if layer.category} if document is not None else set()
        )
        offered = tuple(sorted({*used, *self._saved_categories, *self._offered}, key=str.casefold))
        if offered != self._offered:
            self._offered = offered
            self._panel.set_categories(offered)
