"""The readers' indicators without the readers: names and kinds remembered, so that lint need not import every format.

Importing all readers and sources takes longer than checking a thousand requirements. What they bring changes only with
their code, so it is kept beside the decoded definitions, under the stamp of that code.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from upheld.core import quantity
from upheld.core.criterion import Indicator, Kind, Stage
from upheld.errors import UpheldError
from upheld.project.kept import keep, recall

NAME = "native.json"
_PACKAGE = Path(__file__).resolve().parent.parent
# Where indicators are brought from, and what their records are made of.
_CODE = ("readers", "sources", "wiring.py", "core/criterion.py", "core/quantity.py", "project/native.py")


def remembered(root: Path, bring: Callable[[], Mapping[str, Indicator]]) -> Mapping[str, Indicator]:
    """The indicators that readers bring: from the cache of the project when the code has not changed since."""
    stamp = _stamp()
    known = _unpacked(recall(root, NAME, stamp))
    if known is not None:
        return known
    brought = bring()
    keep(root, NAME, stamp, _packed(brought.values()))
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


def _packed(indicators: Iterable[Indicator]) -> list[list[object]]:
    return [
        [i.name, i.kind.value, i.unit.name, i.census, i.linked, i.help, {s.value: t for s, t in i.sources.items()}]
        for i in indicators
    ]


def _unpacked(rows: object) -> dict[str, Indicator] | None:
    try:
        return {
            name: Indicator(
                name=name, kind=Kind(kind), unit=quantity.find_unit(unit), census=census, linked=linked, help=help_,
                sources={Stage(stage): source for stage, source in sources.items()},
            )
            for name, kind, unit, census, linked, help_, sources in rows  # type: ignore[attr-defined]  # or TypeError
        }  # fmt: skip
    except (TypeError, ValueError, AttributeError, UpheldError):
        return None
