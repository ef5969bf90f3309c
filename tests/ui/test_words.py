"""Text that a person reads can be translated: whole sentences, never put together inside the call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import meticulous_gui.ui
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

FOLDER = Path(meticulous_gui.ui.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))
TRANSLATORS = {"tr", "translate", "QT_TRANSLATE_NOOP"}


def translated_texts(tree: ast.AST) -> Iterator[tuple[int, list[ast.expr]]]:
    """Yield the line and the texts of every call that translators look for."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        owner = function.value if isinstance(function, ast.Attribute) else None
        is_of_a_box = name == "translate" and owner is not None and not is_qt(owner)
        if name not in TRANSLATORS or is_of_a_box:
            continue
        yield node.lineno, node.args[: 1 if name == "tr" else 2]


def is_qt(owner: ast.expr) -> bool:
    """Return whether `translate` is Qt's and not a box's."""
    return isinstance(owner, ast.Name) and owner.id == "QCoreApplication"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_translators_find_every_text(path: Path) -> None:
    if path.name == "words.py":
        return
    for line, texts in translated_texts(ast.parse(path.read_text(encoding="utf-8"))):
        for text in texts:
            # A name or a field stands for a row of a table, whose text is marked where it is written.
            is_marked = isinstance(text, ast.Constant | ast.Name | ast.Attribute)
            assert is_marked, f"{path.name}:{line}: lupdate cannot read this text"


def test_marking_a_text_leaves_it_as_it_is() -> None:
    assert QT_TRANSLATE_NOOP("Anything", "As it is.") == "As it is."
