"""A gate as SARIF 2.1.0: one result per criterion at its line, every gate in one run, worst first.

met → kind pass, level none · not met → kind fail, level error (warning where it does not hold the gate) · inconclusive →
kind open, a missing sign-off kind review, whose level the standard fixes at none · waived → as beneath, with an accepted
external suppression. GitHub's code scanning refuses a file of more than 25 000 results and shows 5 000, and it refuses
more than 20 runs; hence one run and a cap that says what it left out.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC
from urllib.parse import quote

from upheld.core.verdict import State
from upheld.render.gate.case import Case, Told, ranked

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 5_000
Json = dict[str, object]


def sarif(told: Sequence[Told], *, version: str) -> Json:
    """The log as JSON-ready data; `version` is that of the tool."""
    pairs = ranked(told)
    kept, left = pairs[:MOST_RESULTS], len(pairs) - MOST_RESULTS
    rules: dict[str, Json] = {}
    for _, case in kept:
        rules.setdefault(case.name, _rule(case))
    index = {name: i for i, name in enumerate(rules)}
    invocation: Json = {"executionSuccessful": True}
    if told:
        invocation["endTimeUtc"] = max(t.at for t in told).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if left > 0:
        invocation["toolExecutionNotifications"] = [
            {"level": "warning", "message": {"text": f"{left} further criteria are left out, the least bad ones"}}
        ]
    run: Json = {
        "tool": {"driver": {"name": "upheld check", "version": version, "rules": list(rules.values())}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "properties": {"gates": [{"gate": t.name, "verdict": t.result.state.value, "enforced": t.result.enforced,
                                  "subject": t.result.subject} for t in told]},
        "results": [_result(t, case, index[case.name]) for t, case in kept],
    }  # fmt: skip
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(case: Case) -> Json:
    rule: Json = {"id": case.name, "shortDescription": {"text": case.sentence or case.name}}
    if case.title:
        rule["fullDescription"] = {"text": case.title}
    return rule


def _result(told: Told, case: Case, index: int) -> Json:
    kind = {State.MET: "pass", State.NOT_MET: "fail", State.INCONCLUSIVE: "open"}[case.state]
    if kind == "open" and case.name.startswith("sign-off."):
        kind = "review"
    level = ("error" if case.holds else "warning") if kind == "fail" else "none"
    identity = hashlib.sha256(f"{told.name}\n{case.name}".encode()).hexdigest()
    region = {"startLine": case.place.line, "startColumn": case.place.column}
    result: Json = {
        "ruleId": case.name, "ruleIndex": index, "kind": kind, "level": level,
        "message": {"text": f"gate {told.name}: {case.message}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": quote(case.place.file)}, "region": region}}],
        "partialFingerprints": {"upheldCriterion/v1": identity},
        "properties": {"gate": told.name, "verdict": case.word, "customers": list(case.customers),
                       "evidence": list(case.evidence)},
    }  # fmt: skip
    if case.waiver is not None:
        why = f"{case.waiver.reason} (owner {case.waiver.owner}, approved by {case.waiver.approver},"
        justification = f"{why} until {case.waiver.until.isoformat()})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result
