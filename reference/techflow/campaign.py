"""The bank marketing data: one contact with one client per row, in time order.

Two ways to the same shape: the public UCI file that a user downloads (`read_file`), or rows drawn by `generate` from
the figures measured on that file (`figures.json`, made by `measure`). Each calendar month of the campaign is one block.
A drawn row first gets its answer `y` by the block's rate, then its features given `y`: contact, previous outcome and
weekday by block, the person by year, education by job, marital state by age. Market values are the block's own.
So rates, drift, category shares and missing values follow the file, and so does the strength of the signal.
"""

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from techflow.banks import BANKS

CITATION = (
    "S. Moro, P. Cortez, P. Rita: A Data-Driven Approach to Predict the Success of Bank Telemarketing. "
    "Decision Support Systems 62 (2014), doi:10.1016/j.dss.2014.03.001. UCI Machine Learning Repository, data set 222."
)
LICENCE = "CC BY 4.0, as UCI states for its data sets; keep the citation."
CONTENT_DIGEST = "075be62f3dc1a6b8b7c853b57f55d727ffb5e3adb949587d5609f2376ac62ea3"  # of the 41 188 parsed rows
FIGURES = Path(__file__).with_name("figures.json")

LEVELS: dict[str, tuple[str, ...]] = {
    "job": ("admin.", "blue-collar", "entrepreneur", "housemaid", "management", "retired", "self-employed",
            "services", "student", "technician", "unemployed", "unknown"),
    "marital": ("divorced", "married", "single", "unknown"),
    "education": ("basic.4y", "basic.6y", "basic.9y", "high.school", "illiterate", "professional.course",
                  "university.degree", "unknown"),
    "default": ("no", "unknown", "yes"),
    "housing": ("no", "unknown", "yes"),
    "loan": ("no", "unknown", "yes"),
    "contact": ("cellular", "telephone"),
    "month": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    "day_of_week": ("mon", "tue", "wed", "thu", "fri"),
    "poutcome": ("failure", "nonexistent", "success"),
}  # fmt: skip
NUMBERS = (
    "age", "campaign", "pdays", "previous",
    "emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed",
)  # fmt: skip
MARKET = NUMBERS[4:]
FEATURES = (*NUMBERS, *LEVELS)  # `duration` is known only after the call and leaks the answer: it is never read
AGE_BANDS = (30, 40, 50)
MONTH = timedelta(days=30.4375)

Row = dict[str, Any]


class NotTheFile(ValueError):
    """The file is not the bank marketing data set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One contact: who, at which bank, when, with which features, and whether the client said yes."""

    client: str
    bank: str
    at: datetime
    features: Row
    yes: bool


# --- the public file ---


def read_file(path: Path) -> list[Row]:
    """Rows of the public file (comma or semicolon separated, plain or gzip) in order; NotTheFile when it is another.

    The digest is taken over the parsed content, so that the separator and the quoting of a copy do not matter.
    """
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
        head = text.partition("\n")[0]
        rows = [_typed(row) for row in csv.DictReader(text.splitlines(), delimiter=";" if ";" in head else ",")]
    except (UnicodeDecodeError, KeyError, ValueError, OSError) as error:
        raise NotTheFile(
            f"{path}: not the bank marketing file ({error!r}); expected bank-additional-full.csv"
        ) from None
    if (digest := content_digest(rows)) != CONTENT_DIGEST:
        raise NotTheFile(
            f"{path}: {len(rows)} rows with content digest {digest[:16]}…, expected {CONTENT_DIGEST[:16]}…; "
            "download bank-additional-full.csv of UCI data set 222 again"
        )
    return rows


def _typed(row: dict[str, str]) -> Row:
    typed: Row = {name: float(row[name]) for name in NUMBERS}
    for name, levels in LEVELS.items():
        if row[name] not in levels:
            raise ValueError(f"{name} {row[name]!r}")
        typed[name] = row[name]
    return {**typed, "y": row["y"] == "yes"}


