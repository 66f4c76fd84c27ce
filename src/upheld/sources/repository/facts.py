"""Facts about the project's files as evidence: what is documented, which files exist, what they contain.

All are taken from one snapshot of the working tree, the same that gives the subject: what is judged is what was hashed.
Every fact is a complete count, so its rule is `census`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.core.evidence import Evidence, Rate, Share, Statistic, identified
from upheld.core.mapped import is_mapping
from upheld.errors import EvidenceError, UnavailableError, UsageError
from upheld.sources.repository.changes import changed_files, merge_base
from upheld.sources.repository.documentation import is_public_module, undocumented
from upheld.sources.repository.git import Entry, Git, files, shown, working_tree
from upheld.sources.repository.subject import EXCLUDED, Subject, subject_of_tree

_UNDOCUMENTED = "docs.undocumented"
_NEW_UNDOCUMENTED = "docs.new-undocumented"
_EXISTS = "file.exists"

NATIVE: Mapping[str, Indicator] = MappingProxyType(
    {
        indicator.name: indicator
        for indicator in (
            Indicator(
                name=_UNDOCUMENTED,
                kind=Kind.COUNT,
                census=True,
                help="public Python functions, classes and methods without a docstring",
            ),
            Indicator(
                name=_NEW_UNDOCUMENTED,
                kind=Kind.COUNT,
                census=True,
                help="those of docs.undocumented that were not undocumented at the base",
            ),
            Indicator(
                name=_EXISTS,
                kind=Kind.RATIO,
                unit=quantity.SHARE,
                census=True,
                help="share of the named file patterns that match a file of the project",
            ),
        )
    }
)

_MOST_NOTES = 200  # beyond that nobody reads on, and the record of a first run on old code stays small


@dataclass(frozen=True, slots=True)
class _Fact:
    """One fact before it is evidence."""

    statistic: Statistic
    notes: Sequence[str] = ()
    since: str = ""  # the commit that it was compared with


def facts(
    root: Path,
    *,
    wanted: Iterable[Indicator],
    base: str | None = None,
    observed: datetime | None = None,
    provenance: Mapping[str, str] | None = None,
    excluded: Iterable[str] = EXCLUDED,
) -> tuple[Evidence, ...]:
    """Evidence for those of the wanted indicators that the repository answers; git is not called when it is none.

    These are the ones of `NATIVE` (at stage build), and every indicator with a source such as `{file: docs/*.md}`,
    `{file: docs/*.md, contains: ^## Rollback}` or, for `docs.…`, `{python: src/**}` (at the stages that have one).
    A fact that cannot be established is unreadable evidence that says why. Raises UsageError or UnavailableError
    when git does not answer for `root` at all.
    """
    asked = [question for indicator in wanted for question in _questions(indicator)]
    if not asked:
        return ()
    with working_tree(Git(root=root)) as (git, tree):
        found, project = subject_of_tree(git, tree, excluded=excluded)
        view = _View(git=git, tree=tree, files=files(git, project), base=base)
        return tuple(_evidence(view, question, found, observed, provenance or {}) for question in asked)


def files_exist(root: Path, patterns: Sequence[str], *, observed: datetime | None = None) -> Evidence:
    """The share of the patterns (`README.md`, `docs/**/*.md`, `runbooks/`) that match a file or folder of the project."""
    source = json.dumps({"file": list(patterns)})
    return facts(root, wanted=[replace(NATIVE[_EXISTS], sources={Stage.BUILD: source})], observed=observed)[0]


def matches(root: Path, pattern: str, regex: str) -> int:
    """How often a regular expression (`^` and `$` are ends of lines) matches in the files of a pattern.

    Raises EvidenceError when no file matches the pattern, or the expression is none.
    """
    source = json.dumps({"contains": regex, "file": pattern})
    indicator = Indicator(name="file.matches", kind=Kind.COUNT, sources={Stage.BUILD: source})
    evidence = facts(root, wanted=[indicator])[0]
    if evidence.statistic is None:
        raise EvidenceError(evidence.unreadable)
    return evidence.statistic.n


def _evidence(
    view: "_View", question: "_Question", found: Subject, observed: datetime | None, provenance: Mapping[str, str]
) -> Evidence:
    evidence = Evidence(
        indicator=question.indicator.name,
        stage=question.stage,
        statistic=None,
        subject=found.text,
        run=provenance.get("run", ""),
        observed=observed,
        producer={"tool": "upheld facts"}
        | ({"run_url": provenance["run_url"]} if "run_url" in provenance else {})
        | ({"commit": found.commit} if found.commit else {})
        | ({"state": "uncommitted changes"} if found.dirty else {}),
        source={"digest": f"git-tree:{view.tree}"},
    )
    try:
        fact = _establish(view, question)
    except (EvidenceError, UsageError, UnavailableError) as error:
        return replace(evidence, unreadable=error.message)
    notes = tuple(fact.notes[:_MOST_NOTES])
    if len(fact.notes) > _MOST_NOTES:
        notes += (f"and {len(fact.notes) - _MOST_NOTES} more",)
    digest = evidence.source["digest"] + (f" since {fact.since}" if fact.since else "")
    return identified(replace(evidence, statistic=fact.statistic, notes=notes, source={"digest": digest}))


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One indicator at one stage, with its source taken apart."""

    indicator: Indicator
    stage: Stage
    patterns: tuple[str, ...] = ()  # of `file` or `python`
    contains: str | None = None


