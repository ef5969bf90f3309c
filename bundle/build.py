"""Builds the program as one folder that needs no Python: ``python bundle/build.py [--out FOLDER]``.

PyInstaller collects the code, the resources with the weights, and of the libraries what is loaded. One
folder, not one file: a file would unpack a gigabyte at every start.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "meticulous"

LEFT_OUT: Final = (
    # torch's compilers, exporters, training on many machines, tests; and what only these need
    "torch._dynamo",
    "torch._export.db",
    "torch._export.passes",
    "torch._inductor",
    "torch._numpy",
    "torch._vendor.quack",
    "torch.ao.pruning",
    "torch.distributed.checkpoint",
    "torch.distributed.elastic",
    "torch.distributed.fsdp",
    "torch.distributed.optim",
    "torch.distributed.pipelining",
    "torch.distributed.tensor",
    "torch.onnx",
    "torch.utils.benchmark",
    "torch.utils.tensorboard",
    "triton",
    "fsspec",
    "jinja2",
    "networkx",
    "sympy",
    # of SciPy only the optimiser and what it stands on is used
    "scipy.cluster",
    "scipy.datasets",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.io",
    "scipy.ndimage",
    "scipy.signal",
    "scipy.stats",
    # the makers' tools
    "IPython",
    "hypothesis",
    "matplotlib",
    "mypy",
    "pytest",
    "setuptools",
    "tkinter",
)
"""Modules that the running program never loads (a test compares), though something mentions them."""


def build(out: Path) -> Path:
    """Build the folder ``out/meticulous``, replacing an older one, and return the program inside.

    Raises:
        subprocess.CalledProcessError: PyInstaller failed; it has said why.
    """
    with tempfile.TemporaryDirectory(prefix="meticulous-bundle-") as work:
        options = [
            "--noconfirm",
            "--log-level=WARN",
            "--onedir",
            f"--name={NAME}",
            f"--distpath={out}",
            f"--workpath={work}",
            f"--specpath={work}",
            f"--paths={ROOT}",
            f"--add-data={ROOT / 'resources'}:meticulous_gui/resources",
            "--hidden-import=meticulous_gui.engine.networks",  # the child process is told it by name
            *(f"--copy-metadata={name}" for name in libraries()),
            *(f"--exclude-module={module}" for module in LEFT_OUT),
        ]
        subprocess.run(
            [sys.executable, "-m", "PyInstaller", *options, str(ROOT / "main.py")], cwd=work, check=True
        )
    return out / NAME / (f"{NAME}.exe" if sys.platform == "win32" else NAME)


def libraries() -> list[str]:
    """Return the names of the libraries inside: their papers (version, licence) go with them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.match(r"[\w-]+", requirement) for requirement in project["dependencies"]]
    return [*(name[0] for name in names if name is not None), "shiboken6"]


def main() -> int:
    """Build, say where the program is and how large its folder; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the program as one folder that needs no Python.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where to put it (dist)")
    out = parser.parse_args().out.absolute()
    if find_spec("PyInstaller") is None:
        print("PyInstaller is missing: pip install -c constraints.txt -e '.[package]'", file=sys.stderr)
        return 2
    try:
        program = build(out)
    except subprocess.CalledProcessError as error:
        print(f"PyInstaller failed (exit code {error.returncode}); its last lines say why.", file=sys.stderr)
        return 1
    n_bytes = sum(path.lstat().st_size for path in program.parent.rglob("*") if path.is_file())
    print(f"{program} ({n_bytes / 1e6:.0f} MB with everything beside it)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
