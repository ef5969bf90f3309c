"""The program in the desktop's menu: what is written keeps freedesktop's rules, and goes away again."""

from __future__ import annotations

import configparser
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from meticulous_gui import __version__
from meticulous_gui.__main__ import main
from meticulous_gui.cli import desktop
from meticulous_gui.cli.desktop import (
    APP_ID,
    ICON_SIZES_PX,
    MIME_TYPES,
    RAW_TYPE,
    desktop_entry,
    program_command,
)
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.sniff import PICTURE_SUFFIXES

ROOT = Path(__file__).resolve().parents[2]
ENTRY = f"applications/{APP_ID}.desktop"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's XDG folder, not there yet, on a Linux desktop without tools of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "share"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def fields(text: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys of an entry keep their case
    parser.read_file(io.StringIO(text))
    assert parser.sections() == ["Desktop Entry"]
    return dict(parser["Desktop Entry"])


def command_of(entry: str) -> list[str]:
    """Return the words that a desktop starts, by the rules for values and then for Exec."""
    escapes = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    value = re.sub(r"\\([sntr\\])", lambda found: escapes[found[1]], fields(entry)["Exec"])
    words = re.finditer(r'"((?:\\["`$\\]|[^"`$\\])*)"|(\S+)', value)
    plain = [re.sub(r"\\(.)", r"\1", word[1]) if word[2] is None else word[2] for word in words]
    return [word.replace("%%", "%") for word in plain]


def test_the_entry_has_every_key_that_a_menu_reads() -> None:
    found = fields(desktop_entry(["/opt/m/bin/meticulous"]))
    assert (found["Type"], found["Name"], found["Icon"]) == ("Application", "Meticulous", APP_ID)
    assert (found["TryExec"], found["Exec"]) == ("/opt/m/bin/meticulous", "/opt/m/bin/meticulous %F")
    assert (found["Terminal"], found["StartupNotify"]) == ("false", "true")
    assert "Graphics" in found["Categories"].split(";")
    for key in ("Categories", "Keywords", "Keywords[de]", "MimeType"):
        assert found[key].endswith(";")


