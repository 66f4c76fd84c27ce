"""The seven feeds, and where each one's system is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from techflow.feeds import backoffice, branches, cards, crm, ledger, mainframe, payments
from techflow.feeds.contract import Shape, Source, System
from techflow.feeds.embedded import Folder, Log

# The CRM is first: it is the master of clients, and every round reads it before those that refer to it.
SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        crm.SHAPE, ledger.SHAPE, mainframe.SHAPE, backoffice.SHAPE, branches.SHAPE, payments.SHAPE, cards.SHAPE,
    )
}  # fmt: skip
FILES = ("mainframe", "backoffice")  # drops in a folder, whichever way the servers are reached

Opener = Callable[[str], Source]  # position -> source


def systems(home: Path, *, real: bool) -> dict[str, System]:
    """The legacy side of every feed, under `home` or on the real servers."""
    found: dict[str, System] = {name: Folder(home / name) for name in FILES}
    if real:
        from techflow.feeds import servers  # its client libraries are an extra

        return {**found, **servers.systems()}
    return found | {name: Log(home / f"{name}.db") for name in SHAPES if name not in FILES}


def sources(home: Path, *, real: bool, positions: Mapping[str, str]) -> dict[str, Source]:
    """The reading side of every feed, each opened at its stored position; in the order of `SHAPES`."""
    found: dict[str, Source] = {name: Folder(home / name, positions.get(name, "")) for name in FILES}
    if real:
        from techflow.feeds import servers

        found |= servers.sources(positions)
    else:
        found |= {n: Log(home / f"{n}.db", positions.get(n, "")) for n in SHAPES if n not in FILES}
    return {name: found[name] for name in SHAPES}
