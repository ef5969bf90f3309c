"""Other programs' cut-outs beside ours, on the same held-out pictures, with the same scores.

Run as ``python -m training.common.peers --data FOLDER --onnx u2netp.onnx``. The file is one of the U-2-Net
family (Qin et al. 2020) as rembg gives it to people; it does not come with this program. GrabCut (Rother et
al. 2004) starts from MOS_L's own mask.

What was trained on DUTS-TR as a whole, as u2netp was, has seen the photos of ``duts``: there its figures
are too good.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from tqdm import tqdm

from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Alpha, RgbImage
from training.common.baselines import grabcut_in_band
from training.common.command import run_command
from training.common.cutouts import KINDS
from training.common.evaluate import (
    Scores,
    add_threads_argument,
    refiner_from,
    segmenter_from,
    use_threads,
    write_figures,
)
from training.common.predict import coarse_cut_out, cut_out
from training.common.shards import spread

_WEIGHTS: Final = Path("resources/weights")
_PEER_PX: Final = 320  # what U-2-Net sees, squeezed
_MEAN, _STD = np.array((0.485, 0.456, 0.406), np.float32), np.array((0.229, 0.224, 0.225), np.float32)

CutOut = Callable[[RgbImage], Alpha]


class U2Net:
    """A network of the U-2-Net family from an ONNX file, used as rembg 2 uses it."""

    def __init__(self, path: Path) -> None:
        self._network = cv2.dnn.readNetFromONNX(str(path))
        self._first_output = self._network.getUnconnectedOutLayersNames()[0]

    def __call__(self, rgb: RgbImage) -> Alpha:
        """Return the mask of a photo, (H, W): the first map, stretched to 0..255."""
        small = resize(rgb, (_PEER_PX, _PEER_PX)).astype(np.float32)
        x = (small / max(float(small.max()), 1e-6) - _MEAN) / _STD
        self._network.setInput(np.ascontiguousarray(x.transpose(2, 0, 1)[None]))
        answer = self._network.forward(self._first_output)[0, 0]
        span = max(float(answer.max() - answer.min()), 1e-6)
        codes = np.round((answer - answer.min()) / span * 255).astype(np.uint8)
        return resize(codes, rgb.shape[:2])


def ours(coarse: Path, refiner_path: Path) -> dict[str, CutOut]:
    """Return MOS_L alone, with GrabCut and with MOS_H behind it, each through the program's own path."""
    segmenter, refiner = segmenter_from(coarse), refiner_from(refiner_path)
    return {
        "MOS_L": lambda rgb: coarse_cut_out(rgb, segmenter),
        "MOS_L, GrabCut": lambda rgb: grabcut_in_band(rgb, coarse_cut_out(rgb, segmenter)),
        "MOS_L, MOS_H": lambda rgb: cut_out(rgb, segmenter, refiner),
    }


def timed(program: CutOut, rgb: RgbImage) -> tuple[Alpha, float]:
    """Return a program's cut-out, (H, W), and the processor's seconds for it, of all threads together."""
    began = time.process_time()
    alpha = program(rgb)
    return alpha, time.process_time() - began


def as_text(found: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return the table in Markdown: a line a kind, a column a program."""
    names = list(next(iter(found.values())))
    lines = [f"| IoU / mBA / alpha MAE / s | {' | '.join(names)} |", "|" + "---|" * (len(names) + 1)]
    for kind, row in found.items():
        cells = [
            f"{one['mean_iou']:.3f} / {one['mba']:.3f} / {one['mae']:.3f} / {one['seconds']:.2f}"
            for one in row.values()
        ]
        lines.append(f"| {KINDS[kind].title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """Print the table and return its figures."""
    parser = argparse.ArgumentParser(prog="python -m training.common.peers", description=__doc__)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER", help="data folders")
    parser.add_argument("--onnx", nargs="*", type=Path, default=[], metavar="FILE", help="peers' networks")
    parser.add_argument("--coarse", type=Path, default=_WEIGHTS / "mos_l.safetensors", metavar="RUN")
    parser.add_argument("--refiner", type=Path, default=_WEIGHTS / "mos_h.safetensors", metavar="RUN")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--limit", type=int, default=None, help="only so many pictures of a kind, spread")
    add_threads_argument(parser)
    parser.add_argument("--json", type=Path, default=None, help="write the table's figures there too")
    options = parser.parse_args(arguments)
    use_threads(options.threads)
    programs: dict[str, CutOut] = {path.stem: U2Net(path) for path in options.onnx}
    programs |= ours(options.coarse, options.refiner)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind in options.kinds:
        pairs = KINDS[kind].open(options.data, "val")
        indices = spread(len(pairs), options.limit or len(pairs))
        scores = {name: Scores(name) for name in programs}
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        for index in tqdm(indices, desc=kind, mininterval=2.0):
            pair = pairs[index]
            for name, program in programs.items():
                alpha, spent_s = timed(program, pair.rgb)
                seconds[name].append(spent_s)
                scores[name].add_alpha(pair.key, alpha, pair.alpha)
        found[kind] = {
            name: scores[name].summary() | {"seconds": float(np.median(seconds[name]))} for name in programs
        }
        write_figures(options.json, found)  # after each kind: the large ones take long
    print(as_text(found))
    return found


if __name__ == "__main__":
    run_command(main)
