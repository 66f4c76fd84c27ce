"""Wait for the demo's server, ask it for the thread as anybody could, and say where a person finds it.

scripts/demo_server.py LOG PASSWORD PID: ends with 0 when the server answered, with 1 when it ended or took too long.
"""

import http.cookiejar
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

PATIENCE = 90.0


def main() -> int:
    """Wait, ask, tell."""
    log, password, process = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    address = _ready(log, process)
    if not address:
        print(
            f"the server did not start; its log is {log}:",
            log.read_text(encoding="utf-8")[-2000:],
            sep="\n",
            file=sys.stderr,
        )
        return 1
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    body = json.dumps({"name": "demo", "password": password}).encode()
    headers = {"content-type": "application/json"}
    browser.open(urllib.request.Request(f"{address}/api/v1/session", body, headers), timeout=30)  # noqa: S310  # our own server
    with browser.open(f"{address}/api/v1/products/upheld/threads", timeout=60) as answer:
        found = json.loads(answer.read())
    print(f"\nThis repository on the server: {found['total']} promises at commit {found['commit'][:7]}")
    print(f"  {address}/    sign in as demo with {password}")
    if not os.environ.get("ONCE"):
        if os.environ.get("DISPLAY") or sys.platform == "darwin":
            webbrowser.open(address)
        print("  Ctrl-C ends it.")
    return 0


def _ready(log: Path, process: int) -> str:
    """The address of the server once it is ready; empty when it ended or took too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except OSError:
            return ""
        said = re.search(r" at (http://\S+)/", log.read_text(encoding="utf-8") if log.exists() else "")
        if said:
            try:
                with urllib.request.urlopen(f"{said[1]}/readyz", timeout=10):  # noqa: S310  # our own server
                    return said[1]
            except (urllib.error.URLError, OSError):
                pass
        time.sleep(0.2)
    return ""


if __name__ == "__main__":
    sys.exit(main())
