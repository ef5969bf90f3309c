"""The live preview of an export: worked out in the executor, the newest wish only, never in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, QTimer, Signal

from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.preview import (
    Preview,
    PreviewSource,
    preview_annotations,
    preview_cutout,
    preview_detail,
)
from meticulous_gui.core.project import copy_layers
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.ui.dialogs.preview_pane import PreviewPane
from meticulous_gui.ui.qimage import qimage_from_rgba
from meticulous_gui.ui.saving import joint_alpha
from meticulous_gui.ui.session import Session

MAX_SIDE_PX = 1000


class ExportPreview(QObject):
    """Keeps a pane showing what a recipe makes of the open document, as both change.

    Signals:
        shown: (QSize, of the result) the pane shows the newest wish.
        failed: (str) why it cannot be shown.
    """

    shown = Signal(QSize)
    failed = Signal(str)

    def __init__(
        self, session: Session, pane: PreviewPane, read_recipe: Callable[[], Recipe], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pane = pane
        self._read_recipe = read_recipe
        self._revision: int | None = None
        self._source: PreviewSource | None = None
        self._layers: tuple[Layer, ...] | None = None
        self._is_working = self._is_stale = self._is_over = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render)
        session.changed.connect(self.schedule)
        pane.detail_wanted.connect(self.schedule)

    def schedule(self) -> None:
        """Show the wishes of now, soon."""
        if not self._timer.isActive():
            self._timer.start(0)

    def stop(self) -> None:
        """Show nothing any more: the dialog goes."""
        self._is_over = True
        self._timer.stop()

    def _render(self) -> None:
        document = self._session.document
        if document is None or self._is_over:
            return
        if self._is_working:
            self._is_stale = True
            return
        if document.revision != self._revision:
            self._revision, self._source, self._layers = document.revision, None, None
        self._is_working, self._is_stale = True, False
        is_detail = self._pane.centre is not None and self._read_recipe().format not in ANNOTATION_EXPORTERS
        self._session.background.run(
            self._make_work(), lambda preview: self._on_done(preview, is_detail=is_detail), self._on_failed
        )

    def _make_work(self) -> Callable[[], Preview]:
        """Return what the executor is to do, on copies that nobody changes."""
        document, recipe = self._session.document, self._read_recipe()
        assert document is not None
        photo = document.photo
        if recipe.format in ANNOTATION_EXPORTERS:
            if self._layers is None:
                self._layers = copy_layers(document)
            active_id = document.active.id
            layers = [
                layer
                for layer in self._layers
                if (layer.visible if recipe.has_all_layers else layer.id == active_id)
            ]
            return lambda: preview_annotations(photo.rgb, layers, max_side_px=MAX_SIDE_PX)
        centre, size = self._pane.centre, self._pane.view_size
        source, alpha = self._source, None if self._source is not None else joint_alpha(document)

        def work() -> Preview:
            ready = source
            if ready is None:
                assert alpha is not None  # one of both is there
                ready = self._source = PreviewSource(photo, alpha, max_side_px=MAX_SIDE_PX)
            if centre is None:
                return preview_cutout(ready, recipe)
            return preview_detail(ready, recipe, centre=centre, size_wh=(size.width(), size.height()))

        return work

    def _on_done(self, preview: Preview, *, is_detail: bool) -> None:
        self._is_working = False
        if self._is_over:
            return
        height, width = preview.size_hw
        picture = qimage_from_rgba(preview.rgba)
        self._pane.show_picture(picture, QSize(width, height), is_detail=is_detail)
        self.shown.emit(QSize(width, height))
        self._go_on()

    def _on_failed(self, error: MeticulousError) -> None:
        self._is_working = False
        if self._is_over:
            return
        self.failed.emit(str(error))
        self._go_on()

    def _go_on(self) -> None:
        if self._is_stale:
            self.schedule()
