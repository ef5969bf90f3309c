"""What a document knows of its files on disk, shared by the threads that write them."""

from __future__ import annotations

import threading
from typing import Any

__all__ = ["DiskVersion"]


class DiskVersion:
    """The version of the saved layers that a document was read from or written to last.

    Attributes:
        value: a digest; None where nothing was there, "" where not all of it could be read.
        revision: of the document when it was written last.
        photo: what `files.stamp_of` gave for the photo's file when it was read; None where nobody asked.
        annotations: which file of annotations the layers agree with, as JSON values; kept with them.
        lock: held while the files are compared and written; saves of one document follow each other.
    """

    def __init__(self) -> None:
        self.value: str | None = None
        self.revision = -1
        self.photo: tuple[int, int] | None = None
        self.annotations: dict[str, Any] | None = None
        self.lock = threading.Lock()
