"""Doorstop: a folder per document, an item per YAML or Markdown file, fingerprints in every link.

The fingerprint is Doorstop's own (SHA-256 over id, text, reference and the reviewed attributes, in URL-safe base64), so
that a link which Doorstop would call suspect comes in as one that has not seen its other end.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from upheld.errors import DefinitionError
from upheld.exchange import Document, ForeignItem, ForeignLink, Left, Patched, Skipped, lost_fields

_MARK = ".doorstop.yml"
_OURS = {"text", "header", "links", "active", "reviewed", "level", "normative", "derived", "ref"}
_MOST_BYTES = 1 << 20


class Doorstop:
    """Doorstop documents, with items in YAML or in Markdown."""

    name = "doorstop"
    title = "Doorstop documents"

    def recognise(self, path: Path) -> str:
        """By a .doorstop.yml in the folder or below it."""
        found = next(_documents(path), None) if path.is_dir() else None
        return f"{found.relative_to(path) / _MARK} is Doorstop's" if found is not None else ""

    def guess(self, path: Path) -> Mapping[str, object]:
        """None is needed: Doorstop's names are fixed."""
        return {}

    def read(self, path: Path, mapping: Mapping[str, object]) -> Document:
        """Every item of every document below the folder."""
        items, skipped, left = _items(path)
        stamps = {key: item.known_stamps for key, item in items.items()}
        found = []
        for key, item in items.items():
            if item.data.get("active") is False:
                skipped.append(Skipped(where=item.where, reason="is not active"))
                continue
            links = tuple(
                ForeignLink(to=to, stale=bool(seen) and to in stamps and seen not in stamps[to])
                for to, seen in item.links
            )
            title, text = item.split()
            if not title and not text:
                skipped.append(Skipped(where=item.where, reason="has neither header nor text"))
                continue
            kept = {"level": str(item.data.get("level", "")), "stamp": item.stamp}
            kept |= {"reviewed": str(item.data["reviewed"])} if item.data.get("reviewed") else {}
            kept |= {"normative": "false"} if item.data.get("normative") is False else {}
            found.append(ForeignItem(key=key, title=title or key, text=text, where=item.where, links=links, kept=kept))
            left.note(
                f"attribute {name}" for name in item.data if name not in _OURS and item.data[name] not in ("", None)
            )
        return Document(items=tuple(found), skipped=tuple(skipped), left=left.found)

    def patch(
        self,
        path: Path,
        mapping: Mapping[str, object],
        changes: Mapping[str, Mapping[str, str]],
    ) -> Patched:
        """The item files with their new text and header; every other line of them as it was."""
        items, _, _ = _items(path)
        files: dict[str, bytes] = {}
        lost: list[str] = []
        for key, change in changes.items():
            item = items.get(key)
            if item is None:
                lost.append(f"{key}: is no longer in the document")
                continue
            lost += lost_fields(key, change, ("title", "text"))
            title, text = item.split()
            title = "" if title == key else title
            after = item.written(change.get("title", title), change.get("text", text))
            if after != item.raw:
                files[item.where] = after.encode()
        return Patched(files=files, lost=tuple(lost))


class _Item:
    """One item file."""

    def __init__(self, key: str, where: str, raw: str, settings: Mapping[str, Any]) -> None:
        self.key, self.where, self.raw, self._settings = key, where, raw, settings
        self.markdown = where.endswith(".md")
        front, self._body = _front(raw) if self.markdown else (raw, "")
        data = yaml.load(front, Loader=yaml.CSafeLoader) or {}  # it is the safe loader, in C
        if not isinstance(data, dict):
            raise DefinitionError("its YAML is no mapping")
        self.data: dict[str, Any] = data

    @property
    def links(self) -> list[tuple[str, str]]:
        """Upward links with the fingerprints that they have seen."""
        found = []
        entries = self.data.get("links")
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                found += [(str(to), str(seen or "")) for to, seen in entry.items()]
            else:
                found.append((str(entry), ""))
        return found

    @property
    def _text(self) -> str:
        """The text as Doorstop holds it in memory."""
        if self.markdown:
            return _plain(_without_header(self._body)[1])
        return _plain(str(self.data.get("text") or ""))

    @property
    def _header(self) -> str:
        if self.markdown:
            return _without_header(self._body)[0]
        return str(self.data.get("header") or "").strip()

    def split(self) -> tuple[str, str]:
        """Title and text: the header, else the first line of the text as the title, and the whole text."""
        text = self._text
        first = text.split("\n", 1)[0].strip().lstrip("#").strip()
        return self._header or first[:120], text

    @property
    def stamp(self) -> str:
        """Doorstop's fingerprint of the item as it is now (doorstop/core/item.py, Item.stamp)."""
        values: list[object] = [self.key, self._text, self.data.get("ref") or ""]
        references = self.data.get("references")
        if isinstance(references, list) and references:
            values.append([{key: r[key] for key in _REFERENCE if key in r} for r in map(_mapping, references)])
        reviewed = _mapping(self._settings.get("attributes")).get("reviewed")
        names = sorted(map(str, reviewed)) if isinstance(reviewed, list) else []
        values += [self.data[name] for name in names if name in self.data]
        digest = hashlib.sha256()
        for value in values:
            digest.update(str(value).encode())
        return urlsafe_b64encode(digest.digest()).decode()

    @property
    def known_stamps(self) -> set[str]:
        """What a link may have seen of the item as it is now.

        How Doorstop hashes references has changed between its versions: with some, the reviewed one counts too.
        """
        reviewed = {str(self.data.get("reviewed"))} if self.data.get("references") else set()
        return {self.stamp} | reviewed

    def written(self, title: str, text: str) -> str:
        """The file with another title or text; where the title was the first line of the text, it follows the text."""
        raw = self.raw
        has_header = bool(self._header)
        if self.markdown:
            if text != self._text or (has_header and title != self._header):
                head = raw[: len(raw) - len(self._body)]
                header = f"# {title}\n\n" if has_header else ""
                end = "\n" if self._body.endswith("\n") else ""
                raw = (
                    f"{head}{header}{text}{end}" if not self._body.startswith("\n") else f"{head}\n{header}{text}{end}"
                )
            return raw
        if text != self._text:
            raw = _with_block(raw, "text", text)
        if has_header and title != self._header:
            raw = _with_block(raw, "header", title)
        return raw


