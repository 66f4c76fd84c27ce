"""Answers that say their version: entity tags, pages with a link to the next, JSON as it is kept."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec
from fastapi import Request
from fastapi.responses import Response

T = TypeVar("T")


def page_of(items: Sequence[T], key: Callable[[T], str], *, after: str, limit: int) -> tuple[Sequence[T], str]:
    """One page of items in their order, and the key to ask the next page with (empty at the end)."""
    start = 0
    if after:
        start = next((i + 1 for i, item in enumerate(items) if key(item) == after), len(items))
    part = items[start : start + limit]
    return part, key(part[-1]) if part and start + limit < len(items) else ""


def document(
    request: Request, body: Mapping[str, object] | bytes, *, version: str = "", following: str = "", status: int = 200
) -> Response:
    """A JSON answer with its entity tag; 304 when the caller has it already.

    `version` stands for the body where it is known to change with it; else the body itself is hashed. A body in bytes is
    sent as it is.
    """
    caller = getattr(request.state, "caller", None)
    data = body if isinstance(body, bytes) else msgspec.json.encode(body) if not version else b""
    base = f"{version}|{request.url.path}?{request.url.query}|{getattr(caller, 'by', '')}".encode() if version else data
    tag = f'"{hashlib.sha256(base).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if following:
        headers["Link"] = f'<{request.url.include_query_params(after=following)}>; rel="next"'
    if tag in [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(data or msgspec.json.encode(body), status, headers, media_type="application/json")
