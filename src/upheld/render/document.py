"""Threads as one HTML file that needs nothing else: no network, no script to be read, a policy that allows nothing more."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from upheld.core import shown
from upheld.core.criterion import Stage
from upheld.core.evidence import Evidence
from upheld.core.thread import Thread
from upheld.core.trial import Step
from upheld.render.board import Row, board, moment, rows
from upheld.render.promise import suspects, view

TRIED = 10  # of them, those for which other numbers are tried: that is some hundred verdicts each
DETAILED = 40  # promises drawn one by one below a board, the worst first; more would make the file slow to open


@cache
def environment() -> Environment:
    """The templates, with everything that is not markup escaped and every unknown name an error."""
    made = Environment(
        loader=PackageLoader("upheld.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    made.globals["stages"] = [stage.shown for stage in Stage]
    made.globals.update(policy="", style="", script="", static="", suspects=suspects)
    return made


@cache
def asset(name: str) -> str:
    """A file of the folder `static`, as text: `upheld.css` or `upheld.js`."""
    return (files("upheld.render") / "static" / name).read_text("utf-8")


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a file: its own style and script, known by their hashes, and nothing else."""
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def report(
    threads: Sequence[Thread],
    evidence: Sequence[Evidence],
    *,
    project: str,
    subject: str,
    at: datetime,
    whole: bool = True,
    steps: Callable[[Thread], Sequence[Step]] = lambda _: (),
    written: int | None = None,
) -> str:
    """The report: the board of all threads with the worst promises one by one, or (not `whole`) the named ones alone.

    `steps` tries other numbers for one promise; `written` is how many criteria the project has, where some cannot be
    judged as written.
    """
    found = rows(threads)
    detailed = found[:DETAILED] if whole else found
    known = {row.address for row in detailed}
    views = [
        view(row.thread, evidence, steps(row.thread) if not whole or i < TRIED else ())
        for i, row in enumerate(detailed)
    ]
    whole_board = board(found) if whole else None
    left_out = [
        f"{len(found) - len(detailed)} promises stand on the board alone; one with everything that carries it: "
        "upheld thread ID --format html" if len(found) > len(detailed) else "",
        f"{written - len(found)} criteria cannot be judged as written and are not shown: upheld lint"
        if written is not None and written > len(found) else "",
    ]  # fmt: skip
    style, script = asset("upheld.css"), asset("upheld.js")
    return environment().get_template("report.html").render(
        project=project, subject=shown.short(subject) if subject else "", time=moment(at), board=whole_board, views=views,
        headline=headline(found), left_out=" ".join(text for text in left_out if text),
        link=lambda address: f"#p-{address}" if address in known else "", keys=_keys(found),
        style=Markup(style), script=Markup(script), policy=policy(style, script),  # noqa: S704  # our own files
    )  # fmt: skip


def headline(found: Sequence[Row]) -> str:
    """What the board shows, in two sentences."""
    customers = {c for row in found for c in row.customers}
    promises = f"{len(found):,} promise{'' if len(found) == 1 else 's'}".replace(",", " ")
    audience = f" to {len(customers)} customer{'' if len(customers) == 1 else 's'}" if customers else ""
    return (
        f"{promises}{audience}. One scale for all of them: how much of the allowed badness is used; the line is the "
        "promise, left of it is kept."
    )


def _keys(found: Sequence[Row]) -> Callable[[Row], Markup]:
    """What the filter compares, as positions in its lists: customers, owners, class."""
    customers = _positions({c for row in found for c in row.customers})
    owners = _positions({o for row in found for o in row.owners})
    types = _positions({row.type for row in found} - {""})

    def keys(row: Row) -> Markup:
        asked = [("c", [customers[c] for c in row.customers]), ("o", [owners[o] for o in row.owners])]
        asked.append(("t", [types[row.type]] if row.type else []))
        everybody = len(row.customers) == len(customers)
        words = [("c", "*") if name == "c" and everybody else (name, " ".join(map(str, at))) for name, at in asked]
        return Markup("").join(Markup(' data-{}="{}"').format(name, value) for name, value in words if value)

    return keys


def _positions(names: set[str]) -> Mapping[str, int]:
    return {name: i for i, name in enumerate(sorted(names))}
