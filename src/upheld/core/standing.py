"""Where a promise stands that no single stage owns: an expected outcome, an assumption, what a risk watches.

Production speaks louder than the release, and the release louder than a test: the furthest stage whose evidence settles
the sentence gives the verdict. A prediction settles nothing here; it is what the outcome is held against. What was counted
in extracts of real sources before anything was built is no prediction, and is asked last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from upheld.core.criterion import Criterion, Stage
from upheld.core.evidence import Evidence
from upheld.core.judge import judge
from upheld.core.verdict import Reason, State, Verdict

Index = Mapping[tuple[str, Stage], Sequence[Evidence]]
_FURTHEST = (Stage.PRODUCTION, Stage.RELEASE, Stage.BUILD, Stage.DESIGN)


def index(evidence: Iterable[Evidence]) -> Index:
    """Evidence by what it measures and at which stage."""
    found: dict[tuple[str, Stage], list[Evidence]] = {}
    for e in evidence:
        found.setdefault((e.indicator, e.stage), []).append(e)
    return found


def stand(criterion: Criterion, evidence: Index, *, at: datetime, profiles: Collection[str] = ()) -> Verdict:
    """The verdict of the furthest stage that settles the criterion; else why the furthest that was measured does not.

    `profiles` are the assessments that count what lies in extracts; of the design stage only theirs is no prediction.
    """
    open_verdicts = []
    for stage in _FURTHEST:
        about = evidence.get((criterion.indicator.name, stage), ())
        if stage is Stage.DESIGN:  # counted for one promise, true for whoever asks about that source
            about = [replace(e, links=()) for e in about if e.conditions.get("assessment") in profiles]
        verdict = judge(criterion, stage, about, at=at)
        if verdict.state is not State.INCONCLUSIVE:
            return verdict
        open_verdicts.append(verdict)
    measured_ones = (v for v in open_verdicts if v.reason is not Reason.MISSING)
    return next(measured_ones, open_verdicts[0])


def end_of(day: date) -> datetime:
    """The last moment of a day, UTC: what a date that stands in a file means."""
    return datetime.combine(day, time(23, 59, 59), UTC)
