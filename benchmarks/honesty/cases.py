"""A hundred inputs that must not be green, each with a healthy twin that must be: made here, with a fixed seed.

A poisoned input is what a pipeline really hands over on a bad day: nothing, half of it, yesterday's, another commit's, a
crashed tool's, too little of it. A twin is the same input on a good day, so that "always inconclusive" wins nothing.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW, OTHER = "git:now", "git:other"
FRESH, STALE = AT - timedelta(hours=1), AT - timedelta(days=30)
HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
CRASH = b'Traceback (most recent call last):\n  File "runner.py", line 1, in <module>\nMemoryError\n'
Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Input:
    """What a job handed over, and what it said of it: subject, time and environment of each file."""

    files: Files
    subject: str = NOW
    observed: datetime = FRESH
    environment: str = "staging"
    recorded: bool = True
    changed: bool = False  # after it was recorded
    peers: bool = True  # whether others read the fault at all: what is wrong with a record of ours is no table's fault


@dataclass(frozen=True, kw_only=True)
class Format:
    """One sort of report: the promise that it is judged by, and what makes a healthy one."""

    name: str
    file: str
    that: str
    indicator: str = ""  # its definition, where it is the project's own
    binding: str = "{max-age: 7 d}"
    linked: bool = False
    make: Callable[[random.Random], Files]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A poisoned input and its twin."""

    name: str
    format: Format
    poison: Input
    twin: Input


# ── Reports of a good day ────────────────────────────────────────────────────────────────────────────────────────────


def junit(cases: list[str], *, head: str = "") -> bytes:
    """A report with these test cases; the head's attributes are those that are given, else counted."""
    bad = sum("<failure" in c or "<error" in c for c in cases)
    head = head or f'tests="{len(cases)}" failures="{bad}" errors="0" skipped="{sum("<skipped" in c for c in cases)}"'
    body = "".join(cases)
    return f'<?xml version="1.0"?>\n<testsuites {head}><testsuite name="s" {head}>{body}</testsuite></testsuites>\n'.encode()


def one_test(i: int, inside: str = "", link: str = "") -> str:
    """One test case, perhaps linked to a requirement."""
    linked = f'<properties><property name="requirement" value="{link}"/></properties>' if link else ""
    return f'<testcase classname="t" name="test_{i}" time="0.01">{linked}{inside}</testcase>'


def healthy_junit(chance: random.Random) -> Files:
    return {"junit.xml": junit([one_test(i) for i in range(chance.randint(40, 400))])}


def sarif(results: list[dict], *, rules: list[dict] | None = None, run: dict | None = None) -> bytes:
    """A log with one run."""
    driver = {"name": "scanner", "version": "1", "rules": rules or [{"id": "R1"}]}
    one = {"tool": {"driver": driver}, "invocations": [{"executionSuccessful": True}], "results": results} | (run or {})
    return json.dumps({"version": "2.1.0", "runs": [{k: v for k, v in one.items() if v is not None}]}).encode()


