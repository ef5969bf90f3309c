from __future__ import annotations

import numpy as np

from tests.bench.refining import peak_mb, untrained_refiner


def test_memory_follows_the_patches_and_not_the_photo() -> None:
    """Of each further pixel only its own few bytes: alpha, confidence and what the band needs."""
    refiner = untrained_refiner()
    peak_mb(refiner, (600, 800), radius_px=60)  # what libraries keep for good
    small = peak_mb(refiner, (1500, 2000), radius_px=60)
    large = peak_mb(refiner, (3000, 2000), radius_px=60)
    if np.isnan(small):
        return  # only Linux says what the peak was
    assert large - small <= 8 * 3.0 + 10
    assert large <= 1500
