"""Assessment files: what they may say, and how the texts become the models of the core.

The head of a file is the same for every kind and is all that lint and the catalogue keep; the model is built when it is
asked, because it may rest on samples that lie beside it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from upheld.core.assessment import Assessment, Model
from upheld.core.availability import Cause, Need, Part, System
from upheld.core.forecast import Task, Work
from upheld.core.network import Arrivals, Background, Cached, Chain, Network, Node, Parallel, Step
from upheld.core.profile import WEIGHTS
from upheld.core.quantity import Dimension, Quantity
from upheld.core.sampling import Sample, Stated, Time, lognormal
from upheld.project.schema import Field, Shape, Type, Typing, suggestion
from upheld.project.text import Document, Place, Tree

# A sample's file (relative to the assessment), and which request of it; gives its durations.
Sampler = Callable[[str, str], Sample]
KINDS = tuple(model.value for model in Model)
_HEAD = {
    "id": Field(type=Type.ID, help="the file's name unless written"),
    "kind": Field(type=Type.CHOICE, choices=KINDS, required=True, help="what is modelled", example="latency"),
    "title": Field(help="what is assessed, in one line"),
    "predicts": Field(
        type=Type.LIST, of=Field(help="an address"), one=True, required=True,
        help="the criteria it predicts", example="[REQ-LAT-001.c1]",
    ),
    "decision": Field(help="the decision whose option it models", example='"0001"'),
    "option": Field(help="that option; the thread shows the chosen one", example="two-tier"),
    "date": Field(type=Type.DATE, help="the day it was written", example="2026-11-22"),
}  # fmt: skip
STATION = Shape(
    name="a station",
    fields={"workers": Field(type=Type.COUNT, help="how many requests it serves at once", example="8")},
)
STEP = Shape(
    name="a step",
    fields={
        "id": Field(type=Type.ID, help="its name", example="score"),
        "at": Field(type=Type.ID, help="the station whose workers do it", example="api"),
        "time": Field(type=Type.ANY, help="how long it takes", example="{sample: steps.csv, request: score}"),
        "cached": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="cached",
                fields={
                    "hit": Field(type=Type.QUANTITY, required=True, help="the share of hits", example="80 %"),
                    "time": Field(type=Type.ANY, required=True, help="how long a hit takes", example="1 ms"),
                },
            ),
            help="answered from a cache first; only misses go further",
            example="{hit: 80 %, time: 1 ms}",
        ),
        "parallel": Field(type=Type.ANY, help="steps, or lists of steps, that start together"),
        "steps": Field(type=Type.ANY, help="steps that follow each other"),
        "background": Field(type=Type.BOOLEAN, help="whether nobody waits for it", example="true"),
        "fails": Field(type=Type.QUANTITY, help="the share of attempts that fail", example="0.1 %"),
        "timeout": Field(type=Type.DURATION, help="how long the caller waits for one attempt", example="500 ms"),
        "retries": Field(type=Type.COUNT, help="how often a failed or timed-out attempt is made again", example="1"),
    },
)
LATENCY = Shape(
    name="a latency assessment",
    fields={
        **_HEAD,
        "arrivals": Field(
            type=Type.ANY, help="requests a second (the criterion's load unless written), or batches",
            example="200/s, or {batch: 1000, every: 5 min}",
        ),
        "process": Field(
            type=Type.CHOICE, choices=("poisson", "regular"), help="how requests come: at random or evenly",
            example="poisson",
        ),
        "measures": Field(
            type=Type.CHOICE, choices=("request", "batch"), help="what is timed: a request, or a whole batch",
            example="request",
        ),
        "for": Field(type=Type.DURATION, help="how long the later run lasts", example="10 min"),
        "residual": Field(
            type=Type.QUANTITY, help="by how much such models have missed before (one standard deviation)",
            example="10 %",
        ),
        "stations": Field(
            type=Type.TABLE, of=Field(type=Type.MAPPING, shape=STATION, short="workers", help="a station"),
            help="who works, and how many", example="{api: {workers: 8}}",
        ),
        "steps": Field(type=Type.ANY, required=True, help="what happens to a request, in order"),
    },
)  # fmt: skip
PART = Shape(
    name="a part",
    fields={
        "available": Field(type=Type.QUANTITY, help="the share of time it is up", example="99.5 %"),
        "repair": Field(type=Type.DURATION, help="how long an outage lasts on average", example="30 min"),
        "last-known-good": Field(
            type=Type.DURATION, help="for how long its old data will do", example="60 min"
        ),
        "outages": Field(type=Type.COUNT, help="how many were seen; makes it a measurement", example="12"),
        "over": Field(type=Type.DURATION, help="how long was watched for those outages", example="90 d"),
    },
)  # fmt: skip
CAUSE = Shape(
    name="a common cause",
    fields={
        "parts": Field(
            type=Type.LIST, of=Field(type=Type.ID, help="a part"), required=True,
            help="the parts that it takes down at once", example="[source-1, source-2]",
        ),
        "available": Field(type=Type.QUANTITY, required=True, help="the share of time it is up", example="99.99 %"),
        "repair": Field(type=Type.DURATION, required=True, help="how long it lasts on average", example="2 h"),
    },
)  # fmt: skip
AVAILABILITY = Shape(
    name="an availability assessment",
    fields={
        **_HEAD,
        "each": Field(type=Type.MAPPING, shape=PART, help="what holds for every part that does not say otherwise"),
        "parts": Field(
            type=Type.TABLE, of=Field(type=Type.MAPPING, shape=PART, help="a part"), required=True,
            help="what can fail", example="{source-1: {available: 99.5 %, repair: 30 min}}",
        ),
        "needs": Field(
            type=Type.ANY, help="what of them is needed (all unless written): {all: […]}, {any: […]}, {at-least: 2, of: […]}",
            example="{all: [source-1, {any: [a, b]}]}",
        ),
        "common-causes": Field(
            type=Type.TABLE, of=Field(type=Type.MAPPING, shape=CAUSE, help="a common cause"),
            help="what takes several parts down at once",
        ),
    },
)  # fmt: skip
TASK = Shape(
    name="a task",
    fields={
        "id": Field(type=Type.ID, required=True, help="its name"),
        **{
            name: Field(type=Type.DURATION, required=True, help=f"the {name} case, in working time (1 d is a day)", example="2 d")
            for name in ("best", "likely", "worst")
        },
    },
)  # fmt: skip
ESTIMATE = Shape(
    name="an estimate",
    fields={
        **_HEAD,
        "start": Field(type=Type.DATE, help="the day the work starts (the day of the prediction unless written)", example="2026-12-01"),
        "items": Field(type=Type.COUNT, help="how many items are left", example="60"),
        "history": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="a history",
                fields={
                    "git": Field(help="a folder in a git repository: its commits are the items", example="."),
                    "csv": Field(help="a table with a column of days on which items were finished", example="issues.csv"),
                },
            ),
            help="where the pace comes from: git, or an export of the tracker", example="{git: .}",
        ),
        "tasks": Field(
            type=Type.LIST, of=Field(type=Type.MAPPING, shape=TASK, help="a task"), unique="id",
            help="three guesses a task, where there is no history", example="[{id: a, best: 1 d, likely: 2 d, worst: 6 d}]",
        ),
        "people": Field(type=Type.COUNT, help="who work on the tasks at once", example="2"),
        "days-per-week": Field(type=Type.COUNT, help="working days a week", example="5"),
        "growth": Field(
            type=Type.LIST, of=Field(type=Type.QUANTITY, help="a share"), one=True,
            help="by how much the work grows while it is done: from, to", example="[10 %, 40 %]",
        ),
    },
)  # fmt: skip
EXTRACT = Shape(
    name="a source",
    fields={
        "file": Field(required=True, help="an extract of it: CSV, Parquet or JSON lines, beside the assessment", example="crm.csv"),
        "key": Field(
            type=Type.LIST, of=Field(help="a column"), one=True, help="the columns that tell rows apart", example="[client]"
        ),
        "time": Field(help="the column that says when a row is from", example="updated_at"),
        "late": Field(type=Type.DURATION, help="how much older a row may be than one before it", example="1 d"),
    },
)  # fmt: skip
INTEGRATION = Shape(
    name="an integration assessment",
    fields={
        **_HEAD,
        "sources": Field(
            type=Type.TABLE, of=Field(type=Type.MAPPING, shape=EXTRACT, short="file", help="a source"), required=True,
            help="whose extracts are profiled", example="{crm: {file: crm.csv, key: [client]}}",
        ),
        "weights": Field(
            type=Type.MAPPING,
            shape=Shape(
                name="weights",
                fields={
                    name: Field(help=f"what one per cent of {name} costs beside the others", example="2")
                    if name not in ("encoding", "changes")
                    else Field(help=f"what {name} cost", example="10")
                    for name in WEIGHTS
                },
            ),
            help="what drives the cost of a source", example="{nulls: 1, conflicts: 3}",
        ),
    },
)  # fmt: skip
SHAPES: Mapping[str, Shape] = {
    "latency": LATENCY, "availability": AVAILABILITY, "estimate": ESTIMATE, "integration": INTEGRATION,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyModel:
    """A design whose answers take time."""

    network: Network  # a rate of 0: the criterion's load
    batch: bool = False
    seconds: float | None = None  # of the later run
    residual: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateModel:
    """Work that is left, and where its pace is found."""

    work: Work
    start: dt.date | None = None
    git: str = ""
    csv: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One extract as it is written."""

    file: str
    key: tuple[str, ...] = ()
    time: str = ""
    late: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationModel:
    """Extracts of real sources, and what drives the cost of joining them."""

    sources: Mapping[str, Source]
    weights: Mapping[str, float]


