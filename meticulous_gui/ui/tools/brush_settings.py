"""The brush a person holds: size, hardness, opacity and sign, shared by every tool that paints."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_RADIUS_PX = 0.5
MAX_RADIUS_PX = 2000.0
SIZE_STEP = 2.0 ** (1.0 / 4.0)
HARDNESS_STEP = 0.1


class BrushSettings(QObject):
    """What the brush is like now; every change is announced once.

    Attributes:
        radius_px: 0.5..2000; logical screen pixels, or image pixels while `is_size_in_image_px`.
        hardness: 0 (soft to the centre) .. 1 (hard edge).
        opacity: 0..1, coverage that one stroke gives.
        is_subtracting: whether the left button takes away; the X key swaps it.
        is_size_in_image_px: whether `radius_px` is measured on the photo rather than on the screen.
        is_pressure_size: whether less of a pen's pressure makes the brush smaller.
        is_pressure_opacity: whether less of a pen's pressure covers less.
        stops_at_edges: whether each dab covers only what looks like the photo under its middle.
        smoothing: 0 (as the hand moves) .. 1 (strongly steadied).

    Signals:
        changed: after any attribute changed (window thread).
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._radius_px = 20.0
        self._hardness = 0.8
        self._opacity = 1.0
        self._is_subtracting = False
        self._is_size_in_image_px = False
        self._is_pressure_size = True
        self._is_pressure_opacity = False
        self._stops_at_edges = False
        self._smoothing = 0.3

    @property
    def radius_px(self) -> float:
        return self._radius_px

    @radius_px.setter
    def radius_px(self, value: float) -> None:
        self._set("_radius_px", min(max(float(value), MIN_RADIUS_PX), MAX_RADIUS_PX))

    @property
    def hardness(self) -> float:
        return self._hardness

    @hardness.setter
    def hardness(self, value: float) -> None:
        self._set("_hardness", min(max(float(value), 0.0), 1.0))

    @property
    def opacity(self) -> float:
        return self._opacity

    @opacity.setter
    def opacity(self, value: float) -> None:
        self._set("_opacity", min(max(float(value), 0.01), 1.0))

    @property
    def is_subtracting(self) -> bool:
        return self._is_subtracting

    @is_subtracting.setter
    def is_subtracting(self, value: bool) -> None:
        self._set("_is_subtracting", bool(value))

    @property
    def is_size_in_image_px(self) -> bool:
        return self._is_size_in_image_px

    @is_size_in_image_px.setter
    def is_size_in_image_px(self, value: bool) -> None:
        self._set("_is_size_in_image_px", bool(value))

    @property
    def is_pressure_size(self) -> bool:
        return self._is_pressure_size

    @is_pressure_size.setter
    def is_pressure_size(self, value: bool) -> None:
        self._set("_is_pressure_size", bool(value))

    @property
    def is_pressure_opacity(self) -> bool:
        return self._is_pressure_opacity

    @is_pressure_opacity.setter
    def is_pressure_opacity(self, value: bool) -> None:
        self._set("_is_pressure_opacity", bool(value))

    @property
    def stops_at_edges(self) -> bool:
        return self._stops_at_edges

    @stops_at_edges.setter
    def stops_at_edges(self, value: bool) -> None:
        self._set("_stops_at_edges", bool(value))

    @property
    def smoothing(self) -> float:
        return self._smoothing

    @smoothing.setter
    def smoothing(self, value: float) -> None:
        self._set("_smoothing", min(max(float(value), 0.0), 1.0))

    def step_size(self, n_steps: float) -> None:
        """Make the brush larger (positive) or smaller by quarter octaves."""
        self.radius_px = self._radius_px * SIZE_STEP**n_steps

    def step_hardness(self, n_steps: int) -> None:
        """Make the edge harder (positive) or softer by tenths."""
        self.hardness = round(self._hardness + n_steps * HARDNESS_STEP, 2)

    def swap(self) -> None:
        """Exchange adding and taking away."""
        self.is_subtracting = not self._is_subtracting

    def radius_image_px(self, *, zoom: float, device_pixel_ratio: float) -> float:
        """Return the radius on the photo at a zoom of `zoom` device pixels per image pixel."""
        if self._is_size_in_image_px:
            return self._radius_px
        return self._radius_px * device_pixel_ratio / zoom

    def _set(self, name: str, value: float | bool) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()
