"""Measure speed and size, ours and the peers' in the same run, and keep the figures as evidence.

    python benchmarks/run.py                    everything; writes benchmarks/results and docs/benchmarks.md
    python benchmarks/run.py lint help          only these
    python benchmarks/run.py --size 50 --results FOLDER      a trial at a hundredth of the size

The peers are installed into build/peers once. Where that fails, what needs them is not measured, and no evidence of it
is written. A figure is the median of its rounds; memory is the largest of them.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from statistics import median

from processes import YARDSTICK, Cost, Probe, RunError, alternate, environment, middle, ratio

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCES = ROOT / "src"
FULL = 5_000  # requirement files; everything else is in proportion
UPHELD = (sys.executable, "-c", "from upheld.cli import main; main()")
NOW = "2026-11-22T12:00:00Z"  # of the small project, so that its verdicts stay what they are
CHECK = (*UPHELD, "check", "merge", "--evidence", "reports", "--at", NOW)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number: the median of the rounds, unless `value` says otherwise, and what it was made of."""

    indicator: str
    unit: str
    rounds: Sequence[float]
    value: float | None = None
    about: Mapping[str, float | str] = field(default_factory=dict)
    producer: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> float:
        """The number that counts, to four digits: the rest is noise."""
        return float(f"{median(self.rounds) if self.value is None else self.value:.4g}")


class MissingError(Exception):
    """Something that a measurement needs is not there."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One run: how large, how often, and where things lie."""

    size: int
    rounds: int
    tell: Callable[[str], object] = print

    @cached_property
    def folder(self) -> Path:
        """Where what is measured on is made, once per size and generator."""
        made_by = b"".join(
            (HERE / name).read_bytes() for name in ("definitions.py", "reports.py", "project.py", "pages.py")
        )
        return ROOT / "build" / "bench" / f"{self.size}-{blake2b(made_by, digest_size=4).hexdigest()}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of what is measured: this tree, whatever is installed."""
        return environment(SOURCES)

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """A file or folder that is made on first use, whole or not at all."""
        path = self.folder / name
        if not path.exists():
            self.tell(f"  making {name}")
            self.folder.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f"half-{name}")
            _remove(half)
            make(half)
            half.rename(path)
        return path

    def measure(self, probes: Sequence[Probe], *, rounds: int | None = None) -> dict[str, list[Cost]]:
        """All probes in turn."""
        return alternate(probes, rounds or self.rounds, settings=self.settings, tell=self.tell)

    def definitions(self, kind: str, *, times: int = 1) -> Path:
        """A project of one kind in its own git repository."""
        count = self.size * times

        def make(path: Path) -> None:
            _python(HERE / "definitions.py", str(count), path, kind)
            (path / ".gitignore").write_text(".upheld/\n_build/\n")
            _committed(path)

        return self.made(f"{kind}-{count}", make)

    @cached_property
    def peers(self) -> Path:
        """The folder of the peers' programs, installed on first use."""
        wanted, folder = HERE / "peers.txt", ROOT / "build" / "peers"
        stamp = folder / "installed.txt"
        if not stamp.exists() or stamp.read_bytes() != wanted.read_bytes():
            self.tell("  installing the peers")
            _remove(folder)
            try:
                _quietly([sys.executable, "-m", "venv", folder])
                _quietly([folder / "bin/python", "-m", "pip", "install", "--no-input", "--requirement", wanted])
            except RunError as error:
                last = str(error).strip().splitlines()[-1:]
                raise MissingError(f"the peers could not be installed ({' '.join(last)})") from None
            shutil.copyfile(wanted, stamp)
        return folder / "bin"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _quietly(command: Sequence[str | Path], *, folder: Path | None = None, sources: Path | None = None) -> str:
    answer = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment(sources),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise RunError(f"{command[0]} ended with status {answer.returncode}: {answer.stdout}{answer.stderr}")
    return answer.stdout


def _python(*words: str | Path) -> str:
    """Run a script of ours in its own process, so that its memory is not taken for that of what is measured next."""
    return _quietly([sys.executable, *words], sources=SOURCES)


