"""A design review: who was there for which function, what came out of it for which criterion, and whether reviews happen.

Planned reviews follow from a rhythm, never from what was written down afterwards: a review that nobody recorded counts
as planned and not held.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from upheld.core.requirement import Lesson


class Pack(Enum):
    """How often a review takes place, and so how far its pack looks back."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    def after(self, start: dt.date, count: int) -> dt.date:
        """The day on which the period `count` after the first one begins; a month's last day stays its last day."""
        if self is Pack.WEEKLY:
            return start + dt.timedelta(weeks=count)
        months = start.month - 1 + count * (1 if self is Pack.MONTHLY else 3)
        year, month = start.year + months // 12, months % 12 + 1
        first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
        return min(dt.date(year, month, 1) + dt.timedelta(days=start.day - 1), first_of_next - dt.timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One outcome of a review, tied to what it is about."""

    outcome: str
    about: tuple[str, ...] = ()  # criteria, requirements, decisions, risks
    owner: str = ""
    by: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review, one file; its record is what people attended and what followed."""

    id: str
    title: str = ""
    pack: Pack | None = None
    date: dt.date | None = None
    attendees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # function → people
    outcomes: tuple[Result, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    body: str = ""
    file: str = ""

    @property
    def joint(self) -> bool:
        """Whether both product and engineering took part; without both it does not count."""
        return bool(self.attendees.get("product")) and bool(self.attendees.get("engineering"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Reviews of one rhythm: planned until a day, and held jointly."""

    pack: Pack
    planned: int
    held: int
    missed: tuple[dt.date, ...]  # the first days of the periods without one, oldest first


def held(reviews: Iterable[Review], pack: Pack, *, at: dt.date) -> tuple[Review, ...]:
    """The joint reviews of one rhythm that took place until a day, oldest first."""
    found = [r for r in reviews if r.pack is pack and r.joint and r.date is not None and r.date <= at]
    return tuple(sorted(found, key=lambda r: (r.date or at, r.id)))


def completion(reviews: Sequence[Review], pack: Pack, start: dt.date, *, at: dt.date) -> Completion:
    """Held of planned: one joint review in each whole period since `start`, and in the running one once it is held."""
    days = [r.date for r in held(reviews, pack, at=at) if r.date is not None]
    planned = count = 0
    missed = []
    while (begin := pack.after(start, planned)) <= at:
        end = pack.after(start, planned + 1)
        took_place = any(begin <= day < end for day in days)
        if end > at and not took_place:
            break  # the running period may still see its review
        planned += 1
        count += took_place
        if not took_place:
            missed.append(begin)
    return Completion(pack=pack, planned=planned, held=count, missed=tuple(missed))
