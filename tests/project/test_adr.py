"""Decision records of every dialect are read as they are: nothing is fatal, and every status is read."""

import random
import time
from datetime import date

import pytest

from upheld.core.decision import Status
from upheld.core.requirement import Link
from upheld.project.adr import day, number, status_of
from upheld.project.decode import decode
from upheld.project.finding import Severity

pytestmark = pytest.mark.upheld("REQ-ADP-001.c1")


def read(source, file="decisions/0007-choose.md", folder="decisions"):
    return decode("decision", file, source if isinstance(source, bytes) else source.encode(), folder=folder)


def decision(source, file="decisions/0007-choose.md"):
    [found] = read(source, file).decisions
    return found


OURS = """\
---
status: accepted
date: 2026-11-22
decision-makers: [jake, lisa]
affects: [REQ-LAT-001.c1]
scenarios: [scenarios/peak.feature]
options: [precompute, on-demand, hybrid]
matrix:
  - {criterion: REQ-LAT-001.c1, weight: 0.5, precompute: 0.4 s, on-demand: 17 s, hybrid: 0.7 s}
  - {axis: running cost, weight: 0.5, precompute: 1, on-demand: 5, hybrid: 3}
chosen: hybrid
customer-impact: [{customer: northbank, impact: first answer may be 5 min old, accepted-by: nb-cto}]
expected: [{id: e1, that: p95 of insight.latency < 0.8 s, by: 2027-03-01}]
assumptions: [{id: a1, that: cache.hits >= 80 %}]
review-by: 2027-06-01
cost: 20000 EUR
links: [{supersedes: "0003"}]
nav_order: 7
x-team: insight
---
# Compute insights ahead of time

## Context and Problem Statement

It takes 17 s.
"""


def test_a_decision_of_ours_is_read_with_everything_it_says():
    record = read(OURS)
    [found], [item] = record.decisions, record.items
    assert record.findings == ()
    assert (found.id, found.title, found.status) == ("0007", "Compute insights ahead of time", Status.ACCEPTED)
    assert (found.date, found.review_by, found.cost) == (date(2026, 11, 22), date(2027, 6, 1), "20000 EUR")
    assert (found.deciders, found.options, found.chosen) == (
        ("jake", "lisa"),
        ("precompute", "on-demand", "hybrid"),
        "hybrid",
    )
    assert (found.affects, found.scenarios) == (("REQ-LAT-001.c1",), ("scenarios/peak.feature",))
    assert [(row.axis, row.weight, row.scores["hybrid"]) for row in found.matrix] == [
        ("REQ-LAT-001.c1", "0.5", "0.7 s"), ("running cost", "0.5", "3"),
    ]  # fmt: skip
    assert [(impact.customer, impact.accepted_by) for impact in found.impacts] == [("northbank", "nb-cto")]
    assert [(s.id, s.that, s.due) for s in found.expected] == [
        ("e1", "p95 of insight.latency < 0.8 s", date(2027, 3, 1))
    ]
    assert str(found.assumptions[0].sentence) == "cache.hits >= 80 %"
    assert found.links == (Link(relation="supersedes", to="0003"),)
    assert found.dialect == "madr4"
    assert (item.foreign, item.extras) == (False, {"x-team": "insight"})


@pytest.mark.parametrize(
    ("written", "instead", "expected"),
    [
        ("review-by: 2027", "review_by: 2027", ("review_by", "unknown-key")),
        ("2027-06-01", "soon", ("soon", "value-date")),
        ("0.8 s", "0.8 sx", ("0.8 sx", "unit-unknown")),
        ("20000 EUR", "20000 EURO", ("20000 EURO", "unit-unknown")),
        ("date: 2026-11-22", "date: 22.11.2026", ("22.11", "value-date")),
    ],
)
def test_a_decision_of_ours_is_typed_strictly(written, instead, expected):
    source = OURS.replace(written, instead)
    needle, rule = expected
    offset = source.index(needle)
    place = source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)
    [finding] = read(source).findings
    assert (finding.line, finding.column, finding.rule) == (*place, rule)
    assert finding.severity is Severity.ERROR


# ── Dialects ──