def _committed(folder: Path) -> None:
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com", "-c", "commit.gpgsign=false")
    # A packing in the background would take files away while the folder is copied, and CPU while it is measured.
    alone = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")
    for words in (["init", "--quiet"], ["add", "--all"], [*who, *alone, "commit", "--quiet", "--message", "Add"]):
        _quietly(["git", *words], folder=folder)


# ── What is measured ─────────────────────────────────────────────────────────────────────────────────────────────────


def lint(bench: Bench) -> list[Figure]:
    """`upheld lint` on projects in order: cold, with one file changed, four times as large; and full of faults."""
    small, large = bench.definitions("upheld"), bench.definitions("upheld", times=4)
    faulty = bench.definitions("upheld-faulty")
    found = bench.measure(
        [
            _cold("cold", small), _warm("warm", bench.made("warm", lambda path: shutil.copytree(small, path))),
            _cold("cold, four times", large),
            _warm("warm, four times", bench.made("warm-large", lambda path: shutil.copytree(large, path))),
            _cold("cold, faults", faulty, statuses=(0, 1)),
        ]
    )  # fmt: skip
    yard = _yard(found)
    growth = {name: ratio(found[f"{name}, four times"], found[name]) for name in ("cold", "warm")}
    steeper = max(growth, key=lambda name: median(growth[name]))
    about = {"files": bench.size, "findings": 0, **yard}
    memory = [cost.memory for cost in found["cold"]]
    return [
        Figure(indicator="bench.lint-cold", unit="s", rounds=_cpu(found["cold"]), about=about),
        Figure(indicator="bench.lint-warm", unit="s", rounds=_cpu(found["warm"]), about=about | {"changed": 1}),
        Figure(indicator="bench.lint-memory", unit="MB", rounds=memory, value=max(memory), about=about),
        Figure(
            indicator="bench.lint-growth", unit="", rounds=growth[steeper],
            about=about | {"files": 4 * bench.size, "to": bench.size}
            | {name: float(f"{median(each):.4g}") for name, each in growth.items()},
        ),
        Figure(
            indicator="bench.lint-faults", unit="s", rounds=_cpu(found["cold, faults"]),
            about=about | {"findings": _findings(faulty)},
        ),
    ]  # fmt: skip


def peers(bench: Bench) -> list[Figure]:
    """The same content checked by us and by two peers; all without anything kept from an earlier run."""
    ours, programs = bench.definitions("upheld"), bench.peers
    pages = bench.definitions("sphinx-needs")
    documents = bench.made("doorstop", lambda path: _documents(path, bench.size, programs))
    found = bench.measure(
        [
            _cold("upheld", ours),
            Probe(
                name="sphinx-needs", command=(programs / "sphinx-build", "-q", "-b", "needs", ".", "_build"), folder=pages,
                prepare=lambda: _remove(pages / "_build"),
            ),
            Probe(name="doorstop", command=(programs / "doorstop", "-F"), folder=documents),
        ]
    )  # fmt: skip
    needs = json.loads((pages / "_build" / "needs.json").read_bytes())
    if (seen := sum(len(version["needs"]) for version in needs["versions"].values())) != bench.size:
        raise RunError(f"sphinx-needs saw {seen} of {bench.size} requirements")
    return [
        Figure(
            indicator=f"bench.lint-to-{peer}", unit="", rounds=ratio(found["upheld"], found[peer]),
            about={
                "files": bench.size, "upheld": f"{middle(found['upheld']):.3g} s", peer: f"{middle(found[peer]):.3g} s",
                "memory": f"{max(c.memory for c in found['upheld']):.0f} MB against"
                f" {max(c.memory for c in found[peer]):.0f} MB",
                **_yard(found),
            },
            producer={peer: _version(peer)},
        )
        for peer in ("sphinx-needs", "doorstop")
    ]  # fmt: skip


