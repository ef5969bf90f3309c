"""A person in the loop: clicks where the network's own answer is wrong, again and again."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from meticulous_gui.engine.models.fbrs import FbrsNet, FeaturePyramid
from training.fbrs.data import add_click

N_ROUNDS: Final = (0, 1, 2, 3, 6)  # one of them for each step: the sixth click differs from the first


def maps_of(planes: NDArray[np.uint8], prior: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Return the network's maps [B, 3, S, S] float32 of planes (B, 2, S, S) and codes (B, S, S)."""
    joined = np.concatenate([planes, prior[:, None]], axis=1)
    maps = torch.from_numpy(joined).to(device).float()
    maps[:, 2] /= 255.0
    return maps.contiguous(memory_format=torch.channels_last)


class Simulation:
    """Makes the maps of a training batch while the network looks at it: the start, and after some clicks.

    Attributes:
        planes: (K B, 2, S, S) uint8 after it was called: what the network was given, K states a sample.
    """

    def __init__(self, network: FbrsNet, batch: dict[str, Tensor], device: torch.device) -> None:
        self._network, self._device = network, device
        self._truths: NDArray[np.bool_] = batch["target"].numpy() > 0
        self._prior: NDArray[np.uint8] = batch["prior"].numpy()
        self._rngs = [np.random.Generator(np.random.PCG64(int(seed))) for seed in batch["seed"]]
        self.planes: NDArray[np.uint8] = batch["planes"].numpy()
        # The same in every process of a run: one that clicks more would keep the others waiting.
        self.n_rounds = int(np.random.default_rng(int(batch["step"][0])).choice(N_ROUNDS))

    @property
    def n_states(self) -> int:
        return 2 if self.n_rounds else 1

    def __call__(self, pyramid: FeaturePyramid) -> Tensor:
        """Return the maps of the start, and behind them those after the rounds."""
        first = maps_of(self.planes, self._prior, self._device)
        if not self.n_rounds:
            return first
        head = self._network.head
        was_training = [(module, module.training) for module in head.modules()]
        head.eval()  # the answers a person sees; statistics of these passes must not count
        planes, prior = self.planes.copy(), self._prior
        with torch.no_grad():
            for _ in range(self.n_rounds):
                logits = self._network.click(pyramid, maps_of(planes, prior, self._device)).logits
                probability = torch.sigmoid(logits[:, 0].float())
                prior = torch.round(probability * 255.0).to(torch.uint8).cpu().numpy()
                for place, rng in enumerate(self._rngs):
                    add_click(planes[place], self._truths[place], prior[place] >= 128, rng)
        for module, mode in was_training:
            module.training = mode
        self.planes = np.concatenate([self.planes, planes])
        return torch.cat([first, maps_of(planes, prior, self._device)])
