"""The export dialog: format, what is written, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.export import EXPORTERS, next_free_path
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.ui.check_box import CheckBox


@dataclass(frozen=True)
class ExportChoice:
    """What the person wants written.

    Attributes:
        recipe: how.
    """

    path: Path
    recipe: Recipe


class _Page(QWidget):
    """The options of one format, as a column of controls."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _check(self, text: str, help_text: str, *, is_on: bool) -> CheckBox:
        box = CheckBox(text, self)
        box.setChecked(is_on)
        box.setToolTip(help_text)
        box.setAccessibleName(text)
        box.setAccessibleDescription(help_text)
        self._layout.addWidget(box)
        return box

    def _clean_edges(self) -> CheckBox:
        return self._check(
            self.tr("Clean edge colours"),
            self.tr("Take the background's colour out of hair and soft edges."),
            is_on=True,
        )

    def _metadata(self) -> CheckBox:
        return self._check(
            self.tr("Keep camera data"),
            self.tr("Camera, date and place travel on with the file."),
            is_on=True,
        )

    def recipe(self) -> Recipe:
        """Return what the controls say."""
        raise NotImplementedError


class _PngPage(_Page):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.clean, self.metadata = self._clean_edges(), self._metadata()

    def recipe(self) -> Recipe:
        return Recipe(
            edge_cleaning_percent=100 if self.clean.isChecked() else 0, keeps_exif=self.metadata.isChecked()
        )


class _MaskPage(_Page):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(self.tr("Values"))
        self.kind.addItem(self.tr("Grey: soft edges stay soft"), "grey")
        self.kind.addItem(self.tr("Only black and white"), "binary")
        self.kind.addItem(self.tr("One bit a pixel"), "bits")
        self._layout.addWidget(self.kind)

    def recipe(self) -> Recipe:
        return Recipe(mask_values=str(self.kind.currentData()))


class _WebpPage(_Page):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.clean, self.metadata = self._clean_edges(), self._metadata()
        self.lossless = self._check(
            self.tr("Every pixel exactly"), self.tr("Off makes smaller files with small losses."), is_on=True
        )
        self.quality = QSpinBox(self)
        self.quality.setRange(1, 100)
        self.quality.setValue(90)
        self.quality.setPrefix(self.tr("Quality "))
        self.quality.setAccessibleName(self.tr("Quality"))
        self.quality.setEnabled(False)
        self.lossless.toggled.connect(lambda is_on: self.quality.setEnabled(not is_on))
        self._layout.addWidget(self.quality)

    def recipe(self) -> Recipe:
        return Recipe(
            edge_cleaning_percent=100 if self.clean.isChecked() else 0,
            quality=100 if self.lossless.isChecked() else self.quality.value(),
            keeps_exif=self.metadata.isChecked(),
        )


class ExportDialog(QDialog):
    """Asks before a file is replaced; writes nothing itself.

    Signals:
        chosen: an `ExportChoice`.
    """

    chosen = Signal(object)

    def __init__(self, photo: Photo, parent: QWidget | None = None, *, note: str = "") -> None:
        super().__init__(parent)
        self._photo = photo
        self._asked_about: Path | None = None
        self.setWindowTitle(self.tr("Export the cut-out"))
        self.setMinimumWidth(460)
        self.note = QLabel(note, self)
        self.note.setWordWrap(True)
        self.note.setVisible(bool(note))
        self.format = QComboBox(self)
        self._name(self.format, self.tr("Format"))
        titles = {
            "png": self.tr("PNG with transparency"),
            "mask": self.tr("Mask (grey PNG)"),
            "webp": self.tr("WebP with transparency"),
        }
        for name, exporter in EXPORTERS.items():
            self.format.addItem(titles.get(name, exporter.title), name)
        self.pages = QStackedWidget(self)
        self._pages: dict[str, _Page] = {
            "png": _PngPage(self),
            "mask": _MaskPage(self),
            "webp": _WebpPage(self),
            "tiff": _PngPage(self),
            "psd": _PngPage(self),
        }
        for page in self._pages.values():
            self.pages.addWidget(page)
        self.path = QLineEdit(self)
        self._name(self.path, self.tr("File"))
        browse = QPushButton(self.tr("Browse…"), self)
        self._name(browse, self.tr("Browse for a place"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(browse)
        self.warning = QLabel(self)
        self.warning.setWordWrap(True)
        self.warning.setVisible(False)
        form = QFormLayout()
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("Options"), self.pages)
        form.addRow(self.tr("File"), place)
        self.buttons = QDialogButtonBox(self)
        self.buttons.setAccessibleName(self.tr("Buttons"))
        self.export = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.export, cancel):
            button.setAccessibleName(button.text())
        self.buttons.accepted.connect(self._on_export)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.note)
        layout.addLayout(form)
        layout.addWidget(self.warning)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.format.currentIndexChanged.connect(self._on_format)
        self.path.textChanged.connect(self._on_path)
        self._on_format(0)

    @property
    def format_name(self) -> str:
        """The registry's name of the chosen format."""
        return str(self.format.currentData())

    def _on_format(self, _index: int) -> None:
        name = self.format_name
        if name in self._pages:
            self.pages.setCurrentWidget(self._pages[name])
        self.pages.setVisible(name in self._pages)
        self.path.setText(str(self._suggestion(name)))

    def _suggestion(self, name: str) -> Path:
        """Return a free file name beside the photo, or in the home folder for a picture without a file."""
        suffix = EXPORTERS[name].suffixes[0]
        source = self._photo.path or Path.home() / "untitled"
        ending = "-mask" if name == "mask" else "-cutout"
        return next_free_path(source.with_name(source.stem + ending + suffix))

    def _on_path(self, _text: str) -> None:
        self._asked_about = None
        self.warning.hide()
        self.export.setText(self.tr("Export"))
        self.export.setEnabled(bool(self.path.text().strip()))

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # asked here, once, for typed names as well
        dialog.setDefaultSuffix(EXPORTERS[self.format_name].suffixes[0].lstrip("."))
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def _on_export(self) -> None:
        path = Path(self.path.text().strip()).expanduser()
        if not path.suffix:
            path = path.with_suffix(EXPORTERS[self.format_name].suffixes[0])
        if path.exists() and path != self._asked_about:
            sentence = self.tr("{name} exists already. Press “Replace it” to write over it.")
            self.warning.setText(sentence.format(name=path.name))
            self.warning.show()
            self.export.setText(self.tr("Replace it"))
            self._asked_about = path
            return
        recipe = replace(self._pages[self.format_name].recipe(), format=self.format_name)
        self.accept()
        self.chosen.emit(ExportChoice(path, recipe))

    def _name(self, widget: QWidget, name: str) -> None:
        widget.setAccessibleName(name)
