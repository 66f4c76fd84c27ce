"""Coverage: which lines ran, counted from the lines and never from the rates that a report states.

A line that a report names several times (a class in two packages, a test run in several blocks) is one line, covered
when any of them covered it. Paths are those of the machine that measured; they are matched to the repository's by suffix.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from upheld.core.criterion import Indicator, Kind
from upheld.core.evidence import Evidence, Share
from upheld.readers.intake import Intake, Unreadable

INDICATORS: Mapping[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator(
            name="coverage.lines", kind=Kind.RATIO, census=True, help="share of the executable lines that a test ran"
        ),
        Indicator(
            name="coverage.branches",
            kind=Kind.RATIO,
            census=True,
            help="share of the branches that a test took; only where branches were measured",
        ),
        Indicator(
            name="coverage.changed-lines",
            kind=Kind.RATIO,
            census=True,
            help="share of the executable lines added since the base that a test ran; a changed source file inside "
            "what was measured, but unknown to the report, counts with every added line as not run",
        ),
    )
}


@dataclass(slots=True)
class Lines:
    """What a report knows of one source file."""

    executable: set[int] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)
    branches: dict[object, tuple[int, int]] = field(default_factory=dict)  # branch or line → (taken, all)

    def add_branch(self, key: object, taken: int, all_: int) -> None:
        """Add one branch, or the branches of one line; named again, the better of both counts."""
        known = self.branches.get(key, (0, 0))
        self.branches[key] = (max(known[0], taken), max(known[1], all_))


@dataclass(slots=True)
class Coverage:
    """One report: its files by their path as written, and the folders that the paths are relative to."""

    files: dict[str, Lines] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    with_branches: bool = False

    def file(self, path: str) -> Lines:
        """The lines of a file, whatever the slashes of its path."""
        return self.files.setdefault(_clean(path), Lines())


def evidence(intake: Intake, found: Coverage) -> tuple[list[Evidence], str]:
    """The shares of one report, and one line for a person; Unreadable when it measured no line."""
    covered, executable = _lines(found.files.values())
    if not executable:
        raise Unreadable("measured no line: was the right source folder measured?")
    population = {"files": hashlib.sha256("\n".join(sorted(found.files)).encode()).hexdigest()[:16]}
    records = [intake.evidence("coverage.lines", Share(executable, covered), population=population)]
    summary = f"{covered} of {executable} lines in {len(found.files)} files"
    if found.with_branches:
        taken = sum(t for lines in found.files.values() for t, _ in lines.branches.values())
        branches = sum(n for lines in found.files.values() for _, n in lines.branches.values())
        records.append(intake.evidence("coverage.branches", Share(branches, taken), population=population))
        summary += f", {taken} of {branches} branches"
    if intake.request.changed_lines is not None:
        share, notes = changed(found, intake.request.changed_lines)
        records.append(intake.evidence("coverage.changed-lines", share, population=population, notes=notes))
        summary += f", {share.good} of {share.n} changed lines"
    return records, summary


def _lines(files: Iterable[Lines]) -> tuple[int, int]:
    covered = executable = 0
    for lines in files:
        covered += len(lines.covered)
        executable += len(lines.executable | lines.covered)
    return covered, executable


# ── Changed lines ────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(found: Coverage, added: Mapping[str, frozenset[int]]) -> tuple[Share, tuple[str, ...]]:
    """Covered among the executable added lines, and what a person must know about the count.

    `added` maps paths in the repository to line numbers. A changed file that the report does not know counts with every
    added line as executable and not covered when it is source of the kind and in the folders that were measured: a new
    module that no test imports is often absent from the report, and must not pass for that. Tests and files elsewhere
    (set-up scripts, documentation) are named in a note and not counted.
    """
    index = _Index(found)
    good = n = 0
    notes: list[str] = []
    unknown: list[str] = []
    elsewhere: list[str] = []
    ambiguous: list[str] = []
    for path, numbers in sorted(added.items()):
        names = index.names_of(path)
        if len(names) == 1:
            lines = found.files[names[0]]
            n += len(numbers & (lines.executable | lines.covered))
            good += len(numbers & lines.covered)
        elif names:
            ambiguous.append(path)
            n += len(numbers)
        elif index.is_measured_source(path):
            unknown.append(path)
            n += len(numbers)
        elif index.is_source(path):
            elsewhere.append(path)
    for files, what in (
        (unknown, "not in the report, every added line counts as not run"),
        (ambiguous, "matches several files of the report, every added line counts as not run"),
        (elsewhere, "outside what was measured, not counted"),
    ):
        if files:
            more = f" and {len(files) - 5} more" if len(files) > 5 else ""
            notes.append(f"{', '.join(files[:5])}{more}: {what}")
    if not n:
        notes.append("no executable line was added")
    return Share(n, good), tuple(notes)


class _Index:
    """Finds the file of a report by its path in the repository."""

    def __init__(self, found: Coverage) -> None:
        self._by_name: dict[str, list[str]] = {}  # last part of the path → paths as the report writes them
        self._full: dict[str, list[str]] = {}  # path → the same under each root of the report
        self._folders: set[str] = set()
        self._suffixes = {".py"}
        roots = [_clean(root) for root in found.roots]
        for name in found.files:
            self._by_name.setdefault(name.rpartition("/")[2], []).append(name)
            absolute = _is_absolute(name) or not roots
            self._full[name] = [name] if absolute else [f"{root.rstrip('/')}/{name}" for root in roots if root]
            self._full[name] = self._full[name] or [name]
            for full in self._full[name]:
                self._folders.add(full.rpartition("/")[0])
            self._suffixes.add(PurePosixPath(name).suffix)

    def names_of(self, path: str) -> Sequence[str]:
        """The files of the report that can be this one: the same path, or one a suffix of the other."""
        candidates = self._by_name.get(path.rpartition("/")[2], [])
        exact = [name for name in candidates if name == path]
        if exact:
            return exact
        inside = [name for name in candidates if any(_ends_with(full, path) for full in self._full[name])]
        if inside:
            return inside
        # A relative path without a known root may begin below the root of the repository: pkg/x.py for src/pkg/x.py.
        below = [
            name
            for name in candidates
            if any(not _is_absolute(full) and _ends_with(path, full) for full in self._full[name])
        ]
        longest = max((len(name) for name in below), default=0)
        return [name for name in below if len(name) == longest]

    def is_source(self, path: str) -> bool:
        """Whether the report measures files of this kind, and this is no test."""
        pure = PurePosixPath(path)
        stem = pure.stem
        is_test = stem.startswith("test_") or stem.endswith("_test") or stem == "conftest"
        return pure.suffix in self._suffixes and not is_test and not {"test", "tests"} & set(pure.parts[:-1])

    def is_measured_source(self, path: str) -> bool:
        """Whether it is source in a folder, or below a folder, from which the report knows files."""
        return self.is_source(path) and any(
            _ends_with(folder, part) or (not _is_absolute(folder) and _ends_with(part, folder))
            for part in _folders_of(path)
            for folder in self._folders
        )


def _folders_of(path: str) -> Iterator[str]:
    """The folders that hold a path, the innermost first, without the root of the repository."""
    parts = path.split("/")[:-1]
    for end in range(len(parts), 0, -1):
        yield "/".join(parts[:end])


def _ends_with(path: str, end: str) -> bool:
    return bool(end) and (path == end or path.endswith(f"/{end}"))


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or path[1:3] == ":/"


def _clean(path: str) -> str:
    clean = path.strip().replace("\\", "/")
    while clean.startswith("./"):
        clean = clean[2:]
    return clean
