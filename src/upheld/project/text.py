"""Characters to a tree of texts: YAML, and Markdown with YAML front matter, read so that nothing bites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A value of a definition file before its schema types it: a text, nothing (an empty value), a list or a mapping.
Tree = str | None | Sequence["Tree"] | Mapping[str, "Tree"]
# The way from the top of a file to a value: ("criteria", 0, "that").
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault in the text itself, at an offset in characters."""

    rule: str
    offset: int
    message: str
    fix: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as read: its text, the tree of its YAML (or front matter), the Markdown body, and what is wrong."""

    text: str
    tree: Tree = None
    body: str = ""
    problems: tuple[Problem, ...] = ()


def read(raw: bytes) -> Document:
    """Read one YAML file or one Markdown file with front matter; never raises."""
    raise NotImplementedError


def locate(text: str, place: Place, *, offset: int = 0, key: bool = False) -> tuple[int, int]:
    """The line and column (from 1) of the value at `place`, or of its key; `offset` counts characters inside the value.

    A place that leads nowhere gives the nearest parent that exists.
    """
    raise NotImplementedError


def excerpt(text: str, line: int) -> str:
    """The line (from 1) as it is written, without its end."""
    raise NotImplementedError
