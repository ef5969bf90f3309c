from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.photo_list import ALL, FILTERS, NOT_DONE, PhotoFilter, PhotoList

PATHS = [Path(f"/photos/{number}.jpg") for number in range(9)]
STATES = st.lists(st.sampled_from(PhotoState), min_size=9, max_size=9)


def made(states: list[PhotoState], *, at: int = 0) -> PhotoList:
    photos = PhotoList()
    photos.show(PATHS, at=PATHS[at])
    photos.set_states(dict(zip(PATHS, states, strict=True)))
    return photos


@given(STATES, st.sampled_from(FILTERS), st.integers(0, 8))
def test_a_filter_shows_what_it_lets_pass_and_the_open_photo(
    states: list[PhotoState], chosen: PhotoFilter, at: int
) -> None:
    photos = made(states, at=at)
    photos.set_filter(chosen)
    expected = [index for index, state in enumerate(states) if chosen.passes(state) or index == at]
    assert list(photos.shown) == expected
    assert photos.shown[photos.row] == at  # type: ignore[index]
    assert photos.count(chosen) == sum(chosen.passes(state) for state in states)


@given(STATES, st.sampled_from(FILTERS), st.integers(0, 8), st.integers(1, 3))
def test_steps_go_over_shown_photos_only_and_back_again(
    states: list[PhotoState], chosen: PhotoFilter, at: int, n_steps: int
) -> None:
    photos = made(states, at=at)
    photos.set_filter(chosen)
    later = [index for index, state in enumerate(states) if index > at and chosen.passes(state)]
    path = photos.neighbour(n_steps)
    assert path == (PATHS[later[n_steps - 1]] if len(later) >= n_steps else None)
    earlier = [index for index, state in enumerate(states) if index < at and chosen.passes(state)]
    path = photos.neighbour(-n_steps)
    assert path == (PATHS[earlier[-n_steps]] if len(earlier) >= n_steps else None)


def test_a_photo_that_is_done_leaves_the_list_of_those_not_done_when_it_is_left() -> None:
    photos = made([PhotoState.UNTOUCHED] * 9)
    photos.set_filter(NOT_DONE)
    photos.set_state(PATHS[0], PhotoState.DONE)
    assert 0 in photos.shown
    photos.choose(PATHS[1])
    assert list(photos.shown) == list(range(1, 9))


def test_what_happened_since_the_folder_was_asked_is_newer_than_its_answer() -> None:
    photos = PhotoList()
    photos.show(PATHS)
    photos.set_state(PATHS[0], PhotoState.EXPORTED)
    photos.set_states(
        {PATHS[0]: PhotoState.DONE, PATHS[1]: PhotoState.DONE, Path("/other.jpg"): PhotoState.DONE}
    )
    assert [photos.state(path) for path in PATHS[:3]] == [
        PhotoState.EXPORTED,
        PhotoState.DONE,
        PhotoState.UNTOUCHED,
    ]
    assert photos.count(ALL) == 9


def test_a_new_list_forgets_the_states_and_keeps_the_filter() -> None:
    photos = made([PhotoState.DONE] * 9)
    photos.set_filter(NOT_DONE)
    photos.show(PATHS[:4])
    assert photos.filter is NOT_DONE
    assert list(photos.shown) == [0, 1, 2, 3]


def test_an_empty_list_has_no_neighbours() -> None:
    photos = PhotoList()
    photos.show([])
    assert photos.neighbour(1) is None
    assert photos.current is None
    assert photos.row is None
