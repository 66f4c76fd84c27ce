"""What people and machines do here: send evidence, sign off, ask for a waiver and approve it, propose definitions.

Sign-offs, waivers and proposals are the files of issue and desk alike: commits in the person's name, which an offline
`check` reads. The trail learns of them when they are read back from git, so that one made elsewhere counts the same.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from upheld.core import evidence as records
from upheld.core.evidence import canonical, content_id
from upheld.core.gate import SignOff, Waiver
from upheld.core.signoff import NAMESPACE, message
from upheld.errors import ConflictError, EvidenceError, RefusedError, UnknownError, UsageError
from upheld.project import ssh_signature
from upheld.project.signing import sign_off_file, waiver_file
from upheld.server.product import Product
from upheld.server.service import Server
from upheld.sources.repository import Author
from upheld.stages.check import content_to_sign
from upheld.store.accounts import Caller
from upheld.store.ledger import SqlStore, append, happened, stamp

if TYPE_CHECKING:
    from concurrent.futures import Future

MOST_RECORDS = 5000
REQUEST = "upheld/waiver-request/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of one upload: the content ids in the order sent, and how many were new."""

    ids: tuple[str, ...]
    new: int


def receive(
    server: Server, product: Product, caller: Caller, sent: Sequence[object], *, at: datetime
) -> "Future[Received]":
    """Have evidence records kept, each once by its content; the future is done when they are durable.

    Raises EvidenceError naming the record and field that is wrong, and then none is kept; RefusedError for evidence
    about a customer outside the caller's scope.
    """
    if not sent:
        raise EvidenceError("an upload holds at least one evidence record")
    if len(sent) > MOST_RECORDS:
        raise EvidenceError(f"an upload holds at most {MOST_RECORDS} records, this one {len(sent)}; send them in parts")
    rows = []
    for i, record in enumerate(sent, 1):
        try:
            decoded = records.decode(record)
        except EvidenceError as error:
            raise EvidenceError(f"record {i}: {error.message}") from None
        if caller.customer and decoded.customer != caller.customer:
            raise RefusedError(
                f"record {i} is about {decoded.customer or 'every customer'}; this token is for {caller.customer}"
            )
        rows.append((decoded.id, canonical(record).decode()))  # type: ignore[arg-type]  # decode refuses what is no mapping
    when = stamp(at)

    def keep(connection: sa.Connection) -> Received:
        new = sum(append(connection, product.name, "evidence", id_, body, at=when, by=caller.by) for id_, body in rows)
        return Received(ids=tuple(id_ for id_, _ in rows), new=new)

    return server.writer.submit(keep)


def sign_off(
    server: Server,
    product: Product,
    caller: Caller,
    *,
    item: str,
    role: str,
    meaning: str,
    at: datetime,
    seen: str = "",
) -> str:
    """Sign a requirement, a decision or `gate.NAME` off in one's role; give the commit.

    `seen` is the content hash that the person was shown: where it is no longer the present one, nothing is signed.
    """
    known = product.known
    if role not in caller.roles(product.name):
        raise RefusedError(f"you do not hold the role {role} in {product.name}")
    person = known.catalogue.people.get(caller.person)
    function, _, customer = role.partition(":")
    if person is None or function not in person.roles or (customer and person.customer != customer):
        raise RefusedError(
            f"{caller.person or 'your account'} does not hold the role {role} under people in upheld.yaml"
        )
    if customer and not item.startswith("gate."):
        requirement = known.catalogue.requirements.get(item)
        if requirement is None or customer not in known.catalogue.promised_to(requirement.customers):
            raise UnknownError(f'no requirement "{item[:100]}"')
    content = content_to_sign(known.catalogue, item, subject=known.workspace.subject)
    if seen and seen != content:
        raise ConflictError("the words have changed since you read them; read them again, then sign")
    unsigned = SignOff(
        item=item, hash=content, role=role, person=caller.person, meaning=meaning, time=at.replace(microsecond=0),
        via="server",
    )  # fmt: skip
    signature = ssh_signature.sign_with(message(unsigned), namespace=NAMESPACE, key=server.keys.current())
    file, text = sign_off_file(known.catalogue, replace(unsigned, signature=signature))
    commit = product.clone.commit(
        {file: text}, message=f"Sign {item} off as {role}\n\n{meaning}\n", author=_author(caller), when=at.isoformat()
    )
    product.renew()
    server.reconcile(product)
    server.ask_for_checkpoint()
    return commit


def content_of_item(product: Product, item: str) -> str:
    """The content hash of an item as it is shown now, for a form to carry."""
    return content_to_sign(product.known.catalogue, item, subject=product.known.workspace.subject)


