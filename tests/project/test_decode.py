"""A definition file becomes records of the core; what cannot is a finding at its place, and no file fails as a whole."""

import json
import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.project.definitions import BUDGET, CLASSES, REVIEW, RISK
from upheld.core.criterion import Kind, Rule, Stage
from upheld.core.quantity import parse
from upheld.core.requirement import Link, Status
from upheld.project import shapes
from upheld.project.decode import KINDS, decode
from upheld.project.schema import Field, Shape, Type

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

REQUIREMENT = """\
---
id: REQ-LAT-001
title: Insights arrive while the adviser is still on the phone
status: approved
type: quality
source:
  document: North Bank MSA 3.2
  quote: sub-second response times
customers: [northbank, "tier:silver"]
priority: must
owners: {product: jake, engineering: lisa}
links: [{refines: REQ-ADV-004, seen: 3f9a1c2e}]
date: 2026-11-22
x-jira: {key: ABC-1}
criteria:
  - id: c1
    that: p95 of insight.latency < 1 s at 200/s over 30 d per customer
    build: {for: 10 min, environment: staging, of: ancestor, max-age: 7 d}
    release: {per: all, no-worse-than: 3 %, at-least: 2000, rule: sequential, confidence: 99 %, at: 50/s}
  - id: c2
    that: insight.availability >= 99.5 % over calendar month per customer excluding maintenance
    needs: [production]
    severity: advisory
    x-note: from the contract
---
When an adviser opens a client, the insight service shall answer within 1 s.
"""


def of(kind, source, file=""):
    names = {"requirement": "requirements/REQ-LAT-001.md", "session": "sessions/s.md", "sign-off": "signoffs/a.json"}
    raw = source if isinstance(source, bytes) else source.encode()
    return decode(kind, file or names.get(kind, f"{kind}s/file.yaml"), raw)


def place(source, needle):
    """The line and column of a piece of the source."""
    offset = source.index(needle)
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


def expected_at(source, expected):
    """Findings as they are told: (line, column, rule), from pieces of the source and rules."""
    return sorted((*place(source, needle), rule) for needle, rule in expected)


def told(kind, source, file=""):
    return [(finding.line, finding.column, finding.rule) for finding in sorted(of(kind, source, file).findings)]


# ── Requirements ──


def test_a_requirement_is_read_with_everything_it_says():
    record = of("requirement", REQUIREMENT)
    [requirement] = record.requirements
    assert record.findings == ()
    assert (requirement.id, requirement.status, requirement.type) == ("REQ-LAT-001", Status.APPROVED, "quality")
    assert requirement.source.quote == "sub-second response times"
    assert requirement.customers == ("northbank", "tier:silver")
    assert requirement.owners == {"product": "jake", "engineering": "lisa"}
    assert requirement.links == (Link(relation="refines", to="REQ-ADV-004", seen="3f9a1c2e"),)
    assert requirement.date == date(2026, 11, 22)
    assert requirement.body == "When an adviser opens a client, the insight service shall answer within 1 s."
    assert requirement.file == "requirements/REQ-LAT-001.md"


def test_a_criterion_has_its_sentence_and_a_binding_for_each_stage_that_is_written():
    first, second = of("requirement", REQUIREMENT).requirements[0].criteria
    build, release = first.bindings[Stage.BUILD], first.bindings[Stage.RELEASE]
    assert str(first.sentence) == first.that == "p95 of insight.latency < 1 s at 200/s over 30 d per customer"
    assert (build.duration, build.environment, build.subject, build.max_age) == (600.0, "staging", "ancestor", 604800.0)
    assert (release.per, release.no_worse_than, release.at_least) == ("all", parse("3 %"), 2000)
    assert (release.rule, release.confidence, release.load) == (Rule.SEQUENTIAL, Decimal("0.99"), parse("50/s"))
    assert (first.needs, first.blocking) == (None, True)
    assert (second.needs, second.blocking, second.bindings) == ((Stage.PRODUCTION,), False, {})


