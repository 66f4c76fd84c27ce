"""From a SARIF log to its findings: the level of each, whether it counts, and whether it is new.

Most findings carry no level; it comes from their rule, which may stand in the driver or in an extension. A finding is
known by rule, file and fingerprint or message, never by its line, so that code which moves brings no new findings.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from upheld.core.evidence import Evidence, Rate
from upheld.ports import Request
from upheld.readers import intake
from upheld.readers.intake import Intake, Unreadable

# Above, looking for keys that are given twice would take longer than reading; then only the decisive keys are counted.
_SMALL = 8 << 20
_LEVELS = ("error", "warning", "note", "none")
_BASELINE = ("new", "unchanged", "updated", "absent")


class _Configuration(msgspec.Struct):
    level: str | None = None


class _Rule(msgspec.Struct, rename="camel"):
    id: str = ""
    guid: str | None = None
    default_configuration: _Configuration | None = None


class _Component(msgspec.Struct, rename="camel"):
    name: str = ""
    version: str | None = None
    semantic_version: str | None = None
    guid: str | None = None
    rules: list[_Rule] | None = None


class _Tool(msgspec.Struct):
    driver: _Component
    extensions: list[_Component] | None = None


class _ComponentReference(msgspec.Struct):
    name: str | None = None
    index: int = -1
    guid: str | None = None


class _Reference(msgspec.Struct, rename="camel"):
    id: str | None = None
    index: int = -1
    guid: str | None = None
    tool_component: _ComponentReference | None = None


class _Override(msgspec.Struct):
    descriptor: _Reference
    configuration: _Configuration


class _Notification(msgspec.Struct):
    level: str | None = None


class _Invocation(msgspec.Struct, rename="camel"):
    execution_successful: bool | None = None
    tool_execution_notifications: list[_Notification] | None = None
    tool_configuration_notifications: list[_Notification] | None = None
    rule_configuration_overrides: list[_Override] | None = None


class _Message(msgspec.Struct, gc=False):
    text: str | None = None
    id: str | None = None
    arguments: list[str] | None = None


class _Place(msgspec.Struct, gc=False):
    uri: str | None = None
    index: int = -1


class _Artifact(msgspec.Struct):
    location: _Place | None = None


class _Region(msgspec.Struct, rename="camel", gc=False):
    start_line: int | None = None


class _Physical(msgspec.Struct, rename="camel", gc=False):
    artifact_location: _Place | None = None
    region: _Region | None = None


class _Location(msgspec.Struct, rename="camel", gc=False):
    physical_location: _Physical | None = None


class _Suppression(msgspec.Struct, gc=False):
    status: str | None = None


class _Provenance(msgspec.Struct, rename="camel", gc=False):
    invocation_index: int = -1


class _Result(msgspec.Struct, rename="camel", gc=False):
    rule_id: str | None = None
    rule_index: int = -1
    rule: _Reference | None = None
    level: str | None = None
    kind: str | None = None
    message: _Message | None = None
    locations: list[_Location] | None = None
    suppressions: list[_Suppression] | None = None
    baseline_state: str | None = None
    partial_fingerprints: dict[str, str] | None = None
    provenance: _Provenance | None = None

    @property
    def rule_name(self) -> str:
        """The id of the rule as the result names it."""
        return self.rule_id or (self.rule.id if self.rule is not None else None) or ""


class _Automation(msgspec.Struct):
    id: str | None = None


class _Run(msgspec.Struct, rename="camel"):
    tool: _Tool
    results: list[_Result] | None = None
    artifacts: list[_Artifact] | None = None
    invocations: list[_Invocation] | None = None
    automation_details: _Automation | None = None
    external_property_file_references: dict[str, msgspec.Raw] | None = None


class _Log(msgspec.Struct):
    version: str = ""
    runs: list[_Run] | None = None


@dataclass(slots=True)
class _Finding:
    """One finding that counts."""

    level: str
    result: _Result
    artifacts: Sequence[_Artifact]

    @property
    def uri(self) -> str:
        """The file that was found fault with, as the log writes it."""
        place = self._physical.artifact_location
        if place is None:
            return ""
        if place.uri is None and 0 <= place.index < len(self.artifacts):
            place = self.artifacts[place.index].location or place
        return place.uri or ""

    @property
    def shown(self) -> str:
        """`rule file:line message`."""
        region = self._physical.region
        line = region.start_line if region is not None else None
        where = self.uri + (f":{line}" if line is not None else "")
        message = self.result.message.text if self.result.message is not None else None
        return " ".join(part for part in (self.result.rule_name, where, message or "") if part)

    @property
    def _physical(self) -> _Physical:
        places = (place.physical_location for place in self.result.locations or ())
        return next((place for place in places if place is not None), _NOWHERE)


_NOWHERE = _Physical()


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def evidence(file: Intake) -> tuple[list[Evidence], str]:
    """The counts of one log, and one line for a person; Unreadable when a run failed or has no results."""
    runs = _runs(file.data())
    findings = [finding for run in runs for finding in _findings(run)]
    _take_notes(file, runs)
    levels = Counter(finding.level for finding in findings)
    population = _population(runs)
    counts = {
        "sarif.errors": levels["error"],
        "sarif.warnings": levels["warning"],
        "sarif.notes": levels["note"],
        "sarif.findings": len(findings),
    }
    records = [file.evidence(name, Rate(k), population=population) for name, k in counts.items()]
    summary = f"{len(findings)} findings, {levels['error']} errors, {levels['warning']} warnings"
    compared = _new(file.request, findings)
    if isinstance(compared, str):
        records += [
            file.unread(name, compared, population=population) for name in ("sarif.new-errors", "sarif.new-findings")
        ]
    elif compared is not None:
        errors = [finding for finding in compared if finding.level == "error"]
        for name, new in (("sarif.new-errors", errors), ("sarif.new-findings", compared)):
            shown = [f"new: {intake.shorten(finding.shown, 200)}" for finding in new[: intake.MOST_NOTES]]
            records.append(file.evidence(name, Rate(len(new)), population=population, notes=tuple(shown)))
        summary += f", {len(compared)} new"
    return records, summary


def _runs(data: bytes) -> list[_Run]:
    if intake.encoding_of(data) != "utf-8-sig" or not data[:64].strip():
        intake.text_of(data)  # says what it is
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        log = msgspec.json.decode(data, type=_Log)
    except msgspec.ValidationError as error:
        raise Unreadable(f"is not SARIF 2.1.0: {intake.shorten(str(error))}") from None
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            raise Unreadable(f"breaks off at byte {len(data)}: is it cut off?") from None
        raise Unreadable(f"is no JSON: {intake.shorten(str(error))}") from None
    if not log.version.startswith("2.1.0"):
        raise Unreadable(f'names the SARIF version "{intake.shorten(log.version, 40)}", 2.1.0 is read')
    if not log.runs:
        raise Unreadable("holds no runs: nothing was analysed")
    _refuse_repeated_keys(data, log.runs)
    for number, run in enumerate(log.runs, 1):
        _check(run, number)
    return log.runs


def _refuse_repeated_keys(data: bytes, runs: Sequence[_Run]) -> None:
    """A decoder takes the last of two `results`, and the first would be gone.

    A small log is searched for any key given twice. In a large one the keys that may hide findings are counted, and
    only when there are more of them than runs it is searched as well.
    """
    # An escaped quote before the word would be counted too; that only makes us look more closely.
    written = sum(1 for key in (rb'"results"\s*:', rb'"runs"\s*:') for _ in re.finditer(key, data))
    if len(data) <= _SMALL or written > 1 + len(runs):
        intake.refuse_repeated_keys(data.decode("utf-8"))


def _check(run: _Run, number: int) -> None:
    named = f"run {number} ({intake.shorten(run.tool.driver.name, 60)})"
    if any(invocation.execution_successful is False for invocation in run.invocations or ()):
        raise Unreadable(f"{named} says that its tool failed: its findings are not complete")
    broken = sum(
        notification.level == "error"
        for invocation in run.invocations or ()
        for notification in (
            *(invocation.tool_execution_notifications or ()),
            *(invocation.tool_configuration_notifications or ()),
        )
    )
    if broken:
        errors = f"{broken} error{'s' if broken > 1 else ''}"
        raise Unreadable(f"{named} reports {errors} of the tool itself: some of the code may not have been analysed")
    if "results" in (run.external_property_file_references or ()):
        raise Unreadable(f"{named} keeps findings in other files, which are not read")
    if run.results is None:
        raise Unreadable(f"{named} has no results: the tool did not scan")


def _findings(run: _Run) -> Iterator[_Finding]:
    rules = _Rules(run)
    for result in run.results or ():
        if result.kind not in (None, "fail") or result.baseline_state == "absent":
            continue
        if result.suppressions and all(s.status in (None, "accepted") for s in result.suppressions):
            continue
        level = result.level or rules.level(result)
        if level not in _LEVELS:
            raise Unreadable(f'holds the level "{intake.shorten(level, 40)}"; one of {", ".join(_LEVELS)}')
        if result.baseline_state not in (None, *_BASELINE):
            raise Unreadable(f'holds the baselineState "{intake.shorten(result.baseline_state or "", 40)}"')
        yield _Finding(level, result, run.artifacts or ())


def _take_notes(file: Intake, runs: Sequence[_Run]) -> None:
    drivers = [run.tool.driver for run in runs]
    versions = [driver.semantic_version or driver.version or "" for driver in drivers]
    tools = dict.fromkeys(driver.name for driver in drivers)
    file.producer.update(tool=", ".join(tools))
    if len(set(versions)) == 1 and versions[0]:
        file.producer.update(version=versions[0])
    review = sum(result.kind in ("review", "open") for run in runs for result in run.results or ())
    if review:
        file.notes.append(f"{review} results still need a person's review and are no findings")


def _population(runs: Sequence[_Run]) -> dict[str, str]:
    """The tools, and the category where one is named: logs of other tools are other populations."""
    tools = sorted({run.tool.driver.name for run in runs})
    categories = sorted(
        {run.automation_details.id for run in runs if run.automation_details and run.automation_details.id}
    )
    return {"tool": " + ".join(tools)} | ({"category": " + ".join(categories)} if categories else {})


# ── Levels ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Rules:
    """Finds the rule of a result, and the level that the rule gives (SARIF 2.1.0, 3.27.10 and 3.52)."""

    def __init__(self, run: _Run) -> None:
        self._components: list[_Component] = [run.tool.driver, *(run.tool.extensions or ())]
        self._by_id: dict[str, _Rule] = {}
        for component in self._components:
            for rule in component.rules or ():
                self._by_id.setdefault(rule.id, rule)
        self._by_guid: dict[str | None, _Rule] = {r.guid: r for c in self._components for r in c.rules or () if r.guid}
        self._overrides = [invocation.rule_configuration_overrides or [] for invocation in run.invocations or ()]
        self._levels: dict[tuple[str, int], str] = {}

    def level(self, result: _Result) -> str:
        """The level of a result that names none: an override of its run, its rule's default, else warning."""
        if result.rule is None and result.provenance is None:  # nearly all
            key = result.rule_id or "", result.rule_index
            if key not in self._levels:
                self._levels[key] = self._default(result)
            return self._levels[key]
        return self._overridden(result) or self._default(result)

    def _default(self, result: _Result) -> str:
        rule = self._rule(result)
        configuration = rule.default_configuration if rule is not None else None
        return (configuration.level if configuration is not None else None) or "warning"

    def _rule(self, result: _Result) -> _Rule | None:
        reference = result.rule or _Reference()
        if reference.guid in self._by_guid:
            return self._by_guid[reference.guid]
        index = reference.index if reference.index >= 0 else result.rule_index
        rules = self._component(reference.tool_component).rules or []
        indexed = rules[index] if 0 <= index < len(rules) else None
        name = result.rule_name
        if indexed is not None and (not name or name == indexed.id or name.startswith(f"{indexed.id}/")):
            return indexed
        return self._named(name) or indexed

    def _named(self, name: str) -> _Rule | None:
        """The rule with this id, or the nearest above it: CA1000/1 is a part of CA1000."""
        while name:
            if name in self._by_id:
                return self._by_id[name]
            name = name.rpartition("/")[0]
        return None

    def _component(self, reference: _ComponentReference | None) -> _Component:
        driver, *extensions = self._components
        if reference is None:
            return driver
        for extension in extensions:
            if reference.guid and reference.guid == extension.guid:
                return extension
        if 0 <= reference.index < len(extensions):
            return extensions[reference.index]
        return next((c for c in extensions if reference.name and c.name == reference.name), driver)

    def _overridden(self, result: _Result) -> str:
        at = result.provenance.invocation_index if result.provenance is not None else -1
        rule = self._rule(result)
        for override in self._overrides[at] if 0 <= at < len(self._overrides) else ():
            asked = _Result(rule_id=override.descriptor.id, rule=override.descriptor)
            if rule is not None and self._rule(asked) is rule and override.configuration.level:
                return override.configuration.level
        return ""


