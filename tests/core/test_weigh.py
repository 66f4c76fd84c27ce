"""What a verdict says beside its state: why, what would settle it, and the numbers it rests on.

The situations are cases of the conformance suite; the suite states the verdicts, these tables the words and the rest.
"""

import json
import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from upheld.core import criterion as criteria
from upheld.core import evidence as records
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Indicator, Kind, Op, Rule, Stage
from upheld.core.judge import judge
from upheld.core.verdict import Reason, State, Verdict
from upheld.core.weigh import Answer, calendar_period, day, inconclusive, minute, runs, window_of

pytestmark = pytest.mark.upheld("REQ-JDG-001.c1")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parents[2] / "conformance"
SUITE = {
    (path.stem, case["name"]): case
    for path in FOLDER.glob("*.json") for case in json.loads(path.read_text("utf-8")) if "stage" in case
}  # fmt: skip

# File, name of the case, why, and what would settle it.
WORDS = [
    ("numbers", "A mean of 0.1 s over 2 values with a sum of squares of 0.01 against 0.12 s.", "not shown: the bound 0.546 s does not reach 0.12 s", "a larger sample, or a promise of 0.546 s"),
    ("numbers", "A mean of 0.1 s over 1 values with a sum of squares of 0 against 0.12 s.", "no standard error: a mean without its standard deviation", "a report with the standard deviation, or raw values"),
    ("numbers", "A mean of 0.1 s over 2 values with a sum of squares of 0 against 0.12 s.", "not shown: values without any spread give no bound", "a larger sample"),
    ("rule-04-reports", "An AUC of 0.83 with SE 0 against at least 0.80.", "not shown: values without any spread give no bound", "a larger sample"),
    ("numbers", "A histogram does not give a mean.", "resolution: a histogram does not give a mean", "raw values, or n, mean and m2"),
    ("numbers", "Failures have no value to average.", "wrong kind: 1 failed events have no value to average", ""),
    ("numbers", "Means are values of the past to a quantile: it cannot be judged from them.", "wrong kind: p95 of api.latency cannot be judged from a mean statistic", ""),
    ("numbers", "10 events in 86400 s against at most 12/d: Poisson bounds.", "not shown: the bound 17/d does not reach 12/d", "a larger sample, or a promise of 17/d"),
    ("numbers", "0 events against at most 2, as a sample.", "not shown: the bound 3 does not reach 2", "a larger sample, or a promise of 3"),
    ("numbers", "A rate without its exposure is no rate.", "no traffic: a rate needs the exposure it was counted in", ""),
    ("numbers", "40 promoters, 40 passives, 20 detractors against an NPS of 30 points.", "not shown: the bound 7.7 points does not reach 30 points", "a larger sample, or a promise of 7.7 points"),
    ("numbers", "Slices that were split at another limit are stale.", "stale: slices were split at another limit than 10 min", ""),
    ("overlap", "Two runs over the same hour count it twice.", "overlap: 1 and 2 both count 2026-11-20 10:00 UTC", "remove one of them"),
    ("overlap", "In production complete counts overlap as well.", "overlap: sha256:9f0527594fd9 and sha256:10422f052194 both count 2026-11-22 00:00 UTC", "remove one of them"),
    ("overlap", "Different kinds of statistic do not add.", "wrong kind: mean and quantile statistics do not add", ""),
    ("rule-01-quantile", "50 of 100 below the limit, against the p50.", "not shown: at least 41.4 % is shown, 50 % needed", "a larger margin: the measured share lies at the promise"),
    ("rule-01-quantile", "95 of 100 below the limit, against the p90.", "not shown: at least 89.8 % is shown, 90 % needed", "about 1.1 times as much evidence like this"),
    ("rule-01-quantile", "990 of 1000 below the limit, against the p99.", "not shown: at least 98.3 % is shown, 99 % needed", "a larger sample; at 99 % it will not be met"),
    ("rule-01-quantile", "2994 of 2994 below the limit, against the p99.9.", "not shown: at least 99.9 % is shown, 99.9 % needed", "1 more, all good (2995 in all)"),
    ("rule-01-quantile", "A bucket with 40 of 1000 events straddles the limit; both readings must agree.", "resolution", "a histogram with a boundary at the threshold, or raw values"),
    ("rule-01-quantile", "Counts split at 1 s say nothing about 0.8 s any more.", "stale: counts were split at 1 s, 0.8 s is promised now", "measure again"),
    ("rule-02-confident", "1000 of 1000 against at least 100 %.", "not shown: at least 99.7 % is shown, 100 % needed", "a complete count (census: true in indicators.yaml): no sample shows 100 %"),
    ("rule-02-confident", "0 of 20 against at most 10 %: the upper bound is the bad side.", "not shown: at most 13.9 % is shown, 10 % needed", "about 1.5 times as much evidence like this"),
    ("rule-02-confident", "1 of 1 against at most 10 %: the upper bound is the bad side.", "not shown: at most 100 % is shown, 10 % needed", "a larger sample; at 100 % it will not be met"),
    ("rule-02-confident", "Exactly half of 1e8 events against <= 50 %: the sample lies at the promise.", "not shown: at most 50 % is shown, 50 % needed", "a larger margin: the measured share lies at the promise"),
    ("rule-02-confident", "No events are no traffic.", "no traffic: no events", ""),
    ("rule-02-confident", "No evidence is missing evidence.", "missing", "evidence of task.done at stage build"),
    ("rule-02-confident", "A histogram says nothing about a ratio.", "wrong kind: this promise of task.done cannot be judged from a quantile statistic", ""),
    ("rule-04-reports", "A level without its error under `confident`.", "no standard error: a number without its standard error", 'a report with its standard error, or "rule: estimate" in the binding'),
    ("rule-04-reports", "A max without its error under `confident`.", "wrong kind: the maximum of a sample says nothing about the largest there is", "a complete count (census: true in indicators.yaml), or a quantile"),
    ("rule-04-reports", "A prediction's 50% interval, asked with 95 %: two one-sided bounds at 75.00%.", "not shown: its 50% interval shows a bound at 75.0%, 95.0% is asked for", "an interval at 90.0%"),
    ("rule-05-load", "A quick run of 200/s with offered 200/s, completed 195.9/s.", "load: 196/s of 200/s reached", "a run that offers and completes 200/s"),
    ("rule-05-load", "A quick run of 200/s with offered 200/s.", "load: the report does not say which load it completed", "a run that offers and completes 200/s"),
    ("rule-05-load", "A run of 580 s where 10 min are asked for.", "too short: the run lasted 9.67 min, 10 min is asked for", "a run of 10 min"),
    ("rule-05-load", "A run of 60 s where 10 min are asked for.", "too short: the run lasted 60 s, 10 min is asked for", "a run of 10 min"),
    ("rule-05-load", "A run that does not say how long it lasted.", "too short: the run lasted an unstated time, 10 min is asked for", "a run of 10 min"),
    ("rule-05-load", "99 of 99 where at least 100 are asked for.", "too few: 99 events, at least 100 are asked for", "1 more events"),
    ("rule-05-load", "500 of 500 good, no worse than a baseline that is not there.", "no baseline: no worse than 2 points is asked for, and there is no baseline", "evidence of a concurrent baseline"),
    ("rule-06-members", "One customer below is not met although the total is above.", "b", ""),
    ("rule-06-members", "A promised customer without evidence is not counted as fine.", "no traffic: b (no evidence)", ""),
    ("rule-06-members", "A silent customer does not hide a broken one.", "a", ""),
    ("rule-06-members", "Evidence for nobody in particular shows nothing per customer.", "no customer: promised per customer, but the evidence names none", "evidence with population {customer: …}"),
    ("rule-06-members", "A total beside its parts is counted twice.", "overlap: sha256:aebaa3d9425a and sha256:11c9661d0e87 both count 2026-10-23 12:00 UTC", "remove one of them"),
    ("rule-06-members", "Five customers with 9 of 10 each are judged together.", "5 small together", ""),
    ("rule-06-members", "Nineteen events are fewer than 1/(1-95 %), twenty are not.", "twenty, 1 small together", ""),
    ("rule-06-members", "A customer with traffic of zero.", "no traffic: 1 small together (no events)", ""),
    ("rule-06-members", "Each customer's window must be complete.", "window: b (10 d of 30 d have no evidence)", ""),
    ("rule-06-members", "Per route, not per customer.", "/b", ""),
    ("rule-06-members", "Nine customers at 99 % and one with 20 bad of 400: not met only beyond 1 - 5 %/10.", "not shown: unlucky (at least 92.8 % is shown, 95 % needed)", ""),
    ("rule-06-members", "Nine customers at 99 % and one with 30 bad of 400: not met only beyond 1 - 5 %/10.", "not shown: unlucky (below the promise, but not beyond what one of 10 shows by chance)", ""),
    ("rule-06-members", "Nine customers at 99 % and one with 34 bad of 400: not met only beyond 1 - 5 %/10.", "unlucky", ""),
    ("rule-06-members", "The same customer with 28 bad of 400 alone: no correction.", "alone", ""),
    ("rule-06-members", "Fifty customers at exactly 95 %.", "not shown: c00, c01, c02, c03, c04 and 45 more (at least 92.8 % is shown, 95 % needed)", "a larger sample; at 95 % it will not be met"),
    ("rule-06-members", "Fifty customers at exactly 95 % and one at 90 %.", "c50", ""),
    ("rule-06-members", "One of three customers is a single event short.", "not shown: b (at least 95 % is shown, 95 % needed)", ""),
    ("rule-06-members", "Small customers together are too few as well.", "not shown: 1 small together (at least 92.8 % is shown, 95 % needed)", ""),
    ("rule-06-members", "A quantile per customer over 30 days.", "c", ""),
    ("rule-07-windows", "20 of 30 days, all good, against 90 %.", "window: 10 d of 30 d have no evidence", "evidence for the missing 10 d"),
    ("rule-07-windows", "A gap may break a limit from above.", "window: 48 h of 30 d have no evidence", "evidence for the missing 48 h"),
    ("rule-07-windows", "Evidence without its time fills no window.", "window: the evidence does not say which time it covers", 'evidence with its "window"'),
    ("rule-07-windows", "A record that reaches back before the window is not cut.", "window: a record from 2026-10-08 12:00 UTC covers time outside 30 d", "records that end where the window starts"),
    ("rule-07-windows", "A straddling bucket in a complete window does not tell.", "resolution: between 900 and 1000 of 1000 are good", ""),
    ("rule-07-windows", "99.6 % good from 2028-02-01 to 2028-02-29, seen on 2028-02-29.", "window: calendar month ends on 2028-03-01", "it settles on 2028-03-01"),
    ("rule-07-windows", "Two of three months of a quarter are not the quarter.", "window: calendar quarter ends on 2027-01-01", "it settles on 2027-01-01"),
    ("rule-07-windows", "365 days of a leap year leave one day open.", "window: calendar year ends on 2029-01-01", "it settles on 2029-01-01"),
    ("rule-07-windows", "From Sunday to Sunday are two calendar weeks.", "window: a record from 2026-12-27 00:00 UTC covers time outside calendar week", "records that end where the window starts"),
    ("rule-07-windows", "A month in local time is not the month in UTC.", "window: a record from 2026-09-30 22:00 UTC covers time outside calendar month", "records that end where the window starts"),
    ("rule-10-sequential", "All of 399 good against 95 %: twenty bad events must have been possible.", "too few: a rollout is first judged after 10 buckets and 20 expected bad events", ""),
    ("rule-12-reruns", "Every run is void.", "missing: every run is void: the disk was full", "run it again"),
    ("subjects", "Another subject is inconclusive.", "wrong subject: sha256:2861bca5ac26 measured git:a, asked about git:b", "measure git:b"),
    ("subjects", "A failure of another subject is inconclusive as well.", "wrong subject: sha256:d010f5fb256c measured git:a, asked about git:b", "measure git:b"),
    ("subjects", "A record without a subject, required: True.", "no subject: sha256:c1ce72de9158 does not say what it measured", "record it with: upheld evidence FILE --record"),
    ("subjects", "A record that only asserts its subject, required: True.", "no subject: sha256:4f29299337c9 only asserts its subject", "record it with: upheld evidence FILE --record"),
    ("subjects", "Evidence 168.01 h old where at most 7 d is allowed.", "too old: sha256:fee4010382d3 is 7 d old, at most 7 d is allowed", "measure again"),
    ("subjects", "Evidence 169 h old where at most 7 d is allowed.", "too old: sha256:9e51cb9882ea is 7.04 d old, at most 7 d is allowed", "measure again"),
    ("subjects", "Evidence 2 h old where at most 1 h is allowed.", "too old: sha256:dfbf461fed7b is 120 min old, at most 60 min is allowed", "measure again"),
    ("subjects", "Evidence of unknown age is too old where a maximum is set.", "too old: sha256:2861bca5ac26 does not say when it was observed, and a maximum age is set", "record it with: upheld evidence FILE --record"),
    ("subjects", "A window's end is when it was observed.", "too old: sha256:413c19dcf765 is 20.5 d old, at most 7 d is allowed", "measure again"),
    ("subjects", "What was observed later does not exist yet.", "missing: observed only on 2026-11-22, after the time asked about", ""),
    ("subjects", "Measured in laptop, staging is asked for.", "wrong environment: sha256:5bee9ff33b71 was measured in laptop, staging is asked for", "measure in staging"),
    ("subjects", "Measured in None, staging is asked for.", "wrong environment: sha256:2861bca5ac26 names no environment, staging is asked for", "measure in staging"),
    ("subjects", "The indicator was defined otherwise when this was measured.", "stale: task.done is defined differently since sha256:e3c8bd26db2d", "measure again"),
    ("subjects", "A file that cannot be read alone.", "unreadable: ends in the middle", "give a readable report"),
    ("subjects", "A file that cannot be read beside a pass.", "unreadable: ends in the middle", ""),
    ("subjects", "Tests that name ['REQ-A-001.c2'] for REQ-A-001.c1.", "missing", "evidence of test.passed at stage build"),
    ("units", "Kilobytes are no seconds.", "wrong unit: sha256:9e571ab0982f is in kB, s is expected", ""),
]  # fmt: skip


