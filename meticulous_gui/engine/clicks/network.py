"""The click network in its role: crops and clicks in, logits out."""

from __future__ import annotations

import copy
from collections.abc import Generator
from dataclasses import replace
from typing import cast

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.prompts import Click
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.clicks import solver
from meticulous_gui.engine.clicks.brs import Taps, problem_of, refine_steps, taps_of
from meticulous_gui.engine.clicks.crop import CROP_PX
from meticulous_gui.engine.clicks.evidence import mean_of
from meticulous_gui.engine.clicks.maps import prompt_planes
from meticulous_gui.engine.clicks.targets import Targets
from meticulous_gui.engine.device import fold_norms, place
from meticulous_gui.engine.models.fbrs import FbrsNet, FeaturePyramid
from meticulous_gui.engine.roles import ClickAnswer, ClickQuestion, Embedding
from meticulous_gui.engine.types import RgbImage

__all__ = ["FbrsSegmenter"]


class FbrsSegmenter:
    """The click network as a `ClickSegmenter`.

    It looks at a crop and at its mirror image and answers with the mean of both, as Sofiiuk et al. (2020) do;
    what BRS changes is the upright look.

    Encoding runs on the device; clicks run on the processor in float32: they cost a few milliseconds, need
    gradients, and give the same answer everywhere.

    Attributes:
        crop_px, pad_rgb: see `ClickSegmenter`.
    """

    def __init__(
        self, card: Card, network: nn.Module, device: torch.device, *, crop_px: int = CROP_PX
    ) -> None:
        self.card = card
        self.crop_px = crop_px
        red, green, blue = (round(255 * value) for value in cast(tuple[float, ...], network.mean_rgb))
        self.pad_rgb = (red, green, blue)
        fold_norms(network)
        self._network = cast(FbrsNet, network.requires_grad_(False))  # changed, and kept, as by `place`
        solver.load()
        example = (torch.zeros(1, 3, crop_px, crop_px),)
        self.placed = place(copy.deepcopy(network), _flat_features, example, device=device, batch_size=2)

    def encode(self, crop: RgbImage) -> Embedding:
        """Return features of a square crop and of its mirror image, and the crop for modes that change it.

        Args:
            crop: uint8 (S, S, 3), S a multiple of 16; ``crop_px`` is what the network does best.
        """
        rgb = torch.from_numpy(np.ascontiguousarray(crop)).permute(2, 0, 1).unsqueeze(0).float() / 255
        flat = self.placed.run(torch.cat([rgb, rgb.flip(-1)]))
        width = self._network.config.width
        sides = [crop.shape[0] // stride for stride in (4, 8, 16)]
        parts = flat.split([width * side * side for side in sides], dim=1)
        levels = [part.view(2, width, side, side).numpy() for part, side in zip(parts, sides, strict=True)]
        return Embedding(self.card.name, (*levels, rgb.contiguous().numpy()))

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        """Return the logits for a question, refined as it asks; see `ClickSegmenter`."""
        p4, p8, p16, rgb = (torch.from_numpy(array) for array in embedding.data)
        maps = _maps_of(question)
        upright, mirrored = (FeaturePyramid(p4[n : n + 1], p8[n : n + 1], p16[n : n + 1]) for n in (0, 1))
        with torch.inference_mode():
            other = self._network.click(mirrored, maps.flip(-1)).logits.flip(-1)[0, 0].numpy()
        taps = taps_of(self._network, rgb, upright, maps)
        if not np.isfinite(other).all() or not taps.logits.isfinite().all():
            raise EngineError("The network gave something that is no mask; the mask is unchanged.")
        yield
        answer = yield from self._upright_steps(taps, question)
        return replace(answer, first=mean_of(answer.first, other), logits=mean_of(answer.logits, other))

    def _upright_steps(self, taps: Taps, question: ClickQuestion) -> Generator[None, None, ClickAnswer]:
        """Return what the look at the crop as it is says, refined as the question asks."""
        first = taps.logits[0, 0].numpy()
        features = functional.normalize(taps.x4[0], dim=0).permute(1, 2, 0).contiguous().numpy()
        size_px = question.previous.shape[0]
        targets = Targets.of_clicks(_clicks_of(question), size_px, newest=question.newest)
        problem = problem_of(self._network, taps, question.mode, targets)
        if problem is None:
            return ClickAnswer(first, first, features)
        solution = yield from refine_steps(
            problem,
            question.variables,
            most_evaluations=question.most_evaluations,
            may_stop_early=question.mode == "local",
        )
        if not solution.variables.any():
            return ClickAnswer(first, first, features, None, solution.n_evaluations)
        # What is kept for the next click is what this answer was made of, to the bit.
        variables = solution.variables.astype(np.float32)
        logits = problem.answer(variables.astype(np.float64))
        return ClickAnswer(first, logits, features, variables, solution.n_evaluations)


def _clicks_of(question: ClickQuestion) -> list[Click]:
    return [prompt for prompt in question.prompts if isinstance(prompt, Click)]


def _maps_of(question: ClickQuestion) -> Tensor:
    """Return what the head of the network is given beside the features, [1, 3, S, S]."""
    others = [prompt for prompt in question.prompts if not isinstance(prompt, Click)]
    size_px = question.previous.shape[0]
    shown = [*others, *_clicks_of(question)[: question.network_clicks]]
    maps = torch.empty(1, 3, size_px, size_px)
    maps[0, :2] = torch.from_numpy(prompt_planes(shown, size_px))
    maps[0, 2] = torch.from_numpy(question.previous).float() / 255
    return maps


def _flat_features(network: nn.Module, rgb: Tensor) -> Tensor:
    pyramid = cast(FbrsNet, network).encode(rgb)
    return torch.cat([level.flatten(1) for level in pyramid], dim=1)
