"""The web service: insights for advisers, what-ifs with progress, audit records, health; and the adviser's page."""

import asyncio
import json
import os
import secrets
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from techflow import worker
from techflow.analysis import Scenario
from techflow.audit import Audit
from techflow.banks import BANKS, bank_of
from techflow.campaign import FEATURES
from techflow.faults import Faults
from techflow.flags import Flags
from techflow.health import freshness, report
from techflow.home import Home
from techflow.insight import canonical, compose, summary
from techflow.jobs import Jobs
from techflow.log import log
from techflow.state import State
from techflow.telemetry import Telemetry

WEB = Path(__file__).with_name("web")
DRAIN_SECONDS = 1.5  # from SIGTERM until no new connection is taken; a balancer that asks /ready goes elsewhere by then
LOOK_SECONDS = 1.0  # sources' freshness and markets are looked up this often, not per request
CHANGES = {"rate": (-5, 10), "equity": (-0.9, 0.9), "income": (0, 3), "spending": (0, 3), "crash": (0, 0.9)}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'"


class Refused(Exception):
    """A request that cannot be answered: status and what to do about it."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what)
        self.status = status
        self.what = what


class Insights:
    """Answers insight requests from the state, the model and the newest analyses."""

    def __init__(self, home: Home, *, release: str, provider: str | None) -> None:
        self.home = home
        self.settings = home.settings()
        self.state = State(home.state)
        self.jobs = Jobs(home.jobs)
        self.audit = Audit(home.audit)
        self.model = home.load_model()
        self.flags = Flags(provider, default=release)
        self._looked = 0.0
        self._sources: dict[str, dict[str, dict[str, Any]]] = {}
        self._markets: dict[str, dict[str, Any]] = {}

    def _look(self) -> None:
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._sources = freshness(self.state, datetime.now(UTC))
            self._markets = self.state.markets()
            self._looked = time.monotonic()

    async def answer(self, client: str) -> bytes:
        """The insight for one client, recorded before it is returned; Refused when there is none."""
        view = self.state.client(client)
        if view is None:
            raise Refused(404, f"no client {client!r}; client numbers look like NB-000001")
        self._look()
        bank = bank_of(client)
        release = self.flags.release(bank, client)
        features = {**view, **self._markets.get(bank, {})}
        made = self.jobs.newest(client)
        model = self.model
        if release == "v1":
            made = await self._synchronous(client, view, self._markets.get(bank, {}))
        elif release == "v3":
            model = (
                self.home.load_model()
            )  # the planted regression: a new model is found at once, at every request's cost
        now = time.time()
        inputs = {
            "id": f"{int(now * 1000):x}-{secrets.token_hex(5)}",
            "at": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
            "clock": now,
            "bank": bank,
            "client": client,
            "release": release,
            "features": {name: features.get(name) for name in FEATURES},
            "sources": self._sources[bank],
            "analysis": summary(made),
            "fresh_seconds": self.settings.fresh_seconds,
            "model": model.digest,
        }
        answer = canonical(compose(inputs, model))
        try:
            await self.audit.keep(inputs, answer)
        except OSError as error:
            raise Refused(503, f"{error}; no answer leaves without its record") from None
        return answer

    async def _synchronous(self, client: str, view: dict[str, Any], market: dict[str, Any]) -> dict[str, Any]:
        """v1: make the whole analysis while the adviser waits."""
        inputs = worker.inputs_of(view, market, {})
        result = await run_in_threadpool(
            worker.make,
            inputs,
            paths=self.settings.paths,
            seed=secrets.randbelow(2**31),
            model=self.model,
            progress=lambda done, total: None,
        )
        return {"id": "made-on-request", "at": time.time(), "result": result}

    def close(self) -> None:
        self.audit.close()
        self.jobs.close()
        self.state.close()


class Watch:
    """Times every request by customer, route, status and version; brings in the faults that were asked for."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry, faults: Faults) -> None:
        self.app = app
        self.telemetry = telemetry
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        try:
            if scope["path"].startswith("/insight"):
                if (added := self.faults.added_seconds) > 0:
                    await asyncio.sleep(added)
                if self.faults.fails():
                    await JSONResponse({"error": "injected fault"}, 500)(scope, receive, watched)
                    return
            await self.app(scope, receive, watched)
        finally:
            route = scope.get("route")
            path: str = getattr(route, "path", "other")  # never the path itself: anybody may ask for any
            labels = (scope.get("customer", ""), path, status, self.telemetry.version)
            parent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)
            self.telemetry.observe(labels, time.perf_counter() - started, parent)
            if status >= 500:
                log("request.failed", route=labels[1], status=status, customer=labels[0])


