"""A list of functions to call when something has happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

__all__ = ["Observers"]

P = ParamSpec("P")


class Observers(Generic[P]):
    """Who wants to know; called in the order of subscription, in the thread of the change."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[P, None]] = []

    def add(self, callback: Callable[P, None]) -> Callable[[], None]:
        """Call ``callback`` from now on; returns how to stop it (calling that twice does no harm)."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call everybody; a callback may subscribe or unsubscribe meanwhile."""
        for callback in tuple(self._callbacks):
            callback(*args, **kwargs)
