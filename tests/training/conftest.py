"""What the tests of the trainers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.training.toy_data import write_toy_data


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of toy sets; nobody changes it."""
    return write_toy_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    """Give back the threads that a command has set."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
