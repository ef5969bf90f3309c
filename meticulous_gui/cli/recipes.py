"""How results look on the command line: a preset of the window, and one option for each of its wishes."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.plan import is_named_file

if TYPE_CHECKING:
    from meticulous_gui.core.recipe import Recipe
    from meticulous_gui.core.settings import Settings
    from meticulous_gui.core.target_format import TargetFormat


def add_recipe_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe how results are framed, cleaned and named."""
    look = parser.add_argument_group("what the result looks like")
    look.add_argument("--preset", metavar="NAME", help="begin with a preset that the window saved")
    look.add_argument("--trim", action="store_true", help="cut to the box of the object")
    look.add_argument("--padding", metavar="PX", type=_whole, help="empty border, in pixels of the result")
    look.add_argument("--square", action="store_true", help="as wide as high")
    look.add_argument("--size", metavar="WxH", type=_size, help="exactly so large, such as 1000x1000")
    look.add_argument(
        "--background",
        metavar="COLOUR|FILE",
        type=_background,
        help='put behind the object, such as white, "#f2f2f2", sea.jpg',
    )
    look.add_argument(
        "--clean",
        metavar="PERCENT",
        type=_percent,
        help="background colour taken out of soft edges (default: 100)",
    )
    look.add_argument(
        "--name",
        metavar="PATTERN",
        help='names of results in a folder, such as "{name}-cutout" (default: the photo\'s own)',
    )
    look.add_argument("--keep-location", action="store_true", help="keep the place in the photo's EXIF")
    look.add_argument("--no-exif", action="store_true", help="leave camera and date out as well")


def recipe_of(arguments: argparse.Namespace, settings: Settings) -> Recipe:
    """Return what the arguments ask for; the photo's own name is kept unless ``--name`` gives a pattern.

    Raises:
        UsageError: an unknown preset, a pattern or a background of no use, a frame that no photo fits.
    """
    from meticulous_gui.core.errors import MeticulousError
    from meticulous_gui.core.export import EXPORTERS
    from meticulous_gui.core.finish import frame_around, make_backdrop
    from meticulous_gui.core.geometry import Box
    from meticulous_gui.core.recipe import Recipe

    begin = Recipe()
    if arguments.preset is not None:
        if arguments.preset not in settings.presets:
            known = ", ".join(settings.presets) or "none is saved yet"
            raise UsageError(f"there is no preset {arguments.preset!r}; known: {known}.")
        begin = settings.presets[arguments.preset]
        if begin.format not in EXPORTERS:
            raise UsageError(
                f"the preset {arguments.preset!r} writes annotations ({begin.format}), which are exported "
                "in the window; choose another."
            )
    wishes: dict[str, Any] = {"name": arguments.name if arguments.name is not None else "{name}"}
    wishes |= {"is_trimmed": True} if arguments.trim else {}
    wishes |= {"is_square": True} if arguments.square else {}
    wishes |= {"keeps_exif": False} if arguments.no_exif else {}
    wishes |= {"padding_px": arguments.padding} if arguments.padding is not None else {}
    wishes |= {"edge_cleaning_percent": arguments.clean} if arguments.clean is not None else {}
    wishes |= {"background": arguments.background} if arguments.background is not None else {}
    if arguments.size is not None:  # exactly so large, also where the preset would make it square
        wishes |= {"width_px": arguments.size[0], "height_px": arguments.size[1], "is_square": False}
    recipe = replace(begin, **wishes)
    try:
        recipe.file_stem("name")
        smallest = Box.whole((1, 1))
        frame_around(smallest, smallest, recipe)
        if recipe.background:
            make_backdrop(recipe.background, (1, 1))
    except MeticulousError as error:
        raise UsageError(str(error)) from error
    return recipe


def refuse_idle_wishes(arguments: argparse.Namespace, target: TargetFormat) -> None:
    """Refuse options that would be of no effect on what is written, or that contradict each other.

    Raises:
        UsageError: the first of them.
    """
    of_pictures = {
        "--background": arguments.background is not None,
        "--clean": arguments.clean is not None,
        "--keep-location": arguments.keep_location,
    }
    for option, is_given in of_pictures.items():
        if is_given and target.kind != "cutout":
            why = f"a mask has neither colours nor EXIF for {option}"
            raise UsageError(f"{why}; leave it out or write a cut-out.")
    if arguments.name is not None and is_named_file(arguments.inputs, arguments.output, target.suffixes):
        raise UsageError(
            f"{arguments.output} is the name of the result already; leave --name out or give -o a folder."
        )
    if arguments.keep_location and arguments.no_exif:
        raise UsageError("--no-exif leaves out what --keep-location would keep; leave one of them out.")
    if arguments.square and arguments.size is not None and arguments.size[0] != arguments.size[1]:
        size = "x".join(map(str, arguments.size))
        raise UsageError(f"--size {size} is not --square; leave one of them out.")


def _background(text: str) -> str:
    if not text:  # as of a variable of a script that is not set
        raise argparse.ArgumentTypeError("is empty; name a colour or a picture, or leave it out")
    return text


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, got {text!r}")
    return int(text)


def _percent(text: str) -> int:
    value = _whole(text)
    if value > 100:
        raise argparse.ArgumentTypeError(f"must be from 0 to 100, got {text!r}")
    return value


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d{0,4})[x×]([1-9]\d{0,4})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"must be width x height such as 1000x800, got {text!r}")
    return int(match.group(1)), int(match.group(2))
