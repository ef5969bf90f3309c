"""How much of what is wrong lies where "Look here" leads first, beside other orders of looking.

Run as ``python -m training.mos_h.look RUN --coarse RUN_OF_MOS_L --data FOLDER``. Two kinds of masks of a
held-out split are looked over: cut-outs by both networks, and true masks with three faults each, as masks
from elsewhere have them, compared with what MOS_H makes of them. The contour is cut into pieces, the pieces
are put in an order, and the first tenth of the contour's length is looked at. Every wrong pixel belongs to
the piece nearest to it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from meticulous_gui.core.doubt import PIECE_PX, DoubtMap, agreed, contour_of
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha, Mask
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import cutout_steps, refine_steps
from meticulous_gui.engine.jobs import Partial, Progress
from meticulous_gui.engine.ladder import PhotoLevels
from training.common.command import run_command
from training.common.evaluate import (
    add_evaluation_arguments,
    held_out_pairs,
    refiner_from,
    segmenter_from,
    use_threads,
    write_figures,
)
from training.common.shards import Pair
from training.common.split import split_number

FIRST_SHARE: Final = 0.1
NEAR_PX: Final = 16
OFF_PX: Final = 2
_N_FAULTS: Final = 3

ORDERS: Final = ("random", "abs(z)", "look here", "best")
FAULTS: Final = ("wrong pixels", f"wrong, > {OFF_PX} px off", f"contour, > {OFF_PX} px off")
KINDS: Final = ("cut-outs", "masks with faults")


@dataclass
class Pieces:
    """The pieces of the masks of one kind, all pictures one after the other.

    Attributes:
        lengths: contour pixels.
        scores: for each order but "best", higher first.
        wrong: for each of ``FAULTS``, wrong pixels.
        pictures: the picture of each piece.
    """

    lengths: list[NDArray[np.float64]] = field(default_factory=list)
    scores: list[NDArray[np.float64]] = field(default_factory=list)
    wrong: list[NDArray[np.float64]] = field(default_factory=list)
    pictures: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, alpha: Alpha, confidence: Alpha, own_confidence: Alpha, truth: Mask) -> None:
        """Cut one mask and note what is wrong.

        Args:
            alpha: (H, W) uint8.
            confidence: (H, W) uint8, what the program ranks by.
            own_confidence: (H, W) uint8, the network's in its own answer.
            truth: (H, W) bool.
        """
        doubts = DoubtMap(truth.shape)
        for tile in doubts.tiles_around(Box.whole(truth.shape)):
            nothing = np.zeros(doubts.around(tile).size_hw, np.bool_)
            doubts.update(tile, alpha, confidence[tile.slices()], nothing)
        pieces = doubts.pieces()
        if not pieces:
            return
        mask = alpha >= 128
        piece_of, distance = _nearest_pieces(mask)

        def total(where: Mask, values: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
            weights = None if values is None else values[where]
            counts = np.bincount(piece_of[where], weights, minlength=len(pieces))
            return np.asarray(counts, np.float64)

        logits = 2 * np.arctanh(np.minimum(own_confidence, 254) / 255)
        is_near = distance <= NEAR_PX
        rng = np.random.default_rng(len(self.lengths))
        off = _distance_to_edge(truth) > OFF_PX
        is_wrong = mask != truth
        self.lengths.append(np.array([piece.length_px for piece in pieces], np.float64))
        self.scores.append(
            np.stack(
                [
                    rng.random(len(pieces)),
                    -total(is_near, logits) / total(is_near),
                    np.array([piece.depth_px for piece in pieces]),
                ]
            )
        )
        self.wrong.append(np.stack([total(is_wrong), total(is_wrong & off), total(contour_of(mask) & off)]))
        self.pictures.append(np.full(len(pieces), len(self.pictures)))

    def table(self) -> dict[str, dict[str, tuple[float, float]]]:
        """Return for each order and each of ``FAULTS`` the share found in the first tenth of the length.

        Of all pictures in one order, and the mean over the pictures that have such faults; 0 where there are
        none.
        """
        if not self.lengths:
            return {order: dict.fromkeys(FAULTS, (0.0, 0.0)) for order in ORDERS}
        lengths, pictures = np.concatenate(self.lengths), np.concatenate(self.pictures)
        scores, wrong = np.concatenate(self.scores, axis=1), np.concatenate(self.wrong, axis=1)
        found: dict[str, dict[str, tuple[float, float]]] = {order: {} for order in ORDERS}
        for number, fault in enumerate(FAULTS):
            area = wrong[number]
            for order, score in zip(ORDERS, (*scores, area / lengths), strict=True):
                single = [
                    share_found(score[of], lengths[of], area[of])
                    for of in (pictures == picture for picture in range(len(self.pictures)))
                    if area[of].any()
                ]
                found[order][fault] = share_found(score, lengths, area), float(np.mean(single or [0.0]))
        return found


def share_found(
    scores: NDArray[np.float64], lengths: NDArray[np.float64], wrong: NDArray[np.float64]
) -> float:
    """Return the share of ``wrong`` in the first tenth of the length, the highest scores first.

    Of the piece that the tenth ends in, the part before counts.
    """
    order = np.argsort(-scores, kind="stable")
    before = np.cumsum(lengths[order]) - lengths[order]
    taken = np.clip((FIRST_SHARE * lengths.sum() - before) / lengths[order], 0, 1)
    return float((wrong[order] * taken).sum() / max(wrong.sum(), 1))


def with_faults(truth: Mask, rng: np.random.Generator) -> Mask:
    """Return the mask, (H, W), with three bumps or bites at its edge: ellipses of 4 to 10 % of its size."""
    mask = truth.astype(np.uint8)
    rows, columns = np.nonzero(contour_of(truth))
    size_px = np.sqrt(truth.sum())
    for _ in range(_N_FAULTS):
        at = int(rng.integers(len(rows)))
        long_px = rng.uniform(0.04, 0.1) * size_px
        axes = max(3, int(long_px)), max(3, int(long_px * rng.uniform(0.5, 1)))
        centre = int(columns[at]), int(rows[at])
        cv2.ellipse(mask, centre, axes, rng.uniform(0, 180), 0, 360, int(rng.integers(2)), -1)
    return mask.view(np.bool_)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, dict[str, tuple[float, float]]]]:
    """Print a table for each kind of masks and return the figures."""
    parser = argparse.ArgumentParser(prog="python -m training.mos_h.look", description=__doc__)
    parser.add_argument("network", type=Path, metavar="RUN", help="run, checkpoint or weights of a refiner")
    parser.add_argument("--coarse", type=Path, required=True, help="the same of MOS_L")
    add_evaluation_arguments(parser, further=("device", "json"))
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    refiner = refiner_from(options.network, device=options.device)
    segmenter = segmenter_from(options.coarse, device=options.device)
    pairs = held_out_pairs(options)
    found = {kind: Pieces() for kind in KINDS}
    for index in tqdm(range(min(len(pairs), options.limit or len(pairs))), mininterval=2.0):
        pair = pairs[index]
        truth = pair.alpha >= 128
        alpha, confidence = _answer(pair, lambda photo: cutout_steps(photo, segmenter, refiner))
        found["cut-outs"].add(alpha, confidence, confidence, truth)
        if not contour_of(truth).any():
            continue
        mask = with_faults(truth, np.random.default_rng(split_number(pair.key)))
        given = np.where(mask, np.uint8(255), np.uint8(0))
        whole = Box.whole(mask.shape)

        def refine(
            photo: PhotoLevels, given: Alpha = given, whole: Box = whole
        ) -> Iterable[Partial | Progress]:
            region = Region(whole, given.shape)
            return refine_steps(photo, refiner, alpha=given, alpha_box=whole, region=region)

        alpha, confidence = _answer(pair, refine, start=given)
        found["masks with faults"].add(given, agreed(given, alpha, confidence), confidence, truth)
    tables = {kind: pieces.table() for kind, pieces in found.items()}
    for kind, table in tables.items():
        lengths = found[kind].lengths
        n_pieces = sum(len(of_picture) for of_picture in lengths)
        print(f"{options.set_name} {options.split}, {kind}: {len(lengths)} pictures, {n_pieces} pieces")
        print(_text(table))
    write_figures(options.json, tables)
    return tables


def _answer(
    pair: Pair, ask: Callable[[PhotoLevels], Iterable[Partial | Progress]], *, start: Alpha | None = None
) -> tuple[Alpha, Alpha]:
    """Return the alpha and the confidence that the program would have in the end, (H, W) uint8 each."""
    alpha = np.zeros(pair.alpha.shape, np.uint8) if start is None else start.copy()
    confidence = np.full(pair.alpha.shape, 255, np.uint8)
    for event in ask(PhotoLevels(pair.rgb)):
        if isinstance(event, Partial):
            alpha[event.box.slices()] = event.alpha
            confidence[event.box.slices()] = event.confidence
    return alpha, confidence


def _nearest_pieces(mask: Mask) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return for each pixel the number of the piece nearest to it and how far that is, (H, W) each."""
    contour = contour_of(mask)
    rows, columns = np.nonzero(contour)
    n_across = -(-mask.shape[1] // PIECE_PX)
    _, piece_of = np.unique(rows // PIECE_PX * n_across + columns // PIECE_PX, return_inverse=True)
    distance, labels = cv2.distanceTransformWithLabels(
        (~contour).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_label = np.zeros(int(labels.max()) + 1, np.int64)
    of_label[labels[rows, columns]] = piece_of
    return of_label[labels], np.asarray(distance, np.float32)


def _distance_to_edge(truth: Mask) -> NDArray[np.float32]:
    """Return how far each pixel is from the nearest one on either side of the true edge, (H, W)."""
    edge = contour_of(truth) | contour_of(~truth)
    if not edge.any():
        return np.full(truth.shape, np.inf, np.float32)
    distance = cv2.distanceTransform((~edge).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(distance, np.float32)


def _text(table: dict[str, dict[str, tuple[float, float]]]) -> str:
    """Return the table as text: of all pictures in one order / the mean of the pictures."""
    lines = [f"{'':10}" + "".join(f"{fault:>24}" for fault in FAULTS)]
    for order, shares in table.items():
        figures = (f"{pooled:.3f} / {single:.3f}" for pooled, single in shares.values())
        lines.append(f"{order:10}" + "".join(f"{figure:>24}" for figure in figures))
    return "\n".join(lines)


if __name__ == "__main__":
    run_command(main)
