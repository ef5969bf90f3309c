"""From clicks and a crop to a new piece of mask that obeys every one of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.prompts import BoxPrompt
from meticulous_gui.core.types import Logits, Mask
from meticulous_gui.engine.clicks.commands import ClickSettings, Obeyed
from meticulous_gui.engine.clicks.crop import Crop
from meticulous_gui.engine.clicks.evidence import Evidence, joined
from meticulous_gui.engine.clicks.kernel import corrected
from meticulous_gui.engine.clicks.maps import quantised
from meticulous_gui.engine.clicks.merge import NEAR_NET_PX, Pixel, is_off_all_round, merged, stamped
from meticulous_gui.engine.clicks.obeyed import by_means, of_all_clicks
from meticulous_gui.engine.clicks.piece import NOTHING, Piece
from meticulous_gui.engine.clicks.prior import soft_prior
from meticulous_gui.engine.clicks.state import PlacedClick, State
from meticulous_gui.engine.clicks.told import (
    ON_A_STROKE,
    apart,
    in_net,
    includes,
    last_on_each_pixel,
    net_click,
    on_strokes,
)
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import BrsMode, ClickAnswer, ClickQuestion, ClickSegmenter, Embedding

__all__ = ["Answering", "Glance", "Outcome"]

_MOST_EMBEDDINGS: Final = 12
_MOST_LEVELS: Final = 16
_STAMP_RADIUS_PX: Final = 1.5
_STABLE_LOGIT: Final = 1.0
_SURE_LOGIT: Final = 30.0
_ALL_ALIKE: Final = np.ones((1, 1, 1), np.float32)


@dataclass(frozen=True)
class Outcome:
    """A new mask and what is known of it.

    Attributes:
        piece: the whole new mask; its box holds all of the mask before as well.
        crop: what the network saw.
        previous: uint8 (S, S), for the next answer on this crop; None: to be read off the mask.
        variables: of BRS.
        obeyed: what obeyed each click, by its id.
        confidence: share of the mask that stays when the threshold moves by a logit, 0..1.
        message: one sentence where a person must know, else "".
    """

    piece: Piece
    crop: Crop
    previous: NDArray[np.uint8] | None
    variables: NDArray[np.float32] | None
    obeyed: dict[int, Obeyed]
    confidence: float
    message: str = ""


@dataclass(frozen=True)
class Glance:
    """What a first look found, on the network's own grid only.

    Attributes:
        crop: what was looked at.
        logits: float32 (S, S).
        box: of the photo, that holds all that was found.
    """

    crop: Crop
    logits: Logits
    box: Box

    def with_evidence(self, evidence: Evidence | None) -> Logits:
        """Return the logits, float32 (S, S), as another network that means the same sees it, too."""
        return self.logits if evidence is None else joined(self.logits, evidence.on(self.crop))

    def previous(self, crop: Crop) -> NDArray[np.uint8]:
        """Return what a next look at ``crop`` is told, uint8 (S, S)."""
        if crop == self.crop:
            return quantised(_sigmoid(self.logits))
        scale = self.crop.scale
        in_net = Crop(
            (crop.x0 - self.crop.x0) * scale,
            (crop.y0 - self.crop.y0) * scale,
            crop.side * scale,
            crop.size_px,
        )
        return soft_prior(in_net.sample(self.logits, pad=(-1.0,)) >= 0)


class Answering:
    """Asks the network about crops of one photo and keeps what it encoded.

    Args:
        photo: in its levels.
        segmenter: the network.
        has_initial: whether there was a mask at the start.
        locked, decided: (H, W) bool or None, pixels that answers leave alone.
    """

    def __init__(
        self,
        photo: PhotoLevels,
        segmenter: ClickSegmenter,
        has_initial: bool,
        locked: Mask | None,
        decided: Mask | None,
    ) -> None:
        self._photo, self._segmenter = photo, segmenter
        self._has_initial = has_initial
        fixed = [given for given in (locked, decided) if given is not None]
        self._fixed = np.logical_or.reduce(fixed) if fixed else None
        self._embeddings: OrderedDict[Crop, Embedding] = OrderedDict()
        self.most_embeddings = _MOST_EMBEDDINGS

    def size_px(self, settings: ClickSettings) -> int:
        """Return the side of the network's picture."""
        return settings.crop_px or self._segmenter.crop_px

    def prepare_steps(self, crop: Crop) -> Generator[None, None, None]:
        """Encode a crop before the first click on it, then make the levels that closer crops read."""
        yield from self._embedding(crop)
        for level in range(crop.level(_MOST_LEVELS) - 1, 0, -1):
            for _ in self._photo.level_steps(2**level):
                yield

    def steps(
        self,
        state: State,
        crop: Crop,
        base: Piece,
        *,
        newest: int | None,
        with_brs: bool = True,
        evidence: Evidence | None = None,
    ) -> Generator[None, None, Outcome]:
        """Return the outcome of the clicks of ``state`` on ``crop``, with a stop after each piece of work.

        Args:
            state: clicks, prompts and settings; its crop, previous mask and variables are those of before.
            crop: what to look at.
            base: the mask so far.
            newest: id of the click that counts twice; None: all alike.
            with_brs: False for a preview.
            evidence: of another network that means the same, heard as much as this one; None for none.
        """
        is_same = state.crop == crop
        previous = state.previous if is_same else None
        if previous is None:
            previous = self.prior(crop, base)
        variables = state.variables if is_same or state.settings.mode in ("b", "c", "local") else None
        mode = state.settings.mode if with_brs else "none"
        answer, told, last = yield from self._asked(
            state, crop, previous, newest=newest, mode=mode, variables=variables
        )
        if evidence is not None:
            other = evidence.on(crop)
            answer = replace(answer, first=joined(answer.first, other), logits=joined(answer.logits, other))
        return self._outcome(state, crop, base, answer, told, last)

    def glance_steps(self, state: State, crop: Crop) -> Generator[None, None, Glance]:
        """Return what the network alone finds on ``crop`` for the clicks of ``state``, from nothing."""
        nothing = np.zeros((crop.size_px, crop.size_px), np.uint8)
        answer, told, _ = yield from self._asked(state, crop, nothing, newest=None, mode="none")
        logits, _, _ = self._corrected(state, crop, answer, told)
        if not includes(state):
            logits = np.full_like(logits, -1.0)
        elif self._fixed is not None:
            logits[crop.sample(self._fixed.view(np.uint8)) > 0] = -1.0
        return Glance(crop, logits, _reach_of(logits, crop).clip(crop.box_in(self._photo.size_hw)))

    def _asked(
        self,
        state: State,
        crop: Crop,
        previous: NDArray[np.uint8],
        *,
        newest: int | None,
        mode: BrsMode,
        variables: NDArray[np.float32] | None = None,
    ) -> Generator[None, None, tuple[ClickAnswer, list[PlacedClick], list[PlacedClick]]]:
        """Return the network's answer, the clicks it must obey in this crop, and the last ones anywhere."""
        embedding = yield from self._embedding(crop)
        strokes = on_strokes(state.prompts, crop, self._photo.size_hw, self._fixed)
        last = last_on_each_pixel((*strokes, *state.clicks))
        told = apart([click for click in last if crop.contains(*click.xy)], crop)
        shown = [click for click in told if click.id > ON_A_STROKE]
        ids = [click.id for click in shown]
        question = ClickQuestion(
            (*in_net(state.prompts, crop), *(net_click(click, crop) for click in shown)),
            previous,
            mode=mode,
            most_evaluations=state.settings.evaluations,
            newest=ids.index(newest) if newest in ids else None,
            network_clicks=state.settings.network_clicks,
            variables=variables,
        )
        answer = yield from self._segmenter.answer_steps(embedding, question)
        return answer, told, last

    @staticmethod
    def _corrected(
        state: State, crop: Crop, answer: ClickAnswer, told: Sequence[PlacedClick]
    ) -> tuple[Logits, dict[int, Obeyed], bool]:
        """Return logits that obey the clicks, what made them do so, and whether nothing was shifted."""
        cut = _cut_of(state)
        points = np.array([crop.image_to_net.apply_xy(*click.xy) for click in told]).reshape(-1, 2)
        signs = np.array([1.0 if click.is_positive else -1.0 for click in told])
        first, refined = answer.first - np.float32(cut), answer.logits - np.float32(cut)
        logits = corrected(refined, points, signs, answer.features)
        return logits, by_means(told, points, signs, first, refined), cut == 0.0

    def outcome_of(self, state: State, crop: Crop, logits: Logits) -> Outcome:
        """Return the outcome of logits (S, S) on ``crop`` that no network need give; from nothing."""
        last = last_on_each_pixel(state.clicks)
        told = apart([click for click in last if crop.contains(*click.xy)], crop)
        return self._outcome(state, crop, NOTHING, ClickAnswer(logits, logits, _ALL_ALIKE), told, last)

    def _embedding(self, crop: Crop) -> Generator[None, None, Embedding]:
        known = self._embeddings.get(crop)
        if known is None:
            level = crop.level(_MOST_LEVELS)
            for _ in self._photo.level_steps(2**level):
                yield
            red, green, blue = self._segmenter.pad_rgb
            pad = (float(red), float(green), float(blue))
            picture = crop.sample(self._photo.level(2**level), level=level, pad=pad)
            known = self._segmenter.encode(np.ascontiguousarray(picture))
            yield
            self._embeddings[crop] = known
        self._embeddings.move_to_end(crop)
        while len(self._embeddings) > max(self.most_embeddings, 1):
            self._embeddings.popitem(last=False)
        return known

    def prior(self, crop: Crop, mask: Piece) -> NDArray[np.uint8]:
        """Return what the network is told of a mask, uint8 (S, S)."""
        return soft_prior(self._seen(crop, mask))

    @staticmethod
    def _seen(crop: Crop, base: Piece) -> Mask:
        """Return what a crop shows of a mask, (S, S) bool."""
        if base.box.is_empty:
            return np.zeros((crop.size_px, crop.size_px), np.bool_)
        in_box = replace(crop, x0=crop.x0 - base.box.x0, y0=crop.y0 - base.box.y0)
        # uint8 of 0 and 1 rounds at one half, which is the threshold wanted.
        return np.asarray(in_box.sample(base.mask.view(np.uint8)) > 0)

    def _outcome(
        self,
        state: State,
        crop: Crop,
        base: Piece,
        answer: ClickAnswer,
        told: Sequence[PlacedClick],
        last: Sequence[PlacedClick],
    ) -> Outcome:
        logits, layers, is_half = self._corrected(state, crop, answer, told)
        radius = max(_STAMP_RADIUS_PX, _STAMP_RADIUS_PX / crop.scale)
        new, is_plain = self._on_photo(state, crop, base, logits, last, room_px=2 * int(np.ceil(radius)) + 1)
        # Nothing belongs outside the box: what excludes there is obeyed.
        inside = [click for click in last if new.box.contains_xy(*click.xy)]
        free = None if self._fixed is None else ~self._fixed[new.box.slices()]
        stamped_mask, wrong = stamped(
            new.mask, [_pixel_in(new.box, click) for click in inside], radius_px=radius, may_change=free
        )
        for n in wrong:
            layers[inside[n].id] = "stamp"
        message = ""
        if self._fixed is not None and any(self._fixed[inside[n].row, inside[n].col] for n in wrong):
            message = "This was set by hand, so only the clicked spot was changed."
        elif base.box.is_empty and stamped_mask.any() and not (answer.logits >= _cut_of(state)).any():
            message = "The network found nothing here; only the clicked spots are selected."
        return Outcome(
            Piece(new.box, stamped_mask),
            crop,
            quantised(_sigmoid(logits)) if is_plain and not wrong and is_half else None,
            answer.variables,
            of_all_clicks(state.clicks, last, layers),
            _stability(logits),
            message,
        )

    def _on_photo(
        self,
        state: State,
        crop: Crop,
        base: Piece,
        logits: Logits,
        clicks: Sequence[PlacedClick],
        *,
        room_px: int,
    ) -> tuple[Piece, bool]:
        """Return the mask on the photo's grid, and whether it is the network's answer as it is.

        Its box holds the mask so far, all that was found, and ``room_px`` around including clicks: on a large
        photo most of the pixels need not be looked at.
        """
        whole = Box.whole(self._photo.size_hw)
        seen = crop.box_in(self._photo.size_hw)
        may_add = not base.box.is_empty or includes(state)
        box = base.box.union(_reach_of(logits, crop).clip(seen)) if may_add else base.box
        for click in clicks:
            if click.is_positive:
                pixel = Box(click.col, click.row, click.col + 1, click.row + 1)
                box = box.union(pixel.pad(room_px).clip(whole))
        new = base.at(box)
        seen = seen.clip(box)
        if seen.is_empty:
            return Piece(box, new), may_add
        inner = seen.translate(-box.x0, -box.y0).slices()
        before = new[inner]
        after = crop.paste_mask(logits, seen) if may_add else np.zeros(seen.size_hw, np.bool_)
        is_plain = may_add
        # A box is about all that lies in it, not about a piece.
        has_box = any(isinstance(prompt, BoxPrompt) for prompt in state.prompts)
        if before.any() and not has_box and self._is_local(state, crop, base, logits):
            in_crop = [_pixel_in(seen, click) for click in clicks if crop.contains(*click.xy)]
            after, is_plain = merged(before, after, in_crop, near_px=NEAR_NET_PX / crop.scale), False
        if self._fixed is not None:
            fixed = self._fixed[seen.slices()]
            if fixed.any():
                after, is_plain = np.where(fixed, before, after), False
        new[inner] = after
        return Piece(box, new), is_plain

    def _is_local(self, state: State, crop: Crop, base: Piece, logits: Logits) -> bool:
        """Say whether clicks change only the pieces they are about."""
        if state.settings.changes == "auto":
            return self._has_initial and not is_off_all_round(self._seen(crop, base), logits >= 0)
        return state.settings.changes == "local"


