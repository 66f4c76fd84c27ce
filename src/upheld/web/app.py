"""The whole server as uvicorn starts it: the API with the pages on it, told by the environment."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from upheld.api.app import create_app
from upheld.server.settings import Settings
from upheld.web import boards, customers, entry, gates, promises, sentences
from upheld.web.pages import fault

STATIC = Path(__file__).parent / "static"
ROUTERS = (entry.router, boards.router, promises.router, gates.router, customers.router, sentences.router)


def mount(app: FastAPI) -> None:
    """Put the pages on the application."""
    app.mount("/static", StaticFiles(directory=STATIC, packages=[("upheld.render", "static")]), name="static")
    app.state.fault_page = fault
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)


def create() -> FastAPI:
    """The application for the settings of the environment."""
    return create_app(Settings.from_environment(), mounts=[mount])
