"""Rows come in: decode, check, then accept once or quarantine with the reason; a fix replays the quarantine.

The hand-written `check` of each shape is the seam where data contracts will come in: it takes a decoded row and gives
the reason why the row is refused, or None.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from techflow.banks import BANK_OF_CODE
from techflow.campaign import MARKET
from techflow.feeds import SHAPES
from techflow.feeds.contract import Bad, Row, Shape, Source, SourceDown
from techflow.feeds.payments import cents
from techflow.state import State

BATCH = 500
COOL_DOWN = timedelta(seconds=10)
FAILURES_TO_OPEN = 3
EVENTS_OF_A_CLIENT = 200  # the newest card events and payments that a view looks at


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """What was wrong with a feed, as data: names, units or text encoding."""

    feed: str
    rename: dict[str, str] = field(default_factory=dict)  # theirs -> ours
    drop: tuple[str, ...] = ()  # columns to leave out
    scale: dict[str, float] = field(default_factory=dict)  # column -> factor
    encoding: str | None = None  # how the bytes were really written

    def apply(self, row: Row) -> Row:
        fixed = {self.rename.get(name, name): value for name, value in row.items() if name not in self.drop}
        for name, factor in self.scale.items():
            kind = type(fixed[name])
            fixed[name] = round(fixed[name] * factor) if kind is int else round(fixed[name] * factor, 6)
        if self.encoding:
            fixed = {name: _recode(value, self.encoding) for name, value in fixed.items()}
        return fixed


def _recode(value: Any, encoding: str) -> Any:
    """Text that was UTF-8 and read as `encoding`, read rightly."""
    try:
        return value.encode(encoding).decode("utf-8") if isinstance(value, str) else value
    except UnicodeError:
        return value


@dataclass(kw_only=True, slots=True)
class Breaker:
    """Three failures in a row open it; while open the source is left alone, then one try decides."""

    failures: int = 0
    open_until: datetime | None = None
    trouble: str = ""

    def allows(self, now: datetime) -> bool:
        return self.open_until is None or now >= self.open_until

    def failed(self, now: datetime, trouble: str) -> None:
        self.failures += 1
        self.trouble = trouble
        if self.failures >= FAILURES_TO_OPEN:
            self.open_until = now + COOL_DOWN

    def succeeded(self) -> None:
        self.failures, self.open_until, self.trouble = 0, None, ""

    @property
    def state(self) -> str:
        return "open" if self.open_until else "closed"


class Intake:
    """Reads all sources in turn into the state. `loading` marks the first load, in which old rows are not late."""

    def __init__(
        self, state: State, sources: dict[str, Source], *, clock: Callable[[], datetime], loading: bool = False
    ) -> None:
        self.state = state
        self.sources = sources
        self.clock = clock
        self.loading = loading
        self.breakers = {name: Breaker() for name in sources}

    def drain(self) -> int:
        """Pump every feed until none brings anything new; the number of rows seen."""
        total = 0
        while seen := sum(self._pump_whole(name) if name == "crm" else self.pump(name) for name in self.sources):
            total += seen
        return total

    def _pump_whole(self, name: str) -> int:
        """All that a feed has: nobody may speak of a client before the CRM did."""
        total = 0
        while seen := self.pump(name):
            total += seen
        return total

    def pump(self, name: str) -> int:
        """Read one batch of one feed and make it durable; the number of rows seen. A dead source never raises."""
        now, breaker, source = self.clock(), self.breakers[name], self.sources[name]
        if not breaker.allows(now):
            return 0
        try:
            batch = source.read(BATCH)
        except SourceDown as error:
            breaker.failed(now, str(error))
            self._note_feed(name, breaker)
            return 0
        recovered = breaker.failures > 0
        breaker.succeeded()
        if not batch.wires and not batch.beats:
            return 0
        accept = _Acceptance(self.state.connection, SHAPES[name], now, self.loading)
        with self.state.transaction() as connection:
            for wire in batch.wires:
                for place, item in enumerate(SHAPES[name].decode(wire.payload, SHAPES[name].encoding)):
                    accept.take(item, bank=wire.bank, ref=wire.ref, place=place)
            connection.execute(
                "INSERT INTO feeds (feed, position, rows) VALUES (?1, ?2, ?3) ON CONFLICT (feed) "
                "DO UPDATE SET position = ?2, rows = rows + ?3, breaker = 'closed', trouble = ''",
                (name, batch.position, accept.seen),
            )
            connection.executemany(
                "INSERT INTO beats VALUES (?, ?, ?, ?) ON CONFLICT (feed, bank) DO UPDATE "
                "SET arrived = CASE WHEN excluded.at > at THEN excluded.arrived ELSE arrived END, "
                "at = max(at, excluded.at)",
                [(name, bank, at.isoformat(), now.isoformat()) for bank, at in batch.beats.items()],
            )
            accept.finish()
            if name == "crm" and accept.accepted:
                _retry_orphans(connection, now)
        source.commit(batch)
        if recovered:
            self._note_feed(name, breaker)
        return accept.seen

    def _note_feed(self, name: str, breaker: Breaker) -> None:
        with self.state.transaction() as connection:
            connection.execute(
                "INSERT INTO feeds (feed, breaker, trouble) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (feed) DO UPDATE SET breaker = ?2, trouble = ?3",
                (name, breaker.state, breaker.trouble),
            )


def replay(state: State, fix: Fix, now: datetime) -> tuple[int, int]:
    """Try a feed's quarantine again with the fix; (accepted, still refused)."""
    with state.transaction() as connection:
        return _replay(connection, fix, now, "%")


