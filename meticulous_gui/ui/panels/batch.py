"""The dock of the queue: what is cut out, where to, how far it is, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.export import EXPORTERS
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import Settings
from meticulous_gui.core.target_format import TargetFormat, kind_of
from meticulous_gui.ui.batching import BatchQueue, Order
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.close_button import close_button
from meticulous_gui.ui.core_sentences import spoken
from meticulous_gui.ui.drops import dropped_paths
from meticulous_gui.ui.numbers import decimal_text
from meticulous_gui.ui.panels.title import panel_title
from meticulous_gui.ui.plain_text import plain_tip
from meticulous_gui.ui.start import show_folder
from meticulous_gui.ui.wrapping_label import WrappingDelegate, WrappingLabel

MIN_WIDTH_PX = 260
RESULTS = "cutouts"
REPORT_NAME = "report.json"
FORMATS = ("png", "webp", "tiff", "psd")
SOURCE_ROLE = Qt.ItemDataRole.UserRole + 1
"""What a choice of photos is called, however many they are."""
MAX_SHOWN = 200
"""More sentences than that nobody reads."""


class BatchDock(QDockWidget):
    """The person's side of a `BatchQueue`. Photos and folders dropped on it join the queue.

    Attributes:
        which, what, where, refines, keeps, start: how the next order is made.
        sum, progress, current, pause, cancel, show_results, problems, save_report: how far the queue is.

    Args:
        sources: the choices of photos, the narrowest first: what each is called, and its photos.
        settings: what the person has chosen, at the moment of asking.
        choose_folder: lets the person choose a folder.
        choose_file: lets the person choose a file to write, beginning with one that is proposed.

    Signals:
        left: the panel was closed.
    """

    left = Signal()

    def __init__(
        self,
        queue: BatchQueue,
        *,
        sources: Callable[[], list[tuple[str, tuple[Path, ...]]]],
        settings: Callable[[], Settings],
        choose_folder: Callable[[Callable[[Path], None]], None],
        choose_file: Callable[[Path, Callable[[Path], None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._sources = sources
        self._settings = settings
        self._choose_folder = choose_folder
        self._choose_file = choose_file
        self._out: Path | None = None
        name = self.tr("Cut out many photos")
        self.setWindowTitle(name)
        self.setObjectName("batch")
        self.setAccessibleName(name)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.setMinimumWidth(MIN_WIDTH_PX)
        self.setAcceptDrops(True)
        self.setTitleBarWidget(self._make_title(name))
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 2, 8, 8)
        column.setSpacing(8)
        column.addLayout(self._make_form())
        column.addWidget(self._make_progress())
        column.addStretch(1)
        self.setWidget(body)
        queue.changed.connect(self._show_queue)
        self._show_queue()

    def bring_up(self) -> None:
        """Show the panel, before the others of its place, with the narrowest choice of photos."""
        self.show()
        self.raise_()
        self.refresh()
        self.which.setCurrentIndex(0)
        self.which.setFocus()

    def refresh(self) -> None:
        """Offer the photos and presets that there are now."""
        chosen = self.which.currentData(SOURCE_ROLE)
        self.which.clear()
        for text, paths in self._sources():
            self.which.addItem(self.tr("{which} ({count})").format(which=text, count=len(paths)), paths)
            self.which.setItemData(self.which.count() - 1, text, SOURCE_ROLE)
        self.which.setCurrentIndex(max(self.which.findData(chosen, SOURCE_ROLE), 0))
        what = self.what.currentText()
        self.what.clear()
        for text, target in targets(self._settings()):
            self.what.addItem(text, target)
        self.what.setCurrentIndex(max(self.what.findText(what), 0))
        self._show_where()
        self._show_queue()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.add(tuple(paths))

    def add(self, paths: tuple[Path, ...]) -> None:
        """Put photos and folders into the queue, as the controls say."""
        first = paths[0]
        out = self._out or (first if first.is_dir() else first.parent) / RESULTS
        self._queue.add(
            Order(
                paths,
                out,
                self.what.currentData(),
                refine=self.refines.isChecked(),
                keeps_newer=self.keeps.isChecked(),
                photos=tuple({photo for _text, photos in self._sources() for photo in photos}),
            )
        )

    # --- building -----------------------------------------------------------------------------------------

    def _make_title(self, name: str) -> QWidget:
        title = QWidget(self)
        title.setAccessibleName(name)
        tip = self.tr("Close the queue; what is in work goes on. The menu Folder brings it back.")
        close = close_button(self.tr("Close the queue"), title, tip=tip)
        close.clicked.connect(self.hide)
        close.clicked.connect(self.left)
        row = QHBoxLayout(title)
        row.setContentsMargins(0, 2, 2, 0)
        row.addWidget(panel_title(name, title), 1)
        row.addWidget(close)
        return title

    def _make_form(self) -> QFormLayout:
        self.which, self.what = QComboBox(self), QComboBox(self)
        for box in (self.which, self.what):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
        self.which.currentIndexChanged.connect(self._show_where)
        self.where = QLineEdit(self)
        self.where.setReadOnly(True)
        browse = QToolButton(self)
        browse.setText("…")
        browse.setAccessibleName(self.tr("Choose the folder of the results"))
        browse.setToolTip(browse.accessibleName())
        browse.clicked.connect(lambda: self._choose_folder(self._set_out))
        place = QHBoxLayout()
        place.addWidget(self.where, 1)
        place.addWidget(browse)
        self.refines = CheckBox(self.tr("Perfect the edges (slower)"), self)
        self.refines.setChecked(True)
        self.keeps = CheckBox(self.tr("Keep results that are newer than the photo"), self)
        self.keeps.setChecked(True)
        self.start = QPushButton(self.tr("Start"), self)
        self.start.setDefault(True)
        self.start.clicked.connect(self._on_start)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setSpacing(4)
        for text, control, field in (
            (self.tr("Photos"), self.which, self.which),
            (self.tr("Write"), self.what, self.what),
            (self.tr("To the folder"), self.where, place),
        ):
            control.setAccessibleName(text)
            form.addRow(text, field)
        for switch in (self.refines, self.keeps):
            switch.setAccessibleName(switch.text())
            form.addRow(switch)
        self.start.setAccessibleName(self.start.text())
        form.addRow(self.start)
        return form

    def _make_progress(self) -> QWidget:
        self.running = QWidget(self)
        self.running.setAccessibleName(self.tr("Queue"))
        self.progress = QProgressBar(self.running)
        self.progress.setAccessibleName(self.tr("Photos done"))
        self.progress.setTextVisible(False)
        self.sum, self.current = WrappingLabel(parent=self.running), WrappingLabel(parent=self.running)
        self.current.setAccessibleName(self.tr("Photo in work"))
        self.pause = QPushButton(self.running)
        self.pause.clicked.connect(self._on_pause)
        self.cancel = QPushButton(self.tr("Cancel"), self.running)
        self.cancel.clicked.connect(self._queue.cancel)
        self.show_results = QPushButton(self.tr("Show the results"), self.running)
        self.show_results.clicked.connect(self._on_show)
        self.save_report = QPushButton(self.tr("Save report…"), self.running)
        self.save_report.setToolTip(self.tr("Write what became of each photo into a file (JSON)."))
        self.save_report.clicked.connect(self._on_save_report)
        for button in (self.cancel, self.show_results, self.save_report):
            button.setAccessibleName(button.text())
        buttons = QHBoxLayout()
        for button in (self.pause, self.cancel, self.show_results):
            buttons.addWidget(button)
        self.problems = QListWidget(self.running)
        self.problems.setAccessibleName(self.tr("What went wrong"))
        self.problems.setWordWrap(True)
        self.problems.setItemDelegate(WrappingDelegate(self.problems))
        self.problems.setSpacing(3)
        self.problems.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self.running)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        for part in (self.sum, self.progress, self.current):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addWidget(self.problems)
        column.addWidget(self.save_report)
        return self.running

    # --- what happens -------------------------------------------------------------------------------------

    def _on_start(self) -> None:
        paths: tuple[Path, ...] = self.which.currentData() or ()
        if paths:
            self.add(paths)

    def _on_pause(self) -> None:
        if self._queue.is_paused:
            self._queue.go_on()
        else:
            self._queue.pause()

    def _on_show(self) -> None:
        if self._queue.out is not None:
            show_folder(self._queue.out)

    def _on_save_report(self) -> None:
        folder = self._queue.out
        if folder is not None:
            place = folder if folder.is_dir() else folder.parent
            self._choose_file(place / REPORT_NAME, self._queue.save_report)

    def _set_out(self, folder: Path) -> None:
        self._out = folder
        self._show_where()

    def _show_where(self) -> None:
        paths: tuple[Path, ...] = self.which.currentData() or ()
        out = self._out or (paths[0].parent / RESULTS if paths else None)
        self.where.setText(str(out) if out is not None else "")
        self.where.setToolTip(plain_tip(self.where.text()))
        self.start.setEnabled(bool(paths))

    def _show_queue(self) -> None:
        queue = self._queue
        self.running.setVisible(queue.n_total > 0)
        self.progress.setRange(0, max(queue.n_total, 1))
        self.progress.setValue(queue.n_finished)
        self.sum.setText(self._sum())
        self.sum.setAccessibleName(self.sum.text())
        name, done, total = queue.current or ("", 0, 0)
        patches = self.tr("{name}: patch {done} of {total}").format(name=name, done=done, total=total)
        self.current.setText(patches if total else name)
        self.pause.setText(self.tr("Go on") if queue.is_paused else self.tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        for part in (self.pause, self.cancel, self.current):
            part.setVisible(queue.is_running)
        has_results = queue.count("done") + queue.count("skipped") > 0
        self.show_results.setVisible(has_results and not queue.is_running)
        self.save_report.setVisible(not queue.is_running)
        self._show_problems()

    def _sum(self) -> str:
        queue = self._queue
        parts = [self.tr("{done} of {total} photos").format(done=queue.n_finished, total=queue.n_total)]
        if not queue.is_running:
            parts = [self.tr("{count} written").format(count=queue.count("done"))]
        for status, text in (
            ("skipped", self.tr("{count} kept")),
            ("failed", self.tr("{count} failed")),
            ("interrupted", self.tr("{count} not done")),
        ):
            if queue.count(status):
                parts.append(text.format(count=queue.count(status)))
        if queue.is_running and queue.is_paused:
            parts.append(self.tr("held after the photo in work") if queue.current else self.tr("held"))
        elif queue.seconds_left is not None:
            parts.append(self._time_left(queue.seconds_left))
        return " · ".join(parts)

    def _time_left(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("about {count} s left").format(count=max(round(seconds), 1))
        if seconds < 5400:
            return self.tr("about {count} min left").format(count=round(seconds / 60))
        return self.tr("about {count} h left").format(count=decimal_text(seconds / 3600))

    def _show_problems(self) -> None:
        failures = self._queue.failures
        self.problems.setVisible(bool(failures))
        if self.problems.count() > min(len(failures), MAX_SHOWN):
            self.problems.clear()
        for item in failures[self.problems.count() : MAX_SHOWN]:
            self.problems.addItem(spoken(item.message))


def targets(settings: Settings) -> list[tuple[str, TargetFormat]]:
    """Return what can be written: the plain kinds, then the person's presets of exports."""
    plain, keeps = Recipe(name="{name}"), settings.export.keeps_location
    cutout = QCoreApplication.translate("BatchDock", "Cut-outs, {format}")
    found = [
        (cutout.format(format=name.upper()), _cutout(name, plain, keeps_location=keeps)) for name in FORMATS
    ]
    binary = QCoreApplication.translate("BatchDock", "Masks, black and white")
    grey = QCoreApplication.translate("BatchDock", "Masks with soft edges")
    found.append((binary, TargetFormat("mask", "png", (".png",), plain)))
    found.append((grey, TargetFormat("alpha", "png", (".png",), plain)))
    for name, recipe in settings.presets.items():
        if recipe.format in FORMATS:
            found.append((name, _cutout(recipe.format, recipe, keeps_location=keeps)))
        elif recipe.format in EXPORTERS:
            found.append((name, TargetFormat(kind_of(recipe), "png", (".png",), recipe)))
    return found


def _cutout(name: str, recipe: Recipe, *, keeps_location: bool) -> TargetFormat:
    return TargetFormat("cutout", name, EXPORTERS[name].suffixes, recipe, keeps_location)
