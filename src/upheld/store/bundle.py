"""The trail as one file that an auditor takes home, and its check against a key and anchors that they have already.

Lines of text: a header, the entries exactly as they were sealed, the checkpoints, and the digest of all before. Every
byte is either hashed into the tree, signed, or of one possible form, so that no bit can change unseen. The key and the
anchors never come from the bundle itself.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from upheld.core import checkpoint, merkle
from upheld.core.checkpoint import Checkpoint, Verifier
from upheld.core.evidence import canonical, content_id
from upheld.errors import SignatureError
from upheld.store import tables
from upheld.store.database import Database
from upheld.store.ledger import stamp
from upheld.store.trail import checkpoints, size

SCHEMA = "upheld/audit-bundle/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was shown: how many entries, how many of them are under a checkpoint, and under one that lies outside."""

    size: int
    signed: int
    anchored: int
    keys: tuple[str, ...]  # that signed, the first one trusted beforehand

    @property
    def tail(self) -> str:
        """What is not shown yet, in words; empty when everything is."""
        if self.anchored < self.signed:
            return f"entries {self.anchored} to {self.signed - 1} are signed, but no anchor outside covers them"
        if self.signed < self.size:
            return f"entries {self.signed} to {self.size - 1} are not under a checkpoint yet"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A log to be checked: its entries in order, and its checkpoints."""

    entries: Sequence[str]
    notes: Sequence[str]


def export(database: Database, *, at: datetime) -> Iterator[str]:
    """The bundle of everything up to the newest checkpoint, line by line."""
    hashed = hashlib.sha256()

    def line(text: str) -> str:
        hashed.update(text.encode() + b"\n")
        return text + "\n"

    with database.reading() as connection:
        made = checkpoints(connection)
        if not made:
            raise SignatureError("there is no checkpoint yet; make one first")
        origin = checkpoint.parse(made[-1].note).origin
        yield line(
            canonical({"schema": SCHEMA, "origin": origin, "size": made[-1].size, "exported": stamp(at)}).decode()
        )
        for _, body, _ in entries(connection, made[-1].size):
            yield line(body)
        for one in made:
            yield line(canonical({"checkpoint": one.note}).decode())
    yield canonical({"sha256": hashed.hexdigest()}).decode() + "\n"


def entries(connection: sa.Connection, limit: int) -> Iterator[tuple[int, str, bytes]]:
    """Position, text and kept hash of the first entries, read in pieces."""
    f, e = tables.leaf, tables.entry
    for start in range(0, limit, 10_000):
        query = (
            sa.select(f.c.position, e.c.body, f.c.hash)
            .join_from(f, e, f.c.entry == e.c.seq, isouter=True)
            .where(f.c.position >= start, f.c.position < min(start + 10_000, limit))
            .order_by(f.c.position)
        )
        for position, body, kept in connection.execute(query):
            yield int(position), str(body), bytes(kept)


def read(data: bytes) -> Trail:
    """The log in a bundle; SignatureError for one whose bytes are not exactly of the form."""
    whole, _, last = data.removesuffix(b"\n").rpartition(b"\n")
    if not data.endswith(b"\n") or last != canonical({"sha256": hashlib.sha256(whole + b"\n").hexdigest()}):
        raise SignatureError("the bundle was changed or cut: the digest in its last line is not of what stands before")
    lines = whole.decode("utf-8").split("\n")
    header = _object(lines[0], "the header")
    if set(header) != {"schema", "origin", "size", "exported"} or header["schema"] != SCHEMA:
        raise SignatureError(f"this is no {SCHEMA}")
    count = header["size"]
    if not isinstance(count, int) or count < 0 or len(lines) <= 1 + count:
        raise SignatureError(f"the header announces {count} entries and at least one checkpoint; they are not there")
    notes = []
    for i, text in enumerate(lines[1 + count :], 2 + count):
        found = _object(text, f"line {i}")
        if set(found) != {"checkpoint"} or not isinstance(found["checkpoint"], str):
            raise SignatureError(f"line {i} is no checkpoint")
        notes.append(found["checkpoint"])
    if checkpoint.parse(notes[-1]).size != count or checkpoint.parse(notes[-1]).origin != header["origin"]:
        raise SignatureError("the last checkpoint is not over the entries that the header announces")
    return Trail(entries=lines[1 : 1 + count], notes=notes)


def _object(text: str, where: str) -> dict[str, object]:
    try:
        found = json.loads(text)
        if isinstance(found, dict) and canonical(found).decode() == text:
            return found
    except ValueError:
        pass
    raise SignatureError(f"{where} of the bundle is not in its canonical form")


def verify(trail: Trail, key: Verifier, anchors: Sequence[str] = ()) -> Verified:
    """Check every entry, checkpoint and anchor; SignatureError names the first entry that is bad.

    `key` is the log's first key that the auditor knows; later ones are trusted where the one before handed over.
    `anchors` are notes that were laid down outside; each must be of this very log.
    """
    parsed = [checkpoint.parse(note) for note in trail.notes]
    outside = [checkpoint.parse(note) for note in anchors]
    roots = _roots(trail.entries, {c.size for c in (*parsed, *outside)})
    trusted, used, before = key, [str(key)], 0
    handed = _handovers(trail.entries)
    for made in parsed:
        if made.size < before:
            raise SignatureError(f"a checkpoint over {made.size} entries follows one over {before}")
        if not signed_by(made, trusted):
            raise SignatureError(f"the checkpoint over {made.size} entries is not signed by {trusted}")
        if made.size > len(trail.entries):
            raise SignatureError(
                f"entry {len(trail.entries)} is missing: a signed checkpoint covers {made.size} entries, "
                f"the log has {len(trail.entries)}"
            )
        if roots[made.size] != made.root:
            raise SignatureError(
                f"an entry of {before} to {made.size - 1} was changed: the signed checkpoint over {made.size} entries "
                "does not fit them"
            )
        for position, old, new in handed:
            if before <= position < made.size and old == trusted:
                if not signed_by(made, new):
                    raise SignatureError(
                        f"entry {position} hands over to a key that did not sign the checkpoint after it"
                    )
                trusted = new
                used.append(str(new))
        before = made.size
    _check_anchors(outside, roots, len(trail.entries), {checkpoint.verifier(text) for text in used})
    return Verified(
        size=len(trail.entries), signed=before, anchored=max((c.size for c in outside), default=0), keys=tuple(used)
    )


def _check_anchors(outside: Sequence[Checkpoint], roots: dict[int, bytes], count: int, keys: set[Verifier]) -> None:
    good = 0
    for made in sorted(outside, key=lambda c: c.size):
        if not any(signed_by(made, k) for k in keys):
            raise SignatureError(f"the anchored checkpoint over {made.size} entries is not signed by a key of this log")
        if made.size > count:
            raise SignatureError(
                f"entry {count} is missing: an anchored checkpoint covers {made.size} entries, the log has {count}"
            )
        if roots[made.size] != made.root:
            raise SignatureError(
                f"the log was rewritten: an entry of {good} to {made.size - 1} is not what the anchored checkpoint over "
                f"{made.size} entries covers"
            )
        good = made.size


def signed_by(made: Checkpoint, key: Verifier) -> bool:
    """Whether one of a checkpoint's signatures is of this key."""
    for signature in made.signatures:
        if signature.id == key.id and signature.name == key.name:
            try:
                Ed25519PublicKey.from_public_bytes(key.key).verify(signature.value, made.text)
            except InvalidSignature:
                return False
            return True
    return False


