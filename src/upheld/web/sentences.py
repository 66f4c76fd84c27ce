"""Paste a sentence: its questions, answered together, become a session and a draft requirement on a branch."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from upheld.api.access import Held, may, server_of
from upheld.api.threads import shown_to
from upheld.core.gap import Gap
from upheld.core.questions import Question
from upheld.core.scope import Right
from upheld.errors import UsageError
from upheld.project import pasted
from upheld.project.pasted import Given, Paste
from upheld.server import acts
from upheld.web.pages import page

router = APIRouter(prefix="/products/{product}/sentence")
Proposer = Annotated[Held, Depends(may(Right.PROPOSE, whole=True))]
LONGEST_ANSWER = 2_000


@router.get("")
async def paste(request: Request, held: Proposer) -> Response:
    """The place to paste it."""
    return await _page(request, held, Paste(sentence=""), ())


@router.post("")
async def answer(request: Request, held: Proposer) -> Response:
    """The questions of what was pasted; with answers and a wish to propose, the commit."""
    form = await request.form()
    given = _paste(form)
    try:
        found = pasted.asked(given.sentence)
    except UsageError as error:
        return await _page(request, held, given, (), {"sentence": error.message}, status=422)
    if not form.get("propose"):
        return await _page(request, held, given, found)
    project = held.product.known.workspace.project
    wrong = await run_in_threadpool(pasted.faults, given, project)
    if wrong:
        return await _page(request, held, given, found, wrong, status=422)
    server = server_of(request)

    def propose() -> tuple[str, str, tuple[tuple[str, str], ...]]:
        proposed = pasted.files(project, given, at=server.now().date())
        title = f"Propose {proposed[1].id}"
        branch, commit = acts.propose(
            server, held.product, held.caller, files={p.file: p.text for p in proposed}, title=title, at=server.now()
        )
        return branch, commit, tuple((p.file, p.text) for p in proposed)

    branch, commit, files = await run_in_threadpool(propose)
    return page(
        request, "proposed.html", held, await shown_to(request, held), branch=branch, proposed=commit, files=files
    )


def _paste(form: FormData) -> Paste:
    def text(name: str, most: int = LONGEST_ANSWER) -> str:
        value = form.get(name, "")
        return value[:most].strip() if isinstance(value, str) else ""

    gaps = [gap.value for gap in Gap if f"answer-{gap.value}" in form or f"criterion-{gap.value}" in form]
    return Paste(
        sentence=text("sentence", pasted.LONGEST + 1), title=text("title", 200),
        customers=tuple(c for c in form.getlist("customers") if isinstance(c, str)),
        attendees={function: text(f"for-{function}", 100) for function in ("product", "engineering")},
        answers=tuple(
            Given(gap=gap, answer=text(f"answer-{gap}"), by=text(f"by-{gap}", 100), criterion=text(f"criterion-{gap}", 500))
            for gap in gaps
        ),
    )  # fmt: skip


async def _page(
    request: Request, held: Held, given: Paste, found: tuple[Question, ...], wrong: dict[str, str] | None = None, *, status: int = 200
) -> Response:  # fmt: skip
    catalogue = held.product.known.catalogue
    return page(
        request, "sentence.html", held, await shown_to(request, held), status=status, given=given, questions=found, wrong=wrong or {},
        answers={g.gap: g for g in given.answers}, customers=sorted(catalogue.customers),
        people={
            function: [p.id for p in catalogue.people.values() if function in p.roles]
            for function in ("product", "engineering")
        },
        everybody=sorted(catalogue.people),
    )  # fmt: skip
