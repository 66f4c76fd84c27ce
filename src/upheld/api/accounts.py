"""Accounts, roles and service tokens, for administrators."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from upheld.api.access import anywhere, refused, server_of
from upheld.core.scope import Grant, Right, Role
from upheld.errors import UsageError
from upheld.server.service import Server
from upheld.store.accounts import Caller

router = APIRouter(prefix="/api/v1", tags=["accounts"])
Administrator = Annotated[Caller, Depends(anywhere(Right.ADMINISTER))]
Name = Annotated[str, Path(max_length=200)]


class Given(BaseModel):
    """One role in one product, for one customer or for all (empty)."""

    model_config = ConfigDict(extra="forbid")
    product: str = Field("", max_length=63)
    role: Role
    customer: str = Field("", max_length=200)


class NewAccount(BaseModel):
    """An account to make."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    password: str = Field("", max_length=1000)
    email: str = Field("", max_length=320)
    person: str = Field("", max_length=200, description="their name under `people` in upheld.yaml")
    grants: list[Given] = Field(default_factory=list, max_length=200)


class Change(BaseModel):
    """What changes of an account; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    password: str | None = Field(None, max_length=1000)
    disabled: bool | None = None
    grants: list[Given] | None = Field(None, max_length=200)


class NewToken(BaseModel):
    """A service token to make."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    product: str = Field(max_length=63)
    customer: str = Field("", max_length=200)
    rights: list[Right] = Field(min_length=1, max_length=20)
    days: int = Field(90, ge=1, le=366)


def _grants(server: Server, given: list[Given]) -> list[Grant]:
    for one in given:
        if one.product and one.product not in server.products:
            raise UsageError(f'no product "{one.product}"; known: {", ".join(server.products)}')
    return [Grant(product=g.product, role=g.role, customer=g.customer) for g in given]


@router.get("/accounts")
def accounts(request: Request, _: Administrator) -> dict[str, object]:
    """Every account with its roles."""
    return {"accounts": server_of(request).accounts.accounts()}


@router.post("/accounts", status_code=201)
def create(request: Request, caller: Administrator, new: NewAccount) -> dict[str, str]:
    """Make an account."""
    server = server_of(request)
    server.accounts.create(
        new.name, password=new.password, email=new.email, person=new.person, grants=_grants(server, new.grants),
        by=caller.by, at=server.now(),
    )  # fmt: skip
    server.wake()
    return {"name": new.name}


@router.patch("/accounts/{name}", status_code=204)
def change(request: Request, caller: Administrator, name: Name, what: Change) -> None:
    """Reset a password, shut an account out or let it in again, set its roles."""
    server = server_of(request)
    if what.grants is not None:
        if caller.name == name and not any(g.role is Role.ADMINISTRATOR for g in what.grants):
            refused(request, caller, "an administrator's own role")
            raise UsageError("nobody takes the role of administrator from themselves; let another one do it")
        server.accounts.set_grants(name, _grants(server, what.grants), by=caller.by, at=server.now())
    if what.password is not None:
        server.accounts.set_password(name, what.password, by=caller.by, at=server.now())
    if what.disabled is not None:
        server.accounts.set_disabled(name, what.disabled, by=caller.by, at=server.now())
    server.wake()


@router.delete("/accounts/{name}")
def erase(request: Request, caller: Administrator, name: Name) -> dict[str, int]:
    """Erase a person. The audit trail keeps its entries and proofs; nothing ties them to a name any more."""
    server = server_of(request)
    gone = server.accounts.erase(name, by=caller.by, at=server.now())
    server.wake()
    return {"pseudonyms": gone}


@router.get("/tokens")
def tokens(request: Request, _: Administrator) -> dict[str, object]:
    """Every service token, without its secret."""
    return {"tokens": server_of(request).accounts.tokens()}


@router.post("/tokens", status_code=201)
def issue(request: Request, caller: Administrator, new: NewToken) -> dict[str, str]:
    """Make a service token; its secret is told once."""
    server = server_of(request)
    if new.product not in server.products:
        raise UsageError(f'no product "{new.product}"; known: {", ".join(server.products)}')
    id_, secret = server.accounts.issue(
        new.name, product=new.product, customer=new.customer, rights=new.rights, by=caller.by, at=server.now(),
        ends=server.now() + timedelta(days=new.days),
    )  # fmt: skip
    server.wake()
    return {"id": id_, "token": secret}


@router.delete("/tokens/{id}", status_code=204)
def revoke(request: Request, caller: Administrator, id: Annotated[str, Path(max_length=40)]) -> None:  # noqa: A002 the name in the path
    """End a token now."""
    server = server_of(request)
    server.accounts.revoke(id, by=caller.by, at=server.now())
    server.wake()
