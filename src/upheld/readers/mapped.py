"""The reader for the long tail: an indicator says where its numbers stand in a file of any JSON, CSV or XML form.

The mapping is asked for in indicators.yaml, so it needs no recognising: the pattern of its file decides. A number that
is missing, stands there twice, or is none is never guessed: the indicator is unreadable, and the reason names the place.
"""

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Level, Rate, Share, Statistic
from upheld.core.mapped import Mapped, Place
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable

_Find = Callable[[str], list[object]]  # a path → the things that stand there


@dataclass(frozen=True)
class MappedReader:
    """Reads what the project's own indicators say about a file."""

    mappings: tuple[Mapped, ...]
    name: str = "mapped"
    title: str = "file mapped in indicators.yaml"
    help: str = "Where the numbers stand is said in indicators.yaml."

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators whose mappings name this file."""
        return {m.indicator: Indicator(name=m.indicator, kind=m.kind) for m in self.mappings}

    @property
    def files(self) -> tuple[str, ...]:
        """The patterns of the mappings."""
        return tuple(dict.fromkeys(m.file for m in self.mappings))

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the pattern decides
        """By the patterns that the project has written."""
        patterns = ", ".join(sorted({m.file for m in self.mappings}))
        names = ", ".join(sorted({m.indicator for m in self.mappings}))
        return f"indicators.yaml maps {patterns} to {names}" if self.mappings else ""

    def read(self, path: Path, request: Request) -> Reading:
        """One evidence for every mapping of the file."""
        reading = intake.take(self, path, request, self._parse)
        if reading.readable:
            return reading
        evidence = tuple(
            Evidence(indicator=m.indicator, stage=m.stage, statistic=None, unreadable=reading.reason,
                     source={"file": path.name}) for m in self.mappings
        )  # fmt: skip
        return Reading(
            reader=self.name, evidence=evidence, summary="not readable", reason=reading.reason, readable=False
        )

    def _parse(self, file: Intake) -> tuple[list[Evidence], str]:
        find = _finder(file, self.mappings)
        found = []
        for mapping in self.mappings:
            try:
                find_rows = find(mapping)
                _refuse(mapping, find_rows)
                statistic: Statistic | None = _statistic(mapping, find_rows)
                reason = ""
            except Unreadable as error:
                statistic, reason = None, str(error)
            found.append(
                Evidence(
                    indicator=mapping.indicator, stage=mapping.stage, statistic=statistic, unreadable=reason,
                    unit=mapping.unit.name if mapping.kind in (Kind.VALUE, Kind.LEVEL) else "", source=file.source(),
                )
            )  # fmt: skip
        return found, ", ".join(_shown(e) for e in found)


def mapped_in(request: Request, path: Path) -> MappedReader:
    """The reader of this file's mappings; it may have none."""
    text = path.as_posix()
    return MappedReader(tuple(m for m in request.mapped if m.matches(text)))


def _shown(e: Evidence) -> str:
    match e.statistic:
        case Level(value):
            return f"{e.indicator} {value:g}"
        case Share(n, good):
            return f"{e.indicator} {good} of {n}"
        case Rate(events):
            return f"{e.indicator} {events}"
        case _:
            return f"{e.indicator} not readable: {e.unreadable}"


def _refuse(mapping: Mapped, find: _Find) -> None:
    for place in mapping.refused:
        found = _count(place, find(place.path)) if place.counted else len([x for x in find(place.path) if x])
        if found:
            raise Unreadable(f"holds {found} at {place.path}, of which the mapping says: inconclusive")


def _statistic(mapping: Mapped, find: _Find) -> Statistic:
    numbers = {key: _number(key, place, find) for key, place in mapping.places.items()}
    if mapping.kind is Kind.RATIO:
        n = _whole(numbers["n"], mapping.places["n"])
        key = "good" if "good" in numbers else "bad"
        part = _whole(numbers[key], mapping.places[key])
        if part > n:
            raise Unreadable(f"holds {part} {key} at {mapping.places[key]} of {n} at {mapping.places['n']}")
        if not n:
            raise Unreadable(f"holds nothing at {mapping.places['n']}: 0 of 0 is no result")
        return Share(n, part if key == "good" else n - part)
    if mapping.kind is Kind.COUNT:
        return Rate(_whole(numbers["value"], mapping.places["value"]))
    factor = mapping.unit.factor
    se = numbers.get("se")
    if se is not None and se < 0:
        raise Unreadable(f"holds a standard error of {se:g} at {mapping.places['se']}")
    scaled = [None if x is None else float(Fraction(x) * factor) for x in (numbers["value"], se)]
    return Level(scaled[0] or 0.0, scaled[1])


