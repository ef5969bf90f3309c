"""The part of the Mask menu that compares refined edges."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_photo, is_editable
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

COMPARE: Final = (
    Action(
        "compare",
        "mask",
        QT_TRANSLATE_NOOP("Action", "Compare before refining"),
        QT_TRANSLATE_NOOP("Action", "Let the Refine tool show A beside B first; keep one or neither."),
        "compare",
        ("C",),
        lambda c: c.compare.toggle(),
        enabled=has_photo,
        checked=lambda s: s.compares,
        starts_section=True,
    ),
    Action(
        "compare_all",
        "mask",
        QT_TRANSLATE_NOOP("Action", "Compare on the whole edge"),
        QT_TRANSLATE_NOOP("Action", "Refine the whole edge only to look; keep what is better."),
        "",
        ("Ctrl+Alt+R",),
        lambda c: c.compare.all(),
        enabled=is_editable,
    ),
    Action(
        "compare_swap",
        "mask",
        QT_TRANSLATE_NOOP("Action", "Swap A and B"),
        QT_TRANSLATE_NOOP("Action", "Let the two edges that are compared change places."),
        "swap",
        ("Y",),
        lambda c: c.compare.swap(),
        enabled=lambda s: s.is_comparing,
    ),
    Action(
        "compare_keep_a",
        "mask",
        QT_TRANSLATE_NOOP("Action", "Keep A"),
        QT_TRANSLATE_NOOP("Action", "Make what is left of the line the mask, as one step."),
        "",
        (",",),
        lambda c: c.compare.keep_a(),
        enabled=lambda s: s.is_a_whole,
    ),
    Action(
        "compare_keep_b",
        "mask",
        QT_TRANSLATE_NOOP("Action", "Keep B"),
        QT_TRANSLATE_NOOP("Action", "Make what is right of the line the mask, as one step."),
        "",
        (".",),
        lambda c: c.compare.keep_b(),
        enabled=lambda s: s.is_b_whole,
    ),
)
