"""JUnit XML: which tests passed, counted from the elements and never from the attributes that claim a count.

A test is passed only when it ran once and nothing went wrong, teardown included. Skipped and expected failures are
neither passed nor failed; a pass on retry is flaky. Requirement links come from properties and from tags in names.

Cases are counted as they stream past and not kept, so that memory does not grow with the file. What usually stands in
such a file, closed cases without children, is taken as columns, a piece of the file at a time.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, MOST_LINKS, Group, Outcome, Tally, add_tags, evidence
from upheld.readers.intake import Intake, Unreadable

_SUITES = ("testsuites", "testsuite")


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
    help = (
        "Elements are counted, never the attributes that claim a count; a file that announces more tests than "
        "it holds shows nothing (pytest may count subtests that passed and that it does not write). Skipped "
        "and expected failures are neither passed nor failed, a pass on retry is flaky. Links: the properties "
        "`requirement`, `upheld.criterion` and `test_key`, and tags in names (`[REQ-LAT-001.c1]`)."
    )
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
    if cases.missing:
        raise Unreadable(
            f"announces more tests than it holds ({intake.listed(cases.missing)}): is it a part, or cut off?"
        )
    _take_notes(file, cases)
    return evidence(file, cases.total, cases.linked, **cases.window())


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


@dataclass(slots=True)
class Suite:
    """One open <testsuite>: where it stands, what its cases show, and how many it claims to hold."""

    name: str
    path: str
    index: int
    claimed: str
    broken: tuple[str, str]  # how many failures and errors it claims
    links: tuple[str, ...]
    before: int  # cases counted before it began
    told: int  # failures and errors before it began
    direct: int = 0


# ── From tags to cases ───────────────────────────────────────────────────────────────────────────────────────────────

# The parser checks that the document is well formed and hands over its tags and texts as they are written. What the tags
# hold is taken from there with patterns, a piece of the file at a time, so that no code in Python runs per case: two
# handlers would take as long as everything here.
_CDATA = "\0"  # stands where CDATA begins and ends; XML holds no NUL
_ANY_TAG = r"""(<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>[^<]*)"""
_NO_CASE = re.compile(rf"()()(){_ANY_TAG}")
# A case without children, or whose only child is an outcome with nothing but text in it.
_REST_OF_CASE = r"""(?:/>|>\s*<(failure|error|skipped)(?:\s+[\w.-]+="[^"]*")*\s*(?:/>|>[^<]*</\3>)\s*</testcase>)"""
_TAG = re.compile(r"""<([^\s/>]+)([^"'>/]*(?:(?:"[^"]*"|'[^']*'|/(?!>))[^"'>/]*)*)(/?)>([^<]*)""")
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WHITE = re.compile(r"\r\n|[\t\r\n]")
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));")
_NAMED_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a tag by name, as they are written."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(written)}


def _meant(written: str) -> str:
    """What a written value means; the parser has seen that every entity is a character or one of XML's own five."""
    if "&" not in written:
        return _WHITE.sub(" ", written)
    return _ENTITY.sub(
        lambda m: _NAMED_ENTITIES[m[3]] if m[3] else chr(int(m[1], 16) if m[1] else int(m[2])), _WHITE.sub(" ", written)
    )


def _all_meant(written: list[str]) -> list[str]:
    """The same for many values, of which mostly none holds anything but itself."""
    together = "\0".join(written)
    return [_meant(value) for value in written] if any(c in together for c in "&\t\r\n") else written


def _layout(written: str) -> tuple[str, ...]:
    """The names of a case's attributes in their order, where cases like it can be found by one pattern; else empty."""
    found = _ATTRIBUTE.findall(written)
    names = tuple(name for name, _, _ in found)
    plain = {"classname", "name"} <= set(names) and not _TELLING & set(names) and "'" not in written
    return names if plain and all(re.fullmatch(r"[\w.-]+", name) for name in names) else ()


@cache
def _usual(layout: tuple[str, ...]) -> re.Pattern[str]:
    """Finds whole cases with these attributes (class and name in their order, outcome), and any other tag."""
    caught, passed = '"([^"]*)"', '"[^"]*"'
    attributes = "".join(
        rf"\s+{re.escape(name)}={caught if name in ('classname', 'name') else passed}" for name in layout
    )
    return re.compile(rf"<testcase{attributes}\s*{_REST_OF_CASE}|{_ANY_TAG}")


