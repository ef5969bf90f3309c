"""Which networks are installed: the built-in ones, the person's own, and any file named at the start.

Reads cards only; knows nothing of tensors and imports no torch.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import platformdirs

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.core.files import atomic_write, ensure_folder, is_file, is_folder, next_free_path
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.engine.alpha import DEFAULT_RAMP

__all__ = [
    "ROLES", "Card", "Catalog", "Role", "data_dir", "install", "read_card",
    "sha256_of", "write_pair",
]  # fmt: skip

Role: TypeAlias = Literal["segmenter", "refiner", "click_segmenter", "proposer"]
ROLES: Final = ("segmenter", "refiner", "click_segmenter", "proposer")
_PREFERRED: Final[Mapping[str, str]] = {
    "segmenter": "mos_l",
    "refiner": "mos_h",
    "click_segmenter": "fbrs",
}
_WEIGHTS_SUFFIX: Final = ".safetensors"
_COPY_AGAIN: Final = "copy it again from where it came from"

_Kind: TypeAlias = type | tuple[type, ...]
_NUMBER: Final = (int, float)
_KINDS: Final[Mapping[str, tuple[_Kind, ...]]] = {
    "name": (str,),
    "architecture": (str,),
    "options": (dict,),
    "sha256": (str,),
    "bytes": (int,),
    "data": (list, str),
    "terms": (str,),
    "command": (str,),
    "scores": (dict, _NUMBER),
    "failures": (list, str),
    "temperature": (_NUMBER,),
    "ramp": (_NUMBER,),
}
"""Of each entry of a card, and of what it holds."""


@dataclass(frozen=True)
class Card:
    """What is known of a file of weights; the JSON beside it.

    Attributes:
        name: what a person calls the network.
        role: what it does for the program, one of `ROLES`.
        architecture: name for ``engine.models.build``.
        options: fields of the architecture's configuration.
        sha256, bytes: of the weight file.
        data: what it was trained on, with the terms of each set.
        terms: licence of the weights.
        command: how it was trained.
        scores: measured figures by name.
        failures: what it is known to do badly.
        temperature: what to divide logits by for a confidence.
        ramp: logits from alpha 0 to alpha 255, fitted on composites with exact alpha.
        path: the weight file; not part of the JSON.
    """

    name: str
    role: Role
    architecture: str
    options: dict[str, Any] = field(default_factory=dict)
    sha256: str = ""
    bytes: int = 0
    data: list[str] = field(default_factory=list)
    terms: str = ""
    command: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    temperature: float = 1.0
    ramp: float = DEFAULT_RAMP
    path: Path | None = None


@dataclass(frozen=True)
class Catalog:
    """The networks that can be used, by name.

    Attributes:
        cards: by name; a later source hides an earlier one of the same name.
        chosen: names of files given explicitly, by role: they win over the preferred ones.
        problems: one sentence for each card that could not be read.
    """

    cards: Mapping[str, Card] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @classmethod
    def default(cls, weights: Iterable[str | Path] = ()) -> Catalog:
        """Return the built-in networks, the person's own, and the files of ``weights``.

        A broken card in a folder becomes a problem; a broken file of ``weights``, which was asked for, an
        error.

        Raises:
            WeightsError: a file of ``weights`` is missing or has no readable card.
        """
        return cls.of_folders((resource_dir() / "weights", data_dir() / "weights"), weights)

    @classmethod
    def of_folders(cls, folders: Iterable[Path], weights: Iterable[str | Path] = ()) -> Catalog:
        """Return the networks of some folders and files; see ``default``."""
        cards: dict[str, Card] = {}
        problems: list[str] = []
        for folder in folders:
            for path in sorted(folder.glob(f"*{_WEIGHTS_SUFFIX}")) if is_folder(folder) else ():
                try:
                    card = read_card(path)
                except WeightsError as error:
                    problems.append(str(error))
                else:
                    cards[card.name] = card
        chosen: dict[str, str] = {}
        for given in weights:
            card = read_card(Path(given))
            cards[card.name] = card
            chosen[card.role] = card.name
        return cls(cards, chosen, tuple(problems))

    def choosing(self, names: Mapping[str, str]) -> Catalog:
        """Return the same networks with some of them chosen, by role.

        A file given explicitly stays chosen; a name that is not installed, or of another role, is left out.
        """
        there: dict[str, str] = {
            role: name for role, name in names.items() if name in self.cards and self.cards[name].role == role
        }
        return dataclasses.replace(self, chosen={**there, **dict(self.chosen)})

    def refining_with(self, name: str) -> Catalog:
        """Return the same networks with another refiner chosen.

        Raises:
            WeightsError: there is no refiner of that name.
        """
        chosen = {**self.chosen, "refiner": self.get(name, "refiner").name}
        return dataclasses.replace(self, chosen=chosen)

    def get(self, name: str, role: Role) -> Card:
        """Return the card of a network; "" means the preferred one of its role.

        Raises:
            WeightsError: there is none, or it has another role.
        """
        if name == "":
            return self.preferred(role)
        card = self.cards.get(name)
        if card is None:
            known = ", ".join(sorted(self.cards)) or "none"
            raise WeightsError(
                f"There are no weights of a network named {name} (installed are: {known}); name one of these "
                "or add its file with: meticulous models import FILE"
            )
        if card.role != role:
            raise WeightsError(f"The network {name} is a {card.role}, but a {role} is needed; name another.")
        return card

    def preferred(self, role: Role) -> Card:
        """Return the network to use for a role: a file given explicitly, else the built-in one, else any.

        Raises:
            WeightsError: no network of that role is installed.
        """
        names = [name for name in sorted(self.cards) if self.cards[name].role == role]
        for name in (self.chosen.get(role), _PREFERRED.get(role), *names):
            if name is not None and name in names:
                return self.cards[name]
        why = f" ({self.problems[0]})" if self.problems else ""
        raise WeightsError(f"No {role} network is installed; install Meticulous again or name a file.{why}")

    def prefers(self, card: Card) -> bool:
        """Say whether this very network, file and all, is used for its role where none is named."""
        return any(one.role == card.role for one in self.cards.values()) and self.preferred(card.role) == card


def data_dir() -> Path:
    """Return the person's data folder; the environment variable METICULOUS_DATA_DIR puts it elsewhere."""
    given = os.environ.get("METICULOUS_DATA_DIR")
    return Path(given) if given else Path(platformdirs.user_data_dir("meticulous", appauthor=False))


