"""The networks that the window uses: which are installed, which are chosen, and the process they run in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.settings import EngineSettings
from meticulous_gui.engine.catalog import Card, Catalog, Role, install
from meticulous_gui.engine.jobs import Event, Failed, Finished, JobRunner, WarmUpRequest
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.session import Session

TOPIC = "network"

MakeRunner = Callable[[Catalog, str | None, int | None], JobRunner]


class Networks(QObject):
    """Starts the networks, again when the person chooses another device, and has other weights loaded.

    Args:
        make_runner: makes what runs them, of a catalog, a device (None: the fastest) and a number of
            threads (None: all but one).

    Signals:
        leaving: other networks are about to be used; what was prepared with these is of no use.
        listed: other networks are installed.
    """

    leaving = Signal()
    listed = Signal()

    def __init__(
        self,
        session: Session,
        choices: Choices,
        parent: QObject | None = None,
        *,
        make_runner: MakeRunner | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._choices = choices
        self._make_runner = make_runner or _make_remote_runner
        self._started: EngineSettings | None = None
        self._catalog: Catalog | None = None
        choices.changed.connect(self._on_choices)

    @property
    def catalog(self) -> Catalog:
        """What is installed, with what the person has chosen; cards are read the first time."""
        if self._catalog is None:
            self._catalog = Catalog.default()
        return self._catalog.choosing(self._choices.settings.engine.networks)

    def cards(self, role: Role) -> list[Card]:
        """Return the installed networks of a role, by name."""
        return [card for _, card in sorted(self.catalog.cards.items()) if card.role == role]

    def start(self) -> None:
        """Start the process of the networks; a failure is said in the bar."""
        is_again = self._started is not None
        engine = self._started = self._choices.settings.engine
        try:
            catalog = self.catalog
            device = None if engine.device == "auto" else engine.device
            runner = self._make_runner(catalog, device, engine.threads or None)
        except MeticulousError as error:
            if self._session.runner is None:
                self._session.refuse_networks(error)
            else:  # those that run already go on
                self._session.message(str(error), kind="error", topic=TOPIC)
            return
        for problem in catalog.problems:
            self._session.message(problem, kind="warning")
        old = self._session.runner
        if old is not None:
            self.leaving.emit()
        self._session.set_runner(runner)
        self._warm_up(runner, is_again=is_again)
        if old is not None:
            self._session.background.run(old.close, lambda _nothing: None)

    def _warm_up(self, runner: JobRunner, *, is_again: bool) -> None:
        def on_event(_id: int, event: Event) -> None:  # on the runner's thread
            self._session.inbox.put(lambda: self._on_warm(runner, event, is_again=is_again))

        runner.submit(WarmUpRequest(), on_event)

    def _choose(self, runner: JobRunner) -> None:
        """Have other networks loaded where these run: their process, and all that waits there, stays."""
        self._started = self._choices.settings.engine
        self.leaving.emit()
        runner.choose(self.catalog)
        self._warm_up(runner, is_again=False)

    def add_weights(self, path: Path, done: Callable[[Card], None], failed: Callable[[str], None]) -> None:
        """Copy a weight file and its card into the person's folder, in the background.

        Args:
            done: called with the new card.
            failed: called with one sentence.
        """

        def take(card: Card) -> None:
            self._catalog = None
            runner = self._session.runner
            if runner is not None:
                runner.choose(self.catalog)  # so that it can be named there
            self.listed.emit()
            done(card)

        self._session.background.run(lambda: install(path), take, lambda error: failed(str(error)))

    def say(self, sentence: str) -> None:
        """Say something about networks in the window's bar."""
        self._session.message(sentence, topic=TOPIC)

    def _on_warm(self, runner: JobRunner, event: Event, *, is_again: bool) -> None:
        """Say where the networks run after a change, or why they do not run there."""
        if runner is not self._session.runner:
            return
        if isinstance(event, Failed):
            usual = Choice(self.tr("Use the fastest device there is"), self._use_usual_device)
            choices = () if self._choices.settings.engine.device == "auto" else (usual,)
            self._session.post(Message(event.message, "error", choices, topic=TOPIC))
        elif isinstance(event, Finished) and is_again:
            sentence = self.tr("The networks run on {device} now.")
            self._session.message(sentence.format(device=runner.status().device), topic=TOPIC)

    def _use_usual_device(self) -> None:
        settings = self._choices.settings
        self._choices.take(replace(settings, engine=replace(settings.engine, device="auto")))

    def _on_choices(self) -> None:
        """Start again where what the networks run on has changed; use others where only they are others."""
        now, before = self._choices.settings.engine, self._started
        if before is None:
            return
        runner = self._session.runner
        is_elsewhere = (now.device, now.threads) != (before.device, before.threads)
        if now.networks != before.networks and runner is not None and not is_elsewhere:
            self._choose(runner)
        elif is_elsewhere or now.networks != before.networks:
            self.start()


def _make_remote_runner(catalog: Catalog, device: str | None, n_threads: int | None) -> JobRunner:
    from meticulous_gui.engine.remote import RemoteRunner  # multiprocessing is not for the first picture

    return RemoteRunner(catalog, device, n_threads=n_threads)
