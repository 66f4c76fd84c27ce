"""The door of every reader: a file is sized, hashed and bounded before anything in it is believed.

Whatever is wrong with a file becomes one sentence and, for every indicator that the file should have brought, evidence
without a statistic: so no verdict passes over a report that could not be read.
"""

import codecs
import hashlib
import json
import math
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol
from xml.parsers import expat

from upheld.core.criterion import Indicator, Stage
from upheld.core.evidence import Evidence, Statistic
from upheld.errors import EvidenceError
from upheld.ports import Reading, Request

HEAD = 65_536  # what recognising may look at: a report may begin with a long comment
MOST_ELEMENTS = 5_000_000
MOST_DEPTH = 200
MOST_NOTES = 5  # of one kind; the rest is a number
_CHUNK = 1 << 15  # what is parsed at once: small enough to stay in the processor's cache

ADDRESS = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+(?:\.[a-z][a-z0-9-]*)?"
"""A requirement (REQ-LAT-001) or one of its criteria (REQ-LAT-001.c1), as people write it into names of tests."""
# Two patterns, each with a literal first character: the engine then skips to it, which is ten times as fast.
_TAGS = (re.compile(rf"\[({ADDRESS})\]"), re.compile(rf"@({ADDRESS})(?![\w.-])"))


class Unreadable(Exception):  # noqa: N818  # it says what the file is
    """The file is not what its reader needs; the text says why."""


class Format(Protocol):
    """A reader, and the names that its files usually have."""

    @property
    def name(self) -> str:
        """One word: `junit`."""

    @property
    def title(self) -> str:
        """A few words: `JUnit XML test report`."""

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The native indicators it brings, with help."""

    @property
    def help(self) -> str:
        """What it counts and what it refuses, in a few sentences for a person."""

    @property
    def files(self) -> tuple[str, ...]:
        """Glob patterns of file names, to say what an unreadable file should have been."""

    def recognise(self, name: str, head: bytes) -> str:
        """Why this file (its name and first bytes) is of this format, or an empty string."""

    def read(self, path: Path, request: Request) -> Reading:
        """Read the whole file; never raises for bad content."""


@dataclass(slots=True)
class Intake:
    """One open file while it is read: every byte that passes is hashed."""

    path: Path
    request: Request
    size: int
    _file: BinaryIO
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    producer: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # for every evidence of the file

    @property
    def name(self) -> str:
        """The name of the file, without its folder."""
        return self.path.name

    def piece(self, size: int = 0) -> bytes:
        """The next bytes; none at the end."""
        data = self._file.read(size or _CHUNK)
        self._hash.update(data)
        return data

    def data(self) -> bytes:
        """All bytes; at most `Request.max_bytes`."""
        data = self._file.read(self.request.max_bytes + 1)
        if len(data) > self.request.max_bytes:
            raise Unreadable("grew while it was read")
        self._hash.update(data)
        return data

    def text(self) -> str:
        """All text. UTF-8, with or without a byte order mark; anything else is refused by name."""
        return text_of(self.data())

    def rewind(self) -> None:
        """Begin again, for a reader that understood the first part only at the end."""
        self._file.seek(0)
        self._hash = hashlib.sha256()

    def json(self) -> object:
        """The parsed JSON: one text in UTF-8, no key twice, no NaN, not nested beyond reason."""
        return parse_json(self.text())

    def source(self) -> dict[str, str]:
        """The name and the digest of the whole file."""
        while self.piece():
            pass
        return {"file": self.name, "digest": f"sha256:{self._hash.hexdigest()}"}

    def note(self, kind: str, examples: Sequence[str], count: int | None = None) -> None:
        """Add `kind: first, second … and 7 more` to the notes; nothing when there are no examples."""
        if examples:
            self.notes.append(f"{kind}: {listed(examples, count)}")

    def evidence(self, indicator: str, statistic: Statistic, **known: object) -> Evidence:
        """One measurement of this file at the build stage, with its provenance; `known` are further fields."""
        notes = (*self.notes, *known.pop("notes", ()))  # type: ignore[misc]  # notes are texts
        return Evidence(
            indicator=indicator, stage=Stage.BUILD, statistic=statistic, producer=dict(self.producer),
            source=self.source(), notes=notes, **known,  # type: ignore[arg-type]  # fields of Evidence
        )  # fmt: skip

    def unread(self, indicator: str, reason: str, **known: object) -> Evidence:
        """Evidence without a statistic: this part of the file could not be told, and why."""
        return Evidence(
            indicator=indicator, stage=Stage.BUILD, statistic=None, unreadable=reason, producer=dict(self.producer),
            source=self.source(), **known,  # type: ignore[arg-type]  # fields of Evidence
        )  # fmt: skip


def listed(examples: Sequence[str], count: int | None = None) -> str:
    """`first, second, third and 7 more`; `count` when the examples are only the first of them."""
    more = (len(examples) if count is None else count) - len(examples[:MOST_NOTES])
    return ", ".join(shorten(e) for e in examples[:MOST_NOTES]) + (f" and {more} more" if more > 0 else "")


def shorten(text: str, most: int = 120) -> str:
    """One line of at most `most` characters that a terminal prints as it is."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def take(
    reader: Format, path: Path, request: Request, parse: Callable[[Intake], tuple[Sequence[Evidence], str]]
) -> Reading:
    """Open, bound and parse one file; whatever is wrong with it becomes a Reading that says why.

    `parse` gives the evidence and one line for a person. It may raise Unreadable and what parsers raise for bad input;
    anything else is an error of ours and is not hidden.
    """
    source = {"file": path.name}
    try:
        with opened(path, request) as file:
            intake = Intake(path, request, os.fstat(file.fileno()).st_size, file)
            try:
                evidence, summary = parse(intake)
            except _BAD_INPUT as error:
                source = intake.source()
                return unreadable(reader, _sentence(error, intake), source)
            return Reading(reader=reader.name, evidence=tuple(evidence), summary=summary, reason=reader.title)
    except (Unreadable, OSError) as error:
        return unreadable(reader, reason_of(error), source)


