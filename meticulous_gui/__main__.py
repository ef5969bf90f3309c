"""The entry of both scripts and of ``python -m meticulous_gui``; it alone knows ``cli`` and ``ui``."""

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from meticulous_gui.cli.desktop import DESKTOP_OPTIONS
from meticulous_gui.cli.exits import EXIT_USAGE
from meticulous_gui.cli.main import COMMANDS
from meticulous_gui.cli.main import main as run_command
from meticulous_gui.core.tuning import collect_seldom, give_way_soon, keep_freed_memory


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or open the window when only photos (or nothing) are named. Return the exit code."""
    collect_seldom()
    open_closed_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in DESKTOP_OPTIONS:
        return change_desktop(arguments)
    if arguments[:1] == ["--"]:  # so that names after it may begin with a dash
        return _open_photos(arguments[1:])
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        keep_freed_memory()
        # A polite request to end, or a terminal that is closed, keeps everything finished, as Ctrl+C does.
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, signal.default_int_handler)
        let_names_through()
        return run_command(arguments)
    return _open_photos(arguments)


def _open_photos(names: Sequence[str]) -> int:
    missing = [name for name in names if not os.path.lexists(name)]
    if missing:
        commands, name = ", ".join(COMMANDS), missing[0] or "an empty name"
        return _refuse(f"{name} is neither a file here nor a command; the commands are {commands}.")
    return open_window(names)


def open_closed_streams() -> None:
    """Give streams that were closed before the start (``2>&-``) a place to go.

    Else what is meant for one would go to another, and a file that is opened would take its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
            setattr(sys, name, stream)  # open until the end


def let_names_through() -> None:
    """Let every name of a file be printed on stdout, where a script may read it.

    Linux allows names that are no UTF-8: they are printed byte for byte. Windows gives a file or a pipe the
    letters of one part of the world, which hold few names: it gets UTF-8, as a console there has.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.platform == "win32":
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            sys.stdout.reconfigure(errors="surrogateescape")


def gui_main() -> int:
    """Open the window, whatever is named: the entry of the script that has no terminal."""
    collect_seldom()
    return open_window([name for name in sys.argv[1:] if name])  # an empty one would be the folder here


def open_window(photos: Sequence[str]) -> int:
    """Open the window with these photos and return its exit code when it is closed.

    What would let Qt abort the process is found out before: no display, or a library that the system lacks.
    """
    from meticulous_gui.cli.display import why_no_window

    if reason := why_no_window():
        return _refuse(f"{reason}; {_way_out(photos)}")
    try:
        from meticulous_gui.ui.app import run
    except ImportError as error:
        why = f"the window cannot open ({error}; README names the Debian packages)"
        return _refuse(f"{why}; {_way_out(photos)}")
    give_way_soon()
    return run([Path(name) for name in photos])


def _way_out(photos: Sequence[str]) -> str:
    """Return the command that does without a window what was asked of it, as a shell takes it."""
    import shlex  # every start of the program would wait for it

    names = photos or ["PHOTO"]
    is_one_file = len(names) == 1 and not os.path.isdir(names[0])  # noqa: PTH112
    out = f"{Path(names[0]).stem}-cutout.png" if is_one_file else "cutouts"
    # A name that begins with a dash would be taken for an option.
    *names, out = (f"./{name}" if name.startswith("-") else name for name in (*names, out))
    return f"without a window this works: {shlex.join(['meticulous', 'cutout', *names, '-o', out])}"


def change_desktop(arguments: Sequence[str]) -> int:
    """Put the program into the desktop's menu or take it out; ``cli`` writes, ``ui`` draws the icon."""
    from meticulous_gui.cli import desktop

    try:
        return desktop.run(arguments, _draw_icon)
    except ImportError as error:
        return _refuse(f"the icon cannot be drawn ({error}; README names the Debian packages).")


def _draw_icon(size_px: int) -> bytes:
    from meticulous_gui.ui.icons import app_icon_png

    return app_icon_png(size_px)


def _refuse(sentence: str) -> int:
    print(f"meticulous: {sentence}", file=sys.stderr)  # noqa: T201
    return EXIT_USAGE


if __name__ == "__main__":
    from multiprocessing import freeze_support

    freeze_support()
    sys.exit(main())
