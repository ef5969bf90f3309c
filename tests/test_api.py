"""The Python functions: what they take, what they give, and that they follow the person's settings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import meticulous_gui as mg
from meticulous_gui import api
from meticulous_gui.core.errors import EngineError, MaskError, PhotoError, UsageError, WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_photo, photo_from_array
from meticulous_gui.core.settings import settings_path
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.runner import Runner
from tests.engine.stubs import IdentityRefiner, RaisingRefiner, StubNetworks, disc_logits, disc_photo

SIZE = (250, 320)


@pytest.fixture
def networks() -> StubNetworks:
    """Networks that find the bright disc."""
    return StubNetworks()


@pytest.fixture(autouse=True)
def _runner_of_stubs(networks: StubNetworks, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    runner = Runner(Catalog(), networks=lambda: networks)
    monkeypatch.setattr(api, "_runner", lambda: runner)
    yield
    runner.close()


@pytest.fixture
def rgb() -> RgbImage:
    return disc_photo(SIZE)


@pytest.fixture
def truth() -> Alpha:
    return np.where(disc_logits(SIZE) >= 0, 255, 0).astype(np.uint8)


@pytest.fixture
def photo_file(tmp_path: Path, rgb: RgbImage) -> Path:
    Image.fromarray(rgb).save(tmp_path / "disc.png")
    return tmp_path / "disc.png"


@pytest.fixture
def settings_file() -> Iterator[Path]:
    """The person's settings of this test alone."""
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    yield path
    path.unlink(missing_ok=True)


def agreement(alpha: Alpha, truth: Alpha) -> float:
    return float(((alpha >= 128) == (truth >= 128)).mean())


def test_a_photo_may_be_a_path_a_photo_or_an_array(photo_file: Path, rgb: RgbImage, truth: Alpha) -> None:
    alphas = [mg.cutout(photo) for photo in (photo_file, str(photo_file), load_photo(photo_file), rgb)]
    assert alphas[0].dtype == np.uint8
    assert alphas[0].shape == SIZE
    assert agreement(alphas[0], truth) > 0.99
    for alpha in alphas[1:]:
        np.testing.assert_array_equal(alpha, alphas[0])


def test_without_refining_the_refiner_is_not_asked(networks: StubNetworks, rgb: RgbImage) -> None:
    networks.refiners.clear()
    assert mg.cutout(rgb, refine=False).shape == SIZE


def test_a_mask_may_be_a_path_coverage_or_yes_and_no(tmp_path: Path, rgb: RgbImage, truth: Alpha) -> None:
    off = np.roll(truth, 3, axis=1)
    Image.fromarray(off).save(tmp_path / "mask.png")
    first = mg.refine(rgb, off)
    assert agreement(first, truth) > agreement(off, truth)
    for mask in (tmp_path / "mask.png", str(tmp_path / "mask.png"), off > 0, off // 255):
        np.testing.assert_array_equal(mg.refine(rgb, mask), first)


@pytest.mark.parametrize("box", [(60, 40, 160, 200), Box(60, 40, 160, 200)])
def test_refine_changes_nothing_outside_the_box_nor_what_it_was_given(
    rgb: RgbImage, truth: Alpha, box: Box | tuple[int, int, int, int]
) -> None:
    off = np.roll(truth, 3, axis=1)
    before = off.copy()
    better = mg.refine(rgb, off, box=box)
    np.testing.assert_array_equal(off, before)
    changed = better != off
    assert changed.any()
    changed[40:200, 60:160] = False
    assert not changed.any()


def test_clicks_select_and_are_taken_back(photo_file: Path, rgb: RgbImage, truth: Alpha) -> None:
    with mg.click_session(photo_file) as clicks:
        alpha = clicks.click(160.5, 125.5)
        assert alpha.dtype == np.uint8
        assert alpha[125, 160] == 255
        assert clicks.click(5.5, 5.5, include=False)[5, 5] == 0
        np.testing.assert_array_equal(clicks.undo(), alpha)
        assert not clicks.reset().any()
    with mg.click_session(rgb, truth >= 128) as clicks:
        np.testing.assert_array_equal(clicks.alpha, truth)


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, rgb: RgbImage, truth: Alpha) -> None:
    with pytest.raises(PhotoError, match=r"gone\.jpg does not exist"):
        mg.cutout(tmp_path / "gone.jpg")
    with pytest.raises(PhotoError, match=r"is no name that a file can have"):
        mg.cutout("gone\0.jpg")
    with pytest.raises(PhotoError, match="path of the photo is empty"):
        mg.cutout("")
    with pytest.raises(MaskError, match="path of the mask is empty"):
        mg.refine(rgb, "")
    with pytest.raises(PhotoError, match=r"got uint8 \(3, 4\)"):
        mg.cutout(np.zeros((3, 4), np.uint8))
    with pytest.raises(MaskError, match="160 x 250 pixels and the photo 320 x 250"):
        mg.refine(rgb, truth[:, ::2])
    with pytest.raises(MaskError, match=r"got float32 \(250, 320\)"):
        mg.refine(rgb, truth.astype(np.float32))  # type: ignore[arg-type]
    with pytest.raises(MaskError, match="900,900,950,950 holds no pixel of the photo"):
        mg.refine(rgb, truth, box=(900, 900, 950, 950))
    for path, sentence in ((tmp_path / "gone.png", "gone.png does not exist"), ("gone\0.png", "is no name")):
        with pytest.raises(MaskError, match=sentence):
            mg.refine(rgb, path)
    with pytest.raises(UsageError, match="refine=False leaves the refiner 'crm' nothing to do"):
        mg.cutout(rgb, refine=False, refiner="crm")
    two: Any = np.int64(2)
    np.testing.assert_array_equal(mg.refine(rgb, truth, coarsest=two), mg.refine(rgb, truth, coarsest=2))
    with pytest.raises(ValueError, match="coarsest must be 1, 2, 4 or 8, got 3"):
        mg.refine(rgb, truth, coarsest=3)


