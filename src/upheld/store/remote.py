"""Sending evidence to the team's server: written to a spool first, sent until it is acknowledged, counted once there.

What the server has acknowledged is durable there, and only then leaves the spool. A record is named by its content, so
that sending it again does no harm. The standard library's HTTP is enough, and nothing heavy is loaded for it.
"""

import hashlib
import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

from upheld.core.evidence import canonical
from upheld.errors import UnavailableError, UsageError

MOST = 500  # records in one request
TIMEOUT = 30.0
PAUSES = (0.5, 2.0)  # seconds before the second and the third try
_AT_HOME = ("127.0.0.1", "::1", "localhost")
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a push."""

    new: int = 0  # records that the server did not have
    known: int = 0  # that it had
    waiting: int = 0  # files that stay in the spool
    why: str = ""  # why they stay
    refused: tuple[str, ...] = ()  # what the server will never take, and why; kept beside the spool


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to whoever asked for it."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""
        return


@dataclass(frozen=True, kw_only=True)
class RemoteStore:
    """The evidence of one product on a server, reached with a service token; `spool` is a folder of this machine."""

    address: str
    product: str
    spool: Path
    token: str = field(repr=False)
    pauses: tuple[float, ...] = PAUSES

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], spool: Path) -> "RemoteStore":
        """The server that `UPHELD_SERVER`, `UPHELD_PRODUCT` and `UPHELD_TOKEN` name; UsageError when one is missing."""
        missing = [name for name in ("UPHELD_SERVER", "UPHELD_PRODUCT", "UPHELD_TOKEN") if not environ.get(name)]
        if missing:
            raise UsageError(f"--push needs {', '.join(missing)} in the environment")
        address = environ["UPHELD_SERVER"].rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f'UPHELD_SERVER is "{address}"; write https://upheld.example.com')
        if parts.scheme == "http" and parts.hostname not in _AT_HOME:
            raise UsageError(f'UPHELD_SERVER is "{address}": a token is sent to another machine by https only')
        return cls(address=address, product=environ["UPHELD_PRODUCT"], token=environ["UPHELD_TOKEN"], spool=spool)

    def keep(self, records: Iterable[Mapping[str, object]]) -> int:
        """Put records into the spool, durably; give how many files that made. UnavailableError when that fails."""
        made = 0
        rows = [canonical(record) for record in records]
        try:
            self.spool.mkdir(parents=True, exist_ok=True)
            for start in range(0, len(rows), MOST):
                body = b"[" + b",".join(rows[start : start + MOST]) + b"]"
                path = self.spool / f"{time.time_ns():020}-{hashlib.sha256(body).hexdigest()[:16]}.json"
                making = path.with_suffix(f".{os.getpid()}")
                with making.open("wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())
                making.replace(path)
                made += 1
            _sync_folder(self.spool)
        except OSError as error:
            raise UnavailableError(f"{self.spool}: evidence cannot be kept for sending: {error.strerror}") from error
        return made

    def send(self) -> Sent:
        """Send what is in the spool, oldest first; what cannot be sent now stays, what is refused is laid aside."""
        new = known = 0
        refused: list[str] = []
        waiting = list(self._waiting())
        for done, path in enumerate(waiting):
            try:
                body = path.read_bytes()
            except FileNotFoundError:
                continue  # another push was quicker
            try:
                receipt = self._post(body)
            except UnavailableError as error:
                return Sent(
                    new=new, known=known, waiting=len(waiting) - done, why=error.message, refused=tuple(refused)
                )
            except UsageError as error:
                aside = self.spool / "refused"
                aside.mkdir(exist_ok=True)
                path.replace(aside / path.name)
                refused.append(f"{aside / path.name}: {error.message}")
                continue
            new += int(receipt["new"])
            known += len(receipt["ids"]) - int(receipt["new"])
            path.unlink(missing_ok=True)
        return Sent(new=new, known=known, refused=tuple(refused))

    def _waiting(self) -> Iterator[Path]:
        yield from sorted(self.spool.glob("*.json"))

    def _post(self, body: bytes) -> dict[str, Any]:
        url = f"{self.address}/api/v1/products/{quote(self.product, safe='')}/evidence"
        opener = urllib.request.build_opener(_Stay)
        why = ""
        for pause in (*self.pauses, None):
            request = urllib.request.Request(  # noqa: S310  # http and https only, checked when it was read
                url, data=body, method="POST",
                headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            )  # fmt: skip
            try:
                with opener.open(request, timeout=TIMEOUT) as answer:
                    found = json.loads(answer.read())
                    if isinstance(found, dict) and found.get("schema") == "upheld/receipt/v1":
                        return found
                    raise UnavailableError(f"{self.address} answered, but is no Upheld server")
            except urllib.error.HTTPError as error:
                why = _detail(error)
                if error.code not in _TRY_AGAIN:
                    self._never(error.code, why)
            except (OSError, http.client.HTTPException, ValueError) as error:
                why = str(getattr(error, "reason", error)) or type(error).__name__
            if pause is not None:
                time.sleep(pause)
        raise UnavailableError(f"{self.address} cannot be reached: {why}")

    def _never(self, status: int, why: str) -> NoReturn:
        if status in (401, 403, 404) or 300 <= status < 400:  # the token or the address may be put right
            raise UnavailableError(f"{self.address} answered {status}: {why}")
        raise UsageError(f"{status}: {why}")


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        found = json.loads(error.read(100_000))
        return str(found["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return error.reason or "no reason given"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
