"""How many clicks a mask takes: the protocol of interactive segmentation, through the program's own sessions.

Run as ``python -m training.fbrs.evaluate RUN --data FOLDER --set duts`` or with ``--coco FILE.json``. A robot
clicks the deepest error until the mask is good enough, at most 20 times, from nothing, or with ``--correct``
from wrong masks of the same objects as well.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import get_args

import torch
from tqdm import tqdm

from meticulous_gui.core.types import Mask
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.crop import CROP_PX
from meticulous_gui.engine.clicks.network import FbrsSegmenter
from meticulous_gui.engine.networks import Networks
from meticulous_gui.engine.roles import BrsMode, Segmenter
from training.common.command import run_command
from training.common.evaluate import (
    add_evaluation_arguments,
    held_out_pairs,
    network_from,
    use_threads,
    write_figures,
    write_sheet,
)
from training.common.instances import open_instances, read_coco
from training.fbrs.data import INSTANCE_SETS
from training.fbrs.game import Thing, play, rows_of, things_of_pairs, things_of_scenes
from training.fbrs.noc import MOST_CLICKS, TARGETS, Correction, Game, Table, correction_of, text_of
from training.fbrs.wrong import WrongKind, wrong_mask


def played(
    name: str,
    things: Sequence[Thing],
    kinds: Sequence[WrongKind],
    player: Callable[..., tuple[Game, Mask]],
    finder: Segmenter | None,
    ends: dict[tuple[str, str], Mask],
) -> list[Table]:
    """Return the games from nothing, then those from each kind of wrong mask of which there are any.

    Args:
        name: of the table of games from nothing; the others have their kind behind it.
        things: the objects.
        kinds: of wrong masks.
        player: see `play`.
        finder: the program's cut-out network.
        ends: takes the mask at the end of each game, by the table's name and the object's key.
    """
    tables = {None: Table(name)} | {kind: Table(f"{name}, {kind}") for kind in kinds}
    for thing in tqdm(things, desc=name, mininterval=5.0):
        key, photo, truth = thing
        for kind, table in tables.items():
            start = None if kind is None else wrong_mask(kind, key, truth, photo, finder)
            if kind is None or start is not None:
                game, ends[table.name, key] = player(thing, initial=start)
                table.games.append(game)
    return [table for table in tables.values() if table.games]


def draw_curves(path: Path, tables: Sequence[Table]) -> None:
    """Draw mean IoU against the number of clicks, one line for each method, or for several that are alike."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.2))
    alike: dict[tuple[float, ...], list[str]] = {}
    for table in tables:
        alike.setdefault(tuple(table.curve()), []).append(table.name)
    for curve, names in alike.items():
        axes.plot(range(MOST_CLICKS + 1), curve, marker=".", label=", ".join(names))
    for target in TARGETS:
        axes.axhline(target, color="0.8", linewidth=0.8, zorder=0)
    axes.set_xlabel("clicks")
    axes.set_ylabel("mean IoU")
    axes.set_xticks(range(0, MOST_CLICKS + 1, 2))
    axes.legend(frameon=False)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """Return what the command line says; ends the program where that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m training.fbrs.evaluate", description=__doc__)
    parser.add_argument("network", type=Path, metavar="RUN", help="run, checkpoint or weight file")
    add_evaluation_arguments(parser, needs_data=False)
    parser.add_argument("--coco", type=Path, help="a COCO file instead of a set; every picture of it")
    parser.add_argument("--modes", nargs="+", default=["local"], choices=get_args(BrsMode))
    parser.add_argument("--evaluations", type=int, default=20, help="of BRS's objective for each click")
    parser.add_argument("--size", type=int, default=CROP_PX, help="px of the crop (default %(default)s)")
    parser.add_argument(
        "--correct",
        nargs="*",
        choices=get_args(WrongKind),
        metavar="KIND",
        help="correct wrong masks, too, and compare: of these kinds, or all (%(choices)s)",
    )
    parser.add_argument(
        "--changes",
        default="auto",
        choices=("auto", "local", "whole"),
        help="what a click may change of a mask: the piece it is about, or all (default: the program's)",
    )
    parser.add_argument(
        "--alone", action="store_true", help="without what the program's cut-out network has found"
    )
    parser.add_argument("--jitter", action="store_true", help="clicks anywhere well inside the error")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="leave out the first N objects")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th of the others")
    parser.add_argument("--plot", type=Path, help="picture of IoU against clicks")
    options = parser.parse_args(arguments)
    if options.coco is None and options.data is None:
        parser.error("name data folders with --data, or a COCO file with --coco")
    return options


def main(arguments: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Print the table and return its figures."""
    options = options_of(arguments)
    use_threads(options.threads)
    network, card = network_from(options.network, architectures=("fbrs",), device="cpu")
    segmenter = FbrsSegmenter(card, network, torch.device(options.device), crop_px=options.size)
    finder = None if options.alone else Networks(Catalog.default(), options.device).segmenter("")
    chosen = itertools.islice(_things(options), options.skip, None, options.every)
    things = list(itertools.islice(chosen, options.limit))
    kinds = () if options.correct is None else options.correct or get_args(WrongKind)
    tables: list[Table] = []
    corrections: list[Correction] = []
    ends: dict[tuple[str, str], Mask] = {}
    for mode in options.modes:
        settings = ClickSettings(mode=mode, evaluations=options.evaluations, changes=options.changes)
        player = partial(
            play,
            segmenter=segmenter,
            settings=settings,
            finder=finder,
            is_jittered=options.jitter,
        )
        from_nothing, *corrected = played(mode, things, kinds, player, finder, ends)
        tables += [from_nothing, *corrected]
        corrections += [correction_of(from_nothing, table) for table in corrected]
    print(text_of(tables))
    for correction in corrections:
        print(correction)
    figures = {table.name: table.summary() for table in tables}
    for correction in corrections:
        figures[correction.name] |= correction.summary()
    curves = {table.name: figures[table.name] | {"curve": table.curve()} for table in tables}
    write_figures(options.json, curves)
    if options.plot is not None:
        draw_curves(options.plot, tables)
    if options.sheet is not None:
        shown = tables[-1]
        at_end = {key: end for (name, key), end in ends.items() if name == shown.name}
        write_sheet(options.sheet, rows_of(things, shown, at_end))
    return figures


def _things(options: argparse.Namespace) -> Iterator[Thing]:
    if options.coco is not None:
        return things_of_scenes(read_coco(options.coco))
    if options.set_name in INSTANCE_SETS:
        return things_of_scenes(open_instances(options.data, options.set_name, options.split))
    return things_of_pairs(held_out_pairs(options))


if __name__ == "__main__":
    run_command(main)
