"""What a definition file may say, as data: each field's name, type, help and whether it must be there.

The same table types the texts of a file, explains what is wrong with them, and can tell a person or another tool what
to write. A reader of a value raises `Wrong`; the container that holds the value knows the place.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from upheld.core import criterion, quantity
from upheld.core.quantity import Dimension, Quantity
from upheld.errors import SentenceError
from upheld.project.finding import Severity
from upheld.project.text import MAX_PROBLEMS, Place, Tree


class Type(Enum):
    """What the text of a value means."""

    TEXT = "text"
    ID = "id"  # of a requirement, decision, criterion, customer or person
    INDICATOR = "indicator name"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    QUANTITY = "quantity"
    LOAD = "load"
    MARGIN = "margin"
    CONFIDENCE = "confidence"
    UNIT = "unit"
    COUNT = "count"
    BOOLEAN = "true or false"
    CHOICE = "choice"
    SENTENCE = "criterion sentence"
    LIST = "list"
    MAPPING = "mapping"  # of named fields
    TABLE = "table"  # of names that the writer chooses
    LINK = "link"
    ANY = "anything"  # kept as it is written


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: its type, its help, and what its parts are."""

    type: Type = Type.TEXT
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()
    of: "Field | None" = None  # what a list holds, or a table
    one: bool = False  # a single entry may stand without the list
    unique: str = ""  # the field by which the entries of a list differ
    shape: "Shape | None" = None  # the fields of a mapping
    short: str = ""  # a mapping may be written as the text of this field alone
    keys: Type = Type.ID  # what the names of a table are
    example: str = ""

    @cached_property
    def scalar(self) -> "Callable[[str, Field], Any] | None":
        """What reads the text of this field; None where it holds more than a text."""
        return _SCALARS.get(self.type)

    @cached_property
    def container(self) -> "Callable[[Typing, Field, Tree, Place], Any]":
        """What reads a field that holds more than a text."""
        return _CONTAINERS[self.type]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The fields of one mapping."""

    name: str  # as a message names it: "a requirement"
    fields: Mapping[str, Field]
    foreign: frozenset[str] = frozenset()  # keys of other tools: allowed, and not read
    others: Field | None = None  # what any further key holds
    names: Type = Type.ID  # what the names of a file are that holds a table of these

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields that must be there."""
        return tuple(name for name, known in self.fields.items() if known.required)


class Written(NamedTuple):
    """A criterion sentence as it is written, and as it is understood (None where it is not)."""

    text: str
    sentence: criterion.Sentence | None


