"""The Layer menu."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_layer, has_photo, is_editable
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

LAYER: Final = (
    Action("add_layer", "layer", QT_TRANSLATE_NOOP("Action", "Add a layer"),
           QT_TRANSLATE_NOOP("Action", "Begin another mask on the same photo."),
           "add", ("Ctrl+Shift+N",), lambda c: c.mask.add_layer(), enabled=has_photo),
    Action("remove_layer", "layer", QT_TRANSLATE_NOOP("Action", "Remove the layer"),
           QT_TRANSLATE_NOOP("Action", "Take the active layer away."),
           "delete", ("Ctrl+Shift+Del",), lambda c: c.mask.remove_layer(),
           enabled=lambda s: is_editable(s) and s.n_layers > 1),
    Action("toggle_layer", "layer", QT_TRANSLATE_NOOP("Action", "Show the layer"),
           QT_TRANSLATE_NOOP("Action", "Show or hide the active layer; a hidden layer is not exported."),
           "visible", ("Ctrl+H",), lambda c: c.mask.toggle_visible(), enabled=has_layer,
           checked=lambda s: s.is_layer_visible, starts_section=True),
    Action("lock_layer", "layer", QT_TRANSLATE_NOOP("Action", "Lock the layer"),
           QT_TRANSLATE_NOOP("Action", "Keep the active layer safe from every change."),
           "locked", ("Ctrl+L",), lambda c: c.mask.toggle_locked(), enabled=has_layer,
           checked=lambda s: s.is_locked),
)