def help_(bench: Bench) -> list[Figure]:
    """`upheld --help`, beside a Python that does nothing."""
    found = bench.measure(
        [
            Probe(name="help", command=(*UPHELD, "--help"), folder=ROOT),
            Probe(name="python", command=(sys.executable, "-c", "pass"), folder=ROOT),
        ],
        rounds=3 * bench.rounds,
    )
    about = {"python": f"{1000 * middle(found['python']):.0f} ms", **_yard(found)}
    return [Figure(indicator="bench.help-cpu", unit="ms", rounds=[1000 * c for c in _cpu(found["help"])], about=about)]


def junit(bench: Bench) -> list[Figure]:
    """Our reader in a process beside a process with two handlers that count outcomes."""
    cases = 40 * bench.size
    report = bench.made("junit.xml", lambda path: _python(HERE / "reports.py", "junit", str(cases), path))
    found = bench.measure(
        [
            Probe(name=word, command=(sys.executable, HERE / "reports.py", word, report), folder=ROOT)
            for word in ("read", "handlers")
        ]
    )
    about = {
        "cases": cases, "size": f"{report.stat().st_size / 1e6:.0f} MB", "reader": f"{middle(found['read']):.3g} s",
        "handlers": f"{middle(found['handlers']):.3g} s", **_yard(found),
    }  # fmt: skip
    memory = [cost.memory for cost in found["read"]]
    return [
        Figure(indicator="bench.junit-ratio", unit="", rounds=ratio(found["read"], found["handlers"]), about=about),
        Figure(indicator="bench.junit-memory", unit="MB", rounds=memory, value=max(memory), about=about),
    ]


def sarif(bench: Bench) -> list[Figure]:
    """Our reader in a process of its own."""
    results = 20 * bench.size
    log = bench.made("log.sarif", lambda path: _python(HERE / "reports.py", "sarif", str(results), path))
    found = bench.measure([Probe(name="read", command=(sys.executable, HERE / "reports.py", "read", log), folder=ROOT)])
    about = {"results": results, "size": f"{log.stat().st_size / 1e6:.0f} MB", **_yard(found)}
    memory = [cost.memory for cost in found["read"]]
    return [
        Figure(indicator="bench.sarif-cpu", unit="s", rounds=_cpu(found["read"]), about=about),
        Figure(indicator="bench.sarif-memory", unit="MB", rounds=memory, value=max(memory), about=about),
    ]


def cyclonedx(bench: Bench) -> list[Figure]:
    """Our reader in a process of its own, on a bill of materials with four parts to each requirement."""
    parts = 4 * bench.size
    bill = bench.made("bom.json", lambda path: _python(HERE / "reports.py", "cyclonedx", str(parts), path))
    found = bench.measure(
        [Probe(name="read", command=(sys.executable, HERE / "reports.py", "read", bill), folder=ROOT)]
    )
    about = {"parts": parts, "size": f"{bill.stat().st_size / 1e6:.0f} MB", **_yard(found)}
    return [Figure(indicator="bench.cyclonedx-cpu", unit="s", rounds=_cpu(found["read"]), about=about)]


def reqif(bench: Bench) -> list[Figure]:
    """A ReqIF document with two objects to each requirement: read, planned and patched in a process of its own."""
    objects = 2 * bench.size
    document = bench.made("spec.reqif", lambda path: _python(HERE / "reports.py", "reqif", str(objects), path))
    command = (sys.executable, HERE / "reports.py", "exchange", document)
    found = bench.measure([Probe(name="exchange", command=command, folder=ROOT)])
    about = {"objects": objects, "size": f"{document.stat().st_size / 1e6:.0f} MB", **_yard(found)}
    return [Figure(indicator="bench.reqif-cpu", unit="s", rounds=_cpu(found["exchange"]), about=about)]