class Wrong(Exception):  # noqa: N818
    """A value is not what its field wants; `offset` counts characters inside the value."""

    def __init__(self, message: str, fix: str, rule: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.message, self.fix, self.rule, self.offset = message, fix, rule, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A value that is wrong, at its place in the file."""

    rule: str
    place: Place
    message: str
    fix: str
    value: str = ""
    offset: int | None = None
    key: bool = False  # the place is that of the key
    severity: Severity = Severity.ERROR


@dataclass(slots=True)
class Typing:
    """The typing of one file: the faults met, and what `x-` keys hold (by dotted path)."""

    faults: list[Fault] = field(default_factory=list)
    extras: dict[str, Tree] = field(default_factory=dict)

    def fault(
        self, rule: str, place: Place, message: str, fix: str, *, value: str = "", offset: int | None = None,
        key: bool = False, severity: Severity = Severity.ERROR,
    ) -> None:  # fmt: skip
        """Keep one fault; after the first hundred of a file the rest is more of the same."""
        if len(self.faults) < MAX_PROBLEMS:
            self.faults.append(
                Fault(
                    rule=rule,
                    place=place,
                    message=message,
                    fix=fix,
                    value=value[:200],
                    offset=offset,
                    key=key,
                    severity=severity,
                )
            )

    def mapping(self, shape: Shape, tree: Tree, place: Place) -> dict[str, Any]:
        """Type the fields that a mapping holds; what is wrong is left out."""
        if not isinstance(tree, dict):
            self.fault(
                "value-shape", place, f"{shape.name} is a mapping, not {_found(tree)}",
                f"write {_some(shape)}", value=tree if isinstance(tree, str) else "",
            )  # fmt: skip
            return {}
        typed: dict[str, Any] = {}
        fields = shape.fields
        for name, value in tree.items():
            known = fields.get(name) or self._other(shape, name, value, place)
            if known is None or value is None:
                continue
            read = known.scalar
            if read is None:
                typed[name] = known.container(self, known, value, (*place, name))
            elif type(value) is str:
                try:
                    typed[name] = read(value, known)
                except (Wrong, SentenceError) as error:
                    self._wrong(error, value, (*place, name))
                    if known.type is Type.SENTENCE:
                        typed[name] = Written(value, None)
            else:
                self._not_a_text(known, value, (*place, name))
        for name in shape.required:
            if tree.get(name) in (None, "") and not self._misspelt(shape, name, tree):
                self._missing(shape, name, tree, place)
        return typed

    def table(self, shape: Shape, tree: Tree, place: Place) -> dict[str, dict[str, Any]]:
        """Type a table of names that each hold the same fields."""
        known = Field(type=Type.TABLE, of=Field(type=Type.MAPPING, shape=shape, help=""), keys=shape.names, help="")
        return self._table(known, tree, place)

    def value(self, known: Field, value: Tree, place: Place) -> object:
        """Type one value; None when it is wrong."""
        read = known.scalar
        if read is None:
            return known.container(self, known, value, place)
        if not isinstance(value, str):
            self._not_a_text(known, value, place)
            return None
        try:
            return read(value, known)
        except (Wrong, SentenceError) as error:
            self._wrong(error, value, place)
            return Written(value, None) if known.type is Type.SENTENCE else None

    def _mapping(self, known: Field, value: Tree, place: Place) -> object:
        assert known.shape is not None  # noqa: S101 a mapping without fields is a fault of ours
        inner = known.shape.fields[known.short] if known.short else None
        if inner is not None and (isinstance(value, str) or (isinstance(value, list) and inner.type is Type.LIST)):
            return {known.short: self.value(inner, value, place)}
        return self.mapping(known.shape, value, place)

    def _list(self, known: Field, value: Tree, place: Place) -> object:
        return tuple(self._entries(known, value, place))

    def _anything(self, _: Field, value: Tree, __: Place) -> object:
        return value

    def _entries(self, known: Field, value: Tree, place: Place) -> Iterator[object]:
        assert known.of is not None  # noqa: S101
        if not isinstance(value, list):
            if known.one and isinstance(value, str):
                typed = self.value(known.of, value, place)
                if typed is not None:
                    yield typed
            else:
                self.fault(
                    "value-shape", place, f"a list is expected, not {_found(value)}", "write [ … ]",
                    value=value if isinstance(value, str) else "",
                )  # fmt: skip
            return
        seen: set[object] = set()
        for index, entry in enumerate(value):
            at = (*place, index)
            if entry is None:
                self.fault("value-shape", at, "an empty entry", "remove it, or write its value")
                continue
            typed = self.value(known.of, entry, at)
            if typed is None:
                continue
            if known.unique and isinstance(typed, dict) and known.unique in typed:
                name = typed[known.unique]
                if name in seen:
                    self.fault(
                        "duplicate-id", (*at, known.unique), f'"{name}" stands twice in this list',
                        "give each its own", value=str(name),
                    )  # fmt: skip
                    continue
                seen.add(name)
            yield typed

    def _table(self, known: Field, value: Tree, place: Place) -> dict[str, Any]:
        assert known.of is not None  # noqa: S101
        if not isinstance(value, dict):
            self.fault(
                "value-shape", place, f"a mapping is expected, not {_found(value)}", "write name: value",
                value=value if isinstance(value, str) else "",
            )  # fmt: skip
            return {}
        typed: dict[str, Any] = {}
        check = _SCALARS[known.keys]
        for name, entry in value.items():
            at = (*place, name)
            if name.startswith("x-"):
                self.extras[".".join(map(str, at))] = entry
                continue
            try:
                check(name, known)
            except Wrong as error:
                self.fault(error.rule, at, error.message, error.fix, value=name, key=True)
                continue
            if entry is None and known.of.type is not Type.MAPPING:
                self.fault("missing-field", at, f'"{name}" has no value', "write its value", value=name, key=True)
                continue
            read = self.value(known.of, {} if entry is None else entry, at)
            if read is not None:
                typed[name] = read
        return typed

    def _link(self, known: Field, value: Tree, place: Place) -> object:
        """`{RELATION: ID, seen: HASH}` as a pair and a hash: (relation, to, seen)."""
        if not isinstance(value, dict):
            self.fault(
                "value-shape", place, f"a link is a mapping, not {_found(value)}",
                f"write {{{known.choices[0]}: {value if isinstance(value, str) else 'REQ-1'}}}",
                value=value if isinstance(value, str) else "",
            )  # fmt: skip
            return None
        seen, relations = "", []
        for name, entry in value.items():
            if name.startswith("x-"):
                self.extras[".".join(map(str, (*place, name)))] = entry
            elif name == "seen" or name in known.choices:
                if not isinstance(entry, str) or not entry:
                    self._not_a_text(known, entry, (*place, name))
                elif name == "seen":
                    seen = entry
                else:
                    relations.append((name, entry))
            else:
                self._unknown(name, (*known.choices, "seen"), (*place, name), "a link")
        if len(relations) != 1:
            said = "two relations" if relations else "no relation"
            self.fault("link-relation", place, f"the link names {said}", f"write one of {', '.join(known.choices)}: ID")
            return None
        return (*relations[0], seen)

    def _other(self, shape: Shape, name: str, value: Tree, place: Place) -> Field | None:
        """What a key that the shape does not name holds."""
        if name.startswith("x-"):
            self.extras[".".join(map(str, (*place, name)))] = value
        elif shape.others is not None:
            return shape.others
        elif name not in shape.foreign:
            self._unknown(name, tuple(shape.fields), (*place, name), shape.name)
        return None

    def _unknown(self, name: str, known: tuple[str, ...], place: Place, where: str) -> None:
        self.fault(
            "unknown-key", place, f'{where} has no key "{name[:60]}"',
            suggestion(name, known) or f"one of: {', '.join(known)}; keys of your own start with x-",
            value=name, key=True,
        )  # fmt: skip

    def _misspelt(self, shape: Shape, name: str, tree: dict[str, Tree]) -> bool:
        """Whether an unknown key was told already that it means this field."""
        unknown = [key for key in tree if key not in shape.fields and not key.startswith("x-")]
        return any(_nearest(key, tuple(shape.fields)) == name for key in unknown)

    def _missing(self, shape: Shape, name: str, tree: dict[str, Tree], place: Place) -> None:
        known = shape.fields[name]
        example = f", e.g. {known.example}" if known.example else ""
        written = name in tree
        self.fault(
            "missing-field", (*place, name) if written else place,
            f'"{name}" is empty' if written else f'{shape.name} needs "{name}"',
            f"write {name}: {known.help}{example}", value=name, key=written,
        )  # fmt: skip

    def _wrong(self, error: Wrong | SentenceError, value: str, place: Place) -> None:
        if isinstance(error, SentenceError):
            self.fault(
                error.rule, place, error.message, error.fix or 'compare with "p95 of insight.latency < 1 s"',
                value=value, offset=error.column - 1,
            )  # fmt: skip
        else:
            self.fault(error.rule, place, error.message, error.fix, value=value, offset=error.offset)

    def _not_a_text(self, known: Field, value: Tree, place: Place) -> None:
        fix = f"write {known.example}" if known.example else "write it on one line, in quotes where it holds : or ,"
        if value is None or value == "":
            self.fault("missing-field", place, "nothing is written here", fix)
        else:
            self.fault("value-shape", place, f"a {known.type.value} is expected, not {_found(value)}", fix)


def suggestion(name: str, known: tuple[str, ...], *, cutoff: float = 0.6) -> str:
    """The nearest known name as a question; empty when none is near."""
    near = _nearest(name, known, cutoff)
    return f"did you mean {near}?" if near else ""


def _nearest(name: str, known: tuple[str, ...], cutoff: float = 0.6) -> str:
    plain = name.lower().replace("_", "-").replace(" ", "-")[:60]
    near = [plain] if plain in known else get_close_matches(plain, known, n=1, cutoff=cutoff)
    return near[0] if near else ""


def _found(tree: object) -> str:
    if isinstance(tree, str):
        return f'the text "{tree[:40]}{"…" if len(tree) > 40 else ""}"'
    if isinstance(tree, dict):
        return "a mapping"
    return "a list" if isinstance(tree, list) else "nothing" if tree is None else f"the value {tree}"


def _some(shape: Shape) -> str:
    names = shape.required or tuple(shape.fields)[:2]
    return "; ".join(f"{name}: …" for name in names)


# ── Scalars ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INDICATOR = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*")
_COUNT = re.compile(r"\d{1,12}")


def _text(value: str, _: Field) -> str:
    return value


def _id(value: str, _: Field) -> str:
    if _ID.fullmatch(value) is None:
        raise Wrong(f'"{value[:60]}" is no id', "use letters, digits, - and _, e.g. REQ-LAT-001", "value-id")
    return value


def _indicator(value: str, _: Field) -> str:
    if _INDICATOR.fullmatch(value) is None:
        raise Wrong(f'"{value[:60]}" is no indicator name', "name it like insight.latency", "value-id")
    return value


@lru_cache(maxsize=4096)
def date(text: str) -> dt.date | None:
    """The day that "2026-11-22" names; None for anything else (other forms of a date are ambiguous)."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _date(value: str, _: Field) -> dt.date:
    found = date(value)
    if found is None:
        raise Wrong(f'"{value[:60]}" is no date', "write year-month-day, e.g. 2026-11-22", "value-date")
    return found


def _time(value: str, _: Field) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Wrong(f'"{value[:60]}" is no time with its zone', "write e.g. 2026-11-22T09:30:00Z", "value-time")
    return found.astimezone(dt.UTC)


@lru_cache(maxsize=4096)
def _duration(value: str, _: object = None) -> float:
    return quantity.seconds(value)


def _duration_field(value: str, _: Field) -> float:
    return _duration(value)


@lru_cache(maxsize=4096)
def amount(text: str) -> Quantity:
    """The quantity that a text names; raises SentenceError. Few different ones are written many times."""
    return quantity.parse(text)


def _quantity(value: str, _: Field) -> Quantity:
    return amount(value)


def _load(value: str, _: Field) -> Quantity:
    load = amount(value)
    if load.unit.dimension is not Dimension.RATE or load.number <= 0:
        raise Wrong(f'"{value}" is no load', "write a rate, e.g. 200/s", "load-unit")
    return load


def _margin(value: str, _: Field) -> Quantity:
    margin = amount(value)
    if margin.unit.dimension not in (Dimension.SHARE, Dimension.POINTS) or margin.number <= 0:
        raise Wrong(
            f'"{value}" is no margin', "write how much worse is still the same, e.g. 3 % or 0.5 points", "value-margin"
        )
    return margin


def _confidence(value: str, _: Field) -> Decimal:
    level = amount(value)
    if level.unit.dimension is not Dimension.SHARE or not 50 <= level.number < 100:
        raise Wrong(f'"{value}" is no confidence', "write e.g. 99 %", "confidence")
    return level.number / 100


def _unit(value: str, _: Field) -> quantity.Unit:
    return quantity.find_unit(value)


def _count(value: str, _: Field) -> int:
    if _COUNT.fullmatch(value) is None:
        raise Wrong(f'"{value[:60]}" is no count', "write a whole number, e.g. 2000", "value-count")
    return int(value)


def _boolean(value: str, _: Field) -> bool:
    if value not in ("true", "false"):
        raise Wrong(f'"{value[:60]}" is neither true nor false', "write true or false", "value-boolean")
    return value == "true"


def _choice(value: str, known: Field) -> str:
    if value not in known.choices:
        fix = suggestion(value, known.choices) or f"one of: {', '.join(known.choices)}"
        raise Wrong(f'"{value[:60]}" is not one of the known values', fix, "value-choice")
    return value


def _sentence(value: str, _: Field) -> Written:
    return Written(value, criterion.parse(value))


_SCALARS: Mapping[Type, Callable[[str, Field], object]] = {
    Type.TEXT: _text,
    Type.ID: _id,
    Type.INDICATOR: _indicator,
    Type.DATE: _date,
    Type.TIME: _time,
    Type.DURATION: _duration_field,
    Type.QUANTITY: _quantity,
    Type.LOAD: _load,
    Type.MARGIN: _margin,
    Type.CONFIDENCE: _confidence,
    Type.UNIT: _unit,
    Type.COUNT: _count,
    Type.BOOLEAN: _boolean,
    Type.CHOICE: _choice,
    Type.SENTENCE: _sentence,
}
_CONTAINERS: Mapping[Type, Callable[[Typing, Field, Tree, Place], Any]] = {
    Type.LIST: Typing._list,  # noqa: SLF001 the other half of the same table
    Type.MAPPING: Typing._mapping,  # noqa: SLF001
    Type.TABLE: Typing._table,  # noqa: SLF001
    Type.LINK: Typing._link,  # noqa: SLF001
    Type.ANY: Typing._anything,  # noqa: SLF001
}
