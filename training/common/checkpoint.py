"""Checkpoints of a run: safetensors plus a JSON state, so that no pickle is ever read, written atomically."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from meticulous_gui.core.errors import UsageError
from training.common.schedule import AverageOfWeights


def save_checkpoint(
    path: Path,
    *,
    network: nn.Module,
    average: AverageOfWeights,
    optimiser: torch.optim.Optimizer,
    state: dict[str, Any],
) -> None:
    """Write all that a run needs to go on exactly: weights, averages, moments, random numbers, counters.

    Args:
        path: file, replaced only once the new one is whole.
        network: the trained module itself (not a wrapper of it).
        average: its running average.
        optimiser: AdamW; its moments are stored by the parameter's place.
        state: counters and configuration, anything JSON can hold.
    """
    tensors = {f"network.{name}": value.detach() for name, value in network.state_dict().items()}
    tensors |= {f"average.{name}": value for name, value in average.tensors.items()}
    for index, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": torch.as_tensor(value) for name, value in moments.items()}
    tensors["random.cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    partial = path.with_name(path.name + ".part")
    save_file(tensors, partial, metadata={"state": json.dumps(state)})
    with partial.open("r+b") as stream:  # Windows syncs only what may be written
        os.fsync(stream.fileno())
    partial.replace(path)


def load_tensors(path: Path, prefix: str) -> dict[str, Tensor]:
    """Return the tensors under ``prefix.`` (network, average, optimiser or random), without it."""
    with safe_open(path, framework="pt") as stored:
        names = [name for name in stored.keys() if name.startswith(prefix + ".")]  # noqa: SIM118  (not a dict)
        return {name[len(prefix) + 1 :]: stored.get_tensor(name) for name in names}


def load_state(path: Path) -> dict[str, Any]:
    """Return the counters and the configuration of a checkpoint.

    Raises:
        UsageError: the file is no checkpoint of a run, or damaged.
    """
    try:
        with safe_open(path, framework="pt") as stored:
            state: dict[str, Any] = json.loads((stored.metadata() or {})["state"])
    except (SafetensorError, KeyError) as error:
        msg = f"{path} is no checkpoint of a run, nor a weight file with its card beside it."
        raise UsageError(msg) from error
    return state


def resume(
    path: Path, *, network: nn.Module, average: AverageOfWeights, optimiser: torch.optim.Optimizer
) -> dict[str, Any]:
    """Put a run back into the state of its checkpoint and return the counters."""
    network.load_state_dict(load_tensors(path, "network"))
    for name, value in load_tensors(path, "average").items():
        average.tensors[name].copy_(value)
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in load_tensors(path, "optimiser").items():
        index, _, kind = name.partition(".")
        if value.ndim:
            # The fused optimiser walks through memory: moments must lie there as their parameter does.
            value = torch.empty_like(parameters[int(index)]).copy_(value)
        moments.setdefault(int(index), {})[kind] = value
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})
    random = load_tensors(path, "random")
    torch.set_rng_state(random["cpu"])
    if "cuda" in random and torch.cuda.is_available():
        torch.cuda.set_rng_state(random["cuda"])
    return load_state(path)
