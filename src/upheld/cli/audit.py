"""`upheld audit`: keys of machines, and checking what was signed: attestations offline, and the trail of a server."""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from upheld.cli import show, trail
from upheld.cli.account import DATA, DATABASE
from upheld.core import shown
from upheld.core.verdict import State
from upheld.errors import SignatureError, UsageError


@click.group()
def audit() -> None:
    """Check what was signed (attestations, the server's trail), and make the keys that machines sign with."""


for _command in trail.COMMANDS:
    audit.add_command(_command)


@audit.command()
@click.argument("path", type=click.Path(path_type=Path))
def key(path: Path) -> None:
    """Make an Ed25519 key: PATH for the machine that signs, PATH.pub for everybody who checks."""
    from upheld.attest import make_key

    beside = make_key(path)
    click.echo(f"{path} written (keep it secret), {beside} written (give it to everybody who checks)")


@audit.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", "keys", multiple=True,
    help="A public key that is trusted: a file, or a log's verifier key name+hash+base64; may be repeated.",
)  # fmt: skip
@click.option(
    "--anchor", "anchors", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For a trail: a checkpoint that was laid down outside (a file with the note).",
)  # fmt: skip
@click.option(
    "--anchor-git", "repositories", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="For a trail: a repository whose branch of records holds checkpoints.",
)  # fmt: skip
@click.option("--branch", default="upheld/records", show_default=True, help="That branch.")
@DATA
@DATABASE
@click.option(
    "--artifact", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The file it must be about."
)
@click.option("--subject", default="", help="The subject it must be about, e.g. sha256:… or tree:…")
@click.option("--gate", default="", help="The gate it must be of.")
@click.option("--met", is_flag=True, help="Exit 1 or 3 when the gate was not met or inconclusive.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Text for people, or data for other tools.",
)  # fmt: skip
def verify(
    file: Path | None, keys: tuple[str, ...], anchors: tuple[Path, ...], repositories: tuple[Path, ...], branch: str,
    data: Path | None, database: str, artifact: Path | None, subject: str, gate: str, met: bool, form: str,
) -> None:  # fmt: skip
    """Check FILE: what `upheld check --attest` or `upheld audit export` wrote; without FILE, the server's own trail.

    Of a trail the first entry that is bad is named. The keys and the anchors must not come from whoever made what is
    checked. Exit codes: 0 everything holds, 4 something does not; with --met also the gate's own 1 or 3.
    """
    if file is None or trail.is_bundle(file):
        if len(keys) > 1 or (file is not None and not keys):
            raise UsageError("a trail is checked with one --key, the log's first one, which you have from elsewhere")
        found_trail = trail.check_trail(
            file, _text(keys[0]) if keys else "", anchors, repositories, branch, data, database
        )
        trail.say(found_trail, form, own_key=not keys)
        return
    if not keys:
        raise UsageError("--key is missing: name the public key that you trust")
    from upheld.attest import public_key, verify_bundle
    from upheld.attest.statement import digest_set

    try:
        text = file.read_bytes().decode()
    except UnicodeDecodeError:
        raise SignatureError(f"{file}: this is no bundle of signed statements") from None
    found = verify_bundle(text, [public_key(_file(text)) for text in keys], where=str(file))
    if artifact is not None:
        wanted = {"sha256": hashlib.sha256(artifact.read_bytes()).hexdigest()}
        if found.subject != wanted:
            raise SignatureError(f"{file} is about {_digest(found.subject)}; {artifact} is {_digest(wanted)}")
    if subject and found.subject != digest_set(subject):
        raise SignatureError(f"{file} is about {_digest(found.subject)}, not about {subject}")
    if gate and found.gate != gate:
        raise SignatureError(f"{file} is of the gate {found.gate}, not of {gate}")
    state = State(found.verdict)
    if form == "json":
        show.echo_json(
            {
                "schema": "upheld/attestation-check/v1", "holds": True, "gate": found.gate, "verdict": found.verdict,
                "subject": dict(found.subject), "name": found.name or None, "built_from": dict(found.built_from),
                "evaluated": found.evaluated, "keys": list(found.keys), "waived": list(found.waived),
                "criteria": [{"criterion": c["criterion"], "verdict": c["verdict"]} for c in found.criteria],
            }
        )  # fmt: skip
    else:
        click.echo(f"● holds    {file}: signed by {', '.join(k[:12] for k in found.keys)}")
        built = f", built from {_digest(found.built_from)}" if found.built_from else ""
        click.echo(f"{show.INDENT}{_digest(found.subject)}{built}, judged {found.evaluated}")
        click.echo(f"{show.INDENT}{show.shape(state)} gate {found.gate}: {found.verdict}")
        for line in _criteria(found.criteria):
            click.echo(f"{show.INDENT}{line}")
    if met:
        sys.exit({State.MET: 0, State.NOT_MET: 1, State.INCONCLUSIVE: 3}[state])


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise UsageError(f'--key: there is no file "{text}"')
    return Path(text)


def _text(key: str) -> str:
    """A verifier key, as it is or in a file."""
    return Path(key).read_text(encoding="utf-8") if Path(key).is_file() else key


def _criteria(criteria: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for c in criteria:
        waived = f" (waived until {c['waiver']['until']})" if c["waiver"] else ""
        yield f"  {shown.SHAPES[State(c['verdict'])]} {c['criterion']}  {c['sentence']}{waived}"


def _digest(digests: Mapping[str, str]) -> str:
    [(kind, value), *_] = digests.items()
    return f"{kind}:{value[:12]}…"
