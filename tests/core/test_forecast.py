"""When work will be done: exact cases, PERT against its moments, and a real public history forecast in its past."""

import csv
import datetime as dt
import math
import random
from pathlib import Path

import pytest
from scipy import stats

from upheld.core.forecast import Task, Work, back_test, forecast, weeks_to_finish
from upheld.errors import DefinitionError
from upheld.sources import history

pytestmark = pytest.mark.upheld("REQ-PRE-003.c1")
SCRAPY = Path(__file__).parents[2] / "samples" / "history" / "scrapy.csv"


def quiet(done, of):
    assert done <= of


def pace():
    with SCRAPY.open(encoding="utf-8") as file:
        return tuple(int(row["commits"]) for row in csv.DictReader(file))


def test_an_even_pace_has_one_answer():
    found = forecast(Work(items=60, finished=(5,) * 30), chance=random.Random(1), tell=quiet)
    assert (found.p50, found.p85, found.p95) == (12.0, 12.0, 12.0)


def test_growth_is_part_of_the_forecast():
    found = forecast(Work(items=60, finished=(5,) * 30, growth=(0.5, 0.5)), chance=random.Random(1), tell=quiet)
    assert found.p50 == 18.0


def test_a_team_that_finishes_nothing_never_ends():
    assert math.isinf(weeks_to_finish(10, (0,) * 20, random.Random(1)))
    found = forecast(Work(items=10, finished=(0,) * 30), chance=random.Random(1), tell=quiet)
    assert found.predicted is None
    assert found.unfinished == 1.0


def test_less_than_eight_weeks_of_history_forecast_nothing():
    assert forecast(Work(items=10, finished=(5,) * 7), chance=random.Random(1), tell=quiet) is None


def test_three_guesses_give_the_mean_and_the_spread_of_pert():
    task = Task(2.0, 4.0, 12.0)
    drawn = [task.draw(chance) for chance in [random.Random(3)] for _ in range(20_000)]
    alpha, beta = 1 + 4 * 2 / 10, 1 + 4 * 8 / 10
    want = stats.beta(alpha, beta, loc=2, scale=10)
    assert sum(drawn) / len(drawn) == pytest.approx((2 + 4 * 4 + 12) / 6, rel=0.01)
    assert stats.kstest(drawn, want.cdf).pvalue > 0.001


def test_people_share_the_tasks():
    tasks = tuple(Task(19.0, 20.0, 21.0) for _ in range(5))
    alone, together = (
        forecast(Work(tasks=tasks, people=people), chance=random.Random(1), tell=quiet) for people in (1, 2)
    )
    assert alone.p50 == pytest.approx(20.0, rel=0.01)
    assert together.p50 == pytest.approx(10.0, rel=0.01)
    assert together.back_test is None


@pytest.mark.slow
def test_the_past_of_a_real_public_history_is_forecast_on_dates_that_do_not_overlap():
    found = back_test(pace(), random.Random(1))
    for one, after in zip(found.past, found.past[1:], strict=False):
        assert one.week + one.actual <= after.week  # non-overlapping
    held, n, low, high = found.held("p85")
    assert (held, n) == (109, 122)
    assert low < 0.85 < high  # what is shown, not what is called calibrated
    want = stats.binomtest(held, n).proportion_ci(confidence_level=0.9, method="exact")
    assert (low, high) == (pytest.approx(want.low), pytest.approx(want.high))
    held, n, low, high = found.held("p50")
    assert (held, n) == (75, 122)
    assert low > 0.5  # P50 comes late more often than not: the miss is part of the record


def test_forecasts_are_stretched_only_by_what_was_known_then():
    weeks = pace()
    whole, part = back_test(weeks, random.Random(1)), back_test(weeks[:500], random.Random(1))
    assert [p.week for p in part.past] == [p.week for p in whole.past[: len(part.past)]]
    assert [p.p85 for p in part.past] == [p.p85 for p in whole.past[: len(part.past)]]


def test_days_become_whole_weeks_and_the_unfinished_one_is_left_out():
    monday = dt.date(2026, 11, 2)
    days = {monday: 2, monday + dt.timedelta(days=6): 1, monday + dt.timedelta(days=14): 4}
    assert history.per_week(days, until=monday + dt.timedelta(days=15)) == (3, 0)
    assert history.per_week({}, until=monday) == ()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("id,closed\n1,2026-11-02\n2,\n3,2026-11-02T10:00:00Z\n", {dt.date(2026, 11, 2): 2}),
        ("week,commits\n2026-11-02,7\n", {dt.date(2026, 11, 2): 7}),
    ],
)
def test_an_export_of_a_tracker_is_read(text, want):
    assert history.table(text, name="issues.csv") == want


@pytest.mark.parametrize(
    ("text", "said"),
    [("id,opened\n1,2026-11-02\n", "no column says"), ("closed\nyesterday\n", r'issues.csv:2: "yesterday" is no day')],
)
def test_an_export_that_says_nothing_is_refused_with_its_row(text, said):
    with pytest.raises(DefinitionError, match=said):
        history.table(text, name="issues.csv")


def test_the_history_of_a_repository_counts_commits_by_day(repository):
    days = history.commits(repository, until=dt.datetime(2037, 1, 1, tzinfo=dt.UTC))
    assert sum(days.values()) >= 1
    with pytest.raises(DefinitionError, match="no history"):
        history.commits(Path("/"), until=dt.datetime(2037, 1, 1, tzinfo=dt.UTC))
