"""Makes projects of any size: N requirements in three levels, one criterion and two links each.

The same content can be written for the peers: as Doorstop documents and as sphinx-needs pages. `upheld` is a project in
order, as a team has it that runs lint on every commit; `upheld-faulty` is one in which every second requirement has
something that must be said about it.

    python benchmarks/definitions.py 5000 FOLDER [upheld|upheld-faulty|doorstop|sphinx-needs]
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

WORDS = [
    "adviser",
    "client",
    "insight",
    "account",
    "balance",
    "branch",
    "transfer",
    "statement",
    "alert",
    "portfolio",
    "question",
    "answer",
    "screen",
    "report",
    "customer",
    "service",
    "request",
    "payment",
    "limit",
    "product",
    "region",
    "contract",
    "history",
    "document",
    "record",
    "market",
    "price",
    "rate",
]
CUSTOMERS = tuple(f"bank-{number:02}" for number in range(1, 13))
SERVICES = ("insight", "search", "profile", "alerts", "scoring")
LEVELS = (("STK", 0.10), ("SYS", 0.45), ("SOF", 0.45))
# Per percentile the limits in ms that may be promised: a higher percentile never has the tighter one.
LIMITS = {95: (200, 900), 97: (1000, 1400), 99: (1500, 2000)}


@dataclass(frozen=True)
class Item:
    """One requirement, before it is written in anybody's format."""

    id: str
    level: str
    number: int
    title: str
    text: str
    parents: tuple[str, ...]
    sentence: str
    customers: tuple[str, ...]


def items(count: int, *, seed: int = 1, faulty: bool = False) -> Iterator[Item]:
    """`count` requirements: a tenth from the contract, the rest each refining two of the level above.

    `faulty` ones draw their limits without regard to each other, so that many percentiles contradict each other.
    """
    dice = random.Random(seed)
    above: list[str] = []
    written = 0
    for level, share in LEVELS:
        size = round(count * share) if level != LEVELS[-1][0] else count - written
        own: list[str] = []
        for number in range(1, size + 1):
            identity = f"REQ-{level}-{number:05}"
            parents = tuple(dice.sample(above, 2)) if len(above) > 1 else tuple(own[-2:])
            service = dice.choice(SERVICES)
            if dice.random() < 0.6:
                percentile = dice.choice(tuple(LIMITS))
                limit = dice.randint(*((200, 2000) if faulty else LIMITS[percentile]))
                sentence = (
                    f"p{percentile} of {service}.latency < {limit} ms "
                    f"at {dice.randint(2, 40) * 10}/s over 30 d per customer"
                )
            else:
                promised = dice.choice(("99", "99.5", "99.9"))
                sentence = f"{service}.availability >= {promised} % over calendar month per customer"
            own.append(identity)
            yield Item(
                id=identity,
                level=level,
                number=number,
                title=" ".join(dice.choices(WORDS, k=6)).capitalize(),
                text=f"When an adviser opens a {dice.choice(WORDS)}, the {service} service shall show the "
                + " ".join(dice.choices(WORDS, k=20))
                + ".",
                parents=parents,
                sentence=sentence,
                customers=tuple(sorted(dice.sample(CUSTOMERS, 2))),
            )
        above = own
        written += size


def write_upheld(root: Path, count: int, *, faulty: bool = False) -> None:
    """A project of ours: upheld.yaml, customers, indicators, gates, and one Markdown file per requirement."""
    folder = root / "requirements"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "upheld.yaml").write_text(
        "project: Benchmark\n"
        "since: 2026-01-01\n"
        "needs: {must: [build, production]}\n"
        "people:\n  jake: {role: product}\n  lisa: {role: engineering}\n"
        "environments:\n  staging: {stage: build}\n  production: {stage: production, prometheus: $PROMETHEUS_URL}\n"
    )
    (root / "customers.yaml").write_text("".join(f"{name}: {{tier: gold, region: uk}}\n" for name in CUSTOMERS))
    (root / "indicators.yaml").write_text(
        "".join(
            f"{name}.latency:\n  kind: value\n  unit: s\n  build: {{load: POST /{name}}}\n"
            f"  production: {{histogram: 'http_request_duration_seconds{{route=\"/{name}\"}}'}}\n"
            f"{name}.availability:\n  kind: ratio\n  build: {{load: POST /{name}}}\n"
            f"  production: {{good: {name}_good_total, total: {name}_requests_total}}\n"
            for name in SERVICES
        )
    )
    (root / "gates.yaml").write_text("merge:\n  kind: technical\n  stage: build\n  select: {status: approved}\n")
    for item in items(count, faulty=faulty):
        (folder / f"{item.id}.md").write_text(page(item, minutes=10 if faulty else 60))


