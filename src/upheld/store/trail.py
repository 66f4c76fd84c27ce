"""The audit trail: entries that are sealed into a Merkle tree in batches, and the signed checkpoints over it.

One sealer at a time gives waiting entries their positions. The primary key of `leaf` settles a race between two: the
later one fails and looks again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from upheld.core import checkpoint, merkle
from upheld.core.checkpoint import Verifier
from upheld.store import tables
from upheld.store.database import Database
from upheld.store.ledger import happened, insert_new, stamp

PROOF = "upheld/audit-proof/v1"

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


# ── Checkpoints ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A key with the name of the log that it signs for."""

    origin: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(name=self.origin, key=self.key.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A checkpoint as it is kept; `anchor` says where it was laid down outside, or is empty."""

    size: int
    note: str
    made: str
    anchor: str


def log_origin(database: Database, wanted: str) -> str:
    """The name of this log in its checkpoints: as it was first called, for a log that changes its name is another."""
    t = tables.setting
    with database.reading() as connection:
        kept = connection.execute(sa.select(t.c.value).where(t.c.name == "origin")).scalar()
    if kept is not None:
        return str(kept)
    with database.writing() as connection:
        insert_new(connection, t, {"name": "origin", "value": wanted})
        return str(connection.execute(sa.select(t.c.value).where(t.c.name == "origin")).scalar_one())


def sign_checkpoint(database: Database, signers: Sequence[Signer], *, at: datetime) -> Made | None:
    """Sign the size and root of what is sealed; None when the last checkpoint says the same, or nothing is there.

    The first signer names the origin. A checkpoint never shrinks: one over fewer entries is not written.
    """
    t = tables.checkpoint
    with database.writing() as connection:
        now = size(connection)
        if not now or connection.execute(sa.select(t.c.size).where(t.c.size >= now)).first() is not None:
            return None
        text = checkpoint.body(signers[0].origin, now, root(connection, now))
        note = checkpoint.note(text, [(s.verifier, s.key.sign(text)) for s in signers])
        connection.execute(sa.insert(t).values(size=now, note=note, made=stamp(at), anchor=""))
    return Made(size=now, note=note, made=stamp(at), anchor="")


def checkpoints(connection: sa.Connection) -> list[Made]:
    """Every checkpoint, the oldest first."""
    rows = connection.execute(sa.select(tables.checkpoint).order_by(tables.checkpoint.c.size)).all()
    return [Made(size=r.size, note=r.note, made=r.made, anchor=r.anchor) for r in rows]


def anchored(database: Database, sizes: Sequence[int], where: str) -> None:
    """Note that checkpoints lie outside the database now."""
    t = tables.checkpoint
    with database.writing() as connection:
        connection.execute(sa.update(t).where(t.c.size.in_(sizes), t.c.anchor == "").values(anchor=where))


def rotate(database: Database, old: Signer, new: Signer, *, at: datetime, by: str) -> Made | None:
    """Hand the log over to a new key: an entry names both, and a checkpoint over it is signed by both."""
    with database.writing() as connection:
        happened(connection, "key", at=stamp(at), by=by, old=str(old.verifier), new=str(new.verifier))
    while seal(database):
        pass
    return sign_checkpoint(database, [old, new], at=at)


# ── Proofs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def entry_at(connection: sa.Connection, position: int) -> str | None:
    """The text of the entry at a position."""
    f, e = tables.leaf, tables.entry
    found = connection.execute(
        sa.select(e.c.body).join_from(f, e, f.c.entry == e.c.seq).where(f.c.position == position)
    ).scalar()
    return None if found is None else str(found)


def proof(connection: sa.Connection, position: int) -> dict[str, object] | None:
    """One entry with the proof that it is under the newest checkpoint; None when none covers it yet."""
    made = checkpoints(connection)
    body = entry_at(connection, position)
    if body is None or not made or made[-1].size <= position:
        return None
    path = merkle.inclusion(position, made[-1].size, tree(connection))
    return {
        "schema": PROOF, "position": position, "entry": body, "path": [step.hex() for step in path],
        "checkpoint": made[-1].note,
    }  # fmt: skip


def growth(connection: sa.Connection, old: int, new: int) -> list[str]:
    """The proof that the log of `new` entries begins with the log of `old`; ValueError where there is none."""
    if not 0 <= old <= new <= size(connection):
        raise ValueError(f"there are {size(connection)} entries")
    return [step.hex() for step in merkle.consistency(old, new, tree(connection))]
