"""The window: puts the parts together and connects them; what happens is decided elsewhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QMainWindow,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.document import Changed
from meticulous_gui.ui.action import ActionState
from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.actions import CONTEXT_MENU
from meticulous_gui.ui.bars.context_bar import ContextBar
from meticulous_gui.ui.bars.status import StatusBar
from meticulous_gui.ui.bars.tool_strip import ToolStrip
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.commands import (
    Commands,
    EdgeCommands,
    FileCommands,
    HelpCommands,
    MaskCommands,
    ViewCommands,
)
from meticulous_gui.ui.commands.layers import is_solo
from meticulous_gui.ui.drag_out import DragOut
from meticulous_gui.ui.drop_zone import ZONE_WH_PX
from meticulous_gui.ui.edge_panels import EdgePanels
from meticulous_gui.ui.folder_desk import FolderDesk
from meticulous_gui.ui.hints import HintPanel, Hints
from meticulous_gui.ui.layering import Layering
from meticulous_gui.ui.look_desk import LookDesk
from meticulous_gui.ui.mask_files import MaskFiles
from meticulous_gui.ui.mask_saving import MaskSaving
from meticulous_gui.ui.messages import Choice, Message, MessageBar
from meticulous_gui.ui.networks import Networks
from meticulous_gui.ui.panels.dock import PanelDock
from meticulous_gui.ui.panels.floating import ENTER
from meticulous_gui.ui.panels.history import HistoryPanel
from meticulous_gui.ui.panels.layers import LayersPanel
from meticulous_gui.ui.panels.step_pictures import StepPictures
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.start import StartPanel, show_folder
from meticulous_gui.ui.toolbox import Toolbox
from meticulous_gui.ui.tools.toolbox import make_tools
from meticulous_gui.ui.views import ViewState

ENGINE_POLL_MS = 500
STATE_VERSION = 1
ZONE_GAP_PX = 20


class MainWindow(QMainWindow):
    """One window, one session.

    Attributes:
        session, saving, photos, canvas, toolbox, actions_set, messages: the parts, for tests and scripts.

    Signals:
        closed: the window is about to go; work is safe.
    """

    closed = Signal()

    def __init__(self, session: Session, choices: Choices, *, log_folder: Path) -> None:
        super().__init__()
        self.session = session
        self.choices = choices
        self._may_close = False
        self.saving = Saving(session)
        self.masks = MaskFiles(session)
        self.networks = Networks(session, choices, self)
        self.keeping = MaskSaving(session, self.saving, self.masks)
        self.folder = FolderDesk(self, ask=lambda then: self.commands.files.unless_unsaved(then))
        self.photos = self.folder.photos
        self.canvas = Canvas(ViewState(self), self)
        self.toolbox = Toolbox(make_tools(session, self.canvas), self)
        self.messages = MessageBar(self)
        self.context_bar = ContextBar(self)
        self.status = StatusBar(self)
        self.layers = LayersPanel(self)
        self.history_pictures = StepPictures(session)
        self.history = HistoryPanel(self.history_pictures, self)
        self.drag_out = DragOut(session, self)
        self.panels = PanelDock(self.layers, self.history, self.drag_out.chip, self)
        self.closed.connect(self.drag_out.close)
        self.layering = Layering(
            session,
            choices,
            self.layers,
            drop_gesture=self.canvas.cancel_gesture,
            show_panel=self.panels.show,
            parent=self,
        )
        self.edge_panels = EdgePanels(session, self.canvas)
        self.look = LookDesk(session, self.canvas, self)
        self.commands = self._make_commands(log_folder)
        self.actions_set = ActionSet(self, self.commands, self._read_state, keys=choices.keys)
        self._lay_out()
        self._connect()
        self.canvas.set_tool(self.toolbox.active)
        self.context_bar.show_tool(self.toolbox.active)
        self._on_choices()
        self._restore()
        self._on_changed()
        self.canvas.setFocus()

    # --- what other parts ask -----------------------------------------------------------------------------

    def open_paths(self, paths: list[Path]) -> None:
        """Open photos or folders of photos, as the command line names them."""
        self.commands.files.open_paths(paths)

    def close_without_question(self) -> None:
        """Close at once, for SIGTERM and logout; autosave keeps the work."""
        self._may_close = True
        self.close()

    def _leave(self) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        # While the desktop logs out there is nobody to answer; autosave has the work.
        application = QApplication.instance()
        is_logout = isinstance(application, QApplication) and application.isSavingSession()
        may_ask = not self._may_close and not is_logout
        if may_ask and self.folder.holds_window():
            event.ignore()
            return
        if may_ask and self.session.has_unsaved_work:
            event.ignore()
            self.commands.files.unless_unsaved(self.close_without_question)
            return
        if may_ask and self.folder.work.go_back_to_unsafe():
            event.ignore()
            return
        event.accept()
        self.choices.remember_bytes(geometry=self.saveGeometry(), window=self.saveState(STATE_VERSION))
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_set"):
            self.actions_set.update_icons()
            for bar in (self.context_bar, self.tool_strip):
                bar.renew_sheet()
            self.edge_panels.renew_sheets()
            self.layers.show_document(self.session.document)
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter where nobody under the keyboard wanted it."""
        if event.key() not in ENTER or not (self.edge_panels.apply() or self.look.take_enter()):
            super().keyPressEvent(event)

    # --- building -----------------------------------------------------------------------------------------

    def _make_commands(self, log_folder: Path) -> Commands:
        session, canvas = self.session, self.canvas
        return Commands(
            files=FileCommands(
                session,
                self.saving,
                self.photos,
                self.choices,
                self,
                masks=self.masks,
                keeping=self.keeping,
                leave=self._leave,
            ),
            mask=MaskCommands(
                session,
                drop_gesture=canvas.cancel_gesture,
                drop_panel=self.edge_panels.drop,
                visible_box=lambda: canvas.visible_box,
            ),
            edge=EdgeCommands(self.edge_panels),
            layers=self.layering.commands,
            view=ViewCommands(session, canvas, self.toolbox, self, self.panels),
            folder=self.folder.make_commands(),
            look=self.look.here,
            help=HelpCommands(
                self,
                trigger=lambda action_id: self.actions_set.trigger(action_id),
                is_enabled=lambda row: self.actions_set.is_enabled(row),
                keys=lambda row: self.actions_set.keys(row),
                choices=self.choices,
                networks=self.networks,
                log_folder=log_folder,
            ),
        )

    def _lay_out(self) -> None:
        self.setObjectName("main_window")
        self.setMinimumSize(640, 420)
        self.resize(1280, 800)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self.start = StartPanel(self.actions_set, self)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # Messages lie over the canvas: a bar that pushed it down would move the photo under the brush.
        stage = QGridLayout()
        stage.addWidget(self.canvas, 0, 0, 3, 1)
        stage.addWidget(self.messages, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        panel = HintPanel(self.actions_set, self)
        self.hints = Hints(self.session, self.saving, self.choices, panel)
        stage.addWidget(panel, 0, 0, 3, 1, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        # The row in the middle is where the canvas draws the place to drop a photo; the buttons lie below it.
        stage.addWidget(self.start, 2, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        stage.setRowStretch(0, 1)
        stage.setRowMinimumHeight(1, ZONE_WH_PX[1] + 2 * ZONE_GAP_PX)
        stage.setRowStretch(2, 1)
        column.addLayout(stage, 1)
        self.setCentralWidget(centre)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.context_bar)
        icon_size_px = self.choices.settings.view.icon_size_px
        self.tool_strip = ToolStrip(self.actions_set, icon_size_px=icon_size_px, parent=self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tool_strip)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panels)
        self.folder.lay_out()
        self.setStatusBar(self.status)
        self.actions_set.fill_menu_bar(self.menuBar(), extra={"open": self._make_recent_menu()})
        self.layering.attach(self.actions_set)
        self.look.attach(stage, self.actions_set, self.status)
        self.edge_panels.opened.connect(self.look.here.leave)  # both lie at the canvas's lower edge

    def _make_recent_menu(self) -> QMenu:
        menu = QMenu(self.tr("Open recent"), self)
        menu.setAccessibleName(self.tr("Open recent"))

        def fill() -> None:
            menu.clear()
            for path in self.choices.recent:
                # Not looked at here: a dead network folder would hold the menu.
                entry = menu.addAction(path.name)
                entry.setToolTip(str(path))
                entry.triggered.connect(lambda _checked, path=path: self.open_paths([path]))
            if menu.isEmpty():
                menu.addAction(self.tr("No photo yet")).setEnabled(False)

        menu.aboutToShow.connect(fill)
        fill()
        return menu

    def _connect(self) -> None:
        session, canvas = self.session, self.canvas
        session.document_opened.connect(self._on_opened)
        session.scene_replaced.connect(self._on_scene)
        session.pixels_changed.connect(canvas.invalidate_image_box)
        session.changed.connect(self._on_changed)
        session.undone.connect(self._on_undone)
        session.posted.connect(self.messages.show_message)
        session.nothing_found.connect(self._on_nothing_found)
        brushes = {tool.brush for tool in self.toolbox.tools.values() if tool.brush is not None}
        for brush in brushes | {session.brush}:  # the marker has a brush of its own
            brush.changed.connect(self.context_bar.refresh)
        session.brush.changed.connect(self.actions_set.schedule)
        for tool in self.toolbox.tools.values():
            tool.options_changed = self.context_bar.refresh
        self.saving.exported.connect(self._on_exported)
        self.folder.quiet.leaving.connect(self.keeping.write_quietly)
        self.networks.leaving.connect(self.folder.work.ahead.drop)
        self.photos.changed.connect(self._on_changed)
        self.choices.changed.connect(self._on_choices)
        self.toolbox.changed.connect(self._on_tool)
        canvas.views.changed.connect(self.actions_set.schedule)
        canvas.view_changed.connect(lambda view: self.status.show_zoom(view.zoom))
        canvas.pointer_moved.connect(self._on_pointer)
        canvas.files_dropped.connect(self.commands.files.drop_paths)
        canvas.picture_dropped.connect(self.commands.files.open_picture)
        canvas.escape_pressed.connect(self.commands.mask.stop)
        canvas.menu_requested.connect(self._on_menu)
        canvas.keyboard_cursor_changed.connect(self.actions_set.schedule)
        self.layers.finished.connect(canvas.setFocus)
        self.history.wanted.connect(self.commands.mask.go_to_step)
        self.messages.emptied.connect(canvas.setFocus)
        self.context_bar.finished.connect(canvas.setFocus)
        self.status.stop.clicked.connect(self.commands.mask.stop)
        self.panels.visibilityChanged.connect(self.actions_set.schedule)
        for dock in (self.folder.strip, self.folder.batch):
            dock.visibilityChanged.connect(self.actions_set.schedule)
        self._engine_timer = QTimer(self)
        self._engine_timer.setInterval(ENGINE_POLL_MS)
        self._engine_timer.timeout.connect(self._show_engine)
        self._engine_timer.start()

    # --- what happens -------------------------------------------------------------------------------------

    def _read_state(self) -> ActionState:
        session, views = self.session, self.canvas.views
        document = session.document
        layer = document.active if document is not None else None
        return ActionState(
            has_photo=document is not None,
            can_undo=document is not None and document.can_undo,
            can_redo=document is not None and document.can_redo,
            is_running=session.work.is_running,
            is_locked=layer is not None and layer.locked,
            is_layer_visible=layer is not None and layer.visible,
            is_layer_solo=layer is not None and document is not None and is_solo(document, layer.id),
            is_only_where_empty=self.layering.commands.guard.is_on,
            layer_index=document.layers.index(layer) if document is not None and layer is not None else 0,
            n_layers=len(document.layers) if document is not None else 0,
            n_files=self.photos.n_photos,
            tool=self.toolbox.active.id,
            view=views.mode.name if views.is_overlay_on else "PHOTO",
            has_confidence=session.has_confidence,
            is_at_place=self.look.here.current is not None,
            is_subtracting=session.brush.is_subtracting,
            stops_at_edges=session.brush.stops_at_edges,
            is_inverted=views.is_overlay_inverted,
            is_keyboard_cursor=self.canvas.has_keyboard_cursor,
            has_panels=self.panels.isVisible(),
            is_full_screen=self.isFullScreen(),
            is_done=self.folder.is_done,
            has_strip=self.folder.strip.isVisible(),
            has_batch=self.folder.batch.isVisible(),
        )

    def _restore(self) -> None:
        """Be where the window was last, as far as the screens there are now allow."""
        self.restoreGeometry(self.choices.bytes_of("geometry"))
        self.restoreState(self.choices.bytes_of("window"), STATE_VERSION)
        self.folder.hide()  # until there is a folder to show

    def _on_choices(self) -> None:
        settings = self.choices.settings
        self.session.settings = settings
        self.actions_set.set_keys(self.choices.keys)
        if self.session.document is not None:
            self.session.document.history.budget_bytes = self.session.opener.history_budget_bytes
        self.canvas.views.set_overlay_opacity(settings.view.overlay_opacity)
        self.canvas.views.set_overlay_inverted(settings.view.overlay_inverted)

    def _on_opened(self) -> None:
        # What was begun on the photo before must not end on this one, which may have the same size.
        self.canvas.cancel_gesture()
        document = self.session.document
        if document is not None and document.photo.path is not None:
            self.choices.note_recent(document.photo.path)

    def _on_scene(self) -> None:
        self.canvas.set_scene(self.session.scene, self.session.image_size_hw)
        self.start.setVisible(self.session.scene is None)
        self.status.show_zoom(self.canvas.view.zoom if self.session.scene is not None else None)

    def _on_changed(self) -> None:
        session = self.session
        document = session.document
        self.actions_set.schedule()
        self.layers.show_document(document)
        self.history.show_document(document)
        self.status.show_work(session.work, session.opener.opening.name if session.opener.opening else "")
        done, total = session.work.progress
        self.canvas.set_progress((done / total if total else 0.0) if session.work.is_running else None)
        self._show_engine()
        self._show_title()

    def _show_title(self) -> None:
        document, opening = self.session.document, self.session.opener.opening
        if document is None:
            self.setWindowTitle(opening.name if opening is not None else "")
        else:
            name = document.photo.name
            count, index = self.photos.n_photos, self.photos.index + 1
            is_in_list = count > 1 and document.photo.path == self.photos.current
            title = self.tr("{name}[*] ({index} of {count})") if is_in_list else self.tr("{name}[*]")
            self.setWindowTitle(title.format(name=name, index=index, count=count))
        self.setWindowModified(self.session.has_unsaved_work)
        n_layers = len(document.layers) if document is not None else 0
        self.canvas.set_subject(
            document.photo.name if document is not None else "",
            self.tr("layers: {count}").format(count=n_layers) if n_layers else "",
        )

    def _show_engine(self) -> None:
        runner = self.session.runner
        self.status.show_engine(runner.status() if runner is not None else None)

    def _on_tool(self) -> None:
        self.canvas.set_tool(self.toolbox.active)
        self.context_bar.show_tool(self.toolbox.active)
        self.actions_set.schedule()

    def _on_pointer(self, position: tuple[float, float] | None) -> None:
        x, y = position if position is not None else (-1.0, -1.0)
        size_hw = self.canvas.image_size_hw
        is_inside = size_hw is not None and 0 <= x < size_hw[1] and 0 <= y < size_hw[0]
        self.status.show_pointer(x, y, is_inside=is_inside)

    def _on_undone(self, changed: Changed) -> None:
        """Bring the view to what changed and outline it, or the person would see nothing happen."""
        place = self.canvas.place
        if place is not None and not changed.box.is_empty and changed.box.clip(place.visible_box).is_empty:
            box = changed.box
            self.canvas.go(place.revealing((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
        if not changed.box.is_empty:
            self.canvas.flash(changed.box)

    def _on_menu(self, position: QPoint) -> None:
        menu = self.actions_set.make_menu(CONTEXT_MENU, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def _on_nothing_found(self, is_in_box: bool) -> None:
        in_box, in_all = self.tr("No object was found in the box."), self.tr("No object was found here.")
        choices = [
            Choice(self.tr("Find in a box"), lambda: self.toolbox.choose("find_box")),
            Choice(self.tr("Paint it"), lambda: self.toolbox.choose("brush")),
            Choice(self.tr("Find again"), self.commands.mask.find_again),
            Choice(self.tr("Clear the mask"), self.commands.mask.clear),
        ]
        sentence = in_box if is_in_box else in_all
        self.messages.show_message(Message(sentence, "warning", tuple(choices), topic="network"))

    def _on_exported(self, path: Path) -> None:
        sentence = self.tr("{name} is written to {folder}.").format(name=path.name, folder=path.parent)
        show = Choice(self.tr("Show the folder"), lambda: show_folder(path.parent))
        self.messages.show_message(Message(sentence, choices=(show,), topic="export", is_brief=True))
