"""Everything that leaves the document: exports, the layers kept beside the photo, the clipboard."""

from __future__ import annotations

import io
import itertools
import logging
import math
import os
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Signal

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.export import export_cutout, exporter_for
from meticulous_gui.core.foreground import estimate_foreground
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.photo_states import result_of
from meticulous_gui.core.project import Saved, prepare_save
from meticulous_gui.core.project_index import FOLDER_NAME
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.resample import resize_area
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.ui.own_files import OwnFiles
from meticulous_gui.ui.qimage import qimage_from_rgba
from meticulous_gui.ui.when_finished import WhenFinished

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

log = logging.getLogger(__name__)

Value = TypeVar("Value")

COPY_MAX_PIXELS = 16_000_000
"""A larger picture takes seconds to pack for the clipboard: it is reduced unless full size is asked for."""


def joint_alpha(document: Document) -> Alpha:
    """Return the (H, W) coverage of all visible layers together, a new array: of each pixel the largest."""
    joint = np.zeros(document.photo.size_hw, np.uint8)
    for layer in document.layers:
        if layer.visible:
            np.maximum(joint, layer.alpha, out=joint)
    return joint


def cutout_rgba(rgb: RgbImage, alpha: Alpha, *, max_pixels: int | None = None) -> NDArray[np.uint8]:
    """Return the cut-out with clean edge colours as straight (h, w, 4) uint8 sRGB.

    Args:
        rgb: (H, W, 3) uint8.
        alpha: (H, W) uint8.
        max_pixels: make it smaller where it has more pixels.
    """
    height, width = alpha.shape
    if max_pixels is not None and height * width > max_pixels:
        scale = math.sqrt(max_pixels / (height * width))
        size_hw = max(int(height * scale), 1), max(int(width * scale), 1)
        rgb, alpha = resize_area(rgb, size_hw), resize_area(alpha, size_hw)
    return np.dstack([estimate_foreground(rgb, alpha), alpha])


def clipboard_data(png: bytes, rgba: NDArray[np.uint8] | None) -> QMimeData:
    """Return what goes on the clipboard: PNG bytes first, because other formats lose the transparency.

    Args:
        rgba: the same as pixels, which Qt offers in many formats; None offers PNG only.
    """
    data = QMimeData()
    data.setData("image/png", png)
    if rgba is not None:
        data.setImageData(qimage_from_rgba(rgba))
    return data


