"""How old a definition is: the day of the commit that brought it, and whether it was there before the project."""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.project.definitions import written
from upheld.project.age import first_commits

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")


def git(root: Path, *words: str, day: str = "2026-11-22") -> None:
    environment = {
        "GIT_AUTHOR_DATE": f"{day}T12:00:00Z",
        "GIT_COMMITTER_DATE": f"{day}T12:00:00Z",
        "PATH": "/usr/bin:/bin",
    }
    environment |= {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b.c",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b.c",
    }
    subprocess.run(["git", "-C", str(root), *words], check=True, env=environment, capture_output=True)


def committed(root: Path, day: str, **files: str) -> None:
    written(root, {name.replace("__", "/").replace("_", "."): text for name, text in files.items()})
    git(root, "add", "-A", day=day)
    git(root, "commit", "-qm", "x", day=day)


def begun(root: Path) -> Path:
    root.mkdir(exist_ok=True)
    git(root, "init", "-q")
    return root


def test_the_oldest_commit_counts_though_the_file_came_again(tmp_path: Path) -> None:
    root = begun(tmp_path)
    committed(root, "2020-01-01", upheld_yaml="project: p\n")
    committed(root, "2020-01-02", d__a_md="one")
    (root / "d/a.md").unlink()
    committed(root, "2021-01-01", other="x")
    committed(root, "2022-01-01", d__a_md="two")
    assert first_commits(root, ["d/a.md"]) == {"d/a.md": date(2020, 1, 2)}


def test_what_was_there_before_the_project_is_older_than_a_project_of_the_same_day(tmp_path: Path) -> None:
    root = begun(tmp_path)
    committed(root, "2026-11-22", old_md="x")
    assert first_commits(root, ["old.md"]) == {"old.md": date(2026, 11, 21)}
    committed(root, "2026-11-22", upheld_yaml="project: p\n", same_md="x")
    committed(root, "2026-11-22", new_md="x")
    found = first_commits(root, ["old.md", "same.md", "new.md"])
    assert found == {"old.md": date(2026, 11, 21), "same.md": date(2026, 11, 22), "new.md": date(2026, 11, 22)}


def test_a_file_that_git_does_not_know_has_no_age(tmp_path: Path) -> None:
    root = begun(tmp_path)
    committed(root, "2020-01-01", a_md="x")
    written(root, {"b.md": "x"})
    assert set(first_commits(root, ["a.md", "b.md", "c.md"])) == {"a.md"}


def test_names_are_relative_to_the_project_and_may_be_unusual(tmp_path: Path) -> None:
    root = begun(tmp_path)
    written(root, {"sub/größe und\tso.md": "x", "top.md": "x"})
    committed(root, "2020-01-01", z_md="x")
    assert set(first_commits(root / "sub", ["größe und\tso.md", "top.md"])) == {"größe und\tso.md"}


def test_the_answer_is_kept_until_the_next_commit(tmp_path: Path) -> None:
    root = begun(tmp_path)
    committed(root, "2020-01-01", upheld_yaml="project: p\n", a_md="x")
    written(root, {"b.md": "x"})
    first = first_commits(root, ["a.md", "b.md"])
    assert json.loads((root / ".upheld/cache/age.json").read_text("utf-8"))["kept"] == {
        "a.md": "2020-01-01",
        "b.md": "",
    }
    assert first_commits(root, ["a.md", "b.md"]) == first == {"a.md": date(2020, 1, 1)}
    assert first_commits(root, ["c.md"]) == {}
    committed(root, "2021-01-01", c_md="x")
    assert first_commits(root, ["a.md", "c.md"]) == {"a.md": date(2020, 1, 1), "c.md": date(2021, 1, 1)}


@pytest.mark.parametrize("garbage", ["", "{", "[]", '{"stamp": 1}', '{"stamp": "HEAD", "kept": 7}'])
def test_a_cache_that_makes_no_sense_is_made_again(garbage: str, tmp_path: Path) -> None:
    root = begun(tmp_path)
    committed(root, "2020-01-01", upheld_yaml="project: p\n", a_md="x")
    head = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    written(root, {".upheld/cache/age.json": garbage.replace("HEAD", head.stdout.strip())})
    assert first_commits(root, ["a.md"]) == {"a.md": date(2020, 1, 1)}


def test_outside_git_nothing_is_known(tmp_path: Path) -> None:
    written(tmp_path, {"a.md": "x"})
    assert first_commits(tmp_path, ["a.md"]) == {}


def test_a_shallow_clone_does_not_make_everything_new(tmp_path: Path) -> None:
    root = begun(tmp_path / "full")
    committed(root, "2020-01-01", upheld_yaml="project: p\n", a_md="x")
    committed(root, "2021-01-01", b_md="x")
    committed(root, "2022-01-01", c_md="x")
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", "shallow")
    assert set(first_commits(tmp_path / "shallow", ["a.md", "b.md", "c.md"])) == {"c.md"}


def test_nothing_is_asked_when_nothing_is_wanted(tmp_path: Path) -> None:
    assert first_commits(tmp_path / "nowhere", []) == {}
