"""`upheld sign`: one role-bound approval of one content, as a file in git."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from upheld.cli import options, show
from upheld.core.criterion import Stage
from upheld.core.gate import SignOff
from upheld.core.requirement import Person
from upheld.core.review import ITEM
from upheld.core.review import content_hash as change_hash
from upheld.core.signoff import NAMESPACE, message
from upheld.errors import SignatureError, UsageError
from upheld.project.signing import sign_off_file
from upheld.stages.check import content_to_sign, touched_by
from upheld.wiring import Workspace, both_ends, change_between, open_workspace


@click.command()
@click.argument("item")
@click.option("--role", required=True, help="product, engineering, executive … or customer:ID.")
@click.option("--person", required=True, help="Who signs: an entry under people in upheld.yaml.")
@click.option(
    "--key",
    type=click.Path(exists=True, path_type=Path),
    help="SSH key to sign with (private, or public with an agent).",
)
@click.option("--meaning", default="I have read it and agree.", show_default=True, help="What the signature says.")
@click.option("--subject", default="", help="For a gate: what is approved (default: the source here).")
@click.option("--diff", default="", metavar="BASE..HEAD", help="For ITEM change: the change that is approved.")
@click.option("--at", "at_text", help="Time of signing instead of now.")
@click.option("--dry-run", is_flag=True, help="Print the file instead of writing it.")
@options.project
def sign(
    item: str,
    role: str,
    person: str,
    key: Path | None,
    meaning: str,
    subject: str,
    diff: str,
    at_text: str | None,
    dry_run: bool,
    start: Path,
) -> None:
    """Sign ITEM off: a requirement, a decision, gate.NAME on one subject, or change (with --diff).

    Without --key the sign-off only asserts: enough for a draft, not for a customer's or an executive's approval.
    """
    workspace = open_workspace(start, store=False)
    signer = workspace.catalogue.people.get(person)
    function, _, customer = role.partition(":")
    if signer is None:
        raise UsageError(f'"{person}" is nobody in upheld.yaml; add them under people')
    if function not in signer.roles or (customer and signer.customer != customer):
        raise UsageError(f"{person} does not hold the role {role} in upheld.yaml")
    unsigned = SignOff(
        item=item, hash=_content(workspace, item, subject, diff), role=role, person=person, meaning=meaning,
        time=show.moment(at_text).replace(microsecond=0),
    )  # fmt: skip
    signature = ""
    if key is not None:
        signature = _signed(unsigned, key, signer)
    file, text = sign_off_file(workspace.catalogue, replace(unsigned, signature=signature))
    path = workspace.root / file
    if dry_run:
        click.echo(text)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    click.echo(f"{path.relative_to(workspace.root)} written; commit it so that others see it")


def _signed(unsigned: SignOff, key: Path, signer: Person) -> str:
    """Sign with a key, and refuse one that nobody could verify afterwards."""
    from upheld.project import ssh_signature as ssh

    signature = ssh.sign(message(unsigned), namespace=NAMESPACE, key_file=key)
    try:
        keys = [ssh.parse_public_key(line) for line in signer.keys]
        ssh.verify(signature, message(unsigned), namespace=NAMESPACE, keys=keys)
    except SignatureError as error:
        raise UsageError(
            f"{signer.id} could not be verified by this key: {error.message}; add it to their keys in upheld.yaml"
        ) from None
    return signature


def _content(workspace: Workspace, item: str, subject: str, diff: str) -> str:
    catalogue = workspace.catalogue
    if item == ITEM:
        base, head = both_ends(diff)
        change = change_between(workspace, base, head)
        touched = touched_by(change, (), stage=Stage.BUILD, at=datetime.now(UTC), sign_offs=workspace.sign_offs())
        return change_hash(change.subject, [t.criterion for t in touched], Stage.BUILD)
    return content_to_sign(catalogue, item, subject=subject or workspace.subject)
