"""``--install-desktop``: the program in the desktop's menu and under "Open with", by freedesktop's rules."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from meticulous_gui.cli.exits import EXIT_DONE, EXIT_SOME_FAILED, EXIT_USAGE

__all__ = ["APP_ID", "DESKTOP_OPTIONS", "desktop_entry", "install", "program_command", "run", "uninstall"]

APP_ID: Final = "meticulous"
"""The name that the window tells the desktop, too (``setDesktopFileName``): so it finds the icon."""

DESKTOP_OPTIONS: Final = {
    "--install-desktop": 'put the program into the desktop\'s menu and under "Open with" for photos (Linux)',
    "--uninstall-desktop": "take away what --install-desktop wrote",
}

ICON_SIZES_PX: Final = (16, 22, 24, 32, 48, 64, 128, 256, 512)

MIME_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".psd": "image/vnd.adobe.photoshop",
    ".jp2": "image/jp2",
    ".ppm": "image/x-portable-pixmap",
    ".pgm": "image/x-portable-graymap",
    ".tga": "image/x-tga",
}
"""The type that freedesktop's shared-mime-info gives each kind of picture that the program opens."""

RAW_TYPE: Final = "image/x-dcraw"
"""The parent of all types of camera raw files, which the program opens where rawpy is installed."""

_ELSEWHERE: Final = {
    "win32": (
        "this is for Linux; on Windows pin meticulous-gui.exe to the Start menu, and for a photo choose"
        ' "Open with" and that file.'
    ),
    "darwin": (
        "this is for Linux; on macOS start meticulous in a terminal and keep it in the Dock, or drop photos"
        " on its window."
    ),
}

_ENTRY: Final = """\
[Desktop Entry]
Type=Application
Version=1.5
Name=Meticulous
GenericName=Photo Cut-outs
GenericName[de]=Fotos freistellen
Comment=Cut objects out of photographs
Comment[de]=Objekte aus Fotos ausschneiden
Keywords=background;mask;cut-out;segmentation;annotation;
Keywords[de]=Hintergrund;Maske;Freisteller;Segmentierung;Annotation;
Icon={app_id}
TryExec={program}
Exec={command} %F
Terminal=false
StartupNotify=true
StartupWMClass={app_id}
Categories=Graphics;Photography;RasterGraphics;
MimeType={types}
"""

_PLAIN: Final = re.compile(r"[\w@%+=:,./-]+")

DrawIcon = Callable[[int], bytes]
"""Gives the program's icon as PNG, so many pixels square."""


def run(arguments: Sequence[str], draw_icon: DrawIcon) -> int:
    """Do what the option says, say what was done and return the exit code.

    Raises:
        ImportError: the icon cannot be drawn; nothing was written.
    """
    from meticulous_gui.core.errors import MeticulousError

    option, *more = arguments
    if more:
        return _say(f"{option} takes nothing else ({more[0]}).", EXIT_USAGE)
    if sys.platform in _ELSEWHERE:
        return _say(_ELSEWHERE[sys.platform], EXIT_USAGE)
    folder = data_home()
    try:
        if option == "--install-desktop":
            paths, verb = install(folder, program_command(Path(sys.argv[0])), draw_icon), "wrote"
            word = 'Meticulous is in the menu now, and under "Open with" for photos.'
        else:
            paths, verb = uninstall(folder), "removed"
            word = "Meticulous is no longer in the menu." if paths else "There was nothing to take away."
    except MeticulousError as error:
        return _say(str(error), EXIT_SOME_FAILED)
    for path in paths:
        print(f"{verb} {path}")  # noqa: T201
    print(word)  # noqa: T201
    return EXIT_DONE


