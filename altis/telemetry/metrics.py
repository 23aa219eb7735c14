"""Every metric of the engine; no other module declares one. Labels never carry ids or personal data."""

from prometheus_client import Counter, Gauge, Histogram

from altis.telemetry.batching import Batch

_MILLISECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)

offer_generation = Batch(
    Histogram(
        "altis_offer_generation_seconds", "Making the offers of one search, storing included", buckets=_MILLISECONDS
    )
)
order_creation = Histogram(
    "altis_order_creation_seconds", "Accepting one offer, commit included", buckets=_MILLISECONDS
)
pricing = Batch(Histogram("altis_pricing_seconds", "Pricing the candidates of one search", buckets=_MILLISECONDS))
gateway = Histogram("altis_gateway_seconds", "One call to the payment gateway", ["call"], buckets=_SECONDS)

rate_limited = Counter("altis_rate_limited_total", "Requests refused by a rate limit", ["class"])
lane = Counter(
    "altis_lane_requests_total",
    "Requests to operations of the short lane: answered by it, or left to Django",
    ["outcome"],
)
gate_drift = Counter(
    "altis_gate_drift_total",
    "Inventories whose gate was found wrong: behind the ledger, ahead of a restored one, unreadable, mended by hand",
    ["kind"],
)
gate_bypassed = Counter("altis_gate_bypassed_total", "Accepts that went on without the inventory gate")

# Set by the relay that leads; of several processes the one that spoke last is right.
outbox_waiting = Gauge("altis_outbox_waiting", "Events that wait for Kafka", multiprocess_mode="mostrecent")
outbox_oldest = Gauge("altis_outbox_oldest_seconds", "Age of the oldest of them", multiprocess_mode="mostrecent")
outbox_parked = Gauge("altis_outbox_parked", "Events that Kafka refused for good", multiprocess_mode="mostrecent")

projected_events = Counter(
    "altis_projected_events_total",
    "Events that reached the projections: applied, repeated, stray",
    ["source", "outcome"],
)
projection_delay = Gauge(
    "altis_projection_delay_seconds",
    "Age of the newest event when it was last projected from a topic",
    multiprocess_mode="mostrecent",
)
projection_lag = Gauge(
    "altis_projection_lag_events",
    "Outbox positions past the projections' checkpoint, which is a minute behind by design",
    multiprocess_mode="mostrecent",
)

# Set by the worker that checked last; the scope is `recent` or `everything`.
invariant_violations = Gauge(
    "altis_invariant_violations",
    "Things that contradict an invariant; 0 when it holds",
    ["invariant", "scope"],
    multiprocess_mode="mostrecent",
)
invariants_checked = Gauge(
    "altis_invariants_checked_timestamp_seconds",
    "When the invariants were last checked",
    ["scope"],
    multiprocess_mode="mostrecent",
)
