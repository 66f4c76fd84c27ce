"""Load tests and benchmarks: percentiles bracket, rounding and failures widen, and raw samples are counted exactly."""

import itertools
import json
import math
import random
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.reader.reports import BY_NAME, REAL, SAMPLES, cells, found, read, share, whole
from upheld.core.criterion import Op
from upheld.core.evidence import Cell, Quantile, Share, Split
from upheld.ports import Request
from upheld.readers.intake import Unreadable
from upheld.readers.timing import Mark, cells_between, interpolated, milliseconds, nearest_rank

pytestmark = pytest.mark.upheld("REQ-EVI-002.c1")

LATENCY, OK = "load.latency", "load.ok"


def brackets(quantile: Quantile, answered: list[float]) -> bool:
    """Whether the cells allow these values: rank by rank, each lies inside the bounds that the cells give."""
    ordered = sorted(answered)
    lower = sorted(c.lower for c in quantile.cells for _ in range(c.count))
    upper = sorted(c.upper for c in quantile.cells for _ in range(c.count))
    return len(lower) == len(ordered) and all(
        low <= value <= high for low, value, high in zip(lower, ordered, upper, strict=True)
    )


# ── Percentiles to cells ─────────────────────────────────────────────────────────────────────────────────────────────


def test_between_two_percentiles_lie_as_many_values_as_between_their_ranks():
    marks = [Mark(1, 1, 1.0, 1.0), Mark(50, 50, 5.0, 5.0), Mark(95, 95, 9.0, 9.0), Mark(100, 100, 10.0, 10.0)]

    below = [math.nextafter(v, 0) for v in (1.0, 5.0, 9.0)]
    assert cells_between(marks, 100) == (
        Cell(below[0], 5.0, 48), Cell(1.0, 1.0, 1), Cell(below[1], 9.0, 44), Cell(5.0, 5.0, 1),
        Cell(below[2], 10.0, 4), Cell(9.0, 9.0, 1), Cell(10.0, 10.0, 1),
    )  # fmt: skip


def test_failed_requests_may_be_any_of_the_values():
    marks = [Mark(1, 1, 1.0, 1.0), Mark(5, 5, 5.0, 5.0), Mark(10, 10, 9.0, 9.0)]

    assert cells_between(marks, 10, failures=2) == (
        Cell(math.nextafter(1.0, 0), 5.0, 3), Cell(math.nextafter(1.0, 0), 9.0, 1), Cell(math.nextafter(5.0, 0), 9.0, 4),
    )  # fmt: skip


def test_without_a_largest_value_the_last_cell_is_open():
    assert cells_between([Mark(1, 2, 1.0, 1.5)], 3) == (Cell(0.0, 1.5, 1), Cell(1.0, math.inf, 2))
    assert cells_between([], 2) == (Cell(0.0, math.inf, 2),)


def test_percentiles_that_fall_contradict_each_other():
    with pytest.raises(Unreadable, match="percentiles that contradict each other: 5 s and 4 s"):
        cells_between([Mark(5, 5, 5.0, 5.0), Mark(9, 9, 4.0, 4.0)], 10)


@pytest.mark.parametrize(
    ("q", "n", "ranks"),
    [
        (Fraction(95, 100), 100, (95, 96)), (Fraction(95, 100), 99, (95, 95)), (Fraction(1, 2), 1, (1, 1)),
        (Fraction(1), 7, (7, 7)), (Fraction(999, 1000), 10, (10, 10)), (Fraction(1, 1000), 10, (1, 1)),
    ],
)  # fmt: skip
def test_a_nearest_rank_allows_for_both_ways_of_rounding(q, n, ranks):
    mark = nearest_rank(q, n, 1.0, 2.0)

    assert (mark.first, mark.last, mark.low, mark.high) == (*ranks, 1.0, 2.0)


@pytest.mark.parametrize(
    ("q", "n", "ranks"),
    [
        (Fraction(1, 2), 4, (2, 3)), (Fraction(1, 2), 5, (2, 4)), (Fraction(95, 100), 100, (95, 96)),
        (Fraction(9, 10), 11, (9, 11)), (Fraction(1, 2), 1, (1, 1)),
    ],
)  # fmt: skip
def test_an_interpolated_percentile_lies_between_its_two_ranks(q, n, ranks):
    mark = interpolated(q, n, 1.0)

    assert (mark.first, mark.last, mark.low, mark.high) == (*ranks, 1.0, 1.0)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(700, 0.7), (700.1, 0.7001), (0.1, 0.0001), (1000, 1.0), (1e22, 1e19), (0, 0.0), (1e-7, 1e-10)],
)
def test_milliseconds_become_the_seconds_that_a_promise_would_name(written, seconds):
    assert milliseconds(written) == seconds


VALUES = st.lists(st.floats(0.001, 60, allow_nan=False), min_size=1, max_size=200)
QS = [Fraction(q, 1000) for q in (500, 660, 750, 900, 950, 990, 999)]


