"""Signing in and out, and who one is."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Anybody, Somebody, address_of, forget, remember, server_of
from upheld.errors import RefusedError, SignInError
from upheld.store.accounts import Caller, Opened

router = APIRouter(prefix="/api/v1", tags=["session"])


class Credentials(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class Held(BaseModel):
    """One role."""

    product: str
    role: str
    customer: str


class Me(BaseModel):
    """Who is calling."""

    kind: str
    name: str
    person: str
    products: list[str]
    grants: list[Held]
    csrf: str


async def enter(request: Request, name: str, password: str) -> Opened:
    """Open a session for a name and password; SignInError without saying which was wrong, or that it is locked."""
    server = server_of(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise RefusedError("signing in starts on this site")
    server.limits.check(f"login {address_of(request)}", server.settings.login_rate, server.settings.login_burst)
    opened = await run_in_threadpool(
        server.accounts.sign_in, name, password, address=address_of(request), at=server.now()
    )
    if opened is None:
        raise SignInError("name and password do not fit; after ten failures a name is locked for 15 minutes")
    request.state.caller = opened.caller
    return opened


def me_of(caller: Caller, known: list[str]) -> Me:
    """What a caller is told of themselves."""
    return Me(
        kind=caller.kind, name=caller.name, person=caller.person, products=list(caller.products(known)), csrf=caller.csrf,
        grants=[Held(product=g.product, role=g.role.value, customer=g.customer) for g in caller.grants],
    )  # fmt: skip


@router.post("/session")
async def sign_in(request: Request, response: Response, _: Anybody, given: Annotated[Credentials, Body()]) -> Me:
    """Sign in with name and password; the answer sets the session's cookie and names its CSRF token."""
    opened = await enter(request, given.name, given.password)
    remember(server_of(request), response, opened)
    return me_of(opened.caller, list(server_of(request).products))


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, caller: Somebody) -> None:
    """Sign out."""
    server = server_of(request)
    if caller.kind == "person":
        await run_in_threadpool(server.accounts.sign_out, caller)
    forget(server, response)


@router.get("/me")
async def me(request: Request, caller: Somebody) -> Me:
    """Who is calling, with their roles and products."""
    return me_of(caller, list(server_of(request).products))
