"""One suite over every store: the command line's file, and the server's SQLite and PostgreSQL."""

import pytest

from tests.server.conftest import _postgres, database, database_url
from upheld.store import SqliteStore
from upheld.store.ledger import SqlStore

pytestmark = pytest.mark.upheld("REQ-EVI-003.c1", "REQ-SRV-002")
__all__ = ["_postgres", "database", "database_url"]


@pytest.fixture(params=["the command line's", "the server's"])
def store(request, tmp_path, database):
    """Each adapter; the server's over each kind of database."""
    if request.param == "the server's":
        return SqlStore(database, "insights")
    if not database.is_sqlite:
        pytest.skip("the command line's store is one file, whatever the server uses")
    return SqliteStore(tmp_path / "deep" / "records.db")


def test_records_come_back_in_the_order_in_which_they_were_received(store):
    assert store.record("evidence", [{"n": 2}, {"n": 1}]) == 2
    assert store.record("evidence", [{"n": 3}]) == 1
    assert store.records("evidence") == [{"n": 2}, {"n": 1}, {"n": 3}]


def test_the_same_fact_is_one_record_however_it_is_written(store):
    assert store.record("evidence", [{"a": 1, "b": 2.0}]) == 1
    assert store.record("evidence", [{"b": 2, "a": 1}, {"a": 1, "b": 2}]) == 0
    assert store.records("evidence") == [{"a": 1, "b": 2}]


def test_kinds_are_kept_apart(store):
    assert store.record("evidence", [{"a": 1}]) == 1
    assert store.record("verdict", [{"a": 1}]) == 1
    assert store.records("verdict") == [{"a": 1}]
    assert store.records("nothing") == []


def test_a_batch_is_kept_whole_or_not_at_all(store):
    store.record("evidence", [{"a": 1}])

    def batch():
        yield {"a": 2}
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError):
        store.record("evidence", batch())
    assert store.records("evidence") == [{"a": 1}]
