from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from meticulous_gui.core.errors import UsageError
from meticulous_gui.engine.alpha import DEFAULT_RAMP
from meticulous_gui.engine.catalog import Card, read_card
from meticulous_gui.engine.models import MosL
from meticulous_gui.engine.weights import load_network, write_weights
from tests.training.shapes import disc_or_star
from tests.training.toy_data import add_member
from training.common import benchmark, differences, export, terms
from training.common.checkpoint import load_state
from training.common.command import run_command
from training.common.networks import add_network_arguments, build_network, network_of
from training.common.split import split_of
from training.crm import evaluate as evaluate_crm
from training.crm import train as train_crm
from training.mos_h import evaluate as evaluate_h
from training.mos_h import look as look_h
from training.mos_h import train as train_h
from training.mos_l import evaluate as evaluate_l
from training.mos_l import pair as pair_l
from training.mos_l import train as train_l

OPTIONS = json.dumps(
    {"encoder": "mobilenet_v2", "is_deep": False, "width8": 8, "width4": 8, "width2": 8, "point_hidden": 8}
)
SHORT = ["--steps", "2", "--batch", "2", "--workers", "0", "--validations", "1", "--threads", "1"]


@pytest.fixture(scope="module")
def coarse_run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("mos_l")
    words = ["--data", str(data), "--out", str(run), "--size", "64", "--options", OPTIONS]
    train_l.main([*words, *SHORT, "--test-size", "64", "--n-validation", "2"])
    return run


def test_mos_l_is_trained_evaluated_and_exported(data: Path, coarse_run: Path, tmp_path: Path) -> None:
    scores, sheet = tmp_path / "scores.json", tmp_path / "sheet.png"
    evaluate_l.main(
        [str(coarse_run), "--data", str(data), "--size", "64", "--json", str(scores), "--sheet", str(sheet)]
    )
    figures = json.loads(scores.read_text(encoding="utf-8"))["MOS_L 64 px"]
    assert figures["pictures"] == 3
    assert 0.0 <= figures["mean_iou"] <= 1.0
    assert sheet.stat().st_size > 0
    by_heart = evaluate_l.main([str(coarse_run), "--data", str(data), "--split", "train", "--limit", "2"])
    assert by_heart["pictures"] == 2
    words = ["--name", "toy_l", "--out", str(tmp_path / "weights"), "--data", str(data)]
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "README.md").write_text("# My project\n", encoding="utf-8")
    export.main([str(coarse_run), *words, "--scores", str(scores), "--failure", "Knows only shapes."])
    assert (tmp_path / "weights" / "README.md").read_text(encoding="utf-8") == "# My project\n"
    card = read_card(tmp_path / "weights" / "toy_l.safetensors")
    assert (card.role, card.architecture) == ("segmenter", "mos_l")
    assert card.scores["scores MOS_L 64 px: mean_iou"] == pytest.approx(figures["mean_iou"], abs=1e-4)
    assert len(card.data) == 3
    assert "commit" in card.command
    assert card.failures == ["Knows only shapes."]
    assert not load_network(card).training
    again = evaluate_l.main([str(card.path), "--data", str(data), "--size", "64"])
    assert again["mean_iou"] == pytest.approx(figures["mean_iou"], abs=0.01)
    assert 0.0 <= again["calibration error"] <= 0.5, "confidence is at least a half"


