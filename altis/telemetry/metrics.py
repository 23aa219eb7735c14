"""Every metric of the engine; no other module declares one. Labels never carry ids or personal data."""

from prometheus_client import Counter, Gauge, Histogram

_MILLISECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)

offer_generation = Histogram(
    "altis_offer_generation_seconds", "Making the offers of one search, storing included", buckets=_MILLISECONDS
)
order_creation = Histogram(
    "altis_order_creation_seconds", "Accepting one offer, commit included", buckets=_MILLISECONDS
)
pricing = Histogram("altis_pricing_seconds", "Pricing the candidates of one search", buckets=_MILLISECONDS)
gateway = Histogram("altis_gateway_seconds", "One call to the payment gateway", ["call", "outcome"], buckets=_SECONDS)

orders_moved = Counter("altis_orders_moved_total", "Orders moved to a status", ["to"])
rate_limited = Counter("altis_rate_limited_total", "Requests refused by a rate limit", ["class"])
gate_bypassed = Counter("altis_gate_bypassed_total", "Accepts that went on without the inventory gate")

outbox_waiting = Gauge(
    "altis_outbox_waiting", "Events that Kafka has not confirmed yet", multiprocess_mode="mostrecent"
)
inventory_drift = Gauge(
    "altis_inventory_drift",
    "Inventory ids whose gate differed from the ledger at the last reconciliation",
    multiprocess_mode="mostrecent",
)
