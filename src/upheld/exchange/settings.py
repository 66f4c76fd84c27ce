"""The saved agreement with another tool: which form, which document, and which of its names means what."""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from upheld.errors import DefinitionError, UsageError
from upheld.exchange import Adapter
from upheld.exchange.doorstop import Doorstop
from upheld.exchange.needs import SphinxNeeds
from upheld.exchange.openfasttrace import OpenFastTrace
from upheld.exchange.reqif import ReqIf
from upheld.exchange.table import Table

ADAPTERS: tuple[Adapter, ...] = (
    Doorstop(),  # a folder with .doorstop.yml
    ReqIf(),  # *.reqif
    SphinxNeeds(),  # needs.json
    OpenFastTrace(),  # *.md with ids such as req~name~1
    Table(),  # *.csv, *.tsv, *.xlsx
)
FOLDER = "exchange"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One exchange: `exchange/NAME.yaml` in the project."""

    name: str
    form: str  # name of the adapter
    path: str  # of the document: relative to the project where it lies inside
    mapping: Mapping[str, object] = field(default_factory=dict)

    def text(self) -> str:
        """The file as it is saved."""
        lines = [f"form: {self.form}", f"document: {json.dumps(self.path, ensure_ascii=False)}"]
        lines += ["mapping:"] if self.mapping else []
        lines += [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in self.mapping.items()]
        return (
            "# Which names of the other tool mean what here; `upheld import` and `upheld export` follow it.\n"
            + "\n".join(lines)
            + "\n"
        )


def adapter(path: Path, form: str = "") -> Adapter:
    """The adapter of a document: the named one, or the only one that recognises it."""
    if form:
        chosen = next((a for a in ADAPTERS if a.name == form), None)
        if chosen is None:
            raise UsageError(f'no form is called "{form}"; one of {", ".join(a.name for a in ADAPTERS)}')
        return chosen
    found = [(a, why) for a in ADAPTERS if (why := a.recognise(path))]
    if len(found) > 1:
        raise UsageError(f"{path} could be " + " or ".join(f"{a.title} ({why})" for a, why in found) + "; give --as")
    if not found:
        raise DefinitionError(f"{path} is none of {', '.join(a.title for a in ADAPTERS)}")
    return found[0][0]


def load(root: Path, name: str) -> Settings | None:
    """The saved exchange of this name; None where there is none."""
    file = root / FOLDER / f"{name}.yaml"
    if not file.is_file():
        return None
    try:
        tree = yaml.load(file.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506  # it makes texts and nothing else
    except yaml.YAMLError as error:
        raise DefinitionError(f"{FOLDER}/{name}.yaml: is no YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(tree, dict) or not isinstance(tree.get("form"), str) or not isinstance(tree.get("document"), str):
        raise DefinitionError(f"{FOLDER}/{name}.yaml: names no form or no document")
    unknown = sorted(set(tree) - {"form", "document", "mapping"})
    if unknown:
        raise DefinitionError(f'{FOLDER}/{name}.yaml: "{unknown[0]}" is not known; it holds form, document and mapping')
    mapping = tree.get("mapping") or {}
    if not isinstance(mapping, dict):
        raise DefinitionError(f"{FOLDER}/{name}.yaml: mapping holds our names and theirs")
    return Settings(name=name, form=tree["form"], path=tree["document"], mapping=mapping)


def named(path: Path, name: str) -> str:
    """The name of an exchange: as given, or made from the document's."""
    chosen = name or re.sub(r"[^a-z0-9]+", "-", path.resolve().stem.lower()).strip("-")
    if not _NAME.fullmatch(chosen):
        raise UsageError(f'"{chosen}" is no name for an exchange: use small letters, digits and -')
    return chosen


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write all files or none: first into a temporary folder beside them, then each is moved to its place.

    `files` are paths below `root`. A folder that is not there yet is moved as a whole.
    """
    if not files:
        return
    for name in files:
        if root.resolve() not in (root / name).resolve().parents:
            raise DefinitionError(f"{name} lies outside {root}")
    temporary = Path(tempfile.mkdtemp(prefix=".upheld-", dir=root))
    try:
        for name, content in files.items():
            place = temporary / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        for folder in _new_folders(root, files):
            (root / folder).parent.mkdir(parents=True, exist_ok=True)
            (temporary / folder).rename(root / folder)
        for name in files:
            if (temporary / name).exists():
                (temporary / name).replace(root / name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _new_folders(root: Path, files: Mapping[str, bytes]) -> Sequence[str]:
    """The outermost folders of these files that do not exist yet."""
    found: list[str] = []
    for name in files:
        for parent in reversed(Path(name).parents):
            text = parent.as_posix()
            if text != "." and not (root / text).exists():
                found.append(text)
                break
    return list(dict.fromkeys(found))
