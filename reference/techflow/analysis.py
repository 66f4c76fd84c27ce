"""The full analysis: a client's wealth over ten years, simulated for today's portfolio and for what could be different.

Its size is a number of paths, nothing else. Paths are drawn in chunks from their own seeds, so that progress can be
told and the result does not depend on who computes it; all scenarios share the same random numbers, so that their
differences are sharper than their levels. Standard errors come from the chunks (batch means).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from techflow.campaign import LEVELS, Row
from techflow.model import Matrix, Model, matrix

PATHS = 1_400_000  # 15 to 20 s on one quiet core of the machine in benchmarks/; `techflow size` measures yours
CHUNK = 4_000
MONTHS = 120

# Monthly dynamics. Rate: Vasicek; equity: Student's t with 5 degrees of freedom; income: rare shocks.
RATE_PULL, RATE_MEAN, RATE_NOISE = 0.02, 2.5, 0.12  # per month, percent
EQUITY_DRIFT, EQUITY_NOISE = 0.0045, 0.042
SHOCK_RATE, SHOCK_SIZE = 0.01, 0.35


@dataclass(frozen=True, kw_only=True, slots=True)
class Portfolio:
    """What the simulation needs to know of a client, in EUR and percent."""

    wealth: float
    equity_share: float
    monthly_income: float
    monthly_spending: float
    loan_payment: float
    rate: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One thing that is different: added to rate and equity share, factors on income and spending, first-day loss."""

    name: str
    rate: float = 0.0
    equity: float = 0.0
    income: float = 1.0
    spending: float = 1.0
    crash: float = 0.0


SCENARIOS = (
    Scenario(name="as it is"),
    Scenario(name="rates up 1 point", rate=1.0),
    Scenario(name="equity down 30 % at once", crash=0.3),
    Scenario(name="income down 20 %", income=0.8),
    Scenario(name="20 points more equity", equity=0.2),
    Scenario(name="saves 10 % of spending", spending=0.9),
)


def portfolio_of(view: Row) -> Portfolio:
    """The portfolio as the ledgers, cards and payments tell it; what they do not tell is a stated default."""
    wealth = max(100.0, (view.get("balance") or 1_000_000) / 100)
    age = float(view.get("age") or 40)
    spending = (view.get("card_spend") or 0) / 100 / max(1, view.get("card_events") or 0) * 15
    flow = max(0.0, ((view.get("paid_in") or 0) - (view.get("paid_out") or 0)) / 100)
    return Portfolio(
        wealth=wealth,
        equity_share=min(0.9, max(0.1, 1.1 - age / 100)) if wealth > 20_000 else 0.1,
        monthly_income=1_600 + min(3_000.0, 0.3 * flow) + wealth * 0.003,
        monthly_spending=600 + min(2_500.0, spending),
        loan_payment=(450.0 if view.get("housing") == "yes" else 0.0) + (150.0 if view.get("loan") == "yes" else 0.0),
        rate=float(view.get("euribor3m") or RATE_MEAN),
    )


def chunks_of(paths: int) -> int:
    """How many chunks a size means; at least two, since the error is told from their spread."""
    return max(2, math.ceil(paths / CHUNK))


def run(
    portfolio: Portfolio,
    *,
    paths: int,
    seed: int,
    scenarios: tuple[Scenario, ...] = SCENARIOS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Per scenario the mean and 5 % quantile of final wealth and the probability of running dry, each with its SE."""
    total = chunks_of(paths)
    size = max(50, paths // total)
    found = np.empty((total, len(scenarios), 3))
    for number in range(total):
        found[number] = _chunk(portfolio, scenarios, size, np.random.default_rng([seed, number]))
        progress(number + 1, total)
    means, errors = found.mean(axis=0), found.std(axis=0, ddof=1) / math.sqrt(total)
    against = found - found[:, :1, :]
    shifts, shift_errors = against.mean(axis=0), against.std(axis=0, ddof=1) / math.sqrt(total)
    return {
        "schema": "techflow/analysis/v1",
        "paths": total * size,
        "months": MONTHS,
        "seed": seed,
        "scenarios": [
            {
                "name": scenario.name,
                **_measure("wealth", means[i, 0], errors[i, 0], shifts[i, 0], shift_errors[i, 0]),
                **_measure("bad case", means[i, 1], errors[i, 1], shifts[i, 1], shift_errors[i, 1]),
                **_measure("runs dry", means[i, 2], errors[i, 2], shifts[i, 2], shift_errors[i, 2]),
            }
            for i, scenario in enumerate(scenarios)
        ],
    }


def _measure(name: str, value: float, error: float, shift: float, shift_error: float) -> dict[str, dict[str, float]]:
    digits = 6 if name == "runs dry" else 2
    figures = {"value": value, "se": error, "change": shift, "change se": shift_error}
    return {name: {key: round(float(figure), digits) for key, figure in figures.items()}}


def _column(values: list[float]) -> Matrix:
    """One row per scenario, to be spread over the paths."""
    return np.array(values, dtype=float)[:, None]


def _chunk(portfolio: Portfolio, scenarios: tuple[Scenario, ...], size: int, rng: np.random.Generator) -> Matrix:
    """Mean final wealth, its 5 % quantile, and the share of paths that ran dry, per scenario."""
    count = len(scenarios)
    wealth = np.full((count, size), portfolio.wealth, dtype=float)
    share = _column([min(0.95, portfolio.equity_share + s.equity) for s in scenarios])
    wealth *= 1 - share * _column([s.crash for s in scenarios])
    income = _column([portfolio.monthly_income * s.income for s in scenarios])
    spending = _column([portfolio.monthly_spending * s.spending + portfolio.loan_payment for s in scenarios])
    added = _column([s.rate for s in scenarios])
    rate = np.full(size, portfolio.rate, dtype=float)
    dry = np.zeros((count, size), dtype=bool)
    pay = np.ones(size)
    scale = EQUITY_NOISE / math.sqrt(5 / 3)  # t with 5 degrees of freedom has variance 5/3
    for _ in range(MONTHS):
        rate += RATE_PULL * (RATE_MEAN - rate) + RATE_NOISE * rng.standard_normal(size)
        equity = EQUITY_DRIFT + scale * rng.standard_t(5, size)
        shocked = rng.random(size) < SHOCK_RATE
        pay += 0.03 * (1 - pay)
        pay[shocked] *= 1 - SHOCK_SIZE
        growth = share * equity + (1 - share) * ((rate + added) / 1200)
        wealth += wealth * growth
        wealth += income * pay - spending
        dry |= wealth < 0
        np.maximum(wealth, 0, out=wealth)
    low = np.partition(wealth, size // 20, axis=1)[:, size // 20]
    return np.stack([wealth.mean(axis=1), low, dry.mean(axis=1)], axis=1)


def contact_counterfactuals(model: Model, features: Row) -> list[dict[str, Any]]:
    """What channel and weekday would do to the score: the client's answer if only that were different."""
    changes = [
        {"contact": contact, "day_of_week": day} for contact in LEVELS["contact"] for day in LEVELS["day_of_week"]
    ]
    scores = model.probabilities(matrix([{**features, **change} for change in changes]))
    ranked = sorted(zip(scores, changes, strict=True), key=lambda pair: -pair[0])
    return [{**change, "probability": round(float(score), 6)} for score, change in ranked[:3]]
