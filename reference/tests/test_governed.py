"""What governs TechFlow speaks of the same banks and measures as its code."""

import re
from pathlib import Path

from techflow.banks import BANKS

ROOT = Path(__file__).parents[1]


def test_the_customers_file_names_the_banks_of_the_code() -> None:
    lines = [line for line in (ROOT / "customers.yaml").read_text().splitlines() if not line.startswith("#")]
    expected = [
        rf"{bank.id}: \{{name: {bank.name}, tier: {bank.tier}, region: {bank.region}, .*alias: \[{bank.code}\]\}}"
        for bank in BANKS.values()
    ]
    assert len(lines) == len(expected) and all(map(re.fullmatch, expected, lines))


def test_every_indicator_that_a_requirement_measures_is_defined_and_made_by_the_code() -> None:
    sentences = re.findall(r"that: (.*)", "".join(path.read_text() for path in (ROOT / "requirements").glob("*.md")))
    named = {re.search(r"(?:of )?([a-z]+\.[a-z]+)", sentence)[1] for sentence in sentences} - {"test.passed"}  # type: ignore[index]
    defined = set(re.findall(r"^([a-z]+\.[a-z]+):", (ROOT / "indicators.yaml").read_text(), re.MULTILINE))
    code = "".join(path.read_text() for path in [*ROOT.glob("techflow/*.py"), *ROOT.glob("benchmarks/*.py")])
    assert named <= defined and all(f'"{indicator}"' in code for indicator in named)