@pytest.mark.parametrize(
    ("dialect", "source", "status", "raw"),
    [
        pytest.param("madr4", "---\nstatus: accepted\ndecision-makers: [a, b]\n---\n# T\n", "accepted", "accepted", id="MADR 4"),
        pytest.param("madr3", "---\nstatus: proposed\ndeciders: a, b\n---\n# T\n", "proposed", "proposed", id="MADR 3"),
        pytest.param("madr2", "# T\n\n* Status: accepted\n* Deciders: a, b\n* Date: 2020-10-27\n\n## Context\n", "accepted", "accepted", id="MADR 2"),
        pytest.param("madr2", "# T\n\n- Status: draft\n- Date: 2020-10-27\n\n## Context\n", "proposed", "draft", id="log4brains"),
        pytest.param("nygard", "# 7. T\n\nDate: 2016-02-12\n\n## Status\n\nAccepted\n\n## Context\n\n## Decision\n", "accepted", "Accepted", id="Nygard"),
        pytest.param("nygard", "7. T\n====\n\nStatus\n------\n\nDeprecated\n\nContext\n-------\n\nDecision\n--------\n", "deprecated", "Deprecated", id="Nygard with underlines"),
        pytest.param("madr4", "---\nstatus: { accepted }\ndate: { 2024-05-02 }\n---\n# T\n", "accepted", "accepted", id="a status in braces"),
        pytest.param("madr4", "---\nstatus: [accepted]\ndate: 2024-05-02\n---\n# T\n", "accepted", "accepted", id="a status in brackets"),
        pytest.param("madr4", "\ufeff---\nstatus: accepted\n---\n# T\n", "accepted", "accepted", id="a byte-order mark"),
        pytest.param("madr4", "---\r\nstatus: accepted\r\n---\r\n# T\r\n", "accepted", "accepted", id="line ends of Windows"),
        pytest.param("madr4", "---\nstatus: accepted\ntitle: a: b\n---\n# T\n", "accepted", "accepted", id="front matter that is no YAML"),
        pytest.param("madr2", "# T\n\n**Status:** Accepted\n\n## Context\n", "accepted", "Accepted", id="a bold line"),
        pytest.param("madr2", "# T\n\n| Status | Accepted |\n|---|---|\n\n## Context\n", "accepted", "Accepted", id="a table"),
        pytest.param("madr2", "# T\n\n## Status: Rejected\n\n## Context\n", "rejected", "Rejected", id="a heading with its value"),
        pytest.param("plain", "# T\n\n![s](https://img.shields.io/badge/status-accepted-green)\n\n## Context\n", "accepted", "accepted", id="a badge"),
        pytest.param("plain", "# T\n\nWe do it.\n", "unknown", "", id="no status at all"),
        pytest.param("plain", "", "unknown", "", id="an empty file"),
    ],
)  # fmt: skip
def test_each_dialect_is_recognised_and_its_status_read(dialect, source, status, raw):
    found = decision(source)
    assert (found.dialect, found.status.value, found.raw_status) == (dialect, status, raw)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("Accepted", "accepted"),
        ("approved", "accepted"),
        ("accepted; supersedes ADR-0045", "accepted"),
        ("in-progress", "proposed"),
        ("Pending", "proposed"),
        ("under review", "proposed"),
        ("Superseded by [ADR-0042](0042-other.md)", "superseded"),
        ("Accepted, then superceded by 12", "superseded"),
        ("superseeded by ADR 1", "superseded"),
        ("Partly superseded", "accepted"),
        ("Accepted, partially superseded by ADR-3", "accepted"),
        ("Deprecated since 2020", "deprecated"),
        ("withdrawn", "rejected"),
        ("on hold", "unknown"),
        ("experimental", "unknown"),
        ("proposed | rejected | accepted | deprecated", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_words_of_many_folders_mean_six_states(raw, status):
    assert status_of(raw).value == status


@pytest.mark.parametrize(
    ("raw", "by"),
    [
        ("Superseded by [ADR-0042](0042-other.md)", "0042"),
        ("superseded by [2. Use it](../0002-use-it.md)", "0002"),
        ("superseded by [20200926-react](20200926-react.md)", "20200926-react"),
        ("superseded by [ADR-0042](…)", "0042"),
        ("superseded by ADR-7", "7"),
        ("superseded", ""),
    ],
)
def test_a_superseded_record_names_its_successor(raw, by):
    assert decision(f"---\nstatus: {raw!r}\n---\n# T\n").superseded_by == by


def test_a_record_that_supersedes_another_links_to_it():
    assert decision("---\nstatus: accepted; supersedes ADR-0045\n---\n# T\n").links == (
        Link(relation="supersedes", to="0045"),
    )


@pytest.mark.parametrize(
    "example",
    ["```markdown\n---\nstatus: accepted\n---\n```\n", "~~~\n* Status: accepted\n~~~\n", "<!-- Status: accepted -->\n"],
)
def test_a_status_in_an_example_is_not_the_record_s(example):
    assert decision(f"# T\n\n## Context\n\n{example}\n").status is Status.UNKNOWN
    assert decision(f"# T\n\n{example}\n## Context\n").status is Status.UNKNOWN


def test_what_madr_writes_in_sections_is_read():
    found = decision(
        "# Choose a logger\n\n## Considered Options\n\n* [SLF4J](https://slf4j.org)\n* Log4j 2\n\n"
        '## Decision Outcome\n\nChosen option: "SLF4J", because it comes out best.\n'
    )
    assert (found.options, found.chosen) == (("SLF4J", "Log4j 2"), "SLF4J")


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# 7. Use it", "Use it"),
        ("# ADR-0007: Use it", "Use it"),
        ("# ADR 7 - Use it", "Use it"),
        ("# 2FA for advisers", "2FA for advisers"),
        ("# **Use** `it`", "Use it"),
        ("## Context", "choose"),
    ],
)
def test_the_title_is_the_first_heading_without_its_number(heading, title):
    assert decision(f"---\nstatus: accepted\n---\n{heading}\n").title.endswith(title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-02", date(2024, 5, 2)),
        ("2024-5-2", date(2024, 5, 2)),
        ("2024/05/02", date(2024, 5, 2)),
        ("2024-05-02T10:00:00Z", date(2024, 5, 2)),
        ("20240502", date(2024, 5, 2)),
        ("2 May 2024", date(2024, 5, 2)),
        ("May 2nd, 2024", date(2024, 5, 2)),
        ("last updated 2024-05-02", date(2024, 5, 2)),
        ("05/02/2024", None),
        ("2024-13-40", None),
        ("{YYYY-MM-DD when the decision was last updated}", None),
    ],
)
def test_a_day_is_read_where_it_has_one_meaning(text, expected):
    assert day(text) == expected


