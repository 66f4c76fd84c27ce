"""judge(): facts that the tables of the rules pass over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Rule, Stage
from upheld.core.judge import judge
from upheld.core.verdict import Reason, State, Verdict

pytestmark = pytest.mark.upheld("REQ-JDG-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def promise(text: str, kind: str, stage: str = "build", **binding) -> Criterion:
    sentence = criteria.parse(text)
    unit = quantity.SECOND if kind in ("value", "age") else quantity.NUMBER
    customers = binding.pop("customers", ())
    census = binding.pop("census", False)
    sources = binding.pop("sources", {})
    indicator = Indicator(name=sentence.indicator, kind=Kind(kind), unit=unit, census=census, sources=sources)
    criteria.check(sentence, indicator)
    bound = {Stage(stage): Binding(stage=Stage(stage), **binding)} if binding else {}
    return Criterion(
        address="REQ-X-001.c1", sentence=sentence, indicator=indicator, bindings=bound, customers=customers
    )  # fmt: skip


def found(indicator: str, statistic: dict, stage: str = "build", **more) -> records.Evidence:
    record = {"schema": records.SCHEMA, "indicator": indicator, "stage": stage, "statistic": statistic}
    return records.decode(record | ({"subject": "git:a"} if stage in ("build", "release") else {}) | more)


def share(n: int, good: int, stage: str = "build", **more) -> records.Evidence:
    return found("task.done", {"kind": "share", "n": n, "good": good}, stage, **more)


def decide(criterion: Criterion, *evidence: records.Evidence, stage: str = "build", **asked) -> Verdict:
    return judge(criterion, Stage(stage), evidence, at=asked.pop("at", AT), **asked)


def days(start: float, end: float) -> dict:
    """A window given in days before AT."""
    return {"window": {"from": (AT - timedelta(days=start)).isoformat(), "to": (AT - timedelta(days=end)).isoformat()}}


class TestAHundredPercent:
    def test_no_sample_shows_a_hundred_percent_and_the_answer_says_what_would(self):
        verdict = decide(promise("task.done >= 100 %", "ratio"), share(1000, 1000))
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.UNPROVEN)
        assert verdict.settle == "a complete count (census: true in indicators.yaml): no sample shows 100 %"

    def test_a_complete_count_does(self):
        assert decide(promise("task.done >= 100 %", "ratio", census=True), share(1000, 1000)).state is State.MET

    def test_a_wish_for_a_census_does_not_make_a_sample_one(self):
        verdict = decide(promise("task.done >= 90 %", "ratio", rule=Rule.CENSUS), share(1000, 1000))
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.KIND)

    @pytest.mark.parametrize("stage", ["build", "release"])
    def test_the_requests_of_a_load_test_are_a_sample_whatever_the_indicator_says(self, stage):
        counted = promise("task.done >= 90 %", "ratio", census=True)
        loaded = replace(share(1000, 1000), stage=Stage(stage), conditions={"offered": 100, "completed": 100})
        verdict = decide(counted, loaded, stage=stage)
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.KIND)


class TestFreshness:
    """An age that is promised for a window holds in every slice of it."""

    @pytest.mark.parametrize(("good", "state"), [(1440, State.MET), (1439, State.NOT_MET), (0, State.NOT_MET)])
    def test_every_slice_counts(self, good, state):
        slices = {"kind": "slices", "n": 1440, "good": good, "threshold": 900}
        verdict = decide(
            promise("age of feed <= 15 min over 1 d", "age", "production"), found("feed", slices, "production", **days(1, 0)),
            stage="production",
        )  # fmt: skip
        assert verdict.state is state


class TestWindowOfEveryRule:
    """What ended before the promised window is not of it."""

    OLD = {"window": {"from": "2026-09-01T00:00:00Z", "to": "2026-09-02T00:00:00Z"}}

    def test_an_old_sample_does_not_count(self):
        bound = promise("task.done >= 90 % over 30 d", "ratio", "production", rule=Rule.CONFIDENT)
        verdict = decide(
            bound, share(900, 0, "production", **self.OLD), share(50, 50, "production", **days(2, 0)), stage="production"
        )  # fmt: skip
        assert (verdict.state, verdict.n) == (State.MET, 50)

    def test_old_incidents_do_not_count(self):
        bound = promise("count of incidents <= 12 over 30 d", "count", "production")
        old, new = (
            found("incidents", {"kind": "count", "events": n}, "production", **window)
            for n, window in ((50, self.OLD), (4, days(30, 0)))
        )
        verdict = decide(bound, old, new, stage="production")
        assert (verdict.state, verdict.estimate) == (State.MET, 4)

    def test_the_shown_quantile_is_that_of_the_window(self):
        bound = promise("p95 of x < 1 s over 30 d", "value", "production")
        old, new = (
            found("x", {"kind": "quantile", "values": [v] * 10}, "production", **window)
            for v, window in ((7, self.OLD), (0.5, days(30, 0)))
        )
        verdict = decide(bound, old, new, stage="production")
        assert (verdict.state, verdict.estimate, verdict.n) == (State.MET, 0.5, 10)


class TestGapsWeighWhatTheWeekBeforeHeld:
    """Rule 7: the volume of a gap is that of the same time a week before."""

    def month(self, volume, *missing: int) -> list[records.Evidence]:
        return [
            share(volume(d), volume(d), "production", **days(d + 1, d)) for d in range(28) if d not in missing
        ]  # fmt: skip

    @pytest.mark.parametrize(("quiet", "state"), [(3, State.MET), (4, State.INCONCLUSIVE)])
    def test_a_quiet_day_is_missed_less_than_a_busy_one(self, quiet, state):
        # 10 events a day on one weekday, 1000 on the others; day 3 is missing; 99 % are promised.
        evidence = self.month(lambda d: 10 if d % 7 == quiet else 1000, 3)
        verdict = decide(
            promise("task.done >= 99 % over 28 d", "ratio", "production"), *evidence, stage="production"
        )  # fmt: skip
        assert verdict.state is state

    def test_the_volume_of_a_gap_is_exact(self):
        evidence = self.month(lambda d: 10 if d % 7 == 3 else 1000, 3)
        verdict = decide(
            promise("task.done >= 99 % over 28 d", "ratio", "production"), *evidence, stage="production"
        )  # fmt: skip
        n = 24 * 1000 + 3 * 10
        assert verdict.interval == pytest.approx((n / (n + 10), 1.0), rel=1e-12)

    def test_two_missing_weeks_look_back_to_the_third(self):
        evidence = self.month(lambda d: 10 if d % 7 == 3 else 1000, 3, 10)
        verdict = decide(
            promise("task.done >= 99 % over 28 d", "ratio", "production"), *evidence, stage="production"
        )  # fmt: skip
        n = 24 * 1000 + 2 * 10
        assert verdict.interval == pytest.approx((n / (n + 20), 1.0), rel=1e-12)

    def test_without_an_earlier_week_the_average_counts(self):
        evidence = self.month(lambda d: 10 if d % 7 == 3 else 1000, 24)  # the first week
        verdict = decide(
            promise("task.done >= 90 % over 28 d", "ratio", "production"), *evidence, stage="production"
        )  # fmt: skip
        n = 24 * 1000 + 3 * 10
        assert verdict.interval == pytest.approx((n / (n + n / 27), 1.0), rel=1e-12)

    def test_records_side_by_side_add_their_volumes(self):
        evidence = [
            share(n, n, "production", population={"customer": c}, **days(d + 1, d))
            for d in range(28) if d != 3 for c, n in (("a", 100), ("b", 300))
        ]  # fmt: skip
        verdict = decide(
            promise("task.done >= 90 % over 28 d", "ratio", "production"), *evidence, stage="production"
        )  # fmt: skip
        assert verdict.interval == pytest.approx((27 / 28, 1.0), rel=1e-12)


class TestPredictions:
    """Rule 14: an interval shows no more than the level it was made at."""

    def predicted(self, level: float, text: str = "p95 of x < 1 s", **binding) -> Verdict:
        statistic = {"kind": "prediction", "value": 0.5, "low": 0.4, "high": 0.6, "level": level}
        return decide(promise(text, "value", "design", **binding), found("x", statistic, "design"), stage="design")

    def test_a_narrow_interval_does_not_show_a_promise(self):
        verdict = self.predicted(0.5)
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.UNPROVEN)
        assert verdict.detail == "its 50% interval shows a bound at 75.0%, 95.0% is asked for"
        assert verdict.settle == "an interval at 90.0%"

    def test_ninety_percent_two_sided_are_ninety_five_one_sided(self):
        assert self.predicted(0.9).state is State.MET
        assert self.predicted(0.9, "p95 of x < 1 s with 99 %").state is State.INCONCLUSIVE
        assert self.predicted(0.98, "p95 of x < 1 s with 99 %").state is State.MET

    def test_an_estimate_takes_the_middle(self):
        assert self.predicted(0.5, rule=Rule.ESTIMATE).state is State.MET
        assert self.predicted(0.5, "p95 of x < 0.5 s", rule=Rule.ESTIMATE).state is State.NOT_MET


@pytest.mark.upheld("REQ-JDG-004.c1")
class TestAttempts:
    """Rule 12."""

    def level(self, value: float, run: int, **more) -> records.Evidence:
        observed = f"2026-11-20T{run:02}:00:00Z"
        return found("m", {"kind": "level", "value": value, "se": 0.01}, run=f"r{run}", observed=observed, **more)

    def test_a_level_that_failed_at_its_own_level_is_not_saved_by_a_second_run(self):
        bound = promise("auc of m >= 0.80", "level")
        # 0.782 + 1.645 x 0.01 < 0.8, but 0.782 + 1.960 x 0.01 > 0.8
        assert decide(bound, self.level(0.782, 1), self.level(0.9, 2)).state is State.NOT_MET
        assert decide(bound, self.level(0.9, 1), self.level(0.782, 2)).state is State.INCONCLUSIVE

    def test_a_first_level_is_not_judged_at_the_level_of_the_second(self):
        bound = promise("auc of m >= 0.80", "level")
        assert decide(bound, self.level(0.8175, 1), self.level(0.9, 2)).state is State.MET
        assert decide(bound, self.level(0.9, 1), self.level(0.8175, 2)).state is State.INCONCLUSIVE

    def test_levels_of_different_regions_are_no_attempts(self):
        bound = promise("auc of m >= 0.80", "level")
        both = [self.level(0.8175, j, population={"region": r}) for j, r in ((1, "uk"), (2, "no"))]
        assert decide(bound, *both).state is State.MET

    def test_runs_on_other_subjects_are_no_attempts_on_this_one(self):
        bound = promise("task.done >= 90 %", "ratio", subject="ancestor")
        asked = {"subject": "git:now", "ancestors": frozenset({"git:old", "git:new"})}
        old, new, now = (
            share(40, good, subject=f"git:{s}", observed=f"2026-11-{d:02}T00:00:00Z")
            for d, (s, good) in enumerate((("old", 4), ("new", 40), ("now", 40)), 1)
        )
        own = decide(bound, old, new, now, **asked)
        assert (own.state, own.n, own.attempts) == (State.MET, 40, ())
        newest = decide(bound, old, new, **asked)
        assert (newest.state, newest.n, newest.subject) == (State.MET, 40, "git:new")
        assert decide(bound, old, **asked).state is State.NOT_MET


class TestResolution:
    def test_when_one_reading_is_met_and_the_other_not_shown_a_finer_histogram_would_tell(self):
        cells = {"kind": "quantile", "cells": [[0.1, 0.9, 960], [0.9, 1.1, 40]]}
        verdict = decide(promise("p95 of x < 1 s", "value"), found("x", cells))
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.RESOLUTION)
        assert verdict.settle == "a histogram with a boundary at the threshold, or raw values"


class TestRollouts:
    def test_the_shown_quantile_is_bounded_by_the_rule_that_judges(self):
        values = {"kind": "quantile", "values": [i / 1000 for i in range(400)]}
        by_rule = {
            rule: decide(
                promise("p95 of x < 1 s", "value", "release", rule=rule), found("x", values, "release"), stage="release"
            ).interval
            for rule in (Rule.CONFIDENT, Rule.SEQUENTIAL)
        }
        assert by_rule[Rule.SEQUENTIAL][0] < by_rule[Rule.CONFIDENT][0]
        assert by_rule[Rule.SEQUENTIAL][1] > by_rule[Rule.CONFIDENT][1]


class TestNames:
    """Evidence is named by its file, else its run, else its id."""

    @pytest.mark.parametrize(
        ("more", "name"), [({"source": {"file": "a.json"}, "run": "r1"}, "a.json"), ({"run": "r1"}, "r1")]
    )
    def test_a_refusal_names_what_it_refuses(self, more, name):
        verdict = decide(promise("task.done >= 90 %", "ratio"), share(50, 50, **more), subject="git:b")
        assert verdict.detail == f"{name} measured git:a, asked about git:b"

    def test_an_unreadable_file_is_named(self):
        broken = records.Evidence(
            indicator="task.done", stage=Stage.BUILD, statistic=None, unreadable="ends early", source={"file": "x.xml"}
        )  # fmt: skip
        assert decide(promise("task.done >= 90 %", "ratio"), broken).detail == "x.xml: ends early"

    def test_an_attempt_is_named_by_its_file_where_it_has_no_run(self):
        runs = [share(50, good, source={"file": f"{good}.json", "digest": f"sha256:{good}"}) for good in (50, 49)]
        verdict = decide(promise("task.done >= 90 %", "ratio"), *runs)
        assert sorted(a.run for a in verdict.attempts) == ["49.json", "50.json"]
