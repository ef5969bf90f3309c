"""A change of one box of one layer, as a value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["Edit"]


@dataclass(frozen=True, eq=False)
class Edit:
    """New content of one box.

    Attributes:
        layer_id: which layer.
        box: where, inside the image, not empty.
        alpha: (box.height, box.width) uint8, the new content.
        decided: the new decided bits of the whole box, exactly (a False takes a bit away); None leaves them.
            `by_hand` computes them from what was touched.
        title: what the undo step is called: "Brush", "Lasso".
        touched: the pixels that the edit speaks about, also where the value happens to stay; a network's
            result that is still under way will not overwrite them. None: the pixels whose alpha or decided
            bit changes.
    """

    layer_id: int
    box: Box
    alpha: Alpha
    decided: Mask | None = None
    title: str = "Edit"
    touched: Mask | None = None

    def __post_init__(self) -> None:
        if self.box.is_empty:
            raise ValueError(f"an edit needs a box that is not empty, got {self.box}")
        if self.alpha.dtype != np.uint8:
            raise ValueError(f"alpha must be uint8, got {self.alpha.dtype}")
        for name, array in (("alpha", self.alpha), ("decided", self.decided), ("touched", self.touched)):
            if array is not None and array.shape != self.box.size_hw:
                raise ValueError(f"{name} must have the box's (h, w) = {self.box.size_hw}, got {array.shape}")

    @classmethod
    def by_hand(cls, layer: Layer, box: Box, alpha: Alpha, *, touched: Mask, title: str) -> Edit:
        """Return the edit of a person who has spoken about the pixels of ``touched``.

        They become decided; what was decided in the box before stays so.

        Args:
            layer: the layer as it is now.
            box: inside the image, not empty.
            alpha: (box.height, box.width) uint8, the new content.
            touched: (box.height, box.width) bool.
            title: what the undo step is called.
        """
        return cls(layer.id, box, alpha, layer.decided.get(box) | touched, title, touched)

    @classmethod
    def changing(cls, layer: Layer, box: Box, alpha: Alpha, *, title: str) -> Edit | None:
        """Return the edit of a person who has spoken about the pixels that change; None where none does.

        Args:
            layer: the layer as it is now.
            box: inside the image, not empty.
            alpha: (box.height, box.width) uint8, the new content.
            title: what the undo step is called.
        """
        touched = alpha != layer.alpha[box.slices()]
        return cls.by_hand(layer, box, alpha, touched=touched, title=title) if touched.any() else None
