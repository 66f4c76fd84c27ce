"""What stands where in a text: its tokens, the phrases of the lexicon, and every number with what it counts."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto
from typing import Generic, NamedTuple, TypeVar

from upheld.core.gap import Gap
from upheld.core.lexicon import Sign

_Kind = TypeVar("_Kind")


def word_set(line: str) -> frozenset[str]:
    """The words of a line, for looking up."""
    return frozenset(line.split())


class Role(Enum):
    """What a duration limits."""

    BOUND = auto()
    AGE = auto()
    WINDOW = auto()
    PERIOD = auto()
    RETAIN = auto()
    TIMEOUT = auto()
    TRIGGER = auto()
    DOWNTIME = auto()
    OPEN = auto()


class Found(NamedTuple):
    """A concept, a sign or a quantity at its place; `first` and `last` are token numbers, `last` included."""

    kind: Gap | Sign
    start: int
    end: int
    first: int
    last: int
    value: str = ""
    seconds: float = 0.0
    role: Role = Role.OPEN


# --------------------------------------------------------------------------------------------------- tokens and matching

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%‰€$£§≤≥<>±]")
# Between two words of a phrase; a dash with space around it ends what came before.
_JOINT = r"(?!\s-\s)[\s\-'\"*_/]{1,4}"
# Dashes, spaces and apostrophes of word processors, the multiplication sign, the full-width percent sign: one for one.
_LIKE_ASCII = dict.fromkeys(range(0x2010, 0x2015), "-") | dict.fromkeys((0xA0, 0x2009, 0x202F), " ")
_LIKE_ASCII |= {0xD7: "x", 0xFF05: "%", 0x2019: "'"}


# Stems are filed under their first letters; no stem of the lexicon is shorter.
_BUCKET = 3
_MARKS = frozenset(("<", ">", "$"))
_ENDING = r"\w{0,20}"
_HYPHEN = r"[\s\-/]?"
_WORD_BETWEEN = r"(?!(?:and|or|but)\b)\w{1,40}(?:[.,]\d+)?%?"
_STOP_BEHIND = r"\s*(?:[.,;:)]|\Z|and\b|or\b|by\b)"


class _Entry(Generic[_Kind]):
    """One line of the lexicon; its expression is compiled when the words it needs are met for the first time."""

    __slots__ = ("_line", "_match", "kind", "needs")

    def __init__(self, kind: _Kind, line: str, needs: tuple[int, ...]) -> None:
        self.kind = kind
        self.needs = needs
        self._line = line
        self._match: Callable[[str, int], re.Match[str] | None] | None = None

    def match(self, text: str, position: int) -> re.Match[str] | None:
        """The phrase that begins at this offset, if it does; group 1 is the phrase without its context."""
        if self._match is None:
            self._match = re.compile(_expression(self._line)).match
        return self._match(text, position)


def _beginnings(line: str) -> tuple[frozenset[str], ...]:
    """The first letters that a word of each obligatory part behind the first may have, the last part first."""
    parts = [part for part in line.split()[1:] if part not in _MARKS and not part.startswith("..") and part[-1] != "?"]
    return tuple(frozenset(_key(word)[:_BUCKET] for word in part.split("|")) for part in reversed(parts))


def _key(word: str) -> str:
    """The first token of a lexicon word."""
    found = _TOKEN.match(word)
    return found[0] if found else word


def _word_expression(word: str) -> str:
    return re.escape(word).replace(r"\*", _ENDING).replace("\\~", "~").replace("~", _HYPHEN)


def _expression(line: str) -> str:
    """One lexicon line as a regular expression whose group 1 is the phrase."""
    parts = ["("]
    joint = ""
    for word in line.split():
        if word == ">":
            parts[0] = "(?:"
            parts.append(f"){_JOINT}(")
            joint = ""
        elif word == "<":
            parts.append(")(?=")
        elif word == "$":
            parts.append(_STOP_BEHIND)
        elif word.startswith(".."):
            parts.append(f"(?:{_JOINT}{_WORD_BETWEEN}){{0,{word.lstrip('.')}}}?")
        else:
            choices = "|".join(map(_word_expression, word.rstrip("?").split("|")))
            parts.append(f"(?:{joint}(?:{choices})(?![^\\W_])){'?' if word.endswith('?') else ''}")
            joint = _JOINT
    return "".join([*parts, ")"])


class Index(Generic[_Kind]):
    """Lexicon lines found by their first word, so that a text pays only for the lines its words can begin."""

    __slots__ = ("_bits", "_single_stems", "_single_words", "_stems", "_words")

    def __init__(self, lines: Iterable[tuple[_Kind, str]]) -> None:
        # One bit for each beginning of a word that a line needs: whether a text has one of many is a single "and".
        self._bits: dict[str, int] = {}
        self._single_words: dict[str, list[_Kind]] = {}
        self._single_stems: dict[str, list[tuple[str, _Kind]]] = {}
        self._words: dict[str, list[_Entry[_Kind]]] = {}
        self._stems: dict[str, list[_Entry[_Kind]]] = {}
        for kind, line in lines:
            first, *others = line.split(None, 1)
            if others or "~" in first or not first.replace("|", "").replace("*", "").isalpha():
                needs = tuple(map(self._mask, _beginnings(line)))
                self._file_line(first, _Entry(kind, line, needs))
            else:
                self._file_words(first, kind)

    def _mask(self, beginnings: frozenset[str]) -> int:
        """The bits of these beginnings."""
        mask = 0
        for beginning in beginnings:
            mask |= self._bits.setdefault(beginning, 1 << len(self._bits))
        return mask

    def _file_words(self, words: str, kind: _Kind) -> None:
        """File a line of single words: these need no expression."""
        for word in words.split("|"):
            if word.endswith("*"):
                self._single_stems.setdefault(word[:_BUCKET], []).append((word[:-1], kind))
            else:
                self._single_words.setdefault(word, []).append(kind)

    def _file_line(self, first: str, entry: _Entry[_Kind]) -> None:
        """File a line under every token with which it can begin: "cost~effective*" under "cost" and under "costeff…"."""
        for word in first.split("|"):
            keys = dict.fromkeys((_key(word), _key(word.replace("~", ""))))
            if word.endswith("*"):
                for bucket in dict.fromkeys(key[:_BUCKET] for key in keys):
                    self._stems.setdefault(bucket, []).append(entry)
            else:
                for key in keys:
                    self._words.setdefault(key, []).append(entry)

    def matches(self, text: "Text") -> Iterator[tuple[_Kind, int, int, int]]:
        """Every phrase of the text: its kind, the number of the token at which its line begins, its start and its end."""
        lower, starts = text.lower, text.starts
        bits, present = self._bits, 0
        for word in text.words:
            present |= bits.get(word[:_BUCKET], 0)
        single_words, single_stems, words, stems = self._single_words, self._single_stems, self._words, self._stems
        for token, word in enumerate(text.words):
            beginning = word[:_BUCKET]
            if word in single_words:
                for kind in single_words[word]:
                    yield kind, token, starts[token], text.ends[token]
            if beginning in single_stems:
                for stem, kind in single_stems[beginning]:
                    if word.startswith(stem):
                        yield kind, token, starts[token], text.ends[token]
            for entries in (words.get(word, ()), stems.get(beginning, ())):
                for entry in entries:
                    for need in entry.needs:
                        if not need & present:
                            break
                    else:
                        if found := entry.match(lower, starts[token]):
                            yield entry.kind, token, *found.span(1)


def lexicon_lines(*lexicons: Mapping[_Kind, str]) -> Iterator[tuple[_Kind, str]]:
    """Every line of these lexicons with its kind."""
    for lexicon in lexicons:
        for kind, block in lexicon.items():
            for line in block.splitlines():
                if line.strip():
                    yield kind, line


class Text(NamedTuple):
    """A text in lower case, character for character as long as the original, and its tokens."""

    original: str
    lower: str
    words: list[str]
    starts: list[int]
    ends: list[int]


def tokenise(text: str) -> Text:
    """A text with its tokens; offsets are those of the original."""
    lower = text.lower()
    if not text.isascii():
        if len(lower) != len(text):
            lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
        lower = lower.translate(_LIKE_ASCII)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _TOKEN.finditer(lower):
        start, end = found.span()
        starts.append(start)
        ends.append(end)
        words.append(lower[start:end])
    return Text(text, lower, words, starts, ends)


# ----------------------------------------------------------------------------------------------------------- quantities

_NUMBER_WORDS = word_set(
    "half one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety"
    " hundred thousand million billion dozen"
)
_UNITS_OF_TIME = {
    unit: seconds
    for seconds, units in (
        (1e-9, "ns"),
        (1e-6, "us µs microsecond microseconds"),
        (1e-3, "ms msec msecs millisecond milliseconds"),
        (1.0, "s sec secs second seconds"),
        (60.0, "min mins minute minutes"),
        (3600.0, "h hr hrs hour hours"),
        (86400.0, "d day days night nights"),
        (604800.0, "w week weeks fortnight"),
        (2629800.0, "month months"),
        (7889400.0, "quarter quarters"),
        (31557600.0, "y yr year years"),
    )
    for unit in units.split()
}
_PRINTED_UNITS = {1e-3: "ms", 1.0: "s", 60.0: "min", 3600.0: "h", 86400.0: "d"}
_PARTS = {"half": "0.5", "quarter": "0.25", "tenth": "0.1"}
_NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AMOUNTS = {word: str(value) for value, word in enumerate(_NUMERALS, 1)}
_AMOUNTS |= {"a": "1", "an": "1"}
_AMOUNTS |= {"fifteen": "15", "twenty": "20", "thirty": "30", "sixty": "60", "ninety": "90"}
_PERCENT_SIGNS = frozenset(("%", "‰", "percent", "pct", "percentage"))
_SIZES = word_set(
    "b kb mb gb tb pb kib mib gib tib byte bytes kilobyte kilobytes megabyte megabytes gigabyte gigabytes terabyte"
    " terabytes bit bits"
)
_RATES = word_set("rps tps qps rpm tpm tph hz khz mhz ops bps kbps mbps gbps fps iops eps")
_MONEY = word_set("eur euro euros usd dollar dollars gbp pound pounds chf sek nok dkk cent cents pence € $ £")
_MEASURES = word_set(
    "m cm mm km metre metres meter meters millimetre millimetres millimeter millimeters kilometre kilometres kilometer"
    " kilometers feet ft inch inches c k kelvin degree degrees deg bar v volt volts w kw kwh mw watt watts a ma mah"
    " lux db dbm ppm g kg mg ml l litre litres liter liters ph decimal decimals px pixel pixels dpi n nm newton"
)
_CAPITAL_UNITS = frozenset("acknvw")
_LEGAL = word_set("art article articles section sections clause annex schedule appendix chapter paragraph part §")
_NOT_PLURAL = word_set(
    "is this has was does its as business access process status address across less plus minus always class analysis"
    " basis bus gas pass success progress us thus press besides versus vs whereas unless times previous various s ms"
)
_NOT_LOAD = word_set(
    "clicks steps taps decimals characters digits letters retries attempts points stars inches words lines features"
    " factors reasons languages browsers versions releases screens levels fields options errors failures faults crashes"
    " interruptions outages defects bugs incidents complaints tickets mistakes violations findings"
)
_STOP = word_set(
    "and or but the of in on at to for with within by per is are be was shall must should will can may if when while"
    " that which from than as after before under over no not measured"
)
_LONGER = word_set("longer later more greater over exceed exceeds exceeding exceeded beyond above > ≥")
NEGATIONS = word_set("no not never nor cannot without")
_PASSED_BY = word_set(
    "of to a an the least about approximately approx around roughly than at time times be is exactly only maximum max"
    " single full next first some = ± first one"
)
_BREAKS = frozenset(".;!?")
_LIST_BREAKS = frozenset(".;:!?,(")
_ARTICLES = frozenset(("a", "an", "one"))
_FRACTIONS = word_set("half quarter third fourth fifth tenth hundredth thousandth")
_BEFORE_UNIT = word_set("business working calendar consecutive full elapsed")
_SHORT_UNITS = frozenset("dwy")
_ORDINALS = word_set("st nd rd th")
_PER = word_set("per a an each every")
_HALVES_OF_DAY = word_set("am pm")
_OUT_OF = word_set("out of")
_CROWDS = word_set("people staff personnel")
_JOINS = frozenset(("", "-", "_", "."))
_ENDS_RATE = _STOP - {"per"}
_LONG_UNITS = frozenset(unit for unit, seconds in _UNITS_OF_TIME.items() if seconds >= 1)
_LONGEST_FRACTION = 5  # "a tenth of a second"
_SUB_UNITS = {"second": "1 s", "millisecond": "1 ms"}
_BEFORE_VERSION = frozenset((" ", " ("))
_VERSION_WORDS = word_set("version v release")
_SAME_NUMBER = frozenset((" ", "-", " - ", " (", "("))


_WORDS_BEFORE = 6
_NEGATED_WITHIN = 12
WORDS_BEHIND = 3
_RATE_WITHIN = 5


def words_before(words: list[str], token: int, count: int) -> list[str]:
    """At most so many words before a token."""
    return words[max(0, token - count) : token]


def words_behind(words: list[str], token: int, count: int) -> list[str]:
    """At most so many words behind a token."""
    following = token + 1
    return words[following : following + count]


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS


_ROLE_BEHIND = {
    word: role
    for role, line in (
        (Role.AGE, "old stale"),
        (Role.PERIOD, "interval intervals cycle cycles"),
        (Role.WINDOW, "window windows period periods rolling"),
        (Role.TRIGGER, "ago before notice prior advance earlier"),
    )
    for word in line.split()
}
_ROLE_BEFORE = {
    word: role
    for role, line in (
        (
            Role.BOUND,
            "within in under below less fewer faster shorter sooner most maximum max up sub beneath ≤ < quicker limit",
        ),
        (Role.AGE, "older age stale behind"),
        (Role.WINDOW, "during rolling last past previous trailing throughout across any averaged"),
        (Role.PERIOD, "every each per interval intervals"),
        (Role.RETAIN, "for"),
        (Role.TIMEOUT, "after following"),
    )
    for word in line.split()
}
_STANDING_STILL = word_set("inactivity idle idleness operation use")
DOWN = frozenset(("downtime", "outage", "unavailability"))


def _role(words: list[str], number: int, unit: int) -> Role:
    """What a duration limits, from the one word behind its unit and the few before its number."""
    behind = words_behind(words, unit, WORDS_BEHIND)
    if behind and behind[0] in _ROLE_BEHIND:
        return _ROLE_BEHIND[behind[0]]
    if behind and behind[0] == "of" and not _STANDING_STILL.isdisjoint(behind):
        return Role.TIMEOUT
    if not DOWN.isdisjoint(behind):
        return Role.DOWNTIME
    before = words_before(words, number, _WORDS_BEFORE)
    for word in reversed(before):
        if word in _LONGER:
            if not NEGATIONS.isdisjoint(words_before(words, number, _NEGATED_WITHIN)):
                return Role.BOUND
            return Role.WINDOW if word == "over" else Role.TRIGGER
        if word in _ROLE_BEFORE:
            return _ROLE_BEFORE[word]
        if word not in _PASSED_BY and not _is_number(word):
            break
    return Role.OPEN


def quantities(text: Text) -> list[Found]:
    """Every number with what it counts."""
    found: list[Found] = []
    past = 0
    for at, word in enumerate(text.words):
        if at < past:
            continue
        if _is_number(word):
            last = at
            while _is_number(_word(text, last + 1) or "-") and text_between(text, last) in _SAME_NUMBER:
                last += 1
            found.append(_quantity(text, at, last))
            past = max(last, found[-1].last) + 1
        elif quantity := _unnumbered(text, at):
            found.append(quantity)
            past = quantity.last + 1
    return found


def _unnumbered(text: Text, at: int) -> Found | None:
    """A duration that begins without a number: "within a second", "a tenth of a second", "sub-second"."""
    word, *behind = text.words[at : at + _LONGEST_FRACTION]
    if word in _ARTICLES and behind:
        if behind[0] in _FRACTIONS:
            part = behind[1:3] == ["of", "a"] and behind[-1] in _UNITS_OF_TIME
            return _duration(text, at, at + len(behind)) if part else None
        bounded = _word(text, at - 1) == "than" or _ROLE_BEFORE.get(_word(text, at - 1)) is Role.BOUND
        return _duration(text, at, at + 1) if bounded and behind[0] in _LONG_UNITS else None
    if word == "subsecond":
        return _duration(text, at, at)._replace(value="1 s", seconds=1.0, role=Role.BOUND)
    if word == "sub" and behind and behind[0] in _SUB_UNITS:
        return _duration(text, at, at + 1)._replace(value=_SUB_UNITS[behind[0]], role=Role.BOUND)
    return None


def _duration(text: Text, first: int, last: int) -> Found:
    start, end = text.starts[first], text.ends[last]
    seconds = _UNITS_OF_TIME.get(text.words[last], 1.0)
    number = text.words[first:last]
    figures = [word.replace(",", ".") for word in number if word[0].isdigit()][-1:]
    figures += [table[word] for table in (_PARTS, _AMOUNTS) for word in number if word in table]
    printed = figures and seconds in _PRINTED_UNITS
    value = f"{figures[0]} {_PRINTED_UNITS[seconds]}" if printed else text.original[start:end]
    return Found(Sign.DURATION, start, end, first, last, value, seconds, _role(text.words, first, last))


def _made(kind: Sign, text: Text, first: int, last: int) -> Found:
    start, end = text.starts[first], text.ends[last]
    return Found(kind, start, end, first, last, text.original[start:end])


def _quantity(text: Text, first: int, number: int) -> Found:
    """The number that ends at token `number`, with its unit: the first reading that fits."""
    for read in _READINGS:
        if found := read(text, first, number):
            return found
    return _made(Sign.NUMBER, text, first, number)


def _word(text: Text, token: int) -> str:
    return text.words[token] if 0 <= token < len(text.words) else ""


def text_between(text: Text, token: int) -> str:
    """What stands between a token and the next one."""
    return text.lower[text.ends[token] : text.starts[token + 1]] if token + 1 < len(text.words) else ""


def _as_name(text: Text, first: int, number: int) -> Found | None:
    """p95, Article 17, REQ-12."""
    before = _word(text, first - 1)
    if before == "p" and text.ends[first - 1] == text.starts[first]:
        return _made(Sign.STATISTIC, text, first - 1, number)
    if before in _LEGAL:
        return _made(Sign.ARTICLE, text, first - 1, number)
    joined = before.isalpha() and before != "sub" and text_between(text, first - 1) in _JOINS
    return _made(Sign.LABEL, text, first, number) if joined and text.words[number][0].isdigit() else None


def _as_time(text: Text, first: int, number: int) -> Found | None:
    """200/s is a rate, 2 s a duration; so are "five (5) business days" and "half a second"."""
    behind = _word(text, number + 1)
    if behind in _UNITS_OF_TIME and "/" in text_between(text, number):
        return _made(Sign.RATE, text, first, number + 1)
    unit = number + 1
    if text.words[number] in _FRACTIONS and behind in _ARTICLES:
        unit += 1
    while _word(text, unit) in _BEFORE_UNIT:
        unit += 1
    nearby = _word(text, unit)
    if nearby not in _UNITS_OF_TIME or (len(nearby) == 1 and not text.words[number][0].isdigit()):
        return None
    if nearby in _SHORT_UNITS and text_between(text, number):
        return None
    return _duration(text, first, unit)


def _as_share(text: Text, first: int, number: int) -> Found | None:
    """99.5 %, 95 per cent, 95th percentile."""
    behind = _word(text, number + 1)
    if behind in _PERCENT_SIGNS:
        figure = text.words[number].replace(",", ".")
        found = _made(Sign.PERCENT, text, first, number + 1)
        return found._replace(value=f"{figure} %" if figure[0].isdigit() else "")
    if behind == "per" and _word(text, number + 2) == "cent":
        return _made(Sign.PERCENT, text, first, number + 2)
    if behind in _ORDINALS:
        kind = Sign.STATISTIC if _word(text, number + 2) == "percentile" else Sign.NUMBER
        return _made(kind, text, first, number + 1)
    return None


def _as_money(text: Text, first: int, number: int) -> Found | None:
    """EUR 3, 4 500 dollars."""
    before, behind = _word(text, first - 1) in _MONEY, _word(text, number + 1) in _MONEY
    if not before and not behind:
        return None
    return _made(Sign.MONEY, text, first - 1 if before else first, number + 1 if behind else number)


def _as_rate(text: Text, first: int, number: int) -> Found | None:
    """500 tps, 200 requests per second, 10 000 orders a day."""
    if _word(text, number + 1) in _RATES:
        return _made(Sign.RATE, text, first, number + 1)
    for last, word in enumerate(words_behind(text.words, number, _RATE_WITHIN), number + 1):
        between = text_between(text, last - 1)
        if word in _UNITS_OF_TIME and (text.words[last - 1] in _PER or "/" in between):
            return _made(Sign.RATE, text, first, last)
        if word in _ENDS_RATE or not _BREAKS.isdisjoint(between):
            return None
    return None


def _as_measure(text: Text, first: int, number: int) -> Found | None:
    """25 MB, ±0.5 °C, 8 bar; "Pixel 6a" is a name and no current."""
    behind = _word(text, number + 1)
    if behind in _SIZES:
        return _made(Sign.SIZE, text, first, number + 1)
    if behind in _MEASURES:
        joined = text_between(text, number) == ""
        if behind in _CAPITAL_UNITS and not joined and text.original[text.starts[number + 1]].islower():
            return None
        named = len(behind) == 1 and joined and _is_named(text, first)
        return _made(Sign.VERSION if named else Sign.MEASURE, text, first, number + 1)
    if text_between(text, number).strip()[:1] == "°":
        return _made(Sign.MEASURE, text, first, number)
    return _made(Sign.MEASURE, text, first - 1, number) if _word(text, first - 1) == "±" else None


def _as_clock(text: Text, first: int, number: int) -> Found | None:
    """06:00, 5 pm."""
    behind = _word(text, number + 1)
    clock = behind in _HALVES_OF_DAY or (text_between(text, number) == ":" and behind.isdigit())
    return _made(Sign.CLOCK, text, first, number + 1) if clock else None


def _as_count(text: Text, first: int, number: int) -> Found | None:
    """A load of 200, nine out of ten, 500 concurrent users, 3 clicks."""
    behind = words_behind(text.words, number, WORDS_BEHIND)
    if behind[:1] == ["concurrent"] or "load" in words_before(text.words, first, WORDS_BEHIND):
        return _made(Sign.LOAD, text, first, number)
    if behind and behind[0] in _OUT_OF and any(map(_is_number, behind)):
        return _made(Sign.STATISTIC, text, first, number)
    for last, word in enumerate(behind, number + 1):
        if word in _STOP or not _LIST_BREAKS.isdisjoint(text_between(text, last - 1)):
            return None
        if word in _CROWDS or (word.endswith("s") and word not in _NOT_PLURAL):
            return _made(Sign.FEW if word in _NOT_LOAD else Sign.COUNT, text, first, last)
    return None


def _as_version(text: Text, first: int, number: int) -> Found | None:
    """Chrome 120, iOS 15, version 2.1."""
    before = _word(text, first - 1)
    if not before or not text.words[number][0].isdigit() or text_between(text, first - 1) not in _BEFORE_VERSION:
        return None
    inner = text.original[text.starts[first - 1] : text.ends[first - 1]][1:]
    named = _is_named(text, first) or before in _VERSION_WORDS or inner != inner.lower()
    return _made(Sign.VERSION, text, first - 1, number) if named else None


def _is_named(text: Text, number: int) -> bool:
    """Whether a capitalised word that does not begin the text stands before the number."""
    return number > 1 and text.words[number - 1] not in _STOP and text.original[text.starts[number - 1]].isupper()


_READINGS: tuple[Callable[[Text, int, int], Found | None], ...] = (
    _as_name, _as_time, _as_share, _as_money, _as_rate, _as_measure, _as_clock, _as_count, _as_version,
)  # fmt: skip
