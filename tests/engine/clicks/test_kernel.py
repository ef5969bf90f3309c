"""The kernel correction: exact at every click, nothing beyond its reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.engine.clicks.kernel import corrected, values_at, wendland


def test_three_clicks_by_hand() -> None:
    points = np.array([(3.5, 3.5), (6.5, 3.5), (8.5, 8.5)])
    signs = np.array([1.0, 1.0, -1.0])
    logits = np.zeros((32, 32), np.float32)
    logits[3, 3], logits[3, 6], logits[8, 8] = -1.2, 0.8, 0.4
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    kernel = wendland(distances, 12.0)
    assert [kernel[0, 1], kernel[0, 2], kernel[1, 2]] == pytest.approx(
        [0.632812, 0.095552, 0.258072], abs=1e-6
    )
    change = corrected(logits, points, signs, reach=12.0) - logits
    assert values_at(logits + change, points).tolist() == pytest.approx([1.0, 1.0, -1.0], abs=1e-5)
    assert change[5, 5] == pytest.approx(0.450166, abs=1e-5)
    assert change[8, 3] == pytest.approx(0.296201, abs=1e-5)
    rows, cols = np.mgrid[:32, :32] + 0.5
    is_far = (np.hypot(rows[..., None] - points[:, 1], cols[..., None] - points[:, 0]) >= 12.0).all(axis=2)
    assert not change[is_far].any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.booleans())
def test_every_click_is_obeyed_wherever_it_lies(seed: int, n_clicks: int, has_features: bool) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (64, 64)).astype(np.float32)
    places = rng.choice(32 * 32, size=n_clicks, replace=False)
    points = np.stack(np.divmod(places, 32), axis=1) * 2.0 + rng.uniform(0.0, 1.0, (n_clicks, 2))
    signs = rng.choice([-1.0, 1.0], n_clicks)
    features = None
    if has_features:
        features = rng.normal(0, 1, (16, 16, 8)).astype(np.float32)
        features /= np.linalg.norm(features, axis=2, keepdims=True)
    result = corrected(logits, points, signs, features)
    before, after = signs * values_at(logits, points), signs * values_at(result, points)
    assert (after > 0.99).all()
    assert np.abs(after - before)[before >= 1.0].max(initial=0.0) < 1e-2


def test_obeyed_clicks_change_nothing() -> None:
    logits = np.full((16, 16), 2.0, np.float32)
    assert corrected(logits, np.array([(3.5, 4.5)]), np.array([1.0])) is logits
    assert corrected(logits, np.zeros((0, 2)), np.zeros(0)) is logits
