"""The File menu: photos in, layers kept, cut-outs out."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_photo, is_editable
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

FILE: Final = (
    Action("open", "file", QT_TRANSLATE_NOOP("Action", "Open a photo…"),
           QT_TRANSLATE_NOOP("Action", "Choose one or more photos, or drop them on the window."),
           "open", ("Ctrl+O",), lambda c: c.files.open_dialog()),
    Action("open_sample", "file", QT_TRANSLATE_NOOP("Action", "Open the sample photo"),
           QT_TRANSLATE_NOOP("Action", "Open a photo that comes with the program, to try things out."),
           "", (), lambda c: c.files.open_sample()),
    Action("open_mask", "file", QT_TRANSLATE_NOOP("Action", "Use a mask from a file…"),
           QT_TRANSLATE_NOOP("Action", "Put a mask or annotations of another program on this photo."),
           "", (), lambda c: c.files.open_mask_dialog(), enabled=is_editable),
    Action("paste", "file", QT_TRANSLATE_NOOP("Action", "Paste a picture"),
           QT_TRANSLATE_NOOP("Action", "Open the picture, or the file, that lies on the clipboard."),
           "paste", ("Ctrl+V",), lambda c: c.files.paste()),
    Action("paste_mask", "file", QT_TRANSLATE_NOOP("Action", "Paste as the mask"),
           QT_TRANSLATE_NOOP("Action", "Put the mask or cut-out that lies on the clipboard on this photo."),
           "", ("Ctrl+Shift+V",), lambda c: c.files.paste_mask(), enabled=is_editable),
    Action("save", "file", QT_TRANSLATE_NOOP("Action", "Save"),
           QT_TRANSLATE_NOOP("Action", "Write a mask back to its file, or keep the layers in .meticulous."),
           "save", ("Ctrl+S",), lambda c: c.files.save(), enabled=has_photo, starts_section=True),
    Action("save_in", "file", QT_TRANSLATE_NOOP("Action", "Save the layers in…"),
           QT_TRANSLATE_NOOP("Action", "Keep all layers in a folder of your choice."),
           "", ("Ctrl+Shift+S",), lambda c: c.files.save_in_dialog(), enabled=has_photo),
    Action("export", "file", QT_TRANSLATE_NOOP("Action", "Export the cut-out"),
           QT_TRANSLATE_NOOP("Action", "Write the cut-out beside the photo: a PNG, or as your preset says."),
           "export", ("Ctrl+E",), lambda c: c.files.export_beside(), enabled=has_photo, starts_section=True),
    Action("export_as", "file", QT_TRANSLATE_NOOP("Action", "Export as…"),
           QT_TRANSLATE_NOOP("Action", "Choose the place, the format and what is written."),
           "", ("Ctrl+Shift+E",), lambda c: c.files.export_dialog(), enabled=has_photo),
    Action("quit", "file", QT_TRANSLATE_NOOP("Action", "Quit"),
           QT_TRANSLATE_NOOP("Action", "Close the program; it asks before work is lost."),
           "", ("Ctrl+Q",), lambda c: c.files.quit(), starts_section=True),
)
