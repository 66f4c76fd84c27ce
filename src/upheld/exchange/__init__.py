"""Requirements from and to other tools: each adapter reads its tool's documents, and writes back into the same ones.

Coming in, an item becomes a requirement of ours and everything else stays where it is: the original document is kept by
its owner, and `x-origin` says which item of it this is. Going out, the original is patched and not written anew, so
that what we do not understand survives; a document of which nothing changed goes out byte for byte as it came in.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

FIELDS = ("title", "text", "status", "priority")
"""What is carried both ways; links come in only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLink:
    """An upward link of a foreign item, and whether it has seen the other end as it now is."""

    to: str  # key of the other item
    stale: bool = False  # the other tool knows that the other end has changed since


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItem:
    """One item as another tool has it."""

    key: str  # how the tool names it
    title: str
    text: str
    where: str  # file:line, or the file
    id: str = ""  # what it should be called here, where that is not its key
    status: str = ""  # in our words, where a mapping gives them
    priority: str = ""
    links: tuple[ForeignLink, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)  # of its own: fingerprints, levels, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something in a document that was not read as an item, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything that a tool's document holds: each item is read, or skipped with its reason."""

    items: tuple[ForeignItem, ...]
    skipped: tuple[Skipped, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)  # what stays in the original only → how often


@dataclass(frozen=True, slots=True, kw_only=True)
class Patched:
    """The files of a document with their changes, and what could not be written into them."""

    files: Mapping[str, bytes]  # path below the document → content; only those that changed
    lost: tuple[str, ...] = ()


class Adapter(Protocol):
    """One tool's form of requirements."""

    name: str
    title: str

    def recognise(self, path: Path) -> str:
        """Why this file or folder is of this form, or an empty string."""

    def guess(self, path: Path) -> Mapping[str, object]:
        """A first mapping of the document's own names to ours; empty where none is needed."""

    def read(self, path: Path, mapping: Mapping[str, object]) -> Document:
        """Read everything; DefinitionError for what is no such document, or a mapping that does not fit it."""

    def patch(self, path: Path, mapping: Mapping[str, object], changes: Mapping[str, Mapping[str, str]]) -> Patched:
        """The document with new values: key → field (title, text, status, priority) → value."""


@dataclass(slots=True)
class Left:
    """Counts what stays in the original."""

    found: dict[str, int] = field(default_factory=dict)

    def note(self, names: Iterable[str]) -> None:
        """One more of each."""
        for name in names:
            self.found[name] = self.found.get(name, 0) + 1


def lost_fields(key: str, change: Mapping[str, str], able: Sequence[str]) -> list[str]:
    """The changes of one item that its form has no place for, one line each."""
    return [f"{key}: its {name} cannot be written there" for name in change if name not in able]


def one_line(text: object, most: int = 200) -> str:
    """A text from a document as a message may hold it: on one line, and not too long."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def plain_letters(text: str) -> str:
    """The text with letters that ids may hold: `ü` becomes `u`."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
