"""What core and engine say, in the person's language: they are without Qt and say it in English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

__all__ = ["SENTENCES", "spoken"]

# What a person meets at work; what only a damaged installation says stays in English.
SENTENCES: Final = (
    # Networks.
    QT_TRANSLATE_NOOP("Sentences", "No object was found."),
    QT_TRANSLATE_NOOP("Sentences", "There is no edge of the mask in this region, so nothing was changed."),
    QT_TRANSLATE_NOOP("Sentences", "Every pixel here was set by hand, so nothing was changed."),
    QT_TRANSLATE_NOOP("Sentences", "This was set by hand, so only the clicked spot was changed."),
    QT_TRANSLATE_NOOP("Sentences", "{count} of {total} patches contradicted the mask and were left out."),
    QT_TRANSLATE_NOOP("Sentences", "The network found nothing here; only the clicked spots are selected."),
    QT_TRANSLATE_NOOP("Sentences", "This part belongs to a locked layer; unlock it to click there."),
    QT_TRANSLATE_NOOP("Sentences", "There is such a click on this pixel already."),
    QT_TRANSLATE_NOOP("Sentences", "The click has only one reading."),
    QT_TRANSLATE_NOOP("Sentences", "There is nothing to undo."),
    QT_TRANSLATE_NOOP("Sentences", "There is nothing to redo."),
    QT_TRANSLATE_NOOP("Sentences", "Memory ran out; going on with {count} at a time."),
    QT_TRANSLATE_NOOP("Sentences", "The graphics card's memory ran out; going on with the processor."),
    QT_TRANSLATE_NOOP("Sentences", "Memory ran out; your mask is unchanged. Try a smaller region."),
    QT_TRANSLATE_NOOP("Sentences", "The device {device} is not available here; use auto or cpu."),
    # Photos.
    QT_TRANSLATE_NOOP("Sentences", "{path} does not exist; check its name and folder."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is damaged ({why}); copy it again from where it came from."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is cut short ({why}); copy it again from where it came from."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is empty (0 bytes); copy it again from where it came from."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} may not be read (permission denied); allow it or copy the file elsewhere."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} needs more memory than this machine has free; close other programs or shrink the photo.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} is a folder, not a photo; open a photo inside it."),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be read ({why}); check the disk or copy it elsewhere."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is {width} x {height} px ({megapixels} megapixels), beyond the limit of {side} px a side "
        "and {most} megapixels; shrink it, or raise max_side_px and max_megapixels under [decode] in "
        "the settings.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{name} holds {count} pictures; the first one is used."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{name} is CMYK without a colour profile; its colours are an approximation."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The colour profile of {name} is damaged or of another kind of picture; it was left out.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "The EXIF data of {name} is damaged and was left out."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} holds colours ({kind}) and no transparency, so it is not clear what is inside; "
        "save the mask as grey or as an alpha channel.",
    ),
    # Layers and unsaved work.
    QT_TRANSLATE_NOOP(
        "Sentences", "{name} was changed after its layers were saved; check that they still fit."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "The layers of {name} were saved elsewhere meanwhile; those are in {aside}."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The folder {folder} is gone; {name} was not saved."),
    QT_TRANSLATE_NOOP("Sentences", "“{layer}” is the only layer and stays; clear it instead."),
    QT_TRANSLATE_NOOP("Sentences", "The unsaved work on {name} is open in another window; use that one."),
    QT_TRANSLATE_NOOP("Sentences", "“{layer}” is locked; unlock it to merge the two layers."),
    QT_TRANSLATE_NOOP("Sentences", "“{layer}” is hidden; show it to merge the two layers."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The layers in {path} belong to a photo of {old_width} x {old_height} px and {name} is "
        "{width} x {height} px; they are left alone.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The mask {path} is {mask_width} x {mask_height} px and {name} is {width} x {height} px; "
        "it is left alone, drop it on the photo to scale it.",
    ),
    # Results.
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} was not written: the disk is full; free some space or choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} was not written: {folder} may not be written; choose another folder."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} was not written: the folder {folder} does not exist; create it first."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} is write-protected; choose another name or allow writing it."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "A padding of {padding} px leaves no room in {size}; make the padding smaller or the picture larger.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} was not written: the name is too long; choose a shorter one."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "the result of {photo} would replace {path}, which is an input; "
        "choose another place for the results.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "Every layer is hidden; show those that belong into the label map."),
    QT_TRANSLATE_NOOP("Sentences", "{one} and {other} would both write {path}; rename one."),
    QT_TRANSLATE_NOOP("Sentences", "{path} holds no object{why} for {name}; the mask is as it was."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "COCO polygons hold no holes: {count} of {total} objects lost theirs; "
        "export run lengths to keep them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "YOLO holds one ring an object: {count} of {total} have holes or several parts, "
        "which are joined by bridges without width.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Pascal VOC holds one object a pixel: {count} objects cover parts of lower ones."
    ),
)
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def spoken(sentence: str) -> str:
    """Return a sentence of core or engine for people; what is no such sentence comes back as it is."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return QCoreApplication.translate("Sentences", template).format(**found.groupdict())
    return sentence


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what each sentence looks like with its places filled in."""
    return tuple(
        (template, re.compile(_PLACE.sub(r"(?P<\1>.*?)", re.escape(template)), re.DOTALL))
        for template in SENTENCES
    )
