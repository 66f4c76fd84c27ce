"""What changed since a base: the lines that were added, and the files with the names they had before.

The base is where the present work left it (the merge base), the other end is the working tree as it lies, new files
that git does not ignore included.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from upheld.errors import HistoryError, UsageError
from upheld.sources.repository.git import Git, text, working_tree

# Renames are searched by content among at most 1 000 files, whatever the user's own settings say: two machines agree.
COMPARE = (
    "diff-tree",
    "-r",
    "-M",
    "-l1000",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=all",
    "--relative",
)
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def changed_lines(root: Path, base: str) -> Mapping[str, frozenset[int]]:
    """Per file (path from `root`) the numbers of the lines added or changed since the base; from 1.

    Files that are deleted, binary, or only renamed are absent. Raises UsageError when the base names no commit.
    """
    with working_tree(Git(root=root)) as (git, tree):
        start = merge_base(git, base)
        return parse_patch(
            git.ask(
                *COMPARE, "-p", "-U0", "--inter-hunk-context=0", "--diff-algorithm=myers", "--indent-heuristic",
                "--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=d", start, tree, "--", ".",
            )
        )  # fmt: skip


def merge_base(git: Git, base: str, *, head: str = "HEAD") -> str:
    """The commit at which `head` left the base; raise UsageError when there is none."""
    ours, theirs = git.commit(head), git.commit(base.removeprefix("git:"))
    found = git.ask("merge-base", ours, theirs, accept=(0, 1)).decode().split()
    if found:
        return found[0]
    if git.shallow():
        raise HistoryError(
            f'inconclusive: the clone is too shallow to tell where HEAD left "{base}"; '
            "fetch the history (git fetch --unshallow; in CI: fetch-depth: 0, GIT_DEPTH: 0)"
        )
    raise UsageError(f'HEAD and "{base}" have no common commit; name another base')


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file that is there now and differs from the base in content or name."""

    path: str
    id: str
    old_path: str  # before a rename; the same path otherwise
    old_id: str  # empty for a new file, or one that was no plain file


def changed_files(git: Git, start: str, tree: str) -> Iterator[Change]:
    """The plain files of `tree` that are new, changed or renamed since `start`."""
    answer = iter(
        git.ask(*COMPARE, "-z", "--raw", "--no-abbrev", "--diff-filter=d", start, tree, "--", ".").split(b"\0")
    )
    for head in answer:
        if not head:
            continue
        old_mode, mode, old_id, identity, status = head.decode().removeprefix(":").split(" ")
        old_path = path = next(answer)
        if status[0] in "RC":
            path = next(answer)
        if mode.startswith("100"):
            known = old_id if old_mode.startswith("100") else ""
            yield Change(path=text(path), id=identity, old_path=text(old_path), old_id=known)


# ── Patches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def parse_patch(patch: bytes, *, deletions: bool = False) -> dict[str, frozenset[int]]:
    """The added lines per file of a patch without context lines; with `deletions` also the lines around what went.

    Hunks are skipped by the counts in their head, never by what their lines look like: a changed line may well read
    `+++ b/x` or `@@ -1 +1 @@`.
    """
    lines = patch.split(b"\n")
    found: dict[str, set[int]] = {}
    path = ""
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if line.startswith(b"+++ "):
            path = _path(line[4:])
        elif hunk := _HUNK.match(line):
            removed, first, added = (int(n) if n is not None else 1 for n in hunk.groups())
            for count in (removed, added):
                i += count
                # "\ No newline at end of file", in whatever language
                i += count > 0 and i < len(lines) and lines[i].startswith(b"\\ ")
            if added:
                found.setdefault(path, set()).update(range(first, first + added))
            elif deletions and path:
                found.setdefault(path, set()).update((max(first, 1), first + 1))
    return {name: frozenset(numbers) for name, numbers in found.items()}


_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


def _path(name: bytes) -> str:
    """The path in a `+++` line: unquoted, without its prefix; empty for a deleted file."""
    if name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    else:
        name = name.removesuffix(b"\t")  # git ends a name that holds a space with a tab
    return text(name[2:]) if name.startswith(b"b/") else ""


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    return bytes([int(escaped, 8) & 255]) if len(escaped) == 3 else _ESCAPED.get(escaped, escaped)
