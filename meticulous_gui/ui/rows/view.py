"""The View menu: ways to look, zoom, panels."""

from __future__ import annotations

from typing import Final

from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.action import Action, has_layer, has_photo
from meticulous_gui.ui.views import VIEW_CHOICES, ViewChoice
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


def _view(choice: ViewChoice) -> Action:
    name = choice.mode.name
    return Action(
        f"view_{name.lower()}", "view", choice.text, choice.help, choice.icon, (choice.key,),
        lambda c: c.view.choose(choice.mode), checked=lambda s: s.view == name, context="Views",
        enabled=lambda s: s.has_photo and (s.has_confidence or choice.mode is not ViewMode.CONFIDENCE),
    )


VIEW: Final = (
    *(_view(choice) for choice in VIEW_CHOICES),
    Action("view_photo", "view", QT_TRANSLATE_NOOP("Action", "Overlay on and off"),
           QT_TRANSLATE_NOOP("Action", "Show the photo alone, or the last view again."),
           "view_photo", ("Q",), lambda c: c.view.toggle_overlay(), enabled=has_photo,
           checked=lambda s: s.view == "PHOTO"),
    Action("cycle_view", "view", QT_TRANSLATE_NOOP("Action", "Next view"),
           QT_TRANSLATE_NOOP("Action", "Go through the views one by one."),
           "", ("F",), lambda c: c.view.cycle(), enabled=has_photo),
    Action("hold_original", "view", QT_TRANSLATE_NOOP("Action", "See the original while held"),
           QT_TRANSLATE_NOOP("Action", "Show the photo alone as long as the key is down."),
           "", ("H",), lambda c: c.view.toggle_overlay(), enabled=has_photo, is_held=True),
    Action("invert_overlay", "view", QT_TRANSLATE_NOOP("Action", "Colour the background instead"),
           QT_TRANSLATE_NOOP("Action", "Lay the colour over what is outside; the object stays clear."),
           "", ("Shift+Q",), lambda c: c.view.invert_overlay(), enabled=has_photo,
           checked=lambda s: s.is_inverted, starts_section=True),
    Action("zoom_fit", "view", QT_TRANSLATE_NOOP("Action", "Fit the window"),
           QT_TRANSLATE_NOOP("Action", "Show the whole photo."),
           "fit", ("0",), lambda c: c.view.zoom_fit(), enabled=has_photo, starts_section=True),
    Action("zoom_actual", "view", QT_TRANSLATE_NOOP("Action", "Actual pixels"),
           QT_TRANSLATE_NOOP("Action", "Show one pixel of the photo on one pixel of the screen."),
           "actual_size", ("1",), lambda c: c.view.zoom_actual(), enabled=has_photo),
    Action("zoom_mask", "view", QT_TRANSLATE_NOOP("Action", "Zoom to the mask"),
           QT_TRANSLATE_NOOP("Action", "Show the object as large as the window allows."),
           "zoom_mask", ("2",), lambda c: c.view.zoom_mask(), enabled=has_layer),
    Action("zoom_in", "view", QT_TRANSLATE_NOOP("Action", "Zoom in"),
           QT_TRANSLATE_NOOP("Action", "Come closer; the wheel does the same at the pointer."),
           "zoom_in", ("+", "=", "Ctrl++"), lambda c: c.view.zoom_step(1), enabled=has_photo),
    Action("zoom_out", "view", QT_TRANSLATE_NOOP("Action", "Zoom out"),
           QT_TRANSLATE_NOOP("Action", "Go further away; the wheel does the same at the pointer."),
           "zoom_out", ("-", "Ctrl+-"), lambda c: c.view.zoom_step(-1), enabled=has_photo),
    Action("panels", "view", QT_TRANSLATE_NOOP("Action", "Panels"),
           QT_TRANSLATE_NOOP("Action", "Show or hide the layers and the history."),
           "layers", ("F4",), lambda c: c.view.toggle_panels(), checked=lambda s: s.has_panels,
           starts_section=True),
    Action("full_screen", "view", QT_TRANSLATE_NOOP("Action", "Full screen"),
           QT_TRANSLATE_NOOP("Action", "Give the photo the whole screen."),
           "", ("F11",), lambda c: c.view.toggle_full_screen(), checked=lambda s: s.is_full_screen),
)
