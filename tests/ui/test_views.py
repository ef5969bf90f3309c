"""How the photo and its masks are shown."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.layer import LAYER_COLOURS
from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.views import VIEW_CHOICES, ViewState, next_overlay_colour
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


def test_the_colour_key_goes_through_all_colours_of_layers() -> None:
    colour, seen = LAYER_COLOURS[0], []
    for _ in LAYER_COLOURS:
        seen.append(colour)
        colour = next_overlay_colour(colour)
    assert colour == LAYER_COLOURS[0]
    assert tuple(seen) == LAYER_COLOURS
    assert next_overlay_colour((1, 2, 3)) == LAYER_COLOURS[0]


# How people without red or green cones see linear light (Vienot, Brettel and Mollon 1999).
VISIONS = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}
TOLD_APART = 15.0
"""Distance of CIE L*a*b*; a trained eye sees one of 2.3."""


@pytest.mark.parametrize("vision", sorted(VISIONS))
def test_eight_colours_of_layers_are_told_apart_by_colour_blind_eyes(vision: str) -> None:
    linear = (np.array(LAYER_COLOURS, np.float64) / 255.0) ** 2.2 @ np.array(VISIONS[vision]).T
    seen = (255.0 * linear.clip(0.0, 1.0) ** (1 / 2.2)).astype(np.uint8)
    lab = cv2.cvtColor(np.float32(seen[None]) / 255.0, cv2.COLOR_RGB2LAB)[0]
    distances = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    assert len(LAYER_COLOURS) == 8
    assert distances[~np.eye(len(lab), dtype=bool)].min() >= TOLD_APART
