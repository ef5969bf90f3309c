"""The cards of a folder of weights as one page to read.

Run as ``python -m training.common.overview resources/weights``; the export does it after each card
in a folder with such a page.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from meticulous_gui.core.errors import UsageError
from meticulous_gui.engine.catalog import Card, read_card
from training.common.command import run_command

PAGE: Final = "README.md"
_OF_MASKS: Final = {"mean_iou": "mean IoU", "mba": "mBA", "mae": "MAE"}
_OF_CLICKS: Final = {name: name for name in ("NoC@85", "NoC@90", "IoU@1", "IoU@3")}
"""Of the figures that an evaluation writes for each method, and what they are called."""

_HEAD: Final = """# The networks that come with the program

Made from the cards (`NAME.json`) beside the weights; the cards hold every figure. Scores are of pictures that
were not trained on, at the pictures' own size: mean IoU, mBA (share of right pixels along the edge) and MAE;
of clicks how many an object takes to an IoU of .85 and .90 (NoC), and its IoU after one and three.
"""


def page(cards: list[Card]) -> str:
    """Return the page, Markdown, one section for each card."""
    return "\n".join([_HEAD, *(_section(card) for card in cards)])


def _section(card: Card) -> str:
    shown = _OF_CLICKS if card.role == "click_segmenter" else _OF_MASKS
    lines = [
        f"## {card.name}",
        "",
        f"Role: {card.role}. {card.bytes / 1e6:.1f} MB in half precision. {card.terms}",
        "",
        "Trained on:",
        "",
        *(f"- {line}" for line in card.data),
        "",
        f"| measured on | {' | '.join(shown.values())} |",
        "|---" * (1 + len(shown)) + "|",
        *_rows(card.scores, shown),
        "",
        f"Temperature of the confidence {card.temperature}; ramp of the alpha {card.ramp} logits.",
        *(
            f"{name}: {value}."
            for name, value in card.scores.items()
            if ": calib" in name or ": alpha" in name
        ),
    ]
    if card.failures:
        lines += ["", "Known to do badly:", "", *(f"- {line}" for line in card.failures)]
    return "\n".join([*lines, "", "Made with:", "", "```", card.command, "```", ""])


def _rows(scores: dict[str, float], shown: dict[str, str]) -> list[str]:
    methods: dict[str, dict[str, float]] = {}
    for name, value in scores.items():
        method, _, figure = name.rpartition(": ")
        if figure in shown:
            methods.setdefault(method, {})[figure] = value
    return [
        f"| {method} | "
        + " | ".join(f"{found[figure]:.4f}" if figure in found else "" for figure in shown)
        + " |"
        for method, found in methods.items()
    ]


def has_page(folder: Path) -> bool:
    """Say whether a folder has such a page; a README.md of somebody else is none."""
    path = folder / PAGE
    return path.is_file() and path.read_bytes().startswith(_HEAD.partition("\n")[0].encode())


def write_page(folder: Path) -> Path:
    """Write the page of all cards in a folder and return where it is.

    Raises:
        UsageError: it would replace another page.
        WeightsError: a weight file has no card, or one of no use.
    """
    cards = [read_card(path) for path in sorted(folder.glob("*.safetensors"))]
    path = folder / PAGE
    if path.exists() and not has_page(folder):
        raise UsageError(f"{path} is no page of networks and is left alone; move it or name another folder.")
    path.write_text(page(cards), encoding="utf-8")
    return path


def main(arguments: list[str] | None = None) -> None:
    """Write the page of a folder."""
    parser = argparse.ArgumentParser(prog="python -m training.common.overview", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    print(write_page(parser.parse_args(arguments).folder))


if __name__ == "__main__":
    run_command(main)