def brings(indicator: Indicator) -> bool:
    """Whether the repository answers for an indicator."""
    return bool(_questions(indicator))


def _questions(indicator: Indicator) -> list[_Question]:
    asked = []
    for stage, source in indicator.sources.items():
        parts = _parts(source)
        if ("file" in parts and not is_mapping(parts)) or (
            "python" in parts and indicator.name in (_UNDOCUMENTED, _NEW_UNDOCUMENTED)
        ):
            patterns = parts.get("file", parts.get("python", ""))
            asked.append(
                _Question(
                    indicator=indicator,
                    stage=stage,
                    patterns=tuple(p.strip() for p in patterns if p.strip()),
                    contains=next(iter(parts.get("contains", ())), None),
                )
            )
    if not asked and indicator.name in NATIVE:
        asked.append(_Question(indicator=indicator, stage=Stage.BUILD))
    return asked


def _parts(source: str) -> dict[str, Sequence[str]]:
    """The keys of a source and their values, from `key: value`, or from a JSON object where there are more (canonical text)."""
    if source.lstrip().startswith("{"):
        try:
            given = json.loads(source)
        except ValueError:
            return {}
        return {key: [str(v) for v in (value if isinstance(value, list) else [value])] for key, value in given.items()}
    key, _, value = source.partition(": ")
    return {key: [value]} if value else {}


# ── What is answered ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """The snapshot that all facts are taken from."""

    git: Git
    tree: str  # the whole repository
    files: Sequence[Entry] = field(repr=False)  # of the project's folder
    base: str | None


def _establish(view: _View, question: _Question) -> _Fact:
    name = question.indicator.name
    if name == _NEW_UNDOCUMENTED:
        return _new_undocumented(view, question.patterns)
    if name == _UNDOCUMENTED:
        return _all_undocumented(view, question.patterns)
    if not question.patterns:
        raise EvidenceError(f"{name} names no file; write in indicators.yaml, e.g. build: {{file: README.md}}")
    if question.indicator.kind not in (Kind.RATIO, Kind.COUNT):
        raise EvidenceError(f"{name} is of kind {question.indicator.kind.value}; files give a ratio or a count")
    if question.contains is None:
        return _existing(view, question)
    return _containing(view, question, question.contains)


def _modules(view: _View, patterns: Sequence[str]) -> Mapping[str, str]:
    """Path → id of the public modules; raise EvidenceError when there is none, for then nothing was looked at."""
    chosen = [compile_pattern(p) for p in patterns]
    found = {
        entry.name: entry.id
        for entry in view.files
        if entry.is_file and is_public_module(entry.name) and (not chosen or _any(chosen, entry.name))
    }
    if not found:
        raise EvidenceError(
            "no public Python module" + (f" matches {', '.join(patterns)}" if patterns else " is there")
        )
    return found


def _listed(found: Iterable[tuple[str, int, str]]) -> list[str]:
    return [f"{shown(path)}:{line} {name}" for path, line, name in sorted(found)]


