"""What may be dropped on the canvas, or pasted: local files and folders, and pictures without a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage


def is_welcome(data: QMimeData) -> bool:
    """Return whether a drop would be taken, so that the pointer can say no while dragging."""
    return bool(dropped_paths(data)) or data.hasImage()


def dropped_paths(data: QMimeData) -> list[Path]:
    """Return the local files and folders; addresses of the web are left out."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def pasted_paths(data: QMimeData) -> list[Path]:
    """Return the files that were copied, also where only their whole paths were, a line for each."""
    lines = [line.strip().strip('"') for line in data.text().splitlines()]  # Windows quotes them
    paths = [Path(line) for line in lines if line]
    return dropped_paths(data) or (paths if all(path.is_absolute() for path in paths) else [])


def dropped_picture(data: QMimeData) -> QImage | None:
    """Return the picture itself, None without one."""
    picture = data.imageData() if data.hasImage() else None
    return picture if isinstance(picture, QImage) and not picture.isNull() else None
