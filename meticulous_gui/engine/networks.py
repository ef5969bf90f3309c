"""MeticulousNet in its roles: what numpy arrays go in, what comes out, and which networks are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core.errors import EngineError, UsageError, WeightsError
from meticulous_gui.core.resample import resize
from meticulous_gui.engine.catalog import Card, Catalog, Role
from meticulous_gui.engine.continuous import CrmRefiner
from meticulous_gui.engine.device import Placed, choose_device, device_text, place
from meticulous_gui.engine.models.meticulous import PRIOR_LIMIT, MosOutput
from meticulous_gui.engine.models.mos_h import PATCH_PX
from meticulous_gui.engine.models.mos_l import MosL
from meticulous_gui.engine.roles import ClickSegmenter, Prediction, Segmenter
from meticulous_gui.engine.types import Batch, RgbImage
from meticulous_gui.engine.weights import load_network

if TYPE_CHECKING:
    from meticulous_gui.engine.clicks.network import FbrsSegmenter

__all__ = [
    "COARSE_PX", "REFINERS", "MosRefiner", "MosSegmenter", "Networks", "PlacedRefiner", "coarse_size",
    "make_refiner",
]  # fmt: skip

COARSE_PX: Final = 336
"""The long side MOS_L is trained for."""

_STRIDE_PX: Final = 16
"""What sides must be divisible by."""

_LEAST_SHARE: Final = 0.2  # of the long side, that the short side is seen at
_UNCHANGED: Final = 1e-3
_MARGIN_PX: Final = 32


def coarse_size(size_hw: tuple[int, int], long_px: int) -> tuple[int, int]:
    """Return the size at which a coarse network sees an image: all of it, in its proportions, not padded.

    Padding to a square was measured to cost a hundredth of IoU (docs/decisions/0025). Only images more than
    five times as long as wide are squeezed.

    Args:
        size_hw: of the image.
        long_px: its long side then, a multiple of 16.

    Returns:
        Height and width, multiples of 16.
    """
    shares = (max(side / max(size_hw), _LEAST_SHARE) for side in size_hw)
    height, width = (max(1, round(share * long_px / _STRIDE_PX)) * _STRIDE_PX for share in shares)
    return height, width


class MosSegmenter:
    """MOS_L as a `Segmenter`.

    Attributes:
        second: see `Segmenter`.
    """

    def __init__(self, card: Card, network: nn.Module, device: torch.device) -> None:
        self.card = card
        first = cast(MosL, network)
        second, first.second = first.second, None
        self.second = None if second is None else MosSegmenter(card, second, device)
        example = (torch.zeros(1, 3, COARSE_PX, COARSE_PX),)
        self.placed = place(first, _final_logits, example, device=device, batch_size=1)

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        """Return logits of the object, float32, long side ``scale`` times `COARSE_PX`."""
        long_px = max(1, round(scale * COARSE_PX / _STRIDE_PX)) * _STRIDE_PX
        small = resize(rgb, coarse_size((rgb.shape[0], rgb.shape[1]), long_px))
        x = torch.from_numpy(small).permute(2, 0, 1).unsqueeze(0).float() / 255
        logits = self.placed.run(x)[0, 0].numpy()
        if not np.isfinite(logits).all():
            raise EngineError("The network gave something that is no mask; the mask is unchanged.")
        return Prediction(np.ascontiguousarray(logits), self.card.temperature, self.card.ramp)


class MosRefiner:
    """MOS_H as a `Refiner`.

    Attributes:
        patch_px, margin_px, has_halo, temperature, ramp: see `Refiner`.
    """

    patch_px: int = PATCH_PX
    margin_px: int = _MARGIN_PX
    has_halo: bool = False

    def __init__(self, card: Card, network: nn.Module, device: torch.device) -> None:
        self.card = card
        self.temperature = card.temperature
        self.ramp = card.ramp
        example = (torch.zeros(1, 3, PATCH_PX, PATCH_PX), torch.zeros(1, 1, PATCH_PX, PATCH_PX))
        self.placed = place(network, _final_logits, example, device=device)

    @property
    def batch_size(self) -> int:
        return self.placed.ladder.batch_size

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return better logits; the network's own limit of its input is no change."""
        given = torch.from_numpy(logits)
        answer = self.placed.run(torch.from_numpy(rgb), given)
        limited = given.clamp(-PRIOR_LIMIT, PRIOR_LIMIT)
        result: Batch = torch.where((answer - limited).abs() <= _UNCHANGED, given, answer).numpy()
        return result


