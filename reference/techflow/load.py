"""An open-model load generator: requests start when they are due, whatever the server does; latency counts from then.

A request that fails, is refused, times out, or comes back without score, reasons or as-of is bad. Connections are kept
and opened as needed, so that a stalled server does not hold back the requests behind it.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from techflow import evidence
from techflow.insight import complete

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One request: due and really sent at these seconds of the run, latency from its due time, and what went wrong."""

    due: float
    sent: float
    seconds: float
    bank: str
    bad: str | None
    id: str = ""
    analysis: str = ""
    stale: bool = False


@dataclass(kw_only=True)
class Run:
    """A finished run."""

    rate: float
    seconds: float
    started: float
    outcomes: list[Outcome] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The numbers a person asks for first. Quantiles count every bad request as slower than all good ones."""
        good = sorted(outcome.seconds for outcome in self.outcomes if not outcome.bad)
        n = len(self.outcomes)
        analyses = Counter(outcome.analysis for outcome in self.outcomes if not outcome.bad)

        def quantile(share: float) -> float | None:
            place = max(0, -(-int(share * n * 1e9) // 10**9) - 1)
            return round(good[place], 4) if place < len(good) else None

        return {
            "offered": self.rate,
            "seconds": self.seconds,
            "requests": n,
            "completed per second": round(len(good) / self.seconds, 2),
            "bad": dict(Counter(outcome.bad for outcome in self.outcomes if outcome.bad)),
            "availability": round(len(good) / n, 6) if n else None,
            "p50": quantile(0.5),
            "p95": quantile(0.95),
            "p99": quantile(0.99),
            "slowest": round(good[-1], 4) if good else None,
            "sent late by at most": round(max((o.sent - o.due for o in self.outcomes), default=0.0), 4),
            "under 1 s": round(sum(s < 1 for s in good) / n, 6) if n else None,
            "analysis": {state: round(count / max(1, len(good)), 4) for state, count in sorted(analyses.items())},
            "marked stale": sum(outcome.stale for outcome in self.outcomes),
        }

    def records(self, *, subject: str, environment: str, run: str, conditions: dict[str, Any]) -> dict[str, Any]:
        """Evidence for insight.latency and insight.availability, whole and in time buckets."""
        buckets: dict[int, list[Outcome]] = {
            start: [] for start in range(0, max(1, int(self.seconds)), evidence.BUCKET_SECONDS)
        }
        for outcome in self.outcomes:
            last = max(buckets)
            buckets[min(last, int(outcome.due) // evidence.BUCKET_SECONDS * evidence.BUCKET_SECONDS)].append(outcome)
        banks = Counter(outcome.bank for outcome in self.outcomes)
        known = {
            "subject": subject,
            "environment": environment,
            "population": {"customers": "all", "banks": str(len(banks))},
            "window": {"from": _stamp(self.started), "to": _stamp(self.started + self.seconds)},
            "conditions": {
                "offered": self.rate,
                "completed": round(sum(not o.bad for o in self.outcomes) / self.seconds, 3),
                "seconds": self.seconds,
                **conditions,
            },
            "run": run,
            "observed": _stamp(self.started + self.seconds),
        }
        statistics = {
            "insight.latency": _latency,
            "insight.availability": _availability,
            "analysis.fresh": _fresh,
        }
        return {
            indicator: evidence.record(
                indicator,
                measure(self.outcomes),
                tool="techflow load",
                **known,
                series=[
                    {"at": at, "seconds": min(evidence.BUCKET_SECONDS, self.seconds - at), "statistic": measure(inside)}
                    for at, inside in buckets.items()
                ],
            )
            for indicator, measure in statistics.items()
        }


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def _latency(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    good = [outcome.seconds for outcome in outcomes if not outcome.bad]
    return evidence.quantiles(good, len(outcomes) - len(good))


def _fresh(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    good = [outcome for outcome in outcomes if not outcome.bad]
    return evidence.share(sum(outcome.analysis == "fresh" for outcome in good), len(good))


def _availability(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return evidence.share(sum(not outcome.bad for outcome in outcomes), len(outcomes))


class Pool:
    """Kept HTTP/1.1 connections to one server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.path = parts.path or "/"
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, body: bytes, sent: Callable[[], None]) -> tuple[int, bytes]:
        """Status and body; `sent` is called as the request leaves.

        A kept connection that the server has closed meanwhile is opened anew once.
        """
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        while True:
            kept = bool(self._idle)
            reader, writer = self._idle.pop() if kept else await asyncio.open_connection(self.host, self.port)
            try:
                writer.write(head + body)
                sent()
                return await self._answer(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                writer.close()
                if not kept:
                    raise
            except BaseException:
                writer.close()
                raise

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        length = next(int(line.partition(":")[2]) for line in head.split("\r\n") if line.startswith("content-length:"))
        content = await reader.readexactly(length)
        if "connection: close" in head:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return status, content

    async def close(self) -> None:
        """Close the kept connections and let the loop finish them."""
        for _, writer in self._idle:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in self._idle), return_exceptions=True)


async def offer(
    url: str, clients: Sequence[str], *, rate: float, seconds: float, seed: int, timeout: float = TIMEOUT_SECONDS
) -> Run:
    """Offer `rate` requests a second for so long, each for one of the clients (repeat a client to weigh it)."""
    rng, pool = random.Random(seed), Pool(url)
    loop = asyncio.get_running_loop()
    run = Run(rate=rate, seconds=seconds, started=time.time())
    begin = loop.time()
    tasks: set[asyncio.Task[None]] = set()

    async def one(due: float, client: str) -> None:
        bad, content, sent = None, b"", due

        def leaves() -> None:
            nonlocal sent
            sent = loop.time() - begin

        try:
            async with asyncio.timeout_at(begin + due + timeout):
                status, content = await pool.post(json.dumps({"client": client}).encode(), leaves)
            if status != 200:
                bad = f"status {status}"
        except TimeoutError:
            bad = "timeout"
        except (OSError, asyncio.IncompleteReadError, StopIteration, ValueError) as error:
            bad = type(error).__name__
        took = loop.time() - begin - due
        answer = json.loads(content) if bad is None else {}
        if bad is None and not complete(answer):
            bad = "incomplete"
        run.outcomes.append(
            Outcome(
                due=due,
                sent=sent,
                seconds=took,
                bank=client[:2],
                bad=bad,
                id=answer.get("id", ""),
                analysis=answer.get("analysis", {}).get("state", ""),
                stale=bool(answer.get("stale")),
            )
        )

    for number in range(int(rate * seconds)):
        due = number / rate
        if (wait := begin + due - loop.time()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(due, rng.choice(clients)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    if tasks:
        await asyncio.wait(tasks)
    await pool.close()
    return run
