"""Read and write fixed EBCDIC records as a COBOL copybook describes them: PIC X, PIC 9 and signed COMP-3."""

import re
from dataclasses import dataclass
from typing import Any

_LINE = re.compile(r"\s*\d+\s+([A-Z0-9-]+)\s+PIC\s+(S?)([X9])\((\d+)\)(\s+COMP-3)?\.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One elementary item: name, place, and how it is stored."""

    name: str
    start: int
    length: int  # bytes
    kind: str  # text, digits or packed


class Layout:
    """The fields of one record, parsed from the copybook's text."""

    def __init__(self, copybook: str) -> None:
        self.fields: list[Field] = []
        start = 0
        for line in copybook.splitlines():
            if not line.strip() or "PIC" not in line:
                continue
            match = _LINE.fullmatch(line)
            if not match:
                raise ValueError(f"copybook line {line.strip()!r}: only PIC X(n), 9(n) and S9(n) COMP-3 are read")
            name, _, kind, digits, packed = match.groups()
            length = int(digits) // 2 + 1 if packed else int(digits)
            stored = "packed" if packed else "text" if kind == "X" else "digits"
            self.fields.append(Field(name=name.lower().replace("-", "_"), start=start, length=length, kind=stored))
            start += length
        self.length = start

    def read(self, record: bytes, codepage: str) -> dict[str, Any]:
        """One record as a dict; ValueError names the field that is not what the copybook says."""
        row: dict[str, Any] = {}
        for field in self.fields:
            piece = record[field.start : field.start + field.length]
            if field.kind == "packed":
                row[field.name] = unpack(piece, field.name)
                continue
            text = piece.decode(codepage).rstrip(" ")
            if field.kind == "digits":
                if not (text.isascii() and text.isdecimal()):
                    raise ValueError(f"{field.name} {piece.hex()} holds no digits")
                row[field.name] = int(text)
            else:
                row[field.name] = text
        return row

    def write(self, row: dict[str, Any], codepage: str) -> bytes:
        """One record; ValueError when a value does not fit."""
        parts = []
        for field in self.fields:
            value = row[field.name]
            if field.kind == "packed":
                parts.append(pack(int(value), field.length))
                continue
            text = (
                str(value).rjust(field.length, "0") if field.kind == "digits" else str(value or "").ljust(field.length)
            )
            if len(text) != field.length:
                raise ValueError(f"{field.name} {value!r} does not fit {field.length} characters")
            parts.append(text.encode(codepage))
        return b"".join(parts)


def pack(value: int, length: int) -> bytes:
    """COMP-3: two digits a byte, the sign in the last half byte (C plus, D minus)."""
    digits = f"{abs(value)}{'d' if value < 0 else 'c'}"
    if len(digits) > 2 * length:
        raise ValueError(f"{value} does not fit {length} packed bytes")
    return bytes.fromhex(digits.rjust(2 * length, "0"))


def unpack(piece: bytes, name: str = "number") -> int:
    """The number in a COMP-3 field; ValueError when a half byte is no digit or no sign."""
    text = piece.hex()
    if not text[:-1].isdecimal() or text[-1] not in "cdf":
        raise ValueError(f"{name} {text} is no packed decimal")
    return -int(text[:-1]) if text[-1] == "d" else int(text[:-1])
