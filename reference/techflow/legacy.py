"""The banks' legacy systems, simulated: a first load of history, then live events tick by tick, with faults on demand.

Everything follows from the seed and the tick's number. Troubles that are normal for a system (its shape's `normal`)
always occur; a `DataFault` adds one that is not, for some banks, while it lasts.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from techflow.banks import BANKS
from techflow.campaign import Contact
from techflow.feeds import SHAPES
from techflow.feeds.contract import Row, System

TICK = timedelta(seconds=5)
NIGHT = 60  # the demo's nights (mainframe) come every 60 ticks, its office days (drops) every 60 ticks after the 30th
BRANCHES = ("Mitte", "Hafen", "Nord")
NOTES = (
    "prefers a call after 6 pm",
    "möchte über Vorsorge sprechen",
    "souhaite être rappelé à midi",
    "wants to discuss the mortgage — not urgent",
    "só fala com a sua gestora",
    "ringer tilbake på fredag, gjelder boliglån",
)
FAULTS = ("null key", "duplicate", "unit", "encoding", "late", "schema", "orphan key", "stop", "slow")
DRIFT = "drift"  # valid values from another population: nothing for a check of rows to refuse
SLOW = timedelta(minutes=3)
_KEY = {"cards": "event", "payments": "message", "branches": "branch"}
_RENAMED = {
    "ledger": ("housing", "has_mortgage"), "crm": ("job", "occupation"), "cards": ("billing", "billed"),
    "branches": ("rate", "quote"), "payments": ("client", "Konto"), "backoffice": ("clerk", "signed_by"),
}  # fmt: skip
_UNIT = {"ledger": ("closing", 0.01), "crm": ("age", 12), "cards": ("minor", 0.01), "branches": ("rate", 0.01)}
_TIME = {"ledger": "booked_at", "crm": "changed_at", "cards": "at", "branches": "at", "payments": "at"}


@dataclass(frozen=True, kw_only=True, slots=True)
class DataFault:
    """One fault of one feed for some banks."""

    feed: str
    kind: str
    banks: tuple[str, ...]

    def hits(self, feed: str, bank: str) -> bool:
        return feed == self.feed and bank in self.banks


class Legacy:
    """All banks' seven systems."""

    def __init__(self, systems: dict[str, System], contacts: Sequence[Contact], *, seed: int, pace: int = 24) -> None:
        self.systems = systems
        self.contacts = contacts
        self.seed = seed
        self.pace = pace  # ledger bookings, CRM changes and payments a tick; card events twice as many
        rng = np.random.default_rng([seed, 2_000])
        self.balances = {c.client: int(np.exp(rng.normal(10.2, 0.8)) * 100) for c in contacts}
        self.delayed: deque[tuple[datetime, str, str, list[tuple[str, bytes]], datetime | None]] = deque()

    # --- history ---

    def load(self, now: datetime) -> None:
        """The first load: every client in every system, with two card events and two payments each."""
        rng = np.random.default_rng([self.seed, 3_000])
        for bank in BANKS:
            clients = [contact for contact in self.contacts if contact.bank == bank]
            rows: dict[str, list[Row]] = {name: [] for name in SHAPES}
            for contact in clients:
                rows["crm"].append(self._crm(contact, 1, contact.at, rng))
                rows["ledger"].append(self._ledger(contact, 1, contact.at, rng))
                rows["mainframe"].append(self._mainframe(contact, 1, contact.at))
                rows["backoffice"].append(self._outcome(contact, contact.at))
                for number in range(2):
                    rows["cards"].append(self._card(contact, f"h{number}", contact.at, rng))
                    rows["payments"].append(self._payment(contact, f"h{number}", contact.at, rng))
            market = [self._market(bank, now - timedelta(days=1))]
            rows["branches"] = [self._branch(bank, branch, now, rng) for branch in BRANCHES]
            for feed, shape in SHAPES.items():
                self.systems[feed].send([(bank, payload) for payload in shape.encode(rows[feed])])
            self.systems["backoffice"].send([(bank, payload) for payload in SHAPES["backoffice"].encode(market)])
        self._beat(now, ())

    # --- live ---

    def tick(self, number: int, now: datetime, faults: Sequence[DataFault] = ()) -> None:
        """One step of live events: cards and payments flow, ledgers and CRM change, branches quote, files drop."""
        outgoing: dict[str, list[tuple[str, bytes]]] = {feed: [] for feed in self.systems}
        for (feed, bank), rows in self.events(number, now).items():
            planted = [fault.kind for fault in faults if fault.hits(feed, bank)]
            if "stop" in planted:
                continue
            items = [(bank, payload) for payload in self._payloads(feed, rows, planted, now)]
            if "slow" in planted:
                self.delayed.append((now + SLOW, feed, bank, items, None))
            else:
                outgoing[feed] += items
        for feed, items in outgoing.items():
            self.systems[feed].send(items)
        self._beat(now, faults)
        while self.delayed and self.delayed[0][0] <= now:
            _, feed, bank, items, beat = self.delayed.popleft()
            self.systems[feed].send(items)
            if beat:
                self.systems[feed].beat([bank], beat)

    def events(self, number: int, now: datetime) -> dict[tuple[str, str], list[Row]]:
        """The clean rows of one tick, by feed and bank."""
        rng = np.random.default_rng([self.seed, 4_000, number])
        version = number + 2
        found: dict[tuple[str, str], list[Row]] = {}

        def add(feed: str, bank: str, row: Row) -> None:
            found.setdefault((feed, bank), []).append(row)

        def some(count: int) -> list[Contact]:
            chosen = rng.choice(len(self.contacts), size=min(count, len(self.contacts)), replace=False)
            return [self.contacts[i] for i in chosen]

        for contact in some(self.pace):
            add("ledger", contact.bank, self._ledger(contact, version, now - _up_to(rng, hours=20), rng))
        for contact in some(self.pace):
            row = self._crm(contact, version, now - _up_to(rng, hours=2), rng)
            add("crm", contact.bank, row)
            if rng.random() < 0.1:
                add("crm", contact.bank, row)
        for place, contact in enumerate(some(2 * self.pace)):
            row = self._card(contact, f"{number}.{place}", now - _up_to(rng, minutes=10), rng)
            add("cards", contact.bank, row)
            if rng.random() < 0.1:
                add("cards", contact.bank, row)
        for place, contact in enumerate(some(self.pace)):
            add(
                "payments",
                contact.bank,
                self._payment(contact, f"{number}.{place}", now - _up_to(rng, minutes=30), rng),
            )
        for bank in BANKS:
            if rng.random() < 0.8:  # gaps
                branch = BRANCHES[int(rng.integers(len(BRANCHES)))]
                add("branches", bank, self._branch(bank, branch, now, rng))
        if number % NIGHT == 0:
            chosen = {contact.client: contact for contact in some(len(self.contacts) // 8)}
            # Every bank has a file every night, the smallest one too.
            chosen.update((contact.client, contact) for contact in {c.bank: c for c in self.contacts}.values())
            for contact in chosen.values():
                add("mainframe", contact.bank, self._mainframe(contact, version, now - _up_to(rng, hours=24)))
        if number % NIGHT == NIGHT // 2:
            for bank in BANKS:
                add("backoffice", bank, self._market(bank, now))
            for contact in some(self.pace):
                add("backoffice", contact.bank, self._outcome(contact, now - timedelta(days=1)))
        return found

    def _beat(self, now: datetime, faults: Sequence[DataFault]) -> None:
        for feed, system in self.systems.items():
            slow = {bank for fault in faults if fault.feed == feed and fault.kind == "slow" for bank in fault.banks}
            stopped = {bank for fault in faults if fault.feed == feed and fault.kind == "stop" for bank in fault.banks}
            self.delayed.extend((now + SLOW, feed, bank, [], now) for bank in sorted(slow - stopped))
            system.beat([bank for bank in BANKS if bank not in slow | stopped], now)

    # --- rows ---

    def _crm(self, contact: Contact, version: int, at: datetime, rng: np.random.Generator) -> Row:
        person = contact.features
        return {
            "client": contact.client, "version": version, "changed_at": at.isoformat(), "age": int(person["age"]),
            "job": person["job"], "marital": person["marital"], "education": person["education"],
            "note": NOTES[int(rng.integers(len(NOTES)))],
        }  # fmt: skip

    def _ledger(self, contact: Contact, version: int, at: datetime, rng: np.random.Generator) -> Row:
        opening = self.balances[contact.client]
        movement = int(rng.normal(0, 0.02) * opening) + 1
        self.balances[contact.client] = opening + movement
        person = contact.features
        return {
            "client": contact.client, "version": version, "booked_at": at.isoformat(),
            "in_default": person["default"], "housing": person["housing"], "loan": person["loan"],
            "opening": opening, "movement": movement, "closing": opening + movement,
        }  # fmt: skip

    def _mainframe(self, contact: Contact, version: int, at: datetime) -> Row:
        history = contact.features
        return {
            "client": contact.client, "version": version, "contacted_at": int(at.strftime("%Y%m%d%H%M%S")),
            "contact": history["contact"], "month": history["month"], "day_of_week": history["day_of_week"],
            "campaign": int(history["campaign"]), "pdays": int(history["pdays"]), "previous": int(history["previous"]),
            "poutcome": history["poutcome"],
        }  # fmt: skip

    def _outcome(self, contact: Contact, at: datetime) -> Row:
        answer = "yes" if contact.yes else "no"
        return _drop("outcome", client=contact.client, as_of=at.date().isoformat(), answer=answer)

    def _market(self, bank: str, now: datetime) -> Row:
        market = self.contacts[-1].features
        figures = {name.replace(".", "_"): market[name] for name in ("emp.var.rate", "cons.price.idx", "cons.conf.idx")}
        return _drop("market", bank=bank, as_of=now.date().isoformat(), nr_employed=market["nr.employed"], **figures)

    def _branch(self, bank: str, branch: str, at: datetime, rng: np.random.Generator) -> Row:
        rate = round(self.contacts[-1].features["euribor3m"] + float(rng.normal(0, 0.005)), 4)
        return {"bank": bank, "branch": branch, "at": at.isoformat(), "rate": rate, "visitors": int(rng.integers(40))}

    def _card(self, contact: Contact, suffix: str, at: datetime, rng: np.random.Generator) -> Row:
        minor = max(100, int(np.exp(rng.normal(3.3, 1)) * 100))
        return {
            "event": f"{contact.client}-{suffix}", "client": contact.client, "at": at.isoformat(), "minor": minor,
            "billing": minor / 100, "mcc": str(rng.integers(3000, 8999)),
        }  # fmt: skip

    def _payment(self, contact: Contact, suffix: str, at: datetime, rng: np.random.Generator) -> Row:
        amount = f"{np.exp(rng.normal(6.3, 0.7)):.2f}"
        return {
            "message": f"{contact.client}-{suffix}", "at": at.isoformat(), "control": amount, "amount": amount,
            "currency": "EUR", "direction": "CRDT" if rng.random() < 0.55 else "DBIT", "client": contact.client,
            "text": "Überweisung Gehalt",
        }  # fmt: skip

    # --- faults ---

    def _payloads(self, feed: str, rows: list[Row], planted: Sequence[str], now: datetime) -> list[bytes]:
        encode = SHAPES[feed].encode
        for kind in planted:
            rows = [spoil(feed, kind, row, now) for row in rows]
        payloads = encode(rows)
        for kind in planted:
            if kind == "duplicate":
                payloads += encode([_again(feed, row) for row in rows])
            elif kind == "encoding":
                payloads = [_misencode(feed, payload) for payload in payloads]
            elif kind == "schema" and feed == "mainframe":
                payloads = [payload + b"\x40\x40" for payload in payloads]  # the record grew by a filler
        return payloads


def spoil(feed: str, kind: str, row: Row, now: datetime) -> Row:
    """The row with a fault of this kind, or as it is when the fault is one of payloads."""
    market = feed == "backoffice" and row["kind"] == "market"
    if kind == DRIFT:
        return {**row, "age": min(95, row["age"] + 20), "job": "retired"} if feed == "crm" else row
    if kind == "null key":
        return {**row, _KEY.get(feed, "bank" if market else "client"): None}
    if kind == "orphan key":
        if feed == "branches" or market:
            return {**row, "bank": "nobank"}
        return {**row, "client": row["client"][:3] + "999999"}
    if kind == "schema" and feed in _RENAMED:
        old, new = _RENAMED[feed]
        return {new if name == old else name: value for name, value in row.items()}
    if kind == "unit":
        return _other_unit(feed, row)
    if kind == "late":
        at = now - 3 * SHAPES[feed].late_after
        if feed == "mainframe":
            return {**row, "contacted_at": int(at.strftime("%Y%m%d%H%M%S"))}
        return {**row, "as_of": at.date().isoformat()} if feed == "backoffice" else {**row, _TIME[feed]: at.isoformat()}
    if kind == "encoding" and feed in ("crm", "payments"):
        name = "note" if feed == "crm" else "text"
        return {**row, name: row[name].encode().decode("latin-1")}
    return row


def _other_unit(feed: str, row: Row) -> Row:
    if feed == "payments":
        return {**row, "amount": f"{float(row['amount']) * 100:.2f}"}
    if feed == "mainframe":
        return {**row, "pdays": row["pdays"] * 1440}  # minutes
    if feed == "backoffice":
        return {**row, "cons_price_idx": row["cons_price_idx"] / 100} if row["kind"] == "market" else row
    name, factor = _UNIT[feed]
    value = row[name] * factor
    return {**row, name: round(value, 6) if feed == "branches" else int(value)}


def _again(feed: str, row: Row) -> Row:
    """The row a second time; where that is normal, with other content under the same key and version."""
    if feed == "crm":
        return {**row, "age": row["age"] + 1}
    if feed == "cards":
        return {**row, "minor": row["minor"] + 100, "billing": (row["minor"] + 100) / 100}
    if feed == "backoffice":
        return {**row, "nr_employed": row["nr_employed"] + 1} if row["kind"] == "market" else {**row, "answer": "yes"}
    return {**row, "visitors": row["visitors"] + 1} if feed == "branches" else row


def _misencode(feed: str, payload: bytes) -> bytes:
    if feed in ("ledger", "cards", "branches"):
        return payload.decode().encode("utf-16")
    if feed == "mainframe":
        return payload.decode("cp037").encode("latin-1")
    if feed == "backoffice" and payload[:2] != b"PK":
        return payload.decode().encode("cp1252")
    return payload


def _drop(kind: str, **values: Any) -> Row:
    empty = dict.fromkeys(
        ("bank", "client", "as_of", "emp_var_rate", "cons_price_idx", "cons_conf_idx", "nr_employed", "answer")
    )
    return {"kind": kind, **empty, **values, "clerk": "Jörg Müller"}


def _up_to(rng: np.random.Generator, **span: float) -> timedelta:
    return timedelta(**span) * float(rng.random())
