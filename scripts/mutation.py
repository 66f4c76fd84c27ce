"""Count the changes to our own code that no test notices, and write the count down as evidence.

mutmut changes the core and the readers in one small place at a time; `mutation_trial` runs the tests that reach that
place. A change is killed when a test fails, the interpreter dies, or the tests no longer end; it survives otherwise,
also when no test reaches it. `[tool.mutmut]` in pyproject.toml says what is changed and which tests count.

    scripts/mutation.py                          all of it, from nothing; writes the evidence
    scripts/mutation.py 'upheld.core.quantity*'  one module; writes no evidence
    scripts/mutation.py --survivors              what survived the last time, once more; writes no evidence
    scripts/mutation.py --sample 1000            a random thousand of all; writes the evidence, judged as the sample it is

`mutmut show NAME` prints one change as a diff.
"""

import argparse
import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, walk_mutatable_files

from upheld.sources.repository.subject import Subject
from upheld.wiring import source_state

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
KILLED = {"killed", "timeout", "segfault"}
UNTRIED = "not checked"


def main() -> int:
    """Try the changes, print a table per module, write counts and evidence; 0 when every chosen change was tried."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("only", nargs="*", help="changes by name, * allowed")
    words.add_argument("--survivors", action="store_true", help="only what survived the last time")
    words.add_argument("--sample", type=int, default=0, help="try only so many, chosen at random from all")
    words.add_argument("--seed", type=int, default=0, help="of the sample; the same seed chooses the same changes")
    words.add_argument("--evidence", type=Path, default=ROOT / "build/evidence/mutation.json")
    words.add_argument("--counts", type=Path, default=ROOT / "build/mutation.json")
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="changes tried at the same time")
    options = words.parse_args()

    os.chdir(ROOT)
    everything = not options.only and not options.survivors
    # The subject is taken before the run: half an hour later the tree may be another one.
    measured = source_state(ROOT, [])
    known = states() if options.survivors else {}
    generate(options.jobs, afresh=everything)
    chosen = [
        name
        for name in states()
        if (not options.only or any(fnmatch.fnmatchcase(name, pattern) for pattern in options.only))
        and (not options.survivors or known.get(name, UNTRIED) not in KILLED)
    ]
    if everything and options.sample:
        # Sorted first, so that the choice depends on the seed and the source alone.
        chosen = random.Random(options.seed).sample(sorted(chosen), min(options.sample, len(chosen)))  # noqa: S311
    if not chosen:
        print("no change has that name; mutmut names them upheld.core.quantity.x_parse__mutmut_1", file=sys.stderr)
        return 2
    tried = attempt(chosen, options.jobs)
    found = {name: state for name, state in states().items() if name in set(chosen)}
    table(found)
    if not tried:
        return 1
    if everything:
        record(options.counts, options.evidence, found, measured, sampled=bool(options.sample))
    return 0


def generate(jobs: int, *, afresh: bool) -> None:
    """Write the changed sources and copy what the tests need into `mutants`."""
    # A verdict is worth nothing once a test has changed; and a test that was removed would still lie there.
    shutil.rmtree(MUTANTS if afresh else MUTANTS / "tests", ignore_errors=True)
    MUTANTS.mkdir(exist_ok=True)
    set_mutant_under_test("mutant_generation")
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(jobs)


def attempt(chosen: list[str], jobs: int) -> bool:
    """Try the chosen changes and keep what became of them where mutmut keeps it; False when the run was cut short."""
    (MUTANTS / "plan.json").write_text(json.dumps({"jobs": jobs, "changes": chosen}), "utf-8")
    (MUTANTS / "outcome.json").unlink(missing_ok=True)
    environment = os.environ | {
        "HYPOTHESIS_PROFILE": "mutation",
        "MUTANT_UNDER_TEST": "",
        # The changed sources come before the ones that are installed.
        "PYTHONPATH": os.pathsep.join([str(MUTANTS / "src"), str(ROOT / "scripts")]),
        "OPENBLAS_NUM_THREADS": "1",
        "UPHELD_SHARED": os.environ.get("UPHELD_SHARED", str(ROOT.parent / "shared")),
    }
    tests = [folder for folder in config().pytest_add_cli_args_test_selection if (MUTANTS / folder).exists()]
    words = ["-q", "--capture=no", "--tb=no", "-p", "mutation_trial", *config().pytest_add_cli_args, *tests]
    run = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=MUTANTS, env=environment, check=False)
    if not (MUTANTS / "outcome.json").exists():
        return False
    outcome = json.loads((MUTANTS / "outcome.json").read_text("utf-8"))
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        data.exit_code_by_key |= {name: outcome[name] for name in data.exit_code_by_key if name in outcome}
        data.save()
    return run.returncode == 0 and set(chosen) <= set(outcome)


def states() -> dict[str, str]:
    """Every change by name with what became of it."""
    found: dict[str, str] = {}
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        found |= {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}
    return found


def table(found: Mapping[str, str]) -> None:
    """Print one line per module: how many changes, and the share killed."""
    modules: dict[str, Counter[str]] = {}
    for name, state in found.items():
        modules.setdefault(name.rpartition(".")[0], Counter())[state] += 1
    for module, counts in sorted(modules.items()):
        killed = sum(counts[state] for state in KILLED)
        rest = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()) if state not in KILLED)
        print(f"{module:40} {killed:5} of {counts.total():5}  {killed / counts.total():6.1%}  {rest}")


def record(counts: Path, evidence: Path, found: Mapping[str, str], measured: Subject, *, sampled: bool) -> None:
    """Write the counts with the names of the survivors, and the share killed as evidence."""
    states = Counter(found.values())
    total, killed = states.total(), sum(states[state] for state in KILLED)
    write(
        counts,
        {
            "killed": states["killed"],
            "survived": total - killed,
            "timeout": killed - states["killed"],
            "total": total,
            "survivors": sorted(name for name, state in found.items() if state not in KILLED),
        },
    )
    write(
        evidence,
        {
            "schema": "upheld/evidence/v1",
            "indicator": "mutation.killed",
            "stage": "build",
            "subject": measured.text,
            "observed": datetime.now(UTC).isoformat(timespec="seconds"),
            "statistic": {"kind": "share", "n": total, "good": killed},
            "producer": {"tool": "mutmut", "version": version("mutmut"), "commit": measured.commit},
            "notes": [
                *(f"{count} {state}" for state, count in sorted(states.items())),
                "a random sample of all changes" if sampled else "all changes",
            ],
        },
    )
    print(f"{killed} of {total} killed ({killed / total:.1%}); written to {evidence}")


def write(path: Path, record: Mapping[str, object]) -> None:
    """Write a record as JSON that a person can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
