"""The model: gradient boosting on what is known before the call, calibrated, signed, and explained on every answer.

Scores are log-odds. The booster's own additive contributions, times the calibration's slope, sum to the calibrated
log-odds; that sum is checked on every answer. A model file that is unsigned, altered or not the pinned one is refused.
"""

import base64
import hashlib
import json
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from techflow.campaign import FEATURES, LEVELS, NUMBERS, Row

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TRAINED, CALIBRATED = 0.7, 0.8  # time order: first 70 % fit the trees, the next 10 % the calibration, the rest test
TREES = 60
PARAMETERS = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.06, "min_data_in_leaf": 30, "seed": 1, "verbose": -1,
    "num_threads": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
TOLERANCE = 1e-6  # how far attributions may be from the score, in log-odds
REMEMBERED = 4_096  # scores kept for features that come again
BANDS = 10  # score bands whose observed rate gives an answer's confidence

REASONS_VERSION = "1"
REASONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "R1": ("market conditions", "today's interest rate, prices and employment",
           ("emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed")),
    "R2": ("earlier campaigns", "how the last contact with this client went", ("poutcome", "pdays", "previous")),
    "R3": ("this contact", "channel, season and number of calls", ("contact", "month", "day_of_week", "campaign")),
    "R4": ("stage of life", "age and family", ("age", "marital")),
    "R5": ("work and education", "occupation and education", ("job", "education")),
    "R6": ("existing credit", "mortgage, loan and arrears", ("housing", "loan", "default")),
}  # fmt: skip


class ModelRefused(Exception):
    """The model file is unsigned, altered, or not the pinned one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """One score and why: probability, calibrated log-odds, base value and a contribution per feature."""

    probability: float
    log_odds: float
    base: float
    contributions: dict[str, float]
    additive: bool

    def reasons(self, most: int = 4) -> list[dict[str, Any]]:
        """The strongest groups of contributions, by size; each with its code, text and direction."""
        grouped = {code: sum(self.contributions[name] for name in group) for code, (_, _, group) in REASONS.items()}
        strongest = sorted(grouped, key=lambda code: (-abs(grouped[code]), code))[:most]
        return [
            {
                "code": code,
                "text": f"{REASONS[code][0]}: {REASONS[code][1]}",
                "effect": "raises" if grouped[code] > 0 else "lowers",
                "contribution": round(grouped[code], 6),
            }
            for code in strongest
        ]


def encode(features: Row) -> list[float]:
    """The features as numbers, in the order of `FEATURES`; what is missing is NaN."""
    vector = [math.nan if features.get(name) is None else float(features[name]) for name in NUMBERS]
    for name, levels in LEVELS.items():
        value = features.get(name)
        vector.append(float(levels.index(value)) if value in levels else math.nan)
    return vector


def matrix(rows: Sequence[Row]) -> Matrix:
    """All rows encoded."""
    return np.array([encode(row) for row in rows], dtype=float)


class Model:
    """A loaded model."""

    def __init__(self, document: dict[str, Any], digest: str) -> None:
        self.document = document
        self.digest = digest
        self.version = f"{document['version']}-{digest[:8]}"
        self.slope = float(document["slope"])
        self.intercept = float(document["intercept"])
        self._booster = lightgbm.Booster(model_str=document["booster"])
        # Advisers ask for the same clients again and again, and most features change once a day.
        self._known: OrderedDict[tuple[float, ...], Score] = OrderedDict()

    def score(self, features: Row) -> Score:
        """Score one client, with contributions and the additivity check; the same features are computed once."""
        key = tuple(encode(features))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self.compute(key)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    def compute(self, features: tuple[float, ...]) -> Score:
        """Score encoded features, whether they are known or not."""
        vector = np.array([features])
        parts = np.asarray(self._booster.predict(vector, pred_contrib=True, num_threads=1))[0]
        raw = float(np.asarray(self._booster.predict(vector, raw_score=True, num_threads=1))[0])
        log_odds = self.slope * raw + self.intercept
        base = self.slope * float(parts[-1]) + self.intercept
        contributions = {name: self.slope * float(part) for name, part in zip(FEATURES, parts[:-1], strict=True)}
        return Score(
            probability=0.5 * (1 + math.tanh(log_odds / 2)),
            log_odds=log_odds,
            base=base,
            contributions=contributions,
            additive=abs(base + sum(contributions.values()) - log_odds) < TOLERANCE,
        )

    def probabilities(self, rows: Matrix) -> Matrix:
        """Calibrated probabilities of many rows."""
        raw = np.asarray(self._booster.predict(rows, raw_score=True, num_threads=1))
        return logistic(self.slope * raw + self.intercept)

    def confidence(self, probability: float) -> tuple[float, float, int]:
        """What happened to clients scored like this one in the calibration period: 90 % interval of the rate, and n."""
        bands = self.document["bands"]
        band = next((band for band in bands if probability <= band["up_to"]), bands[-1])
        return band["low"], band["high"], band["n"]


# --- training ---


def train(rows: Sequence[Row], *, source: str) -> bytes:
    """Fit trees and calibration on the first 80 % of time and give the model file's bytes; the rest is never seen."""
    features, answers = matrix(rows), np.array([row["y"] for row in rows], dtype=bool)
    first, second = int(len(rows) * TRAINED), int(len(rows) * CALIBRATED)
    data = lightgbm.Dataset(
        features[:first],
        label=answers[:first].astype(float),
        feature_name=[name.replace(".", "_") for name in FEATURES],
        free_raw_data=True,
    )
    booster = lightgbm.train(PARAMETERS, data, num_boost_round=TREES)
    raw = np.asarray(booster.predict(features[first:second], raw_score=True, num_threads=1))
    slope, intercept = platt(raw, answers[first:second])
    document = {
        "schema": "techflow/model/v1",
        "version": "1",
        "source": source,
        "rows": {"trained": first, "calibrated": second - first, "kept for test": len(rows) - second},
        "features": list(FEATURES),
        "reasons": REASONS_VERSION,
        "slope": slope,
        "intercept": intercept,
        "bands": _bands(logistic(slope * raw + intercept), answers[first:second]),
        "booster": booster.model_to_string(),
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False).encode()


