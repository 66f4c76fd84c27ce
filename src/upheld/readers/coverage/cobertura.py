"""Cobertura XML, as coverage.py, Coverlet, gcovr and many others write it.

Its DOCTYPE names a DTD on the network; that is usual here, and it is skipped and never fetched.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.coverage import INDICATORS, Coverage, Lines, evidence
from upheld.readers.intake import Intake, Unreadable

_CONDITIONS = re.compile(r"\(\s*(\d{1,9})\s*/\s*(\d{1,9})\s*\)")


class Cobertura:
    """Cobertura XML (DTD 04), lines and conditions."""

    name = "cobertura"
    title = "Cobertura XML coverage report"
    help = (
        "Lines of every class, each line of a file once; rates are not believed. The DTD that the file names "
        "is never fetched."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("coverage.xml", "cobertura*.xml", "*coverage*.xml")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By the root element, which Clover calls the same but fills otherwise."""
        if intake.root_element(head) != "coverage":
            return ""
        text = intake.head_text(head)
        return "the root element is <coverage> with rates" if "line-rate" in text or "<packages" in text else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the lines of every class; one file may be named by several classes."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    listener = _Listener()
    parser = intake.xml_parser(external_doctype=True)
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.buffer_text = True
    intake.parse_xml(file, parser, listener.check_bounds)
    if listener.version:
        file.producer.update(tool=listener.tool, version=listener.version)
    if listener.stray:
        file.notes.append(f"{listener.stray} lines stand outside any class and are left out")
    return evidence(file, listener.found)


class _Listener:
    def __init__(self) -> None:
        self.found = Coverage()
        self.version = ""
        self.tool = "cobertura"
        self.stray = 0
        self._elements = self._depth = 0
        self._lines: Lines | None = None
        self._source: list[str] | None = None

    def start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        name = intake.local(qualified)
        if name == "line":
            self._line(attributes)
        elif name == "class":
            path = attributes.get("filename", "")
            if not path:
                raise Unreadable(f'holds a class without a file name ("{attributes.get("name", "")[:80]}")')
            self._lines = self.found.file(path)
        elif name == "source":
            self._source = []
        elif self._elements == 1:
            self._root(name, attributes)

    def _root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.lower() == "html":
            raise Unreadable("is HTML, not Cobertura: is it an error page?")
        if name != "coverage":
            raise Unreadable(f"has the root <{intake.shorten(name, 40)}>, Cobertura has <coverage>")
        self.version = attributes.get("version", "")[:40]

    def _line(self, attributes: Mapping[str, str]) -> None:
        if self._lines is None:
            self.stray += 1
            return
        number, hits = (_whole(attributes.get(key), key) for key in ("number", "hits"))
        self._lines.executable.add(number)
        if hits > 0:
            self._lines.covered.add(number)
        conditions = _CONDITIONS.search(attributes.get("condition-coverage", ""))
        if conditions is not None:
            taken, all_ = int(conditions[1]), int(conditions[2])
            if taken > all_:
                raise Unreadable(f"line {number} takes {taken} of {all_} branches")
            self.found.with_branches = True
            self._lines.add_branch(number, taken, all_)

    def end(self, qualified: str) -> None:
        self._depth -= 1
        name = intake.local(qualified)
        if name == "class":
            self._lines = None
        elif name == "source" and self._source is not None:
            root = "".join(self._source).strip()
            self.found.roots += [root] if root else []
            self._source = None

    def text(self, text: str) -> None:
        if self._source is not None:
            self._source.append(text)

    def check_bounds(self) -> None:
        if self._elements > intake.MOST_ELEMENTS:
            raise Unreadable(f"holds more than {intake.MOST_ELEMENTS} elements")
        if self._depth > intake.MOST_DEPTH:
            raise Unreadable(f"is nested deeper than {intake.MOST_DEPTH} levels")


def _whole(text: str | None, what: str) -> int:
    """A count as Cobertura writes it; some tools write hits beyond 32 bits or as `1.0`."""
    try:
        value = float(text or "")
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e18 or (what == "number" and (not value.is_integer() or value < 1)):
        raise Unreadable(f"holds a line whose {what} is {intake.shorten(repr(text), 40)}")
    return int(value) if value.is_integer() else 1
