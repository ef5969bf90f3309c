"""A mask from a file of any program, put on the active layer; and files that may be one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.decode import read_header_size
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.session import Session


def use_mask(session: Session, path: Path) -> None:
    """Read a mask in the background and make it the active layer's: one undo step.

    A file that is no mask, or of another size, is refused in one sentence.
    """
    document, limits = session.document, session.limits
    if document is None:
        return
    layer_id = document.active.id

    def take(alpha: Alpha) -> None:
        if document is not session.document:
            return
        if alpha.shape != document.photo.size_hw:
            session.message(_wrong_size(path, alpha, document.photo.size_hw), kind="error")
            return
        title = QCoreApplication.translate("MaskFiles", "Use a mask")
        session.commit(Edit(layer_id, document.box, alpha, title=title))

    session.background.run(lambda: load_alpha(path, limits), take)


def offer_mask(session: Session, path: Path, open_photo: Callable[[], None]) -> None:
    """Ask what a dropped file is where it may be a mask of the open photo; open it as a photo otherwise.

    It may be one when it has the size of the photo and is grey or partly transparent.
    """
    document, limits = session.document, session.limits
    if document is None:
        open_photo()
        return
    size_hw = document.photo.size_hw

    def is_mask() -> bool:
        try:
            if sorted(read_header_size(path, limits)) != sorted(size_hw):
                return False
            return load_alpha(path, limits).shape == size_hw
        except MeticulousError:
            return False  # opening it says what is wrong

    def ask(may_be_mask: bool) -> None:
        if document is not session.document or not may_be_mask:
            open_photo()
            return
        sentence = QCoreApplication.translate("MaskFiles", "{name} may be a mask of this photo.")
        choices = (
            Choice(
                QCoreApplication.translate("MaskFiles", "Use it as the mask"), lambda: use_mask(session, path)
            ),
            Choice(QCoreApplication.translate("MaskFiles", "Open it as a photo"), open_photo),
        )
        session.post(Message(sentence.format(name=path.name), choices=choices, topic="drop"))

    session.background.run(is_mask, ask)


def _wrong_size(path: Path, alpha: Alpha, size_hw: tuple[int, int]) -> str:
    sentence = QCoreApplication.translate(
        "MaskFiles",
        "{name} is {width} × {height} pixels and the photo {photo_width} × {photo_height}; "
        "a mask must have the size of its photo.",
    )
    return sentence.format(
        name=path.name,
        width=alpha.shape[1],
        height=alpha.shape[0],
        photo_width=size_hw[1],
        photo_height=size_hw[0],
    )
