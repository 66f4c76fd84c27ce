"""The service over real HTTP: answers, audit, what-ifs, health; and the promises that hold whatever fails."""

import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from techflow import faults, flags
from techflow.audit import Audit, replay
from techflow.banks import BANKS
from techflow.feeds import SHAPES
from techflow.feeds.embedded import Log
from techflow.home import Home, Settings
from techflow.insight import complete
from techflow.jobs import LEASE_SECONDS, Jobs
from techflow.service import create
from techflow.state import State
from techflow.telemetry import Telemetry
from techflow.worker import perform

PATHS = 8_000
SETTINGS = Settings(clients=200, paths=PATHS, seed=5)


class Served:
    """One installation being served in this process."""

    def __init__(self, home: Home, release: str = "v2") -> None:
        self.home = home
        config = uvicorn.Config(create(home, release=release), port=0, log_level="error", access_log=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, _read(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _read(error)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()


def _read(answer: Any) -> Any:
    content = answer.read()
    return json.loads(content) if answer.headers["content-type"] == "application/json" else content.decode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    home.prepare(SETTINGS)
    return home


@pytest.fixture(scope="module")
def served(home: Home) -> Iterator[Served]:
    served = Served(home)
    yield served
    served.stop()


def work(home: Home, kinds: tuple[str, ...] = ("what-if", "refresh")) -> bool:
    """What a worker process does, once."""
    jobs, state = Jobs(home.jobs), State(home.state)
    job = jobs.lease("w", kinds=kinds, diary=home.diary(), refresh=900, paths=PATHS)
    done = job is not None and perform(job, "w", jobs, state, home.load_model())
    jobs.close()
    state.close()
    return done


def beat(home: Home, *, except_for: tuple[str, ...] = ()) -> None:
    """All systems tell that they are alive, and the intake hears it."""
    from techflow import feeds
    from techflow.intake import Intake

    legacy, state = home.legacy(home.settings()), State(home.state)
    now = datetime.now(UTC)
    for feed, system in legacy.systems.items():
        if feed not in except_for:
            system.beat(list(BANKS), now)
        system.close()
    sources = feeds.sources(home.systems, real=False, positions=state.positions())
    Intake(state, sources, clock=lambda: now).drain()
    for source in sources.values():
        source.close()
    state.close()


@pytest.mark.upheld("REQ-EXP-001")
def test_an_answer_has_score_reasons_sources_model_and_confidence(served: Served) -> None:
    status, answer = served.ask("/insight", {"client": "NB-000010"})
    assert status == 200 and complete(answer)
    assert set(answer["as_of"]) == set(SHAPES) and len(answer["reasons"]) == 4
    assert answer["model"]["digest"] in (served.home.models / "pinned").read_text()
    assert answer["confidence"]["level"] in ("high", "medium", "low")


@pytest.mark.upheld("REQ-EXP-001")
def test_attributions_of_an_answer_sum_to_its_score(served: Served) -> None:
    for number in range(1, 20):
        _, answer = served.ask("/insight", {"client": f"NB-{number:06d}"})
        assert abs(answer["base"] + sum(answer["contributions"].values()) - answer["log_odds"]) < 1e-6
        assert answer["explanation"]["valid"]


def test_a_client_without_an_analysis_is_told_so_beside_the_fast_answer(served: Served) -> None:
    _, answer = served.ask("/insight", {"client": "RK-000020"})
    assert answer["analysis"] == {"state": "pending", "text": "analysis pending"} and complete(answer)


def test_a_diary_client_gets_the_precomputed_analysis(served: Served) -> None:
    assert work(served.home, ("refresh",))
    _, answer = served.ask("/insight", {"client": served.home.diary()[0]})
    assert answer["analysis"]["state"] == "fresh" and answer["analysis"]["paths"] == PATHS
    assert answer["analysis"]["scenarios"][0]["name"] == "as it is"


@pytest.mark.upheld("REQ-EXP-001")
def test_any_answer_replays_identically_from_its_audit_record(served: Served) -> None:
    for client in (served.home.diary()[0], "RK-000020", "AB-000001"):
        _, answer = served.ask("/insight", {"client": client})
        _, record = served.ask(f"/insight/{answer['id']}/audit")
        same, *_ = replay(record, served.home.load_model(answer["model"]["digest"]))
        assert same and record["answer"] == answer


@pytest.mark.upheld("REQ-EXP-001")
def test_a_changed_record_breaks_the_replay_and_the_chain(served: Served, tmp_path: Path) -> None:
    _, answer = served.ask("/insight", {"client": "NB-000001"})
    _, record = served.ask(f"/insight/{answer['id']}/audit")
    record["inputs"]["features"]["age"] += 30
    assert not replay(record, served.home.load_model())[0]
    copy = tmp_path / "audit.db"
    source = Audit(served.home.audit)
    source.connection.execute("VACUUM INTO ?", (str(copy),))
    source.close()
    audit = Audit(copy)
    assert audit.broken() is None
    audit.connection.execute("UPDATE answers SET record = (SELECT record FROM answers WHERE seq = 2) WHERE seq = 1")
    assert audit.broken() is not None
    audit.close()


@pytest.mark.upheld("REQ-AVA-001")
def test_a_silent_source_is_marked_stale_and_lowers_confidence(served: Served) -> None:
    state = State(served.home.state)
    long_ago = "2020-01-01T00:00:00+00:00"
    state.connection.execute("UPDATE beats SET at = ?1, arrived = ?1 WHERE feed = 'payments'", (long_ago,))
    state.close()
    Log(served.home.systems / "payments.db")._open().execute("DELETE FROM beat")
    beat(served.home, except_for=("payments",))
    time.sleep(1.1)  # the service looks at its sources once a second
    _, answer = served.ask("/insight", {"client": "NB-000002"})
    assert answer["stale"] == ["payments"] and "payments is silent" in answer["confidence"]["because"]
    assert answer["confidence"]["level"] != "high" and complete(answer)
    assert "payments" in {finding["source"] for finding in served.ask("/health")[1]["findings"]}
    beat(served.home)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/insight", {"client": "NB-999999"}, 404),
        ("/insight", {"client": "../../etc"}, 404),
        ("/insight", {"customer": "NB-000001"}, 400),
        ("/insight", [1], 400),
        ("/insight", {"client": 5}, 400),
        ("/insight/none/audit", None, 404),
        ("/jobs/none", None, 404),
        ("/jobs/none/events", None, 404),
        ("/analyses/none", None, 404),
        ("/what-if", {"client": "NB-999999", "change": {"rate": 1}}, 404),
        ("/what-if", {"client": "NB-000001", "change": {"rate": 1000}}, 400),
        ("/what-if", {"client": "NB-000001", "change": {"rate": "high"}}, 400),
        ("/what-if", {"client": "NB-000001", "change": {"weather": 1}}, 400),
        ("/what-if", {"client": "NB-000001"}, 400),
        ("/what-if", [], 400),
    ],
)
def test_a_request_that_cannot_be_answered_says_why(served: Served, path: str, body: Any, status: int) -> None:
    found, answer = served.ask(path, body)
    assert found == status and answer["error"]