def test_keys_that_start_with_x_survive_wherever_they_stand():
    [item] = of("requirement", REQUIREMENT).items
    assert item.extras == {"x-jira": {"key": "ABC-1"}, "criteria.1.x-note": "from the contract"}


def test_the_item_of_a_requirement_tells_its_file_kind_id_and_status():
    [item] = of("requirement", REQUIREMENT).items
    assert (item.file, item.kind, item.id, item.status) == (
        "requirements/REQ-LAT-001.md", "requirement", "REQ-LAT-001", "approved",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "instead", "expected"),
    [
        pytest.param("title:", "titel:", [("titel", "unknown-key")], id="a key that is misspelt is told once"),
        pytest.param("title: I", "x-heading: I", [("id: REQ", "missing-field")], id="a field that must be there"),
        pytest.param("title: Insights arrive while the adviser is still on the phone", "title:", [("title", "missing-field")], id="a field that is empty"),
        pytest.param("id: REQ-LAT-001", "id: REQ LAT", [("REQ LAT", "value-id")], id="an id with a space"),
        pytest.param("approved", "aproved", [("aproved", "value-choice")], id="a status that does not exist"),
        pytest.param("2026-11-22", "22.11.2026", [("22.11", "value-date")], id="a date in another order"),
        pytest.param("2026-11-22", "2026-02-30", [("2026-02", "value-date")], id="a day that does not exist"),
        pytest.param("10 min", "10 minits", [("10 minits", "unit-unknown")], id="a duration in an unknown unit"),
        pytest.param("7 d", "7", [("7}", "duration")], id="a duration without a unit"),
        pytest.param("of: ancestor", "of: parent", [("parent,", "value-choice")], id="a word that a binding does not know"),
        pytest.param("3 %", "3 s", [("3 s", "value-margin")], id="a margin in seconds"),
        pytest.param("3 %", "0 %", [("0 %", "value-margin")], id="a margin of nothing"),
        pytest.param("2000", "2k", [("2k", "value-count")], id="a count with a letter"),
        pytest.param("99 %", "99", [("99,", "confidence")], id="a confidence without its sign"),
        pytest.param("50/s", "50", [("50}", "load-unit")], id="a load that is no rate"),
        pytest.param("[production]", "[prod]", [("prod]", "value-choice")], id="a stage that does not exist"),
        pytest.param("1 s at", "1 sx at", [("1 sx", "unit-unknown")], id="an error inside a sentence, at its column"),
        pytest.param("200/s over 30 d", "200/s over 30 s/s", [("30 s/s", "unit-unknown")], id="an error late in a sentence"),
        pytest.param("p95 of", "p9x of", [("p9x", "statistic-unknown")], id="an error at the start of a sentence"),
        pytest.param("id: c2", "id: c1", [("c1\n    that: insight.avail", "duplicate-id")], id="two criteria of one name"),
        pytest.param("refines", "refine", [("{refine", "link-relation"), ("refine:", "unknown-key")], id="a relation that does not exist"),
        pytest.param("[{refines: REQ-ADV-004, seen: 3f9a1c2e}]", "[REQ-ADV-004]", [("REQ-ADV", "value-shape")], id="a link that is only an id"),
        pytest.param("{product: jake, engineering: lisa}", "jake", [("jake", "value-shape")], id="owners without their functions"),
        pytest.param("engineering: lisa", "enginering: lisa", [("enginering", "unknown-key")], id="a function that is misspelt"),
        pytest.param("priority: must", "priority: [must]", [("[must]", "value-shape")], id="a list where one word is asked"),
        pytest.param("    build: {for: 10 min", "    build: {for 10 min", [("for 10", "no-value")], id="a pair without a colon"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_requirement_is_told_at_its_place(written, instead, expected):
    assert written in REQUIREMENT
    source = REQUIREMENT.replace(written, instead, 1)
    assert told("requirement", source) == expected_at(source, expected)


def test_everything_that_is_wrong_is_told_in_one_run():
    source = REQUIREMENT.replace("approved", "ok").replace("1 s at", "1 sx at").replace("7 d", "7").replace("must", "")
    source = source.replace("customers:", "costumers:").replace("sub-second response times", "{a: b")
    assert [rule for *_, rule in told("requirement", source)] == ["yaml-syntax"]
    source = source.replace("{a: b", "fast")
    assert [rule for *_, rule in told("requirement", source)] == [
        "value-choice", "unknown-key", "unit-unknown", "duration",
    ]  # fmt: skip


def test_a_finding_says_what_is_wrong_which_value_and_what_to_do():
    source = REQUIREMENT.replace("approved", "aproved")
    [finding] = of("requirement", source).findings
    assert finding.value == "aproved"
    assert finding.fix == "did you mean approved?"
    assert finding.excerpt == "status: aproved"
    assert '"aproved"' in finding.message


def test_a_key_of_another_spelling_is_suggested():
    [finding] = of("requirement", REQUIREMENT.replace("max-age", "max_age")).findings
    assert finding.fix == "did you mean max-age?"


def test_what_is_right_in_a_requirement_with_faults_is_still_read():
    [requirement] = of("requirement", REQUIREMENT.replace("1 s at", "1 sx at").replace("approved", "ok")).requirements
    assert requirement.criteria[0].sentence is None
    assert requirement.criteria[0].that.startswith("p95 of insight.latency < 1 sx")
    assert len(requirement.criteria) == 2
    assert requirement.status is Status.DRAFT


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("# No front matter\n", "front-matter-missing"),
        ("---\nid: x\n", "front-matter-open"),
        ("---\n[\n---\n", "yaml-syntax"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_still_an_item(source, rule):
    record = of("requirement", source)
    assert [(item.kind, item.id) for item in record.items] == [("requirement", "REQ-LAT-001")]
    assert [finding.rule for finding in record.findings] == [rule]
    assert record.requirements == ()


def test_a_readme_among_the_requirements_is_no_requirement():
    assert of("requirement", "# Requirements\n", "requirements/README.md").items == ()


def test_all_customers_may_be_written_as_one_word():
    source = REQUIREMENT.replace('[northbank, "tier:silver"]', "all")
    assert of("requirement", source).requirements[0].customers == ("all",)


def test_a_list_file_holds_many_requirements_each_at_its_place():
    source = "- id: REQ-1\n  title: One\n  text: It shall.\n- id: REQ-2\n  titel: Two\n- {title: Three}\n"
    record = of("requirement-list", source, "requirements/many.requirements.yaml")
    assert [(item.kind, item.id, item.place) for item in record.items] == [
        ("requirement", "REQ-1", (0,)), ("requirement", "REQ-2", (1,)), ("requirement", "many-3", (2,)),
    ]  # fmt: skip
    assert record.requirements[0].body == "It shall."
    assert [(f.line, f.column, f.rule) for f in sorted(record.findings)] == [
        (5, 3, "unknown-key"), (6, 3, "missing-field"),
    ]  # fmt: skip


# ── The files at the root ──


def test_a_project_file_holds_people_environments_and_what_priorities_need():
    record = of(
        "project",
        "project: Adviser Insights\nsince: 2026-11-22\nfolders: {decisions: docs/adr}\n"
        "needs: {must: [design, build], should: build}\ncost-limit: 50000 EUR\npeople:\n"
        "  jake: {role: product, email: jake@example.com}\n  ann: {role: [customer, executive], customer: northbank}\n"
        "  lisa: {role: engineering, keys: [ssh-ed25519 AAAA]}\nenvironments:\n  staging: {stage: build}\n"
        "  production: {stage: production, prometheus: $PROMETHEUS_URL, customer-label: bank_id}\n",
    )
    assert record.findings == ()
    config = record.config
    assert (config.project, config.since, config.folders) == (
        "Adviser Insights",
        date(2026, 11, 22),
        {"decisions": "docs/adr"},
    )
    assert config.needs == {"must": (Stage.DESIGN, Stage.BUILD), "should": (Stage.BUILD,)}
    assert config.cost_limit == "50000 EUR"
    assert config.environments["production"].settings == {"prometheus": "$PROMETHEUS_URL", "customer-label": "bank_id"}
    assert [(person.id, person.roles, person.customer) for person in record.people] == [
        ("jake", ("product",), ""), ("ann", ("customer", "executive"), "northbank"), ("lisa", ("engineering",), ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("project: A\nfolder: {decisions: adr}\n", [(2, 1, "unknown-key")]),
        ("people: {jake: {roles: product}}\n", [(1, 17, "unknown-key")]),
        ("people: [jake]\n", [(1, 9, "value-shape")]),
        ("environments: {staging: {}}\n", [(1, 25, "missing-field")]),
        ("needs: {must: [prod]}\n", [(1, 16, "value-choice")]),
        ("cost-limit: much\n", [(1, 13, "quantity-syntax")]),
        ("folders: {decision: adr}\n", [(1, 11, "unknown-key")]),
        ("- a\n", [(1, 1, "value-shape")]),
    ],
)
def test_what_is_wrong_in_a_project_file_is_told_at_its_place(source, expected):
    assert told("project", source) == expected


def test_customers_may_hold_nothing_but_their_name():
    record = of("customer", "northbank: {tier: gold, time-zone: Europe/London, alias: [nb-17, nb]}\nsouth:\n")
    assert record.findings == ()
    assert [(c.id, c.tier, c.time_zone, c.aliases) for c in record.customers] == [
        ("northbank", "gold", "Europe/London", ("nb-17", "nb")), ("south", "", "UTC", ()),
    ]  # fmt: skip


def test_where_an_indicator_is_found_is_one_text_per_stage():
    record = of(
        "indicator",
        "insight.latency:\n  kind: value\n  unit: s\n  build: {load: POST /insight}\n"
        "  production:\n    total: b\n    good: a\n  design: latency-model\n  release: [a, b]\n",
    )
    [latency] = record.indicators
    assert record.findings == ()
    assert latency.sources == {
        Stage.DESIGN: "latency-model",
        Stage.BUILD: "load: POST /insight",
        Stage.RELEASE: '["a","b"]',
        Stage.PRODUCTION: '{"good":"a","total":"b"}',
    }


@pytest.mark.parametrize(("kind", "unit"), [("ratio", "%"), ("age", "s"), ("count", ""), ("level", "")])
def test_an_indicator_without_a_unit_has_the_one_of_its_kind(kind, unit):
    [indicator] = of("indicator", f"a.b: {{kind: {kind}}}\n").indicators
    assert (indicator.kind, indicator.unit.name) == (Kind(kind), unit)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.b: {unit: s}\n", [(1, 6, "missing-field")]),
        ("a.b: {kind: values}\n", [(1, 13, "value-choice")]),
        ("a.b: {kind: value, unit: sek}\n", [(1, 26, "unit-unknown")]),
        ("a.b: {kind: value, census: yes}\n", [(1, 28, "value-boolean")]),
        ("a b: {kind: value}\n", [(1, 1, "value-id")]),
        ("a.b: value\n", [(1, 6, "value-shape")]),
    ],
)
def test_what_is_wrong_in_an_indicator_is_told_at_its_place(source, expected):
    assert told("indicator", source) == expected


def test_a_gate_holds_criteria_sign_offs_and_who_may_waive():
    record = of(
        "gate",
        "merge:\n  kind: technical\n  stage: build\n  select: {status: approved, priority: [must]}\n  criteria:\n"
        "    coverage: coverage.changed-lines >= 80 %\n"
        "    findings: {that: sarif.new-errors = 0, advisory: true, build: {max-age: 7 d}}\n"
        "  sign-offs: [product, engineering]\n  waivers: {approver: engineering, at-most: 30 d}\n"
        "  enforce-from: 2027-01-15\n  require-subject: true\n",
    )
    [gate] = record.gates
    coverage, findings = gate.criteria
    assert record.findings == ()
    assert (gate.name, gate.kind.value, gate.stage) == ("merge", "technical", "build")
    assert gate.select == {"status": ("approved",), "priority": ("must",)}
    assert (coverage.id, str(coverage.sentence), coverage.blocking) == (
        "coverage",
        "coverage.changed-lines >= 80 %",
        True,
    )
    assert (findings.blocking, findings.bindings[Stage.BUILD].max_age) == (False, 604800.0)
    assert (gate.sign_offs, gate.waivers.approver, gate.waivers.at_most) == (
        ("product", "engineering"),
        "engineering",
        2592000.0,
    )
    assert (gate.enforce_from, gate.require_subject) == (date(2027, 1, 15), True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("merge: {stage: build}\n", [("{", "missing-field")]),
        (
            "merge: {kind: technical, stage: build, criteria: {c: coverage.lines > 80 %%}}\n",
            [("80 %%", "unit-unknown")],
        ),
        ("merge: {kind: technical, stage: build, criteria: {c: {advisory: true}}}\n", [("{advisory", "missing-field")]),
        ("merge: {kind: technical, stage: build, criteria: {c d: a.b > 1}}\n", [("c d", "value-id")]),
        ("merge: {kind: technical, stage: build, select: {status: live}}\n", [("live", "value-choice")]),
        ("merge: {kind: technical, stage: build, select: {status: [approved, live]}}\n", [("live", "value-choice")]),
        ("merge: {kind: technical, stage: build, enforced: true}\n", [("enforced", "unknown-key")]),
    ],
)
def test_what_is_wrong_in_a_gate_is_told_at_its_place(source, expected):
    assert told("gate", source) == expected_at(source, expected)


