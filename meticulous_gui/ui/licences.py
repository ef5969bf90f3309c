"""The licences of what the program is made of: our own, Qt's with how it is met, and those of the wheels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, qVersion

from meticulous_gui.core.resources import resource_dir
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

__all__ = ["COMPONENTS", "Component", "licence_of", "version_of"]

QT_NAMES: Final = ("PySide6-Essentials", "shiboken6")

_QT: Final = QT_TRANSLATE_NOOP(
    "Licences",
    "Qt {version} and its bindings PySide6 are used under the GNU Lesser General Public License, version 3, "
    "as published by The Qt Company and unchanged. They are separate shared libraries in the folder PySide6: "
    "you may replace them by your own build of the same version, with pip where the program was installed "
    "that way, or file by file. Their source code is at https://download.qt.io and "
    "https://code.qt.io. You may change the program for your own use and take it apart to find mistakes "
    "in such changes. The texts of both licences follow.",
)
_MISSING: Final = QT_TRANSLATE_NOOP(
    "Licences", "{name} came without the text of its licence ({licence}); its project page has it."
)


@dataclass(frozen=True)
class Component:
    """Something that the program brings with it.

    Attributes:
        name: of the distribution, or of this program.
        what: what it does here.
    """

    name: str
    what: str


COMPONENTS: Final = (
    Component("Meticulous", QT_TRANSLATE_NOOP("Licences", "this program")),
    Component("PySide6-Essentials", QT_TRANSLATE_NOOP("Licences", "the window (Qt)")),
    Component("shiboken6", QT_TRANSLATE_NOOP("Licences", "joins Qt and Python")),
    Component("torch", QT_TRANSLATE_NOOP("Licences", "runs the networks")),
    Component("numpy", QT_TRANSLATE_NOOP("Licences", "arrays of numbers")),
    Component("opencv-python-headless", QT_TRANSLATE_NOOP("Licences", "fast picture arithmetic")),
    Component("Pillow", QT_TRANSLATE_NOOP("Licences", "reads and writes pictures")),
    Component("pillow-heif", QT_TRANSLATE_NOOP("Licences", "reads HEIC and AVIF")),
    Component("psd-tools", QT_TRANSLATE_NOOP("Licences", "writes PSD")),
    Component("safetensors", QT_TRANSLATE_NOOP("Licences", "reads weights")),
    Component("scipy", QT_TRANSLATE_NOOP("Licences", "a solver for clicks")),
    Component("lz4", QT_TRANSLATE_NOOP("Licences", "packs what undo remembers")),
    Component("platformdirs", QT_TRANSLATE_NOOP("Licences", "finds the folders for settings")),
    Component("tqdm", QT_TRANSLATE_NOOP("Licences", "progress of the command line")),
)
"""In the order of a list; a test compares it with the dependencies of the package."""


def licence_of(component: Component) -> str:
    """Return the whole text of a component's licence, or a sentence where it came without one."""
    if component.name == "Meticulous":
        return _resource("Apache-2.0.txt")
    if component.name in QT_NAMES:
        how = QCoreApplication.translate("Licences", _QT).format(version=qVersion())
        return "\n\n".join([how, _resource("LGPL-3.0.txt"), _resource("GPL-3.0.txt")])
    from importlib import metadata  # the start of the window need not wait for it

    try:
        distribution = metadata.distribution(component.name)
    except metadata.PackageNotFoundError:  # a bundle without the papers of its wheels
        return _missing(component.name, "?")
    texts = [
        f"{path.name}\n\n{path.read_text(encoding='utf-8')}"
        for path in distribution.files or ()
        if ".dist-info" in path.parts[0]
        and any(word in path.name.casefold() for word in ("licen", "copying", "notice"))
    ]
    said = dict(distribution.metadata.items())  # type: ignore[attr-defined]  # an email.message.Message
    licence = said.get("License-Expression") or said.get("License") or "?"
    title = f"{component.name} {distribution.version} — {licence.splitlines()[0]}"
    return "\n\n".join([title, *(texts or [_missing(component.name, licence)])])


def version_of(component: Component) -> str:
    """Return the installed version of a component, "" where it is not known."""
    from importlib import metadata

    try:
        return metadata.version(component.name)
    except metadata.PackageNotFoundError:
        return ""


def _missing(name: str, licence: str) -> str:
    return QCoreApplication.translate("Licences", _MISSING).format(name=name, licence=licence)


def _resource(name: str) -> str:
    return (resource_dir() / "licences" / name).read_text(encoding="utf-8")
