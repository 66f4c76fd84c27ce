"""The honesty bench: what its cases promise, and that the published table is the one that was measured."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.upheld("REQ-HON-001")
ROOT = Path(__file__).parents[2]
COUNT = """
import sys; sys.path.insert(0, 'benchmarks/honesty')
from cases import every
cases = every()
assert len(cases) >= 100, len(cases)
assert len({(c.format.name, c.name) for c in cases}) == len(cases), 'a case stands twice'
assert all(c.poison.files != c.twin.files or c.poison != c.twin for c in cases), 'a poisoned input is its twin'
first = [(c.name, dict(c.poison.files), dict(c.twin.files)) for c in cases]
assert first == [(c.name, dict(c.poison.files), dict(c.twin.files)) for c in every()], 'not the same bytes again'
"""
JUDGE = """
import sys, tempfile; sys.path.insert(0, 'benchmarks/honesty')
from pathlib import Path
from cases import every
from upheld_judge import lay_out, verdict
wrong = []
with tempfile.TemporaryDirectory() as name:
    for i, case in enumerate(every()):
        for healthy, given in ((False, case.poison), (True, case.twin)):
            folder = Path(name, f'{i}-{healthy}')
            lay_out(case, given, folder)
            state, why = verdict(folder)
            if (state == 'met') != healthy:
                wrong.append((case.format.name, case.name, 'twin' if healthy else 'poison', state, why))
false = [w for w in wrong if w[2] == 'poison']
assert not false, false
assert len(wrong) <= 2, wrong
"""


def run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_there_are_at_least_a_hundred_different_pairs_with_the_same_bytes_every_time():
    run(COUNT)


@pytest.mark.slow
def test_no_poisoned_input_is_met_and_nearly_every_twin_is():
    run(JUDGE)


def test_the_published_table_names_every_case_and_no_false_green_of_ours():
    page = (ROOT / "docs/honesty.md").read_text(encoding="utf-8")
    ours = re.search(r"\| \*\*Upheld\*\* \| \*\*(\d+)\*\* \| (\d+) \| \*\*(\d+)\*\* \| (\d+) \|", page)
    assert ours is not None
    false, poisoned, met, twins = map(int, ours.groups())
    assert (false, poisoned) == (0, twins)
    assert poisoned >= 100
    assert met >= 0.98 * twins
    rows = [line for line in page.partition("## Every poisoned input")[2].splitlines() if line.startswith("| ")]
    assert len(rows) == poisoned + 1
    assert not any(line.split("|")[3].strip() == "met" for line in rows)