def platt(raw: Matrix, answers: Flags) -> tuple[float, float]:
    """Slope and intercept of the logistic calibration, by damped Newton steps with Platt's smoothed targets (1999)."""
    positive, negative = int(answers.sum()), int((~answers).sum())
    target = np.where(answers, (positive + 1) / (positive + 2), 1 / (negative + 2))
    centre = float(raw.mean())
    design = np.column_stack([raw - centre, np.ones_like(raw)])

    def loss(at: Matrix) -> float:
        return float(np.sum(np.logaddexp(0, design @ at) - target * (design @ at)))

    beta = np.array([1.0, math.log((positive + 1) / (negative + 1))])
    for _ in range(100):
        fitted = logistic(design @ beta)
        hessian = design.T @ (design * (fitted * (1 - fitted))[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, design.T @ (target - fitted))
        while loss(beta + step) > loss(beta) and float(np.abs(step).max()) > 1e-12:
            step /= 2
        beta = beta + step
        if float(np.abs(step).max()) < 1e-10:
            break
    # A slope below zero says that the score carried nothing in the calibration period: keep its order, hardly spread.
    slope = max(0.05, float(beta[0]))
    return slope, float(beta[1]) - slope * centre


def logistic(log_odds: Matrix) -> Matrix:
    """Probabilities; far log-odds do not overflow."""
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)))


def _bands(scores: Matrix, answers: Flags) -> list[dict[str, float | int]]:
    """Observed rates of equally filled score bands with Wilson's 90 % interval."""
    order = np.argsort(scores, kind="stable")
    bands: list[dict[str, float | int]] = []
    for part in np.array_split(order, BANDS):
        n, share, z = len(part), float(answers[part].mean()), 1.645
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        top = float(scores[part].max())
        bands.append(
            {"up_to": top, "n": n, "rate": share, "low": max(0.0, middle - half), "high": min(1.0, middle + half)}
        )
    bands[-1]["up_to"] = 1.0
    return bands


# --- files: signed, pinned ---


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def make_key(folder: Path) -> Ed25519PrivateKey:
    """The signing key of this installation; made at the first use, readable by the owner only."""
    path = folder / "model.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        path.touch(mode=0o600)
        path.write_bytes(key.private_bytes_raw())
        (folder / "model.pub").write_bytes(key.public_key().public_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def write(content: bytes, folder: Path, key: Ed25519PrivateKey) -> str:
    """Write `DIGEST.json` and its signature, and pin it as the current model; the digest."""
    digest = digest_of(content)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{digest}.json").write_bytes(content)
    (folder / f"{digest}.json.sig").write_bytes(base64.b64encode(key.sign(content)))
    (folder / "pinned").write_text(digest)
    return digest


def load(folder: Path, public_key: Ed25519PublicKey, digest: str | None = None) -> Model:
    """The pinned model, or the one with this digest; ModelRefused says what is wrong with the file."""
    wanted = digest or (folder / "pinned").read_text().strip()
    path = folder / f"{wanted}.json"
    try:
        content, signature = path.read_bytes(), (folder / f"{wanted}.json.sig").read_bytes()
    except FileNotFoundError as error:
        raise ModelRefused(f"{error.filename}: missing; a model is loaded only with its signature") from None
    if digest_of(content) != wanted:
        raise ModelRefused(f"{path.name}: the content has digest {digest_of(content)[:12]}…, pinned is {wanted[:12]}…")
    try:
        public_key.verify(base64.b64decode(signature), content)
    except (InvalidSignature, ValueError):
        raise ModelRefused(f"{path.name}: the signature is not by this installation's key") from None
    return Model(json.loads(content), wanted)


def read_public_key(folder: Path) -> Ed25519PublicKey:
    """The key that model files must be signed with."""
    return Ed25519PublicKey.from_public_bytes((folder / "model.pub").read_bytes())
