from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.messages import MAX_ROWS, Choice, Message, MessageBar
from tests.ui.received import received


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_an_empty_bar_takes_no_room(bar: MessageBar) -> None:
    assert not bar.isVisible()
    bar.show_message(Message("Something is so."))
    assert bar.isVisible()
    bar.clear()
    assert not bar.isVisible()


def test_the_newest_message_is_on_top_and_old_ones_give_way(bar: MessageBar) -> None:
    for number in range(MAX_ROWS + 2):
        bar.show_message(Message(f"Sentence {number}."))
    assert [message.text for message in bar.messages] == ["Sentence 4.", "Sentence 3.", "Sentence 2."]


def test_a_message_replaces_the_one_on_its_topic_and_its_own_repetition(bar: MessageBar) -> None:
    bar.show_message(Message("Written to a.", topic="export"))
    bar.show_message(Message("Other."))
    bar.show_message(Message("Written to b.", topic="export"))
    bar.show_message(Message("Other."))
    assert [message.text for message in bar.messages] == ["Other.", "Written to b."]


def test_a_choice_is_taken_once_and_its_message_goes(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[str] = []
    bar.show_message(Message("Which?", "warning", (Choice("This", lambda: taken.append("this")),)))
    button = bar.findChild(QPushButton)
    assert button is not None
    emptied = received(bar.emptied)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(emptied) == 1
    assert taken == ["this"]
    assert bar.messages == ()


def test_closing_a_message_takes_no_choice(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[str] = []
    bar.show_message(Message("Which?", "warning", (Choice("This", lambda: taken.append("this")),)))
    button = bar.findChild(QToolButton)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken == []
    assert bar.messages == ()


def test_only_notes_go_by_themselves() -> None:
    choice = Choice("This", lambda: None)
    assert Message("Note.").goes_by_itself
    assert not Message("Note with a choice.", choices=(choice,)).goes_by_itself
    assert not Message("Error.", "error").goes_by_itself
    assert Message("Brief.", choices=(choice,), is_brief=True).goes_by_itself


def test_kinds_are_told_apart_without_colour(bar: MessageBar) -> None:
    for kind in ("note", "warning", "error"):
        bar.show_message(Message(f"A {kind}.", kind))
    names = {label.accessibleName() for label in bar.findChildren(QLabel)}
    assert {"Note", "Warning", "Error"} <= names


def test_a_choice_that_is_not_offered_cannot_be_taken(bar: MessageBar) -> None:
    bar.show_message(Message("Nothing to choose."))
    with pytest.raises(LookupError, match="Restore"):
        bar.choose("Restore")
