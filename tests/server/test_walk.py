"""A walk through the pages in a real Chromium, on a real server process: by keyboard, in both colour schemes, before axe."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser import problems, started
from tests.server.conftest import PASSWORD, PERSONAS, SAMPLE, git
from upheld.core.evidence import encode
from upheld.server.settings import Settings, Source
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.wiring import open_workspace

pytestmark = [pytest.mark.slow, pytest.mark.upheld("REQ-PAG-001.c1")]
SENTENCE = (
    "Process customer data in real-time to provide predictive insights with 99.5% uptime and sub-second response times."
)
browser = pytest.fixture(scope="module")(started)


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Path:
    """The sample as a team's repository, one promise loosened for one customer so that something needs somebody."""
    root = tmp_path_factory.mktemp("walk") / "origin"
    shutil.copytree(SAMPLE, root)
    shutil.rmtree(root / "evidence")
    (root / "gates.yaml").write_text(
        "merge:\n  kind: technical\n  stage: build\n  select: {status: [approved]}\n  sign-offs: [engineering]\n"
        "  waivers: {approver: engineering, at-most: 14 d}\n",
        encoding="utf-8",
    )
    text = (root / "requirements/REQ-LAT-001.md").read_text("utf-8")
    tighter = (
        text.replace("REQ-LAT-001", "REQ-LAT-002")
        .replace("< 1 s", "< 0.8 s")
        .replace("Insights arrive", "Insights come at once")
    )
    (root / "requirements/REQ-LAT-002.md").write_text(tighter, "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


@pytest.fixture(scope="module")
def address(team, tmp_path_factory):
    """A server in a process of its own with the sample's evidence and one account a persona."""
    data = tmp_path_factory.mktemp("data")
    settings = Settings(data=data, products={"insights": Source(origin=str(team))})
    database = Database(settings.database_url)
    database.upgrade()
    for name, grants in PERSONAS.items():
        Accounts(database).create(name, password=PASSWORD, person=name, grants=grants, by="test", at=datetime.now(UTC))
    database.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        **os.environ, "UPHELD_PRODUCTS": f"insights={team}", "UPHELD_DATA": str(data), "UPHELD_ADDRESS": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    command = [sys.executable, "-c", "from upheld.cli import main; main()", "serve", "--port", str(port)]
    with (data / "log").open("w") as log:
        process = subprocess.Popen(command, env=variables, stderr=log, cwd=data)
    where = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            if urllib.request.urlopen(f"{where}/readyz", timeout=5).status == 200:
                break
        except OSError:
            time.sleep(0.25)
    else:
        pytest.fail((data / "log").read_text()[-2000:])
    _send(where, settings)
    yield where
    process.terminate()
    process.wait(30)


def _send(where: str, settings: Settings) -> None:
    import httpx

    from upheld.core.scope import Right

    database = Database(settings.database_url)
    now = datetime.now(UTC)
    from datetime import timedelta

    _, secret = Accounts(database).issue(
        "test",
        product="insights",
        rights=[Right.EVIDENCE],
        customer="",
        ends=now + timedelta(days=1),
        by="test",
        at=now,
    )
    database.close()
    workspace = open_workspace(SAMPLE, store=False)
    readings = workspace.read([SAMPLE / "evidence"], workspace.request())
    sent = [encode(e) for r in readings for e in r.evidence]
    answer = httpx.post(
        f"{where}/api/v1/products/insights/evidence",
        json=sent,
        headers={"authorization": f"Bearer {secret}"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text


@pytest.fixture(params=["light", "dark"])
def enter(request, browser, address):
    """Opens a page signed in as a persona; whatever the console says fails the test."""
    said: list[str] = []
    contexts = []

    def signed_in(name: str):
        context = browser.new_context(
            base_url=address, color_scheme=request.param, viewport={"width": 1360, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/products/insights")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert said == []


def test_every_page_passes_axe(enter, browser, address):
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    assert problems(page) == []
    page.close()
    page = enter("lisa")
    for path in (
        "",
        "/promises/REQ-LAT-001.c1",
        "/gates",
        "/gates/merge",
        "/customers",
        "/customers/northbank",
        "/sentence",
    ):
        page.goto(f"/products/insights{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert problems(page) == [], path
    page.get_by_label("The customer said").fill(SENTENCE)
    page.get_by_role("button", name="Ask what is open").click()
    page.get_by_text("4 questions").wait_for()
    assert problems(page) == []


def test_the_walk_sign_in_board_promise_sign_off_sentence(enter, team, request):
    page = enter("lisa")
    page.get_by_role("link", name="✖ REQ-LAT-002.c1").wait_for()
    page.get_by_label("Search").fill("LAT-001")
    page.locator("#lines tbody tr").filter(has_text="REQ-LAT-002").wait_for(state="detached")
    page.wait_for_url("**text=LAT-001*")
    assert page.locator("#count-").inner_text() == "1"
    page.locator("#lines tbody th a").click()
    page.get_by_role("heading", name="p95 of insight.latency < 1 s").wait_for()
    page.get_by_role("slider").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert "✖ lived (2: eastcredit, granitemutual)" in page.locator("output").inner_text()
    page.get_by_label("What it means").fill("We can build this.")
    page.get_by_role("button", name="Sign REQ-LAT-001").click()
    page.get_by_text("● Signed; commit").wait_for()
    assert "We can build this." in git(team, "log", "-5", "--format=%b", "upheld/records")
    page.get_by_role("link", name="Gates").click()
    page.get_by_role("link", name="merge").click()
    page.get_by_role("heading", name=re.compile("Gate merge")).wait_for()
    page.get_by_role("link", name="Paste a sentence").click()
    page.get_by_label("The customer said").fill(SENTENCE)
    page.get_by_role("button", name="Ask what is open").click()
    page.get_by_label("Speaks for product").select_option("jake")
    page.get_by_label("Speaks for engineering").select_option("lisa")
    page.locator("[name=answer-latency-condition]").fill("while the adviser is on the phone")
    page.locator("[name=criterion-latency-condition]").fill(
        "p95 of insight.latency < 1 s at 200/s over 30 d per customer"
    )
    page.get_by_role("button", name="Propose as a commit on a branch").click()
    page.get_by_text("on branch").wait_for()
    branch = re.search(r"on branch (\S+)\. ", page.get_by_role("status").inner_text())[1]
    assert len(git(team, "diff", "--name-only", "main", branch).splitlines()) == 2


def test_a_customer_who_signs_in_sees_only_its_own(enter):
    page = enter("okafor")
    assert page.get_by_role("navigation").get_by_role("link").all_inner_texts() == ["Threads", "Customers"]
    for path in ("", "/promises/REQ-LAT-001.c1", "/customers"):
        page.goto(f"/products/insights{path}")
        text = page.content()
        for word in ("eastcredit", "granitemutual", "production-"):
            assert word not in text, path
    page.get_by_role("heading", name="What was promised to northbank").wait_for()


def test_a_board_that_is_open_shows_what_comes_in(enter, address, team):
    page = enter("jake")
    page.locator("#lines tbody tr").first.wait_for()
    assert page.locator("#lines tbody tr").count() == 2
    before = page.locator("#lines [hx-get]").get_attribute("hx-get")
    git(team, "commit", "-q", "--allow-empty", "-m", "nothing")
    page.wait_for_function(
        "before => document.querySelector('#lines [hx-get]').getAttribute('hx-get') !== before",
        arg=before,
        timeout=90_000,
    )
    assert page.locator("#lines tbody tr").count() == 2
