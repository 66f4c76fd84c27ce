"""Predictions as they lie in git: one file per assessment, one evidence record a line, the newest last.

They are committed so that everybody can see that they were made before the run. Nothing is ever taken out of a file.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

FOLDER = "predictions"


def file_of(root: Path, assessment: str) -> Path:
    """Where the predictions of an assessment are kept."""
    return root / FOLDER / f"{assessment}.ndjson"


def files(root: Path) -> list[Path]:
    """Every file of predictions, in order of their names."""
    return sorted((root / FOLDER).glob("*.ndjson"))


def append(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Add lines at the end: written aside and renamed, so that what was there survives whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        before += "\n"
    aside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        aside.write_text(before + "".join(lines), encoding="utf-8", newline="\n")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
