"""What people read of a network: its proper name, and the terms that its card states in English."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

PROPER_NAMES: Final = {"mos_l": "MOS_L", "mos_h": "MOS_H", "crm": "CRM", "fbrs": "f-BRS"}
"""Of the networks that come with the program, by their names in the catalog."""

OWN_TERMS: Final = QT_TRANSLATE_NOOP(
    "Networks",
    "The weights are made for this program under its licence (Apache-2.0). They were trained on research "
    "data whose photographs have unknown or mixed rights (see data): check whether your use allows that.",
)
"""What the cards of these networks say."""


def network_name(name: str) -> str:
    """Return what people call a network of this name in the catalog; others are called as they are."""
    return PROPER_NAMES.get(name, name)


def terms_text(terms: str) -> str:
    """Return the terms of a card, in the person's language where they are the usual ones."""
    return QCoreApplication.translate("Networks", OWN_TERMS) if terms == OWN_TERMS else terms