Loaded = TypeVar("Loaded", "MosSegmenter", "MosRefiner | CrmRefiner", "FbrsSegmenter")
PlacedRefiner: TypeAlias = MosRefiner | CrmRefiner
REFINERS: Final[dict[str, type[PlacedRefiner]]] = {"mos_h": MosRefiner, "crm": CrmRefiner}


def make_refiner(card: Card, network: nn.Module, device: torch.device) -> PlacedRefiner:
    """Return a network in the role of a refiner.

    Args:
        card: says which of ``REFINERS`` it is.
        network: in evaluation mode.
        device: where it runs.
    """
    return REFINERS[card.architecture](card, network, device)


class Networks:
    """The networks that are loaded, each once, on one device.

    Attributes:
        catalog: what can be loaded.
        device: where they run.
    """

    def __init__(self, catalog: Catalog, device: str | None = None) -> None:
        self.catalog = catalog
        self.device = choose_device(device)
        self._segmenters: dict[str, MosSegmenter] = {}
        self._refiners: dict[str, PlacedRefiner] = {}
        self._clickers: dict[str, FbrsSegmenter] = {}

    def segmenter(self, name: str) -> Segmenter:
        """Return a segmenter by its name, "" the preferred one.

        Raises:
            WeightsError: it is not installed or damaged.
        """
        card = self._card(name, "segmenter", "mos_l")
        if card.name not in self._segmenters:
            self._segmenters[card.name] = MosSegmenter(card, load_network(card), self.device)
        return self._segmenters[card.name]

    def refiner(self, name: str, *, fades: bool = True) -> PlacedRefiner:
        """Return what perfects a mask, by its name, "" the preferred one.

        Args:
            name: of one in the catalog.
            fades: see `RefineRequest`.

        Raises:
            WeightsError: it is not installed or damaged.
            UsageError: it does not see far enough for ``fades=False`` to change anything.
        """
        card = self._card(name, "refiner", *REFINERS)
        if card.name not in self._refiners:
            self._refiners[card.name] = make_refiner(card, load_network(card), self.device)
        refiner = self._refiners[card.name]
        if fades:
            return refiner
        if not isinstance(refiner, CrmRefiner):
            raise UsageError(
                f'fades=False changes nothing for {card.name}; leave it out or name a refiner such as "crm".'
            )
        return refiner.unfaded()

    def clicker(self, name: str) -> ClickSegmenter:
        """Return a click network by its name, "" the preferred one.

        Raises:
            WeightsError: it is not installed or damaged.
        """
        from meticulous_gui.engine.clicks.network import FbrsSegmenter  # a cut-out does without

        card = self._card(name, "click_segmenter", "fbrs")
        if card.name not in self._clickers:
            self._clickers[card.name] = FbrsSegmenter(card, load_network(card), self.device)
        return self._clickers[card.name]

    def choose(self, catalog: Catalog) -> None:
        """Look for networks in this catalog from now on; those that are not preferred there are freed.

        A network that is still in use is freed when its user lets go of it.
        """
        self.catalog = catalog
        self._segmenters = _preferred(self._segmenters, catalog)
        self._refiners = _preferred(self._refiners, catalog)
        self._clickers = _preferred(self._clickers, catalog)

    @property
    def loaded(self) -> tuple[str, ...]:
        return (*self._segmenters, *self._refiners, *self._clickers)

    @property
    def text(self) -> str:
        """What the status bar says of the device."""
        return self._placed[0].text if self._placed else device_text(self.device)

    def take_note(self) -> str:
        """Return the sentence on memory that was not shown yet, "" when there is none."""
        for placed in self._placed:
            if placed.ladder.note:
                note, placed.ladder.note = placed.ladder.note, ""
                return note
        return ""

    def _card(self, name: str, role: Role, *architectures: str) -> Card:
        card = self.catalog.get(name, role)
        if card.architecture not in architectures:
            raise WeightsError(
                f"The network {card.name} has the architecture {card.architecture}, which cannot be a {role} "
                "here; name another."
            )
        return card

    @property
    def _placed(self) -> list[Placed]:
        refiners = [refiner.placed for refiner in self._refiners.values()]
        segmenters = [
            one.placed
            for segmenter in self._segmenters.values()
            for one in (segmenter, segmenter.second)
            if one is not None
        ]
        return refiners + segmenters + [clicker.placed for clicker in self._clickers.values()]


def _preferred(loaded: dict[str, Loaded], catalog: Catalog) -> dict[str, Loaded]:
    """Return those of the loaded networks that a catalog prefers."""
    return {name: one for name, one in loaded.items() if catalog.prefers(one.card)}


def _final_logits(network: nn.Module, *inputs: Tensor) -> Tensor:
    return cast(MosOutput, network(*inputs)).logits
