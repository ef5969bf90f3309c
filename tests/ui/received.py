"""What a signal said."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SignalInstance


def received(signal: SignalInstance) -> list[tuple[Any, ...]]:
    """Return the arguments of every emission from now on, in order.

    In place of ``qtbot.waitSignal``: that one disconnects while the signal is sent, and a garbage collection
    in that moment can wait for Qt's lock for ever.
    """
    emissions: list[tuple[Any, ...]] = []
    signal.connect(lambda *arguments: emissions.append(arguments))
    return emissions
