"""What a person may set (settings.toml) and what the window remembers (state.json)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from meticulous_gui.core.errors import ExportError, SettingsError
from meticulous_gui.core.files import ensure_folder, json_bytes, next_free_path, write_bytes
from meticulous_gui.core.folders import config_dir, state_dir
from meticulous_gui.core.photo import DecodeLimits
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.setting_fields import choice, number, text
from meticulous_gui.core.toml_text import to_toml

__all__ = [
    "DecodeSettings",
    "EngineSettings",
    "ExportSettings",
    "HistorySettings",
    "LayerSettings",
    "LoadedSettings",
    "PointSettings",
    "Settings",
    "ViewSettings",
    "load_settings",
    "load_state",
    "save_settings",
    "save_state",
    "settings_path",
    "state_path",
]

VERSION: Final = 1
_MAPPINGS: Final = ("keys", "presets")
"""Tables whose keys are a person's own."""


@dataclass(frozen=True)
class DecodeSettings:
    """Which photos are opened."""

    max_side_px: int = number(30_000, 1, 1_000_000)
    max_megapixels: int = number(400, 1, 100_000)

    def limits(self) -> DecodeLimits:
        """Return them as the decoder takes them."""
        return DecodeLimits(max_side_px=self.max_side_px, max_pixels=self.max_megapixels * 1_000_000)


@dataclass(frozen=True)
class ViewSettings:
    """How the window looks.

    Attributes:
        theme: "system" follows the desktop.
        language: of the window, from the next start; "system" follows the desktop.
        overlay_opacity: of a mask over the photo, 0..1.
        overlay_inverted: tint what is outside instead of the object.
        icon_size_px: of the tool strip.
    """

    theme: str = choice("system", "system", "light", "dark")
    language: str = choice("system", "system", "en", "de")
    overlay_opacity: float = number(0.5, 0.0, 1.0)
    overlay_inverted: bool = False
    icon_size_px: int = number(24, 12, 96)


@dataclass(frozen=True)
class ExportSettings:
    """What counts for every export.

    Attributes:
        preset: the one that Ctrl+E writes by; "" is PNG with transparency.
        keeps_location: the place in a photo's EXIF travels on; off, because cut-outs are made to be shown.
        copies_png_only: for receivers that lose transparency by choosing another form of a copied picture.
    """

    preset: str = text("")
    keeps_location: bool = False
    copies_png_only: bool = False


@dataclass(frozen=True)
class HistorySettings:
    """What is kept for undo and against a crash.

    Attributes:
        budget_mb: memory of all undo steps.
        autosaves: write unsaved work to the state folder.
        saves_on_leaving: save the layers of a photo without a question when another of its folder is opened.
    """

    budget_mb: int = number(256, 16, 65_536)
    autosaves: bool = True
    saves_on_leaving: bool = True


@dataclass(frozen=True)
class LayerSettings:
    """How layers get on with each other.

    Attributes:
        only_where_empty: edits leave pixels alone that other layers hold.
    """

    only_where_empty: bool = False


@dataclass(frozen=True)
class PointSettings:
    """How objects are selected by clicks; `engine.clicks.commands.ClickSettings` says more of most.

    Attributes:
        sharpens: the networks go over the new edge when an object is kept.
        previews: outline what a click would change.
        has_panel: the panel with all controls is unfolded.
        marker_px: radius of the marks of clicks on the screen.
        method: of back-propagating refinement.
        network_clicks: 0 draws all clicks for the network.
        crop_px: 0 is what the network was trained for.
    """

    sharpens: bool = True
    previews: bool = True
    has_panel: bool = False
    marker_px: int = number(7, 1, 20)
    method: str = choice("local", "local", "none", "a", "b", "c", "distmap", "rgb")
    evaluations: int = number(20, 1, 1000)
    network_clicks: int = number(0, 0, 1000)
    zoom: bool = True
    zoom_after: int = number(0, 0, 100)
    expansion: float = number(1.4, 1.0, 2.0)
    crop_px: int = number(0, 0, 1024)
    threshold: float = number(0.5, 0.01, 0.99)
    changes: str = choice("auto", "auto", "local", "whole")


