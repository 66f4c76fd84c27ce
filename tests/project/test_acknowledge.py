"""Accepting a changed end touches the characters of one fingerprint, and nothing else in the file."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.project.definitions import DECISION, FILES, changed, linted, loaded, written
from upheld.cli.definitions import ack, lint
from upheld.errors import UsageError
from upheld.project.acknowledge import acknowledge

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

LAT = "requirements/REQ-LAT-001.md"
BLOCK = """links:
  - refines: REQ-ADV-004   # the parent
    seen: 00000000   # of March
  - depends-on: "REQ-ADV-004.c1"
criteria:"""
# The links as they are written, the other end, and the links as they shall be with the fingerprint NOW.
FORMS = {
    "braces": ("[{refines: REQ-ADV-004, seen: 00000000}]", "[{refines: REQ-ADV-004, seen: NOW}]"),
    "braces, seen first": ("[{seen: 00000000, refines: REQ-ADV-004}]", "[{seen: NOW, refines: REQ-ADV-004}]"),
    "braces, odd spaces": ("[ { refines:   REQ-ADV-004 ,seen:  00000000 } ]", "[ { refines:   REQ-ADV-004 ,seen:  NOW } ]"),
    "braces over two lines": ("[{refines: REQ-ADV-004,\n    seen: 00000000}]", "[{refines: REQ-ADV-004,\n    seen: NOW}]"),
    "quoted": ('[{refines: "REQ-ADV-004", seen: "00000000"}]', '[{refines: "REQ-ADV-004", seen: "NOW"}]'),
    "single quotes": ("[{'refines': 'REQ-ADV-004', 'seen': '00000000'}]", "[{'refines': 'REQ-ADV-004', 'seen': 'NOW'}]"),
    "braces without": ("[{refines: REQ-ADV-004}]", "[{refines: REQ-ADV-004, seen: NOW}]"),
    "quoted without": ('[{refines: "REQ-ADV-004" }]', '[{refines: "REQ-ADV-004", seen: NOW }]'),
    "second of two": (
        "[{depends-on: REQ-ADV-004.c1, seen: 00000000}, {refines: REQ-ADV-004, seen: 00000000}]",
        "[{depends-on: REQ-ADV-004.c1, seen: 00000000}, {refines: REQ-ADV-004, seen: NOW}]",
    ),
    "block": (
        "\n  - refines: REQ-ADV-004   # the parent\n    seen: 00000000   # of March",
        "\n  - refines: REQ-ADV-004   # the parent\n    seen: NOW   # of March",
    ),
    "block without": (
        "\n  - refines: REQ-ADV-004   # the parent\n  - depends-on: REQ-ADV-004.c1",
        "\n  - refines: REQ-ADV-004   # the parent\n    seen: NOW\n  - depends-on: REQ-ADV-004.c1",
    ),
    "block without, at the dash of a deeper list": (
        "\n    -   refines: 'REQ-ADV-004'", "\n    -   refines: 'REQ-ADV-004'\n        seen: NOW"),
}  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("form", FORMS)
def test_only_the_fingerprint_changes(form: str, mark: str, ends: str, tmp_path: Path) -> None:
    before, after = FORMS[form]
    text = changed(LAT, "[{refines: REQ-ADV-004}]", before)[LAT]
    root = written(tmp_path, {**FILES, LAT: (mark + text).replace("\n", ends)})
    now = loaded(root).catalogue.fingerprint("REQ-ADV-004")
    done = acknowledge(loaded(root), "REQ-LAT-001", "REQ-ADV-004")
    expected = (mark + text).replace(before, after.replace("NOW", now)).replace("\n", ends)
    assert done.text == expected
    assert done.changed
    written(root, {LAT: done.text})
    assert [f.rule for f in linted(root) if f.rule == "link-suspect" and f.message.startswith("the text")] == []
    assert not acknowledge(loaded(root), "REQ-LAT-001", "REQ-ADV-004").changed


@given(
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\ufeff\ufffe\uffff"),
        max_size=30,
    )
)
def test_what_stands_around_a_link_stays_as_it_is(tmp_path_factory: pytest.TempPathFactory, around: str) -> None:
    text = FILES[LAT].replace("{refines: REQ-ADV-004}", "{refines: REQ-ADV-004, seen: 00000000}")
    text = (
        text.replace("title: Insights", f"x-note: {json.dumps(around, ensure_ascii=False)}\ntitle: Insights") + around
    )
    root = written(tmp_path_factory.mktemp("p"), {**FILES, LAT: text})
    now = loaded(root).catalogue.fingerprint("REQ-ADV-004")
    assert acknowledge(loaded(root), "REQ-LAT-001", "REQ-ADV-004").text == text.replace("00000000", now)


def test_a_link_in_a_list_file_is_found_by_its_item(tmp_path: Path) -> None:
    text = "- id: REQ-A-1\n  title: a\n- id: REQ-A-2\n  title: b\n  links: [{refines: REQ-A-1}]\n"
    root = written(tmp_path, {**FILES, "requirements/more.requirements.yaml": text})
    done = acknowledge(loaded(root), "REQ-A-2", "REQ-A-1")
    assert done.text == text.replace("REQ-A-1}", f"REQ-A-1, seen: {done.after}}}")


def test_a_decision_accepts_a_changed_criterion(tmp_path: Path) -> None:
    text = DECISION.replace("chosen:", "links: [{depends-on: REQ-LAT-001.c1}]\nchosen:")
    root = written(tmp_path, {**FILES, "decisions/0007-p.md": text})
    done = acknowledge(loaded(root), "ADR-0007", "REQ-LAT-001.c1")
    assert done.after == loaded(root).catalogue.fingerprint("REQ-LAT-001.c1")
    assert f"seen: {done.after}" in done.text


@pytest.mark.parametrize(
    ("start", "to", "message"),
    [
        ("REQ-LAT-009", "REQ-ADV-004", 'no requirement or decision "REQ-LAT-009"'),
        ("REQ-LAT-001", "REQ-ADV-005", "has no link to REQ-ADV-005; it links to REQ-ADV-004"),
        ("REQ-ADV-004", "REQ-LAT-001", "it has no links"),
    ],
)
def test_a_link_that_is_not_there_is_named(start: str, to: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        acknowledge(loaded(written(tmp_path, FILES)), start, to)


def test_a_dangling_link_cannot_be_accepted(tmp_path: Path) -> None:
    root = written(tmp_path, changed(LAT, "REQ-ADV-004}", "REQ-ADV-040}"))
    with pytest.raises(UsageError, match="nothing here is called that"):
        acknowledge(loaded(root), "REQ-LAT-001", "REQ-ADV-040")


def test_a_link_that_is_written_twice_is_refused(tmp_path: Path) -> None:
    root = written(
        tmp_path, changed(LAT, "{refines: REQ-ADV-004}", "{refines: REQ-ADV-004}, {depends-on: REQ-ADV-004}")
    )
    with pytest.raises(UsageError, match="2 times"):
        acknowledge(loaded(root), "REQ-LAT-001", "REQ-ADV-004")


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def acked(root: Path, *words: str) -> tuple[int, str, BaseException | None]:
    answer = CliRunner().invoke(ack, ["REQ-LAT-001", "REQ-ADV-004", *words, "--project", str(root)])
    return answer.exit_code, answer.output, answer.exception


def test_the_command_ends_the_suspicion_and_keeps_who_and_why(tmp_path: Path) -> None:
    root = written(tmp_path, changed(LAT, "REQ-ADV-004}", "REQ-ADV-004, seen: 00000000}"))
    assert [f.rule for f in linted(root)] == ["link-suspect"]
    code, said, _ = acked(root, "--by", "lisa", "--why", "the wording only", "--at", "2026-11-22T09:30:00Z")
    assert code == 0
    now = re.search(r"seen: ([0-9a-f]{8})", (root / LAT).read_text("utf-8"))[1]
    assert f"REQ-LAT-001 refines REQ-ADV-004 has seen {now} (was 00000000)" in said
    assert "link-suspect" not in CliRunner().invoke(lint, ["--project", str(root)]).output
    [(kind, body)] = sqlite3.connect(root / ".upheld/records.db").execute("SELECT kind, body FROM record").fetchall()
    assert kind == "ack"
    assert json.loads(body) == {
        "schema": "upheld/ack/v1", "from": "REQ-LAT-001", "to": "REQ-ADV-004", "before": "00000000", "seen": now,
        "by": "lisa", "why": "the wording only", "at": "2026-11-22T09:30:00+00:00",
    }  # fmt: skip


def test_a_second_time_there_is_nothing_to_accept(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    assert acked(root, "--by", "lisa", "--why", "new")[0] == 0
    code, said, _ = acked(root, "--by", "lisa", "--why", "new")
    assert code == 0
    assert "nothing to accept" in said


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    code, said, _ = acked(root, "--by", "lisa", "--why", "new", "--dry-run")
    assert code == 0
    assert "would set seen" in said
    assert (root / LAT).read_text("utf-8") == FILES[LAT]
    assert not (root / ".upheld/records.db").exists()


@pytest.mark.parametrize(
    ("by", "why", "message"), [("tom", "x", '"tom" is nobody in upheld.yaml'), ("lisa", "  ", "say why")]
)
def test_it_wants_somebody_known_and_a_reason(by: str, why: str, message: str, tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    _, _, error = acked(root, "--by", by, "--why", why)
    assert isinstance(error, UsageError)
    assert message in error.message
    assert (root / LAT).read_text("utf-8") == FILES[LAT]