def ask_waiver(
    server: Server, product: Product, caller: Caller, *, criterion: str, gate: str, reason: str, until: date,
    customers_informed: bool, at: datetime,
) -> str:  # fmt: skip
    """Ask for a waiver; give the id under which another person may approve it."""
    catalogue = product.known.catalogue
    addresses = {*catalogue.criteria, *(f"gate.{g.name}.{s.id}" for g in catalogue.gates.values() for s in g.criteria)}
    if criterion not in addresses:
        raise UsageError(f'no criterion "{criterion[:100]}"')
    if gate and gate not in catalogue.gates:
        raise UsageError(f'no gate "{gate[:100]}"')
    if not caller.person:
        raise RefusedError("your account names nobody under people in upheld.yaml; an administrator can set that")
    longest = min(
        [g.waivers.at_most for g in catalogue.gates.values() if not gate or g.name == gate], default=14 * 86400.0
    )
    if not at.date() <= until <= at.date() + timedelta(seconds=longest):
        raise UsageError(f"a waiver ends between today and {(at.date() + timedelta(seconds=longest)).isoformat()}")
    if not reason.strip():
        raise UsageError("a waiver says why the risk is taken")
    body: dict[str, object] = {
        "schema": REQUEST, "nonce": secrets.token_hex(8), "criterion": criterion, "gate": gate, "owner": caller.person,
        "reason": reason, "since": at.date().isoformat(), "until": until.isoformat(), "informed": customers_informed,
    }  # fmt: skip
    id_ = content_id(body)
    when = stamp(at)
    server.writer.submit(
        lambda c: append(c, product.name, "waiver-request", id_, canonical(body).decode(), at=when, by=caller.by)
    ).result(30)
    return id_


def waiver_requests(server: Server, product: Product) -> list[dict[str, Any]]:
    """The requests that nobody has approved yet and that could still be, newest last."""
    asked = SqlStore(server.database, product.name).records("waiver-request")
    granted = {w.file.rpartition("-")[2].removesuffix(".yaml") for w in product.known.catalogue.waivers}
    found = []
    for body in asked:
        id_ = content_id(body)
        if id_[7:15] not in granted and str(body["until"]) >= server.now().date().isoformat():
            found.append({"id": id_, **body})
    return found


def approve_waiver(server: Server, product: Product, caller: Caller, *, request: str, at: datetime) -> str:
    """Approve somebody else's waiver; give the commit that holds it."""
    known = product.known
    asked = next((r for r in waiver_requests(server, product) if r["id"] == request), None)
    if asked is None:
        raise UnknownError("no waiver is asked for under this id, or it was granted already")
    if asked["owner"] == caller.person:
        raise RefusedError("who asks for a waiver does not approve it; ask somebody else")
    person = known.catalogue.people.get(caller.person)
    roles = {g.waivers.approver for g in known.catalogue.gates.values() if not asked["gate"] or g.name == asked["gate"]}
    if person is None or not all(role in person.roles for role in roles if role):
        raise RefusedError(
            f"this waiver is approved by: {', '.join(sorted(r for r in roles if r)) or 'somebody under people'}"
        )
    waiver = Waiver(
        criterion=asked["criterion"], gate=asked["gate"], owner=asked["owner"], approver=caller.person,
        reason=asked["reason"], since=date.fromisoformat(asked["since"]), until=date.fromisoformat(asked["until"]),
        customers_informed=asked["informed"],
    )  # fmt: skip
    file, text = waiver_file(known.catalogue, waiver, id=request[7:15])
    commit = product.clone.commit(
        {file: text}, message=f"Waive {waiver.criterion} until {waiver.until}\n\n{waiver.reason}\n",
        author=_author(caller), when=at.isoformat(),
    )  # fmt: skip
    product.renew()
    server.reconcile(product)
    server.ask_for_checkpoint()
    return commit


def propose(
    server: Server, product: Product, caller: Caller, *, files: Mapping[str, str], title: str, at: datetime
) -> tuple[str, str]:
    """Propose definitions as one commit in the person's name on a branch of its own; give the branch and the commit."""
    if not files or sum(map(len, files.values())) > 1_000_000:
        raise UsageError("a proposal holds at least one file, and at most a million characters")
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "proposal"
    branch = f"upheld/propose-{slug}-{secrets.token_hex(3)}"
    commit = product.clone.commit(
        files, message=f"{title.strip() or 'Propose definitions'}\n", author=_author(caller), branch=branch,
        when=at.isoformat(),
    )  # fmt: skip
    when = stamp(at)
    server.writer.submit(
        lambda c: happened(c, "proposal", at=when, by=caller.by, product=product.name, branch=branch, commit=commit)
    ).result(30)
    return branch, commit


def _author(caller: Caller) -> Author:
    return Author(name=caller.person or caller.name, email=caller.email)
