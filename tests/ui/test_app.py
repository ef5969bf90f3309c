from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.fakes import make_photo

ROOT = Path(__file__).parents[2]

# Runs in a process of its own: modules, signals and exit codes belong to a process.
START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from meticulous_gui.ui import app
application = app.make_application()
from meticulous_gui.ui.trouble import Trouble
program = app.Program(application, Trouble(Path(sys.argv[1]) / "meticulous.log"))
heavy = {"torch", "scipy", "qtawesome", "matplotlib", "rawpy"}
program.window.show()
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""


def run_script(script: str, tmp_path: Path, *, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "METICULOUS_STATE_DIR": str(tmp_path / "state"),
        "METICULOUS_CONFIG_DIR": str(tmp_path / "config"),
        "METICULOUS_DATA_DIR": str(tmp_path / "data"),
    }
    return subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def test_the_window_speaks_the_language_that_was_chosen(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('[view]\nlanguage = "de"\n')
    done = run_script(START + "print(program.window.menuBar().actions()[0].text())\n", tmp_path)
    assert done.stdout.strip() == "Datei", done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
def test_the_brushs_ring_is_drawn_by_one_thread(tmp_path: Path) -> None:
    script = START + (
        "import os\n"
        "from PySide6.QtCore import QPointF\n"
        "from PySide6.QtGui import QImage, QPainter\n"
        "from meticulous_gui.ui.decorations import paint_ring\n"
        "before = set(os.listdir('/proc/self/task'))\n"
        "picture = QImage(400, 400, QImage.Format.Format_RGB32)\n"
        "painter = QPainter(picture)\n"
        "paint_ring(painter, QPointF(200, 200), 150, device_pixel_ratio=1.0, is_subtracting=False)\n"
        "painter.end()\n"
        "print(len(set(os.listdir('/proc/self/task')) - before))\n"
    )
    done = run_script(script, tmp_path)
    assert done.stdout.strip() == "0", done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there threads have a niceness")
def test_the_photo_that_is_read_ahead_keeps_nobody_waiting(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        make_photo(tmp_path / name, (40, 60))
    script = START + (
        "import os\n"
        "from meticulous_gui.ui import ahead, opener\n"
        "def told(module, read):\n"
        "    def open_file(*arguments, **options):\n"
        "        print(arguments[0].name, os.getpriority(os.PRIO_PROCESS, 0), flush=True)\n"
        "        if module is ahead:\n"
        "            QTimer.singleShot(0, application, application.quit)\n"
        "        return read(*arguments, **options)\n"
        "    module.open_file = open_file\n"
        "for module in (opener, ahead):\n"
        "    told(module, module.open_file)\n"
        "program.window.open_paths([Path(sys.argv[1])])\n"
        "QTimer.singleShot(20_000, application.quit)\n"
        "application.exec()\n"
        "program.window.close_without_question()\n"
    )
    done = run_script(script, tmp_path)
    niceness = dict(line.split() for line in done.stdout.splitlines())
    assert int(niceness["b.png"]) > int(niceness["a.png"]), done.stderr


def test_autosave_follows_the_preferences_at_once(tmp_path: Path) -> None:
    script = START + (
        "from dataclasses import replace\n"
        "settings = program.choices.settings\n"
        "program.autosaver.follow_settings = lambda: print(program.session.settings.history.autosaves)\n"
        "program.choices.take(replace(settings, history=replace(settings.history, autosaves=False)))\n"
    )
    done = run_script(script, tmp_path)
    assert done.stdout.strip() == "False", done.stderr


def test_a_key_that_an_action_cannot_have_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('[keys]\ninvert_mask = "H"\nclear_mask = "Ctrl+F9"\n')
    script = START + (
        "program.window.networks.start = lambda: None\n"
        "program._start_rest([])\n"
        "print(*(message.text for message in program.window.messages.messages), sep='\\n')\n"
    )
    done = run_script(script, tmp_path)
    (said,) = done.stdout.splitlines()
    assert said.startswith("“Invert the mask” cannot have the key H of the settings"), done.stderr


def test_the_window_shows_without_torch_and_opens_a_photo_without_it(tmp_path: Path) -> None:
    script = START + (
        "from meticulous_gui.core.resources import resource_dir\n"
        "program.session.document_opened.connect(lambda: QTimer.singleShot(0, program.window.close))\n"
        "program.session.settings = __import__('dataclasses').replace(program.session.settings)\n"
        "program.window.open_paths([resource_dir() / 'samples' / 'coffee.png'])\n"
        "QTimer.singleShot(30000, application.quit)\n"
        "application.exec()\n"
        "assert program.session.document is None, 'the session lets go at the end'\n"
        "assert 'torch' not in sys.modules\n"
        "print('fine')\n"
    )
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "fine" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Unix signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_and_keeps_unsaved_work(tmp_path: Path, number: signal.Signals) -> None:
    script = START + (
        "import numpy as np, os, signal\n"
        "from meticulous_gui.core.edit import Edit\n"
        "from meticulous_gui.core.geometry import Box\n"
        "from meticulous_gui.core.resources import resource_dir\n"
        "def paint():\n"
        "    document = program.session.document\n"
        "    edit = Edit(document.active.id, Box(0, 0, 9, 9), np.full((9, 9), 255, np.uint8))\n"
        "    program.session.commit(edit)\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        "program.session.document_opened.connect(lambda: QTimer.singleShot(0, paint))\n"
        "program.window.open_paths([resource_dir() / 'samples' / 'coffee.png'])\n"
        "QTimer.singleShot(30000, lambda: os._exit(9))\n"
        "sys.exit(application.exec())\n"
    )
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    works = list((tmp_path / "state" / "autosave").iterdir())
    assert len(works) == 1


def test_an_exception_in_a_slot_is_logged_and_said_and_the_window_lives(tmp_path: Path) -> None:
    script = START + (
        "trouble = Trouble(Path(sys.argv[1]) / 'meticulous.log')\n"
        "trouble.install()\n"
        "trouble.happened.connect(program.session.post)\n"
        "def fail():\n"
        "    raise RuntimeError('nobody foresaw this')\n"
        "QTimer.singleShot(0, fail)\n"
        "QTimer.singleShot(200, application.quit)\n"
        "application.exec()\n"
        "assert 'nobody foresaw this' in program.window.messages.messages[0].text\n"
        "program.window.close_without_question()\n"
    )
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nobody foresaw this" in (tmp_path / "meticulous.log").read_text()
    assert "Traceback" in (tmp_path / "meticulous.log").read_text()


def test_at_logout_work_is_kept_and_nothing_is_asked(tmp_path: Path) -> None:
    script = START + (
        "import numpy as np\n"
        "from meticulous_gui.core.edit import Edit\n"
        "from meticulous_gui.core.geometry import Box\n"
        "from meticulous_gui.core.resources import resource_dir\n"
        "def log_out():\n"
        "    document = program.session.document\n"
        "    edit = Edit(document.active.id, Box(0, 0, 9, 9), np.full((9, 9), 255, np.uint8))\n"
        "    program.session.commit(edit)\n"
        "    application.commitDataRequest.emit(None)\n"
        "    assert document.unsaved.is_any, 'kept, but not saved'\n"
        "    type(application).isSavingSession = lambda _application: True\n"
        "    assert program.window.close(), 'nobody is asked'\n"
        "program.session.document_opened.connect(lambda: QTimer.singleShot(0, log_out))\n"
        "program.window.open_paths([resource_dir() / 'samples' / 'coffee.png'])\n"
        "QTimer.singleShot(30000, lambda: __import__('os')._exit(9))\n"
        "sys.exit(application.exec())\n"
    )
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "state" / "autosave").iterdir())) == 1


