"""How sure a result is said to be: as sure as the less sure network, and no surer around what was dropped."""

from __future__ import annotations

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import confidence_from_logits
from meticulous_gui.engine.band import BandRule, Region
from meticulous_gui.engine.cascade import CascadeOptions, cutout_steps
from meticulous_gui.engine.delivery import Delivery
from meticulous_gui.engine.fields import EnlargedField
from meticulous_gui.engine.jobs import Partial
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.types import Confidence, Logits
from tests.engine.stubs import IdentityRefiner, PictureRefiner, StubSegmenter, disc_logits, disc_photo

SIZE_HW = 300, 336


def confidence_of_cutout(logits: Logits, refiner: Refiner | None, *, temperature: float = 1.0) -> Confidence:
    """What is known in the end of a photo of 300 x 336 pixels with a bright disc."""
    confidence = np.zeros(SIZE_HW, np.uint8)
    segmenter = StubSegmenter(logits, temperature=temperature)
    options = CascadeOptions(looks_again=False)  # the stub says of every picture the same
    for event in cutout_steps(PhotoLevels(disc_photo(SIZE_HW)), segmenter, refiner, options=options):
        if isinstance(event, Partial):
            confidence[event.box.slices()] = event.confidence
    return confidence


def test_where_the_coarse_network_hesitated_a_sharp_edge_is_not_believed_alone() -> None:
    hesitant = disc_logits(SIZE_HW, sharpness=0.05)
    refined = confidence_of_cutout(hesitant, PictureRefiner())
    assert (refined <= confidence_from_logits(hesitant)).all()
    certain = confidence_of_cutout(disc_logits(SIZE_HW, sharpness=5.0), PictureRefiner())
    assert certain.mean() > refined.mean() + 50


def test_where_the_networks_disagree_nothing_is_sure() -> None:
    larger = disc_logits(SIZE_HW) + 6  # the coarse network sees a disc 6 px larger than the photo's
    confidence = confidence_of_cutout(np.clip(larger, -8, 8), PictureRefiner())
    ring = (disc_logits(SIZE_HW) < -1) & (larger > 1)
    assert (confidence[ring] == 0).all()


def test_the_coarse_mask_alone_is_as_sure_as_its_own_network_says() -> None:
    logits = disc_logits(SIZE_HW, sharpness=0.5)
    confidence = confidence_of_cutout(logits, None, temperature=2.0)
    np.testing.assert_array_equal(confidence, confidence_from_logits(logits, temperature=2.0))


def test_a_refiner_that_changes_nothing_adds_no_doubt() -> None:
    logits = disc_logits(SIZE_HW, sharpness=0.5)
    np.testing.assert_array_equal(
        confidence_of_cutout(logits, IdentityRefiner()), confidence_of_cutout(logits, None)
    )


def test_dropping_specks_makes_nothing_around_them_sure() -> None:
    logits = np.full((60, 60), -2.5, np.float32)
    logits[10, 10] = logits[50, 50] = -0.5  # faint specks, far apart in one tile
    whole = Box.whole((60, 60))
    delivery = Delivery(Region(whole, (60, 60)), start=None, start_alpha=None, ramp=4.0, temperature=1.0)
    alpha, confidence = np.zeros((60, 60), np.uint8), np.zeros((60, 60), np.uint8)
    steps = [
        *delivery.show(EnlargedField(logits, (60, 60)), band=None, rule=BandRule()),
        *delivery.drop_ghosts(),
    ]
    for step in steps:
        if step is not None:
            alpha[step.box.slices()], confidence[step.box.slices()] = step.alpha, step.confidence
    assert not alpha.any()
    shown = confidence_from_logits(logits)
    assert (confidence[[10, 50], [10, 50]] == 0).all()
    assert (confidence[11:50] == shown[11:50]).all()
