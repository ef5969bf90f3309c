"""From a finished run to the program: half-precision weights and a card that says plainly what they are.

Run as ``python -m training.common.export RUN --name mos_l --out resources/weights --data FOLDER``.
The temperature and the ramp are fitted on the validation split here; scores come from ``evaluate --json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core import metrics
from meticulous_gui.core.types import Alpha, Logits
from meticulous_gui.engine.alpha import DEFAULT_RAMP
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.models.meticulous import MosOutput
from meticulous_gui.engine.networks import COARSE_PX
from meticulous_gui.engine.weights import write_weights
from training.common.augment import generator
from training.common.calibrate import band_pixels, calibration_error, fit_ramp
from training.common.cases import KINDS, validation_cases, wrong_mask
from training.common.command import run_command
from training.common.composite import composite
from training.common.feed import to_unit
from training.common.mixture import EMOJI, Mixture, Share, parse_shares
from training.common.networks import ROLES, network_of
from training.common.overview import has_page, write_page
from training.common.predict import joined_logits
from training.common.shards import PairSet, find_sets, open_set, require_some
from training.common.terms import TERMS, data_of

_PHOTOS = "duts"
_N_CALIBRATION = 60
_N_COMPOSITES = 24


def command_of(facts: dict[str, Any], run: Path) -> str:
    """Return the run's commands with DATA for the folders, their commits, and the number of steps.

    Of a weight file: what its card says.
    """
    if "card" in facts:
        return str(facts["card"].command)
    path = (run if run.is_dir() else run.parent) / "config.json"
    recorded = json.loads(path.read_text(encoding="utf-8"))
    parts = [*recorded.get("earlier", []), recorded]
    shown = [f"{_without_folders(part['command'])} (commit {_short(part['commit'])})" for part in parts]
    return f"{'; then '.join(shown)}; {facts['step']} steps"


def _short(commit: str) -> str:
    name, plus, changes = commit.partition("+")
    return name[:12] + plus + changes


def _without_folders(command: str) -> str:
    """Return a command with DATA for its data folders and without the paths of weight files."""
    shown: list[str] = []
    is_data = False
    for word in command.split(" "):
        is_data = (is_data and not word.startswith("--")) or word == "--data"
        if word == "--data":
            shown += ["--data", "DATA"]
        elif not is_data:
            shown.append(Path(word).name if word.endswith(".safetensors") else word)
    return " ".join(shown)


@torch.no_grad()
def _refine(network: nn.Module, rgb: np.ndarray, prior: Logits) -> Logits:
    x = to_unit(torch.from_numpy(np.ascontiguousarray(rgb[None])), torch.device("cpu"))
    answer = network(x, torch.from_numpy(prior[None, None]))
    logits: Tensor = answer.logits if isinstance(answer, MosOutput) else answer
    return cast(Logits, logits[0, 0].numpy())


def _on_photos(network: nn.Module, architecture: str, photos: PairSet) -> Iterator[tuple[Logits, Alpha]]:
    """Yield logits and the truth on held-out photos (MOS_L, all its looks) or crops (MOS_H)."""
    if architecture == "mos_l":
        for index in range(min(_N_CALIBRATION, len(photos))):
            pair = photos[index]
            yield joined_logits(network, pair.rgb), pair.alpha
        return
    n_each = max(1, _N_CALIBRATION // len(KINDS))
    mixture = Mixture((Share("photos", 1.0),), {"photos": photos}, 1, photo_set="photos")
    for case in validation_cases(mixture, generator(1, 0, 0), n_each=n_each, side_px=224):
        if case.kind != "true":  # there the answer is the input, and says nothing of the network
            yield _refine(network, case.rgb, case.prior), case.alpha


def _on_composites(
    network: nn.Module, architecture: str, photos: PairSet, objects: PairSet
) -> Iterator[tuple[Logits, Alpha]]:
    """Yield logits and exact coverage on composites of held-out objects over held-out photos."""
    for index in range(_N_COMPOSITES):
        rng = generator(2, 0, index)
        ground = photos[int(rng.integers(len(photos)))].rgb
        thing = objects[index % len(objects)]
        if architecture == "mos_l":
            rgb, alpha = composite(thing, ground, rng, side_px=COARSE_PX, scale=(0.4, 0.9))
            yield joined_logits(network, rgb), alpha
        else:
            rgb, alpha = composite(thing, ground, rng, side_px=224, scale=(0.6, 1.1))
            yield _refine(network, rgb, wrong_mask(alpha, ("warped4", "shrunk4")[index % 2], rng)), alpha


def flat_scores(path: Path, prefix: str) -> dict[str, float]:
    """Return the figures of an ``evaluate --json`` file under one flat name each."""
    table = json.loads(path.read_text(encoding="utf-8"))
    return {
        f"{prefix} {method}: {name}": round(float(value), 5)
        for method, figures in table.items()
        for name, value in figures.items()
        if isinstance(value, int | float)
    }


def _fitted(
    network: nn.Module, architecture: str, set_name: str, data: list[Path]
) -> tuple[float, float, dict[str, float]]:
    """Return temperature and ramp fitted on the validation split, and the errors that are left."""
    photos = open_set(data, set_name, "val", cache_bytes=1 << 30)
    require_some(photos, set_name, "val")
    logits, truth = band_pixels(_on_photos(network, architecture, photos))
    temperature = round(metrics.fit_temperature(logits, truth), 4)
    error = calibration_error(logits, truth, temperature)
    print(f"calibration error in the band {error:.4f} (1.0: {calibration_error(logits, truth, 1.0):.4f})")
    errors = {f"{set_name} val: calibration error in the band": round(error, 5)}
    objects = open_set(data, EMOJI, "val") if any(EMOJI in find_sets(folder) for folder in data) else None
    if not objects:
        print(f"no held-out {EMOJI!r} with exact coverage in the data: the ramp of alpha is the usual one")
        return temperature, DEFAULT_RAMP, errors
    ramp, ramp_error = fit_ramp(_on_composites(network, architecture, photos, objects))
    errors["emoji composites, val: alpha error in the band"] = round(ramp_error(ramp), 5)
    return temperature, ramp, errors


def main(arguments: list[str] | None = None) -> Card:
    """Write the weights and the card; print what was written."""
    parser = argparse.ArgumentParser(prog="python -m training.common.export", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="a run, or a weight file to be fitted anew")
    parser.add_argument("--name", required=True, help="what a person calls the network")
    parser.add_argument("--out", type=Path, required=True, help="folder, such as resources/weights")
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--scores", type=Path, action="append", default=[], help="JSON of evaluate; may repeat"
    )
    parser.add_argument(
        "--scores-name", action="append", default=[], help="what it was measured on, in order"
    )
    parser.add_argument(
        "--failure", action="append", default=[], help="a sentence on what it does badly; may repeat"
    )
    options = parser.parse_args(arguments)
    network, facts = network_of(options.run)
    architecture = facts["architecture"]
    scores: dict[str, float] = {}
    for place, path in enumerate(options.scores):
        prefix = options.scores_name[place] if place < len(options.scores_name) else path.stem
        scores |= flat_scores(path, prefix)
    temperature, ramp = 1.0, DEFAULT_RAMP
    if architecture != "fbrs":  # clicks give a mask, not coverage: nothing to fit
        photos = parse_shares(facts["sets"])[0].name if "sets" in facts else _PHOTOS
        temperature, ramp, errors = _fitted(network, architecture, photos, options.data)
        scores |= errors
    card = Card(
        options.name,
        ROLES[architecture],
        architecture,
        facts["options"],
        data=data_of(facts),
        terms=TERMS,
        command=command_of(facts, options.run),
        scores=scores,
        failures=list(options.failure),
        temperature=temperature,
        ramp=round(ramp, 3),
    )
    written = write_weights(network, card, options.out / f"{options.name}.safetensors")
    if has_page(options.out):
        write_page(options.out)
    print(f"{written.path}: {written.bytes / 1e6:.2f} MB, temperature {temperature}, ramp {card.ramp}")
    return written


if __name__ == "__main__":
    run_command(main)
