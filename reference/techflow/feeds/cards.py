"""Card events (RabbitMQ): fast, out of order, redelivered. `minor` (cents) must agree with the billing amount."""

from datetime import timedelta

from techflow.feeds.contract import Identity, Row, Shape, known_time, parse_time, schema_reason

COLUMNS = ("event", "client", "at", "minor", "billing", "mcc")
_EXPECTED = frozenset(COLUMNS)


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if not row["event"] or not row["client"]:
        return "null key: " + ("client" if row["event"] else "event")
    minor, billing = row["minor"], row["billing"]
    if type(minor) is not int or type(billing) is not float or minor <= 0:
        return f"type: minor {minor!r}, billing {billing!r}"
    if abs(minor - billing * 100) > 0.5:
        return f"unit: {minor} minor units do not make {billing} billed"
    if not row["mcc"].isdecimal() or len(row["mcc"]) != 4:
        return f"encoding: merchant code {row['mcc']!r} is not four digits"
    if parse_time(row["at"]) is None:
        return f"type: at {row['at']!r}"
    return None


def identify(row: Row) -> Identity:
    return Identity(key=row["event"], version=1, client=row["client"], at=known_time(row["at"]))


SHAPE = Shape(
    name="cards",
    title="Card events",
    system="RabbitMQ",
    check=check,
    identify=identify,
    normal="redelivery; order mixed within 15 min",
    duplicates=True,
    late_after=timedelta(minutes=15),
)
