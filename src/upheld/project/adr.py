"""A decision record in any dialect: MADR 2, 3 and 4, Nygard, log4brains, or hardly any form at all.

Records in our form (front matter with one of our keys) are typed strictly. Every other one is read as it is: what the
front matter and the Markdown tell is taken, the status is brought to one of six words with the raw text beside it, and
nothing in it can make reading fail.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from upheld.core.decision import Decision, Impact, Row, Status
from upheld.core.requirement import Link
from upheld.project.finding import Severity
from upheld.project.schema import Typing, suggestion
from upheld.project.shapes import DECISION, OURS
from upheld.project.statement import lessons, links, statements
from upheld.project.text import Document, Tree


def decision(document: Document, file: str, folder: str, typing: Typing) -> Decision | None:
    """The decision that a file holds; None when the file is an index, a template or something else.

    `file` and `folder` (where decisions live) are relative to the root. The id defaults to the file's number as it is
    written (`0007`, below the folder's own sub-folders `backend/0007`), else to the file's name.
    """
    stem = file.rpartition("/")[2].rpartition(".")[0]
    front: Mapping[str, Tree] = document.tree if isinstance(document.tree, dict) else _salvage(document.front or "")
    ours = not OURS.isdisjoint(front)
    page = _outline(document.body)
    raw_status = _clean(_status(front, document, page))
    if not ours and _no_record(stem, page, raw_status, front):
        return None
    typed: Mapping[str, Any] = typing.mapping(DECISION, document.tree, ()) if ours and not document.broken else {}
    if not ours:
        _warn_of_typing_errors(front, typing)
    identity = typed.get("id") or _prefix(file, folder) + (number(stem) or stem)
    status = status_of(raw_status)
    superseded_by = reference(raw_status, _SUPERSEDED_BY) if status is Status.SUPERSEDED else ""
    foreign_links = [Link(relation="supersedes", to=to) for to in [reference(raw_status, _SUPERSEDES)] if to]
    people = front.get("decision-makers") or front.get("deciders") or page.meta.get("deciders", "")
    return Decision(
        id=identity, title=_title(typed, front, page, stem), status=status, raw_status=raw_status,
        dialect=_dialect(front, page), date=typed.get("date") or _date_of(front, page, raw_status, stem),
        deciders=tuple(_people(people)), affects=typed.get("affects", ()), scenarios=typed.get("scenarios", ()),
        options=typed.get("options") or page.options, matrix=_matrix(typed), chosen=typed.get("chosen", page.chosen),
        impacts=impacts(typed), expected=statements(typed, "expected"), assumptions=statements(typed, "assumptions"),
        review_by=typed.get("review-by"), cost=str(typed.get("cost", "")), lessons=lessons(typed), links=(*links(typed), *foreign_links),
        superseded_by=superseded_by, body=document.body.strip(), file=file,
    )  # fmt: skip


def title(body: str) -> str:
    """The first heading of a page; empty when it has none."""
    return _clean(_outline(body).title)


def is_ours(document: Document) -> bool:
    """Whether the front matter has one of our keys, so that the record is judged by our rules."""
    return isinstance(document.tree, dict) and not OURS.isdisjoint(document.tree)


_NUMBER = re.compile(r"(?:adr[-_ ]?)?(\d{1,6})(?=$|[-_. ])", re.IGNORECASE)
_DAY_PREFIX = re.compile(r"\d{4}-\d\d-\d\d|\d{8}")


def number(name: str) -> str:
    """The number at the start of a file's name or a reference, as written: `0007`; empty when there is none."""
    name = name.rpartition("/")[2]
    found = None if _DAY_PREFIX.match(name) else _NUMBER.match(name)
    return found[1] if found else ""


# ── Status ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# The words of many folders, and the state they mean. "supersedes" says something about another record.
_WORDS = (
    (Status.SUPERSEDED, r"super?[sc]ee?ded|replaced"),
    (Status.DEPRECATED, r"deprecated|obsoleted?|retired|outdated"),
    (Status.REJECTED, r"reject(?:ed)?|declined?|denied|withdrawn|abandoned|cancell?ed|dropped"),
    (
        Status.ACCEPTED,
        r"accept(?:ed)?|approved?|adopted|agreed|decided|implemented|done|final(?:i[sz]ed)?|active|ratified",
    ),
    (
        Status.PROPOSED,
        r"propos(?:ed|al)|draft|pending|open|review|in[ -]progress|wip|rfc|discussion|to be decided|tbd|todo",
    ),
)
_STATE = re.compile("|".join(rf"\b(?P<{state.value}>{words})\b" for state, words in _WORDS), re.IGNORECASE)
_PARTLY = re.compile(r"(?:partly|partially|in part)\s*$", re.IGNORECASE)
_SUPERSEDED_BY = re.compile(r"(?:super?[sc]ee?ded|replaced)\s+(?:by|with)\b:?", re.IGNORECASE)
_SUPERSEDES = re.compile(r"\b(?:super?[sc]ee?des|replaces)\b:?", re.IGNORECASE)
_CHOICE_OF_STATES = re.compile(r"\w+\s*\|\s*\w+")


def status_of(raw: str) -> Status:
    """The state that a raw status means: superseded when it says so anywhere, else the first word that is known."""
    if _CHOICE_OF_STATES.search(raw):
        return Status.UNKNOWN  # "proposed | accepted | …" was never filled in
    first = Status.UNKNOWN
    partly = False
    for match in _STATE.finditer(raw):
        state = Status(match.lastgroup)
        if state is Status.SUPERSEDED:
            partly = _PARTLY.search(raw[: match.start()]) is not None
            if not partly:
                return state
        elif first is Status.UNKNOWN:
            first = state
    # What is superseded in part is in force for the rest.
    return Status.ACCEPTED if partly and first is Status.UNKNOWN else first


_LINK = re.compile(r"\[([^\]\[\n]{0,300})\]\(([^)\s]{0,300})[^)\n]{0,100}\)")
_REFERENCE = re.compile(r"(?:adr[-_ ]?)?(\d{1,6})\b", re.IGNORECASE)


def reference(raw: str, after: re.Pattern[str]) -> str:
    """The record that a status refers to behind "superseded by" or "supersedes": its number, else its name."""
    found = after.search(raw)
    if found is None:
        return ""
    rest = raw[found.end() : found.end() + 300]
    link = _LINK.search(rest)
    if link is not None:
        target = link[2].rpartition("/")[2].partition("#")[0].removesuffix(".md")
        named = _REFERENCE.search(link[1])
        return (
            number(target)
            or (target if _DAY_PREFIX.match(target) else "")
            or (named[1] if named else link[1] or target)
        )
    plain = _REFERENCE.search(rest)
    return plain[1] if plain else ""


_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_STRUCK = re.compile(r"~~[^~]*~~")
_EMPHASIS = re.compile(r"[*`{}\"]|(?<!\w)_|_(?!\w)|^>\s*", re.MULTILINE)


def _clean(text: str) -> str:
    """One line without comments, struck words and emphasis."""
    return " ".join(_EMPHASIS.sub("", _STRUCK.sub("", _COMMENT.sub("", text[:2000]))).split())[:300].strip()


_BADGE = re.compile(r"badge/status-([A-Za-z_%0-9 ]+)", re.IGNORECASE)


def _status(front: Mapping[str, Tree], document: Document, page: "_Page") -> str:
    written = next((value for key, value in front.items() if key.lower() == "status"), None)
    if isinstance(written, str):
        return written
    if isinstance(written, dict):  # `status: { accepted }`: the words are in the text
        return _salvage(document.front or "").get("status") or " ".join(_flat(written))
    if written is not None:
        return " ".join(_flat(written))
    for found in (page.meta.get("status", ""), page.section("status")):
        if _clean(found):
            return found
    badge = _BADGE.search(page.section(""))
    return badge[1].replace("_", " ").replace("%20", " ") if badge else ""


def _flat(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, list):
        for entry in tree:
            yield from _flat(entry)
    elif isinstance(tree, dict):
        for key, entry in tree.items():
            yield key
            yield from _flat(entry)


_KEY_LINE = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]*:(.*)")


