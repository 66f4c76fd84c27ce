"""ReqIF 1.0 and 1.1: one format in as many dialects as tools; a mapping names which attribute is what.

The document is read as a tree and patched in place, so that foreign attributes, tool extensions and formatted texts
survive; entities and networks are closed. `exchange` (lxml) has to be installed for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from upheld.errors import DefinitionError, UsageError
from upheld.exchange import Document, ForeignItem, ForeignLink, Left, Patched, Skipped, one_line, plain_letters

_XHTML = "http://www.w3.org/1999/xhtml"
_MOST_BYTES = 256 << 20
_OBJECT = "object"  # a mapping's word for the identifier, long name or description of the object itself
# What the recommendations of the ReqIF implementation guide and the usual tools call these attributes.
_GUESSES = {
    "id": ("ReqIF.ForeignID", "ForeignID", "requirement_ID", "UID", "ID"),
    "title": ("ReqIF.Name", "ReqIF.ChapterName", "Title", "Name", "Headline"),
    "text": ("ReqIF.Text", "Description", "Text", "Statement", "Object Text"),
    "status": ("ReqIF.ForeignState", "Status", "State"),
    "priority": ("Priority",),
}
_BLOCKS = {"p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}


class ReqIf:
    """ReqIF documents."""

    name = "reqif"
    title = "ReqIF document"

    def recognise(self, path: Path) -> str:
        """By its root element."""
        if path.suffix.lower() not in (".reqif", ".xml") or not path.is_file():
            return ""
        with path.open("rb") as file:
            head = file.read(65_536)
        return "its root element is REQ-IF" if b"REQ-IF" in head else ""

    def guess(self, path: Path) -> Mapping[str, object]:
        """Attributes of the document with the names that tools usually give them."""
        tree = _tree(path)
        names = {definition.name for definition in tree.definitions.values()}
        known = {name.lower(): name for name in names}
        found = {}
        for ours, guesses in _GUESSES.items():
            fits = [known[guess.lower()] for guess in guesses if guess.lower() in known]
            if fits:
                found[ours] = fits[0]
        longest = tree.longest_attribute() if "text" not in found else ""
        return found | ({"text": longest} if longest and longest not in found.values() else {})

    def read(self, path: Path, mapping: Mapping[str, object]) -> Document:
        """Every spec object; relations become links from their source to their target."""
        tree = _tree(path)
        tree.check(mapping)
        links: dict[str, list[ForeignLink]] = {}
        skipped: list[Skipped] = []
        objects = {o.get("IDENTIFIER", ""): o for o in tree.all("SPEC-OBJECT")}
        for relation in tree.all("SPEC-RELATION"):
            source, target = (tree.reference(relation, end) for end in ("SOURCE", "TARGET"))
            if source not in objects or target not in objects:
                end = "source" if source not in objects else "target"
                skipped.append(
                    Skipped(where=tree.where(relation), reason=f"is a relation whose {end} is not in the document")
                )
                continue
            links.setdefault(source, []).append(ForeignLink(to=target))
        left = Left()
        items = []
        wanted = {str(name) for name in mapping.values() if isinstance(name, str)}
        for key, element in objects.items():
            values = dict(tree.values(element))
            text = tree.value(element, mapping.get("text"), values) or element.get("DESC", "")
            title = tree.value(element, mapping.get("title"), values) or element.get("LONG-NAME", "")
            title = " ".join(title.split()) or " ".join(text.split("\n", 1)[0].split())[:120]
            if not key or not (title or text):
                reason = "has neither title nor text" if key else "has no identifier"
                skipped.append(Skipped(where=tree.where(element), reason=reason))
                continue
            items.append(
                ForeignItem(
                    key=key, id=_plain_id(tree.value(element, mapping.get("id"), values) or key), title=title, text=text,
                    where=tree.where(element), links=tuple(links.get(key, ())),
                    kept={name: value for name in ("status", "priority")
                          if (value := tree.value(element, mapping.get(name), values))},
                )
            )  # fmt: skip
            left.note(f"attribute {name}" for name, value in values.items() if value and name not in wanted)
        for name, count in (("specifications", "SPECIFICATION"), ("relation groups", "RELATION-GROUP"),
                            ("tool extensions", "REQ-IF-TOOL-EXTENSION")):  # fmt: skip
            left.note([name] * len(list(tree.all(count))))
        return Document(items=tuple(items), skipped=tuple(skipped), left=left.found)

    def patch(self, path: Path, mapping: Mapping[str, object], changes: Mapping[str, Mapping[str, str]]) -> Patched:
        """The document with new values in the attributes that it already has."""
        tree = _tree(path)
        tree.check(mapping)
        objects = {o.get("IDENTIFIER", ""): o for o in tree.all("SPEC-OBJECT")}
        lost: list[str] = []
        changed = False
        for key, change in changes.items():
            element = objects.get(key)
            if element is None:
                lost.append(f"{key}: is no longer in the document")
                continue
            for name, value in change.items():
                why = tree.write(element, mapping.get(name), name, value)
                changed |= not why
                lost += [f"{key}: its {name} {why}"] if why else []
        return Patched(files={"": tree.bytes()} if changed else {}, lost=tuple(lost))


@dataclass(frozen=True, slots=True)
class _Definition:
    name: str
    enumeration: str = ""  # identifier of its data type, for enumerations


def _plain_id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain_letters(text.strip())).strip("-_")[:100]


def _local(element: Any) -> str:  # noqa: ANN401  # lxml ships no types
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _tree(path: Path) -> "_Tree":
    try:
        from lxml import etree  # noqa: PLC0415  # an extra: only those who exchange ReqIF need it
    except ImportError:
        raise UsageError("ReqIF needs lxml: install upheld[exchange]") from None
    if path.stat().st_size > _MOST_BYTES:
        raise DefinitionError(f"{path}: is larger than {_MOST_BYTES >> 20} MiB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=False)
    try:
        root = etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError) as error:
        raise DefinitionError(f"{path}: is no XML: {one_line(error)}") from None
    if root.docinfo.internalDTD is not None:
        raise DefinitionError(f"{path}: declares a document type; such files are refused")
    if _local(root.getroot()) != "REQ-IF":
        raise DefinitionError(f"{path}: has the root <{one_line(_local(root.getroot()))}>, ReqIF has <REQ-IF>")
    return _Tree(path, root, etree)


@dataclass
class _Tree:
    """A parsed document, and how its values are found and written."""

    path: Path
    root: Any
    etree: Any
    _words: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _index(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for element in self.root.iter():
            found.setdefault(_local(element), []).append(element)
        return found

    def all(self, name: str) -> Iterator[Any]:
        """All elements of a name, in the order of the document."""
        yield from self._index.get(name, ())

    @cached_property
    def definitions(self) -> Mapping[str, _Definition]:
        """Attribute definitions by their identifier."""
        found = {}
        for name, elements in self._index.items():
            if not name.startswith("ATTRIBUTE-DEFINITION-") or name.endswith("-REF"):
                continue
            for element in elements:
                key = element.get("IDENTIFIER", "")
                type_ = next(
                    (e.text or "" for e in element.iter() if _local(e) == "DATATYPE-DEFINITION-ENUMERATION-REF"), ""
                )
                found[key] = _Definition(element.get("LONG-NAME") or key, type_)
        return found

    @cached_property
    def _enumeration(self) -> Mapping[str, str]:
        return {e.get("IDENTIFIER", ""): e.get("LONG-NAME") or e.get("IDENTIFIER", "") for e in self.all("ENUM-VALUE")}

    def where(self, element: Any) -> str:  # noqa: ANN401
        """file:line of an element."""
        return f"{self.path.name}:{element.sourceline}"

    def check(self, mapping: Mapping[str, object]) -> None:
        """Raise DefinitionError for an attribute that the document does not have."""
        names = {definition.name for definition in self.definitions.values()} | {_OBJECT}
        for ours, theirs in mapping.items():
            if isinstance(theirs, str) and theirs not in names:
                shown = ", ".join(sorted(names - {_OBJECT})[:8]) or "none"
                raise DefinitionError(
                    f'{self.path}: has no attribute "{one_line(theirs)}" for {ours}; it has {one_line(shown)}'
                )

    def reference(self, relation: Any, end: str) -> str:  # noqa: ANN401
        """The object at one end of a relation."""
        for child in relation:
            if _local(child) == end:
                return next((str(e.text or "").strip() for e in child if _local(e) == "SPEC-OBJECT-REF"), "")
        return ""

    def _valued(self, element: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        """The attribute values of an object with the names of their definitions."""
        for values in element:
            if _local(values) != "VALUES":
                continue
            for value in values:
                for child in value:
                    if _local(child) == "DEFINITION":
                        key = next((str(e.text or "").strip() for e in child if isinstance(e.tag, str)), "")
                        definition = self.definitions.get(key)
                        yield definition.name if definition is not None else key, value

    def values(self, element: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
        """The attribute values of an object as plain text."""
        for name, value in self._valued(element):
            yield name, self._text(value)

    def _text(self, value: Any) -> str:  # noqa: ANN401
        kind = _local(value)
        if kind == "ATTRIBUTE-VALUE-XHTML":
            held = next((e for e in value if _local(e) == "THE-VALUE"), None)
            return _plain_text(held) if held is not None else ""
        if kind == "ATTRIBUTE-VALUE-ENUMERATION":
            chosen = [str(e.text or "").strip() for e in value.iter() if _local(e) == "ENUM-VALUE-REF"]
            return ", ".join(self._enumeration.get(key, key) for key in chosen)
        return str(value.get("THE-VALUE", "")).strip()

    def longest_attribute(self) -> str:
        """The attribute that holds most of the document's text; empty where there is none."""
        sizes: dict[str, int] = {}
        for element in self.all("SPEC-OBJECT"):
            for name, held in self._valued(element):
                if _local(held) in ("ATTRIBUTE-VALUE-STRING", "ATTRIBUTE-VALUE-XHTML"):
                    sizes[name] = sizes.get(name, 0) + len(self._text(held))
        known = {definition.name for definition in self.definitions.values()}
        return max((name for name in sizes if name in known and sizes[name]), key=sizes.__getitem__, default="")

    def value(self, element: Any, name: object, values: Mapping[str, str]) -> str:  # noqa: ANN401
        """The value that a mapping names; empty where the object has none."""
        if name == _OBJECT:
            return str(element.get("LONG-NAME") or "")
        return values.get(name, "") if isinstance(name, str) else ""

    def write(self, element: Any, name: object, ours: str, value: str) -> str:  # noqa: ANN401
        """Write a value; empty, or why it could not be written."""
        held = next((v for n, v in self._valued(element) if n == name), None) if isinstance(name, str) else None
        if held is None:
            attribute = {"title": "LONG-NAME", "text": "DESC"}.get(ours, "")
            if attribute and element.get(attribute):
                element.set(attribute, value)
                return ""
            return "has no attribute there that could hold it"
        kind = _local(held)
        if kind == "ATTRIBUTE-VALUE-STRING":
            held.set("THE-VALUE", value)
            return ""
        if kind == "ATTRIBUTE-VALUE-XHTML":
            self._write_xhtml(held, value)
            return ""
        return f"is a {kind.removeprefix('ATTRIBUTE-VALUE-').lower()} there, which cannot be written"

    def _write_xhtml(self, held: Any, text: str) -> None:  # noqa: ANN401
        the_value = next((e for e in held if _local(e) == "THE-VALUE"), None)
        if the_value is None:
            the_value = self.etree.SubElement(held, f"{{{self.etree.QName(held).namespace}}}THE-VALUE")
        for child in list(the_value):
            the_value.remove(child)
        the_value.text = None
        division = self.etree.SubElement(the_value, f"{{{_XHTML}}}div", nsmap={"xhtml": _XHTML})
        for paragraph in text.split("\n\n"):
            element = self.etree.SubElement(division, f"{{{_XHTML}}}p")
            element.text = paragraph

    def bytes(self) -> bytes:
        """The document as it now is."""
        encoding = self.root.docinfo.encoding or "UTF-8"
        return bytes(self.etree.tostring(self.root, xml_declaration=True, encoding=encoding))


def _plain_text(element: Any) -> str:  # noqa: ANN401
    """The text of formatted content, a line per block."""
    pieces: list[str] = []

    def walk(node: Any) -> None:  # noqa: ANN401
        block = _local(node) in _BLOCKS
        if block:
            pieces.append("\n\n" if _local(node) == "p" else "\n")
        pieces.append(_folded(node.text))
        for child in node:
            walk(child)
            pieces.append(_folded(child.tail))
        if block and _local(node) != "br":
            pieces.append("\n")

    walk(element)
    lines = [line.strip() for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _folded(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
