"""`upheld check review`: what a change touches, what must be shown, whose approval counts, in a real repository."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.faces.test_judging_commands import Shop, junit, load

pytestmark = pytest.mark.upheld("REQ-REV-001.c1")

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/review-v1.json").read_text(encoding="utf-8"))
RULES = """
paths:
  "src/insight/**": {serves: [REQ-LAT-001.c1], review: [security]}
  "docs/**": {because: "explains, promises nothing"}
"""
TEST_FILE = """import pytest


@pytest.mark.upheld("REQ-LAT-001.c2")
def test_linked():
    assert 1 + 1 == 2


def test_free():
    assert 3 > 2
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.edit("upheld.yaml", "jake: {role: product}", "jake: {role: product, email: jake@example.com}")
    shop.edit("upheld.yaml", "lisa: {role: engineering}",
              "lisa: {role: engineering, email: lisa@example.com}\n  mo: {role: [engineering, security]}")  # fmt: skip
    shop.write("upheld.yaml", (shop.root / "upheld.yaml").read_text(encoding="utf-8") + RULES)
    shop.write("src/insight/service.py", "answer = 1\n")
    shop.write("src/util.py", "# nothing\n")
    shop.write("tests/test_insight.py", TEST_FILE)
    commit(shop, "base")
    shop.git("tag", "base")
    return shop


def commit(shop: Shop, message: str, author: str = "lisa@example.com") -> None:
    shop.git("add", "-A", "--", ":!evidence")
    shop.git("-c", f"user.email={author}", "commit", "-q", "-m", message)


