"""Only the edge that clicks have made is sharpened, with room for what the network may be off by."""

from __future__ import annotations

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.new_edge import LEAST_REACH_PX, new_edge


def two_squares() -> np.ndarray:
    mask = np.zeros((200, 300), np.bool_)
    mask[20:60, 20:60] = True
    mask[100:180, 150:250] = True
    return mask


def test_the_edge_of_what_changed_lies_in_the_band_and_other_edges_do_not() -> None:
    mask, box = two_squares(), Box(150, 100, 250, 180)
    edge = new_edge(mask, box, np.ones(box.size_hw, np.bool_))
    assert edge is not None
    band = np.zeros(mask.shape, np.bool_)
    band[edge.box.slices()] = edge.mask
    assert band[100, 150:250].all()
    assert band[100:180, 249].all()
    assert not band[:80, :80].any()
    assert not band[140, 200], "the inside is certain"
    assert edge.box == box.pad(LEAST_REACH_PX)


def test_a_change_inside_the_mask_or_none_at_all_makes_no_edge() -> None:
    mask = np.ones((50, 60), np.bool_)
    assert new_edge(mask, Box(10, 10, 20, 20), np.ones((10, 10), np.bool_)) is None
    assert new_edge(mask, Box(0, 0, 0, 0), np.ones((0, 0), np.bool_)) is None


def test_a_large_object_is_looked_at_coarser_first() -> None:
    mask = np.zeros((1500, 2000), np.bool_)
    box = Box(100, 100, 1800, 1400)
    mask[box.slices()] = True
    edge = new_edge(mask, box, np.ones(box.size_hw, np.bool_))
    assert edge is not None
    assert edge.coarsest == 8
    small = new_edge(two_squares(), Box(20, 20, 60, 60), np.ones((40, 40), np.bool_))
    assert small is not None
    assert small.coarsest == 1
