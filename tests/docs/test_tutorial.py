"""The README's five minutes, typed by a machine: every command runs, and says what the page shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)```", re.DOTALL)


def blocks() -> list[re.Match[str]]:
    text = README.read_text(encoding="utf-8")
    return list(BLOCK.finditer(text, text.index("## Five minutes"), text.index("## Where things are")))


def shown(pattern: str, output: str) -> bool:
    """Whether some line of the output is the shown one, with … standing for anything."""
    expression = re.compile(".*".join(re.escape(part) for part in pattern.strip().split("…")))
    return any(
        expression.fullmatch(line.strip()) or ("…" in pattern and expression.search(line))
        for line in output.splitlines()
    )


class Terminal:
    def __init__(self, folder: Path) -> None:
        self.folder, self.status = folder, 0
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull}

    def type(self, command: str) -> str:
        if command.startswith("cd "):
            self.folder = self.folder / shlex.split(command)[1]
            return ""
        if command == "echo $?":
            return str(self.status)
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        self.status = done.returncode
        return done.stdout + done.stderr


@pytest.mark.upheld("REQ-DOC-001.c1")
def test_the_five_minutes_of_the_readme_run_as_they_are_shown(tmp_path):
    terminal = Terminal(tmp_path)
    typed = 0
    for block in blocks():
        if block["file"]:
            path = terminal.folder / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
            continue
        output = ""
        for line in block["text"].splitlines():
            if line.startswith("$ "):
                output, typed = terminal.type(line[2:]), typed + 1
            else:
                assert shown(line, output), f"the README shows\n  {line}\nbut the command said\n{output}"
    assert typed > 10