class _Cases:
    """Takes what the parser hands over, and counts the cases in it."""

    def __init__(self, properties: Sequence[str], hints: _Hints) -> None:
        self.total = Tally()
        self.linked: dict[str, Tally] = {}
        self.late: dict[int, list[str]] = {}  # suite → addresses that stand after some of its cases
        self.disagreeing: list[str] = []
        self.missing: list[str] = []  # suites that claim more tests than they hold
        self.tool = ""
        self.timeless = False
        self.outside = 0
        self.rerun = False  # pytest counts fewer tests than there are elements: some ran again
        self._properties = frozenset(properties)
        self._hints = hints
        self._written: list[str] = []  # tags and texts since the last piece
        self._literal: bool | None = None  # inside CDATA, None where this piece has none
        self._pattern = _NO_CASE
        self._swapped = False  # the pattern finds the name before the class
        self._layout: tuple[str, ...] = ()  # the attributes of the last case that was taken apart
        self._elements = self._depth = 0
        self._held = 0  # cases so far
        self._told = 0  # failures and errors so far
        self._suites: list[Suite] = []
        self._suites_seen = 0
        self._case: tuple[str, str] | None = None  # class and name of the open one, as written
        self._outcome = Outcome.PASSED
        self._classes: list[str] = []  # of the cases that wait to be counted, as written
        self._names: list[str] = []
        self._outcomes: dict[int, Outcome] = {}  # index in _names → outcome of those that did not simply pass
        self._links: dict[int, list[str]] = {}  # index in _names → addresses
        self._property: list[str] | None = None  # a link property whose value is its text
        self._first: datetime | None = None
        self._last: datetime | None = None

    def listen(self, parser: expat.XMLParserType) -> None:
        """Let the parser hand over what it reads."""
        written = self._written

        def root(name: str, attributes: dict[str, str]) -> None:
            if intake.local(name) not in _SUITES:
                if name.lower() == "html":
                    raise Unreadable("is HTML, not JUnit: is it an error page?")
                raise Unreadable(f"has the root <{intake.shorten(name, 40)}>, JUnit has <testsuites> or <testsuite>")
            parser.StartElementHandler = None
            self._elements += 1
            self._depth += 1
            self._open_suite(intake.local(name), attributes)

        def literal(*, begins: bool) -> None:
            if self._literal is None:
                self._literal = not begins
            written.append(_CDATA)

        parser.StartElementHandler = root
        parser.DefaultHandler = written.append
        parser.CommentHandler = lambda _: None
        parser.ProcessingInstructionHandler = lambda *_: None
        parser.XmlDeclHandler = lambda *_: None
        parser.StartCdataSectionHandler = lambda: literal(begins=True)
        parser.EndCdataSectionHandler = lambda: literal(begins=False)

    def after_chunk(self) -> None:
        """Count the cases of one piece, and see that the document stays within bounds."""
        text = self._text()
        self._written.clear()
        if self._property is not None:
            self._property.append(text.partition("<")[0])
        found = self._pattern.findall(text)
        if found:
            self._take(found)
        self._count()
        if self._elements > intake.MOST_ELEMENTS:
            raise Unreadable(f"holds more than {intake.MOST_ELEMENTS} elements")
        if self._depth > intake.MOST_DEPTH:
            raise Unreadable(f"is nested deeper than {intake.MOST_DEPTH} levels")

    def _text(self) -> str:
        """Tags and texts since the last piece; `<` and `&` of CDATA are escaped, so that every `<` begins a tag."""
        if self._literal is None:
            return "".join(self._written)
        pieces, literal = [], self._literal
        for piece in self._written:
            if piece == _CDATA:
                literal = not literal
            else:
                pieces.append(piece.replace("&", "&amp;").replace("<", "&lt;") if literal else piece)
        self._literal = literal or None
        return "".join(pieces)

    def _take(self, found: Sequence[tuple[str, str, str, str]]) -> None:
        """Take the tags of one piece: whole cases of the usual form as columns, everything else one by one."""
        first, second, outcomes, others = zip(*found, strict=True)
        names, classes = (first, second) if self._swapped else (second, first)
        position = usual = 0
        for stop in (*[i for i, other in enumerate(others) if other], len(found)):
            if stop > position:
                if self._case is not None:
                    raise Unreadable("holds a test case inside a test case")
                if any(outcomes[position:stop]):
                    waiting = len(self._names) - position
                    told = {i + waiting: _ELEMENTS[outcomes[i]] for i in range(position, stop) if outcomes[i]}
                    self._outcomes |= told
                    self._told += sum(map(Outcome.FAILED.__eq__, told.values()))
                    self._elements += len(told)
                self._classes.extend(classes[position:stop])
                self._names.extend(names[position:stop])
                self._elements += stop - position
                usual += stop - position
            if stop < len(found):
                self._tag(others[stop])
            position = stop + 1
        if not usual and self._layout:  # the next piece is read with the form of this one's cases
            self._pattern, self._swapped = (
                _usual(self._layout),
                self._layout.index("name") < self._layout.index("classname"),
            )

    def _tag(self, written: str) -> None:
        if written[1] == "/":
            self._end(intake.local(written[2 : written.index(">")].rstrip()))
            return
        qualified, attributes, closed, text = _TAG.fullmatch(written).groups()  # type: ignore[union-attr]  # a whole tag
        name = intake.local(qualified)
        self._begin(name, attributes)
        if closed:
            self._end(name)
            self._layout = _layout(attributes) if qualified == "testcase" else self._layout
        elif self._property is not None:
            self._property.append(text)

    def _begin(self, name: str, written: str) -> None:
        self._elements += 1
        self._depth += 1
        if name == "testcase":
            self._open_case(_attributes(written))
        elif name in _ELEMENTS:
            self._outcome = max(self._outcome, _ELEMENTS[name])
            self._told += _ELEMENTS[name] is Outcome.FAILED
            if self._case is None and _ELEMENTS[name] is Outcome.FAILED:
                self._fail_outside()
        elif name in _SUITES:
            self._open_suite(name, {key: _meant(value) for key, value in _attributes(written).items()})
        elif name == "property":
            self._see_property({key: _meant(value) for key, value in _attributes(written).items()})

    def _open_case(self, attributes: Mapping[str, str]) -> None:
        if self._case is not None:
            raise Unreadable("holds a test case inside a test case")
        self._case = attributes.get("classname", ""), attributes.get("name", "")
        self._outcome = Outcome.PASSED
        for key in _TELLING:
            said = _ATTRIBUTES.get(attributes.get(key, "").lower(), Outcome.PASSED)
            self._outcome = max(self._outcome, said)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == "testcase" and self._case is not None:
            if self._outcome:
                self._outcomes[len(self._names)] = self._outcome
            self._wait(*self._case)
            self._case = None
        elif name == "property" and self._property is not None:
            text, self._property = _meant("".join(self._property)), None
            self._link(text)
        elif name in _SUITES:
            self._close_suite()

    def _wait(self, name_of_class: str, name: str) -> None:
        self._classes.append(name_of_class)
        self._names.append(name)

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
                broken=(attributes.get("failures", ""), attributes.get("errors", "")),
                links=(*(outer.links if outer else ()), *self._hints.links.get(self._suites_seen, ())),
                before=self._held,
                told=self._told,
            )
        )
        self._time(attributes)

    def _close_suite(self) -> None:
        self._count()
        suite = self._suites.pop()
        held = self._held - suite.before
        if suite.claimed.isdecimal() and suite.claimed.lstrip("0") not in (str(held or ""), str(suite.direct or "")):
            says = f'"{suite.name}" says {suite.claimed[:20]}, holds {held}'
            self.disagreeing.append(says)
            if (len(suite.claimed) > 10 or int(suite.claimed) > held) and not self._are_subtests(suite):
                self.missing.append(says)
            # pytest-rerunfailures leaves an element without a failure for a try that failed, and does not count it.
            self.rerun |= suite.name == "pytest" and len(suite.claimed) < 10 and int(suite.claimed) < held

    def _are_subtests(self, suite: Suite) -> bool:
        """Whether pytest counted what it does not write: subtests that passed, and a teardown that broke after a test.

        No failure is among them as long as the suite holds as many as it claims.
        """
        claimed = [int(text) for text in suite.broken if text.isdecimal() and len(text) < 10]
        return suite.name == "pytest" and len(claimed) == 2 and sum(claimed) <= self._told - suite.told

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
        self._outcomes[len(self._names)] = Outcome.FAILED
        self._wait("", "(outside any test case)")

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
            self._links.setdefault(len(self._names), []).extend(named)
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
        if not self._names:
            return
        suite = self._suites[-1]
        cases = Group(suite.path, _all_meant(self._classes), _all_meant(self._names), self._outcomes)
        size, links = len(cases.names), self._links
        self._classes, self._names, self._outcomes, self._links = [], [], {}, {}
        if size in links:  # of the case that is still open
            self._links[0] = links.pop(size)
        suite.direct += size
        self._held += size
        if self._hints.collect is not None:
            self._hints.collect.extend(int.from_bytes(identity, "big") for identity in cases.identities())
        add_tags(links, cases.names)
        if any("-" in name for name in cases.seeds):
            add_tags(links, cases.classes)
        if suite.links:
            for index in range(size):
                links.setdefault(index, []).extend(suite.links)
        tried = self._tries(cases) if self._hints.repeats else frozenset()
        self.total.count(cases, [i for i in range(size) if i not in tried] if tried else None)
        for index, addresses in links.items():
            for address in dict.fromkeys(addresses if index not in tried else ()):
                if address in self.linked or len(self.linked) < MOST_LINKS:
                    self.linked.setdefault(address, Tally()).count(cases, [index])

    def _tries(self, cases: "Group") -> frozenset[int]:
        """The elements that are earlier tries of a test; its last element counts, and a pass there is flaky."""
        tried = set()
        for index, identity in enumerate(cases.identities()):
            left = self._hints.repeats.get(identity, 0)
            if not left:
                continue
            self._hints.repeats[identity] = left - 1
            if left > 1:
                tried.add(index)
            elif index not in cases.outcomes:
                cases.outcomes[index] = Outcome.FLAKY
        return frozenset(tried)
