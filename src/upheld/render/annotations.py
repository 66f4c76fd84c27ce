"""Annotations at a line of a file: workflow commands of GitHub Actions, Code Quality reports of GitLab.

GitHub shows ten errors, ten warnings and ten notices of one step and drops the rest without a word, so the worst are
written and the number of the others is said. GitLab wants every issue once, told apart by its fingerprint.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

MOST_ANNOTATIONS = 10  # of each level in one step


class Level(Enum):
    """How much an annotation matters; the values are GitHub's."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_GITLAB = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTICE: "info"}
_LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One thing to say at one place."""

    level: Level
    title: str
    message: str
    file: str
    line: int = 1
    column: int = 1


def github(annotations: Sequence[Annotation], *, more: str) -> str:
    """One workflow command per annotation, the worst first; `more` says where the others are found."""
    told: Counter[Level] = Counter()
    lines = []
    for a in sorted(annotations, key=lambda a: _LEVELS.index(a.level)):
        told[a.level] += 1
        if told[a.level] > MOST_ANNOTATIONS:
            continue
        place = f"file={_property(a.file)},line={a.line},col={a.column},title={_property(a.title)}"
        lines.append(f"::{a.level.value} {place}::{_data(a.message)}")
    left = [
        f"{told[level] - MOST_ANNOTATIONS} more {level.value}{'' if told[level] - MOST_ANNOTATIONS == 1 else 's'}"
        for level in Level
        if told[level] > MOST_ANNOTATIONS
    ]
    if left:
        lines.append(f"{', '.join(left)} not annotated here; {more}")
    return "\n".join(lines)


def gitlab(annotations: Sequence[Annotation]) -> list[dict[str, object]]:
    """The issues of a Code Quality report (`artifacts: reports: codequality`), worst first."""
    issues: list[dict[str, object]] = []
    seen: set[str] = set()
    for a in sorted(annotations, key=lambda a: _LEVELS.index(a.level)):
        # The line is left out, so that an issue stays the same one when the text above it grows.
        fingerprint = hashlib.sha256(f"{a.title}\n{a.file}\n{a.message}".encode()).hexdigest()
        if fingerprint in seen:
            continue
        seen.add(fingerprint)
        place = {"path": a.file, "lines": {"begin": a.line}}
        issues.append(
            {
                "description": a.message, "check_name": a.title, "fingerprint": fingerprint,
                "severity": _GITLAB[a.level], "location": place,
            }
        )  # fmt: skip
    return issues


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
