"""What can be asked of a click session, as values that cross threads and processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.engine.roles import BrsMode

__all__ = [
    "AddClick",
    "AddPrompt",
    "ChangeSettings",
    "ClickCommand",
    "ClickSettings",
    "ClickSummary",
    "CloseClicks",
    "FindReadings",
    "MoveClick",
    "NextCandidate",
    "Obeyed",
    "PreviewClick",
    "RedoClick",
    "RemoveClick",
    "ResetClicks",
    "StartClicks",
    "UndoClick",
]

Obeyed: TypeAlias = Literal["network", "brs", "kernel", "stamp", "overridden"]
"""What put a click on the right side; overridden: a later click of the other sign lies on its pixel."""


@dataclass(frozen=True)
class ClickSettings:
    """What a person may set; the controls of the f-BRS demo and two of our own.

    Attributes:
        mode: how the network is made to agree with the clicks.
        evaluations: the most evaluations of BRS's objective for one click, at least 1.
        network_clicks: only so many of the first clicks are drawn for the network; None: all.
        zoom: whether to look closer at the object.
        zoom_after: how many clicks to wait with that.
        expansion: how much larger than the object the crop is, 1..2.
        crop_px: side of the network's picture, a multiple of 16; None: what the network does best.
        threshold: probability from which a pixel belongs, 0..1.
        changes: whether a click changes only the piece it is about; auto: where there was a mask before whose
            edge is right in most places.
    """

    mode: BrsMode = "local"
    evaluations: int = 20
    network_clicks: int | None = None
    zoom: bool = True
    zoom_after: int = 0
    expansion: float = 1.4
    crop_px: int | None = None
    threshold: float = 0.5
    changes: Literal["auto", "local", "whole"] = "auto"


@dataclass(frozen=True)
class StartClicks:
    """Begin an object; the masks come with the request."""

    settings: ClickSettings = ClickSettings()


@dataclass(frozen=True)
class AddClick:
    """Click at image pixels."""

    x: float
    y: float
    is_positive: bool = True


@dataclass(frozen=True)
class MoveClick:
    """Move the click of this id."""

    id: int
    x: float
    y: float


@dataclass(frozen=True)
class RemoveClick:
    """Take the click of this id away."""

    id: int


@dataclass(frozen=True)
class AddPrompt:
    """Add a box or a scribble, in image pixels."""

    prompt: BoxPrompt | Stroke


@dataclass(frozen=True)
class ChangeSettings:
    """Look at all clicks again with other settings."""

    settings: ClickSettings


@dataclass(frozen=True)
class NextCandidate:
    """Show another thing that the first click may have meant: a larger one, or with -1 a smaller one."""

    step: int = 1


@dataclass(frozen=True)
class FindReadings:
    """Look what else the only click may mean, for `NextCandidate`; the mask stays as it is."""


@dataclass(frozen=True)
class UndoClick:
    """Go one step back."""


@dataclass(frozen=True)
class RedoClick:
    """Go one step forward."""


@dataclass(frozen=True)
class ResetClicks:
    """Forget all clicks."""


@dataclass(frozen=True)
class PreviewClick:
    """Show what a click would give; changes nothing."""

    x: float
    y: float
    is_positive: bool = True


@dataclass(frozen=True)
class CloseClicks:
    """The object is done or given up: forget the session, if there is one."""


ClickCommand: TypeAlias = (
    StartClicks
    | AddClick
    | MoveClick
    | RemoveClick
    | AddPrompt
    | ChangeSettings
    | NextCandidate
    | FindReadings
    | UndoClick
    | RedoClick
    | ResetClicks
    | PreviewClick
    | CloseClicks
)


@dataclass(frozen=True)
class ClickSummary:
    """What is known of a session after a command.

    Attributes:
        clicks: id, x, y and sign of each click, in order; the middle of its pixel.
        obeyed: what obeyed each click, by its id.
        confidence: how stable the answer is, 0..1.
        prompts: boxes and scribbles, in order.
        reading: which of ``readings`` is shown, else "".
        readings: what the only click may mean, the smallest first: part, object, group; empty where that is
            not known, or where there is but one.
        was_refused: the command changed nothing; the report's message says why.
        can_undo, can_redo: whether there is a step to go.
    """

    clicks: tuple[tuple[int, float, float, bool], ...] = ()
    obeyed: dict[int, Obeyed] = field(default_factory=dict)
    confidence: float = 1.0
    prompts: tuple[BoxPrompt | Stroke, ...] = ()
    reading: str = ""
    readings: tuple[str, ...] = ()
    was_refused: bool = False
    can_undo: bool = False
    can_redo: bool = False
