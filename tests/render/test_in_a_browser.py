"""The report in Chromium: no network, no message on the console, no serious problem for axe, usable by keyboard alone."""

from datetime import UTC, datetime

import pytest

from tests.browser import problems, started
from upheld.core.trial import trial
from upheld.render.document import report

pytestmark = [pytest.mark.slow, pytest.mark.upheld("REQ-PAG-001.c1")]
AT = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)
browser = pytest.fixture(scope="module")(started)


@pytest.fixture(scope="module")
def file(tmp_path_factory, sample, found, evidence):
    threads, known = (*sample[0], *found), [*sample[1], *evidence]
    steps = lambda t: trial(t.criterion, known, at=AT)  # noqa: E731
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(
        report(threads, known, project="Adviser Insights", subject="tree:4f1c9a2", at=AT, steps=steps), "utf-8"
    )
    return path.as_uri()


@pytest.fixture(params=["light", "dark"])
def page(request, browser, file):
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1360, "height": 900}, offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file)
    yield page
    context.close()
    assert said == []


def test_axe_finds_no_serious_problem(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert problems(page) == []


def test_the_verdict_is_chosen_with_the_keyboard_and_the_totals_follow(page):
    page.get_by_role("radio", name="✖ Not met 3").focus()
    page.keyboard.press("Space")
    visible = page.locator(".rows tbody tr:visible")
    assert visible.count() == 3
    assert page.locator("form [role=status]").inner_text() == "3 shown"


def test_a_search_hides_every_line_that_does_not_hold_all_words(page):
    page.get_by_label("Search").fill("wait")
    assert page.locator(".rows tbody tr:visible").all_inner_texts()[0].startswith("p95 of wait < 1 s")
    assert page.get_by_role("radio", name="All 1").count() == 1


def test_a_promise_is_reached_from_its_line_and_its_threshold_is_moved_by_keys(page):
    page.get_by_role("link", name="p95 of insight.latency < 1 s").first.click()
    article = page.locator("article[id='p-REQ-LAT-001.c1']")
    slider = article.get_by_role("slider")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert article.locator("output").inner_text().startswith("0.8 s:")
    assert "✖ lived (2: eastcredit, granitemutual)" in article.locator("output").inner_text()
    assert article.locator("circle.n").count() == 2
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert article.locator("output").inner_text() == "1 s, as promised"
    assert article.locator("circle.n").count() == 0


def test_the_threshold_can_be_dragged_in_the_picture(page):
    article = page.locator("article[id='p-REQ-LAT-001.c1']")
    picture = article.locator("svg.picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 100)
    page.mouse.up()
    assert "✖ tested" in article.locator("output").inner_text()


def test_without_a_script_everything_is_there_to_be_read(browser, file):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(file)
    assert page.get_by_role("row").filter(has_text="REQ-A.c1").first.is_visible()
    assert not page.locator("form.filters").is_visible()
    assert page.get_by_text("Other numbers, same evidence").first.is_visible()
    context.close()


def test_a_narrow_window_never_scrolls_the_page_sideways(browser, file):
    context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
    page = context.new_page()
    page.goto(file)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