def read(case: dict) -> Criterion:
    told = case["criterion"]
    known = told["indicator"]
    keys = {
        "rule": ("rule", Rule), "environment": ("environment", str), "for": ("duration", quantity.seconds),
        "of": ("subject", str), "max-age": ("max_age", quantity.seconds), "at-least": ("at_least", int), "per": ("per", str),
        "no-worse-than": ("no_worse_than", quantity.parse), "at": ("load", quantity.parse),
        "confidence": ("confidence", lambda text: Decimal(text.removesuffix("%").strip()) / 100),
    }  # fmt: skip
    bindings = {
        Stage(stage): Binding(stage=Stage(stage), **{keys[k][0]: keys[k][1](v) for k, v in written.items()})
        for stage, written in told["bindings"].items()
    }
    indicator = Indicator(
        name=known["name"], kind=Kind(known["kind"]), unit=quantity.UNITS[known["unit"]], census=known["census"],
        linked=known["linked"],
    )  # fmt: skip
    return Criterion(
        address=told["address"], sentence=criteria.parse(told["sentence"]), indicator=indicator, bindings=bindings,
        requirement=told["requirement"], customers=tuple(told["customers"]),
    )  # fmt: skip


def answer(topic: str, name: str) -> Verdict:
    case = SUITE[topic, name]
    found = [
        records.Evidence(
            indicator=raw["indicator"], stage=Stage(raw["stage"]), statistic=None, unreadable=raw["unreadable"]
        )
        if "unreadable" in raw
        else records.decode(raw)
        for raw in case["evidence"]
    ]
    return judge(
        read(case), Stage(case["stage"]), found, at=datetime.fromisoformat(case["at"]), subject=case["subject"],
        ancestors=frozenset(case["ancestors"]), require_subject=case["require_subject"],
    )  # fmt: skip


