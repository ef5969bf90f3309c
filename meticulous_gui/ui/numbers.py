"""Numbers with decimals, as the person's language writes them; whole numbers are written alike everywhere."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def decimal_text(value: float, n_decimals: int = 1) -> str:
    """Return a number with so many decimals, such as "0.5" in English and "0,5" in German."""
    return QLocale().toString(float(value), "f", n_decimals)


def short_text(value: float) -> str:
    """Return a measured number with four digits that count, such as "0.9022" or "517"."""
    return QLocale().toString(float(value), "g", 4)
