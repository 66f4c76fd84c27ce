"""The pytest plugin, seen from outside: real pytest in a folder of its own, and what its report says."""

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.upheld("REQ-SDK-001.c1")
PACKAGE = Path(__file__).resolve().parent.parent

Run = Callable[..., subprocess.CompletedProcess[str]]
# Plugins of others that are installed beside this one: what they import would cost each of these runs a second or two.
WITHOUT = [word for name in ("cacheprovider", "hypothesispytest", "schemathesis") for word in ("-p", f"no:{name}")]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment in which this distribution is installed, whether or not it is: pytest finds the entry point."""
    site = tmp_path_factory.mktemp("site")
    info = site / "upheld_sdk-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: upheld-sdk\nVersion: 0\n")
    plugins = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    (info / "entry_points.txt").write_text(
        "[pytest11]\n" + "".join(f"{name} = {where}\n" for name, where in plugins.items())
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return kept | {"PYTHONPATH": os.pathsep.join([str(site), str(PACKAGE / "src")])}


@pytest.fixture
def run(tmp_path: Path, environment: Mapping[str, str]) -> Run:
    """Run pytest over one test module, or over several files by name."""

    def run(source: str | Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
        for name, text in ({"test_it.py": source} if isinstance(source, str) else source).items():
            (tmp_path / name).write_text("import pytest\n" + text)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *WITHOUT, *options],
            cwd=tmp_path,
            env=dict(environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def addresses(report: Path) -> dict[str, list[str]]:
    """What the report says each test case shows, in the order of the report."""
    return {
        f"{case.get('classname')}.{case.get('name')}": [
            entry.attrib["value"]
            for entry in case.iterfind("properties/property")
            if entry.get("name") == "requirement"
        ]
        for case in ET.parse(report).iter("testcase")
    }


EVERY_PLACE = """
pytestmark = pytest.mark.upheld("REQ-ALL-1")

@pytest.mark.upheld("REQ-LAT-001.c1", "AVL-2")
def test_function(): pass

@pytest.mark.upheld("REQ-LAT-001.c2")
@pytest.mark.upheld("REQ-LAT-001.c1")
def test_two_marks(): pass

@pytest.mark.upheld("REQ-LAT-001.c1", "REQ-ALL-1", "REQ-LAT-001.c1")
def test_repeated(): pass

@pytest.mark.upheld("REQ-CLS-1")
class TestClass:
    def test_method(self): pass

    @pytest.mark.upheld("REQ-CLS-1", "REQ-CLS-1.c-fast")
    def test_marked_method(self): pass

@pytest.mark.upheld("REQ-PAR-1")
@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.upheld("REQ-PAR-1.c2"))])
def test_parameters(x): pass

@pytest.mark.skip
def test_skipped(): pass

@pytest.mark.xfail(strict=True)
def test_expected_failure(): assert False

def test_failing(): assert False

@pytest.fixture
def broken(): raise OSError