@pytest.mark.parametrize(("topic", "name", "why", "settle"), WORDS, ids=[f"{t}: {n}" for t, n, *_ in WORDS])
def test_a_verdict_says_why_and_what_would_settle_it(topic, name, why, settle):
    verdict = answer(topic, name)
    assert (verdict.why, verdict.settle) == (why, settle)


class TestTheNumbersBesideAVerdict:
    def test_a_share_carries_its_bounds_its_need_its_level_and_its_margin(self):
        verdict = answer("rule-02-confident", "95 of 100 against at least 90 %.")
        assert verdict.share == (verdict.estimate, *verdict.interval)
        assert (verdict.needed, verdict.level, verdict.n, verdict.n_eff, verdict.target) == (0.9, 0.95, 100, 100.0, 0.9)
        assert verdict.margin == pytest.approx(0.05)
        assert (verdict.rule, verdict.stage, verdict.unit) == (Rule.CONFIDENT, Stage.BUILD, quantity.SHARE)

    def test_a_quantile_carries_the_share_of_good_events_too(self):
        verdict = answer("rule-01-quantile", "95 of 100 below the limit, against the p90.")
        assert verdict.share is not None
        assert verdict.share[0] == pytest.approx(0.95)
        assert (verdict.needed, verdict.target, verdict.unit) == (0.9, 1.0, quantity.SECOND)
        assert verdict.margin == pytest.approx(1.0 - verdict.estimate)

    def test_a_limit_from_above_has_its_margin_below_the_target(self):
        verdict = answer("rule-02-confident", "1 of 60 against at most 10 %: the upper bound is the bad side.")
        assert verdict.margin == pytest.approx(0.1 - 1 / 60)

    def test_a_number_has_no_share_and_nothing_is_needed_of_one(self):
        verdict = answer("rule-04-reports", "An AUC of 0.84 with SE 0.011 against at least 0.80.")
        assert (verdict.share, verdict.needed) == (None, None)

    def test_nothing_measured_has_no_numbers(self):
        verdict = answer("rule-02-confident", "No evidence is missing evidence.")
        assert (verdict.estimate, verdict.interval, verdict.share, verdict.n, verdict.n_eff, verdict.margin) == (
            None, None, None, 0, None, None,
        )  # fmt: skip
        assert (verdict.subject, verdict.observed, verdict.evidence, verdict.attempts) == ("", None, (), ())

    def test_what_was_refused_leaves_no_trace_of_its_numbers(self):
        verdict = answer("subjects", "Another subject is inconclusive.")
        assert (verdict.n, verdict.subject, verdict.evidence) == (0, "", ())

    def test_a_verdict_names_its_evidence_its_subject_and_its_newest_time(self):
        verdict = answer("subjects", "Old evidence falls away and the new one stands.")
        assert (verdict.subject, len(verdict.evidence)) == ("git:a", 1)
        assert verdict.observed == datetime(2026, 11, 22, tzinfo=UTC)

    def test_a_timed_run_shows_how_much_it_is_worth(self):
        verdict = answer(
            "rule-03-dependence", "12 000 requests with 1 % slow in 60 s, no buckets: one event per second."
        )
        assert (verdict.n, verdict.n_eff) == (12000, 60.0)

    def test_the_level_shown_is_the_one_that_was_asked_for(self):
        assert answer("rule-02-confident", "All of 30 good against at least 95 %, asked with 99 %.").level == 0.99

    def test_a_met_promise_has_nothing_to_settle(self):
        verdict = answer("rule-02-confident", "29 of 29 against at least 90 %.")
        assert (verdict.why, verdict.settle, verdict.met) == ("", "", True)

    def test_members_carry_their_own_numbers(self):
        verdict = answer("rule-06-members", "One customer below is not met although the total is above.")
        first, second = verdict.groups
        assert (first.member, first.n, first.estimate, first.interval, first.n_eff) == (
            "a",
            9000,
            1.0,
            (1.0, 1.0),
            None,
        )
        assert (second.member, second.n, second.estimate) == ("b", 500, 0.7)
        assert (verdict.n, verdict.estimate) == (9500, 9350 / 9500)

    def test_small_members_are_listed_with_their_numbers(self):
        verdict = answer("rule-06-members", "Five customers with 9 of 10 each are judged together.")
        together = next(g for g in verdict.groups if g.member == "5 small together")
        assert (together.n, together.estimate, together.state) == (50, 0.9, State.NOT_MET)
        listed = [g for g in verdict.groups if g.reason is Reason.FEW]
        assert [(g.member, g.n, g.detail) for g in listed] == [
            (f"s{i}", 10, "fewer than 20 events, judged together with the other small ones") for i in range(5)
        ]

    def test_members_stand_in_order_the_judged_first_then_the_small_then_the_silent(self):
        verdict = answer("rule-06-members", "One small customer alone is judged as the pooled member.")
        assert [g.member for g in verdict.groups] == ["big", "1 small together", "small"]


