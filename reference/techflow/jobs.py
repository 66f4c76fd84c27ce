"""Full analyses as jobs: leased, so that a stalled or killed worker's job is taken over; what-ifs go first.

A refresh is a job too: when nothing is asked, a worker makes the oldest analysis of the diary anew.
"""

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from techflow.state import connect

LEASE_SECONDS = 15.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, kind TEXT, client TEXT, change TEXT, paths INTEGER, seed INTEGER, state TEXT, done INTEGER,
    total INTEGER, worker TEXT, lease REAL, created REAL, finished REAL, result TEXT
);
CREATE INDEX IF NOT EXISTS open_jobs ON jobs (state, kind, created);
CREATE TABLE IF NOT EXISTS analyses (id TEXT PRIMARY KEY, client TEXT, at REAL, inputs TEXT, result TEXT, took REAL);
CREATE INDEX IF NOT EXISTS newest ON analyses (client, at);
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One full analysis to make."""

    id: str
    kind: str  # refresh or what-if
    client: str
    change: dict[str, Any]
    paths: int
    seed: int


class Jobs:
    """The file `jobs.db`. Progress and results survive a killed process; a power cut may lose the last ones."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path, durable=False)
        self.connection.executescript(SCHEMA)
        self._read: dict[str, dict[str, Any]] = {}

    def ask(self, client: str, change: dict[str, Any], *, paths: int) -> str:
        """Queue a what-if; its id."""
        job = f"job-{secrets.token_hex(6)}"
        self.connection.execute(
            "INSERT INTO jobs VALUES (?, 'what-if', ?, ?, ?, ?, 'queued', 0, 0, NULL, 0, ?, NULL, NULL)",
            (job, client, json.dumps(change), paths, secrets.randbelow(2**31), time.time()),
        )
        return job

    def lease(
        self, worker: str, *, kinds: Sequence[str], diary: Sequence[str], refresh: float, paths: int
    ) -> Job | None:
        """Take the oldest what-if, a job whose lease ran out, or the most overdue refresh; None when there is none.

        A worker takes its own kinds; what has waited for a lease's time is anybody's, since its worker may be stalled.
        """
        now = time.time()
        marks = ",".join("?" * len(kinds))
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            row = self.connection.execute(
                "SELECT id, kind, client, change, paths, seed FROM jobs WHERE (state = 'running' AND lease < ?) OR "
                f"(state = 'queued' AND (created < ? OR kind IN ({marks}))) ORDER BY kind = 'refresh', created LIMIT 1",
                (now, now - LEASE_SECONDS, *kinds),
            ).fetchone()
            if row is None and "refresh" in kinds and (client := self._overdue(diary, now - refresh)):
                row = (f"job-{secrets.token_hex(6)}", "refresh", client, "{}", paths, secrets.randbelow(2**31))
                self.connection.execute(
                    "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, 'queued', 0, 0, NULL, 0, ?, NULL, NULL)", (*row, now)
                )
            if row:
                self.connection.execute(
                    "UPDATE jobs SET state = 'running', worker = ?, lease = ? WHERE id = ?",
                    (worker, now + LEASE_SECONDS, row[0]),
                )
        finally:
            self.connection.execute("COMMIT")
        if row is None:
            return None
        return Job(id=row[0], kind=row[1], client=row[2], change=json.loads(row[3]), paths=row[4], seed=row[5])

    def _overdue(self, diary: Sequence[str], before: float) -> str | None:
        newest = dict(self.connection.execute("SELECT client, max(at) FROM analyses GROUP BY client"))
        busy = {
            c
            for (c,) in self.connection.execute("SELECT client FROM jobs WHERE kind = 'refresh' AND state = 'running'")
        }
        waiting = [(newest.get(c, 0.0), place, c) for place, c in enumerate(diary) if c not in busy]
        return min(waiting)[2] if waiting and min(waiting)[0] < before else None

    def progress(self, job: str, worker: str, done: int, total: int) -> bool:
        """Tell progress and keep the lease; False when another worker has taken the job over."""
        told = self.connection.execute(
            "UPDATE jobs SET done = ?, total = ?, lease = ? WHERE id = ? AND worker = ? AND state = 'running'",
            (done, total, time.time() + LEASE_SECONDS, job, worker),
        )
        return told.rowcount == 1

    def finish(self, job: Job, worker: str, inputs: dict[str, Any], result: dict[str, Any], took: float) -> bool:
        """Store the result once; False when the job is another worker's by now."""
        self.connection.execute("BEGIN IMMEDIATE")
        done = self.connection.execute(
            "UPDATE jobs SET state = 'done', done = total, finished = ?, result = ? WHERE id = ? AND worker = ? "
            "AND state = 'running'",
            (time.time(), json.dumps(result), job.id, worker),
        )
        if done.rowcount and job.kind == "refresh":
            self.connection.execute(
                "INSERT INTO analyses VALUES (?, ?, ?, ?, ?, ?)",
                (
                    job.id.replace("job", "analysis"),
                    job.client,
                    time.time(),
                    json.dumps(inputs),
                    json.dumps(result),
                    took,
                ),
            )
        self.connection.execute("COMMIT")
        return done.rowcount == 1

    def fail(self, job: Job, worker: str, why: str) -> None:
        self.connection.execute(
            "UPDATE jobs SET state = 'failed', finished = ?, result = ? WHERE id = ? AND worker = ?",
            (time.time(), json.dumps({"error": why}), job.id, worker),
        )

    def job(self, job: str) -> dict[str, Any] | None:
        """State, progress and result of a job; None when there is no such job."""
        row = self.connection.execute(
            "SELECT id, kind, client, change, state, done, total, result FROM jobs WHERE id = ?", (job,)
        ).fetchone()
        if row is None:
            return None
        names = ("id", "kind", "client", "change", "state", "done", "total", "result")
        found = dict(zip(names, row, strict=True))
        found["change"] = json.loads(found["change"])
        found["result"] = json.loads(found["result"]) if found["result"] else None
        return found

    def newest(self, client: str) -> dict[str, Any] | None:
        """The newest full analysis of a client: id, when, result."""
        row = self.connection.execute(
            "SELECT id, at FROM analyses WHERE client = ? ORDER BY at DESC LIMIT 1", (client,)
        ).fetchone()
        if row is None:
            return None
        if self._read.get(client, {}).get("id") != row[0]:  # an analysis never changes: read it once
            (result,) = self.connection.execute("SELECT result FROM analyses WHERE id = ?", (row[0],)).fetchone()
            self._read[client] = {"id": row[0], "at": row[1], "result": json.loads(result)}
        return self._read[client]

    def analysis(self, number: str) -> dict[str, Any] | None:
        """One analysis with the inputs it was made from."""
        row = self.connection.execute(
            "SELECT id, client, at, inputs, result, took FROM analyses WHERE id = ?", (number,)
        ).fetchone()
        if row is None:
            return None
        found = dict(zip(("id", "client", "at", "inputs", "result", "took"), row, strict=True))
        return {**found, "inputs": json.loads(found["inputs"]), "result": json.loads(found["result"])}

    def running(self) -> int:
        """How many full analyses are under way: those whose worker has told of progress in the last three seconds."""
        query = "SELECT count(*) FROM jobs WHERE state = 'running' AND lease >= ?"
        return int(self.connection.execute(query, (time.time() + LEASE_SECONDS - 3.0,)).fetchone()[0])

    def finished_since(self, moment: float) -> int:
        """How many full analyses finished after this time."""
        row = self.connection.execute("SELECT count(*) FROM jobs WHERE state = 'done' AND finished >= ?", (moment,))
        return int(row.fetchone()[0])

    def close(self) -> None:
        self.connection.close()
