"""One promise: what is drawn of it, other numbers to try, and the place to sign."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Held, may, refused, server_of
from upheld.api.threads import shown_to
from upheld.core.scope import Right
from upheld.core.thread import Thread
from upheld.core.trial import Step, trial
from upheld.errors import RefusedError, UnknownError
from upheld.render.promise import view
from upheld.server import acts
from upheld.server.product import Shown
from upheld.web.pages import page

router = APIRouter(prefix="/products/{product}")
Reader = Annotated[Held, Depends(may(Right.READ))]
Signer = Annotated[Held, Depends(may(Right.SIGN))]
MEANING = "I have read it and agree."


@router.get("/promises/{criterion}")
async def promise(request: Request, held: Reader, criterion: str, signed: str = "") -> Response:
    """The page of one promise."""
    shown = await shown_to(request, held)
    thread = shown.thread(criterion)
    if thread is None:
        if criterion in held.product.known.catalogue.criteria:
            refused(request, held.caller, "another customer's promise", product=held.product.name)
        raise UnknownError(f'no criterion "{criterion[:100]}"')
    steps = await run_in_threadpool(_steps, held, shown, thread)
    # Names of files and runs may name somebody: provenance is for the house.
    evidence = shown.seen.evidence if held.scope.inside else ()
    return page(
        request, "one.html", held, shown, v=view(thread, evidence, steps), roles=signing_as(held, thread),
        item=thread.criterion.requirement, seen=acts.content_of_item(held.product, thread.criterion.requirement),
        back=f"/products/{held.product.name}/promises/{criterion}", signed=signed, meaning=MEANING,
    )  # fmt: skip


def signing_as(held: Held, thread: Thread) -> tuple[str, ...]:
    """The roles in which the caller may sign this promise and has not done so yet."""
    scope = held.caller.scope(held.product.name, Right.SIGN)
    if scope is None or not held.caller.person:
        return ()
    open_roles = {r.role for r in thread.agreed if r.state.value != "signed"}
    return tuple(role for role in held.caller.roles(held.product.name) if role in open_roles)


def _steps(held: Held, shown: Shown, thread: Thread) -> tuple[Step, ...]:
    """Other numbers for one promise, tried once for what is shown and kept with it."""
    kept: dict[str, tuple[Step, ...]] = shown.__dict__.setdefault("_steps", {})
    address = thread.criterion.address
    if address not in kept:
        ancestors = held.product.known.workspace.ancestors(shown.subject)
        kept[address] = trial(
            thread.criterion, shown.seen.evidence, at=shown.at, subject=shown.subject, ancestors=ancestors
        )
    return kept[address]


class Signature(BaseModel):
    """The form that signs."""

    item: str = Field(max_length=200)
    role: str = Field(max_length=200)
    seen: str = Field(max_length=100)
    meaning: str = Field(min_length=1, max_length=2000)
    back: str = Field("", max_length=300)


@router.post("/signatures")
async def sign(request: Request, held: Signer, given: Annotated[Signature, Form()]) -> Response:
    """Sign a requirement or `gate.NAME` off: a commit with the file that an offline `check` reads."""
    server = server_of(request)
    try:
        commit = await run_in_threadpool(
            acts.sign_off, server, held.product, held.caller, item=given.item, role=given.role, meaning=given.meaning,
            seen=given.seen, at=server.now(),
        )  # fmt: skip
    except RefusedError:
        refused(request, held.caller, f"sign-off as {given.role[:60]}", product=held.product.name)
        raise
    base = f"/products/{held.product.name}"
    back = given.back if given.back.startswith(f"{base}/") and "//" not in given.back else base
    return RedirectResponse(f"{back}?signed={commit[:12]}", 303)
