"""What a verdict says, word for word: every conformance case with its number, its reason and what would settle it.

The oracle of the conformance suite knows nothing of words. Here a changed word shows as a changed line of a committed
text, which a reviewer reads; `UPHELD_GOLDEN=write pytest tests/core/test_verdict_words.py` writes the text anew.
"""

from datetime import UTC, datetime

from tests.core.test_conformance import CASES, read_criterion, read_evidence
from upheld.core import quantity, shown
from upheld.core.criterion import Stage
from upheld.core.judge import judge
from upheld.core.report import shown_unit
from upheld.core.verdict import Verdict


def test_verdicts_say_what_they_said(golden):
    golden("verdicts.txt", "\n".join(block(topic, case) for topic, case in CASES if "stage" in case))


def block(topic: str, case: dict) -> str:
    """One case as lines of text."""
    criterion = read_criterion(case["criterion"])
    at = datetime.fromisoformat(case["at"]).astimezone(UTC)
    verdict = judge(
        criterion, Stage(case["stage"]), [read_evidence(raw) for raw in case["evidence"]], at=at,
        subject=case.get("subject", ""), ancestors=frozenset(case.get("ancestors", ())),
        require_subject=case.get("require_subject", False),
    )  # fmt: skip
    unit = shown_unit(criterion, verdict)
    cell = f"{shown.value(criterion, verdict)} [{shown.why_short(verdict)}] {shown.short(verdict.subject)}"
    lines = [
        f"{topic}: {case['name']}",
        f"    {verdict.state.value}: {verdict.why}",
        f"    {shown.brief(criterion)}: {cell}; {shown.carried_by(criterion, verdict)}",
        f"    {numbers(verdict, unit)}",
    ]
    lines += [f"    settle: {verdict.settle}"] if verdict.settle else []
    lines += [f"    note: {note}" for note in verdict.notes]
    lines += [
        f"    {g.member}: {g.state.value} {g.reason.value} {g.detail} {few(g.estimate)} {g.n} {few(g.n_eff)}"
        for g in verdict.groups
    ]
    lines += [f"    run {a.run}: {a.state.value} {few(a.estimate)} {a.n} {a.void}" for a in verdict.attempts]
    return "\n".join(line.rstrip() for line in lines)


def numbers(verdict: Verdict, unit: quantity.Unit) -> str:
    """The numbers of a verdict to six digits: what comes after them differs between machines."""
    interval = [few(bound) for bound in verdict.interval or ()]
    share = [few(part) for part in verdict.share or ()]
    return (
        f"estimate {few(verdict.estimate)} {unit.name or '-'} {interval}, target {few(verdict.target)}, margin"
        f" {few(verdict.margin)}, share {share} of {few(verdict.needed)}, n {verdict.n}, n_eff {few(verdict.n_eff)},"
        f" level {few(verdict.level)}"
    )


def few(number: float | None) -> str:
    """A number to six digits."""
    return "-" if number is None else f"{number:.6g}"
