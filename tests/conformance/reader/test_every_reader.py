"""What every reader owes: a real report is read, anything else is unreadable with a reason, and nothing raises."""

import json
import tracemalloc
from pathlib import Path

import pytest

from tests.conformance.reader.reports import BY_NAME, REAL, read, write
from upheld.core.criterion import Stage
from upheld.core.evidence import decode, encode
from upheld.ports import Reading, Request
from upheld.readers import READERS, recognise
from upheld.readers.intake import MOST_DEPTH

pytestmark = pytest.mark.upheld("REQ-EVI-001.c1")

readers = pytest.mark.parametrize("name", sorted(BY_NAME))

HTML = """<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>
"""
XHTML = '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>502</body></html>'

# What is no report of any format: the content, and a word that its reason holds (empty: any reason will do).
NOT_A_REPORT = {
    "an empty file": (b"", "empty"),
    "white space": (b" \n\t \n", ""),
    "an HTML error page": (HTML.encode(), ""),
    "an XHTML error page": (XHTML.encode(), ""),
    "bytes of an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), ""),
    "NULs, as a full disk leaves them": (bytes(4096), ""),
    "an empty JSON object": (b"{}", ""),
    "an empty JSON list": (b"[]", ""),
    "JSON null": (b"null", ""),
    "one word": (b"error", ""),
    "an empty XML element": (b"<a/>", ""),
    "JSON nested 100 000 deep": (b"[" * 100_000 + b"]" * 100_000, ""),
    "JSON objects nested 100 000 deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, ""),
    "XML nested 100 000 deep": (b"<a>" * 100_000 + b"</a>" * 100_000, ""),
    "XML that is never closed": (b"<testsuites>" * 100_000, ""),
    "billion laughs": (
        b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;">]><a>&d;</a>',
        "",
    ),
    "an external entity": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', ""),
    "a lone quote": (b'"', ""),
    "UTF-16 text": ("name,latency_ms\na,1\n".encode("utf-16"), ""),
    "bytes that are no UTF-8": (b"name,latency_ms\n\xff\xfe\xfa,1\n", ""),
    "a number beyond all floats": (b"1e999999", ""),
}


def is_refused(reading: Reading) -> None:
    """Unreadable, says why in one line, and no evidence of it can be passed over or counted."""
    assert not reading.readable
    assert reading.reason
    assert "\n" not in reading.reason
    assert len(reading.reason) < 400
    assert reading.summary == "not readable"
    for e in reading.evidence:
        assert e.statistic is None
        assert e.unreadable == reading.reason
        assert e.source["file"]


def counted(reading: Reading) -> int:
    return sum(e.statistic.n for e in reading.evidence if e.statistic is not None)


@readers
def test_a_real_report_is_recognised_by_its_reader_alone_and_says_why(name):
    reader, why = recognise(REAL[name])

    assert reader is BY_NAME[name]
    assert why


@readers
def test_a_real_report_gives_records_with_provenance_that_can_be_kept(name):
    reading = BY_NAME[name].read(REAL[name], Request())

    assert reading.readable, reading.reason
    assert reading.reader == name
    assert reading.evidence
    assert reading.summary
    for e in reading.evidence:
        if (name, e.indicator[:5]) == ("pip-audit", "scan.") and e.unreadable:
            continue  # it rates nothing, and says so
        assert e.statistic is not None
        assert e.source["file"] == REAL[name].name
        assert decode(json.loads(json.dumps(encode(e)))).statistic == e.statistic
        if name != "native":
            assert e.stage is Stage.BUILD
            assert e.source["digest"].startswith("sha256:")
            assert e.indicator in BY_NAME[name].indicators


@readers
def test_every_indicator_has_a_line_of_help_and_its_own_name(name):
    assert len(BY_NAME[name].help) > 60
    assert BY_NAME[name].help.endswith(".")
    for key, indicator in BY_NAME[name].indicators.items():
        assert indicator.name == key
        assert len(indicator.help) > 20
        assert indicator.help[0].islower()


