"""What every store must do: append, once each, durably, in order; and say clearly when it cannot."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from upheld.errors import UnavailableError
from upheld.store import SqliteStore

pytestmark = pytest.mark.upheld("REQ-EVI-003.c1")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "deep" / "records.db")


def test_reading_makes_no_file(store):
    assert store.records("evidence") == []
    assert not store.path.parent.exists()


@pytest.mark.parametrize("change", ["UPDATE record SET body = '{}'", "DELETE FROM record"])
def test_nothing_is_changed_or_deleted(store, change):
    store.record("evidence", [{"a": 1}])
    with sqlite3.connect(store.path) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change)
    connection.close()
    assert store.records("evidence") == [{"a": 1}]


def test_a_store_of_a_newer_version_is_refused_and_left_alone(store):
    store.record("evidence", [{"a": 1}])
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UnavailableError, match="newer Upheld"):
        store.record("evidence", [{"a": 2}])
    with pytest.raises(UnavailableError, match="newer Upheld"):
        store.records("evidence")


def test_what_is_no_database_is_said(tmp_path):
    path = tmp_path / "records.db"
    path.write_text("this is no database, but it is long enough to be looked at as one" * 20, encoding="utf-8")
    with pytest.raises(UnavailableError, match=r"records.db: records cannot be read"):
        SqliteStore(path).records("evidence")
    with pytest.raises(UnavailableError, match=r"records.db: records cannot be kept"):
        SqliteStore(path).record("evidence", [{"a": 1}])


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UnavailableError, match="records cannot be kept"):
        SqliteStore(tmp_path / "file" / "records.db").record("evidence", [{"a": 1}])


APPEND = """
import sys
from pathlib import Path
from upheld.store.records import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
for i in range(20):
    store.record("evidence", [{"worker": int(sys.argv[2]), "i": i}, {"shared": i}])
"""


def test_several_processes_append_at_once_and_lose_nothing(store):
    workers = [subprocess.Popen([sys.executable, "-c", APPEND, str(store.path), str(w)]) for w in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    kept = store.records("evidence")
    assert len(kept) == 3 * 20 + 20
    assert len({json.dumps(record, sort_keys=True) for record in kept}) == len(kept)


WRITER = """
import sys
from pathlib import Path
from upheld.store import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
for i in range(100000):
    store.record("evidence", [{"i": i, "attempt": int(sys.argv[2])}])
    print(i, flush=True)
"""


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9(store):
    for attempt in range(5):
        command = [sys.executable, "-c", WRITER, str(store.path), str(attempt)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline())]
            until = time.monotonic() + 0.5
            while time.monotonic() < until:
                acknowledged.append(int(writer.stdout.readline()))
            os.kill(writer.pid, signal.SIGKILL)
            acknowledged += [int(line) for line in writer.stdout.read().split("\n") if line]
        kept = {record["i"] for record in store.records("evidence") if record["attempt"] == int(attempt)}
        assert set(acknowledged) <= kept
