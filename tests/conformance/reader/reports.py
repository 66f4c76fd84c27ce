"""Writes a report, has a reader read it, and asks for what the tests look at."""

from pathlib import Path

from upheld.core.evidence import Evidence, Quantile, Rate, Share
from upheld.ports import Reading, Request
from upheld.readers import READERS
from upheld.readers.intake import Format

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
# One small real report for every reader.
REAL = {
    "native": SAMPLES / "evidence" / "week.ndjson",
    "junit": SAMPLES / "junit" / "pytest.xml",
    "trx": SAMPLES / "trx" / "mocha.trx",
    "nunit": SAMPLES / "nunit" / "nunit-console.xml",
    "xunit.net": SAMPLES / "xunit.net" / "mocha-xunit-reporter.xml",
    "robot": SAMPLES / "robot" / "output.xml",
    "go": SAMPLES / "go-test" / "shop.ndjson",
    "jest": SAMPLES / "jest" / "vitest.json",
    "cucumber": SAMPLES / "cucumber" / "behave.json",
    "cucumber-messages": SAMPLES / "cucumber-messages" / "cucumber-js.ndjson",
    "jacoco": SAMPLES / "jacoco" / "ant.xml",
    "cyclonedx": SAMPLES / "cyclonedx" / "small-1.6.json",
    "openvex": SAMPLES / "openvex" / "shop.json",
    "trivy": SAMPLES / "trivy" / "image.json",
    "grype": SAMPLES / "grype" / "image.json",
    "pip-audit": SAMPLES / "pip-audit" / "found.json",
    "jmeter": SAMPLES / "jmeter" / "transactions.jtl",
    "k6-stream": SAMPLES / "k6-stream" / "points.ndjson",
    "coverage.py": SAMPLES / "coverage-py" / "coverage.json",
    "cobertura": SAMPLES / "cobertura" / "coverage.xml",
    "lcov": SAMPLES / "lcov" / "coverage.lcov",
    "sarif": SAMPLES / "sarif" / "bandit.sarif",
    "locust": SAMPLES / "locust" / "advisers_stats.csv",
    "k6": SAMPLES / "k6" / "summary-export.json",
    "samples": SAMPLES / "load-samples" / "samples.csv",
    "pytest-benchmark": SAMPLES / "pytest-benchmark" / "without-data.json",
}
BY_NAME = {reader.name: reader for reader in READERS}


def write(folder: Path, content: str | bytes, name: str = "report") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(reader: str | Format, folder: Path, content: str | bytes, name: str = "report", **request) -> Reading:
    chosen = BY_NAME[reader] if isinstance(reader, str) else reader
    return chosen.read(write(folder, content, name), Request(**request))


def found(reading: Reading, indicator: str, links: tuple[str, ...] = (), **population: str) -> Evidence:
    """The only evidence of an indicator with these links and, where one is given, this population."""
    matching = [
        e
        for e in reading.evidence
        if e.indicator == indicator and e.links == links and (not population or dict(e.population) == population)
    ]
    assert len(matching) == 1, f"{len(matching)} of {indicator} {links} {population} in {reading}"
    return matching[0]


def share(reading: Reading, indicator: str, links: tuple[str, ...] = (), **population: str) -> tuple[int, int]:
    """(good, n)."""
    statistic = found(reading, indicator, links, **population).statistic
    assert isinstance(statistic, Share), reading
    return statistic.good, statistic.n


def count(reading: Reading, indicator: str) -> int:
    statistic = found(reading, indicator).statistic
    assert isinstance(statistic, Rate), reading
    return statistic.events


def cells(reading: Reading, indicator: str, **population: str) -> Quantile:
    statistic = found(reading, indicator, **population).statistic
    assert isinstance(statistic, Quantile), reading
    return statistic


def whole(reading: Reading, indicator: str) -> Evidence:
    """The evidence of an indicator without any population."""
    matching = [e for e in reading.evidence if e.indicator == indicator and not e.population]
    assert len(matching) == 1, reading
    return matching[0]
