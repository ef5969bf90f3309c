"""How a command is run: what a person can mend ends it with one sentence, the unforeseen with a trace."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from safetensors import SafetensorError

from meticulous_gui.core.errors import MeticulousError, UsageError


def run_command(main: Callable[[], object]) -> None:
    """Run a command; exit with 2 where it cannot be done as it was asked for, with 130 after Ctrl+C."""
    try:
        main()
    except MeticulousError as error:
        _leave(str(error), 2)
    except OSError as error:
        if error.filename is None:
            raise
        _leave(f"{error.filename}: {error.strerror}.", 2)
    except KeyboardInterrupt:
        _leave("interrupted.", 130)


def _leave(sentence: str, code: int) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(code)


@contextmanager
def asking_for_network() -> Iterator[None]:
    """Say what is wrong with the options of a network, or with the file it is read from, in one sentence.

    Raises:
        UsageError: a structure cannot be built, or weights are missing, damaged or of another structure.
    """
    try:
        yield
    except json.JSONDecodeError as error:
        raise UsageError(f"--options {error.doc} is no JSON: {error}.") from error
    except (ValueError, TypeError, KeyError, FileNotFoundError, SafetensorError) as error:
        raise UsageError(f"The network cannot be had: {error}.") from error
