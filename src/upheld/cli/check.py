"""`upheld check`: judge a gate on the evidence that is given."""

import hashlib
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from upheld import __version__
from upheld.cli import options, show
from upheld.cli import push as pushing
from upheld.cli.evidence import reading_lines
from upheld.cli.show import write_whole
from upheld.core import report
from upheld.core.criterion import Criterion
from upheld.core.evidence import Evidence
from upheld.core.gate import Gate, Result, SignOffState
from upheld.core.verdict import State, worst
from upheld.errors import DefinitionError, SignatureError, UsageError
from upheld.project.load import find_root
from upheld.project.places import places
from upheld.render.gate import FORMS, Place, Told, tell, write
from upheld.stages.check import check as check_gate
from upheld.stages.check import criteria_of
from upheld.wiring import Workspace, attested, open_workspace, verdict_record

if TYPE_CHECKING:
    from upheld.attest import Attested

    Signing = Callable[[dict[str, object], Attested], str]


class WithReview(click.Command):
    """`check GATE…`, and `check review …`, which judges a change instead of a gate."""

    @property
    def commands(self) -> dict[str, click.Command]:
        """The commands inside this one."""
        from upheld.cli.review import review

        return {"review": review}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - what click gives it
    ) -> click.Context:
        """Hand the words after `review` to its own command."""
        if args and args[0] == "review":
            return self.commands["review"].make_context(f"{info_name} review", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=WithReview)
@click.argument("gates", nargs=-1, metavar="[GATE]...")
@options.evidence
@click.option(
    "--subject", default="", help="What is judged, e.g. a tree or an artifact digest (default: the source here)."
)
@click.option(
    "--artifact",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge this file: its SHA-256 is the subject.",
)
@click.option(
    "--built-from", default="", metavar="SUBJECT",
    help='The source that the artifact was built from (tree:…, git:…, or "." for the source here): its evidence counts.',
)  # fmt: skip
@click.option(
    "--base", default="", help="Commit that new findings and changed lines are counted from, e.g. origin/main."
)
@click.option("--baseline", multiple=True, type=click.Path(exists=True, path_type=Path), help="Reports of that commit.")
@click.option("--at", "at_text", help="Evaluate as of this date or time instead of now.")
@options.store
@options.project
@options.form(*FORMS, help="Text for people, data for other tools, or a document for a CI.")
@click.option(
    "--attest", type=click.Path(dir_okay=False, path_type=Path), help="Also write a signed in-toto bundle to this file."
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --attest: the Ed25519 key that signs (make one: upheld audit key).",
)
@click.option("--resource", default="", help="With --attest: where others find the artifact, as a URI.")
@click.option(
    "--write",
    "also",
    multiple=True,
    metavar="FORM=FILE",
    help="Also write this form to a file, e.g. junit=gate.xml; may be repeated.",
)
@pushing.option
def check(
    gates: tuple[str, ...],
    paths: tuple[Path, ...],
    subject: str,
    artifact: Path | None,
    built_from: str,
    base: str,
    baseline: tuple[Path, ...],
    at_text: str | None,
    store: bool,
    start: Path,
    form: str,
    attest: Path | None,
    key: Path | None,
    resource: str,
    also: tuple[str, ...],
    push: bool,
) -> None:
    """Judge GATE (all gates without one) on the evidence that is given.

    `upheld check review --diff BASE..HEAD` judges what a change touches instead.

    The store adds attempts and history to what is given, never a pass. Exit codes: 0 met, waived or not enforced,
    1 not met, 2 a definition is broken, 3 inconclusive. With --push the server that UPHELD_SERVER, UPHELD_PRODUCT and
    UPHELD_TOKEN name gets the evidence too; the exit code is the verdict's, and what cannot be sent now waits in
    .upheld/spool for the next --push.
    """
    at = show.moment(at_text)
    files = [_asked(words) for words in also]
    signing = _signing(attest, key, gates)
    server = pushing.remote(find_root(start)) if push else None
    workspace = open_workspace(start, store=store, reports=paths)
    chosen = _chosen(workspace, gates)
    _refuse_broken(workspace, chosen)
    asked, source = _subjects(workspace, subject, artifact, built_from)
    wanted = {gate.name: criteria_of(workspace.catalogue, gate) for gate in chosen}
    readings = workspace.read(paths, workspace.request(base=base, baseline=baseline))
    facts = workspace.facts([c for criteria in wanted.values() for c in criteria.values()], at=at, base=base)
    evidence = workspace.named([*(e for r in readings for e in r.evidence), *facts], subject=asked, source=source)
    history, sign_offs = workspace.history_of(asked, source), workspace.sign_offs()
    ancestors = workspace.ancestors(source or asked)
    results = [
        check_gate(
            workspace.catalogue, gate, evidence, at=at, subject=asked, ancestors=ancestors, history=history,
            sign_offs=sign_offs, built_from=source,
        )
        for gate in chosen
    ]  # fmt: skip
    documents = [report.gate_json(result, wanted[result.gate.name]) for result in results]
    _remember(workspace, evidence, [verdict_record(d, at) for d in documents])
    told = [_told(workspace, result, wanted[result.gate.name], at) for result in results] if _forms(form, files) else []

    def text_of(chosen: str) -> str:
        if chosen == "text":
            return "\n\n".join(show.gate_lines(result, wanted[result.gate.name]) for result in results) + "\n"
        if chosen == "json":
            return show.json_text(
                documents[0] if len(gates) == 1 else {"schema": report.GATE_RESULTS, "gates": documents}
            )
        return write(chosen, told, version=__version__)

    for wished, path in files:
        write_whole(path, text_of(wished))
    if signing is not None and attest is not None:
        about = attested(results[0], wanted[chosen[0].name], evidence, at=at, name=artifact.name if artifact else "",
                         resource=resource, version=__version__)  # fmt: skip
        write_whole(attest, signing(documents[0], about))
    if form == "text":
        for line in reading_lines([r for r in readings if not r.readable]):
            click.echo(line, err=True)
    click.echo(text_of(form), nl=False)
    if server is not None:
        pushing.push(server, [e for reading in readings for e in reading.evidence])
    sys.exit(_status(results))