def test_two_trained_networks_become_one_that_is_measured_shipped_and_trained_on(
    data: Path, coarse_run: Path, tmp_path: Path
) -> None:
    words = ["--data", str(data), "--out", str(tmp_path / "second"), "--size", "64", "--sets", "ccp:1"]
    wider = json.dumps(json.loads(OPTIONS) | {"width2": 24})
    train_l.main([*words, "--options", wider, *SHORT, "--test-size", "64", "--n-validation", "2"])
    file = tmp_path / "pair" / "toy_l.safetensors"
    pair_l.main([str(coarse_run), str(tmp_path / "second"), "--out", str(file)])
    one = evaluate_l.main([str(coarse_run), "--data", str(data), "--looks"])
    both = evaluate_l.main([str(file), "--data", str(data), "--looks"])
    assert both["mae"] != one["mae"], "the second network has a say"
    words = ["--name", "toy_l", "--out", str(tmp_path / "weights"), "--data", str(data)]
    card = export.main([str(file), *words])
    assert card.options["second"] == json.loads(wider)
    assert card.command == read_card(file).command
    assert card.command.count("; the second network: ") == 1
    assert [card.data.count(terms.DATA_TERMS[name]) for name in ("duts", "ccp")] == [1, 1]
    assert card.temperature != 1.0
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", default="duts:1")
    add_network_arguments(parser)
    parts = load_network(card)
    assert isinstance(parts, MosL)
    assert parts.second is not None
    for structure, part in ((OPTIONS, parts), (wider, parts.second)):
        words = ["--options", structure, "--start-from", str(card.path)]
        network, _ = build_network("mos_l", parser.parse_args(words))
        wanted = part.state_dict()
        assert all(torch.equal(value, wanted[name]) for name, value in network.state_dict().items())


def test_mos_h_is_trained_on_the_masks_of_mos_l_evaluated_and_exported(
    data: Path, coarse_run: Path, tmp_path: Path
) -> None:
    run = tmp_path / "mos_h"
    words = ["--data", str(data), "--out", str(run), "--size", "64", "--options", OPTIONS]
    train_h.main(
        [*words, *SHORT, "--coarse", str(coarse_run), "--predicted-share", "1", "--n-validation", "1"]
    )
    assert (run / "config.json").is_file()
    summary = evaluate_h.main(
        [
            str(run),
            "--data",
            str(data),
            "--coarse",
            str(coarse_run),
            "--kinds",
            "true",
            "warped4",
            "--limit",
            "2",
        ]
    )
    assert set(summary) == {
        f"{kind} {when}" for kind in ("true", "warped4", "MOS_L") for when in ("in", "out")
    }
    assert summary["true in"]["mean_iou"] == 1.0
    assert summary["true out"]["mean_iou"] > 0.9  # it starts as the identity and learned for two steps
    looked = look_h.main([str(run), "--coarse", str(coarse_run), "--data", str(data), "--limit", "2"])
    assert set(looked["masks with faults"]) == {"random", "abs(z)", "look here", "best"}
    export.main([str(run), "--name", "toy_h", "--out", str(tmp_path / "weights"), "--data", str(data)])
    assert read_card(tmp_path / "weights" / "toy_h.safetensors").role == "refiner"


@pytest.mark.parametrize("mode", ["recommended", "exact"])
def test_crm_is_trained_in_both_modes_and_evaluated_on_every_rung(
    data: Path, tmp_path: Path, mode: str
) -> None:
    run = tmp_path / "crm"
    options = json.dumps({"mode": mode, "encoder": "mobilenet_v2"})
    words = ["--data", str(data), "--out", str(run), "--size", "64", "--options", options]
    train_crm.main([*words, *SHORT, "--n-validation", "1"])
    summary = evaluate_crm.main([str(run), "--data", str(data), "--limit", "2", "--kind", "shrunk4"])
    assert set(summary) == {"in", "1/8", "1/4", "1/2", "1/1"}
    for rung in ("1/8", "1/4", "1/2"):  # the program begins at the size of photos as small as these
        assert (summary[rung]["mba"] == summary["in"]["mba"]) == (mode == "recommended")
    if mode == "recommended":  # it starts as the identity and learned for two steps
        assert summary["1/1"]["mean_iou"] > summary["in"]["mean_iou"] - 0.2
        export.main([str(run), "--name", "toy_c", "--out", str(tmp_path / "weights"), "--data", str(data)])
        card = read_card(tmp_path / "weights" / "toy_c.safetensors")
        assert (card.role, card.architecture) == ("refiner", "crm")


def test_a_card_shows_every_command_of_a_resumed_run_without_folders(tmp_path: Path) -> None:
    command = (
        "python -m training.mos_l.train --data /a /b --out runs/x --encoder-weights /c/mobile.safetensors"
    )
    parts = {"commit": "0123456789abcdef+changes", "command": command + " --resume"}
    parts["earlier"] = [{"commit": "f" * 40, "command": command}]  # type: ignore[assignment]
    (tmp_path / "config.json").write_text(json.dumps(parts), encoding="utf-8")
    shown = "python -m training.mos_l.train --data DATA --out runs/x --encoder-weights mobile.safetensors"
    assert export.command_of({"step": 7}, tmp_path) == (
        f"{shown} (commit ffffffffffff); then {shown} --resume (commit 0123456789ab+changes); 7 steps"
    )


