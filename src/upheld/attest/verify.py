"""Checking a bundle offline: every signature, that both statements are about one thing, and that the summary follows.

What is signed may still be wrong or of another release, so the verdict is derived again from the criteria and sign-offs
of the result, and the summary from the result.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from upheld.attest.envelope import PAYLOAD_TYPE, open_envelope
from upheld.attest.statement import GATE_RESULT, STATEMENT, SUMMARY, canonical
from upheld.core.gate import Required, SignOffState
from upheld.core.verdict import State, worst
from upheld.errors import SignatureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a bundle says, once everything in it has been checked."""

    gate: str
    verdict: str
    subject: Mapping[str, str]  # digest set
    name: str
    built_from: Mapping[str, str]
    evaluated: str
    keys: tuple[str, ...]
    criteria: tuple[Mapping[str, Any], ...]
    waived: tuple[str, ...]


def is_bundle(head: str) -> bool:
    """Whether a text begins like a bundle of envelopes."""
    return head.lstrip().startswith("{") and f'"payloadType":"{PAYLOAD_TYPE}"' in head.partition("\n")[0]


def verify_bundle(text: str, keys: Sequence[Ed25519PublicKey], *, where: str) -> Verified:
    """Check a bundle with the keys that are trusted; SignatureError names the line and what does not hold."""
    if not text.endswith("\n"):
        raise SignatureError(f"{where}: the bundle is cut off")
    lines = text[:-1].split("\n")
    opened = [open_envelope(line, keys, where=f"{where}:{i}") for i, line in enumerate(lines, 1)]
    statements = [_statement(envelope.payload, f"{where}:{i}") for i, envelope in enumerate(opened, 1)]
    kinds = [statement["predicateType"] for statement in statements]
    if kinds != [GATE_RESULT, SUMMARY]:
        raise SignatureError(
            f"{where}: a bundle holds a gate's result and its summary, in this order; here: {', '.join(kinds)}"
        )
    try:
        return _agree(statements, opened[0].payload, tuple(e.key for e in opened), where)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError):
        raise SignatureError(
            f"{where}: a statement lacks what it must hold; it was written by something else"
        ) from None


def _statement(payload: bytes, where: str) -> dict[str, Any]:
    try:
        statement = json.loads(payload)
        kind = statement["_type"]
        statement["predicateType"], statement["predicate"], statement["subject"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SignatureError(f"{where}: what is signed is no in-toto statement") from None
    if kind != STATEMENT:
        raise SignatureError(f"{where}: the statement is of type {str(kind)[:60]}, not {STATEMENT}")
    found: dict[str, Any] = statement
    return found


def _agree(statements: list[dict[str, Any]], payload: bytes, keys: tuple[str, ...], where: str) -> Verified:
    result, summary = (statement["predicate"] for statement in statements)
    document = result["result"]
    if statements[0]["subject"] != statements[1]["subject"]:
        raise SignatureError(f"{where}: the result and its summary are about different subjects")
    named = summary["inputAttestations"][0]["digest"]["sha256"]
    if named != hashlib.sha256(payload).hexdigest():
        raise SignatureError(f"{where}: the summary rests on another result than the one beside it")
    policy = hashlib.sha256(canonical(result["definitions"])).hexdigest()
    if summary["policy"]["digest"] != {"sha256": policy}:
        raise SignatureError(f"{where}: the summary was made for other definitions")
    verdict = _derived(document)
    if document["verdict"] != verdict.value:
        raise SignatureError(
            f"{where}: the result says {document['verdict']}; its criteria and sign-offs say {verdict.value}"
        )
    if (summary["verificationResult"] == "PASSED") != (verdict is State.MET):
        raise SignatureError(
            f"{where}: the summary says {summary['verificationResult']}; the result is {verdict.value}"
        )
    [subject] = statements[0]["subject"]
    return Verified(
        gate=document["gate"], verdict=document["verdict"], subject=subject["digest"], name=subject.get("name", ""),
        built_from=result.get("builtFrom", {}).get("digest", {}), evaluated=result["evaluated"],
        keys=tuple(dict.fromkeys(keys)), criteria=tuple(document["criteria"]),
        waived=tuple(c["criterion"] for c in document["criteria"] if c["waiver"]),
    )  # fmt: skip


def _derived(document: dict[str, Any]) -> State:
    """The verdict that the lines and sign-offs of a result give (rule 8)."""
    blocking = [c for c in document["criteria"] if c["severity"] == "blocking"]
    state = worst([State.MET if c["waiver"] else State(c["verdict"]) for c in blocking])
    asked = [Required(role=s["role"], state=SignOffState(s["state"])) for s in document["signoffs"]]
    return worst([state, State.INCONCLUSIVE]) if any(not s.stands for s in asked) else state
