"""A number with its unit: "1 s", "99.5 %", "30 d", "200/s", "3 EUR", "2 points".

The number is kept exactly as a decimal and the unit as it was written, so that printing gives back what was promised;
comparing goes through the base unit of the dimension (seconds, shares of one, events per second …).
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from math import isfinite

from upheld.errors import SentenceError


class Dimension(Enum):
    """What a unit measures; two quantities compare only inside one dimension."""

    NUMBER = "a plain number"
    TIME = "a duration"
    SHARE = "a share"
    POINTS = "percentage points"
    RATE = "a rate"
    SIZE = "a size in bytes"
    MONEY = "an amount of money"
    MONEY_RATE = "money per event"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its printed name, what it measures, and how many base units it is."""

    name: str
    dimension: Dimension
    factor: Fraction


_SECONDS = {"ns": Fraction(1, 10**9), "us": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": Fraction(1)}
_SECONDS |= {"min": Fraction(60), "h": Fraction(3600), "d": Fraction(86400), "w": Fraction(604800)}
_BYTES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "INR", "CNY")

NUMBER = Unit("", Dimension.NUMBER, Fraction(1))
SHARE = Unit("%", Dimension.SHARE, Fraction(1, 100))
POINTS = Unit("points", Dimension.POINTS, Fraction(1, 100))
SECOND = Unit("s", Dimension.TIME, Fraction(1))

UNITS: dict[str, Unit] = {"": NUMBER, "%": SHARE, "points": POINTS}
UNITS |= {name: Unit(name, Dimension.TIME, factor) for name, factor in _SECONDS.items()}
UNITS |= {f"/{name}": Unit(f"/{name}", Dimension.RATE, 1 / factor) for name, factor in _SECONDS.items()}
UNITS |= {name: Unit(name, Dimension.SIZE, Fraction(factor)) for name, factor in _BYTES.items()}
UNITS |= {name: Unit(name, Dimension.MONEY, Fraction(1)) for name in _CURRENCIES}

# Spellings people type, and the one we print.
_ALIASES = {
    "percent": "%", "pct": "%", "point": "points", "pp": "points", "µs": "us", "μs": "us",
    "msec": "ms", "millisecond": "ms", "milliseconds": "ms",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "mins": "min", "minute": "min", "minutes": "min",
    "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "day": "d", "days": "d", "week": "w", "weeks": "w",
    "rps": "/s", "req/s": "/s", "requests/s": "/s", "per second": "/s", "/sec": "/s", "/second": "/s",
    "/minute": "/min", "/hour": "/h", "/day": "/d", "kb": "kB", "€": "EUR", "$": "USD", "£": "GBP",
}  # fmt: skip

_QUANTITY = re.compile(r"([+-]?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
_MAX_EXPONENT = 30  # 1e999999999 would be a denial of service in exact arithmetic


@dataclass(frozen=True, slots=True)
class Quantity:
    """A decimal number and its unit, printed as it was promised."""

    number: Decimal
    unit: Unit

    @property
    def base(self) -> Fraction:
        """The exact value in the base unit of its dimension (seconds, share of one, events per second, bytes)."""
        return Fraction(self.number) * self.unit.factor

    def __float__(self) -> float:
        """The value in the base unit, as a float."""
        return float(self.base)

    def __str__(self) -> str:
        """The canonical print: shortest decimal, one space before a unit, none before a rate."""
        return f"{plain(self.number)}{_gap(self.unit)}{self.unit.name}"


def plain(number: Decimal) -> str:
    """Print a decimal without exponent and without trailing zeros."""
    text = format(number.normalize(), "f")
    return "0" if text == "-0" else text


def _gap(unit: Unit) -> str:
    return "" if not unit.name or unit.name.startswith("/") else " "


def find_unit(text: str) -> Unit:
    """Find a unit by its name or a common spelling; raise SentenceError naming the nearest one."""
    name = " ".join(text.split())
    if name in UNITS:
        return UNITS[name]
    if name.lower() in _ALIASES:
        return UNITS[_ALIASES[name.lower()]]
    money, slash, per = name.partition("/")
    if slash and money in _CURRENCIES and per.strip():
        return Unit(f"{money}/{per.strip()}", Dimension.MONEY_RATE, Fraction(1))
    near = get_close_matches(name, [*UNITS, *_ALIASES], n=1, cutoff=0.5)
    hint = _ALIASES.get(near[0], near[0]) if near else ""
    raise SentenceError(
        f'unknown unit "{name}"',
        rule="unit-unknown",
        fix=f"did you mean {hint}?" if hint else "known units: %, points, ms, s, min, h, d, w, /s, /min, kB, MB, EUR …",
    )


def parse(text: str) -> Quantity:
    """Parse "99.5 %", "1 s", "200/s"; a bare number has no unit. Raise SentenceError for anything else."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise SentenceError(
            f'"{text.strip()}" is not a quantity', rule="quantity-syntax", fix='write e.g. "1 s" or "99.5 %"'
        )
    try:
        number = Decimal(match[1])
    except InvalidOperation:
        raise SentenceError(f'"{match[1]}" is not a number', rule="quantity-syntax", fix='write e.g. "1 s"') from None
    if number and abs(number.adjusted()) > _MAX_EXPONENT:
        raise SentenceError(f'"{match[1]}" is out of range', rule="quantity-syntax", fix="use a unit of another size")
    return Quantity(number, find_unit(match[2]))


def compatible(unit: Unit, with_unit: Unit) -> bool:
    """Whether values of the two units may be compared."""
    if unit.dimension in (Dimension.MONEY, Dimension.MONEY_RATE):
        return unit.name == with_unit.name
    return unit.dimension is with_unit.dimension


def seconds(text: str) -> float:
    """Parse a duration and give its seconds; raise SentenceError when it is no duration."""
    quantity = parse(text)
    if quantity.unit.dimension is not Dimension.TIME or quantity.number <= 0:
        raise SentenceError(f'"{text}" is not a duration', rule="duration", fix='write e.g. "10 min" or "7 d"')
    return float(quantity)


def show(value: float, unit: Unit, *, digits: int = 3) -> str:
    """Print a measured value (in base units) with at most `digits` significant digits, in a unit of readable size.

    Shares close to 1 keep the digits that tell them apart (99.95 % is not 100 %).
    """
    if not isfinite(value):
        return "—"
    if unit.dimension is Dimension.TIME:
        name = _readable_time(abs(value))
        return f"{_significant(value / float(UNITS[name].factor), digits)} {name}"
    if unit.dimension in (Dimension.SHARE, Dimension.POINTS):
        return f"{_share_digits(value * 100)} {unit.name}"
    return f"{_significant(value / float(unit.factor), digits)}{_gap(unit)}{unit.name}"


def _readable_time(value: float) -> str:
    for name, limit in (("us", 1e-3), ("ms", 0.1), ("s", 180.0), ("min", 10800.0), ("h", 259200.0)):
        if value < limit:
            return "s" if value == 0 else name
    return "d"


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 10**digits:
        return f"{value:,.0f}".replace(",", " ")
    return plain(Decimal(f"{value:.{digits}g}"))


def _share_digits(percent: float) -> str:
    """One decimal; within 10 % of 0 or 100 % two significant digits of the distance: 68.8, 99.4, 99.95, 0.031."""
    distance = min(abs(percent), 100 - percent) if percent < 100 else percent
    decimals = 1
    while decimals < 6 and round(distance, decimals) < 10 ** (1 - decimals):
        decimals += 1
    return plain(Decimal(f"{percent:.{decimals}f}"))
