"""The catalog: where networks are looked for and which one is taken."""

from __future__ import annotations

import errno
import json
import os
import pickle
from hashlib import sha256
from pathlib import Path

import pytest

from meticulous_gui.core.errors import ExportError, WeightsError
from meticulous_gui.engine.catalog import Card, Catalog, data_dir, install, read_card, write_pair


def _place(
    folder: Path, name: str, role: str = "segmenter", *, data: bytes = b"weights", file: str = ""
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file or name}.safetensors"
    card = Card(name, role, "mos_l", sha256=sha256(data).hexdigest(), bytes=len(data))  # type: ignore[arg-type]
    write_pair(data, card, path)
    return path


def test_a_later_folder_hides_an_earlier_network_of_the_same_name(tmp_path: Path) -> None:
    _place(tmp_path / "a", "mos_l")
    mine = _place(tmp_path / "b", "mos_l")
    catalog = Catalog.of_folders((tmp_path / "a", tmp_path / "b", tmp_path / "missing"))
    assert catalog.get("mos_l", "segmenter").path == mine
    assert catalog.get("", "segmenter").path == mine
    assert catalog.problems == ()


def test_the_preferred_network_is_a_named_file_then_the_built_in_one_then_any(tmp_path: Path) -> None:
    _place(tmp_path / "a", "another")
    assert Catalog.of_folders((tmp_path / "a",)).preferred("segmenter").name == "another"
    _place(tmp_path / "a", "mos_l")
    assert Catalog.of_folders((tmp_path / "a",)).preferred("segmenter").name == "mos_l"
    given = _place(tmp_path / "c", "given")
    catalog = Catalog.of_folders((tmp_path / "a",), [given])
    assert catalog.preferred("segmenter").name == "given"
    assert catalog.get("mos_l", "segmenter").name == "mos_l"


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    _place(tmp_path, "mos_l")
    catalog = Catalog.of_folders((tmp_path,))
    with pytest.raises(WeightsError, match=r"named sam \(installed are: mos_l\); name one"):
        catalog.get("sam", "segmenter")
    with pytest.raises(WeightsError, match="mos_l is a segmenter, but a refiner is needed"):
        catalog.get("mos_l", "refiner")
    with pytest.raises(WeightsError, match="No refiner network is installed"):
        catalog.preferred("refiner")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "cannot be read"),
        ("[]", "not a JSON object"),
        ('{"name": "x"}', "lacks the entry"),
        ('{"name": "x", "role": "chef", "architecture": "a", "sha256": "", "bytes": 1}', "role 'chef'"),
        ('{"name": 3, "role": "refiner", "architecture": "a", "sha256": "", "bytes": 1}', "wrong kind"),
        (
            '{"name": "x", "role": "refiner", "architecture": "a", "sha256": "", "bytes": 1, "z": 0}',
            "not know: z",
        ),
        (
            '{"name": "x", "role": "refiner", "architecture": "a", "sha256": "", "bytes": 1, "ramp": 0}',
            "above 0",
        ),
        (
            '{"name": "x", "role": "refiner", "architecture": "a", "sha256": "", "bytes": 1, "ramp": NaN}',
            "above 0",
        ),
        (
            '{"name": "x", "role": "refiner", "architecture": "a", "sha256": "", "bytes": 1,'
            ' "scores": {"mba": "good"}}',
            "wrong kind of value in 'scores'",
        ),
        (
            '{"name": "x", "role": "refiner", "architecture": "a", "sha256": "", "bytes": 1, "data": [3]}',
            "wrong kind of value in 'data'",
        ),
    ],
)
def test_a_broken_card_is_a_problem_in_a_folder_and_an_error_when_asked_for(
    tmp_path: Path, text: str, says: str
) -> None:
    _place(tmp_path, "mos_l")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"x")
    broken.with_suffix(".json").write_text(text)
    catalog = Catalog.of_folders((tmp_path,))
    assert list(catalog.cards) == ["mos_l"]
    assert len(catalog.problems) == 1
    assert says in catalog.problems[0]
    with pytest.raises(WeightsError, match="broken"):
        Catalog.of_folders((), [broken])


