"""Train MOS_L: whole photos in, the mask of the one well-defined object out.

Run as ``python -m training.mos_l.train --data FOLDER --out RUN --minutes 60 --encoder-weights FILE``.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core import metrics
from meticulous_gui.core.tuning import keep_freed_memory
from meticulous_gui.core.types import RgbImage
from training.common import loop
from training.common.augment import coarse_sample, generator
from training.common.command import run_command
from training.common.config import RunConfig, add_arguments, counted, run_config
from training.common.feed import Sample, to_unit
from training.common.losses import mos_loss
from training.common.mixture import CompositeSettings, Mixture, parse_shares
from training.common.networks import add_network_arguments, build_network
from training.common.predict import photo_logits, probability_of
from training.common.shards import PairSet, spread
from training.common.sheet import contact_sheet, error_picture, grey_picture


class CoarseTask:
    """What MOS_L adds to the training loop."""

    score_names = ("mean_iou", "mae")

    def __init__(
        self,
        mixture: Mixture,
        validation: PairSet,
        *,
        seed: int,
        batch: int,
        device: str,
        test_side_px: int,
        overlap: float,
        n_validation: int,
    ) -> None:
        self._mixture, self._validation = mixture, validation
        self._seed, self._batch = seed, batch
        self._device = torch.device(device)
        self._test_side_px, self._overlap = test_side_px, overlap
        self._scored = spread(len(validation), n_validation)

    def sample(self, step: int, index: int, side_px: int) -> Sample:
        rng = generator(self._seed, step, index)
        composites = CompositeSettings(side_px, scale=(0.3, 0.9), has_empty_ground=True)
        rgb, alpha, _ = self._mixture.scene(step * self._batch + index, rng, composites=composites)
        return dict(coarse_sample(rgb, alpha, rng, side_px=side_px))

    def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        device = self._device
        output = network(to_unit(batch["image"], device))
        with torch.autocast(device.type, enabled=False):
            weight = batch["weight"].to(device).unsqueeze(1).float()
            return mos_loss(output, to_unit(batch["target"], device), weight, overlap=self._overlap)

    def validate(self, network: nn.Module) -> dict[str, float]:
        overlaps, errors = [], []
        for index in self._scored:
            pair = self._validation[index]
            probability = probability_of(photo_logits(network, pair.rgb, side_px=self._test_side_px))
            overlaps.append(metrics.iou(probability >= 0.5, pair.alpha >= 128))
            errors.append(float(np.abs(probability - pair.alpha / 255.0).mean()))
        return {"mean_iou": float(np.mean(overlaps)), "mae": float(np.mean(errors))}

    def picture(self, network: nn.Module) -> RgbImage:
        rows = []
        for index in self._scored[:8]:
            pair = self._validation[index]
            probability = probability_of(photo_logits(network, pair.rgb, side_px=self._test_side_px))
            wrong = error_picture(pair.rgb, probability >= 0.5, pair.alpha >= 128)
            rows.append((pair.key, [pair.rgb, grey_picture(probability), grey_picture(pair.alpha), wrong]))
        return contact_sheet(rows)


def main(arguments: list[str] | None = None) -> None:
    """Parse the options, build the network and train it."""
    parser = argparse.ArgumentParser(prog="python -m training.mos_l.train", description=__doc__)
    add_arguments(parser, RunConfig(out=""))
    parser.add_argument("--sets", default="duts:1,ccp:0.04,emoji:0.03", help="sets and shares (%(default)s)")
    add_network_arguments(parser)
    parser.add_argument(
        "--overlap", type=float, default=1.0, help="weight of the soft IoU; 0: without it, as published"
    )
    parser.add_argument("--test-size", type=int, default=336, help="px at validation (%(default)s)")
    parser.add_argument("--n-validation", type=counted, default=128, help="pictures scored during the run")
    options = parser.parse_args(arguments)
    config = run_config(options)
    keep_freed_memory(of_any_size=True)
    torch.manual_seed(config.seed)
    network, facts = build_network("mos_l", options)
    mixture, held_out = Mixture.open(options.data, parse_shares(options.sets), seed=config.seed)
    task = CoarseTask(
        mixture,
        held_out.photos,
        seed=config.seed,
        batch=config.batch,
        device=config.device,
        test_side_px=options.test_size,
        overlap=options.overlap,
        n_validation=options.n_validation,
    )
    loop.train(network, task, config, is_resuming=options.resume, facts=facts)


if __name__ == "__main__":
    run_command(main)
