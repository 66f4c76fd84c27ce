"""Upheld judges TechFlow, the reference system, on the evidence of its real runs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld.cli import cli

pytestmark = pytest.mark.upheld("REQ-GAT-001.c1")
DAY = "2026-11-22T23:00:00Z"


def verdicts(root: Path, folder: str) -> tuple[int, dict[str, str]]:
    """The gate `load` on one run's evidence, about what that run says that it measured."""
    subject = json.loads((root / folder / "insight.latency.json").read_text("utf-8"))["subject"]
    words = [
        "check",
        "load",
        "--project",
        str(root),
        "--evidence",
        str(root / folder),
        "--subject",
        subject,
        "--at",
        DAY,
    ]
    done = CliRunner().invoke(cli, [*words, "--no-store", "--format", "json"])
    return done.exit_code, {line["criterion"]: line["verdict"] for line in json.loads(done.output)["criteria"]}


def test_the_synchronous_release_breaks_its_promises_and_they_are_named(repository: Path) -> None:
    status, found = verdicts(repository / "reference", "runs/2026-11-22-v1")
    assert status == 1
    assert {name for name, verdict in found.items() if verdict == "not met"} == {
        "REQ-AVA-001.c1", "REQ-LAT-001.c1", "REQ-LAT-001.c2",
    }  # fmt: skip


@pytest.mark.parametrize("folder", ["evidence", "runs/2026-11-22-v2-faults"], ids=["quiet", "with faults"])
def test_the_two_tier_release_keeps_latency_and_availability(repository: Path, folder: str) -> None:
    _, found = verdicts(repository / "reference", folder)
    assert {found[name] for name in ("REQ-AVA-001.c1", "REQ-LAT-001.c1", "REQ-LAT-001.c2")} == {"met"}