# ── Sessions, waivers, sign-offs ──


def test_a_waiver_with_any_fault_waives_nothing():
    assert of("waiver", WAIVER.replace("since: 2026-11-22", "since: today")).waivers == ()


def test_a_session_holds_who_was_there_and_what_was_answered():
    record = of(
        "session",
        "---\ndate: 2026-11-20\ntitle: North Bank\nattendees: {product: [jake], engineering: lisa}\nanswers:\n"
        "  - requirement: REQ-1\n    gap: latency-bound\n    question: How fast?\n    answer: a second\n    by: lisa\n"
        "    criterion: p95 of insight.latency < 1 s at 200/s\n---\nNotes.\n",
    )
    [session] = record.sessions
    assert record.findings == ()
    assert session.joint
    assert (session.id, session.date, session.body) == ("s", date(2026, 11, 20), "Notes.")
    [answer] = session.answers
    assert (answer.gap, answer.by, answer.criterion) == (
        "latency-bound",
        "lisa",
        "p95 of insight.latency < 1 s at 200/s",
    )


def test_a_session_without_engineering_is_not_joint():
    assert not of("session", "---\nattendees: {product: [jake]}\n---\n").sessions[0].joint


def test_a_criterion_of_an_answer_that_does_not_parse_is_told():
    source = "---\nanswers:\n  - {requirement: R-1, gap: latency, criterion: p95 of x < 1 sx}\n---\n"
    assert told("session", source) == expected_at(source, [("1 sx", "unit-unknown")])


