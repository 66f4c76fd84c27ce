"""`upheld serve`: start the server on one repository, or on those that the environment names."""

import os
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upheld.errors import UnavailableError, UsageError

if TYPE_CHECKING:
    from upheld.server.settings import Settings

MISSING = "this needs more than the command line has; install it with: pip install 'upheld[server]'"
GRACE = 20  # seconds for requests under way when the server is told to stop


def settings_of(repository: str, *, product: str, data: Path | None, database: str) -> "Settings":
    """The server's settings from options, where given, over the environment; kept in the environment for its processes."""
    try:
        from upheld.server.settings import Settings
    except ImportError as error:
        raise UsageError(f"{MISSING} ({error.name} is missing)") from None
    if repository or not os.environ.get("UPHELD_PRODUCTS"):
        where = repository or "."
        root = Path(where).resolve()
        if "://" not in where and not root.is_dir():
            raise UsageError(f'"{where}" is no folder and no address of a repository')
        name = product or re.sub(r"[^a-z0-9]+", "-", Path(where).resolve().name.removesuffix(".git").lower()).strip("-")
        os.environ["UPHELD_PRODUCTS"] = f"{name or 'product'}={where if '://' in where else root}"
    elif product:
        raise UsageError("--product names the product of REPOSITORY; UPHELD_PRODUCTS names its products itself")
    os.environ.setdefault("UPHELD_DATA", ".upheld/server")
    if data is not None:
        os.environ["UPHELD_DATA"] = str(data)
    if database:
        os.environ["UPHELD_DATABASE_URL"] = database
    return Settings.from_environment()


@click.command()
@click.argument("repository", required=False, default="")
@click.option("--product", default="", help="What the product is called (default: the folder's name).")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of clones, keys and database (default: .upheld/server, or UPHELD_DATA).",
)
@click.option("--database", default="", help="Database URL (default: SQLite in that folder, or UPHELD_DATABASE_URL).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8610, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--processes", default=1, show_default=True, help="Processes that serve; several need PostgreSQL.")
@click.option("--upgrade/--no-upgrade", default=True, show_default=True, help="Bring the database to this version.")
def serve(
    repository: str,
    product: str,
    data: Path | None,
    database: str,
    host: str,
    port: int,
    processes: int,
    upgrade: bool,
) -> None:
    """Serve the project in REPOSITORY (a path or an address; default: here, or what UPHELD_PRODUCTS names).

    People sign in with accounts: make the first administrator with `upheld account create NAME --administrator`.
    """
    settings = settings_of(repository, product=product, data=data, database=database)
    import uvicorn

    from upheld.store.database import Database

    store = Database(settings.database_url)
    if processes > 1 and store.is_sqlite:
        raise UsageError("several processes need PostgreSQL: one SQLite file is written by one process at a time")
    if upgrade:
        store.upgrade()
    store.check_schema()
    store.close()
    try:
        listening = socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        raise UnavailableError(
            f"{host}:{port} cannot be listened on: {error.strerror}; choose another with --port"
        ) from None
    port = listening.getsockname()[1]
    os.environ.setdefault("UPHELD_ADDRESS", f"http://{host}:{port}")
    click.echo(f"upheld serves {', '.join(settings.products)} at {os.environ['UPHELD_ADDRESS']}/", err=True)
    config = uvicorn.Config(
        "upheld.web.app:create", factory=True, workers=processes, log_config=LOGGING, access_log=False,
        timeout_graceful_shutdown=GRACE, server_header=False, proxy_headers=False, http="httptools", ws="none", loop="asyncio",
    )  # fmt: skip
    if processes == 1:
        uvicorn.Server(config).run(sockets=[listening])
        return
    from uvicorn.supervisors import Multiprocess

    Multiprocess(config, sockets=[listening]).run()


@click.command()
@click.argument("repository", required=False, default="")
@click.option("--product", default="", help="What the product is called (default: the folder's name).")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of clones and keys (default: .upheld/server, or UPHELD_DATA).",
)
@click.option("--database", default="", help="Database URL (default: SQLite in that folder, or UPHELD_DATABASE_URL).")
@click.option("--rounds", default=0, help="End after so many rounds (default: when told to).")
def worker(repository: str, product: str, data: Path | None, database: str, rounds: int) -> None:
    """Seal, re-judge what grows old, lay down checkpoints and forget what is over, without serving anybody.

    A server does all of this itself; a worker keeps it going while no server runs, or takes it off them.
    """
    settings = settings_of(repository, product=product, data=data, database=database)
    import logging.config

    from upheld.worker import run

    logging.config.dictConfig(LOGGING)
    made = run(settings, rounds=rounds)
    click.echo(f"{made} round" + ("" if made == 1 else "s"), err=True)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "upheld.api.guard.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
    "loggers": {
        "upheld": {"handlers": ["out"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["out"], "level": "WARNING", "propagate": False},
        "uvicorn.error": {"handlers": ["out"], "level": "WARNING", "propagate": False},
    },
}