def _retry_orphans(connection: sqlite3.Connection, now: datetime) -> None:
    """New clients are known: rows that came before their client may be right now."""
    feeds = connection.execute("SELECT DISTINCT feed FROM quarantine WHERE state = 'open' AND reason LIKE 'orphan%'")
    for (feed,) in feeds.fetchall():
        _replay(connection, Fix(feed=feed), now, "orphan%")


def _replay(connection: sqlite3.Connection, fix: Fix, now: datetime, reason: str) -> tuple[int, int]:
    shape = SHAPES[fix.feed]
    held = connection.execute(
        "SELECT id, bank, ref, place, raw, row FROM quarantine WHERE state = 'open' AND feed = ? AND reason LIKE ? "
        "ORDER BY id",
        (fix.feed, reason),
    ).fetchall()
    accept = _Acceptance(connection, shape, now, loading=True)
    good = 0
    for number, bank, ref, place, raw, row in held:
        items = [json.loads(row)] if row else shape.decode(raw, fix.encoding or shape.encoding)
        fixed = [item if isinstance(item, Bad) else fix.apply(item) for item in items]
        reasons = [accept.judge(item, ref) for item in fixed]
        if any(reasons):
            why = next(why for why in reasons if why)
            connection.execute("UPDATE quarantine SET reason = ? WHERE id = ?", (why, number))
            continue
        for item in fixed:
            accept.take(item, bank=bank, ref=ref, place=place)
        connection.execute("UPDATE quarantine SET state = 'replayed' WHERE id = ?", (number,))
        good += 1
    accept.finish()
    return good, len(held) - good


class _Acceptance:
    """One batch on its way in: judges rows, writes them, and remembers which clients to assemble anew."""

    def __init__(self, connection: sqlite3.Connection, shape: Shape, now: datetime, loading: bool) -> None:
        self.connection = connection
        self.shape = shape
        self.now = now
        self.loading = loading
        self.seen = self.accepted = 0
        self.touched: set[str] = set()
        self.banks: set[str] = set()

    def judge(self, item: Row | Bad, ref: str) -> str | None:
        """Why the item is refused, or None."""
        if isinstance(item, Bad):
            return item.reason
        reason = self.shape.check(item)
        if reason:
            return reason
        found = self.shape.identify(item)
        if found.client is None or self.shape.name == "crm":
            if found.client and found.client[:2] not in BANK_OF_CODE:
                return f"orphan key: no bank has client numbers like {found.client!r}"
            return None
        known = self.connection.execute("SELECT 1 FROM rows WHERE feed = 'crm' AND key = ?", (found.client,)).fetchone()
        return None if known else f"orphan key: the CRM knows no client {found.client!r}"

    def take(self, item: Row | Bad, *, bank: str, ref: str, place: int) -> None:
        """Accept one item, or put it in quarantine."""
        self.seen += 1
        reason = self.judge(item, ref)
        if reason:
            self._refuse(item, bank, ref, place, reason, "open")
            return
        assert isinstance(item, dict)
        found = self.shape.identify(item)
        body = json.dumps(item, sort_keys=True, ensure_ascii=False)
        old = self.connection.execute(
            "SELECT version, body, ref FROM rows WHERE feed = ? AND key = ?", (self.shape.name, found.key)
        ).fetchone()
        if old and old[0] == found.version:
            if old[1] != body:
                self._refuse(
                    item, bank, ref, place, f"conflict: {found.key} v{found.version} has other content", "open"
                )
            elif old[2] != ref and not self.shape.duplicates:
                self._refuse(item, bank, ref, place, f"duplicate: {found.key} v{found.version} came twice", "dropped")
            return
        if not self.loading and self.now - found.at > self.shape.late_after:
            self._find(bank, "late", f"{found.key} came {_long(self.now - found.at)} after its time")
        if old and old[0] > found.version:
            return
        self.connection.execute(
            "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.shape.name, found.key, found.version, bank, found.client, found.at.isoformat(), ref, body),
        )
        self.accepted += 1
        if found.client:
            self.touched.add(found.client)
        else:
            self.banks.add(bank)

    def _refuse(self, item: Row | Bad, bank: str, ref: str, place: int, reason: str, state: str) -> None:
        raw, row = (item.raw, None) if isinstance(item, Bad) else (None, json.dumps(item, ensure_ascii=False))
        inserted = self.connection.execute(
            "INSERT OR IGNORE INTO quarantine (feed, bank, ref, place, reason, raw, row, arrived, state) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.shape.name, bank, ref, place, reason, raw, row, self.now.isoformat(), state),
        )
        if inserted.rowcount:  # a repeated read of the same place is not a second finding
            self._find(bank, reason.partition(":")[0], reason)

    def _find(self, bank: str, kind: str, detail: str) -> None:
        self.connection.execute(
            "INSERT INTO findings VALUES (?1, ?2, ?3, ?4, ?4, 1, ?5) ON CONFLICT (feed, bank, kind) DO UPDATE "
            "SET last = ?4, count = count + 1, detail = ?5",
            (self.shape.name, bank, kind, self.now.isoformat(), detail),
        )

    def finish(self) -> None:
        """Assemble what changed."""
        for client in sorted(self.touched):
            _assemble_client(self.connection, client)
        for bank in sorted(self.banks):
            _assemble_market(self.connection, bank)


