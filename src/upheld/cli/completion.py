"""`upheld completion`: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from upheld.errors import UsageError


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    bash: add eval "$(upheld completion bash)" to ~/.bashrc; zsh: the same with zsh in ~/.zshrc; fish: upheld completion
    fish > ~/.config/fish/completions/upheld.fish
    """
    from upheld.cli import cli

    found = get_completion_class(shell)
    if found is None:
        raise UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, "upheld", "_UPHELD_COMPLETE").source())