def unseen(file: str, request: str) -> Sample:
    """What stands for a sample that is not looked into: lint checks what is written, not what it leads to."""
    del file, request
    return Sample((1.0,))


def decode(document: Document, typing: Typing, *, file: str, sampler: Sampler) -> "tuple[Assessment | None, object]":
    """The head and the model of one file; faults go to `typing`, and with any of them the model is not to be used."""
    tree: Mapping[str, Tree] = document.tree if isinstance(document.tree, dict) else {}
    kind = tree.get("kind")
    shape = SHAPES.get(kind if isinstance(kind, str) else "")
    if shape is None:
        typing.mapping(
            Shape(name="an assessment", fields=_HEAD, others=Field(type=Type.ANY, help="")), document.tree, ()
        )
        return None, None
    typed: Mapping[str, Any] = typing.mapping(shape, document.tree, ())
    stem = file.rpartition("/")[2].partition(".")[0]
    head = Assessment(
        id=typed.get("id") or stem, kind=Model(kind), title=typed.get("title", ""),
        predicts=typed.get("predicts", ()), decision=typed.get("decision", ""), option=typed.get("option", ""),
        date=typed.get("date"), file=file,
    )  # fmt: skip
    return head, _MODELS[head.kind](_Reading(typing, sampler), typed)


