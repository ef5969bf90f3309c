"""What the tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.runner import Runner
from tests.engine.stubs import StubNetworks


@pytest.fixture
def runner() -> Iterator[Runner]:
    """Run jobs by networks that only pretend."""
    made = Runner(Catalog(), networks=StubNetworks)
    yield made
    made.close()
