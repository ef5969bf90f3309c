"""``meticulous models``: what is installed, whether it is whole, adding one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meticulous_gui.cli import machine
from tests.cli.conftest import Program


@pytest.fixture
def own_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program) -> Path:
    """The networks of this test alone, none yet; ``program`` comes first, for it sets the common folder."""
    folder = tmp_path / "own"
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(folder))
    return folder / "weights"


def test_list_names_role_file_and_terms(program: Program) -> None:
    said = program("models")
    assert said.code == 0, said.stderr
    assert said.stdout == program("models", "list").stdout
    assert "mos_l  (segmenter, in use, mos_l" in said.stdout
    assert "mos_h  (refiner, in use, mos_h" in said.stdout


def test_scores_are_a_line_for_each_set_that_was_measured(
    program: Program, own_networks: Path, random_networks: Path, tmp_path: Path
) -> None:
    scores = {"val, 400 px: mean_iou": 0.88382, "val, 400 px: mba": 0.689, "emoji: mba": 0.7, "speed": 3.0}
    card = json.loads((random_networks / "mos_l.json").read_text()) | {"scores": scores}
    (tmp_path / "mos_l.safetensors").write_bytes((random_networks / "mos_l.safetensors").read_bytes())
    (tmp_path / "mos_l.json").write_text(json.dumps(card))
    assert program("models", "import", tmp_path / "mos_l.safetensors").code == 0
    lines = program("models").stdout.splitlines()
    assert [line.removeprefix("  scores  ") for line in lines if line.startswith("  scores  ")][-3:] == [
        "val, 400 px: mean_iou 0.8838, mba 0.689",
        "emoji: mba 0.7",
        "speed 3",
    ]


def test_the_network_that_the_settings_name_is_the_one_in_use(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[engine]\nrefiner = "crm"\n')
    listed = program("models").stdout
    assert "crm  (refiner, in use, crm" in listed
    assert "mos_h  (refiner, mos_h" in listed
    monkeypatch.setattr(machine, "_best_ms", lambda _work: 1.0)
    assert "mos_l, crm" in program("doctor", "--device", "cpu").stdout, "the speed is that of what is used"


def test_list_as_json_is_the_cards(program: Program) -> None:
    networks = json.loads(program("models", "--json").stdout)["networks"]
    assert {card["name"]: card["role"] for card in networks} == {
        "mos_l": "segmenter",
        "mos_h": "refiner",
        "crm": "refiner",
        "fbrs": "click_segmenter",
    }


def test_verify_loads_every_network(program: Program) -> None:
    said = program("models", "verify")
    assert said.code == 0, said.stderr
    assert [line.split(":")[0] for line in said.stdout.splitlines()] == ["crm", "fbrs", "mos_h", "mos_l"]


def test_import_copies_weights_and_card_and_they_are_used_from_then_on(
    program: Program, own_networks: Path, random_networks: Path
) -> None:
    said = program(
        "models", "import", random_networks / "mos_l.safetensors", random_networks / "mos_h.safetensors"
    )
    assert said.code == 0, said.stderr
    assert sorted(path.name for path in own_networks.iterdir()) == [
        "mos_h.json",
        "mos_h.safetensors",
        "mos_l.json",
        "mos_l.safetensors",
    ]
    assert str(own_networks / "mos_l.safetensors") in program("models").stdout
    assert "stays in use" not in said.stdout


def test_import_says_when_another_network_stays_in_use(
    program: Program, own_networks: Path, random_networks: Path, tmp_path: Path
) -> None:
    assert program("models", "import", random_networks / "mos_h.safetensors").code == 0
    (tmp_path / "mine.safetensors").write_bytes((random_networks / "mos_h.safetensors").read_bytes())
    card = json.loads((random_networks / "mos_h.json").read_text()) | {"name": "mine"}
    (tmp_path / "mine.json").write_text(json.dumps(card))
    said = program("models", "import", tmp_path / "mine.safetensors")
    assert said.code == 0, said.stderr
    assert said.stdout == (
        f"mine: imported to {own_networks / 'mine.safetensors'}"
        " (mos_h stays in use; --weights FILE takes another)\n"
    )


def test_import_of_a_damaged_file_leaves_nothing(
    program: Program, own_networks: Path, random_networks: Path, tmp_path: Path
) -> None:
    content = bytearray((random_networks / "mos_l.safetensors").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "mos_l.safetensors").write_bytes(content)
    (tmp_path / "mos_l.json").write_bytes((random_networks / "mos_l.json").read_bytes())
    said = program("models", "import", tmp_path / "mos_l.safetensors")
    assert said.code == 1
    assert len(said.sentences) == 1
    assert "sha256" in said.stderr
    assert not own_networks.exists()


def test_import_of_a_card_names_the_file_to_name(program: Program, random_networks: Path) -> None:
    said = program("models", "import", random_networks / "mos_l.json")
    assert said.code == 1
    (sentence,) = said.sentences
    assert sentence.endswith("mos_l.json is a card; name the weight file beside it, mos_l.safetensors.")


def test_import_into_a_place_that_is_taken_is_one_sentence(
    program: Program, own_networks: Path, random_networks: Path
) -> None:
    own_networks.parent.mkdir()
    own_networks.write_text("a file where a folder belongs")
    said = program("models", "import", random_networks / "mos_l.safetensors")
    assert said.code == 1
    assert len(said.sentences) == 1
    assert f"{own_networks} is a file, not a folder" in said.stderr


def test_verify_names_a_network_that_is_not_there(program: Program) -> None:
    said = program("models", "verify", "nonsense")
    assert said.code == 2
    assert "there is no network named nonsense" in said.stderr
