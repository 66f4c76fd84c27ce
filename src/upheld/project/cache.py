"""What earlier runs decoded, so that a run reads only the files that have changed since.

One line of JSON per file under `.upheld/cache`: path, kind, time, size, hash of the content, and the decoded records as
lists of their fields. JSON from the standard library because that is the quickest way here: 5 000 requirements come back
in 0.1 s, while importing msgspec alone takes as long and its decoding twice that. Nothing in the file can run; a line
that does not fit is forgotten; a record counts only for the very file (time, size, and where in doubt content) that it
was made from.
"""

import datetime as dt
import json
import os
import types
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import repeat
from operator import attrgetter, call
from pathlib import Path
from typing import Any, NamedTuple, Union, cast, get_args, get_origin

from upheld.core import quantity
from upheld.core.criterion import Binding, Window
from upheld.core.quantity import Quantity, Unit
from upheld.project.decode import Record

FILE = Path(".upheld") / "cache" / "definitions"
# A file may change twice within one tick of its clock, and the coarsest clock ticks every two seconds.
_DOUBT = 2_000_000_000


# The modules that what is kept depends on.
_DECODING = ("adr", "assessments", "cache", "decode", "finding", "schema", "shapes", "statement", "text")
_RECORDS = (
    "allocation", "assessment", "catalogue", "criterion", "decision", "gate", "mapped", "meeting", "nonfunctional", "quantity",
    "requirement", "risk",
)  # fmt: skip


class Stamp(NamedTuple):
    """By what a file is known to be the same."""

    mtime: int  # ns
    size: int


class Entry(NamedTuple):
    """One file as it was decoded."""

    key: tuple[str, str, str]  # path, kind, folder of the kind
    stamp: Stamp
    digest: str
    settled: bool  # its time was well past when it was read, so the stamp alone identifies it
    record: Record
    line: str = ""  # as the cache holds it


class Cache:
    """The cache of one project: `get` what is still true, `put` what was decoded, `save` when anything is new."""

    def __init__(self, root: Path, *, now: int) -> None:
        """`now` in nanoseconds, taken before any file is looked at."""
        self._path = root / FILE
        self._now = now
        self._old = _read(self._path)
        self._new: list[Entry] = []
        self._dirty = False

    def get(self, key: tuple[str, str, str], stamp: Stamp, content: Callable[[], bytes]) -> Record | None:
        """What the file holds, when it is known; `content` is asked only where the stamp leaves a doubt."""
        entry = self._old.pop(key, None)
        if entry is None or entry.stamp != stamp:
            return None
        if not entry.settled:
            if digest(content()) != entry.digest:
                return None
            if self._settled(stamp):
                entry = entry._replace(settled=True, line="")
                self._dirty = True
        self._new.append(entry)
        return entry.record

    def put(self, key: tuple[str, str, str], stamp: Stamp, content: bytes, record: Record) -> None:
        """Remember what a file holds."""
        self._new.append(Entry(key, stamp, digest(content), self._settled(stamp), record))
        self._dirty = True

    def save(self) -> None:
        """Write the cache when it has changed. A folder that cannot be written stays as it is."""
        if not self._dirty and not self._old:
            return
        folder = self._path.parent
        with suppress(OSError):
            if folder.is_symlink() or folder.parent.is_symlink():
                return  # what a repository points elsewhere is not ours to write
            folder.mkdir(parents=True, exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            self._write(folder)

    def _write(self, folder: Path) -> None:
        # Written aside and renamed, so that a run beside this one sees the old file or the new one, never a half.
        aside = folder / f"definitions-{os.getpid()}-{self._now}"
        try:
            with aside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(version() + "\n")
                file.writelines((entry.line or _line(entry)) + "\n" for entry in self._new)
            aside.replace(self._path)
        except BaseException:
            with suppress(OSError):
                aside.unlink()
            raise

    def _settled(self, stamp: Stamp) -> bool:
        return stamp.mtime < self._now - _DOUBT


def digest(content: bytes) -> str:
    """What identifies a content: 128 bits."""
    return blake2b(content, digest_size=16).hexdigest()


@cache
def version() -> str:
    """The version of the form and of the code that decodes: another version's cache is not read."""
    here = Path(__file__).parent
    sources = [here / f"{name}.py" for name in _DECODING] + [here.parent / "core" / f"{name}.py" for name in _RECORDS]
    stamps = []
    for source in sources:
        with suppress(OSError):
            known = source.stat()
            stamps.append(f"{source.name} {known.st_mtime_ns} {known.st_size}")
    return "upheld/cache/v1 " + digest("\n".join(stamps).encode())


def _read(path: Path) -> dict[tuple[str, str, str], Entry]:
    found: dict[tuple[str, str, str], Entry] = {}
    try:
        if path.is_symlink():
            return found
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return found
    if lines[0] != version():
        return found
    _, unpack = _of(Record)
    lines = [line for line in lines[1:] if line]
    for line, row in zip(lines, _rows(lines), strict=True):
        try:
            file, kind, folder, mtime, size, content, settled, packed = row
            key = (file, kind, folder)
            found[key] = Entry(key, Stamp(mtime, size), content, settled, unpack(packed), line)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ArithmeticError):
            continue  # a line that does not fit: its file is read again
    return found


