"""Train CRM: a crop and a wrong mask of it in, the right mask at any place of it out.

Run as ``python -m training.crm.train --data FOLDER --out RUN --minutes 60 --encoder-weights FILE``. The same
data and the same wrong masks as MOS_H's.
"""

from __future__ import annotations

import argparse
from typing import Final, cast

import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core.resample import resize
from meticulous_gui.core.tuning import keep_freed_memory
from meticulous_gui.engine.continuous import change_weight
from meticulous_gui.engine.models.crm import LOGIT_LIMIT, STRIDE, CrmNet, pixel_places
from training.common import loop
from training.common.augment import generator
from training.common.cases import Case
from training.common.command import run_command
from training.common.config import RunConfig, add_arguments, run_config
from training.common.crops import CropMaker
from training.common.feed import Sample, to_unit
from training.common.losses import BlockWeights, block_loss
from training.common.networks import add_network_arguments, build_network
from training.common.refine_task import RefineTask, add_task_arguments, open_task

LOSS: Final = BlockWeights(1.0, 0.5, 0.5, 2.0)  # as published
_AT_PLACES: Final = BlockWeights(1.0, 0.5, 0.5)
MOST_RATIO: Final = 2.5  # crops of 400-px photos at 160 px; larger photos would allow up to 8
_SAME_SIZE_CHANCE: Final = 0.5  # the program's own levels ask at the size that was seen
_WINDOW_CHANCE: Final = 0.5  # of those: a quarter of all steps learn from the steepness too
_WINDOW: Final = 80  # px; steepness needs places side by side, all of a crop would take twice a step's time
_N_QUERIES: Final = 4096
_BAND_SHARE: Final = 0.75


class CrmTask(RefineTask):
    """What CRM adds to the training loop.

    In the recommended mode the network sees crops that were shrunk by a random ratio, the same for all of a
    step, and is asked at places of the crop's own size; in the published mode at the size it sees.
    """

    def __init__(
        self, maker: CropMaker, cases: list[Case], *, device: str, seed: int, is_exact: bool
    ) -> None:
        super().__init__(maker, cases, device=device)
        self._seed, self._is_exact = seed, is_exact

    def answer(self, network: nn.Module, rgb: Tensor, prior: Tensor) -> Tensor:
        return cast(Tensor, network(rgb, prior))

    def crop_side_px(self, step: int, side_px: int) -> int:
        """Return the side of a step's crops, from the network's side up to 2.5 times as much."""
        rng = generator(self._seed, step, -1 % (1 << 31))
        if self._is_exact or rng.random() < _SAME_SIZE_CHANCE:
            return side_px
        return round(side_px * float(np.exp(rng.uniform(0, np.log(MOST_RATIO)))))

    def sample(self, step: int, index: int, side_px: int) -> Sample:
        sample = self.maker.sample(step, index, self.crop_side_px(step, side_px))
        small_hw = (side_px, side_px)
        sample["seen"] = resize(sample["image"], small_hw)
        prior = resize(sample["prior"], small_hw)
        sample["seen_prior"] = prior
        sample["asked"] = change_weight(prior) > 0
        del sample["image"], sample["prior"]
        return sample

    def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        device = self.device
        rgb = to_unit(batch["seen"], device)
        prior = batch["seen_prior"].to(device).unsqueeze(1)
        target = to_unit(batch["target"], device)
        # Validity only: the published losses weigh all places alike.
        weight = (batch["weight"].to(device) > 0).unsqueeze(1).float()
        if self._is_exact:
            logits = self.answer(network, rgb, prior)
            with torch.autocast(device.type, enabled=False):
                loss = _published_loss(logits.float(), target, weight)
            return loss / LOSS.total, {"final": loss.detach()}
        asked = batch["asked"].to(device).unsqueeze(1).float()
        return self._loss_at_places(network, rgb, prior, asked, target, weight)

    def _loss_at_places(
        self, network: nn.Module, rgb: Tensor, prior: Tensor, asked: Tensor, target: Tensor, weight: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        side, scale = target.shape[-1], rgb.shape[-1] / target.shape[-1]
        limited = prior.clamp(-LOGIT_LIMIT, LOGIT_LIMIT)
        base = nn.functional.interpolate(limited, (side, side), mode="bilinear", align_corners=False)
        is_window = scale == 1.0 and bool(torch.rand(()) < _WINDOW_CHANCE)
        if is_window:
            window = min(_WINDOW, side)
            chosen = _window_places(side, window, device=self.device).expand(len(rgb), -1)
        else:
            chosen = _chosen_places(nn.functional.interpolate(asked, (side, side)).flatten(1))
        # Half-pixel alignment: the corner of the first cell stays where it is.
        places = (pixel_places((side, side), device=self.device) + 0.5) * scale - 0.5
        change = network(rgb, prior, places[chosen], torch.full((2,), scale / STRIDE, device=self.device))
        with torch.autocast(self.device.type, enabled=False):
            logits = base.flatten(1).gather(1, chosen) + change
            picked = [values.flatten(1).gather(1, chosen) for values in (target, weight)]
            shape = (len(rgb), 1, window if is_window else 1, -1)
            weights = LOSS if is_window else _AT_PLACES
            loss = block_loss(logits.view(shape), picked[0].view(shape), picked[1].view(shape), weights)
        return loss / weights.total, {"final": loss.detach()}


def _chosen_places(asked: Tensor) -> Tensor:
    """Return int64 [B, N] places: three quarters where the program asks, as far as there are as many, the
    rest anywhere.

    Args:
        asked: [B, M] 1 where the program would ask for this input, else 0.
    """
    count = min(_N_QUERIES, asked.shape[1])
    n_band = int(_BAND_SHARE * count)
    band = (torch.rand_like(asked) + asked).topk(n_band, dim=1, sorted=False).indices
    anywhere = torch.randint(asked.shape[1], (asked.shape[0], count - n_band), device=asked.device)
    return torch.cat([band, anywhere], dim=1)


def _window_places(side: int, window: int, *, device: torch.device) -> Tensor:
    """Return int64 [window ** 2] places of one window somewhere in a crop of ``side`` px, row by row."""
    top, left = (int(torch.randint(side - window + 1, ())) for _ in range(2))
    rows = torch.arange(top, top + window, device=device).unsqueeze(1) * side
    return (rows + torch.arange(left, left + window, device=device)).flatten()


def _published_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Return the loss of the published mode, whose cross entropy takes the target as yes or no."""
    differences = BlockWeights(0.0, LOSS.absolute, LOSS.squared, LOSS.gradient)
    certain = BlockWeights(LOSS.cross_entropy)
    return block_loss(logits, (target > 0.5).float(), weight, certain) + block_loss(
        logits, target, weight, differences
    )


def main(arguments: list[str] | None = None) -> None:
    """Parse the options, build the network and train it."""
    parser = argparse.ArgumentParser(prog="python -m training.crm.train", description=__doc__)
    add_arguments(parser, RunConfig(out="", sizes="160"))
    add_task_arguments(parser)
    add_network_arguments(parser)
    options = parser.parse_args(arguments)
    config = run_config(options)
    keep_freed_memory(of_any_size=True)
    torch.manual_seed(config.seed)
    network, facts = build_network("crm", options)
    task = CrmTask(
        *open_task(options, config, facts),
        device=config.device,
        seed=config.seed,
        is_exact=cast(CrmNet, network).is_exact,
    )
    loop.train(network, task, config, is_resuming=options.resume, facts=facts)


if __name__ == "__main__":
    run_command(main)