@dataclass(frozen=True)
class EngineSettings:
    """Where networks run.

    Attributes:
        device: "auto" takes CUDA, then MPS, then the CPU.
        threads: of the CPU; 0 leaves one core to the window.
        finds_on_open: look for the object as soon as a photo is open.
        segmenter, refiner, click_segmenter, proposer: names of the networks to use; "" takes the usual
            ones.
    """

    device: str = choice("auto", "auto", "cpu", "cuda", "mps")
    threads: int = number(0, 0, 1024)
    finds_on_open: bool = True
    segmenter: str = text("")
    refiner: str = text("")
    click_segmenter: str = text("")
    proposer: str = text("")

    @property
    def networks(self) -> dict[str, str]:
        """The names of the chosen networks by role."""
        roles = ("segmenter", "refiner", "click_segmenter", "proposer")
        return {role: getattr(self, role) for role in roles}


@dataclass(frozen=True)
class Settings:
    """All settings; sections are tables of the file.

    Attributes:
        keys: shortcuts by action id, over the built-in ones: "Ctrl+J", or several as "+; Ctrl++"; "" is none.
        presets: recipes of exports by the name that a person gave them.
    """

    decode: DecodeSettings = DecodeSettings()
    view: ViewSettings = ViewSettings()
    export: ExportSettings = ExportSettings()
    history: HistorySettings = HistorySettings()
    layers: LayerSettings = LayerSettings()
    points: PointSettings = PointSettings()
    engine: EngineSettings = EngineSettings()
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    presets: Mapping[str, Recipe] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def usual_recipe(self) -> Recipe:
        """What Ctrl+E writes by."""
        return self.presets.get(self.export.preset, Recipe())


@dataclass(frozen=True)
class LoadedSettings:
    """Settings and one sentence for every value in the file that could not be used."""

    settings: Settings
    notes: tuple[str, ...] = ()


def settings_path() -> Path:
    """Return the file that a person may edit."""
    return config_dir() / "settings.toml"


def state_path() -> Path:
    """Return the file of the window's own memory."""
    return state_dir() / "state.json"


def load_settings(path: Path | None = None) -> LoadedSettings:
    """Return the settings; whatever is missing or unusable has its default, the latter with a note."""
    path = settings_path() if path is None else path
    try:
        table = _read_table(path)
    except SettingsError as error:
        return LoadedSettings(Settings(), (str(error),))
    notes: list[str] = []
    _note_misspelt(path, "", table, [section.name for section in fields(Settings)], notes)
    sections = {
        section.name: _section(path, section.name, section.default, table.get(section.name, {}), notes)
        for section in fields(Settings)
        if section.name not in _MAPPINGS
    }
    keys = _keys(path, table.get("keys", {}), notes)
    presets = _presets(path, table.get("presets", {}), notes)
    return LoadedSettings(Settings(**sections, keys=keys, presets=presets), tuple(notes))


def save_settings(settings: Settings, path: Path | None = None, *, since: Settings | None = None) -> None:
    """Write the settings; keys that this version does not know stay in the file, comments do not.

    Only what differs from its default, or is in the file already, is written: a later version's better
    default then reaches everyone who never chose.

    Args:
        settings: as they are now.
        path: the file; that of the platform without one.
        since: as they were read or written last. What is the same stays in the file as it is there: another
            window, or the person in an editor, may have changed it meanwhile. Without it everything counts.

    Raises:
        ExportError: the file cannot be written; it is what it was before.
    """
    path = settings_path() if path is None else path
    ensure_folder(path.parent)
    try:
        table = _read_table(path)
    except SettingsError:
        # A person's file with a slip of the pen is not thrown away.
        broken = next_free_path(path.with_name(f"{path.stem}.broken{path.suffix}"))
        try:
            path.rename(broken)
        except OSError as error:
            raise ExportError(
                f"{path} cannot be read and cannot be renamed ({error.strerror}); "
                "mend it or allow writing there."
            ) from error
        table = {}
    table["version"] = VERSION
    for section in fields(Settings):
        values, old = getattr(settings, section.name), getattr(since, section.name, None)
        before = table.pop(section.name, None)
        there = before if isinstance(before, dict) else {}
        if section.name == "presets":
            values = {name: _written(recipe, {}, None) for name, recipe in values.items()}
            old = None if old is None else {name: _written(recipe, {}, None) for name, recipe in old.items()}
        if section.name in _MAPPINGS:
            written = _merged(values, there, old)
        else:
            written = _written(values, there, old)
        if written:
            table[section.name] = written
    try:
        content = to_toml(table).encode()
    except UnicodeEncodeError as error:  # Linux allows names of files that are no text
        name = str(error.object[max(error.start - 20, 0) : error.end]).encode(errors="replace").decode()
        raise ExportError(
            f"{path} was not written: it holds text only, and “…{name}” is none; rename that file."
        ) from error
    write_bytes(path, content)


