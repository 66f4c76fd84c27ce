"""One product on the server: its definitions at a commit, its evidence, and its threads for whoever asks.

Threads are computed once for each scope and kept; new evidence renews only the promises that it is about. What a caller
may see is narrowed before anything is judged (`upheld.core.scope`), here and in no other place.
"""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from upheld.core import evidence as records
from upheld.core.catalogue import Catalogue
from upheld.core.evidence import Evidence
from upheld.core.gate import Gate, Result, SignOff
from upheld.core.scope import Scope, Seen, narrow
from upheld.core.thread import Thread, threads
from upheld.errors import EvidenceError, UnavailableError, UpheldError, UsageError
from upheld.server.settings import Settings, Source
from upheld.sources.repository import Clone, View
from upheld.stages.check import check, criteria_of
from upheld.store.database import Database
from upheld.store.ledger import since
from upheld.wiring import Workspace, open_workspace

FRESH = 60.0  # seconds after which verdicts are judged again: evidence grows old by itself
MOST_SCOPES = 256


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Threads for one scope, with the commit they are of and the time they were judged for."""

    project: str
    commit: str
    subject: str
    at: datetime
    version: str  # changes whenever an answer could
    threads: tuple[Thread, ...]
    seen: Seen
    written: dict[str, bytes] = field(
        default_factory=dict, compare=False
    )  # answers as they were sent, by what was asked

    def thread(self, address: str) -> Thread | None:
        """The thread of one criterion, if it is in the scope."""
        return self._by_address.get(address)

    @property
    def _by_address(self) -> dict[str, Thread]:
        found: dict[str, Thread] | None = self.__dict__.get("_index")
        if found is None:
            found = {t.criterion.address: t for t in self.threads}
            self.__dict__["_index"] = found
        return found


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Definitions and evidence of one moment; replaced as a whole, never changed."""

    view: View
    workspace: Workspace
    raw: tuple[Evidence, ...] = ()  # as it was sent
    evidence: tuple[Evidence, ...] = ()  # with the project's names, and the repository's facts
    facts: tuple[Evidence, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    position: int = 0  # of the trail: everything before it is known
    changed: frozenset[str] = field(default_factory=frozenset)  # indicators that came with the last step

    @property
    def catalogue(self) -> Catalogue:
        return self.workspace.catalogue


class Product:
    """One product by its name."""

    def __init__(self, name: str, source: Source, settings: Settings, database: Database) -> None:
        self.name = name
        self.database = database
        self.clone = Clone(
            origin=source.origin, folder=settings.data.resolve() / "products" / name, branch=source.branch, inside=source.inside,
            records=settings.records,
        )  # fmt: skip
        self.fault = ""  # why the definitions cannot be shown or renewed, for readiness and the log
        self._lock = threading.RLock()
        self._known: _Known | None = None
        self._shown: dict[Scope, Shown] = {}

    # ── Keeping up ──

    def refresh(self) -> None:
        """Fetch the repository, show its newest commit, read new evidence. Faults are kept in `fault`, not raised."""
        try:
            self.clone.refresh()
            self.fault = ""
        except UpheldError as error:
            self.fault = error.message
        try:
            self.renew()
        except UpheldError as error:
            self.fault = error.message

    def renew(self) -> None:
        """Show the newest commit that the clone has, with the evidence that the trail has sealed."""
        with self._lock:
            view = self.clone.view()
            known = self._known
            if known is None or known.view != view:
                self._known = self._load(view, known)
                self._shown.clear()
            self.catch_up()

    def _load(self, view: View, before: _Known | None) -> _Known:
        workspace = open_workspace(view.root, store=False)
        facts = workspace.facts(list(workspace.catalogue.criteria.values()), at=datetime.now(UTC))
        raw = before.raw if before else ()
        return _Known(
            view=view, workspace=workspace, raw=raw, facts=tuple(workspace.named(facts)),
            evidence=(*workspace.named(facts), *workspace.named(raw)), sign_offs=tuple(workspace.sign_offs()),
            position=before.position if before else 0,
        )  # fmt: skip

    def catch_up(self) -> bool:
        """Read the evidence that was sealed since the last look; whether there was any."""
        with self._lock:
            known = self.known
            with self.database.reading() as connection:
                new = list(since(connection, self.name, known.position, kinds=("evidence",)))
            if not new:
                return False
            raw = [e for kept in new if (e := _decoded(kept.body)) is not None]
            named = known.workspace.named(raw)
            self._known = replace(
                known, raw=(*known.raw, *raw), evidence=(*known.evidence, *named), position=new[-1].position + 1,
                changed=frozenset(e.indicator for e in named),
            )  # fmt: skip
            now = datetime.now(UTC)
            for scope, shown in list(self._shown.items()):
                self._shown[scope] = self._judged(scope, now, before=shown)
            return True

    @property
    def known(self) -> _Known:
        """The definitions and evidence of now; UnavailableError while none could be read."""
        known = self._known
        if known is None:
            raise UnavailableError(f"the definitions of {self.name} are not read yet: {self.fault or 'starting'}")
        return known

    @property
    def ready(self) -> bool:
        """Whether there is anything to show."""
        return self._known is not None

    # ── Answers ──

    def shown(self, scope: Scope, *, now: datetime) -> Shown:
        """The threads of a scope, at most a minute old."""
        kept = self.kept(scope, now=now)
        if kept is not None:
            return kept
        with self._lock:
            kept = self.kept(scope, now=now)
            if kept is None:
                kept = self._judged(scope, now)
                while len(self._shown) >= MOST_SCOPES:
                    del self._shown[next(iter(self._shown))]
                self._shown[scope] = kept
            return kept

    def kept(self, scope: Scope, *, now: datetime) -> Shown | None:
        """The threads of a scope where they are at hand, without any work."""
        kept = self._shown.get(scope)
        return kept if kept is not None and abs((now - kept.at).total_seconds()) < FRESH else None

    def rejudge(self, *, now: datetime) -> None:
        """Judge again what is shown: evidence has grown older."""
        with self._lock:
            for scope in list(self._shown):
                self._shown[scope] = self._judged(scope, now)

    def _judged(self, scope: Scope, at: datetime, *, before: Shown | None = None) -> Shown:
        known = self.known
        workspace = known.workspace
        seen = narrow(known.catalogue, known.evidence, known.sign_offs, scope)
        subject = workspace.subject
        common = {
            "at": at, "subject": subject, "ancestors": workspace.ancestors(subject), "sign_offs": seen.sign_offs,
            "agreed": seen.agreed,
        }  # fmt: skip
        if before is None:
            found = threads(seen.catalogue, seen.evidence, **common)  # type: ignore[arg-type]  # keywords of threads
        else:
            touched = [a for a, c in seen.catalogue.criteria.items() if c.indicator.name in known.changed]
            anew = threads(seen.catalogue, seen.evidence, only=touched, **common) if touched else ()  # type: ignore[arg-type]
            renewed = {t.criterion.address: t for t in anew}
            found = tuple(renewed.get(t.criterion.address, t) for t in before.threads)
        return Shown(
            project=known.catalogue.config.project, commit=known.view.commit, subject=subject, at=at,
            version=f"{known.view.commit[:12]}.{known.view.records[:12]}.{known.position}.{at.timestamp():.0f}",
            threads=found, seen=seen,
        )  # fmt: skip

    def gate(self, name: str) -> Gate:
        """A gate by its name."""
        gate = self.known.catalogue.gates.get(name)
        if gate is None:
            raise UsageError(f'no gate "{name[:100]}"; known: {", ".join(self.known.catalogue.gates) or "none"}')
        return gate

    def check(self, gate: Gate, *, at: datetime, subject: str = "") -> Result:
        """Judge a gate on all the evidence here, for the source that is shown or another subject."""
        known = self.known
        asked = subject or known.workspace.subject
        evidence = known.workspace.named(known.raw, subject=subject) if subject else list(known.evidence)
        return check(
            known.catalogue, gate, [*evidence, *(known.facts if subject else ())], at=at, subject=asked,
            ancestors=known.workspace.ancestors(asked), sign_offs=known.sign_offs,
        )  # fmt: skip

    def criteria_of(self, gate: Gate) -> dict[str, object]:
        """The criteria that a gate judges, by address."""
        return dict(criteria_of(self.known.catalogue, gate))

    def folder(self, kind: str, usual: str) -> str:
        """Where files of a kind lie in the project."""
        return Path(self.known.catalogue.config.folders.get(kind, usual)).as_posix()


def _decoded(body: object) -> Evidence | None:
    try:
        return records.decode(body)
    except EvidenceError:
        return None  # written by another version; it was valid then and is simply not judged now
