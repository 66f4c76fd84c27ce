"""A decision (ADR): options, trade-off, customer impact, expected outcomes, assumptions, and when to look again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from upheld.core.requirement import Lesson, Link, Statement


class Status(Enum):
    """The state of a decision, read from any of the dialects; `unknown` keeps the raw text beside it."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a decision means for one customer, and who of them accepted it."""

    customer: str
    impact: str
    accepted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a trade-off matrix: an axis or criterion, its weight, and a score per option (as written)."""

    axis: str  # the address of the criterion, where it is one
    weight: str
    scores: Mapping[str, str]
    criterion: bool = False
    hard: bool = False  # who breaks the criterion is excluded, whatever its score
    less: bool = False  # whether less is better; of a criterion its own comparison says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision record, in MADR 4, an older MADR, or Nygard's form."""

    id: str
    title: str
    status: Status
    raw_status: str = ""
    dialect: str = ""  # madr4, madr3, madr2, nygard, plain
    date: dt.date | None = None
    deciders: tuple[str, ...] = ()
    affects: tuple[str, ...] = ()  # requirements and criteria
    scenarios: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    matrix: tuple[Row, ...] = ()
    chosen: str = ""
    impacts: tuple[Impact, ...] = ()
    expected: tuple[Statement, ...] = ()
    assumptions: tuple[Statement, ...] = ()
    review_by: dt.date | None = None
    cost: str = ""
    lessons: tuple[Lesson, ...] = ()
    links: tuple[Link, ...] = ()
    superseded_by: str = ""
    body: str = ""
    file: str = ""
    adopted: bool = False  # older than the project's `since`: advice only
