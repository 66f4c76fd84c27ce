"""A folder to a project: find the definition files, decode what changed, and join them into a catalogue."""

import datetime as dt
import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from upheld.core.assessment import Assessment
from upheld.core.catalogue import Catalogue, Config
from upheld.core.criterion import Indicator
from upheld.core.decision import Decision
from upheld.core.meeting import Review
from upheld.core.requirement import Requirement
from upheld.core.risk import Risk
from upheld.errors import UsageError
from upheld.project.cache import Cache, Stamp
from upheld.project.decode import Item, Record, decode
from upheld.project.finding import Finding, Severity
from upheld.project.shapes import DECISION_FOLDERS, FOLDERS
from upheld.project.text import MAX_BYTES, Place, excerpt, locate

NAME = "upheld.yaml"
_TABLES = (
    ("customers.yaml", "customer"), ("indicators.yaml", "indicator"), ("gates.yaml", "gate"),
    ("nonfunctional.yaml", "nonfunctional"), ("budgets.yaml", "budget"),
)  # fmt: skip
# Per folder, what its files are by the ends of their names.
_FILES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "requirements": (
        (".md", "requirement"), (".requirements.yaml", "requirement-list"), (".requirements.yml", "requirement-list"),
    ),
    "decisions": ((".md", "decision"),),
    "sessions": ((".md", "session"),),
    "risks": ((".md", "risk"),),
    "reviews": ((".md", "review"),),
    "assessments": ((".yaml", "assessment"), (".yml", "assessment")),
    "rollouts": ((".yaml", "rollout"), (".yml", "rollout")),
    "contracts": ((".yaml", "contract"), (".yml", "contract")),
    "scenarios": ((".feature", "scenario"),),
    "runbooks": ((".md", "runbook"),),
    "sign-offs": ((".json", "sign-off"),),
    "waivers": ((".yaml", "waiver"), (".yml", "waiver")),
}  # fmt: skip
# Items whose age decides whether they are judged or advised; the day of a waiver or sign-off means something else.
_AGEING = frozenset(
    {"requirement", "decision", "session", "risk", "review", "assessment", "rollout", "contract", "scenario", "runbook"}
)
_MAX_DEPTH = 30  # of folders inside each other

_Named = TypeVar("_Named", Requirement, Decision, Assessment, Risk, Review)
FirstCommit = Callable[[Iterable[str]], Mapping[str, dt.date]]

__all__ = ["NAME", "FirstCommit", "Item", "Project", "find_root", "load"]


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project as read: its catalogue, the items in the order of their files, and every fault of reading."""

    root: Path
    catalogue: Catalogue
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()  # sorted; those of adopted items are advice already
    folders: Mapping[str, str] = field(default_factory=dict)  # kind of folder → where it is, for those that exist
    repeated: tuple[Requirement, ...] = ()  # those whose id another one has already: checked, but never used

    @cached_property
    def _items(self) -> Mapping[tuple[str, str], Item]:
        found: dict[tuple[str, str], Item] = {}
        for item in self.items:
            found.setdefault((item.kind, item.id), item)
        return found

    @cached_property
    def _decisions(self) -> Mapping[str, Decision]:
        found: dict[str, Decision] = {}
        for decision in self.catalogue.decisions.values():
            found.setdefault(_plain(decision.id), decision)
        return found

    def item(self, kind: str, id: str) -> Item | None:  # noqa: A002
        """The item of this kind and id (the first one where there are two)."""
        return self._items.get((kind, id))

    def decision(self, reference: str) -> Decision | None:
        """The decision that people call `0007`, `ADR-7`, `ADR-0007`, `decisions/0007` or by its file's name."""
        return self.catalogue.decisions.get(reference) or self._decisions.get(_plain(reference))

    def text(self, file: str) -> str:
        """The text of a file, read again when asked; empty when it cannot be read."""
        try:
            return _content(f"{self.root}/{file}").decode(errors="replace").removeprefix("\ufeff")
        except OSError:
            return ""

    def place(self, kind: str, id: str, path: Place) -> tuple[int, int]:  # noqa: A002
        """The line and column of a path inside an item; of its start when it is not there."""
        item = self.item(kind, id)
        return locate(self.text(item.file), (*item.place, *path)) if item is not None else (1, 1)

    def finding(
        self, rule: str, severity: Severity, item: Item, path: Place, *, message: str, fix: str,
        value: str = "", offset: int | None = None, key: bool = False, text: str | None = None,
    ) -> Finding:  # fmt: skip
        """A finding at a path inside an item, e.g. ("criteria", 0, "that"); an adopted item's finding is advice.

        `offset` is a character inside the value (a sentence error's column less one); `key` points at the key itself;
        `text` is the item's file, for a caller that has read it already.
        """
        text = self.text(item.file) if text is None else text
        line, column = locate(text, (*item.place, *path), offset=offset, key=key)
        return Finding(
            rule=rule, severity=Severity.ADVICE if item.adopted else severity, file=item.file, line=line,
            column=column, message=message, fix=fix, value=value[:200], excerpt=excerpt(text, line)[:200],
        )  # fmt: skip


