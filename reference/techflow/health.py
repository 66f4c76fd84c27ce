"""Which source is in what trouble for which customers, from the state alone; silent when all is well."""

from datetime import datetime, timedelta
from typing import Any

from techflow.banks import BANKS
from techflow.feeds import SHAPES
from techflow.state import State

REMEMBERED = timedelta(minutes=10)  # a finding stays on the list this long after it was last seen


def freshness(state: State, now: datetime) -> dict[str, dict[str, dict[str, Any]]]:
    """Per bank and feed: up to when the system has told all (`as_of`), its age in seconds, and fresh, behind or silent.

    A quiet system that is alive is fresh. `behind`: heartbeats come, but tell of the past. `silent`: none come.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {
        bank: {feed: {"as_of": None, "age": None, "state": "silent"} for feed in SHAPES} for bank in BANKS
    }
    for feed, bank, at, arrived in state.connection.execute("SELECT feed, bank, at, arrived FROM beats"):
        allowed = SHAPES[feed].silent_after
        if now - datetime.fromisoformat(arrived) > allowed:
            condition = "silent"
        else:
            condition = "behind" if now - datetime.fromisoformat(at) > allowed else "fresh"
        age = round((now - datetime.fromisoformat(at)).total_seconds(), 1)
        found[bank][feed] = {"as_of": at, "age": age, "state": condition}
    return found


def report(state: State, now: datetime) -> dict[str, Any]:
    """Findings by source and kind with the customers they touch, and each feed's condition."""
    fresh = freshness(state, now)
    findings: dict[tuple[str, str], dict[str, Any]] = {}
    oldest = (now - REMEMBERED).isoformat()
    for feed, bank, kind, since, count, detail in state.connection.execute(
        "SELECT feed, bank, kind, since, count, detail FROM findings WHERE last >= ? ORDER BY feed, kind, bank",
        (oldest,),
    ):
        _add(findings, feed, kind, bank, since, count, detail)
    for bank, feeds in fresh.items():
        for feed, condition in feeds.items():
            if condition["state"] != "fresh":
                told = f"told everything up to {condition['as_of'] or 'nothing yet'}"
                _add(findings, feed, condition["state"], bank, condition["as_of"], 1, told)
    conditions: dict[str, Any] = {}
    for feed, rows, breaker, trouble in state.connection.execute("SELECT feed, rows, breaker, trouble FROM feeds"):
        conditions[feed] = {"system": SHAPES[feed].system, "rows": rows, "breaker": breaker, "trouble": trouble}
    counts = dict(state.connection.execute("SELECT feed, count(*) FROM quarantine WHERE state = 'open' GROUP BY feed"))
    for feed, condition in conditions.items():
        condition["quarantined"] = counts.get(feed, 0)
    return {"at": now.isoformat(), "feeds": conditions, "findings": list(findings.values())}


def _add(
    findings: dict[tuple[str, str], dict[str, Any]],
    feed: str,
    kind: str,
    bank: str,
    since: str | None,
    count: int,
    detail: str,
) -> None:
    entry = findings.setdefault(
        (feed, kind),
        {"source": feed, "kind": kind, "customers": [], "since": since, "count": 0, "detail": detail},
    )
    entry["customers"].append(bank)
    entry["count"] += count