# ── Which file is a record, and what it is called ──


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("decisions/0007-choose.md", "0007"),
        ("decisions/7-choose.md", "7"),
        ("decisions/ADR-012-choose.md", "012"),
        ("decisions/adr_0003_choose.md", "0003"),
        ("decisions/20200926-choose.md", "20200926-choose"),
        ("decisions/2020-09-26-choose.md", "2020-09-26-choose"),
        ("decisions/choose.md", "choose"),
        ("decisions/backend/0007-choose.md", "backend/0007"),
    ],
)
def test_the_id_is_the_number_as_it_is_written_else_the_name(file, expected):
    assert decision("---\nstatus: accepted\n---\n# T\n", file).id == expected


def test_an_id_that_is_written_wins():
    assert decision(OURS.replace("status:", "id: ADR-0099\nstatus:", 1)).id == "ADR-0099"


@pytest.mark.parametrize("reference", ["0007", "ADR-0007", "adr-0007-choose", "decisions/0007-choose"])
def test_a_reference_has_the_number_that_it_names(reference):
    assert number(reference) == "0007"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("decisions/README.md", "# Decisions\n"),
        ("decisions/index.md", "# Decisions\n\n* [0001](0001-x.md)\n"),
        ("decisions/adr-template.md", "---\nstatus: accepted\n---\n# Use it\n"),
        ("decisions/0000-template.md", "# T\n\n## Status\n\nAccepted\n"),
        ("decisions/0000-use.md", "---\nstatus: {proposed | accepted}\n---\n# {short title}\n"),
        ("decisions/short.md", "# [short title of solved problem and solution]\n\n* Status: [proposed | accepted]\n"),
        ("decisions/guide.md", "# How we decide\n\nWe talk.\n"),
    ],
)
def test_indexes_templates_and_guides_are_no_records(file, source):
    assert read(source, file).items == ()


