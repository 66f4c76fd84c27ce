"""CSV and XLSX: a row per requirement, with a saved mapping of columns."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from upheld.errors import DefinitionError, UsageError
from upheld.exchange import Document, ForeignItem, ForeignLink, Left, Patched, Skipped, one_line

_GUESSES = {
    "id": ("id", "key", "uid", "requirement id", "issue key", "req id", "number"),
    "title": ("title", "summary", "name", "headline"),
    "text": ("text", "description", "statement", "requirement", "body"),
    "status": ("status", "state"),
    "priority": ("priority", "prio", "moscow"),
    "links": ("parent", "parents", "links", "refines", "covers"),
}
_MOST_BYTES = 64 << 20
_MOST_ROWS = 200_000


class Table:
    """CSV files and the first (or a named) sheet of XLSX workbooks."""

    name = "table"
    title = "CSV or XLSX table"

    def recognise(self, path: Path) -> str:
        """By its name."""
        fits = path.is_file() and path.suffix.lower() in (".csv", ".tsv", ".xlsx")
        return f"its name ends in {path.suffix.lower()}" if fits else ""

    def guess(self, path: Path) -> Mapping[str, object]:
        """Columns with the names that people usually give them."""
        header = {name.lower(): name for name in _grid(path, {}).header}
        found: dict[str, object] = {}
        for ours, guesses in _GUESSES.items():
            fits = [header[guess] for guess in guesses if guess in header]
            if fits and fits[0] not in found.values():
                found[ours] = fits[0]
        if "id" not in found or "title" not in found:
            shown = ", ".join(_grid(path, {}).header[:12])
            raise DefinitionError(f"{path}: which columns are id and title? Write a mapping; it has {one_line(shown)}")
        return found

    def read(self, path: Path, mapping: Mapping[str, object]) -> Document:
        """Every row with an id and a title."""
        grid = _grid(path, mapping)
        columns = grid.columns(mapping)
        left = Left()
        seen: dict[str, str] = {}
        items, skipped = [], []
        for number, row in grid.rows:
            where = f"{path.name}:{number}"
            cell = {ours: row[index].strip() if index < len(row) else "" for ours, index in columns.items()}
            if not any(value.strip() for value in row):
                continue
            key = cell.get("id", "")
            if not key or not cell.get("title"):
                skipped.append(Skipped(where=where, reason="has no id" if not key else f"{key} has no title"))
                continue
            if key in seen:
                skipped.append(Skipped(where=where, reason=f"has the id {key} of {seen[key]}"))
                continue
            seen[key] = where
            parents = [part.strip() for part in cell.get("links", "").replace(";", ",").split(",") if part.strip()]
            items.append(
                ForeignItem(
                    key=key, title=" ".join(cell["title"].split()), text=cell.get("text", ""), where=where,
                    links=tuple(ForeignLink(to=to) for to in dict.fromkeys(parents)),
                    kept={name: cell[name] for name in ("status", "priority") if cell.get(name)},
                )
            )  # fmt: skip
            used = set(columns.values())
            left.note(
                f"column {name}"
                for i, name in enumerate(grid.header)
                if i not in used and i < len(row) and row[i].strip()
            )
        return Document(items=tuple(items), skipped=tuple(skipped), left=left.found)

    def patch(self, path: Path, mapping: Mapping[str, object], changes: Mapping[str, Mapping[str, str]]) -> Patched:
        """The table with new cells; every other cell as it was."""
        grid = _grid(path, mapping)
        columns = grid.columns(mapping)
        lost: list[str] = []
        rows = {row[columns["id"]].strip(): number for number, row in reversed(grid.rows) if columns["id"] < len(row)}
        cells: dict[tuple[int, int], str] = {}
        for key, change in changes.items():
            if key not in rows:
                lost.append(f"{key}: is no longer in the table")
                continue
            for name, value in change.items():
                if name in columns:
                    cells[rows[key], columns[name]] = value
                else:
                    lost.append(f"{key}: its {name} has no column in the mapping")
        return Patched(files={"": grid.written(cells)} if cells else {}, lost=tuple(lost))


@dataclass
class _Grid:
    """A table: its header, its rows with their line or row numbers, and how it is written back."""

    path: Path
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    book: Any = None
    sheet: Any = None
    dialect: Any = None
    raw: bytes = b""

    def columns(self, mapping: Mapping[str, object]) -> dict[str, int]:
        """Our names to the numbers of columns."""
        found = {}
        for ours, theirs in mapping.items():
            if ours not in _GUESSES:
                continue
            if theirs not in self.header:
                raise DefinitionError(
                    f'{self.path}: has no column "{theirs}" for {ours}; it has {one_line(", ".join(self.header[:12]))}'
                )
            found[ours] = self.header.index(str(theirs))
        for needed in ("id", "title"):
            if needed not in found:
                raise DefinitionError(f"{self.path}: the mapping names no column for {needed}")
        return found

    def written(self, cells: Mapping[tuple[int, int], str]) -> bytes:
        """The file with other cells, addressed by row number and column from 0."""
        if self.book is not None:
            for (line, column), text in cells.items():
                self.sheet.cell(row=line, column=column + 1).value = text
            out = BytesIO()
            self.book.save(out)
            return out.getvalue()
        written = StringIO(newline="")
        writer = csv.writer(
            written, delimiter=self.dialect, lineterminator="\r\n" if b"\r\n" in self.raw[:4096] else "\n"
        )
        writer.writerow(self.header)
        for number, row in self.rows:
            writer.writerow([cells.get((number, i), value) for i, value in enumerate(row)])
        mark = b"\xef\xbb\xbf" if self.raw.startswith(b"\xef\xbb\xbf") else b""
        return mark + written.getvalue().encode()


def _grid(path: Path, mapping: Mapping[str, object]) -> _Grid:
    if path.stat().st_size > _MOST_BYTES:
        raise DefinitionError(f"{path}: is larger than {_MOST_BYTES >> 20} MiB")
    return _workbook(path, mapping) if path.suffix.lower() == ".xlsx" else _csv(path)


def _csv(path: Path) -> _Grid:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path}: is not UTF-8 at byte {error.start}: save it as UTF-8") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        header = next(reader, [])
        before = reader.line_num
        for row in reader:
            rows.append((before + 1, row))
            before = reader.line_num
    except csv.Error as error:
        raise DefinitionError(f"{path}:{reader.line_num}: is no CSV: {one_line(error)}") from None
    if not any(header):
        raise DefinitionError(f"{path}: has no header")
    return _Grid(path, [name.strip() for name in header], _bounded(path, rows), dialect=delimiter, raw=raw)


def _workbook(path: Path, mapping: Mapping[str, object]) -> _Grid:
    try:
        import openpyxl  # noqa: PLC0415  # an extra: only those who exchange workbooks need it
    except ImportError:
        raise UsageError("XLSX needs openpyxl: install upheld[exchange]") from None
    try:
        book = openpyxl.load_workbook(path)
    except Exception as error:  # noqa: BLE001  # a damaged workbook raises whatever zipfile and the parsers raise
        raise DefinitionError(f"{path}: is no workbook: {one_line(error)}") from None
    name = mapping.get("sheet")
    if name is not None and name not in book.sheetnames:
        raise DefinitionError(f'{path}: has no sheet "{name}"; it has {", ".join(book.sheetnames)}')
    sheet = book[str(name)] if name is not None else book.worksheets[0]
    rows = [(i, [_shown(value) for value in row]) for i, row in enumerate(sheet.iter_rows(values_only=True), 1)]
    if not rows or not any(rows[0][1]):
        raise DefinitionError(f"{path}: has no header")
    header = [name.strip() for name in rows[0][1]]
    return _Grid(path, header, _bounded(path, rows[1:]), book=book, sheet=sheet)


def _shown(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _bounded(path: Path, rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    if len(rows) > _MOST_ROWS:
        raise DefinitionError(f"{path}: holds more than {_MOST_ROWS} rows")
    return rows
