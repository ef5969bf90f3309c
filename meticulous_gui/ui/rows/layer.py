"""The Layer menu."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_layer, has_photo, is_editable
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

LAYER: Final = (
    Action("add_layer", "layer", QT_TRANSLATE_NOOP("Action", "Add a layer"),
           QT_TRANSLATE_NOOP("Action", "Begin another mask on the same photo."),
           "add", ("Ctrl+Shift+N",), lambda c: c.layers.add(), enabled=has_photo),
    Action("duplicate_layer", "layer", QT_TRANSLATE_NOOP("Action", "Duplicate the layer"),
           QT_TRANSLATE_NOOP("Action", "Put a copy of the active layer above it."),
           "duplicate", ("Ctrl+J",), lambda c: c.layers.duplicate(), enabled=has_layer),
    Action("merge_down", "layer", QT_TRANSLATE_NOOP("Action", "Merge down"),
           QT_TRANSLATE_NOOP("Action", "Put the pixels of the active layer on the one below it."),
           "merge_down", ("Ctrl+M",), lambda c: c.layers.merge_down(),
           enabled=lambda s: is_editable(s) and s.layer_index > 0),
    Action("remove_layer", "layer", QT_TRANSLATE_NOOP("Action", "Remove the layer"),
           QT_TRANSLATE_NOOP("Action", "Take the active layer away."),
           "delete", ("Ctrl+Shift+Del",), lambda c: c.layers.remove(),
           enabled=lambda s: is_editable(s) and s.n_layers > 1),
    Action("rename_layer", "layer", QT_TRANSLATE_NOOP("Action", "Rename the layer"),
           QT_TRANSLATE_NOOP("Action", "Type another name for the active layer."),
           "", ("F2",), lambda c: c.layers.rename(), enabled=has_layer, starts_section=True),
    Action("layer_category", "layer", QT_TRANSLATE_NOOP("Action", "Category of the layer"),
           QT_TRANSLATE_NOOP("Action", "Type what the active layer shows, such as person or dog."),
           "", ("Shift+F2",), lambda c: c.layers.categorise(), enabled=has_layer),
    Action("cycle_colour", "layer", QT_TRANSLATE_NOOP("Action", "Another colour"),
           QT_TRANSLATE_NOOP("Action", "Give the layer the next of the colours that all eyes tell apart."),
           "", ("Shift+O",), lambda c: c.layers.cycle_colour(), enabled=has_layer),
    Action("layer_above", "layer", QT_TRANSLATE_NOOP("Action", "Work on the layer above"),
           QT_TRANSLATE_NOOP("Action", "Make the next layer of the list active."),
           "", ("Alt+]",), lambda c: c.layers.choose_neighbour(1),
           enabled=lambda s: has_layer(s) and s.layer_index < s.n_layers - 1, starts_section=True),
    Action("layer_below", "layer", QT_TRANSLATE_NOOP("Action", "Work on the layer below"),
           QT_TRANSLATE_NOOP("Action", "Make the layer below in the list active."),
           "", ("Alt+[",), lambda c: c.layers.choose_neighbour(-1),
           enabled=lambda s: has_layer(s) and s.layer_index > 0),
    Action("raise_layer", "layer", QT_TRANSLATE_NOOP("Action", "Move the layer up"),
           QT_TRANSLATE_NOOP("Action", "Put the active layer above the next one; where two meet it wins."),
           "raise", ("Ctrl+]",), lambda c: c.layers.move(1),
           enabled=lambda s: has_layer(s) and s.layer_index < s.n_layers - 1),
    Action("lower_layer", "layer", QT_TRANSLATE_NOOP("Action", "Move the layer down"),
           QT_TRANSLATE_NOOP("Action", "Put the active layer below the one that is under it."),
           "lower", ("Ctrl+[",), lambda c: c.layers.move(-1),
           enabled=lambda s: has_layer(s) and s.layer_index > 0),
    Action("toggle_layer", "layer", QT_TRANSLATE_NOOP("Action", "Show the layer"),
           QT_TRANSLATE_NOOP("Action", "Show or hide the active layer; a hidden layer is not exported."),
           "visible", ("Ctrl+H",), lambda c: c.layers.toggle_visible(), enabled=has_layer,
           checked=lambda s: s.is_layer_visible, starts_section=True),
    Action("solo_layer", "layer", QT_TRANSLATE_NOOP("Action", "Show only this layer"),
           QT_TRANSLATE_NOOP("Action", "Hide all other layers; once more, show them as they were."),
           "", ("Ctrl+Shift+H",), lambda c: c.layers.solo(), enabled=lambda s: s.n_layers > 1,
           checked=lambda s: s.is_layer_solo),
    Action("lock_layer", "layer", QT_TRANSLATE_NOOP("Action", "Lock the layer"),
           QT_TRANSLATE_NOOP("Action", "Keep the active layer safe from every change."),
           "locked", ("Ctrl+L",), lambda c: c.layers.toggle_locked(), enabled=has_layer,
           checked=lambda s: s.is_locked),
    Action("only_where_empty", "layer", QT_TRANSLATE_NOOP("Action", "Only where nothing else is"),
           QT_TRANSLATE_NOOP("Action", "Let hands and networks leave alone what other layers hold."),
           "", ("Ctrl+Shift+L",), lambda c: c.layers.guard.toggle(), enabled=has_photo,
           checked=lambda s: s.is_only_where_empty),
    Action("export_layer", "layer", QT_TRANSLATE_NOOP("Action", "Export this layer"),
           QT_TRANSLATE_NOOP("Action", "Write the cut-out of the active layer beside the photo."),
           "", (), lambda c: c.layers.exports.export_active(), enabled=has_layer, starts_section=True),
    Action("export_layers", "layer", QT_TRANSLATE_NOOP("Action", "Export each layer"),
           QT_TRANSLATE_NOOP("Action", "Write the cut-out of every visible layer into a file of its own."),
           "", (), lambda c: c.layers.exports.export_each(), enabled=has_layer),
    Action("export_label_map", "layer", QT_TRANSLATE_NOOP("Action", "Export a label map"),
           QT_TRANSLATE_NOOP("Action", "Write one picture with a number for each layer, and its legend."),
           "", (), lambda c: c.layers.exports.export_label_map(), enabled=has_layer),
)

LAYER_MENU: Final = (
    "rename_layer", "layer_category", "cycle_colour", "", "duplicate_layer", "merge_down", "remove_layer", "",
    "raise_layer", "lower_layer", "", "solo_layer", "lock_layer", "", "export_layer",
)
LAYER_BUTTONS: Final = (
    "add_layer", "duplicate_layer", "merge_down", "raise_layer", "lower_layer", "remove_layer",
)
