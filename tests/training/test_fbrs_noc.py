"""Figures of the clicks protocol on sequences done by hand."""

from __future__ import annotations

import pytest

from training.fbrs.noc import Game, Table, clicks_to, text_of

GAMES = [
    Game("a", 0.0, (0.5, 0.82, 0.86, 0.91)),
    Game("b", 0.0, (*[0.7] * 19, 0.905)),
    Game("c", 0.0, (0.6,) * 20),
    Game("d", 0.0, (0.95,)),
]


def test_numbers_of_clicks() -> None:
    found = Table("all", GAMES).summary()
    assert [found["NoC@80"], found["NoC@85"], found["NoC@90"]] == [10.75, 11.0, 11.25]
    assert found["failed@90"] == 1
    assert found["at the last click@90"] == 1
    assert found["IoU@1"] == pytest.approx(0.6875)
    assert found["IoU@10"] == pytest.approx((0.91 + 0.7 + 0.6 + 0.95) / 4)
    assert "all" in text_of([Table("all", GAMES)])


def test_a_mask_that_is_good_enough_takes_no_click() -> None:
    assert clicks_to(Game("e", 0.93, ()), 0.9) == (0, True)
    assert Table("one", [Game("e", 0.93, ())]).curve()[5] == 0.93
