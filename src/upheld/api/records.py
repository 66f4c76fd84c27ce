"""Evidence in and out, gates, sign-offs, waivers and proposals."""

import asyncio
import hashlib
from datetime import date
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Held, may, refused, server_of
from upheld.api.answers import document
from upheld.core import report
from upheld.core.evidence import SCHEMA, encode
from upheld.core.scope import Right
from upheld.errors import ConflictError, EvidenceError, RefusedError, UnknownError, UsageError
from upheld.server import acts
from upheld.stages.check import criteria_of
from upheld.store import tables
from upheld.store.ledger import stamp

router = APIRouter(prefix="/api/v1/products/{product}", tags=["records"])
Sender = Annotated[Held, Depends(may(Right.EVIDENCE))]
Reader = Annotated[Held, Depends(may(Right.READ))]
Insider = Annotated[Held, Depends(may(Right.INSIDE, whole=True))]
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}, "minItems": 1}]}
            }
        },
    }
}


@router.post("/evidence", status_code=201, openapi_extra=UPLOAD)
async def upload(
    request: Request, held: Sender, idempotency_key: Annotated[str, Header(max_length=200)] = ""
) -> Response:
    """Send evidence records (`upheld/evidence/v1`), one or a list; each is kept once by its content.

    Answers when all are durable. 201 when something was new, 200 when all was known. None is kept when one is wrong.
    """
    server = server_of(request)
    body = await request.body()
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceError(f"the request is no JSON: {error}") from None
    del idempotency_key  # accepted from clients that always send one; the content itself makes a second send harmless
    try:
        future = acts.receive(
            server, held.product, held.caller, sent if isinstance(sent, list) else [sent], at=server.now()
        )
    except RefusedError:
        refused(request, held.caller, "evidence about another customer", product=held.product.name)
        raise
    received = await asyncio.wrap_future(future)
    figures = request.app.state.figures.evidence
    figures.labels("new").inc(received.new)
    figures.labels("known").inc(len(received.ids) - received.new)
    return Response(
        msgspec.json.encode({"schema": "upheld/receipt/v1", "ids": received.ids, "new": received.new}),
        201 if received.new else 200, media_type="application/json",
    )  # fmt: skip


