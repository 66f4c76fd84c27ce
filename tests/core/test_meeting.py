"""Design reviews: which rhythm is planned, which of it was held, and that only joint ones count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.meeting import Completion, Pack, Review, completion, held

pytestmark = pytest.mark.upheld("REQ-RPT-001.c1")
BOTH = {"product": ("jake",), "engineering": ("lisa",)}
MONDAY = date(2026, 9, 7)


def review(day: date, attendees: dict[str, tuple[str, ...]] = BOTH, pack: Pack = Pack.WEEKLY) -> Review:
    return Review(id=day.isoformat(), pack=pack, date=day, attendees=attendees)


PERIODS = {
    "a week": (Pack.WEEKLY, date(2026, 11, 23), 1, date(2026, 11, 30)),
    "a week back": (Pack.WEEKLY, date(2026, 11, 23), -1, date(2026, 11, 16)),
    "a month": (Pack.MONTHLY, date(2026, 11, 15), 1, date(2026, 12, 15)),
    "a month over the year": (Pack.MONTHLY, date(2026, 12, 15), 1, date(2027, 1, 15)),
    "a month from its last day": (Pack.MONTHLY, date(2027, 1, 31), 1, date(2027, 2, 28)),
    "two months from a last day": (Pack.MONTHLY, date(2027, 1, 31), 2, date(2027, 3, 31)),
    "a month back over the year": (Pack.MONTHLY, date(2027, 1, 10), -1, date(2026, 12, 10)),
    "into a leap year": (Pack.MONTHLY, date(2028, 1, 31), 1, date(2028, 2, 29)),
    "a quarter": (Pack.QUARTERLY, date(2026, 11, 30), 1, date(2027, 2, 28)),
    "a quarter into December": (Pack.QUARTERLY, date(2026, 9, 30), 1, date(2026, 12, 30)),
}


@pytest.mark.parametrize("case", PERIODS)
def test_a_period_begins(case: str) -> None:
    pack, start, count, expected = PERIODS[case]
    assert pack.after(start, count) == expected


def test_completion_counts_one_joint_review_in_each_whole_period() -> None:
    days = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(weeks=2, days=6), MONDAY + timedelta(weeks=3)]
    found = completion([review(day) for day in days], Pack.WEEKLY, MONDAY, at=MONDAY + timedelta(weeks=4))
    missed = (MONDAY + timedelta(weeks=1),)
    assert found == Completion(pack=Pack.WEEKLY, planned=4, held=3, missed=missed)


@pytest.mark.parametrize("attendees", [{"product": ("jake",)}, {"engineering": ("lisa",)}, {}, {**BOTH, "product": ()}])
def test_a_review_without_product_and_engineering_is_not_held(attendees: dict[str, tuple[str, ...]]) -> None:
    assert held([review(MONDAY, attendees)], Pack.WEEKLY, at=MONDAY) == ()
    found = completion([review(MONDAY, attendees)], Pack.WEEKLY, MONDAY, at=MONDAY + timedelta(weeks=1))
    assert (found.planned, found.held, found.missed) == (1, 0, (MONDAY,))


def test_the_running_period_counts_once_its_review_is_held_and_is_not_missed_before() -> None:
    day = MONDAY + timedelta(days=2)
    assert completion([], Pack.WEEKLY, MONDAY, at=day) == Completion(pack=Pack.WEEKLY, planned=0, held=0, missed=())
    assert completion([review(day)], Pack.WEEKLY, MONDAY, at=day).planned == 1


def test_a_review_of_another_rhythm_or_of_tomorrow_does_not_count() -> None:
    other = [review(MONDAY, pack=Pack.MONTHLY), review(MONDAY + timedelta(days=3))]
    assert held(other, Pack.WEEKLY, at=MONDAY) == ()


@given(st.sets(st.integers(0, 69)), st.integers(0, 70))
def test_held_and_missed_make_up_what_was_planned(days: set[int], until: int) -> None:
    reviews = [review(MONDAY + timedelta(days=day)) for day in days]
    found = completion(reviews, Pack.WEEKLY, MONDAY, at=MONDAY + timedelta(days=until))
    whole = {day // 7 for day in days if day <= until}
    running = until // 7
    assert found.planned == running + (running in whole)
    assert found.held == len({week for week in whole if week <= running})
    assert len(found.missed) == found.planned - found.held
