"""A folder becomes a project: what is found, what is joined, what is kept between runs, and what age does to findings."""

import json
import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks import definitions
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.errors import UsageError
from upheld.project import load as loading
from upheld.project.cache import FILE
from upheld.project.finding import Severity
from upheld.project.load import find_root, load

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")

REQUIREMENT = "---\nid: {id}\ntitle: A title\n{more}---\nIt shall.\n"


def write(root: Path, **files: str) -> Path:
    """Files by their path, with `__` for a slash and `_DOT_` for a dot."""
    for name, content in files.items():
        put(root, name.replace("__", "/").replace("_DOT_", "."), content)
    if not (root / "upheld.yaml").exists():
        put(root, "upheld.yaml", "project: Test\n")
    return root


def put(root: Path, name: str, content: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def requirement(root: Path, name: str, *, more: str = "", folder: str = "requirements") -> Path:
    return put(root, f"{folder}/{name}.md", REQUIREMENT.format(id=name, more=more))


def read(root: Path, **options):
    return load(root, native={}, **options)


def told(project):
    return [(finding.file, finding.line, finding.rule) for finding in project.findings]


def settle(root: Path) -> None:
    """Make every file an hour old, so that no time is in doubt."""
    for path in root.rglob("*"):
        if path.is_file() and ".upheld" not in path.parts:
            stamp = path.stat().st_mtime - 3600
            os.utime(path, (stamp, stamp))


# ── Finding ──


def test_the_root_is_the_nearest_folder_with_an_upheld_yaml(tmp_path):
    put(tmp_path, "upheld.yaml", "")
    put(tmp_path, "inner/upheld.yaml", "")
    (tmp_path / "inner" / "a" / "b").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    assert find_root(tmp_path / "inner" / "a" / "b") == tmp_path / "inner"
    assert find_root(tmp_path / "other") == tmp_path


def test_without_an_upheld_yaml_the_message_says_how_to_start(tmp_path):
    with pytest.raises(UsageError, match=r"no upheld.yaml in .* or above; start with: upheld init"):
        find_root(tmp_path)


def test_every_kind_of_file_is_found_in_its_folder(tmp_path):
    write(
        tmp_path,
        customers_DOT_yaml="northbank: {tier: gold}\n",
        indicators_DOT_yaml="a.b: {kind: ratio}\n",
        gates_DOT_yaml="merge: {kind: technical, stage: build}\n",
        upheld_DOT_yaml="project: P\npeople: {jake: {role: product}}\nenvironments: {s: {stage: build}}\n",
        requirements__deep__R_DOT_md=REQUIREMENT.format(id="R-1", more=""),
        requirements__many_DOT_requirements_DOT_yaml="- {id: R-2, title: Two}\n",
        decisions__0001_DOT_md="# One\n\n## Status\n\nAccepted\n",
        sessions__s_DOT_md="---\ntitle: S\n---\n",
        risks__r_DOT_md="---\nid: RISK-1\n---\n",
        reviews__v_DOT_md="# V\n",
        assessments__a_DOT_yaml="id: A-1\nkind: latency\npredicts: [R-1.c1]\nsteps: [{id: a, time: 1 s}]\n",
        rollouts__o_DOT_yml="id: O-1\n",
        contracts__c_DOT_yaml="id: C-1\n",
        scenarios__peak_DOT_feature="Feature: Peak\n",
        runbooks__down_DOT_md="# Down\n",
        waivers__w_DOT_yaml="criterion: a\nowner: b\napprover: c\nreason: d\nuntil: 2027-01-01\n",
        signoffs__x_DOT_json='{"schema": "upheld/sign-off/v1", "item": "R-1", "hash": "h", "role": "product", "person": "jake"}',
        notes__ignored_DOT_md="---\nid: X\n---\n",
        requirements__picture_DOT_svg="<svg/>",
    )
    project = read(tmp_path)
    assert project.findings == ()
    assert [(item.kind, item.id) for item in project.items] == [
        ("project", "P"), ("person", "jake"), ("environment", "s"), ("customer", "northbank"), ("indicator", "a.b"),
        ("gate", "merge"), ("assessment", "A-1"), ("contract", "C-1"), ("decision", "0001"), ("requirement", "R-1"),
        ("requirement", "R-2"), ("review", "v"), ("risk", "RISK-1"), ("rollout", "O-1"), ("runbook", "down"),
        ("scenario", "peak"), ("session", "s"), ("sign-off", "x"), ("waiver", "w"),
    ]  # fmt: skip
    catalogue = project.catalogue
    assert list(catalogue.requirements) == ["R-1", "R-2"]
    assert (len(catalogue.decisions), len(catalogue.sessions), len(catalogue.waivers), len(catalogue.sign_offs)) == (
        1,
        1,
        1,
        1,
    )
    assert list(catalogue.gates) == ["merge"]
    assert catalogue.config.environments["s"].stage is Stage.BUILD


def test_hidden_folders_and_other_projects_inside_are_left_alone(tmp_path):
    write(tmp_path)
    requirement(tmp_path, "R-1")
    requirement(tmp_path, "R-2", folder="requirements/.archive")
    requirement(tmp_path, "R-3", folder="requirements/other")
    put(tmp_path, "requirements/other/upheld.yaml", "project: Other\n")
    assert list(read(tmp_path).catalogue.requirements) == ["R-1"]


@pytest.mark.parametrize(
    ("folders", "folder"),
    [("", "decisions"), ("", "docs/adr"), ("", "doc/adr"), ("folders: {decisions: choices}\n", "choices")],
)
def test_decisions_are_found_where_they_usually_are_or_where_the_project_says(tmp_path, folders, folder):
    write(tmp_path, upheld_DOT_yaml=f"project: P\n{folders}")
    put(tmp_path, f"{folder}/0001-one.md", "# One\n\n## Status\n\nAccepted\n")
    project = read(tmp_path)
    assert list(project.catalogue.decisions) == ["0001"]
    assert project.folders["decisions"] == folder


def test_a_folder_inside_another_kind_s_folder_belongs_to_its_own_kind(tmp_path):
    write(tmp_path, upheld_DOT_yaml="project: P\nfolders: {requirements: docs, decisions: docs/adr}\n")
    requirement(tmp_path, "R-1", folder="docs")
    put(tmp_path, "docs/adr/0001-one.md", "# One\n\n## Status\n\nAccepted\n")
    project = read(tmp_path)
    assert project.findings == ()
    assert [(item.kind, item.id) for item in project.items[1:]] == [("requirement", "R-1"), ("decision", "0001")]


@pytest.mark.parametrize(
    ("folder", "rule"),
    [("../secrets", "folder-outside"), ("/etc", "folder-outside"), (".", "folder-outside"), ("nowhere", "folder-missing"), ("requirements", "folder-twice")],
)  # fmt: skip
def test_a_folder_that_upheld_yaml_names_wrongly_is_told_at_its_place(tmp_path, folder, rule):
    write(tmp_path, upheld_DOT_yaml=f"project: P\nfolders:\n  decisions: {folder}\n")
    (tmp_path / "requirements").mkdir()
    [finding] = read(tmp_path).findings
    assert (finding.file, finding.line, finding.column, finding.rule) == ("upheld.yaml", 3, 14, rule)


def test_a_loop_of_links_ends_and_each_file_counts_once(tmp_path):
    write(tmp_path)
    requirement(tmp_path, "R-1")
    (tmp_path / "requirements" / "again").symlink_to(tmp_path / "requirements")
    (tmp_path / "requirements" / "up").symlink_to(tmp_path)
    project = read(tmp_path)
    assert [item.id for item in project.items if item.kind == "requirement"] == ["R-1"]


def test_a_link_that_leaves_the_project_is_not_followed(tmp_path):
    secret = put(tmp_path, "outside/R-9.md", REQUIREMENT.format(id="R-9", more=""))
    root = write(tmp_path / "project")
    requirement(root, "R-1")
    (root / "requirements" / "R-9.md").symlink_to(secret)
    (root / "requirements" / "all").symlink_to(secret.parent)
    assert list(read(root).catalogue.requirements) == ["R-1"]


@pytest.mark.usefixtures("permissions_count")
def test_a_file_that_may_not_be_read_is_a_finding_and_still_an_item(tmp_path):
    write(tmp_path)
    requirement(tmp_path, "R-1").chmod(0)
    project = read(tmp_path)
    assert told(project) == [("requirements/R-1.md", 1, "unreadable")]
    assert project.item("requirement", "R-1") is not None


def test_a_file_that_goes_away_while_it_is_read_is_a_finding_and_still_an_item(tmp_path, monkeypatch):
    write(tmp_path)
    requirement(tmp_path, "R-1")
    content = loading._content

    def gone(path):
        if str(path).endswith("R-1.md"):
            raise FileNotFoundError(2, "No such file or directory")
        return content(path)

    monkeypatch.setattr(loading, "_content", gone)
    project = read(tmp_path)
    assert told(project) == [("requirements/R-1.md", 1, "unreadable")]
    assert [item.id for item in project.items if item.kind == "requirement"] == ["R-1"]


def test_a_pipe_among_the_files_is_not_waited_for(tmp_path):
    write(tmp_path)
    (tmp_path / "requirements").mkdir()
    os.mkfifo(tmp_path / "requirements" / "R-1.md")
    assert read(tmp_path).findings == ()


def test_an_empty_upheld_yaml_is_a_project(tmp_path):
    put(tmp_path, "upheld.yaml", "")
    project = read(tmp_path)
    assert (project.findings, project.catalogue.config.project) == ((), "")


# ── Joining ──


def test_the_project_s_own_indicator_wins_over_a_reader_s(tmp_path):
    write(tmp_path, indicators_DOT_yaml="test.passed: {kind: count}\n")
    native = {name: Indicator(name=name, kind=Kind.RATIO) for name in ("test.passed", "coverage.lines")}
    indicators = load(tmp_path, native=native).catalogue.indicators
    assert (indicators["test.passed"].kind, indicators["coverage.lines"].kind) == (Kind.COUNT, Kind.RATIO)


def test_two_items_of_one_id_are_told_at_both_places_each_naming_the_other(tmp_path):
    write(tmp_path)
    put(tmp_path, "requirements/a.md", REQUIREMENT.format(id="R-1", more=""))
    put(tmp_path, "requirements/b.requirements.yaml", "- {id: R-0, title: Zero}\n- {title: One, id: R-1}\n")
    project = read(tmp_path)
    first, second = project.findings
    assert [(f.file, f.line, f.column, f.rule) for f in (first, second)] == [
        ("requirements/a.md", 2, 5, "duplicate-id"), ("requirements/b.requirements.yaml", 2, 20, "duplicate-id"),
    ]  # fmt: skip
    assert "requirements/b.requirements.yaml:2" in first.message
    assert "requirements/a.md:2" in second.message
    assert project.catalogue.requirements["R-1"].file == "requirements/a.md"


def test_three_items_of_one_id_are_three_findings(tmp_path):
    write(tmp_path)
    for name in "abc":
        put(tmp_path, f"requirements/{name}.md", REQUIREMENT.format(id="R-1", more=""))
    assert len(read(tmp_path).findings) == 3


def test_findings_are_sorted_and_the_same_on_every_run(tmp_path):
    write(tmp_path)
    for name in ("b", "a", "c"):
        put(tmp_path, f"requirements/{name}.md", f"---\nid: R-{name}\nstatus: x\ntitel: y\n---\n")
    findings = read(tmp_path, cache=False).findings
    assert list(findings) == sorted(findings) == list(read(tmp_path).findings)
    assert [(f.file, f.line) for f in findings] == [(f"requirements/{n}.md", line) for n in "abc" for line in (3, 4)]


@pytest.mark.parametrize(
    "reference", ["0007", "7", "ADR-7", "ADR-0007", "decisions/0007", "0007-choose.md", "decisions/0007-choose.md"]
)
def test_a_decision_is_found_by_every_name_that_people_give_it(tmp_path, reference):
    write(tmp_path, decisions__0007x_DOT_md="# x\n")
    put(tmp_path, "decisions/0007-choose.md", "# Choose\n\n## Status\n\nAccepted\n")
    assert read(tmp_path).decision(reference).title == "Choose"


def test_a_decision_that_does_not_exist_is_none(tmp_path):
    assert read(write(tmp_path)).decision("ADR-1") is None


def test_a_finding_is_made_at_a_path_inside_an_item(tmp_path):
    write(
        tmp_path, gates_DOT_yaml="merge:\n  kind: technical\n  stage: build\n  criteria: {cov: coverage.lines > 80 %}\n"
    )
    project = read(tmp_path)
    gate = project.item("gate", "merge")
    finding = project.finding(
        "x", Severity.ERROR, gate, ("criteria", "cov"), message="m", fix="f", offset=len("coverage.lines > ")
    )
    assert (finding.file, finding.line, finding.column) == ("gates.yaml", 4, 36)
    assert finding.excerpt == "  criteria: {cov: coverage.lines > 80 %}"


# ── Age ──


@pytest.mark.parametrize(
    ("more", "commits", "severity"),
    [
        pytest.param("date: 2026-11-21\n", {}, Severity.ADVICE, id="dated before since"),
        pytest.param("date: 2026-11-22\n", {}, Severity.ERROR, id="dated on that day"),
        pytest.param("", {"requirements/R-1.md": date(2026, 11, 21)}, Severity.ADVICE, id="committed before since"),
        pytest.param("", {"requirements/R-1.md": date(2026, 11, 23)}, Severity.ERROR, id="committed after it"),
        pytest.param("date: 2026-11-23\n", {"requirements/R-1.md": date(2026, 1, 1)}, Severity.ERROR, id="the date wins over the commit"),
        pytest.param("", {}, Severity.ERROR, id="neither: new"),
    ],
)  # fmt: skip
def test_an_item_older_than_since_gets_advice_only(tmp_path, more, commits, severity):
    write(tmp_path, upheld_DOT_yaml="project: P\nsince: 2026-11-22\n")
    requirement(tmp_path, "R-1", more=more + "status: x\n")
    project = read(tmp_path, first_commit=lambda _: commits)
    assert [finding.severity for finding in project.findings] == [severity]
    item = project.item("requirement", "R-1")
    assert item.adopted is (severity is Severity.ADVICE)
    assert project.finding("x", Severity.ERROR, item, (), message="m", fix="f").severity is severity


def test_an_undated_foreign_decision_is_old_and_one_of_ours_is_new(tmp_path):
    write(tmp_path, upheld_DOT_yaml="project: P\nsince: 2026-11-22\n")
    put(tmp_path, "decisions/0001-old.md", "---\nstatus: accepted\ntitle: a: b\n---\n# Old\n")
    put(tmp_path, "decisions/0002-new.md", "---\nstatus: accepted\nchosen: a\nreview-by: soon\n---\n# New\n")
    project = read(tmp_path)
    assert [(f.file, f.severity) for f in project.findings] == [
        ("decisions/0001-old.md", Severity.ADVICE), ("decisions/0002-new.md", Severity.ERROR),
    ]  # fmt: skip
    assert [decision.adopted for decision in project.catalogue.decisions.values()] == [True, False]


def test_git_is_asked_once_and_only_for_files_without_a_date(tmp_path):
    write(tmp_path, upheld_DOT_yaml="project: P\nsince: 2026-11-22\n")
    requirement(tmp_path, "R-1", more="date: 2026-11-22\n")
    requirement(tmp_path, "R-2")
    requirement(tmp_path, "R-3")
    asked = []
    read(tmp_path, first_commit=lambda files: asked.append(list(files)) or {})
    assert asked == [["requirements/R-2.md", "requirements/R-3.md"]]


def test_without_since_nothing_is_old_and_git_is_not_asked(tmp_path):
    write(tmp_path)
    requirement(tmp_path, "R-1", more="date: 2001-01-01\nstatus: x\n")

    def first_commit(files):
        raise AssertionError(files)

    [finding] = read(tmp_path, first_commit=first_commit).findings
    assert finding.severity is Severity.ERROR


# ── The cache ──


def everything(root: Path) -> None:
    """A project in which every record and field that the cache holds is used."""
    definitions.write_upheld(root, 30)
    put(root, "requirements/bad.md", "---\nid: BAD\ntitle: T\nstatus: x\nx-a: {b: [c]}\n---\n")
    put(root, "decisions/0001-one.md", "---\nstatus: accepted; supersedes ADR-3\ndate: 2026-01-02\n---\n# One\n")
    put(
        root,
        "decisions/0002-two.md",
        "---\nstatus: accepted\noptions: [a, b]\nmatrix: [{axis: x, weight: 0.5, a: 1, b: 2}]\nchosen: a\n"
        "customer-impact: [{customer: bank-01, impact: none}]\nexpected: [{id: e, that: insight.availability >= 99 %, by: 2027-01-01}]\n"
        "review-by: 2027-01-01\ncost: 3 EUR\n---\n# Two\n",
    )
    put(
        root,
        "sessions/s.md",
        "---\ndate: 2026-01-01\nattendees: {product: [jake]}\nanswers: [{requirement: R, gap: g}]\n---\n",
    )
    put(root, "waivers/w.yaml", "criterion: a\nowner: b\napprover: c\nreason: d\nuntil: 2027-01-01\n")
    put(root, "signoffs/x.json", json.dumps({"schema": "upheld/sign-off/v1", "item": "R", "hash": "h", "role": "r", "person": "p", "time": "2026-01-01T00:00:00Z"}))  # fmt: skip
    put(
        root,
        "requirements/all.md",
        "---\nid: ALL\ntitle: T\ncriteria:\n  - id: c\n    that: p99.9 of insight.latency < 1.5 s at 10/s over calendar month"
        " during Mon-Fri 08:00-18:00 Europe/London per customer excluding maintenance with 99 %\n    needs: [build]\n"
        "    severity: advisory\n    build: {rule: confident, confidence: 99 %, at: 5/s, no-worse-than: 2 points, at-least: 9}\n---\n",
    )
    put(root, "upheld.yaml", (root / "upheld.yaml").read_text() + "since: 2026-11-22\ncost-limit: 5 EUR\n")


def test_what_comes_from_the_cache_is_what_comes_from_the_files(tmp_path):
    everything(tmp_path)
    plain = read(tmp_path, cache=False)
    assert plain.findings
    assert not (tmp_path / FILE).exists()
    assert read(tmp_path) == plain
    assert (tmp_path / FILE).exists()
    assert read(tmp_path) == plain


def test_a_second_run_decodes_nothing_and_does_not_write(tmp_path, monkeypatch):
    everything(tmp_path)
    settle(tmp_path)
    first = read(tmp_path)
    before = (tmp_path / FILE).stat()
    monkeypatch.setattr(loading, "decode", None)
    monkeypatch.setattr(loading, "_content", None)
    assert read(tmp_path) == first
    assert (tmp_path / FILE).stat().st_mtime_ns == before.st_mtime_ns
    assert (tmp_path / FILE).stat().st_ino == before.st_ino


def test_a_file_that_changes_within_the_same_tick_and_size_is_read_again(tmp_path):
    write(tmp_path)
    path = requirement(tmp_path, "R-1")
    stamp = path.stat().st_mtime_ns
    assert read(tmp_path).catalogue.requirements["R-1"].title == "A title"
    path.write_text(path.read_text().replace("A title", "B title"))
    os.utime(path, ns=(stamp, stamp))
    assert read(tmp_path).catalogue.requirements["R-1"].title == "B title"


def test_files_that_come_go_and_change_are_seen(tmp_path):
    write(tmp_path)
    for name in ("R-1", "R-2", "R-3"):
        requirement(tmp_path, name)
    settle(tmp_path)
    read(tmp_path)
    (tmp_path / "requirements" / "R-1.md").unlink()
    requirement(tmp_path, "R-2", more="status: approved\n")
    requirement(tmp_path, "R-4")
    for _ in range(2):
        project = read(tmp_path)
        assert [(item.id, item.status) for item in project.items if item.kind == "requirement"] == [
            ("R-2", "approved"), ("R-3", "draft"), ("R-4", "draft"),
        ]  # fmt: skip
    assert "R-1" not in (tmp_path / FILE).read_text()


@pytest.mark.parametrize("seed", range(20))
def test_a_cache_that_is_broken_anywhere_is_ignored_and_written_anew(tmp_path, seed):
    everything(tmp_path)
    settle(tmp_path)
    plain = read(tmp_path)
    path = tmp_path / FILE
    raw = bytearray(path.read_bytes())
    dice = random.Random(seed)
    for _ in range(dice.choice((1, 50))):
        at = dice.randrange(len(raw))
        raw[at : at + dice.randint(0, 3)] = bytes(dice.randrange(256) for _ in range(dice.randint(0, 3)))
    path.write_bytes(raw[: dice.randrange(len(raw))] if seed % 4 == 0 else raw)
    assert [item.id for item in read(tmp_path).items if item.kind == "project"] == ["Benchmark"]
    path.write_bytes(b"\x00" * 100)
    assert read(tmp_path) == plain
    assert read(tmp_path) == plain


def test_the_cache_of_another_version_is_not_read(tmp_path):
    write(tmp_path)
    requirement(tmp_path, "R-1")
    settle(tmp_path)
    read(tmp_path)
    text = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text("upheld/cache/v0\n" + text.partition("\n")[2].replace("A title", "A lie"))
    assert read(tmp_path).catalogue.requirements["R-1"].title == "A title"


def test_a_cached_record_never_stands_for_a_file_with_another_time(tmp_path):
    write(tmp_path)
    path = requirement(tmp_path, "R-1")
    settle(tmp_path)
    read(tmp_path)
    poisoned = (tmp_path / FILE).read_text().replace("A title", "A lie")
    os.utime(path)
    (tmp_path / FILE).write_text(poisoned)
    assert read(tmp_path).catalogue.requirements["R-1"].title == "A title"


def test_the_cache_keeps_itself_out_of_git(tmp_path):
    read(write(tmp_path))
    assert (tmp_path / ".upheld" / "cache" / ".gitignore").read_text() == "*\n"


def test_reading_writes_nothing_but_the_cache(tmp_path):
    everything(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    read(tmp_path)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path: after[path] for path in before} == before
    assert {path.relative_to(tmp_path).parts[:2] for path in after.keys() - before.keys()} == {(".upheld", "cache")}


def test_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path):
    write(tmp_path)
    put(tmp_path, ".upheld", "in the way")
    requirement(tmp_path, "R-1")
    assert list(read(tmp_path).catalogue.requirements) == ["R-1"]


