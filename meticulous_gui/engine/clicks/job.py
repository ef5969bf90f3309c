"""Commands of click sessions as jobs of the runner; a session lives as long as its photo is known."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final, Protocol, cast

import numpy as np

from meticulous_gui.core.errors import EngineError, WeightsError
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    AddPrompt,
    ChangeSettings,
    ClickSummary,
    CloseClicks,
    FindReadings,
    MoveClick,
    NextCandidate,
    PreviewClick,
    RedoClick,
    RemoveClick,
    ResetClicks,
    StartClicks,
    UndoClick,
)
from meticulous_gui.engine.clicks.session import ClickReport, ClickSession, Steps
from meticulous_gui.engine.jobs import ClickRequest, Partial, Progress, Report
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickSegmenter, Segmenter
from meticulous_gui.engine.steps import stops_as_progress

__all__ = ["ClickerSource", "click_steps"]

_WORKING: Final = Progress(0, 1)


class ClickerSource(Protocol):
    """Where click networks come from, and what they are helped by."""

    def segmenter(self, name: str) -> Segmenter:
        """Return a network that finds the object of a whole photo, "" the preferred one."""

    def clicker(self, name: str) -> ClickSegmenter:
        """Return a click network, "" the preferred one."""


def click_steps(
    request: ClickRequest, photo: PhotoLevels, networks: ClickerSource
) -> Generator[Partial | Progress, None, Report]:
    """Do one command; what changed is delivered as one `Partial` of 0 and 255.

    Raises:
        EngineError: the session is not known, or a mask does not fit the photo.
    """
    yield Progress(0, 1)
    sessions = cast("dict[str, ClickSession]", photo.sessions)
    command = request.command
    if isinstance(command, StartClicks):
        started = _started(request, command, photo, networks)
        sessions[request.session] = started
        yield from stops_as_progress(started.prepare_steps(), _WORKING)
        return _report(started, _nothing())
    if isinstance(command, CloseClicks):
        sessions.pop(request.session, None)  # what nobody knows any more is closed already
        return Report(Box(0, 0, 0, 0))
    session = sessions.get(request.session)
    if session is None:
        raise EngineError("These clicks are not known any more; click the object again.")
    match command:
        case PreviewClick():
            steps = session.preview(command.x, command.y, is_positive=command.is_positive)
            shown = yield from stops_as_progress(steps, _WORKING)
            if shown is not None:
                box, mask = _differing(*shown, session.mask)
                if not box.is_empty:
                    yield _partial(box, mask)
            return _report(session, _nothing())
        case FindReadings():
            yield from stops_as_progress(session.find_readings(), _WORKING)
            return _report(session, _nothing())
        case UndoClick():
            report = session.undo()
        case RedoClick():
            report = session.redo()
        case ResetClicks():
            report = session.reset()
        case _:
            report = yield from stops_as_progress(_steps_of(session, command), _WORKING)
    if not report.box.is_empty:
        yield _partial(report.box, session.mask[report.box.slices()])
    return _report(session, report)


def _steps_of(
    session: ClickSession,
    command: AddClick | MoveClick | RemoveClick | AddPrompt | NextCandidate | ChangeSettings,
) -> Steps:
    match command:
        case AddClick():
            return session.click(command.x, command.y, is_positive=command.is_positive)
        case MoveClick():
            return session.move(command.id, command.x, command.y)
        case RemoveClick():
            return session.remove(command.id)
        case AddPrompt():
            return session.add_prompt(command.prompt)
        case NextCandidate():
            return session.next_candidate(command.step)
        case ChangeSettings():
            return session.change_settings(command.settings)


def _started(
    request: ClickRequest, command: StartClicks, photo: PhotoLevels, networks: ClickerSource
) -> ClickSession:
    given = (request.alpha_crop, request.locked, request.decided)
    for mask in given:
        if mask is not None and mask.shape != photo.size_hw:
            raise EngineError(f"A mask given for clicks is {mask.shape}, the photo {photo.size_hw} pixels.")
    initial = None if request.alpha_crop is None else request.alpha_crop >= 128
    return ClickSession(
        photo,
        networks.clicker(""),
        finder=_finder_of(networks),
        initial=initial,
        locked=request.locked,
        decided=request.decided,
        settings=command.settings,
    )


def _finder_of(networks: ClickerSource) -> Segmenter | None:
    try:
        return networks.segmenter("")
    except WeightsError:
        return None  # clicks need only their own network; who wants a cut-out is told what is missing


def _partial(box: Box, mask: Mask) -> Partial:
    alpha = np.where(mask, np.uint8(255), np.uint8(0))
    return Partial(box, alpha, np.full(mask.shape, 255, np.uint8))


def _differing(box: Box, mask: Mask, now: Mask) -> tuple[Box, Mask]:
    """Return the part of a mask in a box that holds all that differs from the whole mask as it is."""
    tight = bounding_box(mask ^ now[box.slices()])
    return tight.translate(box.x0, box.y0), mask[tight.slices()]


def _nothing() -> ClickReport:
    return ClickReport(Box(0, 0, 0, 0), {})


def _report(session: ClickSession, report: ClickReport) -> Report:
    state = session.state
    summary = ClickSummary(
        tuple((click.id, *click.xy, click.is_positive) for click in state.clicks),
        dict(state.obeyed),
        state.confidence,
        state.prompts,
        session.reading,
        session.readings,
        report.was_refused,
        session.can_undo,
        session.can_redo,
    )
    return Report(report.box, message=report.message, is_empty=not bool(session.mask.any()), clicks=summary)
