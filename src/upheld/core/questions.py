"""What a raw sentence leaves open: one question per gap, each with the function that owns the answer.

A sentence goes through five steps: tokens; the lexicon finds words of quality ("real-time", "easy to use"); recognisers
find what is already measurable (a bound with its unit, a percentile, a load, a window, a named standard); one rule per
gap compares the two; hits of one gap in one clause become one question. No language model, no network: the same text
always gives the same questions.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from upheld.core.attribute import Attribute, phrase_index, promise
from upheld.core.gap import Function, Gap
from upheld.core.lexicon import WEAK, Sign
from upheld.core.topic import tell_apart
from upheld.core.wording import (
    DOWN,
    NEGATIONS,
    WORDS_BEHIND,
    Found,
    Index,
    Role,
    Text,
    lexicon_lines,
    quantities,
    text_between,
    tokenise,
    word_set,
    words_before,
    words_behind,
)

__all__ = ["Function", "Gap", "Pattern", "Question", "WeakWord", "ears_pattern", "questions", "weak_words"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing that cannot be verified yet, and who can say what would make it verifiable."""

    gap: Gap
    """What kind of thing is missing."""
    phrase: str
    """The words of the text that raise the question."""
    start: int
    """Offset of the first character of the phrase in the text."""
    end: int
    """Offset behind its last character."""
    function: Function
    """Who owns the answer."""
    question: str
    """The question, as a person would ask it."""
    missing: tuple[str, ...]
    """The elements that were looked for and not found."""
    suggestion: str
    """A criterion sentence to fill in; what is still open stands in angle brackets."""


class Pattern(Enum):
    """The sentence patterns of EARS (Mavin and others, 2009), and `NONE` for a text without an obligation."""

    UBIQUITOUS = "ubiquitous"
    """The <system> shall <response>."""
    EVENT = "event"
    """When <trigger>, the <system> shall <response>."""
    STATE = "state"
    """While <state>, the <system> shall <response>."""
    OPTIONAL = "optional"
    """Where <feature is included>, the <system> shall <response>."""
    UNWANTED = "unwanted"
    """If <unwanted condition>, then the <system> shall <response>."""
    COMPLEX = "complex"
    """Several of these keywords before the obligation."""
    NONE = "none"
    """No shall, must, will or should: not a requirement sentence."""


# -------------------------------------------------------------------------------------------------------------- clauses

# A text without full stops is cut, so that the work per clause is bounded and the whole stays linear.
_LONGEST_SENTENCE = 200
_FULL_STOPS = frozenset("!?;")
_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLETS = frozenset(("-", "*", "•", "#", "##", "###"))
_FINITE = word_set(
    "shall must should will is are has have may can cannot needs need does do wants want was were remains requires"
)
_OPENERS = word_set(
    "when if while where as under during for with in at once after before upon whenever unless given per"
)
_VERB_WITHIN = 8
_SPLITTERS = word_set("and but while whereas yet")
_JOINTS = _SPLITTERS | word_set("that which who when if")
_ABBREVIATED = word_set("e g i eg ie approx min max no nos incl excl etc vs art sec resp st dr mr mrs ca cf fig p")
_POINTS_BACK = word_set("this these it measured calculated excluding averaged that those both figures")
_POINTED_AT = word_set(
    "figure figures measurement percentage calculation value availability uptime target target response latency accuracy"
)


_CONDITIONS = word_set("when if unless whenever once until where")
_NO_CONDITION = word_set("even than as or")
_ENDS_CONDITION = word_set("then shall must")
_LOADS = frozenset((Gap.SCALE, Gap.THROUGHPUT, Gap.QUANTITY, Gap.RECOVERY))


def _conditions(text: Text, first: int, last: int) -> set[int]:
    """The tokens of a sentence that say when something holds: what is in them is a trigger, not a promise."""
    inside: set[int] = set()
    opened = False
    for token in range(first, last):
        word = text.words[token]
        if opened and (word in _ENDS_CONDITION or "," in text_between(text, token - 1)):
            opened = False
        if word in _CONDITIONS and (token == first or text.words[token - 1] not in _NO_CONDITION):
            opened = True
        if opened:
            inside.add(token)
    return inside


# Long enough to tell "response" from "resource", short enough to join "respond" and "response".
_STEM = 6


class _Clause:
    """One clause: its words, what was found in them, and what a rule has already used up."""

    __slots__ = ("_stems", "first", "found", "gaps", "lower", "settled", "text", "used", "words")

    def __init__(self, text: Text, first: int, last: int, found: list[Found]) -> None:
        self.words = text.words[first:last]
        self.first = first
        self.text = text
        self.lower = text.lower
        self.found = found
        # A list, because it holds next to nothing and comparing is cheaper than hashing.
        self.used: list[Found] = []
        self.settled: set[Gap] = set()
        self.gaps: dict[Gap, list[Found]] = {}
        for item in found:
            if isinstance(item.kind, Gap):
                self.gaps.setdefault(item.kind, []).append(item)
        self._stems: frozenset[str] | None = None

    @property
    def stems(self) -> frozenset[str]:
        """The first six letters of every word."""
        if self._stems is None:
            self._stems = frozenset(word[:_STEM] for word in self.words)
        return self._stems

    def unused(self) -> Iterator[Found]:
        """Whatever no rule has used up."""
        return (item for item in self.found if item not in self.used)

    def has(self, *signs: Sign) -> bool:
        """Whether an unused sign of one of these kinds was found."""
        return any(item.kind in signs for item in self.unused())

    def all(self, sign: Sign) -> list[Found]:
        """Every unused sign of this kind."""
        return [item for item in self.unused() if item.kind is sign]


