"""Masks from files of any program: put on the photo, asked about where it is not clear what is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.decode import DecodeLimits, read_header_size
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.files import is_same
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.layer_steps import add_layers
from meticulous_gui.core.mask_file import MaskFile, mask_of_pixels, read_mask
from meticulous_gui.ui.annotation_link import AnnotationLink
from meticulous_gui.ui.layer_refusal import refusal
from meticulous_gui.ui.mask_link import MaskLink, link_of
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.session import Session

TOPIC = "mask"
EXTREME = 16
EXTREME_SHARE = 0.7
SAME_SHAPE = 0.01

T = TypeVar("T")
Link = MaskLink | AnnotationLink


class MaskFiles(QObject):
    """Takes masks for the open document.

    Signals:
        taken: another mask is on the photo.
    """

    taken = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._links: WeakKeyDictionary[Document, Link] = WeakKeyDictionary()
        self._waiting: tuple[Path, Path] | None = None
        session.document_opened.connect(self._on_opened)

    @property
    def link(self) -> Link | None:
        """Where the mask of the open document came from; None for one made here."""
        document = self._session.document
        return self.tied(document) if document is not None else None

    def tied(self, document: Document) -> Link | None:
        """Return where the mask of a document came from, open or left."""
        return self._links.get(document)

    def tie(self, document: Document, link: Link | None) -> None:
        """Note where the mask of a document came from, open or left; None takes the note away."""
        if link is None:
            self._links.pop(document, None)
        else:
            self._links[document] = link

    # --- ways in ------------------------------------------------------------------------------------------

    def use(self, path: Path) -> None:
        """Read a mask in the background and put it on the photo: one undo step."""
        document, limits = self._session.document, self._session.limits
        if document is not None:
            self._session.background.run(
                lambda: read_mask(path, limits), lambda mask: self._fit(document, mask)
            )

    def use_pixels(self, rgba: NDArray[np.uint8]) -> bool:
        """Put pasted pixels on the photo; False where no mask can be told in them."""
        mask = mask_of_pixels(rgba)
        if mask is None or self._session.document is None:
            return False
        self._fit(self._session.document, mask)
        return True

    def use_with_photo(self, photo: Path, mask: Path, open_photo: Callable[[], None]) -> None:
        """Open a photo and put a mask on it."""
        self._waiting = photo, mask
        open_photo()

    def offer(self, path: Path, open_photo: Callable[[], None]) -> None:
        """Ask what a dropped file is where it may be a mask of the open photo; else open it as a photo."""
        document, limits = self._session.document, self._session.limits
        if document is None:
            open_photo()
            return
        size_hw = document.photo.size_hw

        def ask(may_be_mask: bool) -> None:
            if document is not self._session.document or not may_be_mask:
                open_photo()
                return
            sentence = self.tr("{name} may be a mask of this photo.")
            choices = (
                Choice(self.tr("Use it as the mask"), lambda: self.use(path)),
                Choice(self.tr("Open it as a photo"), open_photo),
            )
            text = sentence.format(name=path.name)
            self._session.post(Message(text, choices=choices, topic="drop", about=document))

        self._session.background.run(lambda: may_be_mask_of(path, size_hw, limits), ask)

    def offer_pixels(self, rgba: NDArray[np.uint8], open_picture: Callable[[], None]) -> None:
        """Ask what a picture without a file is where it may be a mask of the open photo; else open it."""
        document = self._session.document
        mask = mask_of_pixels(rgba) if document is not None else None
        is_cutout = mask is not None and mask.kind == "transparency"
        if document is None or mask is None or is_cutout or mask.size_hw != document.photo.size_hw:
            open_picture()
            return
        sentence = self.tr("This picture may be a mask of the photo.")
        choices = (
            Choice(self.tr("Use it as the mask"), lambda: self._fit(document, mask)),
            Choice(self.tr("Open it as a photo"), open_picture),
        )
        self._session.post(Message(sentence, choices=choices, topic="drop", about=document))

    def sort_pair(
        self, paths: Sequence[Path], otherwise: Callable[[], None], open_: Callable[[Path], None]
    ) -> None:
        """Open a photo with its mask where one of two files looks like a mask; else do `otherwise`."""
        limits = self._session.limits

        def sort() -> tuple[Path, Path] | None:
            masks = [path for path in paths if looks_like_mask(path, limits)]
            photos = [path for path in paths if path not in masks]
            return (photos[0], masks[0]) if len(masks) == len(photos) == 1 else None

        def take(pair: tuple[Path, Path] | None) -> None:
            if pair is None:
                otherwise()
            else:
                self.use_with_photo(*pair, lambda: open_(pair[0]))

        self._session.background.run(sort, take)

    def put_in_place(self, document: Document, mask: MaskFile) -> None:
        """Put a mask of the photo's size in the place of all layers, or of the active one's content."""
        if document is not self._session.document:
            return
        if mask.has_objects:
            self._make_layers(document, mask, [layer.id for layer in document.layers])
        else:
            self._take(document, mask)

    # --- putting it on the photo --------------------------------------------------------------------------

    def _fit(self, document: Document, mask: MaskFile) -> None:
        """Take a mask of the photo's size; ask what to do with one of another."""
        if document is not self._session.document:
            return
        size_hw = document.photo.size_hw
        if mask.size_hw == size_hw:
            self._take(document, mask)
            return
        sentence = self.tr(
            "{name} is {width} × {height} pixels and the photo {photo_width} × {photo_height}. "
            "What shall become of the mask?"
        )
        text = sentence.format(
            name=self._name(mask),
            width=mask.size_hw[1],
            height=mask.size_hw[0],
            photo_width=size_hw[1],
            photo_height=size_hw[0],
        )
        ways = [
            (self.tr("Scale it to the photo"), lambda: mask.scaled(size_hw)),
            (self.tr("Put it at the top left corner"), lambda: mask.at_corner(size_hw)),
        ]
        if mask.size_hw == (size_hw[1], size_hw[0]):  # it ignores how the camera was held
            ways = [
                (self.tr("Turn it right"), lambda: mask.turned(1)),
                (self.tr("Turn it left"), lambda: mask.turned(-1)),
            ]
        choices = tuple(
            Choice(label, lambda make=make: self._take(document, make()))  # type: ignore[misc]
            for label, make in ways
        )
        choices = (*choices, Choice(self.tr("Leave it"), lambda: None))
        self._session.post(Message(text, "warning", choices, topic=TOPIC, about=document))

    def _take(self, document: Document, mask: MaskFile) -> None:
        if document is not self._session.document:
            return
        layer = document.active
        if not mask.has_objects and self._is_refused(document, layer):
            return
        if mask.has_objects:
            self._make_layers(document, mask)
        else:
            step_id, layers = step_of(document, lambda: self._put_on(document, layer, mask))
            self._end(document, mask, layers, step_id)

    def _end(self, document: Document, mask: MaskFile, layers: dict[int, Layer], step_id: int | None) -> None:
        photo, link = document.photo.path, link_of(mask, layers, step_id)
        is_photo = photo is not None and link is not None and is_same(photo, link.path)
        self.tie(document, None if is_photo else link)  # saving must not put the mask in the photo's place
        self._say(document, mask, layers)
        self.taken.emit()

    def _put_on(self, document: Document, layer: Layer, mask: MaskFile) -> dict[int, Layer]:
        """Make a mask the content of a layer, whatever other layers hold; networks may speak everywhere."""
        self._session.work.drop_on_layer(layer.id)
        nothing_decided = np.zeros(document.box.size_hw, np.bool_)
        edit = Edit(layer.id, document.box, mask.alpha, nothing_decided, self.tr("Use a mask"))
        document.restructure(edit.title, (), [edit])
        return {mask.labels[0].value if len(mask.labels) == 1 else 1: layer}

    def _make_layers(self, document: Document, mask: MaskFile, in_place_of: Sequence[int] = ()) -> None:
        """Put every object on a layer of its own; an untouched first layer makes room for them."""
        ids = iter([document.new_layer_id() for _ in mask.labels])
        title = self.tr("Use a mask")

        def put(layers: dict[int, Layer]) -> None:
            if document is not self._session.document:
                return
            new = list(layers.values())
            if not new:
                text = self.tr("{name} holds no object inside this photo; the mask is as it was.")
                sentence = text.format(name=self._name(mask))
                self._session.post(Message(sentence, "warning", topic=TOPIC, about=document))
                return
            step_id, _ = step_of(
                document, lambda: add_on_top(self._session, document, new, title, in_place_of=in_place_of)
            )
            self._end(document, mask, layers, step_id)

        self._session.background.run(
            lambda: {label.value: layer for label, layer in mask.layers(ids.__next__)}, put
        )

    def _say(self, document: Document, mask: MaskFile, layers: dict[int, Layer]) -> None:
        name = self._name(mask)
        choices = [Choice(self.tr("Refine the edge"), self._session.asking.refine_all)]
        is_brief, layer_id = True, document.active.id
        if len(layers) > 1:
            text = self.tr("{name} holds {count} objects; each has a layer now.")
            choices = []
        elif mask.encoding.is_inverted:
            text = self.tr("{name} is dark on light and was turned over: the dark part is the object.")
        elif mask.may_be_inverted:
            text, is_brief = self.tr("{name} may be dark on light; is the light part the object?"), False
        elif mask.is_joint:
            text = self.tr("{name} holds {count} objects, too many for layers; they are one mask.")
        else:
            text = self.tr("{name} is the mask of “{layer}” now.")
        if mask.kind in ("coverage", "binary"):
            choices.append(Choice(self.tr("Turn it over"), lambda: self._turn_over(document, layer_id)))
        sentence = text.format(name=name, count=len(mask.labels), layer=document.active.name)
        message = Message(sentence, choices=tuple(choices), topic=TOPIC, is_brief=is_brief, about=document)
        self._session.post(message)

    def _turn_over(self, document: Document, layer_id: int) -> None:
        """Exchange inside and outside of the mask as it is now, and of its file when it is written back."""
        if document is not self._session.document or not document.has_layer(layer_id):
            return
        layer = document.layer(layer_id)
        if self._is_refused(document, layer):
            return
        edit = Edit(layer_id, document.box, 255 - layer.alpha, title=self.tr("Turn the mask over"))
        step_id, _ = step_of(document, lambda: document.restructure(edit.title, (), [edit]))
        link = self.link
        if isinstance(link, MaskLink) and layer_id in link.looks:
            self.tie(document, replace(link, mask=link.mask.inverted(), step_id=step_id))

    def _is_refused(self, document: Document, layer: Layer) -> bool:
        """Return whether a layer may not be changed, and say so."""
        why_not = refusal(document, layer)
        if why_not is not None:
            self._session.post(why_not)
        return why_not is not None

    def _name(self, mask: MaskFile) -> str:
        return mask.path.name if mask.path is not None else self.tr("The pasted mask")

    def _on_opened(self) -> None:
        document, waiting = self._session.document, self._waiting
        self._waiting = None
        if document is not None and waiting is not None and document.photo.path == waiting[0]:
            self.use(waiting[1])


