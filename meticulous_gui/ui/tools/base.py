"""What a tool is, what it may ask of the program (`ToolContext`) and of the canvas (`Surface`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QRectF, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter

from meticulous_gui.ui.tools.brush_settings import BrushSettings

if TYPE_CHECKING:
    from meticulous_gui.core.document import Document
    from meticulous_gui.core.edit import Edit
    from meticulous_gui.core.geometry import Box
    from meticulous_gui.core.pyramid import Pyramid
    from meticulous_gui.core.render import Scene, View
    from meticulous_gui.core.types import Mask
    from meticulous_gui.ui.points.hover import Hover
    from meticulous_gui.ui.points.pointing import Pointing

Value = TypeVar("Value")

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, kw_only=True)
class PointerEvent:
    """One event of a mouse, pen, finger or the keyboard cursor, in one shape for all tools.

    Attributes:
        x, y: image pixels, floats; the centre of the first pixel is (0.5, 0.5); may lie outside the photo.
        view_x, view_y: device pixels of the canvas.
        pressure: 0..1; 1 for anything but a pen.
        is_eraser: whether the pen's eraser end is used; it takes away, whatever the tool.
        is_pen: whether a pen (or its eraser) made the event.
        button: the button of the gesture (also in moves and the release); NoButton while hovering.
        modifiers: keys held.
        timestamp_ms: time of the event, of the input system's own clock.
    """

    x: float
    y: float
    view_x: float
    view_y: float
    pressure: float = 1.0
    is_eraser: bool = False
    is_pen: bool = False
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = NO_MODIFIER
    timestamp_ms: int = 0

    def has(self, modifier: Qt.KeyboardModifier) -> bool:
        """Return whether `modifier` was held."""
        return bool(self.modifiers & modifier)


class ToolAsking(Protocol):
    """What a tool may ask of the networks, in the background; see `Asking`."""

    def refine_region(
        self, mask: Mask, box: Box, focus_xy: tuple[float, float], *, my_strokes_too: bool = False
    ) -> None:
        """Perfect the edge where a person painted: ``mask`` is (box.height, box.width) bool."""

    def segment_box(self, box: Box) -> None:
        """Find the object inside ``box``."""


class ToolShown(Protocol):
    """What a tool may ask of what the canvas shows."""

    @property
    def scene(self) -> Scene | None:
        """The scene that is drawn, None for nothing."""

    @property
    def mask_levels(self) -> Pyramid | None:
        """The levels of the active layer's alpha, as it really is; None without a document."""

    def show_instead(self, levels: Pyramid | None) -> None:
        """Show the active layer's mask like this for a while; None shows it as it is."""


class ToolContext(Protocol):
    """What a tool may ask of the program; the session implements it, tests use a small one."""

    @property
    def document(self) -> Document | None:
        """The open document, None before the first photo is decoded."""

    @property
    def shown(self) -> ToolShown:
        """What the canvas shows."""

    @property
    def brush(self) -> BrushSettings:
        """The brush, shared by all tools that paint."""

    def commit(self, edit: Edit) -> None:
        """Apply one edit as its own undo step; a refusal (a locked layer) is said in the bar."""

    def compute(self, work: Callable[[], Value], done: Callable[[Value], None]) -> None:
        """Work a change out in the background; `done` makes it, and whoever leaves the photo waits."""

    @property
    def asking(self) -> ToolAsking:
        """What networks can be asked for."""

    @property
    def pointing(self) -> Pointing:
        """The object that is pointed at."""

    @property
    def hover(self) -> Hover:
        """What the next click would change."""

    def changeable(self) -> Document | None:
        """Return the document if its active layer may be changed; else say why not."""

    def message(self, text: str) -> None:
        """Show one sentence in the window's bar."""


