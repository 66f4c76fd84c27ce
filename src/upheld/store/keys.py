"""The server's own signing keys: Ed25519, in files that only the server reads; the newest one signs."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from upheld.errors import UnavailableError


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys in a folder: `0001.key`, `0002.key` …; a rotation adds one and removes none."""

    folder: Path

    def current(self) -> Ed25519PrivateKey:
        """The newest key; the first one is made when there is none."""
        found = self._files()
        return self._read(found[-1]) if found else self._make(1)

    def first(self) -> Ed25519PrivateKey:
        """The oldest key, which an auditor was given first."""
        found = self._files()
        return self._read(found[0]) if found else self._make(1)

    def rotate(self) -> tuple[Ed25519PrivateKey, Ed25519PrivateKey]:
        """Make a new key; give the old one and the new one."""
        old = self.current()
        return old, self._make(int(self._files()[-1].stem) + 1)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9][0-9][0-9][0-9].key"))

    def _read(self, path: Path) -> Ed25519PrivateKey:
        try:
            key = load_ssh_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise UnavailableError(f"{path}: the signing key cannot be read: {error}") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise UnavailableError(f"{path}: the signing key is not Ed25519")
        return key

    def _make(self, number: int) -> Ed25519PrivateKey:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = Ed25519PrivateKey.generate()
        text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        path = self.folder / f"{number:04}.key"
        making = self.folder / f"making-{os.getpid()}"
        handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(making, path)  # fails when another process made this one: then theirs is the key
        except FileExistsError:
            return self._read(path)
        finally:
            making.unlink(missing_ok=True)
        return key
