"""Evidence: records that add, decode exactly, and are named by their content."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core import evidence as records
from upheld.core.criterion import Op, Stage
from upheld.core.evidence import (
    Auc,
    Cell,
    Counts,
    Level,
    Maximum,
    Mean,
    Prediction,
    Quantile,
    Rate,
    Share,
    Slices,
    Split,
)
from upheld.core.statistics import Moments
from upheld.errors import EvidenceError

pytestmark = pytest.mark.upheld("REQ-EVI-003.c1")

LEAST = {
    "schema": "upheld/evidence/v1",
    "indicator": "task.done",
    "stage": "build",
    "subject": "git:a",
    "statistic": {"kind": "share", "n": 8, "good": 8},
}


def test_the_least_that_can_be_written_by_hand_is_read():
    found = records.decode(LEAST)
    assert (found.indicator, found.stage, found.subject) == ("task.done", Stage.BUILD, "git:a")
    assert found.statistic == Share(8, 8)
    assert found.id.startswith("sha256:")
    assert (found.observed, found.seconds, found.customer, found.series) == (None, None, "", ())


def test_every_field_is_read():
    found = records.decode(
        LEAST
        | {
            "population": {"customer": "northbank"},
            "window": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-01T00:10:00+00:00"},
            "conditions": {"offered": 200, "model": "m1"},
            "series": [{"at": 10, "seconds": 10, "statistic": {"kind": "share", "n": 3, "good": 3}},
                       {"at": 0, "seconds": 10, "statistic": {"kind": "share", "n": 5, "good": 5}}],
            "links": ["REQ-A-001"], "run": "r1", "environment": "staging", "asserted": True, "indicator_hash": "ab",
            "producer": {"tool": "t"}, "source": {"file": "f", "digest": "sha256:0"}, "notes": ["n"], "void": "why", "x-own": 1,
        }
    )  # fmt: skip
    assert (found.customer, found.seconds, found.run, found.environment, found.asserted) == (
        "northbank",
        600,
        "r1",
        "staging",
        True,
    )
    assert found.observed == datetime(2026, 11, 1, 0, 10, tzinfo=UTC)
    assert [b.at for b in found.series] == [0, 10]
    assert (found.links, found.void, found.notes, found.indicator_hash) == (("REQ-A-001",), "why", ("n",), "ab")
    assert found.conditions == {"offered": 200, "model": "m1"}


def test_a_stated_length_wins_over_the_window():
    window = {"from": "2026-11-01T00:00:00Z", "to": "2026-11-01T00:10:00Z"}
    assert records.decode(LEAST | {"window": window, "conditions": {"seconds": 30}}).seconds == 30


def with_statistic(**statistic):
    return LEAST | {"statistic": statistic}


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ([], "an evidence record is a JSON object"),
        ({}, 'schema is null, expected "upheld/evidence/v1"'),
        (LEAST | {"schema": "upheld/evidence/v2"}, 'schema is "upheld/evidence/v2", expected "upheld/evidence/v1"'),
        (LEAST | {"statge": "build"}, 'unknown field "statge"; own fields start with "x-"'),
        (LEAST | {"stage": "later"}, 'stage is "later"; one of design, build, release, production'),
        (LEAST | {"stage": None}, "stage is null; one of design, build, release, production"),
        (LEAST | {"indicator": ""}, "indicator is missing"),
        (LEAST | {"indicator": 5}, "indicator is 5; text is needed"),
        (LEAST | {"subject": 5}, "subject is 5; text is needed"),
        (LEAST | {"population": {"customer": 5}}, "population must be an object of texts"),
        (LEAST | {"population": ["x"]}, "population must be an object of texts"),
        (LEAST | {"links": "REQ-A-001"}, "links must be a list of texts"),
        (LEAST | {"links": [1]}, "links must be a list of texts"),
        (LEAST | {"window": "today"}, 'window must be {"from": time, "to": time}'),
        (LEAST | {"window": {"from": "2026-11-01"}}, 'window.from is "2026-11-01"; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z'),
        (LEAST | {"window": {"from": "2026-11-01T00:00:00"}}, 'window.from is "2026-11-01T00:00:00"; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z'),
        (LEAST | {"window": {"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}}, "window ends before it starts"),
        (LEAST | {"observed": "yesterday"}, 'observed is "yesterday"; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z'),
        (LEAST | {"observed": 5}, "observed is 5; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z"),
        (LEAST | {"conditions": [1]}, "conditions must be an object"),
        (LEAST | {"conditions": {"offered": True}}, "conditions.offered is true; a finite number is needed"),
        (LEAST | {"series": "x"}, "series must be a list"),
        (LEAST | {"series": ["x"]}, "series[0] must be an object"),
        (LEAST | {"series": [{"at": 0, "seconds": 0, "statistic": LEAST["statistic"]}]}, "series[0].seconds is 0; a bucket has a length"),
        (LEAST | {"series": [{"at": 0, "seconds": 1, "statistic": {"kind": "share", "n": 1, "good": 1}}]}, "series counts 1 events, statistic says 8"),
        (LEAST | {"series": [{"at": 0, "seconds": 10, "statistic": {"kind": "share", "n": 4, "good": 4}},
                             {"at": 5, "seconds": 10, "statistic": {"kind": "share", "n": 4, "good": 4}}]}, "series: the bucket at 5 s overlaps the one before"),
        (LEAST | {"statistic": None}, 'statistic must be an object such as {"kind": "share", "n": 8, "good": 8}'),
        (LEAST | {"statistic": {}}, "statistic.kind is null; one of share, quantile, mean, rate, count, age, slices, apdex, nps, auc, level, max, prediction"),
        (with_statistic(kind="shares", n=1, good=1), 'statistic.kind is "shares"; one of share, quantile, mean, rate, count, age, slices, apdex, nps, auc, level, max, prediction'),
        (with_statistic(kind=["share"], n=1, good=1), 'statistic.kind is ["share"]; one of share, quantile, mean, rate, count, age, slices, apdex, nps, auc, level, max, prediction'),
        (with_statistic(kind="share", n=1, good=1, extra=1), 'statistic: unknown field "extra" for kind share; known: n, good'),
        (with_statistic(kind="share", n=1, good=1, unit="s"), 'statistic: unknown field "unit" for kind share; known: n, good'),
        (with_statistic(kind="share", n=8, good=9), "statistic: 9 good of 8 events"),
        (with_statistic(kind="share", n=-8, good=-9), "statistic.n is -8; a count is not negative and at most 2^53"),
        (with_statistic(kind="share", n=8.5, good=8), "statistic.n is 8.5; a whole number is needed"),
        (with_statistic(kind="share", n=True, good=1), "statistic.n is true; a whole number is needed"),
        (with_statistic(kind="share", n="8", good=8), 'statistic.n is "8"; a whole number is needed'),
        (with_statistic(kind="share", n=math.nan, good=8), "statistic.n is NaN; a whole number is needed"),
        (with_statistic(kind="share", good=8), "statistic.n is null; a whole number is needed"),
        (with_statistic(kind="quantile", n=5), "statistic: a quantile needs cells, values, or good with its threshold"),
        (with_statistic(kind="quantile", n=5, good=4), "statistic: good needs the threshold it was split at"),
        (with_statistic(kind="quantile", n=5, good=6, threshold=1), "statistic: 6 good of 5 events, 0 of them failures"),
        (with_statistic(kind="quantile", n=5, good={"fast": 4}), 'statistic.good: threshold "fast" is no number in the base unit'),
        (with_statistic(kind="quantile", n=5, good={"1": [4, 3]}), "statistic: 3 good of 5 events, 0 of them failures"),
        (with_statistic(kind="quantile", n=5, good={"1": [1, 2, 3]}), "statistic.good: a count, or [below, at or below]"),
        (with_statistic(kind="quantile", n=5, good={"1": 5}, failures=1), "statistic: 5 good of 5 events, 1 of them failures"),
        (with_statistic(kind="quantile", n=5, cells=[[0, 1, 4]]), "statistic: cells and failures count 4 events, n says 5"),
        (with_statistic(kind="quantile", cells=[[1, 0, 4]]), "statistic.cells[0]: upper bound 0 lies below 1"),
        (with_statistic(kind="quantile", cells=[[0, 1]]), "statistic.cells[0]: a cell is [lower, upper, count]"),
        (with_statistic(kind="quantile", cells=[[0, math.inf, 1]]), "statistic.cells[0][1] is Infinity; a finite number is needed"),
        (with_statistic(kind="quantile", cells="x"), "statistic.cells must be a list"),
        (with_statistic(kind="quantile", values=[1, None]), "statistic.values[1] is null; a finite number is needed"),
        (with_statistic(kind="quantile", values=[1], unit="sek"), 'statistic.unit: unknown unit "sek"; did you mean s?'),
        (with_statistic(kind="quantile", cells=[[0, 0.5, 20], [0, 0.9, 20], [0, 1, 25]]), "statistic.cells look cumulative; a cell holds only the values inside its own interval"),
        (with_statistic(kind="quantile", values=[0.1, -0.5], unit="s"), "statistic holds -0.5 s; a duration is not negative"),
        (with_statistic(kind="quantile", cells=[[-2, 1, 3]], unit="ms"), "statistic holds -2 ms; a duration is not negative"),
        (with_statistic(kind="level", value=-1, unit="min"), "statistic holds -1 min; a duration is not negative"),
        (with_statistic(kind="max", n=1, max=-1, unit="s"), "statistic holds -1 s; a duration is not negative"),
        (with_statistic(kind="mean", n=1, mean=-1, unit="s"), "statistic holds -1 s; a duration is not negative"),
        (with_statistic(kind="prediction", value=1, low=-1, high=3, unit="s"), "statistic holds -1 s; a duration is not negative"),
        (with_statistic(kind="mean", n=5, mean="x"), 'statistic.mean is "x"; a finite number is needed'),
        (with_statistic(kind="mean", n=5, mean=1, m2=-1), "statistic.m2 is -1; a sum of squares is not negative"),
        (with_statistic(kind="rate", events=5, exposure=-1), "statistic.exposure is -1; it is not negative"),
        (with_statistic(kind="count", events=-5), "statistic.events is -5; a count is not negative and at most 2^53"),
        (with_statistic(kind="age", latest=None), "statistic.latest is missing"),
        (with_statistic(kind="age", latest="x"), 'statistic.latest is "x"; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z'),
        (with_statistic(kind="slices", n=5, good=6), "statistic: 6 good of 5 events"),
        (with_statistic(kind="nps", promoters=1, passives=1), "statistic.detractors is null; a whole number is needed"),
        (with_statistic(kind="auc", positives=[1], negatives=[1, 2]), "statistic: positives and negatives are counted on different grids"),
        (with_statistic(kind="auc", positives=1, negatives=[1]), "statistic.positives must be a list"),
        (with_statistic(kind="level", value=math.nan), "statistic.value is NaN; a finite number is needed"),
        (with_statistic(kind="level", value=1, se=-1), "statistic: a standard error is not negative, degrees of freedom are positive"),
        (with_statistic(kind="level", value=1, df=0), "statistic: a standard error is not negative, degrees of freedom are positive"),
        (with_statistic(kind="max", n=1), "statistic.max is null; a finite number is needed"),
        (with_statistic(kind="prediction", value=1, low=2, high=3), "statistic: low <= value <= high and 0 < level < 1 are needed"),
        (with_statistic(kind="prediction", value=1, low=1, high=3, level=1), "statistic: low <= value <= high and 0 < level < 1 are needed"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_exactly_is_refused_by_name(record, says):
    with pytest.raises(EvidenceError) as caught:
        records.decode(record)
    assert caught.value.message == says


MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
STATISTICS = [
    Share(8, 7),
    Quantile(5, (Cell(0.1, 0.2, 3), Cell(0.3, 0.3, 1)), 1),
    Quantile(5, (), 1, (Split(1.0, 3, 4),)),
    Quantile(4, (Cell(0.5, math.inf, 4),)),
    Mean(Moments(n=5, mean=1.5, m2=2.0)),
    Rate(5, 60.0),
    Rate(5),
    records.Age(MOMENT),
    Slices(10, 9),
    Slices(10, 9, 300.0),
    Counts("apdex", (5, 3, 2)),
    Counts("nps", (5, 3, 2)),
    Auc((1, 2), (3, 0)),
    Level(0.8, 0.01, 12.0),
    Level(0.8),
    Maximum(3, 9.0),
    Prediction(0.5, 0.4, 0.7),
]


@pytest.mark.parametrize("statistic", STATISTICS, ids=repr)
def test_encoding_and_decoding_give_the_same_record_and_the_same_id(statistic):
    found = records.Evidence(
        indicator="x",
        stage=Stage.BUILD,
        statistic=statistic,
        subject="git:a",
        unit="s" if isinstance(statistic, Level) else "",
    )
    named = records.identified(found)
    again = records.decode(json.loads(json.dumps(records.encode(found))))
    assert again == named
    assert records.decode(records.encode(again)).id == again.id


def test_unreadable_evidence_is_not_recorded():
    broken = records.Evidence(indicator="x", stage=Stage.BUILD, statistic=None, unreadable="ends early")
    with pytest.raises(EvidenceError, match="ends early"):
        records.encode(broken)
    assert records.identified(broken) is broken


def test_the_id_is_the_digest_of_the_canonical_bytes():
    assert records.canonical({"b": 1.0, "a": ["é", 0.5]}) == '{"a":["é",0.5],"b":1}'.encode()
    swapped = dict(reversed(LEAST.items()))
    assert records.decode(swapped).id == records.decode(LEAST).id
    assert records.decode(LEAST | {"subject": "git:b"}).id != records.decode(LEAST).id
    with pytest.raises(ValueError, match="not JSON compliant"):
        records.canonical({"a": math.nan})


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        (
            {"kind": "quantile", "unit": "ms", "values": [100, 250]},
            Quantile(2, (Cell(0.1, 0.1, 1), Cell(0.25, 0.25, 1))),
        ),
        (
            {"kind": "quantile", "unit": "ms", "n": 5, "good": 4, "threshold": 1000},
            Quantile(5, (), 0, (Split(1.0, 4, 4),)),
        ),
        ({"kind": "quantile", "unit": "ms", "cells": [[1000, "inf", 2]]}, Quantile(2, (Cell(1.0, math.inf, 2),))),
        ({"kind": "level", "unit": "%", "value": 82, "se": 3.5}, Level(0.82, 0.035)),
        ({"kind": "level", "unit": "MB", "value": 40}, Level(40e6)),
        ({"kind": "mean", "unit": "ms", "n": 2, "mean": 500, "m2": 2e6}, Mean(Moments(n=2, mean=0.5, m2=2.0))),
        ({"kind": "max", "unit": "min", "n": 2, "max": 2}, Maximum(2, 120.0)),
        ({"kind": "prediction", "unit": "ms", "value": 2, "low": 1, "high": 3}, Prediction(0.002, 0.001, 0.003)),
        ({"kind": "slices", "unit": "min", "n": 2, "good": 1, "threshold": 5}, Slices(2, 1, 300.0)),
        ({"kind": "age", "n": 2, "good": 1, "threshold": 5}, Slices(2, 1, 5.0)),
    ],
)
def test_values_are_kept_in_the_base_unit(statistic, expected):
    assert records.decode(LEAST | {"statistic": statistic}).statistic == expected


class TestDistribution:
    """Quantiles as counts over value intervals."""

    def test_few_values_are_kept_exactly(self):
        found = records.distribution([3.0, 1.0, 1.0], failures=2)
        assert found == Quantile(5, (Cell(1.0, 1.0, 2), Cell(3.0, 3.0, 1)), 2)

    def test_many_values_are_counted_in_two_percent_buckets_and_exactly_at_thresholds(self):
        values = [i / 1000 for i in range(1, 1001)]
        found = records.distribution(values, thresholds=[0.8, 0.8005])
        assert found.n == 1000
        assert len(found.cells) < 400
        assert all(c.upper / c.lower == pytest.approx(1.02) for c in found.cells)
        assert found.good(Op.LT, 0.8) == (799, 799)
        assert found.good(Op.LE, 0.8) == (800, 800)
        assert found.good(Op.GT, 0.8) == (200, 200)
        assert found.good(Op.GE, 0.8) == (201, 201)
        assert found.good(Op.LT, 0.8005) == (800, 800)
        low, high = found.good(Op.LT, 0.5)
        assert low <= 499 <= high
        assert high - low < 20

    @given(st.floats(1e-9, 1e9))
    def test_a_bucket_holds_its_value(self, value):
        lower, upper = records.bucket(value)
        assert lower < value * (1 + 1e-9)
        assert value <= upper * (1 + 1e-9)
        assert upper / lower == pytest.approx(1.02)

    def test_zero_and_less_are_kept_as_they_are(self):
        assert records.bucket(0.0) == (0.0, 0.0)
        assert records.bucket(-2.5) == (-2.5, -2.5)

    def test_one_is_a_boundary(self):
        assert records.bucket(1.0)[1] == 1.0

    @pytest.mark.parametrize(("op", "sure", "possible"), [(Op.LT, 3, 8), (Op.LE, 3, 8), (Op.GT, 2, 7), (Op.GE, 2, 7)])
    def test_a_straddling_cell_gives_two_bounds(self, op, sure, possible):
        found = Quantile(11, (Cell(0.0, 1.0, 3), Cell(1.0, 2.0, 5), Cell(2.0, 3.0, 2)), 1)
        assert found.good(op, 1.5) == (sure, possible)

    def test_without_cells_only_the_known_thresholds_resolve(self):
        found = Quantile(5, (), 1, (Split(1.0, 3, 4),))
        assert found.good(Op.LT, 1.0) == (3, 3)
        assert found.good(Op.GE, 1.0) == (1, 1)
        assert found.good(Op.LT, 0.9) is None

    def test_nothing_but_failures_is_resolved_by_any_threshold(self):
        assert Quantile(5, (), 5).good(Op.LT, 1.0) == (0, 0)

    def test_ranks_are_bounded_by_their_cells_and_failures_rank_last(self):
        found = Quantile(6, (Cell(0.0, 1.0, 3), Cell(0.5, 2.0, 2)), 1)
        assert found.at_rank(1) == (0.0, 1.0)
        assert found.at_rank(3) == (0.0, 1.0)
        assert found.at_rank(5) == (0.5, 2.0)
        assert found.at_rank(6) == (math.inf, math.inf)


class TestAdding:
    """Statistics that combine."""

    def test_shares_rates_slices_counts_and_maxima_add(self):
        assert records.combine([Share(8, 7), Share(2, 2)]) == Share(10, 9)
        assert records.combine([Rate(1, 2.0), Rate(3, 4.0)]) == Rate(4, 6.0)
        assert records.combine([Slices(8, 7, 5.0), Slices(2, 2, 5.0)]) == Slices(10, 9, 5.0)
        assert records.combine([Counts("nps", (1, 2, 3)), Counts("nps", (1, 1, 1))]) == Counts("nps", (2, 3, 4))
        assert records.combine([Maximum(1, 5.0), Maximum(2, 3.0)]) == Maximum(3, 5.0)
        assert records.combine([Auc((1, 2), (0, 1)), Auc((1, 0), (1, 1))]) == Auc((2, 2), (1, 2))
        assert records.combine([Share(1, 1)]) == Share(1, 1)

    def test_means_add_without_losing_their_variance(self):
        values = [1_700_000_000.0, 1_700_000_000.01, 1_700_000_000.02, 1_700_000_000.03]
        parts = [Mean(Moments.of(values[:2])), Mean(Moments.of(values[2:]))]
        total = records.combine(parts)
        assert isinstance(total, Mean)
        assert total.n == 4
        assert total.moments.variance == pytest.approx(0.0001666, rel=1e-2)

    def test_quantiles_add_cell_by_cell_and_keep_the_splits_that_both_know(self):
        first = Quantile(3, (Cell(0.0, 1.0, 3),), 0, (Split(1.0, 3, 3), Split(2.0, 3, 3)))
        second = Quantile(3, (Cell(0.0, 1.0, 1), Cell(1.0, 2.0, 1)), 1, (Split(1.0, 1, 1),))
        assert first + second == Quantile(6, (Cell(0.0, 1.0, 4), Cell(1.0, 2.0, 1)), 1, (Split(1.0, 4, 4),))

    def test_a_side_without_cells_takes_the_cells_away(self):
        total = Quantile(3, (Cell(0.0, 1.0, 3),), 0, (Split(1.0, 3, 3),)) + Quantile(2, (), 0, (Split(1.0, 1, 2),))
        assert total == Quantile(5, (), 0, (Split(1.0, 4, 5),))
        assert total.good(Op.LT, 0.5) is None

    @pytest.mark.parametrize(
        ("parts", "says"),
        [
            ([Share(1, 1), Rate(1)], "rate and share statistics do not add"),
            ([Level(1.0), Level(2.0)], "level statistics do not add"),
            ([Prediction(1.0, 1.0, 1.0)] * 2, "prediction statistics do not add"),
            ([Auc((1,), (1,)), Auc((1, 2), (1, 2))], "different grids"),
        ],
    )
    def test_what_does_not_add_is_refused(self, parts, says):
        with pytest.raises(EvidenceError, match=says):
            records.combine(parts)

    def test_every_statistic_counts_its_events(self):
        counted = {type(s).__name__: s.n for s in STATISTICS}
        assert counted == {
            "Share": 8, "Quantile": 4, "Mean": 5, "Rate": 5, "Age": 1, "Slices": 10, "Counts": 10, "Auc": 6, "Level": 1,
            "Maximum": 3, "Prediction": 1,
        }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(records._FIELDS)), value=JSON)
def test_any_value_in_any_field_is_read_or_refused(field, value):
    try:
        records.decode(LEAST | {field: value})
    except EvidenceError as error:
        assert error.message


@given(kind=st.sampled_from(sorted(records._STATISTICS)), data=st.data())
def test_any_statistic_is_read_or_refused(kind, data):
    fields = data.draw(st.dictionaries(st.sampled_from([*records._STATISTICS[kind][1], "unit"]), JSON, max_size=5))
    try:
        found = records.decode(LEAST | {"statistic": {"kind": kind, **fields}})
    except EvidenceError as error:
        assert error.message
    else:
        assert found.statistic is not None
        assert found.statistic.n >= 0