# ── New against the base ─────────────────────────────────────────────────────────────────────────────────────────────


def _new(request: Request, findings: Sequence[_Finding]) -> list[_Finding] | str | None:
    """The findings that the base did not have; why that cannot be told; or None when no base is known."""
    if request.baseline:
        try:
            base = [finding for path in request.baseline for finding in _of_base(path, request)]
        except Unreadable as error:
            return str(error)
        if any(_is_sarif(path) for path in request.baseline):
            return _difference(findings, base)
    if not findings:
        return []  # none at all, so none that is new
    if any(finding.result.baseline_state for finding in findings):
        return [finding for finding in findings if finding.result.baseline_state in (None, "new")]
    return None


def _is_sarif(path: Path) -> bool:
    """Whether a file of the base is a log: by its name even where it cannot be read."""
    if path.name.lower().endswith((".sarif", ".sarif.json")):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(intake.HEAD)
    except OSError:
        return False
    return intake.looks_like_json(head) and '"runs"' in intake.head_text(head)


def _of_base(path: Path, request: Request) -> list[_Finding]:
    if not _is_sarif(path):
        return []
    try:
        with intake.opened(path, request) as file:
            runs = _runs(file.read())
        return [finding for run in runs for finding in _findings(run)]
    except (Unreadable, OSError, RecursionError, ValueError) as error:
        raise Unreadable(f"the base's report {path.name} cannot be compared with: {error}") from None