def content_digest(rows: Iterable[Row]) -> str:
    """SHA-256 over the rows' canonical JSON."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()


def blocks_of(rows: Sequence[Row]) -> list[list[Row]]:
    """Calendar months: a new block where `month` changes."""
    blocks: list[list[Row]] = []
    for row in rows:
        if not blocks or blocks[-1][0]["month"] != row["month"]:
            blocks.append([])
        blocks[-1].append(row)
    return blocks


# --- figures: measured once on the public file ---

YEAR_STARTS = (0, 7, 17)  # first block of 2008, 2009, 2010


def measure(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures that `generate` draws from: shares per month block or year, and answer."""
    blocks = blocks_of(rows)
    years = [blocks[a:b] for a, b in zip(YEAR_STARTS, (*YEAR_STARTS[1:], len(blocks)), strict=True)]
    return {
        "source": CITATION,
        "rows": len(rows),
        "blocks": [_block_figures(block) for block in blocks],
        "years": [_year_figures([row for block in year for row in block]) for year in years],
        "education by job": {job: _shares(rows, "education", job=job) for job in LEVELS["job"]},
        "marital by age": [_shares(_of_band(rows, band), "marital") for band in range(len(AGE_BANDS) + 1)],
        "previous by poutcome": {p: _counts(rows, "previous", poutcome=p) for p in LEVELS["poutcome"]},
        "pdays by poutcome": {p: _counts(rows, "pdays", poutcome=p) for p in LEVELS["poutcome"]},
    }


def _block_figures(block: list[Row]) -> dict[str, Any]:
    euribor = [row["euribor3m"] for row in block]
    steps = np.linspace(0, len(block) - 1, min(16, len(block))).astype(int)
    figures: dict[str, Any] = {
        "month": block[0]["month"],
        "rows": len(block),
        "yes": sum(row["y"] for row in block),
        "euribor3m": [euribor[i] for i in steps],
        **{name: block[0][name] for name in MARKET if name != "euribor3m"},
    }
    for name in ("contact", "poutcome", "day_of_week"):
        pooled = np.array(_shares(block, name))
        # Small blocks lean on the block's pooled shares, so that ten rows do not become a law.
        figures[name] = [
            [round(float(s), 4) for s in (np.array(_counts_of(of, name)) + 10 * pooled) / (len(of) + 10)]
            for of in _by_answer(block)
        ]
    return figures


def _year_figures(rows: list[Row]) -> list[dict[str, Any]]:
    """Per answer (no, yes): age quantiles, campaign counts, shares of the person's categories."""
    return [
        {
            "age": [float(q) for q in np.quantile([row["age"] for row in of], np.linspace(0, 1, 41))],
            "campaign": _counts(of, "campaign"),
            **{name: _shares(of, name) for name in ("job", "default")},
            "housing and loan": _pair_shares(of),
        }
        for of in _by_answer(rows)
    ]


