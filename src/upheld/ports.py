"""The borders: what a reader, a source, a driver, a notifier and a store must be able to do, and nothing more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.core.mapped import Mapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the caller knows that a report does not, and wants resolved exactly."""

    thresholds: Mapping[str, frozenset[float]] = field(default_factory=dict)  # native indicator → base-unit limits
    changed_lines: Mapping[str, frozenset[int]] | None = None  # path in the repository → lines added since the base
    baseline: Sequence[Path] = ()  # reports of the base, for "new against existing"
    unit: str = ""  # the unit of values whose file names none
    link_properties: tuple[str, ...] = (
        "requirement",
        "upheld.criterion",
        "test_key",
    )  # JUnit properties that carry links
    mapped: tuple[Mapped, ...] = ()  # where the project's own indicators stand in files of any form
    max_bytes: int = 64 * 1024 * 1024  # above, a file is refused unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader saw in one file. `evidence` may hold unreadable records, which no verdict passes over."""

    reader: str
    evidence: tuple[Evidence, ...]
    summary: str  # one line for a person: "128 tests, 127 passed, 1 failed"
    reason: str = ""  # why the reader took the file, or why it could not be read
    readable: bool = True


class Reader(Protocol):
    """Turns one file format into evidence."""

    name: str
    title: str  # "JUnit XML test report"
    indicators: Mapping[str, Indicator]  # the native indicators it brings, with help

    def recognise(self, name: str, head: bytes) -> str:
        """Why this file (its name and first 4 KiB) is of this format, or an empty string."""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the whole file. Never raises for bad content: an unreadable file is a Reading that says why."""


class Store(Protocol):
    """The append-only record of what was known."""

    def record(self, kind: str, records: Iterable[Mapping[str, object]]) -> int:
        """Append records (idempotent by content id); give how many were new."""

    def records(self, kind: str) -> Sequence[Mapping[str, object]]:
        """All records of a kind, in the order in which they were first received."""