@given(VALUES, st.integers(0, 200), st.randoms())
def test_cells_of_nearest_ranks_bracket_the_answered_requests_wherever_the_failures_lie(values, failed, chance):
    failures = min(failed, len(values))
    ordered = sorted(values)
    n = len(ordered)
    marks = [Mark(1, 1, ordered[0], ordered[0]), Mark(n, n, ordered[-1], ordered[-1])]
    for q in QS:
        value = ordered[math.ceil(q * n) - 1]
        marks.append(nearest_rank(q, n, value, value))

    quantile = Quantile(n, cells_between(marks, n, failures), failures)

    answered = chance.sample(values, n - failures)
    assert brackets(quantile, answered)
    for threshold in (ordered[n // 2], 1.0):
        low, high = quantile.good(Op.LE, threshold) or (0, 0)
        assert low <= sum(v <= threshold for v in answered) <= high


@given(VALUES)
def test_cells_of_interpolated_percentiles_bracket_the_values(values):
    ordered = sorted(values)
    n = len(ordered)
    marks = [Mark(1, 1, ordered[0], ordered[0]), Mark(n, n, ordered[-1], ordered[-1])]
    for q in QS:
        at = float(q) * (n - 1.0)
        low, high = ordered[math.floor(at)], ordered[math.ceil(at)]
        marks.append(interpolated(q, n, low + (high - low) * (at - math.floor(at))))

    assert brackets(Quantile(n, cells_between(marks, n)), ordered) or _rounded(marks, ordered)


def _rounded(marks: list[Mark], ordered: list[float]) -> bool:
    """Interpolating two equal floats may leave them by a last digit; then the brackets are off by as much."""
    return any(math.isclose(m.low, v) and m.low != v for m in marks for v in ordered)


# ── Locust ───────────────────────────────────────────────────────────────────────────────────────────────────────────

HEADER = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,95%,100%"
ROW = "POST,/insight,100,0,50,60.5,10.4,1062.0,2.0,10.0,0.0,50,190,1100"
TOTAL = ",Aggregated,100,0,50,60.5,10.4,1062.0,2.0,10.0,0.0,50,190,1100"


def locust(*rows: str) -> str:
    return "\r\n".join([HEADER, *rows]) + "\r\n"


def test_rounded_percentiles_are_widened_by_their_rounding_and_bounded_by_the_exact_extremes(tmp_path):
    total = whole(read("locust", tmp_path, locust(ROW, TOTAL)), LATENCY).statistic

    assert (total.n, total.failures) == (100, 0)
    assert {(c.lower, c.upper): c.count for c in total.cells} == {
        (0.0104, 0.0104): 1,
        (math.nextafter(0.0104, 0), 0.0505): 49,  # 50 ms may have been 49.5 to 50.5
        (0.0495, 0.195): 45,  # 190 ms may have been 185 to 195
        (0.185, 1.062): 4,  # 1100 ms at 100 % was 1062, the exact maximum
        (1.062, 1.062): 1,
    }


def test_the_whole_run_and_each_request_are_told_apart_and_share_its_load(tmp_path):
    reading = read("locust", tmp_path, locust(
        'GET,"/search?q=""a"",b",60,3,50,60,10,900,2,6,0.3,50,190,900',
        "POST,/insight,40,1,50,60,10,1062,2,4,0.1,50,190,1100",
        ",Aggregated,100,4,50,60,10,1062,2,10,0.4,50,190,1100",
    ))  # fmt: skip

    assert reading.summary == "100 requests, 4 failed, 2 names"
    assert share(reading, OK, request='GET /search?q="a",b') == (57, 60)
    assert share(reading, OK, request="POST /insight") == (39, 40)
    assert whole(reading, OK).statistic == Share(100, 96)
    assert all(e.conditions == {"completed": 10.0, "seconds": 10.0} for e in reading.evidence)
    assert all(e.unit == ("ms" if e.indicator == LATENCY else "") for e in reading.evidence)
    assert reading.evidence[0].notes == (
        "4 of 100 requests failed; which times were theirs is not known",
        "response times are rounded by Locust to two or three digits, and widened here by as much",
    )


@pytest.mark.parametrize(
    ("reported", "low", "high"),
    [("99", 0.0985, 0.0995), ("100", 0.095, 0.105), ("990", 0.985, 0.995), ("1000", 0.95, 1.05), ("9900", 9.85, 9.95),
     ("12000", 11.5, 12.5), ("0", 0.0, 0.0005)],
)  # fmt: skip
def test_a_reported_time_is_widened_by_half_of_what_locust_rounds_it_to(reported, low, high, tmp_path):
    row = f",Aggregated,3,0,1,1,0,60000,2,1,0,{reported},,60000"

    bounds = {(c.lower, c.upper) for c in whole(read("locust", tmp_path, locust(row)), LATENCY).statistic.cells}

    assert (low, high) in bounds


def test_a_request_that_was_never_sent_is_left_out(tmp_path):
    nothing = "GET,/never,0,0,N/A,0,0,0,0,0.0,0.0,N/A,N/A,N/A"

    reading = read("locust", tmp_path, locust(nothing, ROW, TOTAL))

    assert {e.population.get("request", "") for e in reading.evidence} == {"", "POST /insight"}


def test_a_name_of_aggregated_with_a_method_is_a_request(tmp_path):
    reading = read("locust", tmp_path, locust(ROW.replace("/insight", "Aggregated"), TOTAL))

    assert share(reading, OK, request="POST Aggregated") == (100, 100)


def test_a_run_without_its_rate_says_nothing_about_load(tmp_path):
    reading = read("locust", tmp_path, locust(TOTAL.replace(",10.0,0.0,50", ",0.0,0.0,50")))

    assert whole(reading, LATENCY).conditions == {}


LOCUST_REFUSED = {
    "no request was sent": (
        locust(",Aggregated,0,0,0,0,0,0,0,0.0,0.0,N/A,N/A,N/A"), "holds no request",
    ),
    "the last row is missing": (locust(ROW), 'has no row "Aggregated": is the file cut off?'),
    "a row is missing": (
        locust(ROW.replace(",100,0,", ",60,0,"), TOTAL), "counts 100 requests in all, but 60 by name: is a row missing?",
    ),
    "a short row": (locust("POST,/insight,100"), "row 2 has 3 cells, the header 14: is the file cut off?"),
    "more failures than requests": (locust(TOTAL.replace(",100,0,", ",100,101,")), "row 2: 101 of 100 requests failed"),
    "a count that is no number": (
        locust(TOTAL.replace(",100,0,", ",many,0,")), 'row 2: Request Count is "many", a number is needed',
    ),
    "half a request": (locust(TOTAL.replace(",100,0,", ",1.5,0,")), "row 2: Request Count is 1.5, a count is needed"),
    "a percentile that is no number": (
        locust(TOTAL.replace(",50,190,1100", ",50,x,1100")), 'row 2: 95% is "x", a number is needed',
    ),
    "an infinite maximum": (
        locust(TOTAL.replace(",1062.0,", ",inf,")), "row 2: Max Response Time is inf, a finite number is needed",
    ),
    "percentiles that fall": (
        locust(TOTAL.replace(",50,190,1100", ",900,190,1100")),
        "has percentiles that contradict each other: 0.895 s and 0.195 s",
    ),
    "the history of the run": (
        "Timestamp,User Count,Type,Name,Requests/s\n1,10,,Aggregated,5\n",
        "is Locust's history, not its result: give FILE_stats.csv",
    ),
    "the failures of the run": (
        "Method,Name,Error,Occurrences,First Seen,Last Seen\nPOST,/x,HTTPError,5,a,b\n",
        'has no column "Type": is it FILE_stats.csv of Locust?',
    ),
    "an open quote": (locust('POST,"/insight,100'), "is no CSV: unexpected end of data"),
}  # fmt: skip


@pytest.mark.parametrize("what", LOCUST_REFUSED)
def test_what_is_no_complete_locust_report_is_refused(what, tmp_path):
    content, reason = LOCUST_REFUSED[what]

    assert read("locust", tmp_path, content).reason == reason


def locust_json(*entries: dict) -> str:
    return json.dumps(list(entries))


def entry(
    times: dict[str, int], *, n: int | None = None, failures: int = 0, name: str = "/insight", **more: object
) -> dict:
    total = sum(times.values()) if n is None else n
    return {
        "name": name, "method": "POST", "num_requests": total, "num_failures": failures, "response_times": times,
        "start_time": 1_795_335_774.0, "last_request_timestamp": 1_795_335_784.0, **more,
    }  # fmt: skip


def test_the_json_of_locust_is_a_histogram_of_rounded_times(tmp_path):
    reading = read("locust", tmp_path, locust_json(entry({"50": 8, "190": 1, "1100": 1})))

    e = whole(reading, LATENCY)
    assert e.statistic.cells == (Cell(0.0495, 0.0505, 8), Cell(0.185, 0.195, 1), Cell(1.05, 1.15, 1))
    assert (e.start, e.end) == (datetime.fromtimestamp(1_795_335_774, UTC), datetime.fromtimestamp(1_795_335_784, UTC))
    assert e.conditions == {"completed": 1.0, "seconds": 10.0}


def test_failures_of_a_histogram_may_be_any_of_its_times(tmp_path):
    total = whole(read("locust", tmp_path, locust_json(entry({"50": 8, "190": 2}, failures=3))), LATENCY).statistic

    assert (total.n, total.failures) == (10, 3)
    assert total.cells == (Cell(0.0495, 0.0505, 5), Cell(0.0495, 0.195, 2))


def test_requests_without_a_time_count_as_slower_than_any_promise(tmp_path):
    reading = read("locust", tmp_path, locust_json(entry({"50": 8}, n=10, failures=1)))

    total = whole(reading, LATENCY)
    assert (total.statistic.n, total.statistic.failures, total.statistic.cells) == (10, 2, (Cell(0.0495, 0.0505, 8),))
    assert "2 requests have no response time and count as slower than any promise" in total.notes


def test_a_histogram_of_failures_alone_has_no_time(tmp_path):
    total = whole(read("locust", tmp_path, locust_json(entry({"50": 2}, failures=2))), LATENCY).statistic

    assert total == Quantile(2, (), 2)


def test_the_whole_of_a_json_report_is_the_sum_of_its_requests(tmp_path):
    reading = read("locust", tmp_path, locust_json(entry({"50": 8}), entry({"50": 1, "60": 2}, name="/b", failures=1)))

    assert whole(reading, LATENCY).statistic.n == 11
    assert whole(reading, OK).statistic == Share(11, 10)
    assert share(reading, OK, request="POST /b") == (2, 3)


@pytest.mark.parametrize(
    "times",
    [{"start_time": None}, {"last_request_timestamp": 1.0}, {"start_time": 1e15, "last_request_timestamp": 2e15}],
)
def test_a_json_report_without_its_time_has_no_window(times, tmp_path):
    e = whole(read("locust", tmp_path, locust_json(entry({"50": 8}, **times))), LATENCY)

    assert (e.start, e.end, e.conditions) == (None, None, {})


LOCUST_JSON_REFUSED = {
    "an empty list": ("[]", "holds no request"),
    "more times than requests": (
        locust_json(entry({"50": 8}, n=7)), "POST /insight: 7 requests, 8 response times, 0 failures",
    ),
    "more failures than requests": (
        locust_json(entry({"50": 8}, failures=9)), "POST /insight: 8 requests, 8 response times, 9 failures",
    ),
    "a time below zero": (locust_json(entry({"-5": 8})), "POST /insight: a response time is -5 ms"),
    "a time that is a word": (
        locust_json(entry({"fast": 8})), 'POST /insight: response_times is "fast", a number is needed',
    ),
    "no times": (
        locust_json({"name": "a", "num_requests": 1, "num_failures": 0}),
        "a: response_times is missing, an object is needed",
    ),
    "an entry that is a number": ("[1]", "an entry is a number, an object is needed"),
}  # fmt: skip


@pytest.mark.parametrize("what", LOCUST_JSON_REFUSED)
def test_what_is_no_locust_json_is_refused(what, tmp_path):
    content, reason = LOCUST_JSON_REFUSED[what]

    assert read("locust", tmp_path, content).reason == reason


@given(st.lists(st.tuples(st.floats(0, 20_000), st.booleans()), min_size=1, max_size=80))
def test_the_histogram_of_locust_brackets_the_true_times(tmp_path_factory, requests):
    def rounded(milli: float) -> int:
        digits = 0 if milli < 100 else -1 if milli < 1_000 else -2 if milli < 10_000 else -3
        return int(round(milli, digits))

    times: dict[str, int] = {}
    for milli, _ in requests:
        times[str(rounded(milli))] = times.get(str(rounded(milli)), 0) + 1
    failures = sum(failed for _, failed in requests)

    reading = read("locust", tmp_path_factory.getbasetemp(), locust_json(entry(times, failures=failures)))

    answered = [milli / 1000 for milli, failed in requests if not failed]
    quantile = whole(reading, LATENCY).statistic
    nudged = Quantile(quantile.n, tuple(Cell(c.lower - 1e-9, c.upper + 1e-9, c.count) for c in quantile.cells))
    assert brackets(nudged, answered)


def test_the_csv_and_the_json_of_one_real_run_agree():
    csv = whole(BY_NAME["locust"].read(REAL["locust"], Request()), LATENCY).statistic
    histogram = whole(BY_NAME["locust"].read(SAMPLES / "locust" / "advisers.json", Request()), LATENCY).statistic

    for threshold in (0.05, 0.1, 0.3, 1.0):
        shares = [[g / q.n for g in q.good(Op.LT, threshold)] for q in (csv, histogram)]
        assert shares[0][0] <= shares[1][1] + 0.02
        assert shares[1][0] <= shares[0][1] + 0.02


# ── k6 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def k6(n: int = 100, failed: int = 0, **metrics: object) -> dict:
    trend = {"avg": 60, "min": 10, "med": 50, "max": 1000, "p(90)": 150, "p(95)": 190}
    return {
        "metrics": {
            "http_req_duration": trend,
            "http_reqs": {"count": n, "rate": 10},
            "http_req_failed": {"passes": failed, "fails": n - failed, "value": failed / n if n else 0},
            **metrics,
        }
    }


def handle_summary(flat: dict) -> dict:
    """The same in the form that handleSummary gets."""
    metrics = {}
    for name, metric in flat["metrics"].items():
        values = {key: value for key, value in metric.items() if key != "thresholds"}
        metrics[name] = {"type": "trend", "contains": "time", "values": values}
        if "thresholds" in metric:
            metrics[name]["thresholds"] = {rule: {"ok": not crossed} for rule, crossed in metric["thresholds"].items()}
    return {"root_group": {}, "options": {}, "state": {"testRunDurationMs": 10_000}, "metrics": metrics}


def test_passes_of_http_req_failed_are_the_failed_requests(tmp_path):
    reading = read("k6", tmp_path, json.dumps(k6(100, 7)))

    assert share(reading, OK) == (93, 100)
    assert reading.summary == "100 requests, 7 failed"
    assert cells(reading, LATENCY).failures == 7


@pytest.mark.parametrize("form", ["flat", "handleSummary"])
def test_both_forms_of_the_summary_say_the_same(form, tmp_path):
    trend = {"min": 10, "med": 50, "max": 1000, "p(95)": 190, "thresholds": {"p(95)<100": True, "p(95)<500": False}}
    flat = k6(100, 0, http_req_duration=trend)

    reading = read("k6", tmp_path, json.dumps(flat if form == "flat" else handle_summary(flat)))

    e = found(reading, LATENCY)
    assert e.notes == ("k6 reports thresholds as crossed: http_req_duration: p(95)<100",)
    assert e.conditions == {"completed": 10.0, "seconds": 10.0}
    assert (e.unit, e.producer) == ("ms", {"tool": "k6"})
    assert {(c.lower, c.upper): c.count for c in e.statistic.cells} == {
        (0.01, 0.01): 1,
        (math.nextafter(0.01, 0), 0.05): 49,
        (math.nextafter(0.05, 0), 0.19): 45,
        (math.nextafter(0.19, 0), 1.0): 4,
        (1.0, 1.0): 1,
    }


def test_the_times_of_answered_requests_are_taken_where_k6_keeps_them_apart(tmp_path):
    answered = {"http_req_duration{expected_response:true}": {"min": 10, "med": 50, "max": 400}}

    quantile = cells(read("k6", tmp_path, json.dumps(k6(100, 7, **answered))), LATENCY)

    assert (quantile.n, quantile.failures, sum(c.count for c in quantile.cells)) == (100, 7, 93)
    assert max(c.upper for c in quantile.cells) == 0.4


def test_without_them_the_failures_may_be_any_of_the_times(tmp_path):
    quantile = cells(read("k6", tmp_path, json.dumps(k6(100, 7))), LATENCY)

    assert sum(c.count for c in quantile.cells) == 93
    assert quantile.good(Op.LE, 0.19) == (88, 93)


def test_a_run_of_failures_alone_has_no_time(tmp_path):
    assert cells(read("k6", tmp_path, json.dumps(k6(5, 5))), LATENCY) == Quantile(5, (), 5)


def test_a_summary_that_does_not_count_failures_says_so_and_nothing_about_them(tmp_path):
    summary = k6(100)
    del summary["metrics"]["http_req_failed"]

    reading = read("k6", tmp_path, json.dumps(summary))

    assert [e.indicator for e in reading.evidence] == [LATENCY]
    assert reading.evidence[0].notes == ("holds no http_req_failed: which requests failed is not known",)
    assert reading.summary == "100 requests, an unknown number failed"


def test_iterations_that_could_not_start_were_offered_too(tmp_path):
    more = {"iterations": {"count": 50, "rate": 5}, "dropped_iterations": {"count": 10, "rate": 1}}

    assert found(read("k6", tmp_path, json.dumps(k6(100, 0, **more))), LATENCY).conditions == {
        "completed": 10.0, "seconds": 10.0, "offered": 12.0,
    }  # fmt: skip


@pytest.mark.parametrize("tag", ["name", "url"])
def test_a_tagged_request_that_is_counted_is_shown_apart(tag, tmp_path):
    part = f"{{{tag}:POST /insight}}"
    more = {
        f"http_req_duration{part}": {"min": 20, "med": 30, "max": 40},
        f"http_reqs{part}": {"count": 40, "rate": 4},
        f"http_req_failed{part}": {"passes": 2, "fails": 38},
        "http_req_duration{name:uncounted}": {"min": 1, "max": 2},
    }

    reading = read("k6", tmp_path, json.dumps(k6(100, 2, **more)))

    assert share(reading, OK, request="POST /insight") == (38, 40)
    assert cells(reading, LATENCY, request="POST /insight").n == 40
    assert whole(reading, LATENCY).statistic.n == 100
    assert {e.population.get("request", "") for e in reading.evidence} == {"", "POST /insight"}


def without(summary: dict, name: str) -> dict:
    return {"metrics": {key: value for key, value in summary["metrics"].items() if key != name}}


K6_REFUSED = {
    "no HTTP request": (without(k6(), "http_req_duration"), 'holds no metric "http_req_duration": no HTTP request'),
    "no number of requests": (without(k6(), "http_reqs"), 'holds no metric "http_reqs": no HTTP request'),
    "zero requests": (k6(0), "holds no request"),
    "counts that disagree": (
        k6(100, http_req_failed={"passes": 1, "fails": 98}),
        "counts 100 requests, and 1 failed and 98 answered: which is right?",
    ),
    "a percentile that is text": (
        k6(100, http_req_duration={"p(95)": "190"}), "http_req_duration.p(95) is a text, a number is needed",
    ),
    "a time below zero": (k6(100, http_req_duration={"min": -1}), "http_req_duration.min is -0.001 s"),
    "only a mean": (k6(100, http_req_duration={"avg": 5}), "http_req_duration holds neither percentiles nor extremes"),
    "metrics that are a list": ({"metrics": []}, "metrics is a list, an object is needed"),
    "percentiles that fall": (
        k6(100, http_req_duration={"med": 90, "p(95)": 80}),
        "has percentiles that contradict each other: 0.09 s and 0.08 s",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", K6_REFUSED)
def test_what_is_no_k6_summary_is_refused(what, tmp_path):
    content, reason = K6_REFUSED[what]

    assert read("k6", tmp_path, json.dumps(content)).reason == reason


def test_a_run_without_length_says_nothing_about_load(tmp_path):
    assert found(read("k6", tmp_path, json.dumps(k6(100, http_reqs={"count": 100}))), LATENCY).conditions == {}


@given(VALUES, st.integers(0, 30), st.booleans())
def test_a_summary_of_k6_brackets_the_true_times(tmp_path_factory, values, failed, apart):
    failures = min(failed, len(values))
    chance = random.Random(1)
    bad = set(chance.sample(range(len(values)), failures))
    answered = [v for i, v in enumerate(values) if i not in bad]

    def trend(times: list[float]) -> dict:
        ordered = sorted(times)

        def percentile(q: float) -> float:
            at = q * (len(ordered) - 1.0)
            low, high = ordered[math.floor(at)], ordered[math.ceil(at)]
            return low + (high - low) * (at - math.floor(at))

        return {
            "min": ordered[0],
            "max": ordered[-1],
            "med": percentile(0.5),
            "p(90)": percentile(0.9),
            "p(95)": percentile(0.95),
        }

    summary = k6(len(values), failures, http_req_duration=trend([v * 1000 for v in values]))
    if apart and answered:
        summary["metrics"]["http_req_duration{expected_response:true}"] = trend([v * 1000 for v in answered])

    quantile = cells(read("k6", tmp_path_factory.getbasetemp(), json.dumps(summary)), LATENCY)

    loose = Quantile(
        quantile.n, tuple(Cell(c.lower * (1 - 1e-9), c.upper * (1 + 1e-9), c.count) for c in quantile.cells)
    )
    assert brackets(loose, answered)


# ── Raw samples ──────────────────────────────────────────────────────────────────────────────────────────────────────


def csv_of(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


# The header and a value, and the seconds that it means.
UNITS = {
    "latency_ms": ("latency_ms", "700", 0.7), "latency_s": ("latency_s", "0.7", 0.7),
    "in parentheses": ("Latency (ms)", "1.5", 0.0015), "in brackets": ("elapsed [s]", "2", 2.0),
    "microseconds": ("duration_us", "1500", 0.0015), "with its sign": ("duration_µs", "1500", 0.0015),
    "nanoseconds": ("response_time_ns", "1e6", 0.001), "seconds in full": ("response time (seconds)", "1e-1", 0.1),
    "minutes": ("duration_min", "1.5", 90.0), "camel case": ("responseTimeMs", "250", 0.25),
    "with the name of what was measured": ("insight_latency_ms", "10", 0.01), "rtt": ("rtt_ms", "1", 0.001),
    "an exponent of minutes": ("duration_min", "1e0", 60.0), "spaces": ("latency_ms", " 12 ", 0.012),
}  # fmt: skip


@pytest.mark.parametrize("what", UNITS)
def test_the_header_names_the_unit(what, tmp_path):
    header, value, seconds = UNITS[what]

    reading = read("samples", tmp_path, csv_of(header, value))

    assert reading.readable, reading.reason
    assert cells(reading, LATENCY).cells == (Cell(seconds, seconds, 1),)


def test_the_unit_of_the_request_stands_in_for_a_header_without_one(tmp_path):
    reading = read("samples", tmp_path, csv_of("latency", "250"), unit="milliseconds")

    assert cells(reading, LATENCY).cells == (Cell(0.25, 0.25, 1),)
    assert found(reading, LATENCY).unit == "ms"


def test_the_unit_of_the_header_wins(tmp_path):
    assert cells(read("samples", tmp_path, csv_of("latency_s", "2"), unit="ms"), LATENCY).cells == (Cell(2.0, 2.0, 1),)


ROWS_REFUSED = {
    "no unit anywhere": (
        csv_of("latency", "250"), 'names no unit for "latency": write it into the header (latency_ms), or give --unit', "",
    ),
    "a unit that is no time": (csv_of("latency", "1"), "cannot be read in %: a latency is a time", "%"),
    "a unit that does not exist": (csv_of("latency", "1"), 'cannot be read in parsecs: unknown unit "parsecs"', "parsecs"),
    "two columns of latencies": (
        csv_of("latency_ms,elapsed_ms", "1,2"),
        'has several columns of latencies, "latency_ms" and "elapsed_ms": keep the one that is meant', "",
    ),
    "no column of latencies": (csv_of("name,size", "a,1"), "has no column of latencies, e.g. latency_ms", ""),
    "sums instead of samples": (
        csv_of("name,mean_latency_ms,p95_latency_ms", "a,1,2"), "has no column of latencies, e.g. latency_ms", "",
    ),
    "a header alone": ("latency_ms\n", "holds a header and no sample", ""),
    "a value that is a word": (csv_of("latency_ms", "1", "fast"), 'row 3: latency_ms is "fast", a time is needed', ""),
    "an empty value": (csv_of("latency_ms,name", ",a"), 'row 2: latency_ms is "", a time is needed', ""),
    "NaN": (csv_of("latency_ms", "nan"), 'row 2: latency_ms is "nan", a time is needed', ""),
    "infinity": (csv_of("latency_s", "inf"), 'row 2: latency_s is "inf", a time is needed', ""),
    "a number beyond all floats": (csv_of("latency_s", "1e999"), 'row 2: latency_s is "1e999", a time is needed', ""),
    "a time below zero": (csv_of("latency_ms", "-1"), 'row 2: latency_ms is "-1", a time is needed', ""),
    "a decimal comma": (csv_of("latency_s;name", "0,7;a"), 'row 2: latency_s is "0,7", a time is needed', ""),
    "a short row": (csv_of("latency_ms,name", "1,a", "2"), "row 3 has 1 cells, the header 2: is the file cut off?", ""),
    "a long row": (csv_of("latency_ms,name", "1,a,b"), "row 2 has 3 cells, the header 2: is the file cut off?", ""),
    "an open quote": (csv_of("latency_ms,name", '1,"a'), "is no CSV at line 2: unexpected end of data", ""),
    "a cell of 200 000 characters": (
        csv_of("latency_ms,name", "1," + "a" * 200_000), "is no CSV at line 2: field larger than field limit (131072)", "",
    ),
    "a time that breaks off": (
        csv_of("latency_ms,timestamp", "1,2026-11-22T07:40:00Z", "2,2026-11-"), 'row 3: timestamp is "2026-11-"', "",
    ),
    "a customer left out": (
        csv_of("latency_ms,customer", "1,a", "1,"), 'leaves "customer" empty in some rows: whose requests were they?', "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS_REFUSED)
def test_samples_that_cannot_be_understood_are_refused(what, tmp_path):
    content, reason, unit = ROWS_REFUSED[what]

    assert read("samples", tmp_path, content, unit=unit).reason == reason


# Columns beside the latency, a row, and whether it is an answered request.
ANSWERED = {
    "status 200": ("status", "200", True), "status 302": ("status_code", "302", True), "status 404": ("code", "404", False),
    "status 503": ("http_status", "503", False), "status 0": ("status", "0", False), "status OK": ("status", "OK", True),
    "status timeout": ("status", "timeout", False), "status empty": ("status", "", False),
    "success true": ("success", "True", True), "success 1": ("ok", "1", True), "success false": ("success", "false", False),
    "success 0": ("ok", "0", False), "success empty": ("success", "", False), "no error": ("error", "", True),
    "error null": ("error", "null", True), "error false": ("failed", "false", True), "failed true": ("failed", "true", False),
    "an error": ("error", "ConnectionError", False), "an exception": ("exception", "x", False),
    "status good and error set": ("status,error", "200,Timeout", False),
    "status bad and no error": ("status,error", "500,", False),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWERED)
def test_columns_beside_the_latency_say_whether_a_request_failed(what, tmp_path):
    columns, row, answered = ANSWERED[what]

    reading = read("samples", tmp_path, csv_of(f"latency_ms,{columns}", f"5,{row}"))

    assert share(reading, OK) == (int(answered), 1)
    assert cells(reading, LATENCY).failures == int(not answered)
    assert len(cells(reading, LATENCY).cells) == int(answered)


def test_a_failed_request_may_have_no_latency(tmp_path):
    reading = read("samples", tmp_path, csv_of("latency_ms,status", "5,200", ",0", "null,0"))

    assert share(reading, OK) == (1, 3)
    assert reading.summary == "3 requests, 2 failed"


def test_without_such_a_column_all_count_as_answered_and_nothing_is_said_about_failures(tmp_path):
    reading = read("samples", tmp_path, csv_of("latency_ms", "5"))

    assert [e.indicator for e in reading.evidence] == [LATENCY]
    assert found(reading, LATENCY).notes == ("no column says which requests failed: all count as answered",)
    assert reading.summary == "1 requests"


def test_requests_are_told_apart_by_name_and_method(tmp_path):
    rows = ["1,POST,/insight", "2,POST,/insight", "3,GET,/search"]

    reading = read("samples", tmp_path, csv_of("latency_ms,method,path", *rows))

    assert cells(reading, LATENCY, request="POST /insight").n == 2
    assert cells(reading, LATENCY, request="GET /search").n == 1
    assert whole(reading, LATENCY).statistic.n == 3


def test_customers_add_up_and_are_never_counted_twice(tmp_path):
    rows = ["1,a,north", "2,b,north", "3,a,south", "4,a,south"]

    reading = read("samples", tmp_path, csv_of("latency_ms,request,customer", *rows))

    sizes = {tuple(sorted(e.population.items())): e.statistic.n for e in reading.evidence}
    assert sizes == {
        (("customer", "north"),): 2,
        (("customer", "south"),): 2,
        (("customer", "north"), ("request", "a")): 1,
        (("customer", "north"), ("request", "b")): 1,
        (("customer", "south"), ("request", "a")): 2,
    }


def test_names_with_parameters_are_too_many_to_be_shown_apart(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.timing.requests.MOST_REQUESTS", 3)
    rows = [f"{i},/client/{i}" for i in range(6)]

    few = read("samples", tmp_path, csv_of("latency_ms,path", *rows[:3]))
    many = read("samples", tmp_path, csv_of("latency_ms,path", *rows))

    assert len(few.evidence) == 4
    assert [e.statistic.n for e in many.evidence] == [6]
    assert "more than 3 names of requests: only all together are shown" in many.evidence[0].notes


def test_too_many_customers_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.timing.requests.MOST_CUSTOMERS", 2)
    rows = [f"1,c{i}" for i in range(5)]

    assert read("samples", tmp_path, csv_of("latency_ms,customer", *rows[:4])).readable
    assert (
        read("samples", tmp_path, csv_of("latency_ms,customer", *rows)).reason
        == "names more than 2 customers or requests"
    )


def test_more_rows_than_anybody_needs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.intake.MOST_ELEMENTS", 3)

    assert read("samples", tmp_path, csv_of("latency_ms", "1", "2")).readable
    assert read("samples", tmp_path, csv_of("latency_ms", "1", "2", "3")).reason == "holds more than 3 rows"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(delimiter, tmp_path):
    content = csv_of(delimiter.join(["name", "latency_ms"]), delimiter.join(['"a,b"', "5"]))

    assert cells(read("samples", tmp_path, content), LATENCY, request="a,b").n == 1


def test_windows_line_ends_blank_lines_and_cells_of_several_lines_are_fine(tmp_path):
    content = 'latency_ms,name\r\n5,"two\r\nlines"\r\n\r\n6,b\r\n'

    assert whole(read("samples", tmp_path, content), LATENCY).statistic.n == 2


def test_a_last_line_without_its_end_is_noted(tmp_path):
    assert found(read("samples", tmp_path, "latency_ms\n5"), LATENCY).notes[0] == (
        "the last line has no end: if the file was cut off, its last value is wrong"
    )


# Time


def test_times_make_a_series_of_ten_seconds_a_window_and_the_load(tmp_path):
    rows = [f"{1_795_335_774 + i / 2},{100 + i},{200 if i % 10 else 500}" for i in range(60)]

    reading = read("samples", tmp_path, csv_of("timestamp,latency_ms,status", *rows))

    e = found(reading, LATENCY)
    assert [(b.at, b.seconds, b.statistic.n) for b in e.series] == [(0, 10, 20), (10, 10, 20), (20, 10, 20)]
    assert sum(b.statistic.failures for b in e.series) == e.statistic.failures == 6
    assert [b.statistic for b in found(reading, OK).series] == [Share(20, 18)] * 3
    assert e.start == datetime.fromtimestamp(1_795_335_774, UTC)
    assert e.conditions["seconds"] == pytest.approx(29.5 + 0.159)
    assert e.conditions["completed"] == pytest.approx(2.0, rel=0.01)
    assert "offered" not in e.conditions


def test_the_scheduled_start_says_which_load_was_offered_and_counts(tmp_path):
    rows = [f"{1_795_335_774 + i / 10},{1_795_335_774 + i / 10 + 0.5},100" for i in range(100)]

    e = found(read("samples", tmp_path, csv_of("scheduled,started,latency_ms", *rows)), LATENCY)

    assert e.conditions["offered"] == pytest.approx(10.0)
    assert {round(c.upper, 5) for c in e.statistic.cells} == {0.6}, "latency counts from the scheduled start"
    assert "latency counts from the scheduled start; requests began up to 0.5 s late" in e.notes


def test_a_service_that_falls_behind_completes_less_than_was_offered(tmp_path):
    rows = [
        f"{1_795_335_774 + i / 20},{i / 20}" for i in range(1000)
    ]  # each finishes a tenth of a second after the last

    conditions = found(read("samples", tmp_path, csv_of("scheduled,latency_s", *rows)), LATENCY).conditions

    assert conditions["offered"] == pytest.approx(20, rel=0.01)
    assert conditions["completed"] == pytest.approx(10, rel=0.01)


def test_one_straggler_is_no_low_load(tmp_path):
    rows = [f"{1_795_335_774 + i / 20},{30 if i == 999 else 0.1}" for i in range(1000)]

    assert found(read("samples", tmp_path, csv_of("start,latency_s", *rows)), LATENCY).conditions["completed"] == (
        pytest.approx(20, rel=0.01)
    )


# The header, two times, the seconds between them, and whether they say when that was.
CLOCKS = {
    "seconds since 1970": ("timestamp", "1795335774", "1795335776.5", 2.5, True),
    "milliseconds since 1970": ("timeStamp", "1795335774000", "1795335776500", 2.5, True),
    "microseconds since 1970": ("ts", "1795335774000000", "1795335776500000", 2.5, True),
    "nanoseconds since 1970": ("ts", "1795335774000000000", "1795335776500000000", 2.5, True),
    "ISO 8601 with a zone": ("started_at", "2026-11-22T07:40:00Z", "2026-11-22T08:40:02.5+01:00", 2.5, True),
    "ISO 8601 without a zone": ("time", "2026-11-22 07:40:00", "2026-11-22 07:40:02.5", 2.5, False),
    "seconds since the start": ("start_s", "0", "2.5", 2.5, False),
    "milliseconds since the start": ("start_ms", "0", "2500", 2.5, False),
    "numbers without a unit": ("at", "0.0", "2.5", 2.5, False),
}


@pytest.mark.parametrize("what", CLOCKS)
def test_times_are_understood_in_the_usual_forms(what, tmp_path):
    column, first, second, apart, absolute = CLOCKS[what]

    e = found(read("samples", tmp_path, csv_of(f"{column},latency_s", f"{first},0", f"{second},0")), LATENCY)

    assert e.conditions["seconds"] == pytest.approx(apart)
    assert (e.start is not None) is absolute
    if absolute:
        assert (e.end - e.start).total_seconds() == pytest.approx(apart)


def test_times_that_are_not_understood_are_left_out_and_noted(tmp_path):
    e = found(read("samples", tmp_path, csv_of("timestamp,latency_ms", "2001/20/20 12:05:05,1", "x,2")), LATENCY)

    assert (e.series, e.conditions, e.start) == ((), {}, None)
    assert 'times such as "2001/20/20 12:05:05" are not understood and left out' in e.notes


def test_rows_need_not_stand_in_the_order_of_time(tmp_path):
    times = [35, 0, 22, 9, 10]
    rows = [f"{1_795_335_000 + t},1" for t in times]

    series = found(read("samples", tmp_path, csv_of("start,latency_ms", *rows)), LATENCY).series

    assert series[0].at == 0
    assert sum(b.statistic.n for b in series) == 5
    assert all(b.at % 10 == 0 for b in series)


def test_all_groups_share_one_clock(tmp_path):
    rows = [f"{1_795_335_000 + 10 * i},1,{'north' if i < 3 else 'south'}" for i in range(6)]

    reading = read("samples", tmp_path, csv_of("start,latency_ms,customer", *rows))

    assert [b.at for b in found(reading, LATENCY, customer="north").series] == [0, 10, 20]
    assert [b.at for b in found(reading, LATENCY, customer="south").series] == [30, 40, 50]


def test_a_run_of_more_than_a_day_has_no_series(tmp_path):
    def series(seconds: int) -> int:
        rows = ["0,1", f"{seconds},1"]
        return len(found(read("samples", tmp_path, csv_of("start_s,latency_ms", *rows)), LATENCY).series)

    assert series(86_399) == 2
    assert series(86_400) == 0


# Exact counts


def test_a_promise_is_counted_exactly_whatever_the_size(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.timing.requests.MOST_EXACT", 100)
    values = [(i * 37 % 1000) + 1 for i in range(1000)]
    rows = [f"{i / 20},{value}" for i, value in enumerate(values)]

    e = found(
        read("samples", tmp_path, csv_of("start_s,latency_ms", *rows), thresholds={LATENCY: frozenset({0.7, 0.25})}),
        LATENCY,
    )

    assert e.statistic.splits == (Split(0.25, 249, 250), Split(0.7, 699, 700))
    for threshold in (0.25, 0.7):
        low, high = zip(*(b.statistic.good(Op.LT, threshold) for b in e.series), strict=True)
        assert sum(low) == sum(high) == round(threshold * 1000) - 1
    assert all(c.upper <= c.lower * 1.0201 for b in e.series for c in b.statistic.cells)


@given(st.lists(st.integers(0, 2_000_000), min_size=1, max_size=60), st.integers(1, 60))
def test_any_number_of_values_and_slices_add_up_to_the_whole(tmp_path_factory, micros, step):
    rows = [f"{i * step},{value}" for i, value in enumerate(micros)]

    reading = read("samples", tmp_path_factory.getbasetemp(), csv_of("start_s,latency_us", *rows))

    e = found(reading, LATENCY)
    assert sorted(c.lower for c in e.statistic.cells for _ in range(c.count)) == sorted(
        float(f"{v}e-6") for v in micros
    )
    assert not e.series or sum(b.statistic.n for b in e.series) == len(micros)
    assert all(later.at >= before.at + 10 for before, later in itertools.pairwise(e.series))


def test_a_real_run_is_read_with_its_customers_and_its_load():
    reading = BY_NAME["samples"].read(REAL["samples"], Request())

    customers = {e.customer for e in reading.evidence}
    assert customers == {"northbank", "southbank", "eastbank"}
    assert sum(e.statistic.n for e in reading.evidence if e.indicator == OK and "request" not in e.population) == 360
    assert reading.evidence[0].conditions["offered"] == pytest.approx(15, rel=0.01)
    assert reading.evidence[0].conditions["completed"] == pytest.approx(15, rel=0.02)


# JMeter

JMETER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,bytes,Latency"


def test_jmeter_means_milliseconds_and_says_success_itself(tmp_path):
    rows = ["1393227741256,1300,POST /x,501,FAIL,t,text,false,1,9", "1393227741257,200,POST /x,404,OK,t,text,true,1,9"]

    reading = read("samples", tmp_path, csv_of(JMETER, *rows))

    assert share(reading, OK, request="POST /x") == (1, 2)
    assert whole(reading, LATENCY).statistic.cells == (Cell(0.2, 0.2, 1),)
    assert whole(reading, LATENCY).unit == "ms"


def test_jmeter_transactions_would_count_requests_twice(tmp_path):
    rows = [
        "1393227741256,100,a,200,OK,t,text,true,1,9",
        '1393227741256,100,T,200,"Number of samples in transaction : 1, number of failing samples : 0",t,,true,1,9',
    ]

    reading = read("samples", tmp_path, csv_of(JMETER, *rows))

    assert whole(reading, LATENCY).statistic.n == 1
    assert "1 JMeter transactions left out: their requests are counted" in whole(reading, LATENCY).notes


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("latency_ms\n5\n", 'its header has the column "latency_ms"'),
        ('"name","Latency (ms)"\n', 'its header has the column "Latency (ms)"'),
        ("name;elapsed\n", 'its header has the column "elapsed"'),
        ("name,mean latency\n", ""),
        ("latencies\n", ""),
        ("<latency_ms>", ""),
        ('{"latency_ms": 1}', ""),
        ("latency_ms" + "," * 5_000, ""),
        ('"latency_ms', 'its header has the column "latency_ms"'),
        ("", ""),
    ],
)
def test_samples_are_recognised_by_a_column_of_latencies(head, why):
    assert BY_NAME["samples"].recognise("x.csv", head.encode()) == why


# ── pytest-benchmark ─────────────────────────────────────────────────────────────────────────────────────────────────


def benchmark(name: str = "test_a", **stats: object) -> dict:
    known = {"rounds": 4, "iterations": 1, "min": 1.0, "q1": 1.5, "median": 2.5, "q3": 3.5, "max": 4.0, **stats}
    return {"name": name, "fullname": f"tests/x.py::{name}", "stats": known}


def report_of(*benchmarks: dict) -> str:
    return json.dumps({"machine_info": {}, "commit_info": {}, "version": "5.3.1", "benchmarks": benchmarks})


def test_raw_data_are_kept_exactly_and_counted_at_promises(tmp_path):
    data = [0.001 * i for i in range(1, 1001)]
    few = read("pytest-benchmark", tmp_path, report_of(benchmark(rounds=4, data=[4.0, 1.0, 2.0, 3.0])))
    many = read(
        "pytest-benchmark", tmp_path, report_of(benchmark(rounds=1000, data=data)),
        thresholds={"benchmark.time": frozenset({0.5})},
    )  # fmt: skip

    e = found(few, "benchmark.time", benchmark="test_a")
    assert e.statistic.cells == tuple(Cell(v, v, 1) for v in (1.0, 2.0, 3.0, 4.0))
    assert (e.unit, e.producer, e.notes) == ("s", {"tool": "pytest-benchmark", "version": "5.3.1"}, ())
    assert (e.start, e.conditions) == (None, {})
    assert cells(many, "benchmark.time").splits == (Split(0.5, 499, 500),)
    assert few.summary == "1 benchmarks"


def test_without_raw_data_quartiles_bracket_the_values(tmp_path):
    e = found(read("pytest-benchmark", tmp_path, report_of(benchmark())), "benchmark.time")

    assert sum(c.count for c in e.statistic.cells) == 4
    assert brackets(e.statistic, [1.0, 2.0, 3.0, 4.0])
    assert e.notes == ("only extremes and quartiles are known; run with --benchmark-save-data for all values",)


def test_a_round_of_several_calls_is_their_mean(tmp_path):
    notes = found(read("pytest-benchmark", tmp_path, report_of(benchmark(iterations=5))), "benchmark.time").notes

    assert notes[0] == "each value is the mean of 5 calls"


def test_benchmarks_of_one_name_are_told_apart_by_their_full_name(tmp_path):
    first, second = benchmark(), benchmark() | {"fullname": "tests/y.py::test_a"}

    reading = read("pytest-benchmark", tmp_path, report_of(first, second, benchmark("test_b")))

    assert [e.population["benchmark"] for e in reading.evidence] == [
        "tests/x.py::test_a",
        "tests/y.py::test_a",
        "test_b",
    ]


BENCHMARK_REFUSED = {
    "no benchmarks": (json.dumps({"machine_info": {}}), 'holds no "benchmarks": is it the JSON of pytest-benchmark?'),
    "an empty list": (report_of(), "holds no benchmark"),
    "no name": (report_of({"stats": {}}), 'holds a benchmark whose "name" is no text'),
    "no statistics": (report_of({"name": "a"}), "a: stats is missing, an object is needed"),
    "no rounds": (report_of(benchmark(rounds=0)), "test_a: was never run"),
    "a time below zero": (report_of(benchmark(min=-1.0)), "test_a: min is -1 s, a time is needed"),
    "a median that is missing": (report_of(benchmark(median=None)), "test_a: median is missing, a number is needed"),
    "data and rounds disagree": (
        report_of(benchmark(rounds=3, data=[1.0])), "test_a: 3 rounds and 1 values: which is right?",
    ),
    "data that are text": (report_of(benchmark(rounds=1, data=["1"])), "test_a: data is a text, a number is needed"),
    "two of one full name": (
        report_of(benchmark(), benchmark()), "holds two benchmarks of one name: their times cannot be told apart",
    ),
    "half a character in a name": (
        report_of(benchmark("\ud800")), "holds half a character (an escape from \\ud800 to \\udfff without its pair)",
    ),
    "quartiles that fall": (
        report_of(benchmark(rounds=1000, q1=3.0, median=2.0)),
        "has percentiles that contradict each other: 3 s and 2 s",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BENCHMARK_REFUSED)
def test_what_is_no_benchmark_report_is_refused(what, tmp_path):
    content, reason = BENCHMARK_REFUSED[what]

    assert read("pytest-benchmark", tmp_path, content).reason == reason


@given(VALUES)
def test_quartiles_of_any_usual_definition_bracket_the_values(tmp_path_factory, values):
    from pytest_benchmark.stats import Stats

    stats = Stats()
    for value in values:
        stats.update(value)
    known = {key: getattr(stats, key) for key in ("min", "q1", "median", "q3", "max", "rounds")}

    reading = read("pytest-benchmark", tmp_path_factory.getbasetemp(), report_of(benchmark(**known)))

    quantile = cells(reading, "benchmark.time")
    loose = Quantile(
        quantile.n, tuple(Cell(c.lower * (1 - 1e-9), c.upper * (1 + 1e-9), c.count) for c in quantile.cells)
    )
    assert brackets(loose, values)


def test_raw_data_and_quartiles_of_real_runs_are_both_read():
    folder = SAMPLES / "pytest-benchmark"
    with_data = BY_NAME["pytest-benchmark"].read(folder / "with-data.json", Request())
    without_data = BY_NAME["pytest-benchmark"].read(folder / "without-data.json", Request())

    assert {e.population["benchmark"]: e.statistic.n for e in with_data.evidence} == {
        "test_total": 214,
        "test_largest": 40,
    }
    assert {e.population["benchmark"]: e.statistic.n for e in without_data.evidence} == {
        "test_total": 332,
        "test_largest": 40,
    }
