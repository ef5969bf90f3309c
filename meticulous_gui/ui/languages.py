"""Which language the window speaks, and how it learns it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from meticulous_gui.core.resources import resource_dir

LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
"""What a person may choose, by the codes of the settings; a language is always called by its own name."""


def locale_of(language: str) -> QLocale:
    """Return the locale of a language of the settings; "system" is that of the desktop."""
    return QLocale(language) if language in LANGUAGES else QLocale.system()


def install_translations(application: QApplication, locale: QLocale) -> list[QTranslator]:
    """Let the program and Qt's own dialogs speak a language, as far as there is a translation.

    Numbers are written as the language writes them.

    Returns:
        What was installed, to be taken out again.
    """
    QLocale.setDefault(locale)
    folders = (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("meticulous", str(resource_dir() / "translations")),
    )
    installed = []
    for name, folder in folders:
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
            installed.append(translator)
    return installed
