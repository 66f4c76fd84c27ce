"""What a thing was when somebody saw it: hashes of promises, bindings and indicators.

A link, a sign-off and a piece of evidence carry the fingerprint of what they saw. When it no longer equals the present
one, the other end has changed since: the link is suspect, the sign-off or the evidence stale.
"""

import hashlib
import json
from collections.abc import Iterable

from upheld.core.criterion import Binding, Criterion, Indicator, Stage


def _digest(*parts: object) -> str:
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    ).hexdigest()


def indicator_hash(indicator: Indicator, stage: Stage) -> str:
    """16 hex digits of what an indicator means at one stage: its kind, unit and where that stage finds it."""
    return _digest(indicator.name, indicator.kind.value, indicator.unit.name, indicator.sources.get(stage, ""))[:16]


def promise_hash(criterion: Criterion) -> str:
    """16 hex digits of the promise: the sentence, the resolved indicator and the customers it is made to."""
    sources = sorted((stage.value, source) for stage, source in criterion.indicator.sources.items())
    indicator = (criterion.indicator.name, criterion.indicator.kind.value, criterion.indicator.unit.name, sources)
    return _digest(str(criterion.sentence), indicator, sorted(criterion.customers))[:16]


def binding_hash(binding: Binding) -> str:
    """16 hex digits of how one stage evaluates a criterion."""
    return _digest(
        binding.stage.value, binding.rule.value if binding.rule else "", binding.environment, binding.duration,
        binding.subject, binding.max_age, binding.at_least, binding.per, str(binding.no_worse_than or ""),
        str(binding.confidence or ""), str(binding.load or ""),
    )[:16]  # fmt: skip


def text_hash(title: str, body: str, promises: Iterable[str]) -> str:
    """8 hex digits of the normative part of an item: title, text and promises, white space folded.

    Links carry it as `seen`.
    """
    return _digest(" ".join(title.split()), " ".join(body.split()), sorted(promises))[:8]
