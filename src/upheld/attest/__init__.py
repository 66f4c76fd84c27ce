"""Signed statements about a gate: in-toto statements in DSSE envelopes, signed with Ed25519, checked offline.

A bundle is JSON Lines, one envelope a line: the gate's whole result, and a SLSA verification summary that rests on it.
"""

from upheld.attest.envelope import Envelope, open_envelope, seal
from upheld.attest.keys import make_key, private_key, public_key
from upheld.attest.statement import Attested, bundle, gate_statement, summary_statement
from upheld.attest.verify import Verified, is_bundle, verify_bundle

__all__ = [
    "Attested",
    "Envelope",
    "Verified",
    "bundle",
    "gate_statement",
    "is_bundle",
    "make_key",
    "open_envelope",
    "private_key",
    "public_key",
    "seal",
    "summary_statement",
    "verify_bundle",
]
