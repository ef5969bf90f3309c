"""MOS_H: the refiner; a patch of the photo and the logits of a coarse mask in, the logits of a better mask out."""

from __future__ import annotations

from torch import Tensor

from .meticulous import MeticulousNet, MosConfig, MosOutput

PATCH_PX = 224


class MosH(MeticulousNet):
    """Refinement of a mask's edge in a patch; starts as the identity on the input logits (clamped to +-4)."""

    def __init__(self, config: MosConfig) -> None:
        super().__init__(config, has_prior=True)

    def forward(self, rgb: Tensor, logits: Tensor) -> MosOutput:
        """Return ``MosOutput`` for RGB in 0..1 [B, 3, S, S] and mask logits [B, 1, S, S], S divisible by 16 (224 trained)."""
        return self.decode(rgb, logits)
