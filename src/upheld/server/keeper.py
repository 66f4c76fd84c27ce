"""The periodic work of a server: a loop that makes what is so match what should be, whoever runs it.

Reading is done by every process for itself. What must happen once (sign-offs read back from git into the trail, changed
verdicts, checkpoints and their anchors) is done by whoever holds the lease in the database; a process that dies loses
it after half a minute, and the next one goes on where the trail stands.
"""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from upheld.core.checkpoint import parse
from upheld.core.criterion import Stage
from upheld.core.evidence import canonical, content_id
from upheld.core.scope import Scope
from upheld.core.verdict import Verdict
from upheld.errors import UpheldError
from upheld.server.product import Product
from upheld.server.settings import Settings
from upheld.sources.repository import Author
from upheld.store import tables, trail
from upheld.store.database import Database
from upheld.store.ledger import append, insert_new, moment, pseudonym, stamp

LEASE = timedelta(seconds=30)
CHECKPOINTS = "checkpoints"
RETENTION = timedelta(days=7)  # of answers to idempotency keys and of failed logins
SLICE = 100  # changed verdicts in one transaction
# Criterion, stage, its verdict and reason now, and what they rest on.
Change = tuple[str, str, tuple[str, str], Verdict | None]
log = logging.getLogger("upheld.server")


def hold_lease(database: Database, name: str, holder: str, *, at: datetime) -> bool:
    """Take or keep a lease; False while another holder has it."""
    t = tables.lease
    mine = (t.c.holder == holder) | (t.c.until < stamp(at))
    with database.writing() as connection:
        kept = connection.execute(
            sa.update(t).where(t.c.name == name, mine).values(holder=holder, until=stamp(at + LEASE))
        ).rowcount
        if kept:
            return True
        if connection.execute(sa.select(t.c.name).where(t.c.name == name)).first() is not None:
            return False
    try:
        with database.writing() as connection:
            connection.execute(sa.insert(t).values(name=name, holder=holder, until=stamp(at + LEASE)))
    except sa.exc.IntegrityError:
        return False  # another process was quicker
    return True


def record_files(database: Database, product: Product, *, at: datetime) -> int:
    """Make a record and an entry of every sign-off and waiver in git that the trail does not know; give how many."""
    known = product.known
    when, new = stamp(at), 0
    found: list[tuple[str, str, dict[str, object]]] = [
        ("sign-off", s.person, {
            "item": s.item, "hash": s.hash, "role": s.role, "person": s.person, "meaning": s.meaning, "via": s.via,
            "time": s.time.isoformat() if s.time else "", "signature": s.signature, "valid": s.valid,
        })
        for s in known.sign_offs
    ]  # fmt: skip
    found += [
        ("waiver", w.approver, {
            "criterion": w.criterion, "gate": w.gate, "owner": w.owner, "approver": w.approver, "reason": w.reason,
            "since": w.since.isoformat() if w.since else "", "until": w.until.isoformat(), "file": w.file,
        })
        for w in known.catalogue.waivers
    ]  # fmt: skip
    if not found:
        return 0
    r = tables.record
    with database.reading() as connection:
        query = sa.select(r.c.id).where(r.c.product == product.name, r.c.kind.in_(("sign-off", "waiver")))
        there = {id_ for (id_,) in connection.execute(query)}
    fresh = [(kind, who, body) for kind, who, body in found if content_id(body) not in there]
    if fresh:
        with database.writing() as connection:
            for kind, who, body in fresh:
                by = pseudonym(connection, who)
                text = canonical(body).decode()
                new += append(connection, product.name, kind, content_id(body), text, at=when, by=by)
    return new


