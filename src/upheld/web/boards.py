"""The board of a product: 200 lines of it, filters and totals over all, a table for spreadsheets, kept up to date."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from upheld.api.access import Held, may
from upheld.api.threads import shown_to
from upheld.core.scope import Right
from upheld.render.board import PAGE, Board, Filter, Row, as_csv, board, moment, rows
from upheld.render.document import headline
from upheld.server.product import Shown
from upheld.web.pages import fragment, page

router = APIRouter(prefix="/products/{product}")
Reader = Annotated[Held, Depends(may(Right.READ))]
Text = Annotated[str, Query(max_length=200)]


def asked(text: Text = "", customer: Text = "", owner: Text = "", verdict: Text = "", type: Text = "") -> Filter:  # noqa: A002
    """The filter that an address asks for."""
    return Filter(text=text, customer=customer, owner=owner, verdict=verdict, type=type)


Asked = Annotated[Filter, Depends(asked)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("")
async def whole(request: Request, held: Reader, wanted: Asked, offset: Offset = 0) -> Response:
    """The board as a page."""
    shown = await shown_to(request, held)
    found = lines(shown)
    return page(
        request,
        "threads.html",
        held,
        shown,
        headline=headline(found),
        oob=False,
        **_values(held, shown, found, wanted, offset),
    )


@router.get("/board")
async def part(request: Request, held: Reader, wanted: Asked, offset: Offset = 0, version: Text = "") -> Response:
    """The lines alone, for a page that is open; nothing (204) where `version` still is what is shown."""
    shown = await shown_to(request, held)
    if version and version == shown.version:
        return Response(status_code=204)
    answer = fragment(
        "lines.html",
        base=f"/products/{held.product.name}",
        oob=True,
        **_values(held, shown, lines(shown), wanted, offset),
    )
    if not version:
        answer.headers["HX-Push-Url"] = f"/products/{held.product.name}{_query(wanted, offset)}"
    return answer


@router.get("/board.csv")
async def table(request: Request, held: Reader, wanted: Asked) -> Response:
    """All lines that are asked for, as a table."""
    shown = await shown_to(request, held)
    text = as_csv(board(lines(shown), wanted).rows)
    name = f'attachment; filename="{held.product.name}-threads.csv"'
    return Response(text, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def lines(shown: Shown) -> tuple[Row, ...]:
    """The lines of a board, sorted once for what is shown and kept with it."""
    kept: tuple[Row, ...] | None = shown.__dict__.get("_lines")
    if kept is None:
        kept = rows(shown.threads)
        shown.__dict__["_lines"] = kept
    return kept


def _values(held: Held, shown: Shown, found: tuple[Row, ...], wanted: Filter, offset: int) -> dict[str, Any]:
    drawn = board(found, wanted, limit=PAGE, offset=offset)
    base = f"/products/{held.product.name}"
    return {
        "board": drawn, "first": offset + 1, "link": lambda address: f"{base}/promises/{address}", "keys": None,
        "version": shown.version, "as_of": moment(shown.at), "query": _query(wanted, 0),
        "here": _query(wanted, offset, version=shown.version),
        "following": _query(wanted, offset + PAGE) if offset + len(drawn.rows) < drawn.matching else "",
        "before": _query(wanted, max(0, offset - PAGE)) or "?" if offset else "",
        "range": _range(drawn, offset),
    }  # fmt: skip


def _range(drawn: Board, offset: int) -> str:
    if not drawn.matching:
        return "No promise matches."
    last = offset + len(drawn.rows)
    if not offset and last == drawn.matching:
        return "1 promise" if drawn.matching == 1 else f"{drawn.matching} promises"
    return f"{offset + 1} to {last} of {drawn.matching} promises"


def _query(wanted: Filter, offset: int, **more: str) -> str:
    values = {
        "text": wanted.text, "customer": wanted.customer, "owner": wanted.owner, "verdict": wanted.verdict,
        "type": wanted.type, "offset": str(offset) if offset else "", **more,
    }  # fmt: skip
    said = urlencode({name: value for name, value in values.items() if value})
    return f"?{said}" if said else ""
