"""Take the pictures of the documentation in a real Chromium (`CHROMIUM` says where it is).

.venv/bin/python scripts/pictures.py          write docs/images
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from upheld.core.evidence import canonical, encode
from upheld.core.scope import Grant, Role
from upheld.server.settings import Settings, Source
from upheld.store.accounts import Accounts
from upheld.store.database import Database
from upheld.store.ledger import append, stamp
from upheld.wiring import open_workspace

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
UPHELD = Path(sys.executable).with_name("upheld")
AT = "2026-11-22T12:00:00Z"
SAMPLE = ROOT / "src" / "upheld" / "sample"
PASSWORD = "a password for one minute"  # noqa: S105  # of a server that lives as long as the pictures take
SENTENCE = (
    "Process customer data in real-time to provide predictive insights with 99.5% uptime and sub-second response times."
)
GATE = (
    "merge:\n  kind: technical\n  stage: build\n  select: {status: [approved]}\n  sign-offs: [product, engineering]\n"
)


def main() -> None:
    """Write both reports into a temporary folder and photograph them."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project, board, promise = folder / "project", folder / "board.html", folder / "promise.html"
        _run(sys.executable, ROOT / "benchmarks" / "pages.py", "write", project, "24")
        _thread(project, project / "reports", board)
        _thread(SAMPLE, SAMPLE / "evidence", promise, "REQ-LAT-001")
        with sync_playwright() as driver:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            _reports(browser, {"board": board, "promise": promise})
            with _server(folder) as address:
                _pages(browser, address)
            browser.close()


def _thread(project: Path, evidence: Path, output: Path, *items: str) -> None:
    given = ("--project", project, "--evidence", evidence, "--at", AT, "--no-store")
    _run(UPHELD, "thread", *items, *given, "--format", "html", "--output", output)


def _reports(browser: Browser, pages: dict[str, Path]) -> None:
    for name, file in pages.items():
        for scheme, suffix in (("light", ""), ("dark", "-dark")):
            page = browser.new_page(
                viewport={"width": 1360, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
            )
            page.goto(file.as_uri())
            page.screenshot(path=IMAGES / f"{name}{suffix}.png")
            page.close()


def _pages(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, viewport={"width": 1360, "height": 900})
    page.goto("/")
    page.get_by_label("Name").fill("lisa")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/products/insights")
    for name, path in (
        ("threads", ""),
        ("gate", "/gates/merge"),
        ("customer", "/customers/northbank"),
        ("sentence", "/sentence"),
    ):
        page.goto(f"/products/insights{path}")
        if name == "sentence":
            page.get_by_label("The customer said").fill(SENTENCE)
            page.get_by_role("button", name="Ask what is open").click()
            page.get_by_text("questions before anybody").wait_for()
        page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """A server on the sample, with one account and the sample's evidence."""
    team, data = folder / "team", folder / "data"
    shutil.copytree(SAMPLE, team)
    shutil.rmtree(team / "evidence")
    (team / "gates.yaml").write_text(GATE, encoding="utf-8")
    who = ("-c", "user.name=Pictures", "-c", "user.email=pictures@example.com")
    for words in (["init", "--quiet", "-b", "main"], ["add", "."], [*who, "commit", "--quiet", "-m", "Begin"]):
        _run("git", "-C", str(team), *words)
    data.mkdir()
    now = datetime.now(UTC)
    database = Database(Settings(data=data, products={"insights": Source(origin=str(team))}).database_url)
    database.upgrade()
    grants = [Grant(product="insights", role=Role.ENGINEERING)]
    Accounts(database).create("lisa", password=PASSWORD, person="lisa", grants=grants, by="pictures", at=now)
    workspace = open_workspace(SAMPLE, store=False)
    with database.writing() as connection:
        for reading in workspace.read([SAMPLE / "evidence"], workspace.request()):
            for e in reading.evidence:
                append(
                    connection,
                    "insights",
                    "evidence",
                    e.id,
                    canonical(encode(e)).decode(),
                    at=stamp(now),
                    by="pictures",
                )
    database.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    told = {"UPHELD_PRODUCTS": f"insights={team}", "UPHELD_DATA": str(data), "UPHELD_ADDRESS": address}
    process = subprocess.Popen(
        [UPHELD, "serve", "--port", str(port)], env={**os.environ, **told}, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"{address}/readyz")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # our own server
                return
        except OSError:
            time.sleep(0.25)
    raise SystemExit(f"{address} did not answer within a minute")


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True)


if __name__ == "__main__":
    main()
