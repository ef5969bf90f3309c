"""How the states of photos look and what they are called: a shape, a colour and a word for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.icons import icon_pixmap
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

MARK_PX = 18


@dataclass(frozen=True)
class StateLook:
    """How one state is shown.

    Attributes:
        text: its name (English; `label` translates).
        colour: of the disc; shapes differ as well, for eyes that tell no colours apart.
        icon: name in `ui.icons` of the white shape on the disc, "" for a shape of its own.
    """

    text: str
    colour: str
    icon: str

    @property
    def label(self) -> str:
        """The name in the person's language."""
        return QCoreApplication.translate("PhotoState", self.text)


# The discs are those of Okabe and Ito's colours that carry a white shape with a contrast of 3 or more.
LOOKS: Final = {
    PhotoState.UNTOUCHED: StateLook(QT_TRANSLATE_NOOP("PhotoState", "untouched"), "", ""),
    PhotoState.MASKED: StateLook(QT_TRANSLATE_NOOP("PhotoState", "masked"), "#5b5b5b", ""),
    PhotoState.EDITED: StateLook(QT_TRANSLATE_NOOP("PhotoState", "edited"), "#0072b2", "brush"),
    PhotoState.DONE: StateLook(QT_TRANSLATE_NOOP("PhotoState", "done"), "#00785a", "done"),
    PhotoState.EXPORTED: StateLook(QT_TRANSLATE_NOOP("PhotoState", "exported"), "#b84f00", "export"),
}


@lru_cache(maxsize=32)
def state_mark(state: PhotoState, ratio: float) -> QPixmap:
    """Return the mark of a state, `MARK_PX` logical pixels square; an untouched photo has an empty one."""
    side_px = round(MARK_PX * ratio)
    mark = QPixmap(side_px, side_px)
    mark.fill(Qt.GlobalColor.transparent)
    look = LOOKS[state]
    if look.colour:
        _draw(mark, side_px, look)
    mark.setDevicePixelRatio(ratio)
    return mark


def _draw(mark: QPixmap, side_px: int, look: StateLook) -> None:
    white = QColor("#ffffff")
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(white, side_px / 16))
    painter.setBrush(QColor(look.colour))
    inset = side_px / 24
    disc = QRectF(inset, inset, side_px - 2 * inset, side_px - 2 * inset)
    painter.drawEllipse(disc)
    if look.icon:
        icon_px = round(side_px * 0.7)
        corner = (side_px - icon_px) / 2
        painter.drawPixmap(QPointF(corner, corner), icon_pixmap(look.icon, size_px=icon_px, colour=white))
    else:  # half a disc: a network has been here, nobody else
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(white)
        inner = disc.adjusted(side_px * 0.2, side_px * 0.2, -side_px * 0.2, -side_px * 0.2)
        painter.drawPie(inner, 90 * 16, 180 * 16)
        painter.setPen(QPen(white, side_px / 14))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(inner)
    painter.end()
