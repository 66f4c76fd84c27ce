"""The git repository as a source of facts: what was measured, what changed, what is documented, which files exist."""

from upheld.sources.repository.changes import changed_lines
from upheld.sources.repository.clone import Author, Clone, View, committed
from upheld.sources.repository.difference import LARGEST, Difference, difference, links, links_in
from upheld.sources.repository.extraction import extracted, last_commit
from upheld.sources.repository.facts import NATIVE, brings, compile_pattern, facts, files_exist, matches
from upheld.sources.repository.provenance import provenance
from upheld.sources.repository.subject import (
    EXCLUDED,
    Ancestry,
    Subject,
    ancestors,
    is_ancestor,
    resolve,
    subject,
    untracked,
)

__all__ = [
    "EXCLUDED",
    "LARGEST",
    "NATIVE",
    "Ancestry",
    "Author",
    "Clone",
    "Difference",
    "Subject",
    "View",
    "ancestors",
    "brings",
    "changed_lines",
    "committed",
    "compile_pattern",
    "difference",
    "extracted",
    "facts",
    "files_exist",
    "is_ancestor",
    "last_commit",
    "links",
    "links_in",
    "matches",
    "provenance",
    "resolve",
    "subject",
    "untracked",
]