def finding(level: str | None = "note", rule: str = "R1", **more: object) -> dict:
    place = {"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}}
    return {
        "ruleId": rule,
        "message": {"text": "m"},
        "locations": [place],
        **({"level": level} if level else {}),
        **more,
    }


def healthy_sarif(chance: random.Random) -> Files:
    return {"scan.sarif": sarif([finding() for _ in range(chance.randint(0, 9))])}


def cobertura(hit: int, missed: int, *, rate: str = "") -> bytes:
    """A report of one class with so many lines."""
    lines = "".join(f'<line number="{i + 1}" hits="{int(i < hit)}"/>' for i in range(hit + missed))
    rate = rate or (f"{hit / (hit + missed):.4f}" if hit + missed else "1")
    return (
        f'<?xml version="1.0"?>\n<coverage line-rate="{rate}" branch-rate="0" version="7" timestamp="1"><packages>'
        f'<package name="p" line-rate="{rate}"><classes><class name="m" filename="m.py" line-rate="{rate}">'
        f"<lines>{lines}</lines></class></classes></package></packages></coverage>\n"
    ).encode()


def healthy_cobertura(chance: random.Random) -> Files:
    return {"coverage.xml": cobertura(chance.randint(850, 990), chance.randint(10, 100))}


def samples(n: int, slow: float, *, seconds: float, chance: random.Random, status: str = "200") -> bytes:
    """Requests of a load test: when each was scheduled, how long it took, how it was answered."""
    rows = ["scheduled,latency_ms,status,error,path"]
    for i in range(n):
        late = chance.random() < slow
        took = chance.uniform(1100, 1900) if late else chance.uniform(100, 700)
        rows.append(f"{1_795_000_000 + i * seconds / n:.3f},{took:.1f},{status},,/search")
    return ("\n".join(rows) + "\n").encode()


def healthy_load(chance: random.Random) -> Files:
    return {"requests.csv": samples(chance.randint(12_000, 15_000), 0.01, seconds=600, chance=chance)}


def record(statistic: dict, *, indicator: str = "answers.valid", subject: str = NOW, **more: object) -> bytes:
    """An evidence record, as a job writes it."""
    fixed = {"schema": "upheld/evidence/v1", "indicator": indicator, "stage": "build", "subject": subject,
             "environment": "staging", "observed": FRESH.isoformat()}  # fmt: skip
    return json.dumps(fixed | {"statistic": statistic} | more).encode()


def counted(n: int, good: int, **more: object) -> Files:
    """A table of answers with a column that says whether each is valid, and its count as evidence."""
    rows = ["answer,valid"] + [f"{i},{'true' if i < good else 'false'}" for i in range(n)]
    return {
        "answers.json": record({"kind": "share", "n": n, "good": good}, **more),
        "answers.csv": ("\n".join(rows) + "\n").encode(),
    }


def healthy_table(chance: random.Random) -> Files:
    n = chance.randint(1000, 3000)
    return counted(n, n - n // 100)


def scraped(series: str, statistic: dict, **more: object) -> Files:
    """Counters as Prometheus has them (its own test notation), and their increase as evidence."""
    return {"up.json": record(statistic, indicator="service.up", **more), "series.txt": series.encode()}


def healthy_counters(chance: random.Random) -> Files:
    rate = chance.randint(200, 900)
    bad = max(rate // 1000, 0)
    return scraped(
        f'requests{{code="200"}}|0+{rate}x60\nrequests{{code="500"}}|0+{bad}x60',
        {"kind": "share", "n": rate * 60, "good": (rate - bad) * 60},
    )


JUNIT = Format(name="JUnit", file="junit.xml", that="test.passed = 100 %", make=healthy_junit)
SARIF = Format(name="SARIF", file="scan.sarif", that="sarif.errors = 0", make=healthy_sarif)
COVERAGE = Format(name="Cobertura", file="coverage.xml", that="coverage.lines >= 80 %", make=healthy_cobertura)
LOAD = Format(
    name="load samples", file="requests.csv", that="p95 of search.latency < 1 s at 20/s", make=healthy_load,
    indicator="search.latency: {kind: value, unit: s, build: {load: /search}}",
    binding="{max-age: 7 d, environment: staging, for: 5 min}",
)  # fmt: skip
TABLE = Format(
    name="data", file="answers.json", that="answers.valid >= 95 %", make=healthy_table,
    indicator="answers.valid: {kind: ratio, build: {evidence: nightly}}", binding="{max-age: 7 d, environment: staging}",
)  # fmt: skip
COUNTERS = Format(
    name="counters", file="up.json", that="service.up >= 99 %", make=healthy_counters,
    indicator="service.up: {kind: ratio, build: {evidence: soak test}}", binding="{max-age: 7 d, environment: staging}",
)  # fmt: skip
FORMATS = (JUNIT, SARIF, COVERAGE, LOAD, TABLE, COUNTERS)


# ── What goes wrong with any of them ─────────────────────────────────────────────────────────────────────────────────


def restated(files: Files, **more: object) -> Files:
    """The same evidence records with other fields; other files stay."""
    return {
        name: json.dumps(json.loads(body) | more).encode() if name.endswith(".json") else body
        for name, body in files.items()
    }  # fmt: skip


def everywhere(files: Files, change: Callable[[bytes], bytes]) -> Files:
    return {name: change(body) for name, body in files.items()}


def general(form: Format, chance: random.Random) -> Iterator[tuple[str, Input]]:
    """The bad days that every report can have."""
    good = form.make(chance)
    own = form in (TABLE, COUNTERS)  # an evidence record says its subject and time itself
    yield "no file at all", Input(files={})
    yield "an empty file", Input(files=everywhere(good, lambda _: b""), recorded=not own)
    yield (
        "cut off in the middle",
        Input(files=everywhere(good, lambda body: body[: len(body) * 2 // 5]), recorded=not own),
    )
    yield "an error page in its place", Input(files=everywhere(good, lambda _: HTML), recorded=not own)
    yield "the traceback of a crashed tool", Input(files=everywhere(good, lambda _: CRASH), recorded=not own)
    yield (
        "of another commit",
        Input(files=restated(good, subject=OTHER) if own else good, subject=OTHER, recorded=not own),
    )
    yield (
        "a month old",
        Input(files=restated(good, observed=STALE.isoformat()) if own else good, observed=STALE, recorded=not own),
    )
    yield "of unknown age", Input(files=restated(good, observed=None) if own else good, recorded=False)
    if not own:
        yield "changed after it was recorded", Input(files=good, changed=True)
    if form in (LOAD, TABLE, COUNTERS):
        files = restated(good, environment="laptop") if own else good
        yield "measured on a laptop", Input(files=files, environment="laptop", recorded=not own)


# ── What goes wrong with one ─────────────────────────────────────────────────────────────────────────────────────────


def tests_gone_wrong(_: random.Random) -> Iterator[tuple[str, Format, Input]]:
    linked = Format(name="JUnit", file="junit.xml", that="test.passed = 100 %", linked=True,
                    make=lambda c: {"junit.xml": junit([one_test(i, link="REQ-A-001.c1") for i in range(c.randint(20, 60))])})  # fmt: skip
    ok = [one_test(i) for i in range(50)]
    lying = 'tests="50" failures="0" errors="0" skipped="0"'
    yield "no test ran", JUNIT, Input(files={"junit.xml": junit([])})
    yield (
        "every test was skipped",
        JUNIT,
        Input(files={"junit.xml": junit([one_test(i, "<skipped/>") for i in range(50)])}),
    )
    yield (
        "the head counts no failure, a case holds one",
        JUNIT,
        Input(files={"junit.xml": junit([*ok[:49], one_test(49, "<failure/>")], head=lying)}),
    )
    yield (
        "an error in the set-up, no failure",
        JUNIT,
        Input(files={"junit.xml": junit([*ok[:49], one_test(49, "<error/>")], head=lying)}),
    )
    yield (
        "announces 400 tests, holds 50",
        JUNIT,
        Input(files={"junit.xml": junit(ok, head='tests="400" failures="0" errors="0" skipped="0"')}),
    )
    yield (
        "retried until green",
        JUNIT,
        Input(
            files={f"junit-{i}.xml": junit([*ok[:49], one_test(49, "<failure/>" if i < 2 else "")]) for i in range(3)}
        ),
    )
    yield (
        "one of three shards is red",
        JUNIT,
        Input(
            files={
                f"junit-{i}.xml": junit(
                    [one_test(i * 100 + k) for k in range(50)] if i else [one_test(0, "<failure/>")]
                )
                for i in range(3)
            }
        ),
    )
    yield "passes, but no test of this requirement ran", linked, Input(files={"junit.xml": junit(ok)})
    yield (
        "only the tests of another requirement ran",
        linked,
        Input(files={"junit.xml": junit([one_test(i, link="REQ-B-002") for i in range(50)])}),
    )
    yield (
        "the requirement's only test was skipped",
        linked,
        Input(files={"junit.xml": junit([*ok, one_test(99, "<skipped/>", "REQ-A-001.c1")])}),
    )
    yield (
        "the suite itself broke",
        JUNIT,
        Input(
            files={
                "junit.xml": b'<testsuites><testsuite name="s" tests="0" failures="0" errors="1"><error message="import failed"/></testsuite></testsuites>'
            }
        ),
    )


def scans_gone_wrong(_: random.Random) -> Iterator[tuple[str, Format, Input]]:
    strict = [{"id": "R1", "defaultConfiguration": {"level": "error"}}]
    review = {"suppressions": [{"kind": "external", "status": "underReview"}]}
    refused = {"suppressions": [{"kind": "external", "status": "rejected"}]}
    broken = {"invocations": [{"executionSuccessful": False}]}
    for name, body in (
        ("no run in it", json.dumps({"version": "2.1.0", "runs": []}).encode()),
        ("a run without results", sarif([], run={"results": None})),
        ("the tool says that it failed", sarif([], run=broken)),
        ("results are null", sarif([]).replace(b'"results": []', b'"results": null')),
        ("an error whose level only its rule knows", sarif([finding(None)], rules=strict)),
        ("an error whose suppression nobody has accepted", sarif([finding("error", **review)])),
        ("an error whose suppression was rejected", sarif([finding("error", **refused)])),
        ("one error among a thousand notes", sarif([*(finding() for _ in range(1000)), finding("error")])),
        ("the scanner failed after half of the files", sarif([finding()], run=broken)),
    ):
        yield name, SARIF, Input(files={"scan.sarif": body})


def coverage_gone_wrong(_: random.Random) -> Iterator[tuple[str, Format, Input]]:
    for name, body in (
        ("no line measured, a rate of 1", cobertura(0, 0)),
        ("the rate says 95 %, the lines 40 %", cobertura(400, 600, rate="0.95")),
        ("a rate that is NaN, lines below", cobertura(400, 600, rate="NaN")),
        ("a rate above one, lines below", cobertura(500, 500, rate="1.7")),
        ("79.96 %, which rounds to 80 %", cobertura(1999, 501)),
    ):
        yield name, COVERAGE, Input(files={"coverage.xml": body})


def loads_gone_wrong(chance: random.Random) -> Iterator[tuple[str, Format, Input]]:
    def run(n: int, slow: float = 0.01, *, seconds: float = 600, status: str = "200") -> Input:
        return Input(files={"requests.csv": samples(n, slow, seconds=seconds, chance=chance, status=status)})

    yield "a quarter of the load", LOAD, run(3000)
    yield "ten seconds long", LOAD, run(200, seconds=10)
    yield "two minutes where five are asked for", LOAD, run(2400, seconds=120)
    yield "twelve requests", LOAD, run(12, 0)
    yield "no request at all", LOAD, run(0)
    yield "every answer is a quick 500", LOAD, run(12_500, 0, status="500")
    yield "every answer failed without a status", LOAD, run(12_500, 0, status="0")
    yield "p95 at the limit, by luck below", LOAD, run(12_500, 0.0493)
    body = samples(12_500, 0.01, seconds=600, chance=chance)
    yield (
        "latencies that are not a number",
        LOAD,
        Input(files={"requests.csv": body.replace(b",200,", b",200,", 1).replace(b"1,200", b"NaN,200")}),
    )
    yield "a request of another path", LOAD, Input(files={"requests.csv": body.replace(b"/search", b"/health")})


def data_gone_wrong(_: random.Random) -> Iterator[tuple[str, Format, Input]]:
    def table(n: int, good: int) -> Input:
        return Input(files=counted(n, good), recorded=False)

    yield "no row", TABLE, table(0, 0)
    yield "one row, valid", TABLE, table(1, 1)
    yield "eight of eight", TABLE, table(8, 8)
    yield "96 of 100", TABLE, table(100, 96)
    yield "the flag is inverted: 2 % are valid", TABLE, table(2000, 40)
    rows = counted(2000, 1990)
    yield (
        "more good ones than there are",
        TABLE,
        Input(
            files=rows | {"answers.json": record({"kind": "share", "n": 100, "good": 110})}, recorded=False, peers=False
        ),
    )
    yield (
        "a count that is NaN",
        TABLE,
        Input(
            files=rows | {"answers.json": rows["answers.json"].replace(b'"good": 1990', b'"good": NaN')},
            recorded=False,
            peers=False,
        ),
    )
    yield (
        "the same rows handed in twice, in part",
        TABLE,
        Input(
            files=rows
            | {"again.json": record({"kind": "share", "n": 1500, "good": 1495}, population={"region": "uk"})},
            recorded=False,
            peers=False,
        ),
    )
    yield (
        "declared void, because the labels were wrong",
        TABLE,
        Input(files=restated(rows, void="labels were wrong"), recorded=False, peers=False),
    )
    yield (
        "measured tomorrow",
        TABLE,
        Input(files=restated(rows, observed=(AT + timedelta(days=1)).isoformat()), recorded=False, peers=False),
    )
    yield (
        "one number without its count",
        TABLE,
        Input(files=rows | {"answers.json": record({"kind": "level", "value": 0.99})}, recorded=False, peers=False),
    )


def counters_gone_wrong(_: random.Random) -> Iterator[tuple[str, Format, Input]]:
    for name, series, n, good in (
        ("the series is absent", "", 0, 0),
        ("zero traffic", 'requests{code="200"}|0+0x60', 0, 0),
        ("six requests in an hour, all good", 'requests{code="200"}|0 0 0 1 1 2 3 4 5 6+0x50', 6, 6),
        ("a hundred requests, all good", 'requests{code="200"}|0+2x50', 100, 100),
        ("the scrape stopped after five minutes", 'requests{code="200"}|0+9x5 _x55', 45, 45),
    ):
        yield name, COUNTERS, Input(files=scraped(series, {"kind": "share", "n": n, "good": good}), recorded=False)


def every() -> list[Case]:
    """All cases, in the same order and with the same bytes on every machine."""
    chance = random.Random(20261122)
    found: list[tuple[str, Format, Input]] = []
    for form in FORMATS:
        found += [(name, form, poison) for name, poison in general(form, chance)]
    for gone in (
        tests_gone_wrong,
        scans_gone_wrong,
        coverage_gone_wrong,
        loads_gone_wrong,
        data_gone_wrong,
        counters_gone_wrong,
    ):
        found += list(gone(chance))
    return [
        Case(name=name, format=form, poison=poison, twin=Input(files=form.make(chance), recorded=form not in (TABLE, COUNTERS)))
        for name, form, poison in found
    ]  # fmt: skip
