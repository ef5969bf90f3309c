"""``meticulous click``: the object of a photo that some points include and others exclude."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from meticulous_gui.cli.arguments import path_of
from meticulous_gui.cli.cutout import add_batch_arguments, add_output_arguments, run_batch
from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.files import is_folder
from meticulous_gui.core.plan import plan_outputs, plan_pairs

if TYPE_CHECKING:
    from meticulous_gui.engine.batch import Inputs
    from meticulous_gui.engine.catalog import Role
    from meticulous_gui.engine.jobs import JobRunner, Progress
    from meticulous_gui.engine.oneshot import Answer


class Point(NamedTuple):
    """A point of the command line in image pixels."""

    x: float
    y: float
    is_positive: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("photo", metavar="PHOTO", type=path_of, help="a photo")
    for option, of_what in (("--include", "the object"), ("--exclude", "what does not belong to it")):
        parser.add_argument(
            option,
            metavar="X,Y",
            action="append",
            default=[],
            dest="points",
            type=_included if option == "--include" else _excluded,
            help=f"a point on {of_what}, in pixels from the left and the top; may be repeated",
        )
    parser.add_argument(
        "--mask",
        metavar="START",
        type=path_of,
        help="a mask of any program to begin with; points then change only what they are about",
    )
    add_output_arguments(parser)
    parser.add_argument("--alpha", action="store_true", help="write the coverage: 8-bit grey, 0 to 255")
    parser.add_argument("--no-refine", action="store_true", help="leave the edge as the clicks gave it")
    add_batch_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Select the object and return the exit code."""
    from meticulous_gui.cli.formats import choose_format
    from meticulous_gui.core.photo import PHOTO_SUFFIXES
    from meticulous_gui.engine.clicks.selection import click_object

    points: list[Point] = arguments.points
    if not points:
        raise UsageError("Where to click is missing: point at the object with --include X,Y.")
    if arguments.mask is None and not any(point.is_positive for point in points):
        raise UsageError("Without --mask something must be included: point at the object with --include X,Y.")
    for given in (arguments.photo, arguments.mask):
        if given is not None and is_folder(given):
            raise UsageError(f"{given} is a folder; points are those of one photo: name a file.")
    target_format = choose_format(
        arguments.format, kind="alpha" if arguments.alpha else "cutout", out=arguments.output
    )
    suffixes = target_format.suffixes
    if arguments.mask is None:
        plan = plan_outputs(
            [arguments.photo], arguments.output, suffixes=suffixes, photo_suffixes=PHOTO_SUFFIXES
        )
    else:
        plan = plan_pairs(
            arguments.photo,
            arguments.mask,
            arguments.output,
            suffixes=suffixes,
            photo_suffixes=PHOTO_SUFFIXES,
        )

    def ask(runner: JobRunner, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        return click_object(
            runner,
            inputs.photo.rgb,
            points,
            alpha=inputs.mask,
            refine=not arguments.no_refine,
            on_progress=on_progress,
        )

    roles: tuple[Role, ...] = ("segmenter", "click_segmenter")  # both hear a first click
    roles += () if arguments.no_refine else ("refiner",)
    return run_batch(plan, arguments, roles=roles, ask=ask, write=target_format.write)


def _included(text: str) -> Point:
    return _point(text, is_positive=True)


def _excluded(text: str) -> Point:
    return _point(text, is_positive=False)


def _point(text: str, *, is_positive: bool) -> Point:
    """Return the point of ``"x,y"``."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        raise argparse.ArgumentTypeError(f"takes two numbers such as 120,80, got {text!r}")
    return Point(x, y, is_positive)
