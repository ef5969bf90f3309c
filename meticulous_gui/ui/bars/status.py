"""The status bar: device, networks, what runs and for how long, zoom, where the pointer is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from meticulous_gui.engine.jobs import EngineStatus
from meticulous_gui.ui.core_sentences import spoken
from meticulous_gui.ui.network_words import network_name
from meticulous_gui.ui.numbers import decimal_text
from meticulous_gui.ui.plain_text import plain_tip
from meticulous_gui.ui.work import NetworkWork
from meticulous_gui.ui.yielding_label import YieldingLabel

POINTER_PAUSE_MS = 50
"""Nobody reads numbers faster, and each new text is painted."""


class SteadyLabel(QLabel):
    """A label that keeps the room of the widest text so far, for texts that change all the time.

    Another size makes the window lay itself out anew and paint the whole bar: longer than a dab of the brush.
    """

    def setText(self, text: str) -> None:
        super().setText(text)
        self._keep_room()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew: the same text has another width in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setMinimumSize(0, 0)
            self._keep_room()

    def _keep_room(self) -> None:
        wanted = self.sizeHint().expandedTo(self.minimumSize())
        if wanted != self.minimumSize():
            self.setFixedSize(wanted)


class StatusBar(QStatusBar):
    """Shows; the window tells it what.

    Attributes:
        stop: the button that stops what runs.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setAccessibleName(self.tr("Status"))
        # A long name of a file must not push the others out of sight.
        self._engine = self._label(self.tr("Networks"), YieldingLabel(self))
        self._work = self._label(self.tr("What runs"), YieldingLabel(self))
        self._progress = QProgressBar(self)
        self._progress.setAccessibleName(self.tr("Progress"))
        self._progress.setFixedSize(140, 14)
        self._progress.setTextVisible(False)
        self.stop = QToolButton(self)
        self.stop.setText(self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop"))
        self.stop.setToolTip(self.tr("Stop and keep what is finished (Esc)."))
        self._doubt = self._label(self.tr("Look here"))
        self._pointer = self._label(self.tr("Pointer"), SteadyLabel(self))
        self._pointer.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._pointer_text = ""
        self._pointer_pause = QTimer(self, singleShot=True, interval=POINTER_PAUSE_MS)
        self._pointer_pause.timeout.connect(self._say_pointer)
        self._zoom = self._label(self.tr("Zoom"))
        self.addWidget(self._engine)
        self.addWidget(self._work)
        self.addWidget(self._progress)
        self.addWidget(self.stop)
        self.addPermanentWidget(self._doubt)
        self.addPermanentWidget(self._pointer)
        self.addPermanentWidget(self._zoom)
        self._show_running(False)

    @property
    def labels(self) -> tuple[QLabel, ...]:
        """Everything that is written in the bar."""
        return self._engine, self._work, self._doubt, self._pointer, self._zoom

    def show_engine(self, status: EngineStatus | None) -> None:
        """Say what computes, and what is wrong with it."""
        if status is None:
            self._say(self._engine, self.tr("The networks are not started."))
            return
        networks = ", ".join(network_name(name) for name in status.networks)
        match status.state:
            case "ready":
                text = self.tr("{device} · {networks}") if networks else self.tr("{device}")
                sentence = text.format(device=status.device, networks=networks)
            case "starting":
                sentence = self.tr("The networks are starting…")
            case "restarting":
                sentence = self.tr("The networks are starting again…")
            case "stopped":
                sentence = status.message or self.tr("The networks are not running.")
        self._say(self._engine, sentence)
        self._engine.setToolTip(plain_tip(status.message or sentence))

    def show_work(self, work: NetworkWork, opening: str, *, is_exporting: bool) -> None:
        """Say what runs and how long it will take, or what ran last and how long it took.

        Args:
            opening: name of the file that is being read, or "".
            is_exporting: whether something is being written.
        """
        if opening:
            self._say(self._work, self.tr("Opening {name}…").format(name=opening))
        elif work.is_running:
            self._say(self._work, self._sentence(work))
        elif is_exporting:
            self._say(self._work, self.tr("Writing…"))
        elif work.took is not None:
            title, seconds = work.took
            text = self.tr("{title}: {seconds} s").format(title=title, seconds=decimal_text(seconds))
            self._say(self._work, text)
        else:
            self._say(self._work, "")
        self._work.setToolTip(plain_tip(self._work.text()))
        done, total = work.progress
        self._progress.setRange(0, total)  # 0..0 shows that something goes on without saying how far
        self._progress.setValue(done)
        self._show_running(work.is_running)

    def show_doubt(self, sentence: str) -> None:
        """Say how many places are left to look at."""
        self._say(self._doubt, sentence)

    def show_pointer(self, x: float, y: float, *, is_inside: bool) -> None:
        """Say which image pixel the pointer is on: now, or a moment after it was said last."""
        sentence = self.tr("{x}, {y}").format(x=int(x // 1), y=int(y // 1)) if is_inside else ""
        self._pointer_text = sentence
        if not self._pointer_pause.isActive():
            self._say_pointer()

    def show_zoom(self, zoom: float | None) -> None:
        """Say how large a pixel of the photo is on the screen."""
        if zoom is None:
            self._say(self._zoom, "")
            return
        percent = f"{100 * zoom:.0f}" if zoom >= 0.1 else decimal_text(100 * zoom)
        self._say(self._zoom, self.tr("{percent} %").format(percent=percent))

    def _sentence(self, work: NetworkWork) -> str:
        done, total = work.progress
        parts = [work.doing]
        if total:
            parts.append(self.tr("{done} of {total} patches").format(done=done, total=total))
        if work.seconds_left is not None:
            parts.append(self.tr("{seconds} s left").format(seconds=max(round(work.seconds_left), 1)))
        if work.n_waiting and total:
            parts.append(self.tr("{count} more waiting").format(count=work.n_waiting))
        if work.note:
            parts.append(spoken(work.note))
        return ", ".join(parts)

    def _show_running(self, is_running: bool) -> None:
        self._progress.setVisible(is_running)
        self.stop.setVisible(is_running)

    def _say_pointer(self) -> None:
        if self._pointer.text() != self._pointer_text:
            self._say(self._pointer, self._pointer_text)
            self._pointer_pause.start()

    def _label(self, name: str, label: QLabel | None = None) -> QLabel:
        label = label or QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
        label.setProperty("topic", name)
        label.setAccessibleName(name)
        label.setContentsMargins(6, 0, 6, 0)
        return label

    def _say(self, label: QLabel, text: str) -> None:
        if label.text() != text:
            label.setText(text)
            topic = label.property("topic")
            spoken = self.tr("{topic}: {text}") if text else self.tr("{topic}")
            label.setAccessibleName(spoken.format(topic=topic, text=text))
