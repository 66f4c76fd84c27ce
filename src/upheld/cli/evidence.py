"""`upheld evidence`: what a reader sees in files, and the record beside a report that says what it measured."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.cli import push as pushing
from upheld.core import evidence as records
from upheld.errors import EvidenceError, UnavailableError, UsageError
from upheld.ports import Reading, Request
from upheld.project.load import find_root
from upheld.readers import read
from upheld.readers.record import write_side_file
from upheld.sources import repository
from upheld.wiring import mapped_around, source_state

SCHEMA = "upheld/evidence-files/v1"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--record", is_flag=True, help="Write FILE.upheld.json beside each report: subject, environment, time.")
@click.option("--subject", default="", help="What was measured (default: the source in this folder, by git).")
@click.option("--environment", default="", help="Where it was measured, e.g. staging.")
@click.option("--run", default="", help="Identity of the run; shards of one run share it (default: the CI job's).")
@click.option("--observed", help="When it was measured (default: now).")
@click.option("--unit", default="", help="Unit of values whose file names none, e.g. ms.")
@pushing.option
@options.form()
def evidence(
    files: tuple[Path, ...],
    record: bool,
    subject: str,
    environment: str,
    run: str,
    observed: str | None,
    unit: str,
    push: bool,
    form: str,
) -> None:
    """Show what a reader sees in FILES; with --record, say beside each what it measured.

    Reports carry no commit and no environment: the job that produced them adds both. With --push the server that
    UPHELD_SERVER, UPHELD_PRODUCT and UPHELD_TOKEN name gets the evidence; while it cannot be reached, the evidence waits
    in .upheld/spool and the exit code is 5.
    """
    server = pushing.remote(_root()) if push else None
    paths = [
        p for path in files for p in (sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path])
    ]
    if record:
        _record(paths, subject=subject, environment=environment, run=run, observed=observed)
    request = Request(unit=unit, mapped=mapped_around(Path.cwd()))
    readings = [(path, reading) for path in paths if (reading := read(path, request)) is not None]
    if form == "json":
        show.echo_json({"schema": SCHEMA, "files": [file_json(path, reading) for path, reading in readings]})
    else:
        for path, reading in readings:
            click.echo(f"{path}")
            for line in reading_lines([reading]):
                click.echo(f"  {line}")
            for e in reading.evidence[:40]:
                click.echo(f"    {_summary(e)}")
            if len(reading.evidence) > 40:
                click.echo(f"    … and {len(reading.evidence) - 40} more; see --format json")
    there = server is None or pushing.push(server, [e for _, reading in readings for e in reading.evidence])
    unreadable = any(not reading.readable for _, reading in readings)
    sys.exit(EvidenceError.exit_status if unreadable else 0 if there else UnavailableError.exit_status)


def _root() -> Path:
    """The project's folder, or the one that we are in: where the spool is."""
    try:
        return find_root(Path.cwd())
    except UsageError:
        return Path.cwd()


def _record(paths: Sequence[Path], *, subject: str, environment: str, run: str, observed: str | None) -> None:
    about = repository.provenance(os.environ)
    commit = about.get("commit", "")
    if not subject:
        state = source_state(Path.cwd(), paths)
        if state.dirty:
            click.echo(
                "note: the source here has changes that are not committed; the subject is the tree as it is", err=True
            )
        subject, commit = state.text, state.commit or commit
    for path in paths:
        if path.name.endswith(".upheld.json"):
            continue
        if not path.is_file():
            raise UsageError(f"{path} is no file")
        write_side_file(
            path, subject=subject, environment=environment, run=run or about.get("run", ""),
            run_url=about.get("run_url", ""), commit=commit, observed=show.moment(observed),
        )  # fmt: skip


def file_json(path: Path, reading: Reading) -> dict[str, object]:
    """What was seen in one file, for other tools."""
    return {
        "file": str(path),
        "reader": reading.reader,
        "state": "readable" if reading.readable else "unreadable",
        "reason": reading.reason,
        "summary": reading.summary,
        "evidence": [records.encode(e) for e in reading.evidence if e.statistic is not None],
    }


def reading_lines(readings: Sequence[Reading]) -> list[str]:
    """One line a file: what it is, or why it cannot be read."""
    lines = []
    for reading in readings:
        if reading.readable:
            lines.append(f"{reading.reader}: {reading.summary}")
        else:
            lines.append(
                click.style(f"{reading.reader or 'no reader'}: {reading.summary} {reading.reason}".strip(), fg="yellow")
            )
    return lines


def _summary(e: records.Evidence) -> str:
    if e.statistic is None:
        return f"{e.indicator}: unreadable: {e.unreadable}"
    statistic = records.encode_statistic(e.statistic)
    shown = ", ".join(f"{k} {v}" for k, v in statistic.items() if k != "kind" and isinstance(v, int | float | str))
    about = [*(f"{k} {v}" for k, v in e.population.items() if k != "tests"), *e.links]
    return f"{e.indicator}: {statistic['kind']} {shown}" + (f"  ({', '.join(about)})" if about else "")
