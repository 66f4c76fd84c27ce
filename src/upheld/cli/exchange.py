"""`upheld import` and `upheld export`: requirements from other tools and back, with a plan before anything is written."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from upheld.cli import show
from upheld.errors import UsageError
from upheld.exchange import Adapter, settings
from upheld.exchange.incoming import Plan, Step, plan
from upheld.exchange.outgoing import Outgoing
from upheld.exchange.outgoing import export as exported
from upheld.exchange.settings import Settings
from upheld.project.load import Project, find_root, load
from upheld.wiring import known_requirements, native_indicators

PLAN = "upheld/import-plan/v1"
RESULT = "upheld/export-result/v1"
_MARKS = {Step.NEW: "+", Step.CHANGED: "~", Step.UNCHANGED: "·", Step.CONFLICT: "✖"}
_SHOWN = 20

_project = click.option(
    "--project",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of the project.",
)
_dry = click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
_format = click.option(
    "--format", "form_of_answer", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Text for people, or data for other tools.",
)  # fmt: skip


@click.command("import")
@click.argument("document", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--name", default="", help="Name of the exchange (default: the document's); its mapping is exchange/NAME.yaml."
)
@click.option(
    "--as", "form", default="", help="doorstop, reqif, sphinx-needs, openfasttrace or table (default: recognised)."
)
@click.option(
    "--map", "pairs", multiple=True, metavar="OURS=THEIRS", help="Which name of theirs is our id, title, text, status …"
)
@_dry
@_project
@_format
def import_(
    document: Path, name: str, form: str, pairs: tuple[str, ...], dry_run: bool, project: Path, form_of_answer: str
) -> None:
    """Bring the requirements of DOCUMENT in as files; coming again changes only what changed there.

    CSV and XLSX tables, ReqIF, Doorstop, sphinx-needs and OpenFastTrace. Where something changed on both sides, nothing
    is written over: the command says so and exits with 1.
    """
    root = find_root(project)
    agreed, adapter, is_new = _agreed(root, document, settings.named(document, name), form, pairs)
    known = load(root, native=native_indicators())
    requirements = known.folders.get("requirements", "requirements")
    found = adapter.read(document, agreed.mapping)
    steps = plan(
        found, exchange=agreed.name, folder=f"{requirements}/{agreed.name}", known=known_requirements(known)
    )  # fmt: skip
    files = {file: text.encode() for file, text in steps.files().items()}
    if is_new:
        files[f"{settings.FOLDER}/{agreed.name}.yaml"] = agreed.text().encode()
    if not dry_run:
        settings.write(root, files)
    written = bool(files) and not dry_run
    if form_of_answer == "json":
        show.echo_json(_plan_json(steps, agreed, written=written))
    else:
        _show_plan(steps, agreed, adapter, end=_end(files, dry_run=dry_run))
    sys.exit(1 if any(step.step is Step.CONFLICT for step in steps.steps) else 0)


def _agreed(root: Path, document: Path, name: str, form: str, pairs: Sequence[str]) -> tuple[Settings, Adapter, bool]:
    """The saved exchange, or a first one with a guessed mapping; and whether it has to be saved."""
    given = _pairs(pairs)
    saved = settings.load(root, name)
    adapter = settings.adapter(document, form or (saved.form if saved else ""))
    if saved is not None:
        if not given:
            return saved, adapter, False
        return Settings(name=name, form=saved.form, path=saved.path, mapping={**saved.mapping, **given}), adapter, True
    guessed = {} if {"id", "title"} <= set(given) else dict(adapter.guess(document))
    inside = document.resolve()
    path = inside.relative_to(root.resolve()).as_posix() if inside.is_relative_to(root.resolve()) else inside.as_posix()
    return Settings(name=name, form=adapter.name, path=path, mapping={**guessed, **given}), adapter, True


def _pairs(pairs: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for pair in pairs:
        ours, separator, theirs = pair.partition("=")
        if not separator or not ours or not theirs:
            raise UsageError(f'--map {pair}: write it as OURS=THEIRS, e.g. --map title="Summary"')
        found[ours.strip()] = theirs.strip()
    return found


def _show_plan(steps: Plan, agreed: Settings, adapter: Adapter, *, end: str) -> None:
    counts = Counter(step.step for step in steps.steps)
    told = ", ".join(f"{counts[step]} {step.value}" for step in Step if counts[step]) or "nothing"
    click.echo(
        f"{adapter.title} → {agreed.name}: {told}" + (f", {len(steps.skipped)} skipped" if steps.skipped else "")
    )
    shown = [step for step in steps.steps if step.step is not Step.UNCHANGED]
    for step in shown[:_SHOWN]:
        click.echo(f"  {_MARKS[step.step]} {step.id}  {step.where} → {step.file}")
    _more(len(shown))
    for skipped in steps.skipped[:_SHOWN]:
        click.echo(f"  · {skipped.where} skipped: {skipped.reason}")
    _more(len(steps.skipped))
    for note in steps.notes[:_SHOWN]:
        click.echo(f"  note: {note}")
    _more(len(steps.notes))
    if steps.left:
        left = ", ".join(f"{name} ({count})" for name, count in sorted(steps.left.items())[:_SHOWN])
        click.echo(f"  stays in the original only: {left}")
    if agreed.mapping:
        click.echo("  mapping: " + ", ".join(f"{ours} = {theirs}" for ours, theirs in agreed.mapping.items()))
    click.echo(end)


def _end(files: Mapping[str, bytes], *, dry_run: bool) -> str:
    if dry_run:
        return "nothing was written (--dry-run)"
    return f"wrote {len(files)} files" if files else "nothing to write"


def _more(count: int) -> None:
    if count > _SHOWN:
        click.echo(f"  … and {count - _SHOWN} more; see --format json")


def _plan_json(steps: Plan, agreed: Settings, *, written: bool) -> dict[str, object]:
    return {
        "schema": PLAN, "exchange": agreed.name, "form": agreed.form, "mapping": dict(agreed.mapping), "written": written,
        "items": [
            {"step": s.step.value, "id": s.id, "key": s.key, "where": s.where, "file": s.file} for s in steps.steps
        ],
        "skipped": [{"where": s.where, "reason": s.reason} for s in steps.skipped],
        "left": dict(steps.left), "notes": list(steps.notes),
    }  # fmt: skip


@click.command("export")
@click.argument("name")
@click.option(
    "--to", type=click.Path(path_type=Path), help="Write a changed copy there (default: into the original document)."
)
@_dry
@_project
@_format
def export(name: str, to: Path | None, dry_run: bool, project: Path, form_of_answer: str) -> None:
    """Write what changed here into the document of the exchange NAME; everything else in it stays as it is."""
    root = find_root(project)
    agreed = settings.load(root, name)
    if agreed is None:
        names = ", ".join(sorted(p.stem for p in (root / settings.FOLDER).glob("*.yaml"))) or "none yet: upheld import"
        raise UsageError(f'no exchange is called "{name}"; there is {names}')
    document = root / agreed.path
    if not document.exists():
        raise UsageError(f"{agreed.path} is not there; it is the document of the exchange {name}")
    adapter = settings.adapter(document, agreed.form)
    found = _export(adapter, document, agreed, load(root, native=native_indicators()))
    files = dict(found.patched.files)
    if not dry_run:
        _write(document, to, files)
    if form_of_answer == "json":
        show.echo_json(_result_json(found, agreed, written=not dry_run))
        return
    click.echo(f"{agreed.path}: {len(found.changed)} changed, {found.unchanged} unchanged")
    for changed in found.changed[:_SHOWN]:
        click.echo(f"  ~ {changed}")
    _more(len(found.changed))
    for note in found.notes[:_SHOWN]:
        click.echo(f"  not carried: {note}")
    _more(len(found.notes))
    click.echo(
        "nothing was written (--dry-run)"
        if dry_run
        else f"written to {to or document}"
        if files or to
        else "nothing to write"
    )


def _export(adapter: Adapter, document: Path, agreed: Settings, project: Project) -> Outgoing:
    return exported(adapter, document, agreed.mapping, exchange=agreed.name, known=known_requirements(project))


def _write(document: Path, to: Path | None, files: Mapping[str, bytes]) -> None:
    """Write the changed files into the original, or a copy of all with them elsewhere."""
    if document.is_dir():
        if to is not None:
            originals = {
                p.relative_to(document).as_posix(): p.read_bytes() for p in sorted(document.rglob("*")) if p.is_file()
            }
            to.mkdir(parents=True, exist_ok=True)
            settings.write(to, {**originals, **files})
        else:
            settings.write(document, files)
        return
    place = to or document
    if files or to is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        settings.write(place.parent, {place.name: files.get("", document.read_bytes())})


def _result_json(found: Outgoing, agreed: Settings, *, written: bool) -> dict[str, object]:
    return {
        "schema": RESULT, "exchange": agreed.name, "form": agreed.form, "written": written,
        "changed": list(found.changed), "unchanged": found.unchanged, "files": sorted(found.patched.files),
        "notes": list(found.notes),
    }  # fmt: skip
