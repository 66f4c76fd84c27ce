"""The JSON report of coverage.py (`coverage json`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.coverage import INDICATORS, Coverage, Lines, evidence
from upheld.readers.intake import Intake, Unreadable


class CoveragePy:
    """coverage.py JSON, with or without branches."""

    name = "coverage.py"
    title = "coverage.py JSON report"
    help = (
        "Lines and branches as coverage.py counts them; a changed file that the report does not know counts as not run."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("coverage.json", "*coverage*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the keys at its beginning."""
        if not intake.looks_like_json(head):
            return ""
        text = intake.head_text(head)
        if '"executed_lines"' in text or ('"branch_coverage"' in text and '"show_contexts"' in text):
            return "it holds coverage.py's executed_lines"
        return ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the executed and missing lines of every file."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    report = intake.mapping(file.json(), "the report")
    meta = intake.mapping(report.get("meta", {}), "meta")
    file.producer.update(tool="coverage.py", version=str(meta.get("version", "")))
    if "files" not in report:
        raise Unreadable('holds no "files": is it the report of `coverage json`?')
    found = Coverage(with_branches=meta.get("branch_coverage") is True)
    for name, known in intake.mapping(report["files"], "files").items():
        _add(found, name, intake.mapping(known, name))
    return evidence(file, found)


def _add(found: Coverage, name: str, known: Mapping[str, object]) -> None:
    lines = found.file(name)
    executed = _numbers(known.get("executed_lines"), f"{name}: executed_lines")
    lines.covered.update(executed)
    lines.executable.update(executed, _numbers(known.get("missing_lines"), f"{name}: missing_lines"))
    if not found.with_branches:
        return
    if "executed_branches" in known or "missing_branches" in known:
        _add_branches(lines, known, name)
    else:  # before coverage.py 7 only the sums were written
        summary = intake.mapping(known.get("summary", {}), f"{name}: summary")
        taken = intake.count(summary.get("covered_branches", 0), f"{name}: covered_branches")
        lines.add_branch("all", taken, intake.count(summary.get("num_branches", 0), f"{name}: num_branches"))


def _add_branches(lines: Lines, known: Mapping[str, object], name: str) -> None:
    for key, taken in (("executed_branches", 1), ("missing_branches", 0)):
        for branch in intake.sequence(known.get(key, []), f"{name}: {key}"):
            lines.add_branch(tuple(_numbers(branch, f"{name}: {key}", least=None)), taken, 1)


def _numbers(value: object, what: str, least: int | None = 1) -> Sequence[int]:
    found = intake.sequence(value, what)
    for number in found:
        if type(number) is not int or (least is not None and number < least):
            raise Unreadable(f"{what} holds {intake.shorten(str(number), 40)}, line numbers are needed")
    return found  # type: ignore[return-value]  # every item was looked at
