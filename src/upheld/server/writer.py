"""Group commit: what many callers want kept at once shares one durable transaction.

A disk syncs a few hundred times a second, whoever asks. One thread takes what is waiting, writes it in one transaction
and answers every caller once it is durable: the more arrive together, the less each one costs.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import sqlalchemy as sa

from upheld.errors import UnavailableError
from upheld.store.database import Database

Job = Callable[[sa.Connection], Any]
MOST_AT_ONCE = 512
MOST_WAITING = 20_000


class Writer:
    """One thread that writes for everybody; `start` before use, `close` writes what is waiting."""

    def __init__(self, database: Database, *, after: Callable[[], None] = lambda: None) -> None:
        self.database = database
        self.fault = ""  # why the last transaction failed; empty after one that was kept
        self._after = after  # called when something was kept
        self._waiting: queue.Queue[tuple[Job, Future[Any]] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._closed = False

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return self._waiting.qsize()

    def submit(self, job: Job) -> "Future[Any]":
        """Have a job done in a transaction; the future is done when it is durable.

        Raises UnavailableError when more wait than can be served in reasonable time, or the server is ending.
        """
        future: Future[Any] = Future()
        if self._closed:
            raise UnavailableError("the server is stopping; send it again in a moment")
        try:
            self._waiting.put_nowait((job, future))
        except queue.Full:
            raise UnavailableError("more is waiting to be kept than can be; send it again in a moment") from None
        return future

    def close(self) -> None:
        """Write what is waiting, then end."""
        self._closed = True
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join(30)

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            batch, ending = [first], False
            while len(batch) < MOST_AT_ONCE:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ending = True
                    break
                batch.append(more)
            # Whoever went away meanwhile is left out; from here on nobody can.
            self._write([(job, future) for job, future in batch if future.set_running_or_notify_cancel()])
            if ending:
                return

    def _write(self, batch: list[tuple[Job, "Future[Any]"]]) -> None:
        if not batch:
            return
        try:
            with self.database.writing() as connection:
                answers = [job(connection) for job, _ in batch]
        except UnavailableError as error:
            self.fault = error.message
            for _, future in batch:
                future.set_exception(error)
            return
        except Exception as error:  # noqa: BLE001  # the edge of a thread: every caller is told
            if len(batch) > 1:  # one bad job must not take the others with it
                for one in batch:
                    self._write([one])
                return
            batch[0][1].set_exception(error)
            return
        self.fault = ""
        self._after()
        for (_, future), answer in zip(batch, answers, strict=True):
            future.set_result(answer)