def _number(key: str, place: Place, find: _Find) -> float:
    found = find(place.path)
    if place.counted:
        return float(_count(place, found))
    if len(found) != 1:
        what = "nothing" if not found else f"{len(found)} things"
        raise Unreadable(
            f"holds {what} at {place.path}, one number is needed for {key}; count({place.path}) counts them"
        )
    value = found[0]
    try:
        number = math.nan if isinstance(value, bool | list | dict) or value is None else float(str(value).strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Unreadable(f'holds "{intake.shorten(str(value), 40)}" at {place.path}, a finite number is needed')
    return number


def _count(place: Place, found: Sequence[object]) -> int:
    return sum(not place.words or _word(thing) in place.words for thing in found)


def _word(thing: object) -> str:
    return {True: "true", False: "false"}[thing] if isinstance(thing, bool) else str(thing).strip()


def _whole(number: float, place: Place) -> int:
    if number < 0 or not number.is_integer():
        raise Unreadable(f"holds {number:g} at {place}, a count is needed")
    return int(number)


# ── JSON, XML and CSV ────────────────────────────────────────────────────────────────────────────────────────────────


def _finder(file: Intake, mappings: Sequence[Mapped]) -> Callable[[Mapped], _Find]:
    """How things are found in this file, by what its content is."""
    start = intake.head_text(file.piece(256)).lstrip()[:1]
    file.rewind()
    if start in ("{", "["):
        document = file.json()
        return lambda _: lambda path: list(_pointed(document, path))
    if start == "<":
        root = _tree(file)
        return lambda _: lambda path: _nodes(root, path)
    columns = {place.path for m in mappings for place in (*m.places.values(), *m.refused)}
    header, rows = _rows(file, columns | {m.where[0] for m in mappings} - {""})
    return lambda mapping: _cells(header, rows, mapping.where)


def _pointed(document: object, pointer: str) -> Iterator[object]:
    """The values at a JSON pointer; `*` stands for every element or member."""
    if pointer and not pointer.startswith("/"):
        raise Unreadable(f'is JSON, and "{pointer}" is no JSON pointer: begin it with /')
    at: list[object] = [document]
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        at = [below for value in at for below in _below(value, key)]
    yield from at


def _below(value: object, key: str) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values()) if key == "*" and "*" not in value else [value[key]] if key in value else []
    if isinstance(value, list):
        return value if key == "*" else [value[int(key)]] if key.isdecimal() and int(key) < len(value) else []
    return []


class _Tree(intake.Walk):
    """Any XML document as a tree of elements without namespaces."""

    format = "XML"
    external_doctype = True

    def __init__(self) -> None:
        super().__init__()
        self._builder = TreeBuilder()
        self.root: Element | None = None

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        if not self.above:
            self.roots = (intake.local(qualified),)
        super()._start(qualified, attributes)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._builder.start(name, {intake.local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._builder.end(name)
        if not self.above:
            self.root = self._builder.close()

    def _characters(self, text: str) -> None:
        self._builder.data(text)


_ATTRIBUTE = re.compile(r"(.*/)?@([\w.-]+)")


def _tree(file: Intake) -> Element:
    tree = _Tree()
    tree.read(file)
    if tree.root is None:
        raise Unreadable("holds no element")
    if tree.root.tag.lower() == "html":
        raise Unreadable("is HTML: is it an error page?")
    return tree.root


def _nodes(root: Element, path: str) -> list[object]:
    """What stands at a path: attributes for `…/@name`, else the texts of elements (the root is where it begins)."""
    named = _ATTRIBUTE.fullmatch(path)
    where = (named[1] or "").rstrip("/") if named is not None else path
    try:
        found = root.findall(where) if where not in ("", ".") else [root]
    except (SyntaxError, KeyError, ValueError, TypeError):  # what ElementTree raises for a path that is none
        raise Unreadable(f'is XML, and "{path}" is no path in it: write e.g. summary/@score or .//mutant') from None
    if named is not None:
        return [e.attrib[named[2]] for e in found if named[2] in e.attrib]
    return [(e.text or "").strip() for e in found]


def _rows(file: Intake, columns: set[str]) -> tuple[list[str], list[list[str]]]:
    text = file.text().lstrip("\n")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error as error:
        raise Unreadable(f"is no CSV: {error}") from None
    header, *body = [[cell.strip() for cell in row] for row in rows] or [[]]
    missing = sorted(column for column in columns if column not in header)
    if missing:
        raise Unreadable(f'has no column "{missing[0]}"; it has {intake.listed(header)}')
    if any(len(row) != len(header) for row in body):
        raise Unreadable("has rows that are shorter or longer than its header: is it cut off?")
    if len(header) != len(set(header)):
        raise Unreadable("names two columns the same")
    return header, body


def _cells(header: Sequence[str], rows: Sequence[Sequence[str]], where: tuple[str, str]) -> _Find:
    column, word = where
    chosen = [row for row in rows if not column or row[header.index(column)] == word]
    return lambda path: [row[header.index(path)] for row in chosen if row[header.index(path)] != ""]