def record_verdicts(database: Database, product: Product, *, at: datetime) -> int:
    """Make a record and an entry of every verdict that is another than it was; give how many."""
    shown = product.shown(Scope(product=product.name, customers=None, inside=True), now=at)
    s = tables.standing
    query = sa.select(s.c.criterion, s.c.stage, s.c.state, s.c.reason).where(s.c.product == product.name)
    with database.reading() as connection:
        before = {(r.criterion, r.stage): (r.state, r.reason) for r in connection.execute(query)}
    changed: list[Change] = []
    for thread in shown.threads:
        for stage in Stage:
            verdict = thread.stages[stage]
            now = ("not asked", "") if verdict is None else (verdict.state.value, verdict.reason.value)
            if now != before.get((thread.criterion.address, stage.value), ("not asked", "")):
                changed.append((thread.criterion.address, stage.value, now, verdict))
    # In slices, so that an upload waits for a hundred of them and not for thousands.
    slices = (changed[first : first + SLICE] for first in range(0, len(changed), SLICE))
    return sum(_note(database, product, part, commit=shown.commit, when=stamp(at)) for part in slices)


def _note(database: Database, product: Product, changed: Sequence[Change], *, commit: str, when: str) -> int:
    """Note changes in one transaction; give how many another process had not noted already."""
    s = tables.standing
    told = 0
    with database.writing() as connection:
        for address, stage, (state, reason), verdict in changed:
            now = {"state": state, "reason": reason, "at": when}
            row = {"product": product.name, "criterion": address, "stage": stage}
            if not insert_new(connection, s, row | now):
                other = (s.c.state != state) | (s.c.reason != reason)
                same_row = [s.c[name] == value for name, value in row.items()]
                if not connection.execute(sa.update(s).where(*same_row, other).values(now)).rowcount:
                    continue  # whoever was quicker has noted it
            told += 1
            body: dict[str, object] = {
                "schema": "upheld/verdict-change/v1", "criterion": address, "stage": stage, "verdict": state,
                "reason": reason, "commit": commit, "at": when, "evidence": list(verdict.evidence) if verdict else [],
            }  # fmt: skip
            append(
                connection, product.name, "verdict", content_id(body), canonical(body).decode(), at=when, by="server"
            )
    return told


def due(database: Database, settings: Settings, *, at: datetime) -> bool:
    """Whether the last checkpoint is as old as one may be, and something came since."""
    with database.reading() as connection:
        made = trail.checkpoints(connection)
        size = trail.size(connection)
    if not made:
        return size > 0
    return size > made[-1].size and at - moment(made[-1].made) >= timedelta(seconds=settings.checkpoint)


def anchor(database: Database, products: list[Product], *, at: datetime) -> None:
    """Commit the checkpoints that lie nowhere outside yet to each product's branch of records."""
    with database.reading() as connection:
        waiting = [made for made in trail.checkpoints(connection) if not made.anchor]
    if not waiting:
        return
    newest = waiting[-1]
    size = parse(newest.note).size
    where = []
    for product in products:
        file = f"{CHECKPOINTS}/{size:012}.note"
        try:
            commit = product.clone.commit(
                {file: newest.note}, message=f"Lay down the checkpoint over {size} entries\n",
                author=Author(name="Upheld server", email="upheld@localhost"), when=at.isoformat(),
            )  # fmt: skip
            where.append(f"{product.name} {commit}")
        except UpheldError as error:
            log.warning("anchor", extra={"fault": error.message})
    if where:
        # A consistency proof leads from every earlier checkpoint to this one, so one commit anchors them all.
        trail.anchored(database, [made.size for made in waiting], "; ".join(where))


def clean(database: Database, *, at: datetime) -> None:
    """Forget what is kept for a while only."""
    old = stamp(at - RETENTION)
    with database.writing() as connection:
        connection.execute(sa.delete(tables.reply).where(tables.reply.c.at < old))
        connection.execute(sa.delete(tables.failure).where(tables.failure.c.at < old))
        connection.execute(sa.delete(tables.session).where(tables.session.c.ends < stamp(at)))
        connection.execute(sa.delete(tables.login).where(tables.login.c.ends < stamp(at)))


def holder_name() -> str:
    """A name for this process that no other has."""
    return secrets.token_hex(8)
