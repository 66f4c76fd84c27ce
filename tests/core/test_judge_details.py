"""What the judge keeps apart: the subject's own runs, the whole and its parts, bounds that straddle, ends of windows."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.core.test_judge import AT, evidence, promise
from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Criterion, Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Level, Rate
from upheld.core.judge import judge
from upheld.core.offer import offer
from upheld.core.signoff import content_hash
from upheld.core.verdict import Reason, State

pytestmark = pytest.mark.upheld("REQ-JDG-001.c1")

DAY = "2026-11-2{}T08:00:00Z"
GOOD, BAD = {"kind": "share", "n": 500, "good": 500}, {"kind": "share", "n": 500, "good": 100}


def test_runs_on_an_ancestor_are_no_re_runs_of_the_subject():
    asked = promise("x >= 90 %", "ratio", subject="ancestor")
    own = evidence("x", GOOD, subject="tree:new", observed=DAY.format(0), run="own")
    older = evidence("x", BAD, subject="tree:old", observed=DAY.format(1), run="older")  # measured again, later
    verdict = judge(asked, Stage.BUILD, [own, older], at=AT, subject="tree:new", ancestors=frozenset({"tree:old"}))
    assert (verdict.state, verdict.n, verdict.subject) == (State.MET, 500, "tree:new")


def test_without_a_run_on_the_subject_the_newest_ancestor_is_judged_alone():
    asked = promise("x >= 90 %", "ratio", subject="ancestor")
    newer = evidence("x", GOOD, subject="tree:b", observed=DAY.format(1), run="b")
    oldest = evidence("x", BAD, subject="tree:a", observed=DAY.format(0), run="a")
    known = frozenset({"tree:a", "tree:b"})
    verdict = judge(asked, Stage.BUILD, [oldest, newer], at=AT, subject="tree:new", ancestors=known)
    assert (verdict.state, verdict.n) == (State.MET, 500)


def test_of_a_report_that_gives_a_whole_and_its_parts_a_promise_per_customer_counts_the_parts():
    window = {"from": "2026-10-23T12:00:00Z", "to": "2026-11-22T12:00:00Z"}
    common = {"stage": "production", "window": window, "source": {"digest": "sha256:one", "file": "month.json"}}
    parts = [evidence("x", GOOD, population={"customer": name}, **common) for name in ("east", "north")]
    whole = evidence("x", {"kind": "share", "n": 1000, "good": 1000}, **common)
    asked = promise("x >= 90 % over 30 d per customer", "ratio", stage="production", customers=("east", "north"))
    verdict = judge(asked, Stage.PRODUCTION, [whole, *parts], at=AT)
    assert [(group.member, group.n) for group in verdict.groups] == [("east", 500), ("north", 500)]
    together = judge(
        replace(asked, sentence=criteria.parse("x >= 90 % over 30 d")), Stage.PRODUCTION, [whole, *parts], at=AT
    )
    assert (together.n, together.groups) == (1000, ())


def test_the_estimate_of_a_share_between_two_bounds_is_their_middle():
    straddling = {"kind": "quantile", "cells": [[0.1, 0.5, 60], [0.9, 1.1, 30], [2, 3, 10]]}
    verdict = judge(promise("p95 of x < 1 s", "value"), Stage.BUILD, [evidence("x", straddling)], at=AT)
    assert verdict.share is not None
    assert verdict.share[0] == pytest.approx(0.75)


@pytest.mark.parametrize(("late", "state"), [(86_400, State.MET), (86_401, State.INCONCLUSIVE)])
def test_evidence_of_a_rolling_month_may_end_a_day_ago_and_not_a_second_more(late, state):
    end = AT - timedelta(seconds=late)
    window = {"from": (end - timedelta(days=30)).isoformat(), "to": end.isoformat()}
    found = evidence("x", GOOD, stage="production", window=window)
    verdict = judge(promise("x >= 90 % over 30 d", "ratio", stage="production"), Stage.PRODUCTION, [found], at=AT)
    assert verdict.state is state
    if state is State.INCONCLUSIVE:
        assert verdict.reason is Reason.OLD
        assert verdict.detail == "the evidence ends on 2026-11-21 11:59 UTC, 24 h before the time asked about"


@pytest.mark.parametrize(
    ("text", "events", "estimate"),
    [("rate of x < 5 /h", 12, 12 / 36_000), ("x <= 20", 12, 12.0)],
)
def test_events_are_judged_as_a_rate_where_the_promise_is_one(text, events, estimate):
    found = evidence("x", {"kind": "rate", "events": events, "exposure": 36_000})
    verdict = judge(promise(text, "count"), Stage.BUILD, [found], at=AT)
    assert verdict.estimate == pytest.approx(estimate)


# ── Offers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def offered(text: str, kind: Kind, unit: str, *found: Evidence) -> list[tuple[str, float | None]]:
    sentence = criteria.parse(text)
    indicator = Indicator(name="x", kind=kind, unit=quantity.UNITS[unit])
    template = Criterion(address="offer", sentence=sentence, indicator=indicator)
    return [(o.member, o.target) for o in offer(sentence, template, Stage.BUILD, found, at=AT)]


def level(value: float, customer: str = "") -> Evidence:
    population = {"customer": customer} if customer else {}
    return Evidence(indicator="x", stage=Stage.BUILD, statistic=Level(value, 0.01, None, 100), population=population)


def test_what_is_offered_to_all_is_the_weakest_offer_in_the_direction_of_the_promise():
    found = [level(0.9, "north"), level(0.7, "east")]
    low, high = (dict(offered(f"x {op} 0.5", Kind.LEVEL, "", *found)) for op in (">=", "<="))
    assert low[""] == low["east"] < low["north"]
    assert high[""] == high["north"] > high["east"]


@pytest.mark.parametrize(
    ("unit", "text"), [("MB", "x <= 900 MB"), ("s", "x <= 900 s"), ("/s", "x <= 900/s"), ("", "x <= 900")]
)
def test_a_level_of_any_unit_can_be_offered_and_is_met_again_in_words(unit, text):
    (_, target), *_ = offered(text, Kind.LEVEL, unit, level(100.0))
    assert target is not None
    assert 100 < target < 100.07


def test_a_rate_of_no_events_can_be_offered():
    found = Evidence(indicator="x", stage=Stage.BUILD, statistic=Rate(0, 1000.0))
    ((_, target),) = offered("rate of x < 5 /s", Kind.COUNT, "", found)
    assert target == pytest.approx(3 / 1000, rel=0.01)  # the rule of three


# ── What a sign-off stands for ───────────────────────────────────────────────────────────────────────────────────────


class Words:
    """A catalogue that knows one item."""

    def words(self, item: str) -> tuple[str, str, list[str]] | None:
        return ("Größe  der\nAntwort", "When  asked,\n it  answers.", ["c2 …", "c1 …"]) if item == "REQ-1" else None


def test_a_content_hash_is_that_of_its_canonical_json():
    text = '["REQ-1", "Größe der Antwort", "When asked, it answers.", ["c1 …", "c2 …"]]'
    assert content_hash(Words(), "REQ-1").endswith(sha256(text.encode()).hexdigest())
    nothing = '["REQ-2", "", "", []]'
    assert content_hash(Words(), "REQ-2").endswith(sha256(nothing.encode()).hexdigest())
