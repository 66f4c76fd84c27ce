"""What an extract of a source is like, what that will cost, and what has changed since the last look at it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DRIVERS = ("nulls", "duplicates", "late", "conflicts")  # each is an indicator `SOURCE.DRIVER`, a share of bad ones
# What one per cent of each costs beside the others; a stated convention, to be changed in the assessment (`weights`).
WEIGHTS: Mapping[str, float] = {
    "nulls": 1.0, "duplicates": 2.0, "late": 1.0, "conflicts": 3.0, "strangers": 0.5, "encoding": 10.0, "changes": 5.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the type that most of its values have, and how many have none or another one."""

    name: str
    type: str  # BIGINT, DOUBLE, TIMESTAMP, BOOLEAN or VARCHAR
    nulls: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One extract, counted."""

    source: str
    rows: int
    columns: tuple[Column, ...]
    encoding: str  # utf-8, or what it was read as
    duplicates: int | None = None  # rows whose key another row has too; None: no key was named
    late: int | None = None  # rows older than an earlier row by more than was allowed; None: no time was named
    overlap: Mapping[str, float] = field(default_factory=dict)  # other source → share of this one's keys found there

    def counted(self, driver: str) -> tuple[int, int] | None:
        """Bad ones and all of them; None where it was not asked for."""
        cells = self.rows * len(self.columns)
        match driver:
            case "nulls":
                return sum(c.nulls for c in self.columns), cells
            case "conflicts":
                return sum(c.conflicts for c in self.columns), cells
            case "duplicates":
                return None if self.duplicates is None else (self.duplicates, self.rows)
            case _:
                return None if self.late is None else (self.late, self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What one source costs, and the parts of that, the largest first."""

    source: str
    points: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complexity:
    """Every source with its rank, the costliest first, and what changed in their columns."""

    profiles: Mapping[str, Profile]
    ranks: tuple[Rank, ...]
    changes: tuple[str, ...]


def complexity(
    profiles: Iterable[Profile], last: Iterable[Profile], weights: Mapping[str, float] | None = None
) -> Complexity:
    """Rank sources by their measured cost drivers; `last` are the profiles of the time before."""
    now, before = {p.source: p for p in profiles}, {p.source: p for p in last}
    changed = {name: list(changes(before[name], profile)) for name, profile in now.items() if name in before}
    scale = {**WEIGHTS, **(weights or {})}
    ranks = []
    for name, profile in now.items():
        parts = {}
        for driver in DRIVERS:
            counted = profile.counted(driver)
            if counted is not None and counted[1]:
                parts[driver] = 100 * counted[0] / counted[1] * scale[driver]
        if profile.overlap:
            parts["strangers"] = 100 * (1 - max(profile.overlap.values())) * scale["strangers"]
        if profile.encoding != "utf-8":
            parts["encoding"] = scale["encoding"]
        if changed.get(name):
            parts["changes"] = len(changed[name]) * scale["changes"]
        parts = dict(sorted(((k, v) for k, v in parts.items() if v), key=lambda part: -part[1]))
        ranks.append(Rank(source=name, points=sum(parts.values()), parts=parts))
    ranks.sort(key=lambda rank: (-rank.points, rank.source))
    told = tuple(f"{name}: {change}" for name, found in changed.items() for change in found)
    gone = tuple(f"{name}: is gone" for name in before if name not in now)
    return Complexity(profiles=now, ranks=tuple(ranks), changes=told + gone)


def changes(before: Profile, now: Profile) -> Iterable[str]:
    """Columns that came, went or changed their type."""
    old, new = {c.name: c.type for c in before.columns}, {c.name: c.type for c in now.columns}
    yield from (f"column {name} is new ({new[name]})" for name in new if name not in old)
    yield from (f"column {name} is gone" for name in old if name not in new)
    yield from (f"column {n} was {old[n]}, is {new[n]}" for n in new if n in old and old[n] != new[n])
