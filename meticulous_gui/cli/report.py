"""What a batch tells: progress and sentences on stderr, paths or one JSON document on stdout."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import get_args

from meticulous_gui.core.batch_item import Item, Status, report_of
from meticulous_gui.core.files import json_bytes


class Reporter:
    """Collects the items of a batch and says each as it comes.

    Attributes:
        items: everything so far, in the order it was finished.
        device: what the networks ran on, such as "CPU (float32)"; "" until known.
    """

    def __init__(self, *, n_total: int, wants_json: bool, is_quiet: bool) -> None:
        from tqdm import tqdm  # here, so that --help does not wait for it

        self._write_line = tqdm.write
        self.items: list[Item] = []
        self.device = ""
        self._wants_json = wants_json
        self._is_quiet = is_quiet
        self._bar = tqdm(
            total=n_total,
            unit="photo",
            file=sys.stderr,
            disable=is_quiet or not sys.stderr.isatty(),
            dynamic_ncols=True,
        )
        self._n_total = n_total

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def patches(self, source: Path, done: int, total: int) -> None:
        """Show how far the photo in work is; only on a terminal, where the line is written over."""
        self._bar.set_postfix_str(f"{source.name}: patch {done} of {total}", refresh=not self._bar.disable)

    def add(self, item: Item, *, is_told: bool = False) -> None:
        """Record an item and say it, unless what there is to say was told already."""
        self.items.append(item)
        if item.status != "interrupted":
            self._bar.update()
        if item.status == "failed":
            if not is_told:
                self.say(item.message)
        elif not self._is_quiet:
            for note in (*item.notes, item.message):
                if note:
                    self.say(f"{item.input}: {note}")
            if self._bar.disable and item.status != "interrupted":
                verb = "kept" if item.status == "skipped" else "wrote"
                self.say(f"[{len(self.items)}/{self._n_total}] {verb} {item.output} ({item.seconds:.1f} s)")
        if item.status == "done" and not self._wants_json:
            print(item.output, flush=True)  # noqa: T201

    def say(self, sentence: str) -> None:
        """Write one line on stderr without tearing the bar."""
        self._write_line(f"meticulous: {sentence}", file=sys.stderr)

    def finish(self, *, seconds: float, exit_code: int) -> None:
        """Say the sum on stderr and, if asked for, print the JSON report on stdout."""
        self._bar.close()
        counts = {name: sum(item.status == name for item in self.items) for name in get_args(Status)}
        if not self._is_quiet or counts["failed"]:
            parts = [f"{count} {name}" for name, count in counts.items() if count or name == "done"]
            self.say(f"{', '.join(parts)} of {self._n_total} in {seconds:.1f} s.")
            for item in self.items:
                if item.status == "failed" and len(self.items) > 1:
                    self.say(f"failed: {item.input}")
        if self._wants_json:
            report = {"exit_code": exit_code, **report_of(self.items, seconds=seconds, device=self.device)}
            print(json_bytes(report, indent=2).decode(), flush=True)  # noqa: T201
