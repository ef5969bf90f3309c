"""The switch “only where nothing else is”: what it does to the open document, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.session import Session

TOPIC = "spared"


class LayerGuard(QObject):
    """Keeps the switch of the settings and that of the document the same.

    Signals:
        changed: (bool) the switch is another one.
    """

    changed = Signal(bool)

    def __init__(self, session: Session, choices: Choices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._choices = choices
        self._stop: Callable[[], None] | None = None
        session.document_opened.connect(self._on_opened)
        choices.changed.connect(self._follow)

    @property
    def is_on(self) -> bool:
        """Whether layers leave each other's pixels alone."""
        return self._choices.settings.layers.only_where_empty

    def set_on(self, is_on: bool) -> None:
        """Turn it on or off, for all documents from now on."""
        settings = self._choices.settings
        self._choices.take(replace(settings, layers=replace(settings.layers, only_where_empty=is_on)))

    def toggle(self) -> None:
        """Turn it on, or off again."""
        self.set_on(not self.is_on)

    def _on_opened(self) -> None:
        if self._stop is not None:
            self._stop()
        document = self._session.document
        self._stop = document.subscribe_spared(self._on_spared) if document is not None else None
        self._follow()

    def _follow(self) -> None:
        if self._session.document is not None:
            self._session.document.only_where_empty = self.is_on
        self.changed.emit(self.is_on)

    def _on_spared(self) -> None:
        """Say why nothing happened."""
        sentence = self.tr("Other layers hold these pixels, and “Only where nothing else is” is on.")
        off = Choice(self.tr("Turn it off"), lambda: self.set_on(False))
        self._session.post(Message(sentence, choices=(off,), topic=TOPIC, is_brief=True))
