"""The line that the brush follows: what the hand drew, steadied and rounded between its events."""

from __future__ import annotations

import math

Sample = tuple[float, float, float]
"""(x, y, pressure): image pixels, pressure 0..1."""

STRONGEST_PULL = 0.85
CURVE_STEP_VIEW_PX = 4.0
MAX_CURVE_STEPS = 24


class StrokePath:
    """Turns the pointer's samples into the points to paint through.

    Without smoothing the points are the samples, to the bit. With it each sample pulls the line a part of
    the way, and a Catmull-Rom curve runs through the result; it needs the next point to know its bend, so the
    line stays one event behind the hand until `finish`.
    """

    def __init__(self, *, smoothing: float, zoom: float) -> None:
        """Begin a line.

        Args:
            smoothing: 0..1.
            zoom: device pixels per image pixel, for how finely a curve is cut into pieces.
        """
        self._pull = 1.0 - STRONGEST_PULL * smoothing
        self._is_smooth = smoothing > 0.0
        self._zoom = zoom
        self._knots: list[Sample] = []

    def extend(self, sample: Sample) -> list[Sample]:
        """Take the next sample and return the points to paint now."""
        if not self._is_smooth or not self._knots:
            self._knots = [*self._knots[-2:], sample]
            return [sample]
        last = self._knots[-1]
        x, y, pressure = (a + (b - a) * self._pull for a, b in zip(last, sample, strict=True))
        self._knots = [*self._knots[-3:], (x, y, pressure)]
        return self._curve_before_last()

    def finish(self, sample: Sample) -> list[Sample]:
        """Go all the way to where the hand let go and return the points to paint."""
        if not self._is_smooth or not self._knots:
            return self.extend(sample)
        points: list[Sample] = []
        if self._knots[-1] != sample:
            self._knots = [*self._knots[-3:], sample]
            points += self._curve_before_last()
        # The last piece has no point after it: its end stands for one.
        self._knots = [*self._knots[-3:], sample]
        return points + self._curve_before_last()

    def _curve_before_last(self) -> list[Sample]:
        """Return the curve from the third last to the second last knot."""
        if len(self._knots) < 3:
            return []
        knots = self._knots if len(self._knots) >= 4 else [self._knots[0], *self._knots]
        before, start, end, after = knots[-4:]
        length_px = math.hypot(end[0] - start[0], end[1] - start[1]) * self._zoom
        n_steps = min(max(math.ceil(length_px / CURVE_STEP_VIEW_PX), 1), MAX_CURVE_STEPS)
        return [_catmull_rom(before, start, end, after, step / n_steps) for step in range(1, n_steps + 1)]


def _catmull_rom(before: Sample, start: Sample, end: Sample, after: Sample, t: float) -> Sample:
    """Return the point at `t` 0..1 of the curve from `start` to `end`; pressure runs straight."""

    def curve(p0: float, p1: float, p2: float, p3: float) -> float:
        linear, square = p2 - p0, 2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3
        return 0.5 * (2.0 * p1 + linear * t + square * t**2 + (3.0 * (p1 - p2) + p3 - p0) * t**3)

    x = curve(before[0], start[0], end[0], after[0])
    y = curve(before[1], start[1], end[1], after[1])
    return x, y, start[2] + (end[2] - start[2]) * t