WAIVER = (
    "criterion: REQ-1.c1\nowner: lisa\napprover: jake\nreason: the rig is being moved\nsince: 2026-11-22\n"
    "until: 2026-12-01\ncustomers-informed: true\n"
)


def test_a_waiver_is_dated_and_owned():
    [waiver] = of("waiver", WAIVER).waivers
    assert (waiver.criterion, waiver.owner, waiver.approver) == ("REQ-1.c1", "lisa", "jake")
    assert (waiver.since, waiver.until, waiver.customers_informed) == (date(2026, 11, 22), date(2026, 12, 1), True)


@pytest.mark.parametrize("line", ["criterion", "owner", "approver", "reason", "until"])
def test_a_waiver_that_lacks_what_makes_it_one_waives_nothing(line):
    source = "".join(each + "\n" for each in WAIVER.splitlines() if not each.startswith(line))
    record = of("waiver", source)
    assert [finding.rule for finding in record.findings] == ["missing-field"]
    assert record.waivers == ()


SIGN_OFF = {
    "schema": "upheld/sign-off/v1", "item": "REQ-1", "hash": "sha256:00", "role": "customer:northbank",
    "person": "ann", "meaning": "I accept this", "time": "2026-11-22T10:30:00+01:00", "signature": "----- …",
}  # fmt: skip