def _salvage(front: str) -> dict[str, str | None]:
    """What single lines of a front matter tell that is no YAML."""
    found: dict[str, str | None] = {}
    for line in front.splitlines()[:200]:
        match = _KEY_LINE.fullmatch(line[:_LONGEST_LINE])
        if match is not None:
            found.setdefault(match[1], match[2].strip(" \t\"'") or None)
    return found


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Page:
    """What the Markdown of a record tells: its title, the lines of metadata, and its sections."""

    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)  # heading in lower case → text, the first of each name

    def section(self, *names: str) -> str:
        return next((self.sections[name] for name in names if self.sections.get(name)), "")

    @property
    def options(self) -> tuple[str, ...]:
        """The bullets under "Considered Options"."""
        found = _BULLET.findall(
            self.section("considered options", "options", "alternatives considered", "alternatives")
        )
        return tuple(_clean(_LINK.sub(r"\1", option))[:200] for option in found)[:50]

    @property
    def chosen(self) -> str:
        found = _CHOSEN.search(self.section("decision outcome", "decision"))
        return _clean(_LINK.sub(r"\1", found[1] or found[2])) if found else ""


_SECTIONS = frozenset(
    {"status", "context", "decision", "consequences", "decision outcome", "considered options", "decision drivers"}
    | {"context and problem statement", "date", "deciders"}
)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_META = re.compile(
    r"[ \t]{0,3}(?:[-*+][ \t]+|\|[ \t]*)?[*_]{0,2}(status|date|deciders|decision[- ]makers?)[*_]{0,2}[ \t]*"
    r"(?::[*_]{0,2}|\|)[ \t]*(.*?)[ \t|]*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)])[ \t]+(.+?)[ \t]*\r?$", re.MULTILINE)
