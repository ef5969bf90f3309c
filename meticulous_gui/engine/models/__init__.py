"""Networks: one file each, built by the name of their architecture."""

from __future__ import annotations

from typing import Any

from torch import nn

from .crm import CrmConfig, CrmNet
from .fbrs import FbrsConfig, FbrsNet
from .meticulous import MosConfig
from .mos_h import MosH
from .mos_l import MosL, MosLConfig

ARCHITECTURES = ("mos_l", "mos_h", "crm", "fbrs")


def build(architecture: str, options: dict[str, Any]) -> nn.Module:
    """Return a network with random weights.

    Args:
        architecture: one of ``ARCHITECTURES``.
        options: fields of the architecture's configuration.

    Raises:
        ValueError: unknown architecture or option.
    """
    match architecture:
        case "mos_l":
            return MosL(MosLConfig.from_options(options))
        case "mos_h":
            return MosH(MosConfig.from_options(options))
        case "crm":
            return CrmNet(CrmConfig.from_options(options))
        case "fbrs":
            return FbrsNet(FbrsConfig.from_options(options))
        case _:
            raise ValueError(f"architecture must be one of {', '.join(ARCHITECTURES)}, got {architecture!r}")


__all__ = [
    "ARCHITECTURES",
    "CrmConfig",
    "CrmNet",
    "FbrsConfig",
    "FbrsNet",
    "MosConfig",
    "MosH",
    "MosL",
    "MosLConfig",
    "build",
]
