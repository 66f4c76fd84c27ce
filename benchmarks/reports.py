"""Makes reports of any size, and reads them: with our reader, or with the least that Python can do.

python benchmarks/reports.py junit 200000 FILE     write a JUnit report of so many cases
python benchmarks/reports.py sarif 100000 FILE     write a SARIF log of so many results
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


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    if word in ("junit", "sarif"):
        {"junit": junit, "sarif": sarif}[word](int(rest[0]), Path(rest[1]))
    else:
        print(json.dumps({"handlers": handlers, "read": read}[word](Path(rest[0]))))
