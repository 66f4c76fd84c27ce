"""CRM (MariaDB): duplicates and free text. The master of clients: other feeds may only speak of clients it knows."""

from datetime import timedelta

from techflow.campaign import LEVELS
from techflow.feeds.contract import Identity, Row, Shape, is_garbled, known_time, parse_time, schema_reason

COLUMNS = ("client", "version", "changed_at", "age", "job", "marital", "education", "note")
_EXPECTED = frozenset(COLUMNS)
_JOB, _MARITAL, _EDUCATION = (frozenset(LEVELS[name]) for name in ("job", "marital", "education"))


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if not row["client"]:
        return "null key: client"
    age = row["age"]
    if type(age) is not int:
        return f"type: age {age!r} is not a whole number"
    if not 16 <= age <= 110:
        return f"unit: age {age} is outside 16 to 110 years"
    if row["job"] not in _JOB or row["marital"] not in _MARITAL or row["education"] not in _EDUCATION:
        return f"value: job {row['job']!r}, marital {row['marital']!r}, education {row['education']!r}"
    if is_garbled(row["note"]):
        return f"encoding: note {row['note'][:40]!r} is UTF-8 read as something else"
    if type(row["version"]) is not int or parse_time(row["changed_at"]) is None:
        return f"type: version {row['version']!r}, changed_at {row['changed_at']!r}"
    return None


def identify(row: Row) -> Identity:
    return Identity(key=row["client"], version=row["version"], client=row["client"], at=known_time(row["changed_at"]))


SHAPE = Shape(
    name="crm",
    title="CRM",
    system="MariaDB",
    check=check,
    identify=identify,
    normal="the same record twice; free text in any language",
    duplicates=True,
    late_after=timedelta(hours=24),
)
