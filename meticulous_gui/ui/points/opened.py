"""Which object is open, if one is, and to which of its parts a click belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.ui.points.open_object import Mark, OpenObject, Part
from meticulous_gui.ui.points.readiness import Readiness
from meticulous_gui.ui.points.sessions import ClickSessions

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session


class Opened:
    """The open object and the sessions behind its parts.

    Args:
        ready: has the first part of an object begun already.
        settings: what a session begins with.

    Attributes:
        object: None for none.
    """

    def __init__(
        self,
        session: Session,
        sessions: ClickSessions,
        ready: Readiness,
        settings: Callable[[], ClickSettings],
    ) -> None:
        self.object: OpenObject | None = None
        self._session = session
        self._sessions = sessions
        self._ready = ready
        self._settings = settings

    # --- what there is ------------------------------------------------------------------------------------

    @property
    def is_touched(self) -> bool:
        """Whether there are answered clicks to keep or to drop."""
        return self.object is not None and not self.object.is_untouched

    @property
    def can_redo(self) -> bool:
        return self.object is not None and self.object.can_redo

    @property
    def part(self) -> Part | None:
        """The part that clicks correct now."""
        return self.object.part if self.object is not None else None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The answered clicks."""
        return tuple(self.object.marks) if self.object is not None else ()

    @property
    def prompts(self) -> tuple[BoxPrompt | Stroke, ...]:
        """Boxes and scribbles."""
        return tuple(self.object.prompts) if self.object is not None else ()

    @property
    def n_parts(self) -> int:
        """How many parts the object has, 0 for none."""
        return self.object.place + 1 if self.object is not None else 0

    @property
    def readings(self) -> tuple[str, ...]:
        """What the only click may mean: part, object, group; empty where it is clear or not known."""
        return self.object.part.readings if self.object is not None else ()

    @property
    def reading(self) -> str:
        """Which of `readings` is shown."""
        return self.object.part.known.reading if self.readings and self.object is not None else ""

    def change_by(self, preview: Mask, box: Box) -> Mask | None:
        """Return the pixels of a box that a click would change; None without a document.

        Args:
            preview: (box.height, box.width) bool, what the session of the part says of the click.
            box: inside the photo.
        """
        document, opened = self._session.document, self.object
        if opened is None:
            return preview ^ (document.active.alpha[box.slices()] >= 128) if document is not None else None
        base = opened.part.base
        if base is not None:
            preview = preview | base[box.slices()]
        return preview ^ opened.mask[box.slices()]

    # --- parts --------------------------------------------------------------------------------------------

    def part_for(self, document: Document, title: str) -> Part:
        """Return the part that the next click belongs to; begun now where there is none.

        Args:
            document: whose active layer the object is in.
            title: of the step of an object that begins.
        """
        opened = self.object
        if opened is None:
            opened = OpenObject(document, document.active.id, self._ready.take(document), title)
            self.object = opened
        elif opened.part.is_lost:
            for old in opened.begin_anew(self._sessions.new_part(document.active.alpha.copy())):
                self._sessions.close(old)
            self._start(document, opened.part)
        return opened.part

    def another_part(self, document: Document) -> Part:
        """Return a new part beside what the clicks have selected, or the one that nobody has used yet."""
        opened = self.object
        assert opened is not None
        if opened.part.is_untouched and opened.part.base is not None:
            return opened.part
        part = self._sessions.new_part(opened.part.start, base=opened.mask.copy())
        for unreachable in opened.begin_part(part):
            self._sessions.close(unreachable)
        self._start(document, part)
        return part

    def forget_redo(self) -> None:
        """Close the parts that were taken back: something else is pointed at instead."""
        opened = self.object
        if opened is not None:
            for unreachable in opened.parts[opened.place + 1 :]:
                self._sessions.close(unreachable)
            del opened.parts[opened.place + 1 :]

    def lose_sessions(self) -> None:
        """See that the networks which knew the parts are gone; the clicks still count."""
        if self.object is not None:
            for part in self.object.parts:
                part.is_lost = True

    def close(self) -> OpenObject | None:
        """Let the engine forget the object; return which it was."""
        opened, self.object = self.object, None
        if opened is not None:
            for part in opened.parts:
                self._sessions.close(part)
        return opened

    def _start(self, document: Document, part: Part) -> None:
        assert self.object is not None
        said = self.object.said()
        self._sessions.start(document, document.active, part, self._settings(), said=said)
