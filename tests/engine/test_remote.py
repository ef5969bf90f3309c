"""The child process: the same answers as in this process, and what happens when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
import pytest

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine import shared
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import (
    Cancelled,
    Failed,
    Finished,
    Partial,
    PhotoRef,
    RefineRequest,
    SegmentRequest,
    context_box,
)
from meticulous_gui.engine.remote import RemoteRunner
from meticulous_gui.engine.runner import Runner
from meticulous_gui.engine.types import Alpha
from tests.engine.collect import TIMEOUT_S, Collector
from tests.engine.stubs import StubNetworks, disc_logits, disc_photo

SIZE = (600, 700)
STUBS = "tests.engine.stubs:StubNetworks"


def _remote(kill_after_s: float = 30.0) -> RemoteRunner:
    return RemoteRunner(Catalog(), networks=STUBS, n_threads=1, niceness=0, kill_after_s=kill_after_s)


@pytest.fixture(scope="module")
def runner() -> Iterator[RemoteRunner]:
    made = _remote()
    yield made
    made.close()


def _off_disc() -> Alpha:
    return np.where(np.roll(disc_logits(SIZE), 6, axis=1) >= 0, 255, 0).astype(np.uint8)


def _refine_request(ref: PhotoRef, *, refiner: str = "") -> RefineRequest:
    region = Box(50, 60, 600, 500)
    around = context_box(region, SIZE)
    decided = np.zeros(around.size_hw, np.bool_)
    decided[:150] = True
    mask = np.ones(region.size_hw, np.bool_)
    mask[:, :20] = False
    return RefineRequest(ref, _off_disc()[around.slices()], around, region, mask, decided, refiner=refiner)


def _blocks_of_this_process() -> list[Path]:
    return [p for f in shared.shared_folders() for p in f.glob(f"meticulous-{os.getpid()}-*.shared")]


def test_the_child_gives_the_same_pixels_as_a_runner_in_this_process(runner: RemoteRunner) -> None:
    here = Runner(Catalog(), networks=StubNetworks)
    try:
        rgb = disc_photo(SIZE)
        for make in (lambda ref: SegmentRequest(ref, refine=True), _refine_request):
            results = []
            for one in (here, runner):
                events = Collector()
                ticket = one.submit(make(one.put_photo(rgb)), events)
                assert isinstance(events.last(ticket.id), Finished)
                results.append(events.write_into(_off_disc(), ticket.id))
            np.testing.assert_array_equal(results[0], results[1])
            assert (results[0] != _off_disc()).any()
    finally:
        here.close()


def test_a_photo_may_live_in_shared_memory_only(runner: RemoteRunner) -> None:
    rgb, ref = runner.allocate_photo(SIZE)
    rgb[:] = disc_photo(SIZE)
    events = Collector()
    ticket = runner.submit(SegmentRequest(ref), events)
    assert isinstance(events.last(ticket.id), Finished)
    runner.drop_photo(ref)
    assert rgb.mean() > 60  # the array stays valid
    late = runner.submit(SegmentRequest(ref), events)
    assert isinstance(events.last(late.id), Failed)


def test_partials_larger_than_a_slot_arrive_in_pieces(runner: RemoteRunner) -> None:
    size_hw = (1500, 2300)
    events = Collector()
    ref = runner.put_photo(disc_photo(size_hw))
    ticket = runner.submit(SegmentRequest(ref), events)
    assert isinstance(events.last(ticket.id), Finished)
    seen = np.zeros(size_hw, np.bool_)
    for event in events.events[ticket.id]:
        if isinstance(event, Partial):
            seen[event.box.slices()] = True
    assert seen.all()
    runner.drop_photo(ref)


def test_a_cancel_is_answered_by_the_child(runner: RemoteRunner) -> None:
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    ticket = runner.submit(_refine_request(ref, refiner="slow"), events)
    events.first(ticket.id, Partial)
    pid = runner.child_pid
    ticket.cancel()
    assert isinstance(events.last(ticket.id), Cancelled)
    assert runner.child_pid == pid


def test_another_refiner_is_used_by_the_same_process_and_by_the_next_one() -> None:
    runner = _remote()
    try:
        events = Collector()
        ref = runner.put_photo(disc_photo(SIZE))
        running = runner.submit(_refine_request(ref, refiner="slow"), events)
        events.first(running.id, Partial)
        pid = runner.child_pid
        runner.choose(Catalog(chosen={"refiner": "identity"}))
        chosen = runner.submit(_refine_request(ref), events)
        assert isinstance(events.last(running.id), Finished)
        assert isinstance(events.last(chosen.id), Finished)
        np.testing.assert_array_equal(events.write_into(_off_disc(), chosen.id), _off_disc())
        assert runner.child_pid == pid
        assert pid is not None
        assert "identity" in runner.status().networks
        dying = runner.submit(_refine_request(ref, refiner="slow"), events)
        events.first(dying.id, Partial)
        os.kill(pid, signal.SIGKILL)
        assert isinstance(events.last(dying.id), Failed)
        again = runner.submit(_refine_request(ref), events)
        assert isinstance(events.last(again.id), Finished)
        np.testing.assert_array_equal(events.write_into(_off_disc(), again.id), _off_disc())
    finally:
        runner.close()


def test_networks_chosen_while_the_child_is_being_started_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, chosen = threading.Event(), threading.Event()
    really_start = SpawnProcess.start

    def start(process: SpawnProcess) -> None:
        begun.set()
        assert chosen.wait(TIMEOUT_S)
        really_start(process)

    monkeypatch.setattr(SpawnProcess, "start", start)
    remote = _remote()
    try:
        assert begun.wait(TIMEOUT_S)
        remote.choose(Catalog(chosen={"refiner": "identity"}))
        chosen.set()
        events = Collector()
        ticket = remote.submit(_refine_request(remote.put_photo(disc_photo(SIZE))), events)
        last = events.last(ticket.id)
        assert isinstance(last, Finished)
        assert last.report.network == "stub, identity"
    finally:
        chosen.set()
        remote.close()


def test_killed_in_the_middle_the_job_fails_the_waiting_one_and_the_next_work() -> None:
    runner = _remote()
    try:
        events = Collector()
        ref = runner.put_photo(disc_photo(SIZE))
        running = runner.submit(_refine_request(ref, refiner="slow"), events)
        waiting = runner.submit(_refine_request(ref), events)
        events.first(running.id, Partial)
        pid = runner.child_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        failed = events.last(running.id)
        assert isinstance(failed, Failed)
        assert failed.kind == "crash"
        assert "your mask is unchanged" in failed.message
        assert isinstance(events.last(waiting.id), Finished)
        later = runner.submit(SegmentRequest(ref, refine=True), events)
        assert isinstance(events.last(later.id), Finished)
        assert runner.child_pid != pid
        assert runner.status().state == "ready"
    finally:
        runner.close()
    assert runner.status().state == "stopped"


def test_a_network_that_always_ends_its_process_is_not_started_for_ever() -> None:
    runner = _remote()
    try:
        events = Collector()
        ref = runner.put_photo(disc_photo(SIZE))
        dying = [runner.submit(_refine_request(ref, refiner="dying"), events) for _ in range(3)]
        for ticket in dying:
            failed = events.last(ticket.id)
            assert isinstance(failed, Failed)
            assert "41" in failed.message
        assert isinstance(events.last(runner.submit(SegmentRequest(ref), events).id), Finished)
    finally:
        runner.close()


def test_a_stuck_network_is_ended_when_it_does_not_answer_a_cancel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "stuck"
    os.mkfifo(pipe)
    monkeypatch.setenv("STUCK_PIPE", str(pipe))
    runner = _remote(kill_after_s=0.2)
    try:
        events = Collector()
        ref = runner.put_photo(disc_photo(SIZE))
        assert isinstance(events.last(runner.submit(SegmentRequest(ref), events).id), Finished)
        pid = runner.child_pid
        ticket = runner.submit(_refine_request(ref, refiner="stuck"), events)
        assert pipe.read_text() == "stuck"
        ticket.cancel()
        assert isinstance(events.last(ticket.id), Cancelled)
        assert isinstance(events.last(runner.submit(_refine_request(ref), events).id), Finished)
        assert runner.child_pid != pid
    finally:
        runner.close()


def test_closing_in_the_middle_leaves_no_shared_memory_and_no_process() -> None:
    before = set(_blocks_of_this_process())
    runner = _remote()
    events = Collector()
    ref = runner.put_photo(disc_photo(SIZE))
    ticket = runner.submit(_refine_request(ref, refiner="slow"), events)
    events.first(ticket.id, Partial)
    pid = runner.child_pid
    assert pid is not None
    assert set(_blocks_of_this_process()) > before
    runner.close()
    assert isinstance(events.last(ticket.id), Cancelled)
    assert set(_blocks_of_this_process()) == before
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(EngineError, match="closed"):
        runner.submit(SegmentRequest(ref), events)
    runner.close()


def test_without_room_in_shared_memory_a_temporary_file_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reserve(path: Path, size: int, real: object = shared._reserve) -> None:
        if path.parent.name == "full":
            raise OSError(28, "No space left on device")
        assert callable(real)
        real(path, size)

    (tmp_path / "full").mkdir()
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(shared, "_reserve", reserve)
    monkeypatch.setattr(shared, "shared_folders", lambda: (tmp_path / "full", tmp_path / "disk"))
    block = shared.Block(1000)
    assert block.path.parent == tmp_path / "disk"
    block.data[:] = 7
    assert (shared.open_block(block.path) == 7).all()
    block.unlink()
    assert list(tmp_path.rglob("*.shared")) == []
    monkeypatch.setattr(shared, "shared_folders", lambda: (tmp_path / "full",))
    with pytest.raises(EngineError, match="no room"):
        shared.Block(1000)


def test_what_a_dead_program_left_behind_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "shared_folders", lambda: (tmp_path,))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f"meticulous-{dead.pid}-1.shared"
    mine = tmp_path / f"meticulous-{os.getpid()}-1.shared"
    other = tmp_path / "meticulous-notes.shared"
    for path in (left, mine, other):
        path.write_bytes(b"x")
    assert shared.sweep() == [left]
    assert mine.exists()
    assert other.exists()


def test_the_window_needs_no_torch_to_ask_and_the_child_no_qt() -> None:
    code = """
