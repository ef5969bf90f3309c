"""A step that is still growing, and the snapshot that a network works on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from meticulous_gui.core.changes import Result
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.step import Step
from meticulous_gui.core.types import Alpha, Mask

if TYPE_CHECKING:
    from meticulous_gui.core.document import Document

__all__ = ["Snapshot", "Transaction"]

NOTHING: Final = Box(0, 0, 0, 0)


class Snapshot:
    """One layer at one revision, as a network sees it.

    The readers copy what is there when they are called; pixels that became newer than ``revision`` meanwhile
    do no harm, for a result never replaces such pixels.
    """

    def __init__(self, layer: Layer, revision: int) -> None:
        self._layer = layer
        self.layer_id = layer.id
        self.revision = revision

    def alpha(self, box: Box | None = None) -> Alpha:
        """Return the (h, w) alpha of ``box`` (of everything without one), a new array."""
        return np.array(self._layer.alpha[(box or self._layer.box).slices()], order="C", copy=True)

    def decided(self, box: Box | None = None) -> Mask:
        """Return the (h, w) decided pixels of ``box`` (of everything without one), a new array."""
        return self._layer.decided.get(box or self._layer.box)


class Transaction:
    """A step that is still growing. Other edits may become steps above it meanwhile.

    Attributes:
        layer_id: the layer that results go to.
        n_kept_px: how many changes of results were not made because the pixels are decided.
    """

    def __init__(self, document: Document, step: Step, layer_id: int) -> None:
        self._document = document
        self._step = step
        self.layer_id = layer_id
        self.n_kept_px = 0

    @property
    def title(self) -> str:
        return self._step.title

    @property
    def step_id(self) -> int:
        """The number of its step in the history."""
        return self._step.id

    @property
    def is_open(self) -> bool:
        """False after commit, rollback, or an undo that reached it."""
        return self._step.is_open

    def apply(self, edit: Edit) -> Box:
        """Make a person's edit part of this step; return the box of what changed.

        Raises:
            MeticulousError: the layer is locked.
            ValueError: the transaction is over, or the edit does not fit the photo.
        """
        if not self.is_open:
            raise ValueError(f"the step {self.title!r} is over; begin another one")
        return self._document.write_step(self._step, edit)

    def apply_result(
        self,
        box: Box,
        alpha: Alpha,
        since_revision: int,
        respect_decided: bool = True,
    ) -> Box:
        """Make a network's result part of this step wherever no person's work is in the way.

        A result that comes when the transaction is over (undone, cancelled) or its layer is gone is dropped.

        Args:
            box: where; what lies outside the photo is cut off.
            alpha: (box.height, box.width) uint8.
            since_revision: of the `Snapshot` that the network worked on; later edits by hand stay.
            respect_decided: leave decided pixels alone.

        Returns:
            The box of the pixels that look different now.

        Raises:
            MeticulousError: the layer is locked.
            ValueError: ``alpha`` does not fit ``box``.
        """
        if alpha.shape != box.size_hw or alpha.dtype != np.uint8:
            raise ValueError(
                f"alpha must be uint8 of (h, w) = {box.size_hw}, got {alpha.dtype} of {alpha.shape}"
            )
        if not self.is_open or not self._document.has_layer(self.layer_id):
            return NOTHING
        clipped = box.clip(self._document.box)
        if clipped.is_empty:
            return NOTHING
        inside = alpha[clipped.translate(-box.x0, -box.y0).slices()]
        result = Result(clipped, inside, since_revision, respect_decided)
        changed, n_kept_px = self._document.write_step_result(self._step, self.layer_id, result)
        self.n_kept_px += n_kept_px
        return changed

    def commit(self) -> None:
        """Make it one undo step; no step where nothing changed. Does nothing when it is over."""
        if self.is_open:
            self._document.close_step(self._step)

    def rollback(self) -> None:
        """Take it all back as if it had never been; later steps keep their pixels. Nothing when over."""
        if self.is_open:
            self._document.roll_back_step(self._step)
