"""The criterion sentence: grammar, errors with their column, and what fits which indicator."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core import criterion as criteria
from upheld.core import quantity
from upheld.core.criterion import Binding, Criterion, Hours, Indicator, Kind, Op, Rule, Stage, Window
from upheld.errors import SentenceError

pytestmark = pytest.mark.upheld("REQ-SEN-001.c1")

FULL = "p95 of insight.latency < 1 s at 200/s over 30 d during Mon-Fri 08:00-18:00 Europe/London per customer excluding maintenance with 99 %"


def test_every_part_of_a_sentence_is_read():
    found = criteria.parse(FULL)
    assert (found.statistic, found.indicator, found.op) == ("p95", "insight.latency", Op.LT)
    assert (str(found.target), str(found.load), found.per) == ("1 s", "200/s", "customer")
    assert found.window == Window(quantity.parse("30 d"))
    assert found.hours == Hours("Mon", "Fri", "08:00", "18:00", "Europe/London")
    assert (found.excluding_maintenance, found.confidence, found.quantile) == (True, Decimal("0.99"), Fraction(95, 100))
    assert str(found) == FULL


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("test.passed=100%", "test.passed = 100 %"),
        ("coverage.changed-lines ≥ 80 percent", "coverage.changed-lines >= 80 %"),
        ("x ≤ 5", "x <= 5"),
        ("x == 5", "x = 5"),
        ("median of x > 1 s", "p50 of x > 1 s"),
        ("P99.90 of x < 1 s", "p99.9 of x < 1 s"),
        ("Mean of x < 1 s", "mean of x < 1 s"),
        ("x >= 99.5 % over calendar month", "x >= 99.5 % over calendar month"),
        ("x >= 99.5 % during Sat 09:00-24:00", "x >= 99.5 % during Sat 09:00-24:00"),
        ("x >= 99.5 % with 99 % confidence", "x >= 99.5 % with 99 %"),
        ("   x   >=   1  ", "x >= 1"),
        ("age of feed.cards < 5 minutes", "age of feed.cards < 5 min"),
    ],
)
def test_spellings_print_canonically(text, printed):
    assert str(criteria.parse(text)) == printed
    assert criteria.parse(printed) == criteria.parse(text)


@pytest.mark.parametrize(
    ("text", "column", "says", "fix"),
    [
        (
            "p95 of latency",
            15,
            '"p95 of latency" compares nothing',
            "write INDICATOR OP QUANTITY, e.g. p95 of insight.latency < 1 s",
        ),
        ("p95 of x => 1 s", 10, 'unknown comparison "=>"', "did you mean >=?"),
        ("x != 1", 3, 'unknown comparison "!="', "did you mean =?"),
        ("x =< 1", 3, 'unknown comparison "=<"', "did you mean <=?"),
        ("< 1 s", 1, "no indicator before the comparison", "name one, e.g. insight.latency"),
        ("p95 latency < 1 s", 1, '"p95 latency" is no indicator name', 'write "p95 of latency"'),
        ("p95 of 9x < 1 s", 8, '"9x" is no indicator name', "an indicator is named like insight.latency"),
        ("medain of x < 1 s", 1, 'unknown statistic "medain"', "did you mean median?"),
        (
            "p0 of x < 1 s",
            1,
            'unknown statistic "p0"',
            "known: p50 … p99.99, mean, max, rate, count, age, auc, nps, apdex, csat",
        ),
        (
            "p100 of x < 1 s",
            1,
            'unknown statistic "p100"',
            "known: p50 … p99.99, mean, max, rate, count, age, auc, nps, apdex, csat",
        ),
        (
            "zz of x < 1 s",
            1,
            'unknown statistic "zz"',
            "known: p50 … p99.99, mean, max, rate, count, age, auc, nps, apdex, csat",
        ),
        ("x <", 4, "no quantity after the comparison", 'add one, e.g. "1 s"'),
        ("x < soon", 5, '"soon" is not a quantity', 'write e.g. "1 s" or "99.5 %"'),
        ("p99 of x < 1 sek over 5 d", 12, 'unknown unit "sek"', "did you mean s?"),
        ("x < 1 s at 5 s", 12, '"5 s" is no load', 'write a rate, e.g. "at 200/s"'),
        ("x < 1 s at -5/s", 12, '"-5/s" is no load', 'write a rate, e.g. "at 200/s"'),
        ("x < 1 s over 30 %", 14, '"30 %" is no window', 'write "over 30 d" or "over calendar month"'),
        (
            "x < 1 s over calendar moon",
            14,
            '"calendar moon" is no window',
            "one of: calendar day, calendar week, calendar month, calendar quarter, calendar year",
        ),
        ("x < 1 s over 0 d", 14, '"0 d" is no window', 'write "over 30 d" or "over calendar month"'),
        ("x < 1 s during night", 16, '"night" are no hours', 'write "during Mon-Fri 08:00-18:00 Europe/London"'),
        ("x < 1 s during Mon-Foo 08:00-18:00", 16, 'unknown day "Foo"', "one of: Mon, Tue, Wed, Thu, Fri, Sat, Sun"),
        ("x < 1 s during Mon 18:00-08:00", 16, '"18:00-08:00" ends before it starts', 'write e.g. "08:00-18:00"'),
        ("x < 1 s during Mon 08:00-25:00", 16, '"25:00" is no time of day', 'write e.g. "08:00-18:00"'),
        ("x < 1 s during Mon 08:61-09:00", 16, '"08:61" is no time of day', 'write e.g. "08:00-18:00"'),
        ("x < 1 s per every bank", 13, '"every bank" is no dimension', 'write e.g. "per customer"'),
        ("x < 1 s excluding weekends", 19, 'cannot exclude "weekends"', 'only "excluding maintenance" exists'),
        ("x < 1 s with 100 %", 14, '"100 %" is no confidence', 'write e.g. "with 99 %"'),
        ("x < 1 s with 49 %", 14, '"49 %" is no confidence', 'write e.g. "with 99 %"'),
        ("x < 1 s with 2 s", 14, '"2 s" is no confidence', 'write e.g. "with 99 %"'),
        ("x < 1 s at 5/s at 6/s", 16, '"at" appears twice', 'keep one "at …"'),
        ("x < 1 s at over 5 d", 12, '"at" says nothing', 'complete or remove "at"'),
        ("  x y < 1 s", 3, '"x y" is no indicator name', 'write "p95 of y"'),
        ("  medain of x < 1 s", 3, 'unknown statistic "medain"', "did you mean median?"),
        ("  p95  of  9x < 1 s", 12, '"9x" is no indicator name', "an indicator is named like insight.latency"),
        ("mean response time < 1 s", 1, '"mean response time" is no indicator name', 'write "p95 of time"'),
        ("p9 5 of x < 1 s", 1, '"p9 5 of x" is no indicator name', 'write "p95 of x"'),
        ("p95th of x < 1 s", 1, 'unknown statistic "p95th"', "did you mean p95?"),
        ("p99th of x < 1 s", 1, 'unknown statistic "p99th"', "did you mean p99?"),
        ("x <   soon", 7, '"soon" is not a quantity', 'write e.g. "1 s" or "99.5 %"'),
        ("x < 1 s over   5", 16, '"5" is no window', 'write "over 30 d" or "over calendar month"'),
        ("x <> 1", 3, 'unknown comparison "<>"', "did you mean =?"),
        ("  x  ", 4, '"x" compares nothing', "write INDICATOR OP QUANTITY, e.g. p95 of insight.latency < 1 s"),
        ("x < 1 s at 0/s", 12, '"0/s" is no load', 'write a rate, e.g. "at 200/s"'),
        (
            "x < 1 s over calendar",
            14,
            '"calendar" is no window',
            "one of: calendar day, calendar week, calendar month, calendar quarter, calendar year",
        ),
        ("x < 1 s during Mon 08:00-08:00", 16, '"08:00-08:00" ends before it starts', 'write e.g. "08:00-18:00"'),
        ("x < 1 s during Foo-Mon 08:00-18:00", 16, 'unknown day "Foo"', "one of: Mon, Tue, Wed, Thu, Fri, Sat, Sun"),
        ("x < 1 s during Mon 24:01-24:30", 16, '"24:01" is no time of day', 'write e.g. "08:00-18:00"'),
        ("x < 1 s with 50 s", 14, '"50 s" is no confidence', 'write e.g. "with 99 %"'),
        (
            "x < 1 s over 30 d at 5/s",
            19,
            '"at …" stands too late',
            "the order is: at, over, during, per, excluding, with",
        ),
    ],
)
def test_an_error_names_its_column_and_what_was_probably_meant(text, column, says, fix):
    with pytest.raises(SentenceError) as caught:
        criteria.parse(text)
    assert (caught.value.message, caught.value.fix) == (says, fix)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("p95 of latency", "sentence-syntax"),
        ("x != 1", "sentence-syntax"),
        ("p95 of 9x < 1 s", "sentence-syntax"),
        ("x < 1 s at 5/s at 6/s", "sentence-syntax"),
        ("x < soon", "quantity-syntax"),
        ("x < 1 sek", "unit-unknown"),
        ("zz of x < 1 s", "statistic-unknown"),
        ("x < 1 s at 5 s", "load-unit"),
        ("x < 1 s over calendar moon", "window-unit"),
        ("x < 1 s over 30 %", "window-unit"),
        ("x < 1 s during night", "hours"),
        ("x < 1 s during Mon-Foo 08:00-18:00", "hours"),
        ("x < 1 s during Mon 08:00-25:00", "hours"),
        ("x < 1 s during Mon 18:00-08:00", "hours"),
        ("x < 1 s per every bank", "per"),
        ("x < 1 s excluding weekends", "excluding"),
        ("x < 1 s with 49 %", "confidence"),
    ],
)
def test_an_error_names_the_rule_that_explains_it(text, rule):
    with pytest.raises(SentenceError) as caught:
        criteria.parse(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "text",
    [
        "p0.5 of x < 1 s",
        "p5 of x < 1 s",
        "p99.9999 of x < 1 s",
        "x < 1 s at 1/s",
        "x < 1 s at 0.5/s",
        "x < 1 s over 1 s",
        "x < 1 s over 0.5 d",
        "x < 1 s during Sun 00:00-24:00",
        "x < 1 s during Sun 08:59-09:59",
        "x < 1 s during Tue-Wed 07:59-08:00 America/Argentina/Buenos_Aires",
        "x < 1 s during Thu-Sat 00:00-00:01 Etc/GMT+3",
        "x < 1 s per route.name",
        "x < 1 s with 50 %",
        "x < 1 s with 99.99 %",
    ],
)
def test_the_least_and_the_most_that_has_meaning_is_read(text):
    assert str(criteria.parse(text)) == text


@pytest.mark.parametrize(
    ("statistic", "share"),
    [
        ("p5", Fraction(1, 20)),
        ("p95", Fraction(19, 20)),
        ("p99.9", Fraction(999, 1000)),
        ("p", None),
        ("", None),
        ("5", None),
        ("pages", None),
        ("x95", None),
    ],
)
def test_a_quantile_is_p_and_a_number(statistic, share):
    assert criteria.quantile(statistic) == share


def indicator(kind: str, unit: str = "", **more) -> Indicator:
    return Indicator(name="x", kind=Kind(kind), unit=quantity.UNITS[unit], **more)


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("p95 of x < 1 s", "value", "s"),
        ("p95 of x < 900 ms", "value", "s"),
        ("mean of x < 1 s", "value", "s"),
        ("max of x < 1 s", "value", "s"),
        ("x >= 99.5 %", "ratio", ""),
        ("csat of x >= 94 %", "ratio", ""),
        ("share of x >= 94 %", "ratio", ""),
        ("x = 100 %", "ratio", ""),
        ("x = 0", "count", ""),
        ("rate of x <= 5/d", "count", ""),
        ("count of x <= 5", "count", ""),
        ("age of x < 5 min", "age", ""),
        ("x < 5 min", "age", ""),
        ("auc of x >= 0.8", "level", ""),
        ("nps of x >= 20 points", "level", ""),
        ("apdex of x >= 0.9", "level", ""),
        ("x <= 40 MB", "level", "MB"),
        ("x <= 1 kB", "level", "MB"),
        ("x >= 0 %", "ratio", ""),
        ("x <= 100 %", "ratio", ""),
        ("x = 0 EUR", "count", "EUR"),
        ("rate of x <= 5 MB", "count", "MB"),
    ],
)
def test_a_sentence_fits_its_indicator(text, kind, unit):
    criteria.check(criteria.parse(text), indicator(kind, unit))


KIND_FIX = "use another statistic or another indicator"
EQUALITY_FIX = "use <, <=, > or >="


@pytest.mark.parametrize(
    ("text", "kind", "unit", "rule", "column", "says", "fix"),
    [
        ("p95 of x < 1", "value", "s", "unit-missing", 12, "1 has no unit", "x is measured in s; did you mean 1 s?"),
        ("x >= 99.5", "ratio", "", "unit-missing", 6, "99.5 has no unit", "x is measured in %; did you mean 99.5 %?"),
        ("x < 5", "age", "", "unit-missing", 5, "5 has no unit", "x is measured in s; did you mean 5 s?"),
        ("p95 of x < 1 %", "value", "s", "unit-mismatch", 12, "1 % is a share; x is a duration (s)", "write the target in s"),
        ("x >= 2 points", "ratio", "", "unit-mismatch", 6, "2 points is percentage points; x is a share (%)", "write the target in %"),
        ("auc of x >= 80 %", "level", "", "unit-mismatch", 13, "80 % is a share; x is a plain number", "write the target without a unit"),
        ("rate of x <= 5 s", "count", "", "unit-mismatch", 14, "5 s is a duration; x is a rate (/s)", "write the target in /s"),
        ("rate of x <= 5/s", "count", "MB", "unit-mismatch", 14, "5/s is a rate; x is a size in bytes (MB)", "write the target in MB"),
        ("nps of x >= 20 %", "level", "", "unit-mismatch", 13, "20 % is a share; x is percentage points (points)", "write the target in points"),
        ("x < 5 %", "age", "", "unit-mismatch", 5, "5 % is a share; x is a duration (s)", "write the target in s"),
        ("x <= 5 EUR", "level", "USD", "unit-mismatch", 6, "5 EUR is an amount of money; x is an amount of money (USD)", "write the target in USD"),
        ("x < 1 s", "value", "s", "statistic-missing", 1, "x is a value per event", 'say which: "p95 of x" or "mean of x"'),
        ("p95 of x >= 90 %", "ratio", "", "statistic-kind", 1, '"p95" needs an indicator of kind value; x is of kind ratio', KIND_FIX),
        ("mean of x <= 2", "ratio", "", "statistic-kind", 1, '"mean" needs an indicator of kind value; x is of kind ratio', KIND_FIX),
        ("auc of x >= 0.8", "value", "", "statistic-kind", 1, '"auc" needs an indicator of kind level; x is of kind value', KIND_FIX),
        ("age of x < 1 s", "ratio", "", "statistic-kind", 1, '"age" needs an indicator of kind age; x is of kind ratio', KIND_FIX),
        ("p95 of x = 1 s", "value", "s", "equality", 1, "no sample can show that x equals 1 s", EQUALITY_FIX),
        ("x = 0.8", "level", "", "equality", 1, "no sample can show that x equals 0.8", EQUALITY_FIX),
        ("x >= 101 %", "ratio", "", "range", 6, "a share lies between 0 and 100 %, not at 101 %", ""),
        ("x >= -1 %", "ratio", "", "range", 6, "a share lies between 0 and 100 %, not at -1 %", ""),
        ("x <= 200 %", "level", "%", "range", 6, "a share lies between 0 and 100 %, not at 200 %", ""),
    ],
)  # fmt: skip
def test_a_sentence_that_does_not_fit_says_why(text, kind, unit, rule, column, says, fix):
    with pytest.raises(SentenceError) as caught:
        criteria.check(criteria.parse(text), indicator(kind, unit))
    assert (caught.value.rule, caught.value.message, caught.value.fix) == (rule, says, fix)
    assert caught.value.column == column


def test_an_exact_count_may_be_promised_of_a_complete_level():
    criteria.check(criteria.parse("x = 0.8"), indicator("level", census=True))


@pytest.mark.parametrize(
    ("text", "kind", "stage", "census", "rule"),
    [
        ("x >= 90 %", "ratio", "build", False, Rule.CONFIDENT),
        ("x >= 90 %", "ratio", "build", True, Rule.CENSUS),
        ("x >= 90 %", "ratio", "release", False, Rule.SEQUENTIAL),
        ("x >= 90 %", "ratio", "production", False, Rule.CONFIDENT),
        ("x >= 90 % over 30 d", "ratio", "production", False, Rule.CENSUS),
        ("x >= 90 % over 30 d", "ratio", "design", False, Rule.CONFIDENT),
        ("p95 of x < 1 over 30 d", "value", "production", False, Rule.CENSUS),
        ("p95 of x < 1", "value", "release", False, Rule.SEQUENTIAL),
        ("mean of x < 1 over 30 d", "value", "production", False, Rule.CONFIDENT),
        ("mean of x < 1", "value", "release", False, Rule.CONFIDENT),
        ("x < 5 min over 30 d", "age", "production", False, Rule.CENSUS),
    ],
)
def test_the_default_rule_follows_from_stage_and_indicator(text, kind, stage, census, rule):
    found = Criterion(address="a", sentence=criteria.parse(text), indicator=indicator(kind, census=census))
    assert found.rule(Stage(stage)) is rule


def test_a_written_rule_and_confidence_win():
    binding = Binding(stage=Stage.BUILD, rule=Rule.ESTIMATE, confidence=Decimal("0.9"))
    found = Criterion(
        address="a",
        sentence=criteria.parse("x >= 90 % with 99 %"),
        indicator=indicator("ratio"),
        bindings={Stage.BUILD: binding},
    )
    assert (found.rule(Stage.BUILD), found.confidence(Stage.BUILD)) == (Rule.ESTIMATE, 0.9)
    assert (found.rule(Stage.DESIGN), found.confidence(Stage.DESIGN)) == (Rule.CONFIDENT, 0.99)
    assert found.binding(Stage.RELEASE) == Binding(stage=Stage.RELEASE)


def test_without_a_word_about_it_95_percent_confidence_is_asked():
    found = Criterion(address="a", sentence=criteria.parse("x >= 90 %"), indicator=indicator("ratio"))
    assert found.confidence(Stage.BUILD) == 0.95


@pytest.mark.parametrize(
    ("text", "kind", "op", "target"),
    [
        ("p95 of x < 1", "value", Op.GE, Fraction(95, 100)),
        ("p95 of x >= 1", "value", Op.GE, Fraction(5, 100)),
        ("x <= 1 %", "ratio", Op.LE, Fraction(1, 100)),
        ("x > 99 %", "ratio", Op.GT, Fraction(99, 100)),
    ],
)
def test_a_quantile_is_a_promise_about_a_share(text, kind, op, target):
    found = Criterion(address="a", sentence=criteria.parse(text), indicator=indicator(kind))
    assert found.share_target == (op, target)


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        (Op.LT, True, False, False),
        (Op.LE, True, True, False),
        (Op.GT, False, False, True),
        (Op.GE, False, True, True),
        (Op.EQ, False, True, False),
    ],
)
def test_comparisons_are_exact(op, below, at, above):
    target = Fraction(1, 2)
    assert [op.holds(v, target) for v in (0.25, 0.5, 0.75)] == [below, at, above]
    assert (op.upper, op.lower) == (op in (Op.LT, Op.LE), op in (Op.GT, Op.GE))


@pytest.mark.parametrize(("text", "days"), [("30 d", 30), ("calendar month", 30), ("calendar quarter", 91), ("calendar week", 7), ("calendar day", 1), ("calendar year", 365)])  # fmt: skip
def test_a_window_has_a_length(text, days):
    window = criteria.parse(f"x > 1 over {text}").window
    assert window is not None
    assert (str(window), window.seconds) == (text, days * 86400)


def test_the_stages_have_the_words_of_the_thread():
    assert [stage.shown for stage in Stage] == ["Predicted", "Tested", "Released", "Lived"]


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(\.[a-z0-9]{1,4}(-[a-z]{1,3})?)?", fullmatch=True)
QUANTITIES = st.builds(
    lambda n, u: f"{n} {u}".strip(),
    st.decimals(min_value=0, max_value=9999, places=2),
    st.sampled_from(["", "s", "ms", "%", "EUR", "kB", "points"]),
)


@given(
    statistic=st.sampled_from(["", "p50 of ", "p99.9 of ", "mean of ", "auc of "]),
    name=NAMES,
    op=st.sampled_from(["<", "<=", ">", ">=", "="]),
    target=QUANTITIES,
    clauses=st.tuples(
        st.sampled_from(["", " at 200/s", " at 5/min"]),
        st.sampled_from(["", " over 30 d", " over calendar week"]),
        st.sampled_from(["", " during Mon-Fri 08:00-18:00", " during Sun 00:00-24:00 Europe/Berlin"]),
        st.sampled_from(["", " per customer", " per route.name"]),
        st.sampled_from(["", " excluding maintenance"]),
        st.sampled_from(["", " with 99.9 %"]),
    ),
)
def test_print_after_parse_is_stable(statistic, name, op, target, clauses):
    found = criteria.parse(f"{statistic}{name} {op} {target}{''.join(clauses)}")
    assert criteria.parse(str(found)) == criteria.parse(str(criteria.parse(str(found))))
    assert str(criteria.parse(str(found))) == str(found)


@given(st.text(alphabet="p95 ofx<>=1s%/.-atoverpercalendardumon:0é\n\t", max_size=60) | st.text(max_size=30))
def test_any_text_is_a_sentence_or_an_error_inside_it(text):
    try:
        criteria.parse(text)
    except SentenceError as error:
        assert 1 <= error.column <= len(text) + 1
        assert error.message
