"""Append-only records in one SQLite file, named by their content, so that the same fact is one record.

The standard library's sqlite3 is used as it is: importing an SQL toolkit costs more than judging a small project.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from upheld.core.evidence import canonical, content_id
from upheld.errors import UnavailableError

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    received TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE TRIGGER IF NOT EXISTS record_is_never_changed BEFORE UPDATE ON record
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER IF NOT EXISTS record_is_never_deleted BEFORE DELETE ON record
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
"""
_APPEND = "INSERT INTO record (kind, id, body, received) VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING"
_ALL = "SELECT body FROM record WHERE kind = ? ORDER BY seq"
BUSY_SECONDS = 10.0


class SqliteStore:
    """Records in `path`; the file and its folder are made at the first write, never by a read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record(self, kind: str, records: Iterable[Mapping[str, object]]) -> int:
        """Append records, each once by its content; give how many were new.

        They are durable when this returns (WAL with a full sync). Raises UnavailableError when they cannot be kept.
        """
        received = datetime.now(UTC).isoformat()
        rows = [(kind, content_id(record), canonical(record).decode(), received) for record in records]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            ignore = self.path.parent / ".gitignore"
            if not ignore.exists():  # what is remembered is this machine's own; it must not slip into a commit
                ignore.write_text("*\n", encoding="utf-8")
            with self._open() as connection:
                connection.execute("BEGIN IMMEDIATE")  # a reader that turns writer would fail at once, busy or not
                new = sum(connection.execute(_APPEND, row).rowcount for row in rows)
                connection.execute("COMMIT")
                return new
        except (sqlite3.Error, OSError) as error:
            raise UnavailableError(f"{self.path}: records cannot be kept: {error}") from error

    def records(self, kind: str) -> Sequence[Mapping[str, object]]:
        """All records of a kind, in the order in which they were first received; none when there is no file yet."""
        if not self.path.exists():
            return []
        try:
            with self._open() as connection:
                return [json.loads(body) for (body,) in connection.execute(_ALL, (kind,))]
        except sqlite3.Error as error:
            raise UnavailableError(f"{self.path}: records cannot be read: {error}") from error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise UnavailableError(f"{self.path} was written by a newer Upheld (schema {version}); update this one")
            if version < SCHEMA_VERSION:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA + f"PRAGMA user_version = {SCHEMA_VERSION};")
            connection.execute("PRAGMA synchronous = FULL")
            yield connection
        finally:
            connection.close()
