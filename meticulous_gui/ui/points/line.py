"""Commands of click sessions on their way to the networks and back, in order; none is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.engine.jobs import (
    Cancelled,
    ClickRequest,
    Event,
    Failed,
    Finished,
    Partial,
    PhotoRef,
    Ticket,
    is_last,
)

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

Weight = Literal["waited", "needed", "spare"]
"""Whether the person waits for it, later commands need it, or it only makes the next thing quicker."""


@dataclass(eq=False)
class Asked:
    """One command on its way.

    Attributes:
        make_request: makes the request when the photo is known to the networks.
        on_partial: takes what became of the mask.
        on_end: takes the last event, unless the command was dropped.
        weight: what becomes of it when something else is asked for.
    """

    make_request: Callable[[PhotoRef], ClickRequest]
    on_partial: Callable[[Partial], None]
    on_end: Callable[[Finished | Failed | Cancelled], None]
    weight: Weight
    ticket: Ticket | None = None


class ClickLine:
    """Hands commands to the runner when there is one and a photo; answers come in the window thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: list[Asked] = []

    @property
    def n_waiting(self) -> int:
        """How many commands a person waits for."""
        return sum(asked.weight == "waited" for asked in self._asked)

    @property
    def is_empty(self) -> bool:
        return not self._asked

    def ask(self, asked: Asked) -> None:
        """Hand over a command; what nobody waits for makes way.

        Where there will be no networks, a command that a person waits for ends with the reason at once.
        """
        if asked.weight == "waited":
            self.drop_spare()
        self._asked.append(asked)
        refusal = self._session.work.refusal
        if asked.weight == "waited" and refusal:
            self.fail(refusal)
        else:
            self.flush()

    def flush(self) -> None:
        """Submit what waited for networks or photo."""
        runner, photo = self._session.runner, self._session.photo_ref
        if runner is None or photo is None:
            return
        for asked in [asked for asked in self._asked if asked.ticket is None]:
            try:
                asked.ticket = runner.submit(asked.make_request(photo), self._sender(asked))
            except MeticulousError as error:
                self._asked.remove(asked)
                asked.on_end(Failed(str(error), "input"))

    def fail(self, why: str) -> None:
        """End everything that waits for networks with this sentence."""
        for asked in list(self._asked):
            if asked in self._asked:  # else the end of one before has dropped it
                self._asked.remove(asked)
                asked.on_end(Failed(why, "weights"))

    def drop_spare(self) -> None:
        """Forget what nobody waits for."""
        self._drop("spare")

    def drop_waited(self) -> None:
        """Forget what a person waited for, too."""
        self._drop("spare", "waited")

    def drop_all(self) -> None:
        """Forget everything: photo or networks are gone."""
        self._drop("spare", "waited", "needed")

    def _drop(self, *weights: Weight) -> None:
        dropped = [asked for asked in self._asked if asked.weight in weights]
        self._asked = [asked for asked in self._asked if asked.weight not in weights]
        for asked in dropped:
            if asked.ticket is not None:
                asked.ticket.cancel()

    def _sender(self, asked: Asked) -> Callable[[int, Event], None]:
        def send(_job_id: int, event: Event) -> None:  # on the runner's thread
            self._session.inbox.put(lambda: self._on_event(asked, event))

        return send

    def _on_event(self, asked: Asked, event: Event) -> None:
        if asked not in self._asked:
            return  # dropped meanwhile
        if isinstance(event, Partial):
            asked.on_partial(event)
        elif is_last(event):
            self._asked.remove(asked)
            assert isinstance(event, Finished | Failed | Cancelled)
            asked.on_end(event)