_REFERENCE = ("type", "path", "keyword", "sha")  # the order in which Doorstop holds, and so hashes, a reference


def _plain(text: str) -> str:
    """A text as Doorstop loads it: without empty lines around it, and without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def _with_block(raw: str, key: str, text: str) -> str:
    """The YAML with another value of a top-level text, as Doorstop writes it: a literal block."""
    block = f"{key}: |\n" + "".join(f"  {line}".rstrip() + "\n" for line in text.split("\n"))
    pattern = re.compile(rf"^{key}:.*\n(?:(?:[ \t].*)?\n)*", re.MULTILINE)
    with_end = raw if raw.endswith("\n") else raw + "\n"
    found = pattern.search(with_end)
    return with_end + block if found is None else with_end[: found.start()] + block + with_end[found.end() :]


def _front(raw: str) -> tuple[str, str]:
    found = re.match(r"---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", raw, re.DOTALL)
    if found is None:
        raise DefinitionError("has no front matter")
    return found[1], raw[found.end() :]


def _without_header(body: str) -> tuple[str, str]:
    """The header that stands as a first-level heading, and the rest."""
    text = body.lstrip("\n")
    found = re.match(r"# +(.+?)\s*(?:\n|$)", text)
    return (found[1], text[found.end() :]) if found is not None else ("", text)


def _documents(root: Path) -> Iterator[Path]:
    if (root / _MARK).is_file():
        yield root
    for mark in sorted(root.rglob(_MARK)):
        if mark.parent != root and not any(part in (".venv", ".git", "node_modules") for part in mark.parts):
            yield mark.parent


def _items(root: Path) -> tuple[dict[str, _Item], list[Skipped], Left]:
    items: dict[str, _Item] = {}
    skipped: list[Skipped] = []
    folders = list(_documents(root))
    if not folders:
        raise DefinitionError(f"{root}: holds no Doorstop document (no {_MARK})")
    for folder in folders:
        settings = _settings(folder)
        known = _mapping(settings.get("settings"))
        prefix, separator = str(known.get("prefix", "")), str(known.get("sep", ""))
        name = re.compile(rf"{re.escape(prefix)}{re.escape(separator)}[\w-]+", re.IGNORECASE)
        for file in sorted(folder.iterdir()):
            where = file.relative_to(root).as_posix()
            if file.suffix not in (".yml", ".md") or file.name == _MARK or not file.is_file():
                continue
            if not prefix or not name.fullmatch(file.stem):
                skipped.append(Skipped(where=where, reason=f"is not named as an item of {prefix or folder.name}"))
                continue
            try:
                if file.stat().st_size > _MOST_BYTES:
                    raise DefinitionError("is larger than a megabyte")
                item = _Item(file.stem, where, file.read_bytes().decode(), settings)
            except (DefinitionError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
                line = str(error).split("\n", 1)[0]
                skipped.append(Skipped(where=where, reason=f"cannot be read: {line}"))
                continue
            if file.stem in items:
                skipped.append(Skipped(where=where, reason=f"has the id of {items[file.stem].where}"))
                continue
            items[file.stem] = item
    return items, skipped, Left()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _settings(folder: Path) -> Mapping[str, Any]:
    try:
        found = yaml.load((folder / _MARK).read_bytes(), Loader=yaml.CSafeLoader)  # the safe loader, in C
    except (yaml.YAMLError, OSError, RecursionError):
        # `!include` and the like: the settings are the first lines, and read without what they include
        text = (folder / _MARK).read_text(encoding="utf-8", errors="replace")
        pairs = re.findall(r"^  (prefix|sep|itemformat):[ \t]*(.*?)[ \t]*$", text, re.MULTILINE)
        return {"settings": {key: value.strip("'\"") for key, value in pairs}}
    return found if isinstance(found, dict) else {}
