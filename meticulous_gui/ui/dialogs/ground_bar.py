"""On what a preview is judged: checkerboard, black, white, a colour or a picture of the person's choice."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QColorDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.photo import PHOTO_SUFFIXES, load_preview
from meticulous_gui.ui.dialogs.preview_pane import PreviewPane, checkerboard
from meticulous_gui.ui.icons import blank_pixmap, icon
from meticulous_gui.ui.plain_text import plain_tip
from meticulous_gui.ui.qimage import qimage_from_rgb

SWATCH_PX = 20
FIRST_COLOUR = "#3f6fb5"


class GroundBar(QWidget):
    """A row of swatches; a ground is only looked at, never written."""

    def __init__(self, pane: PreviewPane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self._colour = QColor(FIRST_COLOUR)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.caption = QLabel(self.tr("Look at it on"), self)  # else these look like the background to choose
        row.addWidget(self.caption)
        self.checkerboard = self._swatch(self.tr("Look at it on a checkerboard"))
        self.black = self._swatch(self.tr("Look at it on black"))
        self.white = self._swatch(self.tr("Look at it on white"))
        self.colour = self._swatch(self.tr("Look at it on a colour of your choice"))
        self.picture = self._swatch(self.tr("Look at it on a picture of your choice"))
        for button in (self.checkerboard, self.black, self.white, self.colour, self.picture):
            row.addWidget(button)
        self.checkerboard.setChecked(True)
        self.checkerboard.clicked.connect(lambda: pane.set_ground(None))
        self.black.clicked.connect(lambda: pane.set_ground(QColor("black")))
        self.white.clicked.connect(lambda: pane.set_ground(QColor("white")))
        self.colour.clicked.connect(self._on_colour)
        self.picture.clicked.connect(self._on_picture)
        self.renew_icons()

    def renew_icons(self) -> None:
        """Draw the swatches with a rim that is seen in the present palette."""
        rim = self.palette().windowText().color()
        swatches = {
            self.black: QColor("black"),
            self.white: QColor("white"),
            self.colour: self._colour,
            self.checkerboard: None,
        }
        for button, colour in swatches.items():
            button.setIcon(QIcon(_swatch_pixmap(colour, rim, self.devicePixelRatioF())))
        self.picture.setIcon(icon("view_photo", self.palette()))

    def use_picture(self, picture: QImage) -> None:
        """Judge the preview on a picture."""
        self._pane.set_ground(picture)

    def _on_colour(self) -> None:
        self._take_colour(self._colour)
        dialog = QColorDialog(self._colour, self)
        dialog.currentColorChanged.connect(self._take_colour)
        dialog.open()

    def _take_colour(self, colour: QColor) -> None:
        self._colour = QColor(colour)
        self._pane.set_ground(self._colour)
        self.renew_icons()

    def _on_picture(self) -> None:
        dialog = QFileDialog(self, self.tr("A picture to judge the cut-out on"))
        patterns = " ".join(f"*{suffix}" for suffix in PHOTO_SUFFIXES)
        dialog.setNameFilter(self.tr("Pictures ({patterns})").format(patterns=patterns))
        dialog.fileSelected.connect(self._load)
        dialog.open()

    def _load(self, name: str) -> None:
        try:
            self.use_picture(qimage_from_rgb(load_preview(name).rgb))
        except MeticulousError as error:
            self.picture.setToolTip(plain_tip(str(error)))
            self.checkerboard.click()

    def _swatch(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
        button.setToolTip(text)
        button.setAccessibleName(text)
        self._group.addButton(button)
        return button


def _swatch_pixmap(colour: QColor | None, rim: QColor, ratio: float) -> QPixmap:
    """Return a square of a colour, of a checkerboard for None."""
    pixmap, square = blank_pixmap(SWATCH_PX, ratio), QRect(0, 0, SWATCH_PX, SWATCH_PX)
    painter = QPainter(pixmap)
    painter.fillRect(square, checkerboard() if colour is None else colour)
    painter.setPen(rim)
    painter.drawRect(square.adjusted(0, 0, -1, -1))
    painter.end()
    return pixmap
