"""The export dialog: what is written, how it looks, and where it goes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.export import EXPORTERS
from meticulous_gui.core.files import is_folder, is_same
from meticulous_gui.core.finish import backdrop_path
from meticulous_gui.core.mask_pairs import LABELME_SUFFIX, twins_in
from meticulous_gui.core.project_index import index_paths
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.core_sentences import spoken
from meticulous_gui.ui.dialogs.export_form import RecipeForm
from meticulous_gui.ui.dialogs.export_preview import ExportPreview
from meticulous_gui.ui.dialogs.ground_bar import GroundBar
from meticulous_gui.ui.dialogs.preset_bar import PresetBar
from meticulous_gui.ui.dialogs.preview_pane import PreviewPane
from meticulous_gui.ui.first_size import resize_within_screen
from meticulous_gui.ui.scrolled_fields import ScrolledFields
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.wrapping_label import WrappingLabel

SIZE_WH = 1000, 660
FORM_WIDTH_PX = 380
MAX_COUNTER = 100_000
USUAL_NAMES = {"mask": "{name}-mask", "coco": "{name}-coco"}


@dataclass(frozen=True)
class ExportChoice:
    """What the person wants written.

    Attributes:
        path: the file, or for some annotations the folder.
        recipe: how.
        layers_folder: of annotations: write every photo whose layers are kept there; None for this one.
    """

    path: Path
    recipe: Recipe
    layers_folder: Path | None = None


class ExportDialog(QDialog):
    """Shows the result while it is chosen; asks before a file is replaced; writes nothing itself.

    Args:
        layers_folder: where the layers of the photos of this folder are kept, if anywhere.
        note: why the dialog opened by itself.

    Signals:
        chosen: an `ExportChoice`.
    """

    chosen = Signal(object)

    def __init__(
        self,
        session: Session,
        choices: Choices,
        parent: QWidget | None = None,
        *,
        layers_folder: Path | None = None,
        note: str = "",
    ) -> None:
        super().__init__(parent)
        assert session.document is not None  # the action is disabled without a photo
        self._photo = session.document.photo
        self._layers_folder = layers_folder
        self._asked_about: Path | None = None
        self._proposed = ""  # the folder that stands there until the person types another one
        self._of_preset = Recipe()  # what the wishes were when a preset was chosen or kept
        self.setWindowTitle(self.tr("Export {name}").format(name=self._photo.name))
        resize_within_screen(self, *SIZE_WH)
        self.presets = PresetBar(choices, self)
        self.form = RecipeForm(self)
        self.pane = PreviewPane(self)
        self.grounds = GroundBar(self.pane, self)
        self.size_note = QLabel(self)
        self.note = self._sentence(note)
        self.warning = self._sentence("")
        self._make_place()
        self._make_buttons()
        self._lay_out()
        self.preview = ExportPreview(session, self.pane, self.form.recipe, self)
        self._connect()
        self._take(choices.settings.usual_recipe)
        self.export.setFocus()

    def recipe(self) -> Recipe:
        """Return all wishes."""
        return replace(self.form.recipe(), name=self.name.text().strip())

    def target(self) -> Path:
        """Return the file or the folder that will be written.

        Raises:
            MeticulousError: the pattern of the name is of no use.
        """
        text = self.folder.text().strip()
        try:
            folder = Path(text).expanduser()
        except RuntimeError as error:  # ~somebody, whom nobody knows here
            raise MeticulousError(self.tr("There is no folder {folder}.").format(folder=text)) from error
        if self._fills_folder:
            return folder
        stem = folder.name if self._wants_folder_of_photos else Path(self._photo.name).stem
        suffix = self._suffix
        recipe = self.recipe()
        for counter in range(1, MAX_COUNTER):
            path = folder / (recipe.file_stem(stem, counter=counter) + suffix)
            if "{counter}" not in recipe.name or not os.path.lexists(path):
                break
        return path

    # --- building -----------------------------------------------------------------------------------------

    def _make_place(self) -> None:
        self.scope = QComboBox(self)
        self.scope.setAccessibleName(self.tr("Photos"))
        self.scope.addItem(self.tr("This photo"), False)
        saved = self.tr("All of the folder that were saved ({count})")
        self.scope.addItem(saved.format(count=self._n_saved()), True)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setToolTip(self.tr("{name} is the photo's name, {counter} counts from 1."))
        self.folder = QLineEdit(self)
        self.folder.setAccessibleName(self.tr("Folder"))
        self.browse = QPushButton(self.tr("Browse…"), self)
        self.browse.setAccessibleName(self.tr("Browse for a folder"))
        self.browse.setAutoDefault(False)
        self.file_note = WrappingLabel(parent=self)
        self.file_note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox(self)
        self.buttons.setAccessibleName(self.tr("Buttons"))
        self.export = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.export, cancel):
            button.setAccessibleName(button.text())

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self.grounds)
        below.addStretch(1)
        below.addWidget(self.size_note)
        left = QVBoxLayout()
        left.addWidget(self.pane, 1)
        left.addLayout(below)
        place = QHBoxLayout()
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self.folder, 1)
        place.addWidget(self.browse)
        self._place_form = QFormLayout()
        self._place_form.setContentsMargins(0, 0, 0, 0)
        self._place_form.addRow(self.tr("Photos"), self.scope)
        self._place_form.addRow(self.tr("Name"), self.name)
        self._place_form.addRow(self.tr("Folder"), place)
        preset = QHBoxLayout()  # in a form the name would hang above the middle of the row
        title = QLabel(self.tr("Preset"), self)
        title.setBuddy(self.presets.list)
        preset.addWidget(title)
        preset.addWidget(self.presets, 1)
        wishes = QWidget(self)
        column = QVBoxLayout(wishes)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(preset)
        column.addWidget(_line(wishes))
        column.addWidget(self.form)
        column.addWidget(_line(wishes))
        column.addLayout(self._place_form)
        column.addWidget(self.file_note)
        column.addStretch(1)
        scroll = ScrolledFields(wishes, self.tr("Choices"), self)
        right = QVBoxLayout()
        right.addWidget(self.note)
        right.addWidget(scroll, 1)
        right.addWidget(self.warning)
        right.addWidget(self.buttons)
        holder = QWidget(self)
        holder.setFixedWidth(max(FORM_WIDTH_PX, wishes.minimumSizeHint().width() + 24))
        holder.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        whole = QHBoxLayout(self)
        whole.addLayout(left, 1)
        whole.addWidget(holder)

    def _connect(self) -> None:
        self.presets.chosen.connect(self._take)
        self.presets.save_wanted.connect(self._keep)
        self.presets.failed.connect(self._warn)
        self.form.format_changed.connect(self._on_format)
        self.form.changed.connect(self._on_wish)
        self.scope.currentIndexChanged.connect(self._on_wish)
        for field in (self.name, self.folder):
            field.textChanged.connect(self._on_wish)
        self.browse.clicked.connect(self._browse)
        self.preview.shown.connect(self._on_shown)
        self.preview.failed.connect(self._warn)
        self.buttons.accepted.connect(self._on_export)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self.preview.stop)

    # --- what happens -------------------------------------------------------------------------------------

    @property
    def _fills_folder(self) -> bool:
        exporter = ANNOTATION_EXPORTERS.get(self.form.format_name)
        return exporter is not None and not exporter.suffixes

    @property
    def _wants_folder_of_photos(self) -> bool:
        return self.form.format_name in ANNOTATION_EXPORTERS and bool(self.scope.currentData())

    @property
    def _suffix(self) -> str:
        name = self.form.format_name
        suffixes = EXPORTERS[name].suffixes if name in EXPORTERS else ANNOTATION_EXPORTERS[name].suffixes
        return suffixes[0]

    def _take(self, recipe: Recipe) -> None:
        with QSignalBlocker(self.name):
            self.name.setText(recipe.name)
        self.form.show_recipe(recipe)
        self._of_preset = self.recipe()
        self.presets.show_own(False)

    def _keep(self, name: str) -> None:
        self._of_preset = self.recipe()
        self.presets.save(name, self._of_preset)

    def _on_format(self) -> None:
        name = self.form.format_name
        usual, before = {Recipe().name, *USUAL_NAMES.values()}, self._proposed
        self._proposed = str(self._usual_folder(name))
        with QSignalBlocker(self.name), QSignalBlocker(self.folder):
            if self.name.text() in usual:
                self.name.setText(USUAL_NAMES.get(name, Recipe().name))
            if self.folder.text() == before:
                self.folder.setText(self._proposed)
        self.pane.show_whole()

    def _usual_folder(self, name: str) -> Path:
        """Return the photo's folder, or one for annotations in it."""
        beside = self._photo.path.parent if self._photo.path is not None else Path.home()
        is_apart = self._fills_folder and name != "labelme"  # LabelMe looks for its files beside the photos
        return beside / f"annotations-{name}" if is_apart else beside

    def _on_wish(self) -> None:
        self._asked_about = None
        self.presets.show_own(self.recipe() != self._of_preset)
        self.warning.hide()
        self.export.setText(self.tr("Export"))
        is_annotation = self.form.format_name in ANNOTATION_EXPORTERS
        has_folder = self._layers_folder is not None and self._layers_folder.is_dir()
        self._place_form.setRowVisible(self.scope, is_annotation and has_folder)
        self._place_form.setRowVisible(self.name, not self._fills_folder)
        is_clear = not is_annotation and self.form.format_name != "mask"
        self.grounds.setEnabled(is_clear and not self.form.recipe().background)
        self.file_note.clear()
        try:
            path = self.target()
        except MeticulousError as error:
            self._warn(str(error))
            self.export.setEnabled(False)
        else:
            self.export.setEnabled(bool(self.folder.text().strip()))
            self.file_note.setText(path.name if not self._fills_folder else "")
        self.preview.schedule()

    def _on_shown(self, size: QSize) -> None:
        self.size_note.setText(
            self.tr("{width} × {height} px").format(width=size.width(), height=size.height())
        )

    def _warn(self, sentence: str) -> None:
        self.warning.setText(spoken(sentence))
        self.warning.show()

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _on_export(self) -> None:
        path = self.target()
        sources = self._photo.path, backdrop_path(self.recipe().background)
        if any(source is not None and is_same(path, source) for source in sources):
            sentence = self.tr("The result is made from {name} itself; choose another name or folder.")
            self._warn(sentence.format(name=path.name))
            return
        if not self._fills_folder and not is_folder(path.parent):
            self._warn(self.tr("There is no folder {folder}.").format(folder=path.parent))
            return
        in_the_way = self._in_the_way(path)
        if in_the_way is not None and path != self._asked_about:
            is_a_folder = self._fills_folder and in_the_way == path
            in_folder = self.tr("{name} holds files already; those of the same names are replaced.")
            one = self.tr("{name} exists already. Press “Replace it” to write over it.")
            anothers = self.tr(
                "{name} exists already and may be that of another photo whose name differs from {photo} only "
                "in the suffix. Press “Replace it” to write over it."
            )
            sentence = in_folder if is_a_folder else anothers if self._shares_its_file() else one
            self._warn(sentence.format(name=in_the_way.name, photo=self._photo.name))
            self.export.setText(self.tr("Write into it") if is_a_folder else self.tr("Replace it"))
            self._asked_about = path
            return
        folder = self._layers_folder if self._wants_folder_of_photos else None
        self.accept()
        self.chosen.emit(ExportChoice(path, self.recipe(), folder))

    def _in_the_way(self, path: Path) -> Path | None:
        """Return the file, or the folder of files, that may be a person's and would be written over."""
        name = self.form.format_name
        if not self._fills_folder:
            return path if os.path.lexists(path) else None
        if path != self._usual_folder(name):
            return path if _holds_files(path) else None
        if name != "labelme" and not self._shares_its_file():
            return None  # a folder of ours: files of other photos stay, and classes keep their numbers
        if self._wants_folder_of_photos:
            return path if any(path.glob(f"*{LABELME_SUFFIX}")) else None
        own = ANNOTATION_EXPORTERS[name].file_of(self._photo.name, path)
        return own if os.path.lexists(own) else None

    def _n_saved(self) -> int:
        """Return how many photos of the folder have layers on disk, the open one among them."""
        if self._layers_folder is None:
            return 1
        return len({path.name for path in index_paths(self._layers_folder)} | {f"{self._photo.name}.json"})

    def _shares_its_file(self) -> bool:
        """Return whether another photo of the folder would write to the very file that this one does."""
        photo = self._photo.path
        if photo is None or not self._fills_folder or self._wants_folder_of_photos:
            return False
        try:
            return photo.name in twins_in(photo.parent)
        except MeticulousError:  # it cannot be listed
            return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "grounds"):
            self.grounds.renew_icons()
        super().changeEvent(event)

    def _sentence(self, text: str) -> QLabel:
        label = WrappingLabel(text, self)
        label.setVisible(bool(text))
        return label


def _holds_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:  # there is none yet, or writing will say what is wrong with it
        return False


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line
