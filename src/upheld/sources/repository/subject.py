"""What was measured: the tree of the project without its sign-offs, waivers and checkpoints, named as git would name it.

`tree:` and the id that git's tree would have if those folders did not exist. So `git rev-parse HEAD^{tree}` proves it
where there are none; committing a sign-off does not void what was signed; and since git's trees name their folders by
hash, thousands of ancestors cost one look at their top folder each.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from upheld.errors import UsageError
from upheld.sources.repository.git import Entry, Git, entries, working_tree

# Folders whose content is about the subject and not part of it. `.upheld` is our own memory, often not yet ignored.
EXCLUDED = (".upheld", "checkpoints", "predictions", "signoffs", "waivers")

_FOLDER = "40000"
# How each CI asks for the history; written out, because this is where most people meet a shallow clone.
_UNSHALLOW = "git fetch --unshallow; in CI: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What source was measured, with the commit as provenance."""

    text: str  # "tree:" and 40 hex digits (64 in a SHA-256 repository)
    commit: str  # the full id of the commit asked about, or on which the working tree stands; empty before the first
    dirty: bool  # the working tree differs from that commit in more than the excluded folders
    shallow: bool  # the clone lacks older commits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestry(Mapping[str, str]):
    """The subjects of a commit and of its ancestors, newest first, each with the newest commit that has it."""

    commits: Mapping[str, str]
    reason: str = ""  # why older ancestors may be missing here; empty when all were seen

    def __getitem__(self, text: str) -> str:
        return self.commits[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self.commits)

    def __len__(self) -> int:
        return len(self.commits)


def subject(
    root: Path, rev: str | None = None, *, excluded: Iterable[str] = EXCLUDED, beside: Iterable[str] = ()
) -> Subject:
    """The subject of a revision, or of the working tree as it lies (`excluded`: paths from `root`, files or folders).

    The working tree is its tracked files and the untracked ones that git does not ignore; committing exactly this
    state gives the same text, except for what lies untracked under `beside` (files and folders, from `root`): reports
    must not change what they report on. Raises UsageError when the revision names no commit or does not hold the folder.
    """
    git = Git(root=root)
    if rev is None:
        with working_tree(git, beside=beside) as (apart, now):
            return subject_of_tree(apart, now, excluded=excluded)[0]
    commit = git.commit(rev.removeprefix("git:"))
    tree = project_tree(git, commit)
    return Subject(text=_texts(git, [tree], excluded)[tree], commit=commit, dirty=False, shallow=git.shallow())


def untracked(root: Path, pattern: str) -> list[str]:
    """The untracked files, not ignored, that match a git path pattern; paths from `root`."""
    found = Git(root=root).ask("ls-files", "--others", "--exclude-standard", "-z", "--", pattern)
    return [os.fsdecode(path) for path in found.split(b"\0") if path]


def project_tree(git: Git, commit: str) -> str:
    """The id of the project's folder in a commit; raise UsageError when the commit does not hold it."""
    found = _projects(git, {commit: _tree_of(git, commit)})
    if not found:
        raise UsageError(f"{git.root} does not exist in commit {commit[:12]}; name a newer revision")
    return found[commit]


def subject_of_tree(git: Git, tree: str, *, excluded: Iterable[str] = EXCLUDED) -> tuple[Subject, str]:
    """The subject of the working tree given as a whole tree, and the id of the project's own folder in it."""
    commit = git.find_commit("HEAD")
    whole = {"now": tree} | ({"committed": _tree_of(git, commit)} if commit else {})
    projects = _projects(git, whole)
    if "now" not in projects:
        raise UsageError(f"git knows no file in {git.root}; add some, or take the folder out of .gitignore")
    texts = _texts(git, projects.values(), excluded)
    text = texts[projects["now"]]
    committed = texts[projects["committed"]] if "committed" in projects else ""
    found = Subject(text=text, commit=commit, dirty=text != committed, shallow=git.shallow())
    return found, projects["now"]


def resolve(root: Path, text: str, *, excluded: Iterable[str] = EXCLUDED) -> str:
    """The same subject in the form that evidence is compared by: `git:REVISION` becomes its `tree:…`, others stay."""
    return subject(root, text, excluded=excluded).text if text.startswith("git:") else text


def ancestors(root: Path, of: str = "HEAD", *, limit: int = 2_000, excluded: Iterable[str] = EXCLUDED) -> Ancestry:
    """The subjects of a revision and of its ancestors, newest first, at most `limit` commits (`of: ancestor`).

    `of` is a revision, `git:REVISION`, or the `tree:…` of one of HEAD's ancestors or of the present working tree;
    a tree that is none of these has no known ancestors, and `reason` says so.
    """
    git, excluded = Git(root=root), tuple(excluded)
    if not of.startswith("tree:"):
        return _ancestors(git, git.commit(of.removeprefix("git:")), limit, excluded)
    if not git.find_commit("HEAD"):
        return Ancestry(commits={}, reason=f"the repository of {root} has no commit yet")
    history = _ancestors(git, git.commit("HEAD"), limit, excluded)
    if of in history:
        return _ancestors(git, history[of], limit, excluded)
    if of == subject(root, excluded=excluded).text:
        return history
    reason = f"{of[:17]} is neither the working tree nor a known ancestor of HEAD"
    return Ancestry(commits={}, reason=f"{reason}; {history.reason}" if history.reason else reason)