def find_root(start: Path) -> Path:
    """The nearest folder, from `start` upwards, that holds an upheld.yaml; raise UsageError when there is none."""
    here = Path(os.path.abspath(start))  # noqa: PTH100 not resolved: a link stays where the person is
    for folder in (here, *here.parents):
        if (folder / NAME).is_file():
            return folder
    raise UsageError(f"no {NAME} in {here} or above; start with: upheld init")


def load(
    root: Path,
    *,
    native: Mapping[str, Indicator],
    cache: bool = True,
    first_commit: FirstCommit | None = None,
) -> Project:
    """Read a whole project.

    `native` are the readers' indicators; the project's own of the same name win. `first_commit` is asked once, for all
    files (relative to the root) whose age matters and that carry no date, and gives the day of their first commit.
    """
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand records that all stay alive: looking for garbage among them costs a third
    try:
        return _Loading(root, cache=cache).project(native, first_commit)
    finally:
        if collecting:
            gc.enable()


class _Found(NamedTuple):
    """A file that a folder holds."""

    file: str  # relative to the root
    path: str
    kind: str
    folder: str  # of its kind, relative to the root
    stamp: Stamp


class _Loading:
    """One reading of a project."""

    def __init__(self, root: Path, *, cache: bool) -> None:
        self.root = root
        self.real = os.path.realpath(root)
        self.cache = Cache(root, now=time.time_ns()) if cache else None
        self.findings: list[Finding] = []
        self.records: list[Record] = []

    def project(self, native: Mapping[str, Indicator], first_commit: FirstCommit | None) -> Project:
        """Find, decode, join."""
        config_record = self._decode(self._single(NAME, "project"))
        config = config_record.config or Config()
        for name, kind in _TABLES:
            if (self.root / name).is_file():
                self._decode(self._single(name, kind))
        folders = self._folders(config)
        for kind, folder in sorted(folders.items(), key=lambda entry: entry[1]):
            others = frozenset(folders.values()) - {folder}
            for found in sorted(self._walk(folder, kind, others), key=lambda found: found.file):
                self._decode(found)
        if self.cache is not None:
            self.cache.save()
        return self._join(config, native, folders, first_commit)

    # ── Finding files ──

    def _folders(self, config: Config) -> dict[str, str]:
        """The folder of each kind that exists, relative to the root; what upheld.yaml names wrongly is a finding."""
        found: dict[str, str] = {}
        taken: dict[str, str] = {}
        for kind, usual in FOLDERS.items():
            written = config.folders.get(kind)
            folder = os.path.normpath(written).replace(os.sep, "/") if written else usual
            if written is None and kind == "decisions":
                folder = next((place for place in DECISION_FOLDERS if (self.root / place).is_dir()), usual)
            if written and (not self._inside(folder) or folder == "."):
                self._fault_of_folder(
                    "folder-outside",
                    kind,
                    written,
                    "is not a folder inside the project",
                    "name a folder below upheld.yaml",
                )
            elif not (self.root / folder).is_dir():
                if written:
                    self._fault_of_folder(
                        "folder-missing", kind, written, "does not exist", "make it, or remove the line"
                    )
            elif folder in taken:
                self._fault_of_folder(
                    "folder-twice",
                    kind,
                    folder,
                    f"is the folder of {taken[folder]} already",
                    "give each kind its own folder",
                )
            else:
                found[kind] = folder
                taken[folder] = kind
        return found

    def _fault_of_folder(self, rule: str, kind: str, folder: str, message: str, fix: str) -> None:
        text = _content(self.root / NAME).decode(errors="replace").removeprefix("\ufeff")
        line, column = locate(text, ("folders", kind))
        self.findings.append(
            Finding(
                rule=rule, severity=Severity.ERROR, file=NAME, line=line, column=column, value=folder[:200],
                message=f'"{folder[:100]}" {message}', fix=fix, excerpt=excerpt(text, line)[:200],
            )
        )  # fmt: skip

    def _inside(self, path: str) -> bool:
        """Whether a path leads to a place inside the root once every link is followed."""
        real = os.path.realpath(os.path.join(self.real, path))  # noqa: PTH118
        return real == self.real or real.startswith(self.real.rstrip(os.sep) + os.sep)

    def _walk(self, folder: str, kind: str, others: frozenset[str]) -> Iterator[_Found]:
        """The files of a folder and those inside it; links are followed inside the root, and every folder once."""
        ends = _FILES[kind]
        seen: set[tuple[int, int]] = set()
        waiting = [(folder, 0)]
        while waiting:
            here, depth = waiting.pop()
            path = f"{self.root}/{here}"
            try:
                known = os.stat(path)  # noqa: PTH116
                if (known.st_dev, known.st_ino) in seen or depth > _MAX_DEPTH:
                    continue
                seen.add((known.st_dev, known.st_ino))
                entries = list(os.scandir(path))
            except OSError as error:
                self._unreadable(here, error)
                continue
            if depth and any(entry.name == NAME for entry in entries):
                continue  # another project
            for entry in entries:
                name = f"{here}/{entry.name}"
                if entry.name.startswith(".") or name in others:
                    continue
                own = [file_kind for end, file_kind in ends if entry.name.endswith(end)]
                try:
                    if entry.is_symlink() and not self._inside(name):
                        continue
                    if entry.is_dir():
                        waiting.append((name, depth + 1))
                    elif own and entry.is_file():
                        status = entry.stat()
                        yield _Found(name, entry.path, own[0], folder, Stamp(status.st_mtime_ns, status.st_size))
                except OSError as error:
                    self._unreadable(name, error)

    def _single(self, name: str, kind: str) -> _Found:
        path = self.root / name
        try:
            status = path.stat()
        except OSError:
            return _Found(name, str(path), kind, "", Stamp(0, -1))
        return _Found(name, str(path), kind, "", Stamp(status.st_mtime_ns, status.st_size))

    # ── Decoding them ──

    def _decode(self, found: _Found) -> Record:
        key = (found.file, found.kind, found.folder)
        try:
            record = self.cache.get(key, found.stamp, lambda: _content(found.path)) if self.cache else None
            if record is None:
                content = _content(found.path)
                record = decode(found.kind, found.file, content, folder=found.folder)
                if self.cache is not None:
                    self.cache.put(key, found.stamp, content, record)
        except OSError as error:
            self._unreadable(found.file, error)
            kind = "requirement" if found.kind == "requirement-list" else found.kind
            stem = found.file.rpartition("/")[2].partition(".")[0]
            record = Record(items=(Item(file=found.file, kind=kind, id=stem),))
        self.records.append(record)
        return record

    def _unreadable(self, file: str, error: OSError) -> None:
        self.findings.append(
            Finding(
                rule="unreadable", severity=Severity.ERROR, file=file, line=1, column=1,
                message=f"cannot be read: {error.strerror or error}", fix="check the file and who may read it",
            )
        )  # fmt: skip

    # ── Joining them ──

    def _join(
        self,
        config: Config,
        native: Mapping[str, Indicator],
        folders: Mapping[str, str],
        first_commit: FirstCommit | None,
    ) -> Project:
        records = self.records
        adopted = self._adopted(config, first_commit)
        items: list[Item] = []
        findings = list(self.findings)
        for record in records:
            own = record.items
            if adopted and own:
                own = tuple(replace(item, adopted=True) if (item.file, item.id) in adopted else item for item in own)
            items.extend(own)
            if record.findings:
                quiet = bool(own) and all(item.adopted for item in own)
                findings.extend(replace(f, severity=Severity.ADVICE) if quiet else f for f in record.findings)
        catalogue = Catalogue(
            config=config,
            customers={customer.id: customer for record in records for customer in record.customers},
            people={person.id: person for record in records for person in record.people},
            indicators={**native, **{i.name: i for record in records for i in record.indicators}},
            gates={gate.name: gate for record in records for gate in record.gates},
            requirements=_first(requirement for record in records for requirement in record.requirements),
            decisions=_first(
                replace(decision, adopted=True) if (decision.file, decision.id) in adopted else decision
                for record in records
                for decision in record.decisions
            ),
            sessions=tuple(session for record in records for session in record.sessions),
            risks=_first(risk for record in records for risk in record.risks),
            reviews=_first(review for record in records for review in record.reviews),
            answers=tuple(answer for record in records for answer in record.answers),
            allocations=tuple(allocation for record in records for allocation in record.allocations),
            waivers=tuple(waiver for record in records for waiver in record.waivers),
            sign_offs=tuple(sign_off for record in records for sign_off in record.sign_offs),
            assessments=_first(assessment for record in records for assessment in record.assessments),
        )
        every = [requirement for record in records for requirement in record.requirements]
        repeated = tuple(r for r in every if catalogue.requirements[r.id] is not r)
        project = Project(root=self.root, catalogue=catalogue, items=tuple(items), folders=folders, repeated=repeated)
        findings.extend(_duplicates(project))
        return replace(project, findings=tuple(sorted(findings, key=lambda finding: finding.key)))

    def _adopted(self, config: Config, first_commit: FirstCommit | None) -> frozenset[tuple[str, str]]:
        """The items that are older than the project's `since`, as (file, id)."""
        since = config.since
        if since is None:
            return frozenset()
        ageing = [item for record in self.records for item in record.items if item.kind in _AGEING]
        undated = [item.file for item in ageing if item.date is None]
        commits = first_commit(undated) if undated and first_commit is not None else {}
        old = set()
        for item in ageing:
            day = item.date or commits.get(item.file)
            # Foreign decisions committed together with upheld.yaml were there before it, whatever their first commit says.
            if day < since or (item.foreign and day == since) if day is not None else item.foreign:
                old.add((item.file, item.id))
        return frozenset(old)


