"""Signing in through an OpenID Connect provider: authorization code with PKCE, state and nonce, and a checked ID token.

The provider vouches for who somebody is and for nothing else: roles are given here, by an administrator.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # it ships no types
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from upheld.errors import SignInError, UnavailableError
from upheld.server.settings import Provider

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never `none`, never one with a shared secret
TIMEOUT = 10.0
LEEWAY = 60  # seconds that clocks may differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A login that begins: where to send the browser, and what to remember meanwhile."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who the provider says somebody is."""

    issuer: str
    subject: str
    name: str
    email: str


def begin(provider: Provider, *, redirect: str) -> Begun:
    """Begin a login; UnavailableError when the provider cannot be reached."""
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _client(provider, redirect) as client:
        about = _about(client, provider)
        url, state = client.create_authorization_url(
            about["authorization_endpoint"], nonce=nonce, code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )  # fmt: skip
    return Begun(url=url, state=state, nonce=nonce, verifier=verifier)


def finish(provider: Provider, *, redirect: str, code: str, nonce: str, verifier: str) -> Vouched:
    """Trade the code for an ID token and check it; SignInError when anything about it is not as it must be."""
    try:
        with _client(provider, redirect) as client:
            about = _about(client, provider)
            given = client.fetch_token(about["token_endpoint"], code=code, code_verifier=verifier)
            keys = KeySet.import_key_set(
                client.request("GET", about["jwks_uri"], withhold_token=True).raise_for_status().json()
            )
        token = jwt.decode(str(given["id_token"]), keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY, iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client}, exp={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(token.claims)  # fmt: skip
    except HTTPError as error:
        raise UnavailableError(f"the identity provider cannot be reached: {error}") from error
    except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError) as error:
        raise SignInError(f"the identity provider's answer does not hold: {type(error).__name__}") from error
    claims = token.claims
    return Vouched(
        issuer=provider.issuer, subject=str(claims["sub"]), name=str(claims.get("preferred_username") or claims.get("name") or ""),
        email=str(claims.get("email") or ""),
    )  # fmt: skip


def _client(provider: Provider, redirect: str) -> OAuth2Client:
    return OAuth2Client(
        provider.client, provider.secret or None, scope="openid profile email", redirect_uri=redirect, timeout=TIMEOUT,
        token_endpoint_auth_method="client_secret_basic" if provider.secret else "none",  # names of methods
    )  # fmt: skip


def _about(client: OAuth2Client, provider: Provider) -> dict[str, Any]:
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        found = client.request("GET", url, withhold_token=True).raise_for_status().json()
    except (HTTPError, ValueError) as error:
        raise UnavailableError(f"the identity provider cannot be reached: {error}") from error
    if not isinstance(found, dict) or found.get("issuer") != provider.issuer:
        raise UnavailableError(f"{url} speaks for another issuer; UPHELD_OIDC_ISSUER must be exactly its own")
    return found
