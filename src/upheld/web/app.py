"""The whole server as uvicorn starts it: the API with the pages on it, told by the environment."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from upheld.api.app import create_app
from upheld.server.settings import Settings

STATIC = Path(__file__).parent / "static"


def mount(app: FastAPI) -> None:
    """Put the pages on the application."""
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")


def create() -> FastAPI:
    """The application for the settings of the environment."""
    return create_app(Settings.from_environment(), mounts=[mount])