def changed(tree: Tree, setting: str) -> tuple[Tree, str]:
    """The tree with one value changed, `NAME=VALUE` or `PATH.NAME=VALUE`, and why it could not be (or empty).

    A name that stands at one place only needs no path; entries of lists are found by their `id`.
    """
    name, equals, value = setting.partition("=")
    if not equals or not name or not value:
        return tree, f'"{setting}" changes nothing; write e.g. workers=84'
    path = name.split(".")
    found = list(_places(tree, path, ()))
    if not found:
        known = sorted({".".join(_named(tree, place)) for place in _leaves(tree, ())})
        return tree, f'nothing is called "{name}"; there is {", ".join(known[:12])}'
    if len(found) > 1:
        ways = ", ".join(".".join(_named(tree, place)) for place in found)
        return tree, f'"{name}" stands at {len(found)} places; say which: {ways}'
    return _set(tree, found[0], value), ""


def _leaves(tree: Tree, place: Place) -> "list[Place]":
    inner: list[tuple[str | int, Tree]] = []
    if isinstance(tree, dict):
        inner = list(tree.items())
    elif isinstance(tree, list):
        inner = list(enumerate(tree))
    if not inner:
        return [place]
    return [leaf for step, below in inner for leaf in _leaves(below, (*place, step))]


def _named(tree: Tree, place: Place) -> list[str]:
    """A place as a person names it: an entry of a list by its id."""
    names = []
    for step in place:
        tree = _inside(tree, step)
        name = tree.get("id") if isinstance(tree, dict) and isinstance(step, int) else None
        names.append(name if isinstance(name, str) else str(step))
    return names


def _inside(tree: Tree, step: str | int) -> Tree:
    if isinstance(tree, dict) and isinstance(step, str):
        return tree.get(step)
    return tree[step] if isinstance(tree, list) and isinstance(step, int) else None


