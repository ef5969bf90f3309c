"""Batches made ahead of need by threads of this process: decoding and OpenCV leave the interpreter free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Sample = dict[str, NDArray[np.generic]]
MakeSample = Callable[[int, int, int], Sample]  # step, index in the whole batch, side in px
_N_AHEAD = 3  # steps that are under way at a time


class Feed:
    """Samples of step after step, in order.

    Args:
        make_sample: called with (step, index, side in px); must depend on nothing else.
        first_step: where to begin.
        indices: places in the whole batch that this process computes.
        side_of: side in px of the pictures of a step.
        n_threads: 0 makes every sample when it is asked for.
    """

    def __init__(
        self,
        make_sample: MakeSample,
        *,
        first_step: int,
        indices: Sequence[int],
        side_of: Callable[[int], int],
        n_threads: int = 1,
    ) -> None:
        self._make = make_sample
        self._indices = list(indices)
        self._side_of = side_of
        self._next_step = first_step
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="samples") if n_threads else None
        self._waiting: deque[tuple[int, list[Future[Sample]]]] = deque()

    def __enter__(self) -> Feed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def next_batch(self) -> tuple[int, dict[str, Tensor]]:
        """Return the side in px and the stacked samples of the next step, their types kept."""
        if self._pool is None:
            side_px = self._side_of(self._next_step)
            samples = [self._make(self._next_step, index, side_px) for index in self._indices]
            self._next_step += 1
            return side_px, _stack(samples)
        while len(self._waiting) < _N_AHEAD:
            step = self._next_step
            side_px = self._side_of(step)
            futures = [self._pool.submit(self._make, step, index, side_px) for index in self._indices]
            self._waiting.append((side_px, futures))
            self._next_step += 1
        side_px, futures = self._waiting.popleft()
        return side_px, _stack([future.result() for future in futures])


def _stack(samples: Sequence[Sample]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.stack([sample[name] for sample in samples])) for name in samples[0]}


def to_unit(images: Tensor, device: torch.device) -> Tensor:
    """Return pictures as the networks take them.

    Args:
        images: [B, S, S, 3] uint8, or [B, S, S] uint8 for maps.
        device: where they go, before they grow to float.

    Returns:
        [B, 3, S, S] or [B, 1, S, S] float32 0..1, channels last in memory.
    """
    images = images.to(device, non_blocking=True)
    planes = images.unsqueeze(1) if images.ndim == 3 else images.permute(0, 3, 1, 2)
    return (planes.float() / 255.0).contiguous(memory_format=torch.channels_last)
