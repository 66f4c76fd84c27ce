"""sphinx-needs: needs.json, the file that its `needs` builder writes and its `needimport` reads."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upheld.errors import DefinitionError
from upheld.exchange import Document, ForeignItem, ForeignLink, Left, Patched, Skipped, lost_fields, one_line

_TEXT = ("content", "description")  # since 2.0, and before
_OWN = {
    "id", "title", "status", "type", "links", "content", "description", "docname", "lineno", "type_name", "sections",
    "section_name", "full_title", "doctype", "is_need", "is_external", "external_css", "lineno_content",
}  # fmt: skip
_MOST_BYTES = 256 << 20


class SphinxNeeds:
    """sphinx-needs `needs.json`."""

    name = "sphinx-needs"
    title = "sphinx-needs needs.json"

    def recognise(self, path: Path) -> str:
        """By its versions of needs."""
        if path.suffix != ".json" or not path.is_file():
            return ""
        with path.open("rb") as file:
            head = file.read(65_536)
        return "it holds versions of needs" if b'"versions"' in head and b'"needs"' in head else ""

    def guess(self, path: Path) -> Mapping[str, object]:
        """Every need is read; `types` would name those that are."""
        return {}

    def read(self, path: Path, mapping: Mapping[str, object]) -> Document:
        """The needs of the current version."""
        _, needs = _load(path)
        types = mapping.get("types")
        left = Left()
        items, skipped = [], []
        for key, need in needs.items():
            where = f"{path.name}: {key}"
            if not isinstance(need, dict):
                skipped.append(Skipped(where=where, reason="is no object"))
                continue
            if isinstance(types, list) and need.get("type") not in types:
                skipped.append(Skipped(where=where, reason=f"is of the type {need.get('type')}, which is not imported"))
                continue
            title = str(need.get("title") or "")
            if not title:
                skipped.append(Skipped(where=where, reason="has no title"))
                continue
            links = tuple(ForeignLink(to=str(to).partition("[")[0]) for to in need.get("links") or ())
            kept = {name: str(need[name]) for name in ("type", "status", "docname") if need.get(name)}
            items.append(
                ForeignItem(key=str(key), title=title, text=str(need.get(_text_key(need)) or "").strip(), where=where,
                            links=links, kept=kept)
            )  # fmt: skip
            left.note(
                f"field {name}" for name, value in need.items() if name not in _OWN and value not in (None, "", [], {})
            )
        return Document(items=tuple(items), skipped=tuple(skipped), left=left.found)

    def patch(
        self,
        path: Path,
        mapping: Mapping[str, object],
        changes: Mapping[str, Mapping[str, str]],
    ) -> Patched:
        """The same document with other titles and texts, laid out as it was."""
        document, needs = _load(path)
        lost: list[str] = []
        changed = False
        for key, change in changes.items():
            need = needs.get(key)
            if not isinstance(need, dict):
                lost.append(f"{key}: is no longer in the document")
                continue
            lost += lost_fields(key, change, ("title", "text"))
            for name, value in change.items():
                field = {"title": "title", "text": _text_key(need)}.get(name)
                if field and need.get(field) != value:
                    need[field], changed = value, True
        if not changed:
            return Patched(files={}, lost=tuple(lost))
        raw = path.read_text(encoding="utf-8")
        second = raw.split("\n", 2)[1] if raw.count("\n") else ""
        indent = len(second) - len(second.lstrip()) or None
        text = json.dumps(document, indent=indent, ensure_ascii=raw.isascii(), sort_keys=_is_sorted(document))
        return Patched(files={"": (text + ("\n" if raw.endswith("\n") else "")).encode()}, lost=tuple(lost))


def _text_key(need: Mapping[str, Any]) -> str:
    return next((key for key in _TEXT if key in need), _TEXT[0])


def _is_sorted(document: Mapping[str, Any]) -> bool:
    return list(document) == sorted(document)


def _load(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    if path.stat().st_size > _MOST_BYTES:
        raise DefinitionError(f"{path}: is larger than {_MOST_BYTES >> 20} MiB")
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{path}: is no JSON: {one_line(error)}") from None
    versions = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(versions, dict) or not versions:
        raise DefinitionError(f"{path}: holds no versions of needs")
    current = str(document.get("current_version", ""))
    chosen = versions.get(current) if current in versions else list(versions.values())[-1]
    needs = chosen.get("needs") if isinstance(chosen, dict) else None
    if not isinstance(needs, dict):
        raise DefinitionError(f"{path}: its version {current} holds no needs")
    return document, needs