def test_error(broken): pass
"""

EXPECTED = {
    "test_it.test_function": ["REQ-LAT-001.c1", "AVL-2", "REQ-ALL-1"],
    "test_it.test_two_marks": ["REQ-LAT-001.c1", "REQ-LAT-001.c2", "REQ-ALL-1"],
    "test_it.test_repeated": ["REQ-LAT-001.c1", "REQ-ALL-1"],
    "test_it.TestClass.test_method": ["REQ-CLS-1", "REQ-ALL-1"],
    "test_it.TestClass.test_marked_method": ["REQ-CLS-1", "REQ-CLS-1.c-fast", "REQ-ALL-1"],
    "test_it.test_parameters[1]": ["REQ-PAR-1", "REQ-ALL-1"],
    "test_it.test_parameters[2]": ["REQ-PAR-1", "REQ-PAR-1.c2", "REQ-ALL-1"],
    "test_it.test_skipped": ["REQ-ALL-1"],
    "test_it.test_expected_failure": ["REQ-ALL-1"],
    "test_it.test_failing": ["REQ-ALL-1"],
    "test_it.test_error": ["REQ-ALL-1"],
}


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_every_mark_that_reaches_a_test_is_one_property_of_its_case_without_a_warning(
    run: Run, tmp_path: Path, family: str
) -> None:
    done = run(EVERY_PLACE, "--junitxml=report.xml", "-o", f"junit_family={family}", "--strict-markers", "-W", "error")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 7 passed, 1 skipped, 1 xfailed, 1 error in" in done.stdout
    assert addresses(tmp_path / "report.xml") == EXPECTED


def test_a_report_of_parallel_workers_says_the_same(run: Run, tmp_path: Path) -> None:
    if importlib.util.find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed here")
    run(EVERY_PLACE, "--junitxml=report.xml", "-n", "2")
    assert addresses(tmp_path / "report.xml") == EXPECTED


def test_a_test_without_a_mark_has_no_property(run: Run, tmp_path: Path) -> None:
    run("def test_plain(): pass", "--junitxml=report.xml")
    assert addresses(tmp_path / "report.xml") == {"test_it.test_plain": []}


def test_a_mark_that_a_conftest_adds_during_collection_counts(run: Run, tmp_path: Path) -> None:
    conftest = """
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.upheld("REQ-DIR-1"))
"""
    run({"conftest.py": conftest, "test_it.py": "def test_plain(): pass"}, "--junitxml=report.xml")
    assert addresses(tmp_path / "report.xml") == {"test_it.test_plain": ["REQ-DIR-1"]}


NO_ADDRESS = {
    # Lower case.
    "'req-1'": "upheld('req-1') is no address of a requirement",
    # No number.
    "'REQ-LAT'": "upheld('REQ-LAT') is no address of a requirement",
    # A dot without a criterion behind it.
    "'REQ-LAT-001.'": "upheld('REQ-LAT-001.') is no address of a requirement",
    # A criterion in capitals.
    "'REQ-LAT-001.C1'": "upheld('REQ-LAT-001.C1') is no address of a requirement",
    # White space behind.
    "'REQ-LAT-001 '": "upheld('REQ-LAT-001 ') is no address of a requirement",
    r"'REQ-LAT-001\n'": r"upheld('REQ-LAT-001\n') is no address of a requirement",
    # Two in one string, two in one list.
    "'REQ-1, REQ-2'": "upheld('REQ-1, REQ-2') is no address of a requirement",
    "['REQ-1', 'REQ-2']": "upheld(['REQ-1', 'REQ-2']) is no address of a requirement",
    # Another type.
    "1": "upheld(1) is no address of a requirement",
    # A wrong one behind a good one.
    "'REQ-1', ''": "upheld('') is no address of a requirement",
    # None at all.
    "": "upheld() names no requirement",
    # An argument by name.
    "requirement='REQ-1'": "upheld(...) takes addresses without a name, not requirement=",
}


def test_a_wrong_mark_is_a_usage_error_that_names_the_test_and_shows_an_address(run: Run, tmp_path: Path) -> None:
    tests = (f"@pytest.mark.upheld({mark})\ndef test_{i}(): open('ran', 'w')\n" for i, mark in enumerate(NO_ADDRESS))
    done = run("".join(tests))
    shown = "write a requirement such as 'REQ-LAT-001' or one of its criteria such as 'REQ-LAT-001.c1'"
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert [line for line in done.stderr.splitlines() if line] == [
        f"ERROR: test_it.py::test_{i}: {complaint}; {shown}" for i, complaint in enumerate(NO_ADDRESS.values())
    ]
    assert not (tmp_path / "ran").exists()


def test_a_wrong_mark_on_many_tests_is_named_once_with_their_number(run: Run) -> None:
    done = run("@pytest.mark.upheld('REQ')\n@pytest.mark.parametrize('x', range(100))\ndef test_many(x): pass")
    assert "ERROR: test_it.py::test_many[0] (and 99 more): upheld('REQ') is no address" in done.stderr
    assert done.stderr.count("ERROR") == 1


def test_under_parallel_workers_a_wrong_mark_is_a_collection_error_and_nothing_runs(run: Run, tmp_path: Path) -> None:
    if importlib.util.find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed here")
    source = "@pytest.mark.upheld('req')\ndef test_it(): open('ran', 'w')\ndef test_other(): open('ran', 'w')"
    done = run(source, "-n", "2")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "test_it.py::test_it: upheld('req') is no address of a requirement" in done.stdout
    assert not (tmp_path / "ran").exists()


def test_the_list_holds_every_collected_test_and_runs_none(run: Run, tmp_path: Path) -> None:
    source = """
@pytest.mark.upheld("REQ-1", "REQ-2.c1")
@pytest.mark.parametrize("x", ["ä"])
def test_marked(x): open("ran", "w")

def test_plain(): open("ran", "w")

def test_deselected(): open("ran", "w")
"""
    parallel: Sequence[str] = () if importlib.util.find_spec("xdist") is None else ("-n", "2")
    done = run(source, "--upheld-list=links.jsonl", "-k", "not deselected", *parallel)
    assert done.returncode == pytest.ExitCode.OK
    assert [json.loads(line) for line in (tmp_path / "links.jsonl").read_text().splitlines()] == [
        {"test": r"test_it.py::test_marked[\xe4]", "requirements": ["REQ-1", "REQ-2.c1"]},
        {"test": "test_it.py::test_plain", "requirements": []},
    ]
    assert not (tmp_path / "ran").exists()


def test_a_list_that_cannot_be_written_is_a_usage_error_that_names_the_file(run: Run) -> None:
    done = run("def test_it(): pass", "--upheld-list=missing/links.jsonl")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "missing/links.jsonl cannot be written: No such file or directory" in done.stderr


def test_the_marker_is_explained_by_pytest_itself(run: Run) -> None:
    assert "@pytest.mark.upheld(address, ...): the requirements or criteria" in run("", "--markers").stdout


def test_the_package_front_imports_neither_pytest_nor_upheld_nor_the_plugin(environment: Mapping[str, str]) -> None:
    code = "import sys; before = set(sys.modules); import upheld_sdk; print(sorted(set(sys.modules) - before))"
    # -S: without site-packages there is neither pytest nor upheld to be found.
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env=dict(environment), capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("['upheld_sdk']\n", "")


def test_the_plugin_does_not_import_upheld(environment: Mapping[str, str]) -> None:
    code = "import sys, upheld_sdk.pytest_plugin; print([m for m in sys.modules if m.split('.')[0] == 'upheld'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=dict(environment), capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_distribution_depends_on_nothing() -> None:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == []
    assert "optional-dependencies" not in project
