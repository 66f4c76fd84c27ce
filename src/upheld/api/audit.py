"""The audit trail: entries, checkpoints, proofs, and the bundle that an auditor takes home."""

import json
from collections.abc import Iterator
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from upheld.api.access import Held, may, server_of
from upheld.api.answers import document
from upheld.core.scope import Right
from upheld.errors import UnknownError
from upheld.store import bundle, tables, trail

router = APIRouter(prefix="/api/v1/products/{product}/audit", tags=["audit"])
Auditor = Annotated[Held, Depends(may(Right.AUDIT, whole=True))]
Position = Annotated[int, Query(ge=0, le=2**53)]


@router.get("/checkpoints")
def checkpoints(request: Request, _: Auditor) -> Response:
    """Every checkpoint with where it was laid down, the log's keys, and what no anchor covers yet."""
    server = server_of(request)
    with server.database.reading() as connection:
        made, size = trail.checkpoints(connection), trail.size(connection)
    anchored = max((m.size for m in made if m.anchor), default=0)
    body = {
        "schema": "upheld/audit-checkpoints/v1", "size": size, "key": str(server.signer().verifier),
        "checkpoints": [{"size": m.size, "made": m.made, "anchor": m.anchor or None, "note": m.note} for m in made],
        "unanchored": size - anchored,
    }  # fmt: skip
    return document(request, body)


@router.get("/entries")
def entries(
    request: Request, held: Auditor, start: Position = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Response:
    """Entries of this product and of the server itself, from a position on."""
    f, e = tables.leaf, tables.entry
    query = (
        sa.select(f.c.position, e.c.body).join_from(f, e, f.c.entry == e.c.seq)
        .where(f.c.position >= start, f.c.position < start + limit).order_by(f.c.position)
    )  # fmt: skip
    with server_of(request).database.reading() as connection:
        rows, size = connection.execute(query).all(), trail.size(connection)
    found = [{"position": r.position, "entry": json.loads(r.body)} for r in rows]
    own = [one for one in found if one["entry"]["product"] in ("", held.product.name)]
    return document(request, {"schema": "upheld/audit-entries/v1", "size": size, "entries": own})


@router.get("/proof/{position}")
def proof(request: Request, held: Auditor, position: int) -> Response:
    """One entry with the proof that it is under the newest checkpoint."""
    found = None
    if 0 <= position < 2**53:
        with server_of(request).database.reading() as connection:
            found = trail.proof(connection, position)
    if found is None or json.loads(str(found["entry"]))["product"] not in ("", held.product.name):
        raise UnknownError(f"no entry {position} is under a checkpoint")
    return document(request, found)


@router.get("/consistency")
def consistency(request: Request, _: Auditor, old: Position, new: Position) -> Response:
    """The proof that the log of `new` entries begins with the log of `old`."""
    try:
        with server_of(request).database.reading() as connection:
            path = trail.growth(connection, old, new)
    except ValueError as error:
        raise UnknownError(f"no such proof: {error}") from None
    return document(request, {"schema": "upheld/audit-consistency/v1", "old": old, "new": new, "path": path})


@router.get("/bundle", responses={200: {"content": {"application/jsonl": {}}}})
def take_home(request: Request, _: Auditor) -> Response:
    """Everything up to a checkpoint that is made now, as one file; check it with a key that you have already."""
    server = server_of(request)
    server.checkpoint()

    def lines() -> Iterator[bytes]:
        for line in bundle.export(server.database, at=server.now()):
            yield line.encode()

    return StreamingResponse(
        lines(), media_type="application/jsonl", headers={"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    )
