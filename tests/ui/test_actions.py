from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.action import GROUPS, Action, ActionState
from meticulous_gui.ui.actions import ACTIONS, CONTEXT_MENU, TOOL_STRIP, action
from meticulous_gui.ui.dialogs.palette import find_actions, rank
from meticulous_gui.ui.icons import icon_names
from meticulous_gui.ui.tools.toolbox import make_tools
from tests.ui.canvas_stage import Desk

# What a person was promised: each of these keys does this.
PROMISED = {
    "V": "tool_hand", "B": "tool_brush", "E": "tool_eraser", "L": "tool_lasso", "R": "tool_refine",
    "X": "swap", "Q": "view_photo", "F": "cycle_view", "K": "view_black", "W": "view_white",
    "A": "view_alpha", "O": "view_overlay", "T": "view_checkerboard", "N": "view_contour",
    "U": "view_confidence", "Shift+U": "view_decided", "[": "brush_smaller", "]": "brush_larger",
    "0": "zoom_fit", "1": "zoom_actual", "2": "zoom_mask",
    "Ctrl+Z": "undo", "Ctrl+Shift+Z": "redo", "Ctrl+Y": "redo", "Ctrl+O": "open",
    "Ctrl+S": "save", "Ctrl+E": "export", "Ctrl+Shift+E": "export_as", "F4": "panels",
    "F8": "keyboard_cursor", "F1": "shortcuts", "Ctrl+K": "palette", "Ctrl+V": "paste", "Ctrl+C": "copy",
    "Esc": "stop",
}  # fmt: skip


def test_no_key_does_two_things() -> None:
    keys = Counter(QKeySequence(key).toString() for row in ACTIONS for key in row.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys, "a key that Qt cannot read"


def test_every_id_is_used_once() -> None:
    assert max(Counter(row.id for row in ACTIONS).values()) == 1


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.id)
def test_every_action_says_what_it_does(row: Action) -> None:
    assert action(row.id) is row
    assert row.label[0].isupper()
    assert row.explanation.endswith(".")
    assert row.group in dict(GROUPS)
    assert row.icon == "" or row.icon in icon_names()


@pytest.mark.parametrize(("key", "action_id"), PROMISED.items())
def test_promised_keys_do_what_was_promised(key: str, action_id: str) -> None:
    assert key in action(action_id).keys


def test_strip_and_context_menu_name_actions_that_exist() -> None:
    for action_id in (*TOOL_STRIP, *CONTEXT_MENU):
        assert action_id == "" or action(action_id).id == action_id


def test_tools_and_their_actions_agree(qtbot: QtBot) -> None:
    from meticulous_gui.ui.canvas import Canvas
    from meticulous_gui.ui.views import ViewState

    canvas = Canvas(ViewState())
    qtbot.addWidget(canvas)
    for tool in make_tools(Desk(None), canvas).values():
        row = action(f"tool_{tool.id}")
        assert row.keys == (tool.key,)
        assert row.icon == tool.icon


def test_without_a_photo_nothing_can_be_saved_or_undone() -> None:
    empty = ActionState()
    for action_id in ("save", "export", "copy", "undo", "redo", "find_again", "zoom_fit", "clear_mask"):
        assert not action(action_id).enabled(empty)
    for action_id in ("open", "paste", "shortcuts", "palette", "quit"):
        assert action(action_id).enabled(empty)


def test_a_running_network_can_be_undone_even_before_the_first_step() -> None:
    assert action("undo").enabled(ActionState(has_photo=True, is_running=True))


def test_a_locked_layer_cannot_be_cleared() -> None:
    assert action("clear_mask").enabled(ActionState(has_photo=True, n_layers=1))
    assert not action("clear_mask").enabled(ActionState(has_photo=True, n_layers=1, is_locked=True))


def test_a_few_letters_find_a_command() -> None:
    assert find_actions("undo", ACTIONS)[0].id == "undo"
    assert find_actions("exp", ACTIONS)[0].id == "export"
    assert "view_checkerboard" in [row.id for row in find_actions("checker", ACTIONS)]
    assert find_actions("", ACTIONS) == list(ACTIONS)
    assert find_actions("qqqq", ACTIONS) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [("grow", "adjust_edge"), ("feather", "adjust_edge"), ("specks", "clean_up")],
)
def test_a_word_of_the_help_comes_before_letters_strewn_over_a_name(typed: str, found: str) -> None:
    assert find_actions(typed, ACTIONS)[0].id == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("exprot", "export"), ("brsuh", "tool_brush"), ("undp", "undo"), ("prefernces", "preferences")],
)
def test_the_palette_forgives_a_slip_of_the_finger(typed: str, found: str) -> None:
    assert found in [row.id for row in find_actions(typed, ACTIONS)[:3]]


def test_of_equally_good_answers_the_one_used_last_comes_first() -> None:
    views = [row.id for row in find_actions("view", ACTIONS)]
    last = views[-1]
    assert next(row.id for row in find_actions("", ACTIONS, [last])) == last
    found = [row.id for row in find_actions("undo", ACTIONS, [last])]
    assert found[0] == "undo", "a better answer stays better"
    assert [row.id for row in find_actions("", ACTIONS, ["redo", last])][:2] == ["redo", last]


def test_beginnings_of_words_rank_before_middles_and_middles_before_letters() -> None:
    assert rank("ex", "Export the cut-out") == 0
    assert rank("port", "Export the cut-out") == 1
    assert rank("etc", "Export the cut-out") == 2
    assert rank("zz", "Export the cut-out") is None
