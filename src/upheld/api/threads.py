"""Products and their threads: every promise in stage order, as far as the caller may see."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Held, Somebody, may, refused, server_of
from upheld.api.answers import document, page_of
from upheld.core import report
from upheld.core.scope import Right
from upheld.errors import UnknownError
from upheld.server.product import Shown

router = APIRouter(prefix="/api/v1/products", tags=["threads"])
MOST_WRITTEN = 64  # answers that one scope keeps as they were sent
Reader = Annotated[Held, Depends(may(Right.READ))]


async def shown_to(request: Request, held: Held) -> Shown:
    """The threads that a caller may see, at most a minute old: the one way from a route to promises."""
    now = server_of(request).now()
    kept = held.product.kept(held.scope, now=now)
    return kept if kept is not None else await run_in_threadpool(held.product.shown, held.scope, now=now)


@router.get("")
async def products(request: Request, caller: Somebody) -> dict[str, object]:
    """The products that the caller may see, each with the commit that is shown."""
    server = server_of(request)
    found = [server.products[name] for name in caller.products(server.products)]
    return {
        "products": [
            {"name": p.name, "commit": p.known.view.commit if p.ready else None, "ready": p.ready} for p in found
        ]
    }


@router.get("/{product}/threads")
async def threads(
    request: Request, held: Reader, limit: Annotated[int, Query(ge=1, le=500)] = 200,
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:  # fmt: skip
    """The threads (`upheld/thread/v1`), a page of them; `after` is the last criterion of the page before."""
    shown = await shown_to(request, held)
    part, following = page_of(shown.threads, lambda t: t.criterion.address, after=after, limit=limit)
    body = shown.written.get(f"{after} {limit}")
    if body is None:
        known = report.thread_json(part, project=shown.project, subject=shown.subject, at=shown.at)
        body = msgspec.json.encode(known | {"commit": shown.commit, "total": len(shown.threads)})
        if len(shown.written) < MOST_WRITTEN:
            shown.written[f"{after} {limit}"] = body
    return document(request, body, version=shown.version, following=following)


@router.get("/{product}/threads/{criterion}")
async def thread(request: Request, held: Reader, criterion: str) -> Response:
    """One thread (`upheld/thread/v1` with one criterion)."""
    shown = await shown_to(request, held)
    found = shown.thread(criterion)
    if found is None:
        if criterion in held.product.known.catalogue.criteria:
            refused(request, held.caller, "another customer's promise", product=held.product.name)
        raise UnknownError(f'no criterion "{criterion[:100]}"')
    body = report.thread_json([found], project=shown.project, subject=shown.subject, at=shown.at)
    return document(request, body | {"commit": shown.commit}, version=shown.version)
