"""What became of tests, whatever wrote it down: outcomes are counted the same way for every test report.

A test is passed only when it ran once and nothing went wrong, teardown included. Skipped and expected failures are
neither passed nor failed; a pass on retry is flaky. Tests name what they show by tags in their names or by properties.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from zlib import crc32

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Rate, Share
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable

INDICATORS: Mapping[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator(
            name="test.passed",
            kind=Kind.RATIO,
            census=True,
            linked=True,
            help="share of the executed tests that passed at the first try; a requirement's criterion counts the tests "
            "that name it",
        ),
        Indicator(name="test.failed", kind=Kind.COUNT, census=True, help="tests that failed, errors included"),
        Indicator(name="test.flaky", kind=Kind.COUNT, census=True, help="tests that passed only when tried again"),
        Indicator(
            name="test.skipped", kind=Kind.COUNT, census=True, help="tests that were skipped or expected to fail"
        ),
    )
}

MOST_LINKS = 10_000  # addresses in one file; more are a mistake in the names


class Outcome(IntEnum):
    """What became of one case; the largest of what its elements say stands."""

    PASSED = 0
    SKIPPED = 1
    FLAKY = 2
    FAILED = 3


@dataclass(slots=True)
class Tally:
    """The outcomes of some tests, and a digest of which tests they were."""

    passed: int = 0
    failed: int = 0
    flaky: int = 0
    skipped: int = 0
    tests: int = 0  # elements, without earlier tries
    bad: list[str] = field(default_factory=list)  # names of the first that failed or were flaky
    _sum: int = 0  # of the tests' checksums: the same tests in another order give the same sum
    _failing: dict[tuple[str, str, str], int] = field(default_factory=dict)  # failed tries not followed by a pass
    _failing_names: set[str] = field(default_factory=set)

    @property
    def share(self) -> Share:
        """Passed of executed; a skipped test was not executed."""
        return Share(self.passed + self.failed + self.flaky, self.passed)

    @property
    def population(self) -> dict[str, str]:
        """The digest of the identities, whatever their order in the file."""
        return {"tests": hashlib.sha256(f"{self.tests} {self._sum}".encode()).hexdigest()[:16]}

    def count(self, cases: "Group", chosen: Sequence[int] | None = None) -> None:
        """Add cases of one suite in the order of the file (or only the chosen ones).

        A pass after failures of the same test is one flaky test.
        """
        classes, names, outcomes = cases.classes, cases.names, cases.outcomes
        if chosen is not None:
            classes, names = [classes[i] for i in chosen], [names[i] for i in chosen]
            outcomes = {new: outcomes[old] for new, old in enumerate(chosen) if old in outcomes}
        self.tests += len(names)
        self._sum += sum(map(crc32, map(str.encode, names), map(cases.seeds.__getitem__, classes)))
        special: Collection[int] = outcomes
        failing = {names[i] for i, outcome in outcomes.items() if outcome is Outcome.FAILED}
        if failing or self._failing_names:
            self._failing_names |= failing
            # A name that stands more often than it failed may be a retry; with few failures this is seldom looked into.
            if sum(map(self._failing_names.__contains__, names)) > len(failing):
                special = [i for i, name in enumerate(names) if i in outcomes or name in self._failing_names]
        self.passed += len(names) - len(special)
        for i in special:
            self._count(cases.path, classes[i], names[i], outcomes.get(i, Outcome.PASSED))

    def _count(self, path: str, name_of_class: str, name: str, outcome: Outcome) -> None:
        identity = (path, name_of_class, name)
        if outcome == Outcome.PASSED:
            tries = self._failing.pop(identity, 0)
            if tries:
                self.failed -= tries
                self.flaky += 1
            else:
                self.passed += 1
        elif outcome == Outcome.SKIPPED:
            self.skipped += 1
        else:
            if outcome == Outcome.FAILED:
                self.failed += 1
                self._failing[identity] = self._failing.get(identity, 0) + 1
            else:
                self.flaky += 1
            if len(self.bad) < intake.MOST_NOTES:
                self.bad.append("::".join(part for part in (name_of_class, name) if part) or "(no name)")

    def notes(self) -> tuple[str, ...]:
        """What a person must know beside the share."""
        notes = []
        if self.failed + self.flaky:
            notes.append(f"not passed: {intake.listed(self.bad, max(len(self.bad), self.failed + self.flaky))}")
        if self.flaky:
            notes.append(f"{self.flaky} passed only when tried again: flaky, not passed")
        if not self.share.n:
            notes.append(f"none of {self.tests} tests was executed")
        return tuple(notes)

    def summary(self) -> str:
        """One line: `128 tests, 127 passed, 1 failed`."""
        parts = [f"{self.share.n + self.skipped} tests", f"{self.passed} passed"]
        for number, word in ((self.failed, "failed"), (self.flaky, "flaky"), (self.skipped, "skipped")):
            parts += [f"{number} {word}"] if number else []
        return ", ".join(parts)


@dataclass(slots=True)
class Group:
    """Cases of one suite that are counted together; `outcomes` holds those that did not simply pass, by index."""

    path: str
    classes: list[str]
    names: list[str]
    outcomes: dict[int, Outcome]
    seeds: dict[str, int] = field(init=False)  # class → what the checksums of its tests begin with

    def __post_init__(self) -> None:
        suite = crc32(f"{self.path}\0".encode())
        self.seeds = {name: crc32(f"{name}\0".encode(), suite) for name in dict.fromkeys(self.classes)}

    def identities(self) -> Iterator[bytes]:
        """Who each case is: suite, class and name, in eight bytes."""
        for name_of_class, name in zip(self.classes, self.names, strict=True):
            text = f"{self.path}\0{name_of_class}\0{name}"
            yield hashlib.blake2b(text.encode(), digest_size=8).digest()


def add_tags(links: dict[int, list[str]], names: Sequence[str]) -> None:
    """Link the cases whose names carry tags. Few names hold a hyphen, and every address does."""
    likely = [i for i, name in enumerate(names) if "-" in name]
    # XML holds no NUL, so it separates; JSON may hold one, and no address does.
    together = "\0".join([names[i].replace("\0", " ") for i in likely])
    for at, address in intake.tags_in(together):
        links.setdefault(likely[together.count("\0", 0, at)], []).append(address)


def of_tags(tags: Iterable[str], properties: Sequence[str]) -> tuple[str, ...]:
    """The addresses among tags: `REQ-1`, `@REQ-1.c1`, and `requirement:REQ-1` with the name of a link property."""
    found = []
    for tag in tags:
        text = tag.strip().removeprefix("@")
        key, separator, value = text.replace("=", ":", 1).partition(":")
        if separator and key in properties:
            found += intake.addresses(value)
        elif _ADDRESS.fullmatch(text):
            found.append(text)
    return tuple(dict.fromkeys(found))


_ADDRESS = re.compile(intake.ADDRESS)


def evidence(file: Intake, total: Tally, linked: Mapping[str, Tally], **known: object) -> tuple[list[Evidence], str]:
    """One evidence for all tests and one for those that name an address, and one line for a person."""
    found = [
        file.evidence("test.passed", total.share, population=total.population, notes=total.notes(), **known),
        file.evidence("test.failed", Rate(total.failed), population=total.population, notes=total.notes(), **known),
        file.evidence("test.flaky", Rate(total.flaky), population=total.population, notes=total.notes(), **known),
        file.evidence("test.skipped", Rate(total.skipped), population=total.population, **known),
    ]
    if not total.share.n:  # no test failed because none ran: that is no count of failures
        why = total.notes()[-1]
        ran = ("test.failed", "test.flaky")
        found = [replace(e, statistic=None, unreadable=why, id="") if e.indicator in ran else e for e in found]
    for address, tally in sorted(linked.items()):
        shown = file.evidence(
            "test.passed", tally.share, population=tally.population, links=(address,), notes=tally.notes(), **known
        )
        found.append(shown)
    return found, total.summary()


class Counter:
    """Counts cases one by one, for reports that hold few enough."""

    def __init__(self, file: Intake) -> None:
        self._file = file
        self.total = Tally()
        self.linked: dict[str, Tally] = {}
        self._path = ""
        self._classes: list[str] = []
        self._names: list[str] = []
        self._outcomes: dict[int, Outcome] = {}
        self._links: dict[int, list[str]] = {}

    def add(
        self, outcome: Outcome, *, name: str, path: str = "", name_of_class: str = "", links: Sequence[str] = ()
    ) -> None:
        """Count one case of the suite at `path`; `links` beside the tags in its names."""
        if path != self._path or len(self._names) >= _TOGETHER:
            self._count()
            self._path = path
        if outcome:
            self._outcomes[len(self._names)] = outcome
        if links:
            self._links[len(self._names)] = list(links)
        self._classes.append(name_of_class.replace("\0", " "))  # a NUL separates names where tags are looked for
        self._names.append(name.replace("\0", " "))

    def fail_outside(self, where: str) -> None:
        """A failure beside the cases: a build, a set-up or a teardown that broke. It is not passed over."""
        self.add(Outcome.FAILED, name="(outside any test case)", path=where, name_of_class=intake.shorten(where, 80))

    def held(self) -> int:
        """How many cases were counted so far."""
        return self.total.tests + len(self._names)

    def any_failed(self) -> bool:
        """Whether any case so far has failed."""
        return self.total.failed > 0 or Outcome.FAILED in self._outcomes.values()

    def expect(self, announced: str, what: str = "the file") -> None:
        """Raise Unreadable when a count that the file announces is larger than what it holds."""
        if announced.isdecimal() and (len(announced) > 10 or int(announced) > self.held()):
            raise Unreadable(
                f"announces more tests than it holds ({what} says {announced[:20]}, holds {self.held()}): "
                "is it a part, or cut off?"
            )

    def evidence(self, **known: object) -> tuple[list[Evidence], str]:
        """What was counted; Unreadable when there was no case."""
        self._count()
        if not self.total.tests:
            raise Unreadable("holds no test case")
        if self.total.skipped:
            told = "skipped, pending or expected to fail, counted neither as passed nor as failed"
            self._file.notes.append(f"{self.total.skipped} {told}")
        if len(self.linked) >= MOST_LINKS:
            self._file.notes.append(f"only the first {MOST_LINKS} requirement addresses are followed")
        return evidence(self._file, self.total, self.linked, **known)

    def _count(self) -> None:
        if not self._names:
            return
        group = Group(self._path, self._classes, self._names, self._outcomes)
        links = self._links
        self._classes, self._names, self._outcomes, self._links = [], [], {}, {}
        add_tags(links, group.names)
        add_tags(links, group.classes)
        self.total.count(group)
        for index, found in sorted(links.items()):
            for address in dict.fromkeys(found):
                if address in self.linked or len(self.linked) < MOST_LINKS:
                    self.linked.setdefault(address, Tally()).count(group, [index])


_TOGETHER = 10_000  # cases that wait to be counted, at most
