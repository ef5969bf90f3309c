"""How the photo and its masks are shown."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.layer import LAYER_COLOURS
from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.views import OVERLAY_COLOURS, VIEW_CHOICES, ViewState, next_overlay_colour
from tests.ui.received import received


def test_every_mode_but_the_bare_photo_can_be_chosen_with_a_key_of_its_own() -> None:
    assert {choice.mode for choice in VIEW_CHOICES} == set(ViewMode) - {ViewMode.PHOTO}
    assert len({choice.key for choice in VIEW_CHOICES}) == len(VIEW_CHOICES)
    assert all(choice.text and choice.help for choice in VIEW_CHOICES)


def test_a_changed_view_is_announced_once(qtbot: QtBot) -> None:
    views = ViewState()
    changes = received(views.changed)
    views.set_mode(ViewMode.WHITE)
    assert len(changes) == 1
    views.set_mode(ViewMode.WHITE)
    views.hold_original(False)
    views.set_overlay_opacity(views.overlay_opacity)
    assert len(changes) == 1


def test_cycling_comes_back_to_the_start(qtbot: QtBot) -> None:
    views = ViewState()
    seen = []
    for _ in VIEW_CHOICES:
        seen.append(views.shown_mode)
        views.cycle()
    assert views.shown_mode is ViewMode.OVERLAY
    assert len(set(seen)) == len(VIEW_CHOICES)


def test_holding_the_original_shows_the_photo_and_gives_the_view_back(qtbot: QtBot) -> None:
    views = ViewState()
    views.set_mode(ViewMode.CHECKERBOARD)
    views.hold_original(True)
    assert views.shown_mode.name == "PHOTO"
    views.hold_original(False)
    assert views.shown_mode.name == "CHECKERBOARD"


def test_a_hidden_mask_is_shown_again_when_a_view_is_chosen(qtbot: QtBot) -> None:
    views = ViewState()
    views.toggle_overlay()
    assert views.shown_mode.name == "PHOTO"
    views.set_mode(ViewMode.OVERLAY)
    assert views.shown_mode.name == "OVERLAY"
    views.set_mode(ViewMode.PHOTO)
    assert not views.is_overlay_on
    assert views.mode is ViewMode.OVERLAY


def test_the_opacity_stays_between_nothing_and_all(qtbot: QtBot) -> None:
    views = ViewState()
    views.set_overlay_opacity(1.7)
    assert views.overlay_opacity == 1.0
    views.set_overlay_opacity(-0.2)
    assert views.overlay_opacity == 0.0


def test_the_colour_key_goes_through_all_colours_and_begins_with_the_layers_own() -> None:
    assert tuple(colour.rgb for colour in OVERLAY_COLOURS[: len(LAYER_COLOURS)]) == LAYER_COLOURS
    colour, seen = OVERLAY_COLOURS[0].rgb, set()
    for _ in OVERLAY_COLOURS:
        seen.add(colour)
        colour = next_overlay_colour(colour)
    assert colour == OVERLAY_COLOURS[0].rgb
    assert len(seen) == len(OVERLAY_COLOURS)
    assert next_overlay_colour((1, 2, 3)) == OVERLAY_COLOURS[0].rgb


# How people without red or green cones see linear light (Vienot, Brettel and Mollon 1999).
BLINDNESS = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


@pytest.mark.parametrize("kind", sorted(BLINDNESS))
def test_the_first_four_colours_are_told_apart_by_colour_blind_eyes(kind: str) -> None:
    def seen(rgb: tuple[int, int, int]) -> tuple[float, ...]:
        linear = [(value / 255.0) ** 2.2 for value in rgb]
        rows = BLINDNESS[kind]
        mixed = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in rows]
        return tuple(255.0 * max(value, 0.0) ** (1 / 2.2) for value in mixed)

    colours = [seen(colour.rgb) for colour in OVERLAY_COLOURS[:4]]
    for index, first in enumerate(colours):
        for second in colours[index + 1 :]:
            assert max(abs(a - b) for a, b in zip(first, second, strict=True)) > 30.0