class TestAttempts:
    def test_every_run_is_shown_as_it_stands_alone(self):
        verdict = answer("rule-12-reruns", "80 of 100 and then 100 of 100 pool.")
        assert [(a.run, a.state, a.estimate, a.n, a.void) for a in verdict.attempts] == [
            ("run-1", State.NOT_MET, 0.8, 100, ""), ("run-2", State.MET, 1.0, 100, ""),
        ]  # fmt: skip
        assert [a.observed.hour for a in verdict.attempts] == [1, 2]

    def test_a_void_run_is_shown_with_its_reason(self):
        verdict = answer("rule-12-reruns", "A void run is not counted.")
        assert [(a.run, a.void, a.n, a.estimate, a.state) for a in verdict.attempts] == [
            ("run-1", "the load generator ran out of memory", 0, None, State.INCONCLUSIVE), ("run-2", "", 40, 1.0, State.MET),
        ]  # fmt: skip

    def test_one_run_is_no_list(self):
        assert answer("rule-12-reruns", "The green run alone.").attempts == ()

    def test_in_production_nothing_is_an_attempt(self):
        assert answer("rule-12-reruns", "In production records of different days are no re-runs.").attempts == ()

    def test_a_file_that_cannot_be_read_is_no_attempt(self):
        assert answer("subjects", "A file that cannot be read beside a pass.").attempts == ()


