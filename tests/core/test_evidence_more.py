"""Evidence at its edges: the least and the most of each number, every field there and back, and what adds."""

import json
import math
from datetime import UTC, datetime

import pytest

from upheld.core import evidence as records
from upheld.core.criterion import Op, Stage
from upheld.core.evidence import Auc, Cell, Counts, Evidence, Level, Maximum, Mean, Prediction, Quantile, Share, Split
from upheld.core.statistics import Moments
from upheld.errors import EvidenceError

pytestmark = pytest.mark.upheld("REQ-EVI-003.c1")

LEAST = {
    "schema": "upheld/evidence/v1",
    "indicator": "task.done",
    "stage": "build",
    "statistic": {"kind": "share", "n": 8, "good": 8},
}
FULL = LEAST | {
    "subject": "git:a",
    "asserted": True,
    "environment": "staging",
    "population": {"customer": "northbank"},
    "window": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-01T00:10:00Z"},
    "conditions": {"offered": 200.0, "model": "m1"},
    "series": [
        {"at": 0.0, "seconds": 10.0, "statistic": {"kind": "share", "n": 5, "good": 5}},
        {"at": 10.0, "seconds": 10.0, "statistic": {"kind": "share", "n": 3, "good": 3}},
    ],
    "links": ["REQ-A-001"],
    "indicator_hash": "ab",
    "run": "r1",
    "observed": "2026-11-01T01:00:00Z",
    "producer": {"tool": "t"},
    "source": {"file": "f", "digest": "sha256:0"},
    "notes": ["n"],
    "void": "why",
}
MOST = 2**53


def read(**statistic):
    return records.decode(LEAST | {"statistic": statistic}).statistic


def refusal(record):
    with pytest.raises(EvidenceError) as caught:
        records.decode(record)
    return caught.value.message


# --- There and back ---------------------------------------------------------------------------------------------------


def test_a_record_with_every_field_is_written_as_it_was_read():
    assert records.encode(records.decode(FULL)) == FULL


@pytest.mark.parametrize("field", sorted(FULL.keys() - LEAST.keys() - {"observed"}))
def test_a_field_that_was_not_written_stays_away(field):
    record = {key: value for key, value in FULL.items() if key != field}
    assert records.encode(records.decode(record)) == record


def test_without_a_time_of_its_own_a_record_was_observed_when_its_window_ended():
    found = records.decode({key: value for key, value in FULL.items() if key != "observed"})
    assert found.observed == found.end == datetime(2026, 11, 1, 0, 10, tzinfo=UTC)


def test_times_are_kept_in_utc_wherever_they_were_measured():
    found = records.decode(LEAST | {"observed": "2026-11-01T02:00:00+02:00"})
    assert found.observed == datetime(2026, 11, 1, tzinfo=UTC)
    assert found.observed.tzinfo is UTC


def test_only_a_plain_true_is_an_assertion():
    assert [records.decode(LEAST | {"asserted": value}).asserted for value in (True, 1, "yes", False, None)] == [
        True, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("ms", {"unit": "s"}), ("d", {"unit": "s"}), ("s", {"unit": "s"}), ("MB", {"unit": "B"}), ("/min", {"unit": "/s"}),
        ("EUR", {"unit": "EUR"}), ("%", {"unit": ""}), ("points", {"unit": ""}), ("", {}),
    ],
)  # fmt: skip
def test_values_are_written_with_the_base_unit_they_are_kept_in(unit, written):
    found = Evidence(indicator="x", stage=Stage.BUILD, statistic=Level(1.0), unit=unit)
    assert records.encode(found)["statistic"] == {"kind": "level", "value": 1.0} | written


@pytest.mark.parametrize(
    ("statistic", "written"),
    [
        (records.Rate(5), {"kind": "rate", "events": 5}),
        (Mean(Moments(n=2, mean=1.5, m2=math.nan)), {"kind": "mean", "n": 2, "mean": 1.5}),
        (records.Slices(2, 1), {"kind": "slices", "n": 2, "good": 1}),
        (Level(1.0), {"kind": "level", "value": 1.0}),
        (Quantile(2, (), 2), {"kind": "quantile", "n": 2, "failures": 2}),
    ],
)
def test_what_a_statistic_does_not_know_is_not_written(statistic, written):
    assert records.encode_statistic(statistic) == written