_CHOSEN = re.compile(r"chosen option:?\**[ \t]*(?:[\"“'](.+?)[\"”']|([^,\n]+))", re.IGNORECASE)
_ORDINAL = re.compile(
    r"(?:adr[-_ ]?\d+[ \t]*[-–:.)]*|\d+(?:[.:)]|[ \t]+[-–:]))[ \t]*",
    re.IGNORECASE,  # "2FA" keeps its number
)
# A record is a page for people: what is longer is cut, so that no pattern below meets more than it was made for.
_LONGEST_BODY = 200_000
_LONGEST_LINE = 500


def _outline(body: str) -> _Page:
    """Read headings, metadata lines and sections, leaving out code blocks."""
    page = _Page()
    name, first = "", True
    collected: list[str] = []
    fence, waiting = "", ""
    lines = [line[:_LONGEST_LINE] for line in _COMMENT.sub("", body[:_LONGEST_BODY]).splitlines()]
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1][:3]
            continue
        if fence:
            continue
        heading = _heading(line, lines[index + 1] if index + 1 < len(lines) else "")
        if heading is not None:
            _keep(page, name, collected)
            level, name = heading
            collected, waiting = [], ""
            if not page.title and (level == 1 or first) and name.strip(": ").lower() not in _SECTIONS:
                page.title, name = name, ""
            first = False
            key, colon, value = name.partition(":")
            if colon and key.strip().lower() == "status" and value.strip():
                page.meta.setdefault("status", value.strip())
            continue
        if not name or name.lower().startswith("status"):
            waiting = _metadata(page, line, waiting, in_status=bool(name))
        if _UNDERLINE.fullmatch(line) is None:
            collected.append(line)
    _keep(page, name, collected)
    return page


def _heading(line: str, below: str) -> tuple[int, str] | None:
    atx = _HEADING.fullmatch(line)
    if atx is not None:
        return len(atx[1]), atx[2]
    under = _UNDERLINE.fullmatch(below)
    if under is not None and line.strip() and line[0] not in "|-*+>#=":
        return (1 if under[1][0] == "=" else 2), line.strip()
    return None


def _keep(page: _Page, name: str, lines: list[str]) -> None:
    key = re.sub(r"[^\w ]", "", name).strip().lower()
    page.sections[key] = page.sections.get(key) or "\n".join(lines).strip()


def _metadata(page: _Page, line: str, waiting: str, *, in_status: bool) -> str:
    """Take `* Status: accepted`, `Date: …`, `| Status | Accepted |`; a name alone waits for the next line."""
    found = _META.fullmatch(line)
    if found is None:
        if waiting and line.strip():
            page.meta.setdefault(waiting, line.strip(" \t-*+"))
            return ""
        return waiting
    key = "deciders" if found[1].lower().startswith("deci") else found[1].lower()
    if in_status and key == "status":
        return ""
    if _clean(found[2]):
        page.meta.setdefault(key, found[2])
        return ""
    return key


# ── What the parts mean ──────────────────────────────────────────────────────────────────────────────────────────────

_NO_RECORD = re.compile(r"readme|_?index|toc|table-of-contents|summary|changelog|contributing", re.IGNORECASE)
# A numbered file is a template only when that is its whole name: "0039-use-velocity-as-template-engine" is a decision.
_TEMPLATE = re.compile(r"(?:m?adr|decision)?[-_ ]?templates?", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[\[{<(].*[\]}>)]|.*\{[^}]*\}.*|.*<[A-Za-z][^>]*>.*")