class Saving(QObject):
    """Writes what the session holds; the slow part is done in the executor, failures are said in the bar.

    Attributes:
        places: where the layers of photos are kept that are not beside them.
        when_finished: holds back what networks still work on.

    Signals:
        exported: (Path) a file was written.
        photo_exported: (Path, Path) the photo something was written from, and the file.
        saved: the layers are on disk.
        discarded: (Document) the person wants none of its unsaved work.
        copied: (QMimeData) the cut-out is ready for the clipboard.
        exporting_changed: something begins or ends being exported or copied.
        place_wanted: (str, what was refused) the photo's folder cannot be written; ask for another place.
        folder_wanted: (str, what was refused; what to do after saving, or None) ask for a folder.
    """

    exported = Signal(object)
    photo_exported = Signal(object, object)
    saved = Signal()
    discarded = Signal(object)
    copied = Signal(object)
    exporting_changed = Signal()
    place_wanted = Signal(str)
    folder_wanted = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.places = session.places
        self._session = session
        self._own_files = OwnFiles()
        self._layers_folder: Path | None = None
        self._writing: set[Future[Any]] = set()
        self._n_exports = 0
        self._being_saved: list[Document] = []
        self._after_saving: list[Callable[[], object]] = []
        self.when_finished = WhenFinished(session)
        session.document_opened.connect(self._on_document_opened)

    @property
    def layers_folder(self) -> Path | None:
        """Where the layers of the open photo are kept, whether they are there yet or not."""
        document = self._session.document
        path = document.photo.path if document is not None else None
        return self._layers_folder or (path.parent / FOLDER_NAME if path is not None else None)

    @property
    def is_exporting(self) -> bool:
        """Whether something is being exported or copied just now."""
        return self._n_exports > 0

    def save_layers(self, folder: Path | None = None, then: Callable[[], None] | None = None) -> None:
        """Keep all layers beside the photo, or in a folder that the person picked.

        Args:
            folder: where; without one where they were kept before, else `.meticulous` beside the photo.
            then: what to do when they are safe.
        """
        document = self._session.document
        if document is None:
            return
        photo, place = document.photo, folder or self._layers_folder
        if place is None and photo.path is None:
            sentence = self.tr("{name} has no file of its own yet; choose a folder for its layers.")
            self.folder_wanted.emit(sentence.format(name=photo.name), then)
            return
        write, revision = prepare_save(document, place), document.revision

        def done(saved: Saved) -> None:
            is_open = document is self._session.document
            if folder is not None:
                self.places.note(photo.path, folder)
                self._layers_folder = folder if is_open else self._layers_folder
            if is_open and document.revision == revision:
                document.unsaved.mark_saved()
            sentence = self.tr("The layers of {name} are kept in {folder}.")
            self._session.message(sentence.format(name=photo.name, folder=saved.index.parent), topic="save")
            for note in saved.notes:
                self._session.message(note, kind="warning")
            self.saved.emit()
            if then is not None and is_open and document.revision != revision:
                self.save_layers(folder, then)  # what was painted meanwhile is to be safe, too
            elif then is not None:
                then()

        def failed(error: MeticulousError) -> None:
            if document is self._session.document and not self._after_saving:
                self.folder_wanted.emit(str(error), then)
            else:  # who leaves is asked; and another folder would get the layers of the photo open now
                self._session.message(str(error), kind="error", topic="save")

        self.run_save(document, write, done, failed)

    def run_save(
        self,
        document: Document,
        write: Callable[[], Value],
        done: Callable[[Value], None],
        failed: Callable[[MeticulousError], None],
    ) -> Future[Value]:
        """Save a document in the executor; the program does not leave before the end, see also `rests`."""

        def ends(tell: Callable[[Any], None]) -> Callable[[Any], None]:
            def end(answer: Any) -> None:
                self._being_saved.remove(document)
                tell(answer)
                waiting, self._after_saving = self._after_saving, []
                for then in waiting:
                    then()

            return end

        self._being_saved.append(document)
        writing = self._session.background.run(write, ends(done), ends(failed))
        self.track(writing)
        return writing

    def rests(self, then: Callable[[], object]) -> bool:
        """Return whether the open document is not being saved; else `then` is called when that has ended."""
        is_resting = not any(document is self._session.document for document in self._being_saved)
        if not is_resting:
            self._after_saving.append(then)
        return is_resting

    def export_beside(self) -> None:
        """Write the cut-out beside the photo, under its usual name."""
        document = self._document_with_mask("export")
        if document is None:
            return
        path = document.photo.path
        if path is None:
            self.place_wanted.emit(self.tr("This picture has no file of its own yet."))
            return
        if not os.access(path.parent, os.W_OK):
            sentence = self.tr("The folder {folder} cannot be written; choose another place.")
            self.place_wanted.emit(sentence.format(folder=path.parent))
            return
        recipe, own = self._session.settings.usual_recipe, self._own_files

        def named(counter: int) -> Path:
            suffix = exporter_for(recipe.format).suffixes[0]
            return path.with_name(recipe.file_stem(path.stem, counter=counter) + suffix)

        def target() -> Path:
            counts = "{counter}" in recipe.name
            return own.first(map(named, itertools.count(1))) if counts else own.target(named(1))

        try:
            named(1)
        except MeticulousError as error:  # a slip in the settings file
            self._session.message(str(error), kind="error", topic="export")
            return
        self._export(document, target, recipe)

    def export_to(self, path: Path, recipe: Recipe) -> None:
        """Write to a place the person chose; an existing file there is replaced."""
        document = self._document_with_mask("export")
        if document is not None:
            self._export(document, lambda: path, recipe, key=path)

    def _export(
        self, document: Document, target: Callable[[], Path], recipe: Recipe, *, key: object = "beside"
    ) -> None:
        own = self._own_files
        self.export_when_finished(
            lambda: self._write(document, target, recipe, own),
            key=key,
            sentence=self.tr("The edge is still being worked on; the cut-out is written when it is done."),
        )

    def export_when_finished(self, act: Callable[[], None], *, key: object, sentence: str) -> None:
        """Export something as soon as the mask is finished; see `WhenFinished.do`."""
        at_once = self.tr("Write it now")
        self.when_finished.do(act, key=key, sentence=sentence, at_once=at_once, topic="export")

    def run_export(self, write: Callable[[], Value], done: Callable[[Value], None]) -> None:
        """Write in the executor: a failure is said, and the program does not leave before the end."""

        def failed(error: MeticulousError) -> None:
            self._session.message(str(error), kind="error", topic="export")

        self.track(self._run(write, done, failed))

    def _run(
        self,
        write: Callable[[], Value],
        done: Callable[[Value], None],
        failed: Callable[[MeticulousError], None],
    ) -> Future[Value]:
        """Do slow work for the person in the executor; the window says that something is being written."""

        def ends(tell: Callable[[Any], None]) -> Callable[[Any], None]:
            def end(answer: Any) -> None:
                self._n_exports -= 1
                self.exporting_changed.emit()
                tell(answer)

            return end

        self._n_exports += 1
        self.exporting_changed.emit()
        return self._session.background.run(write, ends(done), ends(failed))

    def _write(self, document: Document, target: Callable[[], Path], recipe: Recipe, own: OwnFiles) -> None:
        if not self._has_mask(document, "export"):
            return
        alpha, photo = joint_alpha(document), document.photo
        keeps_location = self._session.settings.export.keeps_location

        def write() -> Path:
            path = target()
            with result_of(photo.path, path):
                export_cutout(photo, alpha, path, recipe, keeps_location=keeps_location)
            own.note(path)
            return path

        def done(path: Path) -> None:
            self.exported.emit(path)
            if photo.path is not None:
                self.photo_exported.emit(photo.path, path)

        self.run_export(write, done)

    def track(self, writing: Future[Any]) -> None:
        """Let the program wait for a file under way before it leaves."""
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    def wait_until_written(self) -> None:
        """Wait for files under way: the program leaves, and what was asked for shall be on disk."""
        for writing in wait(list(self._writing)).done:
            if writing.exception() is not None:
                log.error("a file could not be written while the program left: %s", writing.exception())

    def copy(self, *, is_full_size: bool = False) -> None:
        """Put the cut-out on the clipboard."""
        document = self._document_with_mask("copy")
        if document is not None:
            self.when_finished.do(
                lambda: self._copy(document, is_full_size=is_full_size),
                key="copy",
                sentence=self.tr("The edge is still being worked on; the cut-out is copied when it is done."),
                at_once=self.tr("Copy it now"),
                topic="copy",
            )

    def _copy(self, document: Document, *, is_full_size: bool) -> None:
        if not self._has_mask(document, "copy"):
            return
        rgb, alpha = document.photo.rgb, joint_alpha(document)
        max_pixels = None if is_full_size else COPY_MAX_PIXELS

        def pack() -> tuple[bytes, NDArray[np.uint8]]:
            rgba = cutout_rgba(rgb, alpha, max_pixels=max_pixels)
            stream = io.BytesIO()
            write_png(stream, rgba)
            return stream.getvalue(), rgba

        def hand_over(packed: tuple[bytes, NDArray[np.uint8]]) -> None:
            png_only = self._session.settings.export.copies_png_only
            self.copied.emit(clipboard_data(packed[0], None if png_only else packed[1]))
            full = document.photo.size_hw
            if packed[1].shape[:2] == full:
                self._session.message(self.tr("The cut-out is on the clipboard."), topic="copy")
            else:
                sentence = self.tr("The cut-out is on the clipboard, reduced to {width} × {height} pixels.")
                self._session.message(
                    sentence.format(width=packed[1].shape[1], height=packed[1].shape[0]), topic="copy"
                )

        def failed(error: MeticulousError) -> None:
            self._session.message(str(error), kind="error", topic="copy")

        self._run(pack, hand_over, failed)

    def _document_with_mask(self, topic: str) -> Document | None:
        """Return the document if it has a mask, or will have one; else say that there is none."""
        document, is_coming = self._session.document, self._session.work.is_changing_the_mask
        if document is None or not (is_coming or self._has_mask(document, topic)):
            return None
        return document

    def _has_mask(self, document: Document, topic: str) -> bool:
        """Return whether there is anything to cut out; else say that there is not."""
        has_mask = any(layer.visible and layer.alpha.any() for layer in document.layers)
        if not has_mask:
            sentence = self.tr("There is nothing to cut out yet: the mask is empty or hidden.")
            self._session.message(sentence, kind="warning", topic=topic)
        return has_mask

    def _on_document_opened(self) -> None:
        self._own_files = OwnFiles()
        document = self._session.document
        path = document.photo.path if document is not None else None
        self._layers_folder = self.places.folder_of(path)
