"""How the photo and its masks are shown: the view modes, the next colour of a layer, hold-to-see-original."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.layer import LAYER_COLOURS, Rgb
from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

DEFAULT_OPACITY = 0.5


@dataclass(frozen=True)
class ViewChoice:
    """One way to look at a mask; `text` and `help` are sources for translation in the context "Views"."""

    mode: ViewMode
    text: str
    help: str
    key: str
    icon: str


# In the order that F goes through.
VIEW_CHOICES: tuple[ViewChoice, ...] = (
    ViewChoice(
        ViewMode.OVERLAY,
        QT_TRANSLATE_NOOP("Views", "Overlay"),
        QT_TRANSLATE_NOOP("Views", "The mask as a translucent colour over the photo."),
        "O",
        "view_overlay",
    ),
    ViewChoice(
        ViewMode.CONTOUR,
        QT_TRANSLATE_NOOP("Views", "Contour"),
        QT_TRANSLATE_NOOP("Views", "Only the mask's outline, so that nothing hides the edge."),
        "N",
        "view_contour",
    ),
    ViewChoice(
        ViewMode.BLACK,
        QT_TRANSLATE_NOOP("Views", "On black"),
        QT_TRANSLATE_NOOP("Views", "The cut-out on black."),
        "K",
        "view_black",
    ),
    ViewChoice(
        ViewMode.WHITE,
        QT_TRANSLATE_NOOP("Views", "On white"),
        QT_TRANSLATE_NOOP("Views", "The cut-out on white."),
        "W",
        "view_white",
    ),
    ViewChoice(
        ViewMode.CHECKERBOARD,
        QT_TRANSLATE_NOOP("Views", "On a checkerboard"),
        QT_TRANSLATE_NOOP("Views", "The cut-out on a checkerboard, as transparency is usually shown."),
        "T",
        "view_checkerboard",
    ),
    ViewChoice(
        ViewMode.ALPHA,
        QT_TRANSLATE_NOOP("Views", "Alpha"),
        QT_TRANSLATE_NOOP("Views", "The coverage itself: white inside, black outside."),
        "A",
        "view_alpha",
    ),
    ViewChoice(
        ViewMode.CONFIDENCE,
        QT_TRANSLATE_NOOP("Views", "Confidence"),
        QT_TRANSLATE_NOOP("Views", "Where the network was sure of the mask and where it was not."),
        "U",
        "view_confidence",
    ),
    ViewChoice(
        ViewMode.DECIDED,
        QT_TRANSLATE_NOOP("Views", "My strokes"),
        QT_TRANSLATE_NOOP("Views", "What you painted or pointed at: networks leave it alone."),
        "Shift+U",
        "view_decided",
    ),
)


def next_overlay_colour(rgb: Rgb) -> Rgb:
    """Return the colour after `rgb` in `LAYER_COLOURS`; the first one after any other colour."""
    if rgb not in LAYER_COLOURS:
        return LAYER_COLOURS[0]
    return LAYER_COLOURS[(LAYER_COLOURS.index(rgb) + 1) % len(LAYER_COLOURS)]


class ViewState(QObject):
    """What a person chose to see; it belongs to the window, never to the document.

    Attributes:
        mode: the chosen view.
        is_overlay_on: false hides the mask (key Q) until it is shown again.
        is_original_held: true while a key or button is held that shows the bare photo.
        overlay_opacity: 0..1.
        is_overlay_inverted: whether the colour lies on the background instead.

    Signals:
        changed: after anything above changed (window thread).
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = ViewMode.OVERLAY
        self._is_overlay_on = True
        self._is_original_held = False
        self._overlay_opacity = DEFAULT_OPACITY
        self._is_overlay_inverted = False

    @property
    def mode(self) -> ViewMode:
        return self._mode

    @property
    def shown_mode(self) -> ViewMode:
        """What the canvas draws now: the bare photo while the mask is hidden or the original is held."""
        return ViewMode.PHOTO if self._is_original_held or not self._is_overlay_on else self._mode

    @property
    def is_overlay_on(self) -> bool:
        return self._is_overlay_on

    @property
    def is_original_held(self) -> bool:
        return self._is_original_held

    @property
    def overlay_opacity(self) -> float:
        return self._overlay_opacity

    @property
    def is_overlay_inverted(self) -> bool:
        return self._is_overlay_inverted

    def set_mode(self, mode: ViewMode) -> None:
        """Choose a view; a hidden mask is shown again, as the person asked to see something."""
        if mode is ViewMode.PHOTO:
            self.set_overlay_on(False)
            return
        if (self._mode, self._is_overlay_on) != (mode, True):
            self._mode, self._is_overlay_on = mode, True
            self.changed.emit()

    def cycle(self) -> None:
        """Go to the next view."""
        modes = [choice.mode for choice in VIEW_CHOICES]
        self.set_mode(modes[(modes.index(self._mode) + 1) % len(modes)])

    def set_overlay_on(self, is_on: bool) -> None:
        if self._is_overlay_on != is_on:
            self._is_overlay_on = is_on
            self.changed.emit()

    def toggle_overlay(self) -> None:
        """Hide the mask, or show it again."""
        self.set_overlay_on(not self._is_overlay_on)

    def hold_original(self, is_held: bool) -> None:
        """Show the bare photo while a key or button is down."""
        if self._is_original_held != is_held:
            self._is_original_held = is_held
            self.changed.emit()

    def set_overlay_opacity(self, opacity: float) -> None:
        opacity = min(max(float(opacity), 0.0), 1.0)
        if self._overlay_opacity != opacity:
            self._overlay_opacity = opacity
            self.changed.emit()

    def set_overlay_inverted(self, is_inverted: bool) -> None:
        if self._is_overlay_inverted != is_inverted:
            self._is_overlay_inverted = is_inverted
            self.changed.emit()