def test_a_what_if_is_a_job_with_progress_and_a_result(served: Served) -> None:
    status, asked = served.ask("/what-if", {"client": "NB-000001", "change": {"rate": 2, "income": 0.9}})
    assert status == 202
    worker = threading.Timer(0.6, work, (served.home, ("what-if",)))
    worker.start()
    told = []
    with urllib.request.urlopen(f"{served.url}{asked['events']}", timeout=30) as stream:
        for line in stream:
            if line.startswith(b"event:"):
                told.append(line.split()[1].decode())
    worker.join()
    assert told[0] == "progress" and told[-1] == "result"
    _, job = served.ask(asked["job"])
    assert job["state"] == "done" and [s["name"] for s in job["result"]["scenarios"]] == ["as it is", "what if"]


@pytest.mark.upheld("REQ-AVA-001")
def test_a_stalled_workers_job_is_taken_over_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(home.jobs)
    number = jobs.ask("NB-000003", {"rate": 1.0}, paths=PATHS)
    stalled = jobs.lease("stalled", kinds=("what-if",), diary=[], refresh=900, paths=PATHS)
    assert stalled and stalled.id == number
    assert jobs.lease("other", kinds=("what-if",), diary=[], refresh=900, paths=PATHS) is None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LEASE_SECONDS + 1)
    taken = jobs.lease("other", kinds=("what-if",), diary=[], refresh=900, paths=PATHS)
    assert taken and taken.id == number
    assert not jobs.progress(number, "stalled", 1, 2) and not jobs.finish(stalled, "stalled", {}, {}, 1.0)
    assert jobs.finish(taken, "other", {}, {"x": 1}, 1.0)
    jobs.close()


def test_refreshes_go_round_the_diary_oldest_first(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path / "jobs.db")
    seen = []
    for _ in range(3):
        job = jobs.lease("w", kinds=("refresh",), diary=["A", "B"], refresh=900, paths=1)
        if job:
            jobs.finish(job, "w", {}, {"scenarios": []}, 1.0)
            seen.append(job.client)
    assert seen == ["A", "B"]
    jobs.close()


def test_the_adviser_page_shows_insight_reasons_and_sources(served: Served) -> None:
    status, page = served.ask(f"/clients/{served.home.diary()[0]}")
    assert status == 200
    for expected in ("likely to say yes", "Why", "How fresh each source is", "Start what-if", "mainframe"):
        assert expected in page


def test_a_page_for_nobody_is_a_page_that_says_so(served: Served) -> None:
    status, page = served.ask("/clients/NB-999999", Accept="text/html")
    assert status == 404 and "no client" in page


