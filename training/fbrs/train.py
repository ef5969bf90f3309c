"""Train the click network: a crop, clicks and the mask before them in, the mask that was meant out.

Run as ``python -m training.fbrs.train --data FOLDER --out RUN --minutes 60 --encoder-weights FILE``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.metrics import iou
from meticulous_gui.core.tuning import keep_freed_memory
from meticulous_gui.core.types import Mask, RgbImage
from meticulous_gui.engine.clicks.crop import square_crop
from meticulous_gui.engine.models.fbrs import FbrsNet
from training.common import loop
from training.common.augment import generator
from training.common.command import asking_for_network, run_command
from training.common.config import RunConfig, add_arguments, counted, run_config
from training.common.feed import Sample, to_unit
from training.common.mixture import parse_shares
from training.common.networks import add_network_arguments, build_network
from training.common.predict import pad_colour
from training.common.sheet import contact_sheet, error_picture
from training.fbrs.data import INSTANCE_SETS, ObjectSource, SampleMaker, SampleSettings
from training.fbrs.losses import fbrs_loss
from training.fbrs.simulate import Player, Simulation, maps_of

ROUNDS = (1, 3, 5)


class ClickTask:
    """What the click network adds to the training loop."""

    score_names = (
        "score",
        *(f"{name}_iou{k}" for name in ("objects", "instances") for k in ROUNDS),
        "obeyed",
    )

    def __init__(
        self, maker: SampleMaker, cases: dict[str, list[tuple[RgbImage, Mask]]], *, device: str
    ) -> None:
        self._maker, self._cases = maker, cases
        self._device = torch.device(device)

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

    def _played(
        self, network: FbrsNet, rgb: RgbImage, truth: Mask, *, n_clicks: int
    ) -> tuple[Player, list[float]]:
        """Return the robot after some clicks and the IoU after each."""
        player, overlaps = Player(truth), []
        pyramid = network.encode(to_unit(torch.from_numpy(rgb[None]), self._device))
        for _ in range(n_clicks):
            player.click()
            maps = maps_of(player.planes[None], player.prior[None], self._device)
            logits = network.click(pyramid, maps).logits.float()
            player.take(torch.sigmoid(logits)[0, 0].cpu().numpy())
            overlaps.append(iou(player.prior >= 128, truth))
        return player, overlaps

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Score fixed crops clicked by the robot: mean IoU after 1, 3 and 5 clicks, clicks obeyed.

        ``score`` chooses the best checkpoint: the mean of all the IoUs.
        """
        assert isinstance(network, FbrsNet)
        scores: dict[str, float] = {}
        n_clicks = n_obeyed = 0
        for name, cases in self._cases.items():
            played = [self._played(network, *case, n_clicks=max(ROUNDS)) for case in cases]
            for k in ROUNDS:
                scores[f"{name}_iou{k}"] = float(np.mean([overlaps[k - 1] for _, overlaps in played]))
            n_clicks += sum(len(player.clicked) for player, _ in played)
            n_obeyed += sum(len(player.clicked) - player.n_disobeyed for player, _ in played)
        mean = float(np.mean(list(scores.values())))
        return {"score": mean} | scores | {"obeyed": n_obeyed / max(n_clicks, 1)}

    def picture(self, network: nn.Module) -> RgbImage:
        assert isinstance(network, FbrsNet)
        rows: list[tuple[str, list[RgbImage]]] = []
        for name, cases in self._cases.items():
            for place, (rgb, truth) in enumerate(cases[:8]):
                shown = [rgb]
                for k in ROUNDS:
                    player, overlaps = self._played(network, rgb, truth, n_clicks=k)
                    shown.append(_with_clicks(error_picture(rgb, player.prior >= 128, truth), player))
                rows.append((f"{name} {place}: IoU {overlaps[-1]:.3f}", shown))
        return contact_sheet(rows)


def _with_clicks(picture: RgbImage, player: Player) -> RgbImage:
    shown = picture.copy()
    for click in player.clicked:
        colour = (0, 200, 80) if click.is_positive else (220, 30, 30)
        cv2.circle(shown, (click.col, click.row), 4, colour, -1)
    return shown


def validation_cases(
    folders: Sequence[Path], names: Sequence[str], *, n_each: int, side_px: int, pad_rgb: tuple[int, int, int]
) -> dict[str, list[tuple[RgbImage, Mask]]]:
    """Return held-out crops around objects: of the mask sets (objects) and instance sets (instances)."""
    cases: dict[str, list[tuple[RgbImage, Mask]]] = {"objects": [], "instances": []}
    for name in names:
        kind = "instances" if name in INSTANCE_SETS else "objects"
        source = ObjectSource.open(folders, parse_shares(name), seed=0, split="val", cache_bytes=1 << 28)
        for number in range(min(n_each, len(source.sets[name]))):
            rgb, truth, _ = source.draw(number, generator(1, 0, number))
            box = bounding_box(truth)
            rect = (float(box.x0), float(box.y0), float(box.x1), float(box.y1))
            crop = square_crop(rect, (rgb.shape[0], rgb.shape[1]), size_px=side_px)
            image = np.ascontiguousarray(crop.sample(rgb, pad=tuple(float(code) for code in pad_rgb)))
            mask = crop.sample(truth.astype(np.uint8) * np.uint8(255)) >= 128
            cases[kind].append((image, mask))
    return {kind: found for kind, found in cases.items() if found}


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
    parser.add_argument("--validation-sets", default="duts,coco", help="held-out sets scored (%(default)s)")
    add_network_arguments(parser)
    parser.add_argument("--test-size", type=int, default=320, help="px at validation (%(default)s)")
    parser.add_argument("--n-validation", type=counted, default=64, help="objects of each set scored")
    options = parser.parse_args(arguments)
    config = run_config(options)
    keep_freed_memory(of_any_size=True)
    torch.manual_seed(config.seed)
    with asking_for_network():
        network, facts = build_network("fbrs", options)
    pad_rgb = pad_colour(network)
    source = ObjectSource.open(options.data, parse_shares(options.sets), seed=config.seed)
    cases = validation_cases(
        options.data,
        [share.name for share in parse_shares(options.validation_sets)],
        n_each=options.n_validation,
        side_px=options.test_size,
        pad_rgb=pad_rgb,
    )
    maker = SampleMaker(source, SampleSettings(config.seed, config.batch, pad_rgb))
    task = ClickTask(maker, cases, device=config.device)
    loop.train(network, task, config, is_resuming=options.resume, facts=facts)


if __name__ == "__main__":
    run_command(main)
