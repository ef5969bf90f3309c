"""What was asked of a mask that is still being worked on: done when it is finished, or at once on request."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.session import Session


class WhenFinished(QObject):
    """Holds acts back while networks change the mask of the session's document.

    Nothing is ever dropped: when the networks end in whatever way, or the photo is left, it is done.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._acts: dict[object, Callable[[], None]] = {}
        session.work.changed.connect(self._on_work_changed)

    def do(
        self, act: Callable[[], None], *, key: object, sentence: str, at_once: str, topic: str
    ) -> None:
        """Do something now, or as soon as the mask is finished.

        Args:
            act: what; the document it is about must be its own to remember.
            key: of one thing that is asked for twice only the last counts.
            sentence: says that it waits.
            at_once: label of the button that does not wait.
            topic: of the message; what `act` says on the same topic, also that it failed, takes its place.
        """
        if not self._session.work.is_changing_the_mask:
            act()
            return
        self._acts[key] = act
        self._session.post(Message(sentence, choices=(Choice(at_once, self._do_all),), topic=topic))

    def _on_work_changed(self) -> None:
        if not self._session.work.is_changing_the_mask:
            self._do_all()

    def _do_all(self) -> None:
        acts, self._acts = self._acts, {}
        for act in acts.values():
            act()