def read_card(path: Path) -> Card:
    """Return the card of a weight file, from the JSON of the same name beside it.

    Raises:
        WeightsError: the file or its card is missing or damaged.
    """
    path = Path(path)
    if not is_file(path):
        raise WeightsError(f"The weight file {path} {_why_no_file(path)}")
    card_path = path.with_suffix(".json")
    if path == card_path:
        raise WeightsError(f"{path} is a card; name the weight file beside it, {path.stem}{_WEIGHTS_SUFFIX}.")
    if not is_file(card_path):
        raise WeightsError(f"The weight file {path} has no card; {card_path.name} must lie beside it.")
    try:
        entries = json.loads(card_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"The card {card_path} cannot be read: {error}; {_COPY_AGAIN}.") from error
    if not isinstance(entries, dict):
        raise WeightsError(f"The card {card_path} is not a JSON object; {_COPY_AGAIN}.")
    return dataclasses.replace(_card_of(entries, card_path), path=path)


def _why_no_file(path: Path) -> str:
    """Return the end of a sentence on what a path is that is no file for us."""
    try:
        path.stat()
    except PermissionError:
        return "may not be read (permission denied); allow it or copy it elsewhere."
    except (OSError, ValueError):
        return "does not exist; check its name and folder."
    return "is a folder or a device; name a file."


def write_pair(content: bytes, card: Card, path: Path) -> None:
    """Write a weight file and its card beside it, both or none.

    Args:
        content: of the weight file, as the card describes it.
        card: of it.
        path: NAME.safetensors, in a folder that is there.

    Raises:
        ExportError: one of them cannot be written; both are what they were before.
    """
    entries = dataclasses.asdict(card)
    del entries["path"]
    with atomic_write(path.with_suffix(".json")) as card_stream, atomic_write(path) as stream:
        card_stream.write((json.dumps(entries, indent=2, ensure_ascii=False) + "\n").encode())
        # On the disk before the weights get their name: then it lacks only its own.
        card_stream.flush()
        os.fsync(card_stream.fileno())
        stream.write(content)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _card_of(entries: dict[str, Any], card_path: Path) -> Card:
    kinds = {f.name: f for f in dataclasses.fields(Card) if f.name != "path"}
    if unknown := sorted(set(entries) - set(kinds)):
        raise WeightsError(
            f"The card {card_path} has entries this version does not know: {', '.join(unknown)}; update "
            "Meticulous or take them out."
        )
    for name in ("name", "role", "architecture", "sha256", "bytes"):
        if name not in entries:
            raise WeightsError(f"The card {card_path} lacks the entry {name!r}; {_COPY_AGAIN}.")
    if entries["role"] not in ROLES:
        raise WeightsError(
            f"The card {card_path} has the role {entries['role']!r}; write one of {', '.join(ROLES)}."
        )
    for name, of_kinds in _KINDS.items():
        if name in entries and not _is_of(entries[name], *of_kinds):
            raise WeightsError(
                f"The card {card_path} has the wrong kind of value in {name!r} ({entries[name]!r}); "
                f"{_COPY_AGAIN}."
            )
    card = Card(**entries)
    if not (0 < card.temperature < math.inf and 0 < card.ramp < math.inf):
        raise WeightsError(
            f"The card {card_path} has the temperature {card.temperature} and the ramp {card.ramp}, which "
            f"must be above 0; {_COPY_AGAIN}."
        )
    return card


def _is_of(value: object, kind: _Kind, inner: _Kind = object) -> bool:
    """Return whether a value of JSON is of a kind, and what a list or an object holds of another."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, kind) and all(isinstance(part, inner) for part in parts)


def install(path: Path) -> Card:
    """Copy a weight file and its card into the person's folder and return the new card.

    A network of the same name is replaced, another one whose file has the same name stays.

    Raises:
        WeightsError: the file or its card is damaged or cannot be read.
        ExportError: the folder cannot be written; what was there before is there still.
    """
    card = read_card(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read ({error.strerror or error}); allow it or copy it."
        ) from error
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise WeightsError(
            f"The weight file {path} is not the one its card describes (another sha256); copy both again "
            "from where they came from."
        )
    target = _place_for(card, data_dir() / "weights" / path.name)
    ensure_folder(target.parent)
    write_pair(content, card, target)
    return dataclasses.replace(card, path=target)


def _place_for(card: Card, wanted: Path) -> Path:
    """Return where the file of a network goes: over its own older one, and over that of no other."""
    installed = Catalog.of_folders((wanted.parent,)).cards
    older = installed.get(card.name)
    if older is not None and older.path is not None:
        return older.path
    return next_free_path(wanted) if any(one.path == wanted for one in installed.values()) else wanted
