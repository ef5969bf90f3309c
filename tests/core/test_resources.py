"""The program finds its own files."""

from pathlib import Path

import pytest

from meticulous_gui.core import resources
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.resources import resource_dir


def test_the_checkouts_resources_lie_beside_the_package() -> None:
    folder = resource_dir()
    assert folder.is_dir()
    assert folder.name == "resources"


def test_an_installation_without_its_files_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "package" / "core" / "resources.py"))
    with pytest.raises(MeticulousError, match="install Meticulous again"):
        resource_dir()


def test_a_wheels_resources_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "package" / "resources"
    inside.mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "package" / "core" / "resources.py"))
    assert resource_dir() == inside.resolve()
