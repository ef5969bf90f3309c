"""Commands that open the panels for the whole edge and the whole mask."""

from __future__ import annotations

from meticulous_gui.ui.edge_panels import EdgePanels


class EdgeCommands:
    """Opens panels; what they do is seen before it happens."""

    def __init__(self, panels: EdgePanels) -> None:
        self._panels = panels

    def adjust(self) -> None:
        """Smooth, grow, feather or sharpen the edge."""
        self._panels.open_adjust()

    def clean_up(self) -> None:
        """Fill holes, drop specks, keep the largest piece."""
        self._panels.open_clean_up()