def test_a_card_names_the_sets_of_the_run_that_it_began_with(coarse_run: Path) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets")
    add_network_arguments(parser)
    words = ["--sets", "cats:1,duts:0.5", "--options", OPTIONS, "--start-from", str(coarse_run)]
    _, facts = build_network("mos_l", parser.parse_args(words))
    assert terms.data_of(facts) == [terms.DATA_TERMS[name] for name in ("cats", "duts", "ccp", "emoji")]


def test_a_card_names_the_encoders_of_all_that_a_training_began_with() -> None:
    sets = [terms.DATA_TERMS["coco"], terms.DATA_TERMS["duts"]]
    deeplab, detector = (
        f"{name} (Apache-2.0; see the encoder's own source for its training data)"
        for name in ("mobilenet_v2_deeplab_voc", "mobilenet_v2_oid_detector")
    )
    first = {"sets": "duts:1", "encoder_weights": "mobilenet_v2_deeplab_voc.safetensors"}
    longer = {"sets": "coco:1", "earlier_data": terms.earlier_data_of(first, keeps_encoder=True)}
    assert terms.data_of(longer) == [*sets, f"encoder started from {deeplab}"]
    other = {
        "sets": "coco:1",
        "earlier_data": terms.earlier_data_of(longer, keeps_encoder=False),
        "encoder_weights": "mobilenet_v2_oid_detector.safetensors",
    }
    assert terms.data_of(other) == [
        *sets,
        f"what follows the encoder first trained on one started from {deeplab}",
        f"encoder started from {detector}",
    ]


def test_training_goes_on_from_weights_whose_card_names_their_data(coarse_run: Path, tmp_path: Path) -> None:
    trained, known = network_of(coarse_run)
    earlier = ["all that was seen", terms.DATA_TERMS["duts"]]
    card = Card("toy", "segmenter", "mos_l", known["options"], data=earlier)
    weights = tmp_path / "toy.safetensors"
    write_weights(trained, card, weights)
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets")
    add_network_arguments(parser)
    words = ["--sets", "duts:1", "--options", OPTIONS, "--start-from", str(weights)]
    network, facts = build_network("mos_l", parser.parse_args(words))
    assert terms.data_of(facts) == [terms.DATA_TERMS["duts"], "all that was seen"]
    wanted = load_network(read_card(weights)).state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in network.state_dict().items())
    with pytest.raises(UsageError, match="its network is another one"):
        build_network("mos_h", parser.parse_args(words))


def test_a_card_says_where_the_encoder_began() -> None:
    *_, published = terms.data_of({"sets": "duts:1", "encoder_weights": "mobilenet_v2.safetensors"})
    assert "mobilenet_v2 (Apache-2.0" in published
    *_, ours = terms.data_of({"sets": "duts:1", "encoder_weights": "mos_h.safetensors"})
    assert ours == "encoder started from that of mos_h (see its card)"


