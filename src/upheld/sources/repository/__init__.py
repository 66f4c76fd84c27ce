"""The git repository as a source of facts: what was measured, what changed, what is documented, which files exist."""

from upheld.sources.repository.changes import changed_lines
from upheld.sources.repository.facts import NATIVE, facts, files_exist, matches
from upheld.sources.repository.provenance import provenance
from upheld.sources.repository.subject import (
    EXCLUDED,
    Ancestry,
    Subject,
    ancestry,
    is_ancestor,
    resolve,
    subject,
    working_subject,
)

__all__ = [
    "EXCLUDED",
    "NATIVE",
    "Ancestry",
    "Subject",
    "ancestry",
    "changed_lines",
    "facts",
    "files_exist",
    "is_ancestor",
    "matches",
    "provenance",
    "resolve",
    "subject",
    "working_subject",
]