def test_a_window_is_written_only_whole():
    start = datetime(2026, 11, 1, tzinfo=UTC)
    found = Evidence(indicator="x", stage=Stage.BUILD, statistic=Share(1, 1), start=start)
    assert "window" not in records.encode(found)
    assert found.seconds is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1000.0, "1000"),
        (-1000.0, "-1000"),
        (float(MOST - 1), "9007199254740991"),
        (float(MOST), "9007199254740992.0"),
        (float(MOST * 4), "3.602879701896397e+16"),
        (0.5, "0.5"),
        ((1.0, [2.0]), "[1,[2]]"),
        ({1: 1.0}, '{"1":1}'),
        ("é", '"é"'),
    ],
)
def test_whole_floats_are_written_as_integers_as_long_as_they_are_exact(value, written):
    assert records.canonical({"a": value}) == f'{{"a":{written}}}'.encode()


# --- The edges of each number -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ({"kind": "share", "n": MOST, "good": 0}, Share(MOST, 0)),
        ({"kind": "share", "n": 8.0, "good": 8.0}, Share(8, 8)),
        ({"kind": "level", "value": MOST}, Level(float(MOST))),
        ({"kind": "level", "value": -MOST}, Level(float(-MOST))),
        ({"kind": "level", "value": 1, "se": 0}, Level(1.0, 0.0)),
        ({"kind": "level", "value": 1, "df": 0.5}, Level(1.0, None, 0.5)),
        ({"kind": "level", "value": 1, "se": None, "df": None}, Level(1.0)),
        ({"kind": "mean", "n": 2, "mean": 1, "m2": 0}, Mean(Moments(n=2, mean=1.0, m2=0.0))),
        ({"kind": "rate", "events": 0, "exposure": 0}, records.Rate(0, 0.0)),
        ({"kind": "prediction", "value": 1, "low": 1, "high": 1}, Prediction(1.0, 1.0, 1.0, 0.9)),
        ({"kind": "prediction", "value": 1, "low": 1, "high": 1, "level": 0.5}, Prediction(1.0, 1.0, 1.0, 0.5)),
        ({"kind": "quantile", "cells": [[1, 1, 2]]}, Quantile(2, (Cell(1.0, 1.0, 2),))),
        ({"kind": "quantile", "cells": [[0, 1, 2]], "failures": 3}, Quantile(5, (Cell(0.0, 1.0, 2),), 3)),
        ({"kind": "quantile", "n": 3, "failures": 3}, Quantile(3, (), 3)),
        ({"kind": "quantile", "n": 0}, Quantile(0)),
        ({"kind": "quantile", "values": [2, 1], "failures": 1}, Quantile(3, (Cell(1.0, 1.0, 1), Cell(2.0, 2.0, 1)), 1)),
        (
            {"kind": "quantile", "n": 5, "good": {"2": 4, "1.5": [1, 2]}, "failures": 1},
            Quantile(5, (), 1, (Split(1.5, 1, 2), Split(2.0, 4, 4))),
        ),
        ({"kind": "quantile", "n": 5, "good": 4, "threshold": 1, "unit": "min"}, Quantile(5, (), 0, (Split(60.0, 4, 4),))),
        ({"kind": "auc", "positives": [], "negatives": []}, Auc((), ())),
        ({"kind": "quantile", "n": 5, "good": 4, "threshold": "1"}, Quantile(5, (), 0, (Split(1.0, 4, 4),))),
        ({"kind": "quantile", "cells": [[0, 1, 5], [0, 2, 3]]}, Quantile(8, (Cell(0.0, 1.0, 5), Cell(0.0, 2.0, 3)))),
        ({"kind": "quantile", "cells": [[0, 1, 3], [1, 2, 5]]}, Quantile(8, (Cell(0.0, 1.0, 3), Cell(1.0, 2.0, 5)))),
        ({"kind": "quantile", "cells": [[0, 1, 3], [0, 0, 5]]}, Quantile(8, (Cell(0.0, 1.0, 3), Cell(0.0, 0.0, 5)))),
        ({"kind": "quantile", "n": 1, "good": 1, "threshold": 1, "unit": "s"}, Quantile(1, (), 0, (Split(1.0, 1, 1),))),
        ({"kind": "level", "value": -1, "unit": "EUR"}, Level(-1.0)),
        ({"kind": "level", "value": 0, "unit": "s"}, Level(0.0)),
        ({"kind": "level", "value": 1, "se": 2, "df": 3, "unit": "ms"}, Level(0.001, 0.002, 3.0)),
        ({"kind": "prediction", "value": 1, "low": 0, "high": 2, "level": 0.5, "unit": "ms"}, Prediction(0.001, 0.0, 0.002, 0.5)),
        ({"kind": "slices", "n": 1, "good": 1, "unit": "min"}, records.Slices(1, 1)),
        ({"kind": "age", "latest": "2026-11-01T00:00:00Z", "unit": "min"}, records.Age(datetime(2026, 11, 1, tzinfo=UTC))),
        ({"kind": "apdex", "satisfied": 1, "tolerating": 2, "frustrated": 3}, Counts("apdex", (1, 2, 3))),
        ({"kind": "nps", "promoters": 1, "passives": 2, "detractors": 3}, Counts("nps", (1, 2, 3))),
        ({"kind": "slices", "n": 1, "good": 1, "threshold": 0}, records.Slices(1, 1, 0.0)),
        ({"kind": "share", "n": 1, "good": 1, "x-own": [1]}, Share(1, 1)),
    ],
)  # fmt: skip
def test_the_least_and_the_most_that_has_meaning_is_read(statistic, expected):
    assert read(**statistic) == expected


