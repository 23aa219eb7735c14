"""What django-prometheus counts of a request, for those that never see its middleware: the same, by the batch."""

from collections import Counter, deque
from typing import Any, NamedTuple

from django.conf import settings
from django_prometheus.middleware import Metrics

from altis.telemetry.batching import add, taken


class Served(NamedTuple):
    """One answered request. Sizes in bytes; `transport` is http or https."""

    view: str
    method: str
    transport: str
    status: int
    seconds: float
    body: int
    reply: int


waiting: deque[Served] = deque()


def flush() -> None:
    """Tell Prometheus what has been answered since the last time."""
    served = taken(waiting)
    if not served:
        return
    metrics: Any = Metrics.get_instance()
    metrics.requests_total.inc(len(served))
    metrics.responses_total.inc(len(served))
    metrics.responses_by_charset.labels(charset=settings.DEFAULT_CHARSET).inc(len(served))
    add(metrics.requests_latency_before, (one.seconds for one in served))
    add(metrics.requests_body_bytes, (one.body for one in served))
    add(metrics.responses_body_bytes, (one.reply for one in served))
    for (view, method, transport, status), count in Counter(one[:4] for one in served).items():
        named = {"view": view, "method": method}
        metrics.requests_by_method.labels(method=method).inc(count)
        metrics.requests_by_transport.labels(transport=transport).inc(count)
        metrics.requests_by_view_transport_method.labels(**named, transport=transport).inc(count)
        metrics.responses_by_status.labels(status=str(status)).inc(count)
        metrics.responses_by_status_view_method.labels(**named, status=str(status)).inc(count)
    for view, method in {one[:2] for one in served}:
        seconds = (one.seconds for one in served if one[:2] == (view, method))
        add(metrics.requests_latency_by_view_method.labels(view=view, method=method), seconds)
