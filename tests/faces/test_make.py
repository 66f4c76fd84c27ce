"""The first minute of a stranger: `make` lists the commands, and a machine that lacks something is told what to type."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.upheld("REQ-INS-001.c1")
BARE = ("basename", "bash", "dirname", "env", "sh")


@pytest.fixture
def machine(tmp_path: Path, repository: Path) -> Path:
    """A folder with our installer, and a PATH that holds a shell but neither uv nor Python."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "scripts").mkdir()
    shutil.copy2(repository / "scripts/install", tmp_path / "scripts/install")
    for name in BARE:
        tool = shutil.which(name)
        assert tool is not None
        (tmp_path / "bin" / name).symlink_to(tool)
    return tmp_path


def program(machine: Path, name: str, text: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


def install(machine: Path, **environment: str) -> str:
    """Run the installer, which must refuse; give what it says."""
    answer = subprocess.run(
        [machine / "scripts/install", "requirements.lock", "."],
        env={"PATH": str(machine / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    return answer.stderr


@pytest.mark.parametrize("word", ["bench", "check", "clean", "demo", "format", "help", "lock", "mutation", "test"])
def test_make_alone_lists(word: str, repository: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    answer = subprocess.run(["make"], cwd=repository, env=clean, capture_output=True, text=True, check=True)
    assert f"  make {word} " in answer.stdout


def test_a_missing_python_is_named(machine: Path) -> None:
    assert "there is no python3 on PATH" in install(machine)


def test_an_old_python_is_named_with_its_version(machine: Path) -> None:
    program(machine, "python3", 'case "$2" in *print*) echo 3.9.2 ;; *) exit 1 ;; esac')
    assert "Python 3.11 or newer is needed; python3 is 3.9.2. Name a newer one: make PYTHON=" in install(machine)


@pytest.mark.parametrize(("python", "package"), [("python3", "python3-venv"), ("python3.12", "python3.12-venv")])
def test_a_missing_ensurepip_is_answered_with_the_line_to_type(python: str, package: str, machine: Path) -> None:
    (machine / "without").mkdir()
    (machine / "without/ensurepip.py").write_text("raise ImportError\n", "utf-8")
    program(machine, python, f'PYTHONPATH="{machine}/without" exec "{sys.executable}" "$@"')
    assert f"\n    sudo apt install {package}\n" in install(machine, PYTHON=python)