def _signing(attest: Path | None, key: Path | None, gates: Sequence[str]) -> "Signing | None":
    """What signs the bundle; a wish that cannot be fulfilled is told before anything is judged."""
    if attest is None:
        return None
    if key is None:
        raise UsageError("--attest needs --key: a statement that nobody signed proves nothing (upheld audit key)")
    if len(gates) != 1:
        raise UsageError("--attest is about one gate; name it")
    from upheld.attest import bundle, private_key

    secret = private_key(key)
    return lambda document, about: bundle(document, about, secret)


def _subjects(workspace: Workspace, subject: str, artifact: Path | None, built_from: str) -> tuple[str, str]:
    """What is judged, and the source that it was built from (empty: nothing is said)."""
    if artifact is not None:
        digest = f"sha256:{hashlib.sha256(artifact.read_bytes()).hexdigest()}"
        if subject and subject != digest:
            raise UsageError(f"{artifact} is {digest[:19]}…, not {subject}; give one of them")
        subject = digest
    if not built_from:
        return subject or workspace.subject, ""
    source = workspace.source(built_from)
    if not subject or subject == source:
        raise UsageError("--built-from ties an artifact to its source; name the artifact with --artifact or --subject")
    return subject, source


def _asked(words: str) -> tuple[str, Path]:
    """`junit=gate.xml` as the form and the file."""
    form, equals, path = words.partition("=")
    known = ("text", "json", *FORMS)
    if not equals or not path or form not in known:
        raise UsageError(f'--write "{words}" is not FORM=FILE; forms: {", ".join(known)}')
    return form, Path(path)


def _forms(form: str, files: Sequence[tuple[str, Path]]) -> bool:
    """Whether anything but text and JSON is asked for."""
    return any(chosen in FORMS for chosen in (form, *(chosen for chosen, _ in files)))


def _told(workspace: Workspace, result: Result, criteria: dict[str, Criterion], at: datetime) -> Told:
    """The result with titles and the places at which its promises are written, from here."""
    prefix = show.prefix(workspace.root)
    known = places(workspace.project, result.gate, criteria)
    return tell(
        result, criteria, at=at,
        titles={r.id: r.title for r in workspace.catalogue.requirements.values()},
        places={name: Place(file=prefix + p.file, line=p.line, column=p.column) for name, p in known.items()},
    )  # fmt: skip


def _refuse_broken(workspace: Workspace, gates: Sequence[Gate]) -> None:
    broken = workspace.broken(gates)
    if broken:
        first = broken[0]
        more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        where = f"{first.file}:{first.line}:{first.column}"
        raise DefinitionError(f"{where}: {first.message}{more}; a gate cannot rest on it: upheld lint")


def _chosen(workspace: Workspace, names: Sequence[str]) -> list[Gate]:
    known = workspace.catalogue.gates
    if not known:
        raise UsageError("no gate is defined; write one in gates.yaml (upheld new gate)")
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise UsageError(
                f'no gate "{name}"; ' + (f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}")
            )
    return [known[name] for name in names] if names else list(known.values())


def _remember(workspace: Workspace, evidence: Sequence[Evidence], verdicts: Sequence[dict[str, object]]) -> None:
    workspace.remember([e for e in evidence if e.indicator in _used(workspace)], verdicts)


def _used(workspace: Workspace) -> set[str]:
    names = {c.indicator.name for c in workspace.catalogue.criteria.values()}
    own = [s.sentence.indicator for g in workspace.catalogue.gates.values() for s in g.criteria if s.sentence]
    return names | set(own)


def _status(results: Sequence[Result]) -> int:
    """The worst of what is enforced; a sign-off that cannot be trusted is worse than a promise that is not kept."""
    signed = [s.state for result in results if result.enforced for s in result.sign_offs]
    if SignOffState.INVALID in signed:
        return SignatureError.exit_status
    enforced = [result.state for result in results if result.enforced]
    return report.exit_status(worst(enforced)) if enforced else report.exit_status(State.MET)
