"""DSSE: what is signed is the type and the bytes of a payload, so that nobody has to agree on one way to write JSON.

https://github.com/secure-systems-lab/dsse (protocol.md, envelope.md), version 1.0. An envelope is read strictly: no other
keys, canonical base64, and the key that is named must be the one that verifies, so that no byte of a file can change
without being noticed.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from upheld.attest.keys import key_id
from upheld.errors import SignatureError

PAYLOAD_TYPE = "application/vnd.in-toto+json"
_ED25519 = 64  # bytes of a signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A payload whose signature holds, and the id of the key that made it."""

    payload: bytes
    key: str


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: `DSSEv1`, then length and bytes of the type and of the payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, key: Ed25519PrivateKey) -> str:
    """One envelope as one line of JSON, without its line break."""
    signature = key.sign(pre_authentication(PAYLOAD_TYPE, payload))
    document = {
        "payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}],
    }  # fmt: skip
    return json.dumps(document, separators=(",", ":"))


def open_envelope(text: str, keys: Sequence[Ed25519PublicKey], *, where: str) -> Envelope:
    """The payload of an envelope that one of the keys signed; `where` names it in the SignatureError for anything else."""
    try:
        document = json.loads(text, object_pairs_hook=_once)
        if set(document) != {"payload", "payloadType", "signatures"}:
            raise SignatureError(f"{where}: an envelope holds payload, payloadType and signatures, and nothing else")
        kind, signatures = document["payloadType"], document["signatures"]
        payload = _decoded(document["payload"], where)
        given = [
            (entry["keyid"], _decoded(entry["sig"], where)) for entry in signatures if set(entry) == {"keyid", "sig"}
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SignatureError(f"{where}: this is no signed envelope") from None
    if kind != PAYLOAD_TYPE:
        raise SignatureError(f'{where}: the payload is of type "{str(kind)[:60]}", not {PAYLOAD_TYPE}')
    if json.dumps(document, separators=(",", ":")) != text:
        raise SignatureError(f"{where}: the envelope is not written the way it is signed")
    if not given or len(given) != len(signatures):
        raise SignatureError(f"{where}: nothing is signed here")
    known = {key_id(key): key for key in keys}
    for name, signature in given:
        key = known.get(name)
        if key is None:
            raise SignatureError(
                f"{where}: signed by the key {str(name)[:12]}…, which is none of those that are trusted"
            )
        try:
            key.verify(signature, pre_authentication(kind, payload))
        except InvalidSignature:
            raise SignatureError(
                f"{where}: the signature does not hold; the statement or the signature was changed"
            ) from None
    return Envelope(payload=payload, key=given[0][0])


def _decoded(text: str, where: str) -> bytes:
    """Base64 in its one canonical spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError(f"{where}: the envelope holds broken base64") from None
    if base64.b64encode(raw).decode() != text:
        raise SignatureError(f"{where}: the envelope holds base64 in another spelling")
    return raw


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
