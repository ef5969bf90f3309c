"""``meticulous cutout``: photos in, cut-outs out; and the batch that ``refine`` runs as well.

The work itself is `engine.batch`, which the window runs as well.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

from meticulous_gui.cli.arguments import add_device, path_of, positive
from meticulous_gui.cli.exits import EXIT_DONE, EXIT_INTERRUPTED, EXIT_SOME_FAILED
from meticulous_gui.cli.recipes import add_recipe_arguments, recipe_of, refuse_idle_wishes
from meticulous_gui.cli.report import Reporter
from meticulous_gui.core.batch_item import Item
from meticulous_gui.core.errors import UsageError, WeightsError
from meticulous_gui.core.plan import Plan, is_up_to_date, plan_outputs

if TYPE_CHECKING:
    from meticulous_gui.core.photo import Photo
    from meticulous_gui.core.target_format import Kind
    from meticulous_gui.core.types import Alpha
    from meticulous_gui.engine.batch import Ask, Inputs, Write
    from meticulous_gui.engine.catalog import Role
    from meticulous_gui.engine.jobs import JobRunner, Progress
    from meticulous_gui.engine.oneshot import Answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("inputs", metavar="IN", nargs="+", type=path_of, help="photos, or folders of photos")
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
        type=path_of,
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
        "--refiner",
        metavar="NAME",
        default="",
        help="the network that perfects the edge: mos_h, crm or another (default: the setting)",
    )
    parser.add_argument(
        "--weights",
        metavar="FILE",
        type=path_of,
        action="append",
        default=[],
        help="weights to use, may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Cut out every photo and return the exit code."""
    from meticulous_gui.cli.formats import choose_format
    from meticulous_gui.core.photo import PHOTO_SUFFIXES
    from meticulous_gui.core.settings import load_settings
    from meticulous_gui.core.target_format import kind_of
    from meticulous_gui.engine.oneshot import find_object

    settings = load_settings().settings
    recipe = recipe_of(arguments, settings)
    of_preset = kind_of(recipe) if arguments.format is None else "cutout"
    kind: Kind = "mask" if arguments.mask else "alpha" if arguments.alpha else of_preset
    target_format = choose_format(
        arguments.format,
        kind=kind,
        out=arguments.output,
        recipe=recipe,
        keeps_location=arguments.keep_location or settings.export.keeps_location,
    )
    refuse_idle_wishes(arguments, target_format)
    plan = plan_outputs(
        arguments.inputs,
        arguments.output,
        suffixes=target_format.suffixes,
        photo_suffixes=PHOTO_SUFFIXES,
        stem_of=lambda stem, number: recipe.file_stem(stem, counter=number),
        also_read=target_format.also_read,
    )

    def ask(runner: JobRunner, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        return find_object(runner, inputs.photo.rgb, refine=not arguments.no_refine, on_progress=on_progress)

    roles: tuple[Role, ...] = ("segmenter",) if arguments.no_refine else ("segmenter", "refiner")
    return run_batch(plan, arguments, roles=roles, ask=ask, write=target_format.write)


def run_batch(
    plan: Plan, arguments: argparse.Namespace, *, roles: Collection[Role], ask: Ask, write: Write
) -> int:
    """Carry out ``plan`` and return the exit code.

    Args:
        plan: what to read and to write.
        arguments: as `add_batch_arguments` describes them.
        roles: of the networks that may be asked.
        ask: asks the runner for the result of one photo and waits for it.
        write: writes one result, atomically.

    Raises:
        UsageError: a network is named that would not be asked.
    """
    from meticulous_gui.core.photo_states import result_of
    from meticulous_gui.core.settings import load_settings
    from meticulous_gui.engine.batch import Batch
    from meticulous_gui.engine.oneshot import start_runner

    _refuse_idle_networks(arguments, roles)
    started = time.monotonic()
    loaded = load_settings()
    settings = loaded.settings
    skipped = [task for task in plan.tasks if arguments.resume and is_up_to_date(task)]
    kept = set(skipped)
    todo = [task for task in plan.tasks if task not in kept]
    n_total = len(plan.tasks) + len(plan.failures)
    with Reporter(n_total=n_total, wants_json=arguments.json, is_quiet=arguments.quiet) as reporter:
        for path, sentence in plan.failures:
            reporter.add(Item(str(path), "failed", message=sentence))
        for task in skipped:
            reporter.add(Item(str(task.source), "skipped", output=str(task.target)))
        exit_code = EXIT_DONE

        def write_noted(photo: Photo, alpha: Alpha, path: Path) -> None:
            with result_of(photo.path, path):  # the next run must not take it for a photo
                write(photo, alpha, path)

        if todo:
            for note in (*loaded.notes, *(() if arguments.quiet else plan.notes)):
                reporter.say(note)
            batch = Batch(
                todo,
                ask=ask,
                write=write_noted if plan.is_of_folder else write,
                observer=reporter,
                limits=settings.decode.limits(),
                n_jobs=arguments.jobs,
            )

            def open_runner() -> AbstractContextManager[JobRunner]:
                return closing(
                    start_runner(
                        device=arguments.device or settings.engine.device,
                        weights=arguments.weights,
                        chosen=settings.engine.networks,
                        n_threads=settings.engine.threads,
                        refiner=arguments.refiner,
                    )
                )

            if not batch.run(open_runner):
                exit_code = EXIT_INTERRUPTED
        if exit_code == EXIT_DONE and any(item.status == "failed" for item in reporter.items):
            exit_code = EXIT_SOME_FAILED
        reporter.finish(seconds=time.monotonic() - started, exit_code=exit_code)
    return exit_code


def _refuse_idle_networks(arguments: argparse.Namespace, roles: Collection[Role]) -> None:
    """Refuse a network that is named and would not be asked; bad files are said when they are loaded."""
    from meticulous_gui.engine.catalog import read_card

    if arguments.refiner and "refiner" not in roles:
        raise UsageError(f"--no-refine leaves --refiner {arguments.refiner} nothing to do; leave one out.")
    given: dict[Role, Path] = {}
    for path in arguments.weights:
        try:
            card = read_card(path)
        except WeightsError:
            continue
        if card.role not in roles:
            raise UsageError(f"{path} is a {card.role}, which has nothing to do here; leave it out.")
        if card.role in given:
            raise UsageError(f"{given[card.role]} and {path} are both a {card.role}; leave one of them out.")
        if card.role == "refiner" and arguments.refiner not in ("", card.name):
            raise UsageError(f"--refiner {arguments.refiner} is not {card.name} of {path}; leave one out.")
        given[card.role] = path
