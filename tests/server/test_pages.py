"""The pages, as a browser without scripts asks for them: what each shows, to whom, and what nobody else's shows."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.server.conftest import git
from upheld.core.scope import Right
from upheld.project import ssh_signature

pytestmark = [pytest.mark.upheld("REQ-PAG-001.c1"), pytest.mark.slow]
PAGE = {"accept": "text/html"}
BASE = "/products/insights"


def measured(customer: str, good: int) -> dict:
    return {
        "schema": "upheld/evidence/v1", "indicator": "insight.latency", "stage": "production",
        "population": {"customer": customer}, "observed": "2026-11-22T07:00:00Z",
        "window": {"from": "2026-10-23T07:00:00Z", "to": "2026-11-22T07:00:00Z"},
        "statistic": {"kind": "quantile", "n": 1000, "unit": "s", "cells": [[0.5, 0.6, good], [2.0, 2.1, 1000 - good]]},
        "source": {"file": f"production-{customer}.json"},
    }  # fmt: skip


@pytest.fixture
def lived(house):
    """The house with what two customers lived: one is upheld, one is not."""
    sent = [measured("northbank", 990), measured("eastcredit", 700)]
    answer = house.token(Right.EVIDENCE).post("/api/v1/products/insights/evidence", json=sent)
    assert answer.status_code == 201, answer.text
    house.settle()
    return house


def seen(answer) -> str:
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def test_who_is_not_signed_in_is_led_to_the_form_and_back(house):
    answer = house.client.get(f"{BASE}/promises/REQ-LAT-001.c1", headers=PAGE, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fproducts%2Finsights%2Fpromises%2FREQ-LAT-001.c1"
    form = {"name": "lisa", "password": "correct horse battery staple", "next": "/products/insights/gates"}
    entered = house.client.post("/sign-in", data=form, headers=PAGE, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/products/insights/gates")


def test_an_open_page_whose_session_has_ended_leads_to_the_form_as_a_whole(house):
    headers = {**PAGE, "hx-request": "true", "hx-current-url": f"http://testserver{BASE}?verdict=met"}
    answer = house.client.get(f"{BASE}/board", headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2Fproducts%2Finsights")


def test_a_wrong_password_is_told_without_saying_what_was_wrong(house):
    answer = house.client.post("/sign-in", data={"name": "lisa", "password": "x"}, headers=PAGE)
    assert answer.status_code == 401
    assert "name and password do not fit" in answer.text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(house, address):
    form = {"name": "lisa", "password": "correct horse battery staple", "next": address}
    answer = house.client.post("/sign-in", data=form, headers=PAGE, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session(house):
    lisa = house.enter("lisa")
    answer = lisa.post("/sign-out", headers=PAGE, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"
    assert lisa.get(BASE, headers=PAGE, follow_redirects=False).status_code == 303


def test_the_board_says_first_what_needs_somebody(lived):
    text = seen(lived.enter("lisa").get(BASE, headers=PAGE))
    assert "p95 of insight.latency < 1 s: eastcredit: lived" in text
    assert "commit " + lived.server.products["insights"].known.view.commit[:7] in text
    assert text.index("eastcredit: lived") < text.index("<table>")


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("?verdict=not+met", 1), ("?verdict=met", 0), ("?customer=eastcredit", 1), ("?owner=nobody", 0),
     ("?text=latency+adviser", 1), ("?text=nowhere", 0)],
)  # fmt: skip
def test_a_filter_works_by_its_address_alone(lived, query, count):
    text = seen(lived.enter("lisa").get(f"{BASE}{query}", headers=PAGE))
    assert len(re.findall(r'<th scope="row">', text)) == count


def test_the_lines_alone_come_only_when_something_is_new(lived):
    lisa = lived.enter("lisa")
    fresh = lisa.get(f"{BASE}/board", headers=PAGE)
    assert "<html" not in fresh.text
    assert fresh.headers["hx-push-url"] == BASE
    version = re.search(r"version=([^\"&]+)", fresh.text)[1]
    again = lisa.get(f"{BASE}/board", params={"version": version}, headers=PAGE)
    assert (again.status_code, again.text) == (204, "")
    lived.token(Right.EVIDENCE).post("/api/v1/products/insights/evidence", json=measured("eastcredit", 980))
    lived.settle()
    assert lisa.get(f"{BASE}/board", params={"version": version}, headers=PAGE).status_code == 200


def test_the_table_for_spreadsheets_holds_what_the_board_shows(lived):
    answer = lived.enter("lisa").get(f"{BASE}/board.csv")
    assert "attachment" in answer.headers["content-disposition"]
    (line,) = csv.DictReader(io.StringIO(answer.text))
    assert (line["criterion"], line["lived"]) == ("REQ-LAT-001.c1", "not met")


def test_one_promise_shows_its_provenance_to_the_house(lived):
    text = seen(lived.enter("lisa").get(f"{BASE}/promises/REQ-LAT-001.c1", headers=PAGE))
    for word in (
        "production-eastcredit.json",
        "North Bank MSA 3.2",
        "decision 0007",
        "Try another number",
        "Sign REQ-LAT-001",
    ):
        assert word in text


def test_a_customer_sees_nothing_of_anyone_else_on_any_page(lived):
    okafor = lived.enter("okafor")
    pages = ("", "/board", "/board.csv", "/promises/REQ-LAT-001.c1", "/customers", "/customers/northbank")
    for page in pages:
        text = seen(okafor.get(f"{BASE}{page}", headers=PAGE))
        for word in ("eastcredit", "alpenbank", "production-", "0007", "MSA"):
            assert word not in text, page
    assert (
        "✖"
        not in seen(okafor.get(f"{BASE}/promises/REQ-LAT-001.c1", headers=PAGE))
        .split("What carries")[0]
        .split("<svg")[0]
    )


@pytest.mark.parametrize(
    "page", ["/gates", "/gates/merge", "/sentence", "/customers/eastcredit", "/promises/REQ-NONE.c1", "/nowhere"]
)
def test_what_a_customer_may_not_see_is_refused_on_a_page_that_says_so(lived, page):
    answer = lived.enter("okafor").get(f"{BASE}{page}", headers=PAGE)
    assert answer.status_code in (403, 404)
    assert "Back to the start" in answer.text


def test_the_house_sees_a_customer_s_view_as_the_customer_does(lived):
    text = seen(lived.enter("lisa").get(f"{BASE}/customers/northbank", headers=PAGE))
    assert "What was promised to northbank" in text
    assert "eastcredit" not in text


def test_a_promise_that_was_loosened_since_the_customer_signed_says_what_it_was(house, team):
    file = team / "requirements/REQ-LAT-001.md"
    signed = team / "signoffs/REQ-LAT-001.customer-northbank.okafor.5f7871b2.json"
    later = signed.read_text("utf-8").replace("2026-11-09T10:00:00", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    signed.write_text(later, "utf-8")
    git(team, "commit", "-qam", "sign now")
    file.write_text(file.read_text("utf-8").replace("< 1 s", "< 2 s"), "utf-8")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    git(team, "commit", "-qam", "loosen", GIT_COMMITTER_DATE=tomorrow)
    house.server.products["insights"].refresh()
    text = seen(house.enter("okafor").get(f"{BASE}/customers/northbank", headers=PAGE))
    assert "~ loosened: was p95 of insight.latency < 1 s" in text
    assert "is p95 of insight.latency < 2 s" in text
    assert "Sign again." in text


def test_who_signs_on_the_page_makes_a_commit_and_the_promise_shows_it(house, team):
    key = house.server.keys.current()
    config = (team / "upheld.yaml").read_text(encoding="utf-8")
    (team / "upheld.yaml").write_text(f"{config}server-keys: [{ssh_signature.public_line(key, 'server')}]\n", "utf-8")
    git(team, "rm", "-q", "signoffs/REQ-LAT-001.engineering.lisa.5f7871b2.json")  # the one that only asserts it
    git(team, "commit", "-qam", "trust the server")
    house.server.products["insights"].refresh()
    lisa = house.enter("lisa")
    page = f"{BASE}/promises/REQ-LAT-001.c1"
    text = seen(lisa.get(page, headers=PAGE))
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text.split('class="stack sign"')[1]))
    answer = lisa.post(
        f"{BASE}/signatures", data={**form, "role": "engineering", "meaning": "We can build this."}, headers=PAGE
    )
    assert "● Signed; commit" in seen(answer)
    thread = house.enter("jake").get("/api/v1/products/insights/threads/REQ-LAT-001.c1").json()["criteria"][0]
    assert {s["role"]: s["state"] for s in thread["agreed"]["signoffs"]}["engineering"] == "signed"
    assert "lisa: We can build this." in git(team, "log", "--format=%an: %b", "upheld/records")


def test_words_that_have_changed_since_they_were_read_are_not_signed(house):
    lisa = house.enter("lisa")
    form = {"item": "REQ-LAT-001", "role": "engineering", "meaning": "Yes.", "seen": "sha256:0", "back": BASE}
    answer = lisa.post(f"{BASE}/signatures", data=form, headers=PAGE)
    assert answer.status_code == 409
    assert "changed since you read them" in answer.text


def test_a_form_of_another_site_signs_nothing(house):
    lisa = house.enter("lisa")
    form = {
        "item": "REQ-LAT-001",
        "role": "engineering",
        "meaning": "Yes.",
        "seen": "",
        "back": BASE,
        "csrf": "guessed",
    }
    assert lisa.client.post(f"{BASE}/signatures", data=form, headers=PAGE).status_code == 403


def test_a_gate_shows_its_verdict_and_what_would_settle_it(lived):
    lisa = lived.enter("lisa")
    assert "○ inconclusive" in seen(lisa.get(f"{BASE}/gates", headers=PAGE))
    text = seen(lisa.get(f"{BASE}/gates/merge", headers=PAGE))
    assert "Would settle it" in text
    assert "Sign gate.merge" in text


SENTENCE = (
    "Process customer data in real-time to provide predictive insights with 99.5% uptime and sub-second response times."
)


def test_a_sentence_becomes_questions_and_their_answers_a_commit_on_a_branch(house, team):
    lisa = house.enter("lisa")
    asked = seen(lisa.post(f"{BASE}/sentence", data={"sentence": SENTENCE}, headers=PAGE))
    assert "4 questions before anybody can verify it" in asked
    form = {
        "sentence": SENTENCE, "title": "Insights in time", "for-product": "jake", "for-engineering": "lisa", "propose": "1",
        "customers": ["northbank"], "answer-latency-condition": "while the adviser is on the phone", "by-latency-condition": "lisa",
        "criterion-latency-condition": "p95 of insight.latency < 1 s at 200/s over 30 d per customer",
    }  # fmt: skip
    text = seen(lisa.post(f"{BASE}/sentence", data=form, headers=PAGE))
    branch = re.search(r"on branch (\S+)\. ", text)[1]
    files = git(team, "diff", "--name-only", "main", branch).splitlines()
    assert len(files) == 2
    session, requirement = (next(f for f in files if f.startswith(kind)) for kind in ("sessions/", "requirements/"))
    assert "attendees:\n  product: [jake]\n  engineering: [lisa]" in git(team, "show", f"{branch}:{session}")
    written = git(team, "show", f"{branch}:{requirement}")
    assert "that: p95 of insight.latency < 1 s at 200/s over 30 d per customer" in written
    assert "customers: [northbank]" in written
    assert SENTENCE in written
    assert git(team, "log", "-1", "--format=%an", branch) == "lisa"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"for-product": ""}, "name who speaks for product"),
        ({"criterion-latency-condition": "p95 of insight.latency < 1"}, "1 s?"),
        ({"answer-latency-condition": "", "criterion-latency-condition": ""}, "answer at least one question"),
        ({"customers": ["nobody"]}, "nobody is nobody in customers.yaml"),
        ({"by-latency-condition": "eve"}, "eve is nobody under people"),
    ],
)
def test_what_is_not_filled_in_as_it_must_be_is_said_and_nothing_is_proposed(house, team, change, said):
    form = {
        "sentence": SENTENCE, "title": "", "for-product": "jake", "for-engineering": "lisa", "propose": "1",
        "answer-latency-condition": "at once", "criterion-latency-condition": "", **change,
    }  # fmt: skip
    answer = house.enter("lisa").post(f"{BASE}/sentence", data=form, headers=PAGE)
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert "propose" not in git(team, "branch", "--list")


def test_every_page_names_its_commit_and_holds_no_style_or_script_that_the_policy_would_refuse(lived):
    lisa = lived.enter("lisa")
    for page in (
        "",
        "/promises/REQ-LAT-001.c1",
        "/gates",
        "/gates/merge",
        "/customers",
        "/customers/northbank",
        "/sentence",
    ):
        answer = lisa.get(f"{BASE}{page}", headers=PAGE)
        assert "style=" not in answer.text, page
        assert f"commit {lived.server.products['insights'].known.view.commit[:7]}" in answer.text, page
        assert re.search(r"<script(?![^>]*(src=|application/json))", answer.text) is None, page
        assert re.search(r"\son\w+=", answer.text) is None, page
        assert "'unsafe" not in answer.headers["content-security-policy"]


def test_what_is_vendored_is_what_its_manifest_says():
    import hashlib
    import json
    from importlib.resources import files

    folder = files("upheld.web") / "static" / "vendor"
    for entry in json.loads((folder / "manifest.json").read_text("utf-8"))["files"]:
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (folder / entry["licence-file"]).is_file()
