"""Sign-offs: which roles must agree to which content, and what the signatures found are worth."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from upheld.core.catalogue import Catalogue
from upheld.core.gate import Gate, Required, SignOff, SignOffState

SCHEMA = "upheld/sign-off/v1"
NAMESPACE = "upheld-sign-off"  # of the SSH signature: one made for another purpose is worth nothing here


def content_hash(catalogue: Catalogue, item: str) -> str:
    """The hash of what a requirement or decision says, as `sha256:…`; its status may move without touching it.

    All 256 bits: eight digits tell a reader that a link is out of date, but would not bind a signature.
    """
    title, body, promises = catalogue.words(item) or ("", "", [])
    text = json.dumps([item, " ".join(title.split()), " ".join(body.split()), sorted(promises)], ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def gate_hash(gate: Gate, subject: str, promises: Mapping[str, str]) -> str:
    """The hash that a gate's sign-off approves: the gate's promises (address → hash) on one subject."""
    text = json.dumps([gate.name, subject, sorted(promises.items())], separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def message(sign_off: SignOff) -> bytes:
    """The bytes that a person signs: everything but the signature, canonically."""
    time = sign_off.time.isoformat().replace("+00:00", "Z") if sign_off.time else ""
    record = {
        "schema": SCHEMA, "item": sign_off.item, "hash": sign_off.hash, "role": sign_off.role,
        "person": sign_off.person, "meaning": sign_off.meaning, "time": time,
    }  # fmt: skip
    if sign_off.via:
        record["via"] = sign_off.via
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def roles_asked(catalogue: Catalogue, item: str) -> tuple[str, ...]:
    """Who must agree: product and engineering, and every customer that a requirement names one by one."""
    requirement = catalogue.requirements.get(item)
    named = requirement.customers if requirement else ()
    customers = [f"customer:{c}" for c in named if c != "all" and ":" not in c]
    return ("product", "engineering", *customers)


def required_of(catalogue: Catalogue, item: str, found: Sequence[SignOff]) -> tuple[Required, ...]:
    """What is known of every sign-off that an item asks for, and of those that were given beyond."""
    expected = content_hash(catalogue, item)
    roles = dict.fromkeys([*roles_asked(catalogue, item), *(s.role for s in found)])
    return tuple(state_of(catalogue, role, expected, found) for role in roles)


def state_of(catalogue: Catalogue, role: str, expected: str, found: Sequence[SignOff]) -> Required:
    """The best sign-off found for a role: signed, asserted, stale, invalid or missing."""
    best = Required(role=role, state=SignOffState.MISSING)
    order = (SignOffState.MISSING, SignOffState.INVALID, SignOffState.STALE, SignOffState.ASSERTED, SignOffState.SIGNED)
    for sign_off in found:
        if sign_off.role != role:
            continue
        state, detail = _worth(catalogue, sign_off, expected)
        if order.index(state) > order.index(best.state):
            best = Required(role=role, state=state, person=sign_off.person, detail=detail, time=sign_off.time)
    return best


def _worth(catalogue: Catalogue, sign_off: SignOff, expected: str) -> tuple[SignOffState, str]:
    person = catalogue.people.get(sign_off.person)
    role, _, customer = sign_off.role.partition(":")
    if person is None:
        return SignOffState.INVALID, f"{sign_off.person} is nobody in upheld.yaml"
    if role not in person.roles or (customer and person.customer != customer):
        return SignOffState.INVALID, f"{sign_off.person} does not hold the role {sign_off.role}"
    if sign_off.valid is False and not person.keys and not sign_off.via:
        return SignOffState.INVALID, f"{sign_off.person} has no keys under people in upheld.yaml"
    if sign_off.valid is False:
        return SignOffState.INVALID, f"the signature of {sign_off.person} does not verify"
    if sign_off.hash != expected:
        return SignOffState.STALE, f"{sign_off.person} signed another version"
    return (SignOffState.SIGNED, "") if sign_off.valid else (SignOffState.ASSERTED, "not signed with a key")