def create(home: Home, *, release: str) -> Starlette:
    """The application over one installation."""
    telemetry = Telemetry(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"), version=release)
    pages = Environment(loader=FileSystemLoader(WEB), autoescape=select_autoescape(), trim_blocks=True)
    pages.globals.update(banks=BANKS)
    insights: Insights | None = None

    def the() -> Insights:
        assert insights is not None, "the application has not started"
        return insights

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        nonlocal insights
        insights = Insights(home, release=release, provider=os.environ.get("TECHFLOW_OPENFEATURE"))
        telemetry.start()
        log("web.started", release=release, model=insights.model.digest)
        yield
        telemetry.stop()
        insights.close()
        log("web.stopped")

    async def insight(request: Request) -> Response:
        try:
            asked = json.loads(await request.body())
            client = asked["client"]
            assert isinstance(client, str)
        except (ValueError, KeyError, TypeError, AssertionError):
            raise Refused(400, 'send JSON such as {"client": "NB-000001"}') from None
        _label(request, client)
        return Response(await the().answer(client), media_type="application/json")

    async def audit(request: Request) -> Response:
        record = await run_in_threadpool(the().audit.record, request.path_params["id"])
        if record is None:
            raise Refused(404, f"no answer {request.path_params['id']!r}")
        return JSONResponse(record)

    async def analysis(request: Request) -> Response:
        found = the().jobs.analysis(request.path_params["id"])
        if found is None:
            raise Refused(404, f"no analysis {request.path_params['id']!r}")
        return JSONResponse(found)

    async def what_if(request: Request) -> Response:
        asked = await _asked(request)
        client = str(asked.pop("client", ""))
        if the().state.client(client) is None:
            raise Refused(404, f"no client {client!r}")
        _label(request, client)
        job = the().jobs.ask(client, _change(asked), paths=the().settings.paths)
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"/jobs/{job}/page", 303)
        links = {"job": f"/jobs/{job}", "events": f"/jobs/{job}/events", "page": f"/jobs/{job}/page"}
        return JSONResponse({"id": job, **links}, 202)

    def find_job(request: Request) -> dict[str, Any]:
        job = the().jobs.job(request.path_params["id"])
        if job is None:
            raise Refused(404, f"no job {request.path_params['id']!r}")
        return job

    async def job(request: Request) -> Response:
        return JSONResponse(find_job(request))

    async def job_page(request: Request) -> Response:
        return HTMLResponse(pages.get_template("job.html").render(job=find_job(request)))

    async def events(request: Request) -> Response:
        find_job(request)

        async def tell() -> AsyncIterator[bytes]:
            told = None
            while not await request.is_disconnected():
                now = find_job(request)
                ended = now["state"] in ("done", "failed")
                state = (now["state"], now["done"], now["total"])
                if state != told:
                    told = state
                    if not ended:
                        del now["result"]
                    yield f"event: {'result' if ended else 'progress'}\ndata: {json.dumps(now)}\n\n".encode()
                if ended:
                    return
                await asyncio.sleep(0.3)

        return StreamingResponse(tell(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def start_page(request: Request) -> Response:
        diary = home.diary()
        chosen = request.query_params.get("client", "").strip()
        if chosen:
            return RedirectResponse(f"/clients/{chosen}", 303)
        named = {bank: [client for client in diary if bank_of(client) == bank] for bank in BANKS}
        return HTMLResponse(pages.get_template("start.html").render(diary=named))

    async def client_page(request: Request) -> Response:
        client = request.path_params["client"]
        _label(request, client)
        answer = json.loads(await the().answer(client))
        view = the().state.client(client)
        page = pages.get_template("client.html").render(answer=answer, view=view, bank=BANKS[answer["bank"]])
        return HTMLResponse(page)

    async def health(request: Request) -> Response:
        return JSONResponse(report(the().state, datetime.now(UTC)))

    async def ready(request: Request) -> Response:
        """Ready when the model is loaded, clients are known and no end is near."""
        known = the().state.connection.execute("SELECT count(*) FROM clients").fetchone()[0]
        able = known > 0 and not request.app.state.ending
        return JSONResponse({"ready": able, "clients": known, "model": the().model.digest}, 200 if able else 503)

    async def alive(request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(pages.get_template("refused.html").render(what=error.what), error.status)
        return JSONResponse({"error": error.what}, error.status)

    def route(path: str, endpoint: Callable[[Request], Awaitable[Response]], *methods: str) -> Route:
        return Route(path, endpoint, methods=list(methods or ("GET",)))

    app = Starlette(
        routes=[
            route("/", start_page),
            route("/clients/{client}", client_page),
            route("/insight", insight, "POST"),
            route("/insight/{id}/audit", audit),
            route("/analyses/{id}", analysis),
            route("/what-if", what_if, "POST"),
            route("/jobs/{id}", job),
            route("/jobs/{id}/page", job_page),
            route("/jobs/{id}/events", events),
            route("/health", health),
            route("/ready", ready),
            route("/alive", alive),
            Mount("/static", StaticFiles(directory=WEB / "static")),
        ],
        lifespan=lifespan,
        middleware=[Middleware(Watch, telemetry=telemetry, faults=Faults(home.faults))],
        exception_handlers={Refused: refused},
    )
    app.state.ending = False
    return app


class Server(uvicorn.Server):
    """Told to end, it says so on /ready and goes on for a moment, so that nobody is cut off who was on the way."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        app: Starlette = self.config.app  # type: ignore[assignment]
        if app.state.ending:  # told twice: at once
            self.force_exit = self.should_exit = True
            return
        app.state.ending = True
        threading.Timer(DRAIN_SECONDS, setattr, (self, "should_exit", True)).start()


def serve(home: Home, *, release: str, port: int) -> None:
    """Serve until SIGTERM; requests under way are finished."""
    config = uvicorn.Config(
        create(home, release=release), host="127.0.0.1", port=port, access_log=False, log_level="warning",
        backlog=4096, timeout_graceful_shutdown=4,
    )  # fmt: skip
    Server(config).run()


def _label(request: Request, client: str) -> None:
    """Whose request it is, for metrics and logs."""
    try:
        request.scope["customer"] = bank_of(client)
    except KeyError:
        request.scope["customer"] = ""


async def _asked(request: Request) -> dict[str, Any]:
    """A JSON body or a form."""
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            asked = json.loads(await request.body())
        except ValueError:
            raise Refused(400, "the body is no JSON") from None
        if not isinstance(asked, dict):
            raise Refused(400, "send a JSON object")
        return {**asked.pop("change", {}), **asked} if isinstance(asked.get("change", {}), dict) else asked
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _change(asked: dict[str, Any]) -> dict[str, float]:
    """The what-if as numbers within their limits."""
    change: dict[str, float] = {}
    for name, value in asked.items():
        if name not in CHANGES:
            raise Refused(400, f"no what-if about {name!r}; there are {', '.join(CHANGES)}")
        low, high = CHANGES[name]
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise Refused(400, f"{name} {value!r} is no number") from None
        if not low <= number <= high:
            raise Refused(400, f"{name} {number:g} is outside {low} to {high}")
        change[name] = number
    if not change:
        raise Refused(400, f"say what should be different: {', '.join(CHANGES)}")
    Scenario(name="what if", **change)
    return change