def _roots(texts: Sequence[str], sizes: set[int]) -> dict[int, bytes]:
    """The roots of the first n entries, for each n that is there."""
    leaves = [merkle.leaf_hash(text.encode()) for text in texts]
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([merkle.parent(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return {n: merkle.root(n, lambda level, position: levels[level][position]) for n in sizes if n <= len(leaves)}


def _handovers(texts: Sequence[str]) -> list[tuple[int, Verifier, Verifier]]:
    found = []
    for position, text in enumerate(texts):
        if '"kind":"key"' in text:
            entry = json.loads(text)
            if entry.get("kind") == "key":
                found.append((position, checkpoint.verifier(entry["old"]), checkpoint.verifier(entry["new"])))
    return found


# ── The database itself ──────────────────────────────────────────────────────────────────────────────────────────────


def verify_database(database: Database, key: Verifier, anchors: Sequence[str] = ()) -> Verified:
    """Check the log where it is kept: every entry against its hash, every record against its entry, then `verify`.

    SignatureError names the first entry that is bad.
    """
    texts: list[str] = []
    with database.reading() as connection:
        count = size(connection)
        for position, body, kept in entries(connection, count):
            if position != len(texts):
                raise SignatureError(f"entry {len(texts)} is missing")
            if merkle.leaf_hash(body.encode()) != kept:
                raise SignatureError(f"entry {position} was changed: {_about(body)}")
            texts.append(body)
        fault = _bad_record(connection)
        notes = [made.note for made in checkpoints(connection)]
    if fault:
        raise SignatureError(fault)
    return verify(Trail(entries=texts, notes=notes), key, anchors)


def _bad_record(connection: sa.Connection) -> str:
    """What is wrong with the first record that does not fit its entry; empty when all do."""
    r, e, f = tables.record, tables.entry, tables.leaf
    query = (
        sa.select(f.c.position, e.c.body, r.c.id, r.c.kind, r.c.product, r.c.body.label("record"))
        .join_from(f, e, f.c.entry == e.c.seq)
        .join(r, e.c.record == r.c.seq, isouter=True)
        .where(e.c.record.is_not(None) | e.c.body.contains('"id":"sha256:'))
        .order_by(f.c.position)
    )
    with connection.execute(query.execution_options(yield_per=1000)) as rows:
        for row in rows:
            entry = json.loads(row.body)
            if row.record is None:
                return f"entry {row.position} tells of a record that is missing: {_about(row.body)}"
            same = (row.id, row.kind, row.product) == (entry["id"], entry["kind"], entry["product"])
            if not same or content_id(json.loads(row.record)) != row.id:
                return f"the record of entry {row.position} was changed: {_about(row.body)}"
    return ""


def _about(body: str) -> str:
    return body if len(body) <= 160 else body[:157] + "…"
