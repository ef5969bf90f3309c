"""Our own icons: SVG templates in resources/icons, coloured by the palette, rendered sharp at every scale."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QImageWriter, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from meticulous_gui.core.resources import resource_dir

TEMPLATE_COLOUR = b"currentColor"
APP_ICON = "app"

SHOWN_SIZES_PX = (16, 18, 20, 24)
"""In logical pixels: menus, rows of layers, bars, the tool strip."""
APP_SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)


def icon_names() -> tuple[str, ...]:
    """Return the names of all icons, sorted."""
    return tuple(sorted(path.stem for path in (resource_dir() / "icons").glob("*.svg")))


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon `name` in the text colour of `palette`, with a disabled variant.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    role = QPalette.ColorRole.WindowText
    normal = palette.color(QPalette.ColorGroup.Active, role)
    disabled = palette.color(QPalette.ColorGroup.Disabled, role)
    return _coloured_icon(name, normal.rgba(), disabled.rgba())


def app_icon() -> QIcon:
    """Return the program's own icon, which keeps its colours."""
    icon_of_app = QIcon()
    data = _template(APP_ICON)
    for size_px in APP_SIZES_PX:
        icon_of_app.addPixmap(_rendered(data, size_px))
    return icon_of_app


def app_icon_png(size_px: int) -> bytes:
    """Return the program's own icon as a PNG, `size_px` square; needs no application and no screen."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(_image(_template(APP_ICON), size_px))
    return bytes(buffer.data().data())


def blank_pixmap(side_px: int, ratio: float) -> QPixmap:
    """Return a transparent square to draw on, `side_px` logical pixels wide, of device pixels."""
    pixmap = QPixmap(math.ceil(side_px * ratio), math.ceil(side_px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def icon_pixmap(name: str, *, size_px: int, colour: QColor) -> QPixmap:
    """Return one picture of an icon, `size_px` device pixels square, in `colour`."""
    return _rendered(_template(name).replace(TEMPLATE_COLOUR, colour.name().encode()), size_px)


@lru_cache(maxsize=512)
def _coloured_icon(name: str, normal_rgba: int, disabled_rgba: int) -> QIcon:
    coloured = QIcon()
    sizes_px = _sizes_px()
    for mode, rgba in ((QIcon.Mode.Normal, normal_rgba), (QIcon.Mode.Disabled, disabled_rgba)):
        for size_px in sizes_px:
            coloured.addPixmap(icon_pixmap(name, size_px=size_px, colour=QColor.fromRgba(rgba)), mode)
    return coloured


def _sizes_px() -> list[int]:
    """Return the sizes in device pixels that are shown on the screens there are, and on the usual ones."""
    ratios = {1.0, 2.0} | {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return sorted({math.floor(size_px * ratio + 0.5) for size_px in SHOWN_SIZES_PX for ratio in ratios})


@lru_cache(maxsize=128)
def _template(name: str) -> bytes:
    return (resource_dir() / "icons" / f"{name}.svg").read_bytes()


def _rendered(svg: bytes, size_px: int) -> QPixmap:
    return QPixmap.fromImage(_image(svg, size_px))


def _image(svg: bytes, size_px: int) -> QImage:
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return image
