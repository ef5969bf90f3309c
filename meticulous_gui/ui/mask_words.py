"""What kind of file a mask is, in a few words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.mask_file import MaskFile


def kind_text(mask: MaskFile) -> str:
    """Return the way a mask is written, such as "8-bit grey PNG"."""
    translate, encoding = QCoreApplication.translate, mask.encoding
    match mask.kind:
        case "transparency":
            text = translate("MaskKind", "transparency of a {format}")
        case "labels":
            text = translate("MaskKind", "label map as a {format}")
        case "colours":
            text = translate("MaskKind", "map of colours as a {format}")
        case "binary" if encoding.mode == "1":
            text = translate("MaskKind", "1-bit {format}")
        case _ if encoding.is_deep:
            text = translate("MaskKind", "16-bit grey {format}")
        case _:
            text = translate("MaskKind", "8-bit grey {format}")
    kind = text.format(format=encoding.format)
    return translate("MaskKind", "{kind}, dark on light").format(kind=kind) if encoding.is_inverted else kind