@router.get("/evidence")
async def evidence(
    request: Request, held: Reader, indicator: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[int, Query(ge=0, le=2**53)] = 0, limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:  # fmt: skip
    """The evidence that the caller may see, in the order of the trail; `after` is the number of the last one seen."""
    seen = await run_in_threadpool(held.product.shown, held.scope, now=server_of(request).now())
    found = [e for e in seen.seen.evidence if e.statistic is not None and (not indicator or e.indicator == indicator)]
    part = found[after : after + limit]
    following = str(after + len(part)) if after + len(part) < len(found) else ""
    records = [{"id": e.id, **encode(e)} for e in part]
    return document(request, {"schema": SCHEMA, "total": len(found), "evidence": records}, following=following)


@router.get("/gates")
async def gates(request: Request, held: Insider) -> Response:
    """The gates of the product."""
    found = [
        {"gate": g.name, "kind": g.kind.value, "stage": g.stage, "signoffs": list(g.sign_offs)}
        for g in held.product.known.catalogue.gates.values()
    ]
    return document(request, {"gates": found, "commit": held.product.known.view.commit})


@router.get("/gates/{gate}")
async def gate(
    request: Request, held: Insider, gate: str, subject: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Judge a gate now (`upheld/gate-result/v1`), on the source that is shown or another subject."""
    server = server_of(request)

    def judged() -> dict[str, object]:
        if gate not in held.product.known.catalogue.gates:
            raise UnknownError(f'no gate "{gate[:100]}"')
        asked = held.product.gate(gate)
        result = held.product.check(asked, at=server.now(), subject=subject)
        criteria = criteria_of(held.product.known.catalogue, asked)
        return {**report.gate_json(result, criteria), "commit": held.product.known.view.commit}

    return document(request, await run_in_threadpool(judged))


class Signature(BaseModel):
    """What is approved, in which role, and what the approval says."""

    model_config = ConfigDict(extra="forbid")
    item: str = Field(max_length=200)
    role: str = Field(max_length=200)
    meaning: str = Field("I have read it and agree.", min_length=1, max_length=2000)
    seen: str = Field("", max_length=100, description="the content hash that the person was shown")


class WaiverAsked(BaseModel):
    """A waiver to be approved by somebody else."""

    model_config = ConfigDict(extra="forbid")
    criterion: str = Field(max_length=200)
    gate: str = Field("", max_length=200)
    reason: str = Field(min_length=1, max_length=5000)
    until: date
    customers_informed: bool = False


class Proposal(BaseModel):
    """Files of definitions, to be committed on a branch of their own."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=200)
    files: dict[str, str] = Field(min_length=1, max_length=50)


def once(request: Request, held: Held, key: str, body: BaseModel, act: Any) -> Response:  # noqa: ANN401  # what is answered
    """Do something that must happen once for each idempotency key, and answer a repetition with the first answer."""
    server, t = server_of(request), tables.reply
    asked = hashlib.sha256(f"{request.method} {request.url.path} {body.model_dump_json()}".encode()).hexdigest()
    if key:
        with server.database.reading() as connection:
            kept = connection.execute(sa.select(t).where(t.c.key == key, t.c.caller == held.caller.by)).first()
        if kept is not None:
            if kept.request != asked:
                raise ConflictError("this idempotency key was used for another request")
            return Response(kept.body, kept.status, media_type="application/json")
    answer = msgspec.json.encode(act()).decode()
    if key:
        values = {"key": key, "caller": held.caller.by, "request": asked, "status": 201, "body": answer}
        server.writer.submit(
            lambda c: c.execute(sa.insert(t).values(at=stamp(server.now()), **values)).rowcount
        ).result(30)
    return Response(answer, 201, media_type="application/json")


Key = Annotated[str, Header(max_length=200)]


@router.post("/signoffs", status_code=201)
def sign_off(
    request: Request, held: Annotated[Held, Depends(may(Right.SIGN))], given: Signature, idempotency_key: Key = ""
) -> Response:
    """Sign a requirement, a decision or `gate.NAME` off; a commit with the file, which `upheld check` reads offline."""
    server = server_of(request)

    def act() -> dict[str, str]:
        try:
            commit = acts.sign_off(
                server, held.product, held.caller, item=given.item, role=given.role, meaning=given.meaning,
                seen=given.seen, at=server.now(),
            )  # fmt: skip
        except RefusedError:
            refused(request, held.caller, f"sign-off as {given.role[:60]}", product=held.product.name)
            raise
        except UsageError as error:
            raise UnknownError(error.message) from None
        return {"commit": commit, "branch": server.settings.records}

    return once(request, held, idempotency_key, given, act)


@router.get("/waivers")
async def waivers(request: Request, held: Insider) -> Response:
    """The waivers in force or ended, and those that are asked for."""
    asked = await run_in_threadpool(acts.waiver_requests, server_of(request), held.product)
    kept = [
        {"criterion": w.criterion, "gate": w.gate, "owner": w.owner, "approver": w.approver, "reason": w.reason,
         "until": w.until.isoformat(), "file": w.file}
        for w in held.product.known.catalogue.waivers
    ]  # fmt: skip
    return document(request, {"waivers": kept, "asked": asked})


@router.post("/waivers", status_code=201)
def ask(
    request: Request, held: Annotated[Held, Depends(may(Right.WAIVE))], given: WaiverAsked, idempotency_key: Key = ""
) -> Response:
    """Ask for a waiver; another person approves it."""
    server = server_of(request)

    def act() -> dict[str, str]:
        return {
            "id": acts.ask_waiver(
                server, held.product, held.caller, criterion=given.criterion, gate=given.gate, reason=given.reason,
                until=given.until, customers_informed=given.customers_informed, at=server.now(),
            )
        }  # fmt: skip

    return once(request, held, idempotency_key, given, act)


class Approval(BaseModel):
    """Nothing but the wish."""

    model_config = ConfigDict(extra="forbid")


@router.post("/waivers/{id}/approval", status_code=201)
def approve(
    request: Request, held: Annotated[Held, Depends(may(Right.APPROVE, whole=True))], id: str,  # noqa: A002  # the name in the path
    given: Approval, idempotency_key: Key = "",
) -> Response:  # fmt: skip
    """Approve somebody else's waiver; a commit with the file."""
    server = server_of(request)

    def act() -> dict[str, str]:
        try:
            commit = acts.approve_waiver(server, held.product, held.caller, request=id, at=server.now())
        except RefusedError:
            refused(request, held.caller, "approval of a waiver", product=held.product.name)
            raise
        return {"commit": commit, "branch": server.settings.records}

    return once(request, held, idempotency_key, given, act)


@router.post("/proposals", status_code=201)
def propose(
    request: Request, held: Annotated[Held, Depends(may(Right.PROPOSE, whole=True))], given: Proposal,
    idempotency_key: Key = "",
) -> Response:  # fmt: skip
    """Propose definitions: one commit in the person's name on a branch of its own."""
    server = server_of(request)

    def act() -> dict[str, str]:
        branch, commit = acts.propose(
            server, held.product, held.caller, files=given.files, title=given.title, at=server.now()
        )
        return {"branch": branch, "commit": commit}

    return once(request, held, idempotency_key, given, act)
