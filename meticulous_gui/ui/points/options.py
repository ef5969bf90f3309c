"""What a person has set for pointing: chosen anywhere, kept by the window, followed by the open object."""

from __future__ import annotations

from typing import Final, cast

from PySide6.QtCore import QObject, QTimer, Signal

from meticulous_gui.core.settings import PointSettings
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.roles import BrsMode

FOLLOW_MS: Final = 150
"""A number that is being turned is asked about when it rests this long."""


def click_settings(options: PointSettings) -> ClickSettings:
    """Return the settings of a session; where a number stands for "as the network likes it", None."""
    return ClickSettings(
        mode=cast(BrsMode, options.method),
        evaluations=options.evaluations,
        network_clicks=options.network_clicks or None,
        zoom=options.zoom,
        zoom_after=options.zoom_after,
        expansion=options.expansion,
        crop_px=options.crop_px // 16 * 16 or None,
        threshold=options.threshold,
        changes=options.changes,  # type: ignore[arg-type]
    )


class PointOptions(QObject):
    """The options as they are.

    Attributes:
        now: the present values.

    Signals (window thread):
        changed: there are other values.
        wanted: (PointSettings) the person has chosen them; the window keeps them.
        rest: the sessions should follow.
    """

    changed = Signal()
    wanted = Signal(object)
    rest = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.now = PointSettings()
        self._soon = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._soon.timeout.connect(self.rest)

    @property
    def for_sessions(self) -> ClickSettings:
        """What of them the engine is told."""
        return click_settings(self.now)

    def choose(self, options: PointSettings) -> None:
        """Take other values; the window keeps them, and the open object follows."""
        if options != self.now:
            self.follow(options)
            self.wanted.emit(options)

    def follow(self, options: PointSettings) -> None:
        """Take what the settings say."""
        is_other = click_settings(options) != self.for_sessions
        self.now = options
        if is_other:
            self._soon.start()
        self.changed.emit()
