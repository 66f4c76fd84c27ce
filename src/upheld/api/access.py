"""Who is calling, and whether they may: the one door of every route.

Each route depends on one of `public`, `somebody`, `may(right)` or `anywhere(right)`; a test walks over all routes and
fails for one that has no door. Persons come with a session cookie and, for whatever changes something, the session's
CSRF token; machines with a bearer token. A refusal of somebody known is a security event.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from upheld.core.scope import Right, Scope
from upheld.errors import RefusedError, SignInError, UnknownError
from upheld.server.product import Product
from upheld.server.service import Server
from upheld.store.accounts import NOBODY, SESSION, Caller, Opened, same
from upheld.store.ledger import happened, stamp

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
DOOR = "upheld_door"  # the attribute by which a test knows a door


def server_of(request: Request) -> Server:
    """The server that a request came to."""
    server: Server = request.app.state.server
    return server


def cookie_name(server: Server) -> str:
    """The name of the session cookie; with https a browser binds it to this host alone."""
    return "__Host-upheld" if server.settings.secure else "upheld"


def address_of(request: Request) -> str:
    """Where a request comes from, as far as it can be believed."""
    if server_of(request).settings.trusted_proxy:
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:64]
    return request.client.host if request.client else "unknown"


async def identified(request: Request) -> Caller:
    """Who is calling; nobody without cookie or token. A token that is not known is refused, not ignored."""
    known: Caller | None = getattr(request.state, "caller", None)
    if known is not None:
        return known
    server = server_of(request)
    header = request.headers.get("authorization", "")
    cookie = request.cookies.get(cookie_name(server), "")
    caller: Caller | None = NOBODY
    if header:
        scheme, _, secret = header.partition(" ")
        caller = (
            server.accounts.caller_of_token(secret.strip(), at=server.now()) if scheme.lower() == "bearer" else None
        )
    elif cookie:
        caller = server.accounts.caller_of_session(cookie, at=server.now()) or NOBODY
    if caller is None:
        server.limits.check(f"address {address_of(request)}", server.settings.login_rate, server.settings.login_burst)
        raise SignInError("the token is not known, has ended, or was revoked; ask an administrator for a new one")
    who = f"{caller.kind} {caller.id}" if caller.signed_in else f"address {address_of(request)}"
    server.limits.check(who, server.settings.rate, server.settings.burst)
    if caller.kind == "person" and request.method not in SAFE:
        await _same_site(request, caller)
    request.state.caller = caller
    return caller


async def _same_site(request: Request, caller: Caller) -> None:
    """Refuse what another site made a person's browser send."""
    given = request.headers.get(CSRF_HEADER, "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not given and kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        field = (await request.form()).get(CSRF_FIELD, "")
        given = field if isinstance(field, str) else ""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if not given or not same(given, caller.csrf) or site not in ("same-origin", "none"):
        raise RefusedError("the form is too old or not of this site; load the page again")


async def _public(caller: Annotated[Caller, Depends(identified)]) -> Caller:
    return caller


async def _somebody(caller: Annotated[Caller, Depends(identified)]) -> Caller:
    if not caller.signed_in:
        raise SignInError
    return caller


def refused(request: Request, caller: Caller, what: str, *, product: str = "") -> None:
    """Make a security event of a refusal, one a minute for each caller and route: a flood of them tells nothing more."""
    server = server_of(request)
    path = getattr(request.scope.get("route"), "path", "")
    if not server.limits.first(f"refused {caller.by} {path} {product}"):
        return
    at = stamp(server.now())
    method = request.method
    server.writer.submit(
        lambda c: happened(c, "refused", at=at, by=caller.by, product=product, what=what, method=method, route=path)
    )


class Held:
    """What a route is given once its door has opened: the caller, the product, and how far the right reaches."""

    def __init__(self, caller: Caller, product: Product, scope: Scope) -> None:
        self.caller = caller
        self.product = product
        self.scope = scope


Door = Callable[..., Awaitable[Held]]


def may(right: Right, *, whole: bool = False) -> Door:
    """The door of a route below `{product}`: the caller holds the right there; `whole`: for every customer."""

    async def door(
        request: Request, caller: Annotated[Caller, Depends(identified)], product: Annotated[str, Path(max_length=63)]
    ) -> Held:
        if not caller.signed_in:
            raise SignInError
        server = server_of(request)
        scope = caller.scope(product, right)
        if scope is None or (whole and not scope.whole):
            known = product in server.products
            refused(request, caller, f"right {right.value}", product=product if known else "")
            if known and caller.scope(product, Right.READ) is not None:
                raise RefusedError(
                    f"this needs the right “{right.value}” in {product}" + (" for every customer" if whole else "")
                )
            raise UnknownError(f'no product "{product[:60]}" that you may see')
        held = server.products.get(product)
        if held is None:
            raise UnknownError(f'no product "{product[:60]}" that you may see')
        return Held(caller, held, scope)

    setattr(door, DOOR, f"may {right.value}" + (" whole" if whole else ""))
    return door


def anywhere(right: Right) -> Callable[..., Awaitable[Caller]]:
    """The door of a route that belongs to the whole server: the caller holds the right."""

    async def door(request: Request, caller: Annotated[Caller, Depends(identified)]) -> Caller:
        if not caller.signed_in:
            raise SignInError
        if not caller.may(right):
            refused(request, caller, f"right {right.value}")
            raise RefusedError(f"this needs the right “{right.value}”")
        return caller

    setattr(door, DOOR, f"anywhere {right.value}")
    return door


setattr(_public, DOOR, "public")
setattr(_somebody, DOOR, "somebody")
Anybody = Annotated[Caller, Depends(_public)]
Somebody = Annotated[Caller, Depends(_somebody)]


def remember(server: Server, response: Response, opened: Opened) -> None:
    """Put a session's cookie into an answer."""
    response.set_cookie(
        cookie_name(server), opened.cookie, max_age=int(SESSION.total_seconds()), httponly=True, samesite="lax",
        secure=server.settings.secure, path="/",
    )  # fmt: skip


def forget(server: Server, response: Response) -> None:
    """Take a session's cookie away."""
    response.delete_cookie(cookie_name(server), httponly=True, samesite="lax", secure=server.settings.secure, path="/")


__all__ = [
    "CSRF_FIELD", "CSRF_HEADER", "DOOR", "Anybody", "Held", "Somebody", "address_of", "anywhere",
    "cookie_name", "forget", "identified", "may", "refused", "remember", "server_of",
]  # fmt: skip