def _places(tree: Tree, path: list[str], place: Place) -> "list[Place]":
    return [leaf for leaf in _leaves(tree, place) if _ends(_named(tree, leaf), path)]


def _ends(names: list[str], path: list[str]) -> bool:
    """Whether the last names are those of the path, which may leave some out."""
    if names[-1:] != path[-1:]:
        return False
    rest = iter(names[:-1])
    return all(step in rest for step in path[:-1])


def _set(tree: Tree, place: Place, value: str) -> Tree:
    if not place:
        return value
    first, rest = place[0], place[1:]
    if isinstance(tree, dict) and isinstance(first, str):
        return {**tree, first: _set(tree[first], rest, value)}
    if isinstance(tree, list) and isinstance(first, int):
        return [*tree[:first], _set(tree[first], rest, value), *tree[first + 1 :]]
    return tree


# ── Latency ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Reading:
    """The parts of a model that a table of fields cannot type: distributions and graphs of steps."""

    def __init__(self, typing: Typing, sampler: Sampler) -> None:
        self.typing, self.sampler = typing, sampler
        self.ids: dict[str, Place] = {}
        self.stations: dict[str, int | None] = {}

    def share(self, typed: Mapping[str, Any], name: str, place: Place, default: float = 0.0) -> float:
        """A share between 0 and 1 that a field holds as per cent."""
        quantity: Quantity | None = typed.get(name)
        if quantity is None:
            return default
        if quantity.unit.dimension is not Dimension.SHARE or not 0 <= quantity.base <= 1:
            self.typing.fault(
                "range", (*place, name), f"{quantity} is no share", "write e.g. 80 %", value=str(quantity)
            )
            return default
        return float(quantity)

    def time(self, tree: Tree, place: Place) -> Time:
        """A duration, or how durations are distributed."""
        if isinstance(tree, str):
            return Stated(shape="constant", numbers=(self.seconds(tree, place),))
        if not isinstance(tree, dict):
            self.fault(place, "how long it takes is not said", "write e.g. 20 ms, or {sample: steps.csv}")
            return NOTHING
        known = [name for name in tree if name in _DISTRIBUTIONS]
        odd = next((name for name in tree if name not in (*_DISTRIBUTIONS, "request", "give-or-take")), "")
        if odd[:1] == "p" and odd[1:].replace(".", "").isdigit():
            self.typing.fault(
                "percentile-without-sample", (*place, odd), f"a {odd} alone says nothing about the other requests",
                "give the sample it comes from, {sample: FILE}, or {lognormal: {p50: …, p95: …}}", value=odd, key=True,
            )  # fmt: skip
            return NOTHING
        if odd or len(known) != 1:
            self.typing.fault(
                "value-choice", (*place, odd) if odd else place, f'"{odd}" is no distribution' if odd else "one distribution is needed",
                f"write one of: {', '.join(_DISTRIBUTIONS)}", value=odd, key=bool(odd),
            )  # fmt: skip
            return NOTHING
        name = known[0]
        doubt = self.doubt(tree.get("give-or-take"), (*place, "give-or-take"))
        return self.distribution(name, tree, (*place, name), doubt)

    def distribution(self, name: str, tree: Mapping[str, Tree], place: Place, doubt: float) -> Time:
        value = tree[name]
        if name == "sample":
            request = tree.get("request")
            if not isinstance(value, str) or not (request is None or isinstance(request, str)):
                self.fault(place, "a sample is a file", "write {sample: steps.csv, request: score}")
                return NOTHING
            try:
                return self.sampler(value, request or "")
            except LookupError as error:
                self.typing.fault(
                    "sample-unreadable",
                    place,
                    str(error.args[0]),
                    "give a file that upheld evidence reads",
                    value=value,
                )
                return NOTHING
        if name == "lognormal":
            if not isinstance(value, dict) or set(value) != {"p50", "p95"}:
                self.fault(
                    place, "a lognormal distribution needs its p50 and its p95", "write {p50: 20 ms, p95: 60 ms}"
                )
                return NOTHING
            low, high = (self.seconds(value[key], (*place, key)) for key in ("p50", "p95"))
            if not 0 < low < high:
                self.fault(place, "its p50 is not below its p95", "write {p50: 20 ms, p95: 60 ms}")
                return NOTHING
            return lognormal(low, high, doubt=doubt)
        texts = value if isinstance(value, list) else [value]
        wanted = {"uniform": 2, "triangular": 3, "exponential": 1, "constant": 1}[name]
        numbers = tuple(
            self.seconds(text, (*place, i) if isinstance(value, list) else place) for i, text in enumerate(texts)
        )
        if len(numbers) != wanted or list(numbers) != sorted(numbers):
            self.fault(place, f"{name} takes {wanted} ascending durations", "write e.g. {uniform: [15 s, 20 s]}")
            return NOTHING
        return Stated(shape=name, numbers=numbers, doubt=doubt)

    def doubt(self, tree: Tree, place: Place) -> float:
        if tree is None:
            return 0.0
        known = self.typing.value(Field(type=Type.MARGIN, help="how far it may be off", example="20 %"), tree, place)
        return float(known) if isinstance(known, Quantity) else 0.0

    def seconds(self, tree: Tree, place: Place) -> float:
        """A duration; nothing may take no time at all."""
        found = self.typing.value(Field(type=Type.QUANTITY, help="a duration", example="20 ms"), tree, place)
        if not isinstance(found, Quantity):
            return 1.0
        if found.unit.dimension is not Dimension.TIME or found.number < 0:
            self.typing.fault("duration", place, f'"{found}" is not a duration', "write e.g. 20 ms", value=str(found))
            return 1.0
        return float(found)

    def fault(self, place: Place, message: str, fix: str) -> None:
        self.typing.fault("value-shape", place, message, fix)

    def chain(self, tree: Tree, place: Place) -> Node:
        """Steps in order: a list of them, or one."""
        if isinstance(tree, list) and tree:
            nodes = tuple(self.node(entry, (*place, i)) for i, entry in enumerate(tree))
            return nodes[0] if len(nodes) == 1 else Chain(nodes)
        return self.node(tree, place)

    def node(self, tree: Tree, place: Place) -> Node:
        """One entry of a list of steps."""
        if not isinstance(tree, dict):
            self.fault(place, "a step is a mapping", "write {id: score, at: api, time: 20 ms}")
            return Chain(())
        typed = self.typing.mapping(STEP, tree, place)
        if "parallel" in tree:
            branches = tree["parallel"]
            if not isinstance(branches, list) or len(branches) < 2:
                self.fault((*place, "parallel"), "parallel work has at least two branches", "write [{…}, {…}]")
                return Chain(())
            node: Node = Parallel(tuple(self.chain(b, (*place, "parallel", i)) for i, b in enumerate(branches)))
        elif "steps" in tree:
            node = self.chain(tree["steps"], (*place, "steps"))
        else:
            node = self.step(tree, typed, place)
        cached = typed.get("cached")
        if cached:
            inside = tree.get("cached")
            time = self.time(inside.get("time") if isinstance(inside, dict) else None, (*place, "cached", "time"))
            name = f"{typed.get('id') or 'cache'}-hit"
            node = Cached(id=name, hit=self.share(cached, "hit", (*place, "cached")), time=time, miss=node)
        return Background(node) if typed.get("background") else node

    def step(self, tree: Mapping[str, Tree], typed: Mapping[str, Any], place: Place) -> Node:
        name = typed.get("id", "")
        if not name:
            self.typing.fault("missing-field", place, 'a step needs "id"', "write id: score", value="id")
        elif name in self.ids:
            self.typing.fault("duplicate-id", (*place, "id"), f'"{name}" stands twice', "give each its own", value=name)
        self.ids[name] = place
        station = typed.get("at", "")
        if station and station not in self.stations:
            self.typing.fault(
                "station-unknown", (*place, "at"), f'there is no station "{station}"',
                f"add it to stations: {{{station}: {{workers: 8}}}}, or leave out at: where nobody waits in line", value=station,
            )  # fmt: skip
        return Step(
            id=name, time=self.time(tree.get("time"), (*place, "time")), station=station,
            fails=self.share(typed, "fails", place), timeout=typed.get("timeout"), retries=typed.get("retries", 0),
        )  # fmt: skip

    def arrivals(self, typed: Mapping[str, Any]) -> Arrivals:
        tree = typed.get("arrivals")
        regular = typed.get("process") == "regular"
        if tree is None:
            return Arrivals(rate=0.0, regular=regular)
        if isinstance(tree, dict):
            shape = Shape(
                name="batches",
                fields={
                    "batch": Field(type=Type.COUNT, required=True, help="requests of one batch", example="1000"),
                    "every": Field(type=Type.DURATION, required=True, help="time between batches", example="5 min"),
                },
            )
            batches = self.typing.mapping(shape, tree, ("arrivals",))
            size, every = batches.get("batch") or 1, batches.get("every") or 1.0
            return Arrivals(rate=size / every, batch=size, every=every)
        load = self.typing.value(Field(type=Type.LOAD, help="a rate", example="200/s"), tree, ("arrivals",))
        return Arrivals(rate=float(load) if isinstance(load, Quantity) else 0.0, regular=regular)


