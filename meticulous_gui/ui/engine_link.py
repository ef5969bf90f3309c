"""Which networks a session uses, and the open photo handed over to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.errors import MeticulousError

if TYPE_CHECKING:
    from meticulous_gui.core.document import Document
    from meticulous_gui.engine.jobs import JobRunner, PhotoRef
    from meticulous_gui.ui.background import Background
    from meticulous_gui.ui.work import NetworkWork


class EngineLink(QObject):
    """Gives the runner and the photo's name there to the work of networks, as soon as both are known.

    Args:
        work: is told.
        background: copies the photo, which takes a quarter of a second at 24 MP.

    Signals (window thread):
        changed: other networks, or another photo, are there to be asked, or none.
        refused: (MeticulousError) there are no networks, or not for this photo.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, work: NetworkWork, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._background = background
        self._runner: JobRunner | None = None
        self._document: Document | None = None
        self._photo: PhotoRef | None = None

    @property
    def runner(self) -> JobRunner | None:
        """The networks, None before they come."""
        return self._runner

    @property
    def photo(self) -> PhotoRef | None:
        """The name under which the networks know the photo, None until they do."""
        return self._photo

    def set_runner(self, runner: JobRunner) -> None:
        """Use these networks from now on; what waited for them starts.

        Where others were used before, what runs is stopped and its finished patches stay.
        """
        if self._runner is not None:
            self._work.set_document(self._document, None)
            self._photo = None
        self._runner = runner
        self._work.set_runner(runner)
        self._hand_over()
        self.changed.emit()

    def set_document(self, document: Document | None, photo: PhotoRef | None = None) -> None:
        """Turn to another document, or to none; what ran for the last one is stopped and its photo let go.

        Args:
            document: the new one.
            photo: its photo, where the runner has that already.
        """
        self._work.set_document(None, None)
        runner, gone = self._runner, self._photo
        if runner is not None and gone is not None:
            self._background.run(lambda: runner.drop_photo(gone), lambda _nothing: None)
        self._document, self._photo = document, photo
        self._work.set_document(document, photo)
        self._hand_over()
        self.changed.emit()

    def refuse(self, error: MeticulousError) -> None:
        """Say why there are no networks, now and whenever one is asked for."""
        self.refused.emit(error)
        self._work.refuse(str(error))

    def _hand_over(self) -> None:
        document, runner = self._document, self._runner
        if document is None or runner is None or self._photo is not None:
            return

        def take(photo: PhotoRef) -> None:
            if document is self._document and runner is self._runner:
                self._photo = photo
                self._work.set_photo(photo)
                self.changed.emit()
            else:
                runner.drop_photo(photo)

        def fail(error: MeticulousError) -> None:
            if document is self._document and runner is self._runner:
                self.refuse(error)

        self._background.run(lambda: runner.put_photo(document.photo.rgb), take, fail)
