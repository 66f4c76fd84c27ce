"""What is attested: an in-toto statement with the whole result of a gate, and a SLSA verification summary beside it.

Statement: https://github.com/in-toto/attestation (spec v1). Summary: https://slsa.dev/spec/v1.0/verification_summary.
A summary knows PASSED and FAILED alone; that something was inconclusive or waived is said in the result, whose digest the
summary names, and in a field of ours (custom fields are URIs). A waived criterion lets the gate pass, and is listed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from upheld.attest.envelope import seal
from upheld.errors import UsageError

STATEMENT = "https://in-toto.io/Statement/v1"
GATE_RESULT = "urn:upheld:gate-result:v1"
SUMMARY = "https://slsa.dev/verification_summary/v1"
VERIFIER = "urn:upheld:check"
WAIVED = "urn:upheld:waived"
SLSA_VERSION = "1.0"

Json = dict[str, object]
# How in-toto names what our subjects are: https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md
_DIGESTS = {"sha256": "sha256", "tree": "gitTree", "git": "gitCommit", "commit": "gitCommit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What a statement is about beside the gate's own result."""

    subject: str  # "sha256:…", "tree:…", "git:…"
    name: str = ""  # of the subject: the file's name
    resource: str = ""  # where others find it, as a URI
    built_from: str = ""  # the source that the artifact was built from
    definitions: Mapping[str, str]  # criterion → hash of its promise and binding
    evidence: Sequence[Json] = ()  # id, digest of the source, tool, run of each record
    at: datetime
    version: str  # of the tool


def digest_set(subject: str) -> dict[str, str]:
    """A subject as in-toto names it; UsageError for one without a digest, which nothing can be attested about."""
    kind, _, value = subject.partition(":")
    name = _DIGESTS.get(kind)
    if name is None or not value or not all(c in "0123456789abcdef" for c in value):
        raise UsageError(f'"{subject}" is no digest that can be attested; give --subject sha256:… or tree:…')
    return {name: value}


def gate_statement(document: Json, about: Attested) -> Json:
    """The statement of a gate's result: `document` is `upheld/gate-result/v1`."""
    predicate: Json = {
        "result": document,
        "evaluated": _time(about.at),
        "verifier": {"id": VERIFIER, "version": {"upheld": about.version}},
        "definitions": dict(about.definitions),
        "evidence": list(about.evidence),
    }
    if about.built_from:
        predicate["builtFrom"] = {"digest": digest_set(about.built_from)}
    return _statement(about, GATE_RESULT, predicate)


def summary_statement(document: Json, about: Attested, *, result: bytes) -> Json:
    """The verification summary that rests on the statement with the payload `result`."""
    passed = document["verdict"] == "met"
    gate = str(document["gate"])
    criteria = document["criteria"]
    waived = [c["criterion"] for c in criteria if c["waiver"]] if isinstance(criteria, list) else []
    policy = hashlib.sha256(canonical(dict(about.definitions))).hexdigest()
    predicate: Json = {
        "verifier": {"id": VERIFIER, "version": {"upheld": about.version}},
        "timeVerified": _time(about.at),
        "resourceUri": about.resource or f"urn:upheld:subject:{about.subject}",
        "policy": {"uri": f"gates.yaml#{gate}", "digest": {"sha256": policy}},
        "inputAttestations": [
            {"uri": GATE_RESULT, "digest": {"sha256": hashlib.sha256(result).hexdigest()}},
            *(
                {"uri": "urn:upheld:evidence:v1", "digest": {"sha256": str(e["id"]).removeprefix("sha256:")}}
                for e in about.evidence
            ),
        ],
        "verificationResult": "PASSED" if passed else "FAILED",
        "verifiedLevels": [_level(gate)] if passed else ["FAILED"],
        "slsaVersion": SLSA_VERSION,
        WAIVED: waived,
    }
    return _statement(about, SUMMARY, predicate)


def bundle(document: Json, about: Attested, key: Ed25519PrivateKey) -> str:
    """Both statements, signed, as JSON Lines."""
    result = canonical(gate_statement(document, about))
    summary = canonical(summary_statement(document, about, result=result))
    return f"{seal(result, key)}\n{seal(summary, key)}\n"


def canonical(document: object) -> bytes:
    """JSON with sorted keys and no spaces; no number that JSON does not know."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _level(gate: str) -> str:
    """A level's name of our own (those of SLSA start with SLSA_)."""
    return "UPHELD_GATE_" + "".join(c if c.isalnum() else "_" for c in gate.upper())


def _statement(about: Attested, kind: str, predicate: Json) -> Json:
    subject: Json = {"digest": digest_set(about.subject)}
    if about.name:
        subject["name"] = about.name
    return {"_type": STATEMENT, "subject": [subject], "predicateType": kind, "predicate": predicate}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
