"""`upheld mcp`: let a coding agent or an editor ask about promises."""

from pathlib import Path

import click

from upheld.cli import options
from upheld.errors import UsageError


@click.command()
@options.project
def mcp(start: Path) -> None:
    """Speak the Model Context Protocol over standard input and output: threads, verdicts, what a gate still needs.

    Read-only. For an agent's configuration: {"command": "upheld", "args": ["mcp", "--project", "."]}.
    """
    try:
        from upheld.mcp import run
    except ModuleNotFoundError as error:
        raise UsageError(
            f"this needs more than the command line has; install it with: pip install 'upheld[mcp]' ({error.name} is missing)"
        ) from None
    run(start)
