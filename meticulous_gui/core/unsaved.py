"""What of a document is not on disk yet: how many steps, and since when."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from meticulous_gui.core.history import History

__all__ = ["Unsaved"]


class Unsaved:
    """How far the present state of a history is from the one that was saved.

    Only `Document` makes one, and tells it of each change.
    """

    def __init__(self, history: History, tell: Callable[[], None]) -> None:
        """Take the present state for the saved one.

        Args:
            history: of the document.
            tell: called after the saved state became another one.
        """
        self._history = history
        self._tell = tell
        self._saved_state: int | None = history.state  # None: nobody knows of any
        self._n_saved_steps = history.n_done
        self._since: datetime.datetime | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything differs from what was saved; undoing back to it leaves nothing unsaved."""
        return self._history.state != self._saved_state

    @property
    def n_changes(self) -> int:
        """How many steps lie between the present state and the saved one; at least 1 while there are any."""
        return max(abs(self._history.n_done - self._n_saved_steps), 1) if self.is_any else 0

    @property
    def since(self) -> datetime.datetime | None:
        """Since when there are unsaved changes; None without any, or before the first has ended."""
        return self._since if self.is_any else None

    def mark_saved(self) -> None:
        """Note that the present state is on disk."""
        self._saved_state = self._history.state
        self._n_saved_steps = self._history.n_done
        self.follow()
        self._tell()

    def mark_lost(self, n_changes: int = 1, since: datetime.datetime | None = None) -> None:
        """Note that the present state is on no disk: work brought back, ``n_changes`` steps from a saved one.

        It has been unsaved ``since`` then, without one from now on. Nobody knows whether what was saved is
        still there, so no undo makes it clean; only saving does.
        """
        self._saved_state = None
        self._n_saved_steps = self._history.n_done - n_changes
        self._since = since
        self.follow()
        self._tell()

    def follow(self) -> None:
        """Follow a change of the history: note when the first change that is not saved was made."""
        if not self.is_any:
            self._since = None
        elif self._since is None:
            self._since = datetime.datetime.now().astimezone()
