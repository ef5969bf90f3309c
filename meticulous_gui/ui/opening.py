"""How a file becomes an open document: work for the executor, without Qt and without state."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.annotation_back import objects_of_layers, record_of
from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import PhotoError
from meticulous_gui.core.files import is_folder, stamp_of
from meticulous_gui.core.history import DEFAULT_BUDGET_BYTES
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_file import MaskFile
from meticulous_gui.core.mask_pairs import PairedMask, layers_in, read_paired_mask
from meticulous_gui.core.natural_order import natural_key
from meticulous_gui.core.photo import (
    PHOTO_SUFFIXES,
    DecodeLimits,
    Photo,
    Preview,
    has_quick_preview,
    load_photo,
    load_preview,
)
from meticulous_gui.core.photo_states import results_among
from meticulous_gui.core.project import SavedLayers, load_layers
from meticulous_gui.core.recovery import RecoveredWork
from meticulous_gui.ui.scenery import Scenery

if TYPE_CHECKING:
    from meticulous_gui.engine.jobs import PhotoRef
    from meticulous_gui.ui.wish import Outcome
    from meticulous_gui.ui.work import Run

PREVIEW_FROM_BYTES = 1_000_000
"""Below this a JPEG is decoded whole about as fast as reduced."""


@dataclass(frozen=True)
class HeadStart:
    """What was done for a photo before it was opened.

    Attributes:
        photo: its name at the runner.
        run: the search for its object that still runs, None without one.
        outcome: how the search ended, None where it has not gone to its end.
    """

    photo: PhotoRef
    run: Run | None = None
    outcome: Outcome | None = None

    @property
    def has_begun(self) -> bool:
        """Whether the object is being looked for, or was found, or is not there."""
        return self.run is not None or self.outcome is not None


@dataclass(frozen=True)
class Opened:
    """A photo that is ready to be worked on.

    Attributes:
        has_saved_layers: whether the layers come from an earlier session.
        notes: sentences the person should read.
        head_start: what networks have done already, None where they have not begun.
        paired: the mask file that belongs to the photo; the document has its layers unless others were saved.
        in_mask: the paired mask as it is to be read, and the layers that it holds by their values; None where
            there is none, and where the layers that were saved are others.
        annotated: which object of the paired annotations each layer is, by the layer's id; None where there
            are none, and where the layers that were saved differ from them.
    """

    document: Document
    scenery: Scenery
    has_saved_layers: bool
    notes: tuple[str, ...] = ()
    head_start: HeadStart | None = None
    paired: PairedMask | None = None
    in_mask: tuple[MaskFile, dict[int, Layer]] | None = None
    annotated: dict[int, int] | None = None

    @property
    def wants_mask(self) -> bool:
        """Whether nothing says yet what the object is."""
        has_begun = self.head_start is not None and self.head_start.has_begun
        return not (has_begun or self.has_saved_layers or self.document.photo.alpha is not None)


def read_preview(path: Path, limits: DecodeLimits) -> Preview | None:
    """Return a quick first picture of a large JPEG; None where it would not come sooner than the whole."""
    try:
        is_large = path.stat().st_size >= PREVIEW_FROM_BYTES
    except OSError:  # reading the whole says what is wrong
        return None
    if not is_large or not has_quick_preview(path):
        return None
    return load_preview(path, limits=limits)


def open_file(
    path: Path,
    limits: DecodeLimits,
    *,
    layers_folder: Path | None = None,
    mask: Path | None = None,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> Opened:
    """Read a photo and the layers saved with it, or the mask that belongs to it.

    Raises:
        PhotoError: one sentence; the photo cannot be read.
    """
    stamp = None
    with contextlib.suppress(OSError):  # reading it says what is wrong
        stamp = stamp_of(path)
    photo = load_photo(path, limits)
    paired = read_paired_mask(photo, mask, limits) if mask is not None else None
    opened = open_photo(photo, layers_folder=layers_folder, paired=paired, budget_bytes=budget_bytes)
    opened.document.on_disk.photo = stamp
    return opened


def open_photo(
    photo: Photo,
    *,
    layers_folder: Path | None = None,
    paired: PairedMask | None = None,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> Opened:
    """Make a document of a photo in memory, with the layers saved beside its file if there are any."""
    saved = load_layers(photo, layers_folder) if photo.path is not None else None
    layers: Sequence[Layer] = saved.layers if saved else ()
    mask = paired.mask if paired is not None else None
    in_mask = layers_in(mask, layers) if mask is not None and layers else None
    if paired is not None and not layers:
        layers = list(paired.layers.values())
        in_mask = None if mask is None else (mask, paired.layers)
    document = Document(photo, layers=layers, budget_bytes=budget_bytes, layer_name=_layer_name())
    _choose_layer(document, saved.active_id if saved else None)
    document.on_disk.value = saved.version if saved else None
    notes = [*photo.notes, *(saved.notes if saved else ())]
    if paired is not None and paired.note:
        notes.append(paired.note)
    return Opened(
        document,
        Scenery(document),
        has_saved_layers=bool(layers),
        notes=tuple(notes),
        paired=paired,
        in_mask=in_mask,
        annotated=_objects_of(document, paired, saved),
    )


def _objects_of(
    document: Document, paired: PairedMask | None, saved: SavedLayers | None
) -> dict[int, int] | None:
    """Return which object of its annotations each layer of a document is, and note it for the next save."""
    found = paired.annotations if paired is not None else None
    if paired is None or found is None:
        return None
    if saved is not None and saved.layers:
        objects = objects_of_layers(found, document.layers, saved.annotations)
    else:
        objects = {layer.id: index for index, layer in paired.layers.items()}
    if objects is not None:
        document.on_disk.annotations = record_of(found, objects)
    return objects


def open_recovered(work: RecoveredWork) -> Opened:
    """Make a document of work that a crash had interrupted: unsaved, and with everything that led to it."""
    document = Document(work.photo, layers=work.layers, history=work.history, layer_name=_layer_name())
    _choose_layer(document, work.active_id)
    document.unsaved.mark_lost(work.n_unsaved_changes, work.unsaved_since)
    document.on_disk.value = work.on_disk
    return Opened(document, Scenery(document), has_saved_layers=True, notes=work.notes)


def _choose_layer(document: Document, layer_id: int | None) -> None:
    if layer_id is not None and document.has_layer(layer_id):
        document.set_active(layer_id)


def photos_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and of each folder named the photos in it, as people count; nothing is decoded.

    What was written from a photo of the folder is a result, no photo: a folder is listed without it.

    Raises:
        PhotoError: a folder cannot be listed.
    """
    found: list[Path] = []
    for path in paths:
        if not is_folder(path):
            found.append(path)
            continue
        try:
            with os.scandir(path) as entries:
                names = [
                    entry.name
                    for entry in entries
                    if is_photo_name(entry.name) and not entry.is_dir(follow_symlinks=False)
                ]
        except OSError as error:
            why = f"The folder {path} cannot be listed ({error.strerror})"
            raise PhotoError(f"{why}; choose another or change its permissions.") from error
        results = results_among(path, set(names))
        found += [path / name for name in sorted(names, key=natural_key) if name not in results]
    return found


def is_photo_name(name: str) -> bool:
    """Return whether a file of this name may be a photo, by its suffix; hidden files are not."""
    return not name.startswith(".") and name.lower().endswith(tuple(PHOTO_SUFFIXES))


def _layer_name() -> str:
    return QCoreApplication.translate("Layers", "Object {number}")
