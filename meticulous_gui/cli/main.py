"""Arguments to command to exit code; ``--help`` answers from here without numpy, torch or Qt."""

import argparse
from collections.abc import Sequence

from meticulous_gui import __version__

COMMANDS = ("cutout", "refine", "evaluate", "models", "doctor")

EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="meticulous")
    parser.add_argument("--version", action="version", version=f"meticulous {__version__}")
    parser.parse_args(argv)
    return EXIT_DONE
