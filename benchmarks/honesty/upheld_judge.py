"""A case as a project of its own, judged by the command that a pipeline runs."""

import json
from pathlib import Path

from cases import AT, NOW, Case, Input
from click.testing import CliRunner

from upheld.cli import cli
from upheld.errors import UpheldError
from upheld.readers.record import write_side_file


def lay_out(case: Case, given: Input, folder: Path) -> None:
    """The project and its evidence folder, as the job left them."""
    form = case.format
    evidence = folder / "evidence"
    evidence.mkdir(parents=True)
    (folder / "upheld.yaml").write_text(
        "project: Honesty\nneeds: {must: [build]}\nenvironments: {staging: {stage: build}}\n"
    )
    (folder / "customers.yaml").write_text("northbank: {}\n")
    (folder / "indicators.yaml").write_text(form.indicator + "\n" if form.indicator else "")
    sentence = json.dumps(form.that)
    if form.linked:
        (folder / "requirements").mkdir()
        (folder / "requirements" / "REQ-A-001.md").write_text(
            "---\nid: REQ-A-001\ntitle: A\nstatus: approved\ncustomers: [northbank]\npriority: must\ncriteria:\n"
            f"  - {{id: c1, that: {sentence}, build: {form.binding}}}\n---\nIt shall.\n"
        )
        gate = "select: {status: approved}"
    else:
        gate = f"criteria: {{c: {{that: {sentence}, build: {form.binding}}}}}"
    (folder / "gates.yaml").write_text(f"gate:\n  kind: technical\n  stage: build\n  {gate}\n")
    for name, body in given.files.items():
        path = evidence / name
        path.write_bytes(body)
        if given.recorded:
            write_side_file(path, subject=given.subject, observed=given.observed, environment=given.environment)
        if given.changed:
            path.write_bytes(body + b"\n")


def verdict(folder: Path) -> tuple[str, str]:
    """The gate's verdict and why, by `upheld check`; a refusal is its message."""
    words = ["check", "gate", "--project", str(folder), "--evidence", str(folder / "evidence"), "--subject", NOW,
             "--at", AT.isoformat(), "--no-store", "--format", "json"]  # fmt: skip
    answer = CliRunner().invoke(cli, words)
    if isinstance(answer.exception, UpheldError):
        return "refused", answer.exception.message
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    document = json.loads(answer.stdout)
    reasons = [line["reason"] for line in document["criteria"] if line["verdict"] != "met"]
    return document["verdict"], "; ".join(reasons) or document["reason"]
