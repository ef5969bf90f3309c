"""Networks at the start of a run and out of a finished one."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from safetensors.torch import load_file
from torch import Tensor, nn

from meticulous_gui.engine.catalog import Role, read_card
from meticulous_gui.engine.models import MosL, build
from meticulous_gui.engine.models.pretrained import load_pretrained
from meticulous_gui.engine.weights import load_network
from training.common.checkpoint import load_state, load_tensors
from training.common.command import asking_for_network
from training.common.terms import earlier_data_of

BEST = "best.safetensors"
ROLES: Final[dict[str, Role]] = {
    "mos_l": "segmenter",
    "mos_h": "refiner",
    "crm": "refiner",
    "fbrs": "click_segmenter",
}


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what the network is and what it starts from."""
    parser.add_argument("--encoder", default=None, help="name of the encoder; default: the network's own")
    parser.add_argument(
        "--encoder-weights", type=Path, help="safetensors of a pretrained encoder, or of a network of ours"
    )
    parser.add_argument(
        "--freeze", type=int, default=0, help="first blocks of the encoder to keep as they are"
    )
    parser.add_argument("--options", default="{}", help="further options of the network, JSON")
    parser.add_argument(
        "--start-from",
        type=Path,
        help="run or checkpoint whose averaged weights to start from, or weights; "
        "with --encoder-weights all but their encoder",
    )


@asking_for_network()
def build_network(architecture: str, options: argparse.Namespace) -> tuple[nn.Module, dict[str, Any]]:
    """Return the network that the options ask for and what its card must say of it.

    Raises:
        UsageError: there is no such structure, or the weights are missing, damaged or of another one.
    """
    structure: dict[str, Any] = json.loads(options.options)
    if options.encoder is not None:
        structure["encoder"] = options.encoder
    network = build(architecture, structure)
    before: dict[str, Any] = {}
    if options.start_from is not None:
        start, before = network_of(options.start_from)
        _fill(network, _part_like(start, network), options.start_from)
    if options.encoder_weights is not None:
        tensors = _of_encoder(load_file(options.encoder_weights))
        missing = load_pretrained(network.encoder, tensors)  # type: ignore[arg-type]
        if missing:
            print(f"{options.encoder_weights}: {len(missing)} tensors start at random, such as {missing[0]}")
    if options.freeze:
        blocks = list(network.encoder.features)[: options.freeze]  # type: ignore[arg-type,union-attr]
        network.encoder.freeze(*blocks)  # type: ignore[operator,union-attr]
    facts = {
        "architecture": architecture,
        "options": structure,
        "encoder_weights": options.encoder_weights.name if options.encoder_weights else None,
        "sets": options.sets,
        "earlier_data": earlier_data_of(before, keeps_encoder=options.encoder_weights is None),
        "start_from": str(options.start_from) if options.start_from else None,
    }
    return network, facts


def first_of(network: MosL) -> dict[str, Tensor]:
    """Return the tensors of a MOS_L without those of a second network that it may have."""
    return {name: value for name, value in network.state_dict().items() if not name.startswith("second.")}


def _part_like(start: nn.Module, network: nn.Module) -> dict[str, Tensor]:
    """Return the tensors of ``start``; of a MOS_L of two those of the one that is like ``network``."""
    if not isinstance(start, MosL) or start.second is None:
        return start.state_dict()
    own = first_of(start)
    return own if _structure(own) == _structure(network.state_dict()) else start.second.state_dict()


def _of_encoder(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the encoder's tensors of a whole network of ours by the encoder's own names; other files' as
    they are.
    """
    prefix = "encoder."
    return {
        name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)
    } or tensors


def checkpoint_of(run: Path) -> Path:
    """Return the checkpoint that stands for a run: the file itself, or the best one of a folder.

    Raises:
        FileNotFoundError: neither exists.
    """
    path = run / BEST if run.is_dir() else run
    if not path.is_file():
        msg = f"{run} holds no checkpoint: there is no file {path}"
        raise FileNotFoundError(msg)
    return path


@asking_for_network()
def network_of(path: Path) -> tuple[nn.Module, dict[str, Any]]:
    """Return a trained network (evaluation mode, CPU) and what ``build_network`` knew of it.

    Args:
        path: a run or a checkpoint, whose averaged weights are taken, or NAME.safetensors with NAME.json.

    Raises:
        UsageError: there is no such file, or a checkpoint is damaged or not what its options say.
        WeightsError: a weight file or its card is not whole.
    """
    if path.is_file() and path.with_suffix(".json").is_file():
        card = read_card(path)
        facts = {"architecture": card.architecture, "options": card.options, "earlier_data": card.data}
        return load_network(card), facts | {"card": card}
    state = load_state(checkpoint_of(path))
    facts = state["network"]
    network = build(facts["architecture"], facts["options"])
    _fill(network, load_tensors(checkpoint_of(path), "average"), path)
    return network.eval(), facts | {
        "step": state["step"],
        "elapsed_s": state["elapsed_s"],
        "config": state["config"],
    }


def _fill(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Copy weights into ``network``; a counter of batches need not be among them."""
    wanted, given = _structure(network.state_dict()), _structure(tensors)
    if wanted != given:
        odd = sorted({name for name, _ in wanted ^ given})
        msg = f"{path}: its network is another one; {len(odd)} tensors differ, such as {odd[0]}"
        raise ValueError(msg)
    network.load_state_dict(tensors, strict=False)


def _structure(tensors: dict[str, Tensor]) -> set[tuple[str, tuple[int, ...]]]:
    return {(name, tuple(value.shape)) for name, value in tensors.items() if value.is_floating_point()}
