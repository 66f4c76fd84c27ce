"""`upheld audit` on the trail of a server: check it, take it home, prove one entry, lay a checkpoint down, change the key."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upheld.cli import show
from upheld.cli.account import DATA, DATABASE, database_url
from upheld.errors import SignatureError, UsageError

if TYPE_CHECKING:
    from upheld.core.checkpoint import Verifier
    from upheld.store.bundle import Verified
    from upheld.store.database import Database
    from upheld.store.keys import Keys
    from upheld.store.trail import Signer

SCHEMA = "upheld/audit-verification/v1"


def database_there(data: Path | None, database: str) -> "Database":
    """The database of a server that is there already, of this version; UsageError when there is none."""
    try:
        from upheld.store.database import Database
    except ImportError as error:
        raise UsageError(
            f"this needs the server's parts: pip install 'upheld[server]' ({error.name} is missing)"
        ) from None
    url = database_url(data, database)
    found = Database(url)
    if found.is_sqlite and not Path(found.url.database or "").exists():
        raise UsageError(f"there is no database at {found.shown}; name it with --data or --database")
    click.get_current_context().call_on_close(found.close)
    found.check_schema()
    return found


def _keys(data: Path | None) -> "Keys":
    from upheld.store.keys import Keys

    return Keys(folder=(data or Path(os.environ.get("UPHELD_DATA", ".upheld/server"))).resolve() / "keys")


def _signer(database: "Database", data: Path | None) -> "Signer":
    from upheld.store.trail import Signer, log_origin

    wanted = os.environ.get("UPHELD_LOG_ORIGIN") or "upheld.local/log"
    return Signer(origin=log_origin(database, wanted), key=_keys(data).current())


def is_bundle(file: Path) -> bool:
    """Whether a file is what `upheld audit export` writes, by its first bytes."""
    with file.open("rb") as opened:
        return opened.read(12) == b'{"exported":'


def check_trail(
    bundle: Path | None, key: str, anchors: Sequence[Path], repositories: Sequence[Path], branch: str,
    data: Path | None, database: str,
) -> "Verified":  # fmt: skip
    """Check a bundle, or the database of the server; SignatureError names the first entry that is bad."""
    from upheld.core.checkpoint import verifier

    notes = [path.read_text(encoding="utf-8") for path in anchors]
    for repository in repositories:
        notes += _notes_of(repository, branch)
    try:
        from upheld.store import bundle as bundles
    except ImportError as error:
        raise UsageError(
            f"this needs the server's parts: pip install 'upheld[server]' ({error.name} is missing)"
        ) from None
    if bundle is not None:
        return bundles.verify(bundles.read(bundle.read_bytes()), verifier(key), notes)
    store = database_there(data, database)
    trusted = verifier(key) if key else _first_key(store, data)
    return bundles.verify_database(store, trusted, notes)


def _first_key(store: "Database", data: Path | None) -> "Verifier":
    from upheld.store.trail import Signer, log_origin

    return Signer(origin=log_origin(store, "upheld.local/log"), key=_keys(data).first()).verifier


def _notes_of(repository: Path, branch: str) -> list[str]:
    from upheld.sources.repository import committed

    found = committed(repository, branch, "checkpoints")
    if not found:
        raise UsageError(f"{repository} has no checkpoint on {branch}; fetch that branch first")
    return list(found.values())


def say(found: "Verified", form: str, *, own_key: bool) -> None:
    """Tell what was shown of a trail."""
    if form == "json":
        show.echo_json({
            "schema": SCHEMA, "entries": found.size, "signed": found.signed, "anchored": found.anchored,
            "keys": list(found.keys), "tail": found.tail or None, "own_key": own_key,
        })  # fmt: skip
        return
    click.echo(
        f"● {found.size} entries fit; {found.signed} under a signed checkpoint, {found.anchored} under one that lies outside"
    )
    if found.tail:
        click.echo(f"  {found.tail}")
    if own_key:
        click.echo("  checked with the server's own key: give --key and --anchor-git from outside to show more")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@DATA
@DATABASE
def export(file: Path, data: Path | None, database: str) -> None:
    """Write everything up to a checkpoint that is made now to FILE, for an auditor to take home."""
    store = database_there(data, database)
    from upheld.store import bundle as bundles
    from upheld.store import trail

    while trail.seal(store):
        pass
    trail.sign_checkpoint(store, [_signer(store, data)], at=datetime.now(UTC))
    making = file.with_name(f".{file.name}.making")
    with making.open("w", encoding="utf-8", newline="\n") as out:
        for line in bundles.export(store, at=datetime.now(UTC)):
            out.write(line)
    making.replace(file)
    click.echo(f"{file} written; check it with: python3 upheld_verify.py {file} --key … (upheld audit verifier)")


@click.command()
@click.argument("position", type=click.IntRange(0))
@DATA
@DATABASE
def prove(position: int, data: Path | None, database: str) -> None:
    """Print the entry at POSITION with the proof that it is under the newest checkpoint."""
    store = database_there(data, database)
    from upheld.store import trail

    with store.reading() as connection:
        found = trail.proof(connection, position)
    if found is None:
        raise SignatureError(f"no checkpoint covers an entry {position}")
    click.echo(json.dumps(found, ensure_ascii=False))


@click.command()
@DATA
@DATABASE
def checkpoint(data: Path | None, database: str) -> None:
    """Sign what is sealed now, and print the checkpoint: a CI log that keeps it is an anchor."""
    store = database_there(data, database)
    from upheld.store import trail

    while trail.seal(store):
        pass
    trail.sign_checkpoint(store, [_signer(store, data)], at=datetime.now(UTC))
    with store.reading() as connection:
        made = trail.checkpoints(connection)
    if not made:
        raise UsageError("nothing has happened yet: there is nothing to sign")
    click.echo(made[-1].note, nl=False)


@click.command("log-key")
@DATA
@DATABASE
def log_key(data: Path | None, database: str) -> None:
    """Print the log's verifier key: keep it where the server cannot change it; and the line for `server-keys`."""
    store = database_there(data, database)
    from upheld.project.ssh_signature import public_line

    signer = _signer(store, data)
    click.echo(f"verifier key   {signer.verifier}")
    click.echo(f"server-keys    {public_line(signer.key, signer.origin)}")


@click.command("rotate-key")
@DATA
@DATABASE
def rotate_key(data: Path | None, database: str) -> None:
    """Hand the log over to a new key; both sign the checkpoint over the entry that says so."""
    store = database_there(data, database)
    from upheld.store import trail
    from upheld.store.trail import Signer

    origin = _signer(store, data).origin
    old, new = _keys(data).rotate()
    made = trail.rotate(
        store, Signer(origin=origin, key=old), Signer(origin=origin, key=new), at=datetime.now(UTC), by="command line"
    )
    click.echo(f"verifier key   {Signer(origin=origin, key=new).verifier}")
    click.echo(made.note if made else "", nl=False)


@click.command()
def verifier() -> None:
    """Print the one-file verifier: nothing but Python 3, nothing of ours. Give it to whoever checks a bundle."""
    from importlib import resources

    click.echo((resources.files("upheld.store") / "upheld_verify.py").read_text(encoding="utf-8"), nl=False)


COMMANDS = (export, prove, checkpoint, log_key, rotate_key, verifier)
