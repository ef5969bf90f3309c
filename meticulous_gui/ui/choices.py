"""What a person has chosen (settings.toml) and what the window remembers (state.json)."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, Signal

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.settings import (
    LoadedSettings,
    Settings,
    load_settings,
    load_state,
    save_settings,
    save_state,
    state_path,
)
from meticulous_gui.ui.key_map import keys_from_text

MAX_RECENT = 12
MAX_FOLDERS = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MaskFolderChoice:
    """What a person chose for the masks of a folder of photos.

    Attributes:
        folder: where they are; None where masks beside the photos are not wanted.
        is_written: whether changes are written back there.
    """

    folder: Path | None
    is_written: bool = False


class Choices(QObject):
    """Settings and memory; changes are written at once.

    Attributes:
        notes: one sentence for every value in the settings file that could not be used.

    Signals:
        changed: the settings are other ones (window thread).
        not_kept: (str) why those that were taken could not be written, for a person.
    """

    changed = Signal()
    not_kept = Signal(str)

    def __init__(self, loaded: LoadedSettings | None = None, state: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self._settings = loaded.settings if loaded is not None else Settings()
        self._written = self._settings
        self._state = dict(state or {})
        self._is_kept = loaded is not None
        self.notes = loaded.notes if loaded is not None else ()

    @classmethod
    def load(cls) -> Choices:
        """Read both files; whatever is missing or unusable has its default."""
        return cls(load_settings(), load_state())

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The person's own shortcuts by action id; no keys at all where they took a shortcut away."""
        return {action: keys_from_text(text) for action, text in self._settings.keys.items()}

    def change(self, settings: Settings) -> None:
        """Take other settings and keep them.

        Raises:
            MeticulousError: they count now, but could not be written.
        """
        if settings == self._settings:
            return
        self._settings = settings
        self.changed.emit()
        if self._is_kept:
            save_settings(settings, since=self._written)
            self._written = settings

    def take(self, settings: Settings) -> None:
        """Do what `change` does; where they cannot be written, let the window say so."""
        try:
            self.change(settings)
        except MeticulousError as error:
            self.not_kept.emit(str(error))

    @property
    def recent(self) -> list[Path]:
        """The photos opened last, the newest first; they may be gone."""
        return [Path(name) for name in self._texts("recent")]

    def note_recent(self, path: Path) -> None:
        """Remember that a photo was opened."""
        with self._rewritten() as state:
            others = [other for other in self.recent if other != path.absolute()]
            state["recent"] = [str(one) for one in [path.absolute(), *others][:MAX_RECENT]]

    @property
    def recent_folder(self) -> Path | None:
        """Where small pictures of the photos opened last are kept; None where nothing is."""
        return state_path().parent / "recent" if self._is_kept else None

    def mask_folder(self, photos: Path) -> MaskFolderChoice | None:
        """Return what a person chose for the masks of a folder of photos, None where they never did."""
        entry = self._mask_folders().get(str(photos.absolute()))
        if not isinstance(entry, dict) or not isinstance(entry.get("folder"), str):
            return None
        folder = Path(entry["folder"]) if entry["folder"] else None
        return MaskFolderChoice(folder, is_written=bool(entry.get("written")))

    def note_mask_folder(self, photos: Path, chosen: MaskFolderChoice | None) -> None:
        """Remember where the masks of a folder are, or forget it."""
        with self._rewritten() as state:
            folders = self._mask_folders()
            folders.pop(str(photos.absolute()), None)
            if chosen is not None:
                place = str(chosen.folder.absolute()) if chosen.folder is not None else ""
                folders[str(photos.absolute())] = {"folder": place, "written": chosen.is_written}
            state["mask_folders"] = dict(list(folders.items())[-MAX_FOLDERS:])

    def _mask_folders(self) -> dict[str, Any]:
        found = self._state.get("mask_folders", {})
        return dict(found) if isinstance(found, dict) else {}

    @property
    def recent_commands(self) -> list[str]:
        """The ids of the actions that were found in the palette last, the newest first."""
        return self._texts("commands")

    def note_command(self, action_id: str) -> None:
        """Remember that an action was found in the palette."""
        with self._rewritten() as state:
            others = [other for other in self.recent_commands if other != action_id]
            state["commands"] = [action_id, *others][:MAX_RECENT]

    @property
    def hints_done(self) -> list[str] | None:
        """The hints that a person needs no more; None where no state is kept and nobody needs any."""
        return self._texts("hints_done") if self._is_kept else None

    def note_hint(self, hint_id: str) -> None:
        """Remember that a person needs a hint no more."""
        with self._rewritten() as state:
            state["hints_done"] = sorted({*self._texts("hints_done"), hint_id})

    def _texts(self, name: str) -> list[str]:
        found = self._state.get(name, [])
        return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []

    def bytes_of(self, name: str) -> QByteArray:
        """Return what `remember_bytes` kept; empty where there is nothing."""
        text = self._state.get(name)
        try:
            return QByteArray(base64.b64decode(text)) if isinstance(text, str) else QByteArray()
        except ValueError:
            return QByteArray()

    def remember_bytes(self, **values: QByteArray) -> None:
        """Remember Qt's opaque state of the window."""
        with self._rewritten() as state:
            state |= {name: base64.b64encode(value.data()).decode("ascii") for name, value in values.items()}

    @contextmanager
    def _rewritten(self) -> Iterator[dict[str, Any]]:
        """Let the memory be changed and write it; what another window remembered meanwhile stays in it."""
        if not self._is_kept:
            yield self._state
            return
        self._state |= load_state()
        yield self._state
        try:
            save_state(self._state)
        except MeticulousError as error:  # only comfort: nothing the person must hear of
            log.warning("%s", error)