def test_a_sign_off_is_read_and_its_signature_is_kept_as_it_is():
    record = of("sign-off", json.dumps(SIGN_OFF, indent=2))
    [sign_off] = record.sign_offs
    assert record.findings == ()
    assert (sign_off.item, sign_off.role, sign_off.signature) == ("REQ-1", "customer:northbank", "----- …")
    assert sign_off.time == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert sign_off.valid is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(json.dumps(SIGN_OFF | {"person": 5}), [(1, 112, "value-shape")], id="a number where a name is asked"),
        pytest.param(json.dumps(SIGN_OFF | {"time": "2026-11-22T10:30:00"}), [(1, 155, "value-time")], id="a time without its zone"),
        pytest.param(json.dumps({k: v for k, v in SIGN_OFF.items() if k != "hash"}), [(1, 1, "missing-field")], id="no hash"),
        pytest.param('{"schema": "x", "schema": "y"}', [(1, 17, "json-syntax")], id="a key that stands twice"),
        pytest.param('{"schema": ', [(1, 12, "json-syntax")], id="a file that was cut off"),
        pytest.param("[" * 100_000, [(1, 1, "json-syntax")], id="depth"),
        pytest.param('{"a": ' + "9" * 5000 + "}", [(1, 1, "json-syntax")], id="a number that is too long"),
        pytest.param("<html>502</html>", [(1, 1, "json-syntax")], id="an error page"),
        pytest.param(b"\xff", [(1, 1, "encoding")], id="no text"),
    ],
)  # fmt: skip
def test_a_broken_sign_off_signs_nothing_and_says_where(source, expected):
    record = of("sign-off", source)
    assert [(f.line, f.column, f.rule) for f in record.findings] == expected
    assert record.sign_offs == ()
    assert len(record.items) == 1


