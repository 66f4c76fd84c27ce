"""Backups that are known to come back: one file for either kind of database, restored only into an empty one.

A backup is one consistent view of every table as lines of JSON, with counts, checksums and the root of the audit trail.
A drill restores it somewhere else, compares all of that with what it says, and measures how long that took. Signing
keys are not in it: whoever holds the records should not be able to sign them.
"""

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import sqlalchemy as sa

from upheld.core.evidence import canonical, decode, encode
from upheld.errors import SignatureError, UnavailableError, UsageError
from upheld.store import trail
from upheld.store.database import Database
from upheld.store.ledger import moment, stamp

SCHEMA = "upheld/backup/v1"
MANIFEST = "manifest.json"
BATCH = 2000
_NOT_OURS = "alembic_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup says of itself."""

    made: datetime
    revision: str
    tables: dict[str, dict[str, Any]]  # name → rows, sha256
    size: int  # entries of the trail
    root: str

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(int(t["rows"]) for t in self.tables.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What a drill found: everything came back, in so many seconds, and so much time would have been lost."""

    backup: Backup
    rto: float  # seconds to restore and check
    rpo: float  # seconds from the backup to the drill

    def evidence(self, *, at: datetime, subject: str) -> list[dict[str, object]]:
        """Evidence records for a readiness gate: `backup.restored`, `backup.rto`, `backup.rpo`."""
        common: dict[str, object] = {
            "schema": "upheld/evidence/v1", "stage": "build", "subject": subject, "observed": at.isoformat(),
            "producer": {"tool": "upheld backup drill"}, "source": {"digest": f"root:{self.backup.root}"},
        }  # fmt: skip
        statistics: dict[str, dict[str, object]] = {
            "backup.restored": {"kind": "share", "n": self.backup.rows, "good": self.backup.rows},
            "backup.rto": {"kind": "level", "value": round(self.rto, 3), "unit": "s"},
            "backup.rpo": {"kind": "level", "value": round(self.rpo, 3), "unit": "s"},
        }
        return [encode(decode({**common, "indicator": name, "statistic": s})) for name, s in statistics.items()]


def back_up(database: Database, file: Path, *, at: datetime) -> Backup:
    """Write a backup; it appears under its name only when it is whole."""
    making = file.with_name(f".{file.name}.making")
    try:
        with database.reading() as connection, tarfile.open(making, "w:gz", compresslevel=5) as archive:
            if not database.is_sqlite:
                connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            found = {}
            for name, table in _tables(connection).items():
                with TemporaryFile() as lines:
                    found[name] = _write(connection, table, lines)
                    _add(archive, f"{name}.jsonl", lines)
            size = trail.size(connection)
            backup = Backup(
                made=at,
                revision=_revision(connection),
                tables=found,
                size=size,
                root=trail.root(connection, size).hex(),
            )
            _add(archive, MANIFEST, io.BytesIO(_manifest(backup)))
        making.replace(file)
    except OSError as error:
        raise UnavailableError(f"{file}: the backup cannot be written: {error.strerror}") from error
    finally:
        making.unlink(missing_ok=True)
    return backup


def restore(database: Database, file: Path) -> Backup:
    """Fill an empty database from a backup and compare everything; nothing stays when something does not fit.

    Raises SignatureError for a backup that is broken or changed, UsageError for a database that is not empty.
    """
    with _opened(file) as archive:
        backup = _read_manifest(archive, file)
        with database.reading() as connection:
            there = sa.inspect(connection).get_table_names()
            if there and any(connection.execute(sa.select(sa.text("1")).select_from(sa.table(t)).limit(1)).first()
                             for t in there if t != _NOT_OURS):  # fmt: skip
                raise UsageError(f"{database.shown} is not empty; a backup is restored into an empty database")
        if not there:
            database.upgrade(backup.revision)
        with database.writing() as connection:
            if _revision(connection) != backup.revision:
                raise UsageError(f"{database.shown} has another schema than the backup; restore into a new database")
            tables = _tables(connection)
            for name, table in tables.items():
                if name not in backup.tables:
                    raise SignatureError(f"{file}: the backup lacks the table {name}")
                _load(connection, archive, table, file)
            _check(connection, tables, backup, file)
    database.upgrade()
    return backup


def drill(file: Path, *, at: datetime, into: Database | None = None) -> Drill:
    """Restore a backup into an empty database (a temporary one unless given), compare, and measure."""
    with TemporaryDirectory(prefix="upheld-drill-") as folder:
        target = into or Database(f"sqlite:///{folder}/restored.db")
        started = time.monotonic()
        try:
            backup = restore(target, file)
        finally:
            if into is None:
                target.close()
        return Drill(backup=backup, rto=time.monotonic() - started, rpo=max(0.0, (at - backup.made).total_seconds()))


# ── Tables as lines ──────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """The tables that are there (of whatever revision), in an order in which they can be filled."""
    there = sa.MetaData()
    there.reflect(connection)
    return {table.name: table for table in there.sorted_tables if table.name != _NOT_OURS}


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execute(query.execution_options(yield_per=BATCH)) as rows:
        for row in rows.mappings():
            plain = {k: {"hex": v.hex()} if isinstance(v, bytes | memoryview) else v for k, v in row.items()}
            # SQLite keeps booleans as numbers; the form is one for both.
            yield canonical({k: bool(v) if k == "disabled" else v for k, v in plain.items()}) + b"\n"


def _write(connection: sa.Connection, table: sa.Table, out: IO[bytes]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    for line in _rows(connection, table):
        out.write(line)
        digest.update(line)
        count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _load(connection: sa.Connection, archive: tarfile.TarFile, table: sa.Table, file: Path) -> None:
    name = table.name
    batch: list[dict[str, object]] = []
    try:
        member = archive.extractfile(f"{name}.jsonl")
        for line in member or ():
            row = json.loads(line)
            batch.append({k: bytes.fromhex(v["hex"]) if isinstance(v, dict) else v for k, v in row.items()})
            if len(batch) == BATCH:
                connection.execute(sa.insert(table), batch)
                batch = []
        if batch:
            connection.execute(sa.insert(table), batch)
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        tarfile.TarError,
        sa.exc.SQLAlchemyError,
    ) as error:
        raise SignatureError(f"{file}: the table {name} cannot be restored: {type(error).__name__}") from error
    serial = next((c.name for c in table.primary_key.columns if c.name in ("seq", "id") and c.autoincrement), None)
    if connection.dialect.name != "sqlite" and serial:
        connection.execute(sa.text(
            f"SELECT setval(pg_get_serial_sequence('{name}', '{serial}'), "  # noqa: S608  # names of our own tables
            f"COALESCE((SELECT max({serial}) FROM {name}), 0) + 1, false) "
            f"WHERE pg_get_serial_sequence('{name}', '{serial}') IS NOT NULL"
        ))  # fmt: skip


def _check(connection: sa.Connection, tables: Mapping[str, sa.Table], backup: Backup, file: Path) -> None:
    for name, said in backup.tables.items():
        digest, count = hashlib.sha256(), 0
        for line in _rows(connection, tables[name]):
            digest.update(line)
            count += 1
        if count != said["rows"]:
            raise SignatureError(
                f"{file}: the table {name} came back with {count} rows, the backup says {said['rows']}"
            )
        if digest.hexdigest() != said["sha256"]:
            raise SignatureError(f"{file}: the table {name} came back with other content than the backup says")
    size = trail.size(connection)
    if (size, trail.root(connection, size).hex()) != (backup.size, backup.root):
        raise SignatureError(f"{file}: the audit trail came back with another root than the backup says")


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(archive: tarfile.TarFile, name: str, data: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = data.seek(0, 2)
    data.seek(0)
    archive.addfile(entry, data)


def _manifest(backup: Backup) -> bytes:
    return canonical({
        "schema": SCHEMA, "made": stamp(backup.made), "revision": backup.revision, "tables": backup.tables,
        "trail": {"size": backup.size, "root": backup.root},
    })  # fmt: skip


def _opened(file: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(file, "r:gz")
    except (OSError, EOFError, tarfile.TarError) as error:
        raise SignatureError(f"{file}: this is no backup, or it was cut: {error}") from error


def _read_manifest(archive: tarfile.TarFile, file: Path) -> Backup:
    try:
        member = archive.extractfile(MANIFEST)
        found = json.loads(member.read() if member else b"")
        if found["schema"] != SCHEMA:
            raise ValueError(found["schema"])
        return Backup(
            made=moment(found["made"]), revision=str(found["revision"]), tables=dict(found["tables"]),
            size=int(found["trail"]["size"]), root=str(found["trail"]["root"]),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, OSError, EOFError, tarfile.TarError) as error:
        raise SignatureError(f"{file}: the backup is broken: its manifest cannot be read ({error})") from error


def _revision(connection: sa.Connection) -> str:
    return str(connection.execute(sa.text(f"SELECT version_num FROM {_NOT_OURS}")).scalar() or "")  # noqa: S608