def review(shop: Shop, *words: str, evidence: bool = False) -> tuple[int, dict]:
    given = ["--evidence", str(shop.root / "evidence")] if evidence else []
    answer = shop.run("check", "review", "--diff", "base..HEAD", "--no-store", "--format", "json", *given, *words)
    document = json.loads(answer.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    return answer.exit_code, document


def subject(shop: Shop) -> str:
    return review(shop)[1]["subject"]


def measured(shop: Shop) -> None:
    """Evidence for exactly the source as it is: the load test and the linked tests."""
    shop.evidence("load.json", load(subject=subject(shop)))
    shop.evidence("junit.xml", junit())


def touched(document: dict) -> dict[str, list[str]]:
    return {c["criterion"]: [f"{t['path']}: {t['how']}" for t in c["touched_by"]] for c in document["criteria"]}


class TestWhatIsTouched:
    def test_a_path_rule_leads_from_code_to_the_promise(self, shop):
        shop.write("src/insight/service.py", "answer = 2\n")
        commit(shop, "faster")
        _, document = review(shop)
        assert touched(document) == {"REQ-LAT-001.c1": ["src/insight/service.py: path rule src/insight/**"]}

    def test_a_mark_speaks_for_its_own_test_and_not_for_its_neighbour(self, shop):
        shop.edit("tests/test_insight.py", "3 > 2", "4 > 2")
        commit(shop, "neighbour")
        _, document = review(shop)
        assert touched(document) == {}
        assert document["unserved"] == ["tests/test_insight.py"]
        shop.edit("tests/test_insight.py", "1 + 1 == 2", "2 + 2 == 4")
        commit(shop, "the test itself")
        _, document = review(shop)
        assert touched(document) == {"REQ-LAT-001.c2": ["tests/test_insight.py: links to it at line 4"]}

    def test_a_comment_in_any_language_links_its_file(self, shop):
        shop.write("web/app.js", "// upheld: REQ-LAT-001.c3\nlet x = 1\n")
        commit(shop, "page")
        _, document = review(shop)
        assert touched(document) == {"REQ-LAT-001.c3": ["web/app.js: links to it at line 1"]}

    def test_a_test_that_no_longer_links_asks_what_shows_it_now(self, shop):
        shop.edit("tests/test_insight.py", '@pytest.mark.upheld("REQ-LAT-001.c2")\n', "")
        commit(shop, "unlink")
        _, document = review(shop)
        assert touched(document) == {"REQ-LAT-001.c2": ["tests/test_insight.py: no longer links to it"]}
        assert any("no longer shows REQ-LAT-001.c2: what shows it now?" in c["text"] for c in document["checklist"])

    def test_a_tightened_promise_needs_product_and_its_decisions(self, shop):
        shop.edit("requirements/REQ-LAT-001.md", "< 1 s at", "< 0.8 s at")
        commit(shop, "tighten")
        _, document = review(shop)
        assert touched(document)["REQ-LAT-001.c1"] == ["requirements/REQ-LAT-001.md: its definition is tightened"]
        assert {r["role"] for r in document["reviewers"]} == {"engineering", "product"}
        assert document["criteria"][0]["change"]["direction"] == "tightened"

    def test_a_change_that_serves_no_requirement_is_named_and_never_passes(self, shop):
        shop.write("src/util.py", "# something\n")
        commit(shop, "util")
        status, document = review(shop, "--approved", "mo")
        assert (status, document["unserved"]) == (3, ["src/util.py"])
        assert "serves no requirement" in document["reason"]

    def test_a_change_of_what_need_not_serve_one_passes_and_says_why(self, shop):
        shop.write("docs/guide.md", "words\n")
        commit(shop, "docs")
        status, document = review(shop)
        assert (status, document["verdict"], document["unserved"]) == (0, "met", [])
        assert document["excused"] == [{"path": "docs/guide.md", "because": "explains, promises nothing"}]

    def test_a_mark_that_names_nothing_is_on_the_checklist(self, shop):
        shop.edit("tests/test_insight.py", "REQ-LAT-001.c2", "REQ-LAT-O01.c2")
        commit(shop, "typo")
        _, document = review(shop)
        assert document["unknown"] == [{"path": "tests/test_insight.py", "line": 4, "id": "REQ-LAT-O01.c2"}]

    def test_a_removed_and_a_renamed_file_are_part_of_the_change(self, shop):
        shop.git("rm", "-q", "src/util.py")
        shop.git("mv", "src/insight/service.py", "src/insight/answer.py")
        commit(shop, "move")
        _, document = review(shop)
        assert [(f["path"], f["removed"]) for f in document["files"]] == [
            ("src/insight/answer.py", False), ("src/util.py", True)
        ]  # fmt: skip
        assert "REQ-LAT-001.c1" in touched(document)


class TestWhoseApprovalCounts:
    @pytest.fixture
    def changed(self, shop):
        shop.write("src/insight/service.py", "answer = 2\n")
        commit(shop, "faster")
        return shop

    def states(self, document):
        return {r["role"]: (r["state"], r["person"]) for r in document["reviewers"]}

    def test_an_approval_without_the_needed_evidence_does_not_count(self, changed):
        status, document = review(changed, "--approved", "mo")
        assert status == 3
        assert self.states(document)["engineering"] == ("approved without evidence", "mo")
        assert "REQ-LAT-001.c1 is inconclusive" in document["reviewers"][0]["detail"]

    def test_with_the_evidence_it_counts(self, changed):
        measured(changed)
        status, document = review(changed, "--approved", "mo", evidence=True)
        assert self.states(document) == {"engineering": ("approved", "mo"), "security": ("approved", "mo")}
        assert (status, document["verdict"]) == (0, "met")

    def test_evidence_of_another_source_is_not_the_needed_one(self, changed):
        measured(changed)
        changed.write("src/insight/service.py", "answer = 3\n")
        commit(changed, "once more")
        status, document = review(changed, "--approved", "mo", evidence=True)
        assert (status, self.states(document)["engineering"][0]) == (3, "approved without evidence")

    def test_a_promise_that_is_not_met_exits_1_whoever_approved(self, changed):
        changed.evidence("load.json", load(fast=60_000, slow=60_000, subject=subject(changed)))
        status, document = review(changed, "--approved", "mo", evidence=True)
        assert (status, document["verdict"]) == (1, "not met")

    def test_nobody_approves_their_own_change(self, changed):
        measured(changed)
        status, document = review(changed, "--approved", "lisa", "--approved", "mo:security", evidence=True)
        assert (status, self.states(document)["engineering"]) == (3, ("approved by its author", "lisa"))

    def test_a_role_that_somebody_does_not_hold_is_not_theirs_to_give(self, changed):
        measured(changed)
        _, document = review(changed, "--approved", "jake", evidence=True)
        assert self.states(document)["engineering"] == ("missing", None)

    def test_a_sign_off_in_git_counts_until_the_source_changes(self, changed):
        measured(changed)
        for role in ("engineering", "security"):
            done = changed.run("sign", "change", "--diff", "base..HEAD", "--role", role, "--person", "mo")
            assert done.exit_code == 0
        commit(changed, "approve", "mo@example.com")
        status, document = review(changed, evidence=True)
        assert (status, self.states(document)["engineering"]) == (0, ("approved", "mo"))
        changed.write("src/insight/service.py", "answer = 3\n")
        commit(changed, "after the approval")
        measured(changed)
        assert self.states(review(changed, evidence=True)[1])["engineering"] == ("missing", None)


class TestFaces:
    def test_text_and_markdown_name_promise_customers_and_what_is_missing(self, shop):
        shop.write("src/insight/service.py", "answer = 2\n")
        shop.write("src/util.py", "# more\n")
        commit(shop, "faster")
        text = shop.run("check", "review", "--diff", "base..HEAD", "--no-store").stdout
        assert "○ REQ-LAT-001.c1  p95 of insight.latency < 1 s" in text
        assert "would settle it: evidence of insight.latency" in text
        assert "serves no requirement: src/util.py" in text
        comment = shop.run("check", "review", "--diff", "base..HEAD", "--no-store", "--format", "markdown").stdout
        assert "| ○ | REQ-LAT-001.c1 |" in comment
        assert "eastcredit, northbank" in comment
        assert "- [ ] " in comment

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--diff", "..HEAD"], "is not BASE..HEAD"), (["--diff", "nowhere..HEAD"], '"nowhere" is no commit'),
            (["--diff", "base..HEAD", "--approved", "nobody"], '"nobody" is nobody in upheld.yaml'),
        ],
    )  # fmt: skip
    def test_what_names_nothing_exits_2_with_one_line(self, shop, words, said):
        answer = shop.run("check", "review", *words)
        assert answer.exit_code == 2
        assert said in str(answer.exception)

    def test_a_path_rule_that_leads_nowhere_is_told_by_lint(self, shop):
        shop.edit("upheld.yaml", "[REQ-LAT-001.c1]", "[REQ-LAT-010]")
        found = json.loads(shop.run("lint", "--format", "json").stdout)["findings"]
        [fault] = [f for f in found if f["rule"] == "path-rule"]
        lines = (shop.root / "upheld.yaml").read_text(encoding="utf-8").splitlines()
        assert lines[fault["line"] - 1][fault["column"] - 1 :].startswith("REQ-LAT-010")

    def test_it_needs_no_project_at_the_base(self, tmp_path):
        shop = Shop(tmp_path / "new")
        shop.git("checkout", "-q", "--orphan", "before")
        shop.git("rm", "-rqf", ".")
        shop.write("README.md", "empty\n")
        shop.git("add", "README.md")
        shop.git("commit", "-q", "-m", "empty")
        shop.git("tag", "base")
        shop.git("checkout", "-q", "main")
        shop.git("rebase", "-q", "--onto", "before", "--root")
        _, document = review(shop)
        assert {c["change"]["direction"] for c in document["criteria"]} == {"added"}