def _content(path: Path | str) -> bytes:
    """A file's bytes; of one that is too large to be a definition only as many as show that."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))  # half the cost of open(), five thousand times
    try:
        return os.read(handle, min(os.fstat(handle).st_size, MAX_BYTES) + 1)
    finally:
        os.close(handle)


def _plain(reference: str) -> str:
    """A decision's number without what people write around it, else its name."""
    # Imported here because it compiles two dozen patterns, which a run without changed decisions needs not.
    from upheld.project.adr import number  # noqa: PLC0415

    name = reference.rpartition("/")[2].removesuffix(".md")
    digits = number(name)
    return str(int(digits)) if digits else name


def _first(things: Iterable[_Named]) -> dict[str, _Named]:
    """By id; of two with one id the first counts, and the second is a finding."""
    found: dict[str, _Named] = {}
    for thing in things:
        found.setdefault(thing.id, thing)
    return found


def _duplicates(project: Project) -> Iterator[Finding]:
    """Two items of one id, each with the place of the other: links and evidence could mean either."""
    first: dict[str, list[Item]] = {}
    for item in project.items:
        if item.kind in ("requirement", "decision", "session", "assessment", "risk", "review"):
            first.setdefault(item.id, []).append(item)
    for id_, items in first.items():
        if len(items) < 2:
            continue
        places = [_place_of(project, item) for item in items]
        for item, place in zip(items, places, strict=True):
            other = next(other for other in places if other != place)
            yield project.finding(
                "duplicate-id", Severity.ERROR, item, ("id",), message=f'"{id_}" is the id of {other} too',
                fix="give one of them an id that was never used", value=id_,
            )  # fmt: skip


def _place_of(project: Project, item: Item) -> str:
    line, _ = locate(project.text(item.file), (*item.place, "id"))
    return f"{item.file}:{line}"
