"""Every format of evidence: one module each, in the table below. A reader says why it takes a file."""

from pathlib import Path

from upheld.ports import Reading, Request
from upheld.readers import junit
from upheld.readers.intake import HEAD, Format, Unreadable, looks_like, opened
from upheld.readers.native import Native
from upheld.readers.record import SUFFIX, apply_side_file

READERS: tuple[Format, ...] = (Native(), junit.JUnit())
# What lies in evidence folders and is no evidence.
_NOT_EVIDENCE = (".md", ".txt", ".log", ".html", ".css", ".js", ".png", ".svg", ".gitignore", SUFFIX)


def recognise(path: Path) -> tuple[Format | None, str]:
    """The reader of a file and why; or none, and what it looks like instead."""
    try:
        with opened(path, Request()) as file:
            head = file.read(HEAD)
    except (Unreadable, OSError) as error:
        return None, str(error)
    found = [(reader, why) for reader in READERS if (why := reader.recognise(path.name, head))]
    if len(found) > 1:
        return None, "could be " + " or ".join(f"{reader.title} ({why})" for reader, why in found)
    return found[0] if found else (None, f"looks like {looks_like(head)}; no reader takes it")


def read(path: Path, request: Request) -> Reading | None:
    """Read one file with its record beside it; None for what is no evidence by its name."""
    if path.name.endswith(_NOT_EVIDENCE):
        return None
    reader, why = recognise(path)
    if reader is None:
        return Reading(reader="", evidence=(), summary=path.name, reason=why, readable=False)
    return apply_side_file(path, reader.read(path, request))
