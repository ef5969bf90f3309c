"""The layers of a photo in `.meticulous/` beside it: mask PNGs and one JSON, readable without this program.

`dog.jpg` has `.meticulous/dog.jpg.json`, which names its masks. A mask's file name holds a digest of its
content, so a save writes new files, then the JSON, then removes what nothing names any more: whenever
the power goes, either the old or the new state is there whole. What another window has saved meanwhile is not
overwritten but kept as `dog.jpg.json.old`, with its masks.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from meticulous_gui.core.disk_version import DiskVersion
from meticulous_gui.core.errors import ExportError, MeticulousError
from meticulous_gui.core.files import (
    ensure_folder,
    json_bytes,
    next_free_path,
    removed_on_failure,
    stamp_of,
    write_bytes,
)
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.locks import alone
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.project_index import (
    FORMAT,
    VERSION,
    digest_of_file,
    has_saved_layers,
    index_path_of,
    index_paths,
    names_in,
    read_index,
)
from meticulous_gui.core.project_layer import read_layer, write_layer

if TYPE_CHECKING:
    from meticulous_gui.core.document import Document

__all__ = [
    "Saved",
    "SavedLayers",
    "SavedPhoto",
    "copy_layers",
    "load_layers",
    "note_annotations",
    "prepare_save",
    "saved_photos",
]

_LOCK_NAME: Final = ".layers.lock"
_PATIENCE_S: Final = 30.0
"""Another window that saves needs seconds at most."""


@dataclass(frozen=True)
class SavedLayers:
    """What was found beside a photo.

    Attributes:
        layers: the lowest first; empty where nothing could be used.
        active_id: the layer that was active, None where unknown.
        notes: sentences that a person should know.
        version: a digest of the JSON, None where there was none or it could not be read, "" where that is
            true of a layer: the next save does not replace it.
        annotations: which file of annotations they agree with, as it was kept with them; unchecked.
    """

    layers: tuple[Layer, ...] = ()
    active_id: int | None = None
    notes: tuple[str, ...] = field(default=())
    version: str | None = None
    annotations: object = None


@dataclass(frozen=True)
class Saved:
    """What a save wrote.

    Attributes:
        index: the JSON file.
        notes: sentences that a person should know.
    """

    index: Path
    notes: tuple[str, ...]


def copy_layers(document: Document) -> tuple[Layer, ...]:
    """Return the layers as they are now, so that another thread can write them while a person goes on."""
    return tuple(layer.copy() for layer in document.layers)


def prepare_save(document: Document, folder: Path | None = None) -> Callable[[], Saved]:
    """Return the work of writing the layers of a document as they are now, for another thread.

    It does not mark the document as saved. Any other version of the files than the document knows of is kept
    under another name.

    Args:
        document: its photo needs a file, or ``folder`` must be given.
        folder: where to; `.meticulous` beside the photo without one.

    Returns:
        The work. It raises ExportError, one sentence, where the folder cannot be written; what was saved
        before is untouched then. Where a newer state is saved before it runs, it does nothing.
    """
    photo, layers, active_id = document.photo, copy_layers(document), document.active.id
    on_disk, revision = document.on_disk, document.revision
    return lambda: _save(photo, layers, active_id, folder, on_disk=on_disk, revision=revision)


def _save(
    photo: Photo,
    layers: Sequence[Layer],
    active_id: int,
    folder: Path | None,
    *,
    on_disk: DiskVersion,
    revision: int,
) -> Saved:
    index_path = index_path_of(photo, folder)
    if index_path is None:
        raise ExportError(f"{photo.name} has no file of its own yet; choose a folder for its layers.")
    place = index_path.parent
    if folder is None and not place.parent.is_dir():  # saving must not bring a lost folder back
        raise ExportError(f"The folder {place.parent} is gone; {photo.name} was not saved.")
    height, width = photo.size_hw
    index = {
        "format": FORMAT,
        "version": VERSION,
        "photo": {
            "name": photo.name,
            "width": width,
            "height": height,
            "sha256": _digest_of_photo(photo, on_disk),
        },
        "active": active_id,
    }
    # The masks too are written under the lock: a save of other content removes those that only it needs.
    with on_disk.lock:
        if revision < on_disk.revision:
            return Saved(index_path, ())
        ensure_folder(place)
        with alone(place / _LOCK_NAME, _PATIENCE_S), removed_on_failure() as fresh:
            entries = [write_layer(place, photo.name, layer, fresh) for layer in layers]
            kept = {entry[key] for entry in entries for key in ("mask", "decided")}
            index["layers"] = entries
            if on_disk.annotations is not None:
                index["annotations"] = on_disk.annotations
            content = json_bytes(index, indent=2)
            notes = _replace_index(index_path, content, photo, kept, on_disk)
        on_disk.revision = revision
    return Saved(index_path, notes)


def _digest_of_photo(photo: Photo, on_disk: DiskVersion) -> str | None:
    """Return the digest of the file that layers belong to; "", which none has, where it is another by now."""
    if photo.path is None:
        return None
    with contextlib.suppress(OSError):  # a photo that was moved is another matter
        if on_disk.photo not in (None, stamp_of(photo.path)):
            return ""
    return digest_of_file(photo.path)


def note_annotations(
    photo: Photo, folder: Path | None, record: Mapping[str, Any], *, on_disk: DiskVersion
) -> None:
    """Keep with the saved layers of a photo, if there are any, which file of annotations they agree with.

    Args:
        photo: whose.
        folder: where they were saved to; `.meticulous` beside the photo without one.
        record: JSON values.
        on_disk: what the document knows of its files. Layers that were saved elsewhere meanwhile get no note.

    Raises:
        ExportError: one sentence; the folder cannot be written.
    """
    index_path = index_path_of(photo, folder)
    with on_disk.lock:
        on_disk.annotations = dict(record)
        if index_path is None or on_disk.value is None:
            return
        with alone(index_path.with_name(_LOCK_NAME), _PATIENCE_S):
            if digest_of_file(index_path) != on_disk.value:
                return
            content = json_bytes(read_index(index_path) | {"annotations": on_disk.annotations}, indent=2)
            write_bytes(index_path, content)
            on_disk.value = hashlib.sha256(content).hexdigest()


def _replace_index(
    index_path: Path, content: bytes, photo: Photo, kept: set[str], on_disk: DiskVersion
) -> tuple[str, ...]:
    """Write a JSON and remove the masks that nothing names any more; return what a person should know."""
    before, found = names_in(index_path, photo.size_hw), digest_of_file(index_path)
    version, notes, aside = hashlib.sha256(content).hexdigest(), list[str](), None
    if found is not None and (before is None or found not in (on_disk.value, version)):
        # Not ours, of a photo of another size, or more than what we know: kept instead of overwritten.
        aside = _set_aside(index_path)
        if before is not None:
            why = "could not all be read" if on_disk.value == "" else "were saved elsewhere meanwhile"
            notes.append(f"The layers of {photo.name} {why}; those are in {aside}.")
    try:
        write_bytes(index_path, content)
    except BaseException:
        if aside is not None:
            aside.rename(index_path)
        raise
    on_disk.value = version
    for path in index_path.parent.glob(f"{glob.escape(index_path.name)}*.old"):
        kept = kept | (names_in(path, photo.size_hw) or set())
    for name in (before or set()) - kept:
        with contextlib.suppress(OSError):  # a left-over mask harms nobody
            (index_path.parent / name).unlink()
    return tuple(notes)


def load_layers(photo: Photo, folder: Path | None = None) -> SavedLayers | None:
    """Return the layers saved for a photo, None where there are none.

    Damage is told in the notes and never raised: the photo opens in any case, and the files stay. What
    another window saves meanwhile is read instead.

    Args:
        photo: whose layers.
        folder: where they were saved to; `.meticulous` beside the photo without one.
    """
    index_path = index_path_of(photo, folder)
    if index_path is None or not has_saved_layers(photo, folder):
        return None
    while True:
        version = digest_of_file(index_path)
        saved = _load(index_path, photo, version)
        if digest_of_file(index_path) == version:
            return saved


def _load(index_path: Path, photo: Photo, version: str | None) -> SavedLayers | None:
    try:
        index = read_index(index_path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return SavedLayers(
            notes=(f"The saved layers in {index_path} cannot be read ({error}); they are left alone.",)
        )
    height, width = photo.size_hw
    saved_hw = (index["photo"].get("height"), index["photo"].get("width"))
    if saved_hw != (height, width):
        return SavedLayers(
            notes=(
                f"The layers in {index_path} belong to a photo of {saved_hw[1]} x {saved_hw[0]} px and "
                f"{photo.name} is {width} x {height} px; they are left alone.",
            )
        )
    notes = []
    if index["photo"].get("sha256") not in (None, digest_of_file(photo.path)):
        notes.append(f"{photo.name} was changed after its layers were saved; check that they still fit.")
    layers, problems = _layers_in(index_path, index, photo.size_hw)
    known = "" if problems else version
    return SavedLayers(layers, index.get("active"), (*notes, *problems), known, index.get("annotations"))


@dataclass(frozen=True)
class SavedPhoto:
    """A photo whose layers lie in a folder, without the photo itself.

    Attributes:
        name: of its file.
        size_hw: as it was when they were saved, upright.
        saved: its layers, and what of them is damaged.
    """

    name: str
    size_hw: tuple[int, int]
    saved: SavedLayers


def saved_photos(folder: Path) -> Iterator[SavedPhoto]:
    """Yield every photo whose layers were saved in a folder, by name, read one by one.

    Args:
        folder: `.meticulous` beside the photos, or where else their layers are kept.
    """
    for path in index_paths(folder):
        try:
            index = read_index(path)
            size_hw = int(index["photo"]["height"]), int(index["photo"]["width"])
            name = str(index["photo"]["name"])
        except (OSError, ValueError, TypeError, KeyError, OverflowError) as error:
            note = f"The saved layers in {path} cannot be read ({error}); they are left out."
            yield SavedPhoto(path.stem, (0, 0), SavedLayers(notes=(note,)))
            continue
        layers, notes = _layers_in(path, index, size_hw)
        yield SavedPhoto(name, size_hw, SavedLayers(layers, index.get("active"), tuple(notes)))


def _layers_in(
    index_path: Path, index: Mapping[str, Any], size_hw: tuple[int, int]
) -> tuple[tuple[Layer, ...], list[str]]:
    """Return the layers that a JSON names, and a sentence for each that is damaged."""
    layers: list[Layer] = []
    notes: list[str] = []
    for entry in index["layers"]:
        try:
            used = {layer.id for layer in layers}
            layers.append(read_layer(index_path.parent, entry, size_hw, used=used))
        except (MeticulousError, ValueError, TypeError, KeyError, OverflowError) as error:
            name = entry.get("name", "?") if isinstance(entry, Mapping) else "?"
            notes.append(
                f"The saved layer “{name}” in {index_path} cannot be read ({error}); it is left out."
            )
    return tuple(layers), notes


def _set_aside(index_path: Path) -> Path:
    aside = next_free_path(index_path.with_name(f"{index_path.name}.old"))
    try:
        index_path.rename(aside)
    except OSError as error:
        raise ExportError(
            f"{index_path} is of another photo and cannot be renamed ({error.strerror}); move it."
        ) from error
    return aside
