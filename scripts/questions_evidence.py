"""Measure the questions of joint requirements analysis on the labelled sentences, and write the figures as evidence.

    .venv/bin/python scripts/questions_evidence.py build/evidence

Only sentences that were labelled before their rules were written count (`held` and the blind sets), so that the figure
says something about sentences that nobody has seen.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from upheld.core.evidence import SCHEMA
from upheld.core.questions import questions
from upheld.wiring import source_state

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "core" / "questions_corpus.json"


def measured() -> dict[str, tuple[int, int]]:
    """Indicator to (events, good): gaps labelled and found; quiet sentences and needless questions on them."""
    labelled = found = quiet = needless = 0
    for sentence in json.loads(CORPUS.read_text(encoding="utf-8"))["sentences"]:
        if sentence["set"] == "dev":
            continue
        expected = Counter(gap for gap, _ in sentence["gaps"])
        asked = Counter(q.gap.value for q in questions(sentence["text"]))
        labelled += expected.total()
        found += (expected & asked).total()
        if not expected:
            quiet += 1
            needless += asked.total()
    return {"questions.found": (labelled, found), "questions.needless": (quiet, min(needless, quiet))}


def main(folder: Path) -> None:
    """Write one record per figure."""
    folder.mkdir(parents=True, exist_ok=True)
    subject = source_state(ROOT, [folder]).text
    for indicator, (n, good) in measured().items():
        record = {
            "schema": SCHEMA, "indicator": indicator, "stage": "build", "subject": subject,
            "statistic": {"kind": "share", "n": n, "good": good}, "observed": datetime.now(UTC).isoformat(),
            "producer": {"tool": "scripts/questions_evidence.py"},
        }  # fmt: skip
        (folder / f"{indicator}.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
        print(f"{indicator}: {good} of {n}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
