"""Shapes with exact coverage, drawn at any size: fur, branches, lattices, wheels, feathers, blobs with holes.

No photograph has a mask that is right to a fraction of a pixel where things are thin; drawings have. They are
drawn several times too large without smoothing and reduced by area. (OpenCV fills outlines half a pixel of
the large drawing too far: an eighth of a pixel at most.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Alpha

_OVERSAMPLING: Final = (2, 8)  # least and most; steps of coverage are 1 / 4 and 1 / 64
_DRAWN_PX: Final = 2048  # side of the large drawing that decides between them
_SHIFT: Final = 4  # fractional bits of OpenCV's drawing coordinates

Points = NDArray[np.float64]  # (N, 2), x and y in units of the side


class Drawing:
    """A large one-bit canvas with coordinates 0..1."""

    def __init__(self, side_px: int) -> None:
        self.factor = min(max(_DRAWN_PX // side_px, _OVERSAMPLING[0]), _OVERSAMPLING[1])
        self.side_px = side_px * self.factor
        self.canvas = np.zeros((self.side_px, self.side_px), np.uint8)

    def fixed(self, points: Points) -> NDArray[np.int32]:
        """Return points in OpenCV's coordinates (0 is the middle of a pixel) with fractional bits."""
        return np.round((points * self.side_px - 0.5) * (1 << _SHIFT)).astype(np.int32)

    def area(self, points: Points, *, value: int = 255) -> None:
        """Fill a closed outline."""
        cv2.fillPoly(self.canvas, [self.fixed(points)], value, shift=_SHIFT)

    def line(self, points: Points, width: float) -> None:
        """Draw a line of constant width (in sides), at least one pixel of the large canvas."""
        thickness = max(1, round(width * self.side_px))
        cv2.polylines(self.canvas, [self.fixed(points)], False, 255, thickness, shift=_SHIFT)

    def tapered(self, points: Points, width: float) -> None:
        """Draw a line that gets thinner towards its end."""
        pieces = 4
        cuts = np.linspace(0, len(points) - 1, pieces + 1).astype(int)
        for piece in range(pieces):
            part = points[cuts[piece] : cuts[piece + 1] + 1]
            self.line(part, width * (1.0 - piece / pieces))

    def coverage(self) -> Alpha:
        """Return what of each pixel is covered, 0..255."""
        side_px = self.side_px // self.factor
        return cv2.resize(self.canvas, (side_px, side_px), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _outline(rng: np.random.Generator, *, radius: float, roughness: float, n_points: int = 160) -> Points:
    """Return a smooth closed outline round the middle: a circle with a few random waves."""
    angle = np.linspace(0, 2 * np.pi, n_points, endpoint=False)
    distance = np.ones(n_points)
    for wave in range(2, 7):
        swing = roughness * rng.normal() / wave
        distance += swing * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
    distance = np.clip(distance, 0.35, 1.6) * radius
    stretch = rng.uniform(0.6, 1.0)
    around = np.stack([np.cos(angle) * distance, np.sin(angle) * distance * stretch], axis=1)
    return _turned(around, float(rng.uniform(0, 2 * np.pi))) + 0.5


def _turned(points: Points, angle: float) -> Points:
    cosine, sine = np.cos(angle), np.sin(angle)
    return points @ np.array([[cosine, sine], [-sine, cosine]])


def _curve(start: Points, direction: float, length: float, bend: float, n_points: int = 9) -> Points:
    """Return a line that leaves ``start`` in a direction (radians) and turns by ``bend`` on its way."""
    angles = direction + bend * np.linspace(0, 1, n_points - 1)
    steps = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (length / (n_points - 1))
    return start + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])


def fur(drawing: Drawing, rng: np.random.Generator) -> None:
    """A body with strands of hair that stand off its outline."""
    outline = _outline(rng, radius=float(rng.uniform(0.15, 0.3)), roughness=0.25)
    drawing.area(outline)
    n_strands = int(rng.integers(60, 500))
    length, width = rng.uniform(0.03, 0.2), rng.uniform(0.001, 0.006)
    lean, spread = rng.uniform(-0.9, 0.9), rng.uniform(0.1, 0.5)
    middle = outline.mean(axis=0)
    for place in rng.integers(0, len(outline), n_strands):
        outward = outline[place] - middle
        direction = float(np.arctan2(outward[1], outward[0])) + lean + rng.normal() * spread
        start = outline[place] - 0.02 * outward
        strand = _curve(start, direction, length * rng.uniform(0.3, 1.2), float(rng.normal() * 0.7))
        drawing.tapered(strand, width * rng.uniform(0.5, 1.5))


def branch(drawing: Drawing, rng: np.random.Generator) -> None:
    """A branch with twigs and leaves."""
    start = np.array([[rng.uniform(0.3, 0.7), 0.95]])
    stem = _curve(
        start, -np.pi / 2 + rng.normal() * 0.2, float(rng.uniform(0.6, 0.85)), float(rng.normal() * 0.6), 25
    )
    width = float(rng.uniform(0.006, 0.02))
    drawing.tapered(stem, width)
    leaf_length, leaf_width = rng.uniform(0.05, 0.16), rng.uniform(0.15, 0.45)
    for place in range(3, 25, int(rng.integers(1, 4))):
        along = stem[place] - stem[place - 1]
        for side in (-1, 1):
            direction = float(np.arctan2(along[1], along[0])) + side * rng.uniform(0.4, 1.2)
            twig = _curve(stem[place : place + 1], direction, float(rng.uniform(0.03, 0.2)), side * -0.4)
            drawing.tapered(twig, width * 0.5)
            if rng.random() < 0.85:
                _leaf(drawing, twig[-1:], direction, leaf_length * rng.uniform(0.6, 1.3), leaf_width)


