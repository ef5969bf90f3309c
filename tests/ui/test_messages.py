from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.messages import MAX_ROWS, Choice, Message, MessageBar
from meticulous_gui.ui.wrapping_label import BREAK, WrappingLabel, breakable
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


def test_a_name_that_looks_like_markup_is_shown_as_it_is(bar: MessageBar) -> None:
    bar.show_message(Message("<b>.png is gone."))
    [label] = [label for label in bar.findChildren(QLabel) if "gone" in label.text()]
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_name_with_the_sign_of_a_key_is_shown_whole_on_a_button(bar: MessageBar) -> None:
    bar.show_message(Message("Replace it?", choices=(Choice("Replace a&b.png", lambda: None),)))
    [button] = bar.findChildren(QPushButton)
    assert button.text() == "Replace a&&b.png", "Qt draws two signs as one, and one as a line"
    assert button.accessibleName() == "Replace a&b.png"


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


@pytest.mark.parametrize(("before", "width"), [(800, 1200), (800, 600), (1200, 340), (340, 1200)])
def test_every_choice_is_read_whole_however_narrow_the_bar(qtbot: QtBot, before: int, width: int) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    bar = MessageBar(page)
    column.addWidget(bar, 0, Qt.AlignmentFlag.AlignTop)
    labels = ("Find in a box", "Paint it", "Find again", "Clear the mask")
    choices = tuple(Choice(label, lambda: None) for label in labels)
    bar.show_message(Message("No object was found here.", "warning", choices))
    page.resize(before, 400)
    page.show()
    qtbot.waitExposed(page)
    page.resize(width, 400)
    buttons = bar.findChildren(QPushButton)

    def is_arranged() -> bool:
        places = [QRect(button.mapTo(page, QPoint(0, 0)), button.size()) for button in buttons]
        apart = all(not a.intersects(b) for a, b in combinations(places, 2))
        whole = all(button.width() >= button.sizeHint().width() for button in buttons)
        return apart and whole and all(page.rect().contains(place) for place in places)

    qtbot.waitUntil(is_arranged)
    assert bar.width() == width


def test_a_long_name_breaks_where_it_must_and_is_copied_as_it_is(qtbot: QtBot) -> None:
    name = "a_photo_with_a_name_as_long_as_agencies_make_them_" * 4 + ".jpg"
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message(Message(f"{name} is empty.", "error", (Choice("Try it once more", lambda: None),)))
    bar.resize(500, 300)
    bar.show()
    qtbot.waitExposed(bar)
    (text,) = bar.findChildren(WrappingLabel)
    (button,) = bar.findChildren(QPushButton)
    assert text.minimumSizeHint().width() <= text.width(), "nothing is cut off"
    assert button.width() >= button.sizeHint().width()
    assert text.text() == f"{name} is empty."
    text.setSelection(0, len(breakable(name)))
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == name


def test_long_words_break_after_their_parts(qtbot: QtBot) -> None:
    assert breakable("a short-word stays").split(BREAK) == ["a short-word stays"]
    parts = breakable("in /home/somebody/photos/.meticulous/a_b.png").split(BREAK)
    assert parts == ["in /home/", "somebody/", "photos/.", "meticulous/", "a_", "b.", "png"]
    assert breakable("x" * 30).split(BREAK) == ["x"] * 30


@pytest.mark.parametrize(("text", "is_beside"), [("It is empty.", True), ("A long story. " * 20, False)])
def test_buttons_go_below_a_text_that_would_be_higher_beside_them(
    qtbot: QtBot, text: str, is_beside: bool
) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    choices = tuple(Choice(label, lambda: None) for label in ("Another folder…", "Try it once more"))
    bar.show_message(Message(text, "error", choices))
    bar.resize(600, 300)
    bar.show()
    (label,) = bar.findChildren(WrappingLabel)
    button = bar.findChildren(QPushButton)[0]

    def is_arranged() -> bool:
        foot = label.mapTo(bar, label.rect().bottomLeft()).y()
        return (button.mapTo(bar, QPoint(0, 0)).y() < foot) is is_beside

    qtbot.waitUntil(is_arranged, timeout=5000)


def test_a_row_is_as_high_as_its_text_needs(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message(Message("/home/somebody/photos/a long name.jpg is empty; copy it again. " * 3, "error"))
    bar.resize(1600, 200)
    wide = bar.heightForWidth(1600)
    assert wide < bar.heightForWidth(400)
    assert wide <= 3 * bar.fontMetrics().height()
