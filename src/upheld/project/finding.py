"""What is wrong in a definition file, where exactly, and what to do about it."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding matters: errors fail `upheld lint`, warnings and advice do not."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault at one place; findings sort by file, line, column and rule."""

    rule: str
    severity: Severity
    file: str  # relative to the project's root, with forward slashes
    line: int  # from 1
    column: int  # from 1, in characters
    message: str
    fix: str  # what to do next
    value: str = ""  # the value as it is written
    excerpt: str = ""  # the line of the file

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        """The sort key; the message is the last resort, so that the order is the same on every run."""
        return self.file, self.line, self.column, self.rule, self.message

    def __lt__(self, other: "Finding") -> bool:
        """Whether this finding is printed before the other one."""
        return self.key < other.key
