"""The checkers that a team would use instead, asked about the same files: real tools where they install, else labelled rules.

Each is asked only about formats that it reads. A tool that is not there is left out of the table, and the table says so.
"""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from cases import Case

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent / "build" / "honesty-peers"
LABELS = {
    "junit": "JUnit gate (junitparser: failures + errors = 0)",
    "sarif": "SARIF gate (sarif-tools: `sarif --check error`)",
    "fail-under": "coverage.py (`coverage report --fail-under=80`)",
    "line-rate": "Cobertura gate (rule: line-rate >= 0.8)",
    "p95": "load script (rule: p95 of the column < 1000 ms)",
    "promtool": "promtool (no alert on an error ratio above 1 %)",
    "great-expectations": "Great Expectations (`mostly=0.95`)",
    "evidently": "Evidently (test on the share of a category)",
}
Inputs = Sequence[tuple[Case, Path]]


def python(name: str) -> str:
    """A peer's own interpreter, installed once into build/honesty-peers; empty where that fails."""
    folder = HOME / name
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        words = [sys.executable, "-m", "venv", str(folder)]
        install = [str(folder / "bin/python"), "-m", "pip", "install", "-q", "-r", str(HERE / f"{name}.txt")]
        try:
            for step in (words, install):
                subprocess.run(step, check=True, capture_output=True, timeout=900)
        except (OSError, subprocess.SubprocessError):
            return ""
        (folder / "installed").touch()
    return str(folder / "bin/python")


def ask(inputs: Inputs) -> list[dict[str, bool]]:
    """What each checker says of each input: green or not."""
    found: list[dict[str, bool]] = [{} for _ in inputs]
    one_by_one: dict[str, dict[str, Callable[[Path], bool]]] = {
        "JUnit": {"junit": _junit}, "Cobertura": {"fail-under": _fail_under, "line-rate": _line_rate}, "load samples": {"p95": _p95},
    }  # fmt: skip
    if shutil.which("promtool"):
        one_by_one["counters"] = {"promtool": _promtool}
    if python("sarif"):
        one_by_one["SARIF"] = {"sarif": _sarif}
    asked = [(i, name, checker, folder) for i, (case, folder) in enumerate(inputs)
             for name, checker in one_by_one.get(case.format.name, {}).items()]  # fmt: skip
    with ThreadPoolExecutor() as pool:  # most of them are processes of their own
        for (i, name, _, _), green in zip(asked, pool.map(lambda one: one[2](one[3]), asked), strict=True):
            found[i][name] = green
    tables = [(i, folder / "answers.csv") for i, (case, folder) in enumerate(inputs) if case.format.name == "data"]
    for name in ("great-expectations", "evidently"):
        interpreter = python(name)
        if interpreter:
            done = subprocess.run([interpreter, str(HERE / "tables.py"), name, *(str(path) for _, path in tables)],
                                  capture_output=True, text=True, check=True, timeout=900)  # fmt: skip
            for (i, _), green in zip(tables, json.loads(done.stdout.splitlines()[-1]), strict=True):
                found[i][name] = green
    return found


def _junit(folder: Path) -> bool:
    from junitparser import JUnitXml  # noqa: PLC0415

    files = sorted(folder.glob("*.xml"))
    try:
        reports = [JUnitXml.fromfile(str(path)) for path in files]
        return bool(files) and all((report.failures or 0) + (report.errors or 0) == 0 for report in reports)
    except Exception:  # noqa: BLE001 - whatever the library raises, the job is red
        return False


def _sarif(folder: Path) -> bool:
    words = [python("sarif"), "-m", "sarif", "--check", "error", "summary", str(folder / "scan.sarif")]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _fail_under(folder: Path) -> bool:
    """Coverage's own data of the same lines; what is no report becomes a data file that is none."""
    from coverage import CoverageData  # noqa: PLC0415

    report = folder / "coverage.xml"
    with TemporaryDirectory() as name:
        home = Path(name)
        data = home / ".coverage"
        if report.exists():
            try:
                hits = [line.get("hits") != "0" for line in ET.fromstring(report.read_bytes()).iter("line")]  # noqa: S314 - made by ourselves
            except ET.ParseError:
                data.write_bytes(report.read_bytes())
            else:
                (home / "m.py").write_text("".join(f"x = {i}\n" for i in range(len(hits))))
                written = CoverageData(str(data))
                written.add_lines({str(home / "m.py"): [i + 1 for i, hit in enumerate(hits) if hit]})
                written.write()
        words = [sys.executable, "-m", "coverage", "report", "--fail-under=80", f"--data-file={data}"]
        return subprocess.run(words, cwd=home, capture_output=True, check=False).returncode == 0


def _line_rate(folder: Path) -> bool:
    try:
        return float(ET.fromstring((folder / "coverage.xml").read_bytes()).get("line-rate", "0")) >= 0.8  # noqa: S314
    except (OSError, ET.ParseError, ValueError):
        return False


def _p95(folder: Path) -> bool:
    try:
        head, *rows = (folder / "requests.csv").read_text().splitlines()
        column = head.split(",").index("latency_ms")
        values = sorted(float(row.split(",")[column]) for row in rows)
        return values[math.ceil(0.95 * len(values)) - 1] < 1000
    except (OSError, ValueError, IndexError):
        return False


_RULES = """groups:
- name: slo
  rules:
  - alert: TooManyErrors
    expr: sum(increase(requests{code="500"}[1h])) / sum(increase(requests[1h])) > 0.01
"""


def _promtool(folder: Path) -> bool:
    """Prometheus' own evaluation: green means that the alert is silent after an hour."""
    path = folder / "series.txt"
    lines = [line.split("|") for line in path.read_text().splitlines() if line.count("|") == 1] if path.exists() else []
    series = [{"series": name, "values": values} for name, values in lines]
    test = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [
        {"interval": "1m", "input_series": series, "alert_rule_test": [{"eval_time": "1h", "alertname": "TooManyErrors", "exp_alerts": []}]}
    ]}  # fmt: skip
    with TemporaryDirectory() as name:
        Path(name, "rules.yml").write_text(_RULES)
        Path(name, "test.yml").write_text(json.dumps(test))
        return (
            subprocess.run(
                ["promtool", "test", "rules", "test.yml"], cwd=name, capture_output=True, check=False
            ).returncode
            == 0
        )
