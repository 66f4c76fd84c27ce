"""Learn: hold decisions and risks against what was measured, and find what was learned about a promise."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.core.account import Account, Calibration, Learned, Watched, account, accounts, calibration, lessons, watched
from upheld.core.catalogue import Catalogue
from upheld.core.decision import Decision
from upheld.core.evidence import Evidence
from upheld.core.matrix import Gap
from upheld.core.standing import index
from upheld.core.tradeoff import Tradeoff, weigh

SEED = 20261122  # of the draws of weights; any other gives the same shares within 0.2 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """What became of everything that was decided and feared."""

    accounts: tuple[Account, ...]
    risks: tuple[Watched, ...]
    calibration: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything known about one decision."""

    account: Account
    tradeoff: Tradeoff | None
    gaps: tuple[Gap, ...]  # why there is no trade-off
    lessons: tuple[Learned, ...]


def learn(catalogue: Catalogue, evidence: Sequence[Evidence], *, at: datetime) -> Learning:
    """What became of all decisions and risks, on the evidence observed until `at`."""
    indexed = index(evidence)
    found = accounts(catalogue, indexed, at=at)
    return Learning(
        accounts=found, risks=watched(catalogue, indexed, at=at), calibration=calibration(found, at=at)
    )  # fmt: skip


def of_decision(catalogue: Catalogue, decision: Decision, evidence: Sequence[Evidence], *, at: datetime) -> Whole:
    """One decision: what it weighed, what it expected and assumed, what was learned from it."""
    chance = random.Random(SEED).random  # noqa: S311  # draws of weights, no secret
    tradeoff, gaps = weigh(catalogue, decision, evidence, chance)
    known = account(catalogue, decision, index(evidence), at=at)
    told = tuple(entry for entry in lessons(catalogue, decision.id, [known]) if entry.state is None)
    return Whole(account=known, tradeoff=tradeoff, gaps=gaps, lessons=told)


def about(catalogue: Catalogue, name: str, evidence: Sequence[Evidence], *, at: datetime) -> tuple[Learned, ...]:
    """What was learned about a criterion, a requirement or an indicator; the newest first."""
    return lessons(catalogue, name, accounts(catalogue, index(evidence), at=at))
