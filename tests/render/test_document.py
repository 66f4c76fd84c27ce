"""The report: one file that needs nothing else, read by a browser without network, without script, and by axe."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from upheld.core.trial import trial
from upheld.render.document import DETAILED, policy, report

pytestmark = pytest.mark.upheld("REQ-PAG-001.c1")
AT = datetime(2026, 11, 22, 7, 40, tzinfo=UTC)


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def text(sample):
    known = sample[1]
    steps = lambda t: trial(t.criterion, known, at=AT)  # noqa: E731
    return report(*sample, project="Adviser Insights", subject="tree:4f1c9a2", at=AT, steps=steps)


def test_nothing_is_loaded_from_anywhere(text):
    for tag, attributes in Elements(text).found:
        assert "src" not in attributes, tag
        assert attributes.get("href", "#").startswith("#"), tag
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_allows_the_own_style_and_script_and_nothing_more(text):
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[-1]
    meta = next(a["content"] for t, a in Elements(text).found if a.get("http-equiv") == "Content-Security-Policy")
    assert meta == policy(style, script)
    assert meta.startswith("default-src 'none'")
    assert "unsafe" not in meta


def test_the_same_inputs_give_the_same_bytes(sample, text):
    known = sample[1]
    again = report(*sample, project="Adviser Insights", subject="tree:4f1c9a2", at=AT,
                   steps=lambda t: trial(t.criterion, known, at=AT))  # fmt: skip
    assert again == text


def test_a_small_project_has_every_promise_one_by_one_and_links_to_it(found, evidence):
    text = report(found, evidence, project="p", subject="", at=AT)
    identities = {a["id"] for _, a in Elements(text).found if "id" in a}
    links = [a["href"][1:] for t, a in Elements(text).found if t == "a"]
    assert {f"p-REQ-{letter}.c1" for letter in "ABCDE"} <= identities
    assert set(links) <= identities


def test_a_large_project_says_how_many_promises_stand_on_the_board_alone(found, evidence):
    many = found * 20
    text = report(many, evidence, project="p", subject="", at=AT)
    assert text.count("<article") == DETAILED
    assert f"{100 - DETAILED} promises stand on the board alone" in text
    assert text.count('<th scope="row"><a href="#p-') + text.count('<th scope="row">') >= 100


def test_what_cannot_be_judged_as_written_is_counted_and_not_forgotten(found, evidence):
    text = report(found, evidence, project="p", subject="", at=AT, written=7)
    assert "2 criteria cannot be judged as written" in text


def test_what_people_wrote_cannot_become_markup(found, evidence):
    text = report(found, evidence, project="</title><script>x()</script>", subject="", at=AT)
    assert "<script>x()" not in text
    assert "<script>alert" not in text
    assert "</script><b>" not in text


def test_an_empty_project_is_a_page_too():
    text = report((), (), project="p", subject="", at=AT)
    assert "0 promises." in text
