"""Slow work in the executor, its value or its failure back in the window thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.ui.inbox import Inbox

log = logging.getLogger(__name__)

Value = TypeVar("Value")


class Background:
    """Hands work to an executor and brings the answer back through an inbox.

    Args:
        failed: told of failures that a caller does not want to handle itself.
    """

    def __init__(
        self, executor: Executor, inbox: Inbox, *, failed: Callable[[MeticulousError], None]
    ) -> None:
        self._executor = executor
        self._inbox = inbox
        self._failed = failed

    def run(
        self,
        work: Callable[[], Value],
        done: Callable[[Value], None],
        failed: Callable[[MeticulousError], None] | None = None,
        *,
        executor: Executor | None = None,
    ) -> Future[Value]:
        """Do `work` in the executor, or in another one; `done` or `failed` is called in the window thread."""
        # A future keeps its callbacks for good, and who waits for its end keeps it: without this both, and a
        # photo with them, would live until Python looks for garbage.
        to_tell = [(done, failed or self._failed)]

        def finish(future: Future[Value]) -> None:  # in the executor's thread
            done, failed = to_tell.pop()
            self._inbox.put(lambda: self._tell(future, done, failed))

        future = (executor or self._executor).submit(work)
        future.add_done_callback(finish)
        return future

    def _tell(
        self,
        future: Future[Value],
        done: Callable[[Value], None],
        failed: Callable[[MeticulousError], None],
    ) -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            done(future.result())
        elif isinstance(error, MeticulousError):
            failed(error)
        else:
            log.error("work in the background failed", exc_info=error)
            sentence = QCoreApplication.translate(
                "Background", "Something went wrong ({error}); the log file tells more."
            )
            failed(MeticulousError(sentence.format(error=error)))
