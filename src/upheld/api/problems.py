"""Every fault as problem+json (RFC 9457), or as a page where a person reads: the caller's as 4xx, ours as 5xx."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from upheld.errors import UpheldError

MEDIA_TYPE = "application/problem+json"
# Draws a fault for a person: status, title, detail. The pages set it on `app.state.fault_page`.
FaultPage = Callable[[Request, int, str, str], Response]
log = logging.getLogger("upheld.server")


class Problem(BaseModel):
    """What is wrong, as RFC 9457 writes it."""

    type: str
    title: str
    status: int
    detail: str


def problem(request: Request, status: int, detail: str, **more: object) -> Response:
    """One fault, as the caller can read it best."""
    title = HTTPStatus(status).phrase
    if wants_page(request):
        if status == HTTPStatus.UNAUTHORIZED and request.method == "GET":
            part_of = urlsplit(request.headers.get("hx-current-url", ""))
            if "hx-request" in request.headers:  # a part of a page that is open: the whole page must go there
                return Response(
                    status_code=status, headers={"HX-Redirect": f"/sign-in?next={_quoted(part_of.path or '/')}"}
                )
            return RedirectResponse(f"/sign-in?next={_quoted(request.url.path)}", HTTPStatus.SEE_OTHER)
        page: FaultPage | None = getattr(request.app.state, "fault_page", None)
        if page is not None:
            return page(request, status, title, detail)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = "2"
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def wants_page(request: Request) -> bool:
    """Whether a person looks at this in a browser."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _quoted(path: str) -> str:
    return quote(path, safe="")


def install(app: FastAPI) -> None:
    """Answer every fault of the application this way."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, UpheldError)  # noqa: S101  # registered for this class alone
        return problem(request, error.http_status, error.message, **getattr(error, "more", {}))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        faults = [
            {"where": "/".join(str(part) for part in fault["loc"]), "message": fault["msg"]} for fault in error.errors()
        ]
        detail = "; ".join(f"{fault['where']}: {fault['message']}" for fault in faults[:5])
        return problem(request, 422, detail, faults=faults[:50])

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        answer = problem(request, error.status_code, str(error.detail))
        for name, value in (error.headers or {}).items():
            answer.headers[name] = value
        return answer

    async def storage(request: Request, error: Exception) -> Response:
        log.error("storage", extra={"fault": str(error).partition("\n")[0]})
        return problem(request, 503, "the records cannot be reached; send it again in a moment")

    handlers: list[tuple[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]] = [
        (UpheldError, ours), (RequestValidationError, invalid), (HTTPException, http), (sa.exc.DBAPIError, storage),
    ]  # fmt: skip
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)
