"""A project with evidence at every stage, its report as one HTML file, and how soon a browser shows it.

python benchmarks/pages.py write FOLDER 5000     write the project and its evidence
python benchmarks/pages.py judge FOLDER          judge all promises and write the file; prints what each took as JSON
python benchmarks/pages.py paint FILE            open a file in Chromium; prints the first paint in milliseconds
python benchmarks/pages.py board FOLDER          serve the board of that project (a git repository); prints what an answer costs
"""

import json
import os
import random
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import definitions

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONTH = {"from": "2026-10-23T12:00:00Z", "to": "2026-11-22T12:00:00Z"}
CALENDAR = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
RUN = {"from": "2026-11-22T10:00:00Z", "to": "2026-11-22T11:00:00Z"}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def write(folder: Path, count: int) -> None:
    """Every promise is asked at all four stages; the services differ, so that verdicts do."""
    definitions.write_upheld(folder, count)
    settings = (folder / "upheld.yaml").read_text().replace(
        "must: [build, production]", "must: [design, build, release, production]"
    )  # fmt: skip
    (folder / "upheld.yaml").write_text(settings)
    (folder / ".gitignore").write_text(".upheld/\nreports/\n")
    given = folder / "reports"
    given.mkdir()
    dice = random.Random(1)
    for place, service in enumerate(definitions.SERVICES):
        records = []
        typical = 0.15 + 0.1 * place  # seconds
        customers = [(name, typical * dice.uniform(0.8, 1.3)) for name in definitions.CUSTOMERS]
        for stage, window, who in (
            ("build", RUN, [("", typical)]), ("release", RUN, [("", typical * 1.05)]), ("production", MONTH, customers),
        ):  # fmt: skip
            for name, middle in who:
                fixed = {
                    "schema": "upheld/evidence/v1", "stage": stage, "environment": "staging" if stage == "build" else "production",
                    "observed": "2026-11-22T12:00:00Z", "conditions": {"offered": 500, "completed": 500},
                    "producer": {"tool": "benchmark"}, "population": {"customer": name} if name else {},
                    **({"subject": "build:42", "run": f"{stage}-{service}"} if stage != "production" else {}),
                }  # fmt: skip
                records.append(fixed | {
                    "indicator": f"{service}.latency", "window": window,
                    "statistic": {"kind": "quantile", "n": 200_000, "unit": "s", "cells": cells(dice, middle, 200_000)},
                })  # fmt: skip
                bad = dice.choice((40, 150, 900, 2500))
                records.append(fixed | {
                    "indicator": f"{service}.availability", "window": CALENDAR if stage == "production" else window,
                    "statistic": {"kind": "share", "n": 200_000, "good": 200_000 - bad},
                })  # fmt: skip
        for name, value, unit in (("latency", typical * 2.2, "s"), ("availability", 99.4 + 0.1 * place, "%")):
            low, high = (value * 0.8, value * 1.2) if unit == "s" else (value - 0.2, min(value + 0.2, 100))
            records.append({
                "schema": "upheld/evidence/v1", "stage": "design", "indicator": f"{service}.{name}",
                "observed": "2026-11-01T12:00:00Z", "producer": {"tool": "benchmark"},
                "statistic": {"kind": "prediction", "value": value, "low": low, "high": high, "level": 0.9, "unit": unit},
            })  # fmt: skip
        for number, each in enumerate(records):
            (given / f"{service}-{number:02}.json").write_text(json.dumps(each))


def cells(dice: random.Random, middle: float, n: int) -> list[list[float]]:
    """A log-normal distribution in the product's 2 % buckets."""
    counts: dict[tuple[float, float], int] = {}
    from upheld.core.evidence import bucket  # noqa: PLC0415

    for _ in range(400):
        key = bucket(dice.lognormvariate(0, 0.5) * middle)
        counts[key] = counts.get(key, 0) + n // 400
    return [[low, high, count] for (low, high), count in sorted(counts.items())]


def judge(folder: Path) -> dict[str, float]:
    """Seconds of processor time for reading, judging and drawing, and the size of the file in bytes."""
    from upheld.core.thread import threads  # noqa: PLC0415  # writing needs none of it
    from upheld.render.document import report  # noqa: PLC0415
    from upheld.wiring import open_workspace  # noqa: PLC0415

    started = time.process_time()
    workspace = open_workspace(folder, store=False)
    readings = workspace.read([folder / "reports"], workspace.request())
    evidence = workspace.named([e for reading in readings for e in reading.evidence])
    read = time.process_time()
    found = threads(workspace.catalogue, evidence, at=AT)
    judged = time.process_time()
    text = report(found, evidence, project="Benchmark", subject="", at=AT)
    (folder / "report.html").write_text(text, encoding="utf-8")
    drawn = time.process_time()
    return {
        "read": read - started, "judged": judged - read, "drawn": drawn - judged, "bytes": len(text.encode()),
        "criteria": len(found),
    }  # fmt: skip