def data_home() -> Path:
    """Return the folder of the user's applications and icons: XDG_DATA_HOME where it is absolute."""
    given = Path(os.environ.get("XDG_DATA_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".local" / "share"


def program_command(started: Path) -> list[str]:
    """Return the command that starts this program from any folder.

    Args:
        started: what was started now, ``sys.argv[0]``.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable]
    started = started.absolute()
    if started.suffix != ".py":
        return [str(started)]  # the script that pip has made
    from_checkout = started.parent.parent / "main.py" if started.name == "__main__.py" else started
    if from_checkout.is_file():
        return [sys.executable, str(from_checkout)]
    return [sys.executable, "-m", "meticulous_gui"]


def install(folder: Path, command: Sequence[str], draw_icon: DrawIcon) -> list[Path]:
    """Write the menu entry and the icons, over older ones too, and return their paths.

    Raises:
        ExportError: one sentence; a folder may not be written, the disk is full.
        ImportError: ``draw_icon``'s; nothing was written.
    """
    from meticulous_gui.core.files import ensure_folder, write_bytes
    from meticulous_gui.core.resources import resource_dir

    entry, scalable, *icons = _paths(folder)
    contents = {
        entry: desktop_entry(command).encode(),
        scalable: (resource_dir() / "icons" / "app.svg").read_bytes(),
        **{path: draw_icon(size_px) for path, size_px in zip(icons, ICON_SIZES_PX, strict=True)},
    }
    for path, content in contents.items():
        ensure_folder(path.parent)
        write_bytes(path, content)
    _tell_desktop(folder)
    return list(contents)


def uninstall(folder: Path) -> list[Path]:
    """Remove what ``install`` wrote, and folders that are empty then; return the paths of the files.

    Raises:
        ExportError: one sentence; a file may not be removed.
    """
    from meticulous_gui.core.errors import ExportError

    removed = []
    for path in _paths(folder):
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ExportError(f"{path} was not removed ({error.strerror}); remove it by hand.") from error
        removed.append(path)
        _remove_empty(path.parent, up_to=folder)
    if removed:
        _tell_desktop(folder)
    return removed


def desktop_entry(command: Sequence[str]) -> str:
    """Return the menu entry that starts ``command`` with the photos that were chosen."""
    raw = [RAW_TYPE] if find_spec("rawpy") is not None else []
    types = list(dict.fromkeys([*MIME_TYPES.values(), *raw]))
    return _ENTRY.format(
        app_id=APP_ID,
        program=_escaped(command[0]),
        command=" ".join(_quoted(word) for word in command),
        types="".join(f"{name};" for name in types),
    )


def _paths(folder: Path) -> list[Path]:
    """Return the entry, the scalable icon and one icon of each size."""
    icons = folder / "icons" / "hicolor"
    return [
        folder / "applications" / f"{APP_ID}.desktop",
        icons / "scalable" / "apps" / f"{APP_ID}.svg",
        *(icons / f"{size}x{size}" / "apps" / f"{APP_ID}.png" for size in ICON_SIZES_PX),
    ]


def _quoted(word: str) -> str:
    """Return a word of Exec: quoted as in a shell, its % doubled, then escaped as every value is."""
    if not _PLAIN.fullmatch(word):
        word = '"' + "".join(f"\\{char}" if char in '"`$\\' else char for char in word) + '"'
    return _escaped(word).replace("%", "%%")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _remove_empty(folder: Path, *, up_to: Path) -> None:
    # A folder that holds something of somebody else ends the way up.
    with contextlib.suppress(OSError):
        while folder != up_to:
            folder.rmdir()
            folder = folder.parent


def _tell_desktop(folder: Path) -> None:
    """Let running desktops notice; without these programs they do at the next login."""
    applications, icons = folder / "applications", folder / "icons" / "hicolor"
    if applications.is_dir():
        _call("update-desktop-database", "-q", str(applications))
    if icons.is_dir():
        os.utime(icons)  # what says to GTK that an icon is new
    if (icons / "icon-theme.cache").exists():
        # Only a cache that is there already: a new one would hide icons that others write later.
        _call("gtk-update-icon-cache", "-q", "-f", "-t", str(icons))


def _call(program: str, *arguments: str) -> None:
    import shutil  # both of these cost every start of the program milliseconds
    import subprocess

    found = shutil.which(program)
    if found is not None:
        subprocess.run([found, *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _say(sentence: str, code: int) -> int:
    print(f"meticulous: {sentence}", file=sys.stderr)  # noqa: T201
    return code
