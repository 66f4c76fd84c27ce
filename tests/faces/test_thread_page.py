"""`upheld thread --format html`: one file, whole or not at all, the same bytes from the same inputs."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.upheld("REQ-PAG-001.c1"), pytest.mark.slow]
AT = "2026-11-22T07:40:00Z"


def thread(sample: Path, *words: object) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from upheld.cli import main; main()", "thread"]
    given = ("--project", sample, "--evidence", sample / "evidence", "--at", AT, "--no-store")
    return subprocess.run([*map(str, (*program, *words, *given))], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sample(repository: Path) -> Path:
    return repository / "src" / "upheld" / "sample"


def test_the_board_is_written_to_a_file_and_the_same_bytes_are_printed(sample, tmp_path):
    file = tmp_path / "threads.html"
    written, printed = thread(sample, "--format", "html", "--output", file), thread(sample, "--format", "html")
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    text = file.read_text("utf-8")
    assert text == printed.stdout
    assert text.startswith("<!doctype html>")
    assert "REQ-LAT-001.c1" in text
    assert "eastcredit" in text
    assert [p.name for p in tmp_path.iterdir()] == ["threads.html"]


def test_one_promise_is_drawn_without_a_board(sample):
    text = thread(sample, "REQ-LAT-001", "--format", "html").stdout
    assert "What carries each verdict" in text
    assert '<section class="rows">' not in text


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("REQ-NONE", "--format", "html"), 2, 'no requirement or criterion "REQ-NONE"'),
        (("--impact", "--format", "html"), 2, "--impact is shown as text or json"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_line(sample, words, status, said):
    answer = thread(sample, *words)
    assert answer.returncode == status
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_file_that_cannot_be_written_leaves_nothing_behind(sample, tmp_path):
    answer = thread(sample, "--format", "html", "--output", tmp_path)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert list(tmp_path.iterdir()) == []
