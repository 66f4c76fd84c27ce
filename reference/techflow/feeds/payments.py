"""Payments hub (NATS JetStream): ISO 20022 credit transfers; valid XML, at times with wrong business content."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import timedelta

from techflow.feeds.contract import (
    Bad,
    Identity,
    Row,
    Shape,
    decode_each,
    is_garbled,
    known_time,
    parse_time,
    schema_reason,
)

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
_TEMPLATE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="' + NAMESPACE + '"><FIToFICstmrCdtTrf><GrpHdr><MsgId>{message}</MsgId><CreDtTm>{at}</CreDtTm>'
    "<NbOfTxs>1</NbOfTxs><CtrlSum>{control}</CtrlSum></GrpHdr><CdtTrfTxInf><PmtId><EndToEndId>{message}</EndToEndId>"
    '</PmtId><IntrBkSttlmAmt Ccy="{currency}">{amount}</IntrBkSttlmAmt><Drctn>{direction}</Drctn>'
    "<Acct>{client}</Acct><RmtInf>{text}</RmtInf></CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"
)
_NAMES = {
    "MsgId": "message", "CreDtTm": "at", "CtrlSum": "control", "IntrBkSttlmAmt": "amount", "Drctn": "direction",
    "Acct": "client", "RmtInf": "text", "NbOfTxs": "transfers", "EndToEndId": "end_to_end",
}  # fmt: skip
COLUMNS = ("message", "at", "control", "amount", "currency", "direction", "client", "text")
_EXPECTED = frozenset((*COLUMNS, "transfers", "end_to_end"))
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,2})?").fullmatch


def encode(rows: Sequence[Row]) -> list[bytes]:
    return [_fill(row).encode() for row in rows]


def _fill(row: Row) -> str:
    text = _TEMPLATE.format_map({name: "" if row.get(name) is None else row[name] for name in COLUMNS})
    for name, value in row.items():  # a column that the template does not know is an element of its own
        if name not in COLUMNS:
            text = text.replace("</CdtTrfTxInf>", f"<{name}>{value}</{name}></CdtTrfTxInf>")
    return text


def decode(payload: bytes, encoding: str) -> list[Row | Bad]:
    return decode_each(payload, lambda raw: _parse(raw.decode(encoding)))


def _parse(text: str) -> Row:
    if "<!DOCTYPE" in text:
        raise ValueError("a document type is not allowed")
    row: Row = {}
    try:
        root = ET.fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)
    except ET.ParseError as error:
        raise ValueError(f"not XML: {error}") from None
    for element in root.iter():
        if len(element) == 0:
            name = element.tag.rpartition("}")[2]
            row[_NAMES.get(name, name)] = element.text or ""
            if name == "IntrBkSttlmAmt":
                row["currency"] = element.get("Ccy", "")
    return row


def check(row: Row) -> str | None:
    if row.keys() != _EXPECTED:
        return schema_reason(row, _EXPECTED)
    if not row["message"] or not row["client"]:
        return "null key: " + ("client" if row["message"] else "message")
    if not _AMOUNT(row["amount"]) or not _AMOUNT(row["control"]):
        return f"type: amount {row['amount']!r}, control sum {row['control']!r}"
    if cents(row["amount"]) != cents(row["control"]) or row["transfers"] != "1":
        return f"unit: control sum {row['control']} is not the amount {row['amount']}"
    if row["currency"] != "EUR" or row["direction"] not in ("CRDT", "DBIT"):
        return f"value: currency {row['currency']!r}, direction {row['direction']!r}"
    if is_garbled(row["text"]):
        return f"encoding: text {row['text'][:40]!r} is UTF-8 read as something else"
    if parse_time(row["at"]) is None:
        return f"type: at {row['at']!r}"
    return None


def cents(text: str) -> int:
    """The amount in cents, exactly."""
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])


def identify(row: Row) -> Identity:
    return Identity(key=row["message"], version=1, client=row["client"], at=known_time(row["at"]))


SHAPE = Shape(
    name="payments",
    title="Payments hub",
    system="NATS JetStream",
    encode=encode,
    decode=decode,
    check=check,
    identify=identify,
    normal="up to 1 h late around cut-off",
    duplicates=False,
    late_after=timedelta(hours=1),
)
