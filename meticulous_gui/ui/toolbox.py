"""The tools there are and the one in hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from meticulous_gui.ui.tools.base import Tool

FIRST_TOOL = "brush"


class Toolbox(QObject):
    """Holds the tools.

    Attributes:
        tools: all of them by id, in the order of the tool strip.

    Signals:
        changed: another tool is in hand (window thread).
    """

    changed = Signal()

    def __init__(self, tools: Mapping[str, Tool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tools: Mapping[str, Tool] = MappingProxyType(dict(tools))
        self._active = self.tools[FIRST_TOOL]

    @property
    def active(self) -> Tool:
        """The tool in hand."""
        return self._active

    def choose(self, tool_id: str) -> None:
        """Take another tool in hand.

        Raises:
            KeyError: there is no such tool.
        """
        tool = self.tools[tool_id]
        if tool is not self._active:
            self._active = tool
            self.changed.emit()
