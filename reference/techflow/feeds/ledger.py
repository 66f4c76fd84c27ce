"""Core-banking ledger (PostgreSQL): good and late. Amounts are cents; closing = opening + movement."""

from datetime import timedelta

from techflow.feeds.contract import Identity, Row, Shape, known_time, parse_time, schema_reason

COLUMNS = ("client", "version", "booked_at", "in_default", "housing", "loan", "opening", "movement", "closing")
_EXPECTED = frozenset(COLUMNS)
_YES_NO = frozenset({"yes", "no", "unknown"})


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if not row["client"]:
        return "null key: client"
    opening, movement, closing = row["opening"], row["movement"], row["closing"]
    if type(opening) is not int or type(movement) is not int or type(closing) is not int:
        return f"type: amounts must be whole cents, got {closing!r}"
    if opening + movement != closing:
        return f"unit: closing {closing} is not opening {opening} + movement {movement}"
    if row["in_default"] not in _YES_NO or row["housing"] not in _YES_NO or row["loan"] not in _YES_NO:
        return f"value: in_default, housing, loan must be yes, no or unknown, got {row['in_default']!r}"
    if type(row["version"]) is not int or parse_time(row["booked_at"]) is None:
        return f"type: version {row['version']!r}, booked_at {row['booked_at']!r}"
    return None


def identify(row: Row) -> Identity:
    return Identity(key=row["client"], version=row["version"], client=row["client"], at=known_time(row["booked_at"]))


SHAPE = Shape(
    name="ledger",
    title="Core-banking ledger",
    system="PostgreSQL",
    check=check,
    identify=identify,
    normal="bookings arrive up to 24 h after their value time",
    duplicates=False,
    late_after=timedelta(hours=24),
)
