"""The runner: order, interruption, cancelling, failure."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from meticulous_gui.core.errors import EngineError, WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import (
    Cancelled,
    Event,
    Failed,
    Finished,
    Partial,
    PhotoRef,
    Progress,
    RefineRequest,
    Request,
    SegmentRequest,
    WarmUpRequest,
    context_box,
)
from meticulous_gui.engine.runner import Runner
from meticulous_gui.engine.types import Alpha, Batch
from tests.engine.collect import TIMEOUT_S, Collector
from tests.engine.stubs import (
    IdentityRefiner,
    PictureRefiner,
    RaisingRefiner,
    StubNetworks,
    disc_logits,
    disc_photo,
)

SIZE = (600, 700)


class GatedRefiner(PictureRefiner):
    """Waits for the test before each batch."""

    def __init__(self) -> None:
        super().__init__(batch_size=1)
        self.gate = threading.Semaphore(0)
        self.has_entered = threading.Event()

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        self.has_entered.set()
        assert self.gate.acquire(timeout=TIMEOUT_S)
        return super().answer(rgb, logits)


@pytest.fixture
def networks() -> StubNetworks:
    return StubNetworks()


@pytest.fixture
def gated(networks: StubNetworks) -> GatedRefiner:
    """The refiner that requests name "gated"."""
    made = GatedRefiner()
    networks.refiners["gated"] = made
    return made


@pytest.fixture
def runner(networks: StubNetworks) -> Iterator[Runner]:
    made = Runner(Catalog(), networks=lambda: networks)
    yield made
    made.close()


def _off_disc() -> Alpha:
    return np.where(np.roll(disc_logits(SIZE), 6, axis=1) >= 0, 255, 0).astype(np.uint8)


def _refine_request(ref: PhotoRef, *, refiner: str = "", box: Box | None = None) -> RefineRequest:
    region = box or Box.whole(SIZE)
    around = context_box(region, SIZE)
    return RefineRequest(ref, _off_disc()[around.slices()], around, region, refiner=refiner)


def test_a_segment_request_gives_the_whole_mask_and_a_report(runner: Runner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    ticket = runner.submit(SegmentRequest(ref, refine=True), events)
    last = events.last(ticket.id)
    assert isinstance(last, Finished)
    assert last.report.device == "stub device"
    assert last.report.network == "stub"
    assert last.report.seconds > 0
    alpha = events.write_into(np.full(SIZE, 9, np.uint8), ticket.id)
    assert ((alpha >= 128) == (disc_logits(SIZE) >= 0)).mean() > 0.9999


def test_an_object_in_a_box_is_answered_inside_the_box_only(runner: Runner) -> None:
    events = Collector()
    photo = np.full((500, 1100, 3), 60, np.uint8)
    photo[50:450, 600:1000] = disc_photo((400, 400))
    box = Box(600, 60, 1000, 450)
    ticket = runner.submit(SegmentRequest(runner.put_photo(photo), box=box, refine=True), events)
    last = events.last(ticket.id)
    assert isinstance(last, Finished)
    assert last.report.box == box
    partials = [event for event in events.events[ticket.id] if isinstance(event, Partial)]
    assert all(box.contains(event.box) for event in partials)
    alpha = events.write_into(np.zeros((500, 1100), np.uint8), ticket.id)
    truth = np.zeros((500, 1100), np.bool_)
    truth[50:450, 600:1000] = disc_logits((400, 400)) >= 0
    assert ((alpha >= 128) == truth).mean() > 0.99


def test_region_refines_are_done_in_the_order_they_were_asked_for(runner: Runner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    tickets = [runner.submit(_refine_request(ref), events) for _ in range(4)]
    events.last(tickets[-1].id)
    assert events.ended == [ticket.id for ticket in tickets]
    assert all(isinstance(events.last(ticket.id), Finished) for ticket in tickets)


def test_a_region_refine_interrupts_a_whole_photo_which_then_goes_on(
    runner: Runner, gated: GatedRefiner
) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    long = runner.submit(SegmentRequest(ref, refine=True, refiner="gated"), events)
    assert gated.has_entered.wait(TIMEOUT_S)
    short = runner.submit(_refine_request(ref), events)
    gated.gate.release(1000)
    assert isinstance(events.last(long.id), Finished)
    assert events.ended == [short.id, long.id]


def test_a_batch_lets_the_photo_in_hand_go_first(runner: Runner, gated: GatedRefiner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    batch = runner.submit(SegmentRequest(ref, refine=True, refiner="gated", urgency="batch"), events)
    assert gated.has_entered.wait(TIMEOUT_S)
    asked = runner.submit(SegmentRequest(ref), events)
    gated.gate.release(1000)
    assert isinstance(events.last(batch.id), Finished)
    assert events.ended == [asked.id, batch.id]


def test_a_cancelled_job_ends_after_the_step_under_way(runner: Runner, gated: GatedRefiner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    ticket = runner.submit(_refine_request(ref, refiner="gated"), events)
    assert gated.has_entered.wait(TIMEOUT_S)
    ticket.cancel()
    gated.gate.release()
    assert isinstance(events.last(ticket.id), Cancelled)
    assert gated.n_calls == 1
    ticket.cancel()


def test_a_newer_job_of_the_same_name_replaces_the_older_one(runner: Runner, gated: GatedRefiner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    blocker = runner.submit(_refine_request(ref, refiner="gated"), events)
    assert gated.has_entered.wait(TIMEOUT_S)
    older = runner.submit(SegmentRequest(ref), events, replaces="first mask")
    other = runner.submit(SegmentRequest(ref), events)
    newer = runner.submit(SegmentRequest(ref), events, replaces="first mask")
    gated.gate.release(1000)
    assert isinstance(events.last(older.id), Cancelled)
    for ticket in (blocker, other, newer):
        assert isinstance(events.last(ticket.id), Finished)


def test_a_dropped_photo_takes_its_jobs_along(runner: Runner, gated: GatedRefiner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    ticket = runner.submit(_refine_request(ref, refiner="gated"), events)
    assert gated.has_entered.wait(TIMEOUT_S)
    runner.drop_photo(ref)
    gated.gate.release()
    assert isinstance(events.last(ticket.id), Cancelled)
    late = runner.submit(SegmentRequest(ref), events)
    assert events.last(late.id) == Failed("The photo of this request is not known any more.", "result")


def test_a_photo_forgotten_while_the_networks_are_made_is_no_failure(networks: StubNetworks) -> None:
    are_asked_for, may_come = threading.Event(), threading.Event()

    def slow_networks() -> StubNetworks:
        are_asked_for.set()
        assert may_come.wait(TIMEOUT_S)
        return networks

    runner = Runner(Catalog(), networks=slow_networks)
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    ticket = runner.submit(SegmentRequest(ref), events)
    assert are_asked_for.wait(TIMEOUT_S)
    runner.drop_photo(ref)
    may_come.set()
    assert events.last(ticket.id) == Cancelled()
    runner.close()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (WeightsError("The file is missing."), "weights"),
        (EngineError("The result is none."), "result"),
        (MemoryError(), "memory"),
        (RuntimeError("line one\nline two"), "result"),
    ],
)
def test_a_failure_is_one_sentence_and_the_next_job_works(
    runner: Runner, networks: StubNetworks, error: Exception, kind: str
) -> None:
    networks.refiners["raising"] = RaisingRefiner(error=error)
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    failed = events.last(runner.submit(_refine_request(ref, refiner="raising"), events).id)
    assert isinstance(failed, Failed)
    assert failed.kind == kind
    assert "\n" not in failed.message
    assert failed.message.endswith(".")
    assert isinstance(events.last(runner.submit(_refine_request(ref), events).id), Finished)


def test_a_request_that_makes_no_sense_is_refused_in_one_sentence(runner: Runner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    alpha = _off_disc()
    wrong: dict[str, Request] = {
        "The mask given is": RefineRequest(ref, alpha[:10], Box.whole(SIZE), Box(0, 0, 5, 5)),
        "The region must lie inside": RefineRequest(ref, alpha, Box.whole(SIZE), Box(0, 0, 5, 5000)),
        "The region is empty.": RefineRequest(ref, alpha, Box.whole(SIZE), Box(0, 0, 0, 0)),
        "lies outside the photo.": SegmentRequest(ref, box=Box(5000, 5000, 6000, 6000)),
    }
    for sentence, request in wrong.items():
        last = events.last(runner.submit(request, events).id)
        assert isinstance(last, Failed)
        assert sentence in last.message


def test_someone_who_fails_to_take_an_event_does_not_stop_the_runner(runner: Runner) -> None:
    def fail(job_id: int, event: Event) -> None:
        raise ValueError("the window is gone")

    ref = runner.put_photo(disc_photo(SIZE))
    runner.submit(SegmentRequest(ref), fail)
    events = Collector()
    assert isinstance(events.last(runner.submit(SegmentRequest(ref), events).id), Finished)


def test_a_note_on_memory_reaches_the_status_bar(runner: Runner, networks: StubNetworks) -> None:
    events = Collector()
    networks.notes.append("Memory ran out; going on with 1 at a time.")
    ticket = runner.submit(_refine_request(runner.put_photo(disc_photo(SIZE))), events)
    events.last(ticket.id)
    notes = [e.note for e in events.events[ticket.id] if isinstance(e, Progress) and e.note]
    assert notes == ["Memory ran out; going on with 1 at a time."]


def test_progress_ends_with_all_patches_done(runner: Runner) -> None:
    events = Collector()
    ticket = runner.submit(_refine_request(runner.put_photo(disc_photo(SIZE))), events)
    last = events.last(ticket.id)
    assert isinstance(last, Finished)
    progress = [e for e in events.events[ticket.id] if isinstance(e, Progress)]
    assert progress[-1].done == progress[-1].total == sum(last.report.n_patches)
    assert [e.done for e in progress] == sorted(e.done for e in progress)


def test_warming_up_runs_both_networks_once(runner: Runner, networks: StubNetworks) -> None:
    refiner = IdentityRefiner()
    networks.refiners["quiet"] = refiner
    events = Collector()
    assert runner.status().state == "starting"
    ticket = runner.submit(WarmUpRequest(refiner="quiet"), events)
    assert isinstance(events.last(ticket.id), Finished)
    assert refiner.n_calls == 1
    assert runner.status().device == "stub device"
    assert runner.status().state == "ready"


def test_closing_cancels_what_is_left_and_refuses_more(networks: StubNetworks, gated: GatedRefiner) -> None:
    runner = Runner(Catalog(), networks=lambda: networks)
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    tickets = [runner.submit(_refine_request(ref, refiner="gated"), events) for _ in range(2)]
    assert gated.has_entered.wait(TIMEOUT_S)
    gated.gate.release(1000)
    runner.close()
    assert all(isinstance(events.last(ticket.id), Cancelled) for ticket in tickets)
    assert runner.status().state == "stopped"
    with pytest.raises(EngineError, match="closed"):
        runner.submit(SegmentRequest(ref), events)
    runner.close()


def test_a_forked_process_is_told_that_the_networks_do_not_run_there(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their thread stayed in the other process: a job would wait for ever."""
    here = os.getpid()
    monkeypatch.setattr("meticulous_gui.engine.runner.os.getpid", lambda: here + 1)
    ref = runner.put_photo(disc_photo(SIZE))
    with pytest.raises(EngineError, match="method spawn"):
        runner.submit(SegmentRequest(ref), Collector())
