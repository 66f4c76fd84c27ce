"""The generator follows the public file; the file itself is recognised by its content."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from techflow import campaign
from techflow.banks import BANKS

UNTIL = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def drawn() -> list[campaign.Row]:
    return campaign.generate(20_000, seed=11)


@pytest.fixture(scope="module")
def real(bank_file: Path) -> list[campaign.Row]:
    return campaign.read_file(bank_file)


def distance(left: list[campaign.Row], right: list[campaign.Row], name: str) -> float:
    """Total variation between the shares of a category."""
    a, b = Counter(row[name] for row in left), Counter(row[name] for row in right)
    return sum(abs(a[level] / len(left) - b[level] / len(right)) for level in {*a, *b}) / 2


def test_the_same_seed_draws_the_same_rows() -> None:
    assert campaign.generate(300, seed=5) == campaign.generate(300, seed=5) != campaign.generate(300, seed=6)


@pytest.mark.parametrize("count", [26, 1_000, 12_345])
def test_any_number_of_rows_can_be_drawn(count: int) -> None:
    assert len(campaign.generate(count, seed=1)) == count


def test_a_drawn_row_has_every_feature_but_never_the_duration(drawn: list[campaign.Row]) -> None:
    assert set(drawn[0]) == {*campaign.FEATURES, "y"} and "duration" not in drawn[0]


def test_figures_are_those_of_the_public_file(real: list[campaign.Row]) -> None:
    assert campaign.measure(real) == json.loads(campaign.FIGURES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list(campaign.LEVELS))
def test_category_shares_and_unknowns_follow_the_file(
    real: list[campaign.Row], drawn: list[campaign.Row], name: str
) -> None:
    assert distance(real, drawn, name) < 0.02
    unknown = [sum(row[name] == "unknown" for row in rows) / len(rows) for rows in (real, drawn)]
    assert abs(unknown[0] - unknown[1]) < 0.01


@pytest.mark.parametrize("name", campaign.NUMBERS)
def test_numbers_follow_the_file(real: list[campaign.Row], drawn: list[campaign.Row], name: str) -> None:
    """Wasserstein distance of the two samples, in standard deviations of the file."""
    grid = np.linspace(0.001, 0.999, 999)
    a, b = (np.quantile([row[name] for row in rows], grid) for rows in (real, drawn))
    assert np.mean(np.abs(a - b)) / np.std([row[name] for row in real]) < 0.06


def test_the_answer_rate_of_every_month_follows_the_file(real: list[campaign.Row]) -> None:
    drawn = campaign.generate(len(real), seed=3)
    for ours, theirs in zip(campaign.blocks_of(drawn), campaign.blocks_of(real), strict=True):
        rate = sum(row["y"] for row in theirs) / len(theirs)
        spread = (rate * (1 - rate) / len(ours)) ** 0.5
        assert abs(sum(row["y"] for row in ours) / len(ours) - rate) < 4 * spread + 1 / len(ours)


def test_a_changed_row_is_not_the_file(bank_file: Path, tmp_path: Path) -> None:
    text = gzip.decompress(bank_file.read_bytes()).decode().replace("56,housemaid", "57,housemaid", 1)
    (tmp_path / "copy.csv").write_text(text)
    with pytest.raises(campaign.NotTheFile, match="content digest"):
        campaign.read_file(tmp_path / "copy.csv")


def test_the_separator_of_a_copy_does_not_matter(bank_file: Path, tmp_path: Path) -> None:
    text = gzip.decompress(bank_file.read_bytes()).decode().replace(",", ";")
    (tmp_path / "copy.csv").write_text(text)
    assert len(campaign.read_file(tmp_path / "copy.csv")) == 41_188


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"<html>502 Bad Gateway</html>", b"age;job\n1;x\n"])
def test_something_else_is_not_the_file(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_bytes(content)
    with pytest.raises(campaign.NotTheFile):
        campaign.read_file(tmp_path / "other.csv")


def test_contacts_keep_their_order_and_end_where_the_data_should(drawn: list[campaign.Row]) -> None:
    contacts = campaign.contacts(drawn, seed=11, until=UNTIL)
    times = [contact.at for contact in contacts]
    assert times == sorted(times) and times[-1] < UNTIL and (UNTIL - times[0]).days in range(900, 1000)
    assert len({contact.client for contact in contacts}) == len(contacts)


def test_banks_differ_in_size_as_their_weights_say(drawn: list[campaign.Row]) -> None:
    sizes = Counter(contact.bank for contact in campaign.contacts(drawn, seed=11, until=UNTIL))
    total = sum(bank.weight for bank in BANKS.values())
    assert all(abs(sizes[bank.id] / len(drawn) - bank.weight / total) < 0.015 for bank in BANKS.values())
