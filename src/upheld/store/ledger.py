"""What the server appends: records named by their content, and for each thing that happened one entry of the trail.

Both are written in the caller's transaction. An entry waits in `pending` until the sealer gives it its position, so
that no transaction ever waits for the head of the tree.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from upheld.core.evidence import canonical, content_id
from upheld.store import tables
from upheld.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One record with its place: `seq` in this database, `position` in the audit trail."""

    seq: int
    position: int
    kind: str
    id: str
    body: Mapping[str, object]
    received: str


def stamp(moment: datetime | None = None) -> str:
    """A time as the tables keep it: ISO 8601, UTC, microseconds, so that text sorts as time does."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The time that a table's text says."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def insert_new(connection: sa.Connection, table: sa.Table, values: Mapping[str, object]) -> bool:
    """Insert a row; False when one with its key is there."""
    # What it returns says so: psycopg gives -1 for the count of rows of such an insert.
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return connection.execute(statement, values).first() is not None


class SqlStore:
    """The records of one product in the server's database: the Store port, held to the CLI store's suite."""

    def __init__(self, database: Database, product: str = "") -> None:
        self.database = database
        self.product = product

    def record(self, kind: str, records: Iterable[Mapping[str, object]]) -> int:
        """Append records, each once by its content; give how many were new. Durable when this returns."""
        rows = [(content_id(r), canonical(r).decode()) for r in records]
        at = stamp()
        with self.database.writing() as connection:
            return sum(append(connection, self.product, kind, id_, body, at=at, by="") for id_, body in rows)

    def records(self, kind: str) -> Sequence[Mapping[str, object]]:
        """All records of a kind, in the order in which they were first received."""
        t = tables.record
        query = sa.select(t.c.body).where(t.c.product == self.product, t.c.kind == kind).order_by(t.c.seq)
        with self.database.reading() as connection:
            return [msgspec.json.decode(body) for (body,) in connection.execute(query)]


def append(connection: sa.Connection, product: str, kind: str, id_: str, body: str, *, at: str, by: str) -> bool:
    """Append one record with its entry; False when it is there already, and then nothing is written."""
    t = tables.record
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(t)
        .values(product=product, kind=kind, id=id_, body=body, received=at)
        .on_conflict_do_nothing()
        .returning(t.c.seq)
    )
    seq = connection.execute(statement).scalar()
    if seq is None:
        return False
    happened(connection, kind, at=at, by=by, product=product, record=seq, id=id_)
    return True


def happened(
    connection: sa.Connection,
    kind: str,
    *,
    at: str,
    by: str,
    product: str = "",
    record: int | None = None,
    **facts: str,
) -> None:
    """Append one entry to the trail; `by` is a pseudonym (see `pseudonym`) or names a machine, never a person."""
    body = canonical({"kind": kind, "at": at, "by": by, "product": product, **facts}).decode()
    seq = connection.execute(
        sa.insert(tables.entry).values(body=body, record=record).returning(tables.entry.c.seq)
    ).scalar_one()
    connection.execute(sa.insert(tables.pending).values(entry=seq))


def pseudonym(connection: sa.Connection, name: str, *, account: int | None = None) -> str:
    """The digest that stands for a person in entries: salted anew for each person, kept beside, erased on request."""
    t = tables.person
    found = connection.execute(
        sa.select(t.c.digest).where(
            t.c.name == name, t.c.account.is_(None) if account is None else t.c.account == account
        )
    ).scalar()
    if found:
        return str(found)
    salt = secrets.token_hex(16)
    digest = "person:" + hashlib.sha256(f"{salt}:{name}".encode()).hexdigest()
    connection.execute(sa.insert(t).values(digest=digest, salt=salt, name=name, account=account))
    return digest


def since(connection: sa.Connection, product: str, position: int, *, kinds: Sequence[str]) -> Iterator[Kept]:
    """Records whose entry was sealed at or after a position, in the order of the trail."""
    r, e, f = tables.record, tables.entry, tables.leaf
    query = (
        sa.select(f.c.position, r.c.seq, r.c.kind, r.c.id, r.c.body, r.c.received)
        .join_from(f, e, f.c.entry == e.c.seq)
        .join(r, e.c.record == r.c.seq)
        .where(f.c.position >= position, r.c.product == product, r.c.kind.in_(kinds))
        .order_by(f.c.position)
    )
    for where, seq, kind, id_, body, received in connection.execute(query):
        yield Kept(seq=seq, position=where, kind=kind, id=id_, body=msgspec.json.decode(body), received=received)