@readers
@pytest.mark.parametrize("what", sorted(NOT_A_REPORT))
def test_what_is_no_report_is_refused_with_a_reason(name, what, tmp_path):
    content, word = NOT_A_REPORT[what]

    reading = read(name, tmp_path, content)

    is_refused(reading)
    assert word in reading.reason
    assert {e.indicator for e in reading.evidence} == set(BY_NAME[name].indicators)


@pytest.mark.parametrize(("name", "other"), [(n, other) for n in BY_NAME for other in sorted(REAL) if n != other])
def test_the_report_of_another_tool_is_neither_taken_nor_read(name, other, tmp_path):
    path = write(tmp_path, REAL[other].read_bytes(), "report")

    assert BY_NAME[name].recognise("report", path.read_bytes()) == ""
    is_refused(BY_NAME[name].read(path, Request()))


@readers
def test_a_report_that_breaks_off_is_refused_or_ends_where_a_record_ends(name, tmp_path):
    content = REAL[name].read_bytes()
    whole = counted(BY_NAME[name].read(REAL[name], Request()))
    lines_are_records = name in ("native", "lcov", "samples", "k6-stream")
    refused = 0
    for part in range(1, 21):
        reading = read(name, tmp_path, content[: len(content) * part // 21])
        if reading.readable:
            assert lines_are_records
            assert counted(reading) < whole
        else:
            refused += 1
            is_refused(reading)
    assert refused >= (20 if not lines_are_records else 1)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, path in REAL.items()
        if path.read_bytes()[:1] in b"<{" and name not in ("native", "go", "cucumber-messages")
    ]
    + ["lcov", "cucumber"],
)
def test_a_report_that_breaks_off_says_at_which_byte(name, tmp_path):
    content = REAL[name].read_bytes()
    cut = len(content) // 2

    assert f"byte {cut}" in read(name, tmp_path, content[:cut]).reason


@readers
def test_a_missing_file_a_folder_and_a_device_are_refused(name, tmp_path):
    missing = BY_NAME[name].read(tmp_path / "nothing", Request())
    folder = BY_NAME[name].read(tmp_path, Request())
    device = BY_NAME[name].read(Path("/dev/null"), Request())

    for reading, reason in (
        (missing, "does not exist"),
        (folder, "is a folder, not a report"),
        (device, "is no regular file"),
    ):
        is_refused(reading)
        assert reading.reason == reason


@pytest.mark.usefixtures("permissions_count")
def test_a_file_without_permission_is_refused(tmp_path):
    path = write(tmp_path, "<testsuites/>")
    path.chmod(0)

    assert BY_NAME["junit"].read(path, Request()).reason == "may not be read by this user"


@readers
def test_a_file_of_a_gigabyte_is_refused_unread(name, tmp_path):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(1 << 30)

    reading = BY_NAME[name].read(path, Request())

    is_refused(reading)
    assert "1024.0 MiB" in reading.reason
    assert "64.0 MiB" in reading.reason


@readers
def test_the_limit_of_size_is_a_setting_and_includes_its_last_byte(name, tmp_path):
    size = REAL[name].stat().st_size

    assert BY_NAME[name].read(REAL[name], Request(max_bytes=size)).readable
    assert not BY_NAME[name].read(REAL[name], Request(max_bytes=size - 1)).readable


@readers
def test_a_byte_order_mark_of_utf_8_does_no_harm(name, tmp_path):
    content = REAL[name].read_bytes()
    if content.startswith(b"<?xml") and b"encoding" not in content[:60]:
        content = content.replace(b'<?xml version="1.0" ?>', b'<?xml version="1.0" encoding="utf-8"?>')
    plain = read(name, tmp_path, content)
    marked = read(name, tmp_path, b"\xef\xbb\xbf" + content)

    assert marked.readable, marked.reason
    assert [e.statistic for e in marked.evidence] == [e.statistic for e in plain.evidence]


