"""What a person may want of a network for a layer, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.jobs import Partial, Report

if TYPE_CHECKING:
    from meticulous_gui.core.types import Mask
    from meticulous_gui.engine.jobs import PhotoRef, Request
    from meticulous_gui.engine.types import Confidence

NOTHING = Box(0, 0, 0, 0)

End = Literal["done", "kept", "restored", "failed"]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing that a network shall do to one layer.

    Attributes:
        kind: "find" an object, "refine" its edge, or "check" the edge, which changes nothing.
        title: the name of its undo step.
        doing: what the status bar says while it runs.
        layer_id: the layer that changes.
        box: nothing outside changes.
        make_request: makes the request when its turn comes, so that it sees the mask of that moment.
        respect_decided: whether pixels that a person decided stay.
        is_automatic: whether nobody asked for it (the mask on load).
        replaces: what older job of the runner it takes the place of, None for none.
        pointed_at: bool pixels of `box` that a person pointed at; None: at no part more than at another.
        look: takes the answers, which then change nothing; None: they change the layer.
        if_unchanged: what the person, who asked for it, is told where it changes nothing; "" for nothing.
    """

    kind: Literal["find", "refine", "check"]
    title: str
    doing: str
    layer_id: int
    box: Box
    make_request: Callable[[PhotoRef], Request]
    respect_decided: bool = True
    is_automatic: bool = False
    replaces: str | None = None
    pointed_at: Mask | None = None
    look: Callable[[Partial], None] | None = None
    if_unchanged: str = ""

    @property
    def changes_mask(self) -> bool:
        """Whether its answer becomes the mask."""
        return self.kind != "check" and self.look is None


@dataclass(frozen=True, eq=False)
class Verdict:
    """How sure a network is about one box.

    Attributes:
        wish: what it was asked for.
        step_id: the step of the history that its answer becomes; None for a check.
        box: where.
        confidence: (box.height, box.width) uint8, 255 sure that the mask is right, 0 not at all.
    """

    wish: Wish
    step_id: int | None
    box: Box
    confidence: Confidence


@dataclass(frozen=True)
class Outcome:
    """How a wish ended.

    Attributes:
        end: "done"; "kept" after a cancel that keeps whole patches; "restored" after an undo; "failed".
        changed: where the mask became another one.
        message: one sentence of the engine for the person, or "".
    """

    wish: Wish
    end: End
    changed: Box = NOTHING
    report: Report | None = None
    message: str = ""

    @property
    def sentence(self) -> str:
        """What to say of a wish that was done: what the engine said, or that nothing changed."""
        return self.message or (self.wish.if_unchanged if self.changed.is_empty else "")

    @property
    def found_nothing(self) -> bool:
        """Whether a network looked for an object to the end and there was none."""
        is_done_find = self.end == "done" and self.wish.kind == "find"
        return is_done_find and self.report is not None and self.report.is_empty
