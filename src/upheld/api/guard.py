"""What holds for every answer: size limits, security headers, one line in the log, and the figures for Prometheus."""

import json
import logging
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from upheld.server.service import Server

log = logging.getLogger("upheld.access")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_CACHED = b"cache-control"


class Figures:
    """The server's own figures; none names a customer or a person."""

    def __init__(self, server: Server) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "upheld_http_request_seconds", "Time to answer.", ["method", "route", "status"], registry=self.registry,
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )  # fmt: skip
        self.evidence = Counter("upheld_evidence_records", "Evidence received.", ["state"], registry=self.registry)
        waiting = Gauge("upheld_writer_waiting", "Callers that wait for a durable write.", registry=self.registry)
        waiting.set_function(lambda: server.writer.waiting)


class Guard:
    """Plain ASGI, so that a streamed answer stays one."""

    def __init__(self, app: ASGIApp, *, server: Server) -> None:
        self.app = app
        self.server = server
        self.headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        if server.settings.secure:
            self.headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        number = secrets.token_hex(8)
        scope.setdefault("state", {})["number"] = number
        largest, taken = self.server.settings.largest, 0
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > largest:
            await _refuse(send, 413, f"a request holds at most {largest} bytes", self.headers)
            return

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > largest:
                raise TooLongError
            return message

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"], *((n, v) for n, v in self.headers if n not in given),
                    *([] if _CACHED in given else [(_CACHED, b"no-store")]), (b"x-request-id", number.encode()),
                ]  # fmt: skip
            await send(message)

        try:
            await self.app(scope, limited, answered)
        except TooLongError:
            status = 413
            await _refuse(send, 413, f"a request holds at most {largest} bytes", self.headers)
        finally:
            self._note(scope, status, time.perf_counter() - started, number)

    def _note(self, scope: Scope, status: int, seconds: float, number: str) -> None:
        route = getattr(scope.get("route"), "path", "") or "none"
        figures: Figures | None = getattr(scope["app"].state, "figures", None) if "app" in scope else None
        if figures is not None:
            figures.seconds.labels(scope["method"], route, str(status)).observe(seconds)
        caller = scope.get("state", {}).get("caller")
        log.info(
            "request",
            extra={"fields": {"request": number, "method": scope["method"], "route": route, "status": status,
                              "ms": round(seconds * 1000, 2), "by": getattr(caller, "by", "") or "nobody"}},
        )  # fmt: skip


class TooLongError(Exception):
    """More bytes came than were announced or are taken."""


async def _refuse(send: Send, status: int, detail: str, headers: list[tuple[bytes, bytes]]) -> None:
    body = json.dumps(
        {"type": "about:blank", "title": "Content Too Large", "status": status, "detail": detail}
    ).encode()
    start = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


class JsonLines(logging.Formatter):
    """One JSON object a line. Only named fields go in: no path, query, header or body, so no secret either."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = getattr(record, "fields", None) or {}
        fault = getattr(record, "fault", "")
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(), "event": record.getMessage(), **fields, **({"fault": fault} if fault else {}),
        }  # fmt: skip
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
