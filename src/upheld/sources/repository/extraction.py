"""A committed state of the project, laid out as files for as long as somebody reads them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from upheld.sources.repository.git import Git, files
from upheld.sources.repository.subject import project_tree

LARGEST = 64 * 1024 * 1024  # bytes; no definition is larger, and a recorded video need not be written out


def last_commit(root: Path, moment: datetime) -> str | None:
    """The commit that was the newest at a moment, by the day it was committed; empty when the history begins later.

    None when nobody can tell, because the clone lacks older commits. Raises UsageError outside git.
    """
    git = Git(root=root)
    found = git.ask("rev-list", "-1", f"--before={moment.isoformat()}", "HEAD").decode().strip()
    return found or (None if git.shallow() else "")


@contextmanager
def extracted(root: Path, rev: str) -> Iterator[Path]:
    """A temporary folder with the project's plain files as they were committed at a revision.

    Symbolic links and submodules are left out, because they lead elsewhere. Raises UsageError when the revision names
    no commit or does not hold the project.
    """
    git = Git(root=root)
    commit = git.commit(rev.removeprefix("git:"))
    paths: dict[str, list[bytes]] = {}
    for entry in files(git, project_tree(git, commit), sized=True):
        # A tree made by hand may hold such names; git itself would refuse to check it out.
        if entry.is_file and entry.size <= LARGEST and not {b"", b".", b"..", b".git"} & set(entry.path.split(b"/")):
            paths.setdefault(entry.id, []).append(entry.path)
    with TemporaryDirectory(prefix="upheld-") as folder:
        for identity, body in git.objects(paths):
            for path in paths[identity]:
                target = os.path.join(os.fsencode(folder), path)  # noqa: PTH118 - names are bytes
                os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - names are bytes
                Path(os.fsdecode(target)).write_bytes(body)
        yield Path(folder)
