"""The one table of what a person can do; menus, toolbars, shortcuts, help and palette are made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.views import VIEW_CHOICES, ViewChoice
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from meticulous_gui.ui.commands import Commands

Group = Literal["file", "edit", "mask", "layer", "tool", "view", "help"]

GROUPS: Final[tuple[tuple[Group, str], ...]] = (
    ("file", QT_TRANSLATE_NOOP("Action", "File")),
    ("edit", QT_TRANSLATE_NOOP("Action", "Edit")),
    ("mask", QT_TRANSLATE_NOOP("Action", "Mask")),
    ("layer", QT_TRANSLATE_NOOP("Action", "Layer")),
    ("tool", QT_TRANSLATE_NOOP("Action", "Tool")),
    ("view", QT_TRANSLATE_NOOP("Action", "View")),
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
    n_layers: int = 0
    n_files: int = 0
    tool: str = "brush"
    view: str = "OVERLAY"
    has_confidence: bool = False
    is_subtracting: bool = False
    is_inverted: bool = False
    is_keyboard_cursor: bool = False
    has_panels: bool = True
    is_full_screen: bool = False


def _always(_state: ActionState) -> bool:
    return True


def _photo(state: ActionState) -> bool:
    return state.has_photo


def _editable(state: ActionState) -> bool:
    return state.has_photo and state.n_layers > 0 and not state.is_locked


def _layer(state: ActionState) -> bool:
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
        is_held: whether it lasts while its key is held down (the window looks after the key itself).
    """

    id: str
    group: Group
    text: str
    help: str
    icon: str
    keys: tuple[str, ...]
    run: Callable[[Commands], None]
    enabled: Callable[[ActionState], bool] = _always
    checked: Callable[[ActionState], bool] | None = None
    starts_section: bool = False
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


def _tool(name: str, text: str, help: str, key: str, *, starts_section: bool = False) -> Action:  # noqa: A002
    return Action(
        f"tool_{name}", "tool", text, help, name, (key,), lambda c: c.view.choose_tool(name),
        checked=lambda s: s.tool == name, starts_section=starts_section,
    )


def _view(choice: ViewChoice) -> Action:
    name = choice.mode.name
    return Action(
        f"view_{name.lower()}", "view", choice.text, choice.help, choice.icon, (choice.key,),
        lambda c: c.view.choose(choice.mode), checked=lambda s: s.view == name, context="Views",
        enabled=lambda s: s.has_photo and (s.has_confidence or choice.mode is not ViewMode.CONFIDENCE),
    )


