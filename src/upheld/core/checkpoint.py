"""A checkpoint: the size and root of a log as a C2SP tlog-checkpoint inside a C2SP signed note.

Nothing here signs or checks a signature: that needs a key, which belongs to the edge.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from upheld.errors import SignatureError

ALGORITHM = b"\x01"  # Ed25519, in signed notes
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """A public key as signed notes name it: `name+hash+base64`."""

    name: str
    key: bytes  # 32 bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ALGORITHM + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ALGORITHM + self.key).decode()}"


def verifier(text: str) -> Verifier:
    """Read `name+hash+base64`; SignatureError when it is none, or its hash is of another key."""
    name, plus, rest = text.strip().partition("+")
    digits, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if not plus or len(key) != 33 or key[:1] != ALGORITHM:
        raise SignatureError(f'"{text[:100]}" is no verifier key; it is written name+hash+base64')
    found = Verifier(name=name, key=key[1:])
    if found.id.hex() != digits:
        raise SignatureError(f'"{text[:100]}": the hash is not of this name and key')
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line of a note."""

    name: str
    id: bytes
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a note states, and who signed it."""

    origin: str
    size: int
    root: bytes
    text: bytes  # what was signed
    signatures: tuple[Signature, ...]


def body(origin: str, size: int, root: bytes) -> bytes:
    """The text of a checkpoint, which is signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def note(text: bytes, signatures: Sequence[tuple[Verifier, bytes]]) -> str:
    """The signed note over a text."""
    lines = [f"{_DASH}{v.name} {base64.b64encode(v.id + value).decode()}\n" for v, value in signatures]
    return text.decode() + "\n" + "".join(lines)


def parse(note_text: str) -> Checkpoint:
    """Read a note in its only form; SignatureError that says what is wrong with it."""
    text, blank, signed = note_text.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) != 3 or not signed.endswith("\n"):
        raise SignatureError("this is no checkpoint: an origin, a size, a root, a blank line, signatures")
    origin, size, encoded = lines
    root = _decoded(encoded)
    if len(root) != 32 or not size.isascii() or not size.isdigit() or str(int(size)) != size or not origin:
        raise SignatureError("this is no checkpoint: its size or root cannot be read")
    signatures = []
    for line in signed[:-1].split("\n"):
        name, _, value = line.removeprefix(_DASH).partition(" ")
        data = _decoded(value)
        if not line.startswith(_DASH) or not name or len(data) != 4 + 64:
            raise SignatureError("a signature line of the checkpoint cannot be read")
        signatures.append(Signature(name=name, id=data[:4], value=data[4:]))
    return Checkpoint(
        origin=origin, size=int(size), root=root, text=(text + "\n").encode(), signatures=tuple(signatures)
    )


def _decoded(text: str) -> bytes:
    """Base64 in its only form; empty for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""
