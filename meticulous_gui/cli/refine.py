"""``meticulous refine``: an existing mask, from any tool, made better along its edge."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from meticulous_gui.cli.arguments import path_of
from meticulous_gui.cli.cutout import add_batch_arguments, add_output_arguments, run_batch
from meticulous_gui.core.errors import UsageError, WeightsError
from meticulous_gui.core.plan import plan_pairs

if TYPE_CHECKING:
    from meticulous_gui.core.geometry import Box
    from meticulous_gui.engine.batch import Inputs
    from meticulous_gui.engine.catalog import Role
    from meticulous_gui.engine.jobs import JobRunner, Progress
    from meticulous_gui.engine.oneshot import Answer

_ROLES: tuple[Role, ...] = ("refiner",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("photo", metavar="PHOTO", type=path_of, help="a photo, or a folder of photos")
    parser.add_argument("masks", metavar="MASK", type=path_of, help="its mask, or a folder of the same stems")
    add_output_arguments(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--alpha", action="store_true", help="write coverage (the default): 8-bit grey, 0 to 255"
    )
    what.add_argument("--mask", action="store_true", help="write a mask: 8-bit grey, only 0 and 255")
    what.add_argument("--cutout", action="store_true", help="write the cut-out photo")
    parser.add_argument("--box", metavar="X0,Y0,X1,Y1", help="refine only inside this box of image pixels")
    parser.add_argument(
        "--coarsest",
        type=int,
        choices=(1, 2, 4, 8),
        default=4,
        help="start at 1/N of the size: 1 for an edge right to a few pixels, 8 for a rough one (default: 4)",
    )
    parser.add_argument(
        "--no-fade",
        action="store_false",
        dest="fades",
        help="let a refiner that sees farther (crm) redraw what the mask is unsure of far from its edge, too",
    )
    add_batch_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Refine every mask and return the exit code."""
    from meticulous_gui.cli.formats import choose_format
    from meticulous_gui.core.photo import PHOTO_SUFFIXES
    from meticulous_gui.engine.oneshot import refine_alpha

    target_format = choose_format(
        arguments.format,
        kind="mask" if arguments.mask else "cutout" if arguments.cutout else "alpha",
        out=arguments.output,
    )
    if not arguments.fades:
        _require_far_sight(arguments)
    box = parse_box(arguments.box) if arguments.box is not None else None
    plan = plan_pairs(
        arguments.photo,
        arguments.masks,
        arguments.output,
        suffixes=target_format.suffixes,
        photo_suffixes=PHOTO_SUFFIXES,
    )

    def ask(runner: JobRunner, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
        assert inputs.mask is not None  # plan_pairs gives every task a mask
        return refine_alpha(
            runner,
            inputs.photo.rgb,
            inputs.mask,
            box=box,
            coarsest=arguments.coarsest,
            fades=arguments.fades,
            on_progress=on_progress,
        )

    return run_batch(plan, arguments, roles=_ROLES, ask=ask, write=target_format.write)


def _require_far_sight(arguments: argparse.Namespace) -> None:
    """Refuse ``--no-fade`` where the refiner is of a kind that it changes nothing for."""
    from meticulous_gui.core.settings import load_settings
    from meticulous_gui.engine.catalog import Catalog

    try:
        catalog = Catalog.default(arguments.weights).choosing(load_settings().settings.engine.networks)
        card = catalog.get(arguments.refiner, "refiner")
    except WeightsError:
        return  # said when it is loaded
    if card.architecture != "crm":
        raise UsageError(f"--no-fade changes nothing for {card.name}; leave it out or add --refiner crm.")


def parse_box(text: str) -> Box:
    """Return the box of ``"x0,y0,x1,y1"``.

    Raises:
        UsageError: anything but four whole numbers with x0 < x1 and y0 < y1.
    """
    from meticulous_gui.core.geometry import Box

    try:
        x0, y0, x1, y1 = (int(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"--box takes four whole numbers such as 10,20,300,400, got {text!r}.") from None
    box = Box(x0, y0, x1, y1)
    if box.is_empty:
        raise UsageError(f"--box {text} is empty: x1 must be above x0 and y1 above y0.")
    return box
