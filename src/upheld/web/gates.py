"""The gates of a product: the verdict of each, what it rests on, its waivers, and the place to sign."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Held, may, server_of
from upheld.core import shown
from upheld.core.criterion import Criterion
from upheld.core.gate import Line, Result
from upheld.core.scale import used
from upheld.core.scope import Right
from upheld.core.verdict import State
from upheld.errors import UnknownError
from upheld.render.board import Cell, readable
from upheld.render.drawing import CLASSES, mark
from upheld.render.promise import signature
from upheld.server import acts
from upheld.stages.check import criteria_of
from upheld.web.pages import page
from upheld.web.promises import MEANING

router = APIRouter(prefix="/products/{product}/gates")
Insider = Annotated[Held, Depends(may(Right.INSIDE, whole=True))]
_ORDER = {State.NOT_MET: 0, State.INCONCLUSIVE: 1, State.MET: 2}


@router.get("")
async def gates(request: Request, held: Insider) -> Response:
    """Every gate with its verdict."""
    now = server_of(request).now()
    known = held.product.known
    found = await run_in_threadpool(
        lambda: [held.product.check(gate, at=now) for gate in known.catalogue.gates.values()]
    )
    whole = held.product.shown(held.scope, now=now)
    return page(request, "gates.html", held, whole, gates=[(result, _state(result)) for result in found])


@router.get("/{gate}")
async def gate(request: Request, held: Insider, gate: str, signed: str = "") -> Response:
    """One gate."""
    now = server_of(request).now()
    catalogue = held.product.known.catalogue
    if gate not in catalogue.gates:
        raise UnknownError(f'no gate "{gate[:100]}"')
    asked = catalogue.gates[gate]
    result = await run_in_threadpool(held.product.check, asked, at=now)
    criteria = criteria_of(catalogue, asked)
    lines = sorted(result.lines, key=lambda line: _ORDER[line.verdict.state])
    open_roles = {s.role for s in result.sign_offs if s.state.value != "signed"}
    mine = held.caller.roles(held.product.name) if held.caller.person else ()
    base = f"/products/{held.product.name}"
    return page(
        request, "gate.html", held, held.product.shown(held.scope, now=now), result=result, state=_state(result),
        lines=[(line, _cell(line, criteria[line.criterion]), readable(line.sentence)) for line in lines],
        sign_offs=[(s.role, signature(s)) for s in result.sign_offs], back=f"{base}/gates/{gate}", signed=signed,
        item=f"gate.{gate}", seen=acts.content_of_item(held.product, f"gate.{gate}"), meaning=MEANING,
        roles=tuple(role for role in mine if role in open_roles), subject_short=shown.short(result.subject) if result.subject else "",
        requests=[r for r in await run_in_threadpool(acts.waiver_requests, server_of(request), held.product)
                  if r["gate"] in ("", gate)],
    )  # fmt: skip


def _state(result: Result) -> Cell:
    text = f"{shown.SHAPES[result.state]} {result.state.value}" + ("" if result.enforced else ", not enforced yet")
    return Cell(look=CLASSES[result.state], text=text, state=result.state)


def _cell(line: Line, criterion: Criterion) -> Cell:
    verdict = line.verdict
    number = shown.value(criterion, verdict) or verdict.state.value
    text = shown.why_short(verdict) if verdict.state is State.INCONCLUSIVE else number
    return Cell(
        look=CLASSES[verdict.state], text=f"{shown.SHAPES[verdict.state]} {text}", state=verdict.state,
        drawing=mark(verdict.state, used(criterion, verdict)),
    )  # fmt: skip
