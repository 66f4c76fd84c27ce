"""Lint: every rule over a whole project in one run, and what each rule means."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import groupby
from typing import TYPE_CHECKING

from upheld.errors import UsageError
from upheld.project.finding import Finding, Severity
from upheld.project.load import Project
from upheld.project.rules import CHECKED, RULES, Fault, Rule, Scope
from upheld.project.text import Document, excerpt, position, read, resolve

if TYPE_CHECKING:
    from upheld.core.evidence import Evidence

QUESTION = "question-"


def lint(project: Project, *, at: date, evidence: "Callable[[], Sequence[Evidence]]" = tuple) -> tuple[Finding, ...]:
    """Everything that is wrong, missing or doubtful in a project on one day, sorted by file, line and column.

    Faults of reading are among them. Findings on items that are older than the project's `since` are advice. `evidence`
    gives what the project keeps of its measurements; it is asked only when a decision or a risk watches something.
    """
    found = {finding.key: finding for finding in project.findings}
    collecting = gc.isenabled()
    gc.disable()  # all definitions stay alive; looking for garbage among them costs half as much as the rules
    try:
        scope = Scope(project, at, evidence)
        faults = [(rule, fault) for rule in CHECKED for fault in rule.check(scope)]
        faults.sort(key=lambda told: told[1].item.file)
        for file, told in groupby(faults, key=lambda told: told[1].item.file):  # each file is looked into once
            document = read(project.text(file).encode(), markdown=file.endswith((".md", ".markdown")))
            for rule, fault in told:
                finding = _placed(project, rule, fault, document)
                found.setdefault(finding.key, finding)
    finally:
        if collecting:
            gc.enable()
    return tuple(sorted(found.values()))


def _placed(project: Project, rule: Rule, fault: Fault, document: Document) -> Finding:
    """A fault as a finding, with its line and column."""
    name, severity = fault.rule or rule.id, fault.severity or rule.severity
    if fault.body and not fault.item.place:
        return _in_body(document, fault, name, severity)
    path = resolve(document.tree, fault.item.place, ("text",) if fault.body else fault.path)
    return project.finding(
        name, severity, fault.item, path, message=fault.message, fix=fault.fix, value=fault.value,
        offset=fault.offset or None,
        key=fault.key, text=document.text,
    )  # fmt: skip


def _in_body(document: Document, fault: Fault, name: str, severity: Severity) -> Finding:
    body = len(document.text) - len(document.body)
    body += len(document.body) - len(document.body.lstrip())
    line, column = position(document.text, body + fault.offset)
    return Finding(
        rule=name, severity=Severity.ADVICE if fault.item.adopted else severity, file=fault.item.file, line=line,
        column=column, message=fault.message, fix=fault.fix, value=fault.value,
        excerpt=excerpt(document.text, line)[:200],
    )  # fmt: skip


def every_rule() -> tuple[Rule, ...]:
    """All rules, with one for each kind of question."""
    # The lexicon behind the questions takes 40 ms to import, and a run of lint that asks nothing does not need it.
    from upheld.core.questions import Gap  # noqa: PLC0415

    general = next(rule for rule in RULES if rule.id == "question")
    asked = [
        Rule(
            id=f"{QUESTION}{gap.value}", severity=general.severity, meaning=gap.meaning, why=general.why,
            fix=f"{gap.function.value.capitalize()} owns the answer. {general.fix}", good=f"that: {_example(gap.suggestion)}",
        )
        for gap in Gap
    ]  # fmt: skip
    return (*(rule for rule in RULES if rule is not general), *asked)


def _example(suggestion: str) -> str:
    return suggestion.replace("{bound}", "<N>")


def explain(name: str) -> str:
    """What a rule means, why it matters, what to do, and an example; UsageError for a name that no rule has."""
    rules = {rule.id: rule for rule in every_rule()}
    rule = rules.get(name)
    if rule is None:
        near = get_close_matches(name, rules, n=1)
        raise UsageError(f'no rule "{name}"; ' + (f"did you mean {near[0]}?" if near else "see docs/rules.md"))
    lines = [f"{rule.id} ({rule.severity.value})", rule.meaning, "", f"Why   {rule.why}", f"Fix   {rule.fix}"]
    for title, example in (("Bad", rule.bad), ("Good", rule.good)):
        if example:
            first, *rest = example.split("\n")
            lines += ["", f"{title:<5} {first}", *(f"      {line}" for line in rest)]
    return "\n".join(lines)


def page() -> str:
    """`docs/rules.md`: every rule on one page."""
    lines = [
        "# What `upheld lint` checks",
        "",
        "<!-- Written by `upheld lint --explain all`; a test keeps it current. -->",
        "",
        "Errors end `upheld lint` with exit code 1; warnings and advice do not. Whatever is wrong in an item",
        "that is older than `since` in `upheld.yaml` is advice.",
    ]
    for severity, title in ((Severity.ERROR, "Errors"), (Severity.WARNING, "Warnings"), (Severity.ADVICE, "Advice")):
        lines += ["", f"## {title}"]
        for rule in sorted((r for r in every_rule() if r.severity is severity), key=lambda r: r.id):
            lines += _entry(rule)
    return "\n".join(lines) + "\n"


def _entry(rule: Rule) -> Iterator[str]:
    yield from ("", f"### {rule.id}", "", rule.meaning, "", f"*Why:* {rule.why}", "", f"*Fix:* {rule.fix}")
    yield from _block("Not like this:", rule.bad)
    yield from _block("Like this:", rule.good)


def _block(title: str, example: str) -> Iterable[str]:
    return ("", title, "", "```yaml", *example.split("\n"), "```") if example else ()