def test_a_card_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    card = Card(
        "ü", "refiner", "mos_h", {"width8": 3}, "ab", 1, ["DUTS (research)"], "CC0", "python -m x",
        {"iou": 0.5}, ["hair"], 1.5, 3.5,
    )  # fmt: skip
    write_pair(b"x", card, path)
    assert "path" not in json.loads((tmp_path / "x.json").read_text())
    back = read_card(path)
    assert back.path == path
    assert {k: v for k, v in vars(back).items() if k != "path"} == {
        k: v for k, v in vars(card).items() if k != "path"
    }


def test_the_environment_moves_the_persons_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path))
    assert data_dir() == tmp_path
    source = _place(tmp_path / "elsewhere", "mine")
    card = install(source)
    assert card.path == tmp_path / "weights" / "mine.safetensors"
    assert Catalog.default().get("mine", "segmenter").path == card.path
    source.write_bytes(b"changed")
    with pytest.raises(WeightsError, match="another sha256"):
        install(source)


def test_an_import_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _place(tmp_path / "elsewhere", "mine")
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "own"))

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fail)
        with pytest.raises(ExportError, match="the disk is full"):
            install(source)
    assert list((tmp_path / "own" / "weights").iterdir()) == []
    (tmp_path / "blocked").write_text("a file where a folder belongs")
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "blocked"))
    with pytest.raises(ExportError, match="blocked"):
        install(source)


@pytest.mark.parametrize("n_written", [0, 1])
def test_an_import_that_ends_in_the_middle_leaves_the_older_network_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_written: int
) -> None:
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "own"))
    install(_place(tmp_path / "older", "mine", data=b"older"))
    before = {path: path.read_bytes() for path in (tmp_path / "own" / "weights").iterdir()}
    newer = _place(tmp_path / "newer", "mine", data=b"newer")
    descriptors: list[int] = []

    def full_soon(descriptor: int) -> None:
        if len(descriptors) == n_written:
            raise OSError(errno.ENOSPC, "No space left on device")
        descriptors.append(descriptor)

    monkeypatch.setattr("meticulous_gui.core.files.os.fsync", full_soon)
    with pytest.raises(ExportError, match="the disk is full"):
        install(newer)
    assert {path: path.read_bytes() for path in (tmp_path / "own" / "weights").iterdir()} == before


def test_a_catalog_can_be_sent_to_another_process(tmp_path: Path) -> None:
    catalog = Catalog.of_folders((tmp_path,), [_place(tmp_path, "mos_l")])
    assert pickle.loads(pickle.dumps(catalog)) == catalog  # noqa: S301  made one line above


def test_two_networks_whose_files_have_one_name_are_both_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    first = _place(tmp_path / "a", "one", data=b"1", file="model")
    second = _place(tmp_path / "b", "two", data=b"2", file="model")
    newer = _place(tmp_path / "c", "one", data=b"3", file="model")
    again = _place(tmp_path / "d", "two", data=b"4", file="another")
    for path in (first, second, newer, again):
        install(path)
    cards = Catalog.of_folders((data_dir() / "weights",)).cards
    assert {name: card.path.read_bytes() for name, card in cards.items() if card.path} == {
        "one": b"3",
        "two": b"4",
    }
    assert len(list((data_dir() / "weights").iterdir())) == 4


def test_a_refiner_that_is_named_takes_the_place_of_the_one_chosen() -> None:
    cards = {name: Card(name, "refiner", name) for name in ("crm", "mos_h")}
    cards["mos_l"] = Card("mos_l", "segmenter", "mos_l")
    catalog = Catalog(cards)
    assert catalog.preferred("refiner").name == "mos_h"
    named = catalog.refining_with("crm")
    assert named.preferred("refiner").name == "crm"
    assert named.refining_with("mos_h").preferred("refiner").name == "mos_h"
    with pytest.raises(WeightsError, match="network named other"):
        catalog.refining_with("other")
    with pytest.raises(WeightsError, match="a refiner is needed"):
        catalog.refining_with("mos_l")
