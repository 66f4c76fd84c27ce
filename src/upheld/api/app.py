"""The application: one factory on which every part mounts its routes."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI

from upheld import __version__
from upheld.api import accounts, audit, health, problems, provider, records, session, threads
from upheld.api.guard import Figures, Guard
from upheld.api.problems import MEDIA_TYPE, Problem
from upheld.server.service import Server
from upheld.server.settings import Settings

# Whoever brings more routes is given the application: `mount(app)`. The pages do, and telemetry and flags will.
Mount = Callable[[FastAPI], None]
ROUTERS = (
    health.router,
    session.router,
    accounts.router,
    threads.router,
    records.router,
    audit.router,
    provider.router,
)


def create_app(settings: Settings, *, mounts: Sequence[Mount] = ()) -> FastAPI:
    """The application for these settings; it opens the database and the repositories when it starts, not before."""
    server = Server(settings)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        server.start()
        try:
            yield
        finally:
            server.stop()

    app = FastAPI(
        responses={status: {"model": Problem, "content": {MEDIA_TYPE: {}}} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)},
        title="Upheld", version=__version__, lifespan=life, openapi_url="/api/v1/openapi.json", docs_url=None,
        redoc_url=None, separate_input_output_schemas=False,
        description="The common record of promises, evidence and verdicts.",
    )  # fmt: skip
    app.state.server = server
    app.state.figures = Figures(server)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    for mount in mounts:
        mount(app)
    app.add_middleware(Guard, server=server)
    return app
