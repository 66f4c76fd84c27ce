"""The server's database: one engine over SQLite or PostgreSQL, and transactions that say whether they write.

SQLite runs with a write-ahead log and a full sync, so that what was acknowledged survives a power loss, and every
writing transaction takes its lock at the beginning: one that reads first and writes later fails at once when busy.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from upheld.errors import UnavailableError, UsageError

BUSY_SECONDS = 10
_WRITES = "upheld_writes"


class Database:
    """A records database by its URL: `sqlite:///path` or `postgresql://…` (psycopg 3)."""

    def __init__(self, url: str, *, connections: int = 5) -> None:
        self.url = _driver(url)
        self._connections = connections
        self._engine: sa.Engine | None = None

    @property
    def engine(self) -> sa.Engine:
        """The engine, made at the first use."""
        if self._engine is None:
            self._engine = _engine(self.url, self._connections)
        return self._engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is one file on this machine."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def shown(self) -> str:
        """Where the records are, without any password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view, for reading; UnavailableError when the database cannot be reached."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise self._unavailable("read", error) from error

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that is durable once the block has been left; UnavailableError when it cannot be kept."""
        try:
            with self.engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
                yield connection
        except sa.exc.IntegrityError:
            raise
        except DBAPIError as error:
            raise self._unavailable("kept", error) from error

    def _unavailable(self, what: str, error: DBAPIError) -> UnavailableError:
        return UnavailableError(f"{self.shown}: records cannot be {what}: {_first_line(error.orig)}")

    def close(self) -> None:
        """Give every connection back."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    # ── Schema ──

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to a revision; nothing happens when it is there already."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.writing() as connection:
                if not self.is_sqlite:  # two processes that start at once must not both make the tables
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7263548)"))
                config = _alembic()
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
        except SQLAlchemyError as error:
            raise UnavailableError(f"{self.shown}: the schema cannot be brought to {revision}: {error}") from error

    def revision(self) -> str:
        """The revision of the schema; empty in a database that holds none of ours."""
        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""

    def check_schema(self) -> None:
        """Raise UnavailableError unless the schema is exactly the one that this version writes."""
        here, head = self.revision(), head_revision()
        if here == head:
            return
        known = {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}
        if here and here not in known:
            raise UnavailableError(f"{self.shown} was written by a newer Upheld (schema {here}); update this one")
        raise UnavailableError(
            f"{self.shown} has schema {here or 'none'}, needed is {head}; run: upheld serve --upgrade"
        )


def head_revision() -> str:
    """The schema that this version writes."""
    return ScriptDirectory.from_config(_alembic()).get_current_head() or ""


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("upheld.store") / "migrations"))
    return config


def _driver(url: str) -> sa.URL:
    try:
        found = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise UsageError(
            f'"{re.sub(r":[^:@/]*@", ":…@", url)}" is no database URL; e.g. sqlite:///records.db'
        ) from None
    backend = found.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return found.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UsageError(f'databases are SQLite and PostgreSQL; "{backend}" is neither')
    return found


def _engine(url: sa.URL, connections: int) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(
            url, pool_size=connections, max_overflow=connections, pool_pre_ping=True, pool_timeout=10,
            connect_args={"connect_timeout": 5, "options": "-c statement_timeout=30000 -c timezone=UTC"},
        )  # fmt: skip
    engine = sa.create_engine(
        url, pool_size=connections, max_overflow=connections, poolclass=sa.QueuePool, pool_timeout=10,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )  # fmt: skip

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun here, not by the driver
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
