"""Count the changes to our own code that no test notices, and write the count down as evidence.

mutmut changes the core and the readers in one small place at a time and runs the tests that reach that place. A change
is killed when a test fails, the interpreter dies, or the tests no longer end; it survives otherwise, also when no test
reaches it. `[tool.mutmut]` in pyproject.toml says what is changed and which tests count.

    scripts/mutation.py                          all of it, from nothing; writes the evidence
    scripts/mutation.py 'upheld.core.quantity*'  one module, keeping what is known of the others; writes no evidence
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from upheld.sources.repository.subject import working_subject

ROOT = Path(__file__).resolve().parent.parent
MUTMUT = Path(sys.executable).with_name("mutmut")
KILLED = {"killed", "timeout", "segfault"}
# What the answer leaves out of the total: nothing was changed, or the change was never tried.
UNCOUNTED = {"skipped"}
UNTRIED = {"not checked", "check was interrupted by user"}


def main() -> int:
    """Run mutmut, print a table per module, write counts and evidence; 0 when every change was tried."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("only", nargs="*", help="mutants by name, * allowed; leaves the evidence alone")
    words.add_argument("--evidence", type=Path, default=ROOT / "build/evidence/mutation.json")
    words.add_argument("--counts", type=Path, default=ROOT / "build/mutation.json")
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="tests in parallel")
    options = words.parse_args()

    os.chdir(ROOT)
    if not options.only:
        # mutmut keeps verdicts of unchanged functions although the tests may have changed: start from nothing.
        shutil.rmtree("mutants", ignore_errors=True)
    environment = os.environ | {
        "HYPOTHESIS_PROFILE": "mutation",
        "UPHELD_SHARED": os.environ.get("UPHELD_SHARED", str(ROOT.parent / "shared")),
    }
    # The subject is taken before the run: half an hour later the tree may be another one.
    subject = working_subject(ROOT)
    run = subprocess.run(
        [MUTMUT, "run", "--max-children", str(options.jobs), *options.only], env=environment, check=False
    )
    if run.returncode:
        return run.returncode

    found = results()
    states = Counter(found.values())
    show(found)
    untried = sum(states[state] for state in UNTRIED)
    if untried and not options.only:
        print(f"{untried} changes were not tried; run it again", file=sys.stderr)
        return 1
    total = sum(states.values()) - sum(states[state] for state in UNCOUNTED | UNTRIED)
    killed = sum(states[state] for state in KILLED)
    if options.only:
        return 0
    write(
        options.counts,
        {
            "killed": states["killed"],
            "survived": states["survived"] + states["no tests"] + states["suspicious"],
            "timeout": states["timeout"] + states["segfault"],
            "total": total,
            "survivors": sorted(name for name, state in found.items() if state not in KILLED | UNCOUNTED),
        },
    )
    write(
        options.evidence,
        {
            "schema": "upheld/evidence/v1",
            "indicator": "mutation.killed",
            "stage": "build",
            "subject": subject.text,
            "observed": datetime.now(UTC).isoformat(timespec="seconds"),
            "statistic": {"kind": "share", "n": total, "good": killed},
            "producer": {"tool": "mutmut", "version": version("mutmut"), "commit": subject.commit},
            "notes": [f"{count} {state}" for state, count in sorted(states.items())],
        },
    )
    print(f"{killed} of {total} killed ({killed / total:.1%}); written to {options.evidence}")
    return 0


def results() -> dict[str, str]:
    """Every change by name with what became of it, as mutmut lists them."""
    listing = subprocess.run([MUTMUT, "results", "--all", "true"], capture_output=True, text=True, check=True).stdout
    pairs = (line.strip().rpartition(": ") for line in listing.splitlines() if "__mutmut_" in line)
    return {name: state for name, _, state in pairs}


def show(found: dict[str, str]) -> None:
    """Print one line per module: how many changes, and the share killed."""
    modules: dict[str, Counter[str]] = {}
    for name, state in found.items():
        modules.setdefault(name.rpartition(".")[0], Counter())[state] += 1
    print()
    for module, states in sorted(modules.items()):
        tried = sum(states.values()) - sum(states[state] for state in UNCOUNTED | UNTRIED)
        killed = sum(states[state] for state in KILLED)
        rest = ", ".join(f"{count} {state}" for state, count in sorted(states.items()) if state not in KILLED)
        share = f"{killed / tried:6.1%}" if tried else "     -"
        print(f"{module:40} {killed:5} of {tried:5} {share}  {rest}")


def write(path: Path, record: dict[str, object]) -> None:
    """Write a record as JSON that a person can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
