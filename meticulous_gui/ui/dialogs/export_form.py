"""The controls of a recipe: one for each thing that can be wished of an export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.export import EXPORTERS
from meticulous_gui.core.photo import PHOTO_SUFFIXES
from meticulous_gui.core.recipe import NO_BACKGROUND, Recipe, parse_colour
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.plain_text import plain_caption

MAX_PX = 30_000
MAX_NAME_PX = 120
WHITE = "#ffffff"
TRANSPARENT, COLOUR, PICTURE = range(3)


class RecipeForm(QWidget):
    """Shows a recipe and takes changes; where files go is not its business.

    Signals:
        changed: a control was moved.
        format_changed: another format was chosen (before `changed`).
    """

    changed = Signal()
    format_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = Recipe()
        self._colour, self._picture, self._kind_before = WHITE, "", TRANSPARENT
        self._make_controls()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        frame = _row(self.trims, self.square)
        size = _row(self.width_px, QLabel("×", self), self.height_px)
        background = _row(self.background, self.background_button)
        edges = _row(self.edges, self.edges_value)
        rows: list[tuple[str, QWidget]] = [
            (self.tr("Format"), self.format),
            (self.tr("Objects"), self.layers),
            (self.tr("Shapes"), self.shapes),
            (self.tr("Frame"), frame),
            (self.tr("Padding"), self.padding),
            (self.tr("Size"), size),
            (self.tr("Background"), background),
            (self.tr("Clean edges"), edges),
            (self.tr("Quality"), self.quality),
            (self.tr("Values"), self.mask_values),
            ("", self.exif),
        ]
        for text, field in rows:
            self._form.addRow(text, field)
        pictures = frozenset(EXPORTERS)
        cutouts = pictures - {"mask"}
        self._shown_for: list[tuple[QWidget, frozenset[str]]] = [
            (self.layers, frozenset(ANNOTATION_EXPORTERS)),
            (self.shapes, frozenset({"coco"})),
            (frame, pictures),
            (self.padding, pictures),
            (size, pictures),
            (background, cutouts),
            (edges, cutouts),
            (self.quality, frozenset({"webp"})),
            (self.mask_values, frozenset({"mask"})),
            (self.exif, cutouts),
        ]
        self._connect()
        self.show_recipe(self._recipe)

    def recipe(self) -> Recipe:
        """Return what the controls say; the name of files is that of the recipe shown last."""
        background = {TRANSPARENT: NO_BACKGROUND, COLOUR: self._colour, PICTURE: self._picture}
        return replace(
            self._recipe,
            format=self.format_name,
            edge_cleaning_percent=self.edges.value(),
            is_trimmed=self.trims.isChecked(),
            padding_px=self.padding.value(),
            is_square=self.square.isChecked(),
            width_px=self.width_px.value(),
            height_px=self.height_px.value(),
            background=background[self.background.currentIndex()],
            keeps_exif=self.exif.isChecked(),
            quality=self.quality.value(),
            mask_values=str(self.mask_values.currentData()),
            has_all_layers=bool(self.layers.currentData()),
            has_rle=bool(self.shapes.currentData()),
        )

    def show_recipe(self, recipe: Recipe) -> None:
        """Move the controls to a recipe."""
        self._recipe = recipe
        if recipe.background and parse_colour(recipe.background) is None:
            self._picture, kind = recipe.background, PICTURE
        elif recipe.background:
            self._colour, kind = recipe.background, COLOUR
        else:
            kind = TRANSPARENT
        with QSignalBlocker(self):
            self.format.setCurrentIndex(max(self.format.findData(recipe.format), 0))
            self.edges.setValue(recipe.edge_cleaning_percent)
            self.trims.setChecked(recipe.is_trimmed)
            self.square.setChecked(recipe.is_square)
            self.padding.setValue(recipe.padding_px)
            self.width_px.setValue(recipe.width_px)
            self.height_px.setValue(recipe.height_px)
            self.background.setCurrentIndex(kind)
            self.exif.setChecked(recipe.keeps_exif)
            self.quality.setValue(recipe.quality)
            self.mask_values.setCurrentIndex(max(self.mask_values.findData(recipe.mask_values), 0))
            self.layers.setCurrentIndex(max(self.layers.findData(recipe.has_all_layers), 0))
            self.shapes.setCurrentIndex(max(self.shapes.findData(recipe.has_rle), 0))
        self._show_state()
        self.format_changed.emit()
        self.changed.emit()

    @property
    def format_name(self) -> str:
        """The registry's name of the chosen format."""
        return str(self.format.currentData())

    def _make_controls(self) -> None:
        titles = {
            "png": self.tr("PNG"),
            "webp": self.tr("WebP"),
            "tiff": self.tr("TIFF"),
            "psd": self.tr("Photoshop (layer with a mask)"),
            "mask": self.tr("Mask (grey PNG)"),
            "coco": self.tr("COCO annotations"),
            "yolo": self.tr("YOLO annotations"),
            "voc": self.tr("Pascal VOC annotations"),
            "labelme": self.tr("LabelMe annotations"),
        }
        self.format = self._choice(self.tr("Format"), [(titles[name], name) for name in EXPORTERS])
        self.format.insertSeparator(self.format.count())
        for name in ANNOTATION_EXPORTERS:
            self.format.addItem(titles[name], name)
        self.layers = self._choice(
            self.tr("Objects"),
            [(self.tr("Every visible layer"), True), (self.tr("Only the active layer"), False)],
        )
        self.shapes = self._choice(
            self.tr("Shapes"), [(self.tr("Polygons"), False), (self.tr("Run lengths, exact"), True)]
        )
        self.trims = self._switch(self.tr("Trim"), self.tr("Cut to the box of the object."))
        self.square = self._switch(self.tr("Square"), self.tr("As wide as high, the object in the middle."))
        self.padding = self._pixels(self.tr("Padding"), self.tr("none"))
        self.width_px = self._pixels(self.tr("Width"), self.tr("as it is"))
        self.height_px = self._pixels(self.tr("Height"), self.tr("as it is"))
        self.background = self._choice(
            self.tr("Background"),
            [(self.tr("Transparent"), None), (self.tr("Colour"), None), (self.tr("Picture"), None)],
        )
        self.background_button = QPushButton(self)
        self.background_button.setAutoDefault(False)
        self.background_button.setAccessibleName(self.tr("Choose the background"))
        self.edges = QSlider(Qt.Orientation.Horizontal, self)
        self.edges.setRange(0, 100)
        self.edges.setAccessibleName(self.tr("Clean edges"))
        self.edges.setToolTip(
            self.tr("How much of the background's colour is taken out of hair and soft edges.")
        )
        self.edges_value = QLabel(self)
        self.edges_value.setMinimumWidth(self.edges_value.fontMetrics().horizontalAdvance("100 %"))
        self.quality = QSpinBox(self)
        self.quality.setRange(1, 100)
        self.quality.setAccessibleName(self.tr("Quality"))
        self.quality.setToolTip(self.tr("100 keeps every pixel exactly; less makes smaller files."))
        self.mask_values = self._choice(
            self.tr("Values"),
            [
                (self.tr("Grey: soft edges stay soft"), "grey"),
                (self.tr("Only black and white"), "binary"),
                (self.tr("One bit a pixel"), "bits"),
            ],
        )
        self.exif = self._switch(
            self.tr("Keep camera data"),
            self.tr("Camera and date travel on; the place only if the preferences say so."),
        )

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(lambda: self.format_changed.emit())
        boxes = (self.format, self.layers, self.shapes, self.background, self.mask_values)
        for box in boxes:
            box.currentIndexChanged.connect(self._on_changed)
        for spin in (self.padding, self.width_px, self.height_px, self.quality):
            spin.valueChanged.connect(self._on_changed)
        for switch in (self.trims, self.square, self.exif):
            switch.toggled.connect(self._on_changed)
        self.edges.valueChanged.connect(self._on_changed)
        self.background.activated.connect(self._on_background)
        self.background_button.clicked.connect(self._choose_background)

    def _on_changed(self) -> None:
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        for field, formats in self._shown_for:
            self._form.setRowVisible(field, self.format_name in formats)
        for side, other in ((self.width_px, self.height_px), (self.height_px, self.width_px)):
            side.setSpecialValueText(self.tr("in proportion") if other.value() else self.tr("as it is"))
        self.edges_value.setText(f"{self.edges.value()} %")
        kind = self.background.currentIndex()
        if kind != PICTURE or self._picture:
            self._kind_before = kind
        self.background_button.setVisible(kind != TRANSPARENT)
        if kind == COLOUR:
            self.background_button.setText(self._colour)
            self.background_button.setAccessibleName(self.tr("Choose the background's colour"))
        elif kind == PICTURE:
            self.background_button.setText(self._picture_caption())
            self.background_button.setAccessibleName(self.tr("Choose the background's picture"))

    def _picture_caption(self) -> str:
        """Return as much of the picture's name as there is room for."""
        name = Path(self._picture).name or self.tr("Choose…")
        metrics = self.background_button.fontMetrics()
        return plain_caption(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, MAX_NAME_PX))

    def _on_background(self, kind: int) -> None:
        """Let the person choose a picture, which has to be done once; a colour begins with white."""
        if kind == PICTURE and not self._picture:
            self._choose_background()

    def _choose_background(self) -> None:
        """Let the person choose another colour or picture; who chooses none keeps what was."""
        if self.background.currentIndex() == COLOUR:
            colours = QColorDialog(QColor(self._colour), self)
            colours.colorSelected.connect(lambda colour: self._take(colour=colour.name()))
            colours.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            colours.open()
            return
        files = QFileDialog(self, self.tr("A picture behind the object"), str(Path(self._picture).parent))
        patterns = " ".join(f"*{suffix}" for suffix in PHOTO_SUFFIXES)
        files.setNameFilter(self.tr("Pictures ({patterns})").format(patterns=patterns))
        files.fileSelected.connect(lambda name: self._take(picture=name))
        files.rejected.connect(self._go_back_without_picture)
        files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        files.open()

    def _go_back_without_picture(self) -> None:
        if not self._picture:
            self.background.setCurrentIndex(self._kind_before)

    def _take(self, *, colour: str | None = None, picture: str | None = None) -> None:
        self._colour = colour or self._colour
        self._picture = picture or self._picture
        self._on_changed()

    def _choice(self, name: str, entries: list[tuple[str, object]]) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, value in entries:
            box.addItem(text, value)
        return box

    def _switch(self, text: str, help_text: str) -> CheckBox:
        box = CheckBox(text, self)
        box.setAccessibleName(text)
        box.setToolTip(help_text)
        box.setAccessibleDescription(help_text)
        return box

    def _pixels(self, name: str, at_zero: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setRange(0, MAX_PX)
        spin.setSuffix(" px")
        spin.setSpecialValueText(at_zero)
        spin.setAccessibleName(name)
        return spin


def _row(*widgets: QWidget) -> QWidget:
    """Return the widgets side by side."""
    parent = widgets[0].parentWidget()
    holder = QWidget(parent)
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        is_fixed = isinstance(widget, QLabel)
        layout.addWidget(widget, 0 if is_fixed else 1)
    return holder
