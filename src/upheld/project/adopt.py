"""Start a project where work is going on already: find what is there, point at it, change no byte of it."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path

from upheld.errors import UsageError
from upheld.project import adr, shapes
from upheld.project.load import NAME
from upheld.project.schema import Typing
from upheld.project.text import MAX_BYTES, read

ENFORCE_DAYS = 56  # a gate reports for eight weeks before it stops anybody
MOST_FILES = 20_000  # a look around, not an inventory
MOST_DEPTH = 6
MOST_ROUTES = 12
MOST_SHOWN = 5
IGNORE = Path(".upheld") / ".gitignore"
_REPORTS: Mapping[str, tuple[str, ...]] = {
    "JUnit": ("junit*.xml", "*-junit.xml", "TEST-*.xml", "test-results.xml", "pytest*.xml"),
    "coverage": ("coverage.xml", "coverage.json", "cobertura*.xml", "lcov.info", "*.lcov"),
    "SARIF": ("*.sarif", "*.sarif.json"),
    "load": ("*_stats.csv", "k6*.json", "*.jtl"),
    "benchmark": ("benchmark*.json",),
}
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "vendor", "third_party", "bower_components"})
_OPEN_API = re.compile(r"^[\s{]*[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?[23]", re.MULTILINE)
_METHODS = ("get", "post", "put", "patch", "delete")
_RECORD = re.compile(r"(?:adr[-_ ]?)?\d{1,6}[-_. ].*\.md|adr[-_].*\.md|\d{8}-.*\.md", re.IGNORECASE)
# Folders of ours that other tools use for something else; what lies there is not read as ours.
_OFTEN_FOREIGN = (
    "requirements",
    "sessions",
    "risks",
    "reviews",
    "assessments",
    "rollouts",
    "contracts",
    "waivers",
    "sign-offs",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation of an OpenAPI document."""

    method: str
    path: str

    @property
    def name(self) -> str:
        """A name for its indicators: `post-insight`."""
        words = re.findall(r"[A-Za-z0-9]+", re.sub(r"\{[^}]*\}", "", self.path))
        return "-".join([self.method, *(word.lower() for word in words)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was there already; paths are relative to the folder, with forward slashes."""

    decisions: str = ""  # the folder
    records: int = 0  # decision records in it
    other_decisions: tuple[str, ...] = ()
    scenarios: str = ""
    features: int = 0
    apis: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()  # kind, file
    moved: tuple[tuple[str, str], ...] = ()  # kind whose usual folder is taken, and the folder that we use instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The files that start a project, and what a person should know."""

    root: Path
    project: str
    found: Found
    files: tuple[tuple[str, str], ...]  # path relative to the root, content
    kept: tuple[str, ...]  # files of ours that are there already and stay as they are
    already: bool = False  # it is a project; nothing to do

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, in a few lines."""
        return tuple(_told(self.found, self.kept))


def plan(folder: Path, *, at: date) -> Plan:
    """Look around a folder and say what would be written; nothing is written and nothing is started.

    Raises UsageError when the folder is none.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; make it, or name another one: upheld init FOLDER")
    name = _project_name(folder)
    if (folder / NAME).exists():
        return Plan(root=folder, project=name, found=Found(), files=(), kept=(NAME,), already=True)
    found = look_around(folder)
    wanted = (
        (NAME, _config(name, found, at)),
        ("customers.yaml", _CUSTOMERS),
        ("indicators.yaml", _indicators(found.apis, found.routes)),
        ("gates.yaml", _gates(at)),
        (IGNORE.as_posix(), "*\n"),
        *((f"{place}/.gitkeep", "") for _, place in found.moved),  # a folder that upheld.yaml names must be there
    )
    there = tuple(file for file, _ in wanted if (folder / file).exists())
    return Plan(root=folder, project=name, found=found, files=tuple(w for w in wanted if w[0] not in there), kept=there)


def write(made: Plan) -> None:
    """Write the files of a plan, each only where none is; raises UsageError when one has appeared since."""
    for file, content in made.files:
        path = made.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as new:
                new.write(content)
        except FileExistsError:
            raise UsageError(f"{file} has appeared meanwhile; it was not touched, run upheld init again") from None


# ── Looking around ───────────────────────────────────────────────────────────────────────────────────────────────────


def look_around(folder: Path) -> Found:
    """Decision records, scenarios, OpenAPI documents and reports below a folder."""
    files = list(_files(folder))
    decisions = _decision_folders(folder, files)
    best = decisions[0] if decisions else ("", 0)
    features = [f for f in files if f.endswith(".feature")]
    apis = [f for f in files if _may_be_api(f) and _is_api(folder / f)]
    routes = [route for api in apis for route in _routes(folder / api)]
    taken = {f.partition("/")[0] for f in files}
    moved = [
        (kind, f"upheld/{shapes.FOLDERS[kind]}")
        for kind in _OFTEN_FOREIGN
        if shapes.FOLDERS[kind] in taken and _is_foreign(folder / shapes.FOLDERS[kind], files, shapes.FOLDERS[kind])
    ]
    return Found(
        decisions=best[0], records=best[1], other_decisions=tuple(name for name, _ in decisions[1:]),
        scenarios=_common_folder(features), features=len(features), apis=tuple(apis),
        routes=tuple(dict.fromkeys(routes)), reports=tuple(_reports(files)), moved=tuple(moved),
    )  # fmt: skip


def _files(folder: Path) -> Iterator[str]:
    """The files below a folder, relative to it; hidden folders, installed packages and what is too deep left out."""
    count = 0
    for here, folders, names in os.walk(folder):
        inside = os.path.relpath(here, folder).replace(os.sep, "/")
        depth = 0 if inside == "." else inside.count("/") + 1
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and name not in _SKIPPED and depth < MOST_DEPTH
            and not (Path(here) / name / "pyvenv.cfg").exists()
        )  # fmt: skip
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                return
            yield name if inside == "." else f"{inside}/{name}"


def _decision_folders(root: Path, files: Iterable[str]) -> list[tuple[str, int]]:
    """Folders that hold decision records, the usual ones first, then by how many there are."""
    usual = {place: i for i, place in enumerate((*_named_by_tools(root), *shapes.DECISION_FOLDERS))}
    counts: dict[str, int] = {}
    for file in files:
        place, _, name = file.rpartition("/")
        known = place in usual or place.rpartition("/")[2].lower() in ("adr", "adrs", "decisions")
        if (
            place
            and name.endswith(".md")
            and (known or _RECORD.fullmatch(name))
            and _is_record(root / file, file, place, sure=known)
        ):
            counts[place] = counts.get(place, 0) + 1
    # A single numbered page outside the usual folders is a chapter rather than a decision.
    real = {place: n for place, n in counts.items() if place in usual or n >= 3}
    outer = {place: n for place, n in real.items() if not any(place.startswith(f"{other}/") for other in real)}
    for place, n in real.items():
        for other in outer:
            outer[other] += n if place.startswith(f"{other}/") else 0
    return sorted(outer.items(), key=lambda entry: (usual.get(entry[0], len(usual)), -entry[1], entry[0]))


def _named_by_tools(root: Path) -> list[str]:
    """The folder that adr-tools or log4brains keeps its records in."""
    found = []
    with _quiet_open(root / ".adr-dir") as text:
        found.append(text.strip().strip("/"))
    with _quiet_open(root / ".log4brains.yml") as text:
        folder = re.search(r"adrFolder:\s*[\"']?([^\s\"']+)", text)
        found.append(folder[1].removeprefix("./").strip("/") if folder else "")
    return [place for place in found if place and (root / place).is_dir()]


class _quiet_open:  # noqa: N801  # reads like a function
    """The text of a small file; empty when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> str:
        try:
            with self._path.open("rb") as file:
                return file.read(MAX_BYTES).decode(errors="replace")
        except OSError:
            return ""

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""


def _is_record(path: Path, file: str, folder: str, *, sure: bool) -> bool:
    """Whether a page is a decision record; outside the usual folders it must say its status."""
    try:
        raw = path.read_bytes()
    except OSError:
        return False
    if len(raw) > MAX_BYTES:
        return False
    decision = adr.decision(read(raw, markdown=True), file, folder, Typing())
    return decision is not None and (sure or bool(decision.raw_status))


def _may_be_api(file: str) -> bool:
    name = file.rpartition("/")[2].lower()
    return name.endswith((".yaml", ".yml", ".json")) and ("openapi" in name or "swagger" in name or "api" in name)


def _is_api(path: Path) -> bool:
    with _quiet_open(path) as text:
        return _OPEN_API.search(text[:4096]) is not None


def _routes(path: Path) -> list[Route]:
    """The operations of an OpenAPI document, in YAML or JSON."""
    with _quiet_open(path) as text:
        if path.suffix == ".json":
            try:
                tree = json.loads(text)
            except (ValueError, RecursionError):
                return []
        else:
            tree = read(text.encode()).tree
    paths = tree.get("paths") if isinstance(tree, dict) else None
    return [
        Route(method=method, path=route)
        for route, operations in (paths.items() if isinstance(paths, dict) else ())
        for method in (operations if isinstance(operations, dict) else ())
        if method in _METHODS
    ]


def _reports(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    for file in files:
        name = file.rpartition("/")[2]
        kind = next((k for k, patterns in _REPORTS.items() if any(fnmatch(name, p) for p in patterns)), "")
        if kind:
            yield kind, file


def _common_folder(files: list[str]) -> str:
    if not files:
        return ""
    return os.path.commonpath([file.rpartition("/")[0] or "." for file in files]).replace(os.sep, "/")


def _is_foreign(folder: Path, files: Iterable[str], name: str) -> bool:
    """Whether a folder with a name of ours holds something else: files of a kind we read, without an id of ours."""
    read_here = [f for f in files if f.startswith(f"{name}/") and f.endswith((".md", ".yaml", ".yml", ".json"))]
    for file in read_here:
        with _quiet_open(folder.parent / file) as text:
            if not re.search(r"^\"?(?:id|criterion|schema|attendees)\"?:", text[:2000], re.MULTILINE):
                return True
    return False


def _project_name(folder: Path) -> str:
    """The name of the repository, as its remote or else its folder is called."""
    with _quiet_open(folder / ".git" / "config") as text:
        remote = re.search(r'^\[remote "origin"\][^\[]*?^\s*url\s*=\s*(\S+)', text, re.MULTILINE | re.DOTALL)
    if remote:
        name = re.split(r"[/:]", remote[1].rstrip("/"))[-1].removesuffix(".git")
        if name:
            return name
    return Path(os.path.abspath(folder)).name or "project"  # noqa: PTH100  # a link keeps its own name


# ── What is written ──────────────────────────────────────────────────────────────────────────────────────────────────


def _config(name: str, found: Found, at: date) -> str:
    folders: dict[str, str] = dict(found.moved)
    if found.decisions:
        folders["decisions"] = found.decisions
    if found.scenarios and found.scenarios != ".":
        folders["scenarios"] = found.scenarios
    usual = {kind: place for kind, place in folders.items() if shapes.FOLDERS[kind] != place}
    shown = "\n".join(f"  {kind}: {json.dumps(place)}" for kind, place in usual.items())
    return f"""# What this project promises to whom, and who answers for it. Check it: upheld lint
project: {json.dumps(name, ensure_ascii=False)}
since: {at.isoformat()}  # what is older gets advice only
{f"folders:{chr(10)}{shown}{chr(10)}" if shown else ""}\
# Which stages a requirement's priority asks for. One that is not asked is shown as such, never as a verdict.
needs:
  must: [design, build, release, production]
  should: [build, production]
  could: [build]
# Who owns, decides and signs. Roles: product, engineering, customer, operations, executive, auditor.
people: {{}}
#  jake: {{role: product, email: jake@example.com}}
#  lisa: {{role: engineering, keys: [ssh-ed25519 AAAA…]}}
# Where each stage runs, and how its telemetry is reached.
environments: {{}}
#  staging: {{stage: build}}
#  production: {{stage: production, prometheus: $PROMETHEUS_URL, customer-label: customer}}
# cost-limit: 50000 EUR  # above it a decision needs an executive's sign-off
"""


_CUSTOMERS = """\
# Who was promised something: id, then tier, region, contract. Promise to a tier with "tier:gold", to all with all.
#northbank: {name: North Bank, tier: gold, region: uk, time-zone: Europe/London, contract: MSA 3.2, alias: [nb-0017]}
"""


def _indicators(apis: Iterable[str], routes: tuple[Route, ...]) -> str:
    lines = [
        "# What is measured: kind (value, ratio, level, count, age), unit, and where each stage finds it.",
        "# test.*, coverage.* and sarif.* come with their readers.",
    ]
    if not routes:
        lines += [
            "#insight.latency:",
            "#  kind: value",
            "#  unit: s",
            "#  build: {load: POST /insight}",
            '#  production: {histogram: http_request_duration_seconds{route="/insight"}}',
        ]
    else:
        lines.append(f"# Proposed from {', '.join(apis)}; take the # away from what somebody was promised.")
    for route in routes[:MOST_ROUTES]:
        lines += [
            f"#{route.name}.latency:",
            "#  kind: value",
            "#  unit: s",
            f"#  build: {{load: {json.dumps(f'{route.method.upper()} {route.path}')}}}",
            f"#  production: {{histogram: {json.dumps(_selector('http_request_duration_seconds', route))}}}",
            f"#{route.name}.availability:",
            "#  kind: ratio",
            "#  production:",
            f"#    good: {json.dumps(_selector('http_requests_total', route, good=True))}",
            f"#    total: {json.dumps(_selector('http_requests_total', route))}",
        ]
    if len(routes) > MOST_ROUTES:
        lines.append(f"# … and {len(routes) - MOST_ROUTES} more routes")
    return "\n".join(lines) + "\n"


def _selector(metric: str, route: Route, *, good: bool = False) -> str:
    code = ', code!~"5.."' if good else ""
    return f'{metric}{{method="{route.method.upper()}", route="{route.path}"{code}}}'


def _gates(at: date) -> str:
    enforced = (at + timedelta(days=ENFORCE_DAYS)).isoformat()
    return f"""\
# Three gates to start from. Until `enforce-from` a gate reports and stops nobody. Judge one: upheld check NAME
# Do customers get what they were promised, and have they agreed to it?
customer-validation:
  kind: customer
  stage: production
  select: {{status: [approved, delivered], priority: must}}
  sign-offs: [product, customer]
  waivers: {{approver: product, at-most: 14 d}}
  enforce-from: {enforced}
# Is the change as good as we build things here?
technical-excellence:
  kind: technical
  stage: build
  select: {{status: approved}}
  criteria:
    tests: test.passed = 100 %
    new-errors: sarif.new-errors = 0
    changed-lines: coverage.changed-lines >= 80 %
  sign-offs: [engineering]
  waivers: {{approver: engineering, at-most: 14 d}}
  enforce-from: {enforced}
# Can it be run, watched and taken back?
production-readiness:
  kind: readiness
  stage: release
  select: {{status: approved, priority: must}}
  sign-offs: [product, engineering, operations]
  waivers: {{approver: operations, at-most: 3 d}}
  enforce-from: {enforced}
"""


# ── What is said ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(found: Found, kept: tuple[str, ...]) -> Iterator[str]:
    if found.decisions:
        yield f"decisions   {found.records} in {found.decisions}, read as they are"
    if found.other_decisions:
        yield f"            also in {_some(found.other_decisions)}; set folders: {{decisions: …}} to use those instead"
    if found.features:
        yield f"scenarios   {found.features} in {found.scenarios}"
    if found.apis:
        count = "1 route" if len(found.routes) == 1 else f"{len(found.routes)} routes"
        yield f"interfaces  {_some(found.apis)}: {count}, proposed in indicators.yaml"
    if found.reports:
        kinds = dict.fromkeys(kind for kind, _ in found.reports)
        yield f"reports     {', '.join(kinds)}: {_some([file for _, file in found.reports])}"
    for kind, place in found.moved:
        yield f"{kind:<11} the folder {shapes.FOLDERS[kind]}/ holds something else; ours will be in {place}/"
    for file in kept:
        yield f"kept        {file} is there already and stays as it is"


def _some(names: Iterable[str]) -> str:
    shown = list(names)
    more = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    return ", ".join(shown[:MOST_SHOWN]) + more
