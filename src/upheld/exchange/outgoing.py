"""From requirements back into the document that they came from: only what changed here is written there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from upheld.exchange import Adapter, Patched
from upheld.exchange.incoming import Known, content_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What an export would write."""

    changed: tuple[str, ...]  # ids whose changes are carried
    unchanged: int
    patched: Patched
    notes: tuple[str, ...] = ()  # what could not be carried


def export(
    adapter: Adapter, path: Path, mapping: Mapping[str, object], *, exchange: str, known: Sequence[Known]
) -> Outgoing:
    """Compare the requirements with the items of the original, and patch it where they differ.

    A requirement that was written here has no place there, and one that changed on both sides would overwrite somebody's
    work: both are reported and left.
    """
    document = adapter.read(path, mapping)
    there = {item.key: item for item in document.items}
    changes: dict[str, dict[str, str]] = {}
    ids: dict[str, str] = {}
    notes: list[str] = []
    unchanged = 0
    for requirement in known:
        if requirement.origin.get("exchange") != exchange:
            if not requirement.origin:
                notes.append(f"{requirement.id} was written here and is not in {path.name}")
            continue
        key = requirement.origin.get("key", "")
        item = there.get(key)
        if item is None:
            notes.append(f"{requirement.id} ({key}) is no longer in {path.name}")
            continue
        here, seen = content_hash(requirement.title, requirement.body), requirement.origin.get("seen", "")
        now = content_hash(item.title, item.text)
        if here in (seen, now):
            unchanged += 1
            continue
        if now != seen:
            notes.append(f"{requirement.id} changed on both sides: import it first")
            continue
        change = {}
        if " ".join(requirement.title.split()) != " ".join(item.title.split()):
            change["title"] = requirement.title
        if requirement.body.strip() != item.text.strip():
            change["text"] = requirement.body.strip()
        changes[key], ids[key] = change, requirement.id
    patched = adapter.patch(path, mapping, changes) if changes else Patched(files={})
    return Outgoing(
        changed=tuple(ids.values()), unchanged=unchanged, patched=patched, notes=(*notes, *patched.lost)
    )  # fmt: skip
