"""One decision's trade-off with everything that a reader needs to doubt it: the ranking, who is excluded, what flips it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Stage
from upheld.core.decision import Decision
from upheld.core.evidence import Evidence, Prediction
from upheld.core.matrix import DRAWS, Flip, Gap, Matrix, Place, flips, rank, read, wins

WORK = 6_000_000  # products of a weight and a score
FEWEST = 10_000  # draws; a share is then known to one per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradeoff:
    """A computed trade-off."""

    matrix: Matrix
    places: tuple[Place, ...]
    flips: tuple[Flip, ...]
    wins: Mapping[str, float]  # of all weightings, the share in which each admissible option is first
    draws: int


def weigh(
    catalogue: Catalogue,
    decision: Decision,
    evidence: Sequence[Evidence],
    chance: Callable[[], float],
    *,
    draws: int | None = None,
) -> tuple[Tradeoff | None, tuple[Gap, ...]]:
    """Compute the trade-off of a decision, or say why it cannot be; neither for a decision without a matrix.

    `evidence` brings the predictions that scores refer to; `chance` the draws of weights, as many as a second or two
    allows unless they are given.
    """
    matrix, gaps = read(decision, catalogue.criteria.get, _predicted(catalogue, decision, evidence))
    if matrix is None:
        return None, gaps
    draws = draws or max(FEWEST, min(DRAWS, WORK // (len(matrix.options) * max(len(matrix.weighed), 1))))
    found = Tradeoff(
        matrix=matrix, places=rank(matrix), flips=flips(matrix), wins=wins(matrix, chance, draws=draws), draws=draws
    )
    return found, ()


def _predicted(
    catalogue: Catalogue, decision: Decision, evidence: Sequence[Evidence]
) -> Callable[[str, str], float | None]:
    """What `upheld predict` says of a criterion for an option: the newest prediction of a run with the option's name.

    A run of an assessment that models an option of another decision is no answer.
    """
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    def find(address: str, option: str) -> float | None:
        criterion = catalogue.criteria.get(address)
        if criterion is None:
            return None
        about = [
            e
            for e in evidence
            if e.stage is Stage.DESIGN
            and e.run == option
            and e.indicator == criterion.indicator.name
            and (not e.links or address in e.links)
            and _of(catalogue, e) in ("", decision.id)
            and isinstance(e.statistic, Prediction)
        ]
        newest = max(about, key=lambda e: e.observed or epoch, default=None)
        return newest.statistic.value if newest and isinstance(newest.statistic, Prediction) else None

    return find


def _of(catalogue: Catalogue, e: Evidence) -> str:
    """The decision whose option a prediction models; empty when it names none."""
    assessment = catalogue.assessments.get(str(e.conditions.get("assessment", "")))
    return assessment.decision if assessment else ""
