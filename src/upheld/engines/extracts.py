"""Counting in extracts, with DuckDB: CSV (also compressed), Parquet and JSON lines, larger than memory."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from upheld.core.profile import Column, Profile
from upheld.errors import DefinitionError

TYPES = ("BIGINT", "DOUBLE", "TIMESTAMP", "BOOLEAN")  # tried in this order; a number is no time
MOSTLY = 0.9  # of the values that a column has are of a type: the others conflict with it
NOTHING = ("", "null", "none", "n/a", "na", "nan", "-")  # texts that say there is no value
PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One file of a source, and what its columns mean."""

    source: str
    path: Path
    key: tuple[str, ...] = ()
    time: str = ""
    late: float = 0.0  # seconds by which a row may be older than one before it


def profile(extracts: Sequence[Extract]) -> list[Profile]:
    """Count every extract; DefinitionError names the file, or the column, that is not there."""
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        found = [_one(connection, i, extract) for i, extract in enumerate(extracts)]
        return [replace(p, overlap=_overlap(connection, i, extracts)) for i, p in enumerate(found)]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one(connection: duckdb.DuckDBPyConnection, number: int, extract: Extract) -> Profile:
    encoding = _encoding(extract.path) if ".csv" in extract.path.suffixes or extract.path.suffix == ".tsv" else "utf-8"
    read = {
        ".parquet": "read_parquet(?)",
        ".ndjson": "read_json_auto(?)",
        ".jsonl": "read_json_auto(?)",
        ".json": "read_json_auto(?)",
    }
    reader = read.get(extract.path.suffix, f"read_csv(?, all_varchar = true, header = true, encoding = '{encoding}')")
    table = f"extract_{number}"
    try:
        connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {reader}", [str(extract.path)])  # noqa: S608  # our own names
    except duckdb.Error as error:
        raise DefinitionError(f"{extract.path.name} cannot be read as a table: {str(error).splitlines()[0]}") from None
    names = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    for wanted in (*extract.key, *((extract.time,) if extract.time else ())):
        if wanted not in names:
            raise DefinitionError(f'{extract.path.name} has no column "{wanted}"; it has {", ".join(names[:20])}')
    rows = _number(connection, f"SELECT count(*) FROM {table}")  # noqa: S608
    columns = tuple(_column(connection, table, name) for name in names)
    duplicates = late = None
    if extract.key:
        keys = ", ".join(map(_quoted, extract.key))
        duplicates = rows - _number(connection, f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {table})")  # noqa: S608
    if extract.time:
        at = f"try_cast({_quoted(extract.time)} AS TIMESTAMP)"
        late = _number(
            connection,
            f"SELECT count(*) FROM (SELECT {at} AS t, max({at}) OVER (ORDER BY rowid ROWS UNBOUNDED PRECEDING) AS newest "  # noqa: S608
            f"FROM {table}) WHERE t < newest - to_microseconds({round(extract.late * 1e6)})",
        )
    return Profile(
        source=extract.source, rows=rows, columns=columns, encoding=encoding, duplicates=duplicates, late=late
    )


def _column(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> Column:
    text = f"CAST({_quoted(name)} AS VARCHAR)"
    gone = f"({text} IS NULL OR lower(trim({text})) IN ({', '.join(repr(word) for word in NOTHING)}))"
    # DuckDB would round 1.5 to a BIGINT, so whole numbers are known by their digits.
    fitting = {kind: f"try_cast({text} AS {kind}) IS NOT NULL" for kind in TYPES}
    fitting["BIGINT"] = f"regexp_full_match(trim({text}), '[+-]?[0-9]{{1,18}}')"
    fitting["BOOLEAN"] = f"lower(trim({text})) IN ('true', 'false')"
    counts = ", ".join(f"count(*) FILTER (NOT {gone} AND {fits})" for fits in fitting.values())
    query = f"SELECT count(*) FILTER ({gone}), count(*) FILTER (NOT {gone}), {counts} FROM {table}"  # noqa: S608
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101  # an aggregate always answers
    nulls, values, *fits = (int(n) for n in row)
    for kind, n in zip(TYPES, fits, strict=True):
        if values and n >= MOSTLY * values:
            return Column(name=name, type=kind, nulls=nulls, conflicts=values - n)
    return Column(name=name, type="VARCHAR", nulls=nulls, conflicts=0)


def _overlap(connection: duckdb.DuckDBPyConnection, number: int, extracts: Sequence[Extract]) -> Mapping[str, float]:
    """The share of this extract's distinct keys that each other extract with as long a key has too."""
    mine = extracts[number]
    if not mine.key:
        return {}
    found = {}
    for other, theirs in enumerate(extracts):
        if other == number or len(theirs.key) != len(mine.key):
            continue
        left, right = (
            f"SELECT DISTINCT {', '.join(f'CAST({_quoted(k)} AS VARCHAR) AS k{i}' for i, k in enumerate(e.key))} FROM extract_{n}"  # noqa: S608
            for n, e in ((number, mine), (other, theirs))
        )
        all_, both = (
            _number(connection, f"SELECT count(*) FROM ({query})")  # noqa: S608
            for query in (left, f"{left} INTERSECT {right}")
        )
        found[theirs.source] = both / all_ if all_ else 0.0
    return found


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _encoding(path: Path) -> str:
    """utf-8 where every byte says so, else what reads any byte."""
    if path.suffix in (".gz", ".zst"):
        return "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    except OSError as error:
        raise DefinitionError(f"{path.name} cannot be read: {error.strerror}") from None
    return "utf-8"