LONG = "y" * 200
SHOWN = '"' + "y" * 79


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"schema": LONG}, f'schema is {SHOWN}, expected "upheld/evidence/v1"'),
        (LEAST | {"stage": LONG}, f"stage is {SHOWN}; one of design, build, release, production"),
        (LEAST | {"subject": [LONG]}, f"subject is [{SHOWN[:-1]}; text is needed"),
        (LEAST | {"observed": LONG}, f"observed is {SHOWN}; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z"),
        (LEAST | {"conditions": {"a": [LONG]}}, f"conditions.a is [{SHOWN[:-1]}; a finite number is needed"),
        (LEAST | {"statistic": {"kind": LONG}}, f"statistic.kind is {SHOWN}; one of " + ", ".join(records._STATISTICS)),
        (LEAST | {"statistic": {"kind": "share", "n": LONG}}, f"statistic.n is {SHOWN}; a whole number is needed"),
        (LEAST | {"statistic": {"kind": "share", "n": 10**40}}, f"statistic.n is 1{'0' * 29}; a count is not negative and at most 2^53"),
        (LEAST | {"statistic": {"kind": "quantile", "n": 1, "good": {LONG: 1}}}, f"statistic.good: threshold {SHOWN} is no number in the base unit"),
    ],
)  # fmt: skip
def test_a_long_value_is_shown_by_its_beginning(record, says):
    assert refusal(record) == says


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (LEAST | {"window": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}}, "window ends before it starts"),
        (LEAST | {"window": {"to": 5}}, "window.to is 5; a time with its zone is needed, e.g. 2026-11-22T07:40:00Z"),
        (LEAST | {"statistic": {"kind": "quantile"}}, "statistic.n is null; a whole number is needed"),
        (LEAST | {"statistic": {"kind": "share", "n": 1, "good": "x"}}, 'statistic.good is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "mean", "n": "x", "mean": 1}}, 'statistic.n is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "max", "n": "x", "max": 1}}, 'statistic.n is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "rate", "events": "x"}}, 'statistic.events is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "age", "n": 1, "good": 2}}, "statistic: 2 good of 1 events"),
        (LEAST | {"statistic": {"kind": "quantile", "cells": [[0, 1, 5], [0, 2, 5]]}}, "statistic.cells look cumulative; a cell holds only"),
        (LEAST | {"statistic": {"kind": "quantile", "cells": [[0, 2, 9], [0, 1, 5], [3, 3, 1]]}}, "statistic.cells look cumulative; a cell holds only"),
        (LEAST | {"environment": 5}, "environment is 5; text is needed"),
        (LEAST | {"run": 5}, "run is 5; text is needed"),
        (LEAST | {"void": 5}, "void is 5; text is needed"),
        (LEAST | {"indicator_hash": 5}, "indicator_hash is 5; text is needed"),
        (LEAST | {"producer": 5}, "producer must be an object of texts"),
        (LEAST | {"source": {"file": 5}}, "source must be an object of texts"),
        (LEAST | {"notes": "n"}, "notes must be a list of texts"),
        (LEAST | {"series": [{"at": 0, "statistic": {}}]}, "series[0].seconds is null; a finite number is needed"),
        (LEAST | {"series": [{"seconds": 1, "statistic": {"kind": "share", "n": 8, "good": 8}}]}, "series[0].at is null; a finite number is needed"),
        (LEAST | {"series": [{"at": 0, "seconds": 1, "statistic": {}}]}, "series[0].statistic.kind is null; one of " + ", ".join(records._STATISTICS)),
        (LEAST | {"x-own": math.nan}, "the record is not plain JSON: Out of range float values are not JSON compliant"),
        (LEAST | {"statistic": {"kind": "share", "n": MOST + 1, "good": 1}}, "statistic.n is 9007199254740993; a count is not negative and at most 2^53"),
        (LEAST | {"statistic": {"kind": "level", "value": MOST + 1}}, "statistic.value is 9007199254740993; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "level", "value": -MOST - 1}}, "statistic.value is -9007199254740993; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "level", "value": True}}, "statistic.value is true; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "level", "value": 1, "se": "x"}}, 'statistic.se is "x"; a finite number is needed'),
        (LEAST | {"statistic": {"kind": "mean", "n": 2, "mean": 1, "m2": "x"}}, 'statistic.m2 is "x"; a finite number is needed'),
        (LEAST | {"statistic": {"kind": "rate", "events": 1, "exposure": "x"}}, 'statistic.exposure is "x"; a finite number is needed'),
        (LEAST | {"statistic": {"kind": "slices", "n": 1, "good": 1, "threshold": "x"}}, 'statistic.threshold is "x"; a finite number is needed'),
        (LEAST | {"statistic": {"kind": "prediction", "low": 1, "high": 1}}, "statistic.value is null; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "prediction", "value": 1, "high": 1}}, "statistic.low is null; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "prediction", "value": 1, "low": 1}}, "statistic.high is null; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "prediction", "value": 1, "low": 1, "high": 1, "level": 1}}, "statistic: low <= value <= high and 0 < level < 1 are needed"),
        (LEAST | {"statistic": {"kind": "prediction", "value": 1, "low": 1, "high": 1, "level": 0}}, "statistic: low <= value <= high and 0 < level < 1 are needed"),
        (LEAST | {"statistic": {"kind": "prediction", "value": 1, "low": 1, "high": 1, "level": "x"}}, 'statistic.level is "x"; a finite number is needed'),
        (LEAST | {"statistic": {"kind": "auc", "positives": ["x"], "negatives": [1]}}, 'statistic.positives.count is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "quantile", "cells": [["x", 1, 1]]}}, 'statistic.cells[0][0] is "x"; a finite number is needed'),
        (LEAST | {"statistic": {"kind": "quantile", "cells": [[0, 1, 1], [0, 1, "x"]]}}, 'statistic.cells[1].count is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "quantile", "values": 5}}, "statistic.values must be a list"),
        (LEAST | {"statistic": {"kind": "quantile", "n": 5, "good": {"1": ["x", 1]}}}, 'statistic.good is "x"; a whole number is needed'),
        (LEAST | {"statistic": {"kind": "quantile", "n": 5, "good": {"inf": 1}}}, "statistic.good is Infinity; a finite number is needed"),
        (LEAST | {"statistic": {"kind": "apdex", "tolerating": 1, "frustrated": 1}}, "statistic.satisfied is null; a whole number is needed"),
        (LEAST | {"statistic": {"kind": "quantile", "n": 5, "failures": -1}}, "statistic.failures is -1; a count is not negative and at most 2^53"),
    ],
)  # fmt: skip
def test_what_is_beyond_an_edge_is_refused_by_name(record, says):
    assert refusal(record).startswith(says)