_BAD_INPUT = (
    Unreadable,
    EvidenceError,
    RecursionError,
    MemoryError,
    ValueError,  # bad numbers, bad UTF-8 and bad JSON are all ValueErrors
    OverflowError,
)


def unreadable(reader: Format, reason: str, source: Mapping[str, str]) -> Reading:
    """The reading of a file that belongs to this reader and cannot be read."""
    evidence = tuple(
        Evidence(indicator=name, stage=Stage.BUILD, statistic=None, unreadable=reason, source=dict(source))
        for name in reader.indicators
    )
    return Reading(reader=reader.name, evidence=evidence, summary="not readable", reason=reason, readable=False)


def opened(path: Path, request: Request) -> BinaryIO:
    """Open a regular file of bearable size; raise Unreadable otherwise, before a byte is read."""
    try:
        known = path.stat()
    except ValueError as error:  # a NUL in the name
        raise Unreadable(f"is no file name: {error}") from None
    if stat.S_ISDIR(known.st_mode):
        raise Unreadable("is a folder, not a report")
    if not stat.S_ISREG(known.st_mode):
        raise Unreadable("is no regular file")
    if known.st_size > request.max_bytes:
        raise Unreadable(
            f"has {_megabytes(known.st_size)}, at most {_megabytes(request.max_bytes)} are read: "
            "split the report or raise the limit"
        )
    if known.st_size == 0:
        raise Unreadable("is empty")
    return path.open("rb")


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB" if size >= 1 << 20 else f"{size} bytes"


def reason_of(error: Exception) -> str:
    """Why a file could not even be opened, as a sentence about the file."""
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, PermissionError):
        return "may not be read by this user"
    return str(error) if isinstance(error, Unreadable) else f"cannot be read: {getattr(error, 'strerror', error)}"


def _sentence(error: Exception, intake: Intake) -> str:
    match error:
        case RecursionError():
            return f"is nested deeper than {MOST_DEPTH} levels"
        case MemoryError():
            return "needs more memory than there is"
        case UnicodeDecodeError():
            return f"is not valid UTF-8 at byte {error.start}"
        case EvidenceError():
            return error.message
        case Unreadable():
            return str(error)
        case _:
            return f"cannot be understood: {shorten(str(error) or type(error).__name__)} ({intake.size} bytes)"


