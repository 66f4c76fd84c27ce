"""Metrics and spans over OTLP/HTTP in its JSON form, when OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

One histogram, `http.server.request.duration`, by customer, route, status and version; one span a request, sampled.
"""

import json
import secrets
import threading
import time
import urllib.request
from bisect import bisect_left
from typing import Any

from techflow.log import log

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
EVERY_SECONDS = 10.0
MOST_SPANS = 512  # an interval; further ones are counted in the histogram only
Labels = tuple[str, str, int, str]  # customer, route, status, version


class Telemetry:
    """Counts requests and sends them out in its own thread; does nothing without an endpoint."""

    def __init__(self, endpoint: str | None, *, version: str) -> None:
        self.endpoint = endpoint.rstrip("/") if endpoint else None
        self.version = version
        self.started = time.time_ns()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._counts: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}
        self._spans: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)

    def start(self) -> None:
        if self.endpoint:
            self._thread.start()

    def observe(self, labels: Labels, seconds: float, parent: str | None = None) -> None:
        """One finished request; `parent` is its W3C traceparent."""
        with self._lock:
            counts = self._counts.setdefault(labels, [0] * (len(BOUNDS) + 1))
            counts[bisect_left(BOUNDS, seconds)] += 1
            self._sums[labels] = self._sums.get(labels, 0.0) + seconds
            if self.endpoint and len(self._spans) < MOST_SPANS:
                self._spans.append(_span(labels, seconds, parent))

    def metrics(self) -> dict[str, Any]:
        """All series so far as an OTLP ExportMetricsServiceRequest; cumulative."""
        now = str(time.time_ns())
        with self._lock:
            points = [
                {
                    "attributes": _attributes(labels),
                    "startTimeUnixNano": str(self.started),
                    "timeUnixNano": now,
                    "count": str(sum(counts)),
                    "sum": self._sums[labels],
                    "bucketCounts": [str(count) for count in counts],
                    "explicitBounds": list(BOUNDS),
                }
                for labels, counts in self._counts.items()
            ]
        histogram = {"aggregationTemporality": 2, "dataPoints": points}
        metric = {"name": "http.server.request.duration", "unit": "s", "histogram": histogram}
        scope = {"scope": {"name": "techflow"}, "metrics": [metric]}
        return {"resourceMetrics": [{"resource": self._resource(), "scopeMetrics": [scope]}]}

    def spans(self) -> dict[str, Any]:
        """The spans since the last call as an OTLP ExportTraceServiceRequest."""
        with self._lock:
            spans, self._spans = self._spans, []
        return {
            "resourceSpans": [
                {"resource": self._resource(), "scopeSpans": [{"scope": {"name": "techflow"}, "spans": spans}]}
            ]
        }

    def _resource(self) -> dict[str, Any]:
        return {"attributes": [_text("service.name", "techflow"), _text("service.version", self.version)]}

    def _run(self) -> None:
        failing = False
        while not self._stop.wait(EVERY_SECONDS):
            sent = self._send()
            if not sent and not failing:  # told once an outage
                log("telemetry.unreachable", endpoint=self.endpoint)
            failing = not sent

    def _send(self) -> bool:
        try:
            for path, document in (("/v1/metrics", self.metrics()), ("/v1/traces", self.spans())):
                request = urllib.request.Request(
                    f"{self.endpoint}{path}", json.dumps(document).encode(), {"Content-Type": "application/json"}
                )
                urllib.request.urlopen(request, timeout=5).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """Send what is left."""
        self._stop.set()
        if self.endpoint and self._thread.is_alive():
            self._thread.join(timeout=6)
            self._send()


def _span(labels: Labels, seconds: float, parent: str | None) -> dict[str, Any]:
    end = time.time_ns()
    parts = (parent or "").split("-")
    trace, over = (parts[1], parts[2]) if len(parts) == 4 and len(parts[1]) == 32 else (secrets.token_hex(16), "")
    return {
        "traceId": trace,
        "spanId": secrets.token_hex(8),
        "parentSpanId": over,
        "name": labels[1],
        "kind": 2,
        "startTimeUnixNano": str(end - int(seconds * 1e9)),
        "endTimeUnixNano": str(end),
        "attributes": _attributes(labels),
        "status": {"code": 2 if labels[2] >= 500 else 0},
    }


def _attributes(labels: Labels) -> list[dict[str, Any]]:
    customer, route, status, version = labels
    return [
        _text("customer", customer),
        _text("http.route", route),
        {"key": "http.response.status_code", "value": {"intValue": str(status)}},
        _text("app.version", version),
    ]


def _text(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}
