"""How another program laid out a JSON file, so that it is written like that again."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["JsonStyle"]


@dataclass(frozen=True)
class JsonStyle:
    """The form of a JSON file; its content is not part of it.

    Attributes:
        indent: how far each level is set in; None for all on one line.
        is_ascii: whether other letters are written as escapes.
        newline: what ends a line.
        ends_with_newline: whether the last line is ended, too.
        has_mark: whether a byte order mark comes first.
    """

    indent: str | None = "  "
    is_ascii: bool = False
    newline: str = "\n"
    ends_with_newline: bool = False
    has_mark: bool = False

    @classmethod
    def of(cls, raw: bytes) -> JsonStyle:
        """Return the style of a file.

        Raises:
            UnicodeDecodeError: it is no text.
        """
        text = raw.decode("utf-8-sig")
        indented = re.match(r"\s*[\[{]\r?\n([ \t]*)", text)
        return cls(
            indent=indented[1] if indented else None,
            is_ascii=text.isascii() and "\\u" in text,
            newline="\r\n" if "\r\n" in text else "\n",
            ends_with_newline=text.endswith("\n"),
            has_mark=raw.startswith(codecs.BOM_UTF8),
        )

    def encode(self, content: Any) -> bytes:
        """Return a file of this style."""
        text = json.dumps(content, indent=self.indent, ensure_ascii=self.is_ascii)
        text = (text + ("\n" if self.ends_with_newline else "")).replace("\n", self.newline)
        return (codecs.BOM_UTF8 if self.has_mark else b"") + text.encode(errors="backslashreplace")
