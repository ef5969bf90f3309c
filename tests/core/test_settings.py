from __future__ import annotations

import datetime
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.photo import DecodeLimits
from meticulous_gui.core.recipe import FORMAT_NAMES, Recipe
from meticulous_gui.core.settings import (
    Settings,
    ViewSettings,
    load_settings,
    load_state,
    save_settings,
    save_state,
    settings_path,
    state_path,
)
from meticulous_gui.core.toml_text import to_toml
from tests.core.test_photo_bad_input import without_root_rights

texts = st.text(st.characters(codec="utf-8"), max_size=8)
scalars = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    texts,
    st.dates(),
    st.datetimes(),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_written_toml_reads_back_the_same(table: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(table)) == table


def test_toml_is_pleasant_to_read() -> None:
    table = {"a": 1, "view": {"theme": "dark", "deep": {"b": [1, 2]}}, "empty": {}}
    assert to_toml(table) == 'a = 1\n\n[view]\ntheme = "dark"\n\n[view.deep]\nb = [1, 2]\n\n[empty]\n'


def test_none_has_no_form_in_toml() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        to_toml({"a": None})


def test_no_file_means_defaults(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "settings.toml")
    assert loaded.settings == Settings()
    assert loaded.notes == ()


def test_the_environment_moves_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path / "c"))
    monkeypatch.setenv("METICULOUS_STATE_DIR", str(tmp_path / "s"))
    assert settings_path() == tmp_path / "c" / "settings.toml"
    assert state_path() == tmp_path / "s" / "state.json"
    save_settings(Settings(view=ViewSettings(theme="dark")))
    save_state({"geometry": "AdnQywAD"})
    assert load_settings().settings.view.theme == "dark"
    assert load_state() == {"geometry": "AdnQywAD"}


def test_without_the_environment_the_platform_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("METICULOUS_CONFIG_DIR", raising=False)
    monkeypatch.delenv("METICULOUS_STATE_DIR", raising=False)
    assert settings_path().parent.name == "meticulous"
    assert "meticulous" in state_path().parts


def test_settings_survive_a_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings = replace(
        Settings(),
        view=ViewSettings(theme="light", overlay_opacity=0.25, overlay_inverted=True),
        keys={"refine": "Ctrl+Shift+R", "undo": ""},
    )
    save_settings(settings, path)
    loaded = load_settings(path)
    assert loaded.notes == ()
    assert loaded.settings.view == settings.view
    assert dict(loaded.settings.keys) == dict(settings.keys)
    save_settings(replace(loaded.settings, keys={}, view=ViewSettings()), path)
    assert load_settings(path).settings == Settings()


def test_a_preset_with_a_name_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("version = 1\n")
    picture = Recipe(background="/pictures/caf\udce9.png")
    with pytest.raises(ExportError, match="rename that file"):
        save_settings(Settings(presets={"shop": picture}), path)
    assert path.read_text() == "version = 1\n"


def test_only_what_was_chosen_is_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings(view=ViewSettings(theme="dark")), path)
    assert path.read_text() == 'version = 1\n\n[view]\ntheme = "dark"\n'


def test_unknown_keys_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('from_later = 2030-01-01\n[view]\nglow = "soft"\n[plugins]\nlist = ["a"]\n')
    save_settings(Settings(view=ViewSettings(theme="dark")), path)
    assert not load_settings(path).notes, "a later version may have written them"
    table = tomllib.loads(path.read_text())
    assert table["from_later"] == datetime.date(2030, 1, 1)
    assert table["view"] == {"glow": "soft", "theme": "dark"}
    assert table["plugins"] == {"list": ["a"]}