def _leaf(drawing: Drawing, start: Points, direction: float, length: float, width: float) -> None:
    along = np.linspace(0, 1, 12)
    half = 0.5 * width * np.sin(np.pi * along) ** 0.8
    outline = np.concatenate([np.stack([along, half], axis=1), np.stack([along[::-1], -half[::-1]], axis=1)])
    drawing.area(start + _turned(outline * length, direction))


def lattice(drawing: Drawing, rng: np.random.Generator) -> None:
    """A fence or a grid: two families of bars inside a frame, perhaps wavy."""
    step, width = float(rng.uniform(0.03, 0.15)), float(rng.uniform(0.002, 0.012))
    turn, skew = float(rng.uniform(0, np.pi)), float(rng.uniform(0.8, 2.2))
    wave, length = float(rng.uniform(0, 0.3)) * step, float(rng.uniform(1, 4)) * step
    half_w, half_h = rng.uniform(0.2, 0.45, 2)
    along = np.linspace(-0.8, 0.8, 80)
    for family in (0.0, skew):
        for offset in np.arange(-0.8, 0.8, step):
            across = offset + wave * np.sin(2 * np.pi * along / length)
            drawing.line(_turned(np.stack([along, across], axis=1), turn + family) + 0.5, width)
    frame = np.array([[-half_w, -half_h], [half_w, -half_h], [half_w, half_h], [-half_w, half_h]])
    frame = _turned(frame, float(rng.normal() * 0.3)) + 0.5
    outside = np.full_like(drawing.canvas, 255)
    cv2.fillPoly(outside, [drawing.fixed(frame)], 0, shift=_SHIFT)
    drawing.canvas[outside > 0] = 0
    drawing.line(np.concatenate([frame, frame[:1]]), float(rng.uniform(0.004, 0.025)))


def wheel(drawing: Drawing, rng: np.random.Generator) -> None:
    """A rim, a hub and spokes, seen at an angle."""
    radius, squeeze = float(rng.uniform(0.25, 0.45)), float(rng.uniform(0.35, 1.0))
    turn, rim = float(rng.uniform(0, np.pi)), float(rng.uniform(0.008, 0.04))
    angle = np.linspace(0, 2 * np.pi, 121)
    circle = np.stack([np.cos(angle), np.sin(angle) * squeeze], axis=1)
    drawing.line(_turned(circle * radius, turn) + 0.5, rim)
    drawing.area(_turned(circle * radius * rng.uniform(0.05, 0.2), turn) + 0.5)
    n_spokes, width = int(rng.integers(3, 40)), float(rng.uniform(0.0015, 0.01))
    lean = float(rng.uniform(0, 0.4))
    for spoke in range(n_spokes):
        start = 2 * np.pi * spoke / n_spokes
        ends = np.array(
            [
                [0.05 * np.cos(start), 0.05 * np.sin(start) * squeeze],
                [np.cos(start + lean), np.sin(start + lean) * squeeze],
            ]
        )
        drawing.line(_turned(ends * radius, turn) + 0.5, width)


def feather(drawing: Drawing, rng: np.random.Generator) -> None:
    """A bent quill with hundreds of barbs, some of them apart."""
    direction, bend = -np.pi / 4 + float(rng.normal() * 0.2), float(rng.normal() * 0.5)
    quill = _curve(np.array([[0.15, 0.85]]), direction, float(rng.uniform(0.6, 0.95)), bend, 120)
    drawing.tapered(quill, float(rng.uniform(0.006, 0.014)))
    reach, width = float(rng.uniform(0.06, 0.18)), float(rng.uniform(0.0015, 0.005))
    slant, gap = float(rng.uniform(0.5, 1.1)), float(rng.uniform(0.0, 0.3))
    for place in range(20, 119):
        along = quill[place] - quill[place - 1]
        length = reach * np.sin(np.pi * (place - 15) / 108) ** 0.6
        for side in (-1, 1):
            if rng.random() < gap:
                continue
            direction = float(np.arctan2(along[1], along[0])) + side * slant
            barb = _curve(quill[place : place + 1], direction, length * rng.uniform(0.85, 1.05), side * -0.5)
            drawing.tapered(barb, width)


def pierced(drawing: Drawing, rng: np.random.Generator) -> None:
    """A smooth or a cornered body with holes."""
    radius = float(rng.uniform(0.2, 0.38))
    if rng.random() < 0.5:
        body = _outline(rng, radius=radius, roughness=float(rng.uniform(0.1, 0.5)))
    else:
        corners = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 10))))
        far = radius * rng.uniform(0.5, 1.2, len(corners))
        body = 0.5 + np.stack([np.cos(corners) * far, np.sin(corners) * far], axis=1)
    drawing.area(body)
    for _ in range(int(rng.integers(0, 7))):
        hole = _outline(rng, radius=float(rng.uniform(0.008, 0.08)), roughness=0.3, n_points=60) - 0.5
        drawing.area(hole + rng.uniform(0.3, 0.7, 2), value=0)


SHAPES: Final[tuple[Callable[[Drawing, np.random.Generator], None], ...]] = (
    fur, branch, lattice, wheel, feather, pierced,
)  # fmt: skip


def draw_shape(rng: np.random.Generator, side_px: int) -> Alpha:
    """Return the coverage of a random shape.

    Args:
        rng: the only source of chance.
        side_px: side of the square.

    Returns:
        (S, S) uint8; never empty, never full.
    """
    while True:
        drawing = Drawing(side_px)
        SHAPES[int(rng.integers(len(SHAPES)))](drawing, rng)
        alpha = drawing.coverage()
        share = float(alpha.mean()) / 255.0
        if 0.002 < share < 0.98:
            return alpha
