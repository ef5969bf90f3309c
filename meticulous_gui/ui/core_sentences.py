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
    # Around another sentence, which is translated by itself; before those, or their places would take it in.
    QT_TRANSLATE_NOOP("Sentences", "The background cannot be used: {why}"),
    # Networks.
    QT_TRANSLATE_NOOP("Sentences", "No object was found."),
    QT_TRANSLATE_NOOP("Sentences", "There is no edge of the mask in this region, so nothing was changed."),
    QT_TRANSLATE_NOOP("Sentences", "Every pixel here was set by hand, so nothing was changed."),
    QT_TRANSLATE_NOOP("Sentences", "This was set by hand, so only the clicked spot was changed."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "In places the network saw another object than the mask; there the mask was left as it was. "
        "If it is wrong there, correct it and refine again.",
    ),
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
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is damaged (it starts as a picture and its header ends early); "
        "copy it again from where it came from.",
    ),
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
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is {kind}, not a photo; open a JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF or PSD "
        "file.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is not a photo (it starts with the bytes {start}); open a JPEG, PNG, WebP, TIFF, "
        "HEIC, AVIF, BMP, GIF or PSD file.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is damaged or a kind of {kind} that cannot be read here; save it as a flat RGB "
        "picture of 8 or 16 bits, or copy it again.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "a PDF document"),
    QT_TRANSLATE_NOOP("Sentences", "a PostScript file"),
    QT_TRANSLATE_NOOP("Sentences", "a ZIP archive or an office document"),
    QT_TRANSLATE_NOOP("Sentences", "a gzip archive"),
    QT_TRANSLATE_NOOP("Sentences", "an SVG drawing"),
    QT_TRANSLATE_NOOP("Sentences", "an XML or SVG file"),
    QT_TRANSLATE_NOOP("Sentences", "a GIMP file"),
    QT_TRANSLATE_NOOP("Sentences", "an OpenEXR file"),
    QT_TRANSLATE_NOOP("Sentences", "a video"),
    QT_TRANSLATE_NOOP("Sentences", 'text ("{start}...")'),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} holds layers but no flattened picture; save it in Photoshop with “Maximize "
        "Compatibility” on, or flat as TIFF.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is a camera's raw file ({suffix}); install what develops them with pip install "
        '"meticulous-gui[raw]", or develop it to TIFF or JPEG and open that.',
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} cannot be developed ({why}): it is damaged or of a camera that is not known here; "
        "develop it to TIFF or JPEG elsewhere, or copy it again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} holds floating point values, which have no fixed white; save it as a 16-bit TIFF or "
        "PNG and open that.",
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
    QT_TRANSLATE_NOOP("Sentences", "“{layer}” is locked; unlock it in the list of layers to change it."),
    QT_TRANSLATE_NOOP(
        "Sentences", "“{layer}” is the lowest layer; there is nothing below to merge it into."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} holds no annotations that are known here; LabelMe and COCO are."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is no JSON ({why}); write it anew."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} is for a photo of {old_width} x {old_height} px and {name} has {width} x {height} "
        "px; open the photo that it was made for.",
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
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} was not written: {place} is a file, not a folder; move it or choose another folder.",
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
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} was not written ({why}); check the disk or choose another folder."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} is a folder; choose a file name inside it."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is a file, not a folder; move it or choose another folder."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} was not written: WebP holds at most {most} px a side and the cut-out of {name} is "
        "{width} x {height} px; export as PNG.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The result would be {width} x {height} px, more than {most} px a side; choose less padding "
        "or a smaller size.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "The name pattern {pattern} gives an empty name; write {name} in it."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The name pattern {pattern} holds {unknown}; only {name} and {counter} are known."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{one} and {other} would be written to one file; rename one, or choose COCO, which has one "
        "for all photos.",
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
            places = {name: spoken(text) for name, text in found.groupdict().items()}
            return QCoreApplication.translate("Sentences", template).format(**places)
    return sentence


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what each sentence looks like with its places filled in."""
    return tuple(
        (template, re.compile(_PLACE.sub(r"(?P<\1>.*?)", re.escape(template)), re.DOTALL))
        for template in SENTENCES
    )
