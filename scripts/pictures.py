"""Take the pictures of the documentation in a real Chromium (`CHROMIUM` says where it is).

.venv/bin/python scripts/pictures.py          write docs/images
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
UPHELD = Path(sys.executable).with_name("upheld")
AT = "2026-11-22T12:00:00Z"
SAMPLE = ROOT / "src" / "upheld" / "sample"


def main() -> None:
    """Write both reports into a temporary folder and photograph them."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project, board, promise = folder / "project", folder / "board.html", folder / "promise.html"
        _run(sys.executable, ROOT / "benchmarks" / "pages.py", "write", project, "24")
        _thread(project, project / "reports", board)
        _thread(SAMPLE, SAMPLE / "evidence", promise, "REQ-LAT-001")
        _photograph({"board": board, "promise": promise})


def _thread(project: Path, evidence: Path, output: Path, *items: str) -> None:
    given = ("--project", project, "--evidence", evidence, "--at", AT, "--no-store")
    _run(UPHELD, "thread", *items, *given, "--format", "html", "--output", output)


def _photograph(pages: dict[str, Path]) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, file in pages.items():
            for scheme, suffix in (("light", ""), ("dark", "-dark")):
                page = browser.new_page(
                    viewport={"width": 1360, "height": 900},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page.goto(file.as_uri())
                page.screenshot(path=IMAGES / f"{name}{suffix}.png")
                page.close()
        browser.close()


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True)


if __name__ == "__main__":
    main()
