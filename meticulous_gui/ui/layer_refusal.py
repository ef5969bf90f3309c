"""Why a layer cannot be changed, and the button that lets it be."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.ui.messages import Choice, Message

TOPIC: Final = "layer"


def refusal(document: Document, layer: Layer | None = None) -> Message | None:
    """Return what to say where a layer (by default the active one) is hidden or locked; else None."""
    layer = layer or document.active
    if not layer.visible:
        sentence = QCoreApplication.translate("LayerRefusal", "“{layer}” is hidden; show it to change it.")
        way_out = QCoreApplication.translate("LayerRefusal", "Show it")
        change = partial(document.set_layer_state, layer.id, visible=True)
    elif layer.locked:
        sentence = QCoreApplication.translate("LayerRefusal", "“{layer}” is locked; unlock it to change it.")
        way_out = QCoreApplication.translate("LayerRefusal", "Unlock it")
        change = partial(document.set_layer_state, layer.id, locked=False)
    else:
        return None
    text = sentence.format(layer=layer.name)
    is_hidden = not layer.visible

    def is_true() -> bool:
        return document.has_layer(layer.id) and (not layer.visible if is_hidden else layer.locked)

    def take_it() -> None:
        if document.has_layer(layer.id):
            change()

    choices = (Choice(way_out, take_it),)
    return Message(text, "warning", choices, topic=TOPIC, is_brief=True, about=document, is_true=is_true)