def test_buckets_of_a_series_may_touch_up_to_rounding():
    def bucket(at):
        return {"at": at, "seconds": 10, "statistic": {"kind": "share", "n": 4, "good": 4}}

    assert len(records.decode(LEAST | {"series": [bucket(0), bucket(10)]}).series) == 2
    assert len(records.decode(LEAST | {"series": [bucket(0), bucket(9.9999995)]}).series) == 2
    assert (
        refusal(LEAST | {"series": [bucket(0), bucket(9.99999)]})
        == "series: the bucket at 9.99999 s overlaps the one before"
    )


def test_a_bucket_may_be_shorter_than_a_second():
    series = [{"at": 0, "seconds": 0.5, "statistic": {"kind": "share", "n": 8, "good": 8}}]
    assert records.decode(LEAST | {"series": series}).series[0].seconds == 0.5


# --- Distributions ----------------------------------------------------------------------------------------------------


def test_up_to_512_values_are_kept_as_they_are():
    values = [float(i) for i in range(1, 514)]
    exact, counted = records.distribution(values[:512]), records.distribution(values)
    assert all(cell.lower == cell.upper for cell in exact.cells)
    assert len(exact.cells) == 512
    assert len(counted.cells) < 513
    assert counted.n == 513


def test_values_that_are_kept_need_no_counts_at_thresholds():
    assert records.distribution([1.0], thresholds=[1.0]).splits == ()


