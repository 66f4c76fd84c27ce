"""A risk: what may happen to whom, who looks after it, and the promise that says by itself when it begins to happen."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from upheld.core.decision import Impact
from upheld.core.requirement import Link, Statement


class Kind(Enum):
    """What would suffer."""

    TECHNICAL = "technical"
    TIMELINE = "timeline"
    QUALITY = "quality"
    INTEGRATION = "integration"


class Status(Enum):
    """What people decided about a risk; whether it happens is never written, but judged from evidence."""

    OPEN = "open"
    ACCEPTED = "accepted"  # known and borne
    CLOSED = "closed"  # can no longer happen


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One risk, one file."""

    id: str
    title: str = ""
    kind: Kind | None = None
    status: Status = Status.OPEN
    owner: str = ""
    impacts: tuple[Impact, ...] = ()
    mitigation: str = ""
    watch: tuple[Statement, ...] = ()  # the promises whose breach means that it happens
    review_by: dt.date | None = None
    date: dt.date | None = None
    links: tuple[Link, ...] = ()
    body: str = ""
    file: str = ""