NOTHING = Stated(shape="constant", numbers=(0.0,))  # where a fault was told already
_DISTRIBUTIONS = ("sample", "constant", "uniform", "triangular", "exponential", "lognormal")


def _latency(reading: _Reading, typed: Mapping[str, Any]) -> LatencyModel:
    for name, station in typed.get("stations", {}).items():
        reading.stations[name] = station.get("workers")
        if station.get("workers") == 0:
            reading.typing.fault("range", ("stations", name, "workers"), "nobody works there", "write at least 1")
    root = reading.chain(typed.get("steps"), ("steps",))
    residual = typed.get("residual")
    arrivals = reading.arrivals(typed)
    if typed.get("measures") == "batch" and not arrivals.batch:
        reading.fault(("measures",), "there is no batch to measure", "write arrivals: {batch: 1000, every: 5 min}")
    return LatencyModel(
        network=Network(stations=dict(reading.stations), root=root, arrivals=arrivals),
        batch=typed.get("measures") == "batch", seconds=typed.get("for"),
        residual=None if residual is None else reading.share(typed, "residual", ()),
    )  # fmt: skip


# ── Availability ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _availability(reading: _Reading, typed: Mapping[str, Any]) -> System:
    each = typed.get("each", {})
    parts = {name: _part(reading, {**each, **part}, ("parts", name)) for name, part in typed.get("parts", {}).items()}
    written = typed.get("needs")
    needs = Need(len(parts), tuple(parts)) if written is None else _need(reading, written, ("needs",), parts)
    causes = {}
    for name, cause in typed.get("common-causes", {}).items():
        place = ("common-causes", name)
        for part in cause.get("parts", ()):
            _known(reading, part, (*place, "parts"), parts)
        available = _up(reading, cause, place)
        causes[name] = Cause(parts=cause.get("parts", ()), available=available, repair=cause.get("repair", 1.0))
    return System(parts=parts, needs=needs, causes=causes)


