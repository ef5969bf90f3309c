"""The task of learning to refine: samples, loss, and scores on fixed crops."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core.metrics import iou
from meticulous_gui.core.types import Alpha, Logits, RgbImage
from meticulous_gui.engine.models.meticulous import MosOutput
from training.common.augment import generator
from training.common.cases import EXACT, KINDS, Case, band_accuracy, validation_cases
from training.common.config import RunConfig, counted
from training.common.crops import CropMaker, CropSettings
from training.common.feed import Sample, to_unit
from training.common.losses import mos_loss
from training.common.mixture import Mixture, parse_shares
from training.common.networks import network_of
from training.common.predict import probability_of
from training.common.sheet import contact_sheet, error_picture, grey_picture


class RefineTask:
    """What MOS_H adds to the training loop; other refiners change its loss and what their answer is."""

    score_names = (
        "score",
        *(
            f"{what}_{prefix}{kind}"
            for prefix in ("", EXACT)
            for kind in KINDS
            for what in ("iou", "edge", "edge_in")
        ),
    )

    def __init__(self, maker: CropMaker, cases: list[Case], *, device: str) -> None:
        self.maker, self._cases = maker, cases
        self.device = torch.device(device)

    def sample(self, step: int, index: int, side_px: int) -> Sample:
        return self.maker.sample(step, index, side_px)

    def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        device = self.device
        prior = batch["prior"].to(device).unsqueeze(1)
        output = network(to_unit(batch["image"], device), prior)
        with torch.autocast(device.type, enabled=False):
            weight = batch["weight"].to(device).unsqueeze(1).float()
            return mos_loss(output, to_unit(batch["target"], device), weight)

    def answer(self, network: nn.Module, rgb: Tensor, prior: Tensor) -> Tensor:
        """Return the network's logits, [B, 1, S, S], for photos [B, 3, S, S] and the input's logits."""
        return cast(MosOutput, network(rgb, prior)).logits

    def _refined(self, network: nn.Module, case: Case) -> Logits:
        images = torch.from_numpy(case.rgb[None])
        prior = torch.from_numpy(case.prior[None, None]).to(self.device)
        logits: Logits = self.answer(network, to_unit(images, self.device), prior).float()[0, 0].cpu().numpy()
        return logits

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Score crops: IoU, share of right pixels near the edge (out and in), per kind of input mask.

        ``score`` chooses the best checkpoint: the mean of all IoUs, the true mask's among them, so that
        mending and leaving alone both count, and of the shares near the edge on composites, whose edges are
        right to a fraction of a pixel (hand-made masks are not).
        """
        values: dict[str, list[float]] = {}
        for case in self._cases:
            truth = case.alpha >= 128
            refined = self._refined(network, case) >= 0
            values.setdefault(f"iou_{case.kind}", []).append(iou(refined, truth))
            values.setdefault(f"edge_{case.kind}", []).append(band_accuracy(refined, truth))
            values.setdefault(f"edge_in_{case.kind}", []).append(band_accuracy(case.prior >= 0, truth))
        means = {name: float(np.mean(found)) for name, found in values.items()}
        chosen = [value for name, value in means.items() if name.startswith(("iou_", f"edge_{EXACT}"))]
        score = float(np.mean(chosen))
        return {"score": score} | means

    def picture(self, network: nn.Module) -> RgbImage:
        rows: list[tuple[str, list[RgbImage]]] = []
        for case in self._cases[:12]:
            probability = probability_of(self._refined(network, case))
            truth: Alpha = case.alpha
            wrong = error_picture(case.rgb, probability >= 0.5, truth >= 128)
            shown = [
                case.rgb,
                grey_picture(probability_of(case.prior)),
                grey_picture(probability),
                grey_picture(truth),
            ]
            rows.append((f"{case.kind} {case.key}", [*shown, wrong]))
        return contact_sheet(rows)


def add_task_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a refiner's data; ``open_task`` reads them back."""
    parser.add_argument("--sets", default="duts:1,ccp:0.15,emoji:0.25", help="sets and shares (%(default)s)")
    parser.add_argument("--coarse", type=Path, help="run of MOS_L whose own masks are inputs too")
    parser.add_argument(
        "--predicted-share", type=float, default=0.15, help="how often they are (%(default)s)"
    )
    parser.add_argument(
        "--n-validation", type=counted, default=96, help="crops of each kind scored during the run"
    )


def open_task(
    options: argparse.Namespace, config: RunConfig, facts: dict[str, Any]
) -> tuple[CropMaker, list[Case]]:
    """Return the maker of samples and the crops to score; note in ``facts`` whose masks are inputs."""
    mixture, held_out = Mixture.open(options.data, parse_shares(options.sets), seed=config.seed)
    coarse = network_of(options.coarse)[0] if options.coarse else None
    settings = CropSettings(
        seed=config.seed, batch=config.batch, predicted_share=options.predicted_share if coarse else 0.0
    )
    cases = validation_cases(held_out, generator(config.seed, 0, 0), n_each=options.n_validation, side_px=224)
    facts["coarse"] = str(options.coarse) if options.coarse else None
    return CropMaker(mixture, settings, coarse), cases