@readers
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_read_or_named_as_what_it_is(name, encoding, tmp_path):
    text = REAL[name].read_text(encoding="utf-8")
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32": b""}
    reading = read(name, tmp_path, marks[encoding] + text.encode(encoding))

    if reading.readable:
        assert text.startswith("<"), "XML may be written in UTF-16"
    else:
        assert "UTF" in reading.reason or "encoding" in reading.reason or "no XML" in reading.reason, reading.reason


JSON_READERS = ["coverage.py", "k6", "pytest-benchmark", "jest", "cyclonedx", "openvex", "trivy", "grype", "pip-audit"]


@pytest.mark.parametrize("name", ["native", "sarif", *JSON_READERS])
def test_a_key_given_twice_is_refused_by_name(name, tmp_path):
    text = REAL[name].read_text()
    at = text.index("{") + 1
    first = text[text.index('"', at) + 1 : text.index('"', text.index('"', at) + 1)]
    reading = read(name, tmp_path, f'{text[:at]}"{first}": null, {text[at:]}')

    is_refused(reading)
    assert f'the key "{first}" twice' in reading.reason


@pytest.mark.parametrize("name", ["coverage.py", "k6", "pytest-benchmark"])
@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_no_numbers(name, word, tmp_path):
    text = REAL[name].read_text()
    at = text.rindex(": 0") if ": 0" in text else text.rindex(": 1")

    reading = read(name, tmp_path, f"{text[: at + 2]}{word}{text[at + 3 :].lstrip('0123456789.e-')}")

    assert f"holds {word}, which is no number" in reading.reason


@pytest.mark.parametrize("name", ["native", *JSON_READERS])
def test_json_nested_too_deep_says_so(name, tmp_path):
    text = REAL[name].read_text().partition("\n")[0] if name == "native" else REAL[name].read_text()
    deep = "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)
    at = text.index("{") + 1

    assert "nested deeper than 200" in read(name, tmp_path, f'{text[:at]}"x-deep": {deep}, {text[at:]}').reason


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("junit", "testsuites"),
        ("cobertura", "coverage"),
        ("trx", "TestRun"),
        ("nunit", "test-run"),
        ("xunit.net", "assemblies"),
        ("robot", "robot"),
        ("jacoco", "report"),
        ("cyclonedx", "bom"),
        ("jmeter", "testResults"),
    ],
)
def test_xml_nested_too_deep_says_so(name, root, tmp_path):
    inner = "testsuite" if name == "junit" else "x"
    content = f"<{root}>" + f"<{inner}>" * 70_000 + f"</{inner}>" * 70_000 + f"</{root}>"

    assert "nested deeper than 200" in read(name, tmp_path, content).reason


@pytest.mark.parametrize("name", [name for name, path in REAL.items() if path.read_bytes().startswith(b"<")])
def test_an_unknown_encoding_is_refused_by_name(name, tmp_path):
    text = REAL[name].read_text()
    content = text.partition("?>")[2] if text.startswith("<?xml") else text

    reading = read(name, tmp_path, f'<?xml version="1.0" encoding="klingon"?>{content}')

    is_refused(reading)
    assert "encoding" in reading.reason


def test_a_large_junit_report_needs_no_more_memory_than_a_small_one(tmp_path):
    case = '<testcase classname="tests.test_{0}" name="test_{0}" time="0.1"/>\n'
    peaks = []
    for cases in (1_000, 10_000):
        content = "<testsuite>" + "".join(case.format(i) for i in range(cases)) + "</testsuite>"
        path = write(tmp_path, content, f"junit-{cases}.xml")
        tracemalloc.start()
        try:
            assert BY_NAME["junit"].read(path, Request()).readable
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()

    assert peaks[1] < 1.5 * peaks[0] < 4_000_000


def test_readers_have_different_names_and_say_what_they_read():
    assert len(BY_NAME) == len(READERS)
    for reader in READERS:
        assert reader.title[0].isupper() or reader.title[0].islower()
        assert all("*" in glob or "." in glob for glob in reader.files)
