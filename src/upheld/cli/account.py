"""`upheld account`: accounts of the server, made where its database is: the first administrator above all."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upheld.errors import UsageError

if TYPE_CHECKING:
    from upheld.core.scope import Grant
    from upheld.store.accounts import Accounts

BY = "command line"
DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The server's folder (default: .upheld/server, or UPHELD_DATA).",
)
DATABASE = click.option("--database", default="", help="Database URL (default: SQLite in that folder).")


def database_url(data: Path | None, database: str) -> str:
    """The database that options or the environment name."""
    folder = data or Path(os.environ.get("UPHELD_DATA", ".upheld/server"))
    return database or os.environ.get("UPHELD_DATABASE_URL", "") or f"sqlite:///{folder.resolve() / 'server.db'}"


def _accounts(data: Path | None, database: str) -> "Accounts":
    try:
        from upheld.store.accounts import Accounts
        from upheld.store.database import Database
    except ImportError as error:
        raise UsageError(
            f"this needs the server's parts: pip install 'upheld[server]' ({error.name} is missing)"
        ) from None
    store = Database(database_url(data, database))
    click.get_current_context().call_on_close(store.close)
    store.upgrade()
    return Accounts(store)


@click.group()
def account() -> None:
    """Make accounts, give roles, reset passwords; the server may be running meanwhile."""


@account.command()
@click.argument("name")
@click.option("--administrator", is_flag=True, help="May make accounts and tokens.")
@click.option(
    "--role", "roles", multiple=True, help="PRODUCT:ROLE or PRODUCT:ROLE:CUSTOMER, e.g. insights:engineering."
)
@click.option("--email", default="", help="Address for commits made in their name.")
@click.option("--person", default="", help="Their name under people in upheld.yaml.")
@DATA
@DATABASE
def create(
    name: str, administrator: bool, roles: tuple[str, ...], email: str, person: str, data: Path | None, database: str
) -> None:
    """Make the account NAME; the password is asked for, or read from a pipe."""
    from upheld.core.scope import Grant, Role

    grants = [Grant(product="", role=Role.ADMINISTRATOR)] if administrator else []
    grants += [_role(text) for text in roles]
    _accounts(data, database).create(
        name, password=_password(), email=email, person=person, grants=grants, by=BY, at=datetime.now(UTC)
    )
    click.echo(f"{name} may sign in")


@account.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, help="PRODUCT:ROLE or PRODUCT:ROLE:CUSTOMER; none takes all away.")
@click.option("--administrator", is_flag=True, help="May make accounts and tokens.")
@DATA
@DATABASE
def roles(name: str, roles: tuple[str, ...], administrator: bool, data: Path | None, database: str) -> None:
    """Give the account NAME exactly these roles."""
    from upheld.core.scope import Grant, Role

    grants = [Grant(product="", role=Role.ADMINISTRATOR)] if administrator else []
    grants += [_role(text) for text in roles]
    _accounts(data, database).set_grants(name, grants, by=BY, at=datetime.now(UTC))
    click.echo(f"{name} has {len(grants)} role" + ("" if len(grants) == 1 else "s"))


@account.command()
@click.argument("name")
@DATA
@DATABASE
def password(name: str, data: Path | None, database: str) -> None:
    """Reset the password of the account NAME; its sessions end."""
    _accounts(data, database).set_password(name, _password(), by=BY, at=datetime.now(UTC))
    click.echo(f"{name} has a new password")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def _role(text: str) -> "Grant":
    from upheld.core.scope import Grant, Role

    product, _, rest = text.partition(":")
    role, _, customer = rest.partition(":")
    known = [r.value for r in Role]
    if not product or role not in known:
        raise UsageError(
            f'"{text}" is no role; write PRODUCT:ROLE or PRODUCT:ROLE:CUSTOMER, ROLE one of {", ".join(known)}'
        )
    return Grant(product=product, role=Role(role), customer=customer)
