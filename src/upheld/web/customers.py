"""The view of one customer: its promises, verdicts, waivers, what changed since it signed, its approvals. Nothing else.

What is shown is narrowed before anything is judged, whoever looks: a colleague in the house sees what the customer sees.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Held, may, refused, server_of
from upheld.core.gate import SignOffState, Waiver
from upheld.core.scope import Right, Scope
from upheld.core.verdict import State
from upheld.errors import UnknownError
from upheld.render.board import Cell, board
from upheld.render.promise import signature
from upheld.server.product import Shown
from upheld.web.boards import lines
from upheld.web.pages import page

router = APIRouter(prefix="/products/{product}/customers")
Reader = Annotated[Held, Depends(may(Right.READ))]


@router.get("")
async def customers(request: Request, held: Reader) -> Response:
    """The customers whose view may be seen."""
    names = [c for c in sorted(held.product.known.catalogue.customers) if held.scope.covers(c)]
    if len(names) == 1:
        return RedirectResponse(f"/products/{held.product.name}/customers/{names[0]}", 303)
    whole = await run_in_threadpool(held.product.shown, held.scope, now=server_of(request).now())
    counts = {name: {state.value: 0 for state in State} for name in names}
    for thread in whole.threads:
        for name in thread.criterion.customers:
            if name in counts:
                counts[name][thread.state.value] += 1
    return page(request, "customers.html", held, whole, names=names, counts=counts)


@router.get("/{customer}")
async def one(request: Request, held: Reader, customer: str) -> Response:
    """One customer's view."""
    if customer not in held.product.known.catalogue.customers or not held.scope.covers(customer):
        if customer in held.product.known.catalogue.customers:
            refused(request, held.caller, "another customer's view", product=held.product.name)
        raise UnknownError(f'no customer "{customer[:100]}" that you may see')
    now = server_of(request).now()
    scope = Scope(product=held.product.name, customers=frozenset({customer}), inside=False)
    own = await run_in_threadpool(held.product.shown, scope, now=now)
    drawn = board(lines(own))
    base = f"/products/{held.product.name}"
    known = held.product.known.catalogue.customers[customer]
    return page(
        request, "customer.html", held, own, customer=known, board=drawn, keys=None,
        link=lambda address: f"{base}/promises/{address}", waivers=_waivers(own, now), approvals=_approvals(own, customer),
    )  # fmt: skip


def _waivers(own: Shown, now: datetime) -> list[tuple[Waiver, str]]:
    """The waivers of the customer's promises, those in force first."""
    found = [(w, "in force" if w.runs(now) else "ended") for w in own.seen.catalogue.waivers]
    return sorted(found, key=lambda pair: (pair[1] == "ended", pair[0].criterion))


def _approvals(own: Shown, customer: str) -> list[tuple[str, str, Cell, bool]]:
    """Per requirement: id, title, the customer's own approval, and whether the words have changed since."""
    found = []
    for requirement, required in own.seen.agreed.items():
        for r in required:
            if r.role == f"customer:{customer}":
                title = own.seen.catalogue.requirements[requirement].title
                found.append((requirement, title, signature(r), r.state is SignOffState.STALE))
    return found
