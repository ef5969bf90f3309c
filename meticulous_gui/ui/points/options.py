"""What a person has set for pointing, as the engine takes it."""

from __future__ import annotations

from typing import cast

from meticulous_gui.core.settings import PointSettings
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.roles import BrsMode


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
