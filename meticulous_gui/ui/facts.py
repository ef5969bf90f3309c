"""What the window says of its work without being asked: title, status bar, bar of progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from meticulous_gui.core.render import View
    from meticulous_gui.ui.window import MainWindow

ENGINE_POLL_MS = 500


class Facts(QObject):
    """Keeps a window's title and status bar true."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.saving.exporting_changed.connect(self.show)
        window.canvas.view_changed.connect(self._show_view)
        window.canvas.pointer_moved.connect(self._show_pointer)
        self._engine_timer = QTimer(self, interval=ENGINE_POLL_MS)
        self._engine_timer.timeout.connect(self._show_engine)
        self._engine_timer.start()

    def show(self) -> None:
        """Say everything anew."""
        session, window = self._window.session, self._window
        opening = session.opener.opening
        name = opening.name if opening is not None else ""
        window.status.show_work(session.work, name, is_exporting=window.saving.is_exporting)
        done, total = session.work.progress
        window.canvas.set_progress((done / total if total else 0.0) if session.work.is_running else None)
        self._show_engine()
        self._show_title()

    def _show_title(self) -> None:
        window, photos = self._window, self._window.photos
        document, opening = window.session.document, window.session.opener.opening
        if document is None:
            window.setWindowTitle(opening.name if opening is not None else "")
        else:
            name = document.photo.name.replace("[*]", "[*][*]")  # Qt's sign for the star
            count, index = photos.n_photos, photos.index + 1
            is_in_list = count > 1 and document.photo.path == photos.current
            title = self.tr("{name}[*] ({index} of {count})") if is_in_list else self.tr("{name}[*]")
            window.setWindowTitle(title.format(name=name, index=index, count=count))
        window.setWindowModified(window.session.has_unsaved_work)
        n_layers = len(document.layers) if document is not None else 0
        window.canvas.set_subject(
            document.photo.name if document is not None else "",
            self.tr("layers: {count}").format(count=n_layers) if n_layers else "",
        )

    def _show_engine(self) -> None:
        runner = self._window.session.runner
        self._window.status.show_engine(runner.status() if runner is not None else None)

    def _show_view(self, view: View) -> None:
        self._window.status.show_zoom(view.zoom)

    def _show_pointer(self, position: tuple[float, float] | None) -> None:
        x, y = position if position is not None else (-1.0, -1.0)
        size_hw = self._window.canvas.image_size_hw
        is_inside = size_hw is not None and 0 <= x < size_hw[1] and 0 <= y < size_hw[0]
        self._window.status.show_pointer(x, y, is_inside=is_inside)
