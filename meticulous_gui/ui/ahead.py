"""The next photo, read before it is asked for, and its mask begun; nothing waits for it."""

from __future__ import annotations

from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from meticulous_gui.core.decode import read_header_size
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.files import stamp_of
from meticulous_gui.core.photo import DecodeLimits
from meticulous_gui.core.project_index import FOLDER_NAME
from meticulous_gui.engine.jobs import PhotoRef
from meticulous_gui.ui.doubts import note_verdict
from meticulous_gui.ui.opening import HeadStart, Opened, open_file
from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.quiet_saving import QuietSaving
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.wish import Outcome, Verdict
from meticulous_gui.ui.wishes import find_wish
from meticulous_gui.ui.work import NetworkWork

MAX_PIXELS = 64_000_000
"""A larger photo takes more memory than a guess is worth: it is read when it is asked for."""
QUIET_MS = 150
"""The open photo comes first: its picture is on screen and its mask is asked for by then."""

Stamp = tuple[tuple[int, int], ...]


@dataclass
class _Guess:
    """The photo that may be wanted next.

    Attributes:
        opened: it, read; None before, and where it cannot be read.
        stamp: what its files were like when they were read.
        photo: its name at the runner.
        outcome: how the search for its object ended.
        building: makes the mask's small levels, which the first picture needs.
    """

    path: Path
    opened: Opened | None = None
    stamp: Stamp = ()
    photo: PhotoRef | None = None
    outcome: Outcome | None = None
    building: Future[None] | None = None


class Ahead(QObject):
    """Keeps one photo ready in the direction in which a person goes through the list."""

    def __init__(self, session: Session, photos: PhotoList, quiet: QuietSaving) -> None:
        super().__init__(session)
        self._session = session
        self._photos = photos
        self._quiet = quiet
        self._direction = 1
        self._guess: _Guess | None = None
        self._work = NetworkWork(session.inbox, self)
        self._work.ended.connect(self._on_ended)
        self._work.verdict_arrived.connect(self._on_verdict)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._look)
        session.document_opened.connect(self._timer.start)
        photos.changed.connect(self._timer.start)
        photos.listed.connect(lambda: self.turn(1))

    @property
    def is_ready(self) -> bool:
        """Whether the next photo is read and its object found."""
        guess = self._guess
        if guess is None or guess.opened is None:
            return False
        return guess.outcome is not None or not guess.opened.wants_mask

    def turn(self, n_steps: int) -> None:
        """Note which way the person goes."""
        self._direction = 1 if n_steps > 0 else -1

    def take(self, path: Path) -> Opened | None:
        """Hand over what was prepared of a photo; None where it is not ready or its files have changed."""
        guess = self._guess
        if guess is None or guess.path != path or guess.opened is None:
            return None
        if guess.stamp != _stamp(
            path, self._session.places.folder_of(path), self._session.opener.mask_of(path)
        ):
            self.drop()
            return None
        self._guess = None
        if guess.building is not None and not guess.building.cancel():
            wait([guess.building])  # a stroke must not meet half-built levels; 30 ms at most
        run = self._work.give_run()
        self._work.set_document(None, None)
        if guess.photo is None:
            return guess.opened
        return replace(guess.opened, head_start=HeadStart(guess.photo, run, guess.outcome))

    def drop(self) -> None:
        """Give back what was prepared."""
        guess, self._guess = self._guess, None
        self._work.set_document(None, None)
        runner = self._session.runner
        if guess is not None and guess.photo is not None and runner is not None:
            runner.drop_photo(guess.photo)

    def forget(self) -> None:
        """Prepare anew what was prepared: it would be another document now."""
        self.drop()
        self._timer.start()

    def _look(self) -> None:
        """Begin with the photo that will probably be wanted next."""
        document, opening = self._session.document, self._session.opener.opening
        if document is None or opening is not None or document.photo.path != self._photos.current:
            return
        path = self._photos.neighbour(self._direction)
        if self._guess is not None and self._guess.path == path:
            return
        self.drop()
        if path is None or self._quiet.keeps(path):
            return
        self._read(_Guess(path))

    def _read(self, guess: _Guess) -> None:
        self._guess = guess
        path, limits = guess.path, self._session.limits
        layers_folder = self._session.places.folder_of(path)
        budget_bytes, mask = self._session.opener.history_budget_bytes, self._session.opener.mask_of(path)

        def read() -> tuple[Opened, Stamp] | None:
            if guess is not self._guess or _is_large(path, limits):
                return None
            stamp = _stamp(path, layers_folder, mask)
            opened = open_file(
                path, limits, layers_folder=layers_folder, mask=mask, budget_bytes=budget_bytes
            )
            return opened, stamp

        def take(found: tuple[Opened, Stamp] | None) -> None:
            if found is not None and guess is self._guess:
                guess.opened, guess.stamp = found
                self._hand_over(guess, guess.opened)

        # What is wrong with the photo is said when somebody goes there.
        self._session.chores.run(read, take, lambda _error: None)

    def _hand_over(self, guess: _Guess, opened: Opened) -> None:
        """Give the photo to the networks' process and ask for its mask, behind everything else."""
        runner, document = self._session.runner, opened.document
        if runner is None:
            return

        def take(photo: PhotoRef) -> None:
            if guess is not self._guess:
                runner.drop_photo(photo)
                return
            guess.photo = photo
            if opened.wants_mask and self._session.settings.engine.finds_on_open:
                self._work.set_runner(runner)
                self._work.set_document(document, photo)
                self._work.add(find_wish(document, document.active.id, is_automatic=True, is_ahead=True))

        def fail(_error: MeticulousError) -> None:  # no room for a guess
            self.drop()

        self._session.chores.run(lambda: runner.put_photo(document.photo.rgb), take, fail)

    def _on_ended(self, outcome: Outcome) -> None:
        if self._guess is not None and self._guess.opened is not None and outcome.end == "done":
            self._guess.outcome = outcome
            self._guess.opened.document.unsaved.mark_saved()  # nobody's work is lost with it
            build = self._guess.opened.scenery.build
            self._guess.building = self._session.background.run(build, lambda _nothing: None)

    def _on_verdict(self, verdict: Verdict) -> None:
        opened = self._guess.opened if self._guess is not None else None
        if opened is not None:
            note_verdict(opened.scenery.confidences, verdict, opened.document.box)


def _is_large(path: Path, limits: DecodeLimits) -> bool:
    height, width = read_header_size(path, limits)
    return height * width > MAX_PIXELS


def _stamp(path: Path, layers_folder: Path | None, mask: Path | None) -> Stamp:
    """Return what tells that the photo, its mask or the layers saved for it became other ones."""
    index = (layers_folder or path.parent / FOLDER_NAME) / f"{path.name}.json"
    stamps = []
    for file in (path, index, *([mask] if mask is not None else [])):
        try:
            stamps.append(stamp_of(file))
        except OSError:
            stamps.append((0, 0))
    return tuple(stamps)
