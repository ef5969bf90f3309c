"""Published encoder weights into our encoders, by name."""

from __future__ import annotations

import torch
from torch import Tensor

from .backbones import Encoder


def load_pretrained(encoder: Encoder, tensors: dict[str, Tensor]) -> list[str]:
    """Copy published tensors into ``encoder`` by name; widen the stem with zeros for further input channels.

    Args:
        encoder: network to fill, in place.
        tensors: as read from a safetensors file; tensors that the encoder does not have (heads) are left out.

    Returns:
        Names of the encoder's parameters and buffers that the file does not hold (they keep their start
        values).

    Raises:
        ValueError: no name fits, or a shape does not.
    """
    own = encoder.state_dict()
    missing: list[str] = []
    n_loaded = 0
    for name, target in own.items():
        if name.endswith("num_batches_tracked"):
            continue
        source = tensors.get(name)
        if source is None:
            missing.append(name)
            continue
        own[name] = _widened(name, source.to(target.dtype), target)
        n_loaded += 1
    if n_loaded == 0:
        raise ValueError("none of the file's tensors belongs to this encoder")
    encoder.load_state_dict(own)
    return missing


def _widened(name: str, source: Tensor, target: Tensor) -> Tensor:
    """Return ``source`` in the shape of ``target``, whose further input channels start without effect."""
    if source.shape == target.shape:
        return source
    axis = 1 if source.ndim == 4 else 0
    same_rest = (
        source.shape[:axis] + source.shape[axis + 1 :] == target.shape[:axis] + target.shape[axis + 1 :]
    )
    if not same_rest or source.shape[axis] > target.shape[axis]:
        raise ValueError(
            f"{name}: the file has shape {tuple(source.shape)}, the encoder {tuple(target.shape)}"
        )
    wide = torch.zeros_like(target) if source.ndim == 4 else target.clone()
    wide.narrow(axis, 0, source.shape[axis]).copy_(source)
    return wide
