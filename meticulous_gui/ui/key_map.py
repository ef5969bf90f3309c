"""Whose a key is: what stands in the way of a key that a person wants for an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from meticulous_gui.core.settings import Settings
from meticulous_gui.ui.action import Action

__all__ = [
    "RESERVED",
    "Conflict",
    "conflict_of",
    "keys_from_text",
    "lost_keys",
    "settled_keys",
    "text_of_keys",
    "with_keys",
]

RESERVED = frozenset(
    {"Space", "Left", "Right", "Up", "Down", "Return", "Enter", "Tab", "Backspace", "Del", "Shift+Tab"}
)
"""Keys that the canvas and the tools need themselves: moving the picture, ending a polygon."""

_SEPARATOR = "; "


@dataclass(frozen=True)
class Conflict:
    """Why an action cannot simply have a key.

    Attributes:
        owner: the action that has it; None for a key that no action may have.
    """

    key: str
    owner: Action | None


def conflict_of(
    key: str, action: Action, actions: Sequence[Action], keys: Callable[[Action], tuple[str, ...]]
) -> Conflict | None:
    """Return what stands in the way of giving `key` to `action`, None where it is free.

    Args:
        key: portable text of one key sequence.
        keys: the keys of an action as they are now.
    """
    wanted = QKeySequence(key).toString()
    if wanted in RESERVED:
        return Conflict(wanted, None)
    for other in actions:
        if other.id != action.id and wanted in [QKeySequence(one).toString() for one in keys(other)]:
            return Conflict(wanted, None if other.is_held else other)
    return None


def with_keys(settings: Settings, action: Action, keys: tuple[str, ...] | None) -> Settings:
    """Return settings in which an action has these keys, or its own again for None."""
    changed = dict(settings.keys)
    if keys is None or keys == action.keys:
        changed.pop(action.id, None)
    else:
        changed[action.id] = text_of_keys(keys)
    return replace(settings, keys=MappingProxyType(changed))


def settled_keys(
    own: Mapping[str, tuple[str, ...]], actions: Sequence[Action]
) -> dict[str, tuple[str, ...]]:
    """Return the keys of the actions, so that none is given twice.

    Qt does nothing at all for a key that two actions have, as a settings file may wish that was written by
    hand or for an older version. The person's own keys count before the table's, and the canvas keeps its
    own; an action that gets nothing of what was wished for it has the keys of the table.

    Args:
        own: the person's keys by action id; no keys at all where they took a shortcut away.
        actions: all there are.
    """
    free = [row for row in actions if not row.is_held]
    taken = {"", *(_plain(key) for row in actions if row.is_held for key in row.keys)}
    settled: dict[str, tuple[str, ...]] = {}

    def give(row: Action, wished: tuple[str, ...]) -> None:
        settled[row.id] = tuple(
            key
            for key in wished
            if _plain(key) not in taken and (key in row.keys or _plain(key) not in RESERVED)
        )
        taken.update(_plain(key) for key in settled[row.id])

    for row in free:
        if row.id in own:
            give(row, own[row.id])
    for row in free:
        if not settled.get(row.id) and own.get(row.id) != ():
            give(row, row.keys)
    return settled


def lost_keys(own: Mapping[str, tuple[str, ...]], actions: Sequence[Action]) -> list[str]:
    """Return a sentence for every key that a person wishes for an action and cannot have.

    Args:
        own, actions: as in `settled_keys`.
    """
    settled = settled_keys(own, actions)
    sentence = QCoreApplication.translate(
        "KeyMap",
        "“{action}” cannot have the key {key} of the settings: it is no key, another action's or the "
        "canvas's own; choose another in the preferences.",
    )
    return [
        sentence.format(action=row.label, key=key)
        for row in actions
        for key in own.get(row.id, ())
        if key not in settled.get(row.id, ())
    ]


def text_of_keys(keys: Sequence[str]) -> str:
    """Return several keys as one line of the settings file."""
    return _SEPARATOR.join(keys)


def keys_from_text(text: str) -> tuple[str, ...]:
    """Return the keys of a line of the settings file; none for an empty one."""
    return tuple(key for key in text.split(_SEPARATOR) if key)


def _plain(key: str) -> str:
    """Return a key as Qt writes it; "" for what is none."""
    return QKeySequence(key).toString()
