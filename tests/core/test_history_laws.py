"""In whatever order things are done, undo, redo and rollback restore bit for bit, decided pixels included."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core import history
from meticulous_gui.core.document import Document, Transaction
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import photo_from_array
from tests.core.paint_model import ModelDocument, ModelStep

# Small, and all the same across two tiles.
SIZE_HW = (7, 264)
VALUES = np.array([0, 128, 255], np.uint8)


@dataclass(frozen=True)
class Op:
    kind: str
    choice: int
    box: Box
    seed: int
    style: str


@st.composite
def ops(draw: st.DrawFn) -> Op:
    x0, y0 = draw(st.integers(248, 262)), draw(st.integers(0, 5))
    box = Box(x0, y0, draw(st.integers(x0 + 1, 264)), draw(st.integers(y0 + 1, 7)))
    kind = draw(
        st.sampled_from(
            ["hand", "hand", "begin", "grow", "grow", "grow", "commit", "rollback", "undo", "undo", "redo"]
        )
    )
    return Op(
        kind, draw(st.integers(0, 5)), box, draw(st.integers(0, 5)), draw(st.sampled_from(["a", "b", "c"]))
    )


def many_ops(seed: int) -> list[Op]:
    """Return a long and lively session: chance alone keeps lists short and transactions without company."""
    generator = random.Random(seed)
    kinds = ["hand"] * 5 + ["begin"] * 4 + ["grow"] * 9 + ["commit", "rollback"] + ["undo"] * 3 + ["redo"] * 3
    steps = []
    for _ in range(60):
        x0, y0 = generator.randint(250, 260), generator.randint(0, 4)
        box = Box(x0, y0, generator.randint(x0 + 1, 262), generator.randint(y0 + 1, 7))
        kind, choice = generator.choice(kinds), generator.randint(0, 5)
        steps.append(Op(kind, choice, box, generator.randint(0, 50), generator.choice("aaabc")))
    return steps


@dataclass
class Open:
    """A transaction and its double; of one kind: a person's or a network's."""

    transaction: Transaction
    model: ModelStep
    is_network: bool
    since: int


def content(op: Op) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    generator = np.random.default_rng(op.seed)
    # Few values: steps that write the very value that is there are the interesting ones.
    return generator.choice(VALUES, op.box.size_hw), generator.random(op.box.size_hw) < 0.5


def edit_of(document: Document, op: Op) -> Edit:
    alpha, mask = content(op)
    layer = document.active
    match op.style:
        case "a":
            before = layer.alpha[op.box.slices()]
            return Edit.by_hand(layer, op.box, np.where(mask, alpha, before), touched=mask, title="Brush")
        case "b":
            return Edit(layer.id, op.box, alpha, None, "Fill")
        case _:
            return Edit(layer.id, op.box, alpha, mask, "Exactly")


class Pair:
    """The real document and the slow one, doing the same."""

    def __init__(self) -> None:
        self.document = Document(photo_from_array(np.zeros((*SIZE_HW, 3), np.uint8)))
        self.model = ModelDocument(np.zeros(SIZE_HW, np.uint8))
        self.open: list[Open] = []

    def do(self, op: Op) -> None:
        match op.kind:
            case "hand":
                edit = edit_of(self.document, op)
                model_step = self.model.begin(self.document.revision)
                self.document.apply(edit)
                self._model_write(model_step, edit)
                self.model.close(model_step)
            case "begin" if len(self.open) < 3:
                snapshot = self.document.snapshot(1)
                self.open.append(
                    Open(
                        self.document.begin("Grows"),
                        self.model.begin(self.document.revision),
                        op.seed % 3 > 0,
                        snapshot.revision,
                    )
                )
            case "grow" if self.open:
                self._grow(self.open[op.choice % len(self.open)], op)
            case "commit" if self.open:
                chosen = self.open.pop(op.choice % len(self.open))
                chosen.transaction.commit()
                self.model.close(chosen.model)
            case "rollback" if self.open:
                chosen = self.open.pop(op.choice % len(self.open))
                chosen.transaction.rollback()
                self.model.roll_back(chosen.model)
            case "undo":
                self._undo()
            case "redo" if self.model.undone:
                assert self.document.redo() is not None
                self.model.redo(self.document.revision)

    def check(self) -> None:
        alpha, decided = self.model.seen()
        assert np.array_equal(self.document.active.alpha, alpha)
        assert np.array_equal(self.document.active.decided.to_mask(), decided)
        assert self.document.can_undo == bool(self.model.applied)
        assert self.document.can_redo == bool(self.model.undone)

    def _grow(self, chosen: Open, op: Op) -> None:
        if chosen.is_network:
            alpha, respects = content(op)[0], op.style != "c"
            chosen.transaction.apply_result(op.box, alpha, chosen.since, respects)
            self.model.write_result(
                chosen.model, op.box, alpha, chosen.since, respects, self.document.revision
            )
        else:
            edit = edit_of(self.document, op)
            chosen.transaction.apply(edit)
            self._model_write(chosen.model, edit)

    def _model_write(self, step: ModelStep, edit: Edit) -> None:
        self.model.write_by_hand(
            step, edit.box, edit.alpha, edit.decided, edit.touched, self.document.revision
        )

    def _undo(self) -> None:
        if not self.model.applied:
            assert self.document.undo() is None
            return
        top = self.model.applied[-1]
        self.document.undo()
        if top.is_open:
            self.model.roll_back(top)
            self.open = [one for one in self.open if one.model is not top]
        else:
            self.model.undo()


@pytest.mark.parametrize("session", range(6))
def test_long_sessions_agree_with_plain_layers_of_paint(
    session: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if session % 2:
        monkeypatch.setattr(history, "WORTH_PX", 8)  # steps of more pixels change memory
    for seed in range(session * 25, session * 25 + 25):
        pair = Pair()
        for op in many_ops(seed):
            pair.do(op)
            pair.check()


@given(st.lists(ops(), max_size=20))
def test_the_history_agrees_with_plain_layers_of_paint(steps: list[Op]) -> None:
    pair = Pair()
    for op in steps:
        pair.do(op)
        pair.check()
    while pair.open:
        chosen = pair.open.pop()
        chosen.transaction.commit()
        pair.model.close(chosen.model)
    pair.check()
    while pair.document.can_undo:
        pair._undo()
        pair.check()
    assert not pair.document.active.alpha.any()
    assert pair.document.active.decided.is_empty()
    while pair.document.can_redo:
        pair.do(Op("redo", 0, Box(0, 0, 1, 1), 0, "a"))
        pair.check()


@settings(max_examples=60)
@given(st.lists(ops(), min_size=4, max_size=20), st.lists(ops(), max_size=12))
def test_a_rolled_back_step_leaves_the_mask_as_if_it_had_never_been(
    grows: list[Op], strokes: list[Op]
) -> None:
    """Strokes above a network's step end up the same whether the step came and went or never was."""
    with_step, without = (Document(photo_from_array(np.zeros((*SIZE_HW, 3), np.uint8))) for _ in range(2))
    for document in (with_step, without):
        document.apply(edit_of(document, Op("hand", 0, Box(250, 0, 260, 5), 3, "a")))
    since = with_step.revision
    transaction = with_step.begin("Refine")
    for index in range(max(len(grows), len(strokes))):
        if index < len(grows):
            transaction.apply_result(grows[index].box, content(grows[index])[0], since)
        if index < len(strokes):
            alpha, mask = content(strokes[index])
            box = strokes[index].box
            for document in (with_step, without):
                layer = document.active
                new = np.where(mask, alpha, layer.alpha[box.slices()])
                document.apply(Edit.by_hand(layer, box, new, touched=mask, title="Brush"))
    transaction.rollback()
    assert np.array_equal(with_step.active.alpha, without.active.alpha)
    assert np.array_equal(with_step.active.decided.to_mask(), without.active.decided.to_mask())
    assert not transaction.is_open
    while with_step.can_undo:
        with_step.undo()
    assert not with_step.active.alpha.any()


@pytest.mark.parametrize("session", range(2))
def test_the_document_is_clean_only_in_the_saved_state(session: int) -> None:
    for seed in range(session * 25, session * 25 + 25):
        pair, steps = Pair(), many_ops(seed + 10_000)
        for op in steps[:30]:
            pair.do(op)
        pair.document.unsaved.mark_saved()
        saved = pair.model.seen()
        for op in steps[30:]:
            pair.do(op)
            same = all(np.array_equal(a, b) for a, b in zip(pair.model.seen(), saved, strict=True))
            assert same or pair.document.unsaved.is_any