def _no_record(stem: str, page: _Page, status: str, front: Mapping[str, Tree]) -> bool:
    """Whether a file of a decision folder is its index, a template, or a page about something else."""
    numbered = _NUMBER.match(stem)
    bare = stem[numbered.end() :].lstrip("-_. ") if numbered else stem
    if _NO_RECORD.fullmatch(bare) or _TEMPLATE.fullmatch(bare) or (not numbered and "template" in stem.lower()):
        return True
    if page.title and _PLACEHOLDER.fullmatch(page.title) and (not status or _CHOICE_OF_STATES.search(status)):
        return True
    known = number(stem) or _DAY_PREFIX.match(stem) or status or "decision-makers" in front or "deciders" in front
    return not known and _SECTIONS.isdisjoint(page.sections)


def _title(typed: Mapping[str, Any], front: Mapping[str, Tree], page: _Page, stem: str) -> str:
    title = typed.get("title") or page.title or front.get("title")
    if not isinstance(title, str) or not title.strip():
        title = stem.replace("-", " ").replace("_", " ")
    title = _clean(_LINK.sub(r"\1", title[:_LONGEST_LINE]))
    bare = _ORDINAL.match(title)
    rest = title[bare.end() :] if bare else title
    return rest or title


def _dialect(front: Mapping[str, Tree], page: _Page) -> str:
    sections = page.sections
    if "decision-makers" in front or "confirmation" in sections or not OURS.isdisjoint(front):
        return "madr4"
    if "deciders" in front or "validation" in sections:
        return "madr3"
    if "status" in sections and "decision" in sections:
        return "nygard"
    if page.meta:
        return "madr2"
    if not {"decision outcome", "considered options"}.isdisjoint(sections) or not {"status", "date"}.isdisjoint(front):
        return "madr4" if front else "madr2"
    return "plain"


_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ .-]+([A-Za-z]{3})[a-z]*\.?,?[ -]+(\d{4})")
_MONTH_DAY = re.compile(r"\b([A-Za-z]{3})[a-z]*\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4})")


def day(text: str) -> dt.date | None:
    """The first day that a text names without doubt; 05/12/2023 has two meanings, and so none."""
    for pattern, order in ((_ISO, "ymd"), (_COMPACT, "ymd"), (_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy")):
        found = pattern.search(text)
        if found is None:
            continue
        parts = dict(zip(order, found.groups(), strict=True))
        month = parts["m"].lower()
        if month in _MONTHS:
            parts["m"] = str(_MONTHS.index(month) + 1)
        try:
            return dt.date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
        except ValueError:
            continue
    return None


def _date_of(front: Mapping[str, Tree], page: _Page, status: str, stem: str) -> dt.date | None:
    texts = (" ".join(_flat(front.get("date"))), page.meta.get("date", ""), page.section("date"), status)
    known = next((found for text in texts if text and (found := day(text))), None)
    return known or (day(stem[:10]) if _DAY_PREFIX.match(stem) else None)


def _people(written: Tree) -> Iterator[str]:
    for text in _flat(written):
        for name in text.split(","):
            if _clean(name) and "{" not in name:
                yield _clean(name)


def _prefix(file: str, folder: str) -> str:
    inside = file.removeprefix(folder.rstrip("/") + "/") if folder else file
    return inside[: inside.rfind("/") + 1] if inside != file or not folder else ""


def _matrix(typed: Mapping[str, Any]) -> tuple[Row, ...]:
    named = ("axis", "criterion", "weight", "hard", "better")
    return tuple(
        Row(
            axis=row.get("criterion") or row.get("axis", ""), weight=row.get("weight", ""),
            scores={key: value for key, value in row.items() if key not in named},
            criterion=bool(row.get("criterion")), hard=row.get("hard", False), less=row.get("better") == "less",
        )
        for row in typed.get("matrix", ())
    )  # fmt: skip


def impacts(typed: Mapping[str, Any]) -> tuple[Impact, ...]:
    """What a decision or a risk means for customers."""
    rows: Iterable[Mapping[str, str]] = typed.get("customer-impact", ())
    return tuple(
        Impact(customer=row["customer"], impact=row["impact"], accepted_by=row.get("accepted-by", ""))
        for row in rows
        if "customer" in row and "impact" in row
    )


def _warn_of_typing_errors(front: Mapping[str, Tree], typing: Typing) -> None:
    """A foreign record may hold any key; one that is nearly ours was probably meant to be ours."""
    known = tuple(DECISION.fields)
    for name in front:
        near = "" if name in DECISION.fields or name in DECISION.foreign else suggestion(name, known, cutoff=0.85)
        if near:
            typing.fault(
                "unknown-key", (name,), f'a decision has no key "{name[:60]}"', near, value=name, key=True,
                severity=Severity.WARNING,
            )  # fmt: skip
