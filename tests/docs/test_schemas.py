"""The published JSON Schemas hold for what the commands print, and the schema of evidence agrees with the reader."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from upheld.cli import cli
from upheld.core import evidence as records
from upheld.errors import EvidenceError

pytestmark = pytest.mark.upheld("REQ-CLI-001.c1")
FOLDER = Path(__file__).parents[2] / "docs" / "schemas"
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
REGISTRY = Registry().with_resources(
    [(f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()]
)
SAMPLE = Path(__file__).parents[2] / "src" / "upheld" / "sample"
CONFORMANCE = Path(__file__).parents[2] / "conformance"


def problems(document: object, name: str = "") -> list[str]:
    schema = SCHEMAS[name or document["schema"].removeprefix("upheld/").replace("/", "-")]
    validator = Draft202012Validator(schema, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(document)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


COMMANDS = {
    "judgement-v1": ["judge", "p95 of insight.latency < 1 s", str(SAMPLE / "evidence" / "build-42.json")],
    "evidence-files-v1": [
        "evidence",
        str(SAMPLE / "evidence" / "build-42.json"),
        str(SAMPLE / "evidence" / "design-two-tier.json"),
    ],
    "thread-v1": ["thread", "--project", str(SAMPLE), "--evidence", str(SAMPLE / "evidence"), "--no-store"],
    "lint-v1": ["lint", "--project", str(SAMPLE)],
    "offer-v1": [
        "offer",
        "insight.latency",
        "--project",
        str(SAMPLE),
        "--evidence",
        str(SAMPLE / "evidence"),
        "--no-store",
    ],
    "gate-results-v1": ["check", "--project", str(FOLDER.parents[1]), "--no-store"],
    "gate-result-v1": ["check", "merge", "--project", str(FOLDER.parents[1]), "--no-store"],
    "review-v1": ["check", "review", "--diff", "HEAD~1..HEAD", "--project", str(FOLDER.parents[1]), "--no-store"],
    "learn-v1": ["learn", "0008", "--project", str(FOLDER.parents[1]), "--no-store"],
    "pack-v1": ["report", "--project", str(FOLDER.parents[1]), "--no-store"],
    "import-plan-v1": [
        "import",
        str(FOLDER.parents[1] / "samples" / "exchange" / "needs.json"),
        "--dry-run",
        "--project",
        str(FOLDER.parents[1]),
    ],
    "impact-v1": ["thread", "--impact", "--project", str(FOLDER.parents[1]), "--no-store"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_prints_holds_to_its_schema(name):
    printed = json.loads(CliRunner().invoke(cli, [*COMMANDS[name], "--format", "json"]).stdout)
    assert problems(printed, name) == []


def test_sign_offs_and_sample_evidence_hold_to_their_schemas():
    for path in [*SAMPLE.glob("signoffs/*.json"), *SAMPLE.glob("evidence/*.json")]:
        assert problems(json.loads(path.read_text(encoding="utf-8"))) == []


def test_every_conformance_record_that_the_reader_takes_holds_to_the_schema():
    taken = 0
    for path in sorted(CONFORMANCE.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for case in document["cases"] if isinstance(document, dict) else document:
            for record in case.get("evidence", []):
                try:
                    records.decode(record)
                except EvidenceError:
                    continue
                taken += 1
                assert problems(record, "evidence-v1") == [], record
    assert taken > 300


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "later"}, {"statge": "build"}, {"statistic": {"kind": "share", "n": -1, "good": 0}}, {"statistic": {"kind": "shares"}},
        {"population": {"customer": 5}}, {"statistic": {"kind": "level"}}, {"links": "REQ-A-001"}, {"indicator": ""},
    ],
)  # fmt: skip
def test_what_the_reader_refuses_the_schema_refuses(change):
    record = {
        "schema": records.SCHEMA,
        "indicator": "x",
        "stage": "build",
        "statistic": {"kind": "share", "n": 1, "good": 1},
    } | change
    with pytest.raises(EvidenceError):
        records.decode(record)
    assert problems(record, "evidence-v1")
