"""Measure the questions of joint requirements analysis on the labelled sentences, and write the figures as evidence.

    .venv/bin/python scripts/questions_evidence.py build/evidence

Every set but `dev` was labelled before the rules first saw it, and the rules were widened afterwards with what it showed. So
the figure says that nothing has been lost; what to expect on other sentences is the first run of each set, which is printed
beside it and stands in the corpus.
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
    for name, first in json.loads(CORPUS.read_text(encoding="utf-8"))["first-run"].items():
        print("first run of {}: {found} of {gaps} gaps, {needless} needless on {quiet}".format(name, **first))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
