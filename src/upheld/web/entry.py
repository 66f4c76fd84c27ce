"""Coming in and going out: sign-in, sign-out, and the products of whoever is here."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from upheld.api.access import Anybody, Somebody, forget, remember, server_of
from upheld.api.session import enter
from upheld.errors import UpheldError
from upheld.web.pages import name_of, plain

router = APIRouter()


def inside(address: str) -> str:
    """An address on this server to go on to; anything else leads to the start."""
    parts = urlsplit(address)
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return address if own and address.isprintable() else "/"


@router.get("/")
async def start(request: Request, caller: Anybody) -> Response:
    """The one product of whoever comes, or the list of them."""
    if not caller.signed_in:
        return RedirectResponse("/sign-in", 303)
    names = caller.products(server_of(request).products)
    if len(names) == 1:
        return RedirectResponse(f"/products/{names[0]}", 303)
    return plain("start.html", caller, products=[(name, name_of(request, name)) for name in names])


@router.get("/sign-in")
async def sign_in_page(request: Request, caller: Anybody, next: str = "/") -> Response:  # noqa: A002  # the name in the address
    """The form to sign in with."""
    if caller.signed_in:
        return RedirectResponse(inside(next), 303)
    provider = server_of(request).settings.provider is not None
    return plain("sign-in.html", caller, next=inside(next), fault="", name="", provider=provider)


@router.post("/sign-in")
async def sign_in(
    request: Request, caller: Anybody, name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "", next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:  # fmt: skip
    """Sign in with name and password, and go on to where one wanted to go."""
    try:
        opened = await enter(request, name, password)
    except UpheldError as error:
        provider = server_of(request).settings.provider is not None
        return plain(
            "sign-in.html", caller, status=error.http_status, next=inside(next), fault=error.message, name=name,
            provider=provider,
        )  # fmt: skip
    answer = RedirectResponse(inside(next), 303)
    remember(server_of(request), answer, opened)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, caller: Somebody) -> Response:
    """End the session."""
    server = server_of(request)
    if caller.kind == "person":
        await run_in_threadpool(server.accounts.sign_out, caller)
    answer = RedirectResponse("/sign-in", 303)
    forget(server, answer)
    return answer
