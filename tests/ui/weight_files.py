"""Weight files for tests of what is chosen and installed; nobody runs them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from meticulous_gui.engine.catalog import Card, write_pair


def install_card(
    folder: Path, name: str, role: str, content: bytes = b"weights", *, architecture: str = "mos_l"
) -> Path:
    """Write a weight file that nobody runs, with its card."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.safetensors"
    card = Card(name, role, architecture, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))  # type: ignore[arg-type]
    write_pair(content, card, path)
    return path
