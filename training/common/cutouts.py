"""The default cut-out on pictures of every kind: what MOS_L finds alone, and what the program makes of it.

Run as ``python -m training.common.cutouts --data FOLDER``. Held-out photos of everyday objects and of people,
and objects with exact coverage over held-out photos: emoji, drawn fur, branches, lattices, wheels and
feathers, and the same at 2.5 to 13 megapixels. Everything goes through the program's own cascade.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from tqdm import tqdm

from meticulous_gui.engine.networks import MosSegmenter, PlacedRefiner
from training.common.command import run_command
from training.common.evaluate import (
    Scores,
    add_threads_argument,
    cases_to_look_at,
    refiner_from,
    segmenter_from,
    use_threads,
    write_figures,
    write_sheet,
)
from training.common.large import Scenes, square_sides
from training.common.mixture import EMOJI, SHAPES, Mixture, Share
from training.common.predict import coarse_cut_out, cut_out
from training.common.shards import Pair, open_set, spread
from training.common.sheet import error_picture, grey_picture
from training.common.split import Split

_WEIGHTS: Final = Path("resources/weights")
_PHOTO_SET: Final = "duts"
_SCENE_PX: Final = 400  # side of composites with emoji, whose own side is 256
_N_SCENES: Final = 24


class Kind(NamedTuple):
    """A kind of picture: what it is called and how its held-out pictures are opened."""

    title: str
    open: Callable[[Sequence[Path], Split], Sequence[Pair]]


def _composites(name: str, sides_px: Sequence[int]) -> Callable[[Sequence[Path], Split], Sequence[Pair]]:
    def open_scenes(folders: Sequence[Path], split: Split) -> Sequence[Pair]:
        read = [part for part in (_PHOTO_SET, name) if part != SHAPES]
        sets = {part: open_set(folders, part, split) for part in read}
        return Scenes(Mixture((Share(name, 1.0),), sets, 0, photo_set=_PHOTO_SET), sides_px, name=name)

    return open_scenes


KINDS: Final = {
    "everyday": Kind("everyday objects", lambda folders, split: open_set(folders, _PHOTO_SET, split)),
    "people": Kind("people", lambda folders, split: open_set(folders, "ccp", split)),
    "emoji": Kind("emoji over photos", _composites(EMOJI, [_SCENE_PX] * _N_SCENES)),
    "fine": Kind("fur, lattices", _composites(SHAPES, square_sides(_N_SCENES, (0.3, 2.0)))),
    "large": Kind("large, 2.5 to 13 MP", _composites(SHAPES, square_sides(_N_SCENES, (2.5, 13.0)))),
}


@dataclass
class Row:
    """What was measured on one kind of picture.

    Attributes:
        coarse, whole: scores of MOS_L alone and of the cut-out.
        places: of the pictures in their set, by key.
        coarse_s, whole_s: seconds of each.
    """

    coarse: Scores
    whole: Scores
    places: dict[str, int] = field(default_factory=dict)
    coarse_s: list[float] = field(default_factory=list)
    whole_s: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Return the figures of the table."""
        coarse, whole = self.coarse.summary(), self.whole.summary()
        names = ("mean_iou", "mba", "mae")
        return {
            "pictures": whole["pictures"],
            **{f"MOS_L {name}": coarse[name] for name in names},
            **{f"cut-out {name}": whole[name] for name in names},
            "MOS_L seconds": float(np.median(self.coarse_s)),
            "cut-out seconds": float(np.median(self.whole_s)),
        }


def measure(
    pairs: Sequence[Pair], indices: Sequence[int], segmenter: MosSegmenter, refiner: PlacedRefiner
) -> Row:
    """Cut out the chosen pictures and score them."""
    row = Row(Scores("MOS_L"), Scores("cut-out"))
    for index in tqdm(indices, mininterval=2.0):
        pair = pairs[index]
        row.places[pair.key] = index
        began = time.perf_counter()
        coarse = coarse_cut_out(pair.rgb, segmenter)
        between = time.perf_counter()
        whole = cut_out(pair.rgb, segmenter, refiner)
        row.coarse_s.append(between - began)
        row.whole_s.append(time.perf_counter() - between)
        for scores, alpha in ((row.coarse, coarse), (row.whole, whole)):
            scores.add_alpha(pair.key, alpha, pair.alpha)
    return row


def as_text(summaries: dict[str, dict[str, float]]) -> str:
    """Return the table in Markdown, one line a kind."""
    lines = [
        "| pictures | number | MOS_L: IoU / mBA | cut-out: IoU / mBA | alpha MAE | seconds, MOS_L / all |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in summaries.items():
        lines.append(
            f"| {KINDS[name].title} | {int(found['pictures'])} "
            f"| {found['MOS_L mean_iou']:.3f} / {found['MOS_L mba']:.3f} "
            f"| {found['cut-out mean_iou']:.3f} / {found['cut-out mba']:.3f} | {found['cut-out mae']:.3f} "
            f"| {found['MOS_L seconds']:.2f} / {found['cut-out seconds']:.2f} |"
        )
    return "\n".join(lines)


def _write_sheets(
    path: Path, kind: str, pairs: Sequence[Pair], row: Row, segmenter: MosSegmenter, refiner: PlacedRefiner
) -> None:
    """Write cases of a kind to look at beside ``path``: photo, MOS_L, cut-out, truth, errors."""
    rows = []
    for key, text in cases_to_look_at(row.whole):
        pair = pairs[row.places[key]]
        coarse, whole = coarse_cut_out(pair.rgb, segmenter), cut_out(pair.rgb, segmenter, refiner)
        wrong = error_picture(pair.rgb, whole >= 128, pair.alpha >= 128)
        shown = [pair.rgb, grey_picture(coarse), grey_picture(whole), grey_picture(pair.alpha), wrong]
        rows.append((text, shown))
    write_sheet(path.with_stem(f"{path.stem}_{kind}"), rows)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.common.cutouts", description=__doc__)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER", help="data folders")
    parser.add_argument("--coarse", type=Path, default=_WEIGHTS / "mos_l.safetensors", metavar="RUN")
    parser.add_argument("--refiner", type=Path, default=_WEIGHTS / "mos_h.safetensors", metavar="RUN")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--split", choices=("val", "test"), default="val", help="test: once, at the end")
    parser.add_argument("--limit", type=int, default=None, help="only so many pictures of a kind, spread")
    add_threads_argument(parser)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", type=Path, default=None, help="write the table's figures there too")
    parser.add_argument("--sheet", type=Path, default=None, help="contact sheets, one of each kind")
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    segmenter = segmenter_from(options.coarse, device=options.device)
    refiner = refiner_from(options.refiner, device=options.device)
    summaries: dict[str, dict[str, float]] = {}
    for name in options.kinds:
        pairs = KINDS[name].open(options.data, options.split)
        row = measure(pairs, spread(len(pairs), options.limit or len(pairs)), segmenter, refiner)
        summaries[name] = row.summary()
        write_figures(options.json, summaries)  # after each kind: the large ones take long
        if options.sheet is not None:
            _write_sheets(options.sheet, name, pairs, row, segmenter, refiner)
    print(f"{options.split}\n{as_text(summaries)}")
    return summaries


if __name__ == "__main__":
    run_command(main)
