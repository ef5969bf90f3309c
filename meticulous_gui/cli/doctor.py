"""``meticulous doctor``: what this machine has, what will be used, how fast it is, and what is wrong."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from meticulous_gui.cli.arguments import add_device
from meticulous_gui.cli.exits import EXIT_DONE, EXIT_SOME_FAILED
from meticulous_gui.core.errors import UsageError

if TYPE_CHECKING:
    from meticulous_gui.cli import machine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--quick", action="store_true", help="do not load torch and do not measure speed")
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; return 1 where something is wrong."""
    from meticulous_gui.cli import machine

    if arguments.quick and arguments.device is not None:
        raise UsageError("--quick measures nothing on --device; leave one of them out.")
    findings = [
        *machine.program(),
        *machine.libraries(),
        *machine.computer(),
        *machine.display(),
        *machine.folders(),
        *machine.networks(),
    ]
    if not arguments.quick:
        findings += machine.speed(arguments.device)
    problems = [finding.problem for finding in findings if finding.problem]
    if arguments.json:
        rows = [finding.__dict__ for finding in findings]
        print(json.dumps({"findings": rows, "problems": problems}, indent=2, ensure_ascii=False))  # noqa: T201
    else:
        _print_table(findings, problems)
    return EXIT_SOME_FAILED if problems else EXIT_DONE


def _print_table(findings: list[machine.Finding], problems: list[str]) -> None:
    group = ""
    for finding in findings:
        if finding.group != group:
            group = finding.group
            print(f"\n{group}" if finding is not findings[0] else group)  # noqa: T201
        mark = "!" if finding.problem else " "
        print(f" {mark} {finding.name:<22} {finding.value}".rstrip())  # noqa: T201
    print()  # noqa: T201
    for problem in problems:
        print(f"! {problem}")  # noqa: T201
    if not problems:
        print("Nothing is wrong.")  # noqa: T201
