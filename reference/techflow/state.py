"""What TechFlow knows: accepted rows, quarantine, positions, heartbeats, findings and clients, in one SQLite file.

Rows are written with `synchronous=FULL` in one transaction with the position they came from, and acknowledged to the
system only after that: a killed process repeats rows, which are idempotent, and loses none.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    feed TEXT, key TEXT, version INTEGER, bank TEXT, client TEXT, at TEXT, ref TEXT, body TEXT, PRIMARY KEY (feed, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rows_of_client ON rows (client) WHERE client IS NOT NULL;
CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY, feed TEXT, bank TEXT, ref TEXT, place INTEGER, reason TEXT, raw BLOB, row TEXT,
    arrived TEXT, state TEXT, UNIQUE (feed, ref, place)
);
CREATE INDEX IF NOT EXISTS open_quarantine ON quarantine (state, feed);
CREATE TABLE IF NOT EXISTS feeds (
    feed TEXT PRIMARY KEY, position TEXT, rows INTEGER DEFAULT 0, breaker TEXT DEFAULT 'closed', trouble TEXT DEFAULT ''
);
CREATE TABLE IF NOT EXISTS beats (feed TEXT, bank TEXT, at TEXT, arrived TEXT, PRIMARY KEY (feed, bank));
CREATE TABLE IF NOT EXISTS findings (
    feed TEXT, bank TEXT, kind TEXT, since TEXT, last TEXT, count INTEGER, detail TEXT, PRIMARY KEY (feed, bank, kind)
);
CREATE TABLE IF NOT EXISTS clients (client TEXT PRIMARY KEY, bank TEXT, view TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS markets (bank TEXT PRIMARY KEY, view TEXT) WITHOUT ROWID;
"""


def connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    """A connection in WAL mode; `durable` waits for the disk at every commit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    return connection


class State:
    """The file `state.db`; one writer (the intake), any number of readers."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.connection = connect(path, durable=durable)
        self.connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; takes the write lock at once, since a read that turns into a write would fail."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def positions(self) -> dict[str, str]:
        """Where each feed was read up to."""
        return dict(self.connection.execute("SELECT feed, position FROM feeds WHERE position IS NOT NULL"))

    def client(self, client: str) -> dict[str, Any] | None:
        """One client's assembled view, or None when nobody knows the number."""
        row = self.connection.execute("SELECT view FROM clients WHERE client = ?", (client,)).fetchone()
        return json.loads(row[0]) if row else None

    def markets(self) -> dict[str, dict[str, Any]]:
        """Market figures per bank, as its branches and its back office told them."""
        return {bank: json.loads(view) for bank, view in self.connection.execute("SELECT bank, view FROM markets")}

    def clients(self, bank: str, limit: int = 50) -> list[str]:
        """The first clients of a bank by number."""
        found = self.connection.execute(
            "SELECT client FROM clients WHERE bank = ? ORDER BY client LIMIT ?", (bank, limit)
        )
        return [client for (client,) in found]

    def dump(self) -> bytes:
        """Every accepted row and client in canonical order: equal bytes mean equal knowledge."""
        lines = [
            json.dumps(row, ensure_ascii=False)
            for query in (
                "SELECT feed, key, version, bank, client, at, body FROM rows ORDER BY feed, key",
                "SELECT client, bank, view FROM clients ORDER BY client",
                "SELECT bank, view FROM markets ORDER BY bank",
            )
            for row in self.connection.execute(query)
        ]
        return "\n".join(lines).encode()

    def close(self) -> None:
        self.connection.close()
