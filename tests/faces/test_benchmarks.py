"""`make bench`: it measures, it keeps what it measured as evidence, and the committed figures are the ones on the page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from upheld.core.evidence import Level, decode
from upheld.project.load import load
from upheld.wiring import native_indicators, source_state

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
RESULTS = sorted((BENCHMARKS / "results").glob("bench.*.json"))


def bench(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / "run.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """The records of a trial on fifty requirements, without the peers and the browser, which not every machine has."""
    folder = tmp_path_factory.mktemp("results")
    parts = ["help", "lint", "junit", "sarif", "cyclonedx", "reqif", "check", "weigh", "forecasts", "pages", "server"]
    words = (*parts, "--size", "50", "--rounds", "1", "--results", folder)
    answer = bench(*words)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return {path.stem: json.loads(path.read_bytes()) for path in folder.iterdir()}


@pytest.mark.slow
def test_a_trial_measures_every_indicator_that_needs_no_peer(trial, repository):
    defined = load(repository, native=native_indicators(), cache=False).catalogue.indicators
    expected = {name for name in defined if name.startswith("bench.") and "-to-" not in name and "-paint" not in name}
    assert set(trial) == expected


@pytest.mark.slow
def test_every_figure_is_evidence_of_this_source_in_the_unit_of_its_indicator(trial, repository):
    defined = load(repository, native=native_indicators(), cache=False).catalogue.indicators
    for name, record in trial.items():
        evidence = decode(record)
        assert isinstance(evidence.statistic, Level)
        assert evidence.statistic.value > 0
        assert record["statistic"].get("unit", "") == defined[name].unit.name
        assert evidence.subject.startswith("tree:")
        assert evidence.observed is not None


@pytest.mark.slow
def test_a_figure_lies_among_its_runs(trial):
    for record in trial.values():
        conditions = record["conditions"]
        assert conditions["min"] <= record["statistic"]["value"] <= conditions["max"]


def test_a_trial_of_another_size_is_not_written_among_the_results(monkeypatch, repository):
    before = {path: path.read_bytes() for path in RESULTS}
    answer = bench("help", "--size", "50", "--rounds", "1")
    assert answer.returncode == 0
    assert "bench.help-cpu" in answer.stdout
    assert "written" not in answer.stdout
    assert {path: path.read_bytes() for path in RESULTS} == before


def test_the_page_shows_the_committed_figures(repository):
    command = [sys.executable, str(BENCHMARKS / "page.py")]
    page = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert (repository / "docs/benchmarks.md").read_text("utf-8") == page


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_a_committed_figure_is_whole(path, repository):
    record = json.loads(path.read_bytes())
    defined = load(repository, native=native_indicators(), cache=False).catalogue.indicators
    assert path.stem == record["indicator"]
    assert record["statistic"].get("unit", "") == defined[path.stem].unit.name
    assert decode(record).subject.startswith("tree:")


def test_committing_evidence_changes_nothing_of_what_was_measured(tmp_path):
    (tmp_path / "upheld.yaml").write_text("project: P\nfolders: {evidence: bench/results}\n")
    (tmp_path / "bench" / "results").mkdir(parents=True)
    (tmp_path / "code.py").write_text("pass\n")
    commit(tmp_path)
    before = source_state(tmp_path, [])
    (tmp_path / "bench" / "results" / "one.json").write_text("{}\n")
    assert source_state(tmp_path, []).text == before.text
    commit(tmp_path)
    after = source_state(tmp_path, [])
    assert (after.text, after.dirty) == (before.text, False)
    assert after.commit != before.commit


def commit(root: Path) -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "so"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=root, check=True)
