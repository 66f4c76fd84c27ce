"""Configuration to concrete adapters: the only module that knows readers, sources and the store at once."""

import json
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from upheld import readers
from upheld.core import evidence as records
from upheld.core.catalogue import Catalogue, PathRule
from upheld.core.criterion import Criterion, Indicator, Stage
from upheld.core.evidence import Evidence
from upheld.core.fingerprint import binding_hash, promise_hash
from upheld.core.gate import Gate, Result, SignOff
from upheld.core.mapped import Mapped
from upheld.core.review import File, Touch, reach
from upheld.core.signoff import message
from upheld.errors import EvidenceError, SignatureError, UnavailableError, UsageError
from upheld.exchange.incoming import Known
from upheld.measure import gather, mappings, named, thresholds
from upheld.ports import Reading, Request
from upheld.project import predictions
from upheld.project.age import first_commits
from upheld.project.finding import Finding, Severity
from upheld.project.load import Project, find_root, load
from upheld.sources import repository
from upheld.stages.check import Difference
from upheld.store import SqliteStore

if TYPE_CHECKING:
    from upheld.attest import Attested

STORE = Path(".upheld") / "records.db"
SHORTEST_COMMIT = 7  # as git abbreviates


def native_indicators() -> dict[str, Indicator]:
    """The indicators that readers and the repository bring, by name."""
    found: dict[str, Indicator] = {}
    for reader in readers.READERS:
        found.update(reader.indicators)
    return found | dict(repository.NATIVE)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One project on disk with everything that is needed to judge it."""

    project: Project
    store: SqliteStore | None
    reports: tuple[Path, ...] = ()  # files and folders given as evidence: untracked, they are no part of the subject

    @property
    def root(self) -> Path:
        """The folder of upheld.yaml."""
        return self.project.root

    @property
    def catalogue(self) -> Catalogue:
        """All definitions."""
        return self.project.catalogue

    @cached_property
    def state(self) -> repository.Subject | None:
        """The source as it is now; None outside git."""
        try:
            return repository.subject(self.root, excluded=self.excluded, beside=beside(self.root, self.reports))
        except (UnavailableError, UsageError):
            return None

    @property
    def excluded(self) -> tuple[str, ...]:
        """The folders that are no part of the subject: what is signed or recorded must not void itself."""
        folders = self.catalogue.config.folders
        named = [folders[kind] for kind in ("sign-offs", "waivers", "evidence") if kind in folders]
        return (*repository.EXCLUDED, *named)

    @property
    def subject(self) -> str:
        """The subject of the source as it is now, or empty outside git."""
        return self.state.text if self.state else ""

    def ancestors(self, subject: str) -> frozenset[str]:
        """Earlier states of the source that an `of: ancestor` binding accepts."""
        if self.state is None or subject != self.subject or not self._wants_ancestors:
            return frozenset()
        return frozenset(repository.ancestors(self.root, excluded=self.excluded))

    @property
    def _wants_ancestors(self) -> bool:
        statements = [s for r in self.catalogue.requirements.values() for s in r.criteria]
        statements += [s for g in self.catalogue.gates.values() for s in g.criteria]
        return any(b.subject == "ancestor" for s in statements for b in s.bindings.values())

    def broken(self, gates: Sequence[Gate]) -> list[Finding]:
        """The faults of reading in files that these gates rest on; what cannot be read cannot be known to be met.

        A requirement that cannot be read might be selected, so it counts as soon as one gate selects requirements.
        Waivers and sign-offs with a fault count for nothing, which is safe.
        """
        needed = {"upheld.yaml", "customers.yaml", "indicators.yaml", "gates.yaml"}
        folder = self.project.folders.get("requirements", "requirements") + "/"
        selecting = any(gate.select for gate in gates)
        return [
            finding
            for finding in self.project.findings
            if finding.severity is Severity.ERROR
            and (finding.file in needed or (selecting and finding.file.startswith(folder)))
        ]

    def request(self, *, base: str = "", baseline: Sequence[Path] = ()) -> Request:
        """What readers need to know of this project; `base` is the commit that new findings are counted from."""
        changed = repository.changed_lines(self.root, base) if base else None
        files = [f for p in baseline for f in (sorted(x for x in p.rglob("*") if x.is_file()) if p.is_dir() else [p])]
        return Request(
            thresholds=thresholds(self.catalogue), changed_lines=changed, baseline=tuple(files),
            mapped=mappings(self.catalogue),
        )  # fmt: skip

    def read(self, paths: Sequence[Path], request: Request) -> list[Reading]:
        """What readers see in the files, before the project's names are given."""
        return gather(paths, request, readers.read)

    def source(self, words: str) -> str:
        """A source as evidence names it: `.` is the source here, `git:REV` the tree of that commit."""
        if words != ".":
            return repository.resolve(self.root, words, excluded=self.excluded)
        if not self.subject:
            raise UsageError(f"{self.root} is in no git repository; name the source: --built-from tree:…")
        return self.subject

    def named(self, evidence: Sequence[Evidence], *, subject: str = "", source: str = "") -> list[Evidence]:
        """Evidence with the project's names for indicators, customers and this subject.

        `source` is what the subject was built from: what was measured on it was measured on the subject.
        """
        subject = subject or self.subject
        same = [source] if source else []
        here = source or subject
        if self.state is not None and here == self.state.text and not self.state.dirty and self.state.commit:
            same += [text for text in {e.subject for e in evidence} if _is_commit(text, self.state.commit)]
        aliases = {alias: c.id for c in self.catalogue.customers.values() for alias in c.aliases}
        evidence = self._by_content(evidence, {subject, here, *self.ancestors(subject)}, known=same)
        return named(evidence, self.catalogue.indicators, subject=subject, same_subject=same, customers=aliases)

    def _by_content(self, evidence: Sequence[Evidence], wanted: set[str], *, known: Sequence[str]) -> list[Evidence]:
        """The evidence, with a commit named by the content it holds where that content is one that is asked for."""
        trees: dict[str, str] = {}
        for text in {e.subject for e in evidence} - wanted - set(known):
            kind, _, digits = text.partition(":")
            if kind in ("git", "commit") and len(digits) >= SHORTEST_COMMIT:
                with suppress(UnavailableError, UsageError):
                    tree = repository.resolve(self.root, f"git:{digits}", excluded=self.excluded)
                    trees |= {text: tree} if tree in wanted else {}
        return [replace(e, subject=trees[e.subject]) if e.subject in trees else e for e in evidence]

    def facts(self, criteria: Sequence[Criterion], *, at: datetime, base: str = "") -> list[Evidence]:
        """Facts of the repository that these criteria ask for."""
        wanted = {c.indicator.name: c.indicator for c in criteria if repository.brings(c.indicator)}
        if self.state is None or not wanted:
            return []
        found = repository.facts(
            self.root, wanted=wanted.values(), base=base or None, observed=at,
            provenance=repository.provenance(os.environ), excluded=self.excluded,
        )  # fmt: skip
        return list(found)

    def history(self) -> list[Evidence]:
        """Evidence that the store remembers, oldest first; what no longer decodes is left out."""
        if self.store is None:
            return []
        found = []
        for record in self.store.records("evidence"):
            try:
                found.append(records.decode(record))
            except EvidenceError:
                continue  # written by another version; it was valid then and is simply not judged now
        return found

    def predictions(self, *, aside: bool = False) -> list[Evidence]:
        """The predictions that are kept in git, without those of options that were not chosen, or (`aside`) with them."""
        request = self.request()
        readings = [reading for file in predictions.files(self.root) if (reading := readers.read(file, request))]
        found = [e for reading in readings for e in reading.evidence]
        return [e for e in found if aside or not self.catalogue.set_aside(str(e.conditions.get("assessment", "")))]

    def history_of(self, subject: str, source: str) -> list[Evidence]:
        """The same, where what was measured on `source` was measured on the subject that was built from it."""
        return [replace(e, subject=subject) if source and e.subject == source else e for e in self.history()]

    def kept(self, *, aside: bool = False) -> list[Evidence]:
        """What the project keeps: predictions, the evidence folder that upheld.yaml names, and what the store remembers.

        Each record once; the same for every command, so that no two of them disagree.
        """
        folder = self.catalogue.config.folders.get("evidence", "")
        committed = [self.root / folder] if folder and (self.root / folder).is_dir() else []
        measured = self.named([e for reading in self.read(committed, self.request()) for e in reading.evidence])
        return list({e.id: e for e in (*self.predictions(aside=aside), *measured, *self.history())}.values())

    def known(self, paths: Sequence[Path], *, aside: bool = False) -> list[Evidence]:
        """What is given and what the project keeps, each record once; `aside`: also predictions of options not chosen."""
        given = self.named([e for reading in self.read(paths, self.request()) for e in reading.evidence])
        return list({e.id: e for e in (*given, *self.kept(aside=aside))}.values())

    def remember(self, evidence: Sequence[Evidence], verdicts: Sequence[Mapping[str, object]] = ()) -> None:
        """Append evidence and verdicts to the store."""
        if self.store is not None:
            self.store.record("evidence", [records.encode(e) for e in evidence if e.statistic is not None])
            if verdicts:
                self.store.record("verdict", verdicts)

    def sign_offs(self) -> list[SignOff]:
        """The sign-offs in git, each with whether its signature verifies against the keys of its person."""
        return [self._verified(s) for s in self.catalogue.sign_offs]

    def _verified(self, sign_off: SignOff) -> SignOff:
        person = self.catalogue.people.get(sign_off.person)
        if not sign_off.signature or (sign_off.via and not self.catalogue.config.server_keys):
            return replace(sign_off, valid=None)  # nobody's key vouches: an assertion
        from upheld.core.signoff import NAMESPACE  # noqa: PLC0415  # the optional library comes in only with a signature
        from upheld.project import ssh_signature as ssh  # noqa: PLC0415

        try:
            trusted = self.catalogue.config.server_keys if sign_off.via else (person.keys if person else ())
            keys = [ssh.parse_public_key(line) for line in trusted]
            ssh.verify(sign_off.signature, message(sign_off), namespace=NAMESPACE, keys=keys)
        except SignatureError:
            return replace(sign_off, valid=False)
        return replace(sign_off, valid=True)


