"""Small facts that take long to find out and rarely change, kept as JSON under .upheld/cache.

Losing them costs time and nothing else: whatever cannot be read or written is found out again.
"""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER = Path(".upheld") / "cache"


def recall(root: Path, name: str, stamp: str) -> object:
    """What was kept under a name, if it was kept under this stamp; else None."""
    path = root / FOLDER / name
    try:
        document = None if path.is_symlink() else json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("stamp") != stamp:
        return None
    return document.get("kept")


def keep(root: Path, name: str, stamp: str, kept: object) -> None:
    """Keep a JSON value under a name and a stamp; a folder that cannot be written stays as it is."""
    folder = root / FOLDER
    if folder.is_symlink() or folder.parent.is_symlink():
        return  # what a repository points elsewhere is not ours to write
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        # Written aside and renamed, so that a run beside this one never reads a half.
        handle, aside = tempfile.mkstemp(dir=folder, prefix=f"{name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"stamp": stamp, "kept": kept}, file, separators=(",", ":"))
        Path(aside).replace(folder / name)
