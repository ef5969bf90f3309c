"""The commands of the click network, from the first step to the table."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from meticulous_gui.engine.catalog import Catalog, read_card
from meticulous_gui.engine.clicks.crop import CROP_PX
from meticulous_gui.engine.models import build
from meticulous_gui.engine.networks import Networks
from tests.training.shapes import disc_or_star
from training.common import export
from training.common.checkpoint import load_state
from training.common.networks import add_network_arguments, build_network, network_of
from training.common.split import split_of
from training.fbrs import evaluate, train
from training.fbrs.noc import MOST_CLICKS

OPTIONS = json.dumps({"encoder": "mobilenet_v2", "is_deep": False, "width": 8, "context": 8})
SHORT = ["--batch", "2", "--workers", "0", "--validations", "1", "--threads", "1"]


@pytest.fixture(scope="module")
def run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fbrs")
    words = ["--data", str(data), "--out", str(folder), "--size", "64", "--options", OPTIONS]
    sets = ["--sets", "duts:1", "--validation-sets", "duts", "--n-validation", "2"]
    train.main([*words, *SHORT, *sets, "--steps", "3"])
    return folder


def test_training_leaves_a_checkpoint_and_figures(run: Path) -> None:
    assert load_state(run / "last.safetensors")["step"] == 3
    assert load_state(run / "last.safetensors")["network"]["architecture"] == "fbrs"
    assert (run / "pictures").is_dir()
    with (run / "metrics.csv").open(newline="", encoding="utf-8") as stream:
        last = list(csv.DictReader(stream))[-1]
    taken = (float(last["duts_noc85"]) + float(last["duts_noc90"])) / 2
    assert float(last["score"]) == pytest.approx(1 - taken / MOST_CLICKS, abs=1e-5), "fewer clicks are better"
    assert 0 < float(last["duts_iou1"]) < 1


def test_the_protocol_for_several_modes(run: Path, data: Path, tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("noc.json", "noc.png", "sheet.png")]
    words = [str(run), "--data", str(data), "--size", "64", "--evaluations", "2", "--limit", "2"]
    files = ["--json", str(places[0]), "--plot", str(places[1]), "--sheet", str(places[2])]
    figures = evaluate.main([*words, "--modes", "none", "local", *files])
    assert figures["local"]["disobeyed"] == 0
    assert 1 <= figures["none"]["NoC@90"] <= 20
    written = json.loads(places[0].read_text(encoding="utf-8"))
    assert len(written["none"]["curve"]) == 21
    assert all(place.stat().st_size > 0 for place in places)


def test_the_protocol_from_wrong_masks_beside_the_one_from_nothing(
    run: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(run), "--data", str(data), "--size", "64", "--limit", "2", "--evaluations", "2"]
    sheet = tmp_path / "sheet.png"
    figures = evaluate.main(
        [*words, "--skip", "1", "--every", "2", "--alone", "--correct", "--jitter", "--sheet", str(sheet)]
    )
    assert set(figures) == {"local", "local, pieces", "local, edges"}  # alone, nothing is found
    assert all(of["disobeyed"] == 0 for of in figures.values())
    counts = figures["local, pieces"]["NoC@90"], figures["local"]["NoC@90"]
    if figures["local, pieces"]["objects"] == figures["local"]["objects"]:
        assert figures["local, pieces"]["of nothing"] == pytest.approx(counts[0] / counts[1])
    assert "from nothing" in capsys.readouterr().out
    assert sheet.stat().st_size > 0


def test_the_protocol_on_all_pairs_of_a_folder_that_nothing_was_trained_on(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "GrabCut"
    for number in range(3):
        rgb, alpha = disc_or_star(number, side_px=64)
        for name, pixels in (("images", rgb), ("masks", alpha)):
            (folder / name).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    words = [str(run), "--data", str(folder), "--set", "GrabCut", "--split", "all", "--size", "64", "--alone"]
    figures = evaluate.main([*words, "--evaluations", "1"])
    assert figures["local"]["objects"] == 3
    assert split_of("0") == split_of("1") == "train", "else two of three would be left out"


def test_the_protocol_knows_the_large_and_exact_pictures(data: Path) -> None:
    options = evaluate.options_of(["a run", "--data", str(data), "--set", "composites"])
    key, photo, truth = next(evaluate._things(options))
    assert key == "composite_000"
    assert photo.size_hw == truth.shape


def test_exported_weights_are_a_click_network_of_the_program(run: Path, data: Path, tmp_path: Path) -> None:
    words = ["--name", "toy_clicks", "--out", str(tmp_path), "--data", str(data)]
    export.main([str(run), *words, "--failure", "Knows only shapes."])
    card = read_card(tmp_path / "toy_clicks.safetensors")
    assert card.role == "click_segmenter"
    networks = Networks(Catalog.of_folders([], [tmp_path / "toy_clicks.safetensors"]), "cpu")
    assert networks.clicker("").crop_px == CROP_PX
    assert networks.loaded == ("toy_clicks",)


def test_a_network_can_begin_with_another_encoder(run: Path, tmp_path: Path) -> None:
    """The rest of a trained network learns much sooner to read other eyes than one that begins anew."""
    before, _ = network_of(run)
    other = build("fbrs", json.loads(OPTIONS))
    encoder = {f"encoder.{name}": value for name, value in other.encoder.state_dict().items()}  # type: ignore[union-attr]
    save_file(encoder, tmp_path / "eyes.safetensors")
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", default="duts:1")
    add_network_arguments(parser)
    words = [
        "--options",
        OPTIONS,
        "--start-from",
        str(run),
        "--encoder-weights",
        str(tmp_path / "eyes.safetensors"),
    ]
    network, facts = build_network("fbrs", parser.parse_args(words))
    assert facts["encoder_weights"] == "eyes.safetensors"
    for name, value in network.state_dict().items():
        wanted = encoder[name] if name.startswith("encoder.") else before.state_dict()[name]
        assert torch.equal(value, wanted)
