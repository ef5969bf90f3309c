"""A session whose unsaved work is kept, and that may end as a crash does."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.autosaving import Autosaver
from meticulous_gui.ui.messages import Message
from tests.ui.fakes import Stage


class SavedStage(Stage):
    """A session whose unsaved work is kept in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.works = folder / "works"
        self.autosaver = Autosaver(
            self.session, self.executor, unless_unsaved=lambda then, _stayed: then(), folder=self.works
        )

    def paint(self, value: int = 90) -> None:
        document = self.session.document
        assert document is not None
        box = Box(3, 3, 9, 9)
        self.session.commit(
            Edit(document.active.id, box, np.full(box.size_hw, value, np.uint8), title="Brush")
        )

    def paint_and_die(self, name: str = "photo.png") -> None:
        """Leave unsaved work behind."""
        self.open(name)
        self.paint()
        self.autosaver.write_now()
        self.die()

    def die(self) -> None:
        """End as a crash does: the files lie as they are, and nobody holds them."""
        as_they_lie = self.folder / "as they lie"
        shutil.copytree(self.works, as_they_lie)
        for document in list(self.autosaver._held):
            self.autosaver.release(document)
        self.autosaver.give_up()
        shutil.copytree(as_they_lie, self.works, dirs_exist_ok=True)
        shutil.rmtree(as_they_lie)

    def offer(self) -> None:
        self.autosaver.offer()
        self.settle()

    def choose(self, text: str, message: Message | None = None) -> None:
        """Take a choice of a message, of the newest without one."""
        (choice,) = (one for one in (message or self.messages[-1]).choices if one.text == text)
        choice.run()
        self.settle()

    def autosave(self, qtbot: QtBot) -> None:
        """Let time pass until what was done is written."""

        def is_written() -> bool:
            self.settle()
            return self.autosaver._autosave is None or self.autosaver._autosave.due_in_s() is None

        qtbot.waitUntil(is_written)


def n_works(stage: SavedStage) -> int:
    return len(list(stage.works.iterdir())) if stage.works.exists() else 0
