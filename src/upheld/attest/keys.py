"""Ed25519 keys of machines, as PEM files or in OpenSSH's form; whoever has one of people's SSH keys signs with `upheld sign`."""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from upheld.errors import UsageError


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key of a file (PKCS 8 in PEM, or OpenSSH), without a pass phrase; UsageError for anything else."""
    raw = _read(path)
    try:
        load = (
            serialization.load_ssh_private_key
            if b"BEGIN OPENSSH PRIVATE KEY" in raw
            else serialization.load_pem_private_key
        )
        key = load(raw, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"{path} is no private key that can be used: {error}; make one with: upheld audit key"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} is a key of another kind; attestations are signed with Ed25519: upheld audit key")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key of a file (PEM, or one line of OpenSSH); UsageError for anything else."""
    raw = _read(path)
    try:
        load = serialization.load_ssh_public_key if raw.startswith(b"ssh-") else serialization.load_pem_public_key
        key = load(raw)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{path} is no public key: {error}; give the .pub file of the signer") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path} is a key of another kind; attestations are signed with Ed25519")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """The SHA-256 of the key's 32 bytes, in hex: what an envelope names it by."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def make_key(path: Path) -> Path:
    """Write a new private key (readable by its owner alone) and, beside it, `.pub`; never over an existing file."""
    beside = path.with_name(path.name + ".pub")
    for file in (path, beside):
        if file.exists():
            raise UsageError(f"{file} is there already; nothing was written")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(secret)
    beside.write_bytes(shown)
    return beside


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
