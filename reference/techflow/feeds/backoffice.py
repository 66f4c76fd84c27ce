"""Back-office drops (Excel and CSV): headers that move, decimal commas, mixed dates. Market figures and outcomes.

A row is about a bank's market (`kind` market) or about a client's decision (`kind` outcome).
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl

from techflow.banks import BANKS
from techflow.feeds.contract import Bad, Identity, Row, Shape, is_garbled, schema_reason

COLUMNS = (
    "kind", "bank", "client", "as_of", "emp_var_rate", "cons_price_idx", "cons_conf_idx", "nr_employed", "answer",
    "clerk",
)  # fmt: skip
_EXPECTED = frozenset(COLUMNS)
# Headings that clerks are known to use; any other heading is a change of schema.
ALIASES = {"record": "kind", "institution": "bank", "client no": "client", "date": "as_of", "prepared by": "clerk"}
_MARKET = {
    "emp_var_rate": (-10, 10),
    "cons_price_idx": (80, 120),
    "cons_conf_idx": (-80, 20),
    "nr_employed": (1e3, 1e4),
}
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d-%b-%Y")


def encode(rows: Sequence[Row]) -> list[bytes]:
    """One drop: a workbook when all rows are outcomes, else CSV. Habits follow from the content, so runs repeat."""
    if not rows:
        return []
    habit = len(rows) + sum(len(str(row.get("clerk"))) for row in rows[:3])
    names = list(rows[0])
    names = names[habit % len(names) :] + names[: habit % len(names)]
    spoken = {ours: theirs for theirs, ours in ALIASES.items()}
    heading = [spoken.get(name, name) if habit % 2 else name.replace("_", " ").title() for name in names]
    table = [[_said(row.get(name), habit) for name in names] for row in rows]
    preamble = [["Back office report"], []][: habit % 3]
    if all(row.get("kind") == "outcome" for row in rows):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("drop")
        for line in [*preamble, heading, *table]:
            sheet.append(line)
        file = io.BytesIO()
        book.save(file)
        return [file.getvalue()]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([*preamble, heading, *table])
    return [text.getvalue().encode()]


def _said(value: Any, habit: int) -> Any:
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value).strftime(_DATES[habit % 3])
    return value


def decode(payload: bytes, encoding: str) -> list[Row | Bad]:
    try:
        if payload[:1] == b"{":  # a row that stood in quarantine
            return [json.loads(payload)]
        lines = _workbook(payload) if payload[:2] == b"PK" else _csv(payload.decode(encoding))
        return _rows(lines)
    except UnicodeDecodeError:
        return [Bad(raw=payload, reason=f"encoding: the file is not {encoding}")]
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        return [Bad(raw=payload, reason=f"form: {error}")]


def _workbook(payload: bytes) -> Iterable[Sequence[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(payload), read_only=True, data_only=True)
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _csv(text: str) -> Iterable[Sequence[Any]]:
    return csv.reader(io.StringIO(text), delimiter=";")


def _rows(lines: Iterable[Sequence[Any]]) -> list[Row | Bad]:
    heading: list[str] | None = None
    rows: list[Row | Bad] = []
    for line in lines:
        if heading is None:
            names = [str(cell).strip().lower() for cell in line if cell]
            if len(names) >= 5:  # the first wide line is the heading; what stands above it is a title
                heading = [ALIASES.get(name, name.replace(" ", "_")) for name in names]
        elif any(cell not in (None, "") for cell in line):
            cells = [*line, *[None] * (len(heading) - len(line))]  # a workbook leaves out empty cells at the end
            rows.append({name: _read(name, cell) for name, cell in zip(heading, cells, strict=False)})
    if heading is None:
        raise ValueError("no line with headings found")
    return rows


def _read(name: str, cell: Any) -> Any:
    if cell in (None, ""):
        return None
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    text = str(cell).strip()
    if name == "as_of":
        for form in _DATES:
            try:
                return datetime.strptime(text, form).date().isoformat()
            except ValueError:
                continue
        return text
    if name in _MARKET:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return text
    return text


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if row["clerk"] and is_garbled(row["clerk"]):
        return f"encoding: clerk {row['clerk']!r} is UTF-8 read as something else"
    if event_time(row) is None:
        return f"type: as_of {row['as_of']!r} is no date"
    if row["kind"] == "outcome":
        if not row["client"]:
            return "null key: client"
        return None if row["answer"] in ("yes", "no") else f"value: answer {row['answer']!r}"
    if row["kind"] != "market":
        return f"value: kind {row['kind']!r}"
    if not row["bank"]:
        return "null key: bank"
    if row["bank"] not in BANKS:
        return f"orphan key: no bank {row['bank']!r}"
    for name, (low, high) in _MARKET.items():
        if not isinstance(row[name], float):
            return f"type: {name} {row[name]!r} is no number"
        if not low <= row[name] <= high:
            return f"unit: {name} {row[name]} is outside {low} to {high}"
    return None


def event_time(row: Row) -> datetime | None:
    """Midnight of the row's date, or None."""
    try:
        return datetime.fromisoformat(row["as_of"]).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def identify(row: Row) -> Identity:
    at = event_time(row)
    assert at is not None
    about = row["client"] if row["kind"] == "outcome" else row["bank"]
    client = row["client"] if row["kind"] == "outcome" else None
    return Identity(key=f"{row['kind']}:{about}", version=at.toordinal(), client=client, at=at)


SHAPE = Shape(
    name="backoffice",
    title="Back-office drops",
    system="Excel and CSV files",
    encode=encode,
    decode=decode,
    check=check,
    identify=identify,
    normal="headings move and change their names; decimal commas; three date forms; sent again; up to 8 days late",
    duplicates=True,
    late_after=timedelta(days=8),
)
