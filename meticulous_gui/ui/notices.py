"""Messages of the window: nothing was found, a file was written, settings could not be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.start import show_folder

if TYPE_CHECKING:
    from meticulous_gui.ui.window import MainWindow


class Notices(QObject):
    """Says them when it is time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.session.nothing_found.connect(self._on_nothing_found)
        window.saving.exported.connect(self._on_exported)
        window.choices.not_kept.connect(self._on_not_kept)

    def _on_nothing_found(self, is_in_box: bool) -> None:
        toolbox, mask = self._window.toolbox, self._window.commands.mask
        document = self._window.session.document
        revision = document.revision if document is not None else 0
        in_box, in_all = self.tr("No object was found in the box."), self.tr("No object was found here.")
        choices = (
            Choice(self.tr("Find in a box"), lambda: toolbox.choose("find_box")),
            Choice(self.tr("Paint it"), lambda: toolbox.choose("brush")),
            Choice(self.tr("Find again"), mask.find_again),
            Choice(self.tr("Clear the mask"), mask.clear),
        )
        self._window.session.post(
            Message(
                in_box if is_in_box else in_all,
                "warning",
                choices,
                topic="network",
                about=document,
                # Who has painted, or pointed at, the object since knows it, and would read it over the photo.
                is_true=lambda: document is None or document.revision == revision,
            )
        )

    def _on_exported(self, path: Path) -> None:
        sentence = self.tr("{name} is written to {folder}.").format(name=path.name, folder=path.parent)
        show = Choice(self.tr("Show the folder"), lambda: show_folder(path.parent))
        self._window.session.post(Message(sentence, choices=(show,), topic="export", is_brief=True))

    def _on_not_kept(self, sentence: str) -> None:
        self._window.session.message(sentence, kind="warning")