_Key = tuple[str, str, str]


def _difference(findings: Sequence[_Finding], base: Sequence[_Finding]) -> list[_Finding]:
    """Findings beyond those of the base: as many of one key as the base has are known, the rest are new."""
    trusted = _trusted_fingerprint([*findings, *base])
    roots = _roots([f.uri for f in findings], [f.uri for f in base])
    known = Counter(_key(finding, trusted, roots[1]) for finding in base)
    new = []
    for finding in findings:
        key = _key(finding, trusted, roots[0])
        if known[key]:
            known[key] -= 1
        else:
            new.append(finding)
    return new


def _key(finding: _Finding, fingerprint: str, root: str) -> _Key:
    result = finding.result
    uri = finding.uri.removeprefix(root).removeprefix("./")
    known = (result.partial_fingerprints or {}).get(fingerprint)
    if known is None:
        message = result.message or _Message()
        known = message.text or " ".join((message.id or "", *(message.arguments or ())))
    return result.rule_name, uri, known


def _trusted_fingerprint(findings: Sequence[_Finding]) -> str:
    """A fingerprint that every finding has and that tells them apart; empty when there is none.

    Some tools write one text ("requires login") for all: compared by that, no finding would ever be new.
    """
    values: dict[str, list[str]] = {}
    for finding in findings:
        for name, value in (finding.result.partial_fingerprints or {}).items():
            values.setdefault(name, []).append(value)
    complete = [name for name, found in values.items() if len(found) == len(findings) and len(set(found)) > 1]
    return min(complete, default="")


