"""What django-prometheus counts of a request, by the batch: of those that never see its middleware, and of the others.

See altis.telemetry.middleware for the others.
"""

from collections import Counter, deque
from typing import Any, NamedTuple

from django_prometheus.middleware import Metrics

from altis.telemetry.batching import add, taken


class Served(NamedTuple):
    """One answered request. Sizes in bytes, None for a reply of unknown size; `transport` is http or https."""

    view: str
    method: str
    transport: str
    status: int
    seconds: float
    body: int
    reply: int | None
    charset: str = "utf-8"
    routed: bool = True  # a view was found
    alone: bool = True  # no other middleware was there, so this is all that is known of the request


waiting: deque[Served] = deque()
begun: deque[None] = deque()  # requests that came, of those with middleware
ended: deque[float] = deque()  # and how many seconds each took


def flush() -> None:
    """Tell Prometheus what has been asked and answered since the last time."""
    served = taken(waiting)
    alone = [one.seconds for one in served if one.alone]
    came, went = len(taken(begun)) + len(alone), taken(ended) + alone
    metrics: Any = Metrics.get_instance() if came or went or served else None
    if came:
        metrics.requests_total.inc(came)
    if went:
        metrics.responses_total.inc(len(went))
        add(metrics.requests_latency_before, went)
    if served:
        _tell_views(metrics, served)


def _tell_views(metrics: Any, served: list[Served]) -> None:
    add(metrics.requests_body_bytes, (one.body for one in served))
    add(metrics.responses_body_bytes, (one.reply for one in served if one.reply is not None))
    for charset, count in Counter(one.charset for one in served).items():
        metrics.responses_by_charset.labels(charset=charset).inc(count)
    for (view, method, transport, status, routed), count in Counter((*one[:4], one.routed) for one in served).items():
        named = {"view": view, "method": method}
        metrics.requests_by_method.labels(method=method).inc(count)
        metrics.requests_by_transport.labels(transport=transport).inc(count)
        if routed:
            metrics.requests_by_view_transport_method.labels(**named, transport=transport).inc(count)
        metrics.responses_by_status.labels(status=str(status)).inc(count)
        metrics.responses_by_status_view_method.labels(**named, status=str(status)).inc(count)
    for view, method in {one[:2] for one in served}:
        seconds = (one.seconds for one in served if one[:2] == (view, method))
        add(metrics.requests_latency_by_view_method.labels(view=view, method=method), seconds)
