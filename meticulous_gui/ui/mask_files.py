"""A mask from a file of any program, put on the active layer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.types import Alpha
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
