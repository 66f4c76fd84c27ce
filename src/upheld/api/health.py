"""Whether the server lives, whether it can serve, and its figures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import generate_latest
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Anybody, anywhere, server_of
from upheld.core.scope import Right
from upheld.store.accounts import Caller

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(_: Anybody) -> dict[str, str]:
    """The process lives."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "something that is needed is not there"}})
async def readyz(request: Request, _: Anybody) -> Response:
    """Everything is there that an answer needs: database, writer, definitions."""
    faults = await run_in_threadpool(server_of(request).faults)
    # What exactly is wrong stands in the log: this answer is for everybody.
    return JSONResponse(
        {"status": "ready" if not faults else "not ready", "missing": sorted(faults)}, 503 if faults else 200
    )


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request, _: Annotated[Caller, Depends(anywhere(Right.METRICS))]) -> Response:
    """The server's figures for Prometheus."""
    return Response(generate_latest(request.app.state.figures.registry), media_type="text/plain; version=0.0.4")
