"""Report: the pack that a design review looks at."""

from collections.abc import Callable, Sequence
from datetime import datetime

from upheld.core.catalogue import Catalogue
from upheld.core.evidence import Evidence
from upheld.core.gate import SignOff
from upheld.core.meeting import Pack
from upheld.core.pack import Briefing, brief, start


def pack_of(
    catalogue: Catalogue,
    evidence: Sequence[Evidence],
    pack: Pack,
    *,
    at: datetime,
    definitions_at: Callable[[datetime], Catalogue | None],
    since: datetime | None = None,
    sign_offs: Sequence[SignOff] = (),
) -> Briefing:
    """The pack since the last joint review of this rhythm (or since a moment that is given).

    `definitions_at` gives the definitions as they were at a moment, or None when that is not known.
    """
    begin, last = (since, "") if since is not None else start(catalogue, pack, at=at)
    return brief(
        catalogue, definitions_at(begin), evidence, pack=pack, since=begin, at=at, last=last, sign_offs=sign_offs
    )
