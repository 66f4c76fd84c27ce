"""Durations of spans, from OTLP/JSON traces: one object, or one a line as the collector's file exporter writes them."""

import json
from collections.abc import Iterator, Mapping, Sequence

ERROR = (2, "2", "STATUS_CODE_ERROR")
Durations = dict[str, list[float]]


def looks_like(head: str) -> bool:
    """Whether a file begins as traces do."""
    return head.lstrip().startswith("{") and '"resourceSpans"' in head


def durations(text: str) -> Durations:
    """Seconds of every span that did not fail, by its name; LookupError for what is no trace."""
    found: Durations = {}
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        try:
            documents = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError as error:
            raise LookupError(f"is no JSON: {error.msg} at line {error.lineno}") from None
    for span in (span for document in documents for span in _spans(document)):
        status = span.get("status")
        if isinstance(status, Mapping) and status.get("code") in ERROR:
            continue  # how long it would have taken is not known
        try:
            seconds = (int(str(span["endTimeUnixNano"])) - int(str(span["startTimeUnixNano"]))) / 1e9
        except (KeyError, TypeError, ValueError):
            raise LookupError(
                f'has a span "{span.get("name")}" without startTimeUnixNano and endTimeUnixNano'
            ) from None
        if seconds < 0:
            raise LookupError(f'has a span "{span.get("name")}" that ends before it starts')
        found.setdefault(str(span.get("name", "")), []).append(seconds)
    return found


def _spans(document: object) -> Iterator[Mapping[str, object]]:
    for resource in _list(document, "resourceSpans"):
        for scope in _list(resource, "scopeSpans"):
            for span in _list(scope, "spans"):
                if isinstance(span, Mapping):
                    yield span


def _list(tree: object, name: str) -> Sequence[object]:
    inside = tree.get(name) if isinstance(tree, Mapping) else None
    return inside if isinstance(inside, list) else ()
