"""Clicks on one photo, each waited for: what the command line and the Python API do with a click session."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Final

import numpy as np

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    ClickCommand,
    ResetClicks,
    StartClicks,
    UndoClick,
)
from meticulous_gui.engine.clicks.new_edge import new_edge
from meticulous_gui.engine.jobs import ClickRequest, JobRunner, Report
from meticulous_gui.engine.oneshot import Answer, OnProgress, refine_alpha, require_size, run_request
from meticulous_gui.engine.types import Alpha, RgbImage

if TYPE_CHECKING:
    from typing import Self

__all__ = ["ClickSelection", "click_object"]

_NUMBERS: Final = itertools.count(1)


class ClickSelection:
    """One object of a photo, selected by clicks.

    A context manager: leaving it forgets the photo. The same happens when nobody holds it any more.

    Attributes:
        report: of the last call.
    """

    def __init__(self, runner: JobRunner, rgb: RgbImage, alpha: Alpha | None = None) -> None:
        """Begin an object.

        Args:
            runner: where the network runs.
            rgb: (H, W, 3) uint8; not copied, it must not change.
            alpha: (H, W) uint8, a mask to correct; not modified. None: from nothing.

        Raises:
            MaskError: the mask has another size than the photo.
        """
        size_hw = rgb.shape[0], rgb.shape[1]
        if alpha is not None:
            require_size(alpha, size_hw)
        self._runner = runner
        self._size_hw = size_hw
        self._name = f"selection-{next(_NUMBERS)}"
        self._photo = runner.put_photo(rgb)
        self._forget = weakref.finalize(self, runner.drop_photo, self._photo)
        self._mask: Alpha = np.zeros(size_hw, np.uint8)
        if alpha is not None:
            self._mask[alpha >= 128] = 255
        self.report: Report = self._do(StartClicks(), None if alpha is None else self._mask.copy())

    def click(self, x: float, y: float, include: bool = True) -> Alpha:
        """Click at image pixels (the middle of the first one is (0.5, 0.5)) and return the new mask.

        Args:
            x, y: where; the pixel that holds the point is on the right side afterwards.
            include: whether the thing there belongs to the object.

        Returns:
            (H, W) uint8, 0 outside and 255 inside.

        Raises:
            UsageError: the point lies outside the photo, or is none.
            MeticulousError: the network is missing or could not run; the mask is as it was.
        """
        try:
            x, y = float(x), float(y)
        except (TypeError, ValueError, OverflowError):
            raise UsageError(f"A click takes two numbers, x and y, got {x!r} and {y!r}.") from None
        _require_inside(x, y, self._size_hw)
        return self._after(AddClick(x, y, is_positive=include))

    def undo(self) -> Alpha:
        """Take the last step back and return the mask before it; at the beginning nothing changes."""
        return self._after(UndoClick())

    def reset(self) -> Alpha:
        """Forget all clicks and return the mask of the beginning; one step that `undo` takes back."""
        return self._after(ResetClicks())

    @property
    def alpha(self) -> Alpha:
        """The mask as it is, (H, W) uint8, 0 and 255; a copy."""
        return self._mask.copy()

    def close(self) -> None:
        """Forget the photo; clicks are refused from now on."""
        self._forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _after(self, command: ClickCommand) -> Alpha:
        if not self._forget.alive:
            raise UsageError("These clicks were closed; begin with the photo again.")
        self.report = self._do(command)
        return self._mask.copy()

    def _do(self, command: ClickCommand, initial: Alpha | None = None) -> Report:
        request = ClickRequest(self._photo, self._name, command, alpha_crop=initial)
        return run_request(self._runner, request, self._mask).report


def click_object(
    runner: JobRunner,
    rgb: RgbImage,
    points: Sequence[tuple[float, float, bool]],
    *,
    alpha: Alpha | None = None,
    refine: bool = True,
    on_progress: OnProgress | None = None,
) -> Answer:
    """Return the object that points show, clicked in their order.

    What the points are not about stays as it was in ``alpha``, soft edges included.

    Args:
        runner: where the networks run.
        rgb: (H, W, 3) uint8.
        points: x, y in image pixels and whether the thing there belongs.
        alpha: (H, W) uint8, a mask to begin with; not modified.
        refine: whether the new edge is made better at the end; the points stay on their sides.
        on_progress: called on the runner's thread.

    Raises:
        MaskError: the mask has another size than the photo.
        UsageError: a point lies outside the photo.
    """
    for x, y, _ in points:  # before anything is asked of the networks
        _require_inside(x, y, (rgb.shape[0], rgb.shape[1]))
    with ClickSelection(runner, rgb, alpha) as selection:
        for x, y, is_positive in points:
            selection.click(x, y, is_positive)
        selected, report = selection.alpha, selection.report
    report = replace(report, message=report.message or _contradiction(report))
    mask = selected >= 128
    changed = mask if alpha is None else mask ^ (alpha >= 128)
    if alpha is not None:
        selected = np.where(changed, selected, alpha)
    box = bounding_box(changed)
    edge = new_edge(mask, box, changed[box.slices()]) if refine else None
    if edge is None:
        return Answer(selected, report)
    decided = np.zeros(mask.shape, np.bool_)
    for x, y, _ in points:
        decided[int(y), int(x)] = True
    refined = refine_alpha(
        runner,
        rgb,
        selected,
        box=edge.box,
        box_mask=edge.mask,
        coarsest=edge.coarsest,
        decided=decided,
        on_progress=on_progress,
    )
    return Answer(refined.alpha, replace(refined.report, message=report.message))


def _require_inside(x: float, y: float, size_hw: tuple[int, int]) -> None:
    """Require that a click lies on the photo, or raise `UsageError`."""
    if not Box.whole(size_hw).contains_xy(x, y):
        raise UsageError(
            f"The click {x:g},{y:g} lies outside the photo, which is {size_hw[1]} x {size_hw[0]} pixels; "
            "click inside it."
        )


def _contradiction(report: Report) -> str:
    """Return a sentence about the first click that a later one on its pixel contradicts, "" without any."""
    if report.clicks is None:
        return ""
    for number, x, y, _ in report.clicks.clicks:
        if report.clicks.obeyed[number] == "overridden":
            return f"A later point contradicts the one at {int(x)},{int(y)}; the later one counts."
    return ""