class Surface(Protocol):
    """What a tool may ask of the canvas it works on."""

    @property
    def view_changed(self) -> SignalInstance:
        """Emitted when another part of the photo is shown, before it is drawn."""

    @property
    def view(self) -> View:
        """The present view; device pixels."""

    @property
    def device_pixel_ratio(self) -> float:
        """Device pixels per logical pixel."""

    @property
    def image_size_hw(self) -> tuple[int, int] | None:
        """Size of the photo, None while there is none."""

    @property
    def viewport_hw(self) -> tuple[int, int]:
        """Size of the canvas in device pixels."""

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by device pixels."""

    def refresh_overlay(self, view_box: QRectF | None = None) -> None:
        """Repaint what tools draw: in a device-pixel rectangle, or everywhere."""


OptionKind = Literal["number", "switch", "choice", "list"]


@dataclass(frozen=True, kw_only=True)
class ToolOption:
    """One control of the context bar, described; the bar makes the widget.

    Attributes:
        id: name for `Tool.set_option`.
        text, help: label and the one sentence of its tooltip and accessible description.
        kind: "number" (minimum..maximum in steps, with `suffix`), "switch" (bool), "choice" (of the few
            `choices`, all in view), "list" (of `choices`, the one chosen in view).
        value: present value: float, bool, or the id of a choice.
        action_ids: the actions that change it by a key, whose keys the tooltip names.
        is_logarithmic: whether a slider should move by ratios.
        choices: (id, text) pairs.
        notes: of a list, one line on when to take each of the `choices`.
        unavailable: of a list, what cannot be chosen and why.
    """

    id: str
    text: str
    help: str
    kind: OptionKind
    value: float | bool | str
    action_ids: tuple[str, ...] = ()
    minimum: float = 0.0
    maximum: float = 1.0
    step: float = 0.01
    decimals: int = 0
    suffix: str = ""
    is_logarithmic: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()


@runtime_checkable
class Tool(Protocol):
    """One tool. The canvas calls it in the window thread, always press, moves, then release or cancel.

    Attributes:
        id: stable name: "hand", "brush", "eraser", "lasso", "similar", "move", "point", "refine", "find_box".
        icon: name of its icon in `ui.icons`.
        key: its single-letter shortcut.
        options_changed: the window's, called after the tool changed one of its options by itself.
    """

    id: str
    icon: str
    key: str
    options_changed: Callable[[], None]

    @property
    def text(self) -> str:
        """Its name for people."""

    @property
    def help(self) -> str:
        """One sentence for people."""

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way (between press and release or cancel)."""

    @property
    def brush(self) -> BrushSettings | None:
        """The brush whose ring is the pointer (size keys, Alt+wheel change it); None for a plain cursor."""

    @property
    def is_drag_tool(self) -> bool:
        """Whether a gesture needs a way (box, lasso): by keyboard Enter begins and Enter ends it."""

    @property
    def takes_right_button(self) -> bool:
        """Whether the right button is a gesture; otherwise it opens the context menu."""

    @property
    def takes_tab(self) -> bool:
        """Whether Tab is a key of the tool now; otherwise it leaves the canvas as it leaves everything."""

    def press(self, event: PointerEvent) -> None:
        """Begin a gesture."""

    def move(self, event: PointerEvent) -> None:
        """Go on with a gesture, or hover when none is under way."""

    def release(self, event: PointerEvent) -> None:
        """End the gesture; what it did becomes one undo step."""

    def cancel(self) -> bool:
        """Drop the gesture as if it had never begun; return whether there was one."""

    def take_back(self) -> bool:
        """Take the last piece of a gesture of several back; return whether there was one."""

    def key_press(self, event: QKeyEvent) -> bool:
        """Handle a key on the canvas; return whether it was taken."""

    def key_release(self, event: QKeyEvent) -> bool:
        """Handle a key that is let go on the canvas; return whether it was taken."""

    def keys_lost(self) -> None:
        """End what a held key began: it will be let go in another window."""

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw over the picture; the painter is in device pixels of the canvas."""

    def options(self) -> tuple[ToolOption, ...]:
        """Describe the controls of the context bar."""

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take a value from the context bar."""

    def cursor(self) -> Qt.CursorShape:
        """Return the system cursor over the canvas; BlankCursor where the ring is the pointer."""

    def is_subtracting(self, event: PointerEvent) -> bool | None:
        """Return whether a gesture that begins with this event takes away, None where it has no sign."""

    def ring_radius_view_px(self, event: PointerEvent) -> float:
        """Return the ring's radius in device pixels, 0 for a tool without one."""

    def ring_centre(self, event: PointerEvent) -> tuple[float, float]:
        """Return where the ring lies in device pixels: at the pointer, or where a size gesture began."""
