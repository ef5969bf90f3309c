"""Commands for the object that is pointed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from meticulous_gui.ui.session import Session


class PointCommands:
    """Works on the open object of a session; without one nothing happens.

    Args:
        drop_gesture: drops the gesture in hand; says whether there was one.
    """

    def __init__(self, session: Session, *, drop_gesture: Callable[[], bool]) -> None:
        self._session = session
        self._drop_gesture = drop_gesture

    def keep(self) -> None:
        """Make the object part of the layer."""
        self._drop_gesture()
        self._session.pointing.keep()

    def drop(self) -> None:
        """Leave the layer as it was before the first click."""
        self._drop_gesture()
        self._session.pointing.drop()

    def begin_part(self) -> None:
        """Go on beside what is selected."""
        self._drop_gesture()
        self._session.pointing.begin_part()

    def next_reading(self) -> None:
        """Show another thing that the click may mean."""
        self._session.pointing.next_reading()

    def clear(self) -> None:
        """Take all clicks back."""
        self._drop_gesture()
        self._session.pointing.clear()

    def toggle_panel(self) -> None:
        """Unfold all controls, or fold them away."""
        pointing = self._session.pointing
        pointing.options.choose(replace(pointing.options.now, has_panel=not pointing.options.now.has_panel))