def step_of(document: Document, work: Callable[[], T]) -> tuple[int | None, T]:
    """Do some work; return the id of its step, None where it changed nothing, and what it gave."""
    before = {step.id for step in document.history.steps}
    given = work()
    new = [step.id for step in document.history.steps if step.id not in before]
    return (new[-1] if new else None), given


def add_on_top(
    session: Session,
    document: Document,
    layers: Sequence[Layer],
    title: str,
    *,
    in_place_of: Sequence[int] = (),
) -> None:
    """Put layers on top as one step, in the place of some, or of an untouched layer that is the only one."""
    only = document.layers[0] if len(document.layers) == 1 else None
    old = list(in_place_of)
    if not old and only is not None and _is_untouched(document, only):
        old = [only.id]
    for layer_id in old:
        session.work.drop_on_layer(layer_id)
    add_layers(document, layers, title, in_place_of=old)


def _is_untouched(document: Document, layer: Layer) -> bool:
    """Return whether a layer is as the program made it: nobody painted on it, named or locked it."""
    name = document.layer_name.format(number=layer.id)
    return layer.decided.is_empty() and layer.category is None and layer.name == name


def may_be_mask_of(path: Path, size_hw: tuple[int, int], limits: DecodeLimits) -> bool:
    """Return whether a file may be a mask of a photo: its size and grey or transparent, or plainly a mask."""
    try:
        height, width = read_header_size(path, limits)
        if sorted((height, width)) == sorted(size_hw):
            return read_mask(path, limits).size_hw == size_hw
        is_alike = abs(width / height - size_hw[1] / size_hw[0]) <= SAME_SHAPE * width / height
        return is_alike and looks_like_mask(path, limits)
    except MeticulousError:
        return False  # opening it says what is wrong


def looks_like_mask(path: Path, limits: DecodeLimits) -> bool:
    """Return whether a file looks more like a mask than like a photo."""
    try:
        mask = read_mask(path, limits)
    except MeticulousError:
        return False
    if mask.kind != "coverage":
        return mask.kind != "transparency"
    alpha = mask.alpha
    n_extreme = int(((alpha < EXTREME) | (alpha >= 256 - EXTREME)).sum())
    return n_extreme >= EXTREME_SHARE * alpha.size
