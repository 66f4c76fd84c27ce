"""SSH signatures: made by `ssh-keygen -Y sign`, checked here, so that checking needs neither ssh-keygen nor an agent.

Formats: the envelope is OpenSSH's PROTOCOL.sshsig; keys and signatures are RFC 4253 section 6.6 (RSA), RFC 8332 (RSA
with SHA-2), RFC 5656 (ECDSA), RFC 8709 (Ed25519); security keys are OpenSSH's PROTOCOL.u2f. Every byte of a signature is
hostile until the key has vouched for it: lengths are bounded by what is there, one value has one encoding, nothing may
be left over.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from upheld.errors import DefinitionError, SignatureError, UsageError

_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
# RSA with 16 384 bits, the most that OpenSSH makes, needs about 6 000 characters.
_LONGEST = 32_768
_MAGIC = b"SSHSIG"
_VERSION = 1
_DIGESTS = ("sha512", "sha256")
_USER_PRESENT = 0x01
_RSA_BITS = range(2048, 16_384 + 1)

# Per kind of key, the signature algorithms that count. For RSA that leaves out `ssh-rsa`, which is SHA-1.
_ALGORITHMS: Mapping[str, Mapping[str, hashes.HashAlgorithm | None]] = {
    "ssh-ed25519": {"ssh-ed25519": None},
    "ecdsa-sha2-nistp256": {"ecdsa-sha2-nistp256": hashes.SHA256()},
    "ecdsa-sha2-nistp384": {"ecdsa-sha2-nistp384": hashes.SHA384()},
    "ecdsa-sha2-nistp521": {"ecdsa-sha2-nistp521": hashes.SHA512()},
    "ssh-rsa": {"rsa-sha2-512": hashes.SHA512(), "rsa-sha2-256": hashes.SHA256()},
    "sk-ssh-ed25519@openssh.com": {"sk-ssh-ed25519@openssh.com": None},
    "sk-ecdsa-sha2-nistp256@openssh.com": {"sk-ecdsa-sha2-nistp256@openssh.com": hashes.SHA256()},
}
_CURVES: Mapping[str, tuple[bytes, ec.EllipticCurve]] = {
    "ecdsa-sha2-nistp256": (b"nistp256", ec.SECP256R1()),
    "ecdsa-sha2-nistp384": (b"nistp384", ec.SECP384R1()),
    "ecdsa-sha2-nistp521": (b"nistp521", ec.SECP521R1()),
    "sk-ecdsa-sha2-nistp256@openssh.com": (b"nistp256", ec.SECP256R1()),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicKey:
    """A public key as a `.pub` file of OpenSSH holds it; made by `parse_public_key`."""

    kind: str
    """The name of its algorithm, such as `ssh-ed25519`."""
    blob: bytes
    """The key in SSH wire format: what the base64 of the line says."""
    comment: str
    """What the line says behind the key, usually `person@machine`; proves nothing."""


def parse_public_key(line: str) -> PublicKey:
    """The key of a line `ssh-ed25519 AAAA… [comment]`, checked to be one that `verify` can use.

    Raises `DefinitionError` that says why the line is no such key.
    """
    if "PRIVATE KEY" in line:
        raise DefinitionError(
            "This is a private key. Take it out of the file and out of git, make a new one, and write the line of its"
            " .pub file instead."
        )
    parts = line.strip().split(maxsplit=2)
    if len(line.strip().splitlines()) != 1 or len(parts) < 2:
        raise DefinitionError(
            f"{_shown(line)} is no SSH public key. Write one line such as 'ssh-ed25519 AAAA… lisa@laptop', as it stands"
            " in the .pub file."
        )
    kind, encoded = parts[:2]
    try:
        _require_known(kind)
        blob = _unbase64(encoded)
        inner = _load(blob).kind
        if inner != kind:
            raise SignatureError(f"the line says {kind}, but the key in it is of the kind {inner}")
    except SignatureError as error:
        raise DefinitionError(
            f"The SSH public key {_shown(line.strip())} cannot be used: {error.message}. Write the line of a .pub file."
        ) from error
    return PublicKey(kind=kind, blob=blob, comment=parts[2] if len(parts) == 3 else "")


def fingerprint(key: PublicKey) -> str:
    """`SHA256:` and the digest of the key in base64 without padding, as `ssh-keygen -l` prints it."""
    return _fingerprint(key.blob)


def verify(signature: str, message: bytes, *, namespace: str, keys: Iterable[PublicKey]) -> PublicKey:
    """The key among `keys` that signed exactly this message for exactly this namespace.

    `signature` is the armored text of `ssh-keygen -Y sign`; how its lines are broken does not matter.
    Raises `SignatureError` that says which part failed: not a signature, wrong namespace, unsupported algorithm, a key
    that is not among `keys` (with its fingerprint), or content that is not what was signed.
    """
    envelope = _open(signature)
    try:
        return _signer(envelope, message, namespace, tuple(keys))
    except SignatureError as error:
        raise SignatureError(f"The signature does not count: {error.message}.") from error


def sign(message: bytes, *, namespace: str, key_file: Path, patience: float = 300.0) -> str:
    """The armored signature of `message`, made by `ssh-keygen -Y sign` and checked by `verify`.

    `key_file` is a private key, or a public key whose private half an agent or a security key holds. Where there is a
    terminal, ssh-keygen asks there for passphrase, PIN and touch. `patience` is in seconds; then ssh-keygen is ended.
    Raises `UsageError` if the file or ssh-keygen is missing, or ssh-keygen fails or takes longer.
    """
    if not key_file.is_file():
        raise UsageError(
            f"There is no key file {key_file}. Name your private key, or its .pub file if an agent has it."
        )
    program = shutil.which("ssh-keygen")
    if program is None:
        raise UsageError("ssh-keygen is not on PATH; it signs. Install OpenSSH (8.2 or newer), then sign again.")
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder, "content")
        content.write_bytes(message)
        command = [program, "-q", "-Y", "sign", "-n", namespace, "-f", str(key_file), str(content)]
        # The content goes through a file, because ssh-keygen asks for a passphrase on its standard input if that is a
        # terminal and would else prefer a window. Without a terminal there is nobody to ask: end of file, not a wait.
        # Its words go to the terminal as they come ("Confirm user presence for key"), else into our message.
        with subprocess.Popen(  # noqa: S603 - no shell, and the program comes from PATH on purpose
            command,
            stdin=None if os.isatty(0) else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.isatty(2) else subprocess.PIPE,
        ) as process:
            try:
                _, words = process.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                # Asked to end, not killed: it may have switched off the echo of the terminal.
                process.terminate()
                raise UsageError(
                    f"ssh-keygen did not sign with {key_file} within {patience:g} s and was ended."
                ) from None
        made = content.with_suffix(".sig")
        if process.returncode != 0 or not made.is_file():
            reason = f": {words.decode(errors='replace').strip()}" if words else ""
            raise UsageError(f"ssh-keygen could not sign with {key_file} (exit status {process.returncode}){reason}")
        signature = made.read_text(encoding="ascii")
    try:
        blob = _open(signature).key
        own = PublicKey(kind=_Wire(blob).text(), blob=blob, comment="")
        verify(signature, message, namespace=namespace, keys=[own])
    except SignatureError as error:
        raise UsageError(f"ssh-keygen signed with {key_file}, but nobody could check it: {error.message}") from error
    return signature


def sign_with(message: bytes, *, namespace: str, key: Ed25519PrivateKey) -> str:
    """The armored signature of `message` by a key that this process holds (a server's own)."""
    public = _strings(b"ssh-ed25519", key.public_key().public_bytes_raw())
    digest = hashlib.sha512(message).digest()
    value = key.sign(_MAGIC + _strings(namespace.encode(), b"", b"sha512", digest))
    signature = _strings(b"ssh-ed25519", value)
    blob = _MAGIC + _VERSION.to_bytes(4) + _strings(public, namespace.encode(), b"", b"sha512", signature)
    armored = base64.b64encode(blob).decode()
    lines = [armored[i : i + 70] for i in range(0, len(armored), 70)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def _strings(*parts: bytes) -> bytes:
    """Strings in SSH wire format."""
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def public_line(key: Ed25519PrivateKey, comment: str) -> str:
    """The public key as a line of OpenSSH, for `keys` or `server-keys` in upheld.yaml."""
    blob = _strings(b"ssh-ed25519", key.public_key().public_bytes_raw())
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Envelope:
    key: bytes
    namespace: bytes
    digest: str
    signature: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Loaded:
    kind: str
    public: Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    application: bytes | None
    """What a security key is bound to, usually `ssh:`; None for a key without hardware."""


class _Wire:
    """Reads SSH wire format (RFC 4251 section 5) front to back, and never beyond what is there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        left = len(self._data) - self._at
        if length > left:
            raise SignatureError(f"it is cut off or garbled ({length} bytes announced, {left} left)")
        self._at += length
        return self._data[self._at - length : self._at]

    def number(self) -> int:
        return int.from_bytes(self.take(4))

    def string(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        return self.string().decode("ascii", "backslashreplace")

    def positive(self) -> int:
        """An mpint above 0 in its only encoding: no sign, no needless zero in front."""
        data = self.string()
        if not data or data[0] >= 0x80 or (data[0] == 0 and (len(data) == 1 or data[1] < 0x80)):
            raise SignatureError("it is garbled (a number that is not positive or not in its shortest form)")
        return int.from_bytes(data)

    def end(self) -> None:
        left = len(self._data) - self._at
        if left:
            raise SignatureError(f"it is garbled ({left} bytes left over behind its end)")


# What follows raises `SignatureError` with a clause, without a capital or a full stop. The public functions put it into
# their sentence.


def _open(signature: str) -> _Envelope:
    """The parts of an armored signature (PROTOCOL.sshsig sections 1 and 2)."""
    try:
        if len(signature) > _LONGEST:
            raise SignatureError(f"it has {len(signature)} characters, and none has more than {_LONGEST}")
        lines = signature.replace("\r\n", "\n").rstrip("\n").split("\n")
        if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
            raise SignatureError(f"it does not begin with the line {_BEGIN} and end with the line {_END}")
        wire = _Wire(_unbase64("".join(lines[1:-1])))
        if wire.take(len(_MAGIC)) != _MAGIC:
            raise SignatureError(f"what it holds does not begin with {_MAGIC.decode()}")
        version = wire.number()
        if version != _VERSION:
            raise SignatureError(f"it has version {version} of the format, and only version {_VERSION} is known")
        key, namespace, reserved, digest, value = (wire.string() for _ in range(5))
        wire.end()
        # OpenSSH skips the reserved field, which no signature covers. What nothing covers, nobody may fill.
        if reserved:
            raise SignatureError(f"its reserved field holds {len(reserved)} bytes, and version {_VERSION} has none")
        if not namespace:
            raise SignatureError("it names no namespace")
    except SignatureError as error:
        raise SignatureError(
            f"This is not an SSH signature: {error.message}. Sign again, and keep the result as it is."
        ) from error
    return _Envelope(key=key, namespace=namespace, digest=digest.decode("ascii", "backslashreplace"), signature=value)


def _signer(envelope: _Envelope, message: bytes, namespace: str, keys: Sequence[PublicKey]) -> PublicKey:
    """The key among `keys` that made the signature, after every check that the envelope itself does not need."""
    if envelope.namespace != namespace.encode():
        made_for = _shown(envelope.namespace.decode("utf-8", "backslashreplace"))
        raise SignatureError(f"it was made for {made_for}, not for {_shown(namespace)}. Sign this content itself")
    kind = _Wire(envelope.key).text()
    _require_known(kind)
    by = _fingerprint(envelope.key)
    key = next((key for key in keys if key.blob == envelope.key), None)
    if key is None:
        raise SignatureError(
            f"it was made with the {kind} key {by}, which is not among the allowed keys ({len(keys)}). Sign with one of"
            " them, or let the owner of that key have its .pub line added to theirs"
        )
    if envelope.digest not in _DIGESTS:
        raise SignatureError(
            f"the hash algorithm {_shown(envelope.digest)} is not supported. Sign again with {' or '.join(_DIGESTS)}"
        )
    digest = hashlib.new(envelope.digest, message).digest()
    fields = (envelope.namespace, b"", envelope.digest.encode(), digest)
    signed = _MAGIC + b"".join(len(field).to_bytes(4) + field for field in fields)
    try:
        _check(_load(envelope.key), _Wire(envelope.signature), signed)
    except InvalidSignature:
        raise SignatureError(
            f"the content is not what {by} signed. It was changed afterwards, or the signature was: restore it, or"
            " sign it as it is now"
        ) from None
    return key


def _check(key: _Loaded, wire: _Wire, signed: bytes) -> None:
    """Raise `InvalidSignature` unless the signature on the wire is the key's over `signed`."""
    algorithm = wire.text()
    algorithms = _ALGORITHMS[key.kind]
    if algorithm not in algorithms:
        raise SignatureError(
            f"the algorithm {_shown(algorithm)} is not supported for a key of the kind {key.kind}. Sign again with"
            f" {' or '.join(algorithms)}"
        )
    digest = algorithms[algorithm]
    value = wire.string()
    flags = _USER_PRESENT
    if key.application is not None:
        # PROTOCOL.u2f, "SSH U2F signatures": the hardware signs digests, its flags and its counter.
        flags_and_counter = wire.take(1 + 4)
        flags = flags_and_counter[0]
        signed = hashlib.sha256(key.application).digest() + flags_and_counter + hashlib.sha256(signed).digest()
    wire.end()
    match key.public, digest:
        case Ed25519PublicKey() as public, None:
            public.verify(value, signed)
        case ec.EllipticCurvePublicKey() as public, hashes.HashAlgorithm():
            numbers = _Wire(value)
            r, s = numbers.positive(), numbers.positive()
            numbers.end()
            public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(digest))
        case rsa.RSAPublicKey() as public, hashes.HashAlgorithm():
            # Some agents drop leading zeros; OpenSSH puts them back as well.
            public.verify(value.rjust((public.key_size + 7) // 8, b"\0"), signed, padding.PKCS1v15(), digest)
        case _:
            # A kind added to one table and not to the other must never pass unchecked.
            raise SignatureError(f"a signature of a {key.kind} key cannot be checked")
    if not flags & _USER_PRESENT:
        raise SignatureError(
            "the security key signed without being touched, so it shows no person. Sign again, with touch"
        )


def _load(blob: bytes) -> _Loaded:
    """The key of a blob in wire format, strong enough to count."""
    wire = _Wire(blob)
    kind = wire.text()
    _require_known(kind)
    public: Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    try:
        if kind in _CURVES:
            name, curve = _CURVES[kind]
            if wire.string() != name:
                raise SignatureError(f"the key is not on the curve {name.decode()} of its kind")
            point = wire.string()
            # OpenSSH writes points uncompressed alone; another form would give one key two fingerprints.
            if point[:1] != b"\x04":
                raise SignatureError("its point is not in uncompressed form")
            public = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
        elif kind == "ssh-rsa":
            exponent, modulus = wire.positive(), wire.positive()
            if modulus.bit_length() not in _RSA_BITS:
                raise SignatureError(
                    f"the RSA key has {modulus.bit_length()} bits; from {_RSA_BITS[0]} to {_RSA_BITS[-1]} count"
                )
            public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        else:
            public = Ed25519PublicKey.from_public_bytes(wire.string())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError(f"it holds no {kind} key ({error})") from error
    application = wire.string() if kind.startswith("sk-") else None
    wire.end()
    return _Loaded(kind=kind, public=public, application=application)


def _require_known(kind: str) -> None:
    if "-cert-v" in kind:
        raise SignatureError(
            f"{_shown(kind)} is a certificate, whose authority and dates nobody checks here. Use the plain key in it"
        )
    if kind not in _ALGORITHMS:
        raise SignatureError(f"{_shown(kind)} is not a supported kind of key; supported are {', '.join(_ALGORITHMS)}")


def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _unbase64(text: str) -> bytes:
    """The bytes of a base64 text in its only form, so that one signature is one text."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SignatureError("it is garbled (not base64)") from error
    if base64.b64encode(data).decode() != text:
        raise SignatureError("it is garbled (base64, but not as an encoder writes it)")
    return data


def _shown(text: str) -> str:
    """Foreign text, quoted, without control characters, and no longer than a line can bear."""
    return repr(text if len(text) <= 48 else text[:47] + "…")
