"""Quantities: numbers with units, parsed, compared and printed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core import quantity
from upheld.core.quantity import Dimension, Quantity
from upheld.errors import SentenceError

pytestmark = pytest.mark.upheld("REQ-SEN-001.c1")


@pytest.mark.parametrize(
    ("text", "printed", "base"),
    [
        ("1 s", "1 s", 1),
        ("1s", "1 s", 1),
        ("  250 ms ", "250 ms", Fraction(1, 4)),
        ("99.5%", "99.5 %", Fraction(995, 1000)),
        ("99.50 percent", "99.5 %", Fraction(995, 1000)),
        ("2 pp", "2 points", Fraction(2, 100)),
        ("200/s", "200/s", 200),
        ("200 req/s", "200/s", 200),
        ("12/min", "12/min", Fraction(12, 60)),
        ("5/d", "5/d", Fraction(5, 86400)),
        ("30 days", "30 d", 30 * 86400),
        ("2 weeks", "2 w", 14 * 86400),
        ("1_000 h", "1000 h", 3_600_000),
        ("3 EUR", "3 EUR", 3),
        ("5 €", "5 EUR", 5),
        ("0.02 EUR/answer", "0.02 EUR/answer", Fraction(2, 100)),
        ("1.5 GiB", "1.5 GiB", Fraction(3, 2) * 2**30),
        ("40 MB", "40 MB", 40_000_000),
        ("0.80", "0.8", Fraction(8, 10)),
        ("-3", "-3", -3),
        ("1e3 us", "1000 us", Fraction(1, 1000)),
        ("-0", "0", 0),
        ("+7", "7", 7),
        ("1e30 s", "1" + 30 * "0" + " s", 10**30),
        ("1e-30", "0." + 29 * "0" + "1", Fraction(1, 10**30)),
        ("2 PERCENT", "2 %", Fraction(2, 100)),
        ("3 per   second", "3/s", 3),
        ("1 KB", "1 kB", 1000),
        ("0.02 EUR/ answer ", "0.02 EUR/answer", Fraction(2, 100)),
    ],
)
def test_a_quantity_is_parsed_exactly_and_printed_as_it_was_promised(text, printed, base):
    found = quantity.parse(text)
    assert (str(found), found.base) == (printed, Fraction(base))
    assert float(found) == float(Fraction(base))
    assert (
        quantity.parse(str(found)) == Quantity(found.number.normalize(), found.unit)
        or quantity.parse(str(found)) == found
    )


@pytest.mark.parametrize(
    ("text", "rule", "says", "fix"),
    [
        ("fast", "quantity-syntax", '"fast" is not a quantity', 'write e.g. "1 s" or "99.5 %"'),
        ("", "quantity-syntax", '"" is not a quantity', 'write e.g. "1 s" or "99.5 %"'),
        ("1 sek", "unit-unknown", 'unknown unit "sek"', "did you mean s?"),
        ("1 minits", "unit-unknown", 'unknown unit "minits"', "did you mean min?"),
        (
            "1 qqqqqq",
            "unit-unknown",
            'unknown unit "qqqqqq"',
            "known units: %, points, ms, s, min, h, d, w, /s, /min, kB, MB, EUR …",
        ),
        ("1e31 s", "quantity-syntax", '"1e31" is out of range', "use a unit of another size"),
        ("1e-31 s", "quantity-syntax", '"1e-31" is out of range', "use a unit of another size"),
        ("1e999999999 s", "quantity-syntax", '"1e999999999" is out of range', "use a unit of another size"),
        ("1e99999999999999999999 s", "quantity-syntax", '"1e99999999999999999999" is not a number', 'write e.g. "1 s"'),
        ("5 sq", "unit-unknown", 'unknown unit "sq"', "did you mean s?"),
        ("5 / h", "unit-unknown", 'unknown unit "/ h"', "did you mean /h?"),
        ("5 EUR/", "unit-unknown", 'unknown unit "EUR/"', "did you mean EUR?"),
    ],
)
def test_what_is_no_quantity_is_said_with_a_fix(text, rule, says, fix):
    with pytest.raises(SentenceError) as caught:
        quantity.parse(text)
    assert (caught.value.rule, caught.value.message, caught.value.fix) == (rule, says, fix)


def test_units_compare_inside_their_dimension_and_money_inside_its_currency():
    def unit(text):
        return quantity.parse(f"1 {text}").unit

    assert quantity.compatible(unit("ms"), unit("d"))
    assert not quantity.compatible(unit("s"), unit("%"))
    assert not quantity.compatible(unit("%"), unit("points"))
    assert not quantity.compatible(unit("EUR"), unit("USD"))
    assert quantity.compatible(unit("EUR"), unit("EUR"))
    assert not quantity.compatible(unit("EUR"), unit("s"))
    assert not quantity.compatible(unit("s"), unit("EUR"))
    assert quantity.compatible(unit("EUR/answer"), unit("EUR/answer"))
    assert not quantity.compatible(unit("EUR/answer"), unit("EUR/user"))


@pytest.mark.parametrize(("text", "seconds"), [("10 min", 600.0), ("7 d", 604800.0), ("0.5 s", 0.5)])
def test_durations_are_seconds(text, seconds):
    assert quantity.seconds(text) == seconds


@pytest.mark.parametrize("text", ["0 s", "-1 s", "5 %", "7"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(SentenceError) as caught:
        quantity.seconds(text)
    assert caught.value.rule == "duration"
    assert caught.value.message == f'"{text}" is not a duration'
    assert caught.value.fix == 'write e.g. "10 min" or "7 d"'


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0, "s", "0 s"),
        (0.00042, "s", "420 us"),
        (0.0123, "s", "12.3 ms"),
        (0.0999, "s", "99.9 ms"),
        (0.1, "s", "0.1 s"),
        (0.8712, "s", "0.871 s"),
        (17.5, "s", "17.5 s"),
        (179.9, "s", "180 s"),
        (180.0, "s", "3 min"),
        (4000.0, "s", "66.7 min"),
        (10800.0, "s", "3 h"),
        (259200.0, "s", "3 d"),
        (-0.5, "s", "-0.5 s"),
        (0.688, "%", "68.8 %"),
        (0.9, "%", "90 %"),
        (0.995, "%", "99.5 %"),
        (0.9995, "%", "99.95 %"),
        (0.99999, "%", "99.999 %"),
        (0.000312, "%", "0.031 %"),
        (0.0, "%", "0 %"),
        (1.0, "%", "100 %"),
        (1.2, "%", "120 %"),
        (0.02, "points", "2 points"),
        (200.0, "/s", "200/s"),
        (41_200_000.0, "", "41 200 000"),
        (999.0, "", "999"),
        (1000.0, "", "1 000"),
        (0.7953, "", "0.795"),
        (40e6, "MB", "40 MB"),
        (0.000999, "s", "999 us"),
        (0.001, "s", "1 ms"),
        (179.0, "s", "179 s"),
        (10799.0, "s", "180 min"),
        (259199.0, "s", "72 h"),
        (864000000.0, "s", "10 000 d"),
        (-0.02, "points", "-2 points"),
        (-0.5, "%", "-50 %"),
        (0.1, "%", "10 %"),
        (0.0999, "%", "10 %"),
        (0.0123, "%", "1.2 %"),
        (0.00123, "%", "0.12 %"),
        (0.00000123, "%", "0.00012 %"),
        (0.000000012, "%", "0.000001 %"),
        (1.00004, "%", "100 %"),
        (0.0104, "%", "1 %"),
        (0.000094, "%", "0.0094 %"),
        (0.5, "/s", "0.5/s"),
        (0.5, "/min", "30/min"),
        (-1000.0, "", "-1 000"),
        (0.0, "MB", "0 MB"),
        (float("nan"), "s", "—"),
        (float("inf"), "s", "—"),
    ],
)
def test_measured_values_are_shown_with_the_digits_that_matter(value, unit, shown):
    assert quantity.show(value, quantity.UNITS[unit]) == shown


@pytest.mark.parametrize(("digits", "shown"), [(1, "0.9 s"), (2, "0.87 s"), (4, "0.8712 s")])
def test_the_number_of_significant_digits_is_the_callers_choice(digits, shown):
    assert quantity.show(0.8712, quantity.SECOND, digits=digits) == shown


def test_every_unit_prints_a_name_that_finds_it_again():
    for name, unit in quantity.UNITS.items():
        assert quantity.find_unit(name) is unit
        assert unit.name == name


def test_a_currency_per_thing_is_a_unit_of_its_own():
    assert quantity.find_unit("EUR/answer").dimension is Dimension.MONEY_RATE
    assert quantity.find_unit("EUR/seat/month").name == "EUR/seat/month"


def test_every_spelling_means_a_unit_whatever_its_case():
    for spelling, name in quantity._ALIASES.items():
        assert quantity.find_unit(spelling) is quantity.find_unit(spelling.upper()) is quantity.UNITS[name]


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6),
    st.sampled_from(sorted(quantity.UNITS)),
)
def test_printing_and_parsing_give_the_same_quantity(number, unit):
    found = Quantity(Decimal(number), quantity.UNITS[unit])
    assert quantity.parse(str(found)).base == found.base
    assert str(quantity.parse(str(found))) == str(found)


@given(st.text(max_size=40))
def test_any_text_is_a_quantity_or_a_clear_error(text):
    try:
        quantity.parse(text)
    except SentenceError as error:
        assert error.message
        assert error.fix
