"""Predictions as they lie in git: one file per assessment, one evidence record a line, the newest last.

They are committed so that everybody can see that they were made before the run. Nothing is ever taken out of a file.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from upheld.core.profile import Column, Profile

FOLDER = "predictions"


def file_of(root: Path, assessment: str) -> Path:
    """Where the predictions of an assessment are kept."""
    return root / FOLDER / f"{assessment}.ndjson"


def files(root: Path) -> list[Path]:
    """Every file of predictions, in order of their names."""
    return sorted((root / FOLDER).glob("*.ndjson"))


def profiles(root: Path, assessment: str) -> list[Profile]:
    """The profiles of the last time; none where there was none, or it cannot be read."""
    path = root / FOLDER / f"{assessment}.profile.json"
    try:
        told = json.loads(path.read_text("utf-8"))
        return [Profile(**{**p, "columns": tuple(Column(**c) for c in p["columns"])}) for p in told["sources"]]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def keep_profiles(root: Path, assessment: str, found: Iterable[Profile]) -> None:
    """Keep what the extracts are like, for the next time to compare with."""
    document = {"schema": "upheld/profile/v1", "sources": [asdict(p) for p in found]}
    _replace(root / FOLDER / f"{assessment}.profile.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def append(path: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Add lines at the end: written aside and renamed, so that what was there survives whatever happens."""
    before = path.read_text("utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        before += "\n"
    _replace(path, before + "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