def _ends_sentence(text: Text, token: int) -> bool:
    """Whether a sentence ends between this token and the next."""
    between = text_between(text, token)
    if not _FULL_STOPS.isdisjoint(between):
        return True
    if "\n" in between and (_BLANK_LINE.search(between) or between.strip() in _BULLETS):
        return True
    following = text.original[text.starts[token + 1]]
    return (
        "." in between
        and not between.endswith(".")
        and text.words[token] not in _ABBREVIATED
        and not following.islower()
    )


def _sentences(text: Text) -> Iterator[tuple[int, int]]:
    begin = 0
    for token in range(len(text.words) - 1):
        plain = text.starts[token + 1] - text.ends[token] <= 1
        if token - begin >= _LONGEST_SENTENCE or not (plain or not _ends_sentence(text, token)):
            yield begin, token + 1
            begin = token + 1
    if text.words:
        yield begin, len(text.words)


def _clauses(text: Text, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence cut where "and", "but" or "while" joins two clauses that each have a verb of their own."""
    cuts = [first]
    verb = False
    for token in range(first, last):
        word = text.words[token]
        verb = verb or word in _FINITE
        joins = word in _SPLITTERS and verb and text.words[cuts[-1]] not in _OPENERS
        if joins and _has_verb(words_behind(text.words, token, min(_VERB_WITHIN, last - token - 1))):
            cuts.append(token)
            verb = False
    return list(pairwise((*cuts, last)))


def _has_verb(words: list[str]) -> bool:
    """Whether a verb comes before the next joint."""
    for word in words:
        if word in _FINITE:
            return True
        if word in _JOINTS:
            return False
    return False


# ---------------------------------------------------------------------------------------------------------------- rules

_RESPONSE = word_set("respon latenc answer reply replie turnar loadin load loads loaded")
_OPERATION = _RESPONSE | word_set(
    "open opens opened displa render return search query querie page pages screen reques result api apis endpoi call"
    " calls login log start starts startu starte launch boot boots proces comple transa calcul genera execut finish"
    " retrie feedba click refres show shows shown take takes round roundt scan scans author valida lookup save saves"
    " saved upload downlo comput infere score scores scorin decisi serve serves served view views list lists appear"
    " websit browse naviga import export"
)
_PAGE_OPERATION = _RESPONSE - {"answer", "reply", "replie", "respon"} | word_set(
    "search query querie page pages response"
)
_PEOPLE_WORK = word_set(
    "suppor ticket incide inquir enquir compla helpde hotlin staff contra suppli vendor engine techni agent office"
    " custom servic"
)
_TASK = word_set("task tasks train traine traini learn learne learns novice partic beginn untrai clicks")
_AGEING = word_set("older old age stale fresh freshn lag reflec visibl propag synchr sync update replic delay")
_REFRESHING = word_set("update refres synchr reload import recalc")
_RECOVERING = word_set("recove restor failov failur crash outage rto rpo disast resume backup")
_SERVICE_NOUNS = word_set(
    "system service services platform application app portal site website api server servers database infrastructure"
    " network solution product software gateway environment functionality systems applications interface cluster helpdesk"
)
_NARROWS_AVAILABLE = word_set("for in as to from via on under only by within through at via with and")
_CARRIERS = word_set("on with using")
_UTILISED = word_set("cpu load utilisation utilization capacity usage saturation")
_POINTS_FROM = word_set("after of from following upon when once")
# How many words may lie between a figure and the word that says what it is a figure of.
_FIGURE_WITHIN = 12
_DOWNTIME_WITHIN = 6
_BE_WITHIN = 2
_AVAILABLE = word_set("available operational online reachable")
_OBLIGATIONS = word_set("shall must will should")
_NUMERIC = (
    Sign.PERCENT, Sign.COUNT, Sign.SIZE, Sign.RATE, Sign.DURATION, Sign.MEASURE, Sign.MONEY, Sign.NUMBER,
    Sign.METRIC, Sign.LOAD,
)  # fmt: skip

_SETTLED_BY: dict[Gap, frozenset[Sign]] = {
    gap: frozenset(signs)
    for gap, signs in {
        Gap.THROUGHPUT: (Sign.PERCENT, Sign.RATE, Sign.COUNT, Sign.SIZE, Sign.LOAD),
        Gap.SCALE: (Sign.COUNT, Sign.RATE, Sign.LOAD),
        Gap.EFFICIENCY: (Sign.SIZE, Sign.PERCENT, Sign.MEASURE, Sign.DURATION, Sign.NUMBER, Sign.RATE),
        Gap.RELIABILITY: (Sign.PERCENT, Sign.METRIC, Sign.FEW, Sign.RATE, Sign.DURATION, Sign.NINES),
        Gap.RECOVERY: (Sign.DURATION, Sign.PERCENT, Sign.NUMBER),
        Gap.SECURITY: (Sign.CONTROL, Sign.METRIC),
        Gap.PRIVACY: (Sign.ARTICLE, Sign.CONTROL, Sign.DURATION),
        Gap.COMPLIANCE: (Sign.CONTROL, Sign.STANDARD, Sign.ACCESS_STANDARD, Sign.ARTICLE, Sign.VERSION),
        Gap.AUDIT: (Sign.DURATION, Sign.FIELDS),
        Gap.RETENTION: (Sign.DURATION, Sign.CLOCK),
        Gap.EXPLANATION: (Sign.FEW, Sign.FIELDS, Sign.METHOD, Sign.PERCENT),
        Gap.FAIRNESS: (Sign.PERCENT, Sign.METRIC, Sign.NUMBER),
        Gap.SAFETY: (Sign.STANDARD, Sign.MEASURE),
        Gap.USABILITY: (Sign.PERCENT, Sign.DURATION, Sign.FEW, Sign.METRIC, Sign.STATISTIC),
        Gap.ACCESSIBILITY: (Sign.ACCESS_STANDARD,),
        Gap.SATISFACTION: (Sign.PERCENT, Sign.METRIC, Sign.NUMBER, Sign.FEW),
        Gap.DATA_QUALITY: (Sign.PERCENT, Sign.FEW),
        Gap.COMPATIBILITY: (Sign.VERSION, Sign.STANDARD, Sign.FEW),
        Gap.MAINTAINABILITY: (Sign.DURATION, Sign.PERCENT, Sign.FEW, Sign.MONEY),
        Gap.COST: (Sign.MONEY, Sign.PERCENT),
        Gap.DEADLINE: (Sign.DURATION, Sign.PERIOD, Sign.CLOCK),
        Gap.QUANTITY: _NUMERIC,
        Gap.SUBJECTIVE: (),
        Gap.OPEN_END: (),
    }.items()
}
# How long something is kept or watched says nothing of how long it takes, and the other way round.
_TAKES = frozenset((Role.BOUND, Role.OPEN, Role.TIMEOUT, Role.AGE, Role.PERIOD, Role.DOWNTIME))
_LASTS = frozenset((Role.RETAIN, Role.BOUND, Role.OPEN, Role.TIMEOUT))
_KEPT = frozenset((Gap.RETENTION, Gap.AUDIT, Gap.PRIVACY, Gap.EFFICIENCY, Gap.RELIABILITY))


class _Hint(NamedTuple):
    """A word that speaks of a quality, at its place; `first` and `last` are token numbers, `last` included."""

    gap: Gap
    start: int
    end: int
    first: int
    last: int


class _Open(NamedTuple):
    """A gap found by a rule: where, what is missing, and the bound that the text gives."""

    gap: Gap
    start: int
    end: int
    missing: tuple[str, ...]
    bound: str = ""


def _apart(one: Found, other: Found) -> int:
    """How many words lie between two places."""
    return max(one.first - other.last, other.first - one.last, 0)


def _has_window(clause: _Clause) -> bool:
    return clause.has(Sign.WINDOW) or any(item.role is Role.WINDOW for item in clause.all(Sign.DURATION))


def _availability(clause: _Clause) -> Iterator[_Open]:
    """A figure needs a window (what is not excluded counts); a wish without a figure needs all three."""
    near = clause.all(Sign.AVAILABILITY_WORD)
    figures = [(item, item) for item in clause.all(Sign.NINES)]
    figures += [(item, item) for item in clause.all(Sign.DURATION) if _is_downtime(clause, item, near)]
    rivals = [item for gap, items in clause.gaps.items() if gap is not Gap.AVAILABILITY_TARGET for item in items]
    rivals += clause.all(Sign.METRIC)
    for item in clause.all(Sign.PERCENT) if near else ():
        word = min(near, key=lambda other: _apart(item, other))
        distance = _apart(item, word)
        if distance <= _FIGURE_WITHIN and all(_apart(item, rival) >= distance for rival in rivals):
            figures.append((item, word))
    if figures:
        clause.gaps.pop(Gap.AVAILABILITY_TARGET, None)
        clause.settled.add(Gap.AVAILABILITY_TARGET)
        windowed = _has_window(clause)
        clause.used.extend(item for item, _ in figures)
        if windowed:
            return
        item, word = min(figures, key=lambda figure: figure[0].start)
        missing = ("window",) if clause.has(Sign.EXCLUSION) else ("window", "exclusions")
        close = _apart(item, word) <= 1
        yield _Open(
            Gap.AVAILABILITY_WINDOW,
            min(item.start, word.start) if close else item.start,
            max(item.end, word.end) if close else item.end,
            missing,
            item.value if item.kind is Sign.PERCENT else "",
        )
    elif hits := clause.gaps.pop(Gap.AVAILABILITY_TARGET, None):
        yield _Open(Gap.AVAILABILITY_TARGET, hits[0].start, hits[0].end, Gap.AVAILABILITY_TARGET.missing)
    else:
        yield from _plainly_available(clause, near)


def _is_downtime(clause: _Clause, item: Found, near: list[Found]) -> bool:
    """Whether a duration bounds how long the service may be away, and not how long a recovery may take."""
    if item.role is Role.DOWNTIME:
        return True
    if item.role is not Role.BOUND or clause.stems & _RECOVERING - {"outage"}:
        return False
    return any(_apart(item, word) <= _DOWNTIME_WITHIN and clause.lower[word.start : word.end] in DOWN for word in near)


def _plainly_available(clause: _Clause, near: list[Found]) -> Iterator[_Open]:
    """Find "the service shall be available" said of a service, not of a file "available for download"."""
    for item in near:
        place = item.first - clause.first
        before = clause.words[:place]
        said_of_service = not _SERVICE_NOUNS.isdisjoint(before) and not _OBLIGATIONS.isdisjoint(before)
        plain = NEGATIONS.isdisjoint(before) and _NARROWS_AVAILABLE.isdisjoint(words_behind(clause.words, place, 1))
        if (
            clause.lower[item.start : item.end] in _AVAILABLE
            and "be" in words_before(clause.words, place, _BE_WITHIN)
            and said_of_service
            and plain
        ):
            yield _Open(Gap.AVAILABILITY_TARGET, item.start, item.end, Gap.AVAILABILITY_TARGET.missing)
            return


def _is_response_time(clause: _Clause, item: Found) -> bool:
    """Whether a duration bounds an answer of the system, rather than a task, a repair, an age or a person's work."""
    stems = clause.stems
    if item.seconds >= 3600 or item.role not in (Role.BOUND, Role.OPEN):
        return False
    if stems & _RECOVERING or stems & _TASK:
        return False
    answers = bool(stems & _RESPONSE)
    if not answers and (item.role is Role.OPEN or Gap.FRESHNESS in clause.gaps or stems & _AGEING):
        return False
    if item.seconds >= 60:
        return bool(stems & _PAGE_OPERATION) and not stems & _PEOPLE_WORK
    if stems & _OPERATION:
        return True
    behind = words_behind(clause.words, item.last - clause.first, WORDS_BEHIND)
    return clause.words[0] not in _OPENERS and _POINTS_FROM.isdisjoint(behind)


def _latency(clause: _Clause) -> Iterator[_Open]:
    """A bound needs a percentile and a load; a percentile over a window is watched under the load there is."""
    times = [item for item in clause.all(Sign.DURATION) if _is_response_time(clause, item)]
    if not times:
        hits = clause.gaps.pop(Gap.LATENCY_BOUND, None)
        bounded = any(item.role in (Role.BOUND, Role.PERIOD) for item in clause.all(Sign.DURATION))
        if hits and not bounded:
            yield _Open(Gap.LATENCY_BOUND, hits[0].start, hits[0].end, Gap.LATENCY_BOUND.missing)
        return
    clause.gaps.pop(Gap.LATENCY_BOUND, None)
    clause.settled.add(Gap.LATENCY_BOUND)
    clause.used.extend(times)
    statistic = clause.has(Sign.STATISTIC)
    load = clause.has(Sign.LOAD, Sign.MEASURE, Sign.RATE, Sign.CONDITION, Sign.SIZE, Sign.COUNT)
    load = load or any(_stands_on(clause, item) for item in clause.all(Sign.VERSION))
    for share in clause.all(Sign.PERCENT):
        behind = words_behind(clause.words, share.last - clause.first, WORDS_BEHIND)
        if behind[-1:] == ["load"] and behind[-2].endswith("s"):  # "95 % of pages load" is what they do, not a load
            behind.pop()
        if _UTILISED.isdisjoint(behind):
            statistic = True
        else:
            load = True
        clause.used.append(share)
    missing = () if statistic else ("percentile",)
    if not load:
        clause.gaps.pop(Gap.SCALE, None)
        if not (statistic and _has_window(clause)):
            missing = (*missing, "load")
    if missing:
        first = times[0]
        yield _Open(Gap.LATENCY_CONDITION, first.start, first.end, missing, first.value)


def _stands_on(clause: _Clause, item: Found) -> bool:
    """Whether a named thing is what the measurement runs on, as in "on a Pixel 6a"."""
    return not _CARRIERS.isdisjoint(words_before(clause.text.words, item.first, WORDS_BEHIND))


def _freshness(clause: _Clause) -> Iterator[_Open]:
    """An age, an update interval or a bound that is no response time says how current."""
    hits = clause.gaps.pop(Gap.FRESHNESS, None)
    if not hits:
        return
    ages = [item for item in clause.all(Sign.DURATION) if item.role in (Role.AGE, Role.PERIOD, Role.BOUND, Role.OPEN)]
    refreshed = clause.has(Sign.PERIOD) and clause.stems & _REFRESHING
    if not ages and not refreshed:
        yield _Open(Gap.FRESHNESS, hits[0].start, hits[0].end, Gap.FRESHNESS.missing)


def _accuracy(clause: _Clause) -> Iterator[_Open]:
    """A tolerance in the measured unit stands alone; a share or score needs the data or the window it is taken over."""
    hits = clause.gaps.pop(Gap.ACCURACY, None)
    if not hits:
        return
    figures = [item for item in clause.unused() if item.kind in _NUMERIC]
    if any(item.kind is Sign.MEASURE for item in figures):
        return
    scored = [item for item in figures if item.kind in (Sign.PERCENT, Sign.NUMBER, Sign.METRIC)]
    tolerance = any(item.kind is Sign.DURATION and item.role is Role.BOUND for item in figures)
    tested = clause.has(Sign.METHOD) or _has_window(clause)
    clause.used.extend(scored)
    if scored and (tested or tolerance):
        return
    shares = [item for item in scored if item.kind is Sign.PERCENT]
    missing = ("test data",) if scored else Gap.ACCURACY.missing
    yield _Open(Gap.ACCURACY, hits[0].start, hits[0].end, missing, shares[0].value if shares else "")


def _improvement(clause: _Clause) -> Iterator[_Open]:
    """A change needs its size and the value it starts from."""
    hits = clause.gaps.pop(Gap.IMPROVEMENT, None)
    if not hits:
        return
    figures = [item for item in clause.unused() if item.kind in _NUMERIC]
    clause.used.extend(figures)
    both_ends = len(figures) >= 2 and "from" in clause.words and "to" in clause.words
    if not figures:
        yield _Open(Gap.IMPROVEMENT, hits[0].start, hits[0].end, Gap.IMPROVEMENT.missing)
    elif not both_ends and not clause.has(Sign.BASELINE):
        yield _Open(Gap.IMPROVEMENT, hits[0].start, hits[0].end, ("baseline",))


_POINTING = word_set("specified listed following named")
_EVERYDAY = word_set("gui ui ux it api apis eu uk us is a i shall must should will")
_NAMEABLE = (
    "protocol",
    "protocols",
    "interface",
    "interfaces",
    "format",
    "formats",
    "api",
    "apis",
    "standard",
    "standards",
)


def _gives_examples(clause: _Clause, item: Found) -> bool:
    """Whether "etc." closes a list of examples, which needs no end."""
    before = clause.words[: item.first - clause.first]
    return any(pair in (("e", "g"), ("for", "example"), ("such", "as")) for pair in pairwise(before))


def _settled(clause: _Clause) -> Iterator[_Open]:
    """Every other gap is closed by a sign of the right kind in the same clause."""
    for gap, hits in clause.gaps.items():
        if gap is Gap.OPEN_END and _gives_examples(clause, hits[0]):
            continue
        if gap in (Gap.COMPATIBILITY, Gap.COMPLIANCE) and _names_what_it_uses(clause, hits[0]):
            continue
        roles = _LASTS if gap in _KEPT else _TAKES
        wanted = _SETTLED_BY[gap]
        measured = any(
            item.kind in wanted and (item.kind is not Sign.DURATION or item.role in roles) for item in clause.unused()
        )
        if measured and not (gap is Gap.RECOVERY and _wants_both_objectives(clause)):
            clause.settled.add(gap)
        else:
            yield _Open(gap, hits[0].start, hits[0].end, gap.missing)


def _names_what_it_uses(clause: _Clause, item: Found) -> bool:
    """Whether a "standard protocol" comes with its name, as in "standard protocols (TCP/IP)" or "IBM's CUA standards"."""
    text = clause.text
    if not _POINTING.isdisjoint(text.words[item.first : item.last + 1]):
        return True
    if not clause.lower[item.start : item.end].endswith(_NAMEABLE):
        return False
    tokens = range(item.first, min(item.last + 7, len(text.words)))
    return any(
        text.original[text.starts[token] : text.starts[token] + 2].isupper() and text.words[token] not in _EVERYDAY
        for token in tokens
    )


def _wants_both_objectives(clause: _Clause) -> bool:
    """Whether recovery time and recovery point are both named and only one of them has a value."""
    return {"rto", "rpo"} <= set(clause.words) and len(clause.all(Sign.DURATION)) < 2


# In this order, because a rule uses up the figures that are its own.
_RULES = (_availability, _latency, _freshness, _accuracy, _improvement, _settled)


# ----------------------------------------------------------------------------------------------------------- public face


# "24/7", "several million accounts", "a few seconds": the number in these is part of the phrase and measures nothing.
_SPELLS_AMOUNT = frozenset((Gap.AVAILABILITY_TARGET, Gap.SCALE, Gap.THROUGHPUT, Gap.QUANTITY, Gap.LATENCY_BOUND))


def _find(text: Text) -> tuple[list[Found], list[_Hint]]:
    """Concepts, signs and quantities of the whole text in order, without what a longer phrase already says."""
    concepts: list[Found] = []
    signs: list[Found] = []
    names: list[tuple[Attribute, int, int]] = []
    hints: list[_Hint] = []
    for kind, token, start, end in phrase_index().matches(text):
        first = bisect_left(text.starts, start, lo=token)
        last = bisect_left(text.starts, end, lo=first + 1) - 1
        if isinstance(kind, Attribute):
            if kind.wanted is None:
                hints.append(_Hint(kind.gap, start, end, first, last))
            else:
                names.append((kind, first, last))
            continue
        place = Found(kind, start, end, first, last)
        (concepts if isinstance(kind, Gap) or kind is Sign.INNOCENT else signs).append(place)
    innocent = [item for item in concepts if item.kind is Sign.INNOCENT] if names else ()
    for name, first, last in names:
        if any(item.first <= first <= item.last for item in innocent):
            continue
        if promised := promise(text, name, first, last):
            begin, end = promised
            concepts.append(Found(name.gap, text.starts[begin], text.ends[end], begin, end))
    kept = _longest(concepts)
    amounts = [item for item in kept if item.kind in _SPELLS_AMOUNT]
    signs.extend(item for item in quantities(text) if item.kind is Sign.PERCENT or not _inside(item, amounts))
    rates = [item for item in signs if item.kind is Sign.RATE]
    busy = sorted(
        [*rates, *(item for item in kept if item.kind is Gap.AVAILABILITY_TARGET)], key=lambda item: item.start
    )
    signs = [item for item in signs if item.kind not in (Sign.WINDOW, Sign.PERIOD) or not _inside(item, busy)]
    kept = [item for item in kept if item.kind is not Sign.INNOCENT]
    kept = [item for item, behind in zip_longest(kept, kept[1:]) if not _only_degree(item, behind)]
    return sorted([*kept, *signs], key=lambda item: (item.start, item.end)), hints


def _only_degree(item: Found, behind: Found | None) -> bool:
    """Whether a word of degree or praise stands directly before another concept, whose question covers it."""
    return item.kind in (Gap.QUANTITY, Gap.SUBJECTIVE) and behind is not None and behind.first - item.last == 1


# A wish of one of these kinds inside another of them is the same wish.
_SOON = frozenset((Gap.LATENCY_BOUND, Gap.DEADLINE, Gap.FRESHNESS, Gap.RECOVERY))
_PLAIN = frozenset((Gap.QUANTITY, Gap.SUBJECTIVE, Gap.IMPROVEMENT, Sign.INNOCENT))


def _longest(items: list[Found]) -> list[Found]:
    """Of phrases that lie inside one another, the longest; an innocent phrase silences what lies inside it.

    A wish between the words of another, as "promptly" in "frauds are promptly detected", is one of its own.
    """
    items.sort(key=lambda item: (item.start, -item.end, item.kind is not Sign.INNOCENT, item.kind in _PLAIN))
    kept: list[Found] = []
    longest: Found | None = None
    for item in items:
        if longest is None or item.end > longest.end:
            kept.append(item)
            longest = item
        elif longest.start < item.start and item.end < longest.end and _separate(item, longest):
            kept.append(item)
    return kept


def _separate(item: Found, around: Found) -> bool:
    """Whether a wish inside another is a second one."""
    if item.kind in _PLAIN or around.kind is Sign.INNOCENT or item.kind is around.kind:
        return False
    return item.kind not in _SOON or around.kind not in _SOON


def _inside(item: Found, others: list[Found]) -> bool:
    """Whether an item overlaps one of these places, which are in order and do not contain each other."""
    place = bisect_right(others, item.start, key=lambda other: other.start)
    return any(other.start < item.end and item.start < other.end for other in others[max(0, place - 1) : place + 1])


def _is_label(text: Text, item: Found, sentence: int) -> bool:
    """Whether the phrase is a heading in front of the sentence, as in "Usability: ..."."""
    return item.first - sentence <= 1 and text.lower[item.end : item.end + 3].lstrip(" *").startswith((":", "- "))


def _is_name(text: Text, item: Found, first: int) -> bool:
    """Whether a capitalised word inside a sentence belongs to a name, as in "the Rapid Transit interface"."""
    if item.first == first or item.last > item.first or item.kind in (Gap.PRIVACY, Gap.RECOVERY, Gap.OPEN_END):
        return False
    before, here, *behind = (text.original[at].isupper() for at in text.starts[item.first - 1 : item.last + 2])
    return here and ((before and item.first - 1 > first) or behind == [True])


_HEADLINE = 2 / 3


def _promised(text: Text, first: int, last: int, items: list[Found]) -> list[Found]:
    """What a sentence promises: without headings and names, without the concepts and durations of its conditions."""
    if not items:
        return items
    conditions = _conditions(text, first, last)
    # Where most words are capitalised, as in a headline, a capital says nothing.
    capitals = sum(text.original[at].isupper() for at in text.starts[first:last])
    headline = capitals >= _HEADLINE * (last - first)
    return [
        item
        for item in items
        if not (isinstance(item.kind, Gap) and _is_label(text, item, first))
        and not (isinstance(item.kind, Gap) and not headline and _is_name(text, item, first))
        and not (item.first in conditions and text.words[item.first] not in _CONDITIONS and _only_triggers(item))
    ]


def _only_triggers(item: Found) -> bool:
    """Whether something in a condition is only its trigger; an amount of work in a condition is a promise to bear it."""
    return item.kind is Sign.DURATION or (isinstance(item.kind, Gap) and item.kind not in _LOADS)


def _points_back(text: Text, first: int, found: list[Found]) -> bool:
    """Whether a sentence completes the one before, as in "This is measured over 30 days"."""
    words = text.words[first : first + 2]
    if words[0] in _POINTS_BACK or (words[0] == "the" and words[-1] in _POINTED_AT):
        return True
    return any(item.kind is Sign.METHOD and item.first - first < _METHOD_WITHIN for item in found)


def questions(text: str) -> tuple[Question, ...]:
    """What cannot be verified yet in a text, one question per gap and clause, in order of appearance.

    Offsets count characters of `text`. A text without words of quality, or whose words of quality come with their
    measure, has no questions. The time taken grows linearly with the text.
    """
    read = tokenise(text)
    found, hints = _find(read)
    if not hints and not any(
        isinstance(item.kind, Gap) or item.kind in (Sign.DURATION, Sign.AVAILABILITY_WORD, Sign.NINES) for item in found
    ):
        return ()
    sentences = list(_with_findings(read, found))
    opened: list[_Open] = []
    settled_before: list[_Open] = []
    for number, (first, last, items) in enumerate(sentences):
        more: list[Found] = []
        if (
            number + 1 < len(sentences)
            and items
            and _points_back(read, sentences[number + 1][0], sentences[number + 1][2])
        ):
            more = [item for item in sentences[number + 1][2] if item.kind in _COMPLETING]
        here, settled = _ask(read, first, last, items, more)
        if hints and not settled and not any(item.kind in _MEASURED for item in (*items, *more)):
            here = _hinted(read, first, last, here, hints)
        opened.extend(item for item in settled_before if item.gap not in settled)
        settled_before = here
    opened.extend(settled_before)
    opened.sort(key=lambda item: (item.start, item.end))
    return tuple(_question(text, item) for item in opened)


_MEASURED = frozenset(_NUMERIC) | {
    Sign.STANDARD, Sign.CONTROL, Sign.ACCESS_STANDARD, Sign.ARTICLE, Sign.VERSION, Sign.CLOCK, Sign.PERIOD, Sign.FEW,
    Sign.STATISTIC, Sign.LABEL, Sign.FIELDS,
}  # fmt: skip
_WISHES = word_set("shall must should will need needs want wants ought")
_NEAR = 8
_LIST = word_set("and or but")


def _hinted(text: Text, first: int, last: int, opened: list[_Open], hints: list[_Hint]) -> list[_Open]:
    """What a sentence without any measure leaves open, in the light of its words that speak of a quality.

    A wish in words of plain praise is about the quality that is spoken of next to it. A sentence that has no wish of a
    known shape, but obliges and speaks of a quality, is asked about that.
    """
    specific = [hint for hint in _next_to_each_other(hints) if first <= hint.first < last and hint.gap not in _PLAIN]
    if opened:
        alone = all(item.gap in _PLAIN for item in opened)
        opened = [_named(text, item, specific) if alone and item.gap is Gap.SUBJECTIVE else item for item in opened]
        return opened + _listed(text, opened, specific)
    owed = next((token for token in range(first, last) if text.words[token] in _WISHES), None)
    if owed is None:
        return []
    conditions = _conditions(text, first, last)
    here = [hint for hint in specific if hint.first not in conditions]
    here.sort(key=lambda hint: hint.first < owed)  # what is owed, before who or what owes it
    return [_Open(hint.gap, hint.start, hint.end, hint.gap.missing) for hint in here[:1]]


def _next_to_each_other(hints: list[_Hint]) -> list[_Hint]:
    """Hints in order; of two that share a word, the longer."""
    kept: list[_Hint] = []
    for hint in sorted(hints, key=lambda hint: (hint.first, -hint.last)):
        if not kept or hint.first > kept[-1].last:
            kept.append(hint)
    return kept


def _listed(text: Text, opened: list[_Open], hints: list[_Hint]) -> list[_Open]:
    """The members of a list of wishes, as in "fast, simple and compliant", that have no other shape."""
    ends = {bisect_left(text.starts, item.end) for item in opened}
    more: list[_Open] = []
    for hint in hints:
        joined = "," in text_between(text, hint.first - 1)
        token = hint.first if joined else hint.first - 1
        if (joined or text.words[token] in _LIST) and token in ends:
            ends.add(hint.last + 1)
            if all(item.gap is not hint.gap for item in (*opened, *more)):
                more.append(_Open(hint.gap, hint.start, hint.end, hint.gap.missing))
    return more


def _named(text: Text, item: _Open, hints: list[_Hint]) -> _Open:
    """A wish in words of plain praise as one about the quality next to it."""
    at = bisect_left(text.starts, item.start)
    near = [hint for hint in hints if abs(hint.first - at) <= _NEAR]
    if not near:
        return item
    gap = min(near, key=lambda hint: abs(hint.first - at)).gap
    return item._replace(gap=gap, missing=gap.missing)


def _with_findings(text: Text, found: list[Found]) -> Iterator[tuple[int, int, list[Found]]]:
    """Every sentence with what was found in it."""
    at = 0
    for first, last in _sentences(text):
        begin = at
        while at < len(found) and found[at].first < last:
            at += 1
        yield first, last, found[begin:at]


def _ask(text: Text, first: int, last: int, items: list[Found], more: list[Found]) -> tuple[list[_Open], set[Gap]]:
    """The gaps that one sentence leaves open, and those that it closes for the sentence before."""
    opened: list[_Open] = []
    settled: set[Gap] = set()
    items = _promised(text, first, last, items)
    if items:
        for begin, end in _clauses(text, first, last):
            here = [item for item in items if begin <= item.first < end]
            if here:
                clause = _Clause(text, begin, end, [*here, *more])
                tell_apart(clause.gaps, lower=clause.lower, words=clause.words, stems=clause.stems)
                for rule in _RULES:
                    opened.extend(rule(clause))
                settled |= clause.settled
    return opened, settled


_METHOD_WITHIN = 5
_COMPLETING = frozenset(
    (Sign.WINDOW, Sign.EXCLUSION, Sign.STATISTIC, Sign.LOAD, Sign.RATE, Sign.METHOD, Sign.CONDITION, Sign.COUNT)
)

_PARTIAL_QUESTIONS: dict[tuple[str, ...], str] = {
    ("percentile",): "“{phrase}”: at which percentile?",
    ("load",): "“{phrase}”: under which load?",
    ("window",): "“{phrase}”: over which window is it measured?",
    ("test data",): "“{phrase}”: measured how, on which data, against which truth?",
    ("baseline",): "“{phrase}”: compared with which value today, and by when?",
}


def _question(text: str, item: _Open) -> Question:
    phrase = text[item.start : item.end]
    shown = " ".join(phrase.split())
    wording = item.gap.question
    if item.missing != item.gap.missing:
        wording = _PARTIAL_QUESTIONS.get(item.missing, wording)
    return Question(
        gap=item.gap,
        phrase=phrase,
        start=item.start,
        end=item.end,
        function=item.gap.function,
        question=wording.replace("{phrase}", shown),
        missing=item.missing,
        suggestion=item.gap.suggestion.replace("{bound}", item.bound or "<NN> %"),
    )


# ------------------------------------------------------------------------------------------------- weak words and patterns


class WeakWord(NamedTuple):
    """A word that weakens a requirement, where it stands, and what to do about it."""

    word: str
    start: int
    end: int
    advice: str


@cache
def _weak_index() -> Index[str]:
    return Index(lexicon_lines(WEAK))


def weak_words(text: str) -> list[WeakWord]:
    """Words by which a requirement escapes its obligation, in order, each with its place and an advice."""
    read = tokenise(text)
    found = sorted(
        ((start, -end, advice) for advice, _, start, end in _weak_index().matches(read)), key=lambda item: item[:2]
    )
    weak: list[WeakWord] = []
    for start, minus_end, advice in found:
        if not weak or -minus_end > weak[-1].end:
            weak.append(WeakWord(text[start:-minus_end], start, -minus_end, advice))
    return weak


_KEYWORDS = {
    "while": Pattern.STATE,
    "during": Pattern.STATE,
    "when": Pattern.EVENT,
    "whenever": Pattern.EVENT,
    "upon": Pattern.EVENT,
    "once": Pattern.EVENT,
    "after": Pattern.EVENT,
    "where": Pattern.OPTIONAL,
    "if": Pattern.UNWANTED,
}


def ears_pattern(text: str) -> Pattern:
    """The pattern of the first sentence with an obligation, by the keywords that open its clauses before "shall".

    A condition behind the obligation leaves the sentence ubiquitous: what EARS asks for is that it stands in front.
    """
    read = tokenise(text)
    for first, last in _sentences(read):
        modal = next((token for token in range(first, last) if read.words[token] in _OBLIGATIONS), None)
        if modal is None:
            continue
        patterns = {
            _KEYWORDS[read.words[token]]
            for token in range(first, modal)
            if read.words[token] in _KEYWORDS and _opens_clause(read, token, first)
        }
        return Pattern.COMPLEX if len(patterns) > 1 else next(iter(patterns), Pattern.UBIQUITOUS)
    return Pattern.NONE


def _opens_clause(text: Text, token: int, first: int) -> bool:
    """Whether a word begins the sentence, or stands behind a comma, a colon, "and" or "then"."""
    if token == first or text.words[token - 1] in {"and", "then", "or"}:
        return True
    return not frozenset(",:").isdisjoint(text.lower[text.ends[token - 1] : text.starts[token]])
