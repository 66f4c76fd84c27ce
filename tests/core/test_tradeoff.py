"""The trade-off of one decision: which prediction a score refers to, and how many weightings are drawn."""

import random
from datetime import UTC, datetime

import pytest

from upheld.core.assessment import Assessment, Model
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Indicator, Kind, Stage, parse
from upheld.core.decision import Decision, Row, Status
from upheld.core.evidence import Evidence, Level, Prediction
from upheld.core.quantity import SECOND
from upheld.core.requirement import Requirement, Statement
from upheld.core.tradeoff import DRAWS, FEWEST, weigh

pytestmark = pytest.mark.upheld("REQ-DEC-001.c1")
SENTENCE = "p95 of a.time < 1 s"
ASSESSMENTS = {
    name: Assessment(id=name, kind=Model.LATENCY, decision=of, option="one")
    for name, of in (("mine", "0001"), ("theirs", "0002"), ("free", ""))
}


def catalogue() -> Catalogue:
    statement = Statement(id="c1", that=SENTENCE, sentence=parse(SENTENCE))
    indicator = Indicator(name="a.time", kind=Kind.VALUE, unit=SECOND)
    return Catalogue(
        indicators={"a.time": indicator}, assessments=ASSESSMENTS,
        requirements={"R-1": Requirement(id="R-1", title="R", criteria=(statement,))},
    )  # fmt: skip


def decision(**scores: str) -> Decision:
    row = Row(axis="R-1.c1", weight="1", criterion=True, scores=scores)
    return Decision(id="0001", title="D", status=Status.PROPOSED, options=tuple(scores), matrix=(row,))


def predicted(value: float, *, day: int = 1, run: str = "one", assessment: str = "mine", **changes: object) -> Evidence:
    given = {
        "indicator": "a.time", "stage": Stage.DESIGN, "statistic": Prediction(value, value / 2, value * 2), "run": run,
        "observed": datetime(2026, 11, day, tzinfo=UTC), "conditions": {"assessment": assessment}, "links": ("R-1.c1",),
    }  # fmt: skip
    return Evidence(**{**given, **changes})  # type: ignore[arg-type]


def score(*evidence: Evidence) -> float | None:
    found, _ = weigh(catalogue(), decision(one="predicted", two="2 s"), evidence, random.Random(1).random, draws=10)
    return float(found.matrix.axes[0].scores[0]) if found else None


def test_a_score_is_the_newest_prediction_of_the_option() -> None:
    assert score(predicted(3.0, day=2), predicted(4.0, day=5), predicted(5.0, day=3)) == 4.0
    assert score(predicted(3.0, assessment="free")) == 3.0
    assert score(predicted(3.0, assessment="", links=())) == 3.0


OTHERS = {
    "another option": predicted(3.0, run="two"),
    "an option of another decision": predicted(3.0, assessment="theirs"),
    "another criterion": predicted(3.0, links=("R-1.c2",)),
    "another indicator": predicted(3.0, indicator="b.time"),
    "a run, not a prediction": predicted(3.0, stage=Stage.BUILD),
    "no prediction": predicted(3.0, statistic=Level(3.0, 0.1)),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_score_is_never_taken_from(case: str) -> None:
    assert score(OTHERS[case]) is None


def test_a_large_matrix_is_drawn_less_often_and_never_too_seldom() -> None:
    def draws(options: int) -> int:
        names = [f"o{i}" for i in range(options)]
        found, _ = weigh(
            catalogue(), decision(**{name: f"{i + 1} s" for i, name in enumerate(names)}), [], random.Random(1).random
        )
        assert found is not None
        return found.draws

    assert draws(6) == DRAWS
    assert draws(100) == 60_000
    assert draws(1000) == FEWEST
