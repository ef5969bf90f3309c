"""The window: puts the parts together and connects them; what happens is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.document import Changed
from meticulous_gui.core.view import ViewMode
from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.actions import CONTEXT_MENU
from meticulous_gui.ui.bars.context_bar import ContextBar
from meticulous_gui.ui.bars.status import StatusBar
from meticulous_gui.ui.bars.tool_strip import ToolStrip
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.commands import (
    Commands,
    CompareCommands,
    EdgeCommands,
    FileCommands,
    HelpCommands,
    MaskCommands,
    PointCommands,
    ViewCommands,
)
from meticulous_gui.ui.comparing.desk import ComparisonDesk
from meticulous_gui.ui.drag_out import DragOut
from meticulous_gui.ui.edge_panels import EdgePanels
from meticulous_gui.ui.facts import Facts
from meticulous_gui.ui.first_size import resize_within_screen
from meticulous_gui.ui.folder_desk import FolderDesk
from meticulous_gui.ui.hints import HintPanel, Hints
from meticulous_gui.ui.layering import Layering
from meticulous_gui.ui.look_desk import LookDesk
from meticulous_gui.ui.mask_files import MaskFiles
from meticulous_gui.ui.mask_saving import MaskSaving
from meticulous_gui.ui.messages import MessageBar
from meticulous_gui.ui.networks import Networks
from meticulous_gui.ui.notices import Notices
from meticulous_gui.ui.panels.dock import PanelDock
from meticulous_gui.ui.panels.floating import ENTER
from meticulous_gui.ui.panels.history import HistoryPanel
from meticulous_gui.ui.panels.layers import LayersPanel
from meticulous_gui.ui.panels.step_pictures import StepPictures
from meticulous_gui.ui.points.desk import PointDesk
from meticulous_gui.ui.recent import RecentMenu, RecentPhotos, RecentRow
from meticulous_gui.ui.refiners import Refiners
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.start import StartPanel
from meticulous_gui.ui.toolbox import Toolbox
from meticulous_gui.ui.tools.toolbox import make_tools
from meticulous_gui.ui.views import ViewState
from meticulous_gui.ui.window_state import read_state

STATE_VERSION = 1


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
        self.recent = RecentPhotos(session, choices)
        self.masks = MaskFiles(session)
        self.networks = Networks(session, choices, self)
        self.keeping = MaskSaving(session, self.saving, self.masks)
        self.folder = FolderDesk(
            self, ask=lambda then: self.commands.files.unless_unsaved(then), rests=self._rests
        )
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
            self.saving,
            choices,
            self.layers,
            drop_gesture=self.canvas.cancel_gesture,
            show_panel=self.panels.show,
            parent=self,
        )
        self.edge_panels = EdgePanels(session, self.canvas)
        self.look = LookDesk(session, self.canvas, self)
        refiners = Refiners(self.networks, choices, self)
        self.comparing = ComparisonDesk(session, refiners, self.canvas, self.toolbox, self)
        self.commands = self._make_commands(log_folder)
        self.actions_set = ActionSet(
            self,
            self.commands,
            lambda: read_state(self),
            rests=self._rests,
            keys=choices.keys,
        )
        self._facts = Facts(self)
        self._notices = Notices(self)
        self._lay_out()
        self._connect()
        self.canvas.set_tool(self.toolbox.active)
        self.context_bar.follow_keys(self.actions_set)
        self.context_bar.show_tool(self.toolbox.active)
        self._on_choices()
        self._restore()
        self._on_changed()
        self.canvas.setFocus()

    # --- what other parts ask -----------------------------------------------------------------------------

    def open_paths(self, paths: list[Path]) -> None:
        """Open photos or folders of photos, as the command line names them."""
        self.commands.files.open_paths(paths)

    def _rests(self, then: Callable[[], object]) -> bool:
        """Keep what is typed, applied or pointed at; False where `then` is called later, when it is done.

        What was pointed at comes before what is still worked out: its edge is to be sharpened.
        """
        self.layers.take_typed()
        session = self.session
        return self.edge_panels.rests(then) and session.pointing.rests(then) and session.landing.rests(then)

    def _open_recent(self, photo: Path) -> None:
        self.open_paths([photo])

    def close_without_question(self) -> None:
        """Close at once, for SIGTERM and logout; autosave keeps the work."""
        if not self._may_close:  # who wanted that twice while layers were saved gets it once
            self._may_close = True
            self.close()

    def _leave(self) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        # While the desktop logs out there is nobody to answer; autosave has the work.
        application = QApplication.instance()
        is_logout = isinstance(application, QApplication) and application.isSavingSession()
        may_ask = not self._may_close and not is_logout
        if may_ask and not self._rests(self.close):
            event.ignore()
            return
        if may_ask and self.folder.holds_window():
            event.ignore()
            return
        if may_ask and self.folder.work.go_back_to_unsafe():
            event.ignore()
            return
        if may_ask and self.session.has_unsaved_work:
            event.ignore()
            self.commands.files.unless_unsaved(self.close_without_question)
            return
        event.accept()
        self.choices.remember_bytes(geometry=self.saveGeometry(), window=self.saveState(STATE_VERSION))
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "points"):
            self.actions_set.update_icons()
            for bar in (self.context_bar, self.tool_strip):
                bar.renew_sheet()
            self.edge_panels.renew_sheets()
            self.points.renew_sheets()
            self.layers.show_document(self.session.document)
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome everywhere in the window what may be dropped on the canvas."""
        self.canvas.dragEnterEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.canvas.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.canvas.dropEvent(event)

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
                rests=self._rests,
            ),
            mask=MaskCommands(
                session,
                drop_gesture=canvas.cancel_gesture,
                take_back=canvas.take_back,
                undo_panel=self.edge_panels.undo,
                redo_panel=self.edge_panels.redo,
                nothing_stopped=self._leave_last,
                drop_panel=lambda: self.comparing.comparison.drop() or self.edge_panels.drop(),
                visible_box=lambda: canvas.visible_box,
            ),
            edge=EdgeCommands(self.edge_panels),
            compare=CompareCommands(self.comparing),
            layers=self.layering.commands,
            points=PointCommands(session, drop_gesture=canvas.cancel_gesture),
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
        self.setAcceptDrops(True)
        resize_within_screen(self, 1280, 800)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # Messages lie over the canvas: a bar that pushed it down would move the photo under the brush.
        stage = QGridLayout()
        stage.addWidget(self.canvas, 0, 0)
        stage.addWidget(self.messages, 0, 0, Qt.AlignmentFlag.AlignTop)
        panel = HintPanel(self.actions_set, self)
        self.hints = Hints(
            self.session,
            self.saving,
            self.choices,
            panel,
            self.canvas,
            is_covered=lambda: self.edge_panels.open_panel is not None or self.points.panel.isVisible(),
        )
        stage.addWidget(panel, 0, 0, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        self.start = StartPanel(
            self.actions_set, RecentRow(self.recent, self._open_recent, self), self.canvas
        )
        column.addLayout(stage, 1)
        self.setCentralWidget(centre)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.context_bar)
        icon_size_px = self.choices.settings.view.icon_size_px
        self.tool_strip = ToolStrip(self.actions_set, icon_size_px=icon_size_px, parent=self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tool_strip)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panels)
        self.folder.lay_out()
        self.setStatusBar(self.status)
        recent = RecentMenu(self.recent, self._open_recent, self)
        self.actions_set.fill_menu_bar(self.menuBar(), extra={"open": recent})
        self.layering.attach(self.actions_set)
        self.look.attach(stage, self.actions_set, self.status)
        self.points = PointDesk(
            self.session, self.choices, self.canvas, self.toolbox, self.look.here, self.actions_set, self
        )
        self.points.lay_out(stage)
        self.points.panel.keep_below(self.messages)
        self.edge_panels.keep_above(self.points.bar)
        self.comparing.attach(stage, self.actions_set, self.edge_panels, self.look.here)
        self.edge_panels.changed.connect(self.actions_set.schedule)
        for changed in (self.edge_panels.changed, self.points.panel.visible_changed):
            changed.connect(self.hints.make_room)
        self.edge_panels.opened.connect(self.look.here.leave)  # both lie at the canvas's lower edge

    def _connect(self) -> None:
        session, canvas = self.session, self.canvas
        session.document_opened.connect(self._on_opened)
        session.shown.scene_replaced.connect(self._on_scene)
        session.shown.pixels_changed.connect(canvas.invalidate_image_box)
        session.doubts.drawn.connect(canvas.invalidate_confidence)
        session.changed.connect(self._on_changed)
        session.undone.connect(self._on_undone)
        session.posted.connect(self.messages.show_message)
        brushes = {tool.brush for tool in self.toolbox.tools.values() if tool.brush is not None}
        for brush in brushes | {session.brush}:  # the marker has a brush of its own
            brush.changed.connect(self.context_bar.refresh)
        session.brush.changed.connect(self.actions_set.schedule)
        for tool in self.toolbox.tools.values():
            tool.options_changed = self.context_bar.refresh
        self.folder.quiet.leaving.connect(self.keeping.write_quietly)
        self.networks.leaving.connect(self.folder.work.ahead.forget)
        self.networks.leaving.connect(self.session.pointing.prepare_anew)
        self.photos.changed.connect(self._on_changed)
        self.choices.changed.connect(self._on_choices)
        self.toolbox.changed.connect(self._on_tool)
        shown, views = session.shown, canvas.views
        views.changed.connect(lambda: shown.show_decided(views.mode is ViewMode.DECIDED))
        views.changed.connect(self.actions_set.schedule)
        canvas.files_dropped.connect(self.commands.files.drop_paths)
        canvas.picture_dropped.connect(self.commands.files.take_picture)
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

    # --- what happens -------------------------------------------------------------------------------------

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
        self.messages.show_document(self.session.document)

    def _on_scene(self) -> None:
        self.canvas.set_scene(self.session.shown.scene, self.session.shown.image_size_hw)
        self.start.setVisible(self.session.shown.scene is None)
        self.status.show_zoom(self.canvas.view.zoom if self.session.shown.scene is not None else None)

    def _on_changed(self) -> None:
        document = self.session.document
        self.actions_set.schedule()
        self.layers.show_document(document)
        self.history.show_document(document)
        self.messages.drop_untrue()
        self._facts.show()

    def _on_tool(self) -> None:
        self.canvas.set_tool(self.toolbox.active)
        self.context_bar.show_tool(self.toolbox.active)
        self.actions_set.schedule()

    def _on_undone(self, changed: Changed) -> None:
        """Bring the view to what changed and outline it, or the person would see nothing happen."""
        place = self.canvas.place
        if place is not None and not changed.box.is_empty and changed.box.clip(place.visible_box).is_empty:
            box = changed.box
            self.canvas.go(place.revealing((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
        if not changed.box.is_empty:
            self.canvas.highlights.flash(changed.box)

    def _leave_last(self) -> None:
        """Leave what Esc leaves where there is nothing to stop: places to look at, then the full screen."""
        if self.look.here.is_on:
            self.look.here.leave()
        elif self.isFullScreen():
            self.commands.view.toggle_full_screen()

    def _on_menu(self, position: QPoint) -> None:
        menu = self.actions_set.make_menu(CONTEXT_MENU, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)
