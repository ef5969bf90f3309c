"""``meticulous cutout``: photos in, cut-outs out; and the batch that ``refine`` runs as well.

Photos are decoded and results written by a few threads each; one thread, the runner's, owns the networks.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meticulous_gui.cli.arguments import add_device, positive
from meticulous_gui.cli.exits import EXIT_DONE, EXIT_INTERRUPTED, EXIT_SOME_FAILED
from meticulous_gui.cli.plan import Plan, Task, is_up_to_date, plan_outputs
from meticulous_gui.cli.recipes import add_recipe_arguments, recipe_of
from meticulous_gui.cli.report import Item, Reporter

if TYPE_CHECKING:
    from meticulous_gui.core.photo import DecodeLimits, Photo
    from meticulous_gui.core.types import Alpha
    from meticulous_gui.engine.jobs import JobRunner, Progress
    from meticulous_gui.engine.oneshot import Answer

_log = logging.getLogger(__name__)

Ask = Callable[["JobRunner", "Inputs", Callable[["Progress"], None]], "Answer"]
Write = Callable[["Photo", "Alpha", Path], None]


@dataclass(frozen=True)
class Inputs:
    """What was read for one task.

    Attributes:
        photo: the decoded photo.
        mask: the mask it came with, None for ``cutout``.
    """

    photo: Photo
    mask: Alpha | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("inputs", metavar="IN", nargs="+", type=Path, help="photos, or folders of photos")
    add_output_arguments(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--mask", action="store_true", help="write the mask: 8-bit grey, only 0 and 255")
    what.add_argument("--alpha", action="store_true", help="write the coverage: 8-bit grey, 0 to 255")
    add_recipe_arguments(parser)
    parser.add_argument("--no-refine", action="store_true", help="stop after MOS_L: faster, coarse edges")
    add_batch_arguments(parser)


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe where results go and in which format, as ``cutout`` and ``refine`` have it."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=Path,
        required=True,
        help="a file where one photo is named and OUT ends in a known suffix, else a folder",
    )
    parser.add_argument(
        "--format", metavar="NAME", help="png, webp, tiff or psd (default: OUT's suffix, else png)"
    )


def add_batch_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe how a batch runs, as ``cutout`` and ``refine`` have it."""
    parser.add_argument("--resume", action="store_true", help="keep results that are newer than the photo")
    parser.add_argument("--json", action="store_true", help="print a report as JSON on stdout")
    parser.add_argument("--quiet", action="store_true", help="say only what failed")
    parser.add_argument("--jobs", metavar="N", type=positive, default=2, help="decoding threads (default: 2)")
    add_device(parser)
    parser.add_argument(
        "--weights",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="weights to use, may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Cut out every photo and return the exit code."""
    from meticulous_gui.cli.formats import choose_format
    from meticulous_gui.core.photo import PHOTO_SUFFIXES
    from meticulous_gui.core.settings import load_settings
    from meticulous_gui.engine.oneshot import find_object

    settings = load_settings().settings
    recipe = recipe_of(arguments, settings)
    target_format = choose_format(
        arguments.format,
        kind="mask" if arguments.mask else "alpha" if arguments.alpha else "cutout",
        out=arguments.output,
        recipe=recipe,
        keeps_location=arguments.keep_location or settings.export.keeps_location,
    )
    plan = plan_outputs(
        arguments.inputs,
        arguments.output,
        suffixes=target_format.suffixes,
        photo_suffixes=PHOTO_SUFFIXES,
        stem_of=lambda stem, number: recipe.file_stem(stem, counter=number),
    )

    def ask(runner: JobRunner, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        return find_object(runner, inputs.photo.rgb, refine=not arguments.no_refine, on_progress=on_progress)

    return run_batch(plan, arguments, ask=ask, write=target_format.write)


def run_batch(plan: Plan, arguments: argparse.Namespace, *, ask: Ask, write: Write) -> int:
    """Carry out ``plan`` and return the exit code.

    Args:
        plan: what to read and to write.
        arguments: as `add_batch_arguments` describes them.
        ask: asks the runner for the result of one photo and waits for it.
        write: writes one result, atomically.
    """
    started = time.monotonic()
    todo = [task for task in plan.tasks if not (arguments.resume and is_up_to_date(task))]
    skipped = [task for task in plan.tasks if arguments.resume and task not in set(todo)]
    n_total = len(plan.tasks) + len(plan.failures)
    with Reporter(n_total=n_total, wants_json=arguments.json, is_quiet=arguments.quiet) as reporter:
        for path, sentence in plan.failures:
            reporter.add(Item(str(path), "failed", message=sentence))
        for task in skipped:
            reporter.add(Item(str(task.source), "skipped", output=str(task.target)))
        exit_code = EXIT_DONE
        if todo:
            batch = _Batch(todo, arguments, reporter, ask=ask, write=write)
            if not batch.run():
                exit_code = EXIT_INTERRUPTED
        if exit_code == EXIT_DONE and any(item.status == "failed" for item in reporter.items):
            exit_code = EXIT_SOME_FAILED
        reporter.finish(seconds=time.monotonic() - started, exit_code=exit_code)
    return exit_code


class _Batch:
    """One pass over the tasks: readers ahead, the networks in the middle, writers behind."""

    def __init__(
        self, tasks: list[Task], arguments: argparse.Namespace, reporter: Reporter, *, ask: Ask, write: Write
    ) -> None:
        self._tasks = tasks
        self._arguments = arguments
        self._reporter = reporter
        self._ask = ask
        self._write = write
        self._writing: deque[tuple[Task, Future[Item]]] = deque()

    def run(self) -> bool:
        """Do the work; return False when it was interrupted. What was finished by then is written."""
        from meticulous_gui.core.errors import EngineError, WeightsError
        from meticulous_gui.core.settings import load_settings
        from meticulous_gui.engine.oneshot import start_runner

        n_jobs: int = self._arguments.jobs
        loaded = load_settings()
        for note in loaded.notes:
            self._reporter.say(note)
        settings = loaded.settings
        with ThreadPoolExecutor(n_jobs) as readers, ThreadPoolExecutor(n_jobs) as writers:
            try:
                # The first photos are decoded while torch is loaded.
                reading = self._read_ahead(readers, n_ahead=n_jobs, limits=settings.decode.limits())
                starting = start_runner(
                    device=self._arguments.device or settings.engine.device,
                    weights=self._arguments.weights,
                    n_threads=settings.engine.threads,
                )
                with closing(starting) as runner:
                    for task, future in reading:
                        self._one(runner, writers, task, future)
                        self._collect(n_left=n_jobs)
                    self._reporter.device = runner.status().device
                    self._collect(n_left=0)
            except (EngineError, WeightsError) as error:  # no device or no network: no photo can be done
                readers.shutdown(wait=False, cancel_futures=True)
                self._collect(n_left=0)
                self._give_up(str(error))
            except KeyboardInterrupt:
                self._reporter.say("interrupted; what is finished is being written.")
                readers.shutdown(wait=False, cancel_futures=True)
                self._collect(n_left=0)
                self._report_unfinished()
                return False
        return True

    def _read_ahead(
        self, readers: ThreadPoolExecutor, *, n_ahead: int, limits: DecodeLimits
    ) -> Iterator[tuple[Task, Future[Inputs]]]:
        """Yield each task with its inputs being read, at most ``n_ahead`` photos in front of the networks."""
        waiting: deque[tuple[Task, Future[Inputs]]] = deque()
        tasks = iter(self._tasks)

        def submit_next() -> None:
            task = next(tasks, None)
            if task is not None:
                waiting.append((task, readers.submit(_read, task, limits)))

        for _ in range(n_ahead):
            submit_next()
        return self._drain(waiting, submit_next)

    @staticmethod
    def _drain(
        waiting: deque[tuple[Task, Future[Inputs]]], submit_next: Callable[[], None]
    ) -> Iterator[tuple[Task, Future[Inputs]]]:
        while waiting:
            item = waiting.popleft()
            submit_next()
            yield item

    def _one(
        self, runner: JobRunner, writers: ThreadPoolExecutor, task: Task, reading: Future[Inputs]
    ) -> None:
        """Take one photo through the networks and hand the result to a writer."""
        from meticulous_gui.core.errors import WeightsError

        try:
            inputs = reading.result()
            started = time.monotonic()
            answer = self._ask(
                runner,
                inputs,
                lambda progress: self._reporter.patches(task.source, progress.done, progress.total),
            )
        except WeightsError:  # no photo can be done without its network
            raise
        except Exception as error:  # noqa: BLE001  # one photo must not stop the batch; see `failure`
            self._reporter.add(failure(task, error))
            return
        self._writing.append((task, writers.submit(self._finish, task, inputs, answer, started)))

    def _finish(self, task: Task, inputs: Inputs, answer: Answer, started: float) -> Item:
        """Write one result (on a writer's thread) and return what to say of it."""
        from meticulous_gui.core.files import ensure_folder

        ensure_folder(task.target.parent)
        self._write(inputs.photo, answer.alpha, task.target)
        height, width = inputs.photo.size_hw
        message = answer.report.message
        if answer.report.is_empty and not message:
            message = "no object was found, the result is empty"
        return Item(
            str(task.source),
            "done",
            output=str(task.target),
            message=message,
            width=width,
            height=height,
            seconds=round(time.monotonic() - started, 3),
            patches=sum(answer.report.n_patches),
            notes=list(inputs.photo.notes),
        )

    def _give_up(self, sentence: str) -> None:
        """Report every photo that was not finished as failed, for one reason that is said once."""
        self._reporter.say(sentence)
        for task in self._unfinished():
            self._reporter.add(Item(str(task.source), "failed", message=sentence), is_told=True)

    def _report_unfinished(self) -> None:
        """Name every photo that an interruption came before, so that the report holds them all."""
        for task in self._unfinished():
            self._reporter.add(Item(str(task.source), "interrupted"))

    def _unfinished(self) -> list[Task]:
        finished = {item.input for item in self._reporter.items}
        return [task for task in self._tasks if str(task.source) not in finished]

    def _collect(self, *, n_left: int) -> None:
        """Report finished writes; wait until at most ``n_left`` are still going on."""
        while self._writing and (len(self._writing) > n_left or self._writing[0][1].done()):
            task, future = self._writing.popleft()
            try:
                item = future.result()
            except Exception as error:  # noqa: BLE001  # a full disk must not stop the batch; see `failure`
                item = failure(task, error)
            self._reporter.add(item)


def failure(task: Task, error: Exception) -> Item:
    """Return what to say of a photo that failed: one sentence that names the file."""
    from meticulous_gui.core.errors import MeticulousError

    if isinstance(error, MeticulousError):
        sentence = str(error)
    elif isinstance(error, MemoryError):
        sentence = f"{task.source} needs more memory than there is; free some or make the photo smaller."
    else:
        _log.error("unexpected failure at %s", task.source, exc_info=error)
        name = type(error).__name__
        sentence = f"{task.source} failed unexpectedly ({name}); `meticulous doctor` names the log."
    names = [path.name for path in (task.source, task.mask, task.target) if path is not None]
    if not any(name in sentence for name in names):
        sentence = f"{task.source}: {sentence}"
    return Item(str(task.source), "failed", message=sentence)


def _read(task: Task, limits: DecodeLimits) -> Inputs:
    """Decode one task's files (on a reader's thread)."""
    from meticulous_gui.core.photo import load_alpha, load_photo

    photo = load_photo(task.source, limits)
    if task.mask is None:
        return Inputs(photo)
    return Inputs(photo, load_alpha(task.mask, limits))
