"""Light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.messages import Message, MessageKind, MessageRow
from meticulous_gui.ui.theme import (
    Theme,
    ThemeFollower,
    canvas_surround,
    contrast_ratio,
    is_dark_palette,
    make_palette,
)
from tests.ui.window_stage import WindowStage

Role = QPalette.ColorRole
PAIRS = (
    (Role.WindowText, Role.Window),
    (Role.WindowText, Role.Button),
    (Role.Text, Role.Base),
    (Role.Text, Role.Window),
    (Role.PlaceholderText, Role.Window),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.HighlightedText, Role.Highlight),
    (Role.PlaceholderText, Role.Base),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    (Role.LinkVisited, Role.Base),
)


def test_contrast_is_what_wcag_defines() -> None:
    assert contrast_ratio(QColor("white"), QColor("black")) == pytest.approx(21.0)
    assert contrast_ratio(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)
    assert contrast_ratio(QColor("#009e73"), QColor("white")) == pytest.approx(3.4, abs=0.05)


@pytest.mark.parametrize("is_dark", [False, True])
def test_text_has_a_contrast_of_at_least_four_and_a_half(is_dark: bool) -> None:
    palette = make_palette(is_dark=is_dark)
    ratios = {(str(a), str(b)): contrast_ratio(palette.color(a), palette.color(b)) for a, b in PAIRS}
    assert all(ratio >= 4.5 for ratio in ratios.values()), ratios


@pytest.mark.parametrize("is_dark", [False, True])
def test_disabled_text_is_fainter_than_text_and_still_seen(is_dark: bool) -> None:
    palette = make_palette(is_dark=is_dark)
    ground = palette.color(Role.Window)
    disabled = contrast_ratio(palette.color(QPalette.ColorGroup.Disabled, Role.WindowText), ground)
    assert 2.5 <= disabled < contrast_ratio(palette.color(Role.WindowText), ground) / 2


@pytest.mark.parametrize(("is_dark", "surround"), [(True, "#2b2b2b"), (False, "#b8b8b8")])
def test_the_canvas_is_surrounded_by_a_neutral_grey(is_dark: bool, surround: str) -> None:
    colour = canvas_surround(make_palette(is_dark=is_dark))
    assert colour.name() == surround
    assert colour.red() == colour.green() == colour.blue()


@pytest.fixture
def follower(qapp: QApplication) -> Iterator[ThemeFollower]:
    palette_before, style_before = QPalette(qapp.palette()), qapp.style().objectName()
    follower = ThemeFollower(qapp)
    yield follower
    follower.set_theme(Theme.SYSTEM)
    follower.deleteLater()
    qapp.setStyle(style_before)
    qapp.setPalette(palette_before)


def test_a_chosen_theme_becomes_the_applications_palette(follower: ThemeFollower, qapp: QApplication) -> None:
    changes: list[bool] = []
    follower.changed.connect(changes.append)
    follower.set_theme(Theme.DARK)
    assert is_dark_palette(qapp.palette())
    follower.set_theme(Theme.LIGHT)
    assert not is_dark_palette(qapp.palette())
    follower.set_theme(Theme.LIGHT)
    assert changes == [True, False]
    assert qapp.style().objectName() == "fusion"


@pytest.mark.parametrize("kind", ["note", "warning", "error"])
def test_a_message_that_stands_follows_the_theme(
    follower: ThemeFollower, qtbot: QtBot, tmp_path: Path, kind: MessageKind
) -> None:
    stage = WindowStage(tmp_path, qtbot)
    stage.window.messages.show_message(Message("Something is so.", kind, is_brief=False))
    rows = stage.window.messages.findChildren(MessageRow)
    row = next(row for row in rows if row.message.kind == kind)

    def is_dark() -> bool:
        return is_dark_palette(row.palette())

    for theme in (Theme.LIGHT, Theme.DARK, Theme.LIGHT):
        follower.set_theme(theme)
        qtbot.waitUntil(is_dark if theme is Theme.DARK else lambda: not is_dark())
        palette = row.palette()
        text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
        assert contrast_ratio(text, ground) >= 4.5
