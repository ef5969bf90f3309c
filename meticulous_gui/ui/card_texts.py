"""What the cards of the networks say, in the person's language: they are written in English."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

CARD_TEXTS: Final = (
    # What a network is known to do badly.
    QT_TRANSLATE_NOOP(
        "Networks",
        "Masks that are far off, on large photos: the edge comes back a little less exactly than MOS_H's, "
        "by up to a point of mBA.",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Detail that was lost when a mask was enlarged by eight or more: MOS_H brings back a little more "
        "of it.",
    ),
    QT_TRANSLATE_NOOP("Networks", "Thin parts that the mask lacked, such as antennae and claws, stay out."),
    QT_TRANSLATE_NOOP("Networks", "It takes two and a half to three times as long as MOS_H."),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Things among many of their kind (one person of a crowd, one car of a row) take several clicks; "
        "outlines of instances were few to learn from.",
    ),
    QT_TRANSLATE_NOOP(
        "Networks", "Thin parts far from a click come out coarse; sharpening the edge helps where it is near."
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Where a mask lost its detail by a shrink of 4 it moves edges to where it believes them to be: mBA "
        ".873 becomes .850 on hand-made masks.",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Adds two points of mBA to one look of MOS_L on photos of a few hundred pixels, hardly more.",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "An edge that a hand drew a pixel off stays a pixel off: what would move by a pixel only is left "
        "alone.",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Takes what lies around a small object for a part of it: the leaf under a beetle, the wake of a "
        "boat.",
    ),
    QT_TRANSLATE_NOOP("Networks", "In cluttered rooms it may also mark a bright thing beside the object."),
    QT_TRANSLATE_NOOP(
        "Networks", "Thin parts (legs, antennae, spokes) come out coarse: one look sees at most 336 pixels."
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "A close-up that fills the picture may lose parts out of focus, such as a cat's chin or ear.",
    ),
    # What it was trained on.
    QT_TRANSLATE_NOOP(
        "Networks",
        "DUTS-TR (Wang et al. 2017), the train part of the hash split of its 10,553 pairs; public on "
        "GitHub (aviroshkovan/DUTS-TR); no licence stated, photographs from ImageNet and SUN, research use",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Clothing Co-Parsing (Yang et al. 2014), 515 of 1,004 pairs; public on GitHub "
        "(bearpaw/clothing-co-parsing); Apache-2.0, rights in the street photographs unknown",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "Fluent Emoji 3D (npm @lobehub/fluent-emoji-3d), 450 objects with alpha, composited over "
        "photographs of the first set; MIT",
    ),
    QT_TRANSLATE_NOOP(
        "Networks", "drawn while training (training/common/shapes.py): no terms of anyone else"
    ),
    QT_TRANSLATE_NOOP("Networks", "objects and photographs of DUTS-TR put over one another (see there)"),
    QT_TRANSLATE_NOOP(
        "Networks",
        "photographs of DUTS-TR in which several things lie apart, each an object (see there)",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "objects of DUTS-TR put over photographs of it that show the same kind of thing (see there)",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "persons of Clothing Co-Parsing (Yang et al. 2014) put over one another's photographs; public on "
        "GitHub (bearpaw/clothing-co-parsing); Apache-2.0, rights in the street photographs unknown",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "COCO 2017 (Lin et al. 2014), 292 pictures of train2017 with their instances; annotations CC BY "
        "4.0, photographs under the Flickr licence of each",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "feral cats, 291 pictures (GitHub pcashman21/feral-cat-segmentation-dataset-and-model, valid and "
        "test parts); stated by the source as public domain, rights in the photographs uncertain",
    ),
    QT_TRANSLATE_NOOP(
        "Networks", "Penn-Fudan pedestrians (Wang et al. 2007), 170 pictures; free for research"
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "encoder started from mobilenet_v2_deeplab_voc (Apache-2.0; see the encoder's own source for its "
        "training data)",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "encoder started from mobilenet_v2_oid_detector (Apache-2.0; see the encoder's own source for its "
        "training data)",
    ),
    QT_TRANSLATE_NOOP(
        "Networks",
        "what follows the encoder first trained on one started from mobilenet_v2_deeplab_voc (Apache-2.0; "
        "see the encoder's own source for its training data)",
    ),
    QT_TRANSLATE_NOOP("Networks", "objects of DUTS-TR put over photographs of it (see there)"),
    QT_TRANSLATE_NOOP(
        "Networks",
        "encoder started from efficientnet_lite0 (Apache-2.0; see the encoder's own source for its "
        "training data)",
    ),
    # On which terms.
    QT_TRANSLATE_NOOP(
        "Networks",
        "The weights are made for this program under its licence (Apache-2.0). They were trained on "
        "research data whose photographs have unknown or mixed rights (see data): check whether your use "
        "allows that.",
    ),
)


def card_text(text: str) -> str:
    """Return a line of a card in the person's language; those of networks from elsewhere stay as they are."""
    return QCoreApplication.translate("Networks", text)
