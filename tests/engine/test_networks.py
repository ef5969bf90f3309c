"""MeticulousNet in its roles, with random weights: the frame around it, not its answers."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.errors import UsageError, WeightsError
from meticulous_gui.engine.catalog import Card, Catalog
from meticulous_gui.engine.continuous import CrmRefiner
from meticulous_gui.engine.models import build
from meticulous_gui.engine.networks import MosRefiner, MosSegmenter, Networks, coarse_size
from meticulous_gui.engine.weights import write_weights
from tests.engine.stubs import disc_photo

CPU = torch.device("cpu")
OPTIONS = {"is_deep": False, "width8": 32, "width4": 24, "width2": 16, "point_hidden": 16}


def test_a_photo_is_seen_whole_in_its_proportions_on_sides_of_sixteen() -> None:
    assert coarse_size((400, 600), 336) == (224, 336)
    assert coarse_size((600, 400), 336) == (336, 224)
    assert coarse_size((550, 400), 336) == (336, 240)
    assert coarse_size((1, 1), 336) == (336, 336)
    assert coarse_size((20, 30_000), 336) == (64, 336)


@given(height=st.integers(1, 5000), width=st.integers(1, 5000), long_px=st.sampled_from((224, 336, 448)))
def test_sizes_seen_are_multiples_of_sixteen_near_the_photos_proportions(
    height: int, width: int, long_px: int
) -> None:
    seen = coarse_size((height, width), long_px)
    assert max(seen) == long_px
    assert all(side % 16 == 0 for side in seen)
    share = max(min(height, width) / max(height, width), 0.2)
    assert abs(min(seen) - share * long_px) <= 8


@pytest.mark.parametrize("size_hw", [(1, 1), (300, 200), (50, 1000), (20, 6000)])
def test_a_segmenter_answers_in_the_proportions_of_the_photo(size_hw: tuple[int, int]) -> None:
    segmenter = MosSegmenter(Card("l", "segmenter", "mos_l", ramp=3.0), build("mos_l", OPTIONS).eval(), CPU)
    prediction = segmenter.segment(np.full((*size_hw, 3), 90, np.uint8))
    assert prediction.logits.shape == coarse_size(size_hw, 336)
    assert prediction.logits.dtype == np.float32
    assert prediction.ramp == 3.0


def test_the_network_sees_nothing_but_the_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter = MosSegmenter(Card("l", "segmenter", "mos_l"), build("mos_l", OPTIONS).eval(), CPU)
    seen: list[torch.Tensor] = []

    def run(x: torch.Tensor) -> torch.Tensor:
        seen.append(x)
        return torch.zeros(1, 1, *x.shape[2:])

    monkeypatch.setattr(segmenter.placed, "run", run)
    prediction = segmenter.segment(np.full((200, 400, 3), 255, np.uint8), scale=2 / 3)
    assert seen[0].shape == (1, 3, 112, 224)
    assert (seen[0] == 1).all()
    assert prediction.logits.shape == (112, 224)


def test_an_untrained_refiner_is_the_identity_also_beyond_its_own_limit() -> None:
    torch.manual_seed(0)
    refiner = MosRefiner(Card("h", "refiner", "mos_h"), build("mos_h", OPTIONS).eval(), CPU)
    rng = np.random.default_rng(0)
    rgb = rng.random((3, 3, 224, 224), dtype=np.float32)
    logits = rng.uniform(-8, 8, (3, 1, 224, 224)).astype(np.float32)
    np.testing.assert_array_equal(refiner.refine(rgb, logits), logits)


def test_networks_are_loaded_once_and_by_name(tmp_path: Path) -> None:
    for name, role in (("mos_l", "segmenter"), ("mos_h", "refiner")):
        card = Card(name, role, name, OPTIONS)  # type: ignore[arg-type]
        write_weights(build(name, OPTIONS), card, tmp_path / f"{name}.safetensors")
    networks = Networks(Catalog.of_folders((tmp_path,)), "cpu")
    assert not networks.loaded
    assert networks.text == "CPU (float32)"
    assert networks.segmenter("") is networks.segmenter("mos_l")
    assert networks.refiner("") is networks.refiner("mos_h")
    assert networks.loaded == ("mos_l", "mos_h")
    assert networks.segmenter("").segment(disc_photo((40, 50))).logits.shape == (272, 336)
    with pytest.raises(WeightsError, match="network named other"):
        networks.refiner("other")


def test_a_network_in_the_wrong_role_is_refused(tmp_path: Path) -> None:
    card = Card("odd", "refiner", "mos_l", OPTIONS)
    write_weights(build("mos_l", OPTIONS), card, tmp_path / "odd.safetensors")
    networks = Networks(Catalog.of_folders((tmp_path,)), "cpu")
    with pytest.raises(WeightsError, match="cannot be a refiner"):
        networks.refiner("odd")


def test_fading_can_be_left_out_and_the_chosen_refiner_is_the_one_that_is_not_named(tmp_path: Path) -> None:
    catalog = _installed(tmp_path)
    networks = Networks(catalog, "cpu")
    unfaded = networks.refiner("crm", fades=False)
    assert isinstance(unfaded, CrmRefiner)
    assert not unfaded.fades
    with pytest.raises(UsageError, match="fades=False changes nothing for mos_h; leave it out"):
        networks.refiner("", fades=False)
    networks.choose(catalog.choosing({"refiner": "crm"}))
    assert networks.refiner("") is networks.refiner("crm")


def _installed(folder: Path) -> Catalog:
    for card in (
        Card("mos_l", "segmenter", "mos_l", OPTIONS),
        Card("mos_h", "refiner", "mos_h", OPTIONS),
        Card("crm", "refiner", "crm"),
    ):
        write_weights(build(card.architecture, card.options), card, folder / f"{card.name}.safetensors")
    return Catalog.of_folders((folder,))


def test_another_refiner_takes_the_place_of_the_one_before_which_is_freed(tmp_path: Path) -> None:
    catalog = _installed(tmp_path)
    networks = Networks(catalog, "cpu")
    segmenter, before = networks.segmenter(""), weakref.ref(networks.refiner(""))
    networks.choose(catalog.choosing({"refiner": "crm"}))
    gc.collect()
    assert before() is None
    assert networks.loaded == ("mos_l",)
    assert networks.refiner("").patch_px == CrmRefiner.patch_px
    assert networks.segmenter("") is segmenter, "what is still preferred is not loaded again"


def test_a_refiner_in_use_stays_until_its_user_lets_go(tmp_path: Path) -> None:
    catalog = _installed(tmp_path)
    networks = Networks(catalog, "cpu")
    in_use = networks.refiner("mos_h")
    networks.choose(catalog.choosing({"refiner": "crm"}))
    side = in_use.patch_px
    logits = np.zeros((1, 1, side, side), np.float32)
    assert in_use.refine(np.zeros((1, 3, side, side), np.float32), logits).shape == logits.shape
    assert networks.refiner("mos_h") is not in_use


def test_other_weights_of_the_same_name_are_loaded_anew(tmp_path: Path) -> None:
    networks = Networks(_installed(tmp_path), "cpu")
    before = networks.refiner("")
    torch.manual_seed(5)
    write_weights(
        build("mos_h", OPTIONS), Card("mos_h", "refiner", "mos_h", OPTIONS), tmp_path / "mos_h.safetensors"
    )
    networks.choose(Catalog.of_folders((tmp_path,)))
    assert networks.refiner("") is not before
