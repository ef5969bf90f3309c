"""Move the mask: by dragging, or pixel by pixel with the arrow keys."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.shift import shift_edit, shifted_box
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext
from meticulous_gui.ui.tools.gesture import SHIFT, GestureTool
from meticulous_gui.ui.trial import Trial
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
LARGE_STEP_PX = 10

NOWHERE = (0, 0)


@dataclass(frozen=True)
class _Series:
    """Moves that follow each other and count as one: its step is the newest, and nothing came after it.

    Attributes:
        document: what was moved in.
        revision: the document's after the last of the moves.
        offset: image pixels from where the mask was at first.
    """

    document: weakref.ref[Document]
    revision: int
    offset: tuple[int, int]


class MoveTool(GestureTool):
    """Drag the mask, or push it with the arrow keys (Shift: ten pixels).

    Moves that follow each other without anything between are one undo step and begin from the same mask: what
    one of them pushed out of the photo, the next one can bring back. Enter, or another tool, ends them.
    """

    id = "move"
    icon = "move"
    key = "M"
    _text = QT_TRANSLATE_NOOP("Tools", "Move the mask")
    _help = QT_TRANSLATE_NOOP("Tools", "Drag the mask, or move it by the arrow keys; Shift takes ten pixels.")

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._trial = Trial(context.shown, surface)
        self._series: _Series | None = None
        self._document: weakref.ref[Document] | None = None
        self._offset_before = NOWHERE
        self._offset = NOWHERE
        self._pressed_at: tuple[float, float] | None = None

    def press(self, event: PointerEvent) -> None:
        """Take hold of the mask."""
        if self._begin():
            self._pressed_at = event.x, event.y

    def move(self, event: PointerEvent) -> None:
        """Let the mask follow."""
        if self._pressed_at is not None:
            x, y = self._offset_before
            self._show_at(
                (x + round(event.x - self._pressed_at[0]), y + round(event.y - self._pressed_at[1]))
            )

    def release(self, event: PointerEvent) -> None:
        """Put the mask down: one undo step."""
        self.move(event)
        self._put_down()

    def cancel(self) -> bool:
        """Take the mask back to where it was before this drag or push; what follows is another step."""
        was_busy = self._is_busy
        if was_busy:
            self._offset = self._offset_before
            self._put_down()
        self._series = None
        return was_busy

    def key_press(self, event: QKeyEvent) -> bool:
        """Arrow keys push the mask, Enter ends a series of moves."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._series is not None and not self._is_busy:
            self._series = None
            return True
        if key not in ARROWS or event.modifiers() & ~(SHIFT | Qt.KeyboardModifier.KeypadModifier):
            return False
        if self._pressed_at is None and (self._is_busy or self._begin()):
            step_px = LARGE_STEP_PX if event.modifiers() & SHIFT else 1
            dx, dy = ARROWS[Qt.Key(key)]
            self._show_at((self._offset[0] + dx * step_px, self._offset[1] + dy * step_px))
        return True

    def key_release(self, event: QKeyEvent) -> bool:
        """Put the mask down when the arrow key is let go."""
        if event.key() not in ARROWS or self._pressed_at is not None or not self._is_busy:
            return False
        self._put_down()
        return True

    def keys_lost(self) -> None:
        """Put down what an arrow key was pushing."""
        if self._is_busy and self._pressed_at is None:
            self._put_down()

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor

    def is_subtracting(self, event: PointerEvent) -> bool | None:
        """Return None: moving has no sign."""
        return None

    def _begin(self) -> bool:
        """Start from the mask as it was before the series of moves that this one goes on with."""
        document = self.context.changeable()
        if document is None:
            return False
        series, self._series = self._series, None
        newest = document.history.top
        is_newest = newest is not None and not newest.is_open  # else a network has begun since
        goes_on = (
            is_newest
            and series is not None
            and (series.document(), series.revision) == (document, document.revision)
        )
        self._offset_before = self._offset = series.offset if goes_on and series is not None else NOWHERE
        self._document = weakref.ref(document)
        self._is_busy = True
        if self._offset != NOWHERE:
            document.undo()
            self._show_at(self._offset)
        return True

    def _show_at(self, offset: tuple[int, int]) -> None:
        self._offset = offset

        def change(level: Alpha, k: int, box: Box) -> Alpha:
            return shifted_box(level, box, dx=round(offset[0] * 0.5**k), dy=round(offset[1] * 0.5**k))

        self._trial.show(change)

    def _put_down(self) -> None:
        """Make what is shown true."""
        self._trial.clear()
        self._is_busy = False
        self._pressed_at = None
        document = self.context.document
        began_on = self._document() if self._document is not None else None
        if document is None or document is not began_on or self._offset == NOWHERE:
            return
        title = QCoreApplication.translate("Tools", "Move the mask")
        edit = shift_edit(document.active, dx=self._offset[0], dy=self._offset[1], title=title)
        if edit is not None:
            self.context.commit(edit)
            self._series = _Series(weakref.ref(document), document.revision, self._offset)
