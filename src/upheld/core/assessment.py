"""An assessment: a model that predicts what a criterion will show, before anything is built."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum


class Model(Enum):
    """What is modelled."""

    LATENCY = "latency"  # steps, workers and arrivals
    AVAILABILITY = "availability"  # parts, outages and repairs
    INTEGRATION = "integration"  # extracts of real sources
    ESTIMATE = "estimate"  # work and the pace at which it was done before


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What every assessment says, whatever it models."""

    id: str
    kind: Model
    title: str = ""
    predicts: tuple[str, ...] = ()  # addresses of criteria
    decision: str = ""  # the decision whose option it models
    option: str = ""
    date: dt.date | None = None
    file: str = ""