def _is_commit(subject: str, commit: str) -> bool:
    """Whether `git:` and at least seven digits name this commit."""
    kind, _, digits = subject.partition(":")
    return kind in ("git", "commit") and len(digits) >= SHORTEST_COMMIT and commit.startswith(digits)


def beside(root: Path, reports: Sequence[Path]) -> list[str]:
    """Reports that lie inside a project: their folder, or, in the project's own folder, they and their records.

    Reports are those that are given, and every untracked one that has its record beside it.
    """
    try:
        recorded = [root / path for path in repository.untracked(root, "*.upheld.json")]
    except (UnavailableError, UsageError):
        recorded = []
    found: list[str] = []
    for path in (*reports, *recorded):
        folder = path.resolve() if path.is_dir() else path.resolve().parent
        if folder == root.resolve():
            report = path.name.removesuffix(".upheld.json")
            found += [report, f"{report}.upheld.json"] if not path.is_dir() else []
        elif folder.is_relative_to(root.resolve()):
            found.append(folder.relative_to(root.resolve()).as_posix())
    return sorted(set(found))


def open_workspace(start: Path, *, store: bool = True, reports: Sequence[Path] = (), cache: bool = True) -> Workspace:
    """The project around `start`, with the reports that are given as evidence; UsageError when there is none.

    Without `cache` nothing is written below `.upheld/cache` either.
    """
    root = find_root(start)
    ages = lambda files: first_commits(root, files, cache=cache)  # noqa: E731
    project = load(root, native=native_indicators(), first_commit=ages, cache=cache)
    return Workspace(project=project, store=SqliteStore(root / STORE) if store else None, reports=tuple(reports))


