"""What the click network is trained to minimise."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

from meticulous_gui.engine.models.fbrs import FbrsOutput

ALPHA, GAMMA = 0.5, 2.0
COARSE_SHARE = 0.4
CLICK_SHARE = 0.5
CLICK_MARGIN = 1.0


def normalised_focal_loss(logits: Tensor, truth: Tensor, weight: Tensor, *, alpha: float = ALPHA) -> Tensor:
    """Return the normalised focal loss of each sample, [B] float32.

    The focal factors are divided by their mean (without gradient), so that the loss does not fade as the
    answers get better (Sofiiuk et al. 2019).

    Args:
        logits: [B, 1, h, w].
        truth: [B, 1, h, w], above one half: object.
        weight: [B, 1, h, w]; 0: the pixel does not count.
        alpha: weight of the object, 1 - alpha that of the rest.
    """
    logits, is_object, is_valid = logits.float(), truth > 0.5, weight > 0
    signed = torch.where(is_object, logits, -logits)
    log_right = functional.logsigmoid(signed)  # the logarithm of the probability of what is true
    factor = (1.0 - log_right.exp()) ** GAMMA * is_valid
    n_valid = is_valid.sum(dim=(1, 2, 3), keepdim=True)
    norm = (n_valid / (factor.sum(dim=(1, 2, 3), keepdim=True) + 1e-12)).detach()
    share = torch.where(is_object, alpha, 1.0 - alpha)
    loss = -share * norm * factor * log_right * weight
    return loss.sum(dim=(1, 2, 3)) / weight.sum(dim=(1, 2, 3)).clamp_min(1e-6)


def click_loss(logits: Tensor, planes: Tensor, truth: Tensor) -> Tensor:
    """Return how far the discs of the clicks are from their margin, a scalar.

    Args:
        logits: [B, 1, S, S].
        planes: [B, 2, S, S]: include, exclude; parts of a disc beyond the true edge do not count.
        truth: [B, 1, S, S].
    """
    include, exclude = planes[:, :1] * truth, planes[:, 1:] * (1.0 - truth)
    logits = logits.float()
    wrong = include * functional.relu(CLICK_MARGIN - logits) ** 2
    wrong = wrong + exclude * functional.relu(CLICK_MARGIN + logits) ** 2
    return wrong.sum() / (include + exclude).sum().clamp_min(1.0)


def fbrs_loss(
    output: FbrsOutput, planes: Tensor, truth: Tensor, weight: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the loss of a batch and its detached parts ``final`` and ``coarse``.

    Args:
        output: the network's logits.
        planes: [B, 2, S, S] float32: the clicks it was given.
        truth: [B, 1, S, S] float32, 0 or 1.
        weight: [B, 1, S, S] float32.
    """
    final = normalised_focal_loss(output.logits, truth, weight).mean()
    cell_hw = (truth.shape[2] // output.coarse.shape[2], truth.shape[3] // output.coarse.shape[3])
    coarse_truth = functional.avg_pool2d(truth, cell_hw)
    coarse = normalised_focal_loss(output.coarse, coarse_truth, torch.ones_like(coarse_truth)).mean()
    loss = final + COARSE_SHARE * coarse + CLICK_SHARE * click_loss(output.logits, planes, truth)
    return loss, {"final": final.detach(), "coarse": coarse.detach()}
