"""The project's papers agree with each other: README, CI, metadata, pins, public names."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import meticulous_gui as mg
from meticulous_gui.cli.main import COMMANDS, build_parser

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("numpy", "cv2", "PIL", "torch", "PySide6", "tqdm")


def pyproject() -> dict[str, dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {str(canonicalize_name(name)): version for name, version in rows}


def ci_packages(name: str) -> list[str]:
    found = re.search(rf'^{name}="([^"]+)"', (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1].replace("\\\n", " ").split()


def readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("$(command -v sudo) apt-get update")]


def test_readme_has_two_commands_and_both_name_the_packages_that_ci_installs() -> None:
    packages = ci_packages("PACKAGES")
    commands = readme_commands()
    assert len(commands) == 2
    for command in commands:
        assert f"--no-install-recommends {' '.join(packages)} &&" in command


def test_readme_names_the_packages_that_only_some_tests_need() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"need\n`{' '.join(ci_packages('TEST_PACKAGES'))}`" in text


def test_readme_installs_with_the_pins_that_ci_uses() -> None:
    for text in (*readme_commands(), (ROOT / ".ci" / "run").read_text(encoding="utf-8")):
        assert "pip install" in text
        assert "-c constraints.txt -e" in text


def test_readme_names_files_that_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\(((?!http)[^)#]+)\)", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"resources/samples/\w+\.\w+", text):
        assert (ROOT / name).exists(), name


def test_the_program_understands_the_commands_that_readme_shows() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("meticulous ")]
    assert {words[1] for words in lines} == set(COMMANDS)
    for words in lines:
        assert build_parser().parse_args(words[1:]).run


def test_the_package_has_the_functions_that_readme_calls() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmg\.(\w+)\(", text)) == {name for name in mg.__all__ if name != "__version__"}


def test_training_s_readme_names_commands_options_and_files_that_are_there() -> None:
    text = (ROOT / "training" / "README.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"\btraining(?:\.\w+)+", text)):
        path = ROOT / name.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), name
    for name in re.findall(r"`((?:common|mos_l|mos_h|crm|fbrs)/\w+\.py)`", text):
        assert (ROOT / "training" / name).is_file(), name
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "training").rglob("*.py"))
    known = {*re.findall(r'"(--[a-z-]+)"', code), "--device", "--json", "--sheet", "--help"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    assert named - known == {"--nproc-per-node"}  # of torchrun


def test_every_decision_is_listed_under_its_number_and_title() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("0*.md"))
    heads = [path.read_text(encoding="utf-8").splitlines()[0] for path in pages]
    titles = [head.removeprefix(f"# {number}. ") for number, head in enumerate(heads, start=1)]
    index = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", index, re.MULTILINE)
    assert listed == [
        (str(number), title, path.name)
        for number, (title, path) in enumerate(zip(titles, pages, strict=True), start=1)
    ]


def test_every_dependency_is_pinned_inside_its_range() -> None:
    project = pyproject()["project"]
    wanted = [
        *project["dependencies"],
        *(row for rows in project["optional-dependencies"].values() for row in rows),
    ]
    for row in wanted:
        requirement = Requirement(row)
        name = canonicalize_name(requirement.name)
        if name != canonicalize_name(project["name"]):
            assert requirement.specifier.contains(pins()[name]), row


def test_public_names_are_these() -> None:
    assert mg.__all__ == ["__version__", "click_session", "cutout", "refine"]
    assert all(callable(getattr(mg, name)) for name in ("click_session", "cutout", "refine"))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = mg.nonsense


@pytest.mark.parametrize("statement", ["import meticulous_gui", "import meticulous_gui.__main__"])
def test_importing_the_program_loads_nothing_heavy(statement: str) -> None:
    code = f"import sys; {statement}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "command", [[], ["cutout"], ["refine"], ["click"], ["evaluate"], ["models"], ["doctor"]]
)
def test_help_loads_nothing_heavy_and_exits_0(command: list[str]) -> None:
    code = (
        "import sys; from meticulous_gui.__main__ import main; "
        f"code = main({[*command, '--help']!r}); "
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("heavy: []")
    assert "usage:" in done.stdout
