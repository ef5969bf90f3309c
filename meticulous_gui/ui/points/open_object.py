"""The object that is being pointed at: a growing step of the document that is kept or dropped as one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from meticulous_gui.core.document import Document, Transaction
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.types import Alpha, Mask
from meticulous_gui.engine.clicks.commands import ClickSummary

DECIDED_RADIUS_PX = 1.5
"""So far around its click a person has said what a pixel is: the disc that the engine promises."""


@dataclass(frozen=True)
class Mark:
    """A click as it is drawn.

    Attributes:
        id: of the click in its session; None where it cannot be moved: not answered yet, or of another part.
        x, y: image pixels.
        is_positive: whether it includes.
        is_waiting: whether the networks still work on it.
    """

    id: int | None
    x: float
    y: float
    is_positive: bool
    is_waiting: bool = False


@dataclass(eq=False)
class Part:
    """Clicks that belong together: one session of the engine.

    Attributes:
        session: its name there.
        start: (H, W) uint8, the layer as it was when the part began.
        base: (H, W) bool, what the clicks add to; None: they correct the mask of ``start``.
        known: what the engine said last.
        is_lost: whether the engine knows it no more: the networks ended, or the layer refused its answer. Its
            clicks count, but nothing can be asked about them.
    """

    session: str
    start: Alpha
    base: Mask | None = None
    known: ClickSummary = field(default_factory=ClickSummary)
    is_lost: bool = False

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has been pointed at, and nothing that could be taken back either."""
        return not self.known.clicks and not self.known.prompts and not self.known.can_undo

    @property
    def is_unread(self) -> bool:
        """Whether it is one click of which nobody knows what else it may mean."""
        return not self.is_lost and len(self.known.clicks) == 1 and not self.known.readings

    @property
    def excluding(self) -> set[int]:
        """The ids of its excluding clicks."""
        return {click_id for click_id, _, _, is_positive in self.known.clicks if not is_positive}

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point of the photo belongs to what the clicks only add to."""
        return self.base is not None and bool(self.base[int(y), int(x)])

    @property
    def can_undo(self) -> bool:
        """Whether a click can be taken back alone."""
        return self.known.can_undo and not self.is_lost

    @property
    def can_redo(self) -> bool:
        """Whether a click that was taken back can be brought again."""
        return self.known.can_redo and not self.is_lost

    @property
    def readings(self) -> tuple[str, ...]:
        """What the only click may mean; empty where it is clear, or cannot be asked."""
        return () if self.is_lost else self.known.readings


class OpenObject:
    """An object under the pointer, in the layer already but not for good.

    What the clicks changed is one step of the history that is still growing: it is saved, shown and kept
    from a crash like everything else, and goes away as a whole.

    Attributes:
        layer_id: the layer it is in.
        parts: those the clicks made, the current one at ``place``; redo may lead to those behind it.
        mask: (H, W) bool, the layer's mask as the clicks made it.
        settled: clicks of parts before the present ones, whose sessions are gone.
    """

    def __init__(self, document: Document, layer_id: int, first: Part, title: str) -> None:
        self.document = document
        self.layer_id = layer_id
        self.parts = [first]
        self.place = 0
        self.mask: Mask = first.start >= 128
        self.settled: list[Mark] = []
        self._start = first.start
        self._decided = decided_pixels(document.layer(layer_id))
        self._title = title
        self._step: Transaction | None = None

    @property
    def part(self) -> Part:
        """The part that the next click belongs to."""
        return self.parts[self.place]

    @property
    def is_untouched(self) -> bool:
        """Whether there is nothing to keep or to drop."""
        return not self.settled and all(part.is_untouched for part in self.parts[: self.place + 1])

    @property
    def is_gone(self) -> bool:
        """Whether the step was undone, or its layer removed, by somebody else."""
        is_over = self._step is not None and not self._step.is_open
        return is_over or not self.document.has_layer(self.layer_id)

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody has changed its layer by hand since: the clicks know nothing of that."""
        for step in reversed(self.document.history.applied):
            if self._step is None or step.id == self._step.step_id:
                return False
            if step.by_hand and self.layer_id in step.boxes:
                return True
        return False

    @property
    def can_redo(self) -> bool:
        """Whether a click, or a part, was taken back."""
        return self.part.can_redo or self.place + 1 < len(self.parts)

    @property
    def marks(self) -> list[Mark]:
        """All clicks, those of the current part last."""
        marks = list(self.settled)
        for part in self.parts[: self.place + 1]:
            is_movable = part is self.part and not part.is_lost
            for click_id, x, y, is_positive in part.known.clicks:
                marks.append(Mark(click_id if is_movable else None, x, y, is_positive))
        return marks

    @property
    def prompts(self) -> list[BoxPrompt | Stroke]:
        """All boxes and scribbles."""
        return [prompt for part in self.parts[: self.place + 1] for prompt in part.known.prompts]

    def said(self) -> Mask | None:
        """Return the (H, W) pixels under clicks, which other parts leave alone; None for none."""
        if not self.marks:
            return None
        said = np.zeros_like(self.mask)
        for mark in self.marks:
            box, disc = disc_around(mark.x, mark.y, self.document.box)
            said[box.slices()] |= disc & (self.mask[box.slices()] == mark.is_positive)
        return said

    def begin_part(self, part: Part) -> list[Part]:
        """Go on with another part; return those that redo cannot reach any more."""
        unreachable = self.parts[self.place + 1 :]
        self.parts[self.place + 1 :] = [part]
        self.place += 1
        return unreachable

    def begin_anew(self, part: Part) -> list[Part]:
        """Go on with a part that knows no other; return those before it, whose clicks still count."""
        before = self.parts
        for old in before[: self.place + 1]:
            self.settled += [Mark(None, x, y, sign) for _, x, y, sign in old.known.clicks]
        self.parts, self.place = [part], 0
        return before

    def take(self, part: Part, box: Box, alpha: Alpha) -> None:
        """Write what the clicks of a part say about a box into the layer; what a hand drew meanwhile stays.

        Args:
            part: whose clicks.
            box: inside the photo.
            alpha: (box.height, box.width) uint8, 0 or 255.

        Raises:
            MeticulousError: the layer is locked or gone.
        """
        rows, columns = box.slices()
        new = alpha >= 128
        if part.base is not None:
            new |= part.base[rows, columns]
        change = (new ^ self.mask[rows, columns]) & ~self._drawn_meanwhile(box)
        tight = bounding_box(change)
        if tight.is_empty:
            return
        here = tight.translate(box.x0, box.y0)
        new, change = new[tight.slices()], change[tight.slices()]
        start = self._start[here.slices()]
        said = np.where(new == (start >= 128), start, np.where(new, np.uint8(255), np.uint8(0)))
        now = self.document.layer(self.layer_id).alpha[here.slices()]
        if self._step is None:
            self._step = self.document.begin(self._title, self.layer_id)
        self._step.apply(Edit(self.layer_id, here, np.where(change, said, now), title=self._title))
        self.mask[here.slices()] ^= change

    def rest(self) -> None:
        """Be no step while there are no clicks: nothing is unsaved then."""
        step, self._step = self._step, None
        if step is not None:
            step.rollback()

    def keep(self) -> tuple[Box, Mask]:
        """Make it one undo step; return where the mask is another one now: a box, and the pixels of it."""
        changed = self.mask ^ (self._start >= 128)
        box = bounding_box(changed)
        if self._step is not None and self._step.is_open:
            if not self.document.layer(self.layer_id).locked:
                self._decide()
            self._step.commit()
        return box, changed[box.slices()]

    def end(self) -> None:
        """Let the step be as it is: its layer is gone, or it was undone."""
        if self._step is not None:
            self._step.commit()

    def drop(self) -> None:
        """Leave the layer as it was; where nothing came after, redo brings the object back."""
        step = self._step
        if step is None or not step.is_open:
            return
        top = self.document.history.top
        if top is not None and top.id == step.step_id and top.boxes:
            step.commit()
            self.document.undo()
        else:
            step.rollback()

    def _drawn_meanwhile(self, box: Box) -> Mask:
        drawn = self.document.layer(self.layer_id).decided.get(box)
        return drawn if self._decided is None else drawn & ~self._decided[box.slices()]

    def _decide(self) -> None:
        """Note the pixels of the clicks as said by the person: networks leave them alone from now on."""
        assert self._step is not None
        layer = self.document.layer(self.layer_id)
        for mark in self.marks:
            box, disc = disc_around(mark.x, mark.y, self.document.box)
            alpha = layer.alpha[box.slices()].copy()
            touched = disc & ((alpha >= 128) == mark.is_positive)
            if touched.any():
                self._step.apply(Edit.by_hand(layer, box, alpha, touched=touched, title=self._title))


def decided_pixels(layer: Layer) -> Mask | None:
    """Return the (H, W) pixels that a person has drawn by hand, None for none."""
    return None if layer.decided.is_empty() else layer.decided.to_mask()


def disc_around(x: float, y: float, within: Box) -> tuple[Box, Mask]:
    """Return the box of the pixels whose middle lies near a point, and which of them do."""
    reach = int(DECIDED_RADIUS_PX) + 1
    column, row = int(x), int(y)
    box = Box(column - reach, row - reach, column + reach + 1, row + reach + 1).clip(within)
    rows, columns = np.mgrid[box.y0 : box.y1, box.x0 : box.x1]
    near: Mask = np.hypot(columns - column, rows - row) <= DECIDED_RADIUS_PX
    return box, near
