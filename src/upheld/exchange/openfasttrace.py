"""OpenFastTrace in Markdown: an id `type~name~revision` below a heading, then text, then what it covers and needs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from upheld.errors import DefinitionError
from upheld.exchange import Document, ForeignItem, ForeignLink, Left, Patched, Skipped, lost_fields

_ID = r"[a-zA-Z]+~[a-zA-Z][\w.-]*~\d+"
# The id stands alone on its line, in backticks or behind a link anchor; OpenFastTrace's own importer does the same.
_LINE = re.compile(rf"^(?:<a id=\"[^\"]*\"></a>|\s)*`?(?P<id>{_ID})`?\s*$")
_FORWARD = re.compile(r"^\s*`?[\w ,]+(?:-->|->)[^`]*`?\s*$")
_SECTION = re.compile(r"^(Covers|Depends|Needs|Tags|Status|Rationale|Comment|Description)\s*:\s*(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_BULLET = re.compile(rf"^\s*[*+-]\s*(?:\[[^\]]*\]\([^)]*\))?\s*`?(?P<id>{_ID})?")
_MOST_BYTES = 8 << 20


@dataclass(slots=True)
class _Spec:
    """One specification item and the lines that hold it (from 0, the end outside)."""

    key: str
    file: str
    line: int
    title: str = ""
    heading: int = -1
    text: tuple[int, int] = (0, 0)
    covers: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)


class OpenFastTrace:
    """OpenFastTrace specification items in Markdown."""

    name = "openfasttrace"
    title = "OpenFastTrace Markdown"

    def recognise(self, path: Path) -> str:
        """By an id on a line of its own in a Markdown file."""
        for file in _files(path):
            for number, line in enumerate(_lines(file), 1):
                if _LINE.match(line):
                    return f"{file.name}:{number} is an id of OpenFastTrace"
        return ""

    def guess(self, path: Path) -> Mapping[str, object]:
        """Every item is read."""
        return {}

    def read(self, path: Path, mapping: Mapping[str, object]) -> Document:
        """Every specification item of the file, or of the Markdown files below the folder."""
        items: dict[str, ForeignItem] = {}
        skipped: list[Skipped] = []
        left = Left()
        for file in _files(path):
            lines = _lines(file)
            specs, others = _specs(lines, _name(path, file))
            skipped += others
            for spec in specs:
                where = f"{spec.file}:{spec.line + 1}"
                if spec.key in items:
                    skipped.append(Skipped(where=where, reason=f"has the id of {items[spec.key].where}"))
                    continue
                text = _text(lines, spec)
                kind, name, revision = spec.key.split("~")
                items[spec.key] = ForeignItem(
                    key=spec.key, id=re.sub(r"[^A-Za-z0-9_-]+", "-", f"{kind}-{name}"), title=spec.title or name,
                    text=text, where=where, links=tuple(ForeignLink(to=to) for to in spec.covers),
                    kept={"revision": revision} | spec.sections,
                )  # fmt: skip
                left.note(f"section {name}" for name in spec.sections)
        if not items and not skipped:
            raise DefinitionError(f"{path}: holds no specification item")
        return Document(items=tuple(items.values()), skipped=tuple(skipped), left=left.found)

    def patch(
        self,
        path: Path,
        mapping: Mapping[str, object],
        changes: Mapping[str, Mapping[str, str]],
    ) -> Patched:
        """The files with other headings and texts; every other line as it was."""
        files: dict[str, bytes] = {}
        lost: list[str] = []
        waiting = dict(changes)
        for file in _files(path):
            lines = _lines(file)
            before = list(lines)
            specs, _ = _specs(lines, _name(path, file))
            for spec in reversed(specs):  # from the end, so that earlier lines keep their numbers
                change = waiting.pop(spec.key, None)
                if change is None:
                    continue
                able = ("title", "text") if spec.heading >= 0 else ("text",)
                lost += lost_fields(spec.key, change, able)
                if "text" in change and _text(lines, spec) != change["text"]:
                    lines[slice(*spec.text)] = ["", *change["text"].split("\n"), ""]
                if "title" in change and spec.heading >= 0:
                    marks = _HEADING.match(lines[spec.heading])[1]  # type: ignore[index]  # it was a heading
                    lines[spec.heading] = f"{marks} {change['title']}"
            if lines != before:
                files[_name(path, file) if path.is_dir() else ""] = "\n".join(lines).encode()
        lost += [f"{key}: is no longer in the document" for key in waiting]
        return Patched(files=files, lost=tuple(lost))


def _text(lines: list[str], spec: _Spec) -> str:
    return "\n".join(line.rstrip("\r") for line in lines[slice(*spec.text)]).strip()


def _name(path: Path, file: Path) -> str:
    return file.relative_to(path).as_posix() if path.is_dir() else file.name


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        if path.suffix in (".md", ".markdown"):
            yield path
        return
    for file in sorted(path.rglob("*.md")):
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts):
            yield file


def _lines(file: Path) -> list[str]:
    if file.stat().st_size > _MOST_BYTES:
        raise DefinitionError(f"{file}: is larger than {_MOST_BYTES >> 20} MiB")
    try:
        return file.read_bytes().decode().split("\n")
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{file}: is not UTF-8 at byte {error.start}") from None


def _specs(lines: list[str], name: str) -> tuple[list[_Spec], list[Skipped]]:
    """The items of one file; ids inside code blocks are examples, and forwarded ones need nothing here."""
    found: list[_Spec] = []
    skipped: list[Skipped] = []
    fenced, heading, section = False, -1, ""
    for number, raw in enumerate(lines):
        line = raw.rstrip("\r")
        if _FENCE.match(line):
            fenced = not fenced
        match = _LINE.match(line)
        if fenced:
            if match is not None:
                skipped.append(Skipped(where=f"{name}:{number + 1}", reason=f"{match['id']} stands in a code block"))
            continue
        if match is not None:
            _close(found, lines, number if heading < 0 or (found and heading < found[-1].line) else heading)
            title = _HEADING.match(lines[heading].rstrip("\r")) if heading >= 0 else None
            spec = _Spec(match["id"], name, number, title=title[2] if title else "", heading=heading)
            spec.text = (number + 1, -1)
            found.append(spec)
            section, heading = "", -1
            continue
        if _HEADING.match(line):
            _close(found, lines, number)
            heading, section = number, ""
            continue
        if line.strip():
            if found and found[-1].text[1] < 0 and "~" in line and _FORWARD.match(line) and "-->" in line:
                skipped.append(Skipped(where=f"{name}:{number + 1}", reason="forwards an item to another level"))
            section = _see(found, line, number, section) if heading < 0 or (found and found[-1].line > heading) else ""
            if not section and heading >= 0 and (not found or found[-1].line < heading):
                heading = -1 if line.strip() else heading
    _close(found, lines, len(lines))
    return found, skipped


def _see(found: list[_Spec], line: str, number: int, section: str) -> str:
    """One line below an id: the beginning of a section, something inside one, or text."""
    if not found:
        return ""
    spec = found[-1]
    begins = _SECTION.match(line)
    if begins is not None and begins[1] != "Description":
        if spec.text[1] < 0:
            spec.text = (spec.text[0], number)
        section = begins[1]
        if section != "Covers":
            spec.sections[section.lower()] = begins[2].strip()
        return section
    if section == "Covers":
        bullet = _BULLET.match(line)
        if bullet is not None and bullet["id"]:
            spec.covers.append(bullet["id"])
    elif section:
        spec.sections[section.lower()] = f"{spec.sections[section.lower()]} {line.strip(' *+-')}".strip()
    return section


def _close(found: list[_Spec], lines: list[str], end: int) -> None:
    if found and found[-1].text[1] < 0:
        start = found[-1].text[0]
        while end > start and not lines[end - 1].strip():
            end -= 1
        found[-1].text = (start, max(start, end))