# ── Text and JSON ────────────────────────────────────────────────────────────────────────────────────────────────────

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(data: bytes) -> str:
    """The Unicode encoding that a byte order mark, or zero bytes in the first characters, announce; else utf-8-sig."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return "utf-16-le"
    if data[:1] == b"\0" and data[1:2] != b"\0":
        return "utf-16-be"
    return "utf-8-sig"


def text_of(data: bytes) -> str:
    """Decode UTF-8 (a byte order mark is allowed); raise Unreadable that names any other encoding."""
    encoding = encoding_of(data)
    if encoding != "utf-8-sig":
        raise Unreadable(f"is written in {encoding[:6].upper()}, UTF-8 is needed: save it as UTF-8")
    text = data.decode("utf-8-sig")
    if "\0" in text:
        raise Unreadable(f"holds a NUL at byte {data.index(0)}: is it binary, or cut off by a full disk?")
    if not text.strip():
        raise Unreadable("holds nothing but white space")
    return text


def parse_json(text: str) -> object:
    """Parse one JSON document; raise Unreadable for a key given twice, NaN, Infinity, or text that breaks off."""
    try:
        value: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(_broken_json(text, error)) from None
    if _depth(value) > MOST_DEPTH:
        raise Unreadable(f"is nested deeper than {MOST_DEPTH} levels")
    if _HALF.search(text) and not _is_text(value):
        raise Unreadable("holds half a character (an escape from \\ud800 to \\udfff without its pair)")
    return value


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _is_text(value: object) -> bool:
    """Whether all texts can be written down; half a character could never be kept in a record."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def refuse_repeated_keys(text: str) -> None:
    """Raise Unreadable when any object holds a key twice; keeps nothing of what it parses."""
    try:
        json.loads(text, object_pairs_hook=lambda pairs: _unique(pairs) and None, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(_broken_json(text, error)) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    known = dict(pairs)
    if len(known) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unreadable(f'holds the key "{shorten(twice)}" twice in one object: which one counts?')
    return known


def _no_constant(word: str) -> float:
    raise Unreadable(f"holds {word}, which is no number in JSON")


def _broken_json(text: str, error: json.JSONDecodeError) -> str:
    at = len(text[: error.pos].encode("utf-8", "surrogatepass"))
    size = len(text.encode("utf-8", "surrogatepass"))
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated"):
        return f"breaks off at byte {size}: is it cut off? ({error.msg} at byte {at})"
    return f"is no JSON at byte {at} (line {error.lineno}): {error.msg}"


def _depth(value: object) -> int:
    """How deep lists and objects are nested, without recursion."""
    depth, level = 0, [value]
    while level:
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(v for v in item.values() if isinstance(v, dict | list))
            elif isinstance(item, list):
                below.extend(v for v in item if isinstance(v, dict | list))
        depth, level = depth + 1, below
    return depth


def mapping(value: object, what: str) -> Mapping[str, object]:
    """The value as an object; raise Unreadable otherwise."""
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is {_kind(value)}, an object is needed")
    return value


def sequence(value: object, what: str) -> Sequence[object]:
    """The value as a list; raise Unreadable otherwise."""
    if not isinstance(value, list):
        raise Unreadable(f"{what} is {_kind(value)}, a list is needed")
    return value


def number(value: object, what: str) -> float:
    """The value as a finite number; raise Unreadable otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable(f"{what} is {_kind(value)}, a number is needed")
    if not math.isfinite(value):
        raise Unreadable(f"{what} is {value}, a finite number is needed")
    return float(value)


def count(value: object, what: str) -> int:
    """The value as a count; raise Unreadable otherwise."""
    found = number(value, what)
    if found < 0 or not found.is_integer():
        raise Unreadable(f"{what} is {found:g}, a count is needed")
    return int(found)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "missing"}
    return names.get(type(value), "a number")


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def xml_parser(*, external_doctype: bool = False) -> expat.XMLParserType:
    """A parser that refuses what entities need; `external_doctype` lets a DOCTYPE that only names a DTD pass, unread."""
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def doctype(name: str, system: str | None, public: str | None, internal: bool) -> None:  # noqa: FBT001  # expat calls it
        if name.lower() == "html":
            raise Unreadable("is HTML: is it an error page?")
        if internal or not external_doctype:
            what = "declares its own entities" if internal else f"names a DTD ({shorten(str(system or public), 60)})"
            raise Unreadable(f"holds a DOCTYPE that {what}; such files are refused")

    def entity(*_: object) -> None:
        raise Unreadable("declares entities; such files are refused")

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    return parser


def parse_xml(intake: Intake, parser: expat.XMLParserType, after: Callable[[], object]) -> None:
    """Feed the file to the parser piece by piece; raise Unreadable that names the byte where the XML breaks.

    `after` is called whenever a piece was parsed. The parser begins anew with a tag that
    a piece leaves open, so pieces grow while one is: a tag of 64 MB would else be read four thousand times.
    """
    size = _CHUNK
    try:
        while piece := intake.piece(size):
            at = parser.CurrentByteIndex
            parser.Parse(piece, False)
            size = _CHUNK if parser.CurrentByteIndex > at else 2 * size
            after()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        at = parser.ErrorByteIndex
        if at >= intake.size or error.code in (_NO_ELEMENT, _UNCLOSED):
            raise Unreadable(f"breaks off at byte {intake.size}: is it cut off? ({what})") from None
        raise Unreadable(f"is no XML at byte {at} (line {error.lineno}): {what}") from None
    except LookupError as error:
        raise Unreadable(f"is written in an encoding that is not known: {shorten(str(error))}") from None
    after()


class Walk:
    """A document read tag by tag: subclasses say what an element means; how many and how deep is seen to here.

    `above` holds the names of the open elements, outermost first, without namespaces; `text` what stands in the
    innermost one so far, where `wants_text` says that it is needed.
    """

    roots: tuple[str, ...] = ()  # names that the first element may have
    format = ""  # what such a file is called
    external_doctype = False
    wants_text: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.above: list[str] = []
        self.text = ""
        self._elements = 0
        self._pieces: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; it is not yet in `above`."""

    def end(self, name: str) -> None:
        """An element ends; it is no longer in `above`."""

    def read(self, intake: Intake) -> None:
        """Read the whole document; Unreadable for what is no such document."""
        parser = xml_parser(external_doctype=self.external_doctype)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.buffer_text = True
        parse_xml(intake, parser, self._check)

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        name = local(qualified)
        if not self._elements and name not in self.roots:
            if name.lower() == "html":
                raise Unreadable(f"is HTML, not {self.format}: is it an error page?")
            raise Unreadable(
                f"has the root <{shorten(qualified, 40)}>, {self.format} has <{'> or <'.join(self.roots)}>"
            )
        self._elements += 1
        self.begin(name, attributes)
        self.above.append(name)
        self._pieces = []

    def _end(self, _: str) -> None:
        name = self.above.pop()
        self.text = "".join(self._pieces)
        self._pieces = []
        self.end(name)

    def _characters(self, text: str) -> None:
        if self.above[-1] in self.wants_text:
            self._pieces.append(text)

    def _check(self) -> None:
        if self._elements > MOST_ELEMENTS:
            raise Unreadable(f"holds more than {MOST_ELEMENTS} elements")
        if len(self.above) > MOST_DEPTH:
            raise Unreadable(f"is nested deeper than {MOST_DEPTH} levels")


_NO_ELEMENT = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
_UNCLOSED = expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]


