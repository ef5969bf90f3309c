from __future__ import annotations

from pathlib import Path

import pytest

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.engine.catalog import Card, read_card
from training.common.overview import PAGE, has_page, page, write_page


def test_the_page_of_the_weights_says_what_their_cards_say() -> None:
    folder = resource_dir() / "weights"
    cards = [read_card(path) for path in sorted(folder.glob("*.safetensors"))]
    assert len(cards) >= 2
    assert (folder / PAGE).read_text(encoding="utf-8") == page(cards)


def test_a_page_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    write_page(tmp_path)
    assert write_page(tmp_path).read_text(encoding="utf-8") == page([])
    (tmp_path / PAGE).write_text("# My project\n", encoding="utf-8")
    assert not has_page(tmp_path)
    with pytest.raises(UsageError, match="is no page of networks and is left alone"):
        write_page(tmp_path)
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == "# My project\n"


def test_a_card_is_shown_with_its_scores_its_terms_and_its_faults() -> None:
    scores = {
        "val in: mba": 0.5,
        "val in: mean_iou": 0.75,
        "val in: pictures": 3.0,
        "val: calibration error": 0.02,
    }
    card = Card(
        "x", "refiner", "mos_h", scores=scores, data=["a set"], terms="Terms.", failures=["Sees no glass."],
        command="python -m training",
    )  # fmt: skip
    text = page([card])
    assert "| val in | 0.7500 | 0.5000 |  |" in text
    for part in (
        "- a set",
        "Terms.",
        "- Sees no glass.",
        "python -m training",
        "val: calibration error: 0.02.",
    ):
        assert part in text


def test_a_network_for_clicks_is_shown_with_the_clicks_it_takes() -> None:
    figures = {"objects": 9.0, "NoC@85": 1.7, "NoC@90": 2.25, "IoU@1": 0.875, "IoU@3": 0.9}
    scores = {f"val: {name}": value for name, value in figures.items()}
    text = page([Card("x", "click_segmenter", "fbrs", scores=scores)])
    assert "| measured on | NoC@85 | NoC@90 | IoU@1 | IoU@3 |\n|---|---|---|---|---|\n" in text
    assert "| val | 1.7000 | 2.2500 | 0.8750 | 0.9000 |" in text
