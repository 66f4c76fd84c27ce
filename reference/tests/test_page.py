"""The adviser's page in a real browser: pick a client, read the insight, start a what-if and watch it."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from test_service import Served, home, served, work  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not (chromium := shutil.which("chromium")):
        pytest.skip("no chromium on PATH")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.scripted = request.param
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    yield page
    context.close()


def test_an_adviser_picks_a_client_reads_the_insight_and_watches_a_what_if(served: Served, page: Any) -> None:  # noqa: F811
    page.goto(served.url)
    page.get_by_role("link", name="NB-000001").click()
    assert page.get_by_role("heading", name="NB-000001").is_visible()
    assert page.get_by_text("likely to say yes").is_visible()
    assert page.get_by_role("row", name="mainframe").is_visible()
    page.get_by_label("Rates change by (points)").fill("2")
    page.get_by_role("button", name="Start what-if").click()
    page.get_by_role("progressbar").wait_for()
    worker = threading.Thread(target=work, args=(served.home, ("what-if",)))
    worker.start()
    page.get_by_role("row", name="what if").wait_for(timeout=20_000)
    worker.join()
    assert page.get_by_role("status").inner_text() == "Done."
    assert page.problems == []


def test_a_client_number_typed_into_the_search_opens_the_client(served: Served, page: Any) -> None:  # noqa: F811
    page.goto(served.url)
    page.get_by_label("Client number").fill("AB-000001")
    page.get_by_role("button", name="Open").click()
    assert page.get_by_role("heading", name="AB-000001").is_visible()


def test_every_page_has_one_main_one_first_heading_and_labelled_fields(served: Served, page: Any) -> None:  # noqa: F811
    for path in ("/", "/clients/NB-000001"):
        page.goto(served.url + path)
        assert page.get_by_role("main").count() == 1 and page.get_by_role("heading", level=1).count() == 1
        for field in page.locator("input:not([type=hidden])").all():
            assert field.evaluate("e => e.labels.length") if page.scripted else True