def check(bench: Bench) -> list[Figure]:
    """`upheld check` of one gate on a small project, its reports and its git; and verdicts per second."""
    folder = bench.made("check", lambda path: _small(path, bench.size))
    probe = Probe(
        name="check", command=CHECK, folder=folder, statuses=(0, 1, 3),
        prepare=lambda: _remove(folder / ".upheld"),
    )  # fmt: skip
    found = bench.measure([probe])
    gate = json.loads(_checked(folder))
    speeds = [
        json.loads(_python(HERE / "project.py", "judge", str(max(1, bench.size // 250)))) for _ in range(bench.rounds)
    ]
    verdicts = [sum(speed["verdicts"].values()) / speed["seconds"] for speed in speeds]
    return [
        Figure(
            indicator="bench.check-small", unit="s", rounds=_cpu(found["check"]),
            about={"criteria": len(gate["criteria"]), "verdict": gate["verdict"], **_yard(found)},
        ),
        Figure(
            indicator="bench.verdicts", unit="/s", rounds=verdicts,
            about={"evidence": "the sample of upheld demo", **speeds[0]["verdicts"], **_yard(found)},
        ),
    ]  # fmt: skip


def weigh(bench: Bench) -> list[Figure]:
    """The share of all weightings in which each of six options is first; 20 draws for each requirement file."""
    draws = 20 * bench.size
    runs = [json.loads(_python(HERE / "weigh.py", str(draws))) for _ in range(bench.rounds)]
    about = {"draws": draws, "options": len(runs[0]["first"])}
    return [Figure(indicator="bench.weigh", unit="s", rounds=[run["seconds"] for run in runs], about=about)]


def pages(bench: Bench) -> list[Figure]:
    """The report of all promises as one HTML file, and the server's board of them, with evidence at every stage."""
    project = _evident(bench)
    drawn = [json.loads(_python(HERE / "pages.py", "judge", project)) for _ in range(min(3, bench.rounds))]
    board = [json.loads(_python(HERE / "pages.py", "board", project)) for _ in range(min(3, bench.rounds))]
    about = {"promises": drawn[0]["criteria"]}
    return [
        Figure(
            indicator="bench.report-drawn", unit="s", rounds=[d["drawn"] for d in drawn],
            about=about | {"judging them": f"{median(d['judged'] for d in drawn):.3g} s",
                           "reading them": f"{median(d['read'] for d in drawn):.3g} s"},
        ),
        Figure(indicator="bench.report-size", unit="MB", rounds=[d["bytes"] / 1e6 for d in drawn], about=about),
        Figure(
            indicator="bench.board-cpu", unit="ms", rounds=[max(b["board"], b["filtered"]) for b in board],
            about=about | {"lines": board[0]["board-lines"]},
        ),
        Figure(
            indicator="bench.board-size", unit="kB", rounds=[b["board-bytes"] / 1e3 for b in board],
            about=about | {"lines": board[0]["board-lines"]},
        ),
    ]  # fmt: skip


def server(bench: Bench) -> list[Figure]:
    """Reads and durable uploads of one server process on SQLite, ten seconds each, and entries sealed a second."""
    seconds = 10 * bench.size / FULL
    runs = [json.loads(_python(HERE / "server.py", str(max(seconds, 0.5)))) for _ in range(min(3, bench.rounds))]
    about = {"connections": 64}
    return [
        Figure(
            indicator="bench.server-reads", unit="/s", rounds=[r["reads"] for r in runs],
            about=about | {"p99": f"{1000 * median(r['reads-p99'] for r in runs):.3g} ms"},
        ),
        Figure(
            indicator="bench.server-uploads", unit="/s", rounds=[r["uploads"] for r in runs],
            about=about | {"p99": f"{1000 * median(r['uploads-p99'] for r in runs):.3g} ms"},
        ),
        Figure(indicator="bench.audit-appends", unit="/s", rounds=[r["sealed"] for r in runs]),
    ]  # fmt: skip


def paint(bench: Bench) -> list[Figure]:
    """The first paint of that file in Chromium."""
    if shutil.which("chromium") is None:
        raise MissingError("Chromium is not installed")
    project = _evident(bench)
    drawn = json.loads(_python(HERE / "pages.py", "judge", project))
    seen = [json.loads(_python(HERE / "pages.py", "paint", project / "report.html")) for _ in range(bench.rounds)]
    about = {"promises": drawn["criteria"], "whole page": f"{median(s['loaded'] for s in seen) / 1000:.3g} s"}
    return [Figure(indicator="bench.report-paint", unit="ms", rounds=[s["first"] for s in seen], about=about)]


def _evident(bench: Bench) -> Path:
    def make(path: Path) -> None:
        _python(HERE / "pages.py", "write", path, str(bench.size))
        _committed(path)

    return bench.made("pages", make)


def forecasts(bench: Bench) -> list[Figure]:
    """Simulated requests, the back-test of a history, and closed forms, each in its own process."""
    script, n = HERE / "forecasts.py", 200 * bench.size
    past = bench.made("history", lambda path: _python(script, "make", path, str(2 * bench.size)))
    found = bench.measure(
        [
            Probe(name="requests", command=(sys.executable, script, "requests", str(n)), folder=ROOT),
            Probe(name="history", command=(sys.executable, script, "history", past), folder=ROOT),
        ]
    )
    told = json.loads(_python(script, "history", past))
    closed = [1000 * float(_python(script, "closed", "50")) for _ in range(bench.rounds)]
    yard = _yard(found)
    return [
        Figure(indicator="bench.simulated", unit="s", rounds=_cpu(found["requests"]), about={"requests": n, "steps": 5, **yard}),
        Figure(indicator="bench.back-test", unit="s", rounds=_cpu(found["history"]), about={**told, **yard}),
        Figure(indicator="bench.closed-form", unit="ms", rounds=closed, about={"workers": 300, **yard}),
    ]  # fmt: skip


def honesty(bench: Bench) -> list[Figure]:
    """False greens among poisoned inputs, and healthy twins that are met, in percent; docs/honesty.md is written anew."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    counts = bench.folder / "honesty.json"
    _python(HERE / "honesty" / "run.py", "--json", counts)
    told = json.loads(counts.read_text(encoding="utf-8"))
    about = {"pairs": told["pairs"]}
    return [
        Figure(indicator="honesty.false-greens", unit="", rounds=[told["false_greens"]], about=about),
        Figure(indicator="honesty.twins-met", unit="%", rounds=[100 * told["twins_met"] / told["pairs"]], about=about),
    ]


MEASUREMENTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "help": help_, "lint": lint, "peers": peers, "junit": junit, "sarif": sarif, "cyclonedx": cyclonedx,
    "reqif": reqif, "check": check,
    "weigh": weigh, "forecasts": forecasts, "pages": pages, "paint": paint, "server": server, "honesty": honesty,
}  # fmt: skip


# ── How it is measured ───────────────────────────────────────────────────────────────────────────────────────────────


def _cold(name: str, folder: Path, *, statuses: tuple[int, ...] = (0,)) -> Probe:
    return Probe(
        name=name,
        command=(*UPHELD, "lint"),
        folder=folder,
        statuses=statuses,
        prepare=lambda: _remove(folder / ".upheld"),
    )


def _warm(name: str, folder: Path) -> Probe:
    files = sorted((folder / "requirements").glob("*.md"))

    def change_one() -> None:
        """Another file each time, so that its content is new to the cache."""
        if not (folder / ".upheld" / "cache").exists():
            _quietly([*UPHELD, "lint"], folder=folder, sources=SOURCES)
        count = folder / ".git" / "changes"
        number = int(count.read_text()) + 1 if count.exists() else 1
        count.write_text(str(number))
        file = files[number * 7919 % len(files)]
        file.write_text(f"{file.read_text()}It shall do so for the {number}th time as for the first.\n")

    return Probe(name=name, command=(*UPHELD, "lint"), folder=folder, prepare=change_one)


def _findings(folder: Path) -> int:
    answer = subprocess.run(
        [*UPHELD, "lint", "--format", "json"], cwd=folder, env=environment(SOURCES), capture_output=True, check=False
    )
    return len(json.loads(answer.stdout)["findings"])


def _documents(path: Path, count: int, programs: Path) -> None:
    """Doorstop documents whose links are cleared and whose items are reviewed, so that only checking is left."""
    _python(HERE / "definitions.py", str(count), path, "doorstop")
    _quietly(["git", "init", "--quiet"], folder=path)
    for word in ("clear", "review"):
        _quietly([programs / "doorstop", word, "all"], folder=path)
    _committed(path)


def _small(path: Path, size: int) -> None:
    _python(HERE / "project.py", "write", path, str(min(20, size)))
    _committed(path)
    given = sorted(str(file.relative_to(path)) for file in (path / "reports").iterdir())
    words = ["evidence", "--record", "--environment", "staging", "--observed", NOW, *given]
    _quietly([*UPHELD, *words], folder=path, sources=SOURCES)
    _remove(path / ".upheld")


def _checked(folder: Path) -> str:
    words = [*CHECK, "--format", "json"]
    return subprocess.run(
        words, cwd=folder, env=environment(SOURCES), capture_output=True, text=True, check=False
    ).stdout


def _cpu(costs: Sequence[Cost]) -> list[float]:
    return [cost.cpu for cost in costs]


def _yard(found: Mapping[str, Sequence[Cost]]) -> dict[str, float | str]:
    return {"yardstick": f"{middle(found[YARDSTICK.name]):.3g} s"}


def _version(package: str) -> str:
    pins = dict(line.split("==") for line in (HERE / "peers.txt").read_text().splitlines() if "==" in line)
    return pins[package]


# ── Evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_STATE = """
import json
from pathlib import Path
from upheld import __version__
from upheld.wiring import source_state
state = source_state(Path("."), [])
print(json.dumps({"subject": state.text, "commit": state.commit, "dirty": state.dirty, "version": __version__}))
"""


def _state() -> dict[str, str]:
    """What is measured, asked in a process of its own."""
    return json.loads(_quietly([sys.executable, "-c", _STATE], folder=ROOT, sources=SOURCES))


def _machine() -> str:
    """The kind of machine; never its name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} × {model}, {platform.system()}"


def record(figure: Figure, state: Mapping[str, str], observed: datetime) -> dict[str, object]:
    """One figure as an evidence record."""
    digits = [float(f"{value:.4g}") for value in figure.rounds]
    unit = {"unit": figure.unit} if figure.unit else {}
    return {
        "schema": "upheld/evidence/v1",
        "indicator": figure.indicator,
        "stage": "build",
        "subject": state["subject"],
        "observed": observed.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "statistic": {"kind": "level", "value": figure.shown, **unit},
        "conditions": {"runs": len(digits), "min": min(digits), "max": max(digits), **figure.about},
        "producer": {
            "tool": "make bench", "version": state["version"], "commit": state["commit"],
            "python": platform.python_version(), "machine": _machine(), **figure.producer,
        },
    }  # fmt: skip


def main() -> int:
    """Measure what is asked for; 1 when something that could be measured could not be written down."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("only", nargs="*", choices=[[], *MEASUREMENTS], help=f"of {', '.join(MEASUREMENTS)}")
    words.add_argument("--size", type=int, default=FULL, help="requirement files; all else in proportion")
    words.add_argument("--rounds", type=int, default=5, help="how often each is measured after the warm-up")
    words.add_argument(
        "--results", type=Path, help="where a trial's evidence goes (all of it at full size: benchmarks/results)"
    )
    options = words.parse_args()
    results = options.results or (HERE / "results" if options.size == FULL else None)

    state = _state()
    if state["dirty"]:
        print("note: the source has changes that are not committed; commit them, or no commit has these figures")
    bench = Bench(size=options.size, rounds=options.rounds)
    figures: list[Figure] = []
    for name in options.only or MEASUREMENTS:
        print(name)
        try:
            figures += MEASUREMENTS[name](bench)
        except MissingError as error:
            print(f"{name}: not measured: {error}; no evidence of it is written")
    for figure in figures:
        low, high = min(figure.rounds), max(figure.rounds)
        print(f"{figure.indicator:<28} {figure.shown:>8g} {figure.unit:<3} ({low:.3g} to {high:.3g})")
    if results is None or not figures:
        return 0
    if options.results is None and _state()["subject"] != state["subject"]:
        print("the source changed while it was measured: nothing is written", file=sys.stderr)
        return 1
    results.mkdir(parents=True, exist_ok=True)
    for figure in figures:
        document = record(figure, state, datetime.now(UTC))
        path = results / f"{figure.indicator}.json"
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written to {results}")
    if options.results is None:
        (ROOT / "docs" / "benchmarks.md").write_text(_python(HERE / "page.py"), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
