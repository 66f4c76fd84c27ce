"""The documentation is current: generated pages, links, and the commands it shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from upheld.cli import COMMANDS, cli

pytestmark = pytest.mark.upheld("REQ-DOC-001.c1")
ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("packages/*/README.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^\$ (upheld .+)$", re.MULTILINE)


def test_the_generated_pages_are_current():
    done = subprocess.run(
        [sys.executable, "scripts/pages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}: run scripts/pages.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    broken = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_that_is_shown_exists_with_its_options(page):
    for shown in COMMAND.findall(page.read_text(encoding="utf-8")):
        words = shlex.split(shown.split(" > ")[0], comments=True)
        assert words[1] in COMMANDS, shown
        command = cli.get_command(None, words[1])
        command = getattr(command, "commands", {}).get(words[2], command) if len(words) > 2 else command
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        unknown = [word for word in words[2:] if word.startswith("--") and word.split("=")[0] not in known]
        assert not unknown, shown


def test_every_option_says_what_it_is_for():
    silent = [
        f"{name} {parameter.opts[0]}"
        for name in COMMANDS
        for command in (cli.get_command(None, name), *getattr(cli.get_command(None, name), "commands", {}).values())
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.help
    ]
    assert not silent
