"""The record of every answer: its inputs and its bytes, chained by hash and on the disk before the answer leaves.

One writer thread commits whatever is waiting in one transaction, so that a disk's 200 commits a second carry any number
of answers.
"""

import asyncio
import hashlib
import json
import queue
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from techflow.insight import canonical, compose
from techflow.model import Model
from techflow.state import connect

SCHEMA = "CREATE TABLE IF NOT EXISTS answers (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, record BLOB, hash TEXT)"
_Waiting = tuple[str, bytes, asyncio.Future[None], asyncio.AbstractEventLoop]


class Audit:
    """The file `audit.db`: one writing process, any number of readers."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path, durable=True)
        self.connection.execute(SCHEMA)
        self._reader = connect(path, durable=True)  # a reader of its own sees committed records only
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def keep(self, inputs: dict[str, Any], answer: bytes) -> None:
        """Return when the record is durable; OSError when it cannot be written."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, name="audit", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        record = b'{"answer":' + answer + b',"inputs":' + canonical(inputs) + b"}"
        self._waiting.put((inputs["id"], record, future, loop))
        await future

    def _write_all(self) -> None:
        last = self.connection.execute("SELECT hash FROM answers ORDER BY seq DESC LIMIT 1").fetchone()
        chain = last[0] if last else ""
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while not self._waiting.empty() and len(batch) < 500:
                more = self._waiting.get()
                if more is None:
                    self._waiting.put(None)
                    break
                batch.append(more)
            rows, after = [], chain
            for number, record, _, _ in batch:
                after = hashlib.sha256(after.encode() + record).hexdigest()
                rows.append((number, zlib.compress(record, 1), after))
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                self.connection.executemany("INSERT INTO answers (id, record, hash) VALUES (?, ?, ?)", rows)
                self.connection.execute("COMMIT")
                chain, error = after, None
            except sqlite3.Error as problem:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                error = OSError(f"the audit record cannot be written: {problem}")
            for loop in {loop for *_, loop in batch}:  # one wake-up a commit, not one an answer
                loop.call_soon_threadsafe(_settle, [future for *_, future, its in batch if its is loop], error)

    def record(self, number: str) -> dict[str, Any] | None:
        """The record of an answer, or None."""
        row = self._reader.execute("SELECT record, hash FROM answers WHERE id = ?", (number,)).fetchone()
        return {**json.loads(zlib.decompress(row[0])), "hash": row[1]} if row else None

    def broken(self) -> str | None:
        """The id of the first record whose hash does not follow from the one before, or None."""
        chain = ""
        for number, record, told in self._reader.execute("SELECT id, record, hash FROM answers ORDER BY seq"):
            chain = hashlib.sha256(chain.encode() + zlib.decompress(record)).hexdigest()
            if chain != told:
                return str(number)
        return None

    def ids(self, limit: int) -> Iterator[str]:
        """The newest answers."""
        yield from (i for (i,) in self._reader.execute("SELECT id FROM answers ORDER BY seq DESC LIMIT ?", (limit,)))

    def close(self) -> None:
        """Write what waits, then close."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=5)
        self._reader.close()
        self.connection.close()


def _settle(futures: list[asyncio.Future[None]], error: OSError | None) -> None:
    for future in futures:
        if future.done():  # the client went away
            continue
        if error:
            future.set_exception(error)
        else:
            future.set_result(None)


def replay(record: dict[str, Any], model: Model) -> tuple[bool, bytes, bytes]:
    """Compute an answer again from its record: whether it is the same, what was answered, what comes out now."""
    answered, again = canonical(record["answer"]), canonical(compose(record["inputs"], model))
    return answered == again, answered, again
