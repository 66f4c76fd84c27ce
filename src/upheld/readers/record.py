"""The record beside a report: `FILE.upheld.json` says what was measured, where, when and by which run.

Reports carry neither commit nor environment; the job that produced them knows both. The record names the digest of the
report, so that it cannot stand beside another one.
"""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from upheld.core.evidence import Evidence, identified
from upheld.errors import UsageError
from upheld.ports import Reading
from upheld.readers.intake import Unreadable, mapping, parse_json, text_of

SCHEMA = "upheld/report-record/v1"
SUFFIX = ".upheld.json"
_FIELDS = {"schema", "report", "digest", "subject", "environment", "observed", "run", "run_url", "commit"}
_MOST_BYTES = 65_536


def side_file(report: Path) -> Path:
    """Where the record of a report lies."""
    return report.with_name(report.name + SUFFIX)


def digest_of(report: Path) -> str:
    """`sha256:…` of the report, read in pieces."""
    found = hashlib.sha256()
    with report.open("rb") as file:
        while chunk := file.read(1 << 20):
            found.update(chunk)
    return f"sha256:{found.hexdigest()}"


def write_side_file(
    report: Path,
    *,
    subject: str,
    observed: datetime,
    environment: str = "",
    run: str = "",
    run_url: str = "",
    commit: str = "",
) -> Path:
    """Write the record of a report and give its path; UsageError when there is no subject to record."""
    if not subject:
        raise UsageError(f"{report}: what was measured? give --subject, or run inside a git repository")
    record = {
        "schema": SCHEMA, "report": report.name, "digest": digest_of(report), "subject": subject,
        "observed": observed.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "environment": environment, "run": run, "run_url": run_url, "commit": commit,
    }  # fmt: skip
    path = side_file(report)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps({k: v for k, v in record.items() if v}, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)  # a reader never sees half a record
    return path


def apply_side_file(report: Path, reading: Reading) -> Reading:
    """Give the evidence of a report what its record says; without one, what is known stays asserted.

    A record that cannot be read, or that was written for other bytes, makes the report unreadable: somebody meant to say
    what it measured, and it is not known.
    """
    path = side_file(report)
    if not path.exists():
        return replace(
            reading, evidence=tuple(replace(e, asserted=e.asserted or not _signed_by_job(e)) for e in reading.evidence)
        )
    try:
        known = _read(path)
        digest = _digest(report, reading)
    except (Unreadable, OSError, ValueError) as error:
        return _refused(reading, f"{path.name} {error}")
    observed = _time(known.get("observed", ""))
    if digest and known["digest"] != digest:
        return _refused(reading, f"the report changed since {path.name} was written: record it again")
    producer = {"run_url": known["run_url"]} if known.get("run_url") else {}
    if known.get("commit"):
        producer["commit"] = known["commit"]
    evidence = []
    for e in reading.evidence:
        told = replace(
            e, subject=e.subject or known["subject"], environment=e.environment or known.get("environment", ""),
            run=e.run or known.get("run", ""), observed=e.observed or observed, asserted=False,
            producer={**e.producer, **producer},
        )  # fmt: skip
        evidence.append(identified(told) if told.statistic is not None else told)
    return replace(reading, evidence=tuple(evidence))


def _digest(report: Path, reading: Reading) -> str:
    """The digest of the report: as its reader has taken it, or taken now; empty for what was refused unread."""
    if not reading.readable:
        return next((e.source["digest"] for e in reading.evidence if "digest" in e.source), "")
    if reading.reader != "native":  # our own records name the source of each fact, which is another file
        return next((e.source["digest"] for e in reading.evidence), "")
    return digest_of(report)


def _signed_by_job(e: Evidence) -> bool:
    """Whether the record itself says what it measured (Upheld's own records do)."""
    return bool(e.subject)


def _read(path: Path) -> dict[str, str]:
    if path.stat().st_size > _MOST_BYTES:
        raise Unreadable(f"is larger than {_MOST_BYTES} bytes")
    found = mapping(parse_json(text_of(path.read_bytes())), "it")
    if found.get("schema") != SCHEMA:
        raise Unreadable(f"does not name the schema {SCHEMA}")
    wrong = sorted(str(key) for key, value in found.items() if key not in _FIELDS or not isinstance(value, str))
    if wrong:
        raise Unreadable(f'holds "{wrong[0]}", which is no text it may hold')
    if not found.get("subject") or not found.get("digest"):
        raise Unreadable("names no subject or no digest")
    _time(str(found.get("observed", "")))
    return {key: str(value) for key, value in found.items()}


def _time(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise Unreadable(f"gives the time {text} without its zone")
    return moment.astimezone(UTC)


def _refused(reading: Reading, reason: str) -> Reading:
    evidence = tuple(replace(e, statistic=None, series=(), unreadable=reason, id="") for e in reading.evidence)
    return replace(reading, evidence=evidence, readable=False, reason=reason)