def test_a_client_number_cannot_bring_script_into_the_page(served: Served) -> None:
    _, page = served.ask("/clients/%3Cscript%3Ealert(1)%3C%2Fscript%3E", Accept="text/html")
    assert "<script>alert" not in page


def test_ready_and_alive(served: Served) -> None:
    assert served.ask("/alive")[0] == 200
    status, ready = served.ask("/ready")
    assert status == 200 and ready["clients"] == 200


def test_injected_faults_come_and_go(served: Served) -> None:
    faults.errors(served.home, 100)
    time.sleep(faults.LOOK_SECONDS + 0.1)
    assert served.ask("/insight", {"client": "NB-000001"})[0] == 500
    faults.errors(served.home, 0)
    faults.latency(served.home, 300)
    time.sleep(faults.LOOK_SECONDS + 0.1)
    started = time.monotonic()
    assert served.ask("/insight", {"client": "NB-000001"})[0] == 200 and time.monotonic() - started > 0.3
    faults.clear(served.home)
    time.sleep(faults.LOOK_SECONDS + 0.1)
    assert served.ask("/insight", {"client": "NB-000001"})[0] == 200


def test_a_full_disk_is_only_tried_on_a_small_one(home: Home) -> None:
    with pytest.raises(faults.FaultError, match="tmpfs"):
        faults.fill_disk(home)


def test_v1_makes_the_whole_analysis_while_the_adviser_waits(home: Home) -> None:
    served = Served(home, "v1")
    _, answer = served.ask("/insight", {"client": "RK-000020"})
    served.stop()
    assert answer["release"] == "v1" and answer["analysis"]["paths"] == PATHS


def test_v3_reads_the_model_again_for_every_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(home, "v3")
    loads = []
    honest = home.load_model
    monkeypatch.setattr(home, "load_model", lambda digest=None: loads.append(1) or honest(digest))
    for _ in range(3):
        assert served.ask("/insight", {"client": "RK-000020"})[1]["release"] == "v3"
    served.stop()
    assert len(loads) == 3


def in_memory() -> Any:
    """An OpenFeature provider as a deployment would name it."""
    from openfeature.provider.in_memory_provider import InMemoryFlag, InMemoryProvider

    return InMemoryProvider({flags.FLAG: InMemoryFlag("on", {"on": "v3"})})


def test_the_release_comes_from_openfeature_when_a_provider_is_configured() -> None:
    assert flags.Flags(f"{__name__}:in_memory", default="v2").release("northbank", "NB-000001") == "v3"
    assert flags.Flags(None, default="v2").release("northbank", "NB-000001") == "v2"


def test_metrics_and_spans_go_to_the_collector_with_customer_route_status_and_version() -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer

    got: dict[str, Any] = {}

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got[self.path] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    collector = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    telemetry = Telemetry(f"http://127.0.0.1:{collector.server_port}", version="v2")
    telemetry.start()
    parent = f"00-{'ab' * 16}-{'cd' * 8}-01"
    telemetry.observe(("northbank", "/insight", 200, "v2"), 0.03, parent)
    telemetry.observe(("northbank", "/insight", 200, "v2"), 0.7)
    telemetry.stop()
    collector.shutdown()
    collector.server_close()
    scope = got["/v1/metrics"]["resourceMetrics"][0]["scopeMetrics"][0]
    point = scope["metrics"][0]["histogram"]["dataPoints"][0]
    labels = {a["key"]: next(iter(a["value"].values())) for a in point["attributes"]}
    assert labels == {
        "customer": "northbank", "http.route": "/insight", "http.response.status_code": "200", "app.version": "v2",
    }  # fmt: skip
    assert point["count"] == "2" and sum(int(c) for c in point["bucketCounts"]) == 2
    span = got["/v1/traces"]["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert span["traceId"] == "ab" * 16 and span["parentSpanId"] == "cd" * 8


def test_the_watch_counts_requests_by_their_route(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(Telemetry, "observe", lambda self, labels, *_: seen.append(labels))
    served.ask("/insight", {"client": "NB-000001"})
    served.ask("/clients/NB-000001")
    served.ask("/nothing/here")
    time.sleep(0.1)
    assert seen == [
        ("northbank", "/insight", 200, "v2"),
        ("northbank", "/clients/{client}", 200, "v2"),
        ("", "other", 404, "v2"),
    ]


@pytest.mark.upheld("REQ-EXP-001")
def test_many_answers_share_a_commit_and_all_are_recorded(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.db")

    async def keep() -> None:
        await asyncio.gather(*(audit.keep({"id": f"a{i}", "features": {}}, b"{}") for i in range(300)))

    asyncio.run(keep())
    assert len(list(audit.ids(1_000))) == 300 and audit.broken() is None
    audit.close()
