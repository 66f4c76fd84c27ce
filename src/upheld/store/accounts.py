"""Who may come in: accounts with argon2 passwords, sessions, service tokens, roles, and the lock after ten failures.

Secrets are kept as digests only: a password as argon2id, a cookie and a token as SHA-256 of 256 random bits.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import argon2
import sqlalchemy as sa

from upheld.core.scope import RIGHTS, TOKEN_RIGHTS, Grant, Right, Role, Scope, scope_of
from upheld.errors import UsageError
from upheld.store import tables
from upheld.store.database import Database
from upheld.store.ledger import happened, insert_new, pseudonym, stamp

MOST_FAILURES = 10
LOCKED = timedelta(minutes=15)
SESSION = timedelta(hours=12)
IDLE = timedelta(hours=2)
RECENT = timedelta(seconds=1)  # how long a token that was just looked up is believed
MOST_RECENT = 10_000
LONGEST_TOKEN = timedelta(days=366)
SHORTEST_PASSWORD = 12
TOKEN_PREFIX = "upheld_"  # noqa: S105  # what a token begins with, so that scanners for leaked secrets know one
_HASHER = argon2.PasswordHasher()
# Checked against when nobody has the name, so that an unknown name takes as long as a wrong password.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a person with a session, a machine with a token, or nobody."""

    kind: str  # "person", "token" or "nobody"
    id: str = ""  # of the account or token
    name: str = ""
    person: str = ""  # under `people` in upheld.yaml
    email: str = ""
    grants: tuple[Grant, ...] = ()
    rights: frozenset[Right] = frozenset()  # of a token, in its one product and customer
    product: str = ""
    customer: str = ""
    csrf: str = ""
    session: str = ""  # digest of the cookie
    by: str = ""  # how the trail calls them

    @property
    def signed_in(self) -> bool:
        """Whether this is anybody at all."""
        return self.kind != "nobody"

    def scope(self, product: str, right: Right) -> Scope | None:
        """How far a right of theirs reaches in a product; None where it does not."""
        if self.kind == "token":
            if self.product != product or right not in self.rights:
                return None
            customers = frozenset({self.customer}) if self.customer else None
            return Scope(product=product, customers=customers, inside=not self.customer)
        return scope_of(self.grants, product, right)

    def may(self, right: Right) -> bool:
        """Whether they hold a right that is of the whole server (administer, metrics)."""
        return right in self.rights if self.kind == "token" else any(right in RIGHTS[g.role] for g in self.grants)

    def products(self, known: Iterable[str]) -> tuple[str, ...]:
        """The products that they may read, of those that are known."""
        return tuple(p for p in known if self.scope(p, Right.READ) is not None)

    def roles(self, product: str) -> tuple[str, ...]:
        """Their roles in a product, as sign-offs name them: `engineering`, `customer:northbank`."""
        own = [g for g in self.grants if g.product == product]
        return tuple(dict.fromkeys(f"customer:{g.customer}" if g.role is Role.CUSTOMER else g.role.value for g in own))


