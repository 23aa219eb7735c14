"""Every metric of the engine; no other module declares one. Labels never carry ids or personal data."""

from prometheus_client import Counter, Histogram

_MILLISECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)

offer_generation = Histogram(
    "altis_offer_generation_seconds", "Making the offers of one search, storing included", buckets=_MILLISECONDS
)
order_creation = Histogram(
    "altis_order_creation_seconds", "Accepting one offer, commit included", buckets=_MILLISECONDS
)
pricing = Histogram("altis_pricing_seconds", "Pricing the candidates of one search", buckets=_MILLISECONDS)
gateway = Histogram("altis_gateway_seconds", "One call to the payment gateway", ["call"], buckets=_SECONDS)

rate_limited = Counter("altis_rate_limited_total", "Requests refused by a rate limit", ["class"])
gate_bypassed = Counter("altis_gate_bypassed_total", "Accepts that went on without the inventory gate")
