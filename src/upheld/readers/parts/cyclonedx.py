"""CycloneDX 1.2 to 1.6, JSON and XML: the parts of a product, and what is said about their vulnerabilities.

Parts are counted wherever they are nested, but tools and the product itself are none. A list that is empty tells
nothing: a tool that found no part did not look at the right place.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence, Rate, Share
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.parts import INDICATORS, State, Vulnerabilities, vex

_VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6")
_NAMESPACE = re.compile(r"cyclonedx\.org/schema/bom/(\d+\.\d+)")
_STATES = {
    "resolved": State.SETTLED, "resolved_with_pedigree": State.SETTLED, "false_positive": State.SETTLED,
    "not_affected": State.SETTLED, "in_triage": State.UNDER_INVESTIGATION, "exploitable": State.AFFECTED,
}  # fmt: skip
_IDENTITIES = ("purl", "cpe", "swid", "omniborId", "swhid")


class CycloneDX:
    """CycloneDX bills of materials with their vulnerabilities (VEX), JSON and XML."""

    name = "cyclonedx"
    title = "CycloneDX bill of materials"
    help = (
        "Every part counts, nested ones too; tools and the product itself do not. A vulnerability counts once by its id, "
        "and as affected where nothing is said about it; resolved, not affected and false positive settle it. A file "
        "without the key `vulnerabilities` says nothing about them, and a file without parts and vulnerabilities "
        "nothing at all."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*bom*.json", "*bom*.xml", "*.cdx.json", "*.cdx.xml", "*vex*.json", "*cyclonedx*")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By its format's name (JSON) or namespace (XML)."""
        text = intake.head_text(head)
        if intake.looks_like_json(head):
            if re.search(r'"bomFormat"\s*:\s*"CycloneDX"', text):
                return "it is JSON whose bomFormat is CycloneDX"
            # Some writers sort their keys: components come first, and the name of the format stands at the end.
            mine = '"bom-ref"' in text and '"components"' in text
            return "it is JSON with components and their bom-ref, as CycloneDX has them" if mine else ""
        mine = intake.root_element(head) == "bom" and _NAMESPACE.search(text) is not None
        return "the root element is <bom> in CycloneDX's namespace" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count parts and vulnerabilities of one document."""
        return intake.take(self, path, request, _parse)


class Bill:
    """What one document lists."""

    def __init__(self) -> None:
        self.version = ""
        self.product = ""
        self.parts = self.identified = self.licensed = 0
        self.lists_parts = False
        self.lists_vulnerabilities = False
        self.vulnerabilities = Vulnerabilities()
        self.incomplete = 0  # compositions that say that something is missing
        self.unlicensed: list[str] = []
        self.unidentified: list[str] = []

    def part(self, name: str, *, identified: bool, licensed: bool) -> None:
        """Count one part."""
        self.parts += 1
        self.identified += identified
        self.licensed += licensed
        if not identified and len(self.unidentified) < intake.MOST_NOTES:
            self.unidentified.append(name)
        if not licensed and len(self.unlicensed) < intake.MOST_NOTES:
            self.unlicensed.append(name)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    start = file.piece(64)
    file.rewind()
    if intake.looks_like_json(start):
        bill = _of_json(intake.mapping(file.json(), "the document"))
    else:
        document = _Document()
        document.read(file)
        bill = document.bill
    if bill.version not in _VERSIONS:
        raise Unreadable(
            f'names the CycloneDX version "{intake.shorten(bill.version, 20)}"; {_VERSIONS[0]} to {_VERSIONS[-1]} are read'
        )
    if not bill.parts and not bill.vulnerabilities.states:
        raise Unreadable("lists neither parts nor vulnerabilities: did the tool look at the right place?")
    file.producer.update(format=f"CycloneDX {bill.version}")
    if bill.incomplete:
        file.notes.append(f"{bill.incomplete} of its compositions are said to be incomplete")
    return list(_evidence(file, bill)), _summary(bill)


def _evidence(file: Intake, bill: Bill) -> Sequence[Evidence]:
    population = {"product": bill.product} if bill.product else {}
    found = []
    if bill.parts:
        found.append(file.evidence("sbom.components", Rate(bill.parts), population=population))
        for name, good, lacking in (
            ("sbom.identified", bill.identified, bill.unidentified),
            ("sbom.licensed", bill.licensed, bill.unlicensed),
        ):
            notes = (f"without: {intake.listed(lacking, bill.parts - good)}",) if good < bill.parts else ()
            found.append(file.evidence(name, Share(bill.parts, good), population=population, notes=notes))
    if bill.lists_vulnerabilities:
        found += vex(file, bill.vulnerabilities, population)
    return found


def _summary(bill: Bill) -> str:
    parts = [f"{bill.parts} parts"] if bill.parts else []
    if bill.lists_vulnerabilities:
        parts.append(f"{len(bill.vulnerabilities.states)} vulnerabilities")
        affected = len(bill.vulnerabilities.named(State.AFFECTED))
        parts += [f"{affected} affected"] if affected else []
    return ", ".join(parts)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_json(document: Mapping[str, object]) -> Bill:
    if document.get("bomFormat") != "CycloneDX":
        raise Unreadable('is no CycloneDX: its bomFormat is not "CycloneDX"')
    bill = Bill()
    bill.version = str(document.get("specVersion", ""))
    product = intake.mapping(document.get("metadata") or {}, "metadata").get("component")
    if isinstance(product, Mapping):
        bill.product = _name(product)
    waiting = list(intake.sequence(document.get("components") or [], "components"))
    bill.lists_parts = "components" in document
    while waiting:
        part = intake.mapping(waiting.pop(), "a component")
        waiting += intake.sequence(part.get("components") or [], "components")
        bill.part(
            _name(part), identified=any(part.get(key) for key in _IDENTITIES),
            licensed=any(bool(licence) for licence in intake.sequence(part.get("licenses") or [], "licenses")),
        )  # fmt: skip
    bill.lists_vulnerabilities = "vulnerabilities" in document
    for found in intake.sequence(document.get("vulnerabilities") or [], "vulnerabilities"):
        entry = intake.mapping(found, "a vulnerability")
        analysis = intake.mapping(entry.get("analysis") or {}, "analysis")
        bill.vulnerabilities.add(str(entry.get("id") or ""), _state(analysis.get("state"), _affects(entry)))
    for found in intake.sequence(document.get("compositions") or [], "compositions"):
        bill.incomplete += str(intake.mapping(found, "a composition").get("aggregate", "")).startswith("incomplete")
    return bill


def _name(part: Mapping[str, object]) -> str:
    return "@".join(str(part[key]) for key in ("name", "version") if part.get(key))


def _affects(entry: Mapping[str, object]) -> list[str]:
    """What is said about each version that a vulnerability may be in."""
    return [
        str(intake.mapping(version, "a version").get("status", "affected"))
        for target in intake.sequence(entry.get("affects") or [], "affects")
        for version in intake.sequence(intake.mapping(target, "affects").get("versions") or [], "versions")
    ]


def _state(said: object, versions: Sequence[str]) -> State:
    """The state by the analysis; without one by the versions; with neither nobody has shown that it does not matter."""
    if said:
        if str(said) not in _STATES:
            raise Unreadable(f'holds the analysis state "{intake.shorten(str(said), 40)}", which is none of CycloneDX')
        return _STATES[str(said)]
    if versions and all(version == "unaffected" for version in versions):
        return State.SETTLED
    return State.AFFECTED


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Part:
    __slots__ = ("identified", "licensed", "name", "version")

    def __init__(self) -> None:
        self.name = self.version = ""
        self.identified = self.licensed = False


class _Document(intake.Walk):
    roots = ("bom",)
    format = "CycloneDX"
    wants_text = frozenset({"name", "version", "id", "state", "status", "aggregate", "expression", *_IDENTITIES})

    def __init__(self) -> None:
        super().__init__()
        self.bill = Bill()
        self._parts: list[_Part] = []
        self._id = self._state = ""
        self._versions: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if not self.above:
            versions = [m[1] for value in attributes.values() if (m := _NAMESPACE.search(value)) is not None]
            self.bill.version = versions[0] if versions else ""
        elif name == "component":
            self._parts.append(_Part())
        elif name == "license" and self._parts and self.above[-2:] == ["component", "licenses"]:
            self._parts[-1].licensed = True
        elif name == "swid" and self._parts and self.above[-1] == "component":
            self._parts[-1].identified = True
        elif name == "vulnerabilities":
            self.bill.lists_vulnerabilities = True
        elif name == "vulnerability":
            self._id, self._state, self._versions = "", "", []

    def end(self, name: str) -> None:
        above = self.above[-1] if self.above else ""
        if name == "component" and self._parts:
            self._close(self._parts.pop())
        elif above == "component" and self._parts:
            self._of_part(self._parts[-1], name, self.text.strip())
        elif name == "expression" and self.above[-2:] == ["component", "licenses"] and self._parts:
            self._parts[-1].licensed = bool(self.text.strip())
        elif above == "vulnerability" and name == "id":
            self._id = self.text.strip()
        elif above == "analysis" and name == "state":
            self._state = self.text.strip()
        elif name == "status" and "affects" in self.above:
            self._versions.append(self.text.strip())
        elif name == "vulnerability":
            self.bill.vulnerabilities.add(self._id, _state(self._state, self._versions))
        elif name == "aggregate":
            self.bill.incomplete += self.text.strip().startswith("incomplete")

    def _of_part(self, part: _Part, name: str, text: str) -> None:
        if name == "name":
            part.name = text
        elif name == "version":
            part.version = text
        elif name in _IDENTITIES and text:
            part.identified = True

    def _close(self, part: _Part) -> None:
        full = "@".join(word for word in (part.name, part.version) if word)
        if self.above[:3] == ["bom", "metadata", "component"] or self.above == ["bom", "metadata"]:
            self.bill.product = full if self.above == ["bom", "metadata"] else self.bill.product
        elif self.above[:2] == ["bom", "components"]:
            self.bill.part(full, identified=part.identified, licensed=part.licensed)
