"""A session begun before the first click, so that the networks have looked at the layer by then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from meticulous_gui.core.document import Document
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.ui.points.open_object import Part
from meticulous_gui.ui.points.sessions import ClickSessions

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

PREPARE_MS: Final = 400
"""A layer that rests this long is looked at."""


class Readiness(QObject):
    """Keeps one part ready for the layer as it is, while the tool is in hand.

    Args:
        settings: what a session begins with.

    Attributes:
        is_wanted: whether anybody is about to click.
    """

    def __init__(
        self,
        session: Session,
        sessions: ClickSessions,
        settings: Callable[[], ClickSettings],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.is_wanted = False
        self._session = session
        self._sessions = sessions
        self._settings = settings
        self._part: Part | None = None
        self._key: tuple[object, ...] = ()
        self._has_failed = False
        self._soon = QTimer(self, singleShot=True, interval=PREPARE_MS)
        self._soon.timeout.connect(self.prepare)

    @property
    def part(self) -> Part | None:
        """The part that is ready, None where the layer is another one by now."""
        document = self._session.document
        return self._part if document is not None and self._key == self._key_of(document) else None

    def take(self, document: Document) -> Part:
        """Return a part of the layer as it is, begun already or only now; it is not this class's any more."""
        part = self.part
        if part is None:
            self._renew(document)
            part = self._part
        assert part is not None
        self._part = None
        return part

    def prepare_soon(self) -> None:
        """Look at the layer when it rests."""
        if self.is_wanted and not self._soon.isActive():
            self._soon.start()

    def prepare(self) -> None:
        """Look at the layer, if that has not been done and can be done at once."""
        document, session = self._session.document, self._session
        if not self.is_wanted or self._has_failed or document is None or document.active.locked:
            return
        if session.runner is not None and session.photo_ref is not None and self.part is None:
            self._renew(document)

    def let_go(self) -> None:
        """Close what is ready."""
        self._soon.stop()
        part, self._part = self._part, None
        if part is not None:
            self._sessions.close(part)

    def fail(self, part: Part, *, is_for_good: bool) -> None:
        """See a session fail; for good: nobody tries again before something changes, or a person clicks."""
        self._has_failed = self._has_failed or is_for_good
        if part is self._part:
            self._part = None

    def forgive(self) -> None:
        """Try again: other networks, another photo, or the tool was taken in hand once more."""
        self._has_failed = False

    def _renew(self, document: Document) -> None:
        self.let_go()
        self._part = self._sessions.new_part(document.active.alpha.copy())
        self._key = self._key_of(document)
        self._sessions.start(document, document.active, self._part, self._settings())

    def _key_of(self, document: Document) -> tuple[object, ...]:
        session = self._session
        return document, document.revision, document.active.id, session.runner, session.photo_ref