def verdict_record(document: Mapping[str, object], at: datetime) -> dict[str, object]:
    """A verdict as it is remembered: the whole answer and the time it was given for."""
    kept = json.loads(json.dumps(document))
    return {"schema": "upheld/verdict/v1", "evaluated": at.isoformat(), **kept}


def attested(
    result: Result,
    criteria: Mapping[str, Criterion],
    evidence: Sequence[Evidence],
    *,
    at: datetime,
    name: str,
    resource: str,
    version: str,
) -> "Attested":
    """What a signed statement says beside a gate's result: its definitions and the evidence that it rests on."""
    from upheld.attest import Attested  # noqa: PLC0415 - cryptography is loaded only where something is signed

    stage = Stage(result.gate.stage)
    used = {i for line in result.lines for i in line.verdict.evidence}
    rested = {e.id: e for e in evidence if e.id in used}
    return Attested(
        subject=result.subject, name=name, resource=resource, built_from=result.built_from, at=at, version=version,
        definitions={a: promise_hash(c) + binding_hash(c.binding(stage)) for a, c in criteria.items()},
        evidence=[
            {
                "id": e.id, "indicator": e.indicator, "source": e.source.get("digest", ""),
                "tool": e.producer.get("tool", ""), "run": e.run, "run_url": e.producer.get("run_url", ""),
                "asserted": e.asserted,
            }
            for _, e in sorted(rested.items())
        ],
    )  # fmt: skip


def definitions_at(workspace: Workspace, rev: str) -> Catalogue:
    """The definitions as they were at a commit."""
    return project_at(workspace, rev).catalogue


def definitions_then(workspace: Workspace, moment: datetime) -> Catalogue | None:
    """The definitions as they were committed at a moment, nothing before the project's first commit; None: not known."""
    try:
        commit = repository.last_commit(workspace.root, moment)
    except (UnavailableError, UsageError):
        return None  # outside git, or before the first commit
    if commit is None:
        return None
    try:
        return definitions_at(workspace, commit) if commit else Catalogue()
    except UsageError:
        return Catalogue()  # the commit does not hold the project yet


def project_at(workspace: Workspace, rev: str) -> Project:
    """The project as it was committed; its texts are gone with the folder that it was read from."""
    with repository.extracted(workspace.root, rev) as folder:
        known = lambda files: first_commits(workspace.root, files)  # noqa: E731  # the extracted folder has no history
        return load(folder, native=native_indicators(), cache=False, first_commit=known)


