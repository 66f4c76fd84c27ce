"""In and out again: a plan before anything is written, twice changes nothing, and what nobody changed goes out as it came."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from upheld.cli import cli
from upheld.exchange import Document, ForeignItem, ForeignLink, settings
from upheld.exchange.incoming import UNSEEN, Known, Step, content_hash, plan
from upheld.project.load import load

pytestmark = pytest.mark.upheld("REQ-EXC-001.c1")

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
CSV = "Key,Title,Text,Parent,Team\nR-1,Free,Costs nothing,,money\nR-2,Sums,They add up,R-1,\n"


def item(key: str = "R-1", title: str = "Free", text: str = "Costs nothing", **known) -> ForeignItem:
    return ForeignItem(key=key, title=title, text=text, where="t:1", **known)


def known(title: str = "Free", text: str = "Costs nothing", *, seen: str = "", **more) -> Known:
    origin = {"exchange": "t", "key": "R-1", "seen": seen or content_hash("Free", "Costs nothing")}
    raw = f'---\nid: R-1\ntitle: "{title}"\ncriteria: []\nx-origin: {json.dumps(origin)}\n---\n{text}\n'
    return Known(
        id="R-1",
        file="requirements/t/R-1.md",
        raw=raw,
        title=title,
        body=text,
        fingerprint="0a0a0a0a",
        origin=origin,
        **more,
    )


def planned(*items: ForeignItem, here: tuple[Known, ...] = ()):
    return plan(Document(items=items), exchange="t", folder="requirements/t", known=here)


SIDES = {
    "neither changed": (item(), known(), Step.UNCHANGED),
    "only here": (item(), known(text="Costs very little"), Step.UNCHANGED),
    "only there": (item(text="Costs a penny"), known(), Step.CHANGED),
    "on both sides": (item(text="Costs a penny"), known(text="Costs very little"), Step.CONFLICT),
    "on both sides to the same": (item(text="Costs a penny"), known(text="Costs a penny"), Step.CHANGED),
}


@pytest.mark.parametrize("what", SIDES)
def test_only_what_changed_there_alone_is_written(what):
    foreign, mine, step = SIDES[what]
    [found] = planned(foreign, here=(mine,)).steps
    assert found.step is step
    assert bool(found.text) == (step is Step.CHANGED)


def test_an_update_keeps_what_was_written_here():
    [found] = planned(item(title="Free of charge", text="Costs a penny"), here=(known(),)).steps
    assert "criteria: []" in found.text
    assert 'title: "Free of charge"' in found.text
    assert found.text.endswith("---\nCosts a penny\n")
    assert content_hash("Free of charge", "Costs a penny") in found.text


def test_links_carry_what_they_have_seen_and_lost_ones_are_named():
    parent = item(key="R-0", title="Parent", text="p")
    child = item(links=(ForeignLink(to="R-0"), ForeignLink(to="R-0", stale=True), ForeignLink(to="R-9")))
    found = planned(parent, child)
    assert f'{{"refines": "R-0", "seen": "{UNSEEN}"}}' in found.steps[1].text
    assert found.notes == ("R-1: its link to R-9 leads to nothing that is imported or here",)


def test_names_that_ids_cannot_have_are_changed_and_told():
    found = planned(item(key="Bodentemperatur prüfen!"), item(key="R~1"), item(key="R-1"), item(key="~~"))
    assert [step.id for step in found.steps] == ["Bodentemperatur-prufen", "R-1", "R-1-2", "item"]
    assert found.notes[0] == "Bodentemperatur prüfen! is called Bodentemperatur-prufen here"


def test_what_is_no_longer_there_is_kept_and_told():
    assert planned(here=(known(),)).notes == ("no longer there, kept here: R-1",)


# ── The commands ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "upheld.yaml").write_text("project: shop\n")
    (tmp_path / "t.csv").write_text(CSV)
    return tmp_path


def run(*words: object, status: int = 0):
    done = CliRunner().invoke(cli, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout


def everything(folder: Path) -> dict[str, bytes]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and ".upheld" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_a_dry_run_writes_nothing(project):
    before = everything(project)
    shown = run("import", project / "t.csv", "--project", project, "--dry-run")
    assert everything(project) == before
    assert "2 new" in shown
    assert "stays in the original only: column Team (1)" in shown
    assert "nothing was written" in shown


def test_what_comes_in_are_requirements_that_lint_reads(project):
    run("import", project / "t.csv", "--project", project)
    found = load(project, native={}, cache=False)
    assert [r.title for r in found.catalogue.requirements.values()] == ["Free", "Sums"]
    assert not [f for f in found.findings if f.severity.value == "error"]
    [link] = found.catalogue.requirements["R-2"].links
    assert (link.relation, link.to, link.seen) == ("refines", "R-1", found.catalogue.fingerprint("R-1"))
    assert (project / "exchange" / "t.yaml").is_file()


def test_importing_twice_changes_nothing(project):
    run("import", project / "t.csv", "--project", project)
    before = everything(project)
    assert "2 unchanged" in run("import", project / "t.csv", "--project", project)
    assert everything(project) == before


def test_a_conflict_is_told_by_the_exit_status_and_nothing_is_overwritten(project):
    run("import", project / "t.csv", "--project", project)
    place = project / "requirements" / "t" / "R-1.md"
    place.write_text(place.read_text().replace("Costs nothing", "Costs little"))
    (project / "t.csv").write_text(CSV.replace("Costs nothing", "Costs a penny"))
    assert "✖ R-1" in run("import", project / "t.csv", "--project", project, status=1)
    assert "Costs little" in place.read_text()
    assert "changed on both sides" in run("export", "t", "--project", project)


def test_a_change_goes_out_and_comes_back_as_nothing_new(project):
    run("import", project / "t.csv", "--project", project)
    place = project / "requirements" / "t" / "R-1.md"
    place.write_text(place.read_text().replace("Costs nothing", "Costs little"))
    dry = json.loads(run("export", "t", "--project", project, "--dry-run", "--format", "json"))
    jsonschema.validate(dry, json.loads((SCHEMAS / "export-result-v1.json").read_text()))
    assert (dry["changed"], dry["written"], (project / "t.csv").read_text()) == (["R-1"], False, CSV)
    run("export", "t", "--project", project)
    assert (project / "t.csv").read_text() == CSV.replace("Costs nothing", "Costs little")
    run("import", project / "t.csv", "--project", project)
    assert "2 unchanged" in run("import", project / "t.csv", "--project", project)
    assert "nothing to write" in run("export", "t", "--project", project)


def test_a_requirement_written_here_is_told_to_have_no_place_there(project):
    run("import", project / "t.csv", "--project", project)
    (project / "requirements" / "OWN-1.md").write_text("---\nid: OWN-1\ntitle: Ours\nstatus: draft\n---\nText.\n")
    assert "OWN-1 was written here and is not in t.csv" in run("export", "t", "--project", project)


USAGE = {
    "an exchange that is not there": (["export", "nothing"], 'no exchange is called "nothing"; there is none yet'),
    "a form that is not there": (["import", "t.csv", "--as", "word"], 'no form is called "word"'),
    "a mapping without =": (["import", "t.csv", "--map", "title"], "write it as OURS=THEIRS"),
    "a column that is not there": (["import", "t.csv", "--map", "id=Nr"], 'no column "Nr" for id'),
}


@pytest.mark.parametrize("what", USAGE)
def test_a_mistake_is_one_line_and_writes_nothing(what, project, monkeypatch):
    words, reason = USAGE[what]
    monkeypatch.chdir(project)
    before = everything(project)
    done = CliRunner().invoke(cli, words)
    assert done.exception is not None
    assert done.exception.exit_status == 2
    assert reason in str(done.exception)
    assert everything(project) == before


def test_nothing_is_half_written(project, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("disk full")

    before = everything(project)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="disk full"):
        settings.write(project, {"requirements/t/a.md": b"a", "requirements/t/b.md": b"b"})
    assert everything(project) == before


def test_a_path_outside_the_project_is_refused(project):
    with pytest.raises(Exception, match="lies outside"):
        settings.write(project, {"../evil": b""})


# ── Public projects ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_public_doorstop_project_comes_in_whole_and_goes_out_as_it_was(shared, project):
    original = shared / "samples" / "requirements" / "doorstop-pyserv"
    if not original.is_dir():
        pytest.skip(f"no sample {original}")
    shutil.copytree(original, project / "pyserv")
    items = sorted(p.stem for p in original.rglob("*_*.*") if p.suffix in (".yml", ".md"))

    told = json.loads(run("import", project / "pyserv", "--project", project, "--format", "json"))

    assert sorted(step["key"] for step in told["items"]) == items
    assert told["skipped"] == []
    links = [link for r in load(project, native={}, cache=False).catalogue.requirements.values() for link in r.links]
    assert len(links) == 7
    assert all(link.seen != UNSEEN for link in links), "Doorstop calls none of them suspect"
    run("export", "pyserv", "--project", project, "--to", project / "out")
    assert everything(project / "out") == everything(original)


def test_public_reqif_files_are_accounted_for_and_go_out_canonically_equal(shared, tmp_path):
    from lxml import etree

    files = sorted((shared / "samples" / "requirements" / "reqif-samples").rglob("*.reqif"))
    if not files:
        pytest.skip("no ReqIF samples")
    for number, file in enumerate(files):
        root = tmp_path / str(number)
        root.mkdir()
        (root / "upheld.yaml").write_text("project: x\n")
        copy = root / "s.reqif"
        copy.write_bytes(file.read_bytes())
        told = json.loads(run("import", copy, "--project", root, "--format", "json"))
        tree = etree.parse(str(file))
        objects = len(tree.findall(".//{*}SPEC-OBJECT"))
        relations = [s for s in told["skipped"] if "relation" in s["reason"]]
        assert len(told["items"]) + len(told["skipped"]) - len(relations) == objects, file
        run("export", "s", "--project", root, "--to", root / "out.reqif")
        assert etree.tostring(etree.parse(str(root / "out.reqif")), method="c14n") == etree.tostring(
            tree, method="c14n"
        )