def is_ancestor(root: Path, text: str, *, of: str = "HEAD", excluded: Iterable[str] = EXCLUDED) -> bool:
    """Whether a subject is that of `of` or of one of its known ancestors (`ancestors` says why one may not be known)."""
    excluded = tuple(excluded)
    return resolve(root, text, excluded=excluded) in ancestors(root, of, excluded=excluded)


def _ancestors(git: Git, commit: str, limit: int, excluded: tuple[str, ...]) -> Ancestry:
    history = _history(git, commit, limit + 1)
    more = len(history) > limit
    trees = _projects(git, dict(list(history.items())[:limit]))
    texts = _texts(git, trees.values(), excluded)
    commits: dict[str, str] = {}
    for each, tree in trees.items():
        commits.setdefault(texts[tree], each)
    reason = ""
    if more:
        reason = f"only the newest {limit} commits were looked at"
    elif git.shallow():
        reason = f"the clone is shallow and ends after {len(history)} commits; fetch the rest ({_UNSHALLOW})"
    return Ancestry(commits=commits, reason=reason)


# ── From commits to trees ────────────────────────────────────────────────────────────────────────────────────────────


def _tree_of(git: Git, commit: str) -> str:
    return _history(git, commit, 1)[commit]


def _history(git: Git, commit: str, limit: int) -> dict[str, str]:
    """Each commit with its tree, newest first."""
    lines = (
        git.ask("rev-list", f"--max-count={limit}", "--format=%T", "--end-of-options", commit, "--").decode().split()
    )
    return dict(zip(lines[1::3], lines[2::3], strict=True))  # "commit", its id, its tree


def _projects(git: Git, trees: Mapping[str, str]) -> dict[str, str]:
    """From whole trees to the trees of the project's folder in them; those that lack it are left out."""
    found = dict(trees)
    for part in git.prefix().split(b"/")[:-1]:
        below = _folder(git, found.values(), part)
        found = {key: below[tree] for key, tree in found.items() if tree in below}
    return found


def _folder(git: Git, trees: Iterable[str], name: bytes) -> dict[str, str]:
    """Each tree that holds a folder of this name, with that folder's tree."""
    below = {}
    for tree, body in git.objects(trees):
        for entry in entries(body, len(tree)):
            if entry.path == name and entry.mode == _FOLDER:
                below[tree] = entry.id
    return below


# ── Trees without what is excluded ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Cut:
    """The excluded paths of one folder: names that go whole, and folders in which something goes."""

    whole: frozenset[bytes]
    inside: Mapping[bytes, "_Cut"]


def _cut(paths: Iterable[tuple[bytes, ...]]) -> _Cut:
    listed = list(paths)
    whole = frozenset(path[0] for path in listed if len(path) == 1)
    deeper = {path[0] for path in listed if len(path) > 1}
    return _Cut(whole, {name: _cut(path[1:] for path in listed if path[0] == name) for name in deeper})


def _texts(git: Git, trees: Iterable[str], excluded: Iterable[str]) -> dict[str, str]:
    paths = (tuple(part.encode() for part in path.split("/") if part not in ("", ".")) for path in excluded)
    kept = _without(git, trees, _cut(path for path in paths if path))
    return {tree: f"tree:{identity or _identity([], len(tree))}" for tree, identity in kept.items()}


def _without(git: Git, trees: Iterable[str], cut: _Cut) -> dict[str, str]:
    """The id that each tree has once the cut is made; empty when nothing is left."""
    kept: dict[str, str] = {}
    touched: dict[str, list[Entry]] = {}
    names = [b" " + name + b"\0" for name in (*cut.whole, *cut.inside)]
    for tree, body in git.objects(trees):
        # Ids are raw bytes and may hold a name by accident; then the tree is taken apart for nothing, and is right.
        if body and not any(name in body for name in names):
            kept[tree] = tree
        else:
            touched[tree] = [entry for entry in entries(body, len(tree)) if entry.path not in cut.whole]
    for name, deeper in cut.inside.items():
        here = {e.id for found in touched.values() for e in found if e.path == name and e.mode == _FOLDER}
        replaced = _without(git, here, deeper)
        for tree, found in touched.items():
            touched[tree] = [
                Entry(e.mode, e.path, replaced[e.id]) if e.path == name and e.mode == _FOLDER else e
                for e in found
                if not (e.path == name and e.mode == _FOLDER and not replaced[e.id])
            ]
    return kept | {tree: _identity(found, len(tree)) if found else "" for tree, found in touched.items()}


def _identity(found: Iterable[Entry], width: int) -> str:
    """The id that git gives a tree with these entries."""
    body = b"".join(e.mode.encode() + b" " + e.path + b"\0" + bytes.fromhex(e.id) for e in found)
    algorithm = "sha1" if width == 40 else "sha256"
    return hashlib.new(algorithm, b"tree %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