def _cut_of(state: State) -> float:
    """Return the logit from which a pixel belongs."""
    threshold = state.settings.threshold
    return 0.0 if threshold == 0.5 else float(np.log(threshold / (1.0 - threshold)))


def _reach_of(logits: Logits, crop: Crop) -> Box:
    """Return a box of image pixels that holds all where the logits are not negative."""
    net = bounding_box(logits >= 0).pad(1)  # a pixel between two of the network's is drawn from both
    if net.is_empty:
        return net
    step = 1.0 / crop.scale
    return Box(
        int(np.floor(crop.x0 + net.x0 * step)),
        int(np.floor(crop.y0 + net.y0 * step)),
        int(np.ceil(crop.x0 + net.x1 * step)),
        int(np.ceil(crop.y0 + net.y1 * step)),
    )


def _pixel_in(box: Box, click: PlacedClick) -> Pixel:
    return Pixel(click.row - box.y0, click.col - box.x0, click.is_positive)


def _sigmoid(logits: Logits) -> NDArray[np.float32]:
    # Opposite clicks side by side may need logits beyond what float32 can raise e to.
    probability = 1.0 / (1.0 + np.exp(-np.clip(logits, -_SURE_LOGIT, _SURE_LOGIT)))
    return probability.astype(np.float32)


def _stability(logits: Logits) -> float:
    loose = int(np.count_nonzero(logits > -_STABLE_LOGIT))
    return int(np.count_nonzero(logits > _STABLE_LOGIT)) / loose if loose else 1.0
