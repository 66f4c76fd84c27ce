"""The repository as a source: real git repositories, built here, are asked what was measured and what is in them."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Rate, Share, decode, encode
from upheld.errors import EvidenceError, HistoryError, UnavailableError, UsageError
from upheld.sources import repository
from upheld.sources.repository import git as asking
from upheld.sources.repository.changes import parse_patch
from upheld.sources.repository.documentation import is_public_module, undocumented
from upheld.sources.repository.facts import compile_pattern

pytestmark = pytest.mark.upheld("REQ-SUB-001.c1")

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ODD_NAMES = (
    "with space.txt",
    "Übergröße.md",
    "new\nline.txt",
    'quo"ted.txt',
    "tab\there.txt",
    "back\\slash.txt",
    "-dash.txt",
    " leading and trailing ",
    ":(exclude)magic",
    "*.star",
    "b/b.txt",
    "signoffs.md",
)


@pytest.fixture(autouse=True)
def _no_user_settings(monkeypatch):
    """What the person at this machine has configured must not decide a test."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


class Repository:
    """A real repository with the few moves that the tests make."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        if (path / ".git").exists():
            return
        self.git("init", "-q", "-b", "main", "--template=", *options)

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        settings = ("user.name=A", "user.email=a@example.com", "protocol.file.allow=always", "commit.gpgSign=false")
        words = [word for setting in settings for word in ("-c", setting)]
        done = subprocess.run(["git", *words, *arguments], cwd=self.path, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, name: str, content: str | bytes = "x\n") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    @property
    def tree(self) -> str:
        return "tree:" + self.git("rev-parse", "HEAD^{tree}")


@pytest.fixture(scope="module")
def first_commit(tmp_path_factory) -> Path:
    made = Repository(tmp_path_factory.mktemp("first") / "project")
    made.write("src/app.py", 'def run():\n    """Run."""\n')
    made.write("README.md", "# Project\n")
    made.write("upheld.yaml", "project: P\n")
    made.commit("first")
    return made.path


@pytest.fixture
def repo(first_commit, tmp_path) -> Repository:
    shutil.copytree(first_commit, tmp_path / "project", symlinks=True)
    return Repository(tmp_path / "project")


def start_a_merge_in_conflict(repo: Repository) -> None:
    repo.git("checkout", "-qb", "side")
    repo.write("README.md", "side\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("README.md", "main\n")
    repo.commit()
    with pytest.raises(AssertionError, match="Automatic merge failed"):
        repo.git("merge", "-q", "side")


def at(repo: Repository) -> str:
    return repository.subject(repo.path, "HEAD").text


def working(repo: Repository) -> str:
    return repository.subject(repo.path).text


# ── What was measured ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_project_without_sign_offs_is_named_by_gits_own_tree(repo):
    assert repository.subject(repo.path, "HEAD") == repository.Subject(
        text=repo.tree, commit=repo.git("rev-parse", "HEAD"), dirty=False, shallow=False
    )


def test_a_clean_working_tree_is_the_commit_it_stands_on(repo):
    assert repository.subject(repo.path) == repository.subject(repo.path, "HEAD")


@pytest.mark.parametrize("folder", ["signoffs", "waivers", "checkpoints", ".upheld"])
def test_committing_a_sign_off_a_waiver_or_a_checkpoint_does_not_void_what_was_signed(repo, folder):
    before = at(repo)
    repo.write(f"{folder}/2026/jake.json", "{}")
    uncommitted = repository.subject(repo.path)
    assert (uncommitted.text, uncommitted.dirty) == (before, False)
    repo.commit("sign")
    assert (at(repo), working(repo)) == (before, before)


def test_the_text_is_the_tree_that_git_writes_once_the_excluded_folders_are_removed(repo):
    for name in ("signoffs/a.json", "waivers/b.yaml", "docs/keep.md", "docs/signed/c.json", "only/signed/d.json"):
        repo.write(name)
    repo.commit()
    excluded = ("signoffs", "waivers/", "docs/signed", "only/signed", "absent/folder", "./upheld.yaml")
    found = repository.subject(repo.path, excluded=excluded).text
    repo.git("rm", "-rq", "--cached", "signoffs", "waivers", "docs/signed", "only", "upheld.yaml")
    assert found == "tree:" + repo.git("write-tree")


def _flip(repo):
    path = repo.path / "src/app.py"
    path.write_bytes(path.read_bytes().replace(b"run", b"ruN", 1))


def _deeper(repo):
    repo.write("docs/signoffs/a.json")


def _new(repo):
    repo.write("new.txt")


def _gone(repo):
    (repo.path / "README.md").unlink()


def _mode(repo):
    (repo.path / "src/app.py").chmod(0o755)


def _renamed(repo):
    (repo.path / "README.md").rename(repo.path / "README.txt")


def _relinked(repo):
    (repo.path / "link").unlink()
    (repo.path / "link").symlink_to("upheld.yaml")


def _link_to_file(repo):
    (repo.path / "link").unlink()
    repo.write("link", "README.md")


def _file_to_folder(repo):
    (repo.path / "README.md").unlink()
    repo.write("README.md/inner.md")


def _folder_to_file(repo):
    (repo.path / "src/app.py").unlink()
    (repo.path / "src").rmdir()
    repo.write("src")


def _folder_to_link(repo):
    (repo.path / "copy").mkdir()
    (repo.path / "src").rename(repo.path / "copy/src")
    (repo.path / "src").symlink_to("copy/src")


def _staged(repo):
    repo.write("README.md", "# Other\n")
    repo.git("add", "README.md")


def _intended(repo):
    repo.write("intended.txt")
    repo.git("add", "--intent-to-add", "intended.txt")


@pytest.mark.parametrize(
    "change",
    [
        _flip, _deeper, _new, _gone, _mode, _renamed, _relinked, _link_to_file, _file_to_folder, _folder_to_file,
        _folder_to_link, _staged, _intended,
    ],
)  # fmt: skip
def test_any_other_change_is_another_subject_and_the_same_before_and_after_its_commit(repo, change: Callable):
    (repo.path / "link").symlink_to("README.md")
    repo.commit()
    before = at(repo)
    change(repo)
    found = repository.subject(repo.path)
    assert found.text != before
    assert found.dirty
    repo.commit()
    assert (at(repo), repository.subject(repo.path).dirty) == (found.text, False)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_counts_whatever_its_name(repo, name):
    before = at(repo)
    repo.write(name)
    found = working(repo)
    repo.commit()
    assert found != before
    assert found == at(repo) == repo.tree


def test_a_file_counts_when_its_name_is_no_utf_8(repo):
    path = os.fsencode(repo.path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text("x")
    found = working(repo)
    repo.commit()
    assert found == at(repo)


_NAMES = st.sampled_from(["a.txt", "b c.py", "ü\n.md", "d/e.txt", "d/f", "d/g/h", "d", "signoffs/s.json", ".gitignore"])
_MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("write"), _NAMES, st.sampled_from(["", "1\n", "2\r\n", "*.md\n", "\0bin"])),
        st.tuples(st.just("delete"), _NAMES, st.just("")),
        st.tuples(st.just("mode"), _NAMES, st.just("")),
        st.tuples(st.just("link"), _NAMES, st.sampled_from(["a.txt", "nowhere"])),
        st.tuples(st.just("stage"), _NAMES, st.just("")),
    ),
    max_size=8,
)


@settings(max_examples=15)
@given(first=_MOVES, second=_MOVES)
@example(first=[("write", "d/e.txt", "1\n")], second=[("delete", "d/e.txt", ""), ("link", "d", "nowhere")])
def test_committing_the_working_tree_exactly_as_it_is_gives_the_subject_it_had(first, second):
    with TemporaryDirectory() as folder:
        repo = Repository(Path(folder))
        repo.write(".gitattributes", "* text=auto\n")
        repo.write("kept")
        _move(repo, first)
        repo.commit()
        _move(repo, second)
        found = repository.subject(repo.path)
        repo.commit()
        assert found.text == at(repo) == working(repo)


def _move(repo: Repository, moves) -> None:
    for verb, name, content in moves:
        path = repo.path / name
        present = path.is_symlink() or path.is_file()
        blocked = path.is_dir() or any(p.is_symlink() or p.is_file() for p in path.parents if repo.path in p.parents)
        if verb in ("delete", "mode", "stage") and (not present or blocked):
            continue
        if verb == "delete":
            path.unlink()
        elif verb == "mode" and not path.is_symlink():
            path.chmod(0o755)
        elif verb == "stage":
            repo.git("--literal-pathspecs", "add", "--force", "--", name)
        elif verb == "write" and not blocked:
            path.unlink(missing_ok=True)
            repo.write(name, content)
        elif verb == "link" and not blocked:
            path.unlink(missing_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(content)


def test_line_ends_count_as_git_would_commit_them(repo):
    repo.write("kept-crlf.txt", "a\r\n")  # committed with CRLF before there was an attribute
    repo.write("plain.txt", "a\n")
    repo.commit()
    repo.write(".gitattributes", "* text=auto\n")
    repo.commit()
    before = at(repo)
    repo.write("plain.txt", "a\r\n")
    assert working(repo) == before  # git turns it into LF
    repo.write("kept-crlf.txt", "a\r\nb\r\n")  # git keeps CRLF where the index has it
    found = working(repo)
    repo.commit()
    assert found == at(repo) != before


def test_a_clean_filter_decides_what_counts(repo):
    repo.git("config", "filter.upper.clean", "tr a-z A-Z")
    repo.write(".gitattributes", "*.up filter=upper\n")
    repo.write("a.up", "hello")
    found = working(repo)
    repo.commit()
    assert found == at(repo)
    repo.write("a.up", "HELLO")
    assert working(repo) == found


def test_an_edit_of_the_same_size_in_the_instant_of_the_commit_is_seen(repo):
    repo.git("config", "core.trustctime", "false")  # or git would notice by the time of the inode
    path = repo.write("now.txt", "0")
    os.utime(path, (10**9, 10**9))
    repo.commit()
    os.utime(repo.path / ".git/index", (10**9, 10**9))
    path.write_text("1")
    os.utime(path, (10**9, 10**9))
    assert working(repo) != at(repo)


def test_ignored_files_do_not_count(repo):
    repo.write(".gitignore", "build/\n")
    repo.commit()
    repo.write("build/report.xml")
    assert not repository.subject(repo.path).dirty


def test_an_ignored_file_that_is_tracked_counts(repo):
    repo.write(".gitignore", "*.log\n")
    repo.write("kept.log")
    repo.git("add", "--force", "kept.log")
    repo.commit()
    before = at(repo)
    repo.write("kept.log", "other")
    assert working(repo) != before


def test_a_submodule_counts_by_its_commit(repo, tmp_path):
    inner = Repository(tmp_path / "inner")
    inner.write("a")
    inner.commit()
    repo.git("submodule", "add", "-q", str(inner.path), "vendored")
    repo.commit()
    before = at(repo)
    assert working(repo) == before == repo.tree
    module = Repository(repo.path / "vendored")
    module.write("b")
    assert working(repo) == before  # the commit of the submodule is what the project records
    module.commit()
    found = working(repo)
    repo.commit()
    assert found == at(repo) != before


def test_an_unfinished_merge_counts_as_it_lies(repo):
    start_a_merge_in_conflict(repo)
    found = working(repo)
    repo.commit()
    assert found == at(repo)


def test_a_sparse_checkout_is_the_commit_it_stands_on(repo):
    repo.git("status")  # git takes away only files that it knows to be unchanged
    repo.git("sparse-checkout", "set", "--no-cone", "/README.md")
    assert not (repo.path / "src").exists()
    assert repository.subject(repo.path) == repository.subject(repo.path, "HEAD")


def test_a_detached_head_has_a_subject(repo):
    first = at(repo)
    repo.write("more")
    repo.commit()
    repo.git("checkout", "-q", "HEAD~1")
    assert repository.subject(repo.path).text == first == at(repo)


def test_before_the_first_commit_the_working_tree_has_a_subject_and_no_commit(tmp_path):
    repo = Repository(tmp_path)
    repo.write("a")
    found = repository.subject(repo.path)
    assert (found.commit, found.dirty) == ("", True)
    with pytest.raises(UsageError, match="has no commit yet"):
        repository.subject(repo.path, "HEAD")
    repo.commit()
    assert at(repo) == found.text


def test_a_linked_work_tree_has_its_own_subject(repo, tmp_path):
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    (tmp_path / "linked/new").write_text("x")
    found = repository.subject(tmp_path / "linked")
    assert found.dirty
    assert found.text != working(repo) == at(repo)


def test_a_sha_256_repository_gives_64_digits(tmp_path):
    repo = Repository(tmp_path, "--object-format=sha256")
    repo.write("a")
    repo.write("signoffs/b")
    repo.commit()
    found = at(repo)
    repo.git("rm", "-rq", "--cached", "signoffs")
    assert found == working(repo) == "tree:" + repo.git("write-tree")
    assert len(found) == len("tree:") + 64


def test_a_shallow_clone_has_the_same_subject_and_says_that_it_is_shallow(repo, tmp_path):
    repo.write("b")
    repo.commit()
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "clone"))
    found = repository.subject(tmp_path / "clone", "HEAD")
    assert (found.text, found.shallow) == (at(repo), True)
    with pytest.raises(HistoryError, match=r'"HEAD~1" is no commit .* shallow: fetch the history'):
        repository.subject(tmp_path / "clone", "HEAD~1")


# A project in a folder of a larger repository.


@pytest.fixture
def nested(repo) -> Path:
    repo.write("teams/ä b/upheld.yaml")
    repo.write("teams/ä b/signoffs/one.json")
    repo.commit()
    return repo.path / "teams/ä b"


def test_a_project_in_a_folder_is_that_folder_alone(repo, nested):
    before = repository.subject(nested)
    assert before == repository.subject(nested, "HEAD")
    repo.write("src/app.py", "other = 1\n")
    assert repository.subject(nested) == before
    (nested / "signoffs/two.json").write_text("{}")
    assert repository.subject(nested) == before
    (nested / "upheld.yaml").write_text("changed")
    assert repository.subject(nested).text != before.text


def test_an_unfinished_merge_in_another_folder_does_not_hide_the_subject(repo, nested):
    before = repository.subject(nested, "HEAD").text
    start_a_merge_in_conflict(repo)
    assert repository.subject(nested).text == before


def test_a_commit_without_the_project_s_folder_has_no_subject_of_it(nested):
    with pytest.raises(UsageError, match="does not exist in commit"):
        repository.subject(nested, "HEAD~1")
    assert len(repository.ancestors(nested).commits) == 1


def test_a_folder_that_git_ignores_has_no_subject(repo):
    repo.write(".gitignore", "build/\n")
    repo.write("build/project/upheld.yaml")
    with pytest.raises(UsageError, match=r"git knows no file in .*build/project; .*gitignore"):
        repository.subject(repo.path / "build/project")


def test_reports_beside_the_source_are_no_part_of_it_and_tracked_files_there_are(repo):
    repo.write(".gitignore", "build/\n.upheld/\n")
    repo.write("ev/old.json")
    repo.commit()
    before = repository.subject(repo.path, beside=["ev", "build", "junit.xml"]).text
    for name in ("ev/new.json", "build/junit.xml", "junit.xml", ".upheld/records.db"):
        repo.write(name)
    assert repository.subject(repo.path, beside=["ev", "build", "junit.xml"]).text == before
    assert repository.subject(repo.path).text != before
    assert repository.untracked(repo.path, "*.json") == ["ev/new.json"]
    repo.write("ev/old.json", "changed")
    assert repository.subject(repo.path, beside=["ev", "build", "junit.xml"]).text != before


def test_an_empty_folder_has_no_subject(repo):
    (repo.path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"git knows no file in .*empty"):
        repository.subject(repo.path / "empty")


def test_our_own_memory_is_not_even_read(repo):
    before = at(repo)
    Repository(repo.path / ".upheld/half").write("a")  # a repository without a commit: git would refuse to add it
    assert working(repo) == before


# Asking leaves no trace.


def test_asking_changes_nothing_in_the_repository(repo):
    repo.write("new.py", "def f(): ...\n")
    repo.write("README.md", "other\n")

    def everything():
        return {path: path.is_dir() or path.read_bytes() for path in repo.path.rglob("*")}

    before = everything()
    repository.subject(repo.path)
    repository.changed_lines(repo.path, "HEAD")
    repository.facts(repo.path, base="HEAD", wanted=repository.NATIVE.values())
    assert everything() == before


def test_the_variables_of_a_hook_do_not_lead_to_another_repository(repo, tmp_path, monkeypatch):
    other = Repository(tmp_path / "other")
    other.write("z")
    other.commit()
    expected = working(repo)
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git/index"))
    assert repository.subject(repo.path).text == repository.subject(repo.path, "HEAD").text == expected


def test_a_replacement_kept_in_one_clone_does_not_change_the_subject(repo):
    first, before = repo.git("rev-parse", "HEAD"), at(repo)
    repo.write("a")
    repo.git("replace", first, repo.commit())
    assert repository.subject(repo.path, first).text == before


def test_the_team_s_hooks_do_not_run(repo):
    hook = repo.write(".git/hooks/post-index-change", "#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    repo.write("new")
    working(repo)
    assert not (repo.path / "ran").exists()
    repo.git("add", "new")
    assert (repo.path / "ran").exists()


def test_a_path_with_the_sign_that_separates_paths_is_no_trap(tmp_path):
    repo = Repository(tmp_path / 'a:b "c"')
    repo.write("x")
    repo.write("y")
    repo.commit()
    repo.write("x", "changed")
    found = working(repo)
    repo.commit()
    assert found == at(repo)
    repo.write("y", "kept?\n")
    assert changed(repo) == {"y": {1}}


# Refusals.


def test_outside_of_a_repository_the_answer_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    for question in (repository.subject, repository.ancestors, lambda path: repository.subject(path, "HEAD")):
        with pytest.raises(UsageError, match="is not in a git repository; run git init"):
            question(tmp_path / "plain")


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(UsageError, match="absent is no folder"):
        repository.subject(tmp_path / "absent", "HEAD")


def test_inside_of_git_s_own_folder_there_is_no_working_tree(repo):
    with pytest.raises(UsageError, match="has no work tree"):
        repository.subject(repo.path / ".git")


def test_without_git_the_answer_says_what_to_install(repo, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UnavailableError, match="install git"):
        repository.subject(repo.path, "HEAD")


def test_a_repository_of_another_user_is_answered_with_the_line_to_type(repo, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UnavailableError, match=rf"git config --global --add safe.directory {repo.path}$"):
        repository.subject(repo.path, "HEAD")


def test_a_git_that_does_not_answer_in_time_is_unavailable(repo, monkeypatch):
    monkeypatch.setattr(asking, "TIMEOUT", 1e-6)
    with pytest.raises(UnavailableError, match="took longer than"):
        repository.subject(repo.path, "HEAD")


@pytest.mark.parametrize("revision", ["absent", "", "--all", "-n1", "HEAD@{99}", "a\0b", "HEAD:README.md", "f" * 40])
def test_what_names_no_commit_is_refused_by_name(repo, revision):
    with pytest.raises(UsageError, match="is no commit in the repository"):
        repository.subject(repo.path, revision)


def test_a_nested_repository_without_a_commit_is_named(repo):
    Repository(repo.path / "half").write("a")
    with pytest.raises(UsageError, match=r"half/.* does not have a commit checked out; commit in it, or ignore it"):
        repository.subject(repo.path)


def test_a_damaged_clone_is_unavailable_and_never_another_subject(repo):
    tree = repo.git("rev-parse", "HEAD^{tree}")
    (repo.path / f".git/objects/{tree[:2]}/{tree[2:]}").unlink()
    with pytest.raises(UnavailableError, match=tree):
        repository.subject(repo.path, "HEAD")


# ── Ancestors ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_ancestors_are_a_commit_itself_and_all_before_it(repo):
    subjects = [at(repo)]
    for name in "abc":
        repo.write(name)
        repo.commit()
        subjects.append(at(repo))
    assert list(repository.ancestors(repo.path).commits) == subjects[::-1]
    assert list(repository.ancestors(repo.path, "HEAD~2").commits) == subjects[1::-1]
    assert repository.ancestors(repo.path).reason == ""


def test_a_descendant_and_another_branch_are_no_ancestors(repo):
    first = at(repo)
    repo.write("a")
    repo.commit()
    second = at(repo)
    repo.git("checkout", "-qb", "side", "HEAD~1")
    repo.write("b")
    repo.commit()
    side = at(repo)
    assert repository.is_ancestor(repo.path, first, of=side)
    assert repository.is_ancestor(repo.path, side, of=side)
    assert not repository.is_ancestor(repo.path, second, of=side)
    assert not repository.is_ancestor(repo.path, side, of=first)


def test_both_sides_of_a_merge_are_ancestors(repo):
    repo.git("checkout", "-qb", "side")
    repo.write("b")
    repo.commit()
    side = at(repo)
    repo.git("checkout", "-q", "main")
    repo.write("a")
    repo.commit()
    main = at(repo)
    repo.git("merge", "-q", "-m", "merge", "side")
    assert {side, main} < set(repository.ancestors(repo.path).commits)


def test_commits_that_differ_only_in_sign_offs_are_one_subject_named_by_the_newest(repo):
    repo.write("signoffs/a.json")
    newest = repo.commit()
    assert repository.ancestors(repo.path).commits == {at(repo): newest}


def test_the_ancestors_of_the_changed_working_tree_are_those_of_its_commit(repo):
    head = at(repo)
    repo.write("a")
    assert repository.is_ancestor(repo.path, head, of=working(repo))


def test_a_tree_that_nobody_knows_has_no_ancestors_and_says_so(repo):
    found = repository.ancestors(repo.path, "tree:" + "0" * 40)
    assert found.commits == {}
    assert "neither the working tree nor a known ancestor" in found.reason


def test_before_the_first_commit_there_are_no_ancestors(tmp_path):
    repo = Repository(tmp_path)
    repo.write("a")
    assert repository.ancestors(repo.path, working(repo)).reason.endswith("has no commit yet")


def test_the_limit_is_said(repo):
    repo.commit("second")
    assert repository.ancestors(repo.path, limit=1).reason == "only the newest 1 commits were looked at"
    assert repository.ancestors(repo.path, limit=2).reason == ""


def test_a_shallow_clone_says_how_to_get_the_ancestors(repo, tmp_path):
    old = at(repo)
    repo.write("b")
    repo.commit()
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "clone"))
    found = repository.ancestors(tmp_path / "clone")
    assert old not in found.commits
    assert "shallow and ends after 1 commits" in found.reason
    assert "fetch-depth: 0" in found.reason


def test_a_commit_id_is_the_same_subject_as_its_tree(repo):
    assert repository.resolve(repo.path, "git:" + repo.git("rev-parse", "HEAD")) == at(repo)
    assert repository.resolve(repo.path, "git:main") == at(repo)
    assert repository.resolve(repo.path, "sha256:ab") == "sha256:ab"
    assert repository.is_ancestor(repo.path, "git:HEAD", of="git:HEAD")


# ── A committed state as files ───────────────────────────────────────────────────────────────────────────────────────


def test_a_committed_state_is_laid_out_as_files_whatever_stands_in_the_working_tree(repo):
    for name in ODD_NAMES:
        repo.write(name, f"{name}\n")
    repo.write("copy.md", "# Project\n")
    (repo.path / "link").symlink_to("/etc/passwd")
    repo.commit()
    repo.write("README.md", "changed")
    expected = {"README.md": b"# Project\n", "copy.md": b"# Project\n"} | {n: f"{n}\n".encode() for n in ODD_NAMES}
    with repository.extracted(repo.path, "HEAD") as folder:
        found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if not p.is_dir()}
    assert {name: found.get(name) for name in expected} == expected
    assert found.keys() - expected.keys() == {"src/app.py", "upheld.yaml"}
    assert not folder.exists()


def test_the_state_of_a_project_in_a_folder_is_that_folder(nested):
    with repository.extracted(nested, "HEAD") as folder:
        assert (folder / "upheld.yaml").read_text() == "x\n"
    with pytest.raises(UsageError, match="does not exist in commit"), repository.extracted(nested, "HEAD~1"):
        pass


@pytest.mark.parametrize("name", ["..", ".", ".git"])
def test_a_tree_made_by_hand_writes_nothing_outside_of_its_folder(repo, name):
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"evil")
    write_tree = ("hash-object", "-w", "-t", "tree", "--literally", "--stdin")
    inner = repo.git(*write_tree, stdin=b"100644 x\0" + bytes.fromhex(blob))
    outer = repo.git(*write_tree, stdin=b"40000 " + name.encode() + b"\0" + bytes.fromhex(inner))
    commit = repo.git("commit-tree", "-m", "crafted", outer)
    with repository.extracted(repo.path, commit) as folder:
        assert list(folder.iterdir()) == []
        assert not (folder.parent / "x").exists()


# ── Changed lines ────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(repo: Repository, base: str = "HEAD") -> dict[str, set[int]]:
    return {name: set(lines) for name, lines in repository.changed_lines(repo.path, base).items()}


def test_added_and_changed_lines_are_those_of_commits_stage_and_working_tree_since_the_base(repo):
    repo.write("committed.py", "1\n2\n3\n")
    repo.commit()
    base = repo.git("rev-parse", "HEAD")
    repo.write("committed.py", "0\n1\n2\n3\n")
    repo.commit()
    repo.write("staged.py", "1\n2\n")
    repo.git("add", "staged.py")
    repo.write("README.md", "# Project\nmore\n")
    repo.write("untracked.py", "1\n")
    assert changed(repo, base) == {"committed.py": {1}, "staged.py": {1, 2}, "README.md": {2}, "untracked.py": {1}}


def test_deletions_binaries_renames_modes_ignored_and_empty_files_add_no_line(repo):
    for name in ("gone.py", "moved.py", "mode.py", "shorter.py"):
        repo.write(name, f"{name}\n" * 20)
    repo.write("picture.bin", b"\0\1")
    repo.write(".gitignore", "*.log\n")
    repo.commit()
    (repo.path / "gone.py").unlink()
    (repo.path / "moved.py").rename(repo.path / "new name.py")
    (repo.path / "mode.py").chmod(0o755)
    repo.write("shorter.py", "shorter.py\n" * 19)
    repo.write("picture.bin", b"\0\2")
    repo.write("other.bin", b"\0\2")
    repo.write("empty.py", "")
    repo.write("a.log")
    assert changed(repo) == {}


def test_a_renamed_file_has_only_its_changed_lines(repo):
    repo.write("old.py", "".join(f"line {i}\n" for i in range(30)))
    repo.commit()
    (repo.path / "old.py").unlink()
    repo.write("new.py", "".join(f"line {i if i != 7 else 'seven'}\n" for i in range(30)))
    assert changed(repo) == {"new.py": {8}}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_lines_are_found_whatever_the_file_s_name(repo, name):
    repo.write(name, "1\n2\n")
    assert changed(repo) == {name: {1, 2}}
    repo.commit()
    repo.write(name, "1\ntwo\n")
    assert changed(repo) == {name: {2}}


def test_a_name_that_is_no_utf_8_can_be_opened_as_it_is_given(repo):
    name = os.fsdecode(b"caf\xe9.py")
    repo.write(name, "1\n")
    assert changed(repo) == {name: {1}}


def test_content_that_looks_like_a_patch_is_content(repo):
    repo.write("a.txt", "++ b/x\n-- a/y\n@@ -1 +1 @@\ndiff --git a/p b/p\n\\ No newline at end of file\n")
    repo.commit()
    repo.write("a.txt", "kept?\n++ b/z\n-- a/w\n@@ -9 +9 @@\ndiff --git a/q b/q\n\\ No newline")
    repo.write("b.txt", "end")
    assert changed(repo) == {"a.txt": {1, 2, 3, 4, 5, 6}, "b.txt": {1}}


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        (b"", {}),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", {"x": {1}}),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +0,0 @@\n-a\n-b\n@@ -9,0 +8,2 @@ def f():\n+a\n+b\n", {"x": {8, 9}}),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No\n+++ b/z\n\\ No\n@@ -5 +5 @@\n-\n+\n", {"x": {1, 5}}),
        (b"diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", {}),
        (b"diff --git a/x b/x\nBinary files a/x and b/x differ\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+a\n", {"y": {1}}),
        (b'diff --git "a/\\303\\274\\t\\"\\\\" "b/x"\n--- /dev/null\n+++ "b/\\303\\274\\t\\"\\\\"\n@@ -0,0 +1 @@\n+a\n', {'ü\t"\\': {1}}),
        (b"diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-a\n+b\n", {"a b": {1}}),
    ],
    ids=[
        "no change", "one line", "a removal and an addition", "lines that look like heads", "a deleted file",
        "a binary file", "a quoted name", "a name with a space",
    ],
)  # fmt: skip
def test_a_patch_is_read_by_its_counts(patch, lines):
    assert {name: set(numbers) for name, numbers in parse_patch(patch).items()} == lines


_LINES = st.lists(st.sampled_from(["", "a", "++ b/x", "-- a/x", "@@ -1 +1 @@", "\\ No newline"]), max_size=12)


@settings(max_examples=15)
@given(old=_LINES, new=_LINES, ended=st.booleans())
def test_what_is_not_changed_stood_there_before_in_the_same_order(old, new, ended):
    with TemporaryDirectory() as folder:
        repo = Repository(Path(folder))
        repo.write("f", "\n".join(old) + "\n" * ended)
        repo.commit()
        repo.write("f", "\n".join(new) + "\n" * (not ended))
        numbers = changed(repo).get("f", set())
        text = (repo.path / "f").read_text().split("\n")
        before = iter((repo.git("show", "HEAD:f", stdin=b"") + "\n\n").split("\n"))
        kept = [line for i, line in enumerate(text, 1) if i not in numbers and line]
        assert all(line in before for line in kept)
        added = repo.git("diff", "--numstat", "HEAD", "--", "f").split("\t")[0] or "0"
        assert len(numbers) == int(added)


def test_the_base_is_where_the_branch_left_it(repo):
    repo.git("checkout", "-qb", "side")
    repo.write("mine.py", "1\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("theirs.py", "1\n")
    repo.write("README.md", "# Theirs\n")
    repo.commit()
    repo.git("checkout", "-q", "side")
    assert changed(repo, "main") == {"mine.py": {1}}


def test_paths_are_those_of_the_project_s_folder_and_others_are_left_out(repo, nested):
    repo.write("README.md", "other\n")
    (nested / "b.py").write_text("1\n")
    assert repository.changed_lines(nested, "HEAD") == {"b.py": frozenset({1})}


def test_nobody_s_settings_change_the_lines(repo):
    repo.write("a.py", "".join(f"{i}\n" for i in range(20)))
    repo.commit()
    for name, value in {
        "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "diff.external": "false", "color.ui": "always",
        "color.diff": "always", "diff.interHunkContext": "9", "diff.context": "5", "diff.renames": "false",
        "diff.relative": "true", "core.quotePath": "true", "diff.suppressBlankEmpty": "true",
        "diff.ignoreSubmodules": "all", "status.showUntrackedFiles": "no", "core.pager": "false",
    }.items():  # fmt: skip
        repo.git("config", name, value)
    repo.write(".git/info/attributes", "*.py diff=odd\n")
    repo.git("config", "diff.odd.command", "false")
    repo.git("config", "diff.odd.textconv", "cat /dev/null")
    repo.write("a.py", "".join(f"{i if i not in (3, 6) else 'x'}\n" for i in range(20)))
    repo.write("ü.py", "1\n")
    assert changed(repo) == {"a.py": {4, 7}, "ü.py": {1}}


def test_a_base_that_is_not_there_is_named(repo):
    with pytest.raises(UsageError, match='"origin/main" is no commit'):
        repository.changed_lines(repo.path, "origin/main")


def test_a_base_without_a_common_commit_is_refused(repo):
    repo.git("checkout", "-q", "--orphan", "island")
    repo.commit()
    with pytest.raises(UsageError, match='HEAD and "main" have no common commit'):
        repository.changed_lines(repo.path, "main")


def test_a_clone_too_shallow_to_find_the_base_says_so(repo, tmp_path):
    repo.git("checkout", "-qb", "side")
    repo.write("b")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("a")
    repo.commit()
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.path}", str(clone))
    with pytest.raises(HistoryError, match=r"too shallow.*fetch-depth: 0"):
        repository.changed_lines(clone, "origin/side")


# ── Documentation ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): ...", {"f": 1}),
        ("async def f(): ...", {"f": 1}),
        ("class C: ...", {"C": 1}),
        ('class C:\n    """C."""\n    def m(self): ...', {"C.m": 3}),
        ('class C:\n    """C."""\n    class D:\n        def m(self): ...', {"C.D": 3, "C.D.m": 4}),
        ('def f():\n    """F."""\n    def inner(): ...\n    class Inner: ...', {}),
        ("def _f(): ...\nclass _C:\n    def m(self): ...", {}),
        ('class C:\n    """C."""\n    def __init__(self): ...\n    def _m(self): ...', {}),
        ('def f():\n    """   """', {"f": 1}),
        ('def f():\n    f"""{1}"""', {"f": 1}),
        ('def f():\n    """F."""', {}),
        ("try:\n    import x\nexcept ImportError:\n    def f(): ...", {"f": 4}),
        ("if True:\n    pass\nelif False:\n    def f(): ...\nelse:\n    def g(): ...", {"f": 4, "g": 6}),
        ("match 1:\n    case 1:\n        def f(): ...", {"f": 3}),
        ("with x:\n    for y in z:\n        def f(): ...", {"f": 3}),
        ('if True:\n    def f():\n        """F."""\nelse:\n    def f(): ...', {}),
        ('import typing\n@typing.overload\ndef f(a): ...\n@typing.overload\ndef f(b): ...\ndef f(c):\n    """F."""', {}),
        ('class C:\n    """C."""\n    @property\n    def p(self): ...\n    @p.setter\n    def p(self, v): ...', {"C.p": 4}),
        ('class C:\n    """C."""\n    @property\n    def p(self):\n        """P."""\n    @p.deleter\n    def p(self): ...', {}),
        ('class C:\n    """C."""\n    @override\n    def m(self): ...', {}),
        ("@decorator(1)\n@other\ndef f(): ...", {"f": 3}),
        ("x = '\\d'\ndef f(): ...", {"f": 2}),
        ("", {}),
    ],
    ids=[
        "a function", "an async function", "a class", "a method", "a class in a class", "nested in a function",
        "private names", "special and private methods", "a blank docstring", "an f-string is no docstring", "a docstring",
        "defined in a handler", "defined in branches", "defined in a case", "defined in a block",
        "documented in one branch", "overloads", "a property without docstring", "a property with a deleter",
        "an overriding method", "a decorated function", "an invalid escape is no error", "an empty file",
    ],
)  # fmt: skip
def test_public_names_without_docstring_are_found(source, names):
    assert undocumented(source.encode(), "m.py") == names


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (b"def f(:\n", "m.py:1: "),
        (b"x = 1\n  y = 2\n", "m.py:2: "),
        (b"\0", "m.py:"),
        (b"# coding: none-such\n", "m.py:1: "),
        (b"\xff", "m.py:1: "),
        (b"(" * 5000, "m.py:1: "),
        (b"-" * 200_000 + b"1", "m.py:1: "),
    ],
    ids=["syntax", "indentation", "a zero byte", "an unknown encoding", "no UTF-8", "brackets", "depth"],
)
def test_what_python_cannot_parse_is_named_by_file_and_line(source, where):
    with pytest.raises(EvidenceError) as refused:
        undocumented(source, "m.py")
    assert refused.value.message.startswith(where)


def test_a_chain_of_many_branches_is_read():
    source = "if a:\n    pass\n" + "elif b:\n    pass\n" * 80 + "else:\n    def f(): ...\n"
    assert list(undocumented(source.encode(), "m.py")) == ["f"]


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("a.py", True),
        ("src/pkg/__init__.py", True),
        ("src/pkg/__main__.py", True),
        ("a.pyi", False),
        ("README.md", False),
        ("tests/helpers.py", False),
        ("src/test/x.py", False),
        ("src/test_x.py", False),
        ("src/x_test.py", False),
        ("conftest.py", False),
        ("src/latest/contest.py", True),
        ("src/_private.py", False),
        ("src/_private/x.py", False),
        (".hidden/x.py", False),
    ],
)
def test_a_module_is_public_unless_it_is_private_or_a_test(path, public):
    assert is_public_module(path) is public


# ── Facts as evidence ────────────────────────────────────────────────────────────────────────────────────────────────


def fact(repo: Repository, indicator: Indicator | str, base: str | None = None) -> Evidence:
    wanted = repository.NATIVE[indicator] if isinstance(indicator, str) else indicator
    (evidence,) = repository.facts(repo.path, wanted=[wanted], base=base, observed=NOW)
    return evidence


def from_files(source: str, kind: Kind = Kind.RATIO, stage: Stage = Stage.BUILD) -> Indicator:
    return Indicator(name="our.files", kind=kind, sources={stage: source}, census=True)


def test_a_fact_says_what_it_was_taken_from_and_reads_back_as_it_was_written(repo):
    evidence = fact(repo, "docs.undocumented")
    assert evidence.subject == at(repo)
    assert evidence.observed == NOW
    assert evidence.producer == {"tool": "upheld facts", "commit": repo.git("rev-parse", "HEAD")}
    assert not evidence.asserted
    assert decode(encode(evidence)).id == evidence.id


def test_a_fact_of_changed_files_is_about_the_working_tree(repo):
    repo.write("src/new.py", "def f(): ...\n")
    evidence = fact(repo, "docs.undocumented")
    assert evidence.subject == working(repo)
    assert evidence.producer["state"] == "uncommitted changes"


def test_a_fact_names_the_run_that_took_it(repo):
    environ = {"GITLAB_CI": "true", "CI_JOB_URL": "https://git.example/jobs/7", "CI_PIPELINE_ID": "5"}
    (evidence,) = repository.facts(
        repo.path, wanted=[repository.NATIVE["docs.undocumented"]], provenance=repository.provenance(environ)
    )
    assert (evidence.run, evidence.producer["run_url"]) == ("gitlab:5", "https://git.example/jobs/7")


def test_every_native_indicator_is_a_census_with_help():
    assert {name: (i.name, i.census, bool(i.help)) for name, i in repository.NATIVE.items()} == {
        name: (name, True, True) for name in ("docs.undocumented", "docs.new-undocumented", "file.exists")
    }


def test_what_nobody_wants_is_not_asked_of_git(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert repository.facts(tmp_path, wanted=[Indicator(name="load.latency", kind=Kind.VALUE)]) == ()


@pytest.mark.parametrize("source", ["load: POST /insight", "python: src/**", '{"file": ', "histogram: x{file: y}", ""])
def test_a_source_that_names_no_file_belongs_to_somebody_else(repo, source):
    assert not repository.brings(from_files(source))
    assert repository.facts(repo.path, wanted=[from_files(source)]) == ()


def test_undocumented_names_are_counted_and_listed_with_file_and_line(repo):
    repo.write("src/b.py", "\ndef two(): ...\ndef three(): ...\n")
    repo.write("src/a b.py", "class One: ...\n")
    repo.write("tests/test_x.py", "def test_x(): ...\n")
    evidence = fact(repo, "docs.undocumented")
    assert evidence.statistic == Rate(3)
    assert evidence.notes == ("src/a b.py:1 One", "src/b.py:2 two", "src/b.py:3 three")


def test_two_files_of_the_same_content_are_two(repo):
    repo.write("src/a.py", "def f(): ...\n")
    repo.write("src/b.py", "def f(): ...\n")
    assert fact(repo, "docs.undocumented").notes == ("src/a.py:1 f", "src/b.py:1 f")


def test_the_list_ends_where_nobody_reads_on_and_says_how_many_follow(repo):
    repo.write("src/many.py", "".join(f"def f{i}(): ...\n" for i in range(250)))
    evidence = fact(repo, "docs.undocumented")
    assert evidence.statistic == Rate(250)
    assert (len(evidence.notes), evidence.notes[-1]) == (201, "and 50 more")


def test_a_file_that_python_cannot_parse_makes_the_fact_unreadable(repo):
    repo.write("src/ü\n.py", "def f(:\n")
    for name in ("docs.undocumented", "docs.new-undocumented"):
        evidence = fact(repo, name, base="HEAD")
        assert evidence.statistic is None
        assert evidence.unreadable.startswith("src/ü\\n.py:1: Python cannot parse it: ")


def test_the_python_files_that_count_can_be_named(repo):
    repo.write("src/a.py", "def f(): ...\n")
    repo.write("templates/{{x}}.py", "{{ x }} not python")
    indicator = Indicator(
        name="docs.undocumented", kind=Kind.COUNT, sources={Stage.BUILD: "python: src/**"}, census=True
    )
    assert fact(repo, indicator).notes == ("src/a.py:1 f",)


def test_no_python_at_all_is_no_proof_that_all_is_documented(tmp_path):
    repo = Repository(tmp_path)
    repo.write("README.md")
    repo.commit()
    for name in ("docs.undocumented", "docs.new-undocumented"):
        assert fact(repo, name, base="HEAD").unreadable == "no public Python module is there"


def test_one_new_undocumented_function_is_the_only_finding(repo):
    repo.write("src/old.py", "def old(): ...\n\n\ndef other():\n    return 1\n")
    repo.commit()
    repo.write(
        "src/old.py", '"""Now with a head."""\n\ndef other():\n    return 2\n\ndef old(): ...\n\ndef new(): ...\n'
    )
    evidence = fact(repo, "docs.new-undocumented", base="HEAD")
    assert (evidence.statistic, evidence.notes) == (Rate(1), ("src/old.py:8 new",))


def test_a_docstring_that_was_removed_is_a_new_finding(repo):
    repo.write("src/app.py", "def run(): ...\n")
    assert fact(repo, "docs.new-undocumented", base="HEAD").notes == ("src/app.py:1 run",)


def test_names_in_a_renamed_file_are_not_new(repo):
    body = "".join(f"def f{i}():\n    return {i}\n\n\n" for i in range(20))
    repo.write("src/old.py", body)
    base = repo.commit()
    (repo.path / "src/old.py").unlink()
    repo.write("pkg/new.py", body + "def added(): ...\n")
    for _ in ("not yet staged", "committed"):
        assert fact(repo, "docs.new-undocumented", base=base).notes == ("pkg/new.py:81 added",)
        repo.commit()


def test_an_unchanged_file_is_not_looked_at_for_new_findings(repo):
    repo.write("src/broken.py", "def f(:\n")
    repo.commit()
    repo.write("src/new.py", '"""Fine."""\n')
    assert fact(repo, "docs.new-undocumented", base="HEAD").statistic == Rate(0)


def test_a_base_that_python_cannot_parse_matters_only_where_something_is_undocumented_now(repo):
    repo.write("src/broken.py", "def f(:\n")
    base = repo.commit()
    repo.write("src/broken.py", 'def f():\n    """F."""\n')
    assert fact(repo, "docs.new-undocumented", base=base).statistic == Rate(0)
    repo.write("src/broken.py", "def f(): ...\n")
    assert fact(repo, "docs.new-undocumented", base=base).unreadable.startswith(f"src/broken.py at {base[:12]}:1: ")


def test_new_findings_of_different_bases_are_different_evidence(repo):
    repo.commit("second")
    first, second = (fact(repo, "docs.new-undocumented", base=base) for base in ("HEAD~1", "HEAD"))
    assert first.source["digest"] != second.source["digest"]
    assert first.subject == second.subject


@pytest.mark.parametrize(("base", "why"), [(None, "name the base"), ("absent", '"absent" is no commit')])
def test_without_a_base_new_findings_are_unknown(repo, base, why):
    evidence = fact(repo, "docs.new-undocumented", base=base)
    assert evidence.statistic is None
    assert why in evidence.unreadable


def test_symbolic_links_are_no_python_files(repo):
    (repo.path / "src/link.py").symlink_to("nowhere.py")
    assert fact(repo, "docs.undocumented").statistic == Rate(0)


# Files.


@pytest.mark.parametrize(
    ("patterns", "good"),
    [
        (["README.md"], 1),
        (["./README.md", "src/app.py"], 2),
        (["readme.md"], 0),
        (["*.md"], 1),
        (["*.py"], 0),
        (["**/*.py"], 1),
        (["**/README.md"], 1),
        (["src/**"], 1),
        (["src/"], 1),
        (["src"], 1),
        (["sr?/app.py"], 1),
        (["src?app.py"], 0),
        (["[ab].tsx"], 1),
        (["a.tsx"], 0),
        (["README.md", "docs/*.md", "runbooks/"], 1),
        (["ignored.log"], 0),
        (["link"], 1),
        (["untracked ü.txt"], 1),
    ],
)
def test_files_exist_by_pattern_among_those_that_git_knows(repo, patterns, good):
    repo.write(".gitignore", "*.log\n")
    repo.write("ignored.log")
    repo.write("untracked ü.txt")
    repo.write("[ab].tsx")
    (repo.path / "link").symlink_to("nowhere")
    evidence = repository.files_exist(repo.path, patterns, observed=NOW)
    assert evidence.statistic == Share(len(patterns), good)
    assert len(evidence.notes) == len(patterns) - good


def test_a_missing_file_is_named(repo):
    assert repository.files_exist(repo.path, ["README.md", "docs/*.md"]).notes == ("no file matches docs/*.md",)


@pytest.mark.parametrize("pattern", ["/etc/passwd", "../other", "a/../../b", ".."])
def test_a_pattern_that_leaves_the_project_is_refused(repo, pattern):
    assert "leaves the project" in repository.files_exist(repo.path, [pattern]).unreadable


@pytest.mark.parametrize("source", [{}, {Stage.BUILD: "file: "}, {Stage.BUILD: '{"file": []}'}])
def test_a_file_fact_without_a_file_is_unreadable_and_says_what_to_write(repo, source):
    indicator = Indicator(name="file.exists", kind=Kind.RATIO, sources=source)
    assert "write in indicators.yaml" in fact(repo, indicator).unreadable


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("file: README.md", Kind.RATIO, Share(1, 1)),
        ("file: README.md, docs/*.md", Kind.RATIO, Share(1, 0)),  # one name with a comma
        ('{"file": ["README.md", "a,b"]}', Kind.RATIO, Share(2, 1)),
        ("file: runs/*.md", Kind.COUNT, Rate(3)),
        ('{"contains":"^## Rollback$","file":"runs/*.md"}', Kind.RATIO, Share(3, 2)),
        ('{"contains":"^## Rollback$","file":["runs/*.md"]}', Kind.COUNT, Rate(3)),
        ('{"contains": "Rollback|Steps", "file": "runs/*.md"}', Kind.COUNT, Rate(4)),
    ],
)
def test_an_indicator_of_the_project_may_find_its_value_in_files(repo, source, kind, expected):
    repo.write("runs/a.md", "# A\n## Rollback\n## Rollback\n")
    repo.write("runs/b.md", "# B\n## Rollback\n## Steps\n")
    repo.write("runs/c.md", "# C\n")
    assert fact(repo, from_files(source, kind)).statistic == expected


def test_a_file_fact_belongs_to_the_stage_whose_source_names_it(repo):
    indicator = from_files("file: README.md", stage=Stage.DESIGN)
    assert repository.brings(indicator)
    assert fact(repo, indicator).stage is Stage.DESIGN


def test_matches_are_listed_by_line_and_files_without_one_by_name(repo):
    repo.write("a.md", "x\nTODO\nTODO\n")
    repo.write("b.md", "ü\n")
    source = '{"contains":"TODO","file":"?.md"}'
    assert fact(repo, from_files(source, Kind.COUNT)).notes == ("a.md:2", "a.md:3")
    assert fact(repo, from_files(source)).notes == ("b.md has no match of TODO",)
    assert repository.matches(repo.path, "?.md", "^TODO$") == 2


def test_two_files_of_the_same_content_match_twice(repo):
    repo.write("a.md", "TODO\n")
    repo.write("b.md", "TODO\n")
    assert repository.matches(repo.path, "?.md", "TODO") == 2


def test_no_file_to_search_is_no_zero(repo):
    with pytest.raises(EvidenceError, match=r"no file matches docs/\*\.md"):
        repository.matches(repo.path, "docs/*.md", "TODO")


def test_an_expression_that_is_none_is_refused(repo):
    with pytest.raises(EvidenceError, match=r'"\(" is no regular expression'):
        repository.matches(repo.path, "README.md", "(")


def test_a_value_cannot_come_from_files(repo):
    assert "files give a ratio or a count" in fact(repo, from_files("file: README.md", Kind.VALUE)).unreadable


def test_names_that_no_text_can_hold_are_escaped_in_notes(repo):
    repo.write(os.fsdecode(b"caf\xe9\n.py"), "def f(): ...\n")
    evidence = fact(repo, "docs.undocumented")
    assert evidence.notes == ("caf\\xe9\\n.py:1 f",)
    assert decode(encode(evidence)).notes == evidence.notes


def test_facts_of_a_project_in_a_folder_are_about_that_folder(repo, nested):
    (nested / "a.py").write_text("def f(): ...\n")
    repo.write("src/app.py", "def g(): ...\n")
    wanted = [repository.NATIVE["docs.undocumented"], repository.NATIVE["docs.new-undocumented"]]
    for evidence in repository.facts(nested, wanted=wanted, base="HEAD"):
        assert evidence.notes == ("a.py:1 f",)
    assert repository.files_exist(nested, ["upheld.yaml", "README.md"]).statistic == Share(2, 1)


_PART = st.text(st.sampled_from("ab.é[*"), min_size=1, max_size=3).filter(lambda part: part not in (".", ".."))


@given(st.lists(_PART, min_size=1, max_size=3).map("/".join))
def test_a_path_matches_itself_and_both_kinds_of_stars(path):
    if "*" not in path:
        assert compile_pattern(path).fullmatch(path)
    assert compile_pattern("**").fullmatch(path)
    assert compile_pattern("**/*").fullmatch(path)
    assert bool(compile_pattern("*").fullmatch(path)) is ("/" not in path)


# ── CI runs ──────────────────────────────────────────────────────────────────────────────────────────────────────────

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_REPOSITORY": "bank/insights",
    "GITHUB_RUN_ID": "42",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_SHA": "ab12",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_JOB_URL": "https://gitlab.example/bank/insights/-/jobs/7",
    "CI_PIPELINE_ID": "5",
    "CI_COMMIT_SHA": "ab12",
}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, {}),
        ({"GITHUB_SHA": "ab12", "CI_COMMIT_SHA": "ab12", "GITHUB_ACTIONS": "false"}, {}),
        (
            GITHUB,
            {
                "tool": "GitHub Actions",
                "run_url": "https://github.example/bank/insights/actions/runs/42/attempts/2",
                "commit": "ab12",
                "run": "github:42.2",
            },
        ),
        ({"GITHUB_ACTIONS": "true"}, {"tool": "GitHub Actions"}),
        (
            {**GITHUB, "GITHUB_RUN_ATTEMPT": ""},
            {
                "tool": "GitHub Actions",
                "run_url": "https://github.example/bank/insights/actions/runs/42",
                "commit": "ab12",
                "run": "github:42.1",
            },
        ),
        (
            GITLAB,
            {
                "tool": "GitLab CI",
                "run_url": "https://gitlab.example/bank/insights/-/jobs/7",
                "commit": "ab12",
                "run": "gitlab:5",
            },
        ),
        ({"GITLAB_CI": "true"}, {"tool": "GitLab CI"}),
    ],
    ids=[
        "no CI", "variables left over", "GitHub", "GitHub without details", "GitHub without attempts", "GitLab",
        "GitLab without details",
    ],
)  # fmt: skip
def test_a_ci_run_is_named_by_the_variables_it_sets(environ, expected):
    assert repository.provenance(environ) == expected


def test_a_second_attempt_is_another_run():
    again = repository.provenance({**GITHUB, "GITHUB_RUN_ATTEMPT": "3"})
    assert again["run"] != repository.provenance(GITHUB)["run"]
