"""The engine's click sessions behind the parts of an object: begun, asked, closed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Alpha, Mask
from meticulous_gui.engine.clicks.commands import (
    ClickCommand,
    ClickSettings,
    CloseClicks,
    StartClicks,
)
from meticulous_gui.engine.jobs import Cancelled, ClickRequest, Failed, Finished, Partial, PhotoRef
from meticulous_gui.ui.points.line import Asked, ClickLine, Weight
from meticulous_gui.ui.points.open_object import Part, decided_pixels

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

_numbers: Final = itertools.count(1)


@dataclass(frozen=True)
class Answers:
    """Whom answers go to.

    Attributes:
        pixels: takes what became of the mask of a part.
        done: takes how a command on a part ended well.
        failed: takes why a part is lost, as a sentence.
    """

    pixels: Callable[[Part, Partial], None]
    done: Callable[[Part, ClickCommand, Finished], None]
    failed: Callable[[Part, str], None]


class ClickSessions:
    """Begins a session for each part, and asks it in order.

    Attributes:
        line: what is on its way.
    """

    def __init__(self, session: Session, answers: Answers) -> None:
        self.line = ClickLine(session)
        self._answers = answers

    @property
    def is_waiting(self) -> bool:
        """Whether a person waits for an answer."""
        return self.line.n_waiting > 0

    def new_part(self, start: Alpha, *, base: Mask | None = None) -> Part:
        """Return a part that nobody has asked anything yet."""
        return Part(f"object {next(_numbers)}", start, base)

    def start(
        self,
        document: Document,
        layer: Layer,
        part: Part,
        settings: ClickSettings,
        *,
        said: Mask | None = None,
    ) -> None:
        """Begin the session of a part.

        Args:
            document: whose photo it is about.
            layer: that it changes.
            part: not begun yet.
            settings: of the session.
            said: (H, W) bool, pixels under clicks of other parts, which stay as they are; None for none.
        """
        has_mask = part.base is None and bool((part.start >= 128).any())
        alpha = part.start if has_mask else None
        locked, decided = locked_pixels(document, layer), decided_pixels(layer)
        if said is not None:
            decided = said if decided is None else decided | said

        def make(photo: PhotoRef) -> ClickRequest:
            return ClickRequest(
                photo, part.session, StartClicks(settings), alpha_crop=alpha, locked=locked, decided=decided
            )

        self._submit(part, StartClicks(settings), make, "needed")

    def ask(self, part: Part, command: ClickCommand, *, weight: Weight = "waited") -> None:
        """Send a command to the session of a part."""
        self._submit(part, command, lambda photo: ClickRequest(photo, part.session, command), weight)

    def close(self, part: Part) -> None:
        """Let the engine forget a part, also what may be left there of one that is lost."""
        part.is_lost = True
        self.ask(part, CloseClicks(), weight="needed")

    def _submit(
        self, part: Part, command: ClickCommand, make: Callable[[PhotoRef], ClickRequest], weight: Weight
    ) -> None:
        def on_end(event: Finished | Failed | Cancelled) -> None:
            if isinstance(event, Finished):
                self._answers.done(part, command, event)
            elif not isinstance(command, CloseClicks):  # where the networks are gone, so is the session
                self._answers.failed(part, event.message if isinstance(event, Failed) else "")

        self.line.ask(Asked(make, lambda event: self._answers.pixels(part, event), on_end, weight))


def locked_pixels(document: Document, layer: Layer) -> Mask | None:
    """Return the (H, W) pixels that other layers hold for themselves, None for none.

    Those of locked layers; of all that are seen, too, where layers leave each other's pixels alone.
    """
    held: Mask | None = None
    for other in document.layers:
        if other is not layer and (other.locked or (document.only_where_empty and other.visible)):
            mine = layer.alpha >= 128  # what the layer has it may keep, and give up
            theirs = (other.alpha >= 128) & ~mine
            held = theirs if held is None else np.logical_or(held, theirs)
    return held if held is not None and bool(held.any()) else None