def both_ends(diff: str) -> tuple[str, str]:
    """The two revisions of `BASE..HEAD` (or `BASE...HEAD`, or BASE alone); UsageError for what names no base."""
    base, _, head = diff.partition("..")
    if not base:
        raise UsageError(f'--diff "{diff}" is not BASE..HEAD, e.g. origin/main..HEAD')
    return base, head.removeprefix(".") or "HEAD"


def change_between(workspace: Workspace, base: str, head: str) -> Difference:
    """The change from where `head` left `base`, with the definitions on both sides."""
    found = repository.difference(workspace.root, base, head)
    before = _project_or_none(workspace, found.base)
    state = repository.subject(workspace.root, found.head, excluded=workspace.excluded)
    here = workspace.state is not None and workspace.state.text == state.text
    after = workspace.project if here else project_at(workspace, found.head)
    paths = {file.path for file in found.files} | {file.old_path for file in found.files if file.old_path}
    rules = {path: _rules_for(after.catalogue, path) for path in paths}
    known = {name for c in (before, after) if c for name in (*c.catalogue.requirements, *c.catalogue.criteria)}
    people = after.catalogue.people.values()
    return Difference(
        base=found.base, head=found.head, subject=state.text, files=found.files,
        links=repository.links(workspace.root, found, known), rules={p: r for p, r in rules.items() if r},
        defined=_defined(paths, [p for p in (before, after) if p]),
        authors=[p.id for p in people if p.email and p.email.lower() in found.authors],
        before=before.catalogue if before else Catalogue(), after=after.catalogue,
    )  # fmt: skip


def serves(workspace: Workspace, path: str) -> dict[str, list[Touch]]:
    """The criteria that a file of the project serves, each with how that is known; UsageError for no file of it."""
    file = (workspace.root / path).resolve()
    if not file.is_file() or not file.is_relative_to(workspace.root.resolve()):
        raise UsageError(f'"{path}" is no file of the project in {workspace.root}')
    name = file.relative_to(workspace.root.resolve()).as_posix()
    catalogue = workspace.catalogue
    body = file.read_bytes() if file.stat().st_size <= repository.LARGEST else b""
    return reach(
        catalogue, files=[File(path=name)],
        links=repository.links_in(name, body, {*catalogue.requirements, *catalogue.criteria}),
        rules={name: _rules_for(catalogue, name)}, defined=_defined([name], [workspace.project]), changes=(),
    )  # fmt: skip


def _project_or_none(workspace: Workspace, commit: str) -> Project | None:
    """The project at a commit; None where it had none yet, which is not an error of the change."""
    try:
        found = project_at(workspace, commit)
    except UsageError:
        return None
    return found if found.items else None


def _rules_for(catalogue: Catalogue, path: str) -> list[PathRule]:
    return [rule for rule in catalogue.config.paths if repository.compile_pattern(rule.pattern).fullmatch(path)]


def _defined(paths: Collection[str], projects: Sequence[Project]) -> dict[str, list[str]]:
    """The changed definition files, each with the requirements and criteria that it is about."""
    found: dict[str, list[str]] = {}
    for project in projects:
        for item in project.items:
            if item.file not in paths:
                continue
            about = found.setdefault(item.file, [])
            if item.kind == "requirement":
                about.append(item.id)
            elif item.kind == "decision" and item.id in project.catalogue.decisions:
                about += project.catalogue.decisions[item.id].affects
    return found


def source_state(start: Path, reports: Sequence[Path]) -> repository.Subject:
    """The state of the source around `start`: of its project, or of its repository where there is no project."""
    try:
        root = find_root(start)
    except UsageError:
        return repository.subject(start, beside=beside(start, reports))
    workspace = Workspace(project=load(root, native={}), store=None, reports=tuple(reports))
    return workspace.state or repository.subject(root)


def mapped_around(start: Path) -> tuple[Mapped, ...]:
    """The mappings of the project around a folder; none where there is no project."""
    try:
        return mappings(load(find_root(start), native=native_indicators()).catalogue)
    except UsageError:
        return ()


def known_requirements(project: Project) -> list[Known]:
    """The requirements of a project as an exchange compares them; those in files of several are left out."""
    found = []
    for requirement in project.catalogue.requirements.values():
        item = project.item("requirement", requirement.id)
        if item is None or item.place:
            continue
        origin = item.extras.get("x-origin")
        found.append(
            Known(
                id=requirement.id, file=item.file, raw=(project.root / item.file).read_bytes().decode(),
                title=requirement.title, body=requirement.body,
                fingerprint=project.catalogue.fingerprint(requirement.id),
                origin={str(k): str(v) for k, v in origin.items()} if isinstance(origin, dict) else {},
            )
        )  # fmt: skip
    return found
