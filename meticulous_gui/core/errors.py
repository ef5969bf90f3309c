"""Errors that a person can cause; each message is one sentence that can be shown as it is."""

from __future__ import annotations

__all__ = [
    "EngineError",
    "ExportError",
    "MaskError",
    "MeticulousError",
    "PhotoError",
    "SettingsError",
    "UsageError",
    "WeightsError",
]


class MeticulousError(Exception):
    """A failure with one sentence for a person: what, which file, which value, what to do."""


class PhotoError(MeticulousError):
    """A photo cannot be read."""


class MaskError(MeticulousError):
    """A mask cannot be read or does not fit its photo."""


class ExportError(MeticulousError):
    """A result cannot be written."""


class WeightsError(MeticulousError):
    """A weight file or its card is missing, damaged or of another network."""


class UsageError(MeticulousError):
    """What was asked for cannot be done as it was asked for."""


class SettingsError(MeticulousError):
    """The settings file holds something the program cannot use."""


class EngineError(MeticulousError):
    """A network could not run or gave something that is not a result."""