class TestWindowArithmetic:
    @pytest.mark.parametrize(
        ("name", "moment", "start", "end"),
        [
            ("day", "2026-11-22T12:34:56.7", "2026-11-22", "2026-11-23"),
            ("day", "2026-12-31T00:00:00", "2026-12-31", "2027-01-01"),
            ("week", "2026-11-22T12:00:00", "2026-11-16", "2026-11-23"),
            ("week", "2026-11-23T00:00:00", "2026-11-23", "2026-11-30"),
            ("month", "2026-12-31T23:59:59", "2026-12-01", "2027-01-01"),
            ("month", "2028-02-29T01:00:00", "2028-02-01", "2028-03-01"),
            ("quarter", "2026-11-22T12:00:00", "2026-10-01", "2027-01-01"),
            ("quarter", "2026-03-31T12:00:00", "2026-01-01", "2026-04-01"),
            ("quarter", "2026-04-01T00:00:00", "2026-04-01", "2026-07-01"),
            ("year", "2026-11-22T12:00:00", "2026-01-01", "2027-01-01"),
        ],
    )
    def test_the_calendar_period_that_holds_a_moment(self, name, moment, start, end):
        period = calendar_period(name, datetime.fromisoformat(moment).replace(tzinfo=UTC))
        assert period == tuple(datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (start, end))

    def test_a_moment_in_another_zone_is_taken_in_utc(self):
        assert calendar_period("day", datetime.fromisoformat("2026-11-22T00:30:00+02:00"))[0].day == 21

    def test_a_rolling_window_ends_with_the_evidence(self):
        assert window_of(criteria.parse("x >= 1 % over 30 d").window, AT) == (AT - timedelta(days=30), AT)

    def test_evidence_up_to_midnight_is_of_the_day_before(self):
        window = criteria.parse("x >= 1 % over calendar day").window
        assert window_of(window, datetime(2026, 11, 22, tzinfo=UTC))[0] == datetime(2026, 11, 21, tzinfo=UTC)

    def test_a_moment_is_shown_in_utc(self):
        moment = datetime.fromisoformat("2026-11-22T00:30:00+02:00")
        assert (day(moment), minute(moment)) == ("2026-11-21", "2026-11-21 22:30 UTC")


