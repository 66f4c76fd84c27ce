"""Makes reports of any size, and reads them: with our reader, or with the least that Python can do.

python benchmarks/reports.py junit 200000 FILE     write a JUnit report of so many cases
python benchmarks/reports.py sarif 100000 FILE     write a SARIF log of so many results
python benchmarks/reports.py cyclonedx 20000 FILE  write a bill of materials with so many parts
python benchmarks/reports.py reqif 10000 FILE      write a ReqIF document with so many objects and relations
python benchmarks/reports.py exchange FILE         read a ReqIF document, plan its import, and patch one object of it
python benchmarks/reports.py handlers FILE         count a JUnit report's outcomes with two handlers of the XML parser
python benchmarks/reports.py read FILE             read any report with our reader
"""

import json
import random
import sys
from pathlib import Path
from xml.parsers import expat

SUITE = 1_000  # cases in one suite
CLASS = 25  # cases in one class


def junit(count: int, path: Path) -> None:
    """A report in pytest's manner: 1 % failed, 0.2 % broken, 2 % skipped, one requirement address per hundred cases."""
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="benchmark">\n')
        for start in range(0, count, SUITE):
            size = min(SUITE, count - start)
            file.write(
                f'<testsuite name="suite{start // SUITE:04}" timestamp="2026-11-22T09:00:00+00:00" tests="{size}">\n'
            )
            for number in range(start, start + size):
                file.write(_case(number, dice))
            file.write("</testsuite>\n")
        file.write("</testsuites>\n")


def _case(number: int, dice: random.Random) -> str:
    tag = f"[REQ-BEN-{number % 500:03}]" if number % 100 == 0 else ""
    head = (
        f'<testcase classname="tests.bank{number // SUITE % 12:02}.test_answers_{number // CLASS:05}.TestAnswers"'
        f' name="test_an_adviser_sees_the_answer{tag}[{number}]" time="{dice.random() / 50:.3f}"'
    )
    luck = dice.random()
    if luck < 0.01:
        return f'{head}><failure message="assert 3 == 4">def test():\n&gt;   assert 3 == 4\nE   assert 3 == 4</failure></testcase>\n'
    if luck < 0.012:
        return f'{head}><error message="failed on setup">ConnectionRefusedError</error></testcase>\n'
    if luck < 0.032:
        return f'{head}><skipped type="pytest.skip" message="no database"/></testcase>\n'
    return f"{head}/>\n"


def sarif(count: int, path: Path) -> None:
    """A log of one analysis with forty rules; most results take their level from their rule."""
    dice = random.Random(1)
    rules = [
        {"id": f"R{number:03}", "defaultConfiguration": {"level": ("error", "warning", "note")[number % 3]}}
        for number in range(40)
    ]
    driver = {"name": "benchmark", "version": "1.0", "rules": rules}
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":'
        )
        file.write(json.dumps(driver) + '},"results":[\n')
        for number in range(count):
            file.write((",\n" if number else "") + json.dumps(_result(number, dice), separators=(",", ":")))
        file.write("\n]}]}\n")


def _result(number: int, dice: random.Random) -> dict:
    rule = dice.randrange(40)
    place = {
        "artifactLocation": {"uri": f"src/service/module_{number // 40:05}.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": dice.randrange(1, 900), "startColumn": 5, "endColumn": 40},
    }
    level = {"level": "warning"} if number % 4 == 0 else {}
    return {
        "ruleId": f"R{rule:03}", "ruleIndex": rule, **level,
        "message": {"text": f"The value of “answer_{number % 977}” may be undefined when the cache is cold"},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"primaryLocationLineHash": f"{dice.getrandbits(64):016x}:1"},
    }  # fmt: skip


