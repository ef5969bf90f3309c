"""One object, clicked by a robot through the program's own session until its mask is good enough."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from meticulous_gui.core.metrics import iou
from meticulous_gui.core.types import Mask, RgbImage
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.network import FbrsSegmenter
from meticulous_gui.engine.clicks.session import ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Segmenter
from meticulous_gui.engine.steps import result_of
from training.common.instances import InstanceSet
from training.common.shards import Pair
from training.common.sheet import error_picture
from training.common.split import split_number
from training.fbrs.noc import MOST_CLICKS, TARGETS, Game, Table, clicks_to
from training.fbrs.robot import next_click

Thing = tuple[str, PhotoLevels, Mask]  # key, photo with what games before found out about it, object

_LEAST_SHARE: Final = 0.01  # of the picture
_N_SHOWN: Final = 8  # on the sheet, each of the hardest, the middle and the easiest objects


def things_of_pairs(pairs: Sequence[Pair]) -> Iterator[Thing]:
    """Yield every object of a mask set."""
    for index in range(len(pairs)):
        pair = pairs[index]
        yield pair.key, PhotoLevels(pair.rgb), pair.alpha >= 128


def things_of_scenes(scenes: InstanceSet) -> Iterator[Thing]:
    """Yield every object of at least a hundredth of its picture."""
    for index in range(len(scenes)):
        scene = scenes[index]
        photo = PhotoLevels(scene.rgb)
        height, width = photo.size_hw
        for thing in scene.objects:
            if thing.area_px >= _LEAST_SHARE * height * width:
                yield f"{scene.key}#{thing.id}", photo, thing.on(photo.size_hw)


def play(
    thing: Thing,
    segmenter: FbrsSegmenter,
    settings: ClickSettings,
    *,
    finder: Segmenter | None = None,
    initial: Mask | None = None,
    is_jittered: bool = False,
) -> tuple[Game, Mask]:
    """Return the game of one object and the mask at its end.

    Args:
        thing: what is clicked on.
        segmenter: the click network.
        settings: of the session.
        finder: the program's cut-out network, heard by first clicks; None for none.
        initial: the mask to begin with; None: nothing.
        is_jittered: whether clicks lie anywhere well inside the error.
    """
    key, photo, truth = thing
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((split_number(key), 1))))
    session = ClickSession(photo, segmenter, finder=finder, initial=initial, settings=settings)
    for _ in session.prepare_steps():  # as the program does, before anybody clicks
        pass
    start = iou(session.mask, truth)
    overlaps: list[float] = []
    seconds: list[float] = []
    layers: list[str] = []
    n_disobeyed = 0
    while len(overlaps) < MOST_CLICKS and (overlaps[-1] if overlaps else start) < TARGETS[-1]:
        clicked = [(click.row, click.col) for click in session.clicks]
        wanted = next_click(truth, session.mask, clicked=clicked, rng=rng if is_jittered else None)
        if wanted is None:
            break
        began = time.perf_counter()
        report = result_of(session.click(wanted.col + 0.5, wanted.row + 0.5, is_positive=wanted.is_positive))
        seconds.append(time.perf_counter() - began)
        overlaps.append(iou(session.mask, truth))
        layers.append(report.obeyed[session.clicks[-1].id])
        n_disobeyed += sum(
            session.mask[click.row, click.col] != click.is_positive for click in session.clicks
        )
    return Game(key, start, tuple(overlaps), tuple(seconds), tuple(layers), int(n_disobeyed)), session.mask


def rows_of(
    things: Sequence[Thing], table: Table, ends: Mapping[str, Mask]
) -> list[tuple[str, list[RgbImage]]]:
    """Return the hardest, the middle and the easiest objects with what was wrong at the end, for a sheet.

    Args:
        things: the objects, also those without a game.
        table: their games.
        ends: mask at the end of each game, by the object's key.
    """
    games = {game.key: game for game in table.games}
    ordered = sorted(
        (thing for thing in things if thing[0] in games),
        key=lambda thing: (-clicks_to(games[thing[0]], TARGETS[-1])[0], thing[0]),
    )
    middle = max(0, len(ordered) // 2 - _N_SHOWN // 2)
    parts = (ordered[:_N_SHOWN], ordered[middle : middle + _N_SHOWN], ordered[-_N_SHOWN:])
    chosen = {thing[0]: thing for part in parts for thing in part}
    rows = []
    for key, photo, truth in chosen.values():
        game = games[key]
        last = game.overlaps[-1] if game.overlaps else game.start
        text = f"{len(game.overlaps)} clicks  IoU {last:.3f}  {key}"
        rows.append((text, [photo.rgb, error_picture(photo.rgb, ends[key], truth)]))
    return rows
