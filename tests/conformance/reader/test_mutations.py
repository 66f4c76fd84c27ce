"""Ten thousand mutations of a real report per reader: none raises, and what is read still adds up.

Random bytes find broken encodings and syntax; random tokens (numbers, quotes, tags, keys) keep the syntax and reach the
readers' own rules.
"""

import json
import math
import os
import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conformance.reader.reports import BY_NAME, REAL
from upheld.core.evidence import Quantile, Rate, Share, decode, encode
from upheld.ports import Reading, Request

pytestmark = [pytest.mark.upheld("REQ-EVI-001.c1"), pytest.mark.slow]

MUTATIONS = 10_000
MOST_BYTES = 4_000  # a part of a large sample, cut where its format allows, mutates as well and faster
TOKEN = re.compile(rb"\d+(?:\.\d+)?|\w+|[^\w\s]")
WORDS = (
    b"", b"0", b"-1", b"1e999", b"NaN", b"Infinity", b"null", b"true", b"false", b"[]", b"{}", b'""', b'"', b"'", b",", b";",
    b":", b"<", b">", b"/>", b"&amp;", b"&x;", b"<!--", b"]]>", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe",
    b"99999999999999999999", b"0.5", b"-0.0", b"1e-400", b"\\u0000", b"\\ud800", b"\xe2\x80\xa8", b"error", b"<failure/>",
    b"suppressions", b"absent", b"end_of_record\n", b"0" * 5_000,
)  # fmt: skip


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where the machine has one: two hundred thousand small files would wear a disk."""
    shared_memory = Path("/dev/shm")
    usable = shared_memory.is_dir() and os.access(shared_memory, os.W_OK)
    with TemporaryDirectory(dir=shared_memory if usable else None) as folder:
        yield Path(folder)


def small(name: str) -> bytes:
    """A report of a few thousand bytes that its reader takes."""
    content = REAL[name].read_bytes()
    if name == "samples":
        return b"\n".join(content.split(b"\n")[:40]) + b"\n"
    if name == "sarif":
        log = json.loads(content)
        log["runs"][0].pop("properties", None)
        for result in log["runs"][0]["results"]:
            result.pop("properties", None)
        return json.dumps(log).encode()
    if name == "coverage.py":
        report = json.loads(content)
        for known in report["files"].values():
            known.pop("functions", None)
            known.pop("classes", None)
        return json.dumps(report).encode()
    return content


def mutate(content: bytes, chance: random.Random) -> bytes:
    """One to three changes to some bytes or some tokens."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(content) + 1)
        kind = chance.randrange(8)
        if kind == 0:
            content = content[:at]
        elif kind == 1:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        elif kind == 2:
            content = content[:at] + content[at + chance.randrange(1, 60) :]
        elif kind == 3:
            end = at + chance.randrange(1, 200)
            content = content[:end] + content[at:end] + content[end:]
        elif kind == 4:
            content = content[:at] + chance.choice(WORDS) + content[at:]
        else:
            token = TOKEN.search(content, at)
            if token is not None:
                other = TOKEN.search(content, chance.randrange(len(content) + 1))
                word = other[0] if other is not None and chance.random() < 0.3 else chance.choice(WORDS)
                content = content[: token.start()] + word + content[token.end() :]
    return content


def adds_up(reading: Reading, *, kept: bool) -> bool:
    """Readable evidence counts what can be counted, and can be `kept` as a record; unreadable says why."""
    for e in reading.evidence:
        match e.statistic:
            case Share(n, good):
                assert 0 <= good <= n
            case Rate(events, exposure):
                assert events >= 0
                assert exposure >= 0
            case Quantile(n, cells, failures, splits):
                assert n == sum(c.count for c in cells) + failures
                assert all(c.lower <= c.upper and math.isfinite(c.lower) for c in cells)
                assert reading.reader == "native" or all(c.count > 0 and c.lower >= 0 for c in cells)
                assert all(0 <= s.below <= s.at_or_below <= n - failures for s in splits)
            case None:
                assert e.unreadable
                continue
        if kept:
            assert decode(json.loads(json.dumps(encode(e)))).statistic == e.statistic
    return bool(reading.evidence) if reading.readable else bool(reading.reason)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_no_mutation_of_a_real_report_raises_or_makes_up_numbers(name, memory):
    chance = random.Random(zlib.crc32(name.encode()))
    reader, content = BY_NAME[name], small(name)
    request = Request(
        thresholds={"load.latency": frozenset({0.1})},
        changed_lines={"shop/basket.py": frozenset({1, 2}), "x.py": frozenset({1})},
    )
    path = memory / REAL[name].name
    path.write_bytes(content)
    assert reader.read(path, request).readable
    readable = 0
    for i in range(MUTATIONS):
        mutated = mutate(content, chance)
        path.write_bytes(mutated)
        reader.recognise(path.name, mutated[:4096])
        reading = reader.read(path, request)
        assert adds_up(reading, kept=i % 10 == 0), (i, reading)
        readable += reading.readable

    assert readable > MUTATIONS / 100, "nearly every mutation was refused: the mutations test nothing but the parser"


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_leaving_something_out_never_adds_a_good_event(name, memory):
    reader, content = BY_NAME[name], small(name)
    path = memory / REAL[name].name

    def good(data: bytes) -> int:
        path.write_bytes(data)
        statistics = [e.statistic for e in reader.read(path, Request()).evidence if e.indicator != "sarif.notes"]
        return sum(s.good for s in statistics if isinstance(s, Share))

    whole = good(content)
    for at in range(0, len(content), max(1, len(content) // 300)):
        assert good(content[:at]) <= whole
