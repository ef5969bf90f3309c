"""Sentences of core and engine are known to the window word for word, so that it can translate them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import meticulous_gui
from meticulous_gui.ui.core_sentences import SENTENCES, spoken

LEAST_WORDS = 3
"""An f-string of fewer would be like every sentence."""


def said_by_core_and_engine() -> list[re.Pattern[str]]:
    """Return the texts in the code of both, with anything in the places that are filled in."""
    folder = Path(meticulous_gui.__file__).parent
    found = []
    for path in [*(folder / "core").rglob("*.py"), *(folder / "engine").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts: list[str | None] = []
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.compile(re.escape(node.value)))
            elif isinstance(node, ast.JoinedStr):
                texts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
            if sum(len(text.split()) for text in texts if text) >= LEAST_WORDS:
                shape = "".join(".*?" if text is None else re.escape(text) for text in texts)
                found.append(re.compile(shape, re.DOTALL))
    return found


def test_every_sentence_is_one_that_core_or_engine_says() -> None:
    said = said_by_core_and_engine()
    assert [text for text in SENTENCES if not any(one.fullmatch(text) for one in said)] == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_filled_in_stays(qtbot: QtBot, sentence: str) -> None:
    filled = re.sub(r"\{(\w+)\}", r"some (\1); and, more", sentence)
    assert spoken(filled) == filled, "English is what it was"


def test_other_texts_stay_as_they_are(qtbot: QtBot) -> None:
    for text in ("", "{path}", "A sentence of the window.", "50 % {"):
        assert spoken(text) == text
