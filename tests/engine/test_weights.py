"""Weight files: what is written comes back, what is wrong is refused in one sentence."""

from __future__ import annotations

import errno
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.engine.catalog import Card, read_card, sha256_of
from meticulous_gui.engine.models import build
from meticulous_gui.engine.weights import load_network, verify, write_weights

OPTIONS = {"is_deep": False, "width8": 32, "width4": 24, "width2": 16, "point_hidden": 16}
CARD = Card(
    "tiny",
    "refiner",
    "mos_h",
    OPTIONS,
    data=["drawn discs (CC0)"],
    terms="CC0",
    scores={"iou": 0.5},
    ramp=3.0,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    torch.manual_seed(0)
    write_weights(build("mos_h", OPTIONS), CARD, path)
    return path


@pytest.fixture
def copied(written: Path, tmp_path: Path) -> Path:
    for suffix in (".safetensors", ".json"):
        (tmp_path / f"tiny{suffix}").write_bytes(written.with_suffix(suffix).read_bytes())
    return tmp_path / "tiny.safetensors"


def _edit_card(path: Path, **entries: object) -> None:
    card_path = path.with_suffix(".json")
    card_path.write_text(json.dumps(json.loads(card_path.read_text()) | entries))


def _rewrite(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, path)
    _edit_card(path, sha256=sha256_of(path), bytes=path.stat().st_size)


def test_a_written_network_comes_back_in_half_precision(written: Path) -> None:
    torch.manual_seed(0)
    network = build("mos_h", OPTIONS).eval()
    card = read_card(written)
    assert card.name == "tiny"
    assert card.ramp == 3.0
    assert card.bytes == written.stat().st_size
    loaded = load_network(card)
    assert not loaded.training
    rgb, logits = torch.rand(1, 3, 64, 64), torch.randn(1, 1, 64, 64)
    with torch.inference_mode():
        expected, given = network(rgb, logits).logits, loaded(rgb, logits).logits
    assert (expected - given).abs().max() < 0.05
    stored = load_file(written)
    assert all(v.dtype == torch.float16 for v in stored.values() if v.ndim > 1)
    assert all(p.dtype == torch.float32 for p in loaded.parameters())


def test_tiny_variances_survive(tmp_path: Path) -> None:
    network = build("mos_h", OPTIONS)
    for name, value in network.named_buffers():
        if name.endswith("running_var"):
            value.fill_(1e-12)
    card = write_weights(network, CARD, tmp_path / "w.safetensors")
    variances = [v for n, v in load_network(card).named_buffers() if n.endswith("running_var")]
    assert variances
    assert all((value == 1e-12).all() for value in variances)


def test_a_file_with_another_hash_is_refused(copied: Path) -> None:
    data = bytearray(copied.read_bytes())
    data[-1] ^= 1
    copied.write_bytes(data)
    with pytest.raises(WeightsError, match=r"tiny\.safetensors is not the one its card describes"):
        verify(copied)


def test_a_truncated_file_is_refused_even_when_its_hash_is_right(copied: Path) -> None:
    copied.write_bytes(copied.read_bytes()[:1000])
    _edit_card(copied, sha256=sha256_of(copied))
    with pytest.raises(WeightsError, match=r"tiny\.safetensors cannot be read"):
        verify(copied)


def test_a_pickle_under_the_name_of_safetensors_is_refused_before_anything_reads_it(copied: Path) -> None:
    for data in (
        pickle.dumps({"a": 1}),
        pickle.dumps({"a": 1}, protocol=2),
        b"PK\x03\x04rest of a torch file",
    ):
        copied.write_bytes(data)
        _edit_card(copied, sha256=sha256_of(copied))
        with pytest.raises(WeightsError, match="is a pickle"):
            verify(copied)


def test_missing_foreign_and_misshapen_tensors_are_refused(copied: Path) -> None:
    tensors = load_file(copied)
    name = sorted(tensors)[0]
    _rewrite(copied, {n: v for n, v in tensors.items() if n != name})
    with pytest.raises(WeightsError, match=f"lacks 1 tensors of its network, such as {name}"):
        verify(copied)
    _rewrite(copied, tensors | {"alien": torch.zeros(1)})
    with pytest.raises(WeightsError, match="does not have, such as alien"):
        verify(copied)
    _rewrite(copied, tensors | {name: torch.zeros(7, 7)})
    with pytest.raises(WeightsError, match=r"with shape \(7, 7\)"):
        verify(copied)


def test_a_file_that_may_not_be_read_is_said(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == copied:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_open(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(
        WeightsError, match=r"tiny\.safetensors cannot be read \(Permission denied\); allow it"
    ):
        verify(copied)


def test_everyone_may_read_what_was_written(written: Path) -> None:
    plain = written.with_name("plain")
    plain.write_bytes(b"")
    assert written.stat().st_mode == written.with_suffix(".json").stat().st_mode == plain.stat().st_mode


def test_unknown_architectures_and_options_are_refused(copied: Path) -> None:
    _edit_card(copied, architecture="unet")
    with pytest.raises(WeightsError, match="cannot build"):
        verify(copied)
    _edit_card(copied, architecture="mos_h", options={"colour": 3})
    with pytest.raises(WeightsError, match="colour"):
        verify(copied)


def test_missing_files_are_named(tmp_path: Path, copied: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.safetensors does not exist"):
        verify(tmp_path / "none.safetensors")
    copied.with_suffix(".json").unlink()
    with pytest.raises(WeightsError, match=r"no card; tiny\.json must lie beside it"):
        verify(copied)