class TestRuns:
    def record(self, **more) -> records.Evidence:
        return records.Evidence(indicator="x", stage=Stage.BUILD, statistic=records.Share(1, 1), **more)

    def test_shards_of_one_run_or_one_file_belong_together_oldest_first(self):
        new = [self.record(run="2", id="c"), self.record(run="2", id="d")]
        file = [self.record(source={"digest": "sha256:1"}, id="b"), self.record(source={"digest": "sha256:1"}, id="e")]
        old = self.record(id="a")
        assert runs([*new, *file, old]) == [[old], file[::-1], new[::-1]]

    def test_records_without_any_name_stand_alone(self):
        assert len(runs([self.record(), self.record()])) == 2


def test_an_inconclusive_answer_keeps_what_is_known():
    assert inconclusive(Reason.FEW, "3 events", settle="more", n=3, estimate=0.5) == Answer(
        state=State.INCONCLUSIVE, reason=Reason.FEW, detail="3 events", settle="more", n=3, estimate=0.5
    )  # fmt: skip
    assert inconclusive(Reason.FEW) == Answer(state=State.INCONCLUSIVE, reason=Reason.FEW, detail="", settle="")


def test_an_empty_answer_holds_nothing():
    bare = Answer(state=State.MET)
    assert (bare.reason, bare.detail, bare.estimate, bare.interval, bare.share, bare.n, bare.n_eff, bare.settle) == (
        Reason.NONE, "", None, None, None, 0, None, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p95 of x < 1 s", (Op.GE, Fraction(19, 20))), ("p95 of x > 1 s", (Op.GE, Fraction(1, 20))),
        ("x <= 2 %", (Op.LE, Fraction(1, 50))), ("age of x <= 5 min", (Op.GE, Fraction(1))),
    ],
)  # fmt: skip
def test_a_promise_as_one_on_the_share_of_good_events(text, expected):
    sentence = criteria.parse(text)
    kind = Kind.VALUE if sentence.quantile else Kind.AGE if sentence.statistic == "age" else Kind.RATIO
    indicator = Indicator(name="x", kind=kind)
    assert Criterion(address="a", sentence=sentence, indicator=indicator).share_target == expected


def test_a_sample_of_nothing_finite_is_not_judged():
    level = records.Evidence(indicator="x", stage=Stage.BUILD, statistic=records.Level(math.nan))
    criterion = Criterion(
        address="a", sentence=criteria.parse("x >= 1"), indicator=Indicator(name="x", kind=Kind.LEVEL)
    )  # fmt: skip
    verdict = judge(criterion, Stage.BUILD, [level], at=AT)
    assert verdict.why == "not finite: the report holds no finite number"
