"""Pictures of simple shapes, for tests that need something a network can learn in seconds."""

from __future__ import annotations

import cv2
import numpy as np

from meticulous_gui.core.types import Alpha, RgbImage


def disc_or_star(seed: int, *, side_px: int) -> tuple[RgbImage, Alpha]:
    """Return a bright disc or star over a darker, noisy ground of another colour, and its mask."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((side_px, side_px), np.uint8)
    centre = rng.uniform(0.35, 0.65, 2) * side_px
    radius = rng.uniform(0.2, 0.3) * side_px
    if seed % 2:
        cv2.circle(mask, (int(centre[0]), int(centre[1])), int(radius), 255, -1)
    else:
        angles = np.arange(10) * np.pi / 5 + rng.uniform(0, 1)
        radii = np.where(np.arange(10) % 2 == 0, radius * 1.3, radius * 0.6)
        points = centre + np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
        cv2.fillPoly(mask, [points.astype(np.int32)], 255)
    ground, colour = rng.uniform(20, 90, 3), rng.uniform(150, 240, 3)
    rgb = np.where(mask[:, :, None] > 0, colour, ground) + rng.normal(0, 8, (side_px, side_px, 3))
    return np.clip(rgb, 0, 255).astype(np.uint8), mask