def _up(reading: _Reading, typed: Mapping[str, Any], place: Place) -> float:
    share = reading.share(typed, "available", place, default=1.0)
    if share == 0:
        reading.typing.fault(
            "range", (*place, "available"), "what is never up needs no assessment", "write e.g. 99.5 %"
        )
        return 1.0
    return share


def _part(reading: _Reading, typed: Mapping[str, Any], place: Place) -> Part:
    repair = typed.get("repair")
    outages, over = typed.get("outages", 0), typed.get("over")
    if repair is None:
        reading.typing.fault(
            "missing-field", place, "how long an outage lasts is not said", "write repair: 30 min, here or under each:"
        )
        repair = 1.0
    if outages and over:
        if "available" in typed:
            reading.fault(place, "both available and outages are written", "keep one of them")
        if outages * repair >= over:
            reading.fault(place, "the outages last longer than was watched", "correct outages, repair or over")
            return Part(available=1.0, repair=repair)
        return Part(
            available=1 - outages * repair / over,
            repair=repair,
            held=typed.get("last-known-good", 0.0),
            outages=outages,
        )
    if "available" not in typed:
        reading.typing.fault(
            "missing-field", place, "how often it is up is not said",
            "write available: 99.5 %, or outages: 12 and over: 90 d, here or under each:",
        )  # fmt: skip
    return Part(available=_up(reading, typed, place), repair=repair, held=typed.get("last-known-good", 0.0))


