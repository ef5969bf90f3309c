"""What a network can do for the program; the rest of the program knows these roles, never networks.

Roles take and give numpy arrays, so that this page, the cascade and every stub work without torch.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import DEFAULT_RAMP
from meticulous_gui.engine.types import Batch, Logits, Mask, RgbImage

if TYPE_CHECKING:
    from meticulous_gui.core.prompts import BoxPrompt, Click, Stroke

__all__ = [
    "BrsMode",
    "ClickAnswer",
    "ClickQuestion",
    "ClickSegmenter",
    "Embedding",
    "Instance",
    "Prediction",
    "Proposer",
    "Refiner",
    "Segmenter",
]


@dataclass(frozen=True)
class Prediction:
    """A coarse answer for a whole image, at the network's own scale.

    Attributes:
        logits: float32 (h, w); covers the whole image.
        temperature: what to divide logits by for a confidence; does not move the contour.
        ramp: logits from alpha 0 to alpha 255.
    """

    logits: Logits
    temperature: float = 1.0
    ramp: float = DEFAULT_RAMP


@dataclass(frozen=True)
class Embedding:
    """What a click network keeps of an image between clicks; only the network that made it can read it.

    Attributes:
        key: names the network.
        data: the network's own arrays.
    """

    key: str
    data: tuple[NDArray[np.float32], ...]


BrsMode: TypeAlias = Literal["none", "local", "a", "b", "c", "distmap", "rgb"]
"""How the network is made to agree with clicks: "local" is the default, the others as published."""


@dataclass(frozen=True)
class ClickQuestion:
    """Everything a click network is told, in pixels of its own picture.

    Attributes:
        prompts: clicks, boxes and scribbles.
        previous: uint8 (S, S), the mask before, 255 sure inside; zeros for none.
        mode: how the network is refined at the clicks.
        most_evaluations: of the refinement's objective.
        newest: which click counts twice; None: all alike.
        network_clicks: only so many of the first clicks are shown to the network; None: all.
        variables: of the click before, in the same mode, to start from.
    """

    prompts: tuple[Click | BoxPrompt | Stroke, ...]
    previous: NDArray[np.uint8]
    mode: BrsMode = "local"
    most_evaluations: int = 20
    newest: int | None = None
    network_clicks: int | None = None
    variables: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class ClickAnswer:
    """What a click network says.

    Attributes:
        first: float32 (S, S) logits of the network alone.
        logits: float32 (S, S) after refinement; the same array where there was none.
        features: float32 (s, s, C) of length 1 in every cell: what looks alike.
        variables: of the refinement, None where there was none.
        n_evaluations: of its objective.
    """

    first: Logits
    logits: Logits
    features: NDArray[np.float32]
    variables: NDArray[np.float32] | None = None
    n_evaluations: int = 0


@dataclass(frozen=True)
class Instance:
    """One object a proposer found.

    Attributes:
        mask: (box.height, box.width) bool.
        box: where the mask lies on the image.
        quality: the network's own estimate of the mask's IoU, 0..1.
    """

    mask: Mask
    box: Box
    quality: float


@runtime_checkable
class Segmenter(Protocol):
    """Finds the one well-defined object of a whole image.

    Attributes:
        second: another one to be asked besides, which errs on other images; None: there is none.
    """

    @property
    def second(self) -> Segmenter | None: ...

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        """Return logits of the object.

        Args:
            rgb: (H, W, 3) uint8, of any size; may be a part of a larger array, not copied.
            scale: how large the network sees it, in sizes that it was made for; a network of one size only
                may leave this out of account.
        """


@runtime_checkable
class Refiner(Protocol):
    """Perfects the edge of a mask in patches.

    Attributes:
        patch_px: side of the patches it takes.
        margin_px: rim of a patch that only counts where nothing better is.
        has_halo: whether nothing beyond that rim can reach a pixel inside it; see `tiling.Grid`.
        batch_size: how many at a time; on a CPU so few that a batch takes less than 150 ms.
        temperature: what to divide logits by for a confidence.
        ramp: logits from alpha 0 to alpha 255.
    """

    @property
    def patch_px(self) -> int: ...

    @property
    def margin_px(self) -> int: ...

    @property
    def has_halo(self) -> bool: ...

    @property
    def batch_size(self) -> int: ...

    @property
    def temperature(self) -> float: ...

    @property
    def ramp(self) -> float: ...

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return better logits, (B, 1, S, S); equal to those given where nothing changed.

        Args:
            rgb: (B, 3, S, S) in 0..1.
            logits: (B, 1, S, S) of the mask as it is, in +-8.
        """


@runtime_checkable
class ClickSegmenter(Protocol):
    """Finds the object a person points at.

    Attributes:
        crop_px: side of the square pictures it does best with.
        pad_rgb: colour beyond the photo's edge.
    """

    @property
    def crop_px(self) -> int: ...

    @property
    def pad_rgb(self) -> tuple[int, int, int]: ...

    def encode(self, crop: RgbImage) -> Embedding:
        """Return what further clicks on ``crop``, uint8 (S, S, 3), need."""

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        """Return logits for all prompts so far, with a stop after each piece of work."""


@runtime_checkable
class Proposer(Protocol):
    """Finds every object of an image."""

    def propose(self, rgb: RgbImage) -> list[Instance]:
        """Return the objects of ``rgb``, uint8 (H, W, 3), best first."""
