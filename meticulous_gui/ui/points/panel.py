"""Every control of the click network; folded away until somebody wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QWidget,
)

from meticulous_gui.core.settings import PointSettings, ViewSettings
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.panels.floating_frame import FOOT_GAP_PX, FloatingFrame
from meticulous_gui.ui.points.pointing import Pointing
from meticulous_gui.ui.scrolled_fields import ScrolledFields
from meticulous_gui.ui.typed_undo import TypedUndo

BESIDE_THE_NETWORK: Final = ("sharpens", "previews", "has_panel")
"""Options of the tool that a reset of this panel leaves alone."""
OVERLAY: Final = "overlay_percent"
"""The one control that is no option of the tool: it sets what the preferences set."""


class PointPanel(FloatingFrame):
    """Numbers and choices, live: a change looks at the clicks again.

    Attributes:
        fields: the controls by the name of their option.
        scrolled: what holds them.

    Signals:
        visible_changed: it was unfolded or folded away.
    """

    visible_changed = Signal()

    def __init__(self, pointing: Pointing, choices: Choices, over: QWidget) -> None:
        """Make a hidden panel in the upper right corner of ``over``."""
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        super().__init__(self.tr("Clicks: all controls"), over, corner)
        self._pointing = pointing
        self._choices = choices
        self.fields: dict[str, QWidget] = {}
        self._show_value: dict[str, Callable[[object], None]] = {}
        self.setAccessibleName(self.tr("All controls of clicks"))
        controls = QWidget(self)
        self._form = QFormLayout(controls)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(5)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._add_method()
        self._add_look()
        self._add_answer()
        self.scrolled = ScrolledFields(controls, self.accessibleName(), self)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column.addWidget(self.scrolled, 1)
        self.reset_button = self._button(
            self.tr("Reset"), self.tr("Set everything here as it came with the program."), self.reset
        )
        self.close_button = self._button(
            self.tr("Close"), self.tr("Fold the controls away; they keep their values."), self._fold
        )
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.reset_button)
        buttons.addWidget(self.close_button)
        self.column.addLayout(buttons)
        pointing.changed.connect(self.refresh)
        self.refresh()

    def place(self) -> None:
        """Take no more room than there is: lists go below their names, what is too high is scrolled."""
        room = self._room()
        if self._below is not None and not self._below.isHidden():
            room.setBottom(self._below.geometry().top() - FOOT_GAP_PX)
        self.setMaximumSize(room.size())
        super().place()

    def set_shown(self, is_shown: bool) -> None:
        """Unfold it, or fold it away."""
        if is_shown:
            self.place()
            self.raise_()
        self.setVisible(is_shown)
        self.visible_changed.emit()

    def refresh(self) -> None:
        """Show the present values."""
        options = self._pointing.options.now
        for name, show in self._show_value.items():
            show(self._overlay_percent if name == OVERLAY else getattr(options, name))
        usual_percent = _percent_of(ViewSettings())
        self.reset_button.setEnabled((self._usual(), usual_percent) != (options, self._overlay_percent))
        for name in ("evaluations", "network_clicks"):
            self.fields[name].setEnabled(options.method != "none")
        for name in ("zoom_after", "expansion"):
            self.fields[name].setEnabled(options.zoom)

    def reset(self) -> None:
        """Set every control here as it came with the program."""
        self._pointing.options.choose(self._usual())
        self._choose(OVERLAY, _percent_of(ViewSettings()))

    @property
    def _overlay_percent(self) -> int:
        return _percent_of(self._choices.settings.view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the keyboard back to the canvas at Enter and Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self._over.setFocus()
            return
        super().keyPressEvent(event)

    def _usual(self) -> PointSettings:
        options = self._pointing.options.now
        return replace(PointSettings(), **{name: getattr(options, name) for name in BESIDE_THE_NETWORK})

    def _fold(self) -> None:
        self._choose("has_panel", False)
        self._over.setFocus()

    def _choose(self, name: str, value: Any) -> None:
        if name == OVERLAY:
            settings = self._choices.settings
            view = replace(settings.view, overlay_opacity=value / 100)
            self._choices.take(replace(settings, view=view))
            return
        changes: dict[str, object] = {name: value}
        self._pointing.options.choose(replace(self._pointing.options.now, **changes))  # type: ignore[arg-type]

    # --- the controls -------------------------------------------------------------------------------------

    def _add_method(self) -> None:
        """Add how the network is made to agree with the clicks."""
        self._choice(
            "method",
            self.tr("Method"),
            self.tr("How the network is made to agree with the clicks (back-propagating refinement)."),
            {
                "local": self.tr("f-BRS-B around the clicks"),
                "none": self.tr("None, the network alone"),
                "a": "f-BRS-A",
                "b": "f-BRS-B",
                "c": "f-BRS-C",
                "distmap": "DistMap-BRS",
                "rgb": "RGB-BRS",
            },
        )
        self._number(
            "evaluations",
            self.tr("Steps of the method"),
            self.tr("The most evaluations of L-BFGS for one click."),
            (1, 1000),
        )
        self._number(
            "network_clicks",
            self.tr("Clicks shown to the network"),
            self.tr("Only so many of the first clicks are drawn for the network; all are obeyed."),
            (0, 1000),
            nothing=self.tr("all"),
        )

    def _add_look(self) -> None:
        """Add what the network sees of the photo."""
        self._switch("zoom", self.tr("Look closer"), self.tr("Look at the object instead of all the photo."))
        self._number(
            "zoom_after",
            self.tr("Closer after clicks"),
            self.tr("So many clicks are made before the network looks closer."),
            (0, 100),
        )
        self._number(
            "expansion",
            self.tr("Room around"),
            self.tr("How much larger than the object the part is that the network sees."),
            (1.0, 2.0),
            step=0.05,
        )
        self._number(
            "crop_px",
            self.tr("Picture for the network"),
            self.tr("Side of the picture that the network sees; larger is finer and slower."),
            (0, 1024),
            step=64,
            nothing=self.tr("as trained"),
            suffix=" px",
        )

    def _add_answer(self) -> None:
        """Add what becomes of its answer, and how clicks are drawn."""
        self._number(
            "threshold",
            self.tr("Threshold"),
            self.tr("How likely a pixel must be to belong to the object."),
            (0.01, 0.99),
            step=0.01,
        )
        self._choice(
            "changes",
            self.tr("A click changes"),
            self.tr("Whether a click changes only the piece it is about, or everything may move."),
            {
                "auto": self.tr("its piece, on a mask"),
                "local": self.tr("its piece, always"),
                "whole": self.tr("everything"),
            },
        )
        self._number(
            "marker_px",
            self.tr("Size of the marks"),
            self.tr("Radius of the marks of clicks on the screen."),
            (1, 20),
            suffix=" px",
        )
        self._number(
            OVERLAY,
            self.tr("Strength of the overlay"),
            self.tr("How strongly the colour of the mask lies over the photo, as in the preferences."),
            (0, 100),
            suffix=" %",
        )

    def _add(self, name: str, text: str, help_text: str, field: QWidget) -> None:
        field.setAccessibleName(text)
        field.setAccessibleDescription(help_text)
        field.setToolTip(help_text)
        self.fields[name] = field
        if isinstance(field, CheckBox):
            self._form.addRow(field)
        else:
            self._form.addRow(text, field)
            self._form.labelForField(field).setToolTip(help_text)

    def _choice(self, name: str, text: str, help_text: str, choices: dict[str, str]) -> None:
        box = QComboBox(self)
        for choice_id, label in choices.items():
            box.addItem(label, choice_id)
        box.activated.connect(lambda index: self._choose(name, box.itemData(index)))
        self._show_value[name] = lambda value: box.setCurrentIndex(box.findData(value))
        self._add(name, text, help_text, box)

    def _switch(self, name: str, text: str, help_text: str) -> None:
        box = CheckBox(text, self)
        box.clicked.connect(lambda is_on: self._choose(name, is_on))
        self._show_value[name] = lambda value: box.setChecked(bool(value))
        self._add(name, text, help_text, box)

    def _number(
        self,
        name: str,
        text: str,
        help_text: str,
        limits: tuple[float, float],
        *,
        step: float = 1,
        nothing: str = "",
        suffix: str = "",
    ) -> None:
        """Add a spin box, of whole numbers where the step is one, else of hundredths."""
        field: Any = QSpinBox(self) if isinstance(step, int) else QDoubleSpinBox(self)
        field.setRange(*limits)
        field.setSingleStep(step)
        field.setSuffix(suffix)
        field.setSpecialValueText(nothing)
        field.setKeyboardTracking(False)
        TypedUndo(field)
        field.valueChanged.connect(lambda value: self._choose(name, value))

        def show(value: object) -> None:
            with QSignalBlocker(field):
                field.setValue(value)

        self._show_value[name] = show
        self._add(name, text, help_text, field)

    def _button(self, text: str, help_text: str, act: Callable[[], None]) -> QPushButton:
        button = self.make_button(text, help_text)
        button.clicked.connect(act)
        return button


def _percent_of(view: ViewSettings) -> int:
    return round(100 * view.overlay_opacity)