def _assemble_client(connection: sqlite3.Connection, client: str) -> None:
    """Write one client's view from the accepted rows alone, so that the order of arrival leaves no trace."""
    bodies: dict[str, list[Row]] = {name: [] for name in SHAPES}
    query = "SELECT feed, body FROM rows WHERE client = ? ORDER BY at DESC, feed, key"
    for feed, body in connection.execute(query, (client,)):
        if len(bodies[feed]) < EVENTS_OF_A_CLIENT:
            bodies[feed].append(json.loads(body))
    if not bodies["crm"]:
        return
    view: dict[str, Any] = {}
    for feed, names in (
        ("crm", ("age", "job", "marital", "education")),
        ("ledger", ("housing", "loan")),
        ("mainframe", ("contact", "month", "day_of_week", "campaign", "pdays", "previous", "poutcome")),
    ):
        row = bodies[feed][0] if bodies[feed] else {}
        view.update({name: row.get(name) for name in names})
    ledger = bodies["ledger"][0] if bodies["ledger"] else {}
    view["default"] = ledger.get("in_default")
    view["balance"] = ledger.get("closing")
    view["card_spend"] = sum(row["minor"] for row in bodies["cards"])
    view["card_events"] = len(bodies["cards"])
    view["paid_in"] = sum(cents(row["amount"]) for row in bodies["payments"] if row["direction"] == "CRDT")
    view["paid_out"] = sum(cents(row["amount"]) for row in bodies["payments"] if row["direction"] == "DBIT")
    bank = BANK_OF_CODE[client[:2]]
    connection.execute("INSERT OR REPLACE INTO clients VALUES (?, ?, ?)", (client, bank, json.dumps(view)))


def _assemble_market(connection: sqlite3.Connection, bank: str) -> None:
    """A bank's market view: the median of its branches' rates and its newest back-office figures."""
    rates: list[float] = []
    figures: Row = {}
    query = "SELECT feed, body FROM rows WHERE client IS NULL AND bank = ? AND feed IN ('branches', 'backoffice')"
    for feed, body in connection.execute(query, (bank,)):
        row = json.loads(body)
        if feed == "branches":
            rates.append(row["rate"])
        else:
            figures = row
    view = {name: figures.get(name.replace(".", "_")) for name in MARKET}
    view["euribor3m"] = sorted(rates)[len(rates) // 2] if rates else None
    connection.execute("INSERT OR REPLACE INTO markets VALUES (?, ?)", (bank, json.dumps(view)))


def _long(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"


def quarantined(state: State) -> Iterable[dict[str, Any]]:
    """What stands in quarantine, oldest first."""
    query = "SELECT id, feed, bank, reason, arrived FROM quarantine WHERE state = 'open' ORDER BY id"
    for number, feed, bank, reason, arrived in state.connection.execute(query):
        yield {"id": number, "feed": feed, "bank": bank, "reason": reason, "arrived": arrived}