def paint(file: Path) -> dict[str, float]:
    """Milliseconds until the first contentful paint and until the whole page is there, in a browser that is already up."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        browser.new_page().goto("about:blank")
        page = browser.new_page()
        page.goto(file.resolve().as_uri(), wait_until="load")
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        found = page.evaluate(
            "({first: performance.getEntriesByName('first-contentful-paint')[0].startTime,"
            " loaded: performance.getEntriesByType('navigation')[0].loadEventEnd})"
        )
        browser.close()
    return dict(found)


def board(folder: Path, times: int = 20) -> dict[str, float]:
    """Milliseconds of the server's processor time for one answer, once everything is warm, and its size in bytes.

    The server runs in this process without a network, so that its processor time is told from the client's: what a
    client of a few lines costs is inside the figure.
    """
    import tempfile  # noqa: PLC0415

    from fastapi.testclient import TestClient  # noqa: PLC0415

    from upheld.api.app import create_app  # noqa: PLC0415
    from upheld.core.evidence import encode  # noqa: PLC0415
    from upheld.core.scope import Grant, Right, Role  # noqa: PLC0415
    from upheld.server.settings import Settings, Source  # noqa: PLC0415
    from upheld.store.database import Database  # noqa: PLC0415
    from upheld.store.trail import seal  # noqa: PLC0415
    from upheld.web.app import mount  # noqa: PLC0415
    from upheld.wiring import open_workspace  # noqa: PLC0415

    workspace = open_workspace(folder, store=False)
    readings = workspace.read([folder / "reports"], workspace.request())
    sent = [encode(e) for reading in readings for e in reading.evidence]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        settings = Settings(
            data=Path(data), products={"big": Source(origin=str(folder))}, address="http://testserver", refresh=86400.0,
            rate=1e6, burst=10**9, login_rate=1e6, login_burst=10**9,
        )  # fmt: skip
        database = Database(settings.database_url)
        database.upgrade()
        database.close()
        app = create_app(settings, mounts=[mount])
        server = app.state.server
        now = datetime.now(UTC)
        password = "correct horse battery"  # noqa: S105  # of a database that is thrown away
        server.accounts.create(
            "lisa", password=password, grants=[Grant(product="big", role=Role.ENGINEERING)], by="bench", at=now
        )
        _, secret = server.accounts.issue(
            "bench",
            product="big",
            rights=[Right.EVIDENCE],
            customer="",
            ends=now.replace(year=now.year + 1),
            by="bench",
            at=now,
        )
        with TestClient(app, base_url=settings.address) as client:
            # What is shown is kept for a minute and then judged again, in the background: a figure of warm answers
            # holds none of that.
            server.stopping.set()
            server.wake()
            for thread in threading.enumerate():
                if thread.name == "keeper":
                    thread.join()
            product = server.products["big"]
            product.refresh()
            machine = {"authorization": f"Bearer {secret}"}
            answer = client.post("/api/v1/products/big/evidence", json=sent, headers=machine)
            assert answer.status_code == 201, answer.text[:500]
            while seal(server.database):
                pass
            product.catch_up()
            server.now = lambda: now
            answer = client.post("/api/v1/session", json={"name": "lisa", "password": password})
            assert answer.status_code == 200, answer.text[:500]
            found: dict[str, float] = {}
            for name, query in (("board", ""), ("filtered", "?customer=bank-03&verdict=not+met&text=latency")):
                answer = client.get(f"/products/big{query}")
                assert answer.status_code == 200, answer.text[:500]
                started = time.process_time()
                for _ in range(times):
                    answer = client.get(f"/products/big{query}")
                found[name] = (time.process_time() - started) / times * 1000
                found[f"{name}-bytes"] = len(answer.content)
                found[f"{name}-lines"] = answer.text.count('<th scope="row">')
    return found


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    if word == "write":
        write(Path(rest[0]), int(rest[1]))
    else:
        print(json.dumps({"judge": judge, "paint": paint, "board": board}[word](Path(rest[0]))))
