"""One row of the actions table: what a person can do, and what decides whether it makes sense now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from meticulous_gui.ui.commands import Commands

Group = Literal["file", "edit", "mask", "layer", "tool", "view", "folder", "help"]

GROUPS: Final[tuple[tuple[Group, str], ...]] = (
    ("file", QT_TRANSLATE_NOOP("Action", "File")),
    ("edit", QT_TRANSLATE_NOOP("Action", "Edit")),
    ("mask", QT_TRANSLATE_NOOP("Action", "Mask")),
    ("layer", QT_TRANSLATE_NOOP("Action", "Layer")),
    ("tool", QT_TRANSLATE_NOOP("Action", "Tool")),
    ("view", QT_TRANSLATE_NOOP("Action", "View")),
    ("folder", QT_TRANSLATE_NOOP("Action", "Folder")),
    ("help", QT_TRANSLATE_NOOP("Action", "Help")),
)


@dataclass(frozen=True, kw_only=True)
class ActionState:
    """All that actions look at to know whether they make sense now and whether they are ticked."""

    has_photo: bool = False
    can_undo: bool = False
    can_redo: bool = False
    undo_title: str = ""
    redo_title: str = ""
    is_running: bool = False
    is_locked: bool = False
    is_layer_visible: bool = True
    is_layer_solo: bool = False
    is_only_where_empty: bool = False
    layer_index: int = 0
    n_layers: int = 0
    n_files: int = 0
    tool: str = "brush"
    view: str = "OVERLAY"
    has_confidence: bool = False
    is_at_place: bool = False
    is_pointing: bool = False
    has_object: bool = False
    has_readings: bool = False
    has_point_panel: bool = False
    is_subtracting: bool = False
    stops_at_edges: bool = False
    is_inverted: bool = False
    is_keyboard_cursor: bool = False
    has_panels: bool = True
    is_full_screen: bool = False
    is_done: bool = False
    has_strip: bool = False
    has_batch: bool = False
    compares: bool = False
    is_comparing: bool = False
    is_a_whole: bool = False
    is_b_whole: bool = False


def always(_state: ActionState) -> bool:
    """Whatever the program does."""
    return True


def has_photo(state: ActionState) -> bool:
    """A photo is open."""
    return state.has_photo


def is_editable(state: ActionState) -> bool:
    """There is a layer that may be changed."""
    return state.has_photo and state.n_layers > 0 and not state.is_locked


def needs_rest(row: Action) -> bool:
    """Whether an open object is kept first: the action reads, writes or leaves what it is part of."""
    return row.group in ("file", "mask", "layer", "folder") or row.id in ("copy", "copy_full")


def has_layer(state: ActionState) -> bool:
    """There is an active layer, locked or not."""
    return state.has_photo and state.n_layers > 0


@dataclass(frozen=True)
class Action:
    """One thing a person can do.

    Attributes:
        id: stable name, for settings, tests and docs.
        group: the menu it lives in.
        text: what menus say (English; `label` translates).
        help: one sentence for tooltips, the shortcut sheet and the palette.
        icon: name in `ui.icons`, "" for none.
        keys: portable key sequences; the first is shown.
        run: does it.
        enabled: whether it makes sense now.
        checked: whether it is ticked now; None for an action that is not checkable.
        starts_section: whether a menu draws a line above it.
        context: where translators find `text` and `help`.
        subject: what it would act on now, named after the text in menus; "" for nothing worth a name.
        is_held: whether it lasts while its key is held down (the window looks after the key itself).
    """

    id: str
    group: Group
    text: str
    help: str
    icon: str
    keys: tuple[str, ...]
    run: Callable[[Commands], None]
    enabled: Callable[[ActionState], bool] = always
    checked: Callable[[ActionState], bool] | None = None
    starts_section: bool = False
    subject: Callable[[ActionState], str] | None = None
    is_held: bool = False
    context: str = "Action"

    @property
    def label(self) -> str:
        """The text in the person's language."""
        return QCoreApplication.translate(self.context, self.text)

    @property
    def explanation(self) -> str:
        """The help in the person's language."""
        return QCoreApplication.translate(self.context, self.help)
