"""Clean up the mask: fill holes, drop specks, keep the largest piece, counted before anything happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from meticulous_gui.core.clean_up import CleanUp, Findings
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.bars.context_bar import NumberControl
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.panels.floating import FloatingPanel, align_labels
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.tools.base import ToolOption

Value = TypeVar("Value")

FIRST_SIZE_PX = 64
MAX_SIZE_PX = 1_000_000


@dataclass(frozen=True, eq=False)
class _Result:
    """What came of a wish: the alpha, where it differs, and its levels to be shown."""

    wish: CleanUp
    alpha: Alpha
    boxes: tuple[Box, ...]
    levels: Pyramid


class CleanUpPanel(FloatingPanel):
    """Counts what would go and shows the mask without it; the mask changes when the person applies it."""

    def __init__(self, session: Session, over: QWidget) -> None:
        super().__init__(self.tr("Clean up the mask"), over)
        self._session = session
        self._looked_at: tuple[Document, int, int] | None = None  # document, layer id, revision
        self._findings: Findings | None = None
        self._result: _Result | None = None
        self._job: object | None = None
        self._applied_to: int | None = None  # the id of the layer, once Apply was pressed
        self.holes = self._size(
            self.tr("Fill holes below"), self.tr("Fill holes of fewer pixels; 1 fills none.")
        )
        self.hole_count = self._count()
        self.specks = self._size(
            self.tr("Drop specks below"),
            self.tr("Take away pieces of fewer pixels; 1 takes none."),
        )
        self.largest = CheckBox(self.tr("Keep only the largest piece"), self)
        self.largest.setAccessibleName(self.largest.text())
        self.largest.setAccessibleDescription(self.tr("Take away every other piece, whatever its size."))
        self.largest.setToolTip(self.largest.accessibleDescription())
        self.largest.toggled.connect(self._on_wish)
        self.add_switch(self.largest)
        self.piece_count = self._count()
        align_labels(self.holes, self.specks)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._go_on)
        session.shown.pixels_changed.connect(self._on_changed)
        session.changed.connect(self._on_changed)
        self.apply_wanted.connect(self.apply)
        self.drop_wanted.connect(self.drop)

    @property
    def is_applying(self) -> bool:
        """Whether it is being worked out at full size, to be the mask then."""
        return self._applied_to is not None

    @property
    def wish(self) -> CleanUp:
        """What the controls say."""
        return CleanUp(
            hole_px=round(self.holes.field.value()),
            speck_px=round(self.specks.field.value()),
            keeps_largest_only=self.largest.isChecked(),
        )

    def open(self) -> None:
        """Look for holes and specks; the sizes are those of the last time."""
        if self._session.document is not None:
            self._forget()
            self.begin_steps(self._session.document)
            self.pop_up(self.holes)
            self._tell()
            self._soon.start()

    def drop(self) -> None:
        """Leave the mask as it was."""
        self._soon.stop()
        self._forget()
        self.hide()
        self._session.shown.show_instead(None)
        self._over.setFocus()
        self.rested.emit()

    def apply(self) -> None:
        """Make it so as one step, as soon as it is worked out; not of a layer hidden meanwhile."""
        document = self._session.changeable()
        if document is None:
            return
        self._applied_to = document.active.id
        self.set_busy(True)
        self._go_on()

    def _forget(self) -> None:
        self._looked_at = self._findings = self._result = self._job = None
        self._applied_to = None

    def _go_on(self) -> None:
        """Do the next thing that is missing: look at the mask, work out the wish, make it so."""
        document = self._session.document
        if self._job is not None or not self.isVisible() or document is None:
            return
        if self._applied_to is not None and not document.has_layer(self._applied_to):
            self.drop()
            return
        layer = document.active if self._applied_to is None else document.layer(self._applied_to)
        wish, findings, result = self.wish, self._findings, self._result
        state = document, layer.id, document.revision
        if findings is None or self._looked_at != state:
            self._findings = self._result = None
            self._looked_at = state
            self._start(lambda: Findings(layer.alpha), self._on_found)
        elif result is None or result.wish != wish:
            self._start(lambda: _worked_out(findings, wish), self._on_result)
        elif self._applied_to is not None:
            self._commit(layer, result)

    def _start(self, work: Callable[[], Value], done: Callable[[Value], None]) -> None:
        """Do one piece of work in the background, then go on."""
        job = self._job = object()

        def finish(value: Value) -> None:
            if job is self._job:
                self._job = None
                done(value)
                self._soon.start()

        def fail(error: MeticulousError) -> None:
            self._session.message(str(error), kind="error", topic="edge")
            if job is self._job:
                self.drop()

        self._session.background.run(work, finish, fail)

    def _on_found(self, findings: Findings) -> None:
        self._findings = findings
        self._tell()

    def _on_result(self, result: _Result) -> None:
        self._result = result
        self._session.shown.show_instead(result.levels)

    def _commit(self, layer: Layer, result: _Result) -> None:
        title = self._title(result.wish)
        edits = [
            Edit.changing(layer, box, np.ascontiguousarray(result.alpha[box.slices()]), title=title)
            for box in result.boxes
        ]
        self._applied_to = None
        self.set_busy(False)
        if self._session.commit_all(title, [edit for edit in edits if edit is not None]):
            self.drop()
        self.rested.emit()

    def _title(self, wish: CleanUp) -> str:
        """Return the name of the one thing that was done, or of several."""
        findings = self._findings
        assert findings is not None
        if not findings.dropped(wish):
            return self.tr("Fill holes")
        if findings.filled(wish):
            return self.tr("Clean up the mask")
        return self.tr("Keep the largest piece") if wish.keeps_largest_only else self.tr("Drop specks")

    def _on_wish(self) -> None:
        self.specks.setEnabled(not self.largest.isChecked())
        self._tell()
        self._soon.start()

    def _on_changed(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _tell(self) -> None:
        """Show how many holes and pieces would go."""
        findings, wish = self._findings, self.wish
        if findings is None:
            for label in (self.hole_count, self.piece_count):
                self._write(label, self.tr("Looking at the whole photo…"))
            return
        holes = self.tr("Holes to fill: {count} of {total}")
        self._write(
            self.hole_count, holes.format(count=len(findings.filled(wish)), total=len(findings.holes))
        )
        pieces = self.tr("Pieces to remove: {count} of {total}")
        self._write(
            self.piece_count, pieces.format(count=len(findings.dropped(wish)), total=len(findings.pieces))
        )

    def _write(self, label: QLabel, sentence: str) -> None:
        label.setText(sentence)
        label.setAccessibleName(sentence)

    def _count(self) -> QLabel:
        label = QLabel(self)
        label.setContentsMargins(0, 0, 0, 6)
        self.add(label)
        return label

    def _size(self, text: str, help_text: str) -> NumberControl:
        option = ToolOption(
            id=text,
            text=text,
            help=help_text,
            kind="number",
            value=FIRST_SIZE_PX,
            minimum=1.0,
            maximum=MAX_SIZE_PX,
            step=1.0,
            suffix=" px",
            is_logarithmic=True,
        )
        control = NumberControl(option, self)
        control.changed.connect(self._on_wish)
        self.add_number(control)
        return control


def _worked_out(findings: Findings, wish: CleanUp) -> _Result:
    alpha, boxes = findings.cleaned(wish)
    levels = Pyramid(alpha)
    levels.build()
    return _Result(wish, alpha, boxes, levels)
