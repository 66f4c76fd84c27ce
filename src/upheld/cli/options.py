"""The options that many commands share: where the project is, which evidence, as of when, in which form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

project = click.option(
    "--project",
    "start",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of the project (default: here).",
)
evidence = click.option(
    "--evidence", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), help="Files or folders."
)
at = click.option("--at", "at_text", help="As of this date or time instead of now.")
store = click.option(
    "--store/--no-store", default=True, show_default=True, help="Use what .upheld/records.db remembers."
)


def form(*more: str, help: str = "Text for people, or data for other tools.") -> Callable[[Command], Command]:  # noqa: A002
    """How to print: text, JSON, and what else a command can write."""
    return click.option(
        "--format", "form", type=click.Choice(["text", "json", *more]), default="text", show_default=True, help=help
    )
