"""What the canvas draws: the pyramids of the open photo and its layers, kept in step with the document."""

from __future__ import annotations

import math

import numpy as np

from meticulous_gui.core.confidence import Confidences
from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import Scene, SceneLayer
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.engine.types import Confidence


class _DecidedLevels:
    """The pixels of a layer that networks leave alone, as a picture: made only while somebody looks at it."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self._pixels = layer.decided.to_mask().view(np.uint8) * np.uint8(255)
        self.levels = Pyramid(self._pixels)

    def update(self, box: Box) -> None:
        """Follow a change in `box`."""
        self._pixels[box.slices()] = self.layer.decided.get(box).view(np.uint8) * np.uint8(255)
        self.levels.update(box)


class Scenery:
    """The pyramids of one document.

    Attributes:
        scene: what to draw; another object after every change of the list of layers, of their looks, of
            which is active and of the memory that a layer lies in.
        confidences: what networks think of each layer.
    """

    def __init__(self, document: Document) -> None:
        """Build the photo's levels; slow for large photos, so made in an executor."""
        self._document = document
        self._photo = Pyramid(document.photo.rgb)
        self._alphas: dict[int, Pyramid] = {}
        self._shelved: list[Pyramid] = []
        self._doubt: Pyramid | None = None
        self.confidences = Confidences(document.photo.size_hw)
        self._instead: Pyramid | None = None
        self._decided: _DecidedLevels | None = None
        self._photo.build()
        self.scene = self._make_scene()

    @property
    def has_confidence(self) -> bool:
        """Whether a network has said how sure it is."""
        return self._doubt is not None

    def build(self) -> None:
        """Build all levels of the layers now, in an executor: nothing may change them meanwhile."""
        for levels in list(self._alphas.values()):
            levels.build()

    def update_layers(self) -> None:
        """Follow a change of the layers or of how they look."""
        self._instead = None
        self.let_go()
        if self._decided is not None and self._decided.layer is not self._document.active:
            self._decided = _DecidedLevels(self._document.active)
        self.scene = self._make_scene()

    def let_go(self) -> None:
        """Forget the levels of layers that are gone; of what undo brings back as it is, they are kept."""
        layers = self._document.layers
        if len(self._alphas) > len(layers):
            aside = [layer for layer in self._document.history.layers if not layer.is_asleep]
            ids = {layer.id for layer in (*layers, *aside)}
            self._alphas = {layer_id: levels for layer_id, levels in self._alphas.items() if layer_id in ids}
        shelf = self._document.history.shelf
        self._shelved = [levels for levels in self._shelved if shelf.holds(levels.level(0))]

    @property
    def active_levels(self) -> Pyramid:
        """The levels of the active layer, whatever is shown instead of them."""
        return self._levels_of(self._document.active)

    def small_cutout(self, max_side_px: int) -> tuple[RgbImage, Alpha]:
        """Return the photo and all visible layers together at the first level that is small enough.

        Returns:
            (h, w, 3) uint8 and (h, w) uint8, no side longer than ``max_side_px``; not to be written to.
        """
        k = (math.ceil(max(self._photo.size_hw) / max_side_px) - 1).bit_length()
        rgb = self._photo.level(k)
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        for layer in self._document.layers:
            if layer.visible:
                np.maximum(alpha, self._levels_of(layer).level(k), out=alpha)
        return rgb, alpha

    def show_instead(self, levels: Pyramid | None) -> None:
        """Draw the active layer like this, until the layers change or None says: as it is."""
        self._instead = levels
        self.scene = self._make_scene()

    def update_pixels(self, layer_id: int, box: Box) -> bool:
        """Follow a change of a layer's alpha in `box`; say whether the scene changed."""
        if self._decided is not None and self._decided.layer.id == layer_id:
            self._decided.update(box)
        levels = self._alphas.get(layer_id)
        if levels is None:
            return False
        is_other_memory = levels.level(0) is not self._document.layer(layer_id).alpha
        if is_other_memory:
            self.scene = self._make_scene()
        else:
            levels.update(box)
        return is_other_memory

    def show_decided(self, is_shown: bool) -> bool:
        """Show what a person has decided of the active layer, or no longer; say if the scene changed."""
        if is_shown == (self._decided is not None):
            return False
        self._decided = _DecidedLevels(self._document.active) if is_shown else None
        self.scene = self._make_scene()
        return True

    def show_confidence(self, is_there: bool) -> bool:
        """Begin with networks that are sure everywhere, or with none; say whether the scene changed.

        Args:
            is_there: whether networks have said how sure they are.
        """
        if not is_there and self._doubt is None:
            return False
        self._doubt = None
        if is_there:
            # Zeros that nobody writes to take neither time nor memory: doubt is where the edge is.
            self._unsure = np.zeros(self._document.photo.size_hw, np.uint8)
            self._doubt = Pyramid(self._unsure)
        self.scene = self._make_scene()
        return True

    def update_confidence(self, box: Box, confidence: Confidence) -> bool:
        """Take how sure networks are about `box`; say whether that changed what confidence looks like.

        Args:
            box: inside the photo.
            confidence: (box.height, box.width) uint8, 255 sure.
        """
        if self._doubt is None:
            return False
        here, doubt = self._unsure[box.slices()], ~confidence
        if np.array_equal(here, doubt):
            return False
        here[:] = doubt
        self._doubt.update(box)
        return True

    def _make_scene(self) -> Scene:
        layers = self._document.layers
        active = layers.index(self._document.active)
        shown = [SceneLayer(self._levels_of(layer), layer.colour, layer.visible) for layer in layers]
        if self._instead is not None:
            shown[active] = shown[active]._replace(alpha=self._instead)
        decided = self._decided.levels if self._decided is not None else None
        return Scene(
            photo=self._photo, layers=shown, doubt=self._doubt, decided=decided, active=active
        )

    def _levels_of(self, layer: Layer) -> Pyramid:
        # A layer that undo brings back lies in other memory: its old levels would show the old pixels.
        levels, alpha = self._alphas.get(layer.id), layer.alpha
        if levels is not None and levels.level(0) is alpha:
            return levels
        if levels is not None:
            self._shelved.append(levels)
        found = next((old for old in self._shelved if old.level(0) is alpha), None)
        self._alphas[layer.id] = found or Pyramid(alpha)
        return self._alphas[layer.id]
