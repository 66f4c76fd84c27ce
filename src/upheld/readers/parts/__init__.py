"""What a product is made of, and what is said about the weaknesses of its parts (SBOM and VEX)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Rate
from upheld.readers import intake
from upheld.readers.intake import Intake

INDICATORS: Mapping[str, Indicator] = {
    name: Indicator(name=name, kind=kind, census=True, help=meaning)
    for name, kind, meaning in (
        ("sbom.components", Kind.COUNT, "parts that the bill of materials lists, parts of parts included"),
        (
            "sbom.identified",
            Kind.RATIO,
            "share of the parts with a package URL, a CPE or SWID",
        ),
        ("sbom.licensed", Kind.RATIO, "share of the parts that name a licence"),
        (
            "vex.affected",
            Kind.COUNT,
            "vulnerabilities that affect the product or lack an analysis; not known while one is under investigation",
        ),
        ("vex.under-investigation", Kind.COUNT, "vulnerabilities of which nobody can say yet whether they matter"),
    )
}


class State(IntEnum):
    """What is said about one vulnerability; the largest of several statements stands."""

    SETTLED = 0  # fixed, not affected, a false alarm
    UNDER_INVESTIGATION = 1
    AFFECTED = 2


@dataclass(slots=True)
class Vulnerabilities:
    """What is said about each vulnerability, by its name."""

    states: dict[str, State] = field(default_factory=dict)

    def add(self, name: str, state: State) -> None:
        """One statement; several about one vulnerability count once, by the worst."""
        name = name or f"(no name, {len(self.states) + 1})"
        self.states[name] = max(self.states.get(name, State.SETTLED), state)

    def named(self, state: State) -> list[str]:
        """The vulnerabilities in this state."""
        return [name for name, found in self.states.items() if found is state]


def vex(file: Intake, found: Vulnerabilities, population: Mapping[str, str]) -> Iterable[Evidence]:
    """How many vulnerabilities matter; that number is not known while one of them is under investigation."""
    affected, open_ = found.named(State.AFFECTED), found.named(State.UNDER_INVESTIGATION)
    if open_:
        reason = f"{len(open_)} still under investigation ({intake.listed(open_)}), {len(affected)} affected so far"
        yield file.unread("vex.affected", reason, population=dict(population))
    else:
        notes = (f"affected: {intake.listed(affected)}",) if affected else ()
        yield file.evidence("vex.affected", Rate(len(affected)), population=dict(population), notes=notes)
    yield file.evidence("vex.under-investigation", Rate(len(open_)), population=dict(population))
