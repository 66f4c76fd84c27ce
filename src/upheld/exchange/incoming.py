"""From another tool's items to requirement files: first a plan, then, if wanted, the files.

An item becomes one file. What it was when it came in is remembered in `x-origin`, so that coming in again changes only
what changed over there, and never what somebody changed here: where both changed, the plan says so and writes nothing.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from upheld.core.fingerprint import text_hash
from upheld.exchange import Document, ForeignItem, Skipped, plain_letters

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
UNSEEN = "00000000"  # a link that has not seen its other end as it now is
_RELATION = "refines"


class Step(Enum):
    """What an import would do with one item."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "changed on both sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A requirement that the project already has."""

    id: str
    file: str  # relative to the root
    raw: str
    title: str
    body: str
    fingerprint: str
    origin: Mapping[str, str] = field(default_factory=dict)  # its x-origin; empty where it was not imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One item with what would be done."""

    step: Step
    id: str
    key: str
    where: str
    file: str
    text: str = ""  # what the file would hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that an import would do, and what it cannot carry."""

    steps: tuple[Planned, ...]
    skipped: tuple[Skipped, ...]
    left: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def files(self) -> dict[str, str]:
        """The files to write: path below the root → content."""
        return {step.file: step.text for step in self.steps if step.step in (Step.NEW, Step.CHANGED)}


def plan(document: Document, *, exchange: str, folder: str, known: Sequence[Known], status: str = "draft") -> Plan:
    """What an import of `document` would do in a project that has `known`; `exchange` names where items come from.

    New requirements are drafts: nobody here has agreed to them yet.
    """
    mine = {k.origin["key"]: k for k in known if k.origin.get("exchange") == exchange and k.origin.get("key")}
    taken = {k.id: k for k in known}
    notes: list[str] = []
    ids = _ids(document.items, mine, taken, notes)
    prints = {k.id: k.fingerprint for k in known}
    for item in document.items:  # a link may lead to an item that comes in only now
        prints.setdefault(ids[item.key], text_hash(item.title, item.text, ()))
    steps = []
    for item in document.items:
        links, lost = _links(item, ids, prints)
        notes += lost
        before = mine.get(item.key)
        if before is None:
            text = _new(item, ids[item.key], links, exchange=exchange, status=status)
            file = f"{folder}/{ids[item.key]}.md"
            steps.append(Planned(step=Step.NEW, id=ids[item.key], key=item.key, where=item.where, file=file, text=text))
        else:
            steps.append(_again(item, before, exchange=exchange))
    gone = sorted(k.id for key, k in mine.items() if key not in {item.key for item in document.items})
    if gone:
        notes.append(
            f"no longer there, kept here: {', '.join(gone[:5])}"
            + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
        )
    return Plan(steps=tuple(steps), skipped=document.skipped, left=document.left, notes=tuple(notes))


def _ids(
    items: Sequence[ForeignItem], mine: Mapping[str, Known], taken: Mapping[str, Known], notes: list[str]
) -> dict[str, str]:
    """What each item is called here: its own name where ids may be so, and a free one otherwise."""
    ids = {key: k.id for key, k in mine.items()}
    used = set(taken)
    for item in items:
        if item.key in ids:
            continue
        wanted = item.id or item.key
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", plain_letters(wanted)).strip("-_")[:90] or "item"
        chosen, number = plain, 1
        while chosen in used or not _ID.fullmatch(chosen):
            number += 1
            chosen = f"{plain}-{number}"
        if chosen != item.key:
            notes.append(f"{item.key} is called {chosen} here")
        used.add(chosen)
        ids[item.key] = chosen
    return ids


def _links(
    item: ForeignItem, ids: Mapping[str, str], prints: Mapping[str, str]
) -> tuple[list[dict[str, str]], list[str]]:
    found, lost = [], []
    for link in item.links:
        to = ids.get(link.to, link.to)
        if to not in prints:
            lost.append(f"{item.key}: its link to {link.to} leads to nothing that is imported or here")
            continue
        found.append({_RELATION: to, "seen": UNSEEN if link.stale else prints[to]})
    return found, lost


def content_hash(title: str, text: str) -> str:
    """What x-origin remembers of a title and a text."""
    return hashlib.sha256(f"{' '.join(title.split())}\0{text.strip()}".encode()).hexdigest()[:16]


def _origin(item: ForeignItem, exchange: str) -> dict[str, str]:
    kept = {name: value for name, value in item.kept.items() if value}
    return {"exchange": exchange, "key": item.key, "seen": content_hash(item.title, item.text), **kept}


def _flow(value: object) -> str:
    """A value on one line that YAML reads as it stands: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _new(item: ForeignItem, id_: str, links: Sequence[Mapping[str, str]], *, exchange: str, status: str) -> str:
    lines = ["---", f"id: {id_}", f"title: {_flow(item.title)}", f"status: {item.status or status}"]
    if item.priority:
        lines.append(f"priority: {item.priority}")
    lines += [f"links: {_flow(list(links))}"] if links else []
    lines += [f"x-origin: {_flow(_origin(item, exchange))}", "---", item.text.strip()]
    return "\n".join(lines) + "\n"


_TITLE = re.compile(r"^title:.*$", re.MULTILINE)
_ORIGIN = re.compile(r"^x-origin:.*$", re.MULTILINE)
_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)


def _again(item: ForeignItem, before: Known, *, exchange: str) -> Planned:
    """An item that came in before."""
    planned = Planned(step=Step.UNCHANGED, id=before.id, key=item.key, where=item.where, file=before.file)
    there = content_hash(item.title, item.text)
    seen = before.origin.get("seen", "")
    if there == seen:
        return planned
    here = content_hash(before.title, before.body)
    if here not in (seen, there):
        return replace(planned, step=Step.CONFLICT)
    front = _FRONT.match(before.raw)
    if front is None:
        return replace(planned, step=Step.CONFLICT)
    head = _ORIGIN.sub(lambda _: f"x-origin: {_flow(_origin(item, exchange))}", front[0], count=1)
    head = _TITLE.sub(lambda _: f"title: {_flow(item.title)}", head, count=1)
    return replace(planned, step=Step.CHANGED, text=f"{head.rstrip()}\n{item.text.strip()}\n")