def test_thresholds_of_many_values_are_counted_once_each_in_order():
    found = records.distribution([1.0] * 600, failures=2, thresholds=[2.0, 1.0, 2.0])
    assert found.splits == (Split(1.0, 0, 600), Split(2.0, 600, 600))
    assert (found.n, found.failures) == (602, 2)


@pytest.mark.parametrize("power", [-350, -1, 0, 1, 35, 1000])
def test_a_value_a_hair_above_a_boundary_lies_in_the_next_bucket(power):
    boundary = records.GROWTH**power
    assert records.bucket(boundary * (1 + 1e-12)) == (boundary, records.GROWTH ** (power + 1))
    assert records.bucket(boundary)[1] == boundary


@pytest.mark.parametrize(
    ("op", "threshold", "sure", "possible"),
    [
        (Op.LT, 1.0, 0, 0), (Op.LE, 1.0, 0, 0), (Op.GT, 1.0, 4, 4), (Op.GE, 1.0, 4, 4),
        (Op.LT, 2.0, 4, 4), (Op.LE, 2.0, 4, 4), (Op.GT, 2.0, 0, 0), (Op.GE, 2.0, 0, 0),
    ],
)  # fmt: skip
def test_a_cell_that_ends_at_the_threshold_is_resolved_by_it(op, threshold, sure, possible):
    assert Quantile(4, (Cell(1.0, 2.0, 4),)).good(op, threshold) == (sure, possible)


@pytest.mark.parametrize(("op", "good"), [(Op.LT, 3), (Op.LE, 7), (Op.GT, 2), (Op.GE, 6)])
def test_single_values_are_compared_exactly(op, good):
    found = Quantile(9, (Cell(0.5, 0.5, 3), Cell(1.0, 1.0, 4), Cell(1.5, 1.5, 2)))
    assert found.good(op, 1.0) == (good, good)


def test_the_bounds_of_a_rank_come_from_the_cells_in_order_of_either_end():
    found = Quantile(4, (Cell(1.0, 2.0, 2), Cell(0.0, 3.0, 2)))
    assert [found.at_rank(rank) for rank in (1, 2, 3, 4)] == [(0.0, 2.0), (0.0, 2.0), (1.0, 3.0), (1.0, 3.0)]


@pytest.mark.parametrize(("op", "good"), [(Op.LT, 3), (Op.LE, 4), (Op.GT, 4), (Op.GE, 5)])
def test_failures_satisfy_no_comparison_at_a_counted_threshold(op, good):
    assert Quantile(10, (), 2, (Split(1.0, 3, 4),)).good(op, 1.0) == (good, good)


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_each_of_three_counts_adds_to_its_own_kind():
    assert Counts("nps", (1, 2, 3)) + Counts("nps", (10, 200, 3000)) == Counts("nps", (11, 202, 3003))


@pytest.mark.parametrize("other", [Auc((1, 2), (1,)), Auc((1,), (1, 2))], ids=["positives", "negatives"])
def test_histograms_on_different_grids_do_not_add(other):
    with pytest.raises(EvidenceError) as caught:
        records.combine([Auc((1,), (1,)), other])
    assert caught.value.message == "score histograms on different grids do not add"


def test_more_than_two_add():
    assert records.combine([Share(1, 1), Share(2, 1), Share(4, 0)]) == Share(7, 2)
    assert records.combine([Maximum(1, 3.0), Maximum(2, 9.0), Maximum(4, 5.0)]) == Maximum(7, 9.0)


def test_cells_add_by_both_of_their_ends():
    total = Quantile(2, (Cell(0.0, 1.0, 2),)) + Quantile(4, (Cell(0.0, 2.0, 3), Cell(0.0, 1.0, 1)))
    assert total == Quantile(6, (Cell(0.0, 1.0, 3), Cell(0.0, 2.0, 3)))


def test_failures_alone_leave_the_cells_of_the_other_side():
    assert Quantile(2, (), 2) + Quantile(1, (Cell(0.0, 1.0, 1),)) == Quantile(3, (Cell(0.0, 1.0, 1),), 2)


def test_the_record_on_disk_is_json_that_a_person_can_write():
    assert json.loads(records.canonical(FULL)) == json.loads(json.dumps(FULL))