_FILE: Final = (
    Action("open", "file", QT_TRANSLATE_NOOP("Action", "Open a photo…"),
           QT_TRANSLATE_NOOP("Action", "Choose one or more photos, or drop them on the window."),
           "open", ("Ctrl+O",), lambda c: c.files.open_dialog()),
    Action("open_sample", "file", QT_TRANSLATE_NOOP("Action", "Open the sample photo"),
           QT_TRANSLATE_NOOP("Action", "Open a photo that comes with the program, to try things out."),
           "", (), lambda c: c.files.open_sample()),
    Action("open_mask", "file", QT_TRANSLATE_NOOP("Action", "Use a mask from a file…"),
           QT_TRANSLATE_NOOP("Action", "Take a mask that another program made and put it on this photo."),
           "", (), lambda c: c.files.open_mask_dialog(), enabled=_editable),
    Action("paste", "file", QT_TRANSLATE_NOOP("Action", "Paste a picture"),
           QT_TRANSLATE_NOOP("Action", "Open the picture, or the file, that lies on the clipboard."),
           "paste", ("Ctrl+V",), lambda c: c.files.paste()),
    Action("next_photo", "file", QT_TRANSLATE_NOOP("Action", "Next photo"),
           QT_TRANSLATE_NOOP("Action", "Go to the next photo of those that were opened together."),
           "next", ("PgDown",), lambda c: c.files.step_photo(1), enabled=lambda s: s.n_files > 1,
           starts_section=True),
    Action("previous_photo", "file", QT_TRANSLATE_NOOP("Action", "Previous photo"),
           QT_TRANSLATE_NOOP("Action", "Go to the previous photo of those that were opened together."),
           "previous", ("PgUp",), lambda c: c.files.step_photo(-1), enabled=lambda s: s.n_files > 1),
    Action("save", "file", QT_TRANSLATE_NOOP("Action", "Save the layers"),
           QT_TRANSLATE_NOOP("Action", "Keep all layers in the folder .meticulous beside the photo."),
           "save", ("Ctrl+S",), lambda c: c.files.save(), enabled=_photo, starts_section=True),
    Action("save_in", "file", QT_TRANSLATE_NOOP("Action", "Save the layers in…"),
           QT_TRANSLATE_NOOP("Action", "Keep all layers in a folder of your choice."),
           "", ("Ctrl+Shift+S",), lambda c: c.files.save_in_dialog(), enabled=_photo),
    Action("export", "file", QT_TRANSLATE_NOOP("Action", "Export the cut-out"),
           QT_TRANSLATE_NOOP("Action", "Write the cut-out beside the photo as a PNG with transparency."),
           "export", ("Ctrl+E",), lambda c: c.files.export_beside(), enabled=_photo, starts_section=True),
    Action("export_as", "file", QT_TRANSLATE_NOOP("Action", "Export as…"),
           QT_TRANSLATE_NOOP("Action", "Choose the place, the format and what is written."),
           "", ("Ctrl+Shift+E",), lambda c: c.files.export_dialog(), enabled=_photo),
    Action("quit", "file", QT_TRANSLATE_NOOP("Action", "Quit"),
           QT_TRANSLATE_NOOP("Action", "Close the program; it asks before work is lost."),
           "", ("Ctrl+Q",), lambda c: c.files.quit(), starts_section=True),
)

