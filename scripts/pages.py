"""Write the generated pages of the documentation: every command with its options, every reader with its indicators.

.venv/bin/python scripts/pages.py          write them
.venv/bin/python scripts/pages.py --check  fail when one is not current
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import click
from click.testing import CliRunner

from upheld import readers
from upheld.cli import COMMANDS, cli
from upheld.core.criterion import Indicator, Kind
from upheld.project import json_schema
from upheld.sources import repository

DOCS = Path(__file__).resolve().parent.parent / "docs"


def commands() -> str:
    """Every command's help, as the terminal shows it."""
    parts = ["# Commands\n\nGenerated from the commands themselves (`scripts/pages.py`).\n"]
    runner = CliRunner()
    inside = {name: getattr(cli.get_command(click.Context(cli), name), "commands", {}) for name in COMMANDS}
    every = [words for first, subs in inside.items() for words in (first, *(f"{first} {sub}" for sub in subs))]
    for name in every:
        shown = runner.invoke(cli, [*name.split(), "--help"], prog_name="upheld", terminal_width=100).output
        parts.append(f"## upheld {name}\n\n```\n{shown.strip()}\n```\n")
    return "\n".join(parts)


def formats() -> str:
    """Every reader with the files it takes, and every native indicator with its meaning."""
    parts = ["# Formats and their indicators\n\nGenerated from the readers themselves (`scripts/pages.py`).\n"]
    for reader in readers.READERS:
        names = ", ".join(f"`{f}`" for f in reader.files)
        parts.append(f"## {reader.title}\n\n{reader.help}\n\nFiles usually named {names}.\n")
        parts.append(
            _table(reader.indicators.values()) if reader.indicators else "Each record names its own indicator.\n"
        )
    parts.append("## Facts of the repository\n\nComputed from git and the source; nothing has to be given.\n")
    parts.append(_table(repository.NATIVE.values()))
    return "\n".join(parts)


def _table(indicators: Iterable[Indicator]) -> str:
    rows = ["| indicator | kind | unit | meaning |", "|---|---|---|---|"]
    for i in indicators:
        unit = i.unit.name or ("%" if i.kind is Kind.RATIO else "")
        rows.append(f"| `{i.name}` | {i.kind.value} | {unit} | {i.help} |")
    return "\n".join(rows) + "\n"


def _schema(document: Mapping[str, object]) -> str:
    """A JSON Schema of a definition file, as editors take it."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands, "formats.md": formats,
    **{f"schemas/files/{name}.json": partial(_schema, document) for name, document in json_schema.schemas().items()},
}  # fmt: skip


def main() -> None:
    """Write the pages, or say which is not current."""
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        click.echo(f"{'not current' if '--check' in sys.argv else 'wrote'}: {', '.join(stale)}")
    sys.exit(1 if stale and "--check" in sys.argv else 0)


if __name__ == "__main__":
    main()