def handlers(path: Path) -> dict[str, int]:
    """Outcomes counted by two handlers of the parser and nothing else: the least that a reader in Python can do."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    outcome = "passed"

    def start(name: str, _: object) -> None:
        nonlocal outcome
        if name == "testcase":
            outcome = "passed"
        elif name in ("failure", "error"):
            outcome = "failed"
        elif name == "skipped":
            outcome = "skipped"

    def end(name: str) -> None:
        if name == "testcase":
            counts[outcome] += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with path.open("rb") as file:
        parser.ParseFile(file)
    return counts


def read(path: Path) -> dict[str, str]:
    """What our reader says, in one line."""
    from upheld.ports import Request  # noqa: PLC0415  # the other three must not pay for it
    from upheld.readers import read as read_report  # noqa: PLC0415

    reading = read_report(path, Request())
    return {"reader": reading.reader, "summary": reading.summary, "reason": reading.reason}


def cyclonedx(count: int, path: Path) -> None:
    """A bill as npm's writer makes it: hashes, a licence, two references a part, and no vulnerability."""
    part = {
        "type": "library", "version": "1.2.3", "scope": "required", "licenses": [{"license": {"id": "MIT"}}],
        "hashes": [{"alg": "SHA-512", "content": "0" * 128}],
        "externalReferences": [{"type": kind, "url": "https://example.com/x"} for kind in ("website", "vcs")],
    }  # fmt: skip
    parts = [part | {"bom-ref": f"p{i}", "name": f"part-{i}", "purl": f"pkg:npm/part-{i}@1.2.3"} for i in range(count)]
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts, "vulnerabilities": []}
    path.write_text(json.dumps(bill), encoding="utf-8")


def reqif(count: int, path: Path) -> None:
    """Objects with an id and a formatted text, each related to one before it."""

    def value(kind: str, number: int, inside: str) -> str:
        definition = (
            f"<DEFINITION><ATTRIBUTE-DEFINITION-{kind}-REF>d{number}</ATTRIBUTE-DEFINITION-{kind}-REF></DEFINITION>"
        )
        return f"<ATTRIBUTE-VALUE-{kind}{inside}{definition}</ATTRIBUTE-VALUE-{kind}>"

    text = "<xhtml:div><xhtml:p>When asked, the service {} <xhtml:b>shall</xhtml:b> answer within a second.</xhtml:p></xhtml:div>"
    objects = "".join(
        f'<SPEC-OBJECT IDENTIFIER="o{i}"><VALUES>'
        + value("STRING", 1, f' THE-VALUE="REQ-{i}">')
        + value("XHTML", 2, f"><THE-VALUE>{text.format(i)}</THE-VALUE>")
        + "</VALUES></SPEC-OBJECT>"
        for i in range(count)
    )
    relations = "".join(
        f'<SPEC-RELATION IDENTIFIER="r{i}"><SOURCE><SPEC-OBJECT-REF>o{i}</SPEC-OBJECT-REF></SOURCE>'
        f"<TARGET><SPEC-OBJECT-REF>o{i // 2}</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>"
        for i in range(1, count)
    )
    names = ('STRING IDENTIFIER="d1" LONG-NAME="ReqIF.ForeignID"', 'XHTML IDENTIFIER="d2" LONG-NAME="ReqIF.Text"')
    types = "".join(f"<ATTRIBUTE-DEFINITION-{name}/>" for name in names)
    path.write_text(
        '<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f'<CORE-CONTENT><REQ-IF-CONTENT><SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t"><SPEC-ATTRIBUTES>{types}'
        f"</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES><SPEC-OBJECTS>{objects}</SPEC-OBJECTS>"
        f"<SPEC-RELATIONS>{relations}</SPEC-RELATIONS></REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>",
        encoding="utf-8",
    )


def exchange(path: Path) -> dict[str, int]:
    """Read, plan and patch, as `upheld import` and `upheld export` do."""
    from upheld.exchange.incoming import plan  # noqa: PLC0415
    from upheld.exchange.reqif import ReqIf  # noqa: PLC0415

    adapter = ReqIf()
    mapping = adapter.guess(path)
    document = adapter.read(path, mapping)
    steps = plan(document, exchange="bench", folder="requirements/bench", known=[])
    patched = adapter.patch(path, mapping, {document.items[0].key: {"text": "Changed."}})
    return {"items": len(document.items), "files": len(steps.files()), "bytes": len(patched.files[""])}


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    writers = {"junit": junit, "sarif": sarif, "cyclonedx": cyclonedx, "reqif": reqif}
    if word in writers:
        writers[word](int(rest[0]), Path(rest[1]))
    else:
        print(json.dumps({"handlers": handlers, "read": read, "exchange": exchange}[word](Path(rest[0]))))
