"""MOS_L: the coarse network; a whole photo, 336 px on its long side, in and its object's logits out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from .meticulous import MeticulousNet, MosConfig, MosOutput


@dataclass(frozen=True)
class MosLConfig(MosConfig):
    """Structure of a MOS_L, which may have a second network beside it."""

    second: dict[str, Any] | None = None  # its options; it sees the photo besides


class MosL(MeticulousNet):
    """Coarse segmentation of the one well-defined object of a photo.

    Attributes:
        second: another such network, whose own looks are joined with this one's (`engine.looks`); None: none.
    """

    def __init__(self, config: MosLConfig) -> None:
        super().__init__(config, has_prior=False)
        self.second = None if config.second is None else MosL(MosLConfig.from_options(config.second))

    def forward(self, rgb: Tensor) -> MosOutput:
        """Return the seven outputs.

        Args:
            rgb: 0..1, float32 [B, 3, H, W], sides divisible by 16; 336 is the size of the coarse step.
        """
        return self.decode(rgb, None)
