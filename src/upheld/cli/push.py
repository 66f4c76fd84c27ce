"""`--push`: what `check` and `evidence` saw goes to the team's server as well; the verdict does not depend on it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from upheld.core.evidence import Evidence, encode, identified
from upheld.sources import repository
from upheld.store.remote import RemoteStore

SPOOL = Path(".upheld") / "spool"
option = click.option("--push", is_flag=True, help="Send the evidence to the server that UPHELD_SERVER names, too.")


def remote(root: Path) -> RemoteStore:
    """The server of the environment, with the spool of this project."""
    return RemoteStore.from_environment(os.environ, root / SPOOL)


def push(store: RemoteStore, evidence: Sequence[Evidence]) -> bool:
    """Send evidence, and what earlier pushes could not; whether the server has all of it now."""
    about = repository.provenance(os.environ)
    named = [_with_run(e, about.get("run", ""), about.get("run_url", "")) for e in evidence if e.statistic is not None]
    if named:
        store.keep(encode(e) for e in named)
    sent = store.send()
    for line in sent.refused:
        click.echo(f"upheld: the server refused {line}", err=True)
    if sent.waiting:
        click.echo(f"upheld: {sent.why}; kept in {store.spool}, the next --push sends it", err=True)
    elif sent.new or sent.known:
        click.echo(f"pushed {sent.new} new record{'' if sent.new == 1 else 's'}, {sent.known} known already", err=True)
    return not sent.waiting and not sent.refused


def _with_run(e: Evidence, run: str, url: str) -> Evidence:
    """Evidence with the CI run at work, where it names none itself."""
    if e.run or not run:
        return e
    producer = {**e.producer, "run_url": url} if url and "run_url" not in e.producer else e.producer
    return identified(replace(e, run=run, producer=producer))
