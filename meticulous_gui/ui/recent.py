"""The photos opened last, with a small picture of each: a menu, and a row on the empty canvas."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.recent_pictures import (
    RECENT_PX,
    keep_only,
    keep_recent_picture,
    picture_path,
    small_picture,
)
from meticulous_gui.core.types import RgbImage
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.plain_text import plain_caption, plain_tip
from meticulous_gui.ui.qimage import qimage_from_rgb
from meticulous_gui.ui.session import Session

QUIET_MS = 1000
"""Who pages through a folder looks for a moment only; a photo that stays gets its picture."""
N_SHOWN = 5
TILE_WH_PX = 112, 74
SPACING_PX = 8
MENU_ICON_PX = 40

log = logging.getLogger(__name__)


class RecentPhotos(QObject):
    """Which photos were opened last, and how they look.

    Signals:
        changed: another photo was opened, a picture came, or a photo is gone (window thread).
    """

    changed = Signal()

    def __init__(self, session: Session, choices: Choices) -> None:
        super().__init__(session)
        self._session = session
        self._choices = choices
        self._pictures: dict[Path, QPixmap] = {}
        self._gone: frozenset[Path] = frozenset()
        self._is_looking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._make_picture)
        session.document_opened.connect(self._on_opened)
        session.opener.failed.connect(lambda _error: self.look())

    @property
    def photos(self) -> list[Path]:
        """The newest first; they may be gone."""
        return self._choices.recent

    def is_gone(self, photo: Path) -> bool:
        """Return whether a photo was not there when `look` looked last."""
        return photo in self._gone

    def look(self) -> None:
        """Look in the background which photos are gone; one look at a time, for a dead folder holds it."""
        if self._is_looking:
            return
        self._is_looking, photos = True, self.photos

        def take(gone: frozenset[Path]) -> None:
            self._is_looking = False
            if gone != self._gone:
                self._gone = gone
                self.changed.emit()

        def find() -> frozenset[Path]:
            return frozenset(photo for photo in photos if not _is_there(photo))

        self._session.background.run(find, take)

    def picture(self, photo: Path) -> QPixmap | None:
        """Return the small picture of a photo, None where there is none; the photo is not touched."""
        folder = self._choices.recent_folder
        if photo not in self._pictures and folder is not None:
            self._pictures[photo] = QPixmap(str(picture_path(folder, photo)))
        found = self._pictures.get(photo)
        return found if found is not None and not found.isNull() else None

    def _on_opened(self) -> None:
        document = self._session.document
        if document is not None and document.photo.path is not None:
            self._choices.note_recent(document.photo.path)
            self._gone -= {document.photo.path.absolute()}
            self._timer.start()
            self.changed.emit()

    def _make_picture(self) -> None:
        document = self._session.document
        # Of a level that is there: the whole of a large photo would take a core just when a hand begins.
        small = self._session.shown.small_cutout(2 * RECENT_PX)
        if document is None or document.photo.path is None or small is None:
            return
        photo, (rgb, _), folder = document.photo.path.absolute(), small, self._choices.recent_folder
        photos = self.photos

        def make() -> RgbImage:
            picture = small_picture(rgb)
            if folder is not None:
                keep_recent_picture(folder, photo, picture)
                keep_only(folder, photos)
            return picture

        def show(picture: RgbImage) -> None:
            self._pictures[photo] = QPixmap.fromImage(qimage_from_rgb(picture))
            listed = set(self.photos)
            self._pictures = {one: kept for one, kept in self._pictures.items() if one in listed}
            self.changed.emit()

        def refuse(error: MeticulousError) -> None:  # only comfort: nothing the person must hear of
            log.warning("%s", error)

        self._session.chores.run(make, show, refuse)


class RecentMenu(QMenu):
    """The photos opened last, by name and picture; those that are gone cannot be chosen."""

    def __init__(self, recent: RecentPhotos, open_: Callable[[Path], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._recent = recent
        self._open = open_
        self.setTitle(self.tr("Open recent"))
        self.setAccessibleName(self.title())
        self.setToolTipsVisible(True)
        self.setStyleSheet(f"QMenu {{ icon-size: {MENU_ICON_PX}px; }}")
        self.aboutToShow.connect(self._fill)
        self.aboutToShow.connect(recent.look)
        recent.changed.connect(self._mark_gone)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        for photo in self._recent.photos:
            # The file is not looked at here: a dead network folder would hold the menu.
            entry = self.addAction(plain_caption(photo.name))
            entry.setData(photo)
            picture = self._recent.picture(photo)
            if picture is not None:
                entry.setIcon(QIcon(cropped(picture, QSize(MENU_ICON_PX, MENU_ICON_PX), 2.0)))
            entry.triggered.connect(lambda _checked, photo=photo: self._open(photo))
        if self.isEmpty():
            self.addAction(self.tr("No photo yet")).setEnabled(False)
        self._mark_gone()

    def _mark_gone(self) -> None:
        """Mark what is gone where it stands: an entry must not move away under the pointer."""
        gone = self.tr("{photo} is gone or cannot be reached.")
        for entry in self.actions():
            photo: Path | None = entry.data()
            if photo is not None:
                is_gone = self._recent.is_gone(photo)
                entry.setEnabled(not is_gone)
                entry.setToolTip(plain_tip(gone.format(photo=photo) if is_gone else str(photo)))


class RecentRow(QWidget):
    """A row of the photos opened last that are there, each a button with its picture.

    Signals:
        filled: other buttons are there.
    """

    filled = Signal()

    def __init__(self, recent: RecentPhotos, open_: Callable[[Path], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._recent = recent
        self._open = open_
        self.buttons: list[QToolButton] = []
        self.setAccessibleName(self.tr("Photos opened last"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACING_PX)
        recent.changed.connect(self._fill)
        self._fill()
        recent.look()

    def fit(self, width_px: int, height_px: int) -> None:
        """Show as many as there is room for."""
        n_fit, is_high_enough = 0, False
        if self.buttons:
            hint = self.buttons[0].sizeHint()
            n_fit = (width_px + SPACING_PX) // (hint.width() + SPACING_PX)
            is_high_enough = hint.height() <= height_px
        for index, button in enumerate(self.buttons):
            button.setVisible(index < n_fit)
        self.setVisible(n_fit > 0 and is_high_enough)

    def _fill(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for photo in self._recent.photos:
            picture = self._recent.picture(photo)
            if picture is not None and not self._recent.is_gone(photo) and len(self.buttons) < N_SHOWN:
                self.buttons.append(self._button(photo, picture))
        for button in self.buttons:
            self._row.addWidget(button)
        self.filled.emit()

    def _button(self, photo: Path, picture: QPixmap) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        size = QSize(*TILE_WH_PX)
        button.setIconSize(size)
        button.setIcon(QIcon(cropped(picture, size, self.devicePixelRatioF())))
        name = button.fontMetrics().elidedText(photo.name, Qt.TextElideMode.ElideMiddle, TILE_WH_PX[0])
        button.setText(plain_caption(name))
        button.setToolTip(plain_tip(str(photo)))
        button.setAccessibleName(self.tr("Open {name}").format(name=photo.name))
        button.clicked.connect(lambda: self._open(photo))
        return button


def _is_there(photo: Path) -> bool:
    try:
        photo.stat()
    except (OSError, ValueError):  # gone, out of reach, or an impossible name
        return False
    return True


def cropped(picture: QPixmap, size: QSize, ratio: float) -> QPixmap:
    """Return the middle of a picture that fills a size in logical pixels."""
    wanted = size * ratio
    scaled = picture.scaled(
        wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    left, top = (scaled.width() - wanted.width()) // 2, (scaled.height() - wanted.height()) // 2
    tile = scaled.copy(left, top, wanted.width(), wanted.height())
    tile.setDevicePixelRatio(ratio)
    return tile