def _all_undocumented(view: _View, patterns: Sequence[str]) -> _Fact:
    modules: dict[str, list[str]] = {}
    for path, identity in _modules(view, patterns).items():
        modules.setdefault(identity, []).append(path)
    found = []
    for identity, body in view.git.objects(modules):
        for path in modules[identity]:
            found += [(path, line, name) for name, line in undocumented(body, shown(path)).items()]
    return _Fact(Rate(len(found)), _listed(found))


def _new_undocumented(view: _View, patterns: Sequence[str]) -> _Fact:
    if view.base is None:
        raise EvidenceError("nothing says what to compare with; name the base, e.g. --base origin/main")
    start = merge_base(view.git, view.base)
    modules = _modules(view, patterns)
    changes = [c for c in changed_files(view.git, start, view.tree) if c.path in modules and c.id != c.old_id]
    bodies = dict(view.git.objects(change.id for change in changes))
    now = [(change, undocumented(bodies[change.id], shown(change.path))) for change in changes]
    now = [(change, names) for change, names in now if names]  # only these make the base worth reading
    before = dict(view.git.objects(change.old_id for change, _ in now if change.old_id))
    found = []
    for change, names in now:
        where = f"{shown(change.old_path)} at {start[:12]}"
        known = undocumented(before[change.old_id], where) if change.old_id else {}
        found += [(change.path, line, name) for name, line in names.items() if name not in known]
    return _Fact(Rate(len(found)), _listed(found), start)


def _existing(view: _View, question: _Question) -> _Fact:
    """A ratio counts the patterns that match of all patterns, a count the files that match one."""
    paths = {entry.name for entry in view.files}
    if question.indicator.kind is Kind.COUNT:
        compiled = [compile_pattern(p) for p in question.patterns]
        return _Fact(Rate(sum(_any(compiled, path) for path in paths)))
    everything = paths | {path[:i] for path in paths for i, sign in enumerate(path) if sign == "/"}  # and folders
    missing = []
    for pattern in question.patterns:
        compiled = [compile_pattern(pattern)]
        if not any(_any(compiled, path) for path in everything):
            missing.append(pattern)
    notes = [f"no file matches {shown(pattern)}" for pattern in missing]
    return _Fact(Share(len(question.patterns), len(question.patterns) - len(missing)), notes)


def _any(patterns: Iterable[re.Pattern[str]], path: str) -> bool:
    return any(pattern.fullmatch(path) for pattern in patterns)


def _containing(view: _View, question: _Question, contains: str) -> _Fact:
    """A ratio counts the files with a match of all files of the patterns, a count all matches."""
    try:
        regex = re.compile(contains, re.MULTILINE)
    except re.error as error:
        raise EvidenceError(f'{question.indicator.name}: "{contains}" is no regular expression: {error}') from None
    compiled = [compile_pattern(p) for p in question.patterns]
    chosen = [e for e in view.files if e.is_file and _any(compiled, e.name)]
    if not chosen:
        raise EvidenceError(f"{question.indicator.name}: no file matches {', '.join(map(shown, question.patterns))}")
    counts = {}
    for identity, body in view.git.objects(entry.id for entry in chosen):
        content = body.decode("utf-8", "replace")
        counts[identity] = [content.count("\n", 0, match.start()) + 1 for match in regex.finditer(content)]
    if question.indicator.kind is Kind.RATIO:
        lacking = [f"{shown(e.name)} has no match of {contains}" for e in chosen if not counts[e.id]]
        return _Fact(Share(len(chosen), len(chosen) - len(lacking)), lacking)
    places = [f"{shown(e.name)}:{line}" for e in chosen for line in counts[e.id]]
    return _Fact(Rate(len(places)), places)


# ── Patterns ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_WILD = re.compile(r"(\*\*/|\*\*|\*|\?)")
_COMPILED = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A file pattern as a regular expression: `*` and `?` stay inside a folder, `**` crosses folders.

    Brackets mean themselves, because files are named with them. Raises EvidenceError when the pattern leaves the
    project.
    """
    path = pattern.removeprefix("./").removesuffix("/")
    if not path or path.startswith("/") or ".." in path.split("/"):
        raise EvidenceError(f'the file pattern "{shown(pattern)}" leaves the project; write a path from its folder')
    return re.compile("".join(_COMPILED.get(part) or re.escape(part) for part in _WILD.split(path)), re.DOTALL)
