"""The pace of a team: on which days items were finished, from git or from a table that a tracker exported."""

import csv
import datetime as dt
import subprocess
from collections import Counter
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from upheld.errors import DefinitionError, UnavailableError

Days = Mapping[dt.date, int]
TIMEOUT = 120.0
_DONE = (
    "closed",
    "closed_at",
    "done",
    "done_at",
    "finished",
    "resolved",
    "resolved_at",
    "resolutiondate",
    "completed",
    "week",
    "date",
)
_COUNT = ("count", "items", "commits", "finished_items")


def commits(folder: Path, *, until: dt.datetime) -> Days:
    """Commits per day, merges left out; their dates are the committer's, in UTC.

    Only dates are asked for: the lines that a commit changed (--numstat) cost twenty times as much and count nothing here.
    """
    words = [
        "git",
        "-C",
        str(folder),
        "log",
        "-z",
        "--no-merges",
        "--format=%ct",
        f"--until={until.isoformat()}",
        "--end-of-options",
        "HEAD",
    ]
    try:
        answer = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT, check=False)  # noqa: S603  # git, by its name
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"git cannot be asked for the history of {folder}: {error}") from None
    if answer.returncode:
        raise DefinitionError(f"{folder}: no history: {answer.stderr.strip() or 'git refused'}")
    stamps = [int(stamp) for stamp in answer.stdout.split("\0") if stamp.strip()]
    return Counter(dt.datetime.fromtimestamp(stamp, dt.UTC).date() for stamp in stamps)


def table(text: str, *, name: str) -> Days:
    """Items per day from a table with a column of days (closed, done, resolved …) and perhaps one of counts.

    A row without a day is an item that is not finished. DefinitionError names the row that cannot be read.
    """
    rows = csv.DictReader(StringIO(text))
    columns = {(column or "").strip().lower().replace(" ", "_"): column for column in rows.fieldnames or ()}
    day = next((columns[known] for known in _DONE if known in columns), None)
    if day is None:
        raise DefinitionError(f"{name}: no column says when an item was finished; name it closed, done or resolved")
    many = next((columns[known] for known in _COUNT if known in columns), None)
    found: Counter[dt.date] = Counter()
    for number, row in enumerate(rows, 2):
        written = (row[day] or "").strip()
        if not written:
            continue
        try:
            found[dt.date.fromisoformat(written[:10])] += int(row[many] or 0) if many else 1
        except ValueError:
            raise DefinitionError(f'{name}:{number}: "{written[:40]}" is no day; write e.g. 2026-11-22') from None
    return found


def per_week(days: Days, *, until: dt.date) -> tuple[int, ...]:
    """Whole weeks from Monday to Sunday, from the first item to the last week that was over by `until`."""
    known = {day: n for day, n in days.items() if day <= until}
    if not known:
        return ()
    first, this = _monday(min(known)), _monday(until)
    weeks = [0] * max(0, (this - first).days // 7)
    for day, n in known.items():
        if day < this:
            weeks[(_monday(day) - first).days // 7] += n
    return tuple(weeks)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
