"""What a card says of the data: a line for each set, with its terms, and one for each encoder begun with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from meticulous_gui.engine.models import ARCHITECTURES
from training.common.mixture import parse_shares

TERMS = (
    "The weights are made for this program under its licence (Apache-2.0). They were trained on research "
    "data whose photographs have unknown or mixed rights (see data): check whether your use allows that."
)
DATA_TERMS = {
    "duts": "DUTS-TR (Wang et al. 2017), the train part of the hash split of its 10,553 pairs; public on "
    "GitHub (aviroshkovan/DUTS-TR); no licence stated, photographs from ImageNet and SUN, research use",
    "ccp": "Clothing Co-Parsing (Yang et al. 2014), 515 of 1,004 pairs; public on GitHub (bearpaw/"
    "clothing-co-parsing); Apache-2.0, rights in the street photographs unknown",
    "shapes": "drawn while training (training/common/shapes.py): no terms of anyone else",
    "pasted": "objects and photographs of DUTS-TR put over one another (see there)",
    "apart": "photographs of DUTS-TR in which several things lie apart, each an object (see there)",
    "kin": "objects of DUTS-TR put over photographs of it that show the same kind of thing (see there)",
    "people": "persons of Clothing Co-Parsing (Yang et al. 2014) put over one another's photographs; public "
    "on GitHub (bearpaw/clothing-co-parsing); Apache-2.0, rights in the street photographs unknown",
    "cut_outs": "objects of DUTS-TR put over photographs of it (see there)",
    "coco": "COCO 2017 (Lin et al. 2014), 292 pictures of train2017 with their instances; annotations "
    "CC BY 4.0, photographs under the Flickr licence of each",
    "cats": "feral cats, 291 pictures (GitHub pcashman21/feral-cat-segmentation-dataset-and-model, valid and "
    "test parts); stated by the source as public domain, rights in the photographs uncertain",
    "penn": "Penn-Fudan pedestrians (Wang et al. 2007), 170 pictures; free for research",
    "emoji": "Fluent Emoji 3D (npm @lobehub/fluent-emoji-3d), 450 objects with alpha, composited over "
    "photographs of the first set; MIT",
}
_ENCODER = "encoder started from "
_HEAD = "what follows the encoder first trained on one started from "
_PUBLISHED = "{name} (Apache-2.0; see the encoder's own source for its training data)"
_OWN = "that of {name} (see its card)"


def data_of(facts: dict[str, Any]) -> list[str]:
    """Return one line for each set and one for the encoder's start, also those of what it began with."""
    shares = parse_shares(facts["sets"]) if facts.get("sets") else []
    lines = [DATA_TERMS.get(share.name, share.name) for share in shares]
    lines += facts.get("earlier_data", [])
    if facts.get("encoder_weights"):
        name = Path(facts["encoder_weights"]).stem
        lines.append(_ENCODER + (_OWN if name in ARCHITECTURES else _PUBLISHED).format(name=name))
    return list(dict.fromkeys(lines))


def earlier_data_of(before: dict[str, Any], *, keeps_encoder: bool) -> list[str]:
    """Return the lines of what a training begins with, as they hold for the part of it that is kept.

    Args:
        before: facts of the network whose weights are taken.
        keeps_encoder: its encoder's weights are taken as well, none are put in their place.
    """
    lines = data_of(before)
    if keeps_encoder:
        return lines
    return [line.replace(_ENCODER, _HEAD, 1) if line.startswith(_ENCODER) else line for line in lines]