_EDIT: Final = (
    Action("undo", "edit", QT_TRANSLATE_NOOP("Action", "Undo"),
           QT_TRANSLATE_NOOP("Action", "Take back the newest step; a network that still runs is stopped."),
           "undo", ("Ctrl+Z",), lambda c: c.mask.undo(), enabled=lambda s: s.can_undo or s.is_running),
    Action("redo", "edit", QT_TRANSLATE_NOOP("Action", "Redo"),
           QT_TRANSLATE_NOOP("Action", "Do again what was taken back."),
           "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), lambda c: c.mask.redo(), enabled=lambda s: s.can_redo),
    Action("copy", "edit", QT_TRANSLATE_NOOP("Action", "Copy the cut-out"),
           QT_TRANSLATE_NOOP("Action", "Put the cut-out on the clipboard, smaller if above 16 megapixels."),
           "copy", ("Ctrl+C",), lambda c: c.files.copy(), enabled=_photo, starts_section=True),
    Action("copy_full", "edit", QT_TRANSLATE_NOOP("Action", "Copy the cut-out in full size"),
           QT_TRANSLATE_NOOP("Action", "Put the cut-out on the clipboard with all its pixels."),
           "", ("Ctrl+Shift+C",), lambda c: c.files.copy(is_full_size=True), enabled=_photo),
    Action("stop", "edit", QT_TRANSLATE_NOOP("Action", "Stop"),
           QT_TRANSLATE_NOOP("Action", "Drop the stroke in hand, or stop the network and keep its work."),
           "close", ("Esc",), lambda c: c.mask.stop(), starts_section=True),
    Action("preferences", "edit", QT_TRANSLATE_NOOP("Action", "Preferences…"),
           QT_TRANSLATE_NOOP("Action", "Choose light or dark, the largest photo and other habits."),
           "settings", ("Ctrl+,",), lambda c: c.help.show_preferences(), starts_section=True),
)

_MASK: Final = (
    Action("find_again", "mask", QT_TRANSLATE_NOOP("Action", "Find the object again"),
           QT_TRANSLATE_NOOP("Action", "Look for the object in the whole photo; what you painted stays."),
           "find_again", ("Ctrl+R",), lambda c: c.mask.find_again(), enabled=_editable),
    Action("refine_all", "mask", QT_TRANSLATE_NOOP("Action", "Refine the whole edge"),
           QT_TRANSLATE_NOOP("Action", "Perfect the edge of the mask everywhere; what you painted stays."),
           "refine", ("Ctrl+Shift+R",), lambda c: c.mask.refine_all(), enabled=_editable),
    Action("clear_mask", "mask", QT_TRANSLATE_NOOP("Action", "Clear the mask"),
           QT_TRANSLATE_NOOP("Action", "Start this layer from nothing."),
           "clear_mask", ("Ctrl+Del",), lambda c: c.mask.clear(), enabled=_editable, starts_section=True),
    Action("invert_mask", "mask", QT_TRANSLATE_NOOP("Action", "Invert the mask"),
           QT_TRANSLATE_NOOP("Action", "Make the inside the outside and the outside the inside."),
           "invert", ("Ctrl+I",), lambda c: c.mask.invert(), enabled=_editable),
    Action("forget_strokes", "mask", QT_TRANSLATE_NOOP("Action", "Forget my strokes in view"),
           QT_TRANSLATE_NOOP("Action", "Let networks change again what you painted in the part in view."),
           "", (), lambda c: c.mask.forget_strokes(), enabled=_editable),
)

_LAYER: Final = (
    Action("add_layer", "layer", QT_TRANSLATE_NOOP("Action", "Add a layer"),
           QT_TRANSLATE_NOOP("Action", "Begin another mask on the same photo."),
           "add", ("Ctrl+Shift+N",), lambda c: c.mask.add_layer(), enabled=_photo),
    Action("remove_layer", "layer", QT_TRANSLATE_NOOP("Action", "Remove the layer"),
           QT_TRANSLATE_NOOP("Action", "Take the active layer away."),
           "delete", ("Ctrl+Shift+Del",), lambda c: c.mask.remove_layer(),
           enabled=lambda s: _editable(s) and s.n_layers > 1),
    Action("toggle_layer", "layer", QT_TRANSLATE_NOOP("Action", "Show the layer"),
           QT_TRANSLATE_NOOP("Action", "Show or hide the active layer; a hidden layer is not exported."),
           "visible", ("Ctrl+H",), lambda c: c.mask.toggle_visible(), enabled=_layer,
           checked=lambda s: s.is_layer_visible, starts_section=True),
    Action("lock_layer", "layer", QT_TRANSLATE_NOOP("Action", "Lock the layer"),
           QT_TRANSLATE_NOOP("Action", "Keep the active layer safe from every change."),
           "locked", ("Ctrl+L",), lambda c: c.mask.toggle_locked(), enabled=_layer,
           checked=lambda s: s.is_locked),
)

_TOOL: Final = (
    _tool("hand", QT_TRANSLATE_NOOP("Action", "Hand"),
          QT_TRANSLATE_NOOP("Action", "Move the picture; Space with any tool does the same."), "V"),
    _tool("brush", QT_TRANSLATE_NOOP("Action", "Brush"),
          QT_TRANSLATE_NOOP("Action", "Paint what belongs to the object; right button or Alt takes away."),
          "B"),
    _tool("eraser", QT_TRANSLATE_NOOP("Action", "Eraser"),
          QT_TRANSLATE_NOOP("Action", "Paint what does not belong to the object."), "E"),
    _tool("lasso", QT_TRANSLATE_NOOP("Action", "Lasso"),
          QT_TRANSLATE_NOOP("Action", "Draw round an area to add it; right button or Alt takes it away."),
          "L"),
    _tool("refine", QT_TRANSLATE_NOOP("Action", "Refine the edge"),
          QT_TRANSLATE_NOOP("Action", "Paint roughly over a bad edge, or drag a box with Shift."),
          "R"),
    _tool("find_box", QT_TRANSLATE_NOOP("Action", "Find in a box"),
          QT_TRANSLATE_NOOP("Action", "Drag a box round the object to look for it only there."), "G"),
    Action("swap", "tool", QT_TRANSLATE_NOOP("Action", "Swap add and take away"),
           QT_TRANSLATE_NOOP("Action", "Exchange what the left and the right button do."),
           "swap", ("X",), lambda c: c.view.swap_sign(), checked=lambda s: s.is_subtracting,
           starts_section=True),
    Action("brush_smaller", "tool", QT_TRANSLATE_NOOP("Action", "Smaller brush"),
           QT_TRANSLATE_NOOP("Action", "Make the brush smaller."), "", ("[",),
           lambda c: c.view.step_brush(-1)),
    Action("brush_larger", "tool", QT_TRANSLATE_NOOP("Action", "Larger brush"),
           QT_TRANSLATE_NOOP("Action", "Make the brush larger."), "", ("]",), lambda c: c.view.step_brush(1)),
    Action("brush_softer", "tool", QT_TRANSLATE_NOOP("Action", "Softer brush"),
           QT_TRANSLATE_NOOP("Action", "Make the edge of the brush softer."), "", ("{",),
           lambda c: c.view.step_hardness(-1)),
    Action("brush_harder", "tool", QT_TRANSLATE_NOOP("Action", "Harder brush"),
           QT_TRANSLATE_NOOP("Action", "Make the edge of the brush harder."), "", ("}",),
           lambda c: c.view.step_hardness(1)),
    Action("keyboard_cursor", "tool", QT_TRANSLATE_NOOP("Action", "Keyboard cursor"),
           QT_TRANSLATE_NOOP("Action", "Move a cross with the arrow keys; Enter paints, Shift goes faster."),
           "", ("F8",), lambda c: c.view.toggle_keyboard_cursor(), enabled=_photo,
           checked=lambda s: s.is_keyboard_cursor, starts_section=True),
)

_VIEW: Final = (
    *(_view(choice) for choice in VIEW_CHOICES),
    Action("view_photo", "view", QT_TRANSLATE_NOOP("Action", "Overlay on and off"),
           QT_TRANSLATE_NOOP("Action", "Show the photo alone, or the last view again."),
           "view_photo", ("Q",), lambda c: c.view.toggle_overlay(), enabled=_photo,
           checked=lambda s: s.view == "PHOTO"),
    Action("cycle_view", "view", QT_TRANSLATE_NOOP("Action", "Next view"),
           QT_TRANSLATE_NOOP("Action", "Go through the views one by one."),
           "", ("F",), lambda c: c.view.cycle(), enabled=_photo),
    Action("hold_original", "view", QT_TRANSLATE_NOOP("Action", "See the original while held"),
           QT_TRANSLATE_NOOP("Action", "Show the photo alone as long as the key is down."),
           "", ("H",), lambda c: c.view.toggle_overlay(), enabled=_photo, is_held=True),
    Action("cycle_colour", "view", QT_TRANSLATE_NOOP("Action", "Another colour"),
           QT_TRANSLATE_NOOP("Action", "Give the layer the next of the colours that all eyes tell apart."),
           "", ("Shift+O",), lambda c: c.mask.cycle_colour(), enabled=_layer, starts_section=True),
    Action("invert_overlay", "view", QT_TRANSLATE_NOOP("Action", "Colour the background instead"),
           QT_TRANSLATE_NOOP("Action", "Lay the colour over what is outside; the object stays clear."),
           "", ("Shift+Q",), lambda c: c.view.invert_overlay(), enabled=_photo,
           checked=lambda s: s.is_inverted),
    Action("zoom_fit", "view", QT_TRANSLATE_NOOP("Action", "Fit the window"),
           QT_TRANSLATE_NOOP("Action", "Show the whole photo."),
           "fit", ("0",), lambda c: c.view.zoom_fit(), enabled=_photo, starts_section=True),
    Action("zoom_actual", "view", QT_TRANSLATE_NOOP("Action", "Actual pixels"),
           QT_TRANSLATE_NOOP("Action", "Show one pixel of the photo on one pixel of the screen."),
           "actual_size", ("1",), lambda c: c.view.zoom_actual(), enabled=_photo),
    Action("zoom_mask", "view", QT_TRANSLATE_NOOP("Action", "Zoom to the mask"),
           QT_TRANSLATE_NOOP("Action", "Show the object as large as the window allows."),
           "zoom_mask", ("2",), lambda c: c.view.zoom_mask(), enabled=_layer),
    Action("zoom_in", "view", QT_TRANSLATE_NOOP("Action", "Zoom in"),
           QT_TRANSLATE_NOOP("Action", "Come closer; the wheel does the same at the pointer."),
           "zoom_in", ("+", "=", "Ctrl++"), lambda c: c.view.zoom_step(1), enabled=_photo),
    Action("zoom_out", "view", QT_TRANSLATE_NOOP("Action", "Zoom out"),
           QT_TRANSLATE_NOOP("Action", "Go further away; the wheel does the same at the pointer."),
           "zoom_out", ("-", "Ctrl+-"), lambda c: c.view.zoom_step(-1), enabled=_photo),
    Action("panels", "view", QT_TRANSLATE_NOOP("Action", "Panels"),
           QT_TRANSLATE_NOOP("Action", "Show or hide the layers and the history."),
           "layers", ("F4",), lambda c: c.view.toggle_panels(), checked=lambda s: s.has_panels,
           starts_section=True),
    Action("full_screen", "view", QT_TRANSLATE_NOOP("Action", "Full screen"),
           QT_TRANSLATE_NOOP("Action", "Give the photo the whole screen."),
           "", ("F11",), lambda c: c.view.toggle_full_screen(), checked=lambda s: s.is_full_screen),
)

_HELP: Final = (
    Action("shortcuts", "help", QT_TRANSLATE_NOOP("Action", "Keys and gestures"),
           QT_TRANSLATE_NOOP("Action", "List every key and what the mouse, the pen and the wheel do."),
           "help", ("F1",), lambda c: c.help.show_shortcuts()),
    Action("palette", "help", QT_TRANSLATE_NOOP("Action", "Find a command…"),
           QT_TRANSLATE_NOOP("Action", "Type a few letters of what you want to do."),
           "commands", ("Ctrl+K",), lambda c: c.help.show_palette()),
    Action("show_log", "help", QT_TRANSLATE_NOOP("Action", "Open the folder of the log file"),
           QT_TRANSLATE_NOOP("Action", "Show the file that tells what went wrong."),
           "", (), lambda c: c.help.show_log(), starts_section=True),
    Action("about", "help", QT_TRANSLATE_NOOP("Action", "About Meticulous"),
           QT_TRANSLATE_NOOP("Action", "Say which version this is and what it is made of."),
           "info", (), lambda c: c.help.show_about()),
)

ACTIONS: Final[tuple[Action, ...]] = (*_FILE, *_EDIT, *_MASK, *_LAYER, *_TOOL, *_VIEW, *_HELP)

TOOL_STRIP: Final = ("tool_hand", "tool_brush", "tool_eraser", "tool_lasso", "tool_refine", "tool_find_box",
                     "swap")
CONTEXT_MENU: Final = (
    "undo", "redo", "", "find_again", "tool_find_box", "refine_all", "clear_mask", "", "zoom_fit",
    "zoom_actual",
    "zoom_mask", "", "copy", "export", "export_as",
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
