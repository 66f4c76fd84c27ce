"""Cucumber's JSON (a list of features) and Cucumber messages (one envelope a line): one outcome per scenario.

Undefined, pending and ambiguous steps are no passes: such a scenario has failed. Only the messages tell of earlier
tries; JSON keeps the last one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from upheld.core.criterion import Indicator
from upheld.core.evidence import Evidence
from upheld.ports import Reading, Request
from upheld.readers import intake
from upheld.readers.cases import INDICATORS, Counter, Outcome, of_tags
from upheld.readers.intake import Intake, Unreadable

_OUTCOMES = {
    "passed": Outcome.PASSED, "skipped": Outcome.SKIPPED, "untested": Outcome.SKIPPED, "disabled": Outcome.SKIPPED,
    **dict.fromkeys(
        ("failed", "undefined", "pending", "ambiguous", "unknown", "error", "hook_error", "cleanup_error",
         "pending_warn", "untested_pending", "untested_undefined", "xfailed", "xpassed"), Outcome.FAILED
    ),
}  # fmt: skip


def _outcome(said: object, where: str) -> Outcome:
    if not isinstance(said, str) or said.lower() not in _OUTCOMES:
        raise Unreadable(f'{where} holds the status "{intake.shorten(str(said), 40)}", which is none of Cucumber')
    return _OUTCOMES[said.lower()]


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Cucumber:
    """Cucumber JSON of Cucumber-JVM, cucumber-js, Ruby's cucumber and behave."""

    name = "cucumber"
    title = "Cucumber JSON report"
    help = (
        "Every scenario (each row of an outline) counts once, by the worst of its steps and hooks: undefined, pending "
        "and ambiguous are failures. A scenario that was skipped, or that has no step, is neither passed nor failed. The "
        "format keeps only the last try, so a flaky scenario reads as passed: the messages format tells more. "
        "pytest-bdd's file is refused: it leaves steps out that are not defined, and the scenario looks as if it passed. "
        "Links: tags (`@REQ-LAT-001.c1`) of the scenario or its feature, and names."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*cucumber*.json", "*behave*.json")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By features with elements and keywords."""
        text = intake.head_text(head)
        mine = text.lstrip().startswith("[") and '"keyword"' in text and ('"elements"' in text or '"Feature"' in text)
        return "it is a list of features with keywords and elements" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the scenarios of all features."""
        return intake.take(self, path, request, _parse)


def _parse(file: Intake) -> tuple[list[Evidence], str]:
    features = intake.sequence(file.json(), "the report")
    counter = Counter(file)
    for i, found in enumerate(features):
        feature = intake.mapping(found, f"feature {i + 1}")
        if "elements" not in feature and "name" not in feature:
            raise Unreadable(f"feature {i + 1} has neither name nor elements")
        _refuse_pytest_bdd(feature)
        _feature(feature, f"feature {i + 1}", counter, file.request.link_properties)
    return counter.evidence()


def _refuse_pytest_bdd(feature: Mapping[str, object]) -> None:
    if "language" in feature and feature.get("id") == feature.get("uri"):
        raise Unreadable(
            "is pytest-bdd's, which leaves out steps that are not defined: give its JUnit report (--junitxml) instead"
        )


def _feature(feature: Mapping[str, object], where: str, counter: Counter, properties: Sequence[str]) -> None:
    path = str(feature.get("uri") or feature.get("location") or feature.get("id") or "")
    inherited = list(_tags(feature))
    background: list[Outcome] = []
    for k, found in enumerate(intake.sequence(feature.get("elements", []), f"{where}: elements")):
        element = intake.mapping(found, f"{where}: element {k + 1}")
        named = f"{where}, element {k + 1}"
        if element.get("type") == "background" or element.get("keyword") == "Background":
            # behave lists a background without results, and repeats its steps in every scenario.
            steps = intake.sequence(element.get("steps") or [], f"{named}: steps")
            ran = any(isinstance(step, Mapping) and "result" in step for step in steps)
            background = list(_steps(element, named)) if ran else []
            continue
        outcomes = list(_steps(element, named))
        outcomes, background = [*background, *outcomes], []
        if "status" in element:  # behave gives the scenario's own status too
            outcomes.append(_outcome(element["status"], named))
        links = of_tags([*_tags(element), *inherited], properties)
        name = str(element.get("name", ""))
        where_it_stands = str(element.get("line") or element.get("location") or "")
        counter.add(_worst(outcomes), name=name, name_of_class=where_it_stands, path=path, links=links)


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    """A scenario without steps ran nothing."""
    return max(outcomes, default=Outcome.SKIPPED)


def _steps(element: Mapping[str, object], where: str) -> Iterator[Outcome]:
    """The outcomes of steps and hooks; a step without a result was not reached."""
    for key in ("before", "steps", "after"):
        for found in intake.sequence(element.get(key) or [], f"{where}: {key}"):
            step = intake.mapping(found, f"{where}: {key}")
            for hook in ("before", "after"):
                for inner in intake.sequence(step.get(hook) or [], f"{where}: {hook}"):
                    yield _result(intake.mapping(inner, f"{where}: {hook}"), where)
            if "result" in step or key == "steps":
                yield _result(step, where)


def _result(step: Mapping[str, object], where: str) -> Outcome:
    result = step.get("result")
    if result is None:
        return Outcome.SKIPPED
    return _outcome(intake.mapping(result, f"{where}: result").get("status"), where)


def _tags(thing: Mapping[str, object]) -> Iterable[str]:
    for tag in intake.sequence(thing.get("tags") or [], "tags"):
        yield str(tag.get("name", "")) if isinstance(tag, Mapping) else str(tag)


# ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class CucumberMessages:
    """Cucumber messages, NDJSON, of all newer Cucumber implementations."""

    name = "cucumber-messages"
    title = "Cucumber messages"
    help = (
        "Every scenario counts once, by its last try; one that passed when tried again is flaky. Undefined, pending, "
        "ambiguous and unknown are failures. A stream without the end of the run shows nothing, and so does a run that "
        "says it failed while no scenario did. Links: tags, and names."
    )
    indicators: Mapping[str, Indicator] = INDICATORS
    files: tuple[str, ...] = ("*cucumber*.ndjson", "*messages*.ndjson")

    def recognise(self, name: str, head: bytes) -> str:  # noqa: ARG002  # the content decides
        """By an envelope in the first line."""
        first = intake.head_text(head).lstrip().partition("\n")[0]
        envelope = any(first.startswith(f'{{"{kind}":{{') for kind in ("meta", "source", "gherkinDocument"))
        mine = envelope and any(word in first for word in ("protocolVersion", "mediaType", '"feature"'))
        return "its lines are envelopes of Cucumber messages" if mine else ""

    def read(self, path: Path, request: Request) -> Reading:
        """Count the scenarios of one run."""
        return intake.take(self, path, request, _messages)


def _messages(file: Intake) -> tuple[list[Evidence], str]:
    run = _Run()
    for number, line in enumerate(file.text().split("\n"), 1):
        if not line.strip():
            continue
        try:
            envelope = intake.mapping(json.loads(line), f"line {number}")
        except json.JSONDecodeError as error:
            raise Unreadable(f"line {number} is no envelope: {error.msg}; is the file cut off?") from None
        for kind, message in envelope.items():
            take = _Run.TAKES.get(kind)
            if take is not None:
                take(run, intake.mapping(message, f"line {number}: {kind}"), f"line {number}")
    if run.success is None:
        raise Unreadable("breaks off: the run did not end (no testRunFinished)")
    counter = Counter(file)
    failed = False
    for case, outcome in run.outcomes():
        pickle = intake.mapping(run.pickles.get(run.cases.get(case, ""), {}), "pickle")
        failed |= outcome is Outcome.FAILED
        counter.add(
            outcome, name=str(pickle.get("name", "")), path=str(pickle.get("uri", "")),
            links=of_tags(_tags(pickle), file.request.link_properties),
        )  # fmt: skip
    if run.success is False and not failed:
        raise Unreadable("says that its run failed, and no scenario did: a hook of the run may have")
    return counter.evidence()


class _Run:
    """What a stream of envelopes tells, in the words of the Cucumber messages schema."""

    def __init__(self) -> None:
        self.pickles: dict[str, Mapping[str, object]] = {}
        self.cases: dict[str, str] = {}  # test case → pickle
        self.success: bool | None = None
        self._started: dict[str, str] = {}  # try → test case
        self._steps: dict[str, list[Outcome]] = {}  # try → outcomes
        self._tries: dict[str, list[str]] = {}  # test case → its tries, in order
        self._ended: set[str] = set()

    def pickle(self, message: Mapping[str, object], where: str) -> None:
        self.pickles[_id(message, "id", where)] = message

    def case(self, message: Mapping[str, object], where: str) -> None:
        self.cases[_id(message, "id", where)] = _id(message, "pickleId", where)

    def start(self, message: Mapping[str, object], where: str) -> None:
        attempt, case = _id(message, "id", where), _id(message, "testCaseId", where)
        if case not in self.cases:
            raise Unreadable(f"{where} begins a test case that was not announced")
        self._started[attempt] = case
        self._tries.setdefault(case, []).append(attempt)

    def step(self, message: Mapping[str, object], where: str) -> None:
        result = intake.mapping(message.get("testStepResult"), f"{where}: testStepResult")
        attempt = _id(message, "testCaseStartedId", where)
        self._steps.setdefault(attempt, []).append(_outcome(result.get("status"), where))

    def finish(self, message: Mapping[str, object], where: str) -> None:
        self._ended.add(_id(message, "testCaseStartedId", where))

    def close(self, message: Mapping[str, object], where: str) -> None:
        success = message.get("success")
        if not isinstance(success, bool):
            raise Unreadable(f"{where} ends the run without saying whether it succeeded")
        self.success = success

    def outcomes(self) -> Iterator[tuple[str, Outcome]]:
        """Each announced test case and what became of it; one that never began has failed."""
        for case in self.cases:
            tries = self._tries.get(case, [])
            if not tries or tries[-1] not in self._ended:
                yield case, Outcome.FAILED
                continue
            last = _worst(self._steps.get(tries[-1], []))
            yield case, Outcome.FLAKY if last is Outcome.PASSED and len(tries) > 1 else last

    TAKES = {  # noqa: RUF012  # a table
        "pickle": pickle, "testCase": case, "testCaseStarted": start, "testStepFinished": step,
        "testCaseFinished": finish, "testRunFinished": close,
    }  # fmt: skip


def _id(message: Mapping[str, object], key: str, where: str) -> str:
    found = message.get(key)
    if not isinstance(found, str) or not found:
        raise Unreadable(f"{where} names no {key}")
    return found
