"""The honesty bench: how often a checker says green where nothing, or the wrong thing, was shown.

    python benchmarks/honesty/run.py            judge, write docs/honesty.md and the figures as evidence
    python benchmarks/honesty/run.py --show     only print what Upheld says of each case

Two numbers count, and only together: false greens among the poisoned inputs, and healthy twins that are green.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cases import Case, every
from upheld_judge import lay_out, verdict

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "build" / "honesty"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One input as everybody judged it: checker → green."""

    case: Case
    healthy: bool
    upheld: str
    why: str
    peers: Mapping[str, bool]


def judge() -> list[Judged]:
    """Lay every input out and ask everybody."""
    from peers import ask  # noqa: PLC0415 - installs what is missing only when it is asked

    shutil.rmtree(WORK, ignore_errors=True)
    laid: list[tuple[Case, bool, Path]] = []
    for i, case in enumerate(every()):
        for healthy, given in ((False, case.poison), (True, case.twin)):
            folder = WORK / f"{i:03}-{'twin' if healthy else 'poison'}"
            lay_out(case, given, folder)
            laid.append((case, healthy, folder))
    asked = [i for i, (case, healthy, _) in enumerate(laid) if healthy or case.poison.peers]
    answers = dict(zip(asked, ask([(laid[i][0], laid[i][2] / "evidence") for i in asked]), strict=True))
    found = []
    for i, (case, healthy, folder) in enumerate(laid):
        state, why = verdict(folder)
        found.append(Judged(case=case, healthy=healthy, upheld=state, why=why, peers=answers.get(i, {})))
    return found


def page(found: Sequence[Judged], labels: Mapping[str, str]) -> str:
    """`docs/honesty.md`."""
    poisoned = [j for j in found if not j.healthy]
    twins = [j for j in found if j.healthy]
    lines = [
        "# The honesty bench", "",
        "<!-- Written by benchmarks/honesty/run.py (`make bench ONLY=honesty`). -->", "",
        f"{len(poisoned)} poisoned inputs that must not be green, and a healthy twin of each that must be. A checker that is",
        "never green wins nothing, so both columns count. Each checker is asked only about inputs that it reads; none of them",
        "is told the commit, the age or the environment of a file, because none of them asks.", "",
        "| checker | false greens | of | twins green | of |", "|---|---:|---:|---:|---:|",
        f"| **Upheld** | **{_green(poisoned)}** | {len(poisoned)} | **{_green(twins)}** | {len(twins)} |",
    ]  # fmt: skip
    for name, label in labels.items():
        bad, good = ([j for j in side if name in j.peers] for side in (poisoned, twins))
        if bad or good:
            lines.append(
                f"| {label} | {sum(j.peers[name] for j in bad)} | {len(bad)} | {sum(j.peers[name] for j in good)} | {len(good)} |"
            )
        else:
            lines.append(f"| {label} | not installed here | | | |")
    lines += ["", "“Rule” marks a rule that was taken from a tool's documentation or from a usual pipeline script and is computed by",
              "the bench; the others are the tools themselves. A tool that is not meant to notice a fault is not to blame for it:",
              "the table says what a pipeline that rests on it alone would let through.", "",
              "## Every poisoned input", "", "| format | what is wrong | Upheld says | green elsewhere |", "|---|---|---|---|"]  # fmt: skip
    for j in poisoned:
        why = j.why.split(";")[0].split(":")[0][:60]
        green = ", ".join(labels[name].split(" (")[0] for name, is_green in j.peers.items() if is_green)
        lines.append(f"| {j.case.format.name} | {j.case.name} | {j.upheld}{f' ({why})' if why else ''} | {green} |")
    return "\n".join(lines) + "\n"


def _green(found: Sequence[Judged]) -> int:
    return sum(j.upheld == "met" for j in found)


def main() -> int:
    """Judge, show, write; 1 when Upheld is green where it must not be, or too often not where it must."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--json", type=Path, help="also write the counts to this file")
    words.add_argument("--show", action="store_true", help="print every case, write nothing")
    options = words.parse_args()
    from peers import LABELS  # noqa: PLC0415

    found = judge()
    false = [j for j in found if not j.healthy and j.upheld == "met"]
    lost = [j for j in found if j.healthy and j.upheld != "met"]
    for j in found if options.show else [*false, *lost]:
        print(
            f"{'twin  ' if j.healthy else 'poison'} {j.case.format.name:<13} {j.case.name:<52} {j.upheld:<13} {j.why[:90]}"
        )
    print(f"{len(found) // 2} pairs: {len(false)} false greens, {len(found) // 2 - len(lost)} twins met")
    print(dict(Counter(name for j in found if not j.healthy for name, green in j.peers.items() if green)))
    if options.json:
        counts = {"pairs": len(found) // 2, "false_greens": len(false), "twins_met": len(found) // 2 - len(lost)}
        options.json.write_text(json.dumps(counts), encoding="utf-8")
    if not options.show:
        (ROOT / "docs" / "honesty.md").write_text(page(found, LABELS), encoding="utf-8")
    return 1 if false or len(lost) > 2 else 0


if __name__ == "__main__":
    sys.exit(main())
