"""What pointing has to say to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from meticulous_gui.ui.messages import Message

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

TOPIC: Final = "clicks"


class Sentences(QObject):
    """Says why something is not done, in the message bar, one sentence at a time."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def warn(self, sentence: str) -> None:
        """Say what a person should know of the click just made; it goes by itself, as the click does."""
        document = self._session.document
        self._session.post(Message(sentence, "warning", topic=TOPIC, is_brief=True, about=document))

    def click_is_outside(self) -> None:
        """A click beside the photo selects nothing."""
        self.warn(self.tr("Click on the photo itself; outside there is nothing to select."))

    def click_must_stay(self) -> None:
        """A click was dragged off the photo."""
        self.warn(self.tr("A click must stay on the photo; it is where it was."))

    def part_before_stays(self) -> None:
        """Something was to be taken away from what another part only adds to."""
        self.warn(self.tr("What was selected before stays; keep the object first, then take away from it."))

    def part_comes_later(self) -> None:
        """Another part was wanted while a click is under way."""
        self.warn(self.tr("The networks still work on the last click; begin another part after it."))

    def click_left_out(self) -> None:
        """A click was not answered in time."""
        self.warn(self.tr("The networks had not finished the last click; it was left out."))

    def failed(self, why: str) -> None:
        """A part was lost: say why, "" where the networks were started anew."""
        lost = self.tr("The networks were started anew before the click was done; click again.")
        self._session.message(why or lost, kind="error", topic=TOPIC)