def local(name: str) -> str:
    """The name of an element without its namespace prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def tags_in(text: str) -> Iterator[tuple[int, str]]:
    """The addresses that a text carries as `[REQ-1]` or `@REQ-1.c1`, and where each stands."""
    for pattern in _TAGS:
        for match in pattern.finditer(text):
            yield match.start(), match[1]


def addresses(value: str) -> list[str]:
    """The addresses that the value of a property names; several are separated by commas or white space."""
    return [word for word in re.split(r"[\s,;]+", value) if word]


# ── What a file looks like ───────────────────────────────────────────────────────────────────────────────────────────

_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)


def head_text(head: bytes) -> str:
    """The first bytes as text, in whichever encoding they announce; what is no text becomes a replacement character."""
    return head.decode(encoding_of(head), "replace")


def root_element(head: bytes) -> str:
    """The local name of the first XML element, or empty when these bytes do not begin an XML document."""
    text = head_text(head)
    if not text.lstrip().startswith("<"):
        return ""
    match = _ROOT.match(text, _PROLOG.match(text).end())  # type: ignore[union-attr]  # it matches the empty text
    return local(match[1]) if match else ""


def looks_like_json(head: bytes) -> bool:
    """Whether the text begins as a JSON object or list."""
    return head_text(head).lstrip()[:1] in ("{", "[")


def looks_like(head: bytes) -> str:
    """What these first bytes look like, for a message."""
    text = head_text(head)
    if not text.strip():
        return "nothing but white space"
    if _HTML.match(text):
        return "HTML: is it an error page?"
    if head.count(0) and encoding_of(head) == "utf-8-sig":
        return "binary"
    root = root_element(head)
    if root:
        return f"XML with the root <{shorten(root, 40)}>"
    if looks_like_json(head):
        keys = re.findall(r'"([^"\\]{1,40})"\s*:', text)[:4]
        return "JSON" + (f" with {', '.join(keys)}" if keys else "")
    return f'text that begins with "{shorten(text, 40)}"'