def _rows(lines: Sequence[str]) -> Iterable[Any]:
    """What the lines hold: read in one go, a third quicker, or one by one where a line is damaged."""
    with suppress(ValueError, RecursionError):
        rows = json.loads(f"[{','.join(lines)}]")
        if len(rows) == len(lines):
            return cast("list[Any]", rows)
    return map(_row, lines)


def _row(line: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _line(entry: Entry) -> str:
    pack, _ = _of(Record)
    row = [*entry.key, *entry.stamp, entry.digest, entry.settled, pack(entry.record)]
    return _dumps(row)


_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


# ── Records to lists and back, from the types of their fields ────────────────────────────────────────────────────────

Change = Callable[[Any], Any]
# Few different ones are written many times: kept as one text, which is read once.
_SHARED = (Binding, Window)


def _same(value: Any) -> Any:  # noqa: ANN401
    return value


@cache
def _of(kind: Hashable) -> tuple[Change, Change]:
    """How values of a type become JSON and how they come back; `_same` where they are JSON already."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(parts)
    if origin is tuple:
        return _tuple(parts[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*parts)
    if isinstance(kind, type):
        return _plain(kind)
    return _same, _same


def _plain(kind: type) -> tuple[Change, Change]:
    if issubclass(kind, Enum):
        members = {member.value: member for member in kind}
        return (lambda member: member.value), members.__getitem__
    if kind is Quantity:
        return str, lru_cache(maxsize=4096)(quantity.parse)
    if kind is Unit:
        return (lambda unit: unit.name), lru_cache(maxsize=4096)(quantity.find_unit)
    if kind is Decimal:
        return str, Decimal
    if kind in (dt.date, dt.datetime):
        return (lambda moment: moment.isoformat()), kind.fromisoformat
    return _record(kind) if is_dataclass(kind) else (_same, _same)


def _optional(parts: tuple[Any, ...]) -> tuple[Change, Change]:
    inner = [part for part in parts if part is not type(None)]
    pack, unpack = _of(inner[0]) if len(inner) == 1 else (_same, _same)
    if pack is _same:
        return _same, _same
    return (
        lambda value: None if value is None else pack(value),
        lambda value: None if value is None else unpack(value),
    )


def _tuple(part: Any) -> tuple[Change, Change]:  # noqa: ANN401
    pack, unpack = _of(part)
    if pack is _same:
        return list, tuple
    return (lambda values: [pack(value) for value in values]), (lambda values: tuple(map(unpack, values)))


def _mapping(key: Any, part: Any) -> tuple[Change, Change]:  # noqa: ANN401
    (pack_key, unpack_key), (pack, unpack) = _of(key), _of(part)
    if pack is _same and pack_key is _same:
        return dict, _same
    return (
        lambda values: {pack_key(name): pack(value) for name, value in values.items()},
        lambda values: {unpack_key(name): unpack(value) for name, value in values.items()},
    )


def _record(kind: Any) -> tuple[Change, Change]:  # noqa: ANN401
    """A record is the list of its fields, without those at the end that have their default."""
    names = tuple(field.name for field in fields(kind))
    every = attrgetter(*names)
    codecs = tuple(_of(cast("Hashable", field.type)) for field in fields(kind))
    packs = tuple((index, pack) for index, (pack, _) in enumerate(codecs) if pack is not _same)
    unpacks = tuple((index, unpack) for index, (_, unpack) in enumerate(codecs) if unpack is not _same)
    defaults = tuple(_default(field) for field in fields(kind))

    def to_list(value: Any) -> Any:  # noqa: ANN401
        row = [*every(value)]
        length = len(row)
        while length and row[length - 1] == defaults[length - 1]:
            length -= 1
        del row[length:]
        for index, change in packs:
            if index < length:
                row[index] = change(row[index])
        return row

    least = sum(default is MISSING for default in defaults)
    # Past __init__, which checks nothing and would cost as much again: the slots are filled one by one.
    new = kind.__new__
    puts = tuple(vars(kind)[name].__set__ for name in names)

    def from_list(row: Any) -> Any:  # noqa: ANN401
        length = len(row)
        if type(row) is not list or not least <= length <= len(names):
            raise TypeError
        for index, change in unpacks:
            if index >= length:
                break  # what follows has its default
            row[index] = change(row[index])
        row += defaults[length:]
        thing = new(kind)
        any(map(call, puts, repeat(thing), row))  # every put gives None, so this is a loop without byte code
        return thing

    if kind not in _SHARED:
        return to_list, from_list
    return (
        lru_cache(maxsize=4096)(lambda value: _dumps(to_list(value))),
        lru_cache(maxsize=4096)(lambda text: from_list(json.loads(text))),
    )


def _default(field: Any) -> Any:  # noqa: ANN401
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING
