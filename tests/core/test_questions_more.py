"""The words of each question, the phrases a line of the lexicon may match, and the seams between clauses."""

import pytest

from upheld.core import questions as inside
from upheld.core import wording
from upheld.core.questions import Gap, Pattern, ears_pattern, questions, weak_words

pytestmark = pytest.mark.upheld("REQ-QUE-001.c1")


def asked(text):
    return [(question.gap.value, question.phrase) for question in questions(text)]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("The page loads in 2 s.", "“2 s”: at which percentile, and under which load?"),
        ("The page loads in 2 s at 200 requests/s.", "“2 s”: at which percentile?"),
        ("The page loads in 2 s for the 95th percentile.", "“2 s”: under which load?"),
        ("95 % of pages load in 2 s.", "“2 s”: under which load?"),
        ("Pages open within 2 s at 80 % CPU load.", "“2 s”: at which percentile?"),
        ("The service has 99.9 % uptime.", "“99.9 % uptime”: over which window is it measured, and what is excluded?"),
        ("The service has 99.9 % uptime excluding maintenance.", "“99.9 % uptime”: over which window is it measured?"),
        ("Forecasts are 90 % accurate.", "“Forecasts”: measured how, on which data, against which truth?"),
        ("Reduce processing time by 20 %.", "“Reduce processing time”: compared with which value today, and by when?"),
        ("Formats PDF, PNG etc. are read.", "“etc”: what exactly belongs here?"),
    ],
)
def test_a_question_asks_only_for_what_is_missing(text, asks):
    assert [question.question for question in questions(text)] == [asks]


def test_a_question_shows_its_phrase_on_one_line_and_keeps_it_as_it_was_written():
    (found,) = questions("The app shall be easy\n  to   use.")
    assert found.phrase == "easy\n  to   use"
    assert "“easy to use”" in found.question
    assert (found.start, found.end) == (17, 17 + len(found.phrase))
    assert (found.gap, found.function, found.missing) == (Gap.USABILITY, Gap.USABILITY.function, Gap.USABILITY.missing)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("The page loads in 2 s.", "2 s"),
        ("The page loads within 1,5 seconds.", "1.5 s"),
        ("The service has 99.9 % uptime.", ">= 99.9 %"),
    ],
)
def test_a_suggestion_takes_over_the_bound_that_the_text_gives(text, suggestion):
    (found,) = questions(text)
    assert suggestion in found.suggestion


@pytest.mark.parametrize("words", ["for example", "e.g.", "such as"])
def test_a_list_of_examples_needs_no_end(words):
    assert questions(f"Formats {words} PDF, PNG etc. are read.") == ()


@pytest.mark.parametrize("words", ["24/7", "24x7", "24-7", "24/7/365"])
def test_around_the_clock_is_asked_for_its_share(words):
    assert asked(f"Support is reachable {words}.") == [("availability-target", words)]


def test_a_number_that_looks_like_around_the_clock_is_a_number():
    assert asked("Link 247 shall be shown.") == []


def test_a_heading_in_bold_is_no_promise():
    assert questions("**Security**: users log in with a password.") == ()


def test_a_bound_of_hours_closes_a_wish_for_speed():
    assert questions("The report shall be generated quickly, within 2 hours.") == ()
    assert asked("The report shall be generated quickly.") == [("latency-bound", "quickly")]


def test_of_two_figures_of_availability_the_first_in_the_text_is_asked_about():
    assert asked("The service has 99.9 % uptime and at most 5 minutes of downtime.") == [
        ("availability-window", "99.9 % uptime")
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("integrat*", "integral"),
        ("integrat*", "integra"),
        ("fast", "faster"),
        ("fast|quick", "slow"),
        ("fast ..1 page", "fast and page"),
        ("fast ..1 page", "fast loading web page"),
        ("fast > page", "page"),
        ("fast < page", "fast"),
        ("etc < $", "etc more"),
    ],
)
def test_a_line_of_the_lexicon_does_not_match_what_is_only_like_it(line, text):
    assert list(wording.Index([("kind", line)]).matches(wording.tokenise(text))) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("turns by 90° at most", ["MEASURE 90"]),
        ("within 5 full days", ["DURATION 5 d"]),
        ("within 5 days", ["DURATION 5 d"]),
        ("half a full day", ["DURATION 0.5 d"]),
        ("sub-second", ["DURATION 1 s"]),
    ],
)
def test_a_number_is_read_with_the_words_between_it_and_its_unit(text, read):
    found = wording.quantities(wording.tokenise(text))
    assert [f"{item.kind.name} {item.value}" for item in found] == read


def test_a_point_in_front_of_a_name_ends_no_sentence():
    text = wording.tokenise("It runs on .NET fast. Then it stops.")
    assert [text.words[first] for first, _ in inside._sentences(text)] == ["it", "then"]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("If it rains and when the door opens the system shall close it.", Pattern.COMPLEX),
        ("If it rains or when the door opens the system shall close it.", Pattern.COMPLEX),
        ("If it rains then when the door opens the system shall close it.", Pattern.COMPLEX),
        ("Then when the door opens the system shall close it.", Pattern.EVENT),
        ("Note: when the door opens the system shall close it.", Pattern.EVENT),
        ("And now when the door opens the system shall close it.", Pattern.UBIQUITOUS),
        ("If it rains the door, which when open lets rain in, shall close.", Pattern.UNWANTED),
    ],
)
def test_a_keyword_counts_where_it_opens_a_clause(text, pattern):
    assert ears_pattern(text) is pattern


def test_a_weak_phrase_covers_the_weak_words_inside_it():
    assert [(weak.word, weak.start, weak.end) for weak in weak_words("As far as possible, often.")] == [
        ("As far as possible", 0, 18),
        ("often", 20, 25),
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "at 12 V",
        "for files of 25 MB",
        "with 500 users",
        "on reference hardware",
        "at 200 requests/s",
        "for a single user",
    ],
)
def test_what_a_response_time_is_measured_under_may_be_said_in_many_ways(condition):
    (found,) = questions(f"The page loads in 2 s {condition}.")
    assert found.missing == ("percentile",)


def test_a_tolerance_closes_a_wish_for_accuracy_that_has_its_share():
    assert questions("Arrival predictions are 90 % accurate within 5 minutes.") == ()
    assert asked("Arrival predictions are 90 % accurate.") == [("accuracy", "accurate")]
