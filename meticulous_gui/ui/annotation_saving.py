"""Annotations out of the window: of the open photo, or of every photo whose layers are kept beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.annotation import Annotated, annotated, refuse_twins
from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.project import copy_layers, saved_photos
from meticulous_gui.core.project_index import saved_names
from meticulous_gui.core.recipe import Recipe

if TYPE_CHECKING:
    from meticulous_gui.ui.saving import Saving
    from meticulous_gui.ui.session import Session


@dataclass(frozen=True)
class _Open:
    """The open photo as it is now, saved or not."""

    name: str
    size_hw: tuple[int, int]
    layers: Sequence[Layer]
    active_id: int


class AnnotationSaving:
    """Writes annotations in the executor; what a format could not hold is said in the bar."""

    def __init__(self, session: Session, saving: Saving) -> None:
        self._session = session
        self._saving = saving

    def export(self, target: Path, recipe: Recipe, *, layers_folder: Path | None = None) -> None:
        """Write annotations to a file or a folder that the person chose.

        Args:
            target: where to, as the format wants it.
            recipe: which format, and how.
            layers_folder: write every photo whose layers are kept there; without it the open one alone.
        """
        document = self._session.document
        if document is None:
            return
        sentence = QCoreApplication.translate(
            "AnnotationSaving",
            "The edge is still being worked on; the annotations are written when it is done.",
        )
        self._saving.export_when_finished(
            lambda: self._write(document, target, recipe, layers_folder), key=target, sentence=sentence
        )

    def _write(self, document: Document, target: Path, recipe: Recipe, layers_folder: Path | None) -> None:
        now, path = _snapshot(document), document.photo.path
        exporter = ANNOTATION_EXPORTERS[recipe.format]
        notes: list[str] = []
        names: list[str] = []

        def write() -> tuple[str, ...]:
            if layers_folder is not None and not exporter.suffixes:
                refuse_twins([now.name, *saved_names(layers_folder)])  # before anything is written
            pictures = _pictures(now, layers_folder, has_all=recipe.has_all_layers, notes=notes)
            return exporter.write(_named(pictures, names), target, recipe)

        def done(lost: tuple[str, ...]) -> None:
            self._saving.exported.emit(target)
            if path is not None:
                for name in names:
                    self._saving.photo_exported.emit(path.with_name(name), target)
            for note in (*notes, *lost):
                self._session.message(note, kind="warning")

        self._saving.run_export(write, done)


def _named(pictures: Iterator[Annotated], names: list[str]) -> Iterator[Annotated]:
    """Yield photos and note their names."""
    for picture in pictures:
        names.append(picture.file_name)
        yield picture


def _snapshot(document: Document) -> _Open:
    return _Open(document.photo.name, document.photo.size_hw, copy_layers(document), document.active.id)


def _pictures(
    now: _Open, layers_folder: Path | None, *, has_all: bool, notes: list[str]
) -> Iterator[Annotated]:
    """Yield the photos to write; those of a folder one by one, the open one as it is now."""

    def open_one() -> Annotated:
        return annotated(now.name, now.size_hw, now.layers, active_id=None if has_all else now.active_id)

    if layers_folder is None:
        yield open_one()
        return
    is_there = False
    for photo in saved_photos(layers_folder):
        if photo.name == now.name:
            is_there = True
            yield open_one()
            continue
        notes.extend(photo.saved.notes)
        if photo.saved.layers:
            active = None if has_all else photo.saved.active_id
            yield annotated(photo.name, photo.size_hw, photo.saved.layers, active_id=active)
    if not is_there:
        yield open_one()
