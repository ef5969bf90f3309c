"""Commands that open, save, export, copy and leave; they ask before work is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QMimeData, Qt
from PySide6.QtGui import QClipboard, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.annotation_file import ANNOTATION_SUFFIXES
from meticulous_gui.core.photo import PHOTO_SUFFIXES
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.ui.annotation_files import AnnotationFiles, is_annotation, sorted_out
from meticulous_gui.ui.annotation_saving import AnnotationSaving
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.export import ExportChoice, ExportDialog
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.drops import dropped_picture, pasted_paths
from meticulous_gui.ui.mask_files import MaskFiles
from meticulous_gui.ui.mask_saving import MaskSaving
from meticulous_gui.ui.messages import Message
from meticulous_gui.ui.opening import photos_in
from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.qimage import rgba_from_qimage
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session

SAMPLE = "coffee.png"


class FileCommands:
    """Works on the open document of a session and on the list of photos that were opened together.

    Args:
        parent: the window that dialogs belong to.
        photos: the photos opened together; the window shows where in it we are.
        masks: takes masks from files.
        keeping: what Ctrl+S does.
        leave: closes the window, after work is safe.
        rests: keeps what is open; False where its argument is called later, when that is done.
    """

    def __init__(
        self,
        session: Session,
        saving: Saving,
        photos: PhotoList,
        choices: Choices,
        parent: QWidget,
        *,
        masks: MaskFiles,
        keeping: MaskSaving,
        leave: Callable[[], None],
        rests: Callable[[Callable[[], object]], bool],
    ) -> None:
        self._session = session
        self._saving = saving
        self._masks = masks
        self._keeping = keeping
        self._photos = photos
        self._choices = choices
        self._annotations = AnnotationSaving(session, saving)
        self._parent = parent
        self._leave = leave
        self._rests = rests
        self._annotation_files = AnnotationFiles(
            session, masks, lambda photo: self.open_paths([photo]), self.export_dialog
        )
        saving.place_wanted.connect(self._on_place_wanted)
        saving.folder_wanted.connect(self._on_folder_wanted)
        saving.copied.connect(lambda data: _clipboard().setMimeData(data))

    # --- opening ------------------------------------------------------------------------------------------

    def open_dialog(self) -> None:
        """Let the person choose photos."""
        dialog = QFileDialog(self._parent, QCoreApplication.translate("Commands", "Open a photo"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(self._photo_filters())
        folder = self._folder()
        if folder is not None:
            dialog.setDirectory(str(folder))
        dialog.filesSelected.connect(lambda names: self.open_paths([Path(name) for name in names]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open photos and folders of photos; the first one is shown.

        A photo alone that cannot be read leaves the photos that were opened before as they are.
        """

        def show(found: list[Path]) -> None:
            if len(found) == 1:
                self._session.opener.open_path(found[0], when_read=lambda: self._photos.show(found))
                return
            self._photos.show(found)
            self._session.opener.open_path(found[0])

        def take(found: list[Path]) -> None:
            if found:
                self.unless_unsaved(lambda: show(found))
                return
            sentence = QCoreApplication.translate(
                "Commands", "There are no photos in {folder}; choose a folder with JPEG, PNG or other photos."
            )
            text = sentence.format(folder=paths[0])
            self._session.post(Message(text, "warning", is_of_opening=True))

        # In the background: a folder on a sleeping disk must not hold the window.
        self._session.background.run(lambda: photos_in(paths), take)

    def drop_paths(self, paths: Sequence[Path]) -> None:
        """Open what was dropped; a file that may be a mask of the open photo is asked about.

        A photo and its mask, or its annotations, dropped together, are opened together.
        """
        annotations, others = sorted_out(paths)
        if annotations and not others:
            for path in annotations:
                self._annotation_files.use(path)
        elif len(annotations) == len(others) == 1:
            self._annotation_files.use_with_photo(others[0], annotations[0])
        elif len(paths) == 1 and paths[0].is_file():
            self._masks.offer(paths[0], lambda: self.open_paths(paths))
        elif len(paths) == 2 and all(path.is_file() for path in paths):
            self._masks.sort_pair(
                paths, lambda: self.open_paths(paths), lambda photo: self.open_paths([photo])
            )
        else:
            self.open_paths(others)  # annotations beside their photos are found there

    def open_sample(self) -> None:
        """Open a photo that comes with the program; nothing is written to the program's own folder."""

        def go() -> None:
            self._photos.show([])
            self._session.opener.open_without_file(resource_dir() / "samples" / SAMPLE)

        self.unless_unsaved(go)

    def open_mask_dialog(self) -> None:
        """Let the person choose a mask for the photo."""
        dialog = QFileDialog(self._parent, QCoreApplication.translate("Commands", "Use a mask from a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(self._mask_filters())
        folder = self._folder()
        if folder is not None:
            dialog.setDirectory(str(folder))
        dialog.fileSelected.connect(lambda name: self.use_mask(Path(name)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def use_mask(self, path: Path) -> None:
        """Put a mask, or the objects of annotations, on the open photo."""
        if is_annotation(path):
            self._annotation_files.use(path)
        else:
            self._masks.use(path)

    def paste(self) -> None:
        """Open what lies on the clipboard: files, or a picture."""
        data = _pasted()
        paths = pasted_paths(data)
        picture = dropped_picture(data)
        if paths:
            self.open_paths(paths)
        elif picture is not None:
            self.take_picture(picture)
        else:
            self._say_nothing_to_paste()

    def take_picture(self, picture: QImage) -> None:
        """Open a picture without a file; one that may be a mask of the open photo is asked about."""
        self._masks.offer_pixels(rgba_from_qimage(picture), lambda: self.open_picture(picture))

    def paste_mask(self) -> None:
        """Put the picture or the file that lies on the clipboard on the photo as its mask."""
        data = _pasted()
        paths, picture = pasted_paths(data), dropped_picture(data)
        if paths:
            self.use_mask(paths[0])
        elif picture is None:
            self._say_nothing_to_paste()
        elif not self._masks.use_pixels(rgba_from_qimage(picture)):
            sentence = QCoreApplication.translate(
                "Commands",
                "The picture on the clipboard is no mask: it has colours and is opaque; copy a grey one.",
            )
            self._session.message(sentence, kind="error", topic="paste")

    def _say_nothing_to_paste(self) -> None:
        sentence = QCoreApplication.translate("Commands", "There is no picture on the clipboard.")
        self._session.message(sentence, topic="paste")

    def open_picture(self, picture: QImage) -> None:
        """Open a picture that has no file."""

        def go() -> None:
            self._photos.show([])
            rgba = rgba_from_qimage(picture)
            alpha = np.ascontiguousarray(rgba[:, :, 3])
            is_opaque = bool((alpha == 255).all())
            self._session.opener.open_picture(rgba[:, :, :3], None if is_opaque else alpha)

        self.unless_unsaved(go)

    # --- keeping ------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write a mask back to its file, or keep the layers beside the photo or where they were before."""
        self._keeping.save()

    def save_in_dialog(self, then: Callable[[], None] | None = None) -> None:
        """Let the person choose a folder for the layers."""
        dialog = QFileDialog(self._parent, QCoreApplication.translate("Commands", "Save the layers in"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self._saving.save_layers(folder=Path(name), then=then))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export_beside(self) -> None:
        """Write the cut-out beside the photo; annotations, which fill folders, are shown in the dialog."""
        if self._session.settings.usual_recipe.format in ANNOTATION_EXPORTERS:
            self.export_dialog()
        else:
            self._saving.export_beside()

    def export_dialog(self, note: str = "") -> None:
        """Let the person choose what is written where."""
        document = self._session.document
        if document is None:
            return
        for older in self._parent.findChildren(ExportDialog):
            older.close()
        dialog = ExportDialog(
            self._session, self._choices, self._parent, layers_folder=self._saving.layers_folder, note=note
        )

        def write(choice: ExportChoice) -> None:
            if choice.recipe.format in ANNOTATION_EXPORTERS:
                self._annotations.export(choice.path, choice.recipe, layers_folder=choice.layers_folder)
            else:
                self._saving.export_to(choice.path, choice.recipe)

        dialog.chosen.connect(write)
        self._session.document_opened.connect(dialog.close)  # it speaks of the photo before
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.show()

    def copy(self, *, is_full_size: bool = False) -> None:
        """Put the cut-out on the clipboard."""
        self._saving.copy(is_full_size=is_full_size)

    def quit(self) -> None:
        """Close the window."""
        self._leave()

    def unless_unsaved(self, then: Callable[[], None], stayed: Callable[[], None] = lambda: None) -> None:
        """Do `then`, after asking what becomes of unsaved work if there is any.

        What is being saved already is waited for; the question comes only where that fails.

        Args:
            stayed: called where the person would rather stay.
        """
        if not self._rests(lambda: self.unless_unsaved(then, stayed)):
            return
        document = self._session.document
        if document is None or not self._session.has_unsaved_work:
            then()
            return
        if not self._saving.rests(lambda: self.unless_unsaved(then, stayed)):
            sentence = QCoreApplication.translate("Commands", "{name} is being saved first.")
            self._session.message(sentence.format(name=document.photo.name), topic="save")
            return

        def save() -> None:
            self._session.work.cancel()  # patches that are done become a step, and are saved like one
            self._keeping.save(then)

        def leave() -> None:
            self._saving.discarded.emit(document)
            then()

        for older in self._parent.findChildren(UnsavedQuestion):
            older.close()  # what was asked for last is what the person wants
        question = UnsavedQuestion(
            self._parent,
            name=document.photo.name,
            n_changes=document.unsaved.n_changes,
            since=document.unsaved.since,
            place=self._keeping.place,
            save=save,
            leave=leave,
        )
        question.rejected.connect(stayed)
        question.open()

    def _on_place_wanted(self, why: str) -> None:
        self.export_dialog(note=why)

    def _on_folder_wanted(self, why: str, then: Callable[[], None] | None) -> None:
        self._session.message(why, kind="warning", topic="save")
        self.save_in_dialog(then)

    def _folder(self) -> Path | None:
        document = self._session.document
        return document.photo.path.parent if document is not None and document.photo.path else None

    def _photo_filters(self) -> list[str]:
        patterns = " ".join(f"*{suffix}" for suffix in PHOTO_SUFFIXES)
        photos = QCoreApplication.translate("Commands", "Photos ({patterns})").format(patterns=patterns)
        return [photos, QCoreApplication.translate("Commands", "All files (*)")]

    def _mask_filters(self) -> list[str]:
        patterns = " ".join(f"*{suffix}" for suffix in (*PHOTO_SUFFIXES, *ANNOTATION_SUFFIXES))
        masks = QCoreApplication.translate("Commands", "Masks and annotations ({patterns})")
        return [masks.format(patterns=patterns), *self._photo_filters()[1:]]


def _pasted() -> QMimeData:
    data: QMimeData | None = _clipboard().mimeData()
    return QMimeData() if data is None else data  # None where the clipboard holds nothing


def _clipboard() -> QClipboard:
    return QApplication.clipboard()
