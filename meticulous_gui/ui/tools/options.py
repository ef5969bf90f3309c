"""Controls of the context bar that several tools share, described once."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.tools.base import ToolOption
from meticulous_gui.ui.tools.brush_settings import MAX_RADIUS_PX, MIN_RADIUS_PX, BrushSettings

SIGN_OPTION = "sign"
SIZE_OPTION = "size"
ADD = "add"
TAKE_AWAY = "take_away"


def sign_option(brush: BrushSettings) -> ToolOption:
    """Describe the choice between adding and taking away."""
    translate = QCoreApplication.translate
    return ToolOption(
        id=SIGN_OPTION,
        text=translate("Tools", "Mode"),
        help=translate("Tools", "What the left button does; the right button does the other."),
        kind="choice",
        value=TAKE_AWAY if brush.is_subtracting else ADD,
        action_ids=("swap",),
        choices=((ADD, translate("Tools", "Add")), (TAKE_AWAY, translate("Tools", "Take away"))),
    )


def set_sign(brush: BrushSettings, value: float | bool | str) -> None:
    """Take the value of `sign_option`."""
    brush.is_subtracting = value == TAKE_AWAY


def size_option(brush: BrushSettings) -> ToolOption:
    """Describe the brush's size, as a diameter."""
    return ToolOption(
        id=SIZE_OPTION,
        text=QCoreApplication.translate("Tools", "Size"),
        help=QCoreApplication.translate("Tools", "Width of the brush; Alt and the wheel change it, too."),
        kind="number",
        value=brush.radius_px * 2.0,
        action_ids=("brush_smaller", "brush_larger"),
        minimum=MIN_RADIUS_PX * 2.0,
        maximum=MAX_RADIUS_PX * 2.0,
        step=1.0,
        suffix=" px",
        is_logarithmic=True,
    )


def brush_options(brush: BrushSettings) -> tuple[ToolOption, ...]:
    """Describe all controls of the brush."""
    translate = QCoreApplication.translate
    return (
        sign_option(brush),
        size_option(brush),
        _percent(
            "hardness",
            translate("Tools", "Hardness"),
            translate("Tools", "How sharp the rim is."),
            brush.hardness,
            action_ids=("brush_softer", "brush_harder"),
        ),
        _percent(
            "opacity",
            translate("Tools", "Opacity"),
            translate("Tools", "How much one stroke covers."),
            brush.opacity,
            minimum=1.0,
        ),
        ToolOption(
            id="edges",
            text=translate("Tools", "Stop at edges"),
            help=translate("Tools", "Paint only what looks like the photo under the middle of the brush."),
            kind="switch",
            value=brush.stops_at_edges,
            action_ids=("brush_edges",),
        ),
        _percent(
            "smoothing",
            translate("Tools", "Smoothing"),
            translate("Tools", "How much the line is steadied."),
            brush.smoothing,
        ),
        ToolOption(
            id="image_size",
            text=translate("Tools", "Size on the photo"),
            help=translate("Tools", "Measure the brush on the photo, not on the screen."),
            kind="switch",
            value=brush.is_size_in_image_px,
        ),
        ToolOption(
            id="pressure",
            text=translate("Tools", "Pen pressure sets the size"),
            help=translate("Tools", "A pen that is pressed less paints a thinner line."),
            kind="switch",
            value=brush.is_pressure_size,
        ),
        ToolOption(
            id="pressure_opacity",
            text=translate("Tools", "Pen pressure sets the opacity"),
            help=translate("Tools", "A pen that is pressed less covers less."),
            kind="switch",
            value=brush.is_pressure_opacity,
        ),
    )


def set_brush_option(brush: BrushSettings, option_id: str, value: float | bool | str) -> None:
    """Take a value of `brush_options`.

    Raises:
        KeyError: there is no such option.
    """
    match option_id:
        case "sign":
            set_sign(brush, value)
        case "size":
            brush.radius_px = float(value) / 2.0
        case "hardness":
            brush.hardness = float(value) / 100.0
        case "opacity":
            brush.opacity = float(value) / 100.0
        case "edges":
            brush.stops_at_edges = bool(value)
        case "smoothing":
            brush.smoothing = float(value) / 100.0
        case "image_size":
            brush.is_size_in_image_px = bool(value)
        case "pressure":
            brush.is_pressure_size = bool(value)
        case "pressure_opacity":
            brush.is_pressure_opacity = bool(value)
        case _:
            raise KeyError(option_id)


def _percent(
    option_id: str,
    text: str,
    help_text: str,
    value: float,
    *,
    minimum: float = 0.0,
    action_ids: tuple[str, ...] = (),
) -> ToolOption:
    return ToolOption(
        id=option_id,
        text=text,
        help=help_text,
        kind="number",
        value=round(value * 100.0, 1),
        action_ids=action_ids,
        minimum=minimum,
        maximum=100.0,
        step=1.0,
        suffix=" %",
    )
