"""What a server is told when it starts, from the environment or the command line; checked before it is needed."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from upheld.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An OpenID Connect provider that vouches for people."""

    issuer: str
    client: str
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a product's definitions are: a repository, a branch of it, a folder in it."""

    origin: str
    branch: str = ""
    inside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a server is told."""

    data: Path  # clones, keys and, unless told otherwise, the database
    products: Mapping[str, Source]
    database: str = ""
    address: str = "http://127.0.0.1:8610"  # how people reach it; https makes cookies secure
    provider: Provider | None = None
    refresh: float = 30.0  # seconds between looks at the repositories
    checkpoint: float = 600.0  # seconds between checkpoints at most
    records: str = "upheld/records"  # the branch that the server writes to
    anchor: bool = True  # commit checkpoints to that branch
    rate: float = 50.0  # requests a second that one caller may make over a longer time
    burst: int = 2000  # and at once
    login_rate: float = 0.5  # tries a second to sign in, from one address
    login_burst: int = 30
    largest: int = 8 * 1024 * 1024  # bytes of one request
    trusted_proxy: bool = False  # whether X-Forwarded-For of the next hop is believed
    origin: str = ""  # the log's name in its checkpoints; empty: the address without its scheme

    @property
    def database_url(self) -> str:
        """Where the records are."""
        return self.database or f"sqlite:///{self.data.resolve() / 'server.db'}"

    @property
    def secure(self) -> bool:
        """Whether people come by https."""
        return self.address.startswith("https://")

    @property
    def log_origin(self) -> str:
        """The name of the log in its checkpoints."""
        return self.origin or urlsplit(self.address).netloc + "/log"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Settings from `UPHELD_…` variables; UsageError names the variable that is wrong."""
        env = os.environ if environ is None else environ
        data = Path(env.get("UPHELD_DATA", ".upheld"))
        provider = None
        if env.get("UPHELD_OIDC_ISSUER"):
            client = env.get("UPHELD_OIDC_CLIENT", "")
            if not client:
                raise UsageError(
                    "UPHELD_OIDC_ISSUER is set, UPHELD_OIDC_CLIENT is not; set both, and UPHELD_OIDC_SECRET"
                )
            provider = Provider(
                issuer=env["UPHELD_OIDC_ISSUER"], client=client, secret=env.get("UPHELD_OIDC_SECRET", "")
            )
        address = env.get("UPHELD_ADDRESS", "http://127.0.0.1:8610").rstrip("/")
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            raise UsageError(
                f'UPHELD_ADDRESS is "{address}"; write how people reach the server, e.g. https://upheld.example.com'
            )
        return cls(
            data=data, products=products(env.get("UPHELD_PRODUCTS", "")), database=env.get("UPHELD_DATABASE_URL", ""),
            address=address, provider=provider, refresh=_seconds(env, "UPHELD_REFRESH", 30.0),
            checkpoint=_seconds(env, "UPHELD_CHECKPOINT", 600.0), records=env.get("UPHELD_RECORDS_BRANCH", "upheld/records"),
            anchor=env.get("UPHELD_ANCHOR", "1") != "0", rate=_seconds(env, "UPHELD_RATE", 50.0),
            burst=int(_seconds(env, "UPHELD_BURST", 2000)), trusted_proxy=env.get("UPHELD_TRUSTED_PROXY", "") == "1",
            origin=env.get("UPHELD_LOG_ORIGIN", ""),
        )  # fmt: skip


def products(text: str) -> dict[str, Source]:
    """Products as they are written: `name=path-or-address[#branch][//folder]`, separated by white space."""
    found = {}
    for word in text.split():
        name, equals, where = word.partition("=")
        if not equals or not _NAME.fullmatch(name) or not where:
            raise UsageError(f'UPHELD_PRODUCTS holds "{word}"; write name=path-or-address#branch//folder')
        where, _, branch = where.partition("#")
        branch, _, inside = branch.partition("//")
        found[name] = Source(origin=where, branch=branch, inside=inside.strip("/"))
    if not found:
        raise UsageError("no product is named; set UPHELD_PRODUCTS=name=path-or-address, or name a folder")
    return found


def _seconds(env: Mapping[str, str], name: str, usual: float) -> float:
    try:
        value = float(env.get(name, "") or usual)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise UsageError(f'{name} is "{env.get(name)}"; write a number above zero')
    return value
