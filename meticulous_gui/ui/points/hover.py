"""What a click would select, shown under the pointer as long as this machine is quick enough for it."""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.commands import PreviewClick
from meticulous_gui.engine.jobs import ClickRequest, Event, Partial, Ticket, is_last
from meticulous_gui.ui.points.pointing import Pointing

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

QUICK_S: Final = 0.12
"""A preview that comes later than this trails behind the hand."""
N_MEASURED: Final = 5
N_TRIALS: Final = 3
REST_MS: Final = 66
"""15 previews a second."""

MOST_OUTLINED_PX: Final = 1024
"""A mask that is longer is looked at in steps."""

Outline = list[NDArray[np.float32]]
"""Closed lines of (N, 2) x, y in image pixels."""


class Pace:
    """Whether previews come quickly enough, by the last few."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=N_MEASURED)

    @property
    def is_quick(self) -> bool:
        """Whether to go on; without a few trials nobody knows, so yes."""
        return len(self._seconds) < N_TRIALS or statistics.median(self._seconds) <= QUICK_S

    def note(self, seconds: float) -> None:
        """Take the time from the wish to the picture."""
        self._seconds.append(seconds)

    def forget(self) -> None:
        """Measure anew: another photo, other networks, or the tool was taken in hand again."""
        self._seconds.clear()


class Hover(QObject):
    """Asks for previews where the pointer is; the newest wish wins, and clicks go before.

    Attributes:
        pace: measured here.
        outline: of what a click would change; empty for nothing.

    Signals:
        changed: another outline.
    """

    changed = Signal()

    def __init__(
        self, session: Session, pointing: Pointing, *, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(pointing)
        self.pace = Pace()
        self.outline: Outline = []
        self._session = session
        self._pointing = pointing
        self._clock_s = clock_s
        self._wanted: tuple[float, float, bool] | None = None
        self._ticket: Ticket | None = None
        self._asked_s = 0.0
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._ask)
        pointing.changed.connect(self.stop)
        # By others: what is outlined is the change of another mask.
        session.shown.pixels_changed.connect(self.stop)
        session.shown.scene_replaced.connect(self.stop)
        session.document_opened.connect(self.pace.forget)

    @property
    def is_on(self) -> bool:
        """Whether previews are wanted, and quick enough here."""
        return self._pointing.options.now.previews and self.pace.is_quick

    def point_at(self, x: float, y: float, *, is_positive: bool) -> None:
        """Show what a click here would change, as soon as that is known."""
        self._wanted = x, y, is_positive
        if self.is_on and self._ticket is None and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Show nothing: the pointer left, or something else happens."""
        self._wanted = None
        self._timer.stop()
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            ticket.cancel()
        self._show([])

    def _ask(self) -> None:
        if self._ticket is not None:
            return
        part, runner, photo = self._pointing.hovered_part, self._session.runner, self._session.photo_ref
        document, wanted = self._session.document, self._wanted
        if part is None or runner is None or photo is None or document is None or wanted is None:
            self._show([])  # the pointer has left what is outlined
            return
        self._wanted = None
        x, y, is_positive = wanted
        if not document.box.contains_xy(x, y):
            self._show([])
            return
        request = ClickRequest(photo, part.session, PreviewClick(x, y, is_positive))
        self._asked_s = self._clock_s()
        found: list[Partial] = []

        def on_event(_job_id: int, event: Event) -> None:  # on the runner's thread
            self._session.inbox.put(lambda: self._on_event(ticket, found, event))

        ticket = self._ticket = runner.submit(request, on_event)

    def _on_event(self, ticket: Ticket, found: list[Partial], event: Event) -> None:
        if ticket is not self._ticket:
            return  # stopped meanwhile
        if isinstance(event, Partial):
            found.append(event)
        elif is_last(event):
            self._ticket = None
            self.pace.note(self._clock_s() - self._asked_s)
            self._show(self._outline_of(found[-1]) if found and self.is_on else [])
            if self._wanted is not None and self.is_on:
                self._timer.start()

    def _outline_of(self, event: Partial) -> Outline:
        change = self._pointing.opened.change_by(event.alpha >= 128, event.box)
        return outline_of(change, event.box) if change is not None else []

    def _show(self, outline: Outline) -> None:
        if outline or self.outline:
            self.outline = outline
            self.changed.emit()


def outline_of(mask: Mask, box: Box) -> Outline:
    """Return the outlines of a mask that lies in a box, in image pixels; of a large one roughly.

    Args:
        mask: (box.height, box.width) bool.
        box: where it lies.
    """
    step = max(1, -(-max(box.size_hw) // MOST_OUTLINED_PX))
    small = np.ascontiguousarray(mask[::step, ::step]).view(np.uint8)
    contours, _ = cv2.findContours(small, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [
        (contour[:, 0].astype(np.float32) + 0.5) * step + np.array([box.x0, box.y0], np.float32)
        for contour in contours
    ]
