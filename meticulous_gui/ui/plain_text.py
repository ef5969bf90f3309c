"""Names of people's own (files, layers, categories) where Qt would read signs in them as its own."""

from __future__ import annotations

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """Return a tooltip that shows this text as it is: Qt takes one that looks like markup for markup."""
    if not Qt.mightBeRichText(text):
        return text
    return Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal)


def plain_caption(text: str) -> str:
    """Return the caption of a button or a menu entry that shows this text: Qt reads & as a key's mark."""
    return text.replace("&", "&&")
