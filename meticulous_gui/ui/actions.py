"""The one table of what a person can do; menus, toolbars, shortcuts, help and palette are made of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.action import GROUPS, Action, Group
from meticulous_gui.ui.rows.compare import COMPARE
from meticulous_gui.ui.rows.edit import EDIT
from meticulous_gui.ui.rows.file import FILE
from meticulous_gui.ui.rows.folder import FOLDER
from meticulous_gui.ui.rows.help import HELP
from meticulous_gui.ui.rows.layer import LAYER
from meticulous_gui.ui.rows.look import LOOK
from meticulous_gui.ui.rows.mask import MASK
from meticulous_gui.ui.rows.point import POINT
from meticulous_gui.ui.rows.tool import TOOL
from meticulous_gui.ui.rows.view import VIEW

ACTIONS: Final[tuple[Action, ...]] = (
    *FILE,
    *EDIT,
    *MASK,
    *COMPARE,
    *LOOK,
    *LAYER,
    *TOOL,
    *POINT,
    *VIEW,
    *FOLDER,
    *HELP,
)

TOOL_STRIP: Final = (
    "tool_hand",
    "tool_brush",
    "tool_eraser",
    "tool_lasso",
    "tool_similar",
    "tool_move",
    "tool_point",
    "tool_refine",
    "tool_find_box",
    "swap",
)
CONTEXT_MENU: Final = (
    "undo",
    "redo",
    "",
    "find_again",
    "tool_find_box",
    "refine_all",
    "clear_mask",
    "",
    "zoom_fit",
    "zoom_actual",
    "zoom_mask",
    "",
    "copy",
    "export",
    "export_as",
)


def action(action_id: str) -> Action:
    """Return the action of that name.

    Raises:
        KeyError: there is none.
    """
    return _BY_ID[action_id]


def group_label(group: Group) -> str:
    """Return the name of a group in the person's language."""
    label = dict(GROUPS)[group]
    return QCoreApplication.translate("Action", label)


_BY_ID: Final = {row.id: row for row in ACTIONS}
