"""Make one MOS_L of two: the looks of the second at the whole photo are joined with those of the first.

Run as ``python -m training.mos_l.pair FIRST SECOND --out FILE.safetensors``; each may be a run, a checkpoint
or a weight file. ``evaluate FILE --looks`` measures it, ``export FILE`` fits its temperature and ships it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from torch import nn

from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.models import MosL, build
from meticulous_gui.engine.weights import write_weights
from training.common.command import run_command
from training.common.export import command_of
from training.common.networks import first_of, network_of
from training.common.terms import TERMS, data_of


def paired(first: MosL, second: MosL, card: Card) -> nn.Module:
    """Return one network, in evaluation mode, of the two.

    Args:
        first: sees a photo at its own size and near its object; a second network that it has is left out.
        second: one without a second network of its own.
        card: of the pair, whose options name both.
    """
    both = build("mos_l", card.options)
    of_second = {f"second.{name}": value for name, value in second.state_dict().items()}
    both.load_state_dict(first_of(first) | of_second)
    return both.eval()


def main(arguments: list[str] | None = None) -> Card:
    """Write the pair and its card."""
    parser = argparse.ArgumentParser(prog="python -m training.mos_l.pair", description=__doc__)
    parser.add_argument("first", type=Path, metavar="FIRST")
    parser.add_argument("second", type=Path, metavar="SECOND")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="NAME.safetensors")
    options = parser.parse_args(arguments)
    networks, parts = [], []
    for path in (options.first, options.second):
        network, facts = network_of(path)
        if not isinstance(network, MosL):
            parser.error(f"{path} is no MOS_L")
        networks.append(network)
        parts.append((facts["options"], data_of(facts), command_of(facts, path)))
    (structure, data, command), (second_structure, second_data, second_command) = parts
    card = Card(
        options.out.stem,
        "segmenter",
        "mos_l",
        structure | {"second": second_structure},
        data=list(dict.fromkeys(data + second_data)),
        terms=TERMS,
        command=f"{command}; the second network: {second_command}",
    )
    written = write_weights(paired(networks[0], networks[1], card), card, options.out)
    print(f"{written.path}: {written.bytes / 1e6:.2f} MB")
    return written


if __name__ == "__main__":
    run_command(main)
