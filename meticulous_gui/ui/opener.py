"""Opens photos, pictures and kept work in the background; what was asked for last wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.photo import Preview, load_photo, photo_from_array
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import Scene
from meticulous_gui.core.settings import Settings
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.ui.background import Background
from meticulous_gui.ui.inbox import Inbox
from meticulous_gui.ui.opening import Opened, open_file, open_photo, read_preview
from meticulous_gui.ui.places import LayerPlaces


class Opener(QObject):
    """What is being opened, and the first picture of it while the whole is decoded.

    Attributes:
        mask_of: the mask file that belongs to a photo, None where there is none.
        kept: what opens a photo that was left, as it is in memory, while disk has not all; else None.
        leave: does its argument when what was done to the open document while another one was read is safe.

    Args:
        background: reads the files.
        inbox: brings the first picture into the window thread.
        places: where the layers of photos are kept that are not beside them.
        settings: what the person has chosen, at the moment of asking.
        state: what tells that the open document was changed.

    Signals (window thread):
        changed: something else is being opened, or nothing any more.
        preview_changed: a first picture came, or went without its photo having been opened.
        opened: (Opened) it is read.
        failed: (MeticulousError) it cannot be; what was open before stays.
    """

    changed = Signal()
    preview_changed = Signal()
    opened = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        background: Background,
        inbox: Inbox,
        places: LayerPlaces,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
        *,
        state: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._inbox = inbox
        self._places = places
        self._settings = settings
        self._state = state
        self._opening: Path | None = None
        self._preview: Preview | None = None
        self._preview_scene: Scene | None = None
        self._n_openings = 0
        self.mask_of: Callable[[Path], Path | None] = lambda _photo: None
        self.kept: Callable[[Path], Callable[[], Opened] | None] = lambda _photo: None
        self.leave: Callable[[Callable[[], None]], None] = lambda then: then()

    @property
    def opening(self) -> Path | None:
        """The file that is being opened, None when none is."""
        return self._opening

    @property
    def preview(self) -> Preview | None:
        """The first picture of what is being opened, None before it came."""
        return self._preview

    @property
    def preview_scene(self) -> Scene | None:
        """The first picture for the canvas."""
        return self._preview_scene

    @property
    def history_budget_bytes(self) -> int:
        """Memory that the undo steps of a document may hold."""
        return self._settings().history.budget_mb * 1024 * 1024

    def open_path(self, path: Path, *, when_read: Callable[[], None] = lambda: None) -> None:
        """Open a photo: a first picture at once where that is quick, then the whole, then its mask.

        A failure is said in one sentence and leaves the open document as it is.

        Args:
            when_read: called where it could be read, just before it is opened.
        """
        limits, layers_folder = self._settings().decode.limits(), self._places.folder_of(path)
        budget_bytes, number = self.history_budget_bytes, self._n_openings + 1
        mask = self.mask_of(path)

        def show_preview(preview: Preview) -> None:
            if number == self._n_openings and self._opening is not None:
                self._preview, self._preview_scene = preview, Scene(photo=Pyramid(preview.rgb))
                self.preview_changed.emit()

        def read() -> Opened:
            preview = read_preview(path, limits)
            if preview is not None:
                self._inbox.put(lambda: show_preview(preview))
            return open_file(path, limits, layers_folder=layers_folder, mask=mask, budget_bytes=budget_bytes)

        self.open_prepared(path, self.kept(path) or read, when_read=when_read)

    def open_picture(self, rgb: RgbImage, alpha: Alpha | None = None) -> None:
        """Open a picture that has no file, such as a pasted one; its transparency is its first mask."""
        budget_bytes, title = self.history_budget_bytes, self.tr("untitled")

        def read() -> Opened:
            photo = replace(photo_from_array(rgb), alpha=alpha, title=title)
            return open_photo(photo, budget_bytes=budget_bytes)

        self.open_prepared(Path(title), read)

    def open_without_file(self, path: Path) -> None:
        """Open a photo as a picture that has no file: nothing is kept or written beside it."""
        limits, budget_bytes = self._settings().decode.limits(), self.history_budget_bytes

        def read() -> Opened:
            photo = replace(load_photo(path, limits), path=None, title=path.name)
            return open_photo(photo, budget_bytes=budget_bytes)

        self.open_prepared(path, read)

    def open_prepared(
        self,
        name: Path,
        read: Callable[[], Opened],
        done: Callable[[Document], None] | None = None,
        *,
        when_read: Callable[[], None] = lambda: None,
    ) -> None:
        """Open what `read` gives, in the executor.

        Args:
            name: what is said to be opening.
            done: called with the new document when it is open.
            when_read: called just before.
        """
        self._n_openings += 1
        number, self._opening = self._n_openings, name
        before = self._state()
        self.changed.emit()

        def read_if_wanted() -> Opened | None:
            # A key held down asks for more photos than can be read: those in between are left out.
            return read() if number == self._n_openings else None

        def adopt(opened: Opened) -> None:
            if number == self._n_openings:
                self._opening = self._preview = self._preview_scene = None
                when_read()
                self.opened.emit(opened)
                if done is not None:
                    done(opened.document)

        def take(opened: Opened | None) -> None:
            if opened is None or number != self._n_openings:
                return
            if self._state() != before:
                self._rest()
                self.leave(lambda: adopt(opened))
            else:
                adopt(opened)

        def refuse(error: MeticulousError) -> None:
            if number == self._n_openings:
                self._refuse(error)

        self._background.run(read_if_wanted, take, refuse)

    def open_at_once(self, opened: Opened) -> None:
        """Open what has been read before it was asked for."""
        self._n_openings += 1
        self._opening = self._preview = self._preview_scene = None
        self.opened.emit(opened)

    def _rest(self) -> None:
        """Show what was open before."""
        self._opening = None
        if self._preview is not None:
            self._preview = self._preview_scene = None
            self.preview_changed.emit()
        self.changed.emit()

    def _refuse(self, error: MeticulousError) -> None:
        self._rest()
        self.failed.emit(error)
