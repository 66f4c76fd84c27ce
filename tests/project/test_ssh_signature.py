"""SSH signatures: ssh-keygen is the oracle; what it cannot make (SHA-1, security keys, broken bytes) is built by hand."""

import base64
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from upheld.errors import DefinitionError, SignatureError, UsageError
from upheld.project.ssh_signature import PublicKey, fingerprint, parse_public_key, sign, verify

pytestmark = pytest.mark.upheld("REQ-GAT-002.c1")

NAMESPACE = "upheld"
MESSAGE = b'{"item": "REQ-LAT-001", "hash": "3f9a1c2e", "meaning": "approved"}\n'

KINDS = {
    "ed25519": ("-t", "ed25519"),
    "ecdsa-256": ("-t", "ecdsa", "-b", "256"),
    "ecdsa-384": ("-t", "ecdsa", "-b", "384"),
    "ecdsa-521": ("-t", "ecdsa", "-b", "521"),
    "rsa-2048": ("-t", "rsa", "-b", "2048"),
    "rsa-3072": ("-t", "rsa", "-b", "3072"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def oracle() -> str:
    program = shutil.which("ssh-keygen")
    return program or pytest.skip("ssh-keygen, the oracle of this test, is not installed")


def keygen(*options: str | Path, message: bytes = b"") -> str:
    return subprocess.run([oracle(), *options], input=message, capture_output=True, check=True).stdout.decode()


def new_key(file: Path, *options: str, passphrase: str = "") -> Path:
    keygen("-q", *options, "-N", passphrase, "-C", "lisa@laptop", "-f", file)
    return file


def public(file: Path) -> PublicKey:
    return parse_public_key(file.with_name(file.name + ".pub").read_text())


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """One private key file per kind."""
    folder = tmp_path_factory.mktemp("keys")
    return {kind: new_key(folder / kind, *options) for kind, options in KINDS.items()}


@pytest.fixture(scope="module")
def signatures(keys: Mapping[str, Path]) -> Mapping[str, str]:
    """What ssh-keygen itself says for MESSAGE, per kind."""
    return {kind: keygen("-Y", "sign", "-n", NAMESPACE, "-f", file, message=MESSAGE) for kind, file in keys.items()}


def ssh_keygen_accepts(signature: str, key: PublicKey, folder: Path, message: bytes = MESSAGE) -> bool:
    """What `ssh-keygen -Y verify` thinks."""
    (folder / "signature").write_text(signature)
    (folder / "allowed").write_text(f"lisa {key.kind} {base64.b64encode(key.blob).decode()}\n")
    command = f"-Y verify -n {NAMESPACE} -I lisa -f {folder / 'allowed'} -s {folder / 'signature'}"
    done = subprocess.run([oracle(), *command.split()], input=message, capture_output=True, check=False)
    return done.returncode == 0


# ------------------------------------------------------------------------------------------- wire format, written here


def string(data: bytes | str) -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return len(data).to_bytes(4) + data


def mpint(number: int) -> bytes:
    return string(number.to_bytes(number.bit_length() // 8 + 1))


def armor(blob: bytes, width: int = 70) -> str:
    text = base64.b64encode(blob).decode()
    lines = "\n".join(text[i : i + width] for i in range(0, len(text), width))
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n"


def blob_of(signature: str) -> bytes:
    return base64.b64decode("".join(signature.splitlines()[1:-1]))


def strings_of(data: bytes) -> list[bytes]:
    found = []
    while data:
        length = int.from_bytes(data[:4])
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found


def to_sign(message: bytes = MESSAGE, digest: str = "sha512") -> bytes:
    hashed = hashlib.new(digest, message).digest()
    return b"SSHSIG" + string(NAMESPACE) + string("") + string(digest) + string(hashed)


def envelope(
    key: bytes,
    signature: bytes,
    *,
    digest: str = "sha512",
    namespace: str = NAMESPACE,
    reserved: bytes = b"",
    version: int = 1,
    magic: bytes = b"SSHSIG",
) -> bytes:
    fields = string(key) + string(namespace) + string(reserved) + string(digest) + string(signature)
    return magic + version.to_bytes(4) + fields


def private(file: Path) -> object:
    return serialization.load_ssh_private_key(file.read_bytes(), password=None)


def rsa_signature(file: Path, algorithm: str, digest: hashes.HashAlgorithm) -> str:
    """Signed by hand with one hash, and named as the caller says."""
    key = private(file)
    assert isinstance(key, rsa.RSAPrivateKey)
    value = key.sign(to_sign(), padding.PKCS1v15(), digest)
    return armor(envelope(public(file).blob, string(algorithm) + string(value)))


def key_line(kind: str, *fields: bytes) -> str:
    return f"{kind} {base64.b64encode(string(kind) + b''.join(fields)).decode()} lisa@laptop"


# --------------------------------------------------------------------------------------------------------- public keys


@every_kind
def test_a_fingerprint_is_the_one_that_ssh_keygen_prints(keys: Mapping[str, Path], kind: str) -> None:
    assert fingerprint(public(keys[kind])) == keygen("-l", "-f", keys[kind]).split()[1]


def test_a_line_gives_kind_blob_and_comment(keys: Mapping[str, Path]) -> None:
    line = keys["ed25519"].with_name("ed25519.pub").read_text()
    blob = base64.b64decode(line.split()[1])
    assert parse_public_key(line) == PublicKey(kind="ssh-ed25519", blob=blob, comment="lisa@laptop")


def test_a_comment_may_be_missing_or_hold_blanks(keys: Mapping[str, Path]) -> None:
    kind, encoded, _ = keys["ed25519"].with_name("ed25519.pub").read_text().split()
    assert parse_public_key(f"{kind} {encoded}").comment == ""
    assert parse_public_key(f"  {kind}\t{encoded}   Lisa of  the bank \n").comment == "Lisa of  the bank"


POINT = ec.generate_private_key(ec.SECP256R1()).public_key()
X962 = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
COMPRESSED = (serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
OFF_CURVE = POINT.public_bytes(*X962)[:-1] + bytes([POINT.public_bytes(*X962)[-1] ^ 1])

NO_KEYS = {
    "nothing": ("", "is no SSH public key"),
    "a kind alone": ("ssh-ed25519", "is no SSH public key"),
    "two lines": ("ssh-ed25519 AAAA\nssh-ed25519 AAAA", "is no SSH public key"),
    "a private key": ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", "This is a private key. Take it out"),
    "a line of allowed_signers": ("lisa@example.com ssh-ed25519 AAAA", "'lisa@example.com' is not a supported kind"),
    "an option in front": ("no-pty ssh-ed25519 AAAA", "'no-pty' is not a supported kind"),
    "DSA": (key_line("ssh-dss", string(b"x")), "'ssh-dss' is not a supported kind"),
    "no base64": ("ssh-ed25519 AAA%", "it is garbled (not base64)"),
    "base64 with letters that are not ASCII": ("ssh-ed25519 ÄÄÄÄ", "it is garbled (not base64)"),
    "base64 without padding": ("ssh-ed25519 AAAAC3N", "it is garbled"),
    "base64 with stray bits": ("ssh-ed25519 AAAAC3N=", "it is garbled"),
    "a key that is cut off": ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "cut off or garbled (32 bytes announced, 0"),
    "bytes behind the key": (key_line("ssh-ed25519", string(bytes(32)), b"x"), "1 bytes left over"),
    "a short key": (key_line("ssh-ed25519", string(bytes(31))), "it holds no ssh-ed25519 key"),
    "another kind inside": (
        "ssh-rsa " + key_line("ssh-ed25519", string(bytes(32))).split()[1],
        "says ssh-rsa, but the key in it is of the kind ssh-ed25519",
    ),
    "RSA with 1024 bits": (key_line("ssh-rsa", mpint(65537), mpint((1 << 1023) + 1)), "the RSA key has 1024 bits"),
    "RSA with 2047 bits": (key_line("ssh-rsa", mpint(65537), mpint((1 << 2046) + 1)), "the RSA key has 2047 bits"),
    "RSA with 16385 bits": (key_line("ssh-rsa", mpint(65537), mpint((1 << 16384) + 1)), "has 16385 bits"),
    "RSA with exponent 1": (key_line("ssh-rsa", mpint(1), mpint((1 << 2047) + 1)), "it holds no ssh-rsa key"),
    "RSA with a negative modulus": (key_line("ssh-rsa", mpint(3), string(b"\xff" * 256)), "not positive"),
    "RSA with a needless zero": (key_line("ssh-rsa", string(b"\0\x03"), mpint((1 << 2047) + 1)), "shortest form"),
    "RSA with modulus 0": (key_line("ssh-rsa", mpint(3), string(b"")), "not positive"),
    "a curve of another kind": (
        key_line("ecdsa-sha2-nistp256", string("nistp384"), string(POINT.public_bytes(*X962))),
        "not on the curve nistp256",
    ),
    "a compressed point": (
        key_line("ecdsa-sha2-nistp256", string("nistp256"), string(POINT.public_bytes(*COMPRESSED))),
        "uncompressed",
    ),
    "a point off the curve": (
        key_line("ecdsa-sha2-nistp256", string("nistp256"), string(OFF_CURVE)),
        "it holds no ecdsa-sha2-nistp256 key",
    ),
    "an empty point": (key_line("ecdsa-sha2-nistp256", string("nistp256"), string("")), "uncompressed"),
    "a security key without application": (
        key_line("sk-ssh-ed25519@openssh.com", string(bytes(32))),
        "cut off or garbled",
    ),
}


@pytest.mark.parametrize(("line", "complaint"), NO_KEYS.values(), ids=NO_KEYS)
def test_a_line_that_is_no_usable_key_is_refused_with_the_reason(line: str, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(complaint)):
        parse_public_key(line)


def test_a_certificate_is_refused_with_the_reason(keys: Mapping[str, Path], tmp_path: Path) -> None:
    member = new_key(tmp_path / "member", "-t", "ed25519")
    keygen("-q", "-s", keys["ed25519"], "-I", "lisa", "-n", "lisa", member.with_name("member.pub"))
    with pytest.raises(DefinitionError, match="is a certificate, whose authority and dates nobody checks here"):
        parse_public_key(member.with_name("member-cert.pub").read_text())


def test_a_private_key_is_not_repeated_in_the_message(keys: Mapping[str, Path]) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_public_key(keys["ed25519"].read_text())
    assert "b3BlbnNzaC1rZXk" not in caught.value.message


# ----------------------------------------------------------------------------------------------------- good signatures


@every_kind
def test_a_signature_of_ssh_keygen_gives_the_key_that_made_it(
    keys: Mapping[str, Path], signatures: Mapping[str, str], kind: str
) -> None:
    everybody = [public(file) for file in keys.values()]
    assert verify(signatures[kind], MESSAGE, namespace=NAMESPACE, keys=iter(everybody)) == public(keys[kind])


@every_kind
def test_what_sign_makes_is_accepted_by_ssh_keygen_and_by_verify(
    keys: Mapping[str, Path], tmp_path: Path, kind: str
) -> None:
    made = sign(MESSAGE, namespace=NAMESPACE, key_file=keys[kind])
    assert ssh_keygen_accepts(made, public(keys[kind]), tmp_path)
    assert verify(made, MESSAGE, namespace=NAMESPACE, keys=[public(keys[kind])]).comment == "lisa@laptop"


def test_a_signature_over_sha256_counts_as_well(keys: Mapping[str, Path], tmp_path: Path) -> None:
    key = private(keys["ed25519"])
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    own = public(keys["ed25519"])
    value = string("ssh-ed25519") + string(key.sign(to_sign(digest="sha256")))
    made = armor(envelope(own.blob, value, digest="sha256"))
    assert ssh_keygen_accepts(made, own, tmp_path)
    assert verify(made, MESSAGE, namespace=NAMESPACE, keys=[own]) == own


def test_rsa_with_sha256_counts_as_well(keys: Mapping[str, Path], tmp_path: Path) -> None:
    own = public(keys["rsa-2048"])
    made = rsa_signature(keys["rsa-2048"], "rsa-sha2-256", hashes.SHA256())
    assert ssh_keygen_accepts(made, own, tmp_path)
    assert verify(made, MESSAGE, namespace=NAMESPACE, keys=[own]) == own


def test_an_rsa_signature_whose_leading_zeros_an_agent_dropped_counts_as_it_does_for_ssh_keygen(
    keys: Mapping[str, Path], tmp_path: Path
) -> None:
    key, own = private(keys["rsa-2048"]), public(keys["rsa-2048"])
    assert isinstance(key, rsa.RSAPrivateKey)
    for i in range(5_000):
        message = str(i).encode()
        value = key.sign(to_sign(message), padding.PKCS1v15(), hashes.SHA512())
        if value[0] == 0:
            break
    else:
        pytest.fail("no signature begins with a zero: 1 in 256 should")
    made = armor(envelope(own.blob, string("rsa-sha2-512") + string(value.lstrip(b"\0"))))
    assert ssh_keygen_accepts(made, own, tmp_path, message)
    assert verify(made, message, namespace=NAMESPACE, keys=[own]) == own


LAYOUTS: Mapping[str, Callable[[str], str]] = {
    "CRLF line ends": lambda text: text.replace("\n", "\r\n"),
    "no line end at the end": lambda text: text.rstrip("\n"),
    "several line ends at the end": lambda text: text + "\n\n",
    "76 columns": lambda text: armor(blob_of(text), width=76),
    "one long line": lambda text: armor(blob_of(text), width=10_000),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_how_lines_are_broken_does_not_matter(
    keys: Mapping[str, Path], signatures: Mapping[str, str], layout: Callable[[str], str]
) -> None:
    own = public(keys["ed25519"])
    assert verify(layout(signatures["ed25519"]), MESSAGE, namespace=NAMESPACE, keys=[own]) == own


def test_an_empty_message_and_one_of_ten_megabytes_can_be_signed(keys: Mapping[str, Path]) -> None:
    own = public(keys["ed25519"])
    for message in (b"", bytes(10_000_000)):
        made = sign(message, namespace=NAMESPACE, key_file=keys["ed25519"])
        assert verify(made, message, namespace=NAMESPACE, keys=[own]) == own


# ------------------------------------------------------------------------------------------------- what does not count


@every_kind
def test_any_changed_byte_of_the_content_is_noticed(
    keys: Mapping[str, Path], signatures: Mapping[str, str], kind: str
) -> None:
    own = public(keys[kind])
    for at in range(len(MESSAGE)):
        changed = MESSAGE[:at] + bytes([MESSAGE[at] ^ 1]) + MESSAGE[at + 1 :]
        with pytest.raises(SignatureError, match=f"the content is not what {re.escape(fingerprint(own))} signed"):
            verify(signatures[kind], changed, namespace=NAMESPACE, keys=[own])


@every_kind
def test_another_namespace_is_refused_and_both_are_named(
    keys: Mapping[str, Path], signatures: Mapping[str, str], kind: str
) -> None:
    with pytest.raises(SignatureError, match="it was made for 'upheld', not for 'git'"):
        verify(signatures[kind], MESSAGE, namespace="git", keys=[public(keys[kind])])


@every_kind
def test_a_key_that_is_not_allowed_is_named_by_its_fingerprint(
    keys: Mapping[str, Path], signatures: Mapping[str, str], kind: str
) -> None:
    others = [public(file) for name, file in keys.items() if name != kind]
    own = re.escape(fingerprint(public(keys[kind])))
    with pytest.raises(SignatureError, match=rf"key {own}, which is not among the allowed keys \(5\)"):
        verify(signatures[kind], MESSAGE, namespace=NAMESPACE, keys=others)


def test_without_allowed_keys_nothing_counts(signatures: Mapping[str, str]) -> None:
    with pytest.raises(SignatureError, match=r"not among the allowed keys \(0\)"):
        verify(signatures["ed25519"], MESSAGE, namespace=NAMESPACE, keys=[])


def test_an_allowed_key_put_in_the_place_of_the_one_that_signed_does_not_help(
    keys: Mapping[str, Path], tmp_path: Path
) -> None:
    lisa, stranger = public(keys["ed25519"]), new_key(tmp_path / "stranger", "-t", "ed25519")
    theirs = keygen("-Y", "sign", "-n", NAMESPACE, "-f", stranger, message=MESSAGE)
    forged = armor(blob_of(theirs).replace(public(stranger).blob, lisa.blob))
    with pytest.raises(SignatureError, match="the content is not what"):
        verify(forged, MESSAGE, namespace=NAMESPACE, keys=[lisa])


def test_rsa_with_sha1_is_refused_by_its_name(keys: Mapping[str, Path], tmp_path: Path) -> None:
    made = rsa_signature(keys["rsa-2048"], "ssh-rsa", hashes.SHA1())
    assert not ssh_keygen_accepts(made, public(keys["rsa-2048"]), tmp_path)
    with pytest.raises(SignatureError, match="the algorithm 'ssh-rsa' is not supported for a key of the kind ssh-rsa"):
        verify(made, MESSAGE, namespace=NAMESPACE, keys=[public(keys["rsa-2048"])])


@pytest.mark.parametrize("algorithm", ["rsa-sha2-256", "rsa-sha2-512"])
def test_rsa_with_sha1_under_a_better_name_is_refused(keys: Mapping[str, Path], algorithm: str) -> None:
    made = rsa_signature(keys["rsa-2048"], algorithm, hashes.SHA1())
    with pytest.raises(SignatureError, match="the content is not what"):
        verify(made, MESSAGE, namespace=NAMESPACE, keys=[public(keys["rsa-2048"])])


def test_a_key_that_nobody_parsed_is_weighed_all_the_same(tmp_path: Path) -> None:
    weak = new_key(tmp_path / "weak", "-t", "rsa", "-b", "1024")
    kind, encoded, comment = weak.with_name("weak.pub").read_text().split()
    key = PublicKey(kind=kind, blob=base64.b64decode(encoded), comment=comment)
    made = keygen("-Y", "sign", "-n", NAMESPACE, "-f", weak, message=MESSAGE)
    with pytest.raises(SignatureError, match="the RSA key has 1024 bits; from 2048 to 16384 count"):
        verify(made, MESSAGE, namespace=NAMESPACE, keys=[key])


def test_an_rsa_key_with_an_even_modulus_verifies_nothing() -> None:
    key = parse_public_key(key_line("ssh-rsa", mpint(65537), mpint(1 << 2047)))
    for value in (bytes(256), b"\x01" * 256, (1).to_bytes(256)):
        made = armor(envelope(key.blob, string("rsa-sha2-512") + string(value)))
        with pytest.raises(SignatureError, match="the content is not what"):
            verify(made, MESSAGE, namespace=NAMESPACE, keys=[key])


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ED25519_BLOB = string("ssh-ed25519") + string(ED25519.public_key().public_bytes_raw())
ED25519_KEY = PublicKey(kind="ssh-ed25519", blob=ED25519_BLOB, comment="")
GOOD = string("ssh-ed25519") + string(ED25519.sign(to_sign()))
GOOD_BLOB = envelope(ED25519_BLOB, GOOD)
GOOD_BODY = base64.b64encode(GOOD_BLOB).decode()
# The same bytes in base64 whose unused last bits are not zero.
STRAY = GOOD_BODY.rstrip("=")[:-1] + chr(ord(GOOD_BODY.rstrip("=")[-1]) + 1) + "=" * GOOD_BODY.count("=")

BROKEN = {
    "empty": ("", "does not begin with the line -----BEGIN SSH SIGNATURE-----"),
    "a page of HTML": ("<html>502 Bad Gateway</html>", "does not begin with the line"),
    "a PGP signature": (armor(GOOD_BLOB).replace("SSH", "PGP"), "does not begin with the line"),
    "a header alone": ("-----BEGIN SSH SIGNATURE-----", "end with the line -----END SSH SIGNATURE-----"),
    "header and footer alone": (armor(b"").replace("\n\n", "\n"), "end with the line -----END SSH SIGNATURE-----"),
    "nothing between": (armor(b""), "cut off or garbled (6 bytes announced, 0 left)"),
    "no footer": (armor(GOOD_BLOB).replace("-----END SSH SIGNATURE-----\n", ""), "end with the line"),
    "text in front": ("x" + armor(GOOD_BLOB), "does not begin with the line"),
    "a line end in front": ("\n" + armor(GOOD_BLOB), "does not begin with the line"),
    "a blank behind": (armor(GOOD_BLOB) + " ", "end with the line"),
    "text behind": (armor(GOOD_BLOB) + "x", "end with the line"),
    "a second signature behind": (armor(GOOD_BLOB) * 2, "it is garbled (not base64)"),
    "blanks in the base64": (armor(GOOD_BLOB).replace("\nU1N", "\n U1N"), "it is garbled (not base64)"),
    "a letter that is not ASCII": (armor(GOOD_BLOB).replace("\nU1N", "\nÜ1N"), "it is garbled (not base64)"),
    "a lone surrogate": (armor(GOOD_BLOB).replace("\nU1N", "\n\udc801N"), "it is garbled (not base64)"),
    "base64 with stray bits": (armor(GOOD_BLOB).replace(GOOD_BODY[-10:], STRAY[-10:]), "it is garbled"),
    "ten megabytes": (armor(bytes(7_500_000)), "characters, and none has more than 32768"),
    "ten megabytes without an end": ("-" * 10_000_000, "characters, and none has more than 32768"),
    "another magic word": (armor(envelope(ED25519_BLOB, GOOD, magic=b"SSHSIH")), "does not begin with SSHSIG"),
    "version 0": (armor(envelope(ED25519_BLOB, GOOD, version=0)), "it has version 0 of the format"),
    "version 2": (armor(envelope(ED25519_BLOB, GOOD, version=2)), "it has version 2 of the format"),
    "something reserved": (armor(envelope(ED25519_BLOB, GOOD, reserved=b"tags")), "its reserved field holds 4 bytes"),
    "no namespace": (armor(envelope(ED25519_BLOB, GOOD, namespace="")), "it names no namespace"),
    "a byte behind": (armor(GOOD_BLOB + b"\0"), "it is garbled (1 bytes left over behind its end)"),
    "a length of four gigabytes": (armor(GOOD_BLOB[:10] + b"\xff\xff\xff\xff" + GOOD_BLOB[14:]), "4294967295 bytes"),
    "no key": (armor(envelope(b"", GOOD)), "cut off or garbled (4 bytes announced, 0 left)"),
    "a certificate": (armor(envelope(string("ssh-ed25519-cert-v01@openssh.com"), GOOD)), "is a certificate"),
    "a kind of key from elsewhere": (armor(envelope(string("ssh-dss"), GOOD)), "'ssh-dss' is not a supported kind"),
    "a kind of key with control characters": (armor(envelope(string("\x1b[2J"), GOOD)), r"'\x1b[2J' is not a"),
    "a kind of key with a long name": (armor(envelope(string("x" * 99), GOOD)), "'" + "x" * 47 + "…' is not a"),
    "MD5": (armor(envelope(ED25519_BLOB, GOOD, digest="md5")), "the hash algorithm 'md5' is not supported"),
    "SHA-512 in capitals": (armor(envelope(ED25519_BLOB, GOOD, digest="SHA512")), "'SHA512' is not supported"),
    "another hash than the one signed": (armor(envelope(ED25519_BLOB, GOOD, digest="sha256")), "the content is not"),
    "no signature": (armor(envelope(ED25519_BLOB, b"")), "cut off or garbled (4 bytes announced, 0 left)"),
    "a signature of another algorithm": (
        armor(envelope(ED25519_BLOB, string("ssh-ed448") + string(bytes(114)))),
        "the algorithm 'ssh-ed448' is not supported for a key of the kind ssh-ed25519",
    ),
    "an empty signature": (armor(envelope(ED25519_BLOB, string("ssh-ed25519") + string(b""))), "the content is not"),
    "a signature one byte short": (
        armor(envelope(ED25519_BLOB, string("ssh-ed25519") + string(GOOD[-64:-1]))),
        "the content is not",
    ),
    "a signature one byte long": (
        armor(envelope(ED25519_BLOB, string("ssh-ed25519") + string(GOOD[-64:] + b"\0"))),
        "the content is not",
    ),
    "bytes behind the inner signature": (armor(envelope(ED25519_BLOB, GOOD + b"xyz")), "3 bytes left over"),
}


def test_the_signature_that_the_broken_ones_are_made_of_is_good(tmp_path: Path) -> None:
    assert verify(armor(GOOD_BLOB), MESSAGE, namespace=NAMESPACE, keys=[ED25519_KEY]) == ED25519_KEY
    assert ssh_keygen_accepts(armor(GOOD_BLOB), ED25519_KEY, tmp_path)
    assert base64.b64decode(STRAY) == GOOD_BLOB


@pytest.mark.parametrize(("text", "complaint"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_signature_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(SignatureError, match=re.escape(complaint)):
        verify(text, MESSAGE, namespace=NAMESPACE, keys=[ED25519_KEY])


def test_an_ecdsa_number_that_is_zero_negative_or_longer_than_needed_is_refused(keys: Mapping[str, Path]) -> None:
    own = public(keys["ecdsa-256"])
    for r in (b"", b"\0", b"\xff", b"\0\x01"):
        value = string("ecdsa-sha2-nistp256") + string(string(r) + mpint(1))
        with pytest.raises(SignatureError, match="not positive or not in its shortest form"):
            verify(armor(envelope(own.blob, value)), MESSAGE, namespace=NAMESPACE, keys=[own])


def test_a_third_number_in_an_ecdsa_signature_is_refused(
    keys: Mapping[str, Path], signatures: Mapping[str, str]
) -> None:
    own = public(keys["ecdsa-256"])
    algorithm, value = strings_of(strings_of(blob_of(signatures["ecdsa-256"])[10:])[4])
    more = string(algorithm) + string(value + mpint(1))
    with pytest.raises(SignatureError, match="5 bytes left over"):
        verify(armor(envelope(own.blob, more)), MESSAGE, namespace=NAMESPACE, keys=[own])


@every_kind
def test_a_signature_cut_off_anywhere_is_refused(
    keys: Mapping[str, Path], signatures: Mapping[str, str], kind: str
) -> None:
    own, whole = public(keys[kind]), signatures[kind]
    for length in range(len(whole.rstrip("\n"))):
        with pytest.raises(SignatureError):
            verify(whole[:length], MESSAGE, namespace=NAMESPACE, keys=[own])
    blob = blob_of(whole)
    for length in range(len(blob)):
        with pytest.raises(SignatureError):
            verify(armor(blob[:length]), MESSAGE, namespace=NAMESPACE, keys=[own])


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to three small changes: a byte set, dropped, doubled or moved in, or a length field made absurd."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed))
        match chance.randrange(6):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at] ^= 1 << chance.randrange(8)
            case 2:
                del changed[at : at + chance.randint(1, 8)]
            case 3:
                changed[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            case 4:
                changed[at:at] = changed[at : at + chance.randint(1, 64)]
            case _:
                changed[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"])
    return bytes(changed)


def test_five_thousand_changed_signatures_never_count_and_never_raise_anything_else(
    keys: Mapping[str, Path], signatures: Mapping[str, str]
) -> None:
    chance = random.Random(20_261_122)
    everybody = [public(file) for file in keys.values()]
    tried = 0
    while tried < 5_000:
        kind = chance.choice(list(KINDS))
        blob = blob_of(signatures[kind])
        changed = mutated(blob, chance)
        if changed != blob:
            tried += 1
            with pytest.raises(SignatureError):
                verify(armor(changed), MESSAGE, namespace=NAMESPACE, keys=everybody)


def test_five_thousand_changed_texts_never_count_and_never_raise_anything_else(
    keys: Mapping[str, Path], signatures: Mapping[str, str]
) -> None:
    chance = random.Random(20_261_123)
    everybody = [public(file) for file in keys.values()]
    tried = 0
    while tried < 5_000:
        text = signatures[chance.choice(list(KINDS))]
        changed = mutated(text.encode(), chance).decode("latin-1")
        # How lines are broken does not matter, so a change of line ends alone is none.
        if changed.translate({10: None, 13: None}) != text.translate({10: None}):
            tried += 1
            with pytest.raises(SignatureError):
                verify(changed, MESSAGE, namespace=NAMESPACE, keys=everybody)


# ------------------------------------------------------------------------------------------------------- security keys

APPLICATION = "ssh:"
P256 = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
SK_KEYS = {
    SK_ED25519: key_line(SK_ED25519, string(ED25519.public_key().public_bytes_raw()), string(APPLICATION)),
    SK_ECDSA: key_line(
        SK_ECDSA, string("nistp256"), string(P256.public_key().public_bytes(*X962)), string(APPLICATION)
    ),
}
every_security_key = pytest.mark.parametrize("kind", SK_KEYS)


def touched(
    kind: str, *, flags: int = 0x01, counter: int = 7, application: str = APPLICATION, shown_flags: int | None = None
) -> str:
    """What a security key would sign (PROTOCOL.u2f), done in software."""
    tail = bytes([flags]) + counter.to_bytes(4)
    data = hashlib.sha256(application.encode()).digest() + tail + hashlib.sha256(to_sign()).digest()
    if kind == SK_ED25519:
        value = ED25519.sign(data)
    else:
        r, s = decode_dss_signature(P256.sign(data, ec.ECDSA(hashes.SHA256())))
        value = mpint(r) + mpint(s)
    shown = bytes([flags if shown_flags is None else shown_flags]) + counter.to_bytes(4)
    return armor(envelope(parse_public_key(SK_KEYS[kind]).blob, string(kind) + string(value) + shown))


@every_security_key
def test_a_touched_security_key_counts_and_ssh_keygen_agrees(kind: str, tmp_path: Path) -> None:
    key = parse_public_key(SK_KEYS[kind])
    for made in (touched(kind), touched(kind, flags=0x05, counter=0xFFFFFFFF)):
        assert ssh_keygen_accepts(made, key, tmp_path)
        assert verify(made, MESSAGE, namespace=NAMESPACE, keys=[key]) == key


@every_security_key
def test_the_fingerprint_of_a_security_key_is_the_one_that_ssh_keygen_prints(kind: str, tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text(SK_KEYS[kind])
    assert fingerprint(parse_public_key(SK_KEYS[kind])) == keygen("-l", "-f", tmp_path / "key.pub").split()[1]


@every_security_key
@pytest.mark.parametrize("flags", [0x00, 0x04, 0xFE])
def test_a_security_key_that_nobody_touched_does_not_count(kind: str, flags: int) -> None:
    with pytest.raises(SignatureError, match="the security key signed without being touched"):
        verify(touched(kind, flags=flags), MESSAGE, namespace=NAMESPACE, keys=[parse_public_key(SK_KEYS[kind])])


@every_security_key
def test_a_touch_cannot_be_added_afterwards(kind: str) -> None:
    made = touched(kind, flags=0x00, shown_flags=0x01)
    with pytest.raises(SignatureError, match="the content is not what"):
        verify(made, MESSAGE, namespace=NAMESPACE, keys=[parse_public_key(SK_KEYS[kind])])


@every_security_key
def test_a_security_key_that_signed_for_another_application_does_not_count(kind: str) -> None:
    made = touched(kind, application="webauthn.example.com")
    with pytest.raises(SignatureError, match="the content is not what"):
        verify(made, MESSAGE, namespace=NAMESPACE, keys=[parse_public_key(SK_KEYS[kind])])


@every_security_key
def test_a_changed_byte_of_the_content_is_noticed_with_a_security_key(kind: str) -> None:
    with pytest.raises(SignatureError, match="the content is not what"):
        verify(touched(kind), MESSAGE + b" ", namespace=NAMESPACE, keys=[parse_public_key(SK_KEYS[kind])])


@every_security_key
def test_every_other_bit_of_a_security_key_signature_is_refused(kind: str) -> None:
    key, blob = parse_public_key(SK_KEYS[kind]), blob_of(touched(kind))
    for bit in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SignatureError):
            verify(armor(bytes(changed)), MESSAGE, namespace=NAMESPACE, keys=[key])


def test_the_plain_key_inside_a_security_key_does_not_count_for_it() -> None:
    made = armor(envelope(parse_public_key(SK_KEYS[SK_ED25519]).blob, GOOD))
    with pytest.raises(SignatureError, match="the algorithm 'ssh-ed25519' is not supported for a key of the kind sk-"):
        verify(made, MESSAGE, namespace=NAMESPACE, keys=[parse_public_key(SK_KEYS[SK_ED25519])])


# ------------------------------------------------------------------------------------------------------------- signing


def test_without_the_key_file_sign_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no key file .*nobody\. Name your private key"):
        sign(MESSAGE, namespace=NAMESPACE, key_file=tmp_path / "nobody")


def test_without_ssh_keygen_sign_says_what_to_install(
    keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="ssh-keygen is not on PATH"):
        sign(MESSAGE, namespace=NAMESPACE, key_file=keys["ed25519"])


def test_what_ssh_keygen_complains_about_reaches_the_message(tmp_path: Path) -> None:
    oracle()
    (tmp_path / "key").write_text("no key")
    with pytest.raises(UsageError, match=r"could not sign with .*key \(exit status 255\): .*public key"):
        sign(MESSAGE, namespace=NAMESPACE, key_file=tmp_path / "key")


def test_a_key_that_verify_would_refuse_is_refused_when_signing(tmp_path: Path) -> None:
    weak = new_key(tmp_path / "weak", "-t", "rsa", "-b", "1024")
    with pytest.raises(UsageError, match=r"but nobody could check it: .*the RSA key has 1024 bits"):
        sign(MESSAGE, namespace=NAMESPACE, key_file=weak)


def test_an_ssh_keygen_that_never_answers_is_ended(
    keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ssh-keygen").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    began = time.monotonic()
    with pytest.raises(UsageError, match=r"did not sign with .* within 0\.2 s and was ended"):
        sign(MESSAGE, namespace=NAMESPACE, key_file=keys["ed25519"], patience=0.2)
    assert time.monotonic() - began < 30


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An agent of our own, without any key."""
    program = shutil.which("ssh-agent")
    if program is None or shutil.which("ssh-add") is None:
        pytest.skip("ssh-agent or ssh-add is not installed")
    socket = tmp_path / "agent"
    process = subprocess.Popen([program, "-D", "-a", socket], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            if socket.exists():
                break
            time.sleep(0.01)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.mark.usefixtures("agent")
def test_a_public_key_file_is_enough_where_an_agent_has_the_private_key(tmp_path: Path) -> None:
    file = new_key(tmp_path / "lisa", "-t", "ed25519")
    subprocess.run(["ssh-add", "-q", file], check=True, capture_output=True)
    own = public(file)
    file.unlink()
    made = sign(MESSAGE, namespace=NAMESPACE, key_file=file.with_name("lisa.pub"))
    assert verify(made, MESSAGE, namespace=NAMESPACE, keys=[own]) == own


SIGN = """
import sys
from pathlib import Path
from upheld.errors import UsageError
from upheld.project.ssh_signature import sign
try:
    Path(sys.argv[2]).write_text(sign(b"content", namespace="upheld", key_file=Path(sys.argv[1]), patience=20.0))
except UsageError as error:
    Path(sys.argv[2]).write_text(error.message)
"""
# A process without the agent and the windows of whoever runs the tests.
ALONE = {
    name: value
    for name, value in os.environ.items()
    if name not in {"SSH_AUTH_SOCK", "DISPLAY", "WAYLAND_DISPLAY", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE"}
}


def test_without_a_terminal_a_passphrase_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    file = new_key(tmp_path / "key", "-t", "ed25519", passphrase="correct horse")
    reading, writing = os.pipe()  # A standard input that never ends, as some CI systems give.
    try:
        command = [sys.executable, "-c", SIGN, str(file), str(tmp_path / "result")]
        subprocess.run(command, stdin=reading, start_new_session=True, env=ALONE, check=True, timeout=30)
    finally:
        os.close(reading)
        os.close(writing)
    assert "could not sign with" in (tmp_path / "result").read_text()
    assert "passphrase" in (tmp_path / "result").read_text()


@pytest.mark.parametrize("window", [{}, {"DISPLAY": ":0", "SSH_ASKPASS": "/nonexistent"}], ids=["console", "desktop"])
def test_on_a_terminal_the_passphrase_is_asked_for_there(tmp_path: Path, window: Mapping[str, str]) -> None:
    file = new_key(tmp_path / "key", "-t", "ed25519", passphrase="correct horse")
    ours, theirs = os.openpty()
    # The new session takes this terminal as its own, as a login does.
    code = "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)" + SIGN
    command = [sys.executable, "-c", code, str(file), str(tmp_path / "result")]
    environment = ALONE | dict(window)
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while b"passphrase" not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, b"correct horse\n")
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    made = (tmp_path / "result").read_text()
    assert verify(made, b"content", namespace=NAMESPACE, keys=[public(file)]) == public(file)
