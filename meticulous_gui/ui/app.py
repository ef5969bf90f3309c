"""Starts the window in stages: first something to see, then the networks' process, then the photos."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from meticulous_gui import __version__
from meticulous_gui.core.folders import state_dir
from meticulous_gui.core.tuning import draw_alone, step_back
from meticulous_gui.ui.actions import ACTIONS
from meticulous_gui.ui.autosaving import Autosaver
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.focus_ring import FocusRings
from meticulous_gui.ui.garbage import GarbageCollector
from meticulous_gui.ui.icons import app_icon
from meticulous_gui.ui.key_map import lost_keys
from meticulous_gui.ui.languages import install_translations, locale_of
from meticulous_gui.ui.places import LayerPlaces
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.signals import UnixSignals
from meticulous_gui.ui.theme import Theme, ThemeFollower
from meticulous_gui.ui.trouble import Trouble
from meticulous_gui.ui.window import MainWindow

N_WORKERS = 3
"""One reads the next photo and one makes small pictures: the third is for what a person asks for."""
CV_THREADS = 2


def run(photos: Sequence[Path]) -> int:
    """Open the window with these photos or folders and return the exit code when it is closed.

    Without a display Qt aborts the process: the program's entry has looked for one before.
    """
    application = make_application()
    trouble = Trouble(state_dir() / "meticulous.log")
    trouble.install()
    program = Program(application, trouble)
    program.start(list(photos))
    return application.exec()


def make_application() -> QApplication:
    """Return the QApplication, with the program's name and icon."""
    drop_foreign_plugins()
    draw_alone()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Meticulous")
    application.setApplicationDisplayName("Meticulous")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("meticulous")
    application.setWindowIcon(app_icon())
    return application


def drop_foreign_plugins() -> None:
    """Forget Qt paths that a stray opencv-python has set: its Qt is another one."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]


class Program:
    """Everything that lives as long as the window."""

    def __init__(self, application: QApplication, trouble: Trouble) -> None:
        self._application = application
        self._garbage = GarbageCollector(application)
        self._is_told_to_leave = False
        self.choices = Choices.load()
        # Before the first word: what is built already does not learn another language.
        install_translations(application, locale_of(self.choices.settings.view.language))
        self.theme = ThemeFollower(application, Theme(self.choices.settings.view.theme))
        FocusRings(application)
        self._executor = ThreadPoolExecutor(N_WORKERS, thread_name_prefix="meticulous-worker")
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="meticulous-autosave")
        self._idler = ThreadPoolExecutor(1, thread_name_prefix="meticulous-chores", initializer=step_back)
        places = LayerPlaces(state_dir() / "layer_places.json")
        self.session = Session(self._executor, chores=self._idler, places=places)
        self.window = MainWindow(self.session, self.choices, log_folder=trouble.path.parent)
        self.autosaver = Autosaver(
            self.session,
            self._keeper,
            unless_unsaved=self.window.commands.files.unless_unsaved,
            is_paint_due=lambda: self.window.canvas.is_paint_due,
        )
        self.window.folder.quiet.leaving.connect(self.autosaver.hold)
        self.window.folder.quiet.safe.connect(self.autosaver.release)
        self.choices.changed.connect(self._on_choices)
        trouble.happened.connect(self.session.post)
        application.commitDataRequest.connect(self._on_logout)
        self._signals = UnixSignals(self._leave_at_once, self.window)
        self.window.closed.connect(self.stop)

    def start(self, photos: list[Path]) -> None:
        """Show the window; what takes longer comes after its first picture."""
        self.window.show()
        QTimer.singleShot(0, lambda: self._start_rest(photos))

    def stop(self) -> None:
        """Let go of everything, in the order that loses nothing."""
        self._signals.close()
        self.session.work.cancel()
        if self._is_told_to_leave or self._application.isSavingSession():
            self.autosaver.write_now()
        else:
            self.autosaver.give_up()
        self.autosaver.close()
        self.window.folder.queue.close()
        self.session.close()
        runner = self.session.runner
        if runner is not None:
            runner.close()
        self.window.saving.wait_until_written()
        self.window.folder.quiet.wait_until_written()
        for executor in (self._executor, self._keeper, self._idler):
            executor.shutdown(cancel_futures=True)

    def _leave_at_once(self) -> None:
        """Close without a question, for SIGTERM and Ctrl+C; the next start offers the work again."""
        self._is_told_to_leave = True
        self.window.close_without_question()

    def _on_logout(self) -> None:
        """Make the work safe; the logout may still be called off, and then nothing has changed."""
        self.autosaver.write_now()

    def _on_choices(self) -> None:
        self.theme.set_theme(Theme(self.choices.settings.view.theme))
        self.autosaver.follow_settings()

    def _start_rest(self, photos: list[Path]) -> None:
        cv2.setNumThreads(CV_THREADS)
        if photos:
            self.window.open_paths(photos)
        for note in (*self.choices.notes, *lost_keys(self.choices.keys, ACTIONS)):
            self.session.message(note, kind="warning")
        self.autosaver.offer()
        self.window.networks.start()
