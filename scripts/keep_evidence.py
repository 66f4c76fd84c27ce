"""Keep what the last test run showed, so that a fresh clone can show it too.

    .venv/bin/python scripts/keep_evidence.py build/evidence benchmarks/results/tests.json
    .venv/bin/python scripts/keep_evidence.py reference/build reference/evidence/tests.json reference

Only the records that the project's own criteria ask for are kept, each with its subject, its source's digest and its time. They lie
in a folder that is no part of the subject, so that committing them changes nothing of what they were measured on.
"""

import json
import sys
from pathlib import Path

from upheld.core.evidence import encode
from upheld.wiring import open_workspace

ROOT = Path(__file__).resolve().parent.parent


def main(folder: Path, target: Path, project: Path = ROOT) -> None:
    """Read the reports with their records beside them and write one list of evidence records."""
    workspace = open_workspace(project, store=False, reports=[folder])
    wanted = {c.indicator.name for c in workspace.catalogue.criteria.values()}
    wanted |= {s.sentence.indicator for g in workspace.catalogue.gates.values() for s in g.criteria if s.sentence}
    records = [
        encode(e)
        for reading in workspace.read([folder], workspace.request())
        for e in reading.evidence
        if e.statistic is not None and e.indicator in wanted and e.subject
    ]
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(records)} records kept in {target}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
