"""When something was, as the person's language writes it."""

from __future__ import annotations

import datetime

from PySide6.QtCore import QDateTime, QLocale


def moment_text(moment: datetime.datetime) -> str:
    """Return the time of a moment of today, the day and the time of another one."""
    here, locale, short = moment.astimezone(), QLocale(), QLocale.FormatType.ShortFormat
    when = QDateTime.fromSecsSinceEpoch(int(here.timestamp()))
    is_today = here.date() == datetime.datetime.now().date()
    return locale.toString(when.time(), short) if is_today else locale.toString(when, short)
