"""Networks, refiners and devices are changed while the window is open; what was done is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.settings import Settings
from meticulous_gui.engine.catalog import ROLES, Card, Catalog
from meticulous_gui.engine.jobs import WarmUpRequest
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.networks_page import card_html
from meticulous_gui.ui.networks import Networks
from meticulous_gui.ui.refiners import REFINER_USES
from tests.ui.fakes import FakeRunner, Stage
from tests.ui.weight_files import install_card
from tests.ui.window_stage import WindowStage


class Made:
    """Takes note of every runner that was asked for."""

    def __init__(self) -> None:
        self.runners: list[FakeRunner] = []
        self.asked: list[tuple[Catalog, str | None, int | None]] = []

    def __call__(self, catalog: Catalog, device: str | None, n_threads: int | None) -> FakeRunner:
        if device == "cuda":
            raise EngineError("This machine has no CUDA; choose another device.")
        self.asked.append((catalog, device, n_threads))
        self.runners.append(FakeRunner())
        return self.runners[-1]


@pytest.fixture
def data_folder(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the person's own weights lie in an empty folder."""
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_another_device_counts_at_once_and_keeps_what_was_done(tmp_path: Path, data_folder: Path) -> None:
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    stage.settle()
    stage.open()
    first = made.runners[0]
    first.job.paint(Box(0, 0, 10, 10), 255)
    stage.settle()
    engine = choices.settings.engine
    choices.change(replace(choices.settings, engine=replace(engine, device="cpu", threads=3)))
    stage.settle()
    assert made.asked[1][1:] == ("cpu", 3)
    assert first.is_closed
    assert stage.session.runner is made.runners[1]
    assert stage.alpha[5, 5] == 255, "finished patches stay"
    stage.session.asking.refine_all()
    stage.settle()
    assert made.runners[1].photos, "the open photo is with the new networks"
    made.runners[1].job.paint(Box(10, 10, 20, 20), 255)
    made.runners[1].job.finish()
    stage.settle()
    assert stage.alpha[15, 15] == 255
    choices.change(replace(choices.settings, view=replace(choices.settings.view, theme="dark")))
    assert len(made.runners) == 2, "other settings leave the networks alone"
    stage.session.close()


def test_another_refiner_is_loaded_where_the_networks_run_and_nothing_is_lost(
    tmp_path: Path, data_folder: Path
) -> None:
    install_card(data_folder / "weights", "crm", "refiner", architecture="crm")
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    stage.settle()
    stage.open()
    running = made.runners[0].job
    running.paint(Box(0, 0, 10, 10), 255)
    engine = choices.settings.engine
    choices.change(replace(choices.settings, engine=replace(engine, refiner="crm")))
    stage.settle()
    assert len(made.runners) == 1, "no new process"
    runner = made.runners[0]
    assert not runner.is_closed
    assert [catalog.preferred("refiner").name for catalog in runner.catalogs] == ["crm"]
    assert isinstance(runner.job.request, WarmUpRequest), "loaded before it is needed"
    assert not running.is_cancelled
    running.paint(Box(10, 10, 20, 20), 255)
    running.finish()
    stage.settle()
    assert stage.alpha[15, 15] == 255, "what ran goes on to its end"
    assert stage.texts == []
    stage.session.close()


def test_a_device_that_is_not_there_is_said_and_the_old_networks_go_on(
    tmp_path: Path, data_folder: Path
) -> None:
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    stage.settle()
    choices.change(replace(choices.settings, engine=replace(choices.settings.engine, device="cuda")))
    stage.settle()
    assert stage.texts[-1] == "This machine has no CUDA; choose another device."
    assert stage.session.runner is made.runners[0]
    assert not made.runners[0].is_closed
    stage.open()
    made.runners[0].job.paint(Box(0, 0, 10, 10), 255)
    stage.settle()
    assert stage.alpha[5, 5] == 255
    stage.session.close()


def test_networks_that_do_not_start_on_a_device_say_so_and_the_way_back(
    tmp_path: Path, data_folder: Path
) -> None:
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    made.runners[0].job.finish()
    stage.settle()
    assert stage.texts == [], "at the start the status bar says enough"
    choices.change(replace(choices.settings, engine=replace(choices.settings.engine, device="mps")))
    made.runners[1].job.fail("The device mps is not available here; use auto or cpu.")
    stage.settle()
    message = stage.messages[-1]
    assert message.text == "The device mps is not available here; use auto or cpu."
    message.choices[0].run()
    assert choices.settings.engine.device == "auto"
    made.runners[2].job.finish()
    stage.settle()
    assert stage.texts[-1] == "The networks run on CPU (float32) now."
    assert stage.messages[-1].topic == message.topic, "the refusal goes"
    stage.session.close()


