"""What every feed is: a shape with its checks, and a source that is read at least once.

A *shape* knows one legacy system's wire format: encode rows, decode payloads, check a decoded row, and which troubles
are normal for this system. A *source* brings payloads from where the system is (a server, or a file for the demo).
Every checked row has an identity; together feed, key and version make it idempotent. A heartbeat per bank says up to
when the system has told all, so that "no data" differs from "no change".
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

Row = dict[str, Any]


class SourceDown(Exception):
    """The legacy system did not answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bad:
    """A piece of a payload that does not decode: its bytes and why."""

    raw: bytes
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wire:
    """One payload of one bank's system; `ref` is its stable place there, the same when it is read again."""

    ref: str
    bank: str
    payload: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Payloads in the system's order, the position after them, and the newest heartbeat of each bank."""

    wires: tuple[Wire, ...]
    position: str
    beats: dict[str, datetime]


class Source(Protocol):
    """The reading side of one system. `read` raises SourceDown; `commit` says that a batch is durable on our side."""

    def read(self, limit: int) -> Batch: ...
    def commit(self, batch: Batch) -> None: ...
    def close(self) -> None: ...


class System(Protocol):
    """The legacy side, played by the simulator: send (bank, payload) pairs, send heartbeats."""

    def send(self, items: Sequence[tuple[str, bytes]]) -> None: ...
    def beat(self, banks: Sequence[str], at: datetime) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What makes a row idempotent, and whom it is about."""

    key: str
    version: int
    client: str | None  # None: the row is about a whole bank
    at: datetime  # event time


def json_of(rows: Sequence[Row]) -> list[bytes]:
    """One JSON object a row: what most of the systems send."""
    return [json.dumps(row, ensure_ascii=False).encode() for row in rows]


def from_json(payload: bytes, encoding: str) -> list[Row | Bad]:
    return decode_each(payload, lambda raw: json.loads(raw.decode(encoding)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One system's wire format, checks and habits."""

    name: str
    title: str  # how an adviser calls it
    system: str  # what runs at the banks
    encode: Callable[[Sequence[Row]], list[bytes]] = json_of
    decode: Callable[[bytes, str], list[Row | Bad]] = from_json  # payload and text encoding
    check: Callable[[Row], str | None]  # the reason why a row is refused
    identify: Callable[[Row], Identity]  # of a row that passed `check`
    encoding: str = "utf-8"
    normal: str  # declared troubles: these are handled and not reported
    duplicates: bool  # the same row twice is normal
    late_after: timedelta  # arrival after event time; later is reported
    silent_after: timedelta = timedelta(seconds=60)  # no heartbeat for this long is reported


def parse_time(value: Any) -> datetime | None:
    """An aware time from ISO text, or None."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def known_time(value: Any) -> datetime:
    """The time of a row that passed its check."""
    at = parse_time(value)
    assert at is not None
    return at


def schema_reason(row: Row, expected: frozenset[str]) -> str:
    """Which columns are missing or new."""
    missing, new = sorted(expected - row.keys()), sorted(row.keys() - expected)
    return "schema: " + ", ".join([*(f"missing {name}" for name in missing), *(f"new {name}" for name in new)])


def is_garbled(text: str) -> bool:
    """UTF-8 that was read as Latin-1 or Windows-1252 (Ã¼ for ü), or a replacement character."""
    if text.isascii():
        return False
    return "\ufffd" in text or _turns(text, "latin-1") or _turns(text, "cp1252")


def _turns(text: str, encoding: str) -> bool:
    """Whether the text's bytes in the encoding are UTF-8: text that was right would hardly ever be."""
    try:
        text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return False
    return True


def decode_each(payload: bytes, parse: Callable[[bytes], Row]) -> list[Row | Bad]:
    """A payload that holds one row: the row, or why it does not decode."""
    try:
        return [parse(payload)]
    except UnicodeDecodeError:
        return [Bad(raw=payload, reason="encoding: not the agreed text encoding")]
    except (ValueError, KeyError, TypeError) as error:
        return [Bad(raw=payload, reason=f"form: {error}")]
