"""``meticulous models``: which networks are installed, whether they are whole, and how to add one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from meticulous_gui.cli.arguments import path_of
from meticulous_gui.cli.exits import EXIT_DONE, EXIT_SOME_FAILED
from meticulous_gui.core.errors import UsageError

if TYPE_CHECKING:
    from meticulous_gui.engine.catalog import Card, Catalog


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", help="list the installed networks (the default)", allow_abbrev=False)
    verifying = actions.add_parser("verify", help="load every network, or those named", allow_abbrev=False)
    verifying.add_argument("names", metavar="NAME", nargs="*", help="names of networks, or weight files")
    importing = actions.add_parser("import", help="copy weight files and their cards", allow_abbrev=False)
    importing.add_argument(
        "files", metavar="FILE", nargs="+", type=path_of, help=".safetensors with its .json card beside it"
    )
    parser.set_defaults(models_action=run_list)
    for action, function in ((listing, run_list), (verifying, run_verify), (importing, run_import)):
        action.set_defaults(models_action=function)
    for taker in (parser, listing):
        # SUPPRESS: the sub-parser must not put the flag of its parent back to False.
        taker.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print the cards as JSON"
        )


def installed() -> Catalog:
    """Return the installed networks; those that the settings name are the chosen ones."""
    from meticulous_gui.core.settings import load_settings
    from meticulous_gui.engine.catalog import Catalog

    return Catalog.default().choosing(load_settings().settings.engine.networks)


def run(arguments: argparse.Namespace) -> int:
    """Carry out the action and return the exit code."""
    if getattr(arguments, "json", False) and arguments.models_action is not run_list:
        raise UsageError("--json is for the list of networks; leave it out.")
    code: int = arguments.models_action(arguments)
    return code


def run_list(arguments: argparse.Namespace) -> int:
    """Print the installed networks; a card that cannot be read is named and the exit code is 1."""
    catalog = installed()
    cards = [catalog.cards[name] for name in sorted(catalog.cards)]
    if getattr(arguments, "json", False):
        rows = [{**vars(card), "path": str(card.path)} for card in cards]
        print(json.dumps({"networks": rows, "problems": catalog.problems}, indent=2, ensure_ascii=False))  # noqa: T201
    else:
        for card in cards:
            print(_description(card, is_used=_is_used(catalog, card)))  # noqa: T201
        if not cards:
            print("No networks are installed.")  # noqa: T201
    for problem in catalog.problems:
        _say(problem)
    return EXIT_SOME_FAILED if catalog.problems or not cards else EXIT_DONE


def run_verify(arguments: argparse.Namespace) -> int:
    """Load networks completely and say of each whether it is whole."""
    from meticulous_gui.core.errors import WeightsError
    from meticulous_gui.engine.catalog import Catalog
    from meticulous_gui.engine.weights import verify

    catalog = Catalog.default()
    paths = [_path_of(catalog, name) for name in arguments.names or sorted(catalog.cards)]
    failed = list(catalog.problems) if not arguments.names else []
    for path in paths:
        try:
            card = verify(path)
        except WeightsError as error:
            failed.append(str(error))
        else:
            print(f"{card.name}: whole ({path})")  # noqa: T201
    for sentence in failed:
        _say(sentence)
    if not paths:
        _say("no networks are installed; install Meticulous again or import a file.")
    return EXIT_SOME_FAILED if failed or not paths else EXIT_DONE


def run_import(arguments: argparse.Namespace) -> int:
    """Copy weight files into the person's folder, after loading each completely."""
    from meticulous_gui.core.errors import MeticulousError
    from meticulous_gui.engine.catalog import install
    from meticulous_gui.engine.weights import verify

    failed = 0
    for path in arguments.files:
        try:
            verify(path)
            card = install(path)
        except MeticulousError as error:
            _say(str(error))
            failed += 1
        else:
            used = installed().preferred(card.role)
            hint = (
                "" if used.path == card.path else f" ({used.name} stays in use; --weights FILE takes another)"
            )
            print(f"{card.name}: imported to {card.path}{hint}")  # noqa: T201
    return EXIT_SOME_FAILED if failed else EXIT_DONE


def _path_of(catalog: Catalog, name: str) -> Path:
    card = catalog.cards.get(name)
    if card is not None and card.path is not None:
        return card.path
    if Path(name).suffix:
        return Path(name)
    known = ", ".join(sorted(catalog.cards)) or "none"
    raise UsageError(f"there is no network named {name}; installed are: {known}.")


def _is_used(catalog: Catalog, card: Card) -> bool:
    return catalog.preferred(card.role) is card


def _description(card: Card, *, is_used: bool) -> str:
    """Return what a person wants to know of a network before using it: what, how good, which terms."""
    use = ", in use" if is_used else ""
    lines = [
        f"{card.name}  ({card.role}{use}, {card.architecture}, {card.bytes / 1e6:.1f} MB)",
        f"  file    {card.path}",
    ]
    lines += [f"  scores  {line}" for line in _score_lines(card.scores)]
    lines += [f"  data    {entry}" for entry in card.data]
    if card.terms:
        lines.append(f"  terms   {card.terms}")
    lines += [f"  weak    {entry}" for entry in card.failures]
    return "\n".join(lines)


def _score_lines(scores: Mapping[str, float]) -> list[str]:
    """Return a line for each set that was measured: a name says the set, a colon and the figure."""
    lines: dict[str, list[str]] = {}
    for name, value in scores.items():
        measured, _, figure = name.rpartition(": ")
        lines.setdefault(measured, []).append(f"{figure} {value:.4g}")
    return [f"{measured}: {', '.join(figures)}".removeprefix(": ") for measured, figures in lines.items()]


def _say(sentence: str) -> None:
    print(f"meticulous: {sentence}", file=sys.stderr)  # noqa: T201
