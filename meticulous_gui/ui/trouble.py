"""What nobody foresaw: exceptions, crashes and Qt's warnings go to a log file, one sentence to the person."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from meticulous_gui.ui.messages import Message

MAX_LOG_BYTES = 1_000_000
QUIET_S = 1.0

log = logging.getLogger("meticulous_gui")

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Trouble(QObject):
    """Catches what would otherwise be printed where nobody looks.

    Attributes:
        path: the log file.

    Signals:
        happened: (Message) an exception was caught; at most one a second.
    """

    happened = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._last_s = -QUIET_S

    def install(self) -> None:
        """Take over the process's hooks; a log file that cannot be written leaves them on stderr."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handler: logging.Handler = RotatingFileHandler(
                self.path, maxBytes=MAX_LOG_BYTES, backupCount=1, encoding="utf-8"
            )
            self._crash_file = self.path.with_name("meticulous-crash.log").open("w", encoding="utf-8")
            faulthandler.enable(self._crash_file)
        except OSError:
            handler = logging.StreamHandler()
            faulthandler.enable()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        log.addHandler(handler)
        log.propagate = False
        sys.excepthook = self.take_exception
        threading.excepthook = self._take_thread
        sys.unraisablehook = self._take_unraisable
        qInstallMessageHandler(_log_qt)

    def take_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an exception and say that it happened."""
        if issubclass(kind, KeyboardInterrupt):
            return
        log.error("not caught", exc_info=(kind, error, trace))
        now_s = time.monotonic()
        if now_s - self._last_s < QUIET_S:
            return
        self._last_s = now_s
        sentence = self.tr("Something went wrong inside the program ({error}); {path} tells more.")
        text = sentence.format(error=repr(error), path=self.path)
        self.happened.emit(Message(text, "error", topic="trouble"))

    def _take_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.take_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _take_unraisable(self, unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_value is not None:
            log.error("not raisable in %r", unraisable.object, exc_info=unraisable.exc_value)


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    log.log(LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
