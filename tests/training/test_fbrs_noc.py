"""Figures of the clicks protocol on sequences done by hand."""

from __future__ import annotations

import pytest

from training.fbrs.noc import Game, Table, clicks_to, correction_of, text_of

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


def test_corrections_are_compared_on_the_same_objects() -> None:
    corrected = [Game("c", 0.7, (0.8, 0.91)), Game("d", 0.8, (0.92,)), Game("a", 0.6, (0.7, 0.92))]
    found = correction_of(Table("m", GAMES), Table("m, pieces", corrected))
    assert (found.from_mask, found.from_nothing) == ((2, 1, 2), (20, 1, 4))
    assert found.summary() == {"of nothing": 5 / 25, "of nothing, hard": 4 / 24}
    assert found.start == pytest.approx(0.7)
    assert "m, pieces: masks of IoU 0.70 to 90 %: 1.67 clicks, from nothing 8.33, 20 % (3 objects" in str(
        found
    )
    assert "0 and 1 used up all clicks" in str(found)


def test_where_one_click_is_enough_nothing_can_be_saved() -> None:
    found = correction_of(Table("m", GAMES), Table("m, edges", [Game("d", 0.8, (0.92,))]))
    assert found.share == 1.0
    assert "no object" in str(found)
