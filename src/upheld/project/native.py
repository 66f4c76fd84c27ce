"""The readers' indicators without the readers: names and kinds remembered, so that lint need not import every format.

Importing all readers and sources takes longer than checking a thousand requirements. What they bring changes only with
their code, so it is kept beside the decoded definitions, under the stamp of that code.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.errors import UpheldError

FILE = Path(".upheld") / "cache" / "native.json"
_PACKAGE = Path(__file__).resolve().parent.parent
# Where indicators are brought from, and what their records are made of.
_CODE = ("readers", "sources", "wiring.py", "core/criterion.py", "core/quantity.py", "project/native.py")


def remembered(root: Path, bring: Callable[[], Mapping[str, Indicator]]) -> Mapping[str, Indicator]:
    """The indicators that readers bring: from the cache of the project when the code has not changed since."""
    path, stamp = root / FILE, _stamp()
    known = _read(path, stamp)
    if known is not None:
        return known
    brought = bring()
    with suppress(OSError):
        _write(path, stamp, brought.values())
    return brought


def _stamp() -> str:
    lines = []
    for name in _CODE:
        place = _PACKAGE / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            with suppress(OSError):
                known = file.stat()
                lines.append(f"{file} {known.st_mtime_ns} {known.st_size}")
    return blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def _read(path: Path, stamp: str) -> dict[str, Indicator] | None:
    try:
        if path.is_symlink():
            return None
        document = json.loads(path.read_bytes())
        if document["stamp"] != stamp:
            return None
        return {
            name: Indicator(
                name=name, kind=Kind(kind), unit=quantity.find_unit(unit), census=census, linked=linked, help=help_,
                sources={Stage(stage): source for stage, source in sources.items()},
            )
            for name, kind, unit, census, linked, help_, sources in document["indicators"]
        }  # fmt: skip
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, UpheldError):
        return None


def _write(path: Path, stamp: str, indicators: Iterable[Indicator]) -> None:
    rows = [
        [i.name, i.kind.value, i.unit.name, i.census, i.linked, i.help, {s.value: t for s, t in i.sources.items()}]
        for i in indicators
    ]
    folder = path.parent
    if folder.is_symlink() or folder.parent.is_symlink():
        return  # what a repository points elsewhere is not ours to write
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    handle, name = tempfile.mkstemp(dir=folder, prefix="native-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"stamp": stamp, "indicators": rows}, file, separators=(",", ":"))
    Path(name).replace(path)
