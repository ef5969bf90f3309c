"""The Folder menu: from photo to photo, and how far each is."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, ActionState
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


def _has_others(state: ActionState) -> bool:
    return state.n_files > 1


def _is_of_list(state: ActionState) -> bool:
    return state.has_photo and state.n_files > 0


FOLDER: Final = (
    Action("open_folder", "folder", QT_TRANSLATE_NOOP("Action", "Open a folder…"),
           QT_TRANSLATE_NOOP("Action", "Work through all photos of a folder."),
           "folder", ("Ctrl+Shift+O",), lambda c: c.folder.open_dialog()),
    Action("mask_folder", "folder", QT_TRANSLATE_NOOP("Action", "Masks from a folder…"),
           QT_TRANSLATE_NOOP("Action", "Use the masks of another folder, paired with the photos by name."),
           "", (), lambda c: c.folder.choose_masks(), enabled=_is_of_list),
    Action("next_photo", "folder", QT_TRANSLATE_NOOP("Action", "Next photo"),
           QT_TRANSLATE_NOOP("Action", "Go to the next photo of the folder; what you did is saved."),
           "next", ("PgDown",), lambda c: c.folder.step(1), enabled=_has_others, starts_section=True),
    Action("previous_photo", "folder", QT_TRANSLATE_NOOP("Action", "Previous photo"),
           QT_TRANSLATE_NOOP("Action", "Go to the previous photo of the folder; what you did is saved."),
           "previous", ("PgUp",), lambda c: c.folder.step(-1), enabled=_has_others),
    Action("toggle_done", "folder", QT_TRANSLATE_NOOP("Action", "Done"),
           QT_TRANSLATE_NOOP("Action", "Save the layers and mark the photo as done, or take the mark back."),
           "done", ("D",), lambda c: c.folder.toggle_done(), enabled=_is_of_list,
           checked=lambda s: s.is_done, starts_section=True),
    Action("finish_and_step", "folder", QT_TRANSLATE_NOOP("Action", "Done and next"),
           QT_TRANSLATE_NOOP("Action", "Save the layers, mark the photo as done and go to the next one."),
           "", ("Shift+PgDown",), lambda c: c.folder.finish_and_step(), enabled=_is_of_list),
    Action("cycle_filter", "folder", QT_TRANSLATE_NOOP("Action", "Show other photos"),
           QT_TRANSLATE_NOOP("Action", "Show all photos, those not done, the untouched, and so on, in turn."),
           "", ("Shift+F6",), lambda c: c.folder.cycle_filter(), enabled=_has_others, starts_section=True),
    Action("strip", "folder", QT_TRANSLATE_NOOP("Action", "Strip of photos"),
           QT_TRANSLATE_NOOP("Action", "Show or hide the small pictures; arrows and Enter work in them."),
           "strip", ("F6",), lambda c: c.folder.toggle_strip(), checked=lambda s: s.has_strip),
    Action("batch", "folder", QT_TRANSLATE_NOOP("Action", "Cut out many photos"),
           QT_TRANSLATE_NOOP("Action", "Have the whole folder, or what is selected, done in the background."),
           "batch", ("F7",), lambda c: c.folder.toggle_batch(), checked=lambda s: s.has_batch),
)
# On a photo of the strip: on the open one, and on another, which can be opened.
OPEN_PHOTO_MENU: Final = ("toggle_done", "finish_and_step", "", "batch", "strip")
PHOTO_MENU: Final = ("", "batch", "strip")
