"""A link leads somewhere, never in a circle, and says when its other end has changed since."""

from collections import Counter
from collections.abc import Iterator

from upheld.core.requirement import Link
from upheld.core.requirement import Status as RequirementStatus
from upheld.project.load import Item
from upheld.project.rules.rule import ERROR, WARNING, Fault, rule
from upheld.project.rules.scope import Scope, nearest

Step = tuple[str, Item, int, Link]  # where a link leads, and where it is written
ORDERED = frozenset({"refines", "depends-on", "supersedes"})  # relations that cannot lead back to their start


@rule(
    "link-dangling",
    ERROR,
    "A link, or an `affects`, names something that is not there.",
    why="What it was meant to protect can change or vanish, and nobody is told.",
    fix="Correct the id, or remove the link.",
    bad="links: [{refines: REQ-ADV-040}]",
    good="links: [{refines: REQ-ADV-004}]",
)
def link_dangling(scope: Scope) -> Iterator[Fault]:
    """The other end is no requirement, criterion, decision, risk, review, assessment, scenario or contract."""
    known = scope.known
    for item, _, i, link in scope.links:
        if link.to not in known and scope.project.decision(link.to) is None:
            yield Fault(
                item=item, path=("links", i, link.relation), value=link.to, message=f"nothing here is called {link.to}",
                fix=nearest(link.to, known, otherwise="correct the id, or remove the link"),
            )  # fmt: skip
    for decision, item in scope.decisions:
        for i, name in enumerate(decision.affects):
            if name not in known and scope.project.decision(name) is None:
                yield Fault(
                    item=item, path=("affects", i), value=name, message=f"nothing here is called {name}",
                    fix=nearest(name, known, otherwise="name a requirement or a criterion"),
                )  # fmt: skip


@rule(
    "path-rule",
    ERROR,
    "A path rule names what is not there, leads out of the project, or says nothing.",
    why="A change of these files would be reviewed against nothing, and look as if it were reviewed.",
    fix="Name requirements or criteria under serves, roles under review, or say under because why there is none.",
    bad="paths: {src/insight/**: REQ-LAT-010}",
    good="paths: {src/insight/**: REQ-LAT-001}",
)
def path_rule(scope: Scope) -> Iterator[Fault]:
    """The rules under `paths` in upheld.yaml."""
    known = {*scope.catalogue.requirements, *scope.addresses}
    for written in scope.catalogue.config.paths:
        path = ("paths", written.pattern)
        if written.pattern.startswith("/") or ".." in written.pattern.split("/"):
            yield Fault(
                item=scope.root, path=path, value=written.pattern, key=True, message=f"{written.pattern} leaves the project",
                fix="write a pattern from its folder, e.g. src/insight/**",
            )  # fmt: skip
        if not (written.serves or written.review or written.because):
            yield Fault(
                item=scope.root, path=path, value=written.pattern, key=True, message="the rule says nothing of these files",
                fix="write serves, review or because",
            )  # fmt: skip
        for i, name in enumerate(written.serves):
            if name not in known:
                yield Fault(
                    item=scope.root, path=(*path, "serves", i), value=name, message=f"nothing here is called {name}",
                    fix=nearest(name, known, otherwise="name a requirement or a criterion"),
                )  # fmt: skip


@rule(
    "link-cycle",
    ERROR,
    "Links lead back to where they started.",
    why="Something that refines itself has no origin; the impact of a change would never end.",
    fix="Remove the link that points the wrong way.",
    bad="REQ-A-1: links: [{refines: REQ-A-2}]\nREQ-A-2: links: [{refines: REQ-A-1}]",
    good="REQ-A-1: links: [{refines: REQ-A-2}]\nREQ-A-2: links: []",
)
def link_cycle(scope: Scope) -> Iterator[Fault]:
    """One finding for each circle, at the link that closes it."""
    ordered = [told for told in scope.links if told[3].relation in ORDERED]
    left = _on_circles([(start, link.to.partition(".")[0]) for _, start, _, link in ordered])  # of an address, its item
    ahead: dict[str, list[Step]] = {}
    for item, start, i, link in ordered if left else ():  # almost always nothing is left
        if start in left:
            ahead.setdefault(start, []).append((link.to.partition(".")[0], item, i, link))
    done: set[str] = set()
    for start in ahead:
        if start not in done:
            yield from _circles(start, ahead, done)


def _on_circles(steps: list[tuple[str, str]]) -> set[str]:
    """Leave out, again and again, what nothing leads to: what is left lies on circles or behind them."""
    ahead: dict[str, list[str]] = {start: [] for start, _ in steps}
    for start, to in steps:
        ahead[start].append(to)
    arrivals = Counter([to for _, to in steps])
    free = [start for start in ahead if start not in arrivals]
    for start in free:  # grows while it is walked
        for to in ahead[start]:
            arrivals[to] -= 1
            if not arrivals[to] and to in ahead:
                free.append(to)
    return ahead.keys() - set(free)


def _circles(start: str, ahead: dict[str, list[Step]], done: set[str]) -> Iterator[Fault]:
    """Walk down from one item without recursion; a step back onto the way walked is a circle."""
    way: dict[str, Iterator[Step]] = {start: iter(ahead[start])}
    while way:
        here = next(reversed(way))
        step = next(way[here], None)
        if step is None:
            del way[here]
            done.add(here)
            continue
        to, item, i, link = step
        if to in way:
            names = list(way)
            circle = [*names[names.index(to) :], to]
            shown = circle if len(circle) <= 6 else [*circle[:3], "…", *circle[-2:]]
            yield Fault(
                item=item, path=("links", i, link.relation), value=link.to,
                message=f"the links lead in a circle: {' → '.join(shown)}", fix="remove the link that points the wrong way",
            )  # fmt: skip
        elif to not in done and to in ahead:
            way[to] = iter(ahead[to])


@rule(
    "link-suspect",
    WARNING,
    "The other end of a link has changed since its writer saw it.",
    why="What was derived from the old words may not follow from the new ones.",
    fix="Read the other end again, then accept it: upheld ack FROM TO --by WHO --why TEXT.",
    bad="links: [{refines: REQ-ADV-004, seen: 3f9a1c2e}]   # REQ-ADV-004 is 77d01b90 now",
    good="links: [{refines: REQ-ADV-004, seen: 77d01b90}]",
)
def link_suspect(scope: Scope) -> Iterator[Fault]:
    """`seen` is not the fingerprint of the other end, or the other end is retired."""
    requirements = scope.catalogue.requirements
    for item, start, i, link in scope.links:
        target = requirements.get(link.to)
        retired = target is not None and target.status is RequirementStatus.RETIRED
        if not link.seen and not retired:
            continue
        now = scope.fingerprint(link.to)
        if not now or (link.seen == now and not retired):
            continue
        if retired and link.relation != "supersedes":
            what = f"{link.to} is retired"
            fix = "link to what replaces it, or remove the link"
        elif link.seen == now or retired:
            continue
        else:
            what = f"{changed(scope, link)} since this link was written"
            fix = f"read it again, then: upheld ack {start} {link.to} --by WHO --why TEXT"
        yield Fault(
            item=item, path=("links", i, "seen" if link.seen and not retired else link.relation),
            value=link.seen if link.seen and not retired else link.to, message=what, fix=fix,
        )  # fmt: skip


def changed(scope: Scope, link: Link) -> str:
    """What of the other end is no longer what the link has seen."""
    if link.to in scope.addresses:
        return f"the promise of {link.to} has changed"
    if link.to in scope.catalogue.requirements:
        return f"the text or a criterion of {link.to} has changed"
    return f"{link.to} has changed"