def _by_answer(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    return [row for row in rows if not row["y"]], [row for row in rows if row["y"]]


def _of_band(rows: Sequence[Row], band: int) -> list[Row]:
    return [row for row in rows if int(np.searchsorted(AGE_BANDS, row["age"], side="right")) == band]


def _counts_of(rows: Sequence[Row], name: str) -> list[int]:
    seen = Counter(row[name] for row in rows)
    return [seen[level] for level in LEVELS[name]]


def _shares(rows: Sequence[Row], name: str, **where: str) -> list[float]:
    chosen = [row for row in rows if all(row[k] == v for k, v in where.items())]
    return [round(count / max(1, len(chosen)), 4) for count in _counts_of(chosen, name)]


def _pair_shares(rows: Sequence[Row]) -> list[float]:
    seen = Counter((row["housing"], row["loan"]) for row in rows)
    return [round(seen[h, l] / max(1, len(rows)), 4) for h in LEVELS["housing"] for l in LEVELS["loan"]]  # noqa: E741


def _counts(rows: Sequence[Row], name: str, **where: str) -> dict[str, int]:
    """Counts of a number's values; values seen fewer than three times join the nearest smaller frequent one."""
    seen = Counter(int(row[name]) for row in rows if all(row[k] == v for k, v in where.items()))
    kept: dict[str, int] = {}
    last = ""
    for value in sorted(seen):
        if seen[value] >= 3 or not last:
            last = str(value)
        kept[last] = kept.get(last, 0) + seen[value]
    return kept


# --- drawing ---


def generate(count: int, *, seed: int) -> list[Row]:
    """`count` rows in time order, the same for the same seed; block sizes keep the file's proportions."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    sizes = _apportion([block["rows"] for block in figures["blocks"]], count)
    rows: list[Row] = []
    for number, (block, size) in enumerate(zip(figures["blocks"], sizes, strict=True)):
        if size:
            year = figures["years"][sum(number >= start for start in YEAR_STARTS) - 1]
            rows += _draw_block(figures, block, year, size, np.random.default_rng([seed, number]))
    return rows


def _apportion(weights: Sequence[float], total: int) -> list[int]:
    """Whole sizes that sum to `total` in the weights' proportion (largest remainder)."""
    exact = np.array(weights, dtype=float) / sum(weights) * total
    sizes = np.floor(exact).astype(int)
    for index in np.argsort(sizes - exact, kind="stable")[: total - int(sizes.sum())]:
        sizes[index] += 1
    return [int(size) for size in sizes]


def _draw_block(
    figures: dict[str, Any], block: dict[str, Any], year: list[dict[str, Any]], size: int, rng: np.random.Generator
) -> list[Row]:
    answers = rng.random(size) < block["yes"] / block["rows"]
    steps = block["euribor3m"]
    rows: list[Row] = []
    for place, yes in enumerate(answers):
        person, half = year[int(yes)], int(yes)
        age = float(round(float(np.interp(rng.random(), np.linspace(0, 1, 41), person["age"]))))
        job = _pick(rng, LEVELS["job"], person["job"])
        pair = int(_pick(rng, range(9), person["housing and loan"]))
        poutcome = _pick(rng, LEVELS["poutcome"], block["poutcome"][half])
        band = int(np.searchsorted(AGE_BANDS, age, side="right"))
        rows.append(
            {
                "age": age,
                "campaign": float(_pick_count(rng, person["campaign"])),
                "pdays": float(_pick_count(rng, figures["pdays by poutcome"][poutcome])),
                "previous": float(_pick_count(rng, figures["previous by poutcome"][poutcome])),
                **{name: block[name] for name in MARKET},
                "euribor3m": steps[place * len(steps) // size],
                "job": job,
                "marital": _pick(rng, LEVELS["marital"], figures["marital by age"][band]),
                "education": _pick(rng, LEVELS["education"], figures["education by job"][job]),
                "default": _pick(rng, LEVELS["default"], person["default"]),
                "housing": LEVELS["housing"][pair // 3],
                "loan": LEVELS["loan"][pair % 3],
                "contact": _pick(rng, LEVELS["contact"], block["contact"][half]),
                "month": block["month"],
                "day_of_week": _pick(rng, LEVELS["day_of_week"], block["day_of_week"][half]),
                "poutcome": poutcome,
                "y": bool(yes),
            }
        )
    return rows


def _pick(rng: np.random.Generator, levels: Sequence[Any], shares: Sequence[float]) -> Any:
    edges = np.cumsum(shares)
    return levels[min(int(np.searchsorted(edges, rng.random() * edges[-1], side="right")), len(levels) - 1)]


def _pick_count(rng: np.random.Generator, counts: dict[str, int]) -> int:
    return int(_pick(rng, list(counts), list(counts.values())))


# --- clients and time ---


def contacts(rows: Sequence[Row], *, seed: int, until: datetime) -> list[Contact]:
    """Each row becomes a client of one bank; months are laid out backwards from `until` so that the data ends there."""
    blocks = blocks_of(rows)
    ends = _block_ends(blocks, until)
    rng = np.random.default_rng([seed, 1_000])
    banks = list(BANKS.values())
    edges = np.cumsum([bank.weight for bank in banks])
    taken: Counter[str] = Counter()
    result: list[Contact] = []
    for block, end in zip(blocks, ends, strict=True):
        for place, row in enumerate(block):
            bank = banks[int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))]
            taken[bank.id] += 1
            result.append(
                Contact(
                    client=f"{bank.code}-{taken[bank.id]:06d}",
                    bank=bank.id,
                    at=(end - MONTH * (1 - (place + 0.5) / len(block))).replace(microsecond=0),
                    features={name: row[name] for name in FEATURES},
                    yes=row["y"],
                )
            )
    return result


def _block_ends(blocks: Sequence[Sequence[Row]], until: datetime) -> list[datetime]:
    months = [LEVELS["month"].index(block[0]["month"]) for block in blocks]
    ends = [until.astimezone(UTC)]
    for earlier, later in zip(reversed(months[:-1]), reversed(months[1:]), strict=True):
        ends.append(ends[-1] - MONTH * ((later - earlier) % 12 or 12))
    return ends[::-1]
