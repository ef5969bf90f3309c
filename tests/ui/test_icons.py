"""Our own icons."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from pytestqt.qtbot import QtBot

from meticulous_gui.core.resources import resource_dir
from meticulous_gui.ui.icons import (
    APP_ICON,
    SHOWN_SIZES_PX,
    _coloured_icon,
    app_icon,
    blank_pixmap,
    icon,
    icon_names,
    icon_pixmap,
)
from meticulous_gui.ui.qimage import rgba_from_qimage
from meticulous_gui.ui.theme import make_palette
from meticulous_gui.ui.views import VIEW_CHOICES

NAMES = tuple(name for name in icon_names() if name != APP_ICON)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_keeps_to_the_grid_the_stroke_and_the_template_colour(name: str) -> None:
    root = ElementTree.fromstring((resource_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8"))
    assert root.attrib["viewBox"] == "0 0 24 24"
    assert root.attrib["stroke"] == "currentColor"
    assert root.attrib["stroke-width"] == "1.75"
    for element in root.iter():
        assert element is root or not {"stroke", "stroke-width", "fill"} & set(element.attrib)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_asked_for_and_inside_its_grid(qtbot: QtBot, name: str) -> None:
    pixels = rgba_from_qimage(icon_pixmap(name, size_px=48, colour=QColor(200, 30, 40)).toImage())
    alpha = pixels[:, :, 3]
    assert 60 < (alpha > 128).sum() < 1400
    assert np.abs(pixels[alpha == 255][:, :3].astype(int) - (200, 30, 40)).max() <= 2
    rim = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert rim.max() == 0


def test_icons_follow_the_palette_and_have_a_fainter_disabled_variant(qtbot: QtBot) -> None:
    light, dark = (icon("undo", make_palette(is_dark=is_dark)) for is_dark in (False, True))

    def ink(drawn: QIcon, mode: QIcon.Mode) -> float:
        pixels = rgba_from_qimage(drawn.pixmap(24, mode).toImage())
        return float(pixels[pixels[:, :, 3] > 200][:, :3].mean())

    assert ink(light, QIcon.Mode.Normal) < 60 < 200 < ink(dark, QIcon.Mode.Normal)
    assert ink(light, QIcon.Mode.Normal) < ink(light, QIcon.Mode.Disabled)


def test_an_icon_is_sharp_on_a_fractional_screen(qtbot: QtBot) -> None:
    drawn = icon("brush", make_palette(is_dark=False))
    assert drawn.pixmap(drawn.availableSizes()[0], 1.5).width() == round(
        drawn.availableSizes()[0].width() * 1.5
    )


@pytest.mark.parametrize("ratio", [1.25, 1.75, 2.0])
def test_an_icon_has_the_pixels_of_the_screens_there_are(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    class Screen:
        def devicePixelRatio(self) -> float:  # noqa: N802
            return ratio

    monkeypatch.setattr("meticulous_gui.ui.icons.QGuiApplication.screens", lambda: [Screen()])
    _coloured_icon.cache_clear()
    drawn = icon("brush", make_palette(is_dark=False))
    _coloured_icon.cache_clear()
    sizes = {size.width() for size in drawn.availableSizes()}
    wanted = {(QSize(side, side) * ratio).width() for side in SHOWN_SIZES_PX}
    assert wanted <= sizes, "Qt would scale another one"


def test_a_pixmap_to_draw_on_has_the_pixels_of_its_screen(qtbot: QtBot) -> None:
    pixmap = blank_pixmap(18, 1.75)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (32, 1.75)
    assert not rgba_from_qimage(pixmap.toImage()).any()


def test_the_same_icon_is_rendered_once(qtbot: QtBot) -> None:
    palette = make_palette(is_dark=True)
    assert icon("redo", palette) is icon("redo", palette)


def test_the_views_have_icons() -> None:
    assert {choice.icon for choice in VIEW_CHOICES} <= set(NAMES)


def test_an_unknown_icon_is_an_error(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no_such_icon", make_palette(is_dark=False))


def test_the_programs_icon_keeps_its_colours(qtbot: QtBot) -> None:
    pixels = rgba_from_qimage(app_icon().pixmap(256).toImage())
    assert pixels.shape == (256, 256, 4)
    assert len(np.unique(pixels.reshape(-1, 4), axis=0)) > 3
