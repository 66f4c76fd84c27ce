"""How old a definition is: the day of the commit that brought its file."""

import datetime as dt
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from upheld.project.kept import keep, recall
from upheld.project.load import NAME

KEPT = "age.json"
_DAY, _NONE = dt.timedelta(days=1), dt.timedelta(0)
PATIENCE = 60.0  # seconds; a history that takes longer to walk is not worth the wait


def first_commits(root: Path, files: Iterable[str], *, cache: bool = True) -> Mapping[str, dt.date]:
    """The day of the first commit of each file (relative to `root`); a file that git does not know is left out.

    A file that was committed before upheld.yaml was there before the project; it counts from the day before, so that it
    is older than a project that started on the same day. The answer is kept until the next commit. Outside git, and without git, nothing is known. In a shallow
    clone the oldest commit that is there seems to bring every file, so what it brings is of unknown age.
    """
    wanted = set(files)
    head, shallow = (
        [*_git(root, "rev-parse", "HEAD", "--git-path", "shallow").split("\n"), "", ""][:2] if wanted else ("", "")
    )
    if not head:
        return {}
    kept = recall(root, KEPT, head)
    if isinstance(kept, dict) and wanted <= kept.keys():
        return {name: dt.date.fromisoformat(day) for name, day in kept.items() if day and name in wanted}
    found = _walked(root, wanted, edge=frozenset(_lines(root / shallow)))
    if cache:
        keep(root, KEPT, head, {name: found[name].isoformat() if name in found else "" for name in sorted(wanted)})
    return found


def _walked(root: Path, wanted: set[str], *, edge: frozenset[str]) -> dict[str, dt.date]:
    """Walk the whole history once, the newest commit first."""
    log = _git(
        root, "log", "--no-renames", "--diff-filter=A", "--format=%x01%H %cs", "--name-only", "--relative", "-z", "--", "."
    )  # fmt: skip
    found: dict[str, dt.date] = {}
    before = not _tracked(log)
    for commit in log.split("\x01")[1:]:
        line, _, listed = commit.partition("\0")
        digest, _, day = line.strip().partition(" ")
        names = [name.strip("\n") for name in listed.split("\0")]
        for name in names:
            if name in wanted and digest not in edge:
                found[name] = dt.date.fromisoformat(day) - (
                    _DAY if before else _NONE
                )  # the oldest comes last and stays
        before = before or NAME in names
    return found


def _tracked(log: str) -> bool:
    """Whether any commit brings upheld.yaml itself."""
    return f"\n{NAME}\0" in log or f"\0{NAME}\0" in log


def _git(root: Path, *words: str) -> str:
    """What git answers; empty when it does not."""
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", *words]
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603  # git from PATH
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace") if answer.returncode == 0 else ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split()
    except OSError:
        return []