def test_the_errors_on_a_card_name_the_set_that_they_are_of(
    data: Path, coarse_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_N_COMPOSITES", 1)
    _, _, errors = export._fitted(network_of(coarse_run)[0], "mos_l", "ccp", [data])
    assert "ccp val: calibration error in the band" in errors


@pytest.mark.parametrize(
    ("main", "words"),
    [(evaluate_crm.main, ["a"]), (benchmark.main, []), (differences.main, ["a", "b", "--sheet", "s.png"])],
)
def test_what_runs_on_the_processor_alone_takes_no_device(
    main: Callable[[list[str]], object], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*words, "--data", "nowhere", "--device", "cuda"])
    assert "unrecognized arguments: --device cuda" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--data", "nowhere"], "of the set 'duts' in nowhere; sets found there: none."),
        (["--sets", "dust:1"], "of the set 'dust' in "),
        (["--sets", "duts:much"], "sets must look like duts:1,ccp:0.1"),
        (["--options", "{width2: 24}"], "--options {width2: 24} is no JSON"),
        (["--options", '{"width": 24}'], "unknown options of"),
        (["--encoder", "alexnet"], "encoder must be one of"),
        (["--encoder-weights", "gone.safetensors"], "gone.safetensors"),
        (["--start-from", "gone"], "gone holds no checkpoint"),
        (["--size", "100"], "a size must be a multiple of 16"),
        (["--steps", "0"], "argument --steps: must be a whole number, 1 or more, got '0'"),
        (["--n-validation", "0"], "argument --n-validation: must be a whole number, 1 or more, got '0'"),
        (["--batch", "none"], "argument --batch: must be a whole number, 1 or more, got 'none'"),
        (["--workers", "-1"], "argument --workers: must be a whole number, 0 or more, got '-1'"),
        (["--lr", "0"], "argument --lr: must be a number above 0, got '0'"),
        (["--encoder-lr", "fast"], "argument --encoder-lr: must be a number above 0, got 'fast'"),
        (["--weight-decay", "-1"], "argument --weight-decay: must be a number, 0 or more, got '-1'"),
        (
            ["--stop-after-step", "0"],
            "argument --stop-after-step: must be a whole number, 1 or more, got '0'",
        ),
        (["--device", "cuda"], "The device cuda is not available here"),
        (["--out", "file"], "file: "),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(
    data: Path,
    tmp_path: Path,
    words: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_bytes(b"in the way")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    given = ["--data", str(data), "--out", "run", "--size", "64", "--options", OPTIONS, *SHORT, *words]
    with pytest.raises(SystemExit) as leaving:
        run_command(lambda: train_l.main(given))
    assert leaving.value.code == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]


def test_a_weight_file_without_its_card_is_named(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(UsageError, match=r"a\.safetensors is no checkpoint of a run"):
        evaluate_l.main([str(tmp_path / "a.safetensors"), "--data", "nowhere"])


def test_a_network_is_exported_where_no_coverage_is_exact(
    data: Path, coarse_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of somebody who has trained on pictures of their own."""
    (tmp_path / "ccp-0000.tar").write_bytes((data / "ccp-0000.tar").read_bytes())
    _, ramp, errors = export._fitted(network_of(coarse_run)[0], "mos_l", "ccp", [tmp_path])
    assert ramp == DEFAULT_RAMP
    assert list(errors) == ["ccp val: calibration error in the band"]
    assert "the ramp of alpha is the usual one" in capsys.readouterr().out


def test_exact_objects_of_which_none_is_held_out_are_named_before_a_training_and_left_out_of_an_export(
    data: Path, coarse_run: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "ccp-0000.tar").write_bytes((data / "ccp-0000.tar").read_bytes())
    rgb, alpha = disc_or_star(0, side_px=32)
    key = next(key for key in map("emoji_{}".format, itertools.count()) if split_of(key) == "train")
    with tarfile.open(folder / "emoji-0000.tar", "w") as tar:
        add_member(tar, f"{key}.webp", rgb, "WEBP")
        add_member(tar, f"{key}.png", alpha, "PNG")
    words = ["--data", str(folder), "--out", str(tmp_path / "run"), "--sets", "ccp:1,emoji:1"]
    with pytest.raises(UsageError, match="No picture of the set 'emoji' is in its split 'val'"):
        train_h.main([*words, "--size", "64", "--options", OPTIONS, *SHORT])
    assert export._fitted(network_of(coarse_run)[0], "mos_l", "ccp", [folder])[1] == DEFAULT_RAMP


def test_a_run_of_the_other_network_is_refused(data: Path, coarse_run: Path) -> None:
    with pytest.raises(UsageError, match=r"holds a mos_l, but a mos_h"):
        evaluate_h.main([str(coarse_run), "--data", str(data)])


@pytest.mark.slow
def test_two_processes_train_together(data: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += [
        "-m",
        "training.mos_l.train",
        "--data",
        str(data),
        "--out",
        str(run),
        "--size",
        "64",
        "--options",
    ]
    command += [OPTIONS, *SHORT, "--batch", "4", "--test-size", "64", "--n-validation", "2"]
    done = subprocess.run(
        command,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert load_state(run / "last.safetensors")["step"] == 2
