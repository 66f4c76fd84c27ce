"""What lies between two commits: the files that differ, who wrote them, and the ids of promises that stand in them."""

import ast
import re
import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from upheld.core.review import File, Link
from upheld.sources.repository.changes import COMPARE, merge_base, parse_patch
from upheld.sources.repository.git import Git, text

LARGEST = 1_000_000  # bytes; a larger file is data, and nobody writes an id into it by hand
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*(?:\.[A-Za-z][A-Za-z0-9_-]*)?")
# `@pytest.mark.upheld("REQ-1", "REQ-2.c1")`, and `upheld: REQ-1` in a comment of any language.
_MARK = re.compile(
    r"\bupheld\(([^()\n]*)\)|\bupheld:[ \t]*([A-Za-z][A-Za-z0-9_.-]*(?:[ \t]*,[ \t]*[A-Za-z][A-Za-z0-9_.-]*)*)"
)
_NAMED = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The files that differ between the merge base of two commits and the second one."""

    base: str  # the full id of the commit where the work left the base
    head: str
    files: tuple[File, ...]
    authors: tuple[str, ...]  # e-mail addresses of those who wrote the commits between
    blobs: tuple[tuple[str, str, str], ...]  # path, id before (empty: new), id now (empty: removed)


def difference(root: Path, base: str, head: str) -> Difference:
    """What `head` changes against the commit at which it left `base`; paths from `root`, others are left out.

    Raises UsageError for what names no commit, and UnavailableError when the clone is too shallow to tell.
    """
    git = Git(root=root)
    end = git.commit(head)
    start = merge_base(git, base, head=end)
    patch = git.ask(
        *COMPARE, "-p", "-U0", "--inter-hunk-context=0", "--diff-algorithm=myers", "--indent-heuristic",
        "--src-prefix=a/", "--dst-prefix=b/", start, end, "--", ".",
    )  # fmt: skip
    lines = parse_patch(patch, deletions=True)
    raw = iter(git.ask(*COMPARE, "-z", "--raw", "--no-abbrev", start, end, "--", ".").split(b"\0"))
    files, blobs = [], []
    for head_line in raw:
        if not head_line:
            continue
        _, _, old_id, identity, status = head_line.decode().removeprefix(":").split(" ")
        old_path = path = text(next(raw))
        if status[0] in "RC":
            path = text(next(raw))
        gone = status[0] == "D"
        files.append(
            File(
                path=path, old_path=old_path if old_path != path else "", removed=gone,
                lines=frozenset() if gone else lines.get(path, frozenset()),
            )
        )  # fmt: skip
        blobs.append((path, "" if status[0] == "A" else old_id, "" if gone else identity))
    told = git.ask("log", "--no-mailmap", "--format=%ae%n%ce", "--end-of-options", f"{start}..{end}", "--", ".")
    authors = dict.fromkeys(
        line.strip().lower() for line in told.decode("utf-8", "replace").splitlines() if line.strip()
    )
    return Difference(base=start, head=end, files=tuple(files), authors=tuple(authors), blobs=tuple(blobs))


def links(root: Path, found: Difference, known: Collection[str]) -> tuple[Link, ...]:
    """The ids of promises that stand in the changed files, and those that stood there before and do not now."""
    git = Git(root=root)
    wanted = {i for _, *ids in found.blobs for i in ids if i.strip("0")}
    sized = _sizes(git, wanted)
    bodies = dict(git.objects(i for i in sorted(wanted) if sized.get(i, LARGEST + 1) <= LARGEST))
    result: list[Link] = []
    for path, old_id, new_id in found.blobs:
        now = links_in(path, bodies.get(new_id, b""), known)
        result += now
        kept = {link.to for link in now}
        before = links_in(path, bodies.get(old_id, b""), known)
        lost = {link.to: link for link in before if link.to not in kept and link.to in known}
        result += [Link(path=path, line=link.line, to=to, removed=True) for to, link in lost.items()]
    return tuple(result)


def _sizes(git: Git, ids: Iterable[str]) -> dict[str, int]:
    asked = "".join(f"{i}\n" for i in sorted(ids)).encode()
    answer = (
        git.ask("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=asked) if asked else b""
    )
    rows = (line.split() for line in answer.decode().splitlines())
    return {row[0]: int(row[2]) for row in rows if len(row) == 3 and row[1] == "blob"}


def links_in(path: str, body: bytes, known: Collection[str]) -> list[Link]:
    """The ids of promises that stand in one file, each with the lines that it speaks for; none in what is no text."""
    if not body or b"\0" in body[:8000]:
        return []
    content = body.decode("utf-8", "replace")
    places: list[tuple[int, str, bool]] = []
    for number, line in enumerate(content.splitlines(), 1):
        marked = [name for mark in _MARK.finditer(line) for name in _NAMED.findall(mark[1] or mark[2] or "")]
        places += [(number, name, True) for name in dict.fromkeys(marked)]
        plain = (m[0] for m in _WORD.finditer(line))
        named = (n if n in known else n.partition(".")[0] for n in plain)
        places += [(number, name, False) for name in dict.fromkeys(named) if name in known and name not in marked]
    if not places:
        return []
    spans = _spans(content) if path.endswith(".py") else []
    result = []
    for number, name, explicit in places:
        first, last = min(
            ((a, b) for a, b in spans if a <= number <= b), key=lambda span: span[1] - span[0], default=(1, 10**9)
        )
        result.append(Link(path=path, line=number, to=name, first=first, last=last, explicit=explicit))
    return result


def _spans(source: str) -> Sequence[tuple[int, int]]:
    """First and last line of every function and class, decorators included; none where Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the team's code, which is not ours to warn about
            module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [
        (min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or node.lineno)
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
