"""Characters to a tree of texts: YAML, and Markdown with YAML front matter, read so that nothing bites.

Every scalar stays the text that was written (`1.10`, `no`, `2026-11-22`); a schema types it later. An empty value is
`None`: as good as not written. What makes YAML surprising is refused with its place: duplicate keys, anchors, tags,
merge keys, several documents, tabs, and a comma inside `{…}` that cuts a value in two.

Two passes over the same parser keep this fast. `read` composes a file and looks no further when nothing is odd; a file
with anything odd, and a file whose positions are asked for, is read event by event, which knows every place.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

# A value of a definition file before its schema types it: a text, nothing (an empty value), a list or a mapping.
Tree = str | None | list["Tree"] | dict[str, "Tree"]
# The way from the top of a file to a value: ("criteria", 0, "that").
Place = tuple[str | int, ...]

MAX_BYTES = 1_000_000  # a definition file that is larger is no definition
MAX_DEPTH = 50  # nobody nests deeper; the parser's own recursion would end the process at some ten thousand
MAX_PROBLEMS = 100  # in one file; the rest is more of the same


class Problem(NamedTuple):
    """A fault in the text itself, at an offset in characters."""

    rule: str
    offset: int
    message: str
    fix: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as read: its text, the tree of its YAML (or front matter), the Markdown body, and what is wrong."""

    text: str
    tree: Tree = None
    front: str | None = None  # the YAML as written; None: a Markdown file without front matter
    body: str = ""
    problems: tuple[Problem, ...] = ()
    broken: bool = False  # the tree does not hold what was written: nothing more can be said about its values


def read(raw: bytes, *, markdown: bool = False) -> Document:
    """Read one YAML file, or one Markdown file with or without front matter; never raises."""
    if len(raw) > MAX_BYTES:
        problem = Problem(
            "too-large", 0, f"the file has {len(raw):,} bytes; a definition has at most {MAX_BYTES:,}", "split the file"
        )
        return Document(text="", problems=(problem,), broken=True)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(raw, error.start)
    text = text.removeprefix("\ufeff")
    start, end, after = _front(text) if markdown else (0, len(text), len(text))
    if end < 0:
        if _OPEN.match(text):
            problem = Problem(
                "front-matter-open", 0, "the front matter does not end", "write a line --- after the last key"
            )
            return Document(text=text, body=text, front=text, problems=(problem,), broken=True)
        return Document(text=text, body=text)
    front = text[start:end]
    body = text[after:]
    node = _composed(front)
    if node is not _ODD:
        try:
            return Document(text=text, tree=_build(node, MAX_DEPTH), front=front, body=body)
        except (_Odd, TypeError, RecursionError):
            pass  # the careful reading below says what is wrong, and where
    careful = _careful(text, start, end)
    tree = None if careful.broken else careful.tree
    return Document(
        text=text, tree=tree, front=front, body=body, problems=tuple(careful.problems), broken=careful.broken
    )


def locate(text: str, place: Place, *, offset: int | None = None, key: bool = False) -> tuple[int, int]:
    """The line and column (from 1) of the value at `place`, of its key, or of the character `offset` inside the value.

    A place that leads nowhere gives the nearest parent that exists.
    """
    mark, whole = _quick_mark(text, place) or _careful_mark(text, place)
    if mark is None:
        return 1, 1
    if key or mark.empty or not whole:
        return position(text, mark.start if mark.key is None else mark.key)
    return position(text, mark.start if offset is None else _inside(text, mark, offset))


def resolve(tree: Tree, place: Place, path: Place) -> Place:
    """The path with the names of list entries as their numbers, and without `that` where the entry is the sentence."""
    here: Tree = tree
    for step in place:
        here = _step(here, step)
    found: list[str | int] = []
    for step in path:
        if isinstance(here, list) and isinstance(step, str):
            numbers = [i for i, entry in enumerate(here) if isinstance(entry, dict) and entry.get("id") == step]
            if not numbers:
                break
            step = numbers[0]  # noqa: PLW2901
        elif isinstance(here, str):
            break
        found.append(step)
        here = _step(here, step)
    return tuple(found)


def _step(tree: Tree, step: str | int) -> Tree:
    if isinstance(tree, dict) and isinstance(step, str):
        return tree.get(step)
    if isinstance(tree, list) and isinstance(step, int) and step < len(tree):
        return tree[step]
    return None


