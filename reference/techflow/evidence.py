"""Measurements as `upheld/evidence/v1` records: counts and log-bucket histograms, whole and in time buckets."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import techflow

GROWTH = 1.02
BUCKET_SECONDS = 10


def cells(seconds: Iterable[float]) -> list[list[float]]:
    """A histogram as [lower, upper, count], buckets (lower, upper] 2 % wide; one edge lies at exactly 1 s."""
    counts = Counter(_number(max(value, 1e-6)) for value in seconds)
    return [[GROWTH ** (i - 1), GROWTH**i, counts[i]] for i in sorted(counts)]


def _number(value: float) -> int:
    """The bucket's number; the value lies at or below its upper edge although logarithms round."""
    number = math.ceil(math.log(value) / math.log(GROWTH) - 1e-9)
    return number if value <= GROWTH**number else number + 1


def quantiles(values: Sequence[float], failures: int) -> dict[str, Any]:
    """The statistic of a latency: all events, those that failed, and the histogram of the others."""
    return {
        "kind": "quantile",
        "unit": "s",
        "n": len(values) + failures,
        "failures": failures,
        "cells": cells(values),
    }


def share(good: int, n: int) -> dict[str, Any]:
    return {"kind": "share", "n": n, "good": good}


def record(indicator: str, statistic: Mapping[str, Any], *, tool: str, **fields: Any) -> dict[str, Any]:
    """One record of the build stage; `fields` are those of the record that are known."""
    return {
        "schema": "upheld/evidence/v1",
        "indicator": indicator,
        "stage": "build",
        **fields,
        "statistic": statistic,
        "producer": {"tool": tool, "version": techflow.__version__},
    }


def write(folder: Path, name: str, document: Mapping[str, Any]) -> Path:
    """Write one record; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def source_digest() -> str:
    """SHA-256 over this package's own files: what was measured, when no subject is given."""
    digest = hashlib.sha256()
    root = Path(techflow.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return f"sha256:{digest.hexdigest()}"
