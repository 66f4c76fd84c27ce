"""The load generator is an open model: a stalled server cannot hide its stall."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from techflow import evidence
from techflow.load import Outcome, Run, offer

ANSWER = {"score": 0.5, "reasons": [{"code": "R1"}], "as_of": {"crm": {}}, "analysis": {"state": "fresh"}, "stale": []}


@asynccontextmanager
async def server(
    *, stall: float = 0.0, every: float = 0.0, status: int = 200, answer: object = ANSWER
) -> AsyncIterator[str]:
    """Answers at once, except that it stalls for `stall` seconds at the start of each `every` seconds."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    body = json.dumps(answer).encode()
    reply = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body

    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())  # type: ignore[arg-type]
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
                await reader.readexactly(length)
                if every and (phase := (loop.time() - begin) % every) < stall:
                    await asyncio.sleep(stall - phase)
                writer.write(reply)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=2048)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/insight"
    finally:
        listening.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving)
        await asyncio.sleep(0.05)  # the transports close in the loop's next rounds


def measure(rate: float, seconds: float, timeout: float = 10.0, **server_options: object) -> Run:
    async def go() -> Run:
        async with server(**server_options) as url:  # type: ignore[arg-type]
            return await offer(url, ["NB-000001", "AB-000001"], rate=rate, seconds=seconds, seed=1, timeout=timeout)

    return asyncio.run(go())


def test_a_quiet_server_gets_the_whole_load() -> None:
    summary = measure(200, 2).summary()
    assert summary["requests"] == 400 and summary["availability"] == 1 and summary["completed per second"] == 200


def test_a_stall_of_a_twelfth_of_the_time_shows_in_the_95th_percentile() -> None:
    """The issue's check at a sixth of its size: 5 s in 60 s must give p95 >= 2 s, so 0.5 s in 6 s gives >= 0.2 s."""
    summary = measure(200, 6, stall=0.5, every=6)
    assert summary.summary()["p95"] >= 0.2


def test_requests_start_while_earlier_ones_wait() -> None:
    run = measure(100, 1, stall=1.0, every=100)
    assert len(run.outcomes) == 100 and all(not outcome.bad for outcome in run.outcomes)
    for outcome in run.outcomes:
        assert outcome.seconds == pytest.approx(1.0 - outcome.due, abs=0.3)


@pytest.mark.parametrize(
    ("options", "bad"),
    [
        ({"status": 500}, "status 500"),
        ({"status": 503}, "status 503"),
        ({"answer": {**ANSWER, "reasons": []}}, "incomplete"),
        ({"answer": {**ANSWER, "score": None}}, "incomplete"),
        ({"answer": {**ANSWER, "as_of": {}}}, "incomplete"),
        ({"stall": 9.0, "every": 99.0, "timeout": 0.2}, "timeout"),
    ],
)
def test_a_bad_answer_is_bad(options: dict[str, object], bad: str) -> None:
    run = measure(20, 0.5, **options)  # type: ignore[arg-type]
    assert [outcome.bad for outcome in run.outcomes] == [bad] * 10
    assert run.summary()["availability"] == 0 and run.summary()["p95"] is None


def test_a_refused_connection_is_bad() -> None:
    run = asyncio.run(offer("http://127.0.0.1:9/insight", ["NB-000001"], rate=20, seconds=0.5, seed=1))
    assert all(outcome.bad == "ConnectionRefusedError" for outcome in run.outcomes)


def test_buckets_sum_to_the_whole_record() -> None:
    outcomes = [
        Outcome(due=i / 10, sent=i / 10, seconds=0.01 * (i % 7 + 1), bank="NB", bad="timeout" if i % 50 == 0 else None)
        for i in range(300)
    ]
    run = Run(rate=10, seconds=30, started=1e9, outcomes=outcomes)
    records = run.records(subject="git:1", environment="staging", run="r", conditions={})
    latency, availability = records["insight.latency"], records["insight.availability"]
    assert [bucket["at"] for bucket in latency["series"]] == [0, 10, 20]
    assert sum(bucket["statistic"]["n"] for bucket in latency["series"]) == latency["statistic"]["n"] == 300
    assert latency["statistic"]["failures"] == 6
    assert sum(count for *_, count in latency["statistic"]["cells"]) + 6 == 300
    assert availability["statistic"] == {"kind": "share", "n": 300, "good": 294}


def test_histogram_cells_hold_their_values_and_split_at_one_second() -> None:
    values = [0.0011, 0.02, 0.999999, 1.0, 1.000001, 9.5]
    found = evidence.cells(values)
    assert sum(count for *_, count in found) == 6 and all(upper / lower < 1.0201 for lower, upper, _ in found)
    assert sum(count for _, upper, count in found if upper <= 1) == 4
