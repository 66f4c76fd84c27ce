"""A gate as JUnit XML, so that any CI shows it without a plug-in: one suite per gate, one case per criterion.

Not met is a failure, inconclusive an error; what does not hold the gate (waived, advisory, not enforced) is skipped with
the reason. A reader of the file therefore finds a failure or an error exactly when an enforced gate is not met. Valid
under the XSD of Jenkins' xUnit plug-in (junit-10), which knows neither properties of a case nor attributes of its place.
"""

import re
from collections.abc import Sequence
from datetime import UTC
from xml.etree import ElementTree as ET

from upheld.core.verdict import State
from upheld.render.gate.case import Case, Told

# What XML 1.0 cannot carry, not even escaped.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(told: Sequence[Told]) -> str:
    """The document; it ends with a line break."""
    root = ET.Element("testsuites", name="upheld")
    for gate in told:
        root.append(_suite(gate))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(told: Told) -> ET.Element:
    cases = [_case(told, case) for case in told.cases]
    suite = ET.Element(
        "testsuite", name=f"gate {told.name}", tests=str(len(cases)),
        failures=_count(cases, "failure"), errors=_count(cases, "error"), skipped=_count(cases, "skipped"),
        timestamp=told.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
    )  # fmt: skip
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("upheld.gate", told.name), ("upheld.verdict", told.result.state.value),
        ("upheld.enforced", str(told.result.enforced).lower()), ("upheld.subject", told.result.subject),
    ):  # fmt: skip
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    suite.extend(cases)
    return suite


def _count(cases: Sequence[ET.Element], tag: str) -> str:
    return str(sum(case.find(tag) is not None for case in cases))


def _case(told: Told, case: Case) -> ET.Element:
    name = case.sentence if case.name.startswith("sign-off.") else f"{case.name} {case.sentence}"
    found = ET.Element("testcase", classname=_clean(case.requirement or f"gate.{told.name}"), name=_clean(name))
    if not case.holds and case.state is not State.MET:
        ET.SubElement(found, "skipped", message=_clean(_about(case)))
    elif case.state is State.NOT_MET:
        ET.SubElement(found, "failure", type="not met", message=_clean(case.message)).text = _clean(_detail(case))
    elif case.state is State.INCONCLUSIVE:
        kind = case.reason or "inconclusive"
        ET.SubElement(found, "error", type=kind, message=_clean(case.message)).text = _clean(_detail(case))
    if case.numbers:
        ET.SubElement(found, "system-out").text = _clean(case.numbers)
    return found


def _about(case: Case) -> str:
    reason = f": {case.waiver.reason}" if case.waiver is not None and case.waiver.reason else ""
    return f"{case.word}{reason}; {case.numbers or case.why}"


def _detail(case: Case) -> str:
    lines = [f"{case.place.file}:{case.place.line}:{case.place.column}", case.numbers, case.why]
    lines += [f"customers: {', '.join(case.customers)}" if case.customers else ""]
    lines += [f"would settle it: {case.settle}" if case.settle else "", *case.notes]
    return "\n".join(line for line in lines if line)


def _clean(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
