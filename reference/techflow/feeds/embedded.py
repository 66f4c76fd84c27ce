"""Systems without a server, for the demo and the tests: a log in SQLite, and a folder of dropped files."""

import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from techflow.feeds.contract import Batch, SourceDown, Wire

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Log:
    """An append-only log in one SQLite file; stands for a database table, a queue or a stream. Both sides."""

    def __init__(self, path: Path, position: str = "") -> None:
        self.path = path
        self.position = position or "0"
        self._connection: sqlite3.Connection | None = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=5, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY AUTOINCREMENT, bank, payload)")
            connection.execute("CREATE TABLE IF NOT EXISTS beat (bank PRIMARY KEY, at)")
            self._connection = connection
        return self._connection

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO log (bank, payload) VALUES (?, ?)", items)
        connection.execute("COMMIT")

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR REPLACE INTO beat VALUES (?, ?)", [(bank, at.isoformat()) for bank in banks])
        connection.execute("COMMIT")

    def read(self, limit: int) -> Batch:
        try:
            connection = self._open()
            beats = {bank: datetime.fromisoformat(at) for bank, at in connection.execute("SELECT bank, at FROM beat")}
            rows = connection.execute(
                "SELECT seq, bank, payload FROM log WHERE seq > ? ORDER BY seq LIMIT ?", (int(self.position), limit)
            ).fetchall()
        except sqlite3.Error as error:
            self.close()
            raise SourceDown(f"{self.path.name}: {error}") from error
        wires = tuple(Wire(ref=str(seq), bank=bank, payload=payload) for seq, bank, payload in rows)
        # A heartbeat tells that everything before it was read, so it counts only when the log is drained.
        return Batch(
            wires=wires,
            position=wires[-1].ref if wires else self.position,
            beats=beats if len(wires) < limit else {},
        )

    def commit(self, batch: Batch) -> None:
        self.position = batch.position

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Folder:
    """Files dropped by a transfer job, one bank each, in the order of their names; a marker file is the heartbeat."""

    def __init__(self, path: Path, position: str = "") -> None:
        self.path = path
        self.position = position

    def send(self, items: Sequence[tuple[str, bytes]]) -> None:
        last = max((int(path.name[:8]) for path in self.path.glob("[0-9]*")), default=0) if items else 0
        for number, (bank, payload) in enumerate(items, start=last + 1):
            self._write(f"{number:08d}-{bank}", payload)

    def beat(self, banks: Sequence[str], at: datetime) -> None:
        """The time of the marker file is that of the heartbeat."""
        self.path.mkdir(parents=True, exist_ok=True)
        moment = round(at.timestamp() * 1e6) * 1000
        for bank in banks:
            marker = self.path / f"alive-{bank}"
            if not marker.exists():  # a new one appears with its time, never with that of its making
                self._write(f".{marker.name}", b"")
                os.utime(self.path / f".{marker.name}", ns=(moment, moment))
                os.replace(self.path / f".{marker.name}", marker)
            os.utime(marker, ns=(moment, moment))

    def _write(self, name: str, content: bytes) -> None:
        """Write beside and rename, so that a reader never sees half a file."""
        self.path.mkdir(parents=True, exist_ok=True)
        half = self.path / f".{name}.part"
        half.write_bytes(content)
        os.replace(half, self.path / name)

    def read(self, limit: int) -> Batch:
        try:
            names = sorted(entry for entry in os.listdir(self.path) if entry[0] != ".") if self.path.exists() else []
            beats = {
                name.removeprefix("alive-"): _time_of(self.path / name) for name in names if name.startswith("alive-")
            }
            new = [name for name in names if name[0].isdigit() and name > self.position]
            limit = max(1, limit // 100)  # a file holds many rows
            wires = tuple(
                Wire(ref=name, bank=name[9:], payload=(self.path / name).read_bytes()) for name in new[:limit]
            )
        except OSError as error:
            raise SourceDown(f"{self.path.name}: {error}") from error
        return Batch(
            wires=wires,
            position=wires[-1].ref if wires else self.position,
            beats=beats if len(new) <= limit else {},
        )

    def commit(self, batch: Batch) -> None:
        self.position = batch.position

    def close(self) -> None:
        """Nothing is held open."""


def _time_of(marker: Path) -> datetime:
    """When the marker says that the system was alive, to the microsecond."""
    return EPOCH + timedelta(microseconds=marker.stat().st_mtime_ns // 1000)
