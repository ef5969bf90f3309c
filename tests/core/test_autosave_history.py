"""Work that is brought back can be undone and redone as before the crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer_steps import duplicate_layer, merge_down, move_layer
from meticulous_gui.core.recovery import recoverable_works
from meticulous_gui.core.transaction import Transaction
from tests.core.autosaves import autosaved, die, open_big, paint, take_and_write


def bring_back(folder: Path) -> Document:
    (work,) = recoverable_works(folder)
    found = work.restore()
    document = Document(found.photo, layers=found.layers, history=found.history)
    document.unsaved.mark_lost(found.n_unsaved_changes)
    work.discard()
    return document


def look(document: Document) -> tuple[Any, ...]:
    """Return everything a person sees of a document, and what would be undone and redone."""
    layers = tuple(
        (layer.id, layer.name, layer.colour, crc32(layer.alpha.data), crc32(layer.decided.to_mask().data))
        for layer in document.layers
    )
    return layers, document.undo_title, document.redo_title


def states(document: Document) -> list[tuple[Any, ...]]:
    """Return the looks from the first step to the last, and leave the document as it was."""
    n_redone = 0
    while document.redo() is not None:
        n_redone += 1
    seen = [look(document)]
    n_undone = 0
    while document.undo() is not None:
        seen.append(look(document))
        n_undone += 1
    for _ in range(n_undone - n_redone):
        document.redo()
    return seen


class Story:
    """What a person and a network do, by single letters."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.running: Transaction | None = None
        self.began = 0

    def go(self, what: str, x: int, y: int, value: int) -> None:
        document = self.document
        box = Box(x, y, min(x + 90, 530), min(y + 70, 300))
        match what:
            case "p":
                paint(document, box, value, is_decided=value > 99)
            case "u":
                document.undo()
            case "r":
                document.redo()
            case "a":
                document.add_layer(f"Layer {value}")
            case "d":
                duplicate_layer(document, document.active.id, f"Copy {value}")
            case "n":
                document.set_layer_state(document.active.id, name=f"Name {value}")
            case "l" if len(document.layers) > 1:
                document.remove_layer(document.layers[value % len(document.layers)].id)
            case "m" if len(document.layers) > 1:
                move_layer(document, document.layers[0].id, len(document.layers) - 1)
            case "g" if document.active is not document.layers[0]:
                merge_down(document, document.active.id)
            case "b" if self.running is None:
                self.running, self.began = document.begin("Refine"), document.revision
            case "f" if self.running is not None:
                alpha = np.full(box.size_hw, value, np.uint8)
                self.running.apply_result(box, alpha, since_revision=self.began)
            case "c" if self.running is not None:
                self.running.commit()
                self.running = None
            case "k" if self.running is not None:
                self.running.rollback()
                self.running = None


def deeds_of(letters: str) -> list[tuple[str, int, int, int]]:
    """Return a deed for each letter, the places overlapping."""
    return [(letter, 40 * index, 25 * index, 60 + 9 * index) for index, letter in enumerate(letters)]


# Networks that work meanwhile: by chance alone a result hardly ever comes.
@example(deeds_of("pbfpwfcurw"))
@example(deeds_of("pbffcpbfwkur"))
@example(deeds_of("apbfupwrf"))
@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from("pppuuradnlmgbffckw"),
            st.integers(0, 500),
            st.integers(0, 280),
            st.integers(0, 255),
        ),
        max_size=25,
    )
)
def test_every_step_can_be_taken_back_and_done_again_after_a_crash(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int, int, int]]
) -> None:
    """The letters are those of `Story.go`; w writes meanwhile."""
    folder = tmp_path_factory.mktemp("work")
    story = Story(open_big(folder))
    autosave = Autosave(story.document, folder=folder / "works")
    for what, x, y, value in deeds:
        if what == "w":
            take_and_write(autosave)
        else:
            story.go(what, x, y, value)
    story.document.unsaved.mark_lost()
    take_and_write(autosave)
    die(autosave)
    if story.running is not None:
        story.running.commit()  # what a network had finished is kept, as after Esc
    found = bring_back(folder / "works")
    assert states(found) == states(story.document)
    assert look(found) == look(story.document)


def test_a_stroke_in_hand_is_a_step_of_its_own_after_a_crash(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 100, 100), 200)
    stroke = document.begin("Brush")
    box = Box(50, 50, 300, 90)
    stroke.apply(Edit(1, box, np.full(box.size_hw, 255, np.uint8), None, "Brush"))
    half = document.active.alpha.copy()
    take_and_write(autosave)
    die(autosave)
    found = bring_back(tmp_path / "works")
    np.testing.assert_array_equal(found.active.alpha, half)
    found.undo()
    assert found.active.alpha[60, 60] == 200
    assert not found.active.alpha[60, 200]
    found.undo()
    assert not found.active.alpha.any()


def test_going_on_after_a_crash_makes_new_steps(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 200)
    document.add_layer("Cat")
    document.undo()
    take_and_write(autosave)
    die(autosave)
    found = bring_back(tmp_path / "works")
    found.redo()
    paint(found, Box(5, 5, 20, 20), 100)
    assert [step.title for step in found.history.steps] == ["Brush", "Add layer", "Brush"]
    assert len({step.id for step in found.history.steps}) == 3
    assert found.add_layer("Dog").id not in {layer.id for layer in found.layers[:-1]}
    assert found.unsaved.is_any
    found.unsaved.mark_saved()
    found.undo()
    assert found.unsaved.is_any
    found.redo()
    assert not found.unsaved.is_any


def test_no_undo_makes_work_that_came_back_count_as_saved(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    for value in (1, 2, 3):
        paint(document, Box(0, 0, 9, 9), value)
    take_and_write(autosave)
    die(autosave)
    (work,) = recoverable_works(tmp_path / "works")
    since = document.unsaved.since
    assert since is not None
    assert work.restore().unsaved_since == since.replace(microsecond=0)
    work.let_go()
    found = bring_back(tmp_path / "works")
    assert found.unsaved.n_changes == 3
    while found.undo() is not None:
        assert found.unsaved.is_any


def test_the_history_that_comes_back_keeps_to_the_budget(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    rng = np.random.default_rng(0)
    for _ in range(5):
        noise = rng.integers(0, 256, document.box.size_hw, np.uint8)
        document.apply(Edit(1, document.box, noise, None, "Noise"))
    last = document.active.alpha.copy()
    take_and_write(autosave)
    die(autosave)
    (work,) = recoverable_works(tmp_path / "works")
    found = work.restore(budget_bytes=400_000)
    assert found.history.n_dropped == 3
    np.testing.assert_array_equal(found.layers[0].alpha, last)
    work.discard()
