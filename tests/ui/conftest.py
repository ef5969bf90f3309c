"""What holds for all tests of the window."""

from __future__ import annotations

import pytest

NEVER_MS = 3_600_000


@pytest.fixture(autouse=True)
def _nothing_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare no next photo, for its job would come at an hour of its own; tests of that turn it on."""
    monkeypatch.setattr("meticulous_gui.ui.ahead.QUIET_MS", NEVER_MS)
