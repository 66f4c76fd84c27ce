"""Upheld's own records, and the record beside a report that says what it measured."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.conformance.reader.reports import BY_NAME, SAMPLES, read, write
from upheld.core.criterion import Stage
from upheld.core.evidence import SCHEMA, Share, content_id
from upheld.errors import UsageError
from upheld.ports import Request
from upheld.readers import read as read_file
from upheld.readers.record import SCHEMA as RECORD_SCHEMA
from upheld.readers.record import digest_of, side_file, write_side_file

pytestmark = pytest.mark.upheld("REQ-EVI-003.c1")

NOW = datetime(2026, 11, 22, 8, 40, tzinfo=timezone(timedelta(hours=1)))


def record(**more: object) -> dict:
    return {
        "schema": SCHEMA, "indicator": "task.done", "stage": "build", "subject": "git:1",
        "statistic": {"kind": "share", "n": 8, "good": 8}, **more,
    }  # fmt: skip


# ── Records ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FORMS = {
    "one object": json.dumps(record()),
    "one object over several lines": json.dumps(record(), indent=2),
    "a list": json.dumps([record(), record(indicator="b")]),
    "a list over several lines": json.dumps([record(), record(indicator="b")], indent=2),
    "one a line": f"{json.dumps(record())}\n\n{json.dumps(record(indicator='b'))}\n",
    "one a line with Windows line ends": f"{json.dumps(record())}\r\n{json.dumps(record(indicator='b'))}\r\n",
    "a line separator inside a text": (
        json.dumps(record(notes=["a\u2028b"]), ensure_ascii=False) + "\n" + json.dumps(record(indicator="b")) + "\n"
    ),
}


@pytest.mark.parametrize("what", FORMS)
def test_records_are_read_in_every_form(what, tmp_path):
    reading = read("native", tmp_path, FORMS[what])

    assert reading.readable, reading.reason
    expected = 1 if what.startswith("one object") else 2
    assert len(reading.evidence) == expected
    assert reading.summary == f"{expected} record" + ("s" if expected > 1 else "")
    assert reading.evidence[0].statistic == Share(8, 8)
    assert reading.evidence[0].subject == "git:1"


def test_the_id_of_a_record_is_that_of_its_bytes_wherever_it_lies(tmp_path):
    one = read("native", tmp_path, json.dumps(record()), "a.json").evidence[0]
    other = read("native", tmp_path, json.dumps([record(), record(indicator="b")]), "b.json").evidence[0]

    assert one.id == other.id == content_id(record())


def test_the_source_that_a_record_names_is_kept(tmp_path):
    source = {"file": "pilot.csv", "digest": "sha256:1"}

    assert read("native", tmp_path, json.dumps(record(source=source))).evidence[0].source == source
    assert read("native", tmp_path, json.dumps(record()), "x.json").evidence[0].source == {"file": "x.json"}


BROKEN = {
    "another schema": (
        record(schema="upheld/evidence/v2"),
        'schema is "upheld/evidence/v2", expected "upheld/evidence/v1"',
    ),
    "an unknown field": (record(sujbect="x"), 'unknown field "sujbect"; own fields start with "x-"'),
    "more good than all": (record(statistic={"kind": "share", "n": 1, "good": 2}), "statistic: 2 good of 1 events"),
    "the second of a list": (
        [record(), record(stage="?")],
        'record 2: stage is "?"; one of design, build, release, production',
    ),
    "an empty list": ([], "holds no record"),
    "a number": ([record(), 5], "record 2: an evidence record is a JSON object"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_wrong_record_makes_the_file_unreadable_and_is_named(what, tmp_path):
    content, reason = BROKEN[what]

    reading = read("native", tmp_path, json.dumps(content))

    assert not reading.readable
    assert reading.reason == reason


def test_a_broken_line_is_named_by_its_number(tmp_path):
    lines = "\n".join([json.dumps(record()), json.dumps(record()), "", json.dumps(record())[:-9]])

    assert read("native", tmp_path, lines).reason.startswith("line 4: breaks off at byte")


def test_a_key_given_twice_in_one_record_is_refused(tmp_path):
    content = json.dumps(record()).replace('"n": 8', '"n": 8, "n": 9000')

    assert read("native", tmp_path, content).reason == 'holds the key "n" twice in one object: which one counts?'


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(number, tmp_path):
    content = json.dumps(record(statistic={"kind": "level", "value": 7})).replace("7}", number + "}")

    assert not read("native", tmp_path, content).readable


def test_a_broken_file_leaves_the_indicators_it_still_names_unreadable(tmp_path):
    content = json.dumps([record(), record(indicator="other", stage="production")])[:-5]

    reading = read("native", tmp_path, content)

    assert {(e.indicator, e.stage) for e in reading.evidence} == {
        (name, stage) for name in ("task.done", "other") for stage in (Stage.BUILD, Stage.PRODUCTION)
    }
    assert {e.statistic for e in reading.evidence} == {None}


def test_more_records_than_anybody_needs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("upheld.readers.native._MOST_RECORDS", 2)

    assert read("native", tmp_path, json.dumps([record()] * 2)).readable
    assert (
        read("native", tmp_path, json.dumps([record()] * 3)).reason
        == "holds 3 records, at most 2 are read: split the file"
    )


def test_the_shipped_examples_are_read():
    names = {
        path.name: len(BY_NAME["native"].read(path, Request()).evidence)
        for path in (SAMPLES / "evidence").glob("*.*json")
    }

    assert names == {"pilot.json": 1, "week.ndjson": 2}


# ── The record beside a report ───────────────────────────────────────────────────────────────────────────────────────

JUNIT = '<testsuite name="pytest"><testcase name="x"/></testsuite>'


def recorded(folder, **more: object):
    report = write(folder, JUNIT, "junit.xml")
    write_side_file(report, subject="git:abc", observed=NOW, **more)
    return report


def test_without_a_record_the_subject_stays_empty_and_asserted(tmp_path):
    e = read_file(write(tmp_path, JUNIT, "junit.xml"), Request()).evidence[0]

    assert (e.subject, e.asserted, e.observed) == ("", True, None)


def test_a_record_gives_evidence_what_the_report_cannot_know(tmp_path):
    report = recorded(tmp_path, environment="ci", run="42", run_url="https://ci.example.com/42", commit="abc")

    e = read_file(report, Request()).evidence[0]

    assert (e.subject, e.asserted, e.environment, e.run) == ("git:abc", False, "ci", "42")
    assert e.observed == datetime(2026, 11, 22, 7, 40, tzinfo=UTC)
    assert e.producer == {"tool": "pytest", "run_url": "https://ci.example.com/42", "commit": "abc"}
    assert e.id.startswith("sha256:")


def test_the_record_of_a_report_says_which_bytes_it_is_about(tmp_path):
    report = recorded(tmp_path)

    known = json.loads(side_file(report).read_text())

    assert known == {
        "schema": RECORD_SCHEMA, "report": "junit.xml", "digest": digest_of(report), "subject": "git:abc",
        "observed": "2026-11-22T07:40:00Z",
    }  # fmt: skip
    assert read_file(side_file(report), Request()) is None


def test_a_report_that_changed_since_it_was_recorded_is_unreadable(tmp_path):
    report = recorded(tmp_path)
    report.write_text(JUNIT.replace('"x"', '"y"'))

    reading = read_file(report, Request())

    assert not reading.readable
    assert reading.reason == "the report changed since junit.xml.upheld.json was written: record it again"
    assert {(e.statistic, e.unreadable) for e in reading.evidence} == {(None, reading.reason)}


def test_a_record_without_a_subject_is_not_written(tmp_path):
    with pytest.raises(UsageError, match="what was measured"):
        write_side_file(write(tmp_path, JUNIT, "junit.xml"), subject="", observed=NOW)


def test_an_unreadable_report_with_a_record_keeps_its_own_reason(tmp_path):
    report = recorded(tmp_path)
    report.write_text("")

    assert "is empty" in read_file(report, Request()).reason
    report.unlink()
    assert "does not exist" in read_file(report, Request()).reason


RECORDS = {
    "no JSON": ("{", "junit.xml.upheld.json breaks off at byte 1"),
    "another schema": ('{"schema": "x"}', "junit.xml.upheld.json does not name the schema upheld/report-record/v1"),
    "a list": ("[]", "junit.xml.upheld.json it is a list, an object is needed"),
    "no subject": (f'{{"schema": "{RECORD_SCHEMA}", "digest": "x"}}', "junit.xml.upheld.json names no subject or no digest"),
    "no digest": (f'{{"schema": "{RECORD_SCHEMA}", "subject": "x"}}', "junit.xml.upheld.json names no subject or no digest"),
    "an unknown field": (f'{{"schema": "{RECORD_SCHEMA}", "author": "x"}}', 'junit.xml.upheld.json holds "author"'),
    "a number for a text": (f'{{"schema": "{RECORD_SCHEMA}", "subject": 5}}', 'junit.xml.upheld.json holds "subject"'),
    "a time without its zone": (
        f'{{"schema": "{RECORD_SCHEMA}", "subject": "x", "digest": "y", "observed": "2026-11-22T07:40:00"}}',
        "junit.xml.upheld.json gives the time 2026-11-22T07:40:00 without its zone",
    ),
    "no time at all": (
        f'{{"schema": "{RECORD_SCHEMA}", "subject": "x", "digest": "y", "observed": "soon"}}', "junit.xml.upheld.json Invalid",
    ),
    "a key given twice": ('{"schema": "a", "schema": "b"}', 'junit.xml.upheld.json holds the key "schema" twice'),
    "far too long": (" " * 70_000, "junit.xml.upheld.json is larger than 65536 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("what", RECORDS)
def test_a_record_that_cannot_be_read_makes_the_report_unreadable(what, tmp_path):
    content, reason = RECORDS[what]
    report = write(tmp_path, JUNIT, "junit.xml")
    side_file(report).write_text(content)

    reading = read_file(report, Request())

    assert not reading.readable
    assert reading.reason.startswith(reason), reading.reason


def test_our_own_records_may_have_a_record_beside_them_too(tmp_path):
    path = write(
        tmp_path, json.dumps({key: value for key, value in record().items() if key != "subject"}), "pilot.json"
    )
    write_side_file(path, subject="git:abc", observed=NOW)

    assert read_file(path, Request()).evidence[0].subject == "git:abc"
    path.write_text(json.dumps(record()))
    assert "changed since" in read_file(path, Request()).reason


def test_a_record_does_not_replace_the_subject_that_evidence_names(tmp_path):
    path = write(tmp_path, json.dumps(record()), "pilot.json")
    write_side_file(path, subject="git:abc", observed=NOW)

    e = read_file(path, Request()).evidence[0]

    assert (e.subject, e.asserted) == ("git:1", False)
