"""What every reader says of its samples, word for word; `UPHELD_GOLDEN=write pytest tests/conformance/reader/test_reading_words.py`
writes the text anew.
"""

import json
from pathlib import Path

import pytest

from upheld.core.evidence import encode
from upheld.ports import Reading, Request
from upheld.readers import READERS, read

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
# A sample that is large says with its first record what it says with all.
# Requirements of other tools are no reports.
FOLDERS = sorted(path.name for path in SAMPLES.iterdir() if path.is_dir() and path.name != "exchange")
MOST_RECORDS = 12
MOST_KEYS = 30
# The same in every record of a file.
SAME = ("schema", "asserted", "source")


@pytest.mark.parametrize("folder", FOLDERS)
def test_readers_say_of_their_samples_what_they_said(folder, golden):
    files = sorted(path for path in (SAMPLES / folder).rglob("*") if path.is_file() and path.name != "SOURCE.md")
    golden(f"{folder}.txt", "\n".join(block(path) for path in files))


def block(path: Path) -> str:
    """One file as lines of text: who takes it and why, who else would, and what is in it."""
    head = path.read_bytes()[:4096]
    lines = [str(path.relative_to(SAMPLES))]
    lines += [f"    {r.name}: {why}" for r in READERS if (why := r.recognise(path.name, head))]
    reading = read(path, Request())
    if reading is None:
        return "\n".join([*lines, "    nobody's"])
    lines += [f"    {reading.summary}", f"    {'readable' if reading.readable else 'unreadable'}: {reading.reason}"]
    for e in reading.evidence[:MOST_RECORDS]:
        if e.unreadable:
            lines.append(f"    {e.indicator}: {e.unreadable}")
            continue
        record = {name: value for name, value in encode(e).items() if name not in SAME}
        series = record.pop("series", None)
        lines.append(f"    {json.dumps(rounded(record), sort_keys=True, ensure_ascii=False)}")
        lines += (
            [f"        {len(series)} buckets, the first {json.dumps(rounded(series[0]), sort_keys=True)}"]
            if series
            else []
        )
    if len(reading.evidence) > MOST_RECORDS:
        lines.append(f"    and {len(reading.evidence) - MOST_RECORDS} more")
    return "\n".join(line.rstrip() for line in lines)


def rounded(value: object) -> object:
    """The value with its fractions to nine digits: what comes after them differs between machines."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("folder", [name for name in FOLDERS if any((SAMPLES / name).rglob("*.json*"))])
def test_readers_say_of_one_wrong_value_what_they_said(folder, golden, tmp_path):
    lines = []
    for path in sorted((SAMPLES / folder).rglob("*.json")):
        report = json.loads(path.read_bytes())
        whole = read(path, Request())
        for place in places(report):
            for wrong in ("?", -1):
                copy = json.loads(path.read_bytes())
                put(copy, place, wrong)
                (tmp_path / path.name).write_text(json.dumps(copy), encoding="utf-8")
                said = told(read(tmp_path / path.name, Request()))
                if said != told(whole):
                    lines.append(f"{path.name}: {'.'.join(map(str, place))} = {wrong}: {said}")
    golden(f"{folder}-wrong.txt", "\n".join(lines))


def told(reading: Reading | None) -> str:
    """What a reader says of a file in one line, without its counts of records."""
    if reading is None:
        return "nobody's"
    unreadable = next((e.unreadable for e in reading.evidence if e.unreadable), "")
    notes = sorted({note for e in reading.evidence for note in e.notes})
    readable = [e for e in reading.evidence if not e.unreadable]
    kept = sorted({f"{e.indicator} {json.dumps(rounded(encode(e).get('conditions')))}" for e in readable})
    return f"{reading.summary} | {'' if reading.readable else reading.reason} | {unreadable} | {notes} | {kept[:4]}"


def places(tree: object, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to each value of a tree, into the first entry of a list and the first eight keys of a mapping of many."""
    found = [here] if here else []
    if isinstance(tree, dict):
        names = list(tree)
        for name in names if len(names) <= MOST_KEYS else names[:8]:
            found += places(tree[name], (*here, name))
    elif isinstance(tree, list) and tree:
        found += places(tree[0], (*here, 0))
    return found


def put(tree: object, place: tuple[str | int, ...], value: object) -> None:
    """Replace the value at a place."""
    for step in place[:-1]:
        tree = tree[step]
    tree[place[-1]] = value
