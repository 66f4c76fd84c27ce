"""Signing in through an OpenID Connect provider that runs as a process of its own."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from upheld.server.settings import Provider

pytestmark = [
    pytest.mark.upheld("REQ-SRV-001"), pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]  # fmt: skip


@pytest.fixture(scope="module")
def issuer():
    command = [sys.executable, str(Path(__file__).with_name("provider_process.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


@pytest.fixture
def door(house, issuer):
    """A browser at the door of a server that trusts the provider."""
    httpx.get(f"{issuer}/set", params={"user": "mona", "twist": " "})
    server = house.server
    server.settings = replace(server.settings, provider=Provider(issuer=issuer, client="upheld", secret="a-secret"))
    return TestClient(house.client.app, base_url="http://testserver", follow_redirects=False)


def walk(door, then: str = "/") -> httpx.Response:
    """Leave, let the provider send us back, come back."""
    left = door.get("/sign-in/provider", params={"next": then})
    assert left.status_code == 303, left.text
    back = httpx.get(left.headers["location"]).headers["location"]
    assert back.startswith("http://testserver/sign-in/provider/return?")
    return door.get(back)


def test_who_the_provider_vouches_for_comes_in_without_any_role(door, house):
    answer = walk(door, "/insights")
    assert (answer.status_code, answer.headers["location"]) == (303, "/insights")
    me = door.get("/api/v1/me").json()
    assert (me["name"].startswith("mona@127.0.0.1"), me["grants"], me["products"]) == (True, [], [])
    assert door.get("/api/v1/products/insights/threads").status_code == 404
    assert [e["what"] for e in house.entries("account")][-1] == "created by the identity provider"


def test_the_same_person_comes_back_to_the_same_account(door, house):
    walk(door)
    name = door.get("/api/v1/me").json()["name"]
    house.enter("ada").patch(f"/api/v1/accounts/{name}", json={"grants": [{"product": "insights", "role": "auditor"}]})
    again = TestClient(house.client.app, base_url="http://testserver", follow_redirects=False)
    walk(again)
    assert again.get("/api/v1/me").json()["products"] == ["insights"]
    house.enter("ada").patch(f"/api/v1/accounts/{name}", json={"disabled": True})
    assert walk(again).status_code == 401


def test_a_name_of_an_account_here_does_not_make_it_theirs(door, house, issuer):
    httpx.get(f"{issuer}/set", params={"user": "lisa"})
    walk(door)
    assert door.get("/api/v1/me").json()["name"] != "lisa"


@pytest.mark.parametrize("twist", ["none", "key", "issuer", "audience", "expired", "nonce"])
def test_an_id_token_that_does_not_hold_opens_nothing(door, issuer, twist):
    httpx.get(f"{issuer}/set", params={"twist": twist})
    assert walk(door).status_code == 401
    assert door.get("/api/v1/me").status_code == 401


def test_a_login_begun_elsewhere_or_used_twice_opens_nothing(door, house):
    left = door.get("/sign-in/provider")
    back = httpx.get(left.headers["location"]).headers["location"]
    other = TestClient(house.client.app, base_url="http://testserver", follow_redirects=False)
    assert other.get(back).status_code == 401
    assert door.get(back).status_code == 303
    assert door.get(back).status_code == 401
    assert door.get("/sign-in/provider/return?state=x&code=y").status_code == 401


@pytest.mark.parametrize("then", ["https://evil.example", "//evil.example", "/\\evil.example", "x"])
def test_nobody_is_sent_to_another_site(door, then):
    assert walk(door, then).headers["location"] == "/"


def test_the_code_is_bound_to_a_secret_of_this_server(door, house):
    asked = parse_qs(urlsplit(door.get("/sign-in/provider").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["nonce"][0] != asked["state"][0]


def test_a_provider_that_is_away_is_said(house):
    server = house.server
    server.settings = replace(server.settings, provider=Provider(issuer="http://127.0.0.1:9", client="upheld"))
    assert house.client.get("/sign-in/provider").status_code == 503
