"""`--push`: the verdict's exit code whatever the server does, and nothing lost after it returns."""

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.server.conftest import git, serve
from upheld.core.scope import Right
from upheld.errors import UsageError
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.store.ledger import SqlStore
from upheld.store.remote import RemoteStore

pytestmark = [pytest.mark.upheld("REQ-SRV-002"), pytest.mark.slow]
UPHELD = Path(sys.executable).with_name("upheld")
RECORD = {
    "schema": "upheld/evidence/v1", "indicator": "insight.latency", "stage": "build", "subject": "",
    "statistic": {"kind": "quantile", "unit": "s", "n": 1000, "good": 990, "threshold": 1},
}  # fmt: skip


def run(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(UPHELD), *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={**{k: v for k, v in os.environ.items() if not k.startswith(("UPHELD_", "GITHUB_", "GITLAB_"))}, **variables},
    )  # fmt: skip


@pytest.fixture
def work(team: Path, tmp_path: Path) -> Path:
    """A developer's clone with evidence beside it."""
    git(tmp_path, "clone", "-q", str(team), "work")
    (tmp_path / "work/evidence").mkdir()
    (tmp_path / "work/evidence/run.json").write_text(json.dumps(RECORD), encoding="utf-8")
    return tmp_path / "work"


def kept(database: Database) -> list:
    return list(SqlStore(database, "insights").records("evidence"))


def token(database: Database, *rights: Right) -> str:
    now = datetime.now(UTC)
    return Accounts(database).issue(
        "ci", product="insights", rights=rights or (Right.EVIDENCE,), ends=now + timedelta(days=1), by="t", at=now
    )[1]


def test_the_server_down_during_ci_changes_no_exit_code_and_loses_nothing(work, team, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    database.upgrade()
    port = 18611
    variables = {
        "UPHELD_SERVER": f"http://127.0.0.1:{port}", "UPHELD_PRODUCT": "insights", "UPHELD_TOKEN": token(database),
        "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "77", "GITHUB_SERVER_URL": "https://forge.example",
        "GITHUB_REPOSITORY": "team/insights",
    }  # fmt: skip
    alone = run(work, "check", "merge", "--evidence", "evidence", "--no-store")
    down = run(work, "check", "merge", "--evidence", "evidence", "--no-store", "--push", **variables)
    assert (down.returncode, down.stdout) == (alone.returncode, alone.stdout)
    assert "kept in" in down.stderr
    assert "Traceback" not in down.stderr
    assert run(work, "evidence", "evidence", "--push", **variables).returncode == 5
    with serve(team, tmp_path, database, port=port):
        up = run(work, "evidence", "evidence", "--push", **variables)
        assert (up.returncode, up.stderr.strip()) == (0, "pushed 1 new record, 2 known already")
        assert list((work / ".upheld/spool").glob("*.json")) == []
    (record,) = kept(database)
    assert record["run"] == "github:77.1"
    assert record["producer"]["run_url"].startswith("https://forge.example/team/insights/actions/runs/77")


def test_what_the_server_refuses_for_good_is_laid_aside_and_said(work, team, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    database.upgrade()
    with serve(team, tmp_path, database) as server:
        store = RemoteStore(
            address=server.address, product="insights", token=token(database), spool=tmp_path / "spool", pauses=()
        )
        store.keep([{"schema": "nothing"}])
        store.keep([RECORD])
        sent = store.send()
    assert (sent.new, sent.waiting, len(sent.refused)) == (1, 0, 1)
    assert "schema" in sent.refused[0]
    assert len(list((tmp_path / "spool/refused").glob("*.json"))) == 1


class Moody(BaseHTTPRequestHandler):
    """A server that answers as it was told, and remembers what it was sent."""

    answers: list = []
    seen: list = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        status, answer = self.answers.pop(0) if self.answers else (500, {})
        self.seen.append((self.path, self.headers.get("authorization"), json.loads(body)))
        data = json.dumps(answer).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture
def moody():
    Moody.answers, Moody.seen = [], []
    server = HTTPServer(("127.0.0.1", 0), Moody)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


RECEIPT = (201, {"schema": "upheld/receipt/v1", "ids": ["sha256:x"], "new": 1})


@pytest.mark.parametrize(
    ("answers", "new", "waiting", "asked"),
    [
        ([(503, {}), RECEIPT], 1, 0, 2), ([(429, {}), (500, {}), RECEIPT], 1, 0, 3), ([(503, {})] * 3, 0, 1, 3),
        ([(401, {"detail": "ended"})], 0, 1, 1), ([(302, {})], 0, 1, 1), ([(200, {"schema": "another"})] * 3, 0, 1, 1),
    ],
    ids=["once unavailable", "busy, then broken", "down", "a token that ended", "a redirect", "another server"],
)  # fmt: skip
def test_what_may_succeed_is_tried_again_and_what_may_be_put_right_stays(moody, tmp_path, answers, new, waiting, asked):
    Moody.answers = list(answers)
    store = RemoteStore(
        address=f"http://127.0.0.1:{moody.server_port}", product="insights", token="upheld_secret",
        spool=tmp_path / "spool", pauses=(0.01, 0.01),
    )  # fmt: skip
    store.keep([RECORD])
    sent = store.send()
    assert (sent.new, sent.waiting, len(Moody.seen)) == (new, waiting, asked)
    assert len(list((tmp_path / "spool").glob("*.json"))) == waiting


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({}, "UPHELD_SERVER, UPHELD_PRODUCT, UPHELD_TOKEN"),
        ({"UPHELD_SERVER": "ftp://x", "UPHELD_PRODUCT": "p", "UPHELD_TOKEN": "t"}, "ftp://x"),
        ({"UPHELD_SERVER": "http://upheld.example.com", "UPHELD_PRODUCT": "p", "UPHELD_TOKEN": "t"}, "https only"),
    ],
)
def test_a_server_that_is_named_wrongly_is_said_before_anything_is_sent(variables, word, tmp_path):
    with pytest.raises(UsageError, match=word):
        RemoteStore.from_environment(variables, tmp_path)


def test_a_token_is_not_shown(tmp_path):
    store = RemoteStore(address="https://x", product="p", token="upheld_secret", spool=tmp_path)
    assert "upheld_secret" not in repr(store)
