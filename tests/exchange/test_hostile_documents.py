"""Documents that were damaged: each is read, or refused with one sentence; nothing else is ever raised."""

import random
import zlib
from pathlib import Path

import openpyxl
import pytest

from tests.conformance.reader.test_mutations import mutate
from tests.exchange.test_adapters import CHILD, CSV, OFT, PARENT, REQIF, SETTINGS
from upheld.errors import UpheldError
from upheld.exchange.doorstop import Doorstop
from upheld.exchange.incoming import plan
from upheld.exchange.needs import SphinxNeeds
from upheld.exchange.openfasttrace import OpenFastTrace
from upheld.exchange.reqif import ReqIf
from upheld.exchange.table import Table

pytestmark = [pytest.mark.upheld("REQ-EXC-001.c1"), pytest.mark.slow]


def single(name: str, content: bytes):
    def make(folder: Path, chance: random.Random) -> Path:
        path = folder / name
        path.write_bytes(mutate(content, chance))
        return path

    return make


def doorstop(folder: Path, chance: random.Random) -> Path:
    files = {".doorstop.yml": SETTINGS, "REQ001.yml": PARENT, "REQ002.yml": CHILD.format(seen="null")}
    damaged = chance.choice(list(files))
    for name, content in files.items():
        (folder / name).write_bytes(mutate(content.encode(), chance) if name == damaged else content.encode())
    return folder


def workbook(folder: Path, chance: random.Random) -> Path:
    book = openpyxl.Workbook()
    for row in (["Key", "Title", "Text"], ["R-1", "Free", "Costs nothing"]):
        book.active.append(row)
    path = folder / "t.xlsx"
    book.save(path)
    path.write_bytes(mutate(path.read_bytes(), chance))
    return path


NEEDS = (Path(__file__).resolve().parents[2] / "samples" / "exchange" / "needs.json").read_bytes()
DOCUMENTS = {
    "reqif": (ReqIf(), single("a.reqif", REQIF.encode()), 1_000),
    "sphinx-needs": (SphinxNeeds(), single("needs.json", NEEDS), 500),
    "openfasttrace": (OpenFastTrace(), single("a.md", OFT.encode()), 1_000),
    "csv": (Table(), single("a.csv", CSV.encode()), 1_000),
    "xlsx": (Table(), workbook, 60),
    "doorstop": (Doorstop(), doorstop, 700),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # openpyxl warns about what it does not know in a workbook
@pytest.mark.parametrize("form", DOCUMENTS)
def test_a_damaged_document_is_read_or_refused_in_one_sentence(form, tmp_path):
    adapter, make, times = DOCUMENTS[form]
    chance = random.Random(zlib.crc32(form.encode()))
    read = 0
    for _ in range(times):
        path = make(tmp_path, chance)
        try:
            adapter.recognise(path)
            mapping = adapter.guess(path)
            document = adapter.read(path, mapping)
            found = plan(document, exchange="x", folder="requirements/x", known=[])
            adapter.patch(path, mapping, {item.key: {"title": "T", "text": "X"} for item in document.items[:2]})
        except UpheldError as error:
            assert "\n" not in error.message
            continue
        assert len({step.id for step in found.steps}) == len(document.items)
        read += 1
    assert read > (0 if form == "xlsx" else times / 20), "a damaged archive is seldom one"
