"""The result of gates for the places where people look: JUnit, SARIF, Markdown, annotations, a badge."""

import json
from collections.abc import Sequence

from upheld.core.verdict import State
from upheld.render.annotations import Annotation, Level, github, gitlab
from upheld.render.gate.badge import badge
from upheld.render.gate.case import Case, Place, Told, ranked, tell
from upheld.render.gate.junit import junit
from upheld.render.gate.markdown import markdown
from upheld.render.gate.sarif import sarif

FORMS = ("junit", "sarif", "markdown", "github", "gitlab", "badge")

__all__ = ["FORMS", "Case", "Place", "Told", "annotations", "tell", "write"]


def write(form: str, told: Sequence[Told], *, version: str) -> str:
    """The text of one of `FORMS` for these gates; `version` is that of the tool that writes it."""
    match form:
        case "junit":
            return junit(told)
        case "sarif":
            return _json(sarif(told, version=version))
        case "markdown":
            return markdown(told)
        case "github":
            return "".join(f"{line}\n" for line in [github(annotations(told), more="run: upheld check")] if line)
        case "gitlab":
            return _json(gitlab(annotations(told)))
        case "badge":
            return badge(told)
    raise ValueError(form)


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def annotations(told: Sequence[Told]) -> list[Annotation]:
    """What is not met or not known, at its line: an error where it holds a gate and fails, a warning where it is open."""
    found = []
    for gate, case in ranked(told):
        if case.state is State.MET:
            continue
        level = Level.NOTICE if not case.holds else Level.ERROR if case.state is State.NOT_MET else Level.WARNING
        found.append(
            Annotation(
                level=level, title=f"{case.name} {case.word}", message=f"gate {gate.name}: {case.message}",
                file=case.place.file, line=case.place.line, column=case.place.column,
            )
        )  # fmt: skip
    return found
