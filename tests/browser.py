"""A real Chromium for tests, and axe in it; both are skipped with the reason where they are not there."""

import json
import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

SERIOUS = ("serious", "critical")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> Path:
    """Where Chromium lies: `CHROMIUM`, else on the path."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        found = name and shutil.which(name)
        if found:
            return Path(found)
    pytest.skip("no Chromium: install it, or set CHROMIUM to where it is")


def started() -> Iterator:
    """A browser that ends with the test."""
    path = chromium()
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def problems(page) -> list[str]:
    """What axe finds serious on the page as it is now."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("axe is not installed: pip install axe-playwright-python")
    page.evaluate(
        (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    )  # past the policy, as a tool of the browser
    found = json.loads(page.evaluate("axe.run().then(r => JSON.stringify(r.violations))"))
    return [
        f"{v['impact']} {v['id']}: {v['help']} {[n['target'] for n in v['nodes'][:4]]}"
        for v in found
        if v["impact"] in SERIOUS
    ]
