"""`upheld mcp` answers the official client, over a real process and in it, and changes nothing."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.faces.test_judging_commands import Shop, junit
from upheld.cli import cli

pytest.importorskip("mcp")
from mcp import Client, StdioServerParameters

from upheld.mcp import server

pytestmark = [
    pytest.mark.upheld("REQ-MCP-001.c1"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the libraries below the SDK
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
TOOLS = {"list_threads", "read_thread", "explain_verdict", "requirements_of_file", "gate_needs"}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.edit(
        "upheld.yaml",
        "since: 2026-11-22",
        "since: 2026-11-22\nfolders: {evidence: evidence}\npaths: {src/**: REQ-LAT-001.c1}",
    )
    shop.write("src/service.py", "answer = 1\n")
    shop.write("tests/test_a.py", '@pytest.mark.upheld("REQ-LAT-001.c2")\ndef test_a(): ...\n')
    return shop


def ask(shop: Shop, tool: str, **words):
    """One call by the official client, in this process; gives the structured answer, or the error's text."""

    async def call():
        async with Client(server(shop.root, now=lambda: datetime.now(UTC))) as client:
            return await client.call_tool(tool, words)

    answer = asyncio.run(call())
    return answer.content[0].text if answer.is_error else answer.structured_content


def test_the_official_client_lists_the_tools_over_a_real_process_and_all_are_read_only(shop):
    async def call():
        words = ["-c", "from upheld.cli import main; main()", "mcp", "--project", str(shop.root)]
        async with Client(StdioServerParameters(command=sys.executable, args=words)) as client:
            tools = (await client.list_tools()).tools
            answer = await client.call_tool("list_threads", {})
            return tools, answer.structured_content, client.instructions

    tools, threads, instructions = asyncio.run(call())
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    assert all(schema.get("description") for tool in tools for schema in tool.input_schema["properties"].values())
    assert [c["criterion"] for c in threads["criteria"]] == ["REQ-LAT-001.c1", "REQ-LAT-001.c2", "REQ-LAT-001.c3"]
    assert "Inconclusive is never a pass" in instructions


def test_a_thread_is_what_the_command_prints(shop):
    told = ask(shop, "read_thread", id="REQ-LAT-001.c2")
    printed = json.loads(shop.run("thread", "REQ-LAT-001.c2", "--no-store", "--format", "json").stdout)
    for document in (told, printed):
        document.pop("at")
    assert told == printed


def test_a_verdict_is_explained_with_its_numbers_and_what_would_settle_it(shop):
    shop.evidence("tasks.json", {"schema": "upheld/evidence/v1", "indicator": "task.done", "stage": "build",
                                 "subject": "", "statistic": {"kind": "share", "n": 8, "good": 8}})  # fmt: skip
    told = ask(shop, "explain_verdict", criterion="REQ-LAT-001.c3")
    assert told["verdict"] == "inconclusive"
    assert "at least 68.8 % with 95 % confidence" in told["explanation"]
    assert "would settle it: 21 more, all good" in told["explanation"]


@pytest.mark.parametrize(
    ("path", "criteria"),
    [("src/service.py", ["REQ-LAT-001.c1"]), ("tests/test_a.py", ["REQ-LAT-001.c2"]), ("customers.yaml", []),
     ("requirements/REQ-LAT-001.md", ["REQ-LAT-001.c1", "REQ-LAT-001.c2", "REQ-LAT-001.c3"])],
)  # fmt: skip
def test_a_file_leads_to_the_promises_that_it_serves(shop, path, criteria):
    assert [c["criterion"] for c in ask(shop, "requirements_of_file", path=path)["criteria"]] == criteria


def test_a_gate_says_what_it_still_needs(shop):
    shop.evidence("junit.xml", junit("one"))
    told = ask(shop, "gate_needs", gate="merge")
    needs = {n["criterion"]: n for n in told["needs"]}
    assert told["verdict"] == "not met"
    assert needs["REQ-LAT-001.c2"]["verdict"] == "not met"
    assert needs["REQ-LAT-001.c1"]["would_settle_it"]
    assert ask(shop, "gate_needs", gate="strict")["sign_offs"] == [{"role": "product", "state": "missing"}]


@pytest.mark.parametrize(
    ("tool", "words", "said"),
    [
        ("read_thread", {"id": "REQ-X"}, 'no requirement or criterion "REQ-X"'),
        ("explain_verdict", {"criterion": "REQ-LAT-001"}, 'no criterion "REQ-LAT-001"'),
        ("explain_verdict", {"criterion": "REQ-LAT-001.c1", "stage": "later"}, 'no stage "later"'),
        ("requirements_of_file", {"path": "../../etc/passwd"}, "is no file of the project"),
        ("gate_needs", {"gate": "nothing"}, 'no gate "nothing"; known: merge'),
    ],
)  # fmt: skip
def test_what_names_nothing_is_one_clear_error(shop, tool, words, said):
    told = ask(shop, tool, **words)
    assert said in told
    assert "Traceback" not in told


def test_nothing_in_the_project_is_written(shop):
    def state() -> dict[str, tuple[int, int]]:
        return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in shop.root.rglob("*") if ".git/" not in str(p)}

    before = state()
    for tool, words in (("list_threads", {}), ("read_thread", {"id": "REQ-LAT-001"}), ("gate_needs", {"gate": "merge"}),
                        ("requirements_of_file", {"path": "src/service.py"})):  # fmt: skip
        ask(shop, tool, **words)
    assert state() == before


def test_a_project_that_is_none_is_told_at_the_start(tmp_path):
    done = subprocess.run([sys.executable, "-c", "from upheld.cli import main; main()", "mcp", "--project", str(tmp_path)],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "no upheld.yaml" in done.stderr


def test_without_the_extra_the_command_says_what_to_install(shop, monkeypatch):
    monkeypatch.setitem(sys.modules, "upheld.mcp", None)
    answer = CliRunner().invoke(cli, ["mcp", "--project", str(shop.root)])
    assert "pip install 'upheld[mcp]'" in str(answer.exception)