def _need(reading: _Reading, tree: Tree, place: Place, parts: Mapping[str, Part]) -> Need:
    """`{all: […]}`, `{any: […]}` or `{at-least: 2, of: […]}`, of parts or of such needs; a cycle cannot be written."""
    if isinstance(tree, str):
        _known(reading, tree, place, parts)
        return Need(1, (tree,))
    keys = set(tree) if isinstance(tree, dict) else set()
    name = "of" if keys == {"at-least", "of"} else next(iter(keys), "") if len(keys) == 1 else ""
    inner = tree.get(name) if isinstance(tree, dict) else None
    if name not in ("all", "any", "of") or not isinstance(inner, list) or not inner:
        reading.fault(place, "what is needed is not said", "write {all: […]}, {any: […]} or {at-least: 2, of: […]}")
        return Need(0, ())
    of: list[Need | str] = []
    for i, entry in enumerate(inner):
        at = (*place, name, i)
        if isinstance(entry, str):
            _known(reading, entry, at, parts)
            of.append(entry)
        else:
            of.append(_need(reading, entry, at, parts))
    count = {"all": len(of), "any": 1}.get(name, 0)
    if name == "of" and isinstance(tree, dict):
        known = reading.typing.value(
            Field(type=Type.COUNT, help="how many", example="2"), tree["at-least"], (*place, "at-least")
        )
        count = known if isinstance(known, int) else 1
        if not 1 <= count <= len(of):
            reading.typing.fault(
                "range", (*place, "at-least"), f"{count} of {len(of)} cannot be", f"write 1 to {len(of)}"
            )
    return Need(count, tuple(of))


def _known(reading: _Reading, name: str, place: Place, parts: Mapping[str, Part]) -> None:
    if name not in parts:
        reading.typing.fault(
            "part-unknown",
            place,
            f'there is no part "{name}"',
            suggestion(name, tuple(parts)) or "add it to parts:",
            value=name,
        )


# ── Estimates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _estimate(reading: _Reading, typed: Mapping[str, Any]) -> EstimateModel:
    tasks = []
    for i, task in enumerate(typed.get("tasks", ())):
        days = [task.get(name, 86400.0) / 86400.0 for name in ("best", "likely", "worst")]
        if days != sorted(days):
            reading.typing.fault(
                "range", ("tasks", i), "best, likely and worst do not ascend", "write e.g. 1 d, 2 d, 6 d"
            )
        tasks.append(Task(*sorted(days)))
    history = typed.get("history", {})
    if bool(tasks) == bool(history):
        reading.typing.fault(
            "missing-field", (), "an estimate rests on a history or on tasks" + (", not on both" if tasks else ""),
            "write history: {git: .} and items: 60; or tasks: with three guesses each",
        )  # fmt: skip
    elif history and (not typed.get("items") or len(history) != 1):
        reading.typing.fault(
            "missing-field", (), "how many items are left is not said", "write items: 60 beside history:"
        )
    growth = [reading.share({"growth": q}, "growth", ()) for q in typed.get("growth", ())]
    if len(growth) > 2 or growth != sorted(growth):
        reading.typing.fault("range", ("growth",), "growth is a share, or two in order", "write e.g. [10 %, 40 %]")
        growth = []
    for name in ("people", "days-per-week"):
        if typed.get(name) == 0:
            reading.typing.fault("range", (name,), "nobody works", "write at least 1")
    return EstimateModel(
        work=Work(
            items=typed.get("items", 0), tasks=tuple(tasks), people=typed.get("people", 1) or 1,
            days=float(typed.get("days-per-week", 5) or 5), growth=(growth[0], growth[-1]) if growth else (0.0, 0.0),
        ),
        start=typed.get("start"), git=history.get("git", ""), csv=history.get("csv", ""),
    )  # fmt: skip


# ── Integration ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _integration(reading: _Reading, typed: Mapping[str, Any]) -> IntegrationModel:
    weights = {}
    for name, text in typed.get("weights", {}).items():
        try:
            weights[name] = float(text)
        except ValueError:
            reading.typing.fault("value-count", ("weights", name), f'"{text}" is no number', "write e.g. 2", value=text)
    sources = {
        name: Source(
            file=source.get("file", ""),
            key=source.get("key", ()),
            time=source.get("time", ""),
            late=source.get("late", 0.0),
        )
        for name, source in typed.get("sources", {}).items()
    }
    return IntegrationModel(sources=sources, weights=weights)


_MODELS: Mapping[Model, Callable[[_Reading, Mapping[str, Any]], object]] = {
    Model.LATENCY: _latency, Model.AVAILABILITY: _availability, Model.ESTIMATE: _estimate,
    Model.INTEGRATION: _integration,
}  # fmt: skip
