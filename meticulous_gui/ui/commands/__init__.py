"""What actions do: thin functions between the table of actions, the session and the window."""

from __future__ import annotations

from dataclasses import dataclass

from meticulous_gui.ui.commands.compare import CompareCommands
from meticulous_gui.ui.commands.edge import EdgeCommands
from meticulous_gui.ui.commands.files import FileCommands
from meticulous_gui.ui.commands.folder import FolderCommands
from meticulous_gui.ui.commands.help import HelpCommands
from meticulous_gui.ui.commands.layers import LayerCommands
from meticulous_gui.ui.commands.mask import MaskCommands
from meticulous_gui.ui.commands.point import PointCommands
from meticulous_gui.ui.commands.view import ViewCommands
from meticulous_gui.ui.look_here import LookHere

__all__ = [
    "Commands",
    "CompareCommands",
    "EdgeCommands",
    "FileCommands",
    "FolderCommands",
    "HelpCommands",
    "LayerCommands",
    "MaskCommands",
    "PointCommands",
    "ViewCommands",
]


@dataclass(frozen=True)
class Commands:
    """Everything that a row of the actions table may call."""

    files: FileCommands
    mask: MaskCommands
    edge: EdgeCommands
    compare: CompareCommands
    layers: LayerCommands
    points: PointCommands
    view: ViewCommands
    folder: FolderCommands
    look: LookHere
    help: HelpCommands
