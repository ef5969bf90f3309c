"""What a person did, in image coordinates: strokes, lassos, boxes, clicks, as values that cross processes."""

from __future__ import annotations

from dataclasses import dataclass

from meticulous_gui.core.geometry import Box

__all__ = ["BoxPrompt", "Click", "Lasso", "Stroke"]


@dataclass(frozen=True)
class Stroke:
    """The path of one press, drag and release of the brush.

    Attributes:
        points_xy: (x, y, pressure): image pixels, pressure 0..1 (1 for a mouse).
        radius_px: brush radius at full pressure, image pixels, > 0.
        is_adding: False takes away.
    """

    points_xy: tuple[tuple[float, float, float], ...]
    radius_px: float
    is_adding: bool = True


@dataclass(frozen=True)
class Lasso:
    """A free-hand outline; it closes by itself.

    Attributes:
        points_xy: corners in image pixels; may lie outside the image.
        is_adding: False takes away what lies inside.
    """

    points_xy: tuple[tuple[float, float], ...]
    is_adding: bool = True


@dataclass(frozen=True)
class BoxPrompt:
    """A box drawn around an object."""

    box: Box


@dataclass(frozen=True)
class Click:
    """A point with a sign: on the object, or on what does not belong to it."""

    x: float
    y: float
    is_positive: bool = True
