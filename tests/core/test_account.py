"""Decisions held to account and risks that watch: every verdict from evidence, as of its day, by the furthest stage."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from scipy.stats import binomtest

from upheld.core.account import Account, Role, accounts, calibration, lessons, watched
from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Indicator, Kind, Stage, parse
from upheld.core.decision import Decision, Status
from upheld.core.evidence import Evidence, Level, Share, Statistic
from upheld.core.meeting import Review
from upheld.core.quantity import SECOND, SHARE, Quantity, find_unit
from upheld.core.requirement import Lesson, Requirement, Statement
from upheld.core.risk import Risk
from upheld.core.risk import Status as RiskStatus
from upheld.core.standing import index
from upheld.core.verdict import State

pytestmark = pytest.mark.upheld("REQ-DEC-002.c1")
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
INDICATORS = {
    "cache.hits": Indicator(name="cache.hits", kind=Kind.RATIO, unit=SHARE),
    "answer.time": Indicator(name="answer.time", kind=Kind.LEVEL, unit=SECOND),
}


def said(name: str, that: str, *, due: date | None = None, between: tuple[str, str] | None = None) -> Statement:
    bounds = None
    if between is not None:
        low, high = (Quantity(Decimal(b), find_unit("s")) for b in between)
        bounds = (low, high)
    return Statement(id=name, that=that, sentence=parse(that), due=due, between=bounds)


def decided(**changes: object) -> Decision:
    return Decision(**{"id": "0001", "title": "Cache", "status": Status.ACCEPTED, **changes})  # type: ignore[arg-type]


def seen(
    statistic: Statistic, *, days_ago: float = 1, stage: Stage = Stage.PRODUCTION, name: str = "cache.hits"
) -> Evidence:
    return Evidence(
        indicator=name, stage=stage, statistic=statistic, observed=NOW - timedelta(days=days_ago),
        id=f"{name}{days_ago}{stage}",
    )  # fmt: skip


def became(decision: Decision, *evidence: Evidence, at: datetime = NOW) -> Account:
    catalogue = Catalogue(indicators=INDICATORS, decisions={decision.id: decision})
    [account] = accounts(catalogue, index(evidence), at=at)
    return account


REPEAT = said("a1", "cache.hits >= 80 %")


def test_an_assumption_that_evidence_contradicts_re_opens_the_decision() -> None:
    account = became(decided(assumptions=(REPEAT,)), seen(Share(10_000, 6_200)))
    assert account.reopened
    assert account.reasons == ("assumption a1 is not met: cache.hits >= 80 % (lived 62 %)",)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ACCEPTED])
def test_only_a_decision_in_force_is_re_opened(status: Status) -> None:
    held = decided(assumptions=(REPEAT,), status=status, review_by=date(2020, 1, 1))
    assert not became(held, seen(Share(10_000, 6_200))).reopened


NOT_REOPENED = {
    "it is met": [seen(Share(10_000, 9_000))],
    "nothing was measured": [],
    "the sample is too small to tell": [seen(Share(10, 7))],
    "it was only predicted": [seen(Share(10_000, 6_200), stage=Stage.DESIGN)],
    "it was measured after the time asked about": [seen(Share(10_000, 6_200), days_ago=-3)],
}


@pytest.mark.parametrize("case", NOT_REOPENED)
def test_an_assumption_does_not_re_open_while(case: str) -> None:
    account = became(decided(assumptions=(REPEAT,)), *NOT_REOPENED[case])
    assert not account.reopened
    assert account.standings[0].watched == (case in {"it is met", "the sample is too small to tell"})


def test_what_is_lived_speaks_louder_than_what_was_tested() -> None:
    tested, lived = seen(Share(10_000, 6_200), stage=Stage.BUILD), seen(Share(10_000, 9_000), days_ago=200)
    assert not became(decided(assumptions=(REPEAT,)), tested, lived).reopened
    assert became(decided(assumptions=(REPEAT,)), tested).reasons[0].endswith("(tested 62 %)")


def test_a_test_that_settles_speaks_where_production_cannot_tell() -> None:
    tested, lived = seen(Share(10_000, 6_200), stage=Stage.BUILD), seen(Share(10, 9))
    assert became(decided(assumptions=(REPEAT,)), tested, lived).reopened


def outcome(due: date) -> Decision:
    return decided(expected=(said("o1", "cache.hits >= 80 %", due=due),))


def test_an_outcome_is_not_asked_for_before_its_day() -> None:
    account = became(outcome(date(2027, 6, 2)), seen(Share(10_000, 6_200)))
    assert not account.reopened
    assert account.standings[0].state is State.NOT_MET


def test_an_outcome_that_is_due_and_not_met_re_opens() -> None:
    account = became(outcome(date(2027, 6, 1)), seen(Share(10_000, 6_200)))
    assert account.reasons == ("outcome o1 is not met: cache.hits >= 80 % (lived 62 %)",)


def test_an_outcome_that_is_due_and_that_nobody_measured_re_opens() -> None:
    [reason] = became(outcome(date(2027, 5, 1))).reasons
    assert reason == "outcome o1 was due on 2027-05-01 and is not shown: cache.hits >= 80 % (unwatched: no evidence)"


def test_an_outcome_is_judged_as_of_its_day_and_stays_what_it_was() -> None:
    good, later = seen(Share(10_000, 9_000), days_ago=40), seen(Share(90_000, 50_000), days_ago=2)
    assert not became(outcome(date(2027, 5, 1)), good, later).reopened
    assert became(outcome(date(2027, 6, 1)), good, later).reopened


def test_an_outcome_that_nobody_could_tell_on_its_day_is_settled_by_what_came_later() -> None:
    assert not became(outcome(date(2027, 5, 1)), seen(Share(10_000, 9_000), days_ago=2)).reopened


def test_an_overdue_review_re_opens_with_the_days_it_is_late() -> None:
    assert became(decided(review_by=date(2027, 5, 30))).reasons == ("its review is 2 days overdue",)
    assert not became(decided(review_by=date(2027, 6, 1))).reopened


def test_a_statement_that_cannot_be_judged_is_inconclusive_and_says_so() -> None:
    account = became(decided(expected=(said("o1", "nobody.measures >= 80 %", due=date(2027, 5, 1)),)))
    assert account.standings[0].seen == "cannot be judged as written"
    assert account.reopened


# ── Calibration ──


def dated(number: int, low: str, high: str, value: float | None) -> tuple[Decision, list[Evidence]]:
    name = f"answer.time{number}"
    INDICATORS[name] = Indicator(name=name, kind=Kind.LEVEL, unit=SECOND)
    held = said("o1", f"{name} < 100 s", due=date(2027, 5, 1), between=(low, high))
    decision = decided(id=f"{number:04d}", expected=(held,))
    return decision, [] if value is None else [seen(Level(value, 0.01), days_ago=60, name=name)]


def test_over_twelve_decisions_the_calibration_equals_the_count_by_hand() -> None:
    # inside: 0.5 0.6 0.7 0.8 0.9 1.0 1.1 and the bounds 0.4 and 1.2; outside: 0.39, 1.21; one was never measured.
    values = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 0.4, 1.2, 0.39, 1.21, None]
    held = [dated(i, "0.4", "1.2", value) for i, value in enumerate(values)]
    catalogue = Catalogue(indicators=INDICATORS, decisions={d.id: d for d, _ in held})
    found = calibration(accounts(catalogue, index(e for _, those in held for e in those), at=NOW), at=NOW)
    assert (found.inside, found.outside, found.waiting, found.n, found.enough) == (9, 2, 1, 11, True)
    assert found.verdict.state is State.INCONCLUSIVE
    both = binomtest(9, 11).proportion_ci(0.9, "exact")
    assert found.verdict.interval == pytest.approx((both.low, both.high), abs=1e-9)


def test_nine_of_ten_is_not_called_calibrated_and_fewer_than_ten_are_not_worth_a_share() -> None:
    for count, enough in ((10, True), (9, False)):
        held = [dated(i, "0.4", "1.2", 0.5 if i else 3.0) for i in range(count)]
        catalogue = Catalogue(indicators=INDICATORS, decisions={d.id: d for d, _ in held})
        found = calibration(accounts(catalogue, index(e for _, those in held for e in those), at=NOW), at=NOW)
        assert (found.n, found.enough, found.verdict.state) == (count, enough, State.INCONCLUSIVE)


def test_an_outcome_counts_for_the_calibration_only_once_it_is_due() -> None:
    held = said("o1", "answer.time < 1 s", due=date(2027, 7, 1), between=("0.4", "1.2"))
    account = became(decided(expected=(held,)), seen(Level(0.5, 0.01), name="answer.time"))
    assert calibration([account], at=NOW).waiting == 1


# ── Risks ──


def test_a_risk_materialises_by_evidence_alone_and_a_closed_one_no_longer_can() -> None:
    indicator = Indicator(name="source-3.nulls", kind=Kind.RATIO, unit=SHARE)
    watch = (said("w1", "source-3.nulls <= 5 %"),)
    risks = {
        "R-1": Risk(id="R-1", watch=watch), "R-2": Risk(id="R-2", watch=watch, status=RiskStatus.CLOSED),
        "R-3": Risk(id="R-3"), "R-4": Risk(id="R-4", watch=watch, status=RiskStatus.ACCEPTED),
    }  # fmt: skip
    catalogue = Catalogue(indicators={indicator.name: indicator}, risks=risks)

    def state(*evidence: Evidence) -> dict[str, tuple[int, bool]]:
        found = watched(catalogue, index(evidence), at=NOW)
        return {w.risk.id: (len(w.materialising), w.unwatched) for w in found}

    bad = seen(Share(10_000, 720), name=indicator.name, stage=Stage.BUILD)
    good = seen(Share(10_000, 110), name=indicator.name, stage=Stage.BUILD)
    assert state(bad) == {"R-1": (1, False), "R-2": (0, False), "R-3": (0, True), "R-4": (1, False)}
    assert state(good) == {"R-1": (0, False), "R-2": (0, False), "R-3": (0, True), "R-4": (0, False)}
    assert state() == {"R-1": (0, True), "R-2": (0, False), "R-3": (0, True), "R-4": (0, True)}


# ── Lessons ──


def test_lessons_are_found_by_criterion_requirement_and_indicator_the_newest_first() -> None:
    promise = Statement(id="c1", that="cache.hits >= 70 %", sentence=parse("cache.hits >= 70 %"))
    other = Statement(id="c1", that="answer.time < 1 s", sentence=parse("answer.time < 1 s"))
    told = Lesson(lesson="warm it first", about=("REQ-1.c1",))
    affecting = decided(
        affects=("REQ-1",), chosen="cache", lessons=(told,), date=date(2027, 1, 1),
        expected=(said("o1", "cache.hits >= 80 %", due=date(2027, 5, 1)), said("o2", "cache.hits >= 1 %", due=date(2028, 1, 1))),
    )  # fmt: skip
    catalogue = Catalogue(
        indicators=INDICATORS, decisions={"0001": affecting},
        requirements={r: Requirement(id=r, title=r, criteria=(s,)) for r, s in (("REQ-1", promise), ("REQ-2", other))},
        reviews={"v": Review(id="v", date=date(2027, 2, 2), lessons=(Lesson(lesson="ask twice", about=("cache.hits",)),))},
    )  # fmt: skip
    found = accounts(catalogue, index([seen(Share(10_000, 6_200), days_ago=50)]), at=NOW)
    expected = [
        "cache: cache.hits >= 80 % did not hold (lived 62 %)", "ask twice", "warm it first",
    ]  # fmt: skip
    for name in ("REQ-1.c1", "REQ-1", "cache.hits"):
        assert [entry.text for entry in lessons(catalogue, name, found)] == expected, name
    assert lessons(catalogue, "REQ-2.c1", found) == ()
    assert [entry.source for entry in lessons(catalogue, "0001", found)] == ["0001", "0001"]
    assert Role.OUTCOME.value == "outcome"
