"""Weights on disk: safetensors and a card; whatever differs from its card is refused in one sentence."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.core.files import ensure_folder
from meticulous_gui.engine.catalog import Card, read_card, sha256_of, write_pair
from meticulous_gui.engine.models import build

__all__ = ["Card", "load_network", "verify", "write_weights"]

_PICKLE_STARTS: Final = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_OTHER_CARD: Final = "its card belongs to another file, copy the right pair"
_HALF_MAX: Final = float(torch.finfo(torch.float16).max)


def load_network(card: Card) -> nn.Module:
    """Return the network of a card with its weights, float32, on the CPU, in evaluation mode.

    Raises:
        WeightsError: the file is missing, is no safetensors file, is not the one the card describes, or holds
            other tensors than the architecture has.
    """
    path = card.path
    if path is None or not path.is_file():
        raise WeightsError(
            f"The weights of {card.name} are missing: there is no file {path}; install Meticulous again or "
            "import the file."
        )
    try:
        _refuse_pickle(path)
        digest = sha256_of(path)
    except OSError as error:
        reason = error.strerror or error
        raise WeightsError(
            f"The weight file {path} cannot be read ({reason}); allow it or copy it."
        ) from error
    if digest != card.sha256:
        raise WeightsError(
            f"The weight file {path} is not the one its card describes: "
            f"its sha256 starts with {digest[:12]}, the card says {card.sha256[:12]}; copy both "
            "again from where they came from."
        )
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(
            f"The weight file {path} cannot be read: {error}; copy it again from where it came from."
        ) from error
    try:
        network = build(card.architecture, card.options)
    except (ValueError, TypeError) as error:
        raise WeightsError(
            f"The card of {path} asks for a network this version cannot build: {error}; update Meticulous or "
            "use other weights."
        ) from error
    _fill(network, tensors, path)
    return network.eval()


def verify(path: Path) -> Card:
    """Return the card of a weight file after loading it completely.

    Raises:
        WeightsError: as `load_network` and `read_card`.
    """
    card = read_card(path)
    load_network(card)
    return card


def write_weights(module: nn.Module, card: Card, path: Path) -> Card:
    """Write the weights of ``module`` in half precision, and the card beside them, both whole or not at all.

    Vectors (norms, biases) and what half precision cannot hold stay in float32: they weigh nothing, and a
    variance of 1e-9 would become 0.

    Args:
        module: what ``engine.models.build`` gave for the card's architecture and options.
        card: without hash, size and path; they are filled in.
        path: NAME.safetensors; its folder is made.

    Returns:
        The card as written.

    Raises:
        ExportError: a file cannot be written; it is what it was before.
    """
    tensors = {
        name: _halved(value.detach().cpu()).contiguous() for name, value in module.state_dict().items()
    }
    content = save(tensors, metadata={"name": card.name, "architecture": card.architecture})
    digest = hashlib.sha256(content).hexdigest()
    written = dataclasses.replace(card, sha256=digest, bytes=len(content), path=path)
    ensure_folder(path.parent)
    write_pair(content, written, path)
    return written


def _halved(value: Tensor) -> Tensor:
    if not value.is_floating_point():
        return value
    if value.ndim <= 1 or float(value.abs().max() if value.numel() else 0.0) > _HALF_MAX:
        return value.float()
    return value.half()


def _refuse_pickle(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(_PICKLE_STARTS):
        raise WeightsError(
            f"{path} is a pickle under the name of a safetensors file; a pickle could run any program and is "
            "never loaded: ask for real safetensors."
        )


def _fill(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    own = network.state_dict()
    if missing := sorted(set(own) - set(tensors)):
        raise WeightsError(
            f"{path} lacks {len(missing)} tensors of its network, such as {missing[0]}; {_OTHER_CARD}."
        )
    if foreign := sorted(set(tensors) - set(own)):
        raise WeightsError(
            f"{path} holds {len(foreign)} tensors that its network does not have, such as {foreign[0]}; "
            f"{_OTHER_CARD}."
        )
    for name, value in tensors.items():
        if value.shape != own[name].shape:
            raise WeightsError(
                f"{path} has {name} with shape {tuple(value.shape)}, "
                f"its network with {tuple(own[name].shape)}; {_OTHER_CARD}."
            )
    for name, value in tensors.items():
        own[name].copy_(value)  # at once: through load_state_dict it takes three times as long
