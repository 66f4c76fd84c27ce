"""A small project with its reports, as a team judges it on every commit; and how quickly verdicts are given.

python benchmarks/project.py write FOLDER 20     write a project of 20 requirements with reports of one build
python benchmarks/project.py judge 20            judge the demo's promise so often at every stage; prints seconds
"""

import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import definitions
import reports

SAMPLE = Path(__file__).resolve().parent.parent / "src" / "upheld" / "sample"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GATES = """\
merge:
  kind: technical
  stage: build
  select: {status: approved}
  criteria:
    tests: test.failed <= 10
    findings: sarif.errors <= 100
"""


def write(folder: Path, count: int) -> None:
    """Definitions, a JUnit report, a SARIF log and one load test with 10 s buckets per service."""
    definitions.write_upheld(folder, count)
    (folder / "gates.yaml").write_text(GATES)
    (folder / ".gitignore").write_text(".upheld/\nreports/\n")
    given = folder / "reports"
    given.mkdir()
    reports.junit(500, given / "junit.xml")
    reports.sarif(200, given / "log.sarif")
    run = json.loads((SAMPLE / "evidence" / "build-42.json").read_text())
    for service in definitions.SERVICES:
        measured = {
            **run, "indicator": f"{service}.latency", "run": f"load-{service}",
            "window": {"from": "2026-11-22T10:00:00Z", "to": "2026-11-22T10:10:00Z"},
        }  # fmt: skip
        measured.pop("subject")
        (given / f"{service}.latency.json").write_text(json.dumps(measured))
        answered = {"kind": "share", "n": run["statistic"]["n"], "good": run["statistic"]["n"] - 60}
        measured = {k: v for k, v in measured.items() if k != "series"} | {"statistic": answered}
        (given / f"{service}.availability.json").write_text(
            json.dumps(measured | {"indicator": f"{service}.availability"})
        )


def judge(times: int) -> dict[str, object]:
    """Seconds of processor time for so many verdicts at each stage, on the evidence of `upheld demo`."""
    from upheld.core.criterion import Stage  # noqa: PLC0415  # writing needs none of it
    from upheld.core.judge import judge as judged  # noqa: PLC0415
    from upheld.project.load import load  # noqa: PLC0415
    from upheld.wiring import Workspace, native_indicators  # noqa: PLC0415

    workspace = Workspace(project=load(SAMPLE, native=native_indicators(), cache=False), store=None)
    readings = workspace.read([SAMPLE / "evidence"], workspace.request())
    evidence = workspace.named([e for reading in readings for e in reading.evidence])
    criterion = workspace.catalogue.criteria["REQ-LAT-001.c1"]
    given: Counter[str] = Counter()
    started = time.process_time()
    for _ in range(times):
        given.update(judged(criterion, stage, evidence, at=AT).state.value for stage in Stage)
    return {"seconds": time.process_time() - started, "verdicts": given}


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    if word == "write":
        write(Path(rest[0]), int(rest[1]))
    else:
        print(json.dumps(judge(int(rest[0]))))