def load_state(path: Path | None = None) -> dict[str, Any]:
    """Return what the window remembered, {} where there is nothing or it is damaged: it is only comfort."""
    try:
        state = json.loads((state_path() if path is None else path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def save_state(state: Mapping[str, Any], path: Path | None = None) -> None:
    """Write what the window wants to remember (values that JSON can hold).

    Raises:
        ExportError: the file cannot be written.
    """
    path = state_path() if path is None else path
    ensure_folder(path.parent)
    write_bytes(path, json_bytes(dict(state), indent=1))


def _read_table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin with a mark
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"{path} cannot be read ({reason}); mend or delete it, defaults are used now."
        ) from error


def _written(values: Any, before: Mapping[str, Any], since: Any) -> dict[str, Any]:
    """Return what the file is to hold of a section: what it held, and what differs from its default."""
    written = dict(before)
    for item in fields(values):
        value = getattr(values, item.name)
        is_new = since is None or value != getattr(since, item.name)
        if is_new and (item.name in written or value != item.default):
            written[item.name] = value
    return written


def _merged(
    values: Mapping[str, Any], before: Mapping[str, Any], since: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the file is to hold of a table of a person's own names."""
    if since is None:
        return dict(values)
    gone = {name for name in since if name not in values}
    new = {name: value for name, value in values.items() if name not in since or value != since[name]}
    return {name: value for name, value in before.items() if name not in gone} | new


def _section(path: Path, name: str, default: Any, given: Any, notes: list[str]) -> Any:
    """Return the section with every usable value of ``given``."""
    if not isinstance(given, dict):
        notes.append(f"[{name}] in {path} must be a table; its defaults are used.")
        return default
    _note_misspelt(path, f"{name}.", given, [item.name for item in fields(default)], notes)
    values = {}
    for item in fields(default):
        if item.name not in given:
            continue
        value, wanted = _checked(given[item.name], item.default, item.metadata)
        if wanted:
            notes.append(
                f"{name}.{item.name} in {path} is {given[item.name]!r} and must be {wanted}; "
                f"{item.default!r} is used."
            )
        else:
            values[item.name] = value
    return replace(default, **values)


def _note_misspelt(
    path: Path, prefix: str, given: Mapping[str, Any], known: list[str], notes: list[str]
) -> None:
    """Note what is nearly the name of a setting; other unknown names a later version may have written."""
    for name in given:
        if name in known:
            continue
        from difflib import get_close_matches  # hardly ever needed, and every command would wait for it

        notes.extend(
            f"{prefix}{name} in {path} is no setting and changes nothing; did you mean {prefix}{meant}?"
            for meant in get_close_matches(name, known, n=1, cutoff=0.8)
        )


def _checked(value: Any, default: Any, metadata: Mapping[str, Any]) -> tuple[Any, str]:
    """Return the value in its type, and what was wanted where it is of no use ("" where it is)."""
    if isinstance(default, bool):
        return value, "" if isinstance(value, bool) else "true or false"
    if isinstance(default, str) and "is_text" in metadata:
        return value, "" if isinstance(value, str) and value.isprintable() else "text on one line"
    if isinstance(default, str):
        choices = metadata["choices"]
        return value, "" if value in choices else "one of " + ", ".join(choices)
    low, high = metadata["range"]
    is_number = isinstance(value, int if isinstance(default, int) else int | float) and not isinstance(
        value, bool
    )
    kind = "a whole number" if isinstance(default, int) else "a number"
    if not is_number or not low <= value <= high:
        return value, f"{kind} from {low:.9g} to {high:.9g}"
    return type(default)(value), ""


def _keys(path: Path, given: Any, notes: list[str]) -> Mapping[str, str]:
    if not isinstance(given, dict):
        notes.append(f'[keys] in {path} must be a table of action = "shortcut"; it is left out.')
        given = {}
    for action, keys in given.items():
        if not isinstance(keys, str):
            notes.append(
                f'keys.{action} in {path} is {keys!r} and must be text such as "Ctrl+R"; it is left out.'
            )
    return MappingProxyType({action: keys for action, keys in given.items() if isinstance(keys, str)})


def _presets(path: Path, given: Any, notes: list[str]) -> Mapping[str, Recipe]:
    if not isinstance(given, dict):
        notes.append(f"[presets] in {path} must hold a table for each preset; it is left out.")
        given = {}
    return MappingProxyType(
        {name: _section(path, f"presets.{name}", Recipe(), table, notes) for name, table in given.items()}
    )
