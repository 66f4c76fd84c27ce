"""The readers' indicators are remembered until the readers' code changes."""

import json
from pathlib import Path

import pytest

from upheld.core.criterion import Indicator
from upheld.project import native
from upheld.project.native import remembered
from upheld.wiring import native_indicators

FILE = Path(".upheld/cache/native.json")


def never() -> dict[str, Indicator]:
    raise AssertionError("the readers were asked")


def test_what_is_remembered_is_what_was_brought(tmp_path: Path) -> None:
    brought = native_indicators()
    assert remembered(tmp_path, native_indicators) == brought
    assert remembered(tmp_path, never) == brought
    assert "test.passed" in brought


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"stamp": "STAMP", "kept": 3}', '{"stamp": "STAMP", "kept": [["a"]]}',
                                  '{"stamp": "STAMP", "kept": [["a", "value", "parsec", true, true, "", {}]]}'])  # fmt: skip
def test_what_makes_no_sense_is_brought_again(text: str, tmp_path: Path) -> None:
    remembered(tmp_path, dict)
    stamp = json.loads((tmp_path / FILE).read_text("utf-8"))["stamp"]
    (tmp_path / FILE).write_text(text.replace("STAMP", stamp), "utf-8")
    assert remembered(tmp_path, native_indicators) == native_indicators()


def test_other_code_brings_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(tmp_path, dict)
    monkeypatch.setattr(native, "_stamp", lambda: "of another version")
    assert remembered(tmp_path, native_indicators) == native_indicators()


def test_a_link_out_of_the_project_is_neither_read_nor_written(tmp_path: Path) -> None:
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "p"
    elsewhere.mkdir()
    (root / ".upheld").mkdir(parents=True)
    (root / ".upheld/cache").symlink_to(elsewhere)
    assert remembered(root, native_indicators) == native_indicators()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.usefixtures("permissions_count")
def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    assert remembered(tmp_path, native_indicators) == native_indicators()
