"""Signing in through an identity provider: the browser goes there and comes back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from upheld.api.access import Anybody, address_of, remember, server_of
from upheld.errors import SignInError, UnknownError
from upheld.server import provider
from upheld.server.settings import Provider

router = APIRouter(prefix="/sign-in", tags=["session"])
Text = Annotated[str, Query(max_length=4000)]


def _provider(request: Request) -> tuple[Provider, str]:
    settings = server_of(request).settings
    if settings.provider is None:
        raise UnknownError("no identity provider is set up")
    return settings.provider, f"{settings.address}/sign-in/provider/return"


@router.get("/provider", status_code=303)
def leave(request: Request, _: Anybody, next: Text = "/") -> Response:  # noqa: A002  # the name in the address
    """Send the browser to the identity provider."""
    server = server_of(request)
    server.limits.check(f"login {address_of(request)}", server.settings.login_rate, server.settings.login_burst)
    asked, back = _provider(request)
    begun = provider.begin(asked, redirect=back)
    # Only a path of this site: an address would send people elsewhere once they are signed in.
    then = next if next.startswith("/") and not next.startswith(("//", "/\\")) and next.isprintable() else "/"
    server.accounts.begin_login(begun.state, nonce=begun.nonce, verifier=begun.verifier, then=then, at=server.now())
    answer = RedirectResponse(begun.url, 303)
    # Bound to this browser: a login begun by somebody else must not be finished here.
    answer.set_cookie(
        "upheld-login", begun.state, max_age=600, httponly=True, samesite="lax", secure=server.settings.secure,
        path="/sign-in",
    )  # fmt: skip
    return answer


@router.get("/provider/return", status_code=303)
def come_back(request: Request, _: Anybody, code: Text = "", state: Text = "", error: Text = "") -> Response:
    """Take what the identity provider says, and open a session."""
    server = server_of(request)
    server.limits.check(f"login {address_of(request)}", server.settings.login_rate, server.settings.login_burst)
    asked, back = _provider(request)
    if not state or request.cookies.get("upheld-login") != state:
        raise SignInError("this login was not begun in this browser; begin again")
    begun = server.accounts.finish_login(state, at=server.now())
    if begun is None or error or not code:
        raise SignInError("the login was cancelled or took too long; begin again")
    nonce, verifier, then = begun
    vouched = provider.finish(asked, redirect=back, code=code, nonce=nonce, verifier=verifier)
    opened = server.accounts.sign_in_as(
        vouched.issuer, vouched.subject, name=vouched.name, email=vouched.email, at=server.now()
    )
    if opened is None:
        raise SignInError("this account is shut; ask an administrator")
    answer = RedirectResponse(then, 303)
    remember(server, answer, opened)
    answer.delete_cookie("upheld-login", path="/sign-in")
    server.wake()
    return answer
