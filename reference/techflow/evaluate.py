"""How good the model is on the time after its training: AUC, worst segment, calibration, inference time."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from techflow.campaign import Row
from techflow.model import CALIBRATED, Flags, Matrix, Model, encode, matrix

SMALLEST = 25  # a segment needs this many of either answer
Z = 1.6448536269514722  # one-sided 95 %


def auc(scores: Matrix, answers: Flags) -> tuple[float, float]:
    """AUC and its standard error (DeLong, DeLong, Clarke-Pearson 1988, by midranks as Sun and Xu 2014)."""
    good, bad = scores[answers], scores[~answers]
    m, n = len(good), len(bad)
    if m < 2 or n < 2:
        raise ValueError(f"AUC needs two of either answer, got {m} and {n}")
    ranks = midranks(np.concatenate([good, bad]))
    over_bad = (ranks[:m] - midranks(good)) / n  # share of bad ones below each good one
    over_good = 1 - (ranks[m:] - midranks(bad)) / m
    return float(over_bad.mean()), math.sqrt(float(over_bad.var(ddof=1)) / m + float(over_good.var(ddof=1)) / n)


def midranks(values: Matrix) -> Matrix:
    """Ranks from 1; equal values share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[inverse])


def evaluate(
    model: Model,
    rows: Sequence[Row],
    *,
    target: float,
    shuffle: int | None = None,
    timer: Callable[[], float] = time.perf_counter,
    timed: int = 500,
) -> dict[str, Any]:
    """The model on the last 20 % of time. `shuffle` mixes the answers with this seed: then nothing must be met."""
    tested = list(rows[int(len(rows) * CALIBRATED) :])
    features, answers = matrix(tested), np.array([row["y"] for row in tested], dtype=bool)
    if shuffle is not None:
        answers = np.random.default_rng(shuffle).permutation(answers)
    scores = model.probabilities(features)
    value, error = auc(scores, answers)
    took, additive = [], 0
    for row in tested[:timed]:
        start = timer()
        additive += model.compute(tuple(encode(row))).additive
        took.append(timer() - start)
    return {
        "schema": "techflow/evaluation/v1",
        "model": model.digest,
        "source": model.document["source"],
        "rows": len(tested),
        "yes": int(answers.sum()),
        "shuffled": shuffle is not None,
        "auc": {"value": value, "se": error, "low": value - Z * error, "high": value + Z * error, "target": target,
                "verdict": verdict(value, error, target)},
        "worst segment": worst_segment(tested, scores, answers),
        "calibration": calibration(scores, answers),
        "explanations": {"checked": len(took), "additive": additive},
        "inference": {"n": len(took), "p95 s": float(np.quantile(took, 0.95, method="inverted_cdf")), "seconds": took},
    }  # fmt: skip


def verdict(value: float, error: float, target: float) -> str:
    """Met when the lower 95 % bound reaches the target, not met when the upper one misses it, else inconclusive."""
    if value - Z * error >= target:
        return "met"
    return "not met" if value + Z * error < target else "inconclusive"


def worst_segment(rows: Sequence[Row], scores: Matrix, answers: Flags) -> dict[str, Any] | None:
    """The segment (job, education, marital state, age band) with the lowest AUC among those large enough."""
    worst: dict[str, Any] | None = None
    segments = {name: np.array([row[name] for row in rows]) for name in ("job", "education", "marital", "contact")}
    segments["age"] = np.array([f"{int(row['age'] // 10 * 10)}s" for row in rows])
    for name, labels in segments.items():
        for label in np.unique(labels):
            where = labels == label
            if min(int(answers[where].sum()), int((~answers[where]).sum())) < SMALLEST:
                continue
            value, error = auc(scores[where], answers[where])
            if worst is None or value < worst["auc"]:
                worst = {"segment": f"{name} {label}", "n": int(where.sum()), "auc": value, "se": error}
    return worst


def calibration(scores: Matrix, answers: Flags, bands: int = 10) -> dict[str, float]:
    """Mean distance of predicted and observed rate over equally filled bands, and observed over expected."""
    order = np.argsort(scores, kind="stable")
    gaps = [
        len(part) * abs(float(scores[part].mean()) - float(answers[part].mean()))
        for part in np.array_split(order, bands)
        if len(part)
    ]
    return {
        "error": sum(gaps) / len(scores),
        "observed over expected": float(answers.sum() / scores.sum()),
        "brier": float(np.mean((scores - answers) ** 2)),
    }
