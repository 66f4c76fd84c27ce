"""A test says which requirement or criterion it shows, and the JUnit report carries it.

    @pytest.mark.upheld("REQ-LAT-001.c1")

gives the test case `<property name="requirement" value="REQ-LAT-001.c1"/>` in the file of `--junitxml`. The mark may
stand on a test, a class, a module (`pytestmark`) or one parameter set; all that reach a test count, each once.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_MARK = "upheld"
_PROPERTY = "requirement"
_ADDRESS = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-[0-9]+(\.[a-z][a-z0-9-]*)?")
_EXAMPLES = "write a requirement such as 'REQ-LAT-001' or one of its criteria such as 'REQ-LAT-001.c1'"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--upheld-list FILE`."""
    parser.getgroup("upheld").addoption(
        "--upheld-list",
        metavar="FILE",
        type=Path,
        help="run nothing; write one line of JSON per collected test, with its requirements and criteria, to FILE",
    )


@pytest.hookimpl(tryfirst=True)  # pytest-xdist asks in its own pytest_configure whether anything is going to run.
def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, so that `--strict-markers` knows it and `--markers` explains it."""
    config.addinivalue_line("markers", f"{_MARK}(address, ...): the requirements or criteria that this test shows.")
    if config.option.upheld_list is not None:
        config.option.collectonly = True


@pytest.hookimpl(tryfirst=True)  # Before the terminal lists tests, but after every hook that adds marks or deselects.
def pytest_collection_finish(session: pytest.Session) -> None:
    """Give every collected test the addresses of its marks as JUnit properties.

    Raises `pytest.UsageError` that names every mark that holds no address, with the first test it stands on.
    """
    faults: dict[str, list[str]] = {}
    lines: list[str] = []
    for item in session.items:
        found = list(dict.fromkeys(_faults(item)))
        for fault in found:
            faults.setdefault(fault, []).append(item.nodeid)
        if not found:
            addresses = list(dict.fromkeys(address for mark in item.iter_markers(_MARK) for address in mark.args))
            item.user_properties.extend((_PROPERTY, address) for address in addresses)
            lines.append(json.dumps({"test": item.nodeid, "requirements": addresses}) + "\n")
    messages = [
        tests[0] + (f" (and {len(tests) - 1} more)" if len(tests) > 1 else "") + f": {fault}; {_EXAMPLES}"
        for fault, tests in faults.items()
    ]
    if messages and hasattr(session.config, "workerinput"):
        # A worker of pytest-xdist cannot end the run with a usage error: its words would be lost on the way. It can
        # report what could not be collected, and hand over nothing to run.
        session.items.clear()
        for message in messages:
            report = pytest.CollectReport(nodeid="", outcome="failed", longrepr=message, result=[])
            session.ihook.pytest_collectreport(report=report)
        return
    if messages:
        raise pytest.UsageError(*messages)
    file: Path | None = session.config.option.upheld_list
    if file is not None:
        try:
            file.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise pytest.UsageError(f"--upheld-list: {file} cannot be written: {error.strerror}") from error


def _faults(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers(_MARK):
        if mark.kwargs:
            yield f"{_MARK}(...) takes addresses without a name, not {', '.join(f'{name}=' for name in mark.kwargs)}"
        elif not mark.args:
            yield f"{_MARK}() names no requirement"
        for address in mark.args:
            if not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
                yield f"{_MARK}({address!r}) is no address of a requirement"