def _roots(uris: Iterable[str], base: Iterable[str]) -> tuple[str, str]:
    """The checkout folders of both sides, where absolute paths show that they differ; else two empty texts.

    The base is often analysed in another folder. The pair of folders that most files agree on is taken.
    """
    mine = {uri for uri in uris if _is_absolute(uri)}
    theirs = {uri for uri in base if _is_absolute(uri)}
    if mine & theirs or not mine or not theirs:
        return "", ""
    by_name: dict[str, list[str]] = {}
    for uri in theirs:
        by_name.setdefault(uri.rpartition("/")[2], []).append(uri)
    votes: Counter[tuple[str, str]] = Counter()
    for uri in mine:
        for other in by_name.get(uri.rpartition("/")[2], ())[:20]:
            votes[_without_common_end(uri, other)] += 1
    return max(votes, key=lambda pair: (votes[pair], pair), default=("", ""))


def _is_absolute(uri: str) -> bool:
    return uri.startswith(("file:", "/")) or uri[1:3] in (":/", ":\\")


def _without_common_end(first: str, second: str) -> tuple[str, str]:
    mine, theirs = first.split("/"), second.split("/")
    while len(mine) > 1 and len(theirs) > 1 and mine[-1] == theirs[-1]:
        mine.pop()
        theirs.pop()
    return "/".join(mine) + "/", "/".join(theirs) + "/"