@pytest.mark.parametrize("has_raw", [False, True])
def test_it_is_offered_for_every_kind_of_photo_that_the_program_opens(
    monkeypatch: pytest.MonkeyPatch, has_raw: bool
) -> None:
    assert set(MIME_TYPES) == set(PICTURE_SUFFIXES)
    monkeypatch.setattr(desktop, "find_spec", lambda _name: object() if has_raw else None)
    types = fields(desktop_entry(["meticulous"]))["MimeType"].rstrip(";").split(";")
    assert types == list(dict.fromkeys(MIME_TYPES.values())) + [RAW_TYPE] * has_raw
    assert all(re.fullmatch(r"image/[a-z0-9.-]+", name) for name in types)


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1
        ),
        min_size=1,
    )
)
def test_any_command_arrives_at_the_desktop_word_by_word(command: list[str]) -> None:
    assert command_of(desktop_entry(command)) == [*command, "%F"]


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="desktop-file-validate is not there"
)
def test_the_judge_of_entries_accepts_it(tmp_path: Path) -> None:
    path = tmp_path / "meticulous.desktop"
    path.write_text(desktop_entry(["/home/me/my apps/meticulous", "100%"]), encoding="utf-8")
    done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_says_what_it_wrote_and_that_is_an_entry_and_icons_of_every_size(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--install-desktop"]) == 0
    out, err = capsys.readouterr()
    *said, last = out.splitlines()
    assert sorted(said) == sorted(f"wrote {home / name}" for name in tree(home))
    assert "Open with" in last
    assert err == ""
    icons = home / "icons" / "hicolor"
    assert (icons / "scalable/apps/meticulous.svg").read_bytes() == (
        resource_dir() / "icons/app.svg"
    ).read_bytes()
    for size in ICON_SIZES_PX:
        with Image.open(icons / f"{size}x{size}" / "apps" / "meticulous.png") as icon:
            assert (icon.size, icon.mode) == ((size, size), "RGBA")
            assert icon.getpixel((0, 0))[3] == 0  # type: ignore[index]  # the corner is round
            assert icon.getpixel((size // 8, size // 2))[3] == 255  # type: ignore[index]


def test_twice_is_as_good_as_once_and_taking_away_leaves_what_others_wrote(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {"applications/other.desktop": b"other", "icons/hicolor/48x48/apps/other.png": b"png"}
    for name, content in others.items():
        (home / name).parent.mkdir(parents=True)
        (home / name).write_bytes(content)
    assert main(["--install-desktop"]) == 0
    once = tree(home)
    assert main(["--install-desktop"]) == 0
    assert tree(home) == once
    capsys.readouterr()
    assert main(["--uninstall-desktop"]) == 0
    assert capsys.readouterr().out.count("removed ") == len(once) - len(others)
    assert tree(home) == others
    assert main(["--uninstall-desktop"]) == 0
    assert capsys.readouterr().out == "There was nothing to take away.\n"


def test_where_nothing_was_nothing_stays(home: Path) -> None:
    assert main(["--install-desktop"]) == 0
    assert main(["--uninstall-desktop"]) == 0
    assert list(home.iterdir()) == []


def test_the_command_of_the_entry_starts_this_program_from_another_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(ROOT / "main.py")])
    assert main(["--install-desktop"]) == 0
    *command, files = command_of((home / ENTRY).read_text(encoding="utf-8"))
    assert files == "%F"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [*command, "--version"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"meticulous {__version__}\n"


def test_the_command_is_that_of_the_script_of_the_checkout_or_of_the_frozen_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout, site = tmp_path / "checkout", tmp_path / "site"
    for folder in (checkout, site):
        (folder / "meticulous_gui").mkdir(parents=True)
    (checkout / "main.py").touch()
    assert program_command(tmp_path / "bin" / "meticulous") == [str(tmp_path / "bin" / "meticulous")]
    for started in (checkout / "main.py", checkout / "meticulous_gui" / "__main__.py"):
        assert program_command(started) == [sys.executable, str(checkout / "main.py")]
    module = [sys.executable, "-m", "meticulous_gui"]
    assert program_command(site / "meticulous_gui" / "__main__.py") == module
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program_command(checkout / "main.py") == [sys.executable]


def test_running_desktops_are_told_with_the_programs_that_are_there(home: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    (tmp_path / "bin").mkdir()
    for name in ("update-desktop-database", "gtk-update-icon-cache"):
        tool = tmp_path / "bin" / name
        tool.write_text(f'#!/bin/sh\necho {name} "$@" >> {shlex.quote(str(said))}\n', encoding="utf-8")
        tool.chmod(0o755)
    assert main(["--install-desktop"]) == 0
    database = f"update-desktop-database -q {home / 'applications'}"
    assert said.read_text().splitlines() == [database]
    (home / "icons" / "hicolor" / "icon-theme.cache").touch()
    said.unlink()
    assert main(["--install-desktop"]) == 0
    cache = f"gtk-update-icon-cache -q -f -t {home / 'icons' / 'hicolor'}"
    assert said.read_text().splitlines() == [database, cache]


@pytest.mark.parametrize("relative", ["", "share"])
def test_without_a_folder_of_its_own_it_is_the_one_in_the_home(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relative: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", relative)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert desktop.data_home() == tmp_path / "me" / ".local" / "share"


def test_a_folder_that_may_not_be_written_is_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "applications").write_text("a file where a folder belongs")
    assert main(["--install-desktop"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"{home / 'applications'} is a file, not a folder" in err


def test_the_option_goes_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--install-desktop", "dog.jpg"]) == 2
    assert capsys.readouterr().err == "meticulous: --install-desktop takes nothing else (dog.jpg).\n"
    assert not home.exists()


@pytest.mark.parametrize(("platform", "word"), [("win32", "Start menu"), ("darwin", "Dock")])
def test_elsewhere_it_says_what_to_do_instead(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], platform: str, word: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert main(["--install-desktop"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert word in err
    assert not home.exists()