NOBODY = Caller(kind="nobody", by="nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that was just opened; the cookie's value is told once."""

    cookie: str
    caller: Caller


def digest(secret: str) -> str:
    """What is kept of a cookie or a token: its SHA-256, for it holds 256 random bits already."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Accounts:
    """Accounts, sessions and tokens in the server's database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._recent: dict[str, tuple[datetime, str, Caller]] = {}  # tokens asked for within the last second

    # ── Accounts ──

    def create(
        self, name: str, *, password: str = "", email: str = "", person: str = "", grants: Sequence[Grant] = (),
        by: str, at: datetime,
    ) -> int:  # fmt: skip
        """Make an account; give its id. Raises UsageError for a name that is taken or a password that is too short."""
        if not name or len(name) > 200 or not name.isprintable() or name != name.strip():
            raise UsageError("an account's name has 1 to 200 printable characters and no space around them")
        hashed = _hashed(password) if password else ""
        for grant in grants:
            _sensible(grant)
        t = tables.account
        with self.database.writing() as c:
            if c.execute(sa.select(t.c.id).where(t.c.name == name)).scalar() is not None:
                raise UsageError(f'there is an account "{name}" already')
            values = {
                "name": name,
                "email": email,
                "person": person,
                "password": hashed,
                "disabled": False,
                "created": stamp(at),
            }
            id_ = int(c.execute(sa.insert(t).values(**values).returning(t.c.id)).scalar_one())
            who = pseudonym(c, name, account=id_)
            happened(c, "account", at=stamp(at), by=by, whom=who, what="created")
            for grant in grants:
                _grant(c, id_, grant, by=by, whom=who, at=at)
        return id_

    def set_grants(self, name: str, grants: Sequence[Grant], *, by: str, at: datetime) -> None:
        """Give an account exactly these roles; every role that comes or goes is an entry of the trail."""
        for grant in grants:
            _sensible(grant)
        with self.database.writing() as c:
            id_, _ = _account(c, name)
            who = pseudonym(c, name, account=id_)
            before = set(_grants(c, id_))
            for grant in grants:
                if grant not in before:
                    _grant(c, id_, grant, by=by, whom=who, at=at)
            for grant in before - set(grants):
                h = tables.held
                c.execute(sa.delete(h).where(
                    h.c.account == id_, h.c.product == grant.product, h.c.role == grant.role.value,
                    h.c.customer == grant.customer,
                ))  # fmt: skip
                _role_entry(c, grant, what="taken", by=by, whom=who, at=at)

    def set_password(self, name: str, password: str, *, by: str, at: datetime) -> None:
        """Reset a password; every session of the account ends, and its lock is lifted."""
        hashed = _hashed(password)
        with self.database.writing() as c:
            id_, _ = _account(c, name)
            c.execute(sa.update(tables.account).where(tables.account.c.id == id_).values(password=hashed))
            c.execute(sa.delete(tables.session).where(tables.session.c.account == id_))
            c.execute(sa.delete(tables.failure).where(tables.failure.c.name == name))
            happened(c, "account", at=stamp(at), by=by, whom=pseudonym(c, name, account=id_), what="password reset")

    def set_disabled(self, name: str, disabled: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001 the value is set
        """Shut an account out, or let it in again; its sessions end."""
        with self.database.writing() as c:
            id_, _ = _account(c, name)
            c.execute(sa.update(tables.account).where(tables.account.c.id == id_).values(disabled=disabled))
            c.execute(sa.delete(tables.session).where(tables.session.c.account == id_))
            what = "disabled" if disabled else "enabled"
            happened(c, "account", at=stamp(at), by=by, whom=pseudonym(c, name, account=id_), what=what)

    def erase(self, name: str, *, by: str, at: datetime) -> int:
        """Erase a person: account, sessions, and what ties them to entries. The entries and their proofs stay.

        Gives how many pseudonyms can no longer be resolved.
        """
        with self.database.writing() as c:
            id_, _ = _account(c, name)
            p = tables.person
            gone = [str(d) for (d,) in c.execute(sa.select(p.c.digest).where(p.c.account == id_))]
            for table in (tables.session, tables.identity, tables.held):
                c.execute(sa.delete(table).where(table.c.account == id_))
            c.execute(sa.delete(p).where(p.c.account == id_))
            c.execute(sa.delete(tables.failure).where(tables.failure.c.name == name))
            c.execute(sa.delete(tables.account).where(tables.account.c.id == id_))
            for whom in gone:
                happened(c, "erased", at=stamp(at), by=by if by not in gone else "themselves", whom=whom)
        return len(gone)

    def accounts(self) -> list[dict[str, object]]:
        """Every account with its roles, without any secret."""
        t = tables.account
        with self.database.reading() as c:
            rows = c.execute(sa.select(t.c.id, t.c.name, t.c.email, t.c.person, t.c.disabled).order_by(t.c.name)).all()
            return [
                {
                    "name": r.name, "email": r.email, "person": r.person, "disabled": bool(r.disabled),
                    "grants": [{"product": g.product, "role": g.role.value, "customer": g.customer} for g in _grants(c, r.id)],
                }
                for r in rows
            ]  # fmt: skip

    # ── Signing in ──

    def sign_in(self, name: str, password: str, *, address: str, at: datetime) -> Opened | None:
        """Open a session; None for a wrong name or password, and while the name is locked."""
        t = tables.account
        with self.database.reading() as c:
            found = c.execute(sa.select(t.c.id, t.c.password, t.c.disabled).where(t.c.name == name)).first()
            locked = self._failures(c, name, at) >= MOST_FAILURES
        right = _verify(found.password if found and found.password else _NOBODY, password)
        if locked or not right or found is None or found.disabled or not found.password:
            self._failed(name, address=address, at=at, already_locked=locked)
            return None
        with self.database.writing() as c:
            c.execute(sa.delete(tables.failure).where(tables.failure.c.name == name))
            if _HASHER.check_needs_rehash(found.password):
                c.execute(sa.update(t).where(t.c.id == found.id).values(password=_HASHER.hash(password)))
            return _open(c, found.id, at=at)

    def sign_in_as(self, issuer: str, subject: str, *, name: str, email: str, at: datetime) -> Opened | None:
        """Open a session for who an identity provider vouched for.

        The first time an account is made, with no role: an administrator gives roles. None when it is disabled.
        """
        with self.database.writing() as c:
            i, t = tables.identity, tables.account
            id_ = c.execute(sa.select(i.c.account).where(i.c.issuer == issuer, i.c.subject == subject)).scalar()
            if id_ is None:
                # Never joined to an account of the same name or address: a provider's word on those is not ours.
                free = f"{name or subject}@{issuer.partition('://')[2]}"[:200]
                values = {"name": free, "email": email, "disabled": False, "created": stamp(at)}
                id_ = c.execute(sa.insert(t).values(**values).returning(t.c.id)).scalar_one()
                c.execute(sa.insert(i).values(issuer=issuer, subject=subject, account=id_))
                who = pseudonym(c, free, account=id_)
                happened(c, "account", at=stamp(at), by=who, whom=who, what="created by the identity provider")
            if c.execute(sa.select(t.c.disabled).where(t.c.id == id_)).scalar():
                return None
            return _open(c, id_, at=at)

    def _failures(self, c: sa.Connection, name: str, at: datetime) -> int:
        f = tables.failure
        recent = sa.select(sa.func.count()).where(f.c.name == name, f.c.at > stamp(at - LOCKED))
        return int(c.execute(recent).scalar_one())

    def _failed(self, name: str, *, address: str, at: datetime, already_locked: bool) -> None:
        with self.database.writing() as c:
            if already_locked:
                return  # a lock that every further try would prolong is a way to keep somebody out
            c.execute(sa.insert(tables.failure).values(name=name[:200], address=address, at=stamp(at)))
            if self._failures(c, name[:200], at) == MOST_FAILURES:
                id_ = c.execute(sa.select(tables.account.c.id).where(tables.account.c.name == name)).scalar()
                # A name that nobody has may be a password typed in the wrong field: it goes nowhere.
                whom = pseudonym(c, name, account=id_) if id_ is not None else "unknown"
                happened(c, "security", at=stamp(at), by="nobody", whom=whom, what="locked after ten failed logins")

    def caller_of_session(self, cookie: str, *, at: datetime) -> Caller | None:
        """Who holds a session cookie; None when it is unknown, over, idle too long, or its account is disabled."""
        s, t, p = tables.session, tables.account, tables.person
        query = (
            sa.select(
                s.c.digest,
                s.c.csrf,
                s.c.seen,
                s.c.ends,
                t.c.id,
                t.c.name,
                t.c.person,
                t.c.email,
                t.c.disabled,
                p.c.digest.label("by"),
            )
            .join_from(s, t, s.c.account == t.c.id)
            .outerjoin(p, p.c.account == t.c.id)
            .where(s.c.digest == digest(cookie))
        )
        with self.database.reading() as c:
            r = c.execute(query).first()
            if r is None or r.disabled or r.ends <= stamp(at) or r.seen <= stamp(at - IDLE):
                return None
            grants = _grants(c, r.id)
        if r.seen <= stamp(at - timedelta(minutes=5)):
            with self.database.writing() as c:
                c.execute(sa.update(s).where(s.c.digest == r.digest).values(seen=stamp(at)))
        return Caller(
            kind="person", id=str(r.id), name=r.name, person=r.person, email=r.email, grants=grants, csrf=r.csrf,
            session=r.digest, by=r.by or "person:erased",
        )  # fmt: skip

    def sign_out(self, caller: Caller) -> None:
        """End a session."""
        with self.database.writing() as c:
            c.execute(sa.delete(tables.session).where(tables.session.c.digest == caller.session))

    # ── Service tokens ──

    def issue(
        self, name: str, *, product: str, rights: Iterable[Right], ends: datetime, customer: str = "", by: str,
        at: datetime,
    ) -> tuple[str, str]:  # fmt: skip
        """Make a service token; give its id and the secret, which is told once."""
        wanted = frozenset(rights)
        if not wanted or wanted - TOKEN_RIGHTS:
            raise UsageError(f"a token is given some of: {', '.join(sorted(r.value for r in TOKEN_RIGHTS))}")
        if not at < ends <= at + LONGEST_TOKEN:
            raise UsageError("a token ends in the future, at most 366 days from now")
        if not name or len(name) > 200 or not name.isprintable():
            raise UsageError("a token has a name, so that people know what uses it")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        id_ = secrets.token_hex(8)
        with self.database.writing() as c:
            c.execute(sa.insert(tables.token).values(
                digest=digest(secret), id=id_, name=name, product=product, customer=customer, created=stamp(at),
                rights=" ".join(sorted(r.value for r in wanted)), ends=stamp(ends), revoked="",
            ))  # fmt: skip
            happened(c, "token", at=stamp(at), by=by, product=product, token=id_, what="issued",
                     rights=" ".join(sorted(r.value for r in wanted)))  # fmt: skip
        return id_, secret

    def revoke(self, id_: str, *, by: str, at: datetime) -> None:
        """End a token now."""
        t = tables.token
        with self.database.writing() as c:
            done = c.execute(sa.update(t).where(t.c.id == id_, t.c.revoked == "").values(revoked=stamp(at)))
            if done.rowcount != 1:
                raise UsageError(f'no token "{id_[:40]}" is in force')
            happened(c, "token", at=stamp(at), by=by, token=id_, what="revoked")
        self._recent.clear()  # here at once; in other processes within RECENT

    def tokens(self) -> list[dict[str, object]]:
        """Every token without its secret."""
        t = tables.token
        with self.database.reading() as c:
            rows = c.execute(sa.select(t).order_by(t.c.created)).all()
        return [
            {"id": r.id, "name": r.name, "product": r.product, "customer": r.customer, "rights": r.rights.split(),
             "created": r.created, "ends": r.ends, "revoked": r.revoked or None}
            for r in rows
        ]  # fmt: skip

    def caller_of_token(self, secret: str, *, at: datetime) -> Caller | None:
        """Whose token this is; None when it is unknown, over or revoked."""
        if not secret.startswith(TOKEN_PREFIX):
            return None
        key, now, t = digest(secret), stamp(at), tables.token
        asked, ends, known = self._recent.get(key, (at - RECENT, "", NOBODY))
        if timedelta(0) <= at - asked < RECENT and now < ends:
            return known
        with self.database.reading() as c:
            r = c.execute(sa.select(t).where(t.c.digest == key)).first()
        if r is None or r.revoked or r.ends <= now:
            self._recent.pop(key, None)
            return None
        caller = Caller(
            kind="token", id=r.id, name=r.name, product=r.product, customer=r.customer, by=f"token:{r.id}",
            rights=frozenset(Right(word) for word in r.rights.split()),
        )  # fmt: skip
        if len(self._recent) >= MOST_RECENT:
            self._recent.clear()
        self._recent[key] = (at, r.ends, caller)
        return caller

    # ── Logins at an identity provider ──

    def begin_login(self, state: str, *, nonce: str, verifier: str, then: str, at: datetime) -> None:
        """Remember a login that is under way, for ten minutes."""
        with self.database.writing() as c:
            c.execute(sa.delete(tables.login).where(tables.login.c.ends <= stamp(at)))
            c.execute(sa.insert(tables.login).values(
                state=digest(state), nonce=nonce, verifier=verifier, next=then, ends=stamp(at + timedelta(minutes=10))
            ))  # fmt: skip

    def finish_login(self, state: str, *, at: datetime) -> tuple[str, str, str] | None:
        """Nonce, verifier and where to go next of a login under way, once; None for one that is unknown or too old."""
        t = tables.login
        with self.database.writing() as c:
            r = c.execute(sa.select(t).where(t.c.state == digest(state))).first()
            done = c.execute(sa.delete(t).where(t.c.state == digest(state))).rowcount
        return (r.nonce, r.verifier, r.next) if r is not None and done == 1 and r.ends > stamp(at) else None


def _open(c: sa.Connection, account: int, *, at: datetime) -> Opened:
    t = tables.account
    r = c.execute(sa.select(t.c.name, t.c.person, t.c.email).where(t.c.id == account)).one()
    cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    c.execute(sa.delete(tables.session).where(tables.session.c.ends <= stamp(at)))
    c.execute(sa.insert(tables.session).values(
        digest=digest(cookie), account=account, csrf=csrf, created=stamp(at), seen=stamp(at), ends=stamp(at + SESSION)
    ))  # fmt: skip
    caller = Caller(
        kind="person", id=str(account), name=r.name, person=r.person, email=r.email, grants=_grants(c, account),
        csrf=csrf, session=digest(cookie), by=pseudonym(c, r.name, account=account),
    )  # fmt: skip
    return Opened(cookie=cookie, caller=caller)


def same(first: str, second: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(first.encode(), second.encode())


def _sensible(grant: Grant) -> None:
    if grant.role is Role.CUSTOMER and not grant.customer:
        raise UsageError("the role customer names its customer, e.g. customer:northbank")
    if grant.role is Role.ADMINISTRATOR and (grant.product or grant.customer):
        raise UsageError("an administrator is one of the whole server: neither product nor customer")
    if grant.role is not Role.ADMINISTRATOR and not grant.product:
        raise UsageError(f"the role {grant.role.value} is held in a product; name it")


def _grants(c: sa.Connection, account: int) -> tuple[Grant, ...]:
    h = tables.held
    rows = c.execute(
        sa.select(h.c.product, h.c.role, h.c.customer).where(h.c.account == account).order_by(*h.c[1:])
    ).all()
    return tuple(Grant(product=r.product, role=Role(r.role), customer=r.customer) for r in rows)


def _grant(c: sa.Connection, account: int, grant: Grant, *, by: str, whom: str, at: datetime) -> None:
    values = {"account": account, "product": grant.product, "role": grant.role.value, "customer": grant.customer}
    if insert_new(c, tables.held, values):
        _role_entry(c, grant, what="given", by=by, whom=whom, at=at)


def _role_entry(c: sa.Connection, grant: Grant, *, what: str, by: str, whom: str, at: datetime) -> None:
    happened(
        c, "role", at=stamp(at), by=by, product=grant.product, whom=whom, what=what, role=grant.role.value,
        customer=grant.customer,
    )  # fmt: skip


def _account(c: sa.Connection, name: str) -> tuple[int, str]:
    r = c.execute(sa.select(tables.account.c.id, tables.account.c.name).where(tables.account.c.name == name)).first()
    if r is None:
        raise UsageError(f'there is no account "{name[:200]}"')
    return int(r.id), str(r.name)


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= 1000:
        raise UsageError(f"a password has at least {SHORTEST_PASSWORD} characters, and at most 1000")
    return _HASHER.hash(password)


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password[:1000])
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
