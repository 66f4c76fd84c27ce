"""The two-tier answer: a fresh fast score with its reasons, beside the newest precomputed full analysis.

`compose` is pure: the same inputs and model give the same bytes. The inputs are the audit record, so any answer can be
replayed.
"""

import json
from collections.abc import Mapping
from typing import Any

from techflow.model import REASONS_VERSION, Model


def compose(inputs: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """The answer to one request, from its recorded inputs."""
    score = model.score(inputs["features"])
    low, high, n = model.confidence(score.probability)
    late = sorted(feed for feed, told in inputs["sources"].items() if told["state"] != "fresh")
    missing = sorted(name for name, value in inputs["features"].items() if value is None)
    because = [f"{feed} is {inputs['sources'][feed]['state']}" for feed in late]
    because += [f"{name} is not known" for name in missing]
    if high - low > 0.2:
        because.append("clients scored like this one differed widely")
    if not score.additive:
        because.append("the explanation does not add up and is not valid")
    return {
        "schema": "techflow/insight/v1",
        "id": inputs["id"],
        "at": inputs["at"],
        "bank": inputs["bank"],
        "client": inputs["client"],
        "score": round(score.probability, 6),
        "log_odds": score.log_odds,
        "base": score.base,
        "contributions": score.contributions,
        "explanation": {"valid": score.additive, "method": "native contributions", "codes": REASONS_VERSION},
        "reasons": score.reasons(),
        "confidence": {
            "level": ("high", "medium", "low")[min(2, len(because))],
            "rate": [round(low, 4), round(high, 4)],
            "n": n,
            "because": because,
        },
        "as_of": inputs["sources"],
        "stale": late,
        "analysis": _analysis(inputs),
        "model": {"version": model.version, "digest": model.digest},
        "release": inputs["release"],
    }


def _analysis(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """How the full analysis stands: fresh or stale with its figures, else pending."""
    made = inputs["analysis"]
    if made is None:
        return {"state": "pending", "text": "analysis pending"}
    age = inputs["clock"] - made["at"]
    return {
        "state": "fresh" if age <= inputs["fresh_seconds"] else "stale",
        "id": made["id"],
        "age": round(age, 1),
        "paths": made["paths"],
        "scenarios": made["scenarios"],
        "contact": made["contact"],
    }


def summary(made: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What an answer says of a full analysis: per scenario the chance of running dry and final wealth with their SE."""
    if made is None:
        return None
    result = made["result"]
    return {
        "id": made["id"],
        "at": made["at"],
        "paths": result["paths"],
        "scenarios": [
            {
                "name": scenario["name"],
                "runs dry": scenario["runs dry"]["value"],
                "se": scenario["runs dry"]["se"],
                "wealth": scenario["wealth"]["value"],
                "wealth se": scenario["wealth"]["se"],
            }
            for scenario in result["scenarios"]
        ],
        "contact": result["contact"][0],
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """The bytes of a document; equal documents have equal bytes."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def complete(answer: Mapping[str, Any]) -> bool:
    """Whether an answer has what was promised: score, reasons and an as-of per source."""
    return bool(answer.get("score") is not None and answer.get("reasons") and answer.get("as_of"))
