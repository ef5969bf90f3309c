"""Arguments to command to exit code; ``--help`` answers from here without numpy, torch or Qt."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
from collections.abc import Sequence

from meticulous_gui import __version__
from meticulous_gui.cli import click, cutout, doctor, evaluate, models, refine
from meticulous_gui.cli.desktop import DESKTOP_OPTIONS
from meticulous_gui.cli.exits import EXIT_INTERRUPTED, EXIT_SOME_FAILED, EXIT_USAGE
from meticulous_gui.cli.logs import log_to_file
from meticulous_gui.core.errors import UsageError

_COMMANDS = {
    "cutout": (cutout, "cut the object out of each photo"),
    "refine": (refine, "make an existing mask better along its edge"),
    "click": (click, "cut out what some points of a photo show"),
    "evaluate": (evaluate, "compare masks with the true ones, in the field's metrics"),
    "models": (models, "list, verify and import networks"),
    "doctor": (doctor, "say what this machine has, what will be used, how fast it is and what is wrong"),
}
COMMANDS = tuple(_COMMANDS)

_log = logging.getLogger(__name__)

_WINDOW = """\
meticulous [PHOTO...]     open the window (with these photos)
       meticulous COMMAND ...    work without a window"""
_EXIT_CODES = """\
exit codes: 0 done, 1 some inputs failed, 2 wrong usage, 130 interrupted (what was finished is kept).
`meticulous COMMAND --help` says more about each command."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; needs the standard library only."""
    parser = argparse.ArgumentParser(
        prog="meticulous",
        usage=_WINDOW,
        description="Cut objects out of photographs.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"meticulous {__version__}")
    for option, summary in DESKTOP_OPTIONS.items():
        # Only named here, for the help: the entry of the program takes them before this parser is asked.
        parser.add_argument(option, action="store_true", help=summary)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            prog=f"meticulous {name}",
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            allow_abbrev=False,
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no traceback ever reaches a person."""
    try:
        code = _run(argv)
        sys.stdout.flush()  # Python's own at its end would show what goes wrong there
    except UsageError as error:
        return _say(str(error), EXIT_USAGE)
    except KeyboardInterrupt:
        return _say("interrupted.", EXIT_INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has gone
        _print_no_more()
        return EXIT_SOME_FAILED
    except Exception as error:  # noqa: BLE001  # the border between the program and a person
        return _say(_sentence(error), EXIT_SOME_FAILED)
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as leaving:  # argparse's own way out: 0 after --help, 2 after wrong usage
        return leaving.code if isinstance(leaving.code, int) else EXIT_USAGE
    log_to_file()
    code: int = arguments.run(arguments)
    return code


def _print_no_more() -> None:
    """Drop what is still to be printed: else Python would fail at it once more at its end, and say so."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str, code: int) -> int:
    print(f"meticulous: {sentence}", file=sys.stderr)  # noqa: T201
    return code


def _sentence(error: Exception) -> str:
    """Return one sentence for a failure of a whole command; the unexpected goes to the log."""
    from meticulous_gui.core.errors import MeticulousError

    if isinstance(error, MeticulousError):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # of files that we write another is told
        _print_no_more()
        return "what is printed was not written: the disk is full; free some space."
    _log.error("unexpected failure of a command", exc_info=error)
    return f"failed unexpectedly ({type(error).__name__}: {error}); `meticulous doctor` names the log."