import sys
import meticulous_gui.engine.catalog, meticulous_gui.engine.jobs, meticulous_gui.engine.roles
import meticulous_gui.engine.remote, meticulous_gui.engine.cascade, meticulous_gui.engine.runner
print(sorted(name for name in ("torch", "PySide6", "safetensors") if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_real_child_loads_torch_and_no_qt(tmp_path: Path) -> None:
    code = """
import sys
from meticulous_gui.engine.catalog import Catalog
def networks(catalog, device):
    from tests.engine.stubs import StubNetworks
    import meticulous_gui.engine.networks
    made = StubNetworks()
    made.text = repr(sorted(name for name in ("torch", "PySide6") if name in sys.modules))
    return made
"""
    (tmp_path / "spying_networks.py").write_text(code)
    sys.path.insert(0, str(tmp_path))
    try:
        runner = RemoteRunner(Catalog(), networks="spying_networks:networks", n_threads=1, niceness=0)
        try:
            events = Collector()
            ref = runner.put_photo(disc_photo((80, 90)))
            last = events.last(runner.submit(SegmentRequest(ref), events).id)
            assert isinstance(last, Finished)
            assert last.report.device == "['torch']"
        finally:
            runner.close()
    finally:
        sys.path.remove(str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
def test_a_window_that_is_killed_leaves_its_child_without_a_word() -> None:
    code = f"""
import os, signal
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import SegmentRequest
from meticulous_gui.engine.remote import RemoteRunner
from tests.engine.collect import Collector
from tests.engine.stubs import disc_photo
runner, events = RemoteRunner(Catalog(), networks={STUBS!r}, n_threads=1, niceness=0), Collector()
ref = runner.put_photo(disc_photo({SIZE}))
tickets = [runner.submit(SegmentRequest(ref), events) for _ in range(30)]
events.last(tickets[0].id)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stderr == "", "nobody is there who could do anything about it"


def test_a_photo_that_comes_after_the_end_takes_no_memory() -> None:
    def blocks() -> set[Path]:
        ours = f"meticulous-{os.getpid()}-*.shared"
        return {path for folder in shared.shared_folders() for path in folder.glob(ours)}

    made = _remote()
    made.close()
    before = blocks()
    with pytest.raises(EngineError, match="closed"):
        made.put_photo(disc_photo(SIZE))
    assert blocks() == before


def test_a_photo_that_is_left_while_the_child_starts_does_not_end_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = _remote()
    end_s = time.monotonic() + TIMEOUT_S
    while made.child_pid is None:
        assert time.monotonic() < end_s, "no child was started"
        time.sleep(0.001)
    collector, photo = Collector(), disc_photo(SIZE)
    left = made.put_photo(photo)
    gone = made.submit(SegmentRequest(left), collector)
    made.drop_photo(left)
    wanted = made.submit(SegmentRequest(made.put_photo(photo)), collector)
    assert isinstance(collector.last(gone.id), Cancelled)
    assert isinstance(collector.last(wanted.id), Finished)
    made.close()
    assert "ended" not in caplog.text
