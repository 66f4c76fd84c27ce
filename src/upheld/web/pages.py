"""What every page shares: the templates, the frame with its menu, and faults told to a person."""

from dataclasses import dataclass
from functools import cache

from fastapi import Request
from jinja2 import ChoiceLoader, Environment, PackageLoader
from starlette.responses import HTMLResponse

from upheld.api.access import CSRF_FIELD, Held, server_of
from upheld.core import shown
from upheld.core.scope import Right
from upheld.render import document
from upheld.render.board import moment
from upheld.server.product import Shown
from upheld.store.accounts import NOBODY, Caller

HTMX = "vendor/htmx-4.0.1.min.js"


@cache
def environment() -> Environment:
    """The renderer's templates and the pages' own."""
    made = document.environment().overlay(
        loader=ChoiceLoader([PackageLoader("upheld.web"), PackageLoader("upheld.render")])
    )
    made.globals = {
        **document.environment().globals,
        "static": "/static",
        "htmx": f"/static/{HTMX}",
        "csrf_field": CSRF_FIELD,
    }
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu."""

    text: str
    href: str


def menu(held: Held) -> tuple[Entry, ...]:
    """What of a product somebody may look at."""
    base, caller, name = f"/products/{held.product.name}", held.caller, held.product.name
    found = [Entry(text="Threads", href=base)]
    inside = caller.scope(name, Right.INSIDE)
    if inside is not None and inside.whole:
        found += [Entry(text="Gates", href=f"{base}/gates")]
    proposing = caller.scope(name, Right.PROPOSE)
    if proposing is not None and proposing.whole:
        found += [Entry(text="Paste a sentence", href=f"{base}/sentence")]
    found += [Entry(text="Customers", href=f"{base}/customers")]
    return tuple(found)


def page(
    request: Request, template: str, held: Held, shown_: Shown | None = None, *, status: int = 200, **values: object
) -> HTMLResponse:
    """A page of one product."""
    frame: dict[str, object] = {"project": "", "subject": "", "time": "", "commit": ""}
    if shown_ is not None:
        frame = {
            "project": shown_.project, "commit": shown_.commit, "time": moment(shown_.at),
            "subject": f"commit {shown_.commit[:7]}" + (f", {shown.short(shown_.subject)}" if shown_.subject else ""),
        }  # fmt: skip
    values = frame | {
        "menu": menu(held), "caller": held.caller, "product": held.product.name, "path": request.url.path,
        "base": f"/products/{held.product.name}", **values,
    }  # fmt: skip
    return _html(template, status, values)


def plain(template: str, caller: Caller, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page that belongs to no product."""
    frame = {
        "project": "", "subject": "", "time": "", "commit": "", "menu": (), "caller": caller, "product": "", "path": "",
        "base": "",
    }  # fmt: skip
    return _html(template, status, frame | values)


def fragment(template: str, **values: object) -> HTMLResponse:
    """A part of a page."""
    return _html(template, 200, values)


def _html(template: str, status: int, values: dict[str, object]) -> HTMLResponse:
    return HTMLResponse(environment().get_template(template).render(values), status)


def fault(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    """A fault, told to a person: what it was, and where to go from here."""
    caller = getattr(request.state, "caller", NOBODY)
    return plain("fault.html", caller, status=status, title=title, detail=detail)


def name_of(request: Request, product: str) -> str:
    """What a product calls itself, for a list of several."""
    known = server_of(request).products[product]
    return (known.known.catalogue.config.project if known.ready else "") or product
