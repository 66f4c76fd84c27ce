"""Upheld's own evidence records: one JSON object, a list of them, or one a line."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from upheld.core.criterion import Indicator, Stage
from upheld.core.evidence import SCHEMA, Evidence, decode
from upheld.errors import EvidenceError
from upheld.ports import Reading, Request
from upheld.readers.intake import HEAD, Intake, Unreadable, head_text, looks_like_json, parse_json, take, text_of

_MOST_RECORDS = 200_000
_INDICATOR = re.compile(r'"indicator"\s*:\s*"([^"\\]{1,200})"')
_STAGE = re.compile(r'"stage"\s*:\s*"(\w+)"')


class Native:
    """Reads `upheld/evidence/v1` records, whoever wrote them."""

    name = "native"
    title = "Upheld evidence records"
    help = (
        "Records of `upheld/evidence/v1`, one, a list, or one a line, whoever wrote them; one that is wrong "
        "makes the file unreadable."
    )
    indicators: Mapping[str, Indicator] = {}  # each record names its own
    files: tuple[str, ...] = ("*.evidence.json", "*.ndjson", "*.jsonl")

    def recognise(self, name: str, head: bytes) -> str:
        """The schema is named in the first bytes."""
        if name.endswith(".upheld.json") or not looks_like_json(head):
            return ""
        return f"names the schema {SCHEMA}" if SCHEMA in head_text(head) else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read every record; one that is wrong makes the file unreadable, so that nothing is passed over."""
        reading = take(self, path, request, _parse)
        return reading if reading.readable else replace(reading, evidence=_meant(path, request, reading.reason))


def _meant(path: Path, request: Request, reason: str) -> tuple[Evidence, ...]:
    """Unreadable evidence for every indicator that a broken file still names, at each stage that it may be of."""
    try:
        with path.open("rb") as file:
            text = head_text(file.read(min(request.max_bytes, HEAD)))
    except OSError:
        return ()
    stages = [stage for stage in Stage if stage.value in _STAGE.findall(text)] or list(Stage)
    return tuple(
        Evidence(indicator=name, stage=stage, statistic=None, unreadable=reason, source={"file": path.name})
        for name in dict.fromkeys(_INDICATOR.findall(text))
        for stage in stages
    )


def _parse(intake: Intake) -> tuple[list[Evidence], str]:
    records = _records(text_of(intake.data()))
    if not records:
        raise Unreadable("holds no record")
    if len(records) > _MOST_RECORDS:
        raise Unreadable(f"holds {len(records)} records, at most {_MOST_RECORDS} are read: split the file")
    evidence = []
    for i, record in enumerate(records, 1):
        try:
            found = decode(record)
        except EvidenceError as error:
            raise Unreadable(f"record {i}: {error.message}" if len(records) > 1 else error.message) from None
        # The file's own source, where the record names none: the digest would merge all records of one file into one.
        evidence.append(found if found.source else replace(found, source={"file": intake.name}))
    return evidence, f"{len(evidence)} record" + ("s" if len(evidence) > 1 else "")


def _records(text: str) -> list[object]:
    """One object, a list, or one object a line (told apart by what follows the first)."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1 and all(line.strip().startswith("{") and line.strip().endswith("}") for _, line in lines[:2]):
        return [_one(number, line) for number, line in lines]
    value = parse_json(text)
    return list(value) if isinstance(value, list) else [value]


def _one(number: int, line: str) -> object:
    try:
        return parse_json(line)
    except Unreadable as error:
        raise Unreadable(f"line {number}: {error}") from None