def test_a_decision_about_templates_is_a_record():
    assert read("# Use Velocity as template engine\n", "decisions/0039-use-velocity-as-template-engine.md").items


# ── Adopted as they are ──

# Every status that adr/madr's own folder writes; the other records have none.
MADR = {"0003-provide-own-madr-tools.md": "on hold"}


def test_every_status_of_madr_s_own_records_is_read(shared):
    folder = shared / "samples" / "adrs" / "madr" / "docs" / "decisions"
    found = {}
    for path in sorted(folder.glob("*.md")):
        record = read(path.read_bytes(), f"decisions/{path.name}")
        assert record.findings == ()
        for item in record.items:
            found[path.name] = item.status
    assert len(found) == 19
    assert {name: status for name, status in found.items() if status} == MADR


def test_a_foreign_record_may_hold_any_key_and_odd_yaml_without_a_word():
    record = read("---\nstatus: accepted\ntags: [a, b]\nfoo: {bar}\nfoo: &x 2\n---\n# T\n")
    assert record.findings == ()
    assert record.items[0].foreign


def test_a_foreign_record_that_cannot_be_read_is_one_finding_and_still_an_item():
    record = read("---\nstatus: accepted\ntitle: a: b\nfoo: [\n---\n# T\n")
    assert [finding.rule for finding in record.findings] == ["yaml-syntax"]
    assert record.items[0].status == "accepted"


def test_a_key_that_is_nearly_ours_is_a_warning_in_a_foreign_record():
    [finding] = read("---\nstatus: accepted\nreview_by: 2027-01-01\n---\n# T\n").findings
    assert (finding.line, finding.severity, finding.fix) == (3, Severity.WARNING, "did you mean review-by?")


@pytest.mark.parametrize("raw", [b"\xff\xfe# \x00T\x00", b"# Caf\xe9\n\n* Status: accepted\n"])
def test_a_record_in_another_encoding_is_a_finding_and_still_an_item(raw):
    record = read(raw)
    assert [finding.rule for finding in record.findings] == ["encoding"]
    assert len(record.items) == 1


def test_the_status_of_a_record_in_another_encoding_is_read():
    assert decision(b"# Caf\xe9\n\n* Status: accepted\n").status is Status.ACCEPTED


def test_two_thousand_mutated_records_are_read_without_an_exception():
    dice = random.Random(7)
    sources = [
        OURS,
        "# 7. T\n\nDate: 2016-02-12\n\n## Status\n\nSuperseded by [2. x](0002-x.md)\n\n## Decision\n",
        '# T\n\n* Status: accepted\n* Date: 2020-10-27\n\n## Considered Options\n\n* a\n\n## Decision Outcome\n\nChosen option: "a"\n',
        "---\nstatus: { accepted }\ndate: {2024}\n---\n```\n# T\n",
    ]  # fmt: skip
    pieces = [
        "```\n",
        "---\n",
        "# ",
        "\n",
        "|",
        "*",
        "[",
        "](",
        "~~",
        "<!--",
        "-->",
        "{",
        "}",
        ":",
        "\x00",
        "é",
        "===\n",
        "status: ",
        "9" * 400,
    ]
    for _ in range(2000):
        source = dice.choice(sources)
        for _ in range(dice.randint(1, 5)):
            at = dice.randrange(len(source) + 1)
            source = (
                source[:at] + (dice.choice(pieces) if dice.random() < 0.6 else "") + source[at + dice.randint(0, 9) :]
            )
        for finding in read(source).findings:
            assert 1 <= finding.line <= source.count("\n") + 1


@pytest.mark.parametrize(
    "piece",
    [
        "*" * 100_000,
        "[" * 100_000,
        "~" * 100_000,
        "a | " * 50_000,
        "<!--" * 50_000,
        "# \n" * 50_000,
        "status:\n" * 50_000,
    ],
)
def test_a_hostile_page_is_read_in_linear_time(piece):
    started = time.process_time()
    read(f"# T\n\n## Status\n\n{piece}\n\n## Decision\n\n{piece}\n")
    read(f"# T {piece}\n\n* Status: {piece}\n")
    assert time.process_time() - started < 3
