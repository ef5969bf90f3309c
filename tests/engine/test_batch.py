"""Many photos in one go: in order, past broken ones, held and ended from another thread."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from meticulous_gui.core.batch_item import Item
from meticulous_gui.core.errors import ExportError, WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import DecodeLimits, Photo, load_photo
from meticulous_gui.core.plan import Task
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.batch import Batch, BatchControl, Inputs
from meticulous_gui.engine.jobs import Cancelled, Progress, Report, Ticket
from meticulous_gui.engine.oneshot import Answer, find_object
from tests.core.test_files import leave_behind

TIMEOUT_S = 30
REPORT = Report(Box(0, 0, 8, 8), n_patches=(1, 2))


class Notebook:
    """Writes down what a batch tells."""

    def __init__(self) -> None:
        self.device = ""
        self.items: list[Item] = []
        self.said: list[str] = []
        self.has_item = threading.Event()

    def add(self, item: Item, *, is_told: bool = False) -> None:
        del is_told
        self.items.append(item)
        self.has_item.set()

    def patches(self, source: Path, done: int, total: int) -> None:
        self.said.append(f"{source.name} {done}/{total}")

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    @property
    def statuses(self) -> list[tuple[str, str]]:
        return [(Path(item.input).name, item.status) for item in self.items]


class StubRunner:
    """Has a device; its jobs are never answered but cancelled."""

    def __init__(self) -> None:
        self.has_job = threading.Event()

    def put_photo(self, rgb: Any) -> str:
        del rgb
        return "photo"

    def drop_photo(self, ref: Any) -> None: ...

    def submit(self, request: Any, on_event: Callable[[int, Any], None]) -> Ticket:
        del request
        self.has_job.set()
        return Ticket(1, lambda _id: on_event(1, Cancelled()))

    def status(self) -> Any:
        class Status:
            device = "CPU (test)"

        return Status()


@pytest.fixture
def tasks(tmp_path: Path) -> list[Task]:
    made = []
    for number in range(6):
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), np.full((8, 8, 3), 40 * number, np.uint8))
        made.append(Task(path, tmp_path / "out" / f"{number}.png"))
    return made


def answer(_runner: Any, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
    on_progress(Progress(1, 1))
    return Answer(np.zeros(inputs.photo.size_hw, np.uint8), REPORT)


def write(_photo: Photo, _alpha: Alpha, path: Path) -> None:
    path.write_bytes(b"result")


def run(tasks: list[Task], notebook: Notebook, *, control: BatchControl | None = None, **others: Any) -> bool:
    given: dict[str, Any] = {
        "ask": answer,
        "write": write,
        "limits": DecodeLimits(),
        "control": control,
    } | others
    batch = Batch(tasks, observer=notebook, is_quiet=True, **given)
    runner: Any = StubRunner()
    return batch.run(lambda: nullcontext(runner))


def test_every_task_is_done_once_and_its_result_is_there(tasks: list[Task]) -> None:
    notebook = Notebook()
    assert run(tasks, notebook)
    assert sorted(notebook.statuses) == [(f"{number}.png", "done") for number in range(6)]
    assert all(task.target.read_bytes() == b"result" for task in tasks)
    assert {item.patches for item in notebook.items} == {3}
    assert notebook.device == "CPU (test)"


def test_what_a_batch_that_was_killed_left_among_the_results_goes(tasks: list[Task]) -> None:
    out = tasks[0].target.parent
    out.mkdir()
    left = leave_behind(out, "0.png")
    assert run(tasks, Notebook())
    assert not left.exists()


def test_broken_photos_and_a_full_disk_stop_nothing(tasks: list[Task]) -> None:
    tasks[1].source.write_bytes(b"broken")
    tasks[2].source.unlink()

    def write_most(photo: Photo, alpha: Alpha, path: Path) -> None:
        if path == tasks[4].target:
            raise ExportError(f"{path} was not written: the disk is full.")
        write(photo, alpha, path)

    notebook = Notebook()
    assert run(tasks, notebook, write=write_most)
    failed = [item for item in notebook.items if item.status == "failed"]
    assert sorted(Path(item.input).name for item in failed) == ["1.png", "2.png", "4.png"]
    assert all(Path(item.input).name in item.message for item in failed)


def test_results_that_cannot_be_written_cost_no_work(
    tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks[0].target.mkdir(parents=True)
    asked: list[Inputs] = []

    def note(runner: Any, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        asked.append(inputs)
        return answer(runner, inputs, on_progress)

    notebook = Notebook()
    assert run(tasks[:2], notebook, ask=note)
    assert sorted(notebook.statuses) == [("0.png", "failed"), ("1.png", "done")]
    assert len(asked) == 1
    shutil.rmtree(tasks[0].target.parent)
    monkeypatch.setattr("meticulous_gui.core.files.os.access", lambda *_, **__: False)  # root may do anything
    assert run(tasks, notebook, ask=note)
    assert [item.status for item in notebook.items[2:]] == ["failed"] * 6
    assert all("may not be written; choose another folder" in item.message for item in notebook.items[2:])
    assert len(asked) == 1
    assert not tasks[0].target.parent.exists()


def test_results_whose_folder_went_away_are_said_and_no_other_folder_takes_their_place(
    tasks: list[Task], tmp_path: Path
) -> None:
    def write_and_lose(photo: Photo, alpha: Alpha, path: Path) -> None:
        write(photo, alpha, path)
        if path == tasks[2].target:
            shutil.rmtree(path.parent)

    notebook = Notebook()
    assert run(tasks, notebook, write=write_and_lose, n_jobs=1)
    failed = [item for item in notebook.items if item.status == "failed"]
    assert [Path(item.input).name for item in failed] == ["3.png", "4.png", "5.png"]
    assert all(f"the folder {tmp_path / 'out'} is gone; " in item.message for item in failed)
    assert not (tmp_path / "out").exists()


def test_photos_whose_folder_went_away_are_said_one_by_one(tasks: list[Task], tmp_path: Path) -> None:
    def write_and_lose(photo: Photo, alpha: Alpha, path: Path) -> None:
        write(photo, alpha, path)
        for task in tasks[4:]:
            task.source.unlink(missing_ok=True)

    notebook = Notebook()
    assert run(tasks, notebook, write=write_and_lose, n_jobs=1)
    failed = [item for item in notebook.items if item.status == "failed"]
    assert [Path(item.input).name for item in failed] == ["4.png", "5.png"]
    assert all("does not exist" in item.message for item in failed)
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_without_its_network_no_photo_can_be_done_and_that_is_said_once(tasks: list[Task]) -> None:
    def refuse(*_arguments: Any) -> Answer:
        raise WeightsError("The weights are damaged.")

    notebook = Notebook()
    assert run(tasks, notebook, ask=refuse)
    assert notebook.said == ["The weights are damaged."]
    assert [item.status for item in notebook.items] == ["failed"] * 6


def test_a_cancel_reaches_the_photo_in_work_and_keeps_what_is_done(tasks: list[Task]) -> None:
    control, runner, notebook = BatchControl(), StubRunner(), Notebook()

    def ask(given: Any, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        if inputs.photo.path == tasks[2].source:
            return find_object(given, inputs.photo.rgb, on_submit=control.watch, urgency="batch")
        return answer(given, inputs, on_progress)

    def cancel_at_the_third() -> None:
        assert runner.has_job.wait(TIMEOUT_S)
        control.cancel()

    helper = threading.Thread(target=cancel_at_the_third)
    helper.start()
    batch = Batch(
        tasks, ask=ask, write=write, observer=notebook, limits=DecodeLimits(), control=control, n_jobs=1
    )
    opened: Any = runner
    assert not batch.run(lambda: nullcontext(opened))
    helper.join()
    done = {name for name, status in notebook.statuses if status == "done"}
    assert done == {"0.png", "1.png"}
    assert len(notebook.items) == 6
    assert {status for _, status in notebook.statuses} == {"done", "interrupted"}


def test_a_held_batch_begins_nothing_until_it_may_go_on(tasks: list[Task]) -> None:
    control, notebook = BatchControl(), Notebook()
    control.pause()
    asked: list[Path] = []

    def ask(runner: Any, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        assert inputs.photo.path is not None
        asked.append(inputs.photo.path)
        if len(asked) == 2:
            control.pause()
            has_paused.set()
        return answer(runner, inputs, on_progress)

    has_paused = threading.Event()
    thread = threading.Thread(target=lambda: run(tasks, notebook, control=control, ask=ask))
    thread.start()
    assert not notebook.has_item.wait(0.05)
    control.go_on()
    assert has_paused.wait(TIMEOUT_S)
    assert control.is_paused
    thread.join(0.05)
    assert thread.is_alive()
    assert len(asked) == 2
    control.go_on()
    thread.join(TIMEOUT_S)
    assert len(asked) == 6


def test_a_held_batch_can_be_cancelled(tasks: list[Task]) -> None:
    control, notebook = BatchControl(), Notebook()
    control.pause()
    thread = threading.Thread(target=lambda: run(tasks, notebook, control=control))
    thread.start()
    control.cancel()
    thread.join(TIMEOUT_S)
    assert not thread.is_alive()
    assert {item.status for item in notebook.items} == {"interrupted"}


def test_photos_are_read_only_a_little_ahead(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    from meticulous_gui.engine import batch

    n_read, most_ahead, n_asked = 0, 0, 0
    load = load_photo
    lock = threading.Lock()

    def count(path: Path, limits: DecodeLimits) -> Photo:
        nonlocal n_read, most_ahead
        with lock:
            n_read += 1
            most_ahead = max(most_ahead, n_read - n_asked)
        return load(path, limits)

    def ask(runner: Any, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        nonlocal n_asked
        n_asked += 1
        return answer(runner, inputs, on_progress)

    monkeypatch.setattr(batch, "load_photo", count)
    assert run(tasks, Notebook(), ask=ask)
    assert most_ahead <= 4