def test_what_is_no_photo_mask_box_or_point_is_one_sentence(rgb: RgbImage, truth: Alpha) -> None:
    anything: Any = [None, [[1, 2], [3, 4]], Image.fromarray(rgb), b"disc.png"]
    for thing in anything:
        kind = type(thing).__name__
        with pytest.raises(PhotoError, match=rf"A photo must be a path.* got {kind}\."):
            mg.cutout(thing)
        with pytest.raises(MaskError, match=rf"A mask must be a path.* got {kind}\."):
            mg.refine(rgb, thing)
    side: Any = 9.5
    boxes: Any = [(1, 2, 3), (1.5, 2, 60, 60), "1,2,30,40", (float("nan"), 2, 60, 60), 7, Box(0, 0, 60, side)]
    for box in boxes:
        with pytest.raises(UsageError, match="A box must be four whole numbers"):
            mg.refine(rgb, truth, box=box)
    points: Any = [("here", 5), (None, 5), ((5, 6), None), (10**400, 5)]
    with mg.click_session(rgb) as clicks:
        for x, y in points:
            with pytest.raises(UsageError, match="A click takes two numbers"):
                clicks.click(x, y)
        with pytest.raises(UsageError, match="lies outside the photo"):
            clicks.click(float("nan"), 5)
        assert not clicks.alpha.any()


def test_no_trace_is_printed_of_what_is_raised_anyway(
    networks: StubNetworks, rgb: RgbImage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a notebook; pytest has its own
    networks.refiners[""] = RaisingRefiner(error=WeightsError("The file is gone."))
    with pytest.raises(WeightsError):
        mg.cutout(rgb)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("error", [WeightsError("The file is gone."), EngineError("The result is none.")])
def test_a_network_that_fails_raises_its_sentence_and_the_next_call_works(
    networks: StubNetworks, rgb: RgbImage, error: Exception
) -> None:
    whole = networks.refiners[""]
    networks.refiners[""] = RaisingRefiner(error=error)
    with pytest.raises(type(error), match=str(error)):
        mg.cutout(rgb)
    networks.refiners[""] = whole
    assert mg.cutout(rgb).any()


def test_the_refiner_can_be_named(networks: StubNetworks, rgb: RgbImage, truth: Alpha) -> None:
    other = networks.refiners["other"] = IdentityRefiner()
    off = np.roll(truth, 3, axis=1)
    np.testing.assert_array_equal(mg.refine(rgb, off, refiner="other"), off)
    n_calls = other.n_calls
    assert n_calls > 0
    mg.cutout(rgb, refiner="other")
    assert other.n_calls > n_calls


def test_the_limits_of_the_settings_count_for_paths(
    photo_file: Path, settings_file: Path, rgb: RgbImage
) -> None:
    settings_file.write_text("[decode]\nmax_side_px = 300\n", encoding="utf-8")
    with pytest.raises(PhotoError, match=r"disc\.png is 320 x 250 px .* limit of 300 px"):
        mg.cutout(photo_file)
    with pytest.raises(MaskError, match=r"disc\.png is 320 x 250 px"):
        mg.refine(rgb, photo_file)
    assert mg.cutout(photo_from_array(rgb)).any()


def test_networks_run_where_the_settings_say_and_are_loaded_once(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the real `_runner`
    settings_file.write_text('[engine]\ndevice = "cpu"\nthreads = 3\nrefiner = "mine"\n', encoding="utf-8")
    asked: list[dict[str, object]] = []

    def start(**options: object) -> Runner:
        asked.append(options)
        may_go_on.wait(0.2)  # meanwhile the other thread asks, too
        return Runner(Catalog(), networks=StubNetworks)

    may_go_on = threading.Event()
    monkeypatch.setattr(api, "start_runner", start)
    api._started_runner.cache_clear()
    try:
        with ThreadPoolExecutor(2) as threads:
            first, second = threads.submit(api._runner), threads.submit(api._runner)
            assert first.result() is second.result() is api._runner()
        api._runner().close()
    finally:
        api._started_runner.cache_clear()
    chosen = {"segmenter": "", "refiner": "mine", "click_segmenter": "", "proposer": ""}
    assert asked == [{"device": "cpu", "chosen": chosen, "n_threads": 3}]
