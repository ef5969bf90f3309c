"""Folders of masks beside folders of photos, paired by stem, and annotations beside each photo.

They are read with each photo, and written back if wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.document import Document
from meticulous_gui.core.files import is_file, is_same
from meticulous_gui.core.mask_file import Encoding, MaskFile
from meticulous_gui.core.mask_pairs import (
    annotations_of,
    likely_mask_folders,
    mask_names,
    pair_by_stem,
    twins_in,
)
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.choices import Choices, MaskFolderChoice
from meticulous_gui.ui.folder_annotations import FolderAnnotations
from meticulous_gui.ui.mask_link import MaskLink, link_of
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.opening import Opened
from meticulous_gui.ui.photo_list import PhotoList

if TYPE_CHECKING:
    from meticulous_gui.ui.mask_files import MaskFiles
    from meticulous_gui.ui.mask_saving import MaskSaving
    from meticulous_gui.ui.session import Session

TOPIC = "mask folder"
NOTHING = np.zeros((1, 1), np.uint8)


@dataclass(frozen=True)
class _Pairing:
    """A folder of masks and the photos that have one there, by file name.

    Attributes:
        folder: of the masks.
        names: the file of each photo's mask.
        twins: photos whose names differ only in the suffix from that of another one.
    """

    folder: Path
    names: dict[str, str]
    twins: frozenset[str]

    def own_of(self, photo: Path, suffix: str = ".png") -> Path:
        """Return the file for the mask of this photo alone, whether it is there or not."""
        return self.folder / f"{photo.name if photo.name in self.twins else photo.stem}{suffix}"

    def may_be_of_another(self, photo: Path, mask: Path) -> bool:
        """Return whether the name of a mask fits another photo as well as this one."""
        return photo.name in self.twins and not mask.stem.casefold().startswith(photo.name.casefold())


class MaskFolders(QObject):
    """Knows the mask of each photo of the list.

    Signals:
        paired: other masks belong to the photos now.

    Args:
        masks: holds where the mask of the open document came from.
        keeping: writes masks back.
        choices: remembers what was chosen for a folder.
        annotations: what belongs to photos with annotations beside them.
        choose_folder: lets the person choose a folder.
    """

    paired = Signal()

    def __init__(
        self,
        session: Session,
        photos: PhotoList,
        masks: MaskFiles,
        keeping: MaskSaving,
        choices: Choices,
        *,
        annotations: FolderAnnotations,
        choose_folder: Callable[[Callable[[Path], None]], None],
    ) -> None:
        super().__init__(session)
        self._session = session
        self._photos = photos
        self._masks = masks
        self._keeping = keeping
        self._choices = choices
        self._choose_folder = choose_folder
        self._annotations = annotations
        annotations.unwanted.connect(self._leave_alone)
        self._pairings: dict[Path, _Pairing] = {}
        self._like = MaskFile(None, "coverage", NOTHING, Encoding("PNG", "L"))
        session.opener.mask_of = self.mask_of
        session.opener.opened.connect(self._on_opened)
        photos.listed.connect(self._on_listed)

    def mask_of(self, photo: Path) -> Path | None:
        """Return the file that holds a photo's mask, or may hold its annotations; None for none wanted."""
        paired = self._paired_mask_of(photo)
        if paired is not None:
            return paired
        chosen = self._choices.mask_folder(photo.parent)
        is_unwanted = chosen is not None and chosen.folder is None
        return None if is_unwanted else annotations_of(photo)

    def _paired_mask_of(self, photo: Path) -> Path | None:
        pairing = self._pairings.get(photo.parent)
        if pairing is None:
            return None
        name = pairing.names.get(photo.name)
        listed = None if name is None else pairing.folder / name
        if listed is not None and not pairing.may_be_of_another(photo, listed):
            return listed
        own = pairing.own_of(photo, ".png" if listed is None else listed.suffix)
        return own if is_file(own) else listed  # written since the folder was listed

    def choose(self) -> None:
        """Let the person choose the folder of masks for the folder of the open photo."""
        current = self._photos.current
        if current is not None:
            photos = current.parent
            self._choose_folder(lambda folder: self._try(photos, folder))

    def _try(self, photos: Path, folder: Path) -> None:
        if is_same(photos, folder):  # each photo would be its own mask, and be replaced by it
            sentence = self.tr("The photos themselves are in {folder}; choose the folder of their masks.")
            self._session.message(sentence.format(folder=folder), kind="warning", topic=TOPIC)
        else:
            self._pair(photos, folder, self._take_chosen)

    # --- pairing ------------------------------------------------------------------------------------------

    def _on_listed(self) -> None:
        """Look for annotations beside the photos, else offer the masks beside a folder that was opened."""
        current = self._photos.current
        if current is None or current.parent in self._pairings:
            return
        photos = current.parent
        chosen = self._choices.mask_folder(photos)
        if chosen is not None and chosen.folder is None:
            return  # asked before, and not wanted
        is_beside = chosen is not None and chosen.folder == photos.absolute()
        if self._photos.is_folder and chosen is not None and not is_beside:
            self._offer_masks(photos, chosen)
            return

        def go_on(has_annotations: bool) -> None:
            if self._photos.is_folder and not has_annotations:
                self._offer_masks(photos, None)

        is_written = is_beside and chosen is not None and chosen.is_written
        self._annotations.look(photos, go_on, is_written=is_written)

    def _offer_masks(self, photos: Path, chosen: MaskFolderChoice | None) -> None:
        """Offer the masks beside a folder, or those that were chosen for it before."""

        def look() -> tuple[bool, list[Path]]:
            is_there = chosen is not None and chosen.folder is not None and chosen.folder.is_dir()
            return is_there, [] if is_there else list(likely_mask_folders(photos))

        def offer(found: tuple[bool, list[Path]]) -> None:
            is_there, places = found
            if is_there and chosen is not None and chosen.folder is not None:
                is_written = chosen.is_written
                self._pair(photos, chosen.folder, lambda *pair: self._use_again(*pair, is_written=is_written))
            elif places:
                self._pair(photos, places[0], self._offer)
            elif chosen is not None:
                sentence = self.tr("The folder of masks {folder} is gone; choose another, or go on without.")
                choose = Choice(self.tr("Choose a folder…"), self.choose)
                text = sentence.format(folder=chosen.folder)
                self._session.post(Message(text, "warning", (choose,), topic=TOPIC))

        self._session.background.run(look, offer)

    def _pair(self, photos: Path, folder: Path, then: Callable[[Path, _Pairing], None]) -> None:
        names = [path.name for path in self._photos.paths if path.parent == photos]

        def pair() -> _Pairing:
            return _Pairing(folder, pair_by_stem(names, mask_names(folder)), twins_in(photos))

        self._session.background.run(pair, lambda pairing: then(photos, pairing))

    def _offer(self, photos: Path, pairing: _Pairing) -> None:
        if not pairing.names:
            return
        sentence = self.tr("Photos with a mask in {folder}: {count}. Use these masks?")
        text = sentence.format(count=len(pairing.names), folder=pairing.folder)
        choices = (
            Choice(self.tr("Use them and write changes back"), lambda: self._use(photos, pairing, True)),
            Choice(self.tr("Use them"), lambda: self._use(photos, pairing, False)),
            Choice(self.tr("Never for this folder"), lambda: self._leave_alone(photos)),
        )
        self._session.post(Message(text, choices=choices, topic=TOPIC))

    def _take_chosen(self, photos: Path, pairing: _Pairing) -> None:
        if pairing.names:
            self._offer(photos, pairing)
            return
        sentence = self.tr("No photo has a mask in {folder} yet. Write new masks there?")
        choices = (
            Choice(self.tr("Write them there"), lambda: self._use(photos, pairing, True)),
            Choice(self.tr("Leave it"), lambda: None),
        )
        self._session.post(Message(sentence.format(folder=pairing.folder), choices=choices, topic=TOPIC))

    def _use_again(self, photos: Path, pairing: _Pairing, *, is_written: bool) -> None:
        """Use what was chosen for this folder before, and say so; a person may have forgotten."""
        self._use(photos, pairing, is_written)
        reading = self.tr("{count} masks from {folder} are used, as before.")
        writing = self.tr("{count} masks from {folder} are used and changes are written back, as before.")
        text = (writing if is_written else reading).format(count=len(pairing.names), folder=pairing.folder)
        stop = Choice(self.tr("Stop that"), lambda: self._leave_alone(photos))
        self._session.post(Message(text, choices=(stop,), topic=TOPIC, is_brief=True))

    def _leave_alone(self, photos: Path) -> None:
        """Use no masks beside these photos, now and at later starts; the menu brings them back."""
        self._choices.note_mask_folder(photos, MaskFolderChoice(None))
        pairing = self._pairings.pop(photos, None)
        folder = pairing.folder if pairing is not None else photos
        self._keeping.disagree(folder)
        document, link = self._session.document, self._masks.link
        if document is not None and link is not None and link.path.parent == folder:
            self._masks.tie(document, None)
        self.paired.emit()

    def _use(self, photos: Path, pairing: _Pairing, is_written: bool) -> None:
        self._choices.note_mask_folder(photos, MaskFolderChoice(pairing.folder, is_written=is_written))
        self._pairings[photos] = pairing
        if is_written:
            self._keeping.agree(pairing.folder)
        self._photos.set_states({photos / name: PhotoState.MASKED for name in pairing.names})
        self.paired.emit()
        document = self._session.document
        if document is None or document.photo.path is None or document.photo.path.parent != photos:
            return
        mask = self._paired_mask_of(document.photo.path)
        if mask is not None and not self._session.has_unsaved_work:
            self._session.opener.open_path(document.photo.path)

    # --- the open photo -----------------------------------------------------------------------------------

    def _on_opened(self, opened: Opened) -> None:
        """Tie the document to the file its mask came from, or will go to."""
        document, path = opened.document, opened.document.photo.path
        if path is None or self._masks.link is not None:
            return  # the link of one that was left and comes back is known
        pairing = self._pairings.get(path.parent)
        if pairing is None or (opened.paired is not None and opened.paired.annotations is not None):
            self._annotations.tie(opened, path)
            return
        mask = opened.paired.mask if opened.paired is not None else None
        if opened.paired is not None and mask is not None:
            if mask.kind in ("coverage", "binary"):
                self._like = replace(mask, alpha=NOTHING)
            if mask.path is not None and pairing.may_be_of_another(path, mask.path):
                self._tie_to_own(opened, mask, pairing.own_of(path, mask.path.suffix))
            elif opened.in_mask is not None:
                self._masks.tie(document, link_of(*opened.in_mask, None))
            elif self._keeping.has_agreed(pairing.folder):
                self._ask_which(document, mask)
            else:
                self._masks.tie(document, _link_anyhow(document, mask))
        elif self._paired_mask_of(path) is None and self._keeping.has_agreed(pairing.folder):
            # A photo without a mask gets one like those of its neighbours. Work that a crash had interrupted
            # comes without looking at the mask that is there.
            target = pairing.own_of(path)
            encoding = replace(self._like.encoding, format="PNG", is_inverted=False)
            new = replace(self._like, path=target, encoding=encoding, stamp=(0, 0))
            self._masks.tie(document, link_of(new, {1: document.layers[0]}, None))

    def _tie_to_own(self, opened: Opened, mask: MaskFile, own: Path) -> None:
        """Show a mask that may be another photo's, and leave it alone: its own is written beside."""
        assert mask.path is not None
        document = opened.document
        if self._keeping.has_agreed(own.parent):
            link = _link_anyhow(document, mask) if opened.in_mask is None else link_of(*opened.in_mask, None)
            self._masks.tie(document, None if link is None else link.moved_to(own))
        sentence = self.tr(
            "{mask} may be the mask of another photo whose name differs from {name} only in the suffix; it is"
            " shown, and where masks are written back, changes go into {own}."
        )
        text = sentence.format(mask=mask.path.name, name=document.photo.name, own=own.name)
        self._session.message(text, kind="warning", topic="shared mask")

    def _ask_which(self, document: Document, mask: MaskFile) -> None:
        """Ask which counts where a mask was changed since its layers were saved; before, none is written."""
        assert mask.path is not None
        sentence = self.tr(
            "{name} and the layers that were saved for this photo differ; these layers are shown."
        )
        name = mask.path.name

        def keep() -> None:
            self._masks.tie(document, _link_anyhow(document, mask))

        choices = (
            Choice(self.tr("Use {name}").format(name=name), lambda: self._masks.put_in_place(document, mask)),
            Choice(self.tr("Keep these layers"), keep),
        )
        text = sentence.format(name=name)
        self._session.post(Message(text, "warning", choices, topic=TOPIC, about=document))


def _link_anyhow(document: Document, mask: MaskFile) -> MaskLink | None:
    """Return the link of layers to a mask that holds other ones: in their order, or the active one."""
    if mask.values is None:
        return link_of(mask, {1: document.active}, None)
    values = [label.value for label in mask.labels] or [1]
    return link_of(mask, dict(zip(values, document.layers, strict=False)), None)
