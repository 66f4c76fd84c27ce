"""`upheld backup`: make one, restore one, and show by a drill that one comes back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from upheld.cli.account import DATA, DATABASE
from upheld.cli.trail import database_there

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
THERE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def backup() -> None:
    """Keep the server's records safe: one file for SQLite and PostgreSQL, and a drill that shows it comes back.

    Signing keys are not in it: copy the folder `keys` beside the database by another way.
    """


@backup.command()
@FILE
@DATA
@DATABASE
def make(file: Path, data: Path | None, database: str) -> None:
    """Write everything that the server keeps to FILE; the server may run meanwhile."""
    store = database_there(data, database)
    from upheld.store import backup as backups

    made = backups.back_up(store, file, at=datetime.now(UTC))
    click.echo(f"{file} written: {made.rows} rows, {made.size} entries of the trail, root {made.root[:12]}…")


@backup.command()
@THERE
@DATABASE
@DATA
def restore(file: Path, data: Path | None, database: str) -> None:
    """Fill an empty database from FILE, and compare counts, checksums and the root of the trail."""
    from upheld.cli.account import database_url
    from upheld.store import backup as backups
    from upheld.store.database import Database

    store = Database(database_url(data, database))
    click.get_current_context().call_on_close(store.close)
    if store.is_sqlite and store.url.database:
        Path(store.url.database).parent.mkdir(parents=True, exist_ok=True)
    found = backups.restore(store, file)
    click.echo(f"{found.rows} rows and {found.size} entries came back as they were on {found.made:%Y-%m-%d %H:%M} UTC")


@backup.command()
@THERE
@click.option("--into", default="", help="An empty database to restore into (default: a temporary SQLite file).")
@click.option("--subject", default="", help="Subject of the evidence, e.g. deployment:production.")
@click.option(
    "--evidence", type=click.Path(dir_okay=False, path_type=Path),
    help="Write backup.restored, backup.rto and backup.rpo there, for a readiness gate.",
)  # fmt: skip
def drill(file: Path, into: str, subject: str, evidence: Path | None) -> None:
    """Restore FILE into an empty database, compare, and measure how long it took; exit code 4 when it does not fit."""
    from upheld.store import backup as backups
    from upheld.store.database import Database

    now = datetime.now(UTC)
    found = backups.drill(file, at=now, into=Database(into) if into else None)
    if evidence is not None:
        evidence.write_text(json.dumps(found.evidence(at=now, subject=subject), indent=1) + "\n", encoding="utf-8")
    click.echo(f"● {found.backup.rows} rows and {found.backup.size} entries came back, root {found.backup.root[:12]}…")
    click.echo(f"  restored and checked in {found.rto:.1f} s; the backup is {found.rpo:.0f} s old")
