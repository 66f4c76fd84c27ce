"""The view of one customer: its promises, verdicts, waivers, what changed since it signed, its approvals. Nothing else.

What is shown is narrowed before anything is judged, whoever looks: a colleague in the house sees what the customer sees.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Held, may, refused, server_of
from upheld.core.gate import Required, SignOffState, Waiver
from upheld.core.scope import Right, Scope
from upheld.core.thread import Direction, impact
from upheld.core.verdict import State
from upheld.errors import UnknownError
from upheld.render.board import Cell, board, readable
from upheld.render.promise import signature
from upheld.server.product import Product, Shown
from upheld.web.boards import lines
from upheld.web.pages import page
from upheld.wiring import definitions_then

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
        link=lambda address: f"{base}/promises/{address}", waivers=_waivers(own, now), approvals=await run_in_threadpool(_approvals, held.product, own, customer),
    )  # fmt: skip


def _waivers(own: Shown, now: datetime) -> list[tuple[Waiver, str]]:
    """The waivers of the customer's promises, those in force first."""
    found = [(w, "in force" if w.runs(now) else "ended") for w in own.seen.catalogue.waivers]
    return sorted(found, key=lambda pair: (pair[1] == "ended", pair[0].criterion))


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One requirement as the customer approved it, and what has become of it since."""

    requirement: str
    title: str
    mark: Cell
    since: tuple[str, ...]  # what has changed since the approval, in words


def _approvals(product: Product, own: Shown, customer: str) -> list[Approval]:
    """The customer's own approvals; where the words have changed since, what was promised then and now."""
    kept: list[Approval] | None = own.__dict__.get("_approvals")
    if kept is None:
        kept = []
        for requirement, required in own.seen.agreed.items():
            for r in required:
                if r.role == f"customer:{customer}":
                    title = own.seen.catalogue.requirements[requirement].title
                    since = _since(product, own, requirement, r)
                    kept.append(Approval(requirement=requirement, title=title, mark=signature(r), since=since))
        own.__dict__["_approvals"] = kept
    return kept


def _since(product: Product, own: Shown, requirement: str, approval: Required) -> tuple[str, ...]:
    if approval.state is not SignOffState.STALE or approval.time is None:
        return ()
    then = definitions_then(product.known.workspace, approval.time)
    found = []
    for change in impact(then, product.known.catalogue, (), (), at=own.at) if then is not None else ():
        if change.criterion.rpartition(".")[0] == requirement and change.direction is not Direction.ADDED:
            was, now = readable(change.before), readable(change.after) or "nothing"
            found.append(f"{change.direction.value}: was {was}, is {now}")
    return tuple(found) or ("the words have changed",)
