"""A folder to a project: find the definition files, decode what changed, and join them into a catalogue."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from upheld.core.catalogue import Catalogue
from upheld.core.criterion import Indicator
from upheld.project.finding import Finding, Severity
from upheld.project.text import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a file defines, and where in the file it stands."""

    file: str  # relative to the root, with forward slashes
    # requirement, decision, session, waiver, sign-off, gate, indicator, customer, person, environment, project,
    # risk, review, assessment, rollout, contract, scenario, runbook
    kind: str
    id: str
    status: str = ""
    place: Place = ()  # its path inside the file: () for a file of its own, ("merge",) for a gate, (3,) in a list file
    date: dt.date | None = None
    adopted: bool = False  # older than the project's `since`: advice only
    extras: Mapping[str, object] = field(default_factory=dict)  # what `x-` keys hold, by dotted path


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project as read: its catalogue, the items in the order of their files, and every fault of reading."""

    root: Path
    catalogue: Catalogue
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()  # sorted; those of adopted items are advice already

    def item(self, kind: str, id: str) -> Item | None:  # noqa: A002
        """The item of this kind and id (the first one where there are two)."""
        raise NotImplementedError

    def text(self, file: str) -> str:
        """The text of a file, read again when asked."""
        raise NotImplementedError

    def finding(
        self, rule: str, severity: Severity, item: Item, path: Place, *, message: str, fix: str,
        value: str = "", offset: int = 0, key: bool = False,
    ) -> Finding:  # fmt: skip
        """A finding at a path inside an item, e.g. ("criteria", 0, "that"); an adopted item's finding is advice."""
        raise NotImplementedError


def find_root(start: Path) -> Path:
    """The nearest folder, from `start` upwards, that holds an upheld.yaml; raise UsageError when there is none."""
    raise NotImplementedError


def load(
    root: Path,
    *,
    native: Mapping[str, Indicator],
    cache: bool = True,
    first_commit: Callable[[Iterable[str]], Mapping[str, dt.date]] | None = None,
) -> Project:
    """Read a whole project.

    `native` are the readers' indicators; the project's own of the same name win. `first_commit` is asked once, for all
    files (relative to the root) whose age matters and that carry no date, and gives the day of their first commit.
    """
    raise NotImplementedError
