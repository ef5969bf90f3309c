"""What people call a network."""

from __future__ import annotations

from typing import Final

PROPER_NAMES: Final = {"mos_l": "MOS_L", "mos_h": "MOS_H", "crm": "CRM", "fbrs": "f-BRS"}
"""Of the networks that come with the program, by their names in the catalog."""


def network_name(name: str) -> str:
    """Return what people call a network of this name in the catalog; others are called as they are."""
    return PROPER_NAMES.get(name, name)
