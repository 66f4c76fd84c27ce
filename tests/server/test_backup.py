"""Backups come back: counts, checksums, root; a broken one fails; the schema before this one becomes this one."""

import json
import tarfile
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner

from tests.server.test_trail import KEY, fill, sign
from upheld.cli import cli
from upheld.core.scope import Grant, Role
from upheld.errors import SignatureError, UnavailableError, UsageError
from upheld.store import backup, bundle, tables
from upheld.store.accounts import Accounts
from upheld.store.database import Database, head_revision
from upheld.store.ledger import SqlStore

pytestmark = [pytest.mark.upheld("REQ-SRV-003"), pytest.mark.slow]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def filled(database):
    grants = [Grant(product="insights", role=Role.CUSTOMER, customer="northbank")]
    Accounts(database).create("bea", password="x" * 12, grants=grants, by="test", at=NOW)
    Accounts(database).create("carl", by="test", at=NOW)
    Accounts(database).set_disabled("carl", True, by="test", at=NOW)
    fill(database, 300)
    sign(database)
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield found
        found.close()
        return
    server = request.getfixturevalue("_postgres")
    engine = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    name = f"upheld_empty_{id(request)}"
    with engine.connect() as c:
        c.execute(sa.text(f"CREATE DATABASE {name}"))
    found = Database(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    yield found
    found.close()
    with engine.connect() as c:
        c.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def everything(database) -> dict[str, list]:
    with database.reading() as c:
        return {t.name: [tuple(r) for r in c.execute(sa.select(t).order_by(*t.primary_key.columns))]
                for t in tables.METADATA.sorted_tables}  # fmt: skip


def test_a_backup_of_either_database_comes_back_into_either(filled, empty, tmp_path):
    made = backup.back_up(filled, tmp_path / "b.tar.gz", at=NOW)
    found = backup.restore(empty, tmp_path / "b.tar.gz")
    assert found == made
    assert everything(empty) == everything(filled)
    assert bundle.verify_database(empty, KEY.verifier).size == made.size
    fill(empty, 3, 9000)  # what comes after is numbered after
    sign(empty)
    assert bundle.verify_database(empty, KEY.verifier).size == made.size + 3


def test_a_drill_measures_how_long_and_how_old(filled, tmp_path):
    backup.back_up(filled, tmp_path / "b", at=NOW)
    found = backup.drill(tmp_path / "b", at=NOW + timedelta(hours=2))
    assert found.rpo == 7200
    assert 0 < found.rto < 120
    records = {r["indicator"]: r["statistic"] for r in found.evidence(at=NOW, subject="deployment:x")}
    assert records["backup.restored"]["n"] == records["backup.restored"]["good"] == found.backup.rows
    assert records["backup.rpo"]["value"] == 7200


def test_a_database_that_holds_something_is_left_alone(filled, tmp_path):
    backup.back_up(filled, tmp_path / "b", at=NOW)
    before = everything(filled)
    with pytest.raises(UsageError, match="not empty"):
        backup.restore(filled, tmp_path / "b")
    assert everything(filled) == before


def rewritten(source, target, change) -> None:
    """The same archive with the text of its files changed: what a faulty disk or hand would leave behind."""
    import io

    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = change(member.name, old.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the fault is in the file
@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda n, d: d[: len(d) // 2] if n == "record.jsonl" else d, "record"),
        (lambda n, d: b"".join(d.splitlines(keepends=True)[:-1]) if n == "record.jsonl" else d, "record|entry"),
        (lambda n, d: d.replace(b'{\\"n\\":7}', b'{\\"n\\":8}') if n == "record.jsonl" else d, "other content"),
        (lambda n, d: None if n == "leaf.jsonl" else d, "leaf"),
        (lambda n, d: None if n == "manifest.json" else d, "manifest"),
        (lambda n, d: b"{}" if n == "manifest.json" else d, "manifest"),
    ],
    ids=["half a table", "a row less", "a row changed", "a table less", "no manifest", "an empty manifest"],
)
def test_a_broken_backup_fails_the_drill(filled, tmp_path, change, word):
    backup.back_up(filled, tmp_path / "b", at=NOW)
    rewritten(tmp_path / "b", tmp_path / "broken", change)
    with pytest.raises(SignatureError, match=word):
        backup.drill(tmp_path / "broken", at=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the fault is in the file
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_fails_the_drill(filled, tmp_path, keep):
    backup.back_up(filled, tmp_path / "b", at=NOW)
    data = (tmp_path / "b").read_bytes()
    (tmp_path / "cut").write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(SignatureError):
        backup.drill(tmp_path / "cut", at=NOW)


def test_a_backup_that_cannot_be_written_leaves_nothing(filled, tmp_path):
    with pytest.raises(UnavailableError, match="cannot be written"):
        backup.back_up(filled, tmp_path / "nowhere" / "b", at=NOW)
    assert not (tmp_path / "nowhere").exists()


def test_the_commands_back_up_and_drill(filled, database_url, tmp_path):
    def run(*words):
        return CliRunner().invoke(cli, ["backup", *words], standalone_mode=False)

    file = str(tmp_path / "b")
    assert run("make", file, "--database", database_url).exception is None
    done = run("drill", file, "--evidence", str(tmp_path / "drill.json"))
    assert "came back" in done.stdout
    assert len(json.loads((tmp_path / "drill.json").read_text())) == 3


def test_the_schema_before_this_one_becomes_this_one_with_everything_in_it(database_url):
    database = Database(database_url)
    database.upgrade("0001")
    with pytest.raises(UnavailableError, match="has schema 0001"):
        database.check_schema()
    SqlStore(database, "insights").record("evidence", [{"n": n} for n in range(50)])
    before = everything(database)
    database.upgrade()
    database.check_schema()
    assert database.revision() == head_revision() != "0001"
    assert everything(database) == before
    database.close()


def test_the_migrations_build_what_the_tables_say(database):
    with database.reading() as c:
        context = MigrationContext.configure(c, opts={"target_metadata": tables.METADATA})
        assert compare_metadata(context, tables.METADATA) == []


def test_a_database_of_a_newer_version_is_left_alone(database):
    with database.writing() as c:
        c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnavailableError, match="newer Upheld"):
        database.check_schema()
