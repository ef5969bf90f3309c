"""The cross that the arrow keys move, so that brush and clicks can be used without a pointer."""

from __future__ import annotations


class KeyboardCursor:
    """A point on the photo.

    Attributes:
        is_on: whether it is shown and takes the arrow keys.
        x, y: image pixels, always inside the photo.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.x = 0.0
        self.y = 0.0

    def show(self, x: float, y: float, *, image_hw: tuple[int, int]) -> None:
        """Begin at a point."""
        self.is_on = True
        self._put(x, y, image_hw)

    def hide(self) -> None:
        """Give the arrow keys back to the view."""
        self.is_on = False

    def move(self, steps_x: int, steps_y: int, *, zoom: float, image_hw: tuple[int, int]) -> None:
        """Go by image pixels, or by device pixels where those are larger: a step can always be seen."""
        step_px = max(1.0, 1.0 / zoom)
        self._put(self.x + steps_x * step_px, self.y + steps_y * step_px, image_hw)

    def _put(self, x: float, y: float, image_hw: tuple[int, int]) -> None:
        # Whole steps between pixel centres, so that a dab covers the same pixels wherever it came from.
        self.x = min(max(int(x) + 0.5, 0.5), max(image_hw[1] - 0.5, 0.5))
        self.y = min(max(int(y) + 0.5, 0.5), max(image_hw[0] - 0.5, 0.5))
