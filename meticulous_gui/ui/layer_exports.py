"""Single layers and label maps, written beside the photo; nothing that is there already is replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.document import Document
from meticulous_gui.core.export import export_cutout
from meticulous_gui.core.label_map import legend_path, write_label_map
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.photo_states import result_of
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.own_files import OwnFiles
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.start import show_folder

LABELS_SUFFIX = "-labels.png"
MAX_NAME = 60


class LayerExports:
    """Writes parts of the open document; `Saving` writes the whole of it."""

    def __init__(self, session: Session, saving: Saving) -> None:
        self._session = session
        self._saving = saving
        self._own_files = OwnFiles()
        session.document_opened.connect(self._on_opened)

    def export_active(self) -> None:
        """Write the cut-out of the active layer alone."""
        document = self._session.document
        if document is not None:
            active = document.active
            self._export(document, lambda layer: layer is active, key=("layer", active.id))

    def export_each(self) -> None:
        """Write the cut-out of every visible layer into a file of its own."""
        document = self._session.document
        if document is not None:
            self._export(document, lambda layer: layer.visible, key="layers")

    def export_label_map(self) -> None:
        """Write one picture that says of each pixel whose it is, and its legend."""
        document = self._session.document
        folder = self._folder(document)
        if document is None or folder is None:
            return
        own, wanted = self._own_files, folder / (Path(document.photo.name).stem + LABELS_SUFFIX)

        def begin() -> None:
            layers = [layer.copy() for layer in document.layers]

            def write() -> list[Path]:
                path = own.target(wanted, legend_path)
                with result_of(document.photo.path, path):
                    files = write_label_map(layers, path)
                for file in files:
                    own.note(file)
                return list(files)

            self._saving.run_export(write, lambda files: self._on_written(document, files))

        self._when_finished(begin, key="label map")

    def _export(self, document: Document, is_wanted: Callable[[Layer], bool], *, key: object) -> None:
        folder, own = self._folder(document), self._own_files
        if folder is not None:
            self._when_finished(lambda: self._write(document, folder, own, is_wanted), key=key)

    def _write(
        self, document: Document, folder: Path, own: OwnFiles, is_wanted: Callable[[Layer], bool]
    ) -> None:
        photo = document.photo
        layers = [layer.copy() for layer in document.layers if is_wanted(layer) and layer.alpha.any()]
        if not layers:
            sentence = QCoreApplication.translate(
                "LayerExports", "There is nothing to write: the mask is empty."
            )
            self._session.message(sentence, kind="warning", topic="export")
            return
        keeps_location = self._session.settings.export.keeps_location

        def write() -> list[Path]:
            files: list[Path] = []
            for layer, name in zip(layers, file_names(photo, layers), strict=True):
                path = own.target(folder / name)
                with result_of(photo.path, path):
                    export_cutout(photo, layer.alpha, path, keeps_location=keeps_location)
                own.note(path)
                files.append(path)
            return files

        self._saving.run_export(write, lambda files: self._on_written(document, files))

    def _when_finished(self, act: Callable[[], None], *, key: object) -> None:
        sentence = QCoreApplication.translate(
            "LayerExports", "The edge is still being worked on; the layers are written when it is done."
        )
        self._saving.export_when_finished(act, key=key, sentence=sentence)

    def _folder(self, document: Document | None) -> Path | None:
        """Return the folder of the photo; without one it is said that there is none."""
        if document is None:
            return None
        if document.photo.path is None:
            sentence = QCoreApplication.translate(
                "LayerExports",
                "This picture has no file of its own yet; save its layers in a folder instead.",
            )
            self._session.message(sentence, kind="warning", topic="export")
            return None
        return document.photo.path.parent

    def _on_written(self, document: Document, files: list[Path]) -> None:
        self._saving.photo_exported.emit(document.photo.path, files[0])
        names = ", ".join(file.name for file in files[:3])
        if len(files) > 3:
            sentence = QCoreApplication.translate(
                "LayerExports", "{names} and {count} more are written to {folder}."
            )
        else:
            sentence = QCoreApplication.translate("LayerExports", "Written to {folder}: {names}.")
        text = sentence.format(names=names, count=len(files) - 3, folder=files[0].parent)
        show = Choice(
            QCoreApplication.translate("Notices", "Show the folder"), lambda: show_folder(files[0].parent)
        )
        self._session.post(Message(text, choices=(show,), topic="export", is_brief=True))

    def _on_opened(self) -> None:
        self._own_files = OwnFiles()


def file_names(photo: Photo, layers: Sequence[Layer]) -> list[str]:
    """Return a file name for each layer, made of the photo's name and its own; all differ."""
    names: list[str] = []
    for layer in layers:
        plain = re.sub(r"[^\w\- ]+", "_", layer.name).strip(" ._")[:MAX_NAME] or str(layer.id)
        name, number = f"{Path(photo.name).stem}-{plain}", 2
        while f"{name}.png".casefold() in (other.casefold() for other in names):
            name, number = f"{Path(photo.name).stem}-{plain}-{number}", number + 1
        names.append(f"{name}.png")
    return names
