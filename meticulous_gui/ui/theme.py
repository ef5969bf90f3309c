"""Light and dark: our two palettes on the Fusion style, and following the desktop's choice."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

Group = QPalette.ColorGroup
Role = QPalette.ColorRole

# Neutral greys around the photo: a tinted surround would shift how colours are judged.
SURROUND_DARK = QColor("#2b2b2b")
SURROUND_LIGHT = QColor("#b8b8b8")

_DARK = {
    Role.Window: "#323232",
    Role.WindowText: "#ececec",
    Role.Base: "#242424",
    Role.AlternateBase: "#2d2d2d",
    Role.Text: "#ececec",
    Role.Button: "#3d3d3d",
    Role.ButtonText: "#ececec",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#1c1c1c",
    Role.ToolTipText: "#ececec",
    Role.PlaceholderText: "#a8a8a8",
    Role.Highlight: "#2478bd",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#3d94da",
    Role.Link: "#7db8f0",
    Role.LinkVisited: "#c3a6e8",
    Role.Light: "#565656",
    Role.Midlight: "#474747",
    Role.Mid: "#2a2a2a",
    Role.Dark: "#1e1e1e",
    Role.Shadow: "#101010",
}
_DARK_DISABLED = "#828282"

_LIGHT = {
    Role.Window: "#f0f0f0",
    Role.WindowText: "#1d1d1d",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f6f6f6",
    Role.Text: "#1d1d1d",
    Role.Button: "#e6e6e6",
    Role.ButtonText: "#1d1d1d",
    Role.BrightText: "#ffffff",
    Role.ToolTipBase: "#fbfbfb",
    Role.ToolTipText: "#1d1d1d",
    Role.PlaceholderText: "#6b6b6b",
    Role.Highlight: "#0b63a8",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#0b63a8",
    Role.Link: "#0b5a9c",
    Role.LinkVisited: "#6a3d9a",
    Role.Light: "#ffffff",
    Role.Midlight: "#f4f4f4",
    Role.Mid: "#c4c4c4",
    Role.Dark: "#a0a0a0",
    Role.Shadow: "#6a6a6a",
}
_LIGHT_DISABLED = "#8c8c8c"


class Theme(Enum):
    """What a person may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def relative_luminance(colour: QColor) -> float:
    """Return the luminance 0..1 of an sRGB colour as WCAG 2 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast_ratio(first: QColor, second: QColor) -> float:
    """Return the WCAG 2 contrast 1..21 of two opaque colours."""
    bright, dim = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def make_palette(*, is_dark: bool) -> QPalette:
    """Return our palette for dark or light."""
    colours, disabled = (_DARK, _DARK_DISABLED) if is_dark else (_LIGHT, _LIGHT_DISABLED)
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(Group.All, role, QColor(colour))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText):
        palette.setColor(Group.Disabled, role, QColor(disabled))
    palette.setColor(Group.Disabled, Role.Highlight, QColor(colours[Role.Mid]))
    return palette


def is_dark_palette(palette: QPalette) -> bool:
    """Return whether text is lighter than its ground."""
    text, ground = palette.color(Role.WindowText), palette.color(Role.Window)
    return relative_luminance(text) > relative_luminance(ground)


def canvas_surround(palette: QPalette) -> QColor:
    """Return the neutral grey around the photo that belongs to `palette`."""
    return SURROUND_DARK if is_dark_palette(palette) else SURROUND_LIGHT


class ThemeFollower(QObject):
    """Keep the application's palette at the person's choice, or at the desktop's.

    Create it once, right after the QApplication and before any widget.

    Signals:
        changed: (bool, whether it is dark) after the palette became another one (window thread).
    """

    changed = Signal(bool)

    def __init__(self, application: QApplication, theme: Theme = Theme.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        # Read before Fusion replaces it: the only hint where the desktop reports no scheme (a bare X11).
        self._was_dark_at_start = is_dark_palette(application.palette())
        application.setStyle("Fusion")
        self._theme = theme
        self._is_dark: bool | None = None
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.set_theme(theme)

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def is_dark(self) -> bool:
        return bool(self._is_dark)

    def set_theme(self, theme: Theme) -> None:
        """Choose light, dark or the desktop's scheme."""
        self._theme = theme
        hints = self._application.styleHints()
        match theme:
            # Telling Qt makes title bars and native dialogs follow where the platform can.
            case Theme.SYSTEM:
                hints.unsetColorScheme()
            case Theme.LIGHT:
                hints.setColorScheme(Qt.ColorScheme.Light)
            case Theme.DARK:
                hints.setColorScheme(Qt.ColorScheme.Dark)
        self._apply()

    def _on_scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        self._apply()

    def _wants_dark(self) -> bool:
        if self._theme is not Theme.SYSTEM:
            return self._theme is Theme.DARK
        scheme = self._application.styleHints().colorScheme()
        if scheme is Qt.ColorScheme.Unknown:
            return self._was_dark_at_start
        return scheme is Qt.ColorScheme.Dark

    def _apply(self) -> None:
        is_dark = self._wants_dark()
        if is_dark is self._is_dark:
            return
        self._is_dark = is_dark
        self._application.setPalette(make_palette(is_dark=is_dark))
        self.changed.emit(is_dark)
