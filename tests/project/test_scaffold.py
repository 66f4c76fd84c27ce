"""Templates: what is written is read, asks only for what is missing, and never stands where something stood."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.project.definitions import FILES, TODAY, linted, loaded, written
from tests.project.test_joint import REQ, project, session
from tests.project.test_lint import FOUR, RAW
from upheld.core.requirement import Status
from upheld.errors import UsageError
from upheld.project import shapes
from upheld.project.finding import Severity
from upheld.project.scaffold import KINDS, Proposed, Wish, from_session, scaffold
from upheld.project.text import read

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

NAMES = {"waiver": "REQ-LAT-001.c1", "gate": "nightly", "customer": "westunion", "indicator": "feed.lag"}
# What a fresh template may still be asked for.
ASKED = {
    "waiver": {"missing-field"}, "session": {"session-not-joint"}, "review": {"review-not-joint"}, "risk": {"risk-incomplete"},
    "nonfunctional": {"nonfunctional-open"},
}  # fmt: skip


def made(root: Path, kind: str, *, at: date = TODAY, **wish: object) -> Proposed:
    """Scaffold and write, as the command does."""
    wish.setdefault("name", NAMES.get(kind, ""))
    proposed = scaffold(loaded(root), kind, Wish(**wish), at=at)  # type: ignore[arg-type]
    path = root / proposed.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text("utf-8") if proposed.append else "") + proposed.text, "utf-8")
    return proposed


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_asks_for_nothing_but_what_is_missing(kind: str, tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    proposed = made(root, kind)
    found = linted(root)
    assert {f.rule for f in found} <= ASKED.get(kind, set())
    assert {f.file for f in found} <= {proposed.file}
    item = loaded(root).item(kind, proposed.id)
    assert item is not None
    assert item.file == proposed.file


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("requirement", shapes.REQUIREMENT), ("decision", shapes.DECISION), ("session", shapes.SESSION),
        ("waiver", shapes.WAIVER), ("gate", shapes.GATE), ("risk", shapes.RISK), ("review", shapes.REVIEW), ("customer", shapes.CUSTOMER), ("indicator", shapes.INDICATOR),
    ],
)  # fmt: skip
def test_every_field_of_a_template_is_one_that_is_read(kind: str, shape: shapes.Shape, tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    proposed = scaffold(loaded(root), kind, Wish(name=NAMES.get(kind, "")), at=TODAY)
    tree = read(proposed.text.encode(), markdown=proposed.file.endswith(".md")).tree
    assert isinstance(tree, dict)
    fields = tree[proposed.id] if proposed.append else tree
    assert isinstance(fields, dict)
    assert set(fields) - set(shape.fields) == set()
    uncommented = [
        line
        for line in proposed.text.split("\n---\n")[0].split("\n")
        if re.match(r"\s*[a-z-]+:", line) and "#" not in line
    ]
    assert {line.strip().rstrip(":") for line in uncommented} <= {
        "source", "owners", "attendees", "criteria", "waivers", proposed.id, "tests: test.passed = 100 %"
    }  # fmt: skip


def test_a_raw_sentence_is_asked_its_questions(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    proposed = made(root, "requirement", text=RAW)
    requirement = loaded(root).catalogue.requirements[proposed.id]
    assert requirement.source.quote == RAW
    assert requirement.body == RAW
    assert requirement.status is Status.DRAFT
    assert sorted(f.rule for f in linted(root)) == FOUR
    assert proposed.note.startswith("4 questions open")


@pytest.mark.parametrize("text", ['He said: "fast" # and more', "- {a: b}, *c", "Größe ≤ 5 µs — schnell\nund sicher"])
def test_any_sentence_is_read_back_as_it_was_said(text: str, tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    proposed = made(root, "requirement", text=text)
    assert loaded(root).catalogue.requirements[proposed.id].source.quote == " ".join(text.split())
    assert [f for f in linted(root) if f.severity is Severity.ERROR] == []


def test_a_session_opens_with_the_questions_that_are_open(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    requirement = made(root, "requirement", text=RAW)
    opened = made(root, "session", name=requirement.id)
    [held] = [s for s in loaded(root).catalogue.sessions if s.file == opened.file]
    assert sorted(f"question-{a.gap}" for a in held.answers) == FOUR
    assert {a.requirement for a in held.answers} == {requirement.id}
    assert all(a.question for a in held.answers)


def test_without_a_name_a_session_is_about_everything_that_is_open(tmp_path: Path) -> None:
    root = written(tmp_path, project())
    assert "REQ-INS-001" in made(root, "session", name="").text


def test_a_session_of_the_same_day_gets_a_name_of_its_own(tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    first, second = made(root, "session", title="Latency"), made(root, "session", title="Latency")
    assert (first.file, second.file) == ("sessions/2026-11-22-latency.md", "sessions/2026-11-22-latency-2.md")


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("requirement", "", "REQ-001"), ("requirement", "REQ-LAT", "REQ-LAT-002"),
        ("requirement", "REQ-NEW", "REQ-NEW-001"), ("requirement", "REQ-LAT-077", "REQ-LAT-077"),
        ("decision", "", "0001"), ("decision", "12", "0012"), ("risk", "", "RISK-001"),
    ],
)  # fmt: skip
def test_ids_are_the_next_that_are_free(kind: str, name: str, expected: str, tmp_path: Path) -> None:
    assert made(written(tmp_path, FILES), kind, name=name).id == expected


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("requirement", "REQ-LAT-001", "REQ-LAT-001 is taken"),
        ("customer", "northbank", "customers.yaml has northbank already"),
        ("customer", "", "give the customer an id"),
        ("gate", "merge", "gates.yaml has merge already"),
        ("waiver", "REQ-LAT-001.c9", "did you mean REQ-LAT-001"),
        ("waiver", "", "say what is waived"),
        ("session", "REQ-NONE-1", "there is no requirement REQ-NONE-1"),
        ("decision", "x", "is no number"),
        ("haiku", "", 'no template for "haiku"'),
    ],
)
def test_a_name_that_cannot_be_is_refused(kind: str, name: str, message: str, tmp_path: Path) -> None:
    root = written(tmp_path, FILES)
    with pytest.raises(UsageError, match=message):
        scaffold(loaded(root), kind, Wish(name=name), at=TODAY)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    root = written(tmp_path, {**FILES, "requirements/REQ-001.md": "my notes, no front matter\n"})
    with pytest.raises(UsageError, match=r"taken|there already"):
        scaffold(loaded(root), "requirement", Wish(name="REQ-001"), at=TODAY)


@pytest.mark.parametrize("before", ["{}\n", "northbank: {tier: gold}", "# nothing yet\n", ""])
def test_an_entry_joins_what_the_table_holds(before: str, tmp_path: Path) -> None:
    root = written(tmp_path, {"upheld.yaml": "project: p\n", "customers.yaml": before})
    if before == "{}\n":
        with pytest.raises(UsageError, match="by hand"):
            made(root, "customer")
        return
    made(root, "customer")
    assert "westunion" in loaded(root).catalogue.customers
    assert (root / "customers.yaml").read_text("utf-8").startswith(before)


def test_a_table_that_is_not_there_is_begun(tmp_path: Path) -> None:
    root = written(tmp_path, {"upheld.yaml": "project: p\n"})
    proposed = scaffold(loaded(root), "indicator", Wish(name="a.b"), at=TODAY)
    assert proposed.text.startswith("a.b:\n")


def test_adopted_decisions_are_numbered_on(tmp_path: Path) -> None:
    files = {f"docs/adr/{i:04d}-x.md": f"# {i}. X\n\n## Status\n\nAccepted\n" for i in (1, 2, 41)}
    root = written(tmp_path, {"upheld.yaml": "project: p\n", **files})
    proposed = made(root, "decision", title="Use a cache")
    assert proposed.file == "docs/adr/0042-use-a-cache.md"


def test_a_session_yields_what_to_add_to_a_requirement(tmp_path: Path) -> None:
    root = written(tmp_path, project(**{"sessions/s1.md": session()}))
    [held] = [s for s in loaded(root).catalogue.sessions if s.id == "s1"]
    [proposed] = from_session(loaded(root), held, at=TODAY)
    assert proposed.by_hand
    assert proposed.file == REQ
    assert proposed.text.count("  - id: c") == 4


def test_a_session_about_a_new_requirement_yields_its_file(tmp_path: Path) -> None:
    files = project(**{"sessions/s1.md": session()})
    del files[REQ]
    root = written(tmp_path, files)
    [held] = [s for s in loaded(root).catalogue.sessions if s.id == "s1"]
    [proposed] = from_session(loaded(root), held, at=TODAY)
    written(root, {proposed.file: proposed.text})
    assert len(loaded(root).catalogue.requirements["REQ-INS-001"].criteria) == 4
    assert [f for f in linted(root) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [(session("{product: [jake]}"), "nobody spoke for product or for engineering"), ("---\ndate: 2026-11-22\nattendees: {product: [jake], engineering: [lisa]}\n---\n", "yields no criterion")],
)  # fmt: skip
def test_a_session_that_yields_nothing_says_why(text: str, message: str, tmp_path: Path) -> None:
    root = written(tmp_path, project(**{"sessions/s1.md": text}))
    [held] = [s for s in loaded(root).catalogue.sessions if s.id == "s1"]
    with pytest.raises(UsageError, match=message):
        from_session(loaded(root), held, at=TODAY)
