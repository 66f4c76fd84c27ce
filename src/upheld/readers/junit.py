"""JUnit XML: which tests passed, counted from the elements and never from the attributes that claim a count.

A test is passed only when it ran once and nothing went wrong, teardown included. Skipped and expected failures are
neither passed nor failed; a pass on retry is flaky. Requirement links come from properties and from tags in names.

Cases are counted as they stream past and not kept, so that memory does not grow with the file; and the parser's events
are only noted while it runs and understood one piece of the file at a time, which costs half of a handler per case.
"""

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import groupby, pairwise, repeat
from operator import itemgetter
from pathlib import Path
from xml.parsers import expat
from zlib import crc32

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Rate, Share
from upheld.ports import Reading, Request
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
_SUITES = ("testsuites", "testsuite")


class Outcome(IntEnum):
    """What became of one case; the largest of what its elements say stands."""

    PASSED = 0
    SKIPPED = 1
    FLAKY = 2
    FAILED = 3


_ELEMENTS = {
    "failure": Outcome.FAILED,
    "error": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
    # Surefire: a case that passed at last holds flaky…, one that never did holds a failure beside its rerun….
    "flakyFailure": Outcome.FLAKY,
    "flakyError": Outcome.FLAKY,
    "rerunFailure": Outcome.FLAKY,
    "rerunError": Outcome.FLAKY,
}
# GoogleTest and others say in an attribute that a case did not run, or failed: it must not count as passed.
_ATTRIBUTES = {
    "notrun": Outcome.SKIPPED, "suppressed": Outcome.SKIPPED, "disabled": Outcome.SKIPPED, "skipped": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED, "failed": Outcome.FAILED, "failure": Outcome.FAILED, "fail": Outcome.FAILED,
    "error": Outcome.FAILED, "broken": Outcome.FAILED,
}  # fmt: skip
_TELLING = {"status", "result"}


