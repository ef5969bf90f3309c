"""Train the click network: a crop, clicks and the mask before them in, the mask that was meant out.

Run as ``python -m training.fbrs.train --data FOLDER --out RUN --minutes 60 --encoder-weights FILE``.
"""

from __future__ import annotations

import argparse
import copy
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core.tuning import keep_freed_memory
from meticulous_gui.core.types import Mask, RgbImage
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.network import FbrsSegmenter
from meticulous_gui.engine.models.fbrs import FbrsNet
from training.common import loop
from training.common.command import run_command
from training.common.config import RunConfig, add_arguments, counted, run_config
from training.common.feed import Sample, to_unit
from training.common.instances import open_instances
from training.common.mixture import parse_shares
from training.common.networks import add_network_arguments, build_network
from training.common.predict import pad_colour
from training.common.shards import open_set, require_some
from training.common.sheet import contact_sheet
from training.fbrs.data import INSTANCE_SETS, ObjectSource, SampleMaker, SampleSettings
from training.fbrs.game import Thing, play, rows_of, things_of_pairs, things_of_scenes
from training.fbrs.losses import fbrs_loss
from training.fbrs.noc import MOST_CLICKS, Table
from training.fbrs.simulate import Simulation

_FIGURES = {"noc85": "NoC@85", "noc90": "NoC@90", "iou1": "IoU@1", "obeyed": "by network %"}


class ClickTask:
    """What the click network adds to the training loop.

    Args:
        maker: of samples.
        things: held-out objects to be played, by the set's name.
        device: to train on.
    """

    def __init__(self, maker: SampleMaker, things: dict[str, list[Thing]], *, device: str) -> None:
        self._maker, self._things = maker, things
        self._device = torch.device(device)
        self._played: dict[str, tuple[Table, dict[str, Mask]]] = {}
        self.score_names = ("score", *(f"{name}_{short}" for name in things for short in _FIGURES))

    def sample(self, step: int, index: int, side_px: int) -> Sample:
        return self._maker.sample(step, index, side_px)

    def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        device = self._device
        inner = network.module if isinstance(network, nn.parallel.DistributedDataParallel) else network
        assert isinstance(inner, FbrsNet)
        simulation = Simulation(inner, batch, device)
        output = network(to_unit(batch["image"], device), simulation)
        with torch.autocast(device.type, enabled=False):
            times = (simulation.n_states, 1, 1, 1)
            truth = batch["target"].to(device).unsqueeze(1).float().repeat(times)
            weight = batch["weight"].to(device).unsqueeze(1).float().repeat(times)
            return fbrs_loss(output, torch.from_numpy(simulation.planes).to(device).float(), truth, weight)

    def _games(self, segmenter: FbrsSegmenter, name: str) -> tuple[Table, dict[str, Mask]]:
        table, ends = Table(name), {}
        for thing in self._things[name]:
            game, ends[game.key] = play(thing, segmenter, ClickSettings(mode="none"))
            table.games.append(game)
        return table, ends

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Play held-out objects: mean clicks to IoUs of .85 and .90, IoU after one click, clicks obeyed.

        ``score`` chooses the best checkpoint: 1 less the mean share of the clicks that were taken. Crops that
        are clicked five times do not tell networks apart that differ by half a click over whole games.
        """
        assert isinstance(network, FbrsNet)
        card = Card("in training", "click_segmenter", "fbrs", {})
        own = copy.deepcopy(network).cpu()  # a segmenter changes what it is given
        segmenter = FbrsSegmenter(card, own, self._device)
        self._played = {name: self._games(segmenter, name) for name in self._things}
        scores: dict[str, float] = {}
        for name, (table, _) in self._played.items():
            figures = table.summary()
            scores |= {f"{name}_{short}": figures[long] for short, long in _FIGURES.items()}
        taken = [value for name, value in scores.items() if "_noc" in name]
        return {"score": 1.0 - float(np.mean(taken)) / MOST_CLICKS} | scores

    def picture(self, network: nn.Module) -> RgbImage:
        """Return the hardest, the middle and the easiest objects of the last validation."""
        rows = [rows_of(self._things[name], *played) for name, played in self._played.items()]
        return contact_sheet(list(itertools.chain.from_iterable(rows)))


def validation_things(
    folders: Sequence[Path], names: Sequence[str], *, n_each: int
) -> dict[str, list[Thing]]:
    """Return held-out objects of each set: every third, as neighbours lie in one photo.

    Raises:
        UsageError: a set is missing or holds none.
    """
    things: dict[str, list[Thing]] = {}
    for name in names:
        if name in INSTANCE_SETS:
            found = things_of_scenes(open_instances(folders, name, "val"))
        else:
            found = things_of_pairs(open_set(folders, name, "val"))
        things[name] = list(itertools.islice(found, 0, 3 * n_each, 3))
        require_some(things[name], name, "val")
    return things


def main(arguments: list[str] | None = None) -> None:
    """Parse the options, build the network and train it."""
    parser = argparse.ArgumentParser(prog="python -m training.fbrs.train", description=__doc__)
    add_arguments(parser, RunConfig(out="", sizes="224,320@0.85"))
    parser.add_argument(
        "--sets",
        default="duts:1,coco:0.35,cats:0.15,penn:0.1",
        help="sets and shares; coco, cats and penn are instance sets, pasted and kin are made of duts, "
        "people of ccp (%(default)s)",
    )
    parser.add_argument("--validation-sets", default="duts,coco", help="held-out sets played (%(default)s)")
    add_network_arguments(parser)
    parser.add_argument(
        "--n-validation", type=counted, default=48, help="objects of each set played (%(default)s)"
    )
    options = parser.parse_args(arguments)
    config = run_config(options)
    keep_freed_memory(of_any_size=True)
    torch.manual_seed(config.seed)
    network, facts = build_network("fbrs", options)
    pad_rgb = pad_colour(network)
    source = ObjectSource.open(options.data, parse_shares(options.sets), seed=config.seed)
    held_out = [share.name for share in parse_shares(options.validation_sets)]
    things = validation_things(options.data, held_out, n_each=options.n_validation)
    maker = SampleMaker(source, SampleSettings(config.seed, config.batch, pad_rgb))
    task = ClickTask(maker, things, device=config.device)
    loop.train(network, task, config, is_resuming=options.resume, facts=facts)


if __name__ == "__main__":
    run_command(main)