def test_the_page_shows_cards_and_installs_weights_that_are_then_used(
    stage: WindowStage, data_folder: Path, tmp_path: Path
) -> None:
    source = install_card(tmp_path / "download", "better", "segmenter")
    dialog = stage.preferences()
    page = dialog.networks
    assert page.boxes["segmenter"].currentText() == "MOS_L"
    text = page.card.toPlainText()
    for part in (
        "MOS_L",
        "Finds the object",
        "Trained on",
        "DUTS-TR",
        "Terms",
        "Known to do badly",
        "Measured",
    ):
        assert part in text
    page.add_file(source)
    stage.settle()
    assert "better is installed" in page.note.text()
    assert (data_folder / "weights" / "better.safetensors").exists()
    box = page.boxes["segmenter"]
    box.setCurrentIndex(box.findText("better"))
    box.activated.emit(box.currentIndex())
    assert stage.window.choices.settings.engine.segmenter == "better"
    assert stage.window.networks.catalog.preferred("segmenter").name == "better"
    source.write_bytes(b"other")
    page.add_file(source)
    stage.settle()
    assert "is not the one its card describes" in page.note.text()


def test_a_long_path_of_weights_makes_the_preferences_no_wider(stage: WindowStage) -> None:
    dialog = stage.preferences()
    width = dialog.width()
    dialog.networks.add_file(Path("/nowhere") / ("weights_of_a_long_name_" * 8 + ".safetensors"))
    stage.settle()
    assert "does not exist" in dialog.networks.note.text()
    assert dialog.networks.note.minimumSizeHint().width() < width
    assert dialog.width() == width


def test_a_chosen_network_that_is_gone_gives_way_to_the_usual_one() -> None:
    catalog = Catalog.default().choosing({"segmenter": "gone", "refiner": "mos_l"})
    assert catalog.preferred("segmenter").name == "mos_l"
    assert catalog.preferred("refiner").name == "mos_h"
    assert Settings().engine.segmenter == ""
    for role in ROLES:
        assert getattr(Settings().engine, role) == ""


def test_a_card_is_text_and_never_markup() -> None:
    html = card_html(Card("<b>x</b>", "refiner", "mos_h", terms="<script>", data=["a & b"]))
    assert "<script>" not in html
    assert "&lt;b&gt;x" in html
    assert "a &amp; b" in html


def test_a_refiner_says_when_to_take_it_or_why_it_cannot_be_taken(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REFINER_USES, "other", "For edges of which nobody knows.")
    page = stage.preferences().networks
    box = page.boxes["refiner"]
    assert box.currentText() == "MOS_H"
    assert "The better edge" in page.refiner_use.text()
    missing = box.findData("other")
    assert box.itemText(missing) == "other (its weights are not installed)"
    assert not box.model().flags(box.model().index(missing, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_another_refiner_is_chosen_and_remembered(
    stage: WindowStage, data_folder: Path, tmp_path: Path
) -> None:
    page = stage.preferences().networks
    page.add_file(install_card(tmp_path / "download", "crm", "refiner", architecture="crm"))
    stage.settle()
    box = page.boxes["refiner"]
    row = box.model().index(box.findData("crm"), 0)
    assert box.model().flags(row) & Qt.ItemFlag.ItemIsEnabled
    box.setCurrentIndex(box.findData("crm"))
    box.activated.emit(box.currentIndex())
    assert stage.window.choices.settings.engine.refiner == "crm"
    assert "A second opinion" in page.refiner_use.text()


def test_weights_that_arrive_when_the_preferences_are_closed_are_told_in_the_window(
    stage: WindowStage, data_folder: Path, tmp_path: Path
) -> None:
    source = install_card(tmp_path / "download", "crm", "refiner", architecture="crm")
    for wanted in ("CRM is installed", "is not the one its card describes"):
        dialog = stage.preferences()
        dialog.networks.add_file(source)
        dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        stage.settle()
        assert wanted in stage.texts[-1]
        source.write_bytes(b"other")