class JUnit:
    """JUnit XML as pytest, Surefire, Gradle, Jest, PHPUnit, GoogleTest and many others write it."""

    name = "junit"
    title = "JUnit XML test report"
    indicators = INDICATORS
    files: tuple[str, ...] = ("*junit*.xml", "TEST-*.xml", "*test-results*.xml", "*xunit*.xml", "surefire*.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element."""
        root = intake.root_element(head)
        return f"the root element is <{root}>" if root in _SUITES else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the cases of one file; one evidence for all tests and one for those that name an address."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    cases = _read(file, _Hints())
    # Two things are understood only at the end of the file; then it is read again with what is now known.
    if cases.late or cases.rerun:
        hints = _Hints(links=cases.late)
        if cases.rerun:
            hints.repeats.update(_repeats(file, hints))
        cases = _read(file, hints)
    total = cases.total
    if not total.tests:
        raise Unreadable("holds no test case")
    _take_notes(file, cases)
    window = cases.window()
    found = [
        file.evidence("test.passed", total.share, population=total.population, notes=total.notes(), **window),
        file.evidence("test.failed", Rate(total.failed), population=total.population, notes=total.notes(), **window),
        file.evidence("test.flaky", Rate(total.flaky), population=total.population, notes=total.notes(), **window),
        file.evidence("test.skipped", Rate(total.skipped), population=total.population, **window),
    ]
    for address, tally in sorted(cases.linked.items()):
        linked = file.evidence(
            "test.passed", tally.share, population=tally.population, links=(address,), notes=tally.notes(), **window
        )
        found.append(linked)
    return found, total.summary()


@dataclass(slots=True)
class _Hints:
    """What an earlier reading of the file has shown."""

    links: Mapping[int, Sequence[str]] = field(default_factory=dict)  # suite → addresses that stand after its cases
    repeats: dict[bytes, int] = field(default_factory=dict)  # test → how many elements it has
    collect: "array[int] | None" = None  # gather the identities of all tests, to find the repeated ones


def _read(file: Intake, hints: _Hints) -> "_Cases":
    file.rewind()
    cases = _Cases(file.request.link_properties, hints)
    parser = intake.xml_parser()
    cases.listen(parser)
    intake.parse_xml(file, parser, cases.after_chunk)
    return cases


def _repeats(file: Intake, hints: _Hints) -> dict[bytes, int]:
    """The tests that have several elements, and how many."""
    found: array[int] = array("Q")
    _read(file, replace(hints, collect=found))
    ordered = sorted(found)
    twice = {one for one, other in pairwise(ordered) if one == other}
    return {one.to_bytes(8, "big"): bisect_right(ordered, one) - bisect_left(ordered, one) for one in twice}


def _identity(path: str, name_of_class: str, name: str) -> bytes:
    return hashlib.blake2b(f"{path}\0{name_of_class}\0{name}".encode(), digest_size=8).digest()


def _take_notes(file: Intake, cases: "_Cases") -> None:
    file.producer.update({"tool": cases.tool} if cases.tool else {})
    file.note("the counts of suites disagree with their cases, which are counted", cases.disagreeing)
    if cases.total.skipped:
        file.notes.append(f"{cases.total.skipped} skipped or expected to fail, counted neither as passed nor as failed")
    if cases.timeless:
        file.notes.append("the timestamps name no time zone and are left out")
    if cases.outside:
        file.notes.append(f"{cases.outside} failures stand outside any test case and count as failed tests")
    if len(cases.linked) >= MOST_LINKS:
        file.notes.append(f"only the first {MOST_LINKS} requirement addresses are followed")


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Tally:
    """The outcomes of some tests, and a digest of which tests they were."""

    passed: int = 0
    failed: int = 0
    flaky: int = 0
    skipped: int = 0
    tests: int = 0  # elements, without earlier tries
    bad: list[str] = field(default_factory=list)  # names of the first that failed or were flaky
    _identities: int = 0  # a sum, so that the same tests in another order give the same digest
    _failing: dict[tuple[str, str, str], int] = field(default_factory=dict)  # failed tries not followed by a pass
    _failing_names: set[str] = field(default_factory=set)

    @property
    def share(self) -> Share:
        """Passed of executed; a skipped test was not executed."""
        return Share(self.passed + self.failed + self.flaky, self.passed)

    @property
    def population(self) -> dict[str, str]:
        """The digest of the identities, whatever their order in the file."""
        total = (self._identities % (1 << 64)).to_bytes(8, "big") + self.tests.to_bytes(8, "big")
        return {"tests": hashlib.sha256(total).hexdigest()[:16]}

    def count(self, path: str, classes: Sequence[str], names: Sequence[str], outcomes: Mapping[int, Outcome]) -> None:
        """Add cases of one suite in the order of the file; `outcomes` holds those that did not simply pass, by index.

        A pass after failures of the same test is one flaky test.
        """
        self.tests += len(names)
        start = 0
        for name_of_class, run in groupby(classes):
            end = start + len(list(run))
            self._identify(path, name_of_class, names[start:end])
            start = end
        self._failing_names.update(names[i] for i, outcome in outcomes.items() if outcome is Outcome.FAILED)
        special: Collection[int] = outcomes
        if not self._failing_names.isdisjoint(names):  # some may be a retry
            special = [i for i, name in enumerate(names) if i in outcomes or name in self._failing_names]
        self.passed += len(names) - len(special)
        for i in special:
            self._count(path, classes[i], names[i], outcomes.get(i, Outcome.PASSED))

    def _identify(self, path: str, name_of_class: str, names: Sequence[str]) -> None:
        """Add tests of one class to the digest: the class is hashed once, a test costs one checksum."""
        key = hashlib.blake2b(f"{path}\0{name_of_class}".encode(), digest_size=16).digest()
        offset, factor = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big") | 1
        checksums = sum(map(crc32, map(str.encode, names), repeat(offset & 0xFFFFFFFF)))
        self._identities += len(names) * offset + checksums * factor

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
class Suite:
    """One open <testsuite>: where it stands, what its cases show, and how many it claims to hold."""

    name: str
    path: str
    index: int
    claimed: str
    links: tuple[str, ...]
    before: int  # cases counted before it began
    direct: int = 0


# ── From events to cases ─────────────────────────────────────────────────────────────────────────────────────────────

# What the parser leaves behind: the attributes of a <testcase>; the name of an element that ends; name and attributes of
# any other element that begins; a piece of text, where one is wanted.
Event = list[str] | str | tuple[str, list[str]] | bytes


class _Cases:
    """Listens to the parser, and understands what it heard once per piece of the file."""

    def __init__(self, properties: Sequence[str], hints: _Hints) -> None:
        self.total = Tally()
        self.linked: dict[str, Tally] = {}
        self.late: dict[int, list[str]] = {}  # suite → addresses that stand after some of its cases
        self.disagreeing: list[str] = []
        self.tool = ""
        self.timeless = False
        self.outside = 0
        self.rerun = False  # pytest counts fewer tests than there are elements: some ran again
        self._properties = frozenset(properties)
        self._hints = hints
        self._events: list[Event] = []
        self._special: list[int] = []  # where in _events something else than a test case begins
        self._elements = self._depth = 0
        self._held = 0  # cases so far
        self._suites: list[Suite] = []
        self._suites_seen = 0
        self._case: list[str] | None = None
        self._outcome = Outcome.PASSED
        self._cases: list[list[str]] = []
        self._outcomes: dict[int, Outcome] = {}  # index in _cases → outcome of those that did not simply pass
        self._links: dict[int, list[str]] = {}  # index in _cases → addresses
        self._property: list[bytes] | None = None  # a link property whose value is its text
        self._first: datetime | None = None
        self._last: datetime | None = None

    def listen(self, parser: expat.XMLParserType) -> None:
        """Let the parser call us; attributes come as a list, which costs half of a dict."""
        events, special = self._events, self._special
        note = events.append
        wanted = self._properties

        def root(name: str, attributes: list[str]) -> None:
            if intake.local(name) not in _SUITES:
                if name.lower() == "html":
                    raise Unreadable("is HTML, not JUnit: is it an error page?")
                raise Unreadable(f"has the root <{intake.shorten(name, 40)}>, JUnit has <testsuites> or <testsuite>")
            parser.StartElementHandler = start
            special.append(len(events))
            note((name, attributes))

        def start(name: str, attributes: list[str]) -> None:
            if name == "testcase":
                note(attributes)
                return
            special.append(len(events))
            note((name, attributes))
            if name[-8:] == "property" and wanted.intersection(attributes) and "value" not in attributes[::2]:
                parser.CharacterDataHandler = text

        def text(piece: str) -> None:
            special.append(len(events))
            note(piece.encode())

        parser.ordered_attributes = True
        parser.StartElementHandler = root
        parser.EndElementHandler = note
        self._parser = parser

    def after_chunk(self) -> None:
        """Understand one piece of the file, and see that the document stays within bounds."""
        events, position = self._events, 0
        for stop in (*self._special, len(events)):
            while position < stop and type(events[position]) is str:
                self._one(events[position])
                position += 1
            # Until the next element that is no test case stand whole cases, mostly: take them as columns.
            cases, ends = events[position:stop:2], events[position + 1 : stop : 2]
            if self._case is None and ends.count("testcase") == len(ends) and set(map(type, cases)) <= {list}:
                if len(cases) > len(ends):  # the last is still open
                    self._case, self._outcome = cases.pop(), Outcome.PASSED  # type: ignore[assignment]
                self._cases.extend(cases)  # type: ignore[arg-type]
            else:
                for event in events[position:stop]:
                    self._one(event)
            if stop < len(events):
                self._one(events[stop])
            position = stop + 1
        self._count()
        self._check_bounds()
        self._events.clear()
        self._special.clear()

    def _one(self, event: Event) -> None:
        match event:
            case str():
                self._end(event)
            case list():
                self._begin("testcase", event)
            case bytes():
                if self._property is not None:
                    self._property.append(event)
            case _:
                self._begin(*event)

    def _check_bounds(self) -> None:
        kinds = list(map(type, self._events))
        begun = kinds.count(list) + kinds.count(tuple)
        self._elements += begun
        self._depth += begun - kinds.count(str)
        if self._elements > intake.MOST_ELEMENTS:
            raise Unreadable(f"holds more than {intake.MOST_ELEMENTS} elements")
        if self._depth > intake.MOST_DEPTH:
            raise Unreadable(f"is nested deeper than {intake.MOST_DEPTH} levels")
        if self._property is None:
            self._parser.CharacterDataHandler = None

    def _begin(self, qualified: str, attributes: list[str]) -> None:
        name = intake.local(qualified)
        if name == "testcase":
            if self._case is not None:
                raise Unreadable("holds a test case inside a test case")
            self._case, self._outcome = attributes, Outcome.PASSED
        elif name in _SUITES:
            self._open_suite(name, _dict(attributes))
        elif name in _ELEMENTS:
            self._outcome = max(self._outcome, _ELEMENTS[name])
            if self._case is None and _ELEMENTS[name] is Outcome.FAILED:
                self._fail_outside()
        elif name == "property":
            self._see_property(_dict(attributes))

    def _end(self, qualified: str) -> None:
        name = intake.local(qualified)
        if name == "testcase":
            if self._outcome:
                self._outcomes[len(self._cases)] = self._outcome
            self._cases.append(self._case)  # type: ignore[arg-type]  # XML: what ends has begun
            self._case = None
        elif name == "property" and self._property is not None:
            text, self._property = b"".join(self._property).decode(), None
            self._link(text)
        elif name in _SUITES:
            self._close_suite()

    # Suites

    def _open_suite(self, element: str, attributes: Mapping[str, str]) -> None:
        self._count()
        outer = self._suites[-1] if self._suites else None
        name = attributes.get("name", "")
        self._suites_seen += 1
        if element == "testsuite" and name == "pytest":
            self.tool = "pytest"
        self._suites.append(
            Suite(
                name=name,
                path=f"{outer.path}\0{name}" if outer else name,
                index=self._suites_seen,
                claimed=attributes.get("tests", ""),
                links=(*(outer.links if outer else ()), *self._hints.links.get(self._suites_seen, ())),
                before=self._held,
            )
        )
        self._time(attributes)

    def _close_suite(self) -> None:
        self._count()
        suite = self._suites.pop()
        held = self._held - suite.before
        if suite.claimed.isdecimal() and suite.claimed.lstrip("0") not in (str(held or ""), str(suite.direct or "")):
            self.disagreeing.append(f'"{suite.name}" says {suite.claimed[:20]}, holds {held}')
            # pytest-rerunfailures leaves an element without a failure for a try that failed, and does not count it.
            self.rerun |= suite.name == "pytest" and len(suite.claimed) < 10 and int(suite.claimed) < held

    def _time(self, attributes: Mapping[str, str]) -> None:
        text = attributes.get("timestamp", "")
        try:
            start = datetime.fromisoformat(text)
            seconds = float(attributes.get("time", "0").replace(",", ""))
            end = start + timedelta(seconds=max(0.0, seconds))
        except (ValueError, OverflowError):
            return
        if start.tzinfo is None:
            self.timeless = True
            return
        self._first = start if self._first is None else min(self._first, start)
        self._last = end if self._last is None else max(self._last, end)

    def window(self) -> dict[str, datetime]:
        """When the tests ran, where the file says so with a time zone."""
        if self._first is None or self._last is None or self._last <= self._first:
            return {}
        return {"start": self._first, "end": self._last}

    def _fail_outside(self) -> None:
        """A failure beside the cases: a suite that broke in its set-up. It is not passed over."""
        self.outside += 1
        self._outcomes[len(self._cases)] = Outcome.FAILED
        self._cases.append(["name", "(outside any test case)"])

    # Links

    def _see_property(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("name") not in self._properties:
            return
        if "value" in attributes:
            self._link(attributes["value"])
        else:
            self._property = []

    def _link(self, value: str) -> None:
        """Link the open case, or all cases of the innermost suite."""
        named = intake.addresses(value)
        if self._case is not None:
            self._links.setdefault(len(self._cases), []).extend(named)
            return
        self._count()
        suite = self._suites[-1]
        new = [address for address in named if address not in suite.links]
        if new and self._held > suite.before:
            self.late.setdefault(suite.index, []).extend(new)
        suite.links = (*suite.links, *new)

    # Cases

    def _count(self) -> None:
        """Count the waiting cases, which all stand in the innermost suite."""
        if not self._cases:
            return
        cases, self._cases = self._cases, []
        outcomes, self._outcomes = self._outcomes, {}
        links, self._links = self._links, {}
        if self._case is not None and len(cases) in links:  # of the case that is still open
            self._links[0] = links.pop(len(cases))
        suite = self._suites[-1]
        suite.direct += len(cases)
        self._held += len(cases)
        classes, names = _named(cases, outcomes)
        if self._hints.collect is not None:
            for pair in zip(classes, names, strict=True):
                self._hints.collect.append(int.from_bytes(_identity(suite.path, *pair), "big"))
        _add_tags(links, names)
        if any(intake.tags_in("\0".join(dict.fromkeys(classes)))):
            _add_tags(links, classes)
        if suite.links:
            for index in range(len(cases)):
                links.setdefault(index, []).extend(suite.links)
        tried = self._tries(suite.path, classes, names, outcomes) if self._hints.repeats else frozenset()
        if tried:
            kept = [index for index in range(len(cases)) if index not in tried]
            classes, names = [classes[i] for i in kept], [names[i] for i in kept]
            outcomes = {new: outcomes[old] for new, old in enumerate(kept) if old in outcomes}
            links = {new: links[old] for new, old in enumerate(kept) if old in links}
        self.total.count(suite.path, classes, names, outcomes)
        for index, addresses in links.items():
            for address in dict.fromkeys(addresses):
                if address in self.linked or len(self.linked) < MOST_LINKS:
                    tally = self.linked.setdefault(address, Tally())
                    one = {0: outcomes[index]} if index in outcomes else {}
                    tally.count(suite.path, [classes[index]], [names[index]], one)

    def _tries(
        self, path: str, classes: Sequence[str], names: Sequence[str], outcomes: dict[int, Outcome]
    ) -> frozenset[int]:
        """The elements that are earlier tries of a test; its last element counts, and a pass there is flaky."""
        tried = set()
        for index, pair in enumerate(zip(classes, names, strict=True)):
            identity = _identity(path, *pair)
            left = self._hints.repeats.get(identity, 0)
            if not left:
                continue
            self._hints.repeats[identity] = left - 1
            if left > 1:
                tried.add(index)
            elif index not in outcomes:
                outcomes[index] = Outcome.FLAKY
        return frozenset(tried)


def _dict(attributes: Sequence[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _named(cases: Sequence[list[str]], outcomes: dict[int, Outcome]) -> tuple[list[str], list[str]]:
    """The classes and names of some cases; an attribute of a case may make its outcome worse, never better."""
    layout = cases[0][::2]
    plain = "classname" in layout and "name" in layout and not _TELLING & set(layout)
    uniform = plain and set(map(len, cases)) == {2 * len(layout)}
    # One tool writes one order of attributes. Where it did, take columns: that costs a tenth of a look at each case.
    if uniform and all(set(map(itemgetter(2 * i), cases)) == {word} for i, word in enumerate(layout)):
        at, also_at = 2 * layout.index("classname") + 1, 2 * layout.index("name") + 1
        return list(map(itemgetter(at), cases)), list(map(itemgetter(also_at), cases))
    known = [_dict(case) for case in cases]
    for index, attributes in enumerate(known):
        for key in _TELLING & attributes.keys():
            said = _ATTRIBUTES.get(attributes[key].lower(), Outcome.PASSED)
            if said > outcomes.get(index, Outcome.PASSED):
                outcomes[index] = said
    return [case.get("classname", "") for case in known], [case.get("name", "") for case in known]


def _add_tags(links: dict[int, list[str]], names: Sequence[str]) -> None:
    """Link the cases whose names carry tags; one look at all names together, since most carry none."""
    together = "\0".join(names)  # XML holds no NUL, so it separates
    if together == together.lower():  # an address has capitals
        return
    for at, address in intake.tags_in(together):
        links.setdefault(together.count("\0", 0, at), []).append(address)
