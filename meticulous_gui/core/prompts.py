"""What a person did, in image coordinates: strokes, lassos, boxes, clicks, as values to write down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from meticulous_gui.core.geometry import Box

__all__ = ["BoxPrompt", "Click", "Json", "Lasso", "Prompt", "Stroke", "prompt_from_json"]

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Stroke:
    """The path of one press, drag and release of the brush.

    Attributes:
        points_xy: (x, y, pressure): image pixels, pressure 0..1 (1 for a mouse).
        radius_px: brush radius at full pressure, image pixels, > 0.
        hardness: 0 (soft down to the centre) .. 1 (sharp rim).
        opacity: 0..1, what the stroke as a whole may cover.
        is_adding: False takes away.
    """

    points_xy: tuple[tuple[float, float, float], ...]
    radius_px: float
    hardness: float = 1.0
    opacity: float = 1.0
    is_adding: bool = True

    def to_json(self) -> Json:
        return {
            "kind": "stroke",
            "points_xy": [list(point) for point in self.points_xy],
            "radius_px": self.radius_px,
            "hardness": self.hardness,
            "opacity": self.opacity,
            "is_adding": self.is_adding,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Stroke:
        points = tuple((float(x), float(y), float(pressure)) for x, y, pressure in data["points_xy"])
        return cls(
            points,
            float(data["radius_px"]),
            float(data["hardness"]),
            float(data["opacity"]),
            bool(data["is_adding"]),
        )


@dataclass(frozen=True)
class Lasso:
    """A free-hand outline; it closes by itself.

    Attributes:
        points_xy: corners in image pixels; may lie outside the image.
        is_adding: False takes away what lies inside.
    """

    points_xy: tuple[tuple[float, float], ...]
    is_adding: bool = True

    def to_json(self) -> Json:
        return {
            "kind": "lasso",
            "points_xy": [list(point) for point in self.points_xy],
            "is_adding": self.is_adding,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Lasso:
        return cls(tuple((float(x), float(y)) for x, y in data["points_xy"]), bool(data["is_adding"]))


@dataclass(frozen=True)
class BoxPrompt:
    """A box drawn around an object."""

    box: Box

    def to_json(self) -> Json:
        return {"kind": "box", "box": [self.box.x0, self.box.y0, self.box.x1, self.box.y1]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BoxPrompt:
        x0, y0, x1, y1 = (int(value) for value in data["box"])
        return cls(Box(x0, y0, x1, y1))


@dataclass(frozen=True)
class Click:
    """A point with a sign: on the object, or on what does not belong to it."""

    x: float
    y: float
    is_positive: bool = True

    def to_json(self) -> Json:
        return {"kind": "click", "x": self.x, "y": self.y, "is_positive": self.is_positive}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Click:
        return cls(float(data["x"]), float(data["y"]), bool(data["is_positive"]))


Prompt: TypeAlias = Stroke | Lasso | BoxPrompt | Click

_KINDS: dict[str, type[Stroke] | type[Lasso] | type[BoxPrompt] | type[Click]] = {
    "stroke": Stroke,
    "lasso": Lasso,
    "box": BoxPrompt,
    "click": Click,
}


def prompt_from_json(data: Mapping[str, Any]) -> Prompt:
    """Return the prompt that `to_json` wrote down.

    Raises:
        ValueError: the kind is unknown.
    """
    kind = data.get("kind")
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {sorted(_KINDS)}, got {kind!r}")
    return _KINDS[kind].from_json(data)
