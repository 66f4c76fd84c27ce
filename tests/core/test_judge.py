"""judge(): the rules of the house, each as a table of sentences."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Rule, Stage
from upheld.core.fingerprint import indicator_hash
from upheld.core.judge import judge
from upheld.core.verdict import Reason, State, Verdict, worst

pytestmark = pytest.mark.upheld("REQ-JDG-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNITS = {Kind.VALUE: "s"}


def promise(
    text: str, kind: str, *, stage: str = "build", unit: str | None = None, census: bool = False, **binding
) -> Criterion:
    sentence = criteria.parse(text)
    customers = binding.pop("customers", ())
    requirement = binding.pop("requirement", "")
    linked = binding.pop("linked", False)
    default = UNITS.get(Kind(kind), "") if unit is None else unit
    indicator = Indicator(
        name=sentence.indicator, kind=Kind(kind), unit=quantity.UNITS[default], census=census, linked=linked
    )
    criteria.check(sentence, indicator)
    bound = {Stage(stage): Binding(stage=Stage(stage), **binding)} if binding else {}
    address = f"{requirement or 'REQ-X-001'}.c1"
    return Criterion(
        address=address,
        sentence=sentence,
        indicator=indicator,
        bindings=bound,
        customers=customers,
        requirement=requirement,
    )


def evidence(indicator: str, statistic: dict, **more) -> records.Evidence:
    record = {
        "schema": records.SCHEMA,
        "indicator": indicator,
        "stage": "build",
        "subject": "git:a",
        "statistic": statistic,
    }
    return records.decode(record | more)


def decide(criterion: Criterion, *found: records.Evidence, stage: str = "build", **asked) -> Verdict:
    return judge(criterion, Stage(stage), found, at=asked.pop("at", AT), **asked)


def share(n: int, good: int, **more) -> records.Evidence:
    return evidence("task.done", {"kind": "share", "n": n, "good": good}, **more)


class TestConfident:
    """Rule 2: the bound on the bad side decides."""

    @pytest.mark.parametrize(
        ("good", "n", "state", "bound"),
        [
            (8, 8, State.INCONCLUSIVE, 0.688),
            (29, 29, State.MET, 0.902),
            (28, 28, State.INCONCLUSIVE, 0.8985),
            (70, 100, State.NOT_MET, 0.616),
        ],
    )
    def test_at_least_ninety_percent(self, good, n, state, bound):
        verdict = decide(promise("task.done >= 90 %", "ratio"), share(n, good))
        assert verdict.state is state
        assert verdict.interval is not None
        assert verdict.interval[0] == pytest.approx(bound, abs=5e-4)

    def test_eight_of_eight_says_that_twenty_one_more_would_settle_it(self):
        verdict = decide(promise("task.done >= 90 %", "ratio"), share(8, 8))
        assert verdict.settle == "21 more, all good (29 in all)"

    def test_eight_of_eight_is_met_where_an_estimate_is_allowed(self):
        verdict = decide(promise("task.done >= 90 %", "ratio", rule=Rule.ESTIMATE), share(8, 8))
        assert (verdict.state, verdict.rule) == (State.MET, Rule.ESTIMATE)

    def test_a_limit_from_above_is_judged_by_the_upper_bound(self):
        few = decide(promise("task.done <= 10 %", "ratio"), share(20, 0))
        many = decide(promise("task.done <= 10 %", "ratio"), share(60, 1))
        assert (few.state, many.state) == (State.INCONCLUSIVE, State.MET)

    def test_a_higher_confidence_asks_for_more(self):
        assert decide(promise("task.done >= 90 %", "ratio"), share(29, 29)).state is State.MET
        assert decide(promise("task.done >= 90 % with 99 %", "ratio"), share(29, 29)).state is State.INCONCLUSIVE

    @pytest.mark.parametrize(
        ("value", "se", "state"),
        [(0.82, 0.035, State.INCONCLUSIVE), (0.84, 0.011, State.MET), (0.82, 0.015, State.INCONCLUSIVE)],
    )
    def test_a_level_with_its_standard_error(self, value, se, state):
        found = evidence("model", {"kind": "level", "value": value, "se": se})
        assert decide(promise("auc of model >= 0.80", "level"), found).state is state

    def test_a_level_without_its_standard_error_is_an_estimate_only(self):
        found = evidence("model", {"kind": "level", "value": 0.9})
        assert decide(promise("auc of model >= 0.80", "level"), found).reason is Reason.NO_ERROR
        assert decide(promise("auc of model >= 0.80", "level", rule=Rule.ESTIMATE), found).state is State.MET

    def test_a_mean_without_its_deviation_does_not_tell(self):
        found = evidence("x", {"kind": "mean", "n": 50, "mean": 0.1})
        assert decide(promise("mean of x < 1 s", "value"), found).reason is Reason.NO_ERROR

    def test_a_mean_with_its_deviation_is_judged_by_student_t(self):
        found = evidence("x", {"kind": "mean", "n": 50, "mean": 0.1, "m2": 0.5})
        verdict = decide(promise("mean of x < 1 s", "value"), found)
        assert verdict.state is State.MET
        assert verdict.interval is not None
        assert verdict.interval[1] == pytest.approx(0.1 + 1.6765508926 * math.sqrt(0.5 / 49 / 50), rel=1e-6)

    def test_the_maximum_of_a_sample_shows_only_a_break(self):
        high = evidence("x", {"kind": "max", "n": 9, "max": 2})
        low = evidence("x", {"kind": "max", "n": 9, "max": 0.2})
        assert decide(promise("max of x < 1 s", "value"), high).state is State.NOT_MET
        assert decide(promise("max of x < 1 s", "value"), low).reason is Reason.KIND

    def test_events_are_bounded_by_poisson(self):
        ten = evidence("crashes", {"kind": "rate", "events": 10, "exposure": 86400})
        assert decide(promise("rate of crashes <= 20/d", "count", unit="/d"), ten).state is State.MET
        assert decide(promise("rate of crashes <= 12/d", "count", unit="/d"), ten).state is State.INCONCLUSIVE
        assert decide(promise("rate of crashes <= 5/d", "count", unit="/d"), ten).state is State.NOT_MET

    def test_a_prediction_is_judged_by_its_interval(self):
        found = evidence(
            "x", {"kind": "prediction", "unit": "ms", "value": 760, "low": 620, "high": 910}, stage="design"
        )
        states = [
            decide(promise(f"p95 of x < {t}", "value"), found, stage="design").state for t in ("1 s", "0.8 s", "0.5 s")
        ]
        assert states == [State.MET, State.INCONCLUSIVE, State.NOT_MET]


class TestQuantileAsShare:
    """Rule 1."""

    def test_failed_requests_are_bad_events(self):
        fast = [0.1] * 190
        fine = evidence("x", {"kind": "quantile", "values": fast})
        failing = evidence("x", {"kind": "quantile", "values": fast, "failures": 20})
        assert decide(promise("p95 of x < 1 s", "value"), fine).state is State.MET
        verdict = decide(promise("p95 of x < 1 s", "value"), failing)
        assert (verdict.state, verdict.n) == (State.NOT_MET, 210)

    @pytest.mark.parametrize(("op", "state"), [("<", State.NOT_MET), ("<=", State.MET)])
    def test_values_at_the_threshold_are_compared_exactly(self, op, state):
        found = evidence("x", {"kind": "quantile", "values": [0.8] * 100})
        assert decide(promise(f"p95 of x {op} 0.8 s", "value"), found).state is state

    @pytest.mark.parametrize(("cell", "state"), [([0.5, 1.0, 1000], State.MET), ([1.0, 2.0, 1000], State.NOT_MET)])
    def test_a_bucket_boundary_at_the_threshold_resolves_it(self, cell, state):
        found = evidence("x", {"kind": "quantile", "cells": [cell]})
        assert decide(promise("p95 of x < 1 s", "value"), found).state is state

    def test_a_bucket_that_straddles_the_threshold_does_not_tell(self):
        found = evidence("x", {"kind": "quantile", "cells": [[0.5, 0.9, 900], [0.9, 1.1, 100]]})
        verdict = decide(promise("p95 of x < 1 s", "value"), found)
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.RESOLUTION)

    def test_a_straddling_bucket_that_cannot_matter_is_no_obstacle(self):
        found = evidence("x", {"kind": "quantile", "cells": [[0.5, 0.9, 990], [0.9, 1.1, 10]]})
        assert decide(promise("p95 of x < 1 s", "value"), found).state is State.MET

    def test_a_quantile_from_above_needs_only_the_rest(self):
        found = evidence("x", {"kind": "quantile", "values": [2.0] * 99 + [0.5]})
        assert decide(promise("p95 of x > 1 s", "value"), found).state is State.MET

    def test_a_histogram_is_judged_again_when_the_threshold_moves_and_a_split_is_stale(self):
        histogram = evidence("x", {"kind": "quantile", "cells": [[0.1, 0.7, 1000]]})
        split = evidence("x", {"kind": "quantile", "n": 1000, "good": 1000, "threshold": 1})
        tighter = promise("p95 of x < 0.8 s", "value")
        assert decide(tighter, histogram).state is State.MET
        assert decide(tighter, split).reason is Reason.STALE

    def test_the_shown_quantile_is_the_inverted_cdf(self):
        values = sorted(random.Random(5).random() for _ in range(101))
        verdict = decide(promise("p90 of x < 2 s", "value"), evidence("x", {"kind": "quantile", "values": values}))
        assert verdict.estimate == values[math.ceil(0.9 * 101) - 1]


class TestDependence:
    """Rule 3, as far as the judge applies it (the arithmetic is tested with the statistics)."""

    def test_a_minute_of_load_is_worth_sixty_events(self):
        cells = {"kind": "quantile", "cells": [[0.1, 0.5, 11880], [1.5, 2, 120]]}
        short = evidence("x", cells, conditions={"seconds": 60, "completed": 200})
        longer = evidence("x", cells, conditions={"seconds": 100, "completed": 200})
        verdict = decide(promise("p95 of x < 1 s", "value"), short)
        assert (verdict.reason, verdict.n, verdict.n_eff) == (Reason.UNPROVEN, 12000, 60)
        assert verdict.share is not None
        assert 1 - verdict.share[1] == pytest.approx(0.066, abs=5e-4)
        assert decide(promise("p95 of x < 1 s", "value"), longer).state is State.MET

    def test_shards_of_one_run_stand_side_by_side(self):
        cells = {"kind": "quantile", "cells": [[0.1, 0.5, 6000]]}
        shards = [evidence("x", cells, run="r1", population={"shard": s}, conditions={"seconds": 60}) for s in "ab"]
        verdict = decide(promise("p95 of x < 1 s", "value"), *shards)
        assert (verdict.n, verdict.n_eff) == (12000, 60)


class TestLoad:
    """Rule 5."""

    CELLS = {"kind": "quantile", "cells": [[0.1, 0.5, 90000]]}
    SLOW = {"kind": "quantile", "cells": [[1.5, 2.0, 90000]]}

    @pytest.mark.parametrize(
        ("conditions", "state", "reason"),
        [
            ({"offered": 200, "completed": 199, "seconds": 600}, State.MET, Reason.NONE),
            ({"offered": 150, "completed": 150, "seconds": 600}, State.INCONCLUSIVE, Reason.LOAD),
            ({"offered": 200, "completed": 190, "seconds": 600}, State.INCONCLUSIVE, Reason.LOAD),
            ({"completed": 196.1, "seconds": 600}, State.MET, Reason.NONE),
            ({"seconds": 600}, State.INCONCLUSIVE, Reason.LOAD),
            ({"completed": "many", "seconds": 600}, State.INCONCLUSIVE, Reason.LOAD),
        ],
    )
    def test_a_pass_needs_the_load(self, conditions, state, reason):
        verdict = decide(promise("p95 of x < 1 s at 200/s", "value"), evidence("x", self.CELLS, conditions=conditions))
        assert (verdict.state, verdict.reason) == (state, reason)

    def test_a_failure_below_the_load_stands(self):
        found = evidence("x", self.SLOW, conditions={"offered": 150, "completed": 150, "seconds": 600})
        assert decide(promise("p95 of x < 1 s at 200/s", "value"), found).state is State.NOT_MET

    @pytest.mark.parametrize(
        ("members", "state"),
        [
            ((({"shard": "a"}, 120), ({"shard": "b"}, 80)), State.MET),
            ((({"shard": "a"}, 120), ({"shard": "b"}, 60)), State.INCONCLUSIVE),
            ((({"customer": "n"}, 120), ({"customer": "e"}, 80)), State.INCONCLUSIVE),  # each may repeat the whole's
            ((({"customer": "n"}, 200), ({"customer": "e"}, 200)), State.MET),
            ((({"shard": "a", "customer": "n"}, 200), ({"shard": "b", "customer": "e"}, 150)), State.INCONCLUSIVE),
        ],
    )
    def test_shards_of_one_run_offer_the_load_together(self, members, state):
        found = [
            evidence("x", self.CELLS, run="r1", population=who, conditions={"completed": load, "seconds": 600})
            for who, load in members
        ]
        assert decide(promise("p95 of x < 1 s at 200/s", "value"), *found).state is state

    def test_shards_that_ran_after_one_another_offered_the_least_of_their_loads(self):
        windows = [{"from": f"2026-11-20T0{hour}:00:00Z", "to": f"2026-11-20T0{hour}:10:00Z"} for hour in (1, 2)]
        conditions = {"completed": 120, "seconds": 600}
        found = [
            evidence("x", self.CELLS, run="r1", population={"shard": str(i)}, window=window, conditions=conditions)
            for i, window in enumerate(windows)
        ]
        assert decide(promise("p95 of x < 1 s at 200/s", "value"), *found).reason is Reason.LOAD

    def test_a_run_shorter_than_asked_does_not_pass(self):
        found = evidence("x", self.CELLS, conditions={"completed": 200, "seconds": 120})
        asked = promise("p95 of x < 1 s at 200/s", "value", duration=600.0)
        assert decide(asked, found).reason is Reason.SHORT

    def test_a_sample_below_the_minimum_does_not_pass(self):
        assert decide(promise("task.done >= 50 %", "ratio", at_least=100), share(50, 50)).reason is Reason.FEW

    def test_a_comparison_without_a_baseline_does_not_pass(self):
        bound = promise("task.done >= 50 %", "ratio", no_worse_than=quantity.parse("2 points"))
        assert decide(bound, share(500, 500)).reason is Reason.BASELINE


class TestSubjectAndAge:
    """What was measured, and when."""

    def test_another_subject_is_inconclusive(self):
        verdict = decide(promise("task.done >= 90 %", "ratio"), share(50, 50), subject="git:b")
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.SUBJECT)

    def test_an_ancestor_will_do_where_the_binding_says_so(self):
        bound = promise("task.done >= 90 %", "ratio", subject="ancestor")
        assert decide(bound, share(50, 50), subject="git:b", ancestors=frozenset({"git:a"})).state is State.MET
        assert decide(bound, share(50, 50), subject="git:b").reason is Reason.SUBJECT

    def test_no_subject_is_refused_where_one_is_required(self):
        nobody = share(50, 50, subject="")
        asserted = replace(share(50, 50), asserted=True)
        plain = promise("task.done >= 90 %", "ratio")
        assert decide(plain, nobody, subject="git:a").state is State.MET
        assert decide(plain, nobody, subject="git:a", require_subject=True).reason is Reason.NO_SUBJECT
        assert decide(plain, asserted, subject="git:a", require_subject=True).reason is Reason.NO_SUBJECT

    @pytest.mark.parametrize(("hours", "reason"), [(1, Reason.NONE), (167, Reason.NONE), (169, Reason.OLD)])
    def test_evidence_has_a_maximum_age(self, hours, reason):
        observed = (AT - timedelta(hours=hours)).isoformat()
        verdict = decide(promise("task.done >= 90 %", "ratio", max_age=7 * 86400.0), share(50, 50, observed=observed))
        assert verdict.reason is reason

    def test_evidence_of_unknown_age_is_too_old(self):
        assert decide(promise("task.done >= 90 %", "ratio", max_age=60.0), share(50, 50)).reason is Reason.OLD

    def test_evidence_observed_later_does_not_exist_yet(self):
        later = share(50, 50, observed=(AT + timedelta(hours=1)).isoformat())
        assert decide(promise("task.done >= 90 %", "ratio"), later).reason is Reason.MISSING

    def test_evidence_of_an_indicator_that_was_defined_otherwise_is_stale(self):
        bound = promise("task.done >= 90 %", "ratio")
        good = indicator_hash(bound.indicator, Stage.BUILD)
        assert decide(bound, share(50, 50, indicator_hash=good)).state is State.MET
        assert decide(bound, share(50, 50, indicator_hash="0" * 16)).reason is Reason.STALE

    def test_the_environment_that_is_asked_for_counts(self):
        bound = promise("task.done >= 90 %", "ratio", environment="staging")
        assert decide(bound, share(50, 50, environment="staging")).state is State.MET
        assert decide(bound, share(50, 50, environment="laptop")).reason is Reason.ENVIRONMENT
        assert decide(bound, share(50, 50)).reason is Reason.ENVIRONMENT

    def test_a_unit_of_another_dimension_is_refused(self):
        found = evidence("x", {"kind": "quantile", "unit": "kB", "cells": [[0.1, 0.2, 1000]]})
        assert decide(promise("p95 of x < 1 s", "value"), found).reason is Reason.UNIT

    def test_nothing_is_missing(self):
        verdict = decide(promise("task.done >= 90 %", "ratio"))
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.MISSING)

    def test_no_events_are_no_traffic(self):
        assert decide(promise("task.done >= 90 %", "ratio"), share(0, 0)).reason is Reason.NO_TRAFFIC

    def test_a_file_that_cannot_be_read_keeps_a_pass_from_standing_but_not_a_failure(self):
        broken = replace(share(1, 1), statistic=None, unreadable="ends in the middle", id="")
        plain = promise("task.done >= 90 %", "ratio")
        assert decide(plain, broken).reason is Reason.UNREADABLE
        assert decide(plain, share(50, 50), broken).reason is Reason.UNREADABLE
        assert decide(plain, share(50, 5), broken).state is State.NOT_MET


class TestLinks:
    """Tests count for the criteria that they name."""

    def linked(self) -> Criterion:
        return promise("test.passed = 100 %", "ratio", census=True, linked=True, requirement="REQ-A-001")

    def test_a_test_counts_for_the_requirement_and_the_criterion_that_it_names(self):
        for address, state in (
            ("REQ-A-001", State.MET),
            ("REQ-A-001.c1", State.MET),
            ("REQ-A-001.c2", State.INCONCLUSIVE),
        ):
            found = evidence("test.passed", {"kind": "share", "n": 3, "good": 3}, links=[address])
            assert decide(self.linked(), found).state is state

    def test_a_whole_run_says_nothing_about_one_requirement(self):
        found = evidence("test.passed", {"kind": "share", "n": 3, "good": 3})
        assert decide(self.linked(), found).reason is Reason.MISSING


class TestReruns:
    """Rule 12."""

    SLOW = {"kind": "quantile", "cells": [[0.1, 0.5, 9000], [1.5, 2.0, 1000]]}
    FAST = {"kind": "quantile", "cells": [[0.1, 0.5, 9700], [1.5, 2.0, 300]]}

    def run(self, statistic: dict, hour: int) -> records.Evidence:
        window = {"from": f"2026-11-20T{hour:02}:00:00Z", "to": f"2026-11-20T{hour:02}:30:00Z"}
        return evidence("x", statistic, run=f"run-{hour}", window=window)

    def test_a_failed_run_and_a_green_one_are_judged_together_and_both_shown(self):
        verdict = decide(promise("p95 of x < 1 s", "value"), self.run(self.SLOW, 9), self.run(self.FAST, 12))
        assert verdict.state is not State.MET
        assert [(a.run, a.state) for a in verdict.attempts] == [("run-9", State.NOT_MET), ("run-12", State.MET)]
        assert verdict.n == 20000

    def test_the_green_run_alone_would_have_been_met(self):
        assert decide(promise("p95 of x < 1 s", "value"), self.run(self.FAST, 12)).state is State.MET

    def test_each_further_run_is_judged_at_a_stricter_level(self):
        bound = promise("task.done >= 90 %", "ratio")
        one = share(30, 30, run="1")
        # 60 of 60 at 97.5 % shows 93.9 %; it would show 95.1 % at 95 %
        verdict = decide(bound, one, share(30, 30, run="2"))
        assert verdict.interval is not None
        assert verdict.interval[0] == pytest.approx(0.025 ** (1 / 60), rel=1e-9)

    def test_a_void_run_is_shown_with_its_reason_and_not_counted(self):
        void = replace(self.run(self.SLOW, 9), void="the load generator ran out of memory")
        verdict = decide(promise("p95 of x < 1 s", "value"), void, self.run(self.FAST, 12))
        assert verdict.state is State.MET
        assert [a.void for a in verdict.attempts] == ["the load generator ran out of memory", ""]

    def test_of_levels_the_worst_stands(self):
        found = [evidence("m", {"kind": "level", "value": v, "se": 0.01}, run=str(v)) for v in (0.9, 0.7)]
        assert decide(promise("auc of m >= 0.80", "level"), *found).state is State.NOT_MET

    def test_one_record_sent_twice_is_one_run(self):
        found = self.run(self.FAST, 12)
        assert decide(promise("p95 of x < 1 s", "value"), found, found).n == 10000

    def test_one_measurement_sent_again_with_more_provenance_is_one_run(self):
        found = self.run(self.FAST, 12)
        again = replace(found, id="other", producer={"commit": "4f1c9a2"}, run="ci-7")
        assert decide(promise("p95 of x < 1 s", "value"), found, again).n == 10000

    def test_two_runs_over_the_same_time_overlap(self):
        first, second = self.run(self.FAST, 9), replace(self.run(self.SLOW, 9), run="other", id="other")
        assert decide(promise("p95 of x < 1 s", "value"), first, second).reason is Reason.OVERLAP


DAY = 86400


def lived(
    statistic: dict, days: float = 30, customer: str = "", end: datetime = AT, indicator: str = "up"
) -> records.Evidence:
    window = {"from": (end - timedelta(days=days)).isoformat(), "to": end.isoformat()}
    population = {"customer": customer} if customer else {}
    return evidence(indicator, statistic, stage="production", window=window, population=population)


class TestWindow:
    """Rule 7."""

    def test_a_complete_window_is_compared_exactly(self):
        bound = promise("up >= 99.5 % over 30 d", "ratio", stage="production")
        assert decide(bound, lived({"kind": "share", "n": 1000, "good": 995}), stage="production").state is State.MET
        assert (
            decide(bound, lived({"kind": "share", "n": 1000, "good": 994}), stage="production").state is State.NOT_MET
        )

    def test_a_gap_counts_once_as_good_and_once_as_bad(self):
        bound = promise("up >= 90 % over 30 d", "ratio", stage="production")
        full = {"kind": "share", "n": 1000, "good": 1000}
        near = decide(bound, lived(full, days=28), stage="production")  # 28 of 30 days: 93 % even if the rest were bad
        far = decide(bound, lived(full, days=20), stage="production")
        assert (near.state, far.state, far.reason) == (State.MET, State.INCONCLUSIVE, Reason.WINDOW)

    def test_an_unfinished_month_says_when_it_settles(self):
        bound = promise("up >= 99.5 % over calendar month", "ratio", stage="production")
        verdict = decide(bound, lived({"kind": "share", "n": 1000, "good": 1000}, days=21.5), stage="production")
        assert (verdict.reason, verdict.settle) == (Reason.WINDOW, "it settles on 2026-12-01")

    def test_a_budget_already_spent_is_not_met_before_the_month_ends(self):
        bound = promise("up >= 99.5 % over calendar month", "ratio", stage="production")
        verdict = decide(bound, lived({"kind": "share", "n": 1000, "good": 900}, days=21.5), stage="production")
        assert verdict.state is State.NOT_MET

    def test_evidence_without_its_time_does_not_fill_a_window(self):
        bound = promise("up >= 99.5 % over 30 d", "ratio", stage="production")
        found = evidence("up", {"kind": "share", "n": 10, "good": 10}, stage="production")
        assert decide(bound, found, stage="production").reason is Reason.WINDOW

    def test_a_record_reaching_back_before_the_window_is_refused(self):
        bound = promise("up >= 99.5 % over 30 d", "ratio", stage="production")
        verdict = decide(bound, lived({"kind": "share", "n": 1000, "good": 1000}, days=45), stage="production")
        assert verdict.reason is Reason.WINDOW

    def test_days_add_up_to_the_window_and_older_ones_fall_out(self):
        bound = promise("up >= 99 % over 30 d", "ratio", stage="production")
        old = lived({"kind": "share", "n": 100, "good": 0}, days=1, end=AT - timedelta(days=30))
        days = [lived({"kind": "share", "n": 100, "good": 100}, days=1, end=AT - timedelta(days=d)) for d in range(30)]
        verdict = decide(bound, old, *days, stage="production")
        assert (verdict.state, verdict.n) == (State.MET, 3000)

    def test_silence_is_not_success(self):
        bound = promise("up >= 99.5 % over 30 d", "ratio", stage="production")
        assert (
            decide(bound, lived({"kind": "share", "n": 0, "good": 0}), stage="production").reason is Reason.NO_TRAFFIC
        )

    def test_slices_are_judged_as_time(self):
        bound = promise("up >= 99.5 % over 30 d", "ratio", stage="production")
        spent = lived({"kind": "slices", "n": 43200, "good": 43200 - 130})
        verdict = decide(bound, spent, stage="production")
        assert verdict.state is State.MET
        assert verdict.estimate == pytest.approx(0.99699, abs=5e-6)


class TestPerCustomer:
    """Rule 6."""

    def per(self, text: str = "up >= 95 % over 30 d per customer", **more) -> Criterion:
        return promise(text, "ratio", stage="production", **more)

    def test_one_customer_below_is_not_met_although_the_total_is_above(self):
        good = lived({"kind": "share", "n": 9000, "good": 9000}, customer="a")
        bad = lived({"kind": "share", "n": 500, "good": 350}, customer="b")
        verdict = decide(self.per(), good, bad, stage="production")
        assert verdict.state is State.NOT_MET
        assert [(g.member, g.state) for g in verdict.groups] == [("a", State.MET), ("b", State.NOT_MET)]
        assert "b" in verdict.detail

    def test_a_promised_customer_without_evidence_is_not_counted_as_fine(self):
        found = lived({"kind": "share", "n": 9000, "good": 9000}, customer="a")
        verdict = decide(self.per(customers=("a", "b")), found, stage="production")
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.NO_TRAFFIC)

    def test_a_customer_who_was_promised_nothing_is_left_aside(self):
        good = lived({"kind": "share", "n": 9000, "good": 9000}, customer="a")
        other = lived({"kind": "share", "n": 9000, "good": 1}, customer="z")
        assert decide(self.per(customers=("a",)), good, other, stage="production").state is State.MET

    def test_small_customers_are_listed_and_judged_together(self):
        big = lived({"kind": "share", "n": 9000, "good": 9000}, customer="big")
        small = [lived({"kind": "share", "n": 10, "good": 9}, customer=f"s{i}") for i in range(5)]
        verdict = decide(self.per(), big, *small, stage="production")
        assert verdict.state is State.NOT_MET  # 45 of 50 together
        assert "5 small together" in verdict.detail
        assert sum(g.reason is Reason.FEW for g in verdict.groups) == 5

    def test_evidence_for_nobody_in_particular_cannot_show_a_promise_per_customer(self):
        assert (
            decide(self.per(), lived({"kind": "share", "n": 10, "good": 10}), stage="production").reason
            is Reason.POPULATION
        )

    def test_build_pools_unless_the_binding_says_otherwise(self):
        found = [share(100, g, population={"customer": c}) for c, g in (("a", 100), ("b", 80))]
        pooled = promise("task.done >= 80 % per customer", "ratio")
        told_apart = promise("task.done >= 80 % per customer", "ratio", per="customer")
        assert decide(pooled, *found).state is State.MET
        assert decide(told_apart, *found).state is State.INCONCLUSIVE

    def test_a_sampled_customer_is_not_met_only_beyond_chance_among_all(self):
        members = [share(400, 380, population={"customer": f"c{i}"}) for i in range(49)]
        unlucky = share(
            400, 370, population={"customer": "unlucky"}
        )  # 92.5 %: below 95 % at level 95 %, not at 1-5 %/50
        told_apart = promise("task.done >= 95 % per customer", "ratio", per="customer")
        verdict = decide(told_apart, *members, unlucky)
        assert verdict.state is State.INCONCLUSIVE
        assert decide(told_apart, unlucky).state is State.NOT_MET

    def test_a_total_beside_its_customers_is_counted_twice(self):
        whole = lived({"kind": "share", "n": 9000, "good": 9000})
        part = lived({"kind": "share", "n": 900, "good": 900}, customer="a")
        assert decide(self.per(), whole, part, stage="production").reason is Reason.OVERLAP


class TestSequential:
    """Rule 10, for absolute shares."""

    def released(self, n: int, good: int, *, buckets: int = 10) -> records.Evidence:
        """A rollout with its minutes, the good events spread evenly over them."""
        cuts = [(n * i // buckets, good * i // buckets) for i in range(buckets + 1)] if buckets else []
        parts = [{"kind": "share", "n": b - a, "good": y - x} for (a, x), (b, y) in pairwise(cuts)]
        series = [{"at": i * 60, "seconds": 60, "statistic": part} for i, part in enumerate(parts)]
        return evidence("task.done", {"kind": "share", "n": n, "good": good}, stage="release", series=series)

    @pytest.mark.parametrize(("n", "state"), [(448, State.INCONCLUSIVE), (4512, State.MET)])
    def test_a_rollout_is_judged_by_a_bound_that_holds_at_every_look(self, n, state):
        assert decide(promise("task.done >= 99 %", "ratio"), self.released(n, n), stage="release").state is state

    @pytest.mark.parametrize("good", [100_000, 50_000])
    @pytest.mark.parametrize("buckets", [0, 9])
    def test_the_first_verdict_needs_ten_time_buckets_whatever_it_would_be(self, good, buckets):
        verdict = decide(
            promise("task.done >= 99 %", "ratio"), self.released(100_000, good, buckets=buckets), stage="release"
        )
        assert (verdict.state, verdict.reason) == (State.INCONCLUSIVE, Reason.FEW)
        assert verdict.settle == f"a record with at least 10 time buckets (series); here {buckets or 'none'}"

    def test_the_first_verdict_needs_twenty_expected_bad_events(self):
        verdict = decide(promise("task.done >= 99 %", "ratio"), self.released(1999, 1999), stage="release")
        assert (verdict.rule, verdict.reason) == (Rule.SEQUENTIAL, Reason.FEW)


def test_the_worst_answer_is_not_met_and_no_answer_is_inconclusive():
    assert worst([State.MET, State.INCONCLUSIVE]) is State.INCONCLUSIVE
    assert worst([State.INCONCLUSIVE, State.NOT_MET, State.MET]) is State.NOT_MET
    assert worst([]) is State.INCONCLUSIVE


@given(n=st.integers(1, 400), data=st.data())
def test_more_good_events_never_make_a_verdict_worse(n, data):
    good = data.draw(st.integers(0, n - 1))
    bound = promise("task.done >= 80 %", "ratio")
    order = [State.NOT_MET, State.INCONCLUSIVE, State.MET]
    before, after = (decide(bound, share(n, g)).state for g in (good, good + 1))
    assert order.index(before) <= order.index(after)


@given(
    target=st.integers(1, 99), n=st.integers(1, 300), data=st.data(), level=st.sampled_from(["80 %", "95 %", "99.9 %"])
)
def test_a_sample_never_shows_what_its_estimate_denies(target, n, data, level):
    good = data.draw(st.integers(0, n))
    verdict = decide(promise(f"task.done >= {target} % with {level}", "ratio"), share(n, good))
    if verdict.state is State.MET:
        assert Decimal(good) * 100 >= Decimal(target) * n
    if verdict.state is State.NOT_MET:
        assert Decimal(good) * 100 < Decimal(target) * n


@given(st.permutations(range(5)))
def test_the_order_of_evidence_changes_nothing(order):
    found = [lived({"kind": "share", "n": 1000 + i, "good": 990}, customer=f"c{i}", days=30) for i in range(5)]
    bound = promise("up >= 95 % over 30 d per customer", "ratio", stage="production")
    assert decide(bound, *[found[i] for i in order], stage="production") == decide(bound, *found, stage="production")


class TestNothingToJudge:
    """What cannot be judged is said, never passed."""

    @pytest.mark.parametrize(
        ("text", "statistic"),
        [
            ("apdex of m >= 0.9", {"kind": "apdex", "satisfied": 0, "tolerating": 0, "frustrated": 0}),
            ("nps of m >= 0 points", {"kind": "nps", "promoters": 0, "passives": 0, "detractors": 0}),
            ("auc of m >= 0.8", {"kind": "auc", "positives": [0, 0, 100], "negatives": [0, 0, 0]}),
            ("auc of m >= 0.8", {"kind": "auc", "positives": [], "negatives": []}),
        ],
    )
    def test_scores_of_nobody_are_no_evidence(self, text, statistic):
        assert decide(promise(text, "level"), evidence("m", statistic)).reason is Reason.NO_TRAFFIC

    @pytest.mark.parametrize(
        ("stage", "state"), [("design", State.MET), ("build", State.INCONCLUSIVE), ("production", State.INCONCLUSIVE)]
    )
    def test_a_prediction_is_evidence_of_a_design_only(self, stage, state):
        found = evidence("x", {"kind": "prediction", "value": 0.7, "low": 0.6, "high": 0.9}, stage=stage)
        assert decide(promise("p95 of x < 1 s", "value"), found, stage=stage).state is state

    @pytest.mark.parametrize(("minutes", "reason"), [(-3, Reason.NONE), (4, Reason.NONE), (6, Reason.FUTURE)])
    def test_an_event_after_the_time_asked_about_makes_nothing_fresh(self, minutes, reason):
        latest = (AT + timedelta(minutes=minutes)).isoformat()
        found = evidence("feed", {"kind": "age", "latest": latest})
        assert decide(promise("age of feed < 5 min", "age", rule=Rule.ESTIMATE), found).reason is reason


class TestFreshEyes:
    """What a new user tried and was told wrongly."""

    def test_saying_less_about_a_run_never_gains_a_pass(self):
        good = {"kind": "quantile", "n": 1000, "good": 1000, "threshold": 1}
        for conditions in ({"offered": 200, "completed": 200, "seconds": 5}, {"offered": 200, "completed": 200}):
            verdict = decide(promise("p95 of x < 1 s at 200/s", "value"), evidence("x", good, conditions=conditions))
            assert (verdict.reason, verdict.n_eff) == (Reason.UNPROVEN, 5)

    def test_a_total_beside_one_of_its_parts_is_counted_twice_also_without_a_time(self):
        part = share(20, 20, population={"customer": "a"})
        verdict = decide(promise("task.done >= 90 %", "ratio"), part, share(20, 20))
        assert verdict.reason is Reason.OVERLAP

    def test_parts_that_share_no_member_add_up(self):
        parts = [share(20, 20, population={"customer": c}) for c in "ab"]
        assert decide(promise("task.done >= 90 %", "ratio"), *parts).n == 40

    def test_of_a_report_with_a_whole_and_its_parts_the_whole_is_judged(self):
        source = {"file": "stats.csv", "digest": "sha256:1"}
        whole = share(30, 30, source=source)
        parts = [share(15, 15, source=source, population={"request": r}) for r in "ab"]
        assert decide(promise("task.done >= 90 %", "ratio"), whole, *parts).n == 30

    @pytest.mark.parametrize(("days", "reason"), [(0.5, Reason.NONE), (1.5, Reason.OLD), (365, Reason.OLD)])
    def test_a_window_that_ended_long_ago_shows_nothing_about_now(self, days, reason):
        found = lived({"kind": "share", "n": 1000, "good": 1000}, end=AT - timedelta(days=days))
        bound = promise("up >= 99 % over 30 d", "ratio", stage="production")
        assert decide(bound, found, stage="production").reason is reason

    @pytest.mark.parametrize(("months", "reason"), [(10, Reason.NONE), (9, Reason.OLD)])
    def test_last_month_is_judged_all_through_this_month(self, months, reason):
        end = datetime(2026, months + 1, 1, tzinfo=UTC)
        start = datetime(2026, months, 1, tzinfo=UTC)
        found = lived({"kind": "share", "n": 1000, "good": 1000}, days=(end - start).days, end=end)
        bound = promise("up >= 99 % over calendar month", "ratio", stage="production")
        assert decide(bound, found, stage="production").reason is reason

    def test_equality_asks_for_a_complete_count(self):
        found = evidence("err", {"kind": "count", "events": 0})
        verdict = decide(promise("err = 0", "count"), found)
        assert "complete count" in verdict.settle
        assert decide(promise("err = 0", "count", census=True), found).state is State.MET

    @pytest.mark.parametrize(
        ("text", "statistic", "low", "high"),
        [
            ("nps of m >= 0 points", {"kind": "nps", "promoters": 10, "passives": 0, "detractors": 0}, -1, 1),
            ("apdex of m >= 0.5", {"kind": "apdex", "satisfied": 10, "tolerating": 0, "frustrated": 0}, 0, 1),
        ],
    )
    def test_an_interval_stays_inside_what_a_score_can_be(self, text, statistic, low, high):
        verdict = decide(promise(text, "level"), evidence("m", statistic))
        assert verdict.interval is not None
        assert low <= verdict.interval[0] <= verdict.interval[1] <= high

    def test_a_promise_for_service_hours_needs_evidence_of_those_hours(self):
        bound = promise("up >= 99 % over 30 d during Mon-Fri 08:00-18:00", "ratio", stage="production")
        plain = lived({"kind": "share", "n": 1000, "good": 1000})
        told = replace(plain, conditions={"hours": "Mon-Fri 08:00-18:00"})
        other = replace(plain, conditions={"hours": "Mon-Sun 00:00-24:00"})
        assert [decide(bound, e, stage="production").reason for e in (plain, other, told)] == [
            Reason.WINDOW, Reason.WINDOW, Reason.NONE,
        ]  # fmt: skip

    def test_a_failure_with_maintenance_counted_in_does_not_break_a_promise_that_excludes_it(self):
        bound = promise("up >= 99 % over 30 d excluding maintenance", "ratio", stage="production")
        good, bad = (lived({"kind": "share", "n": 1000, "good": g}) for g in (995, 900))
        told = replace(bad, conditions={"maintenance": "excluded"})
        states = [decide(bound, e, stage="production").state for e in (good, bad, told)]
        assert states == [State.MET, State.INCONCLUSIVE, State.NOT_MET]

    def test_an_exact_share_of_a_sample_is_said_to_need_a_complete_count(self):
        assert "complete count" in decide(promise("task.done = 100 %", "ratio"), share(8, 8)).settle
