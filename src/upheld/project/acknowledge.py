"""Accept that the other end of a link has changed: write its present fingerprint into the link, and nothing else."""

from dataclasses import dataclass

from upheld.core.requirement import Link
from upheld.errors import UsageError
from upheld.project.load import Item, Project
from upheld.project.rules.scope import fingerprint
from upheld.project.text import Document, Place, Tree, locate, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """One link whose `seen` is brought up to date."""

    file: str
    link: str  # FROM relation TO
    before: str  # empty: the link had seen nothing
    after: str
    text: str  # the file as it shall be

    @property
    def changed(self) -> bool:
        """Whether the file has to be written."""
        return self.before != self.after


def acknowledge(project: Project, start: str, to: str) -> Acknowledged:
    """The file of `start` with the present fingerprint of `to` in the link between them.

    Only the characters of the fingerprint change; a link without one gets `, seen: …` (or a line `seen: …`) added.
    Raises UsageError when there is no such link, or more than one.
    """
    item, link = _link(project, start, to)
    now = fingerprint(project, to)
    if not now:
        raise UsageError(f'{item.file}: the link leads to "{to}", and nothing here is called that; see upheld lint')
    # The bytes as they are: a byte-order mark and the ends of lines belong to the file's owner.
    raw = (project.root / item.file).read_bytes().decode()
    document = read(raw.encode(), markdown=item.file.endswith((".md", ".markdown")))
    mark = raw[: len(raw) - len(document.text)]
    after = raw if link.seen == now else mark + _written(document, item.place, link, now)
    return Acknowledged(file=item.file, link=f"{start} {link.relation} {to}", before=link.seen, after=now, text=after)


def _link(project: Project, start: str, to: str) -> tuple[Item, Link]:
    catalogue = project.catalogue
    requirement, decision = catalogue.requirements.get(start), catalogue.decisions.get(start)
    kind = "requirement" if requirement else "decision"
    item = project.item(kind, start)
    owner = requirement or decision
    if owner is None or item is None:
        raise UsageError(f'no requirement or decision "{start}"; write upheld ack FROM TO')
    found = [link for link in owner.links if link.to == to]
    if not found:
        known = ", ".join(link.to for link in owner.links)
        raise UsageError(f"{start} has no link to {to}; " + (f"it links to {known}" if known else "it has no links"))
    if len(found) > 1:
        raise UsageError(f"{start} links to {to} {len(found)} times; keep one of them")
    return item, found[0]


def _written(document: Document, item: Place, link: Link, now: str) -> str:
    """The text with the fingerprint in the link."""
    text = document.text
    place, entry = _entry(document.tree, item, link)
    if "seen" not in entry:
        return _added(text, place, link, now)
    start = _offset(text, (*place, "seen"), offset=0)
    if not link.seen or text[start : start + len(link.seen)] != link.seen:
        raise UsageError(f"seen is empty or written in an unusual way; set it to {now} by hand")
    return text[:start] + now + text[start + len(link.seen) :]


def _added(text: str, place: Place, link: Link, now: str) -> str:
    """The link with its fingerprint behind the target: in braces behind a comma, in block style on its own line."""
    start = _offset(text, (*place, link.relation), offset=0)
    end = start + len(link.to)
    if text[start:end] != link.to:
        raise UsageError(f"the link is written in an unusual way; add seen: {now} by hand")
    if start and text[start - 1] in "\"'" and text[end : end + 1] == text[start - 1]:
        end += 1
    if text[_offset(text, place)] == "{":
        return f"{text[:end]}, seen: {now}{text[end:]}"
    key = _offset(text, (*place, link.relation), key=True)
    indent = " " * (key - (text.rfind("\n", 0, key) + 1))
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    newline = "\r\n" if text[line_end - 1 : line_end] == "\r" else "\n"
    line_end -= newline == "\r\n"
    return f"{text[:line_end]}{newline}{indent}seen: {now}{text[line_end:]}"


def _entry(tree: Tree, item: Place, link: Link) -> tuple[Place, dict[str, Tree]]:
    """Where the link stands in the file, and what is written there."""
    for step in item:
        tree = tree[step] if isinstance(tree, list) and isinstance(step, int) else None
    links = tree.get("links") if isinstance(tree, dict) else None
    for number, entry in enumerate(links if isinstance(links, list) else ()):
        if isinstance(entry, dict) and entry.get(link.relation) == link.to:
            return (*item, "links", number), entry
    raise UsageError("the file has changed since it was read; try again")


def _offset(text: str, place: Place, *, offset: int | None = None, key: bool = False) -> int:
    """Where a value (or its key) starts, in characters from the start of the text."""
    line, column = locate(text, place, offset=offset, key=key)
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1
