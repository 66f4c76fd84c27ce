"""Branch telemetry (MQTT): gaps, and retained values that are old when they arrive. Tells the rate a branch quotes."""

from datetime import timedelta

from techflow.banks import BANKS
from techflow.feeds.contract import Identity, Row, Shape, is_garbled, known_time, parse_time, schema_reason

COLUMNS = ("bank", "branch", "at", "rate", "visitors")
_EXPECTED = frozenset(COLUMNS)


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if not row["bank"] or not row["branch"]:
        return "null key: " + ("branch" if row["bank"] else "bank")
    if row["bank"] not in BANKS:
        return f"orphan key: no bank {row['bank']!r}"
    if is_not_number(row["rate"]) or type(row["visitors"]) is not int:
        return f"type: rate {row['rate']!r}, visitors {row['visitors']!r}"
    if not 0.2 <= row["rate"] <= 8:
        return f"unit: rate {row['rate']} is outside 0.2 to 8 percent"
    if is_garbled(row["branch"]):
        return f"encoding: branch {row['branch']!r}"
    if parse_time(row["at"]) is None:
        return f"type: at {row['at']!r}"
    return None


def is_not_number(value: object) -> bool:
    return type(value) is not float and type(value) is not int


def identify(row: Row) -> Identity:
    at = known_time(row["at"])
    return Identity(key=f"{row['bank']}/{row['branch']}", version=int(at.timestamp() * 1000), client=None, at=at)


SHAPE = Shape(
    name="branches",
    title="Branch telemetry",
    system="Mosquitto (MQTT)",
    check=check,
    identify=identify,
    normal="gaps of single values; retained values again after a reconnect",
    duplicates=True,
    late_after=timedelta(minutes=10),
)
