"""The audit trail: entries that are sealed into a Merkle tree in batches, and the signed checkpoints over it.

One sealer at a time gives waiting entries their positions. The primary key of `leaf` settles a race between two: the
later one fails and looks again.
"""

import sqlalchemy as sa

from upheld.core import merkle
from upheld.store import tables
from upheld.store.database import Database

BATCH = 5000
SPAN = 8  # levels between two kept ones: a node over 2**8 below it


def seal(database: Database) -> int:
    """Give the entries that wait their positions, in the order in which they came; give how many there were."""
    p, e = tables.pending, tables.entry
    query = sa.select(e.c.seq, e.c.body).join_from(p, e, p.c.entry == e.c.seq).order_by(e.c.seq).limit(BATCH)
    with database.reading() as connection:  # mostly nothing waits, and then no lock is taken
        if connection.execute(sa.select(p.c.entry).limit(1)).first() is None:
            return 0
    with database.writing() as connection:
        if connection.dialect.name != "sqlite":  # sealers queue up here; whoever writes entries never does
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7263549)"))
        waiting = connection.execute(query).all()
        if not waiting:
            return 0
        first = size(connection)
        hashes = [merkle.leaf_hash(body.encode()) for _, body in waiting]
        connection.execute(
            sa.insert(tables.leaf),
            [
                {"position": first + i, "entry": seq, "hash": hashed}
                for i, ((seq, _), hashed) in enumerate(zip(waiting, hashes, strict=True))
            ],
        )
        _grow(connection, first, first + len(waiting))
        _settle(connection, [seq for seq, _ in waiting])
    return len(waiting)


def _settle(connection: sa.Connection, sealed: list[int]) -> None:
    """Take what was sealed off the list; by number, for entries that commit later may have a lower one."""
    p = tables.pending
    low, high = sealed[0], sealed[-1]
    if high - low + 1 == len(sealed):
        connection.execute(sa.delete(p).where(p.c.entry.between(low, high)))
        return
    for start in range(0, len(sealed), 500):
        connection.execute(sa.delete(p).where(p.c.entry.in_(sealed[start : start + 500])))


def _grow(connection: sa.Connection, before: int, after: int) -> None:
    """Keep the roots of the subtrees that have become complete."""
    level = SPAN
    while after >> level:
        new = range(before >> level, after >> level)
        rows = [
            {"level": level, "position": position, "hash": merkle.fold(
                _below(connection, level - SPAN, position << SPAN, (position + 1) << SPAN))}
            for position in new
        ]  # fmt: skip
        if rows:
            connection.execute(sa.insert(tables.node), rows)
        level += SPAN


def _below(connection: sa.Connection, level: int, start: int, end: int) -> list[bytes]:
    """The kept hashes of one level, from `start` to `end`."""
    if level == 0:
        t = tables.leaf
        query = sa.select(t.c.hash).where(t.c.position >= start, t.c.position < end).order_by(t.c.position)
    else:
        n = tables.node
        query = (
            sa.select(n.c.hash)
            .where(n.c.level == level, n.c.position >= start, n.c.position < end)
            .order_by(n.c.position)
        )
    return [bytes(hashed) for (hashed,) in connection.execute(query)]


def size(connection: sa.Connection) -> int:
    """How many entries are sealed."""
    last = connection.execute(sa.select(sa.func.max(tables.leaf.c.position))).scalar()
    return 0 if last is None else int(last) + 1


def tree(connection: sa.Connection) -> merkle.At:
    """The hashes of complete subtrees, from what is kept."""

    def at(level: int, position: int) -> bytes:
        kept = level - level % SPAN
        return merkle.fold(_below(connection, kept, position << (level - kept), (position + 1) << (level - kept)))

    return at


def root(connection: sa.Connection, of: int) -> bytes:
    """The root of the first `of` entries."""
    return merkle.root(of, tree(connection))
