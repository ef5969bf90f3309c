"""Commands that look at refined edges first, and keep one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meticulous_gui.ui.comparing.desk import ComparisonDesk


class CompareCommands:
    """Works on the comparison of a window; without one nothing happens."""

    def __init__(self, desk: ComparisonDesk) -> None:
        self._desk = desk

    def toggle(self) -> None:
        """Refine to look first, or to change the mask at once."""
        self._desk.toggle()

    def all(self) -> None:
        """Compare on the whole edge."""
        self._desk.compare_all()

    def swap(self) -> None:
        """Let A and B change places."""
        self._desk.comparison.swap()

    def keep_a(self) -> None:
        """Make what A shows the mask."""
        self._desk.comparison.keep("a")

    def keep_b(self) -> None:
        """Make what B shows the mask."""
        self._desk.comparison.keep("b")
