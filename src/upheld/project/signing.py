"""Sign-offs and waivers as the files that they are in git, whoever writes them: the command line or the server."""

import json
import re

from upheld.core.catalogue import Catalogue
from upheld.core.gate import SignOff, Waiver
from upheld.core.signoff import SCHEMA, message


def sign_off_file(catalogue: Catalogue, sign_off: SignOff) -> tuple[str, str]:
    """Where a sign-off goes, relative to the project, and its text."""
    record = {"schema": SCHEMA, **json.loads(message(sign_off))}
    if sign_off.signature:
        record["signature"] = sign_off.signature
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{sign_off.item}.{sign_off.role}.{sign_off.person}.{sign_off.hash[7:15]}")
    folder = catalogue.config.folders.get("sign-offs", "signoffs")
    return f"{folder}/{name}.json", json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def waiver_file(catalogue: Catalogue, waiver: Waiver, *, id: str) -> tuple[str, str]:  # noqa: A002  # a waiver's own word
    """Where a waiver goes, relative to the project, and its text."""
    fields = {
        "criterion": waiver.criterion, "gate": waiver.gate, "owner": waiver.owner, "approver": waiver.approver,
        "reason": waiver.reason, "since": waiver.since.isoformat() if waiver.since else "",
        "until": waiver.until.isoformat(), "customers-informed": "true" if waiver.customers_informed else "false",
    }  # fmt: skip
    # A JSON string is a YAML string, whatever somebody typed as the reason.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value]
    lines = [
        line.replace('"true"', "true").replace('"false"', "false") if line.startswith("customers-i") else line
        for line in lines
    ]
    name = re.sub(r"[^A-Za-z0-9-]+", "-", f"{waiver.until.isoformat()}-{waiver.criterion}-{id}")
    return f"{catalogue.config.folders.get('waivers', 'waivers')}/{name}.yaml", "\n".join(lines) + "\n"
