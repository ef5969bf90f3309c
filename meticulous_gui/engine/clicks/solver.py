"""L-BFGS-B as a generator: the caller gets control back after every evaluation, and may leave for good.

SciPy's solver calls a function and returns when it is done; the runner wants jobs that pause. The solver runs
on a thread of its own that only ever works while the generator waits for it, as a coroutine would.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Evaluation", "Solution", "Variables", "load", "minimise"]

Variables: TypeAlias = NDArray[np.float64]
"""(n,) float64: what is optimised."""

_CORRECTIONS: Final = 20
_GRADIENT_TOLERANCE: Final = 1e-8


@dataclass(frozen=True)
class Evaluation:
    """The objective at one point.

    Attributes:
        value: of the objective.
        gradient: (n,) float64.
        is_enough: nothing is left to be done: the solver stops here.
    """

    value: float
    gradient: Variables
    is_enough: bool = False


@dataclass(frozen=True)
class Solution:
    """The best point seen: value and variables belong together."""

    variables: Variables
    value: float
    n_evaluations: int


class _Left(Exception):  # noqa: N818  not an error: the caller went away
    """Raised in the solver's thread to end it."""


def minimise(
    evaluate: Callable[[Variables], Evaluation], start: Variables, *, most_evaluations: int
) -> Generator[None, None, Solution]:
    """Yield after every evaluation; return the best point seen, ``start`` included.

    The published settings: 20 corrections, no stop on small decrease, gradients below 1e-8, at most
    ``most_evaluations`` evaluations (counted exactly, a line search does not overshoot) in twice as many
    iterations.

    Args:
        evaluate: called by the generator, never from two threads at once.
        start: where to begin.
        most_evaluations: at least 1.
    """
    asked: queue.SimpleQueue[Variables | None] = queue.SimpleQueue()
    answered: queue.SimpleQueue[Evaluation | None] = queue.SimpleQueue()
    solver = threading.Thread(
        target=_solve, args=(start, most_evaluations, asked, answered), name="meticulous-solver", daemon=True
    )
    best = Solution(start, np.inf, 0)
    n_evaluations = 0
    solver.start()
    try:
        while (point := asked.get()) is not None:
            evaluation = evaluate(point)
            n_evaluations += 1
            if evaluation.value < best.value:
                best = Solution(point, evaluation.value, n_evaluations)
            yield
            if evaluation.is_enough or n_evaluations >= most_evaluations:
                break
            answered.put(evaluation)
    finally:
        answered.put(None)
        solver.join()
    return Solution(best.variables, best.value, n_evaluations)


def load() -> None:
    """Load SciPy's optimisers now, a third of a second, so that no click waits for them."""
    import scipy.optimize  # noqa: F401


def _solve(
    start: Variables,
    most_evaluations: int,
    asked: queue.SimpleQueue[Variables | None],
    answered: queue.SimpleQueue[Evaluation | None],
) -> None:
    # Here and not above: who only cuts out photos should not wait for SciPy (see `load`).
    from scipy.optimize import fmin_l_bfgs_b

    def ask(point: Variables) -> tuple[float, Variables]:
        asked.put(np.array(point, np.float64))
        answer = answered.get()
        if answer is None:
            raise _Left
        return answer.value, answer.gradient

    try:
        fmin_l_bfgs_b(
            ask,
            start,
            m=_CORRECTIONS,
            factr=0.0,
            pgtol=_GRADIENT_TOLERANCE,
            maxfun=most_evaluations,
            maxiter=2 * most_evaluations,
        )
    except _Left:
        pass
    finally:
        asked.put(None)