def test_a_cache_folder_that_points_elsewhere_is_not_written(tmp_path):
    root = write(tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    (root / ".upheld").symlink_to(tmp_path / "elsewhere")
    read(root)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_runs_beside_each_other_leave_a_whole_cache(tmp_path):
    everything(tmp_path)
    script = (
        "import sys\nfrom pathlib import Path\nfrom upheld.project.load import load\n"
        "own = Path(sys.argv[1]) / 'requirements' / f'{sys.argv[2]}.md'\n"
        "for n in range(15):\n"
        "    own.write_text(f'---\\nid: R-{sys.argv[2]}\\ntitle: {n}\\n---\\n')\n"
        "    load(Path(sys.argv[1]), native={})\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in ("one", "two")]
    assert [run.wait() for run in runs] == [0, 0]
    assert read(tmp_path) == read(tmp_path, cache=False)
    assert [path.name for path in (tmp_path / FILE).parent.iterdir() if path.name.startswith("definitions-")] == []


# ── Size ──


def test_no_yaml_is_imported_when_nothing_has_changed(tmp_path):
    everything(tmp_path)
    settle(tmp_path)
    read(tmp_path)
    script = (
        "import sys\nfrom pathlib import Path\nfrom upheld.project.load import load\nload(Path(sys.argv[1]), native={})\n"
        "print(sorted({'yaml', 'msgspec', 'click', 'sqlalchemy', 'cryptography'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_generated_content_is_the_same_on_every_machine():
    assert definitions.fingerprint(50) == definitions.fingerprint(50)
    items = list(definitions.items(200))
    assert len({item.id for item in items}) == 200
    assert all(len(item.parents) == 2 for item in items if item.level != "STK")


@pytest.mark.parametrize("form", definitions.WRITERS)
def test_the_generator_writes_as_many_requirements_as_asked(tmp_path, form):
    definitions.WRITERS[form](tmp_path, 120)
    texts = "".join(path.read_text() for path in sorted(tmp_path.rglob("*")) if path.is_file())
    items = definitions.items(120, faulty="faulty" in form)
    assert sum(texts.count(item.text) for item in items) == 120


def test_a_generated_project_has_no_finding(tmp_path):
    definitions.write_upheld(tmp_path, 100)
    project = read(tmp_path)
    assert project.findings == ()
    assert len(project.catalogue.criteria) == 100