def position(text: str, offset: int) -> tuple[int, int]:
    """The line and column (from 1) of an offset in characters."""
    offset = max(0, min(offset, len(text)))
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def excerpt(text: str, line: int) -> str:
    """The line (from 1) as it is written, without its end."""
    lines = text.split("\n", line)
    return lines[line - 1].removesuffix("\r") if 0 < line <= len(lines) else ""


# ── Front matter ─────────────────────────────────────────────────────────────────────────────────────────────────────

_OPEN = re.compile(r"---[ \t]*\r?\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)


def _front(text: str) -> tuple[int, int, int]:
    """Where the front matter starts and ends, and where the body starts; an end of -1: there is none."""
    opened = _OPEN.match(text)
    closed = _CLOSE.search(text, opened.end()) if opened else None
    if opened is None or closed is None:
        return 0, -1, 0
    return opened.end(), closed.start(), closed.end()


def _not_utf8(raw: bytes, start: int) -> Document:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problem = Problem("encoding", 0, "the file is UTF-16", "save it as UTF-8")
        return Document(text=raw.decode("utf-16", "replace"), problems=(problem,), broken=True)
    before = raw[:start].decode()
    problem = Problem(
        "encoding",
        len(before.removeprefix("\ufeff")),
        f"byte 0x{raw[start]:02x} is not UTF-8",
        "save the file as UTF-8",
        before[-20:].rpartition("\n")[2],
    )
    text = raw.decode(errors="replace").removeprefix("\ufeff")
    return Document(text=text, body=text, problems=(problem,), broken=True)


# ── The quick pass: nodes ────────────────────────────────────────────────────────────────────────────────────────────


class _Odd(Exception):  # noqa: N818
    """Something that only the careful pass can explain."""


# Block collections nest by indentation, so a line without a long run of these characters at its start is not deep.
_DEEP = re.compile(r"^[ ?:-]{50}", re.MULTILINE)
_MAX_BRACKETS = 300  # so many levels the composer bears


def _odd(text: str) -> bool:
    """Whether the text may hold an anchor, a tag, a merge key, a tab, or a depth that the composer must not see."""
    return (
        "&" in text
        or "!" in text
        or "<<" in text
        or "\t" in text
        or text.count("[") + text.count("{") > _MAX_BRACKETS
        or _DEEP.search(text) is not None
    )


@cache
def _yaml_error() -> type[Exception]:
    # Imported when the first file is read: a run in which nothing has changed reads no YAML and saves 50 ms.
    from yaml import YAMLError  # noqa: PLC0415

    return YAMLError


class _Untyped:
    """What a composer asks of a resolver, three times for each value: here nothing has a type.

    The answers are looked at by nobody, so the cheapest calls that take the arguments will do; functions in Python
    would cost a tenth of the whole reading.
    """

    descend_resolver = slice
    ascend_resolver = tuple
    resolve = slice


@cache
def _parser(*, pure: bool = False) -> Callable[[str], Any]:
    """The C parser, or the one in Python (eight times slower) where PyYAML was built without libyaml."""
    import yaml  # noqa: PLC0415

    if yaml.__with_libyaml__ and not pure:
        from yaml._yaml import CParser  # noqa: PLC0415

        return type("_CComposer", (_Untyped, CParser), {})
    from yaml.composer import Composer  # noqa: PLC0415
    from yaml.parser import Parser  # noqa: PLC0415
    from yaml.reader import Reader  # noqa: PLC0415
    from yaml.scanner import Scanner  # noqa: PLC0415

    class PureComposer(_Untyped, Reader, Scanner, Parser, Composer):
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

    return PureComposer


_ODD = object()


@lru_cache(maxsize=4)
def _composed(text: str) -> Any:  # noqa: ANN401
    """The node of a text, or _ODD; the last ones are kept, because who reads a file often asks for places in it."""
    if _odd(text):
        return _ODD
    try:
        return _parser()(text).get_single_node()
    except (TypeError, RecursionError, _yaml_error()):
        return _ODD


def _build(node: Any, levels: int) -> Tree:  # noqa: ANN401
    """The tree of a node; raises for everything that must be looked at."""
    if node is None:
        return None
    if node.id == "scalar":
        return node.value if node.value or node.style else None
    if not levels:
        raise _Odd
    if node.id == "sequence":
        return [_build(item, levels - 1) for item in node.value]
    tree = {key.value: _build(value, levels - 1) for key, value in node.value}
    if len(tree) != len(node.value) or "" in tree or (node.flow_style and None in tree.values()):
        raise _Odd
    return tree


def _quick_mark(text: str, place: Place) -> "tuple[_Mark | None, bool] | None":
    """What `_careful_mark` gives, from the nodes; None where only the careful pass can tell."""
    start, end, _ = _front(text)
    if end < 0:
        start, end = 0, len(text)
    here = _composed(text[start:end])
    if here is _ODD or here is None:
        return None
    try:
        _build(here, MAX_DEPTH)
    except (_Odd, TypeError, RecursionError):
        return None
    key, whole = None, True
    for step in place:
        entries = enumerate(here.value) if here.id == "sequence" else here.value if here.id == "mapping" else ()
        found = next(((k, value) for k, value in entries if getattr(k, "value", k) == step), None)
        if found is None:
            whole = False
            break
        key, here = found
    scalar = here.id == "scalar"
    mark = _Mark(
        start + here.start_mark.index, start + here.end_mark.index, (here.style or "") if scalar else "[",
        None if key is None or isinstance(key, int) else start + key.start_mark.index,
        scalar and not here.value and not here.style,
    )  # fmt: skip
    return mark, whole


# ── The careful pass: events ─────────────────────────────────────────────────────────────────────────────────────────


class _Mark(NamedTuple):
    """Where a value stands: its offsets, how a scalar is quoted, and where its key stands."""

    start: int
    end: int
    style: str
    key: int | None
    empty: bool


@dataclass(slots=True)
class _Frame:
    """A collection that is being read."""

    tree: list[Tree] | dict[str, Tree]
    place: Place
    start: int
    flow: bool
    key: str | None = None  # the key whose value comes next
    key_start: int = 0
    key_end: int = 0
    key_written: bool = False
    ignored: bool = False  # a key that is no text, with everything in it
    at: dict[str, int] = field(default_factory=dict)  # where each key stands
    last: tuple[str, int] | None = None  # the last entry with a value: its key, and where the value starts


@dataclass(slots=True)
class _Careful:
    """A text read event by event: the tree, every place, every problem. Offsets count from the start of the file."""

    text: str
    base: int  # where the YAML starts
    tree: Tree = None
    marks: dict[Place, _Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False
    stack: list[_Frame] = field(default_factory=list)

    def problem(self, rule: str, offset: int, message: str, fix: str, value: str = "") -> None:
        self.problems.append(Problem(rule, offset, message, fix, value))

    def read(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            if len(self.problems) >= MAX_PROBLEMS:
                self.broken = True
                return
            name = type(event).__name__
            start = self.base + event.start_mark.index
            end = self.base + event.end_mark.index
            if name == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self.problem(
                        "yaml-documents", start, "a second document starts here", "keep one document in one file", "---"
                    )
                    return
            elif name == "AliasEvent":
                self.broken = True
                self.problem(
                    "yaml-anchor",
                    start,
                    f"*{event.anchor} stands for another value",
                    "write the value out",
                    f"*{event.anchor}",
                )
                self._put(None, start, end, "*")
            elif name in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent"):
                self._refuse(event, start)
                if name == "ScalarEvent":
                    self._scalar(event, start, end)
                else:
                    if len(self.stack) >= MAX_DEPTH:
                        self.broken = True
                        self.problem(
                            "too-deep", start, f"more than {MAX_DEPTH} levels inside each other", "make it flatter"
                        )
                        return
                    self._open({} if name == "MappingStartEvent" else [], start, flow=bool(event.flow_style))
            elif name in ("SequenceEndEvent", "MappingEndEvent"):
                frame = self.stack.pop()
                if not frame.ignored:
                    self._mark(frame.place, frame.start, end, "[")

    def _refuse(self, event: Any, start: int) -> None:  # noqa: ANN401
        if event.anchor is not None:
            self.problem(
                "yaml-anchor",
                start,
                f"the anchor &{event.anchor} is not read",
                "remove it and write each value out",
                f"&{event.anchor}",
            )
        if event.tag is not None:
            self.problem(
                "yaml-tag",
                start,
                f"the tag {event.tag} is not read",
                "remove it; the field's own type decides",
                str(event.tag),
            )

    def _open(self, tree: list[Tree] | dict[str, Tree], start: int, *, flow: bool) -> None:
        """Start a collection: as a value, or as a key, which only a text can be."""
        top = self.stack[-1] if self.stack else None
        if top is not None and (top.ignored or (isinstance(top.tree, dict) and not top.key_written)):
            if not top.ignored:
                self.problem("yaml-key", start, "a key must be a text", "write the key as one word")
                top.key, top.key_written = None, True
            self.stack.append(_Frame(tree=[], place=(), start=start, flow=flow, ignored=True))
            return
        place = self._put(tree, start, start, "[")
        self.stack.append(_Frame(tree=tree, place=place or (), start=start, flow=flow, ignored=place is None))

    def _scalar(self, event: Any, start: int, end: int) -> None:  # noqa: ANN401
        style = event.style or ""
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.tree, dict) and not top.ignored and not top.key_written:
            self._key(top, event.value, style, start, end)
            return
        value = event.value if event.value or style else None
        if top is not None and isinstance(top.tree, dict) and not top.ignored:
            if top.flow and value is None and ":" not in self.text[top.key_end : max(end, top.key_end)]:
                self._split(top)
                return
            if top.key is not None:
                top.last = (top.key, start)
        self._put(value, start, end, style)

    def _key(self, top: _Frame, name: str, style: str, start: int, end: int) -> None:
        top.key, top.key_written, top.key_start, top.key_end = name, True, start, end
        if not name:
            top.key = None
            self.problem("yaml-key", start, "a value without a key", "write a key before the colon")
        elif name == "<<" and not style:
            top.key = None
            self.problem("yaml-merge", start, "the merge key << is not read", "write the values out", "<<")
        elif name in top.at:
            top.key = None
            line, _ = position(self.text, top.at[name])
            self.problem(
                "yaml-duplicate-key", start, f'"{name}" stands already on line {line}', "keep one of the two", name
            )
        else:
            top.at[name] = start

    def _split(self, top: _Frame) -> None:
        """A key without a value inside `{…}`: a comma has cut the value before it, or the braces should be brackets."""
        rest = self.text[top.key_start : top.key_end]
        name = top.key
        top.key, top.key_written = None, False
        if top.last is None or not isinstance(top.tree, dict):
            self.problem("no-value", top.key_start, f'"{rest}" has no value', "use [ … ] for a list", rest)
            return
        key, start = top.last
        whole = self.text[start : top.key_end].strip()
        self.problem(
            "comma-split",
            top.key_start,
            f'the comma before "{rest}" ends the value of "{key}"',
            f'quote the whole value: {key}: "{whole.strip(chr(34))}"',
            whole,
        )
        before = top.tree.get(key)
        if isinstance(before, str) and name is not None:
            top.tree[key] = f"{before}, {name}"
            mark = self.marks[(*top.place, key)]
            self.marks[(*top.place, key)] = mark._replace(end=top.key_end)

    def _put(self, tree: Tree, start: int, end: int, style: str) -> Place | None:
        """Lay a value into the open collection; its place, or None where it is not kept."""
        if not self.stack:
            self.tree = tree
            self._mark((), start, end, style, empty=tree is None)
            return ()
        top = self.stack[-1]
        if top.ignored:
            return None
        if isinstance(top.tree, list):
            place = (*top.place, len(top.tree))
            top.tree.append(tree)
            self._mark(place, start, end, style, empty=tree is None)
            return place
        key, top.key, top.key_written = top.key, None, False
        if key is None:
            return None
        top.tree[key] = tree
        place = (*top.place, key)
        self.marks[place] = _Mark(start, end, style, top.key_start, tree is None)
        return place

    def _mark(self, place: Place, start: int, end: int, style: str, *, empty: bool = False) -> None:
        known = self.marks.get(place)
        self.marks[place] = _Mark(start, end, style, known.key if known else None, empty)


def _careful(text: str, start: int, end: int, *, pure: bool = False) -> _Careful:
    """Read a part of a text event by event. What stops the parser is a problem, and what came before it is kept."""
    part = text[start:end]
    careful = _Careful(text, start)
    try:
        careful.read(_events(part, pure=pure))
    except _yaml_error() as error:
        careful.broken = True
        careful.problems.append(_syntax(text, start, error))
    tab = text.find("\t", start, end)
    if tab >= 0 and not any(problem.offset == tab for problem in careful.problems):
        careful.problem("yaml-tab", tab, "a tab in YAML", "use spaces", "\\t")
    careful.problems.sort(key=lambda problem: problem.offset)
    return careful


def _events(text: str, *, pure: bool) -> Iterator[Any]:
    parser = _parser(pure=pure)(text)
    event = parser.get_event()
    while event is not None:
        yield event
        event = parser.get_event()


_FIXES = (
    ("mapping values are not allowed", 'quote the value when it contains ": "'),
    ("cannot start any token", "quote the value, or use spaces in place of tabs"),
    ("could not find expected ':'", "check the indentation, and the colon after the key"),
    ("did not find expected key", "check the indentation of this line"),
    ("did not find expected '-'", "check the indentation of this line"),
    ("did not find expected ',' or", "close the bracket, or quote the value"),
    ("unexpected end of stream", "close the quotation mark"),
    ("control characters", "remove the invisible character"),
    ("special characters", "remove the invisible character"),
    ("undefined alias", "quote the value when it starts with *"),
    ("undefined tag handle", "quote the value when it starts with !"),
)


def _syntax(text: str, start: int, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    offset = start + (mark.index if mark is not None else max(getattr(error, "position", 0) or 0, 0))
    fix = next((fix for sign, fix in _FIXES if sign in str(said)), "correct the YAML here")
    line, _ = position(text, offset)
    return Problem("yaml-syntax", offset, f"this is not YAML: {said}", fix, excerpt(text, line).strip())


def _careful_mark(text: str, place: Place) -> tuple[_Mark | None, bool]:
    """The mark of a place and True, or that of the nearest parent that exists."""
    marks = _marks(text)
    found = place
    while found not in marks and found:
        found = found[:-1]
    return marks.get(found), found == place


@lru_cache(maxsize=64)
def _marks(text: str) -> Mapping[Place, _Mark]:
    """Every place of a file; the last ones are kept, because findings come file by file."""
    start, end, _ = _front(text)
    if end < 0:
        start, end = 0, len(text)
    return _careful(text, start, end).marks


# ── Inside a value ───────────────────────────────────────────────────────────────────────────────────────────────────

_ESCAPE = {"x": 4, "u": 6, "U": 10}
_FOLD = re.compile(r"[ \t]*(?:\r?\n[ \t]*)+")


def _inside(text: str, mark: _Mark, offset: int) -> int:
    """Where in the text the character `offset` of a scalar stands, past quotes, escapes, folds and indentation."""
    raw = text[mark.start : mark.end]
    if mark.style == "" and "\n" not in raw:
        return mark.start + min(offset, len(raw))
    if mark.style in ("|", ">"):
        return mark.start + _block(raw, offset)
    i = 1 if mark.style else 0
    while offset > 0 and i < len(raw):
        fold = _FOLD.match(raw, i)
        if fold is not None:
            breaks = fold[0].count("\n")
            offset -= breaks - 1 if breaks > 1 else 1
            i = fold.end()
        elif mark.style == "'" and raw.startswith("''", i):
            offset, i = offset - 1, i + 2
        elif mark.style == '"' and raw[i] == "\\" and i + 1 < len(raw):
            if raw[i + 1] in "\r\n":
                continued = _FOLD.match(raw, i + 1)
                i = continued.end() if continued else i + 2
            else:
                offset, i = offset - 1, i + _ESCAPE.get(raw[i + 1], 2)
        else:
            offset, i = offset - 1, i + 1
    return mark.start + min(i, len(raw))


def _block(raw: str, offset: int) -> int:
    """The same inside `|` and `>`: every line loses its indentation, every line end counts one."""
    header = raw.find("\n") + 1
    lines = raw[header:].splitlines(keepends=True)
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    at = header
    for line in lines:
        content = len(line.rstrip("\r\n")) - indent
        if offset <= max(content, 0):
            return at + indent + offset
        offset -= max(content, 0) + 1
        at += len(line)
    return len(raw)
