"""The registry of annotation formats; apart from `core.export`, for a cut-out needs none of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from meticulous_gui.core.annotation import AnnotationExporter
from meticulous_gui.core.formats.coco import CocoExporter
from meticulous_gui.core.formats.labelme import LabelmeExporter
from meticulous_gui.core.formats.voc import VocExporter
from meticulous_gui.core.formats.yolo import YoloExporter

__all__ = ["ANNOTATION_EXPORTERS"]

_ALL: Final[tuple[AnnotationExporter, ...]] = (
    CocoExporter(),
    YoloExporter(),
    VocExporter(),
    LabelmeExporter(),
)

ANNOTATION_EXPORTERS: Final = MappingProxyType({exporter.name: exporter for exporter in _ALL})
"""Every format of annotations by name, in the order of a menu."""
