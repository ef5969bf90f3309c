"""MOS_H: the refiner; a patch and the logits of a coarse mask in, the logits of a better mask out."""

from __future__ import annotations

from torch import Tensor

from .meticulous import MeticulousNet, MosConfig, MosOutput

PATCH_PX = 224


class MosH(MeticulousNet):
    """Refinement of a mask's edge in a patch; starts as the identity on the input logits (clamped to +-4)."""

    def __init__(self, config: MosConfig) -> None:
        super().__init__(config, has_prior=True)

    def forward(self, rgb: Tensor, logits: Tensor) -> MosOutput:
        """Return the seven outputs.

        Args:
            rgb: 0..1, float32 [B, 3, S, S], S divisible by 16; 224 is the trained size.
            logits: of the mask to refine, float32 [B, 1, S, S].
        """
        return self.decode(rgb, logits)
