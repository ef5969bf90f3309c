"""What the canvas shows of the open photo, kept in step with the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.document import Document, LayerEvent
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import Scene
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.ui.scenery import Scenery

if TYPE_CHECKING:
    from meticulous_gui.ui.doubts import Doubts
    from meticulous_gui.ui.opener import Opener


class Shown(QObject):
    """The scene of the canvas: the open document, or the first picture of a photo that is being decoded.

    Signals (window thread):
        scene_replaced: `scene` is another object.
        pixels_changed: (Box) pixels of a layer changed.
    """

    scene_replaced = Signal()
    pixels_changed = Signal(object)

    def __init__(self, opener: Opener, doubts: Doubts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._document: Document | None = None
        self._scenery: Scenery | None = None
        self._shows_decided = False
        self._unsubscribe: list[Callable[[], None]] = []
        opener.preview_changed.connect(self.scene_replaced)
        doubts.scene_changed.connect(self.scene_replaced)

    @property
    def scene(self) -> Scene | None:
        """What to draw, None for nothing."""
        if self._opener.preview is not None:
            return self._opener.preview_scene
        return self._scenery.scene if self._scenery else None

    @property
    def image_size_hw(self) -> tuple[int, int] | None:
        """Size of the photo that `scene` shows, also where that is only a small first picture."""
        if self._opener.preview is not None:
            return self._opener.preview.full_size_hw
        return self._document.photo.size_hw if self._document is not None else None

    @property
    def has_confidence(self) -> bool:
        return self._scenery is not None and self._scenery.has_confidence

    @property
    def mask_levels(self) -> Pyramid | None:
        """The levels of the active layer's alpha, as it really is; None without a document."""
        return self._scenery.active_levels if self._scenery is not None else None

    def small_cutout(self, max_side_px: int) -> tuple[RgbImage, Alpha] | None:
        """Return photo and alpha at a small size (`Scenery.small_cutout`); None without a document."""
        return self._scenery.small_cutout(max_side_px) if self._scenery is not None else None

    def show_instead(self, levels: Pyramid | None) -> None:
        """Show the active layer's mask like this for a while; None shows it as it is."""
        if self._scenery is not None:
            self._scenery.show_instead(levels)
            self.scene_replaced.emit()

    def show_decided(self, is_shown: bool) -> None:
        """Have the scene hold what a person has decided of the active layer, or no longer."""
        self._shows_decided = is_shown
        if self._scenery is not None and self._scenery.show_decided(is_shown):
            self.scene_replaced.emit()

    def set_document(self, document: Document, scenery: Scenery) -> None:
        """Follow another document from now on; nobody is told before all that belongs to it is there."""
        self.leave()
        self._document, self._scenery = document, scenery
        scenery.show_decided(self._shows_decided)
        self._unsubscribe = [
            document.subscribe(self._on_pixels),
            document.subscribe_layers(self._on_layers),
            document.subscribe_history(scenery.let_go),
        ]

    def leave(self) -> Scenery | None:
        """Let go of the document; return its pyramids, which take a while to be freed."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        scenery, self._scenery = self._scenery, None
        self._unsubscribe, self._document = [], None
        return scenery

    def _on_pixels(self, layer_id: int, box: Box) -> None:
        if self._scenery is not None:
            if self._scenery.update_pixels(layer_id, box):
                self.scene_replaced.emit()
            self.pixels_changed.emit(box)

    def _on_layers(self, _event: LayerEvent) -> None:
        if self._scenery is not None:
            self._scenery.update_layers()
            self.scene_replaced.emit()
