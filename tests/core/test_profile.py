"""Extracts of sources: a planted ranking is reproduced, and what changed since the last time is told."""

import csv
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld.cli import cli
from upheld.core.profile import complexity
from upheld.engines.extracts import Extract, profile
from upheld.errors import DefinitionError

pytestmark = pytest.mark.upheld("REQ-PRE-004.c1")
CHANCE = random.Random(4)


def write(path: Path, rows: list[list[object]], encoding="utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def plain(n=200, start=0):
    return [
        ["client", "amount", "at"],
        *([f"C-{i}", i * 1.5, f"2026-11-{1 + i % 20:02d} 10:00:00"] for i in range(start, start + n)),
    ]


def test_what_is_planted_is_counted(tmp_path):
    rows = plain(200)
    for i in range(1, 11):
        rows[i][1] = ""  # 10 nulls
    for i in range(11, 16):
        rows[i][1] = "about 5"  # 5 conflicts
    rows += [rows[20], rows[21]]  # 2 duplicates
    rows[30][2] = "2026-10-01 10:00:00"  # late
    path = write(tmp_path / "crm.csv", rows)
    [found] = profile([Extract(source="crm", path=path, key=("client",), time="at", late=60 * 86400.0)])
    [_, amount, at] = found.columns
    assert (found.rows, found.duplicates, found.encoding) == (202, 2, "utf-8")
    assert (amount.type, amount.nulls, amount.conflicts) == ("DOUBLE", 10, 5)
    assert at.type == "TIMESTAMP"
    assert found.late == 0
    [found] = profile([Extract(source="crm", path=path, key=("client",), time="at", late=25 * 86400.0)])
    assert found.late == 1


def test_a_planted_ranking_is_reproduced(tmp_path):
    good, nulls, mixed = plain(), plain(), plain()
    for row in nulls[1:80]:
        row[1] = "NULL"
    for row in mixed[1:10]:
        row[1] = "n. v. ä"
    mixed += mixed[1:60]
    extracts = [
        Extract(source="good", path=write(tmp_path / "good.csv", good), key=("client",)),
        Extract(source="nulls", path=write(tmp_path / "nulls.csv", nulls), key=("client",)),
        Extract(source="mixed", path=write(tmp_path / "mixed.csv", mixed, encoding="latin-1"), key=("client",)),
        Extract(source="strangers", path=write(tmp_path / "strangers.csv", plain(start=195)), key=("client",)),
    ]
    found = complexity(profile(extracts), [])
    assert [rank.source for rank in found.ranks] == ["mixed", "strangers", "nulls", "good"]
    assert set(found.ranks[0].parts) == {"duplicates", "encoding", "conflicts"}
    assert found.profiles["strangers"].overlap["good"] == pytest.approx(0.025)
    assert found.ranks[-1].points == 0


def test_an_added_column_a_lost_one_and_a_changed_type_are_told(tmp_path):
    before = profile([Extract(source="crm", path=write(tmp_path / "a.csv", [["id", "amount", "old"], [1, 2, 3]]))])
    now = profile([Extract(source="crm", path=write(tmp_path / "b.csv", [["id", "amount", "segment"], [1, "x", "y"]]))])
    found = complexity(now, before)
    assert found.changes == (
        "crm: column segment is new (VARCHAR)", "crm: column old is gone", "crm: column amount was BIGINT, is VARCHAR",
    )  # fmt: skip
    assert complexity([], before).changes == ("crm: is gone",)


@pytest.mark.parametrize(("key", "said"), [(("clint",), 'no column "clint"; it has client'), ((), "cannot be read")])
def test_a_column_or_a_file_that_is_not_there_is_named(tmp_path, key, said):
    path = write(tmp_path / "crm.csv", plain()) if key else tmp_path / "none.csv"
    with pytest.raises(DefinitionError, match=said):
        profile([Extract(source="crm", path=path, key=key)])


def test_a_promise_on_the_nulls_of_a_source_is_judged_on_its_extract(tmp_path):
    files = {
        "upheld.yaml": "project: P\n",
        "customers.yaml": "a: {tier: gold}\n",
        "indicators.yaml": "source-3.nulls: {kind: ratio, census: true, build: {evidence: x}}\n",
        "requirements/REQ-1.md": "---\nid: REQ-1\ntitle: T\nstatus: draft\ncustomers: [a]\ncriteria:\n  - {id: c1, that: source-3.nulls <= 5 %, needs: [design]}\n---\nIt shall.\n",
        "assessments/sources.yaml": "kind: integration\npredicts: [REQ-1.c1]\nsources:\n  source-3: {file: three.csv, key: [client]}\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    rows = plain()
    for row in rows[1:61]:
        row[1] = ""
    write(tmp_path / "assessments" / "three.csv", rows)
    answer = CliRunner().invoke(cli, ["predict", "--project", str(tmp_path), "--format", "json"])
    assert answer.exit_code == 1, answer.output
    [told] = json.loads(answer.output)["predictions"]
    assert (told["verdict"], told["estimate"]) == ("not met", 10.0)
    rows[0].append("segment")
    write(tmp_path / "assessments" / "three.csv", [[*row, "x"] if i else row for i, row in enumerate(rows)])
    answer = CliRunner().invoke(cli, ["predict", "--project", str(tmp_path)])
    assert "changed since the last profile: source-3: column segment is new (VARCHAR)" in answer.output