@pytest.mark.parametrize(
    ("kind", "file", "source"),
    [
        ("risk", "risks/vendor.md", "---\nid: RISK-1\nstatus: open\n---\n# Vendor\n"),
    ],
)
def test_items_of_later_chapters_are_seen_with_their_id_and_status(kind, file, source):
    [item] = of(kind, source, file).items
    assert (item.kind, item.status) == (kind, "open" if kind == "risk" else "done")
    assert item.id in ("RISK-1", "A-1")


# ── The schema is data ──


def fields(shape: Shape):
    for name, known in shape.fields.items():
        yield f"{shape.name}.{name}", known
        for inner in (known, known.of):
            if inner is not None and inner.shape is not None:
                yield from fields(inner.shape)


SHAPES = [value for value in vars(shapes).values() if isinstance(value, Shape)]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_field_has_help_and_the_parts_that_its_type_needs(shape):
    for name, known in fields(shape):
        assert known.help, name
        assert (known.type is Type.MAPPING) == (known.shape is not None), name
        assert (known.type in (Type.LIST, Type.TABLE)) == (known.of is not None), name
        assert bool(known.choices) == (known.type in (Type.CHOICE, Type.LINK)), name


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_example_of_a_field_is_a_value_that_the_field_takes(shape):
    from upheld.project.schema import Typing
    from upheld.project.text import read

    for name, known in fields(shape):
        if not known.example or "…" in known.example:
            continue
        tree = read(f"key: {known.example}\n".encode()).tree
        typing = Typing()
        typing.mapping(Shape(name=name, fields={"key": known}), tree, ())
        assert not typing.faults, (name, typing.faults)


