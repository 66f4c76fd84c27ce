"""`upheld check` in the forms that a CI shows, on a small project in a real repository."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.faces.test_judging_commands import Shop, junit
from upheld.cli import cli

pytestmark = pytest.mark.upheld("REQ-OUT-001.c1")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def check(shop: Shop, *words: str):
    folder = str(shop.root / "evidence")
    return shop.run("check", "merge", "--evidence", folder, "--subject", "git:a", "--no-store", *words)


def test_the_failing_criterion_is_annotated_at_its_line_from_where_the_job_stands(shop, monkeypatch):
    shop.evidence("junit.xml", junit("one"))
    monkeypatch.chdir(shop.root.parent)
    answer = check(shop, "--format", "github")
    assert answer.exit_code == 1
    first = answer.stdout.splitlines()[0]
    assert first.startswith(
        "::error file=shop/requirements/REQ-LAT-001.md,line=15,col=11,title=REQ-LAT-001.c2 not met::"
    )
    text = (shop.root / "requirements/REQ-LAT-001.md").read_text(encoding="utf-8").splitlines()
    assert text[14][10:] == "test.passed = 100 %"


def test_a_gates_own_criterion_and_a_sign_off_are_placed_in_the_gates_file(shop, monkeypatch):
    monkeypatch.chdir(shop.root)
    answer = shop.run("check", "strict", "--no-store", "--format", "gitlab")
    gates = (shop.root / "gates.yaml").read_text(encoding="utf-8").splitlines()
    for issue in json.loads(answer.stdout):
        assert issue["location"]["path"] == "gates.yaml"
        said = gates[issue["location"]["lines"]["begin"] - 1]
        assert ("sign-offs" if issue["check_name"].startswith("sign-off") else "tests:") in said


def test_one_run_prints_for_people_and_writes_for_machines(shop, tmp_path):
    answer = check(shop, "--write", f"junit={tmp_path}/out/gate.xml", "--write", f"markdown={tmp_path}/summary.md",
                   "--write", f"json={tmp_path}/gate.json", "--write", f"text={tmp_path}/gate.txt")  # fmt: skip
    assert answer.exit_code == 0
    assert answer.stdout.startswith("● met")
    assert (tmp_path / "out/gate.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert "## ● gate merge: met" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "gate.json").read_text(encoding="utf-8"))["verdict"] == "met"
    assert (tmp_path / "gate.txt").read_text(encoding="utf-8") == answer.stdout
    assert not list(tmp_path.glob(".*")), "nothing half-written stays"


@pytest.mark.parametrize("words", ["junit", "junit=", "xml=a", "=a"])
def test_a_form_or_file_that_is_none_exits_2_before_anything_is_judged(shop, words):
    answer = check(shop, "--write", words)
    assert answer.exit_code == 2
    assert "FORM=FILE" in str(answer.exception)


def test_a_file_that_cannot_be_written_keeps_what_was_there(shop, tmp_path):
    (tmp_path / "folder").mkdir()
    answer = check(shop, "--write", f"junit={tmp_path}/folder")
    assert answer.exit_code == 2
    assert list((tmp_path / "folder").iterdir()) == []


def test_text_and_json_load_no_document_writer():
    code = "import sys; import upheld.cli.check as c; print([m for m in sys.modules if m in ('jinja2', 'lxml', 'mcp')])"
    assert (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "[]"
    )


def test_the_badge_of_several_gates_is_one_picture(shop):
    answer = CliRunner().invoke(cli, ["check", "--project", str(shop.root), "--no-store", "--format", "badge"])
    assert answer.exit_code == 3
    assert answer.stdout.startswith("<svg")
    assert 'aria-label="upheld: inconclusive"' in answer.stdout
