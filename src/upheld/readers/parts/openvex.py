"""OpenVEX: statements about vulnerabilities of products; a later statement about the same pair replaces an earlier one.

Source of the words: the OpenVEX specification 0.2.0. A statement "not affected" without its justification is no
statement: the specification asks for one, and so it stays under investigation.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable
from upheld.readers.parts import INDICATORS, State, Vulnerabilities, vex

_STATES = {
    "not_affected": State.SETTLED, "fixed": State.SETTLED, "affected": State.AFFECTED,
    "under_investigation": State.UNDER_INVESTIGATION,
}  # fmt: skip


class OpenVex:
    """OpenVEX documents."""

    name = "openvex"
    title = "OpenVEX document"
    help = (
        "A vulnerability counts once, by the worst of what is last said about it for each product. While one is under "
        "investigation, or is said not to matter without a justification, the number of those that do is not known."
    )
    indicators: Mapping[str, Indicator] = {name: i for name, i in INDICATORS.items() if name.startswith("vex.")}
    files: tuple[str, ...] = ("*openvex*.json", "*.vex.json", "*vex*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By its context."""
        mine = intake.looks_like_json(head) and "openvex.dev/ns" in intake.head_text(head)
        return "its context is OpenVEX" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the statements of one document."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    document = intake.mapping(file.json(), "the document")
    if "openvex.dev/ns" not in str(document.get("@context", "")):
        raise Unreadable("is no OpenVEX: its @context is another")
    statements = intake.sequence(document.get("statements"), "statements")
    if not statements:
        raise Unreadable("holds no statement")
    timed = []
    for i, found in enumerate(statements):
        statement = intake.mapping(found, f"statement {i + 1}")
        written = statement.get("last_updated") or statement.get("timestamp") or document.get("timestamp")
        timed.append((_moment(written, i + 1), i, statement))
    latest: dict[tuple[str, str], State] = {}
    for _, i, statement in sorted(timed, key=lambda entry: entry[:2]):
        name, state = _vulnerability(statement, i + 1), _state(statement, i + 1)
        for product in _products(statement, i + 1):
            latest[name, product] = state
    known = Vulnerabilities()
    for (name, _), state in latest.items():
        known.add(name, state)
    file.producer.update({"author": intake.shorten(str(document["author"]))} if document.get("author") else {})
    affected = len(known.named(State.AFFECTED))
    return list(vex(file, known, {})), f"{len(known.states)} vulnerabilities, {affected} affected"


def _moment(written: object, number: int) -> datetime:
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        raise Unreadable(f'statement {number} names the time "{intake.shorten(str(written), 40)}"') from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _vulnerability(statement: Mapping[str, object], number: int) -> str:
    found = statement.get("vulnerability")
    name = found.get("name") or found.get("@id") if isinstance(found, Mapping) else found
    if not isinstance(name, str) or not name:
        raise Unreadable(f"statement {number} names no vulnerability")
    return name


def _products(statement: Mapping[str, object], number: int) -> list[str]:
    names = []
    for found in intake.sequence(statement.get("products") or [], f"statement {number}: products"):
        product = found if isinstance(found, str) else intake.mapping(found, f"statement {number}: product")
        if isinstance(product, str):
            names.append(product)
            continue
        name = str(product.get("@id") or product.get("identifiers") or "")
        parts = intake.sequence(product.get("subcomponents") or [], f"statement {number}: subcomponents")
        names += [f"{name} {part.get('@id') if isinstance(part, Mapping) else part}" for part in parts] or [name]
    return names or [""]


def _state(statement: Mapping[str, object], number: int) -> State:
    said = str(statement.get("status", ""))
    if said not in _STATES:
        raise Unreadable(f'statement {number} has the status "{intake.shorten(said, 40)}", which is none of OpenVEX')
    if said == "not_affected" and not (statement.get("justification") or statement.get("impact_statement")):
        return State.UNDER_INVESTIGATION
    return _STATES[said]
