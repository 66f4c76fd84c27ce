"""Where a number stands in a report that no reader knows: a file pattern, and a place for each part of a statistic.

A place is a JSON pointer (RFC 6901, `*` for every element), the column of a CSV file, or a path in XML (`a/b/@c`,
`.//a`); the content of the file says which. It names one number; `count(PLACE)` is how many things stand there, and
`count(PLACE = a|b)` how many of them are one of these words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.quantity import Unit
from upheld.errors import DefinitionError

PARTS: Mapping[Kind, tuple[frozenset[str], ...]] = {
    Kind.VALUE: (frozenset({"value"}), frozenset({"value", "se"})),
    Kind.LEVEL: (frozenset({"value"}), frozenset({"value", "se"})),
    Kind.RATIO: (frozenset({"n", "good"}), frozenset({"n", "bad"})),
    Kind.COUNT: (frozenset({"value"}),),
}
"""Which places make a statistic of each kind: a level with or without its standard error, a share, a count."""
KEYS = frozenset({"file", "value", "se", "n", "good", "bad", "unit", "where", "inconclusive-if"})
_COUNT = re.compile(r"count\(\s*(?P<place>.*?)(?:\s+=\s+(?P<words>.*?))?\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place in a report, and whether the things there are counted."""

    path: str  # as it is written: a pointer, a column, a path
    counted: bool = False
    words: tuple[str, ...] = ()  # what a counted thing must be; nothing: any

    def __str__(self) -> str:
        words = f" = {'|'.join(self.words)}" if self.words else ""
        return f"count({self.path}{words})" if self.counted else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """How one indicator is read at one stage from files of its own form."""

    indicator: str
    kind: Kind
    stage: Stage
    file: str  # a pattern of names, or of the last parts of paths
    unit: Unit  # of the values in the file
    places: Mapping[str, Place]  # value, se, n, good, bad
    where: tuple[str, str] = ("", "")  # column and word of the CSV rows that count
    refused: tuple[Place, ...] = ()  # anything found there makes the file inconclusive

    def matches(self, path: str) -> bool:
        """Whether a path (with forward slashes) is one of these files: its last parts fit those of the pattern."""
        parts, wanted = path.split("/"), self.file.split("/")
        return len(parts) >= len(wanted) and all(
            _pattern(want).fullmatch(part) for want, part in zip(reversed(wanted), reversed(parts), strict=False)
        )


def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in glob), re.IGNORECASE)


def is_mapping(tree: object) -> bool:
    """Whether a source maps a file; `{file: LICENSE}`, with `contains` or alone, asks what the repository holds."""
    return isinstance(tree, Mapping) and "file" in tree and "contains" not in tree and len(tree) > 1


def mapped(indicator: Indicator, stage: Stage, tree: Mapping[str, object]) -> Mapped:
    """Understand the mapping of one stage; DefinitionError says what in it is wrong."""
    unknown = sorted(key for key in tree if key not in KEYS and not key.startswith("x-"))
    if unknown:
        raise DefinitionError(f'"{unknown[0]}" is no part of a mapping; it may hold {", ".join(sorted(KEYS))}')
    places = {key: _place(key, tree[key]) for key in ("value", "se", "n", "good", "bad") if key in tree}
    allowed = PARTS.get(indicator.kind)
    if allowed is None:
        raise DefinitionError(f"an indicator of the kind {indicator.kind.value} cannot be mapped from a file")
    if frozenset(places) not in allowed:
        ways = " or ".join(" and ".join(sorted(way)) for way in allowed)
        raise DefinitionError(f"a {indicator.kind.value} is mapped by {ways}")
    refused = tree.get("inconclusive-if", [])
    return Mapped(
        indicator=indicator.name, kind=indicator.kind, stage=stage, file=_text("file", tree.get("file")),
        unit=_unit(indicator, tree.get("unit")), places=places, where=_where(tree.get("where")),
        refused=tuple(_place("inconclusive-if", p) for p in (refused if isinstance(refused, list) else [refused])),
    )  # fmt: skip


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DefinitionError(f"{key} is missing or no text")
    return value.strip()


def _place(key: str, value: object) -> Place:
    text = _text(key, value)
    if not text.startswith("count("):
        return Place(path=text)
    found = _COUNT.fullmatch(text)
    if found is None or not found["place"]:
        raise DefinitionError(f'{key}: "{text}" is not understood; write count(PLACE) or count(PLACE = word|word)')
    words = tuple(word.strip() for word in (found["words"] or "").split("|") if word.strip())
    return Place(path=found["place"], counted=True, words=words)


def _unit(indicator: Indicator, value: object) -> Unit:
    if value is None:
        return indicator.unit
    unit = quantity.find_unit(_text("unit", value))
    if unit.dimension is not indicator.unit.dimension:
        raise DefinitionError(f"unit: {value} measures {unit.dimension.value}, {indicator.name} another thing")
    return unit


def _where(value: object) -> tuple[str, str]:
    if value is None:
        return "", ""
    column, separator, word = _text("where", value).partition("=")
    if not separator or not column.strip():
        raise DefinitionError('where is written "column = word"')
    return column.strip(), word.strip()