def write_faulty(root: Path, count: int) -> None:
    """The same with runs that are too short and limits that contradict each other."""
    write_upheld(root, count, faulty=True)


def page(item: Item, *, minutes: int = 60) -> str:
    """One requirement as a file of ours."""
    # Nobody runs for hours to see four nines before a release: such a promise is left to production.
    stages = "    needs: [production]\n" if "99.9" in item.sentence else ""
    links = "".join(f"  - {{refines: {parent}}}\n" for parent in item.parents)
    return (
        f"---\nid: {item.id}\ntitle: {item.title}\nstatus: approved\n"
        "source:\n  document: Master agreement 3.2\n  quote: answers while the client is on the phone\n"
        f"customers: [{', '.join(item.customers)}]\npriority: must\nowners: {{product: jake, engineering: lisa}}\n"
        + (f"links:\n{links}" if links else "")
        + f"criteria:\n  - id: c1\n    that: {item.sentence}\n{stages}"
        f"    build: {{for: {minutes} min, environment: staging, of: ancestor, max-age: 7 d}}\n"
        f"---\n{item.text}\n"
    )


def write_doorstop(root: Path, count: int) -> None:
    """The same as Doorstop documents, one below the other; links carry no fingerprint yet (`doorstop clear all`)."""
    parent = ""
    for level, _ in LEVELS:
        folder = root / level.lower()
        folder.mkdir(parents=True, exist_ok=True)
        parent_line = f"  parent: {parent}\n" if parent else ""
        (folder / ".doorstop.yml").write_text(
            f"settings:\n  digits: 5\n{parent_line}  prefix: {level}\n  sep: '-'\n  itemformat: yaml\n"
        )
        parent = level
    above = {level: LEVELS[index - 1][0] if index else "" for index, (level, _) in enumerate(LEVELS)}
    for item in items(count):
        links = [each.removeprefix("REQ-") for each in item.parents if f"-{above[item.level]}-" in each]
        body = "".join(f"- {each}: null\n" for each in links)
        (root / item.level.lower() / f"{item.level}-{item.number:05}.yml").write_text(
            f"active: true\nderived: false\nheader: |\n  {item.title}\nlevel: '1.{item.number}'\n"
            + (f"links:\n{body}" if body else "links: []\n")
            + f"normative: true\nref: ''\nreviewed: null\ntext: |\n  {item.text}\n  {item.sentence}\n"
        )


def write_sphinx_needs(root: Path, count: int) -> None:
    """The same as sphinx-needs pages of 100 requirements."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "conf.py").write_text(
        "extensions = ['sphinx_needs']\nneeds_id_regex = '^[A-Z0-9_-]+$'\nneeds_build_json = True\n"
    )
    pages: list[list[Item]] = []
    for index, item in enumerate(items(count)):
        if index % 100 == 0:
            pages.append([])
        pages[-1].append(item)
    names = [f"page{index:04}" for index in range(len(pages))]
    (root / "index.rst").write_text("Benchmark\n=========\n\n.. toctree::\n\n" + "".join(f"   {n}\n" for n in names))
    for name, content in zip(names, pages, strict=True):
        text = f"{name}\n{'=' * len(name)}\n\n"
        for item in content:
            links = f"   :links: {', '.join(item.parents)}\n" if item.parents else ""
            text += (
                f".. req:: {item.title}\n   :id: {item.id}\n   :status: approved\n{links}\n"
                f"   {item.text}\n\n   {item.sentence}\n\n"
            )
        (root / f"{name}.rst").write_text(text)


WRITERS = {
    "upheld": write_upheld,
    "upheld-faulty": write_faulty,
    "doorstop": write_doorstop,
    "sphinx-needs": write_sphinx_needs,
}


def fingerprint(count: int) -> str:
    """What identifies the content, so that two measurements can say that they measured the same."""
    return sha256("".join(map(page, items(count))).encode()).hexdigest()[:16]


if __name__ == "__main__":
    number, folder, *kind = sys.argv[1:]
    WRITERS[kind[0] if kind else "upheld"](Path(folder), int(number))
    print(f"{number} requirements, content {fingerprint(int(number))}")