def test_what_another_window_or_an_editor_changed_meanwhile_stays(tmp_path: Path) -> None:
    path, shop, plain = tmp_path / "settings.toml", Recipe(is_square=True), Recipe()
    begun = Settings(keys={"undo": "U", "redo": "R"}, presets={"Shop": shop, "Old": plain})
    save_settings(begun, path)
    theirs = replace(
        begun,
        view=ViewSettings(theme="dark"),
        keys={"undo": "U", "redo": "Y", "save": "S"},
        presets={"Shop": shop, "Old": plain, "Theirs": shop},
    )
    save_settings(theirs, path, since=begun)
    ours = replace(
        begun,
        view=ViewSettings(overlay_opacity=0.25),
        keys={"redo": "R"},
        presets={"Shop": plain, "Ours": shop},
    )
    save_settings(ours, path, since=begun)
    now = load_settings(path).settings
    assert now.view == ViewSettings(theme="dark", overlay_opacity=0.25)
    assert dict(now.keys) == {"redo": "Y", "save": "S"}
    assert dict(now.presets) == {"Shop": plain, "Theirs": shop, "Ours": shop}
    save_settings(replace(ours, view=ViewSettings()), path, since=ours)
    assert load_settings(path).settings.view == ViewSettings(theme="dark"), "defaults count, too"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[view]\ntheme = "pink"', "view.theme in {path} is 'pink' and must be one of system, light, dark"),
        ("[view]\noverlay_opacity = 3.0", "must be a number from 0 to 1; 0.5 is used."),
        ('[decode]\nmax_side_px = "many"', "must be a whole number from 1 to 1000000; 30000"),
        ("[decode]\nmax_side_px = 10.5", "must be a whole number"),
        ("[decode]\nmax_side_px = true", "must be a whole number"),
        ("[export]\nkeeps_location = 1", "must be true or false; False is used."),
        ("view = 7", "[view] in {path} must be a table"),
        ("keys = 7", "[keys] in {path} must be a table"),
        ("[keys]\nundo = 3", "keys.undo in {path} is 3"),
        (
            '[engine]\ndevise = "cpu"',
            "engine.devise in {path} is no setting and changes nothing; did you mean engine.device?",
        ),
        (
            '[engines]\ndevice = "cpu"',
            "engines in {path} is no setting and changes nothing; did you mean engine?",
        ),
        ("[view\n", "cannot be read"),
    ],
)
def test_a_bad_value_gives_its_default_and_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    loaded = load_settings(path)
    assert loaded.settings == Settings()
    assert len(loaded.notes) == 1
    assert said.format(path=path) in loaded.notes[0]


def test_a_file_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[view]\ntheme = "dark"\n', encoding="utf-8-sig")
    loaded = load_settings(path)
    assert (loaded.settings.view.theme, loaded.notes) == ("dark", ())


def test_a_bad_value_does_not_cost_the_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[view]\ntheme = "pink"\noverlay_opacity = 1\n[decode]\nmax_side_px = 50000\n')
    settings = load_settings(path).settings
    assert settings.view == ViewSettings(overlay_opacity=1.0)
    assert isinstance(settings.view.overlay_opacity, float)
    assert settings.decode.limits() == DecodeLimits(max_side_px=50_000)


def test_a_file_with_a_slip_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[view\n# my notes")
    save_settings(Settings(), path)
    assert (tmp_path / "settings.broken.toml").read_text() == "[view\n# my notes"
    assert load_settings(path).notes == ()


def test_a_folder_that_cannot_be_made_is_an_export_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="file"):
        save_settings(Settings(), tmp_path / "file" / "settings.toml")


@pytest.mark.parametrize("content", ["", "[1, 2]", "{broken", "\xff"])
def test_damaged_state_is_no_state(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content.encode("latin-1"))
    assert load_state(path) == {}


@given(
    recipe=st.builds(
        Recipe,
        format=st.sampled_from(FORMAT_NAMES),
        name=st.text("abc {}-_ä日\"\\'", max_size=20),
        padding_px=st.integers(0, 30_000),
        edge_cleaning_percent=st.integers(0, 100),
        is_square=st.booleans(),
        background=st.sampled_from(["", "#ffffff", 'C:\\photos\\sea "blue".jpg']),
    ),
    name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
)
def test_any_preset_reads_back(tmp_path: Path, recipe: Recipe, name: str) -> None:
    save_settings(Settings(presets={name: recipe}), tmp_path / "s.toml")
    loaded = load_settings(tmp_path / "s.toml")
    assert loaded.notes == ()
    assert dict(loaded.settings.presets) == {name: recipe}
    (tmp_path / "s.toml").unlink()


def test_a_preset_with_a_slip_keeps_the_rest_of_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[presets.Shop]\nformat = "gif"\npadding_px = 7\nname = "a\\nb"\n')
    loaded = load_settings(path)
    assert loaded.settings.presets["Shop"] == Recipe(padding_px=7)
    assert [note.split(" in ")[0] for note in loaded.notes] == ["presets.Shop.format", "presets.Shop.name"]


def test_a_damaged_file_that_cannot_be_put_aside_is_one_sentence() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_text("theme = ")
        Path(folder).chmod(0o555)
        wanted = pytest.raises(ExportError, match="cannot be read and cannot be renamed")
        with without_root_rights(), wanted:
            save_settings(Settings(), path)
        Path(folder).chmod(0o755)
        assert path.read_text() == "theme = "
