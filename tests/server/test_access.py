"""Every route for everybody: who is let in, who is not, and that nothing of another customer ever shows."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.routing import APIRoute

from tests.server.conftest import OTHER, PASSWORD, PERSONAS
from tests.server.test_acts import measured
from upheld.api.access import DOOR
from upheld.core.scope import RIGHTS, TOKEN_RIGHTS, Right, scope_of
from upheld.store.accounts import MOST_FAILURES
from upheld.store.database import Database

pytestmark = [pytest.mark.upheld("REQ-SRV-001"), pytest.mark.slow]
API = "/api/v1/products/insights"


def door_of(route) -> str:
    """The door that a route depends on, however deep."""
    waiting, found = list(route.dependant.dependencies), []
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        name = getattr(dependant.call, DOOR, "")
        if name:
            found.append(name)
    assert len(found) == 1, f"{route.path} has doors {found}"
    return found[0]


def routes(app) -> list[APIRoute]:
    found, waiting = [], list(app.routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        elif hasattr(route, "original_router"):
            waiting += route.original_router.routes
    return sorted(found, key=lambda r: (r.path, sorted(r.methods)))


def lets_in(door: str, who: str, product: str) -> bool | None:
    """What the door should say: the table of rights, read once more and in another way. None: nobody is signed in."""
    kind, _, rest = door.partition(" ")
    if kind == "public":
        return True
    if who == "nobody":
        return None
    if kind == "somebody":
        return True
    right, _, whole = rest.partition(" ")
    grants = PERSONAS[who]
    if kind == "anywhere":
        return any(Right(right) in RIGHTS[g.role] for g in grants)
    held = [g for g in grants if g.product == product and Right(right) in RIGHTS[g.role]]
    return any(not g.customer for g in held) if whole else bool(held)


FILLED = {"criterion": "REQ-LAT-001.c1", "gate": "merge", "position": "0", "name": "nobody-here", "id": "none"}


def url_of(route: APIRoute, product: str) -> str:
    url = route.path.replace("{product}", product)
    for name, value in FILLED.items():
        url = url.replace(f"{{{name}}}", value)
    return re.sub(r"\{[^}]*\}", "x", url)


def test_every_route_has_exactly_one_door(house):
    found = routes(house.client.app)
    assert len(found) > 25
    for route in found:
        assert door_of(route)
    changing = [r for r in found if r.methods & {"POST", "PUT", "PATCH", "DELETE"}]
    assert [r.path for r in changing if door_of(r) == "public" and not r.path.endswith(("/session", "/sign-in"))] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["nobody", *PERSONAS])
def test_every_route_lets_in_whom_it_should_and_nobody_else(house, who):
    caller = house.client if who == "nobody" else house.enter(who)
    wrong = []
    for route in routes(house.client.app):
        for product in ("insights", "another"):
            if product == "another" and "{product}" not in route.path:
                continue
            expected = lets_in(door_of(route), who, product)
            for method in route.methods & {"GET", "POST", "PATCH", "DELETE"}:
                if (method, route.path) in (("DELETE", "/api/v1/session"), ("POST", "/sign-out")):
                    continue  # would end the session that this test rides on; tested by itself
                call = getattr(caller, method.lower())
                body = {"json": {}} if method in ("POST", "PATCH") and who != "nobody" else {}
                answer = call(url_of(route, product), follow_redirects=False, **body)
                shut = answer.status_code in (401, 403, 404) or (answer.status_code == 303 and expected is None)
                if expected is None and answer.status_code not in (401, 303):
                    wrong.append((method, route.path, product, answer.status_code))
                if expected is False and not shut:
                    wrong.append((method, route.path, product, answer.status_code))
                if expected and answer.status_code in (401, 403) and not route.path.endswith(("/session", "/sign-in")):
                    wrong.append((method, route.path, product, answer.status_code, answer.text[:200]))
                if answer.status_code >= 500:
                    wrong.append((method, route.path, product, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("right", sorted(TOKEN_RIGHTS, key=lambda r: r.value))
def test_a_token_opens_what_its_right_opens_for_its_customer_and_nothing_else(house, right):
    wrong = []
    for customer in ("", "northbank"):
        machine = house.token(right, customer=customer)
        for route in routes(house.client.app):
            door = door_of(route)
            kind, _, rest = door.partition(" ")
            asked, _, whole = rest.partition(" ")
            opens = kind in ("public", "somebody") or (asked == right.value and not (whole and customer))
            for method in route.methods & {"GET", "POST", "PATCH", "DELETE"}:
                if route.path.endswith(("/session", "/sign-in", "/sign-out")):
                    continue
                answer = getattr(machine, method.lower())(url_of(route, "insights"), follow_redirects=False)
                if opens == (answer.status_code == 403) or answer.status_code >= 500:
                    if not opens and answer.status_code in (401, 404):
                        continue
                    wrong.append((customer, method, route.path, answer.status_code))
    assert wrong == []


NAMES = ("alpenbank", "civicsavings", "deltafinance", OTHER, "fjordbank", "granitemutual")


@pytest.mark.parametrize("who", ["okafor", "token"])
def test_nothing_that_a_customer_is_answered_names_another_customer(house, who):
    secret = [measured(c, good=500 + i, run=f"run-of-{c}", notes=[f"note of {c}"]) for i, c in enumerate(NAMES)]
    house.token(Right.EVIDENCE).post(f"{API}/evidence", json=[*secret, measured("northbank")])
    house.settle()
    caller = house.enter("okafor") if who == "okafor" else house.token(Right.READ, customer="northbank")
    seen = 0
    for route in routes(house.client.app):
        if "GET" not in route.methods:
            continue
        answer = caller.get(url_of(route, "insights"), headers={"accept": "text/html, application/json"})
        seen += answer.status_code == 200
        for name in NAMES:
            assert name not in answer.text, (route.path, name)
            assert name not in str(answer.headers), (route.path, name)
    assert seen >= 5
    own = caller.get(f"{API}/evidence").json()["evidence"]
    assert [e["population"]["customer"] for e in own] == ["northbank"]
    lars = house.enter("lars").get(f"{API}/threads").json()["criteria"][0]  # an engineer for one customer
    assert lars["customers"] == [OTHER]


def test_a_customer_who_asks_for_what_is_not_theirs_makes_a_security_event(house):
    other = house.enter("eve")
    assert other.get(f"{API}/gates/merge").status_code == 403
    house.server.writer.submit(lambda _: None).result(10)
    (event,) = house.entries("refused")
    assert (event["what"], event["route"], event["product"]) == (
        "right inside", "/api/v1/products/{product}/gates/{gate}", "insights"
    )  # fmt: skip
    sent = house.token(Right.EVIDENCE, customer="northbank").post(f"{API}/evidence", json=measured(OTHER))
    assert sent.status_code == 403
    house.server.writer.submit(lambda _: None).result(10)
    assert house.entries("refused")[-1]["what"] == "evidence about another customer"
    assert house.entries("evidence") == []


def test_ten_failed_logins_lock_a_name_and_make_a_security_event(house):
    def attempt(password):
        return house.client.post("/api/v1/session", json={"name": "lisa", "password": password}).status_code

    assert [attempt("wrong") for _ in range(MOST_FAILURES)] == [401] * MOST_FAILURES
    assert attempt(PASSWORD) == 401
    (event,) = house.entries("security")
    assert event["what"] == "locked after ten failed logins"
    assert event["whom"].startswith("person:")
    later = datetime.now(UTC) + timedelta(minutes=16)
    assert house.server.accounts.sign_in("lisa", PASSWORD, address="x", at=later) is not None
    assert house.server.accounts.sign_in("jake", PASSWORD, address="x", at=later) is not None


def test_a_reset_password_ends_the_sessions_and_lifts_the_lock(house):
    lisa = house.enter("lisa")
    answer = house.enter("ada").patch("/api/v1/accounts/lisa", json={"password": "another good password"})
    assert answer.status_code == 204, answer.text
    assert lisa.get("/api/v1/me").status_code == 401
    assert house.client.post("/api/v1/session", json={"name": "lisa", "password": PASSWORD}).status_code == 401
    new = house.client.post("/api/v1/session", json={"name": "lisa", "password": "another good password"})
    assert new.status_code == 200


def test_a_changed_role_counts_at_once_and_is_an_entry(house):
    lisa = house.enter("lisa")
    before = len(house.entries("role"))
    assert lisa.get(f"{API}/gates").status_code == 200
    house.enter("ada").patch("/api/v1/accounts/lisa", json={"grants": [{"product": "insights", "role": "auditor"}]})
    assert lisa.get(f"{API}/audit/checkpoints").status_code == 200
    assert lisa.post(f"{API}/proposals", json={"title": "x", "files": {"a": "b"}}).status_code == 403
    new = house.entries("role")[before:]
    assert sorted((e["what"], e["role"]) for e in new) == [("given", "auditor"), ("taken", "engineering")]


def test_a_token_that_ended_or_was_revoked_opens_nothing(house):
    ada = house.enter("ada")
    made = ada.post("/api/v1/tokens", json={"name": "ci", "product": "insights", "rights": ["read"]}).json()
    header = {"authorization": f"Bearer {made['token']}"}
    assert house.client.get(f"{API}/threads", headers=header).status_code == 200
    later = datetime.now(UTC) + timedelta(days=91)
    assert house.server.accounts.caller_of_token(made["token"], at=later) is None
    assert ada.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert house.client.get(f"{API}/threads", headers=header).status_code == 401
    assert made["token"] not in ada.get("/api/v1/tokens").text


def test_no_secret_is_kept_as_it_is(house):
    import sqlalchemy as sa

    from upheld.store import tables

    lisa = house.enter("lisa")
    secret = house.token(Right.READ).secret
    cookie = lisa.client.cookies.get("upheld")
    with house.server.database.reading() as c:
        everything = " ".join(str(row) for t in tables.METADATA.sorted_tables for row in c.execute(sa.select(t)))
    for word in (secret, cookie, PASSWORD):
        assert word not in everything


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-csrf-token": "wrong"}, {"x-csrf-token": "right", "sec-fetch-site": "cross-site"}],
    ids=["without a token", "with another one", "from another site"],
)
def test_what_another_site_makes_a_browser_send_is_refused(house, headers):
    lisa = house.enter("lisa")
    sent = {k: lisa.csrf if v == "right" else v for k, v in headers.items()}
    asked = {"item": "REQ-LAT-001", "role": "engineering"}
    answer = lisa.client.post(f"{API}/signoffs", json=asked, headers=sent)
    assert answer.status_code == 403
    assert lisa.client.delete("/api/v1/session").status_code == 403
    assert lisa.get("/api/v1/me").status_code == 200


def test_every_answer_carries_the_security_headers(house):
    for url in ("/healthz", "/api/v1/me", "/nowhere", f"{API}/threads", "/api/v1/openapi.json"):
        headers = house.client.get(url).headers
        assert "default-src 'none'" in headers["content-security-policy"], url
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")


def test_the_cookie_is_for_this_site_and_for_no_script(house):
    answer = house.client.post("/api/v1/session", json={"name": "jake", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_by_https_cookies_are_secure_and_bound_to_the_host(team, tmp_path):
    from fastapi.testclient import TestClient

    from upheld.api.app import create_app
    from upheld.server.settings import Settings, Source

    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    database.upgrade()
    settings = Settings(
        data=tmp_path, products={"insights": Source(origin=str(team))}, address="https://testserver",
        database=f"sqlite:///{tmp_path / 'a.db'}",
    )  # fmt: skip
    app = create_app(settings)
    app.state.server.accounts.create("a", password=PASSWORD, by="t", at=datetime.now(UTC))
    with TestClient(app, base_url=settings.address) as client:
        answer = client.post("/api/v1/session", json={"name": "a", "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("__Host-upheld=")
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "strict-transport-security" in answer.headers
    database.close()


def test_who_asks_too_often_waits(house):
    house.server.limits.check("a", 1, 2)
    house.server.limits.check("a", 1, 2)
    with pytest.raises(Exception, match="wait a moment"):
        house.server.limits.check("a", 1, 2)
    house.server.limits.check("b", 1, 2)


def test_logs_hold_no_secret_and_no_query(house, caplog):
    import logging

    from upheld.api.guard import JsonLines

    machine = house.token(Right.READ)
    with caplog.at_level(logging.INFO, logger="upheld.access"):
        machine.get(f"{API}/threads?after=secret-in-query")
        house.client.post("/api/v1/session", json={"name": "lisa", "password": "wrong-secret-password"})
    lines = " ".join(JsonLines().format(record) for record in caplog.records)
    assert '"route": "/api/v1/products/{product}/threads"' in lines
    for word in (machine.secret, "secret-in-query", "wrong-secret-password"):
        assert word not in lines


def test_a_customers_grant_without_a_customer_reaches_nothing():
    from upheld.core.scope import Grant, Role

    scope = scope_of([Grant(product="p", role=Role.CUSTOMER)], "p", Right.READ)
    assert scope is not None
    assert scope.customers == frozenset()