def test_a_field_is_frozen():
    with pytest.raises(AttributeError):
        Field(help="x").help = "y"


# ── Nothing makes it fail ──

SOURCES = {
    "requirement": ("requirements/a.md", REQUIREMENT),
    "requirement-list": ("requirements/a.requirements.yaml", "- id: R-1\n  title: One\n  criteria: [{id: c, that: a.b < 1 s}]\n"),
    "decision": (
        "decisions/0007-a.md",
        "---\nstatus: accepted\ndate: 2026-11-22\naffects: [R-1]\noptions: [a, b]\n"  # noqa: ISC004 one text
        "matrix: [{criterion: R-1.c, weight: 0.5, a: 1 s, b: 2 s}]\nexpected: [{id: e, that: a.b < 1 s, by: 2027-01-01}]\n"
        "customer-impact: [{customer: n, impact: none}]\n---\n# Title\n\n## Considered Options\n\n* a\n* b\n",
    ),
    "session": ("sessions/a.md", "---\nattendees: {product: [jake]}\nanswers: [{requirement: R-1, gap: g, criterion: a.b < 1 s}]\n---\n"),
    "risk": ("risks/a.md", RISK),
    "review": ("reviews/a.md", REVIEW),
    "nonfunctional": ("nonfunctional.yaml", CLASSES),
    "budget": ("budgets.yaml", BUDGET),
    "waiver": ("waivers/a.yaml", WAIVER),
    "sign-off": ("signoffs/a.json", json.dumps(SIGN_OFF)),
    "project": ("upheld.yaml", "project: A\nneeds: {must: [build]}\npeople: {jake: {role: product}}\nenvironments: {s: {stage: build}}\n"),
    "customer": ("customers.yaml", "northbank: {tier: gold, alias: [a, b]}\n"),
    "indicator": ("indicators.yaml", "a.b: {kind: value, unit: s, build: {load: POST /a}}\n"),
    "gate": ("gates.yaml", "g: {kind: technical, stage: build, criteria: {c: a.b < 1 s}, waivers: {at-most: 3 d}}\n"),
}  # fmt: skip
PIECES = ["{", "}", "[", "]", ":", ": ", ",", "- ", "\n", "  ", "\t", "'", '"', "&a", "*a", "!x", "<<: ", "---\n", "#", "|", "é", "\x00", "\ufeff", "x-", "null", "9" * 30]  # fmt: skip


def mutated(source: str, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(source) + 1)
        how = dice.random()
        if how < 0.4:
            source = source[:at] + dice.choice(PIECES) + source[at:]
        elif how < 0.7:
            source = source[:at] + source[at + dice.randint(1, 12) :]
        else:
            other = dice.randrange(len(source) + 1)
            source = source[:at] + source[other : other + dice.randint(1, 30)] + source[at:]
    raw = source.encode()
    return raw if dice.random() < 0.9 else raw[: len(raw) // 2] + bytes([dice.randrange(256)]) + raw[len(raw) // 2 :]


@pytest.mark.parametrize("kind", SOURCES)
def test_a_mutated_file_never_fails_and_every_finding_points_into_it(kind):
    dice = random.Random(kind)
    file, source = SOURCES[kind]
    for _ in range(400):
        raw = mutated(source, dice)
        record = decode(kind, file, raw, folder=file.rpartition("/")[0])
        lines = raw.decode(errors="replace").removeprefix("\ufeff").split("\n")
        for finding in record.findings:
            assert finding.message
            assert finding.fix
            assert 1 <= finding.line <= len(lines)
            assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1


@given(kind=st.sampled_from(sorted(KINDS)), raw=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_decoded_without_an_exception(kind, raw):
    decode(kind, "folder/file.md", raw, folder="folder")


def test_every_kind_has_its_decoder_tried():
    assert set(KINDS) - set(SOURCES) == {"assessment", "rollout", "contract", "scenario", "runbook"}
