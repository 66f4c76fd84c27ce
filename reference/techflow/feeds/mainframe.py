"""Mainframe nightly extract: fixed EBCDIC records with packed decimals, as the copybook below says. Contact history."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from techflow.campaign import LEVELS
from techflow.feeds.contract import Bad, Identity, Row, Shape, schema_reason
from techflow.feeds.copybook import Layout

COPYBOOK = """
       01  CONTACT-RECORD.
           05  CLIENT            PIC X(9).
           05  VERSION           PIC 9(10).
           05  CONTACTED-AT      PIC 9(14).
           05  CONTACT           PIC X(9).
           05  MONTH             PIC X(3).
           05  DAY-OF-WEEK       PIC X(3).
           05  CAMPAIGN          PIC S9(3) COMP-3.
           05  PDAYS             PIC S9(7) COMP-3.
           05  PREVIOUS          PIC S9(3) COMP-3.
           05  POUTCOME          PIC X(11).
"""
CODEPAGE = "cp037"
LAYOUT = Layout(COPYBOOK)
COLUMNS = tuple(field.name for field in LAYOUT.fields)
_EXPECTED = frozenset(COLUMNS)
_LEVELS = {name: frozenset(LEVELS[name]) for name in ("contact", "month", "day_of_week", "poutcome")}


def encode(rows: Sequence[Row]) -> list[bytes]:
    """One file for all rows."""
    return [b"".join(LAYOUT.write(row, CODEPAGE) for row in rows)] if rows else []


def decode(payload: bytes, encoding: str) -> list[Row | Bad]:
    if encoding != CODEPAGE:  # a transfer in text mode translated every byte, the packed decimals too
        payload = payload.decode(encoding).encode(CODEPAGE)
    if len(payload) % LAYOUT.length:
        reason = f"schema: {len(payload)} bytes are not whole records of {LAYOUT.length}"
        return [Bad(raw=payload, reason=reason)]
    decoded: list[Row | Bad] = []
    for start in range(0, len(payload), LAYOUT.length):
        record = payload[start : start + LAYOUT.length]
        try:
            decoded.append(LAYOUT.read(record, CODEPAGE))
        except ValueError as error:
            decoded.append(Bad(raw=record, reason=f"encoding: {error}"))
    return decoded


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if not row["client"]:
        return "null key: client"
    if not (0 <= row["pdays"] <= 60 or row["pdays"] == 999):
        return f"unit: pdays {row['pdays']} is neither 0 to 60 days nor 999 (never)"
    if not (0 <= row["campaign"] <= 99 and 0 <= row["previous"] <= 99):
        return f"unit: campaign {row['campaign']}, previous {row['previous']} are outside 0 to 99 contacts"
    for name, levels in _LEVELS.items():
        if row[name] not in levels:
            return f"value: {name} {row[name]!r}"
    if event_time(row) is None:
        return f"type: contacted_at {row['contacted_at']}"
    return None


def event_time(row: Row) -> datetime | None:
    """The time of the contact, or None."""
    try:
        date, clock = divmod(row["contacted_at"], 1_000_000)
        return datetime(
            date // 10_000, date // 100 % 100, date % 100, clock // 10_000, clock // 100 % 100, clock % 100, tzinfo=UTC
        )
    except ValueError:
        return None


def identify(row: Row) -> Identity:
    at = event_time(row)
    assert at is not None
    return Identity(key=row["client"], version=row["version"], client=row["client"], at=at)


SHAPE = Shape(
    name="mainframe",
    title="Mainframe extract",
    system="EBCDIC file, copybook",
    encode=encode,
    decode=decode,
    check=check,
    identify=identify,
    encoding=CODEPAGE,
    normal="one file a night, up to 30 h after the contact",
    duplicates=False,
    late_after=timedelta(hours=30),
)