def test_work_is_kept_while_all_that_is_slow_takes_its_time(tmp_path: Path) -> None:
    script = START + (
        "import numpy as np, os, threading\n"
        "from meticulous_gui.core.edit import Edit\n"
        "from meticulous_gui.core.geometry import Box\n"
        "from meticulous_gui.core.resources import resource_dir\n"
        "def paint():\n"
        "    for _ in range(app.N_WORKERS):\n"
        "        program._executor.submit(threading.Event().wait)\n"
        "    document = program.session.document\n"
        "    edit = Edit(document.active.id, Box(0, 0, 9, 9), np.full((9, 9), 255, np.uint8))\n"
        "    program.session.commit(edit)\n"
        "def look():\n"
        "    if list(Path(sys.argv[1]).glob('state/autosave/*/work*')):\n"
        "        print('kept', flush=True)\n"
        "        os._exit(0)\n"
        "program.session.document_opened.connect(lambda: QTimer.singleShot(0, paint))\n"
        "program.window.open_paths([resource_dir() / 'samples' / 'coffee.png'])\n"
        "timer = QTimer(interval=50)\n"
        "timer.timeout.connect(look)\n"
        "timer.start()\n"
        "QTimer.singleShot(15000, lambda: os._exit(9))\n"
        "application.exec()\n"
    )
    done = run_script(script, tmp_path)
    assert done.stdout.strip() == "kept", done.stderr


def test_foreign_weights_in_the_persons_folder_are_named_at_the_start(tmp_path: Path) -> None:
    weights = tmp_path / "data" / "weights"
    weights.mkdir(parents=True)
    (weights / "mine.safetensors").write_bytes(pickle.dumps({"weight": [1.0]}))
    script = START + (
        "program.start([])\n"
        "def look():\n"
        "    texts = [message.text for message in program.window.messages.messages]\n"
        "    print(texts)\n"
        "    program.window.close()\n"
        "QTimer.singleShot(500, look)\n"
        "sys.exit(application.exec())\n"
    )
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(weights / "mine.safetensors") in done.stdout
    assert done.stdout.count("mine.safetensors") <= 2, "one sentence, perhaps with the name of its card"


def test_an_export_that_still_waits_is_written_before_the_program_leaves(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    make_photo(photo, (20, 30), mode="RGBA")
    script = START + (
        "import threading\n"
        "release = threading.Event()\n"
        "def leave():\n"
        "    for _ in range(app.N_WORKERS):\n"
        "        program._executor.submit(release.wait)\n"
        "    program.window.actions_set.trigger('export')\n"
        "    threading.Timer(0.3, release.set).start()\n"
        "    program.window.close()\n"
        "program.session.document_opened.connect(lambda: QTimer.singleShot(0, leave))\n"
        "program.window.open_paths([Path(sys.argv[1]) / 'photo.png'])\n"
        "QTimer.singleShot(30000, lambda: __import__('os')._exit(9))\n"
        "sys.exit(application.exec())\n"
    )
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "photo-cutout.png").exists()
